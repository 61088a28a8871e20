//! Clients that go away before their answer has come, or send a body that never ends.

use axum::body::{Body, Bytes};
use http_body::Frame;
use std::convert::Infallible;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

/// Polls a future so often at most, and lets it go then: as a server does when whoever asked has gone away.
pub(crate) async fn polled<F: Future>(future: F, mut most: usize) -> Option<F::Output> {
    let mut future = pin!(future);
    std::future::poll_fn(|context| {
        most -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if most == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// A body that begins somehow and never ends.
pub(crate) struct Endless {
    beginning: Option<Bytes>,
    asked: Arc<AtomicBool>,
}

impl Endless {
    /// The body, and whether anyone has asked for it.
    pub(crate) fn beginning(with: &str) -> (Body, Arc<AtomicBool>) {
        let asked = Arc::<AtomicBool>::default();
        let body = Self { beginning: Some(Bytes::copy_from_slice(with.as_bytes())), asked: Arc::clone(&asked) };
        (Body::new(body), asked)
    }
}

impl http_body::Body for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.asked.store(true, Ordering::Relaxed);
        self.beginning.take().map_or(Poll::Pending, |beginning| Poll::Ready(Some(Ok(Frame::data(beginning)))))
    }
}
