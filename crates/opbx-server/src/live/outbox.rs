//! What waits to be sent over one socket: bounded, so that a client that does not take it costs nobody but itself.

use super::ending::Ending;
use axum::extract::ws::Utf8Bytes;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// The most messages that wait.
const MOST_FRAMES: usize = 2_000;
/// The most bytes that wait.
const MOST_BYTES: usize = 1024 * 1024;

/// The messages for one socket. Anyone puts them in; only the task of the socket takes them out.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    queue: Mutex<Queue>,
    /// There is something to be sent.
    filled: Notify,
    /// It is to be closed.
    ended: Notify,
}

#[derive(Debug, Default)]
struct Queue {
    frames: VecDeque<Utf8Bytes>,
    bytes: usize,
    ending: Option<Ending>,
}

impl Outbox {
    /// Adds a message. Where there is no place for it the client is too slow, and is to be dropped.
    pub(super) fn push(&self, frame: Utf8Bytes) {
        let mut queue = self.queue();
        if queue.ending.is_some() {
            return;
        }
        if queue.frames.len() >= MOST_FRAMES || queue.bytes + frame.len() > MOST_BYTES {
            // It has not taken them until now: there is no use in offering them.
            *queue = Queue { ending: Some(Ending::Slow), ..Queue::default() };
            drop(queue);
            self.filled.notify_one();
            self.ended.notify_one();
            return;
        }
        queue.bytes += frame.len();
        queue.frames.push_back(frame);
        drop(queue);
        self.filled.notify_one();
    }

    /// The socket is to be closed once what waits has been sent. The first reason counts.
    pub(super) fn end(&self, ending: Ending) {
        let mut queue = self.queue();
        if queue.ending.is_none() {
            queue.ending = Some(ending);
        }
        drop(queue);
        self.filled.notify_one();
        self.ended.notify_one();
    }

    /// Returns when there is something to be sent, or the socket to be closed.
    pub(super) async fn wait(&self) {
        loop {
            {
                let queue = self.queue();
                if !queue.frames.is_empty() || queue.ending.is_some() {
                    return;
                }
            }
            self.filled.notified().await;
        }
    }

    /// Returns when the socket is to be closed.
    pub(super) async fn wait_for_end(&self) -> Ending {
        loop {
            if let Some(ending) = self.ending() {
                return ending;
            }
            self.ended.notified().await;
        }
    }

    /// Everything that waits, and why the socket is to be closed after it, if it is.
    pub(super) fn take(&self) -> (VecDeque<Utf8Bytes>, Option<Ending>) {
        let mut queue = self.queue();
        queue.bytes = 0;
        (std::mem::take(&mut queue.frames), queue.ending)
    }

    /// Whether the socket is to be closed.
    pub(super) fn is_ending(&self) -> bool {
        self.ending().is_some()
    }

    fn ending(&self) -> Option<Ending> {
        self.queue().ending
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_taken_ends_the_socket() {
        let (many, large) = (Outbox::default(), Outbox::default());
        for _ in 0..MOST_FRAMES {
            many.push("a".into());
        }
        assert_eq!(many.ending(), None);
        many.push("a".into());
        assert_eq!(many.ending(), Some(Ending::Slow));
        large.push("a".repeat(MOST_BYTES).into());
        assert_eq!(large.ending(), None);
        large.push("a".into());
        let (frames, ending) = large.take();
        assert_eq!((frames.len(), ending), (0, Some(Ending::Slow)));
    }

    #[test]
    fn the_first_reason_counts_and_what_waits_comes_before_it() {
        let outbox = Outbox::default();
        outbox.push("a".into());
        outbox.end(Ending::Stopping);
        outbox.end(Ending::Unused);
        outbox.push("b".into());
        let (frames, ending) = outbox.take();
        assert_eq!((frames.len(), ending), (1, Some(Ending::Stopping)));
    }
}
