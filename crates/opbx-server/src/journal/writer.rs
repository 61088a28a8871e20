//! The thread that writes: it takes what has come since the last time, writes it at once and waits for the disk.

use super::frame::{Frame, HEAD};
use super::segment::{self, FIRST, Segment};
use super::{MOST_BYTES, Refused, Shared};
use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// The most entries that are written together.
const TOGETHER: usize = 256;
/// The most bytes that are gathered before they are written.
const GATHERED: usize = 1024 * 1024;

/// An entry to be appended, and where the answer goes.
pub(super) struct Request {
    pub(super) content: Vec<u8>,
    pub(super) answer: oneshot::Sender<Result<u64, Refused>>,
}

pub(super) struct Writer {
    shared: Arc<Shared>,
    /// The number of the next entry.
    next: u64,
    /// The file that is written to, and how many bytes of it count; none before the first entry, and after a fault.
    current: Option<(File, Segment)>,
    buffer: Vec<u8>,
    /// Whether the disk refused the last entries: told once.
    ailing: bool,
}

impl Writer {
    pub(super) fn new(shared: Arc<Shared>, next: u64) -> Self {
        let last = shared.files().segments.last().cloned();
        let current = last.and_then(|last| {
            let mut file = segment::go_on(&shared.folder, last.first).ok()?;
            file.seek(SeekFrom::Start(last.bytes)).ok()?;
            Some((file, last))
        });
        Self { shared, next, current, buffer: Vec::new(), ailing: false }
    }

    /// Writes until nobody can append any more.
    pub(super) fn run(mut self, mut requests: mpsc::Receiver<Request>) {
        let mut batch = Vec::with_capacity(TOGETHER);
        while let Some(first) = requests.blocking_recv() {
            let mut bytes = first.content.len();
            batch.push(first);
            // What came while the disk was waited for goes together. Waiting for more would only make the first one late.
            while batch.len() < TOGETHER
                && bytes < GATHERED
                && let Ok(more) = requests.try_recv()
            {
                bytes += more.content.len();
                batch.push(more);
            }
            self.settle(&mut batch);
        }
    }

    /// Writes a batch and answers everyone in it.
    fn settle(&mut self, batch: &mut Vec<Request>) {
        let room = self.room();
        self.buffer.clear();
        let (mut taken, mut refused) = (Vec::with_capacity(batch.len()), 0);
        for request in batch.drain(..) {
            let length = HEAD + request.content.len();
            if request.content.len() > MOST_BYTES || self.buffer.len() as u64 + length as u64 > room {
                refused += 1;
                // Whoever is gone needs no answer.
                let _ = request.answer.send(Err(Refused::Full));
                continue;
            }
            let number = self.next + taken.len() as u64;
            Frame::write(number, &request.content, &mut self.buffer);
            taken.push(request.answer);
        }
        if !taken.is_empty() {
            match self.write() {
                Ok(()) => self.acknowledge(taken),
                Err(fault) => {
                    if !std::mem::replace(&mut self.ailing, true) {
                        tracing::error!(%fault, "the disk does not take the journal; nothing is acknowledged");
                    }
                    refused += taken.len() as u64;
                    for answer in taken {
                        let _ = answer.send(Err(Refused::Disk));
                    }
                }
            }
        }
        if refused > 0 {
            self.shared.files().refused += refused;
        }
    }

    fn acknowledge(&mut self, taken: Vec<oneshot::Sender<Result<u64, Refused>>>) {
        if std::mem::take(&mut self.ailing) {
            tracing::info!("the disk takes the journal again");
        }
        let first = self.next;
        self.next += taken.len() as u64;
        // The reader may look for them before those who wait are told.
        self.shared.durable.send_replace(self.next - 1);
        for (number, answer) in (first..).zip(taken) {
            let _ = answer.send(Ok(number));
        }
    }

    /// How many bytes the journal may still take.
    fn room(&self) -> u64 {
        let taken: u64 = self.shared.files().segments.iter().map(|segment| segment.bytes).sum();
        self.shared.limit.0.saturating_sub(taken)
    }

    /// Brings the buffer to the disk. After a fault nothing of it counts: the file is cut back, or, if not even that goes,
    /// left as it is and followed by another one, whose first number says up to where it counts.
    fn write(&mut self) -> io::Result<()> {
        let (mut file, mut segment) = match self.current.take() {
            Some((file, segment)) if segment.bytes < self.shared.limit.segment() => (file, segment),
            _ => self.begin()?,
        };
        match file.write_all(&self.buffer).and_then(|()| file.sync_data()) {
            Ok(()) => {
                segment.bytes += self.buffer.len() as u64;
                if let Some(last) = self.shared.files().segments.last_mut() {
                    last.bytes = segment.bytes;
                }
                self.current = Some((file, segment));
                Ok(())
            }
            Err(fault) => {
                let cut = file.set_len(segment.bytes).and_then(|()| file.seek(SeekFrom::Start(segment.bytes)));
                if cut.is_ok() {
                    self.current = Some((file, segment));
                }
                Err(fault)
            }
        }
    }

    /// Makes the next file.
    fn begin(&self) -> io::Result<(File, Segment)> {
        let file = segment::make(&self.shared.folder, self.next)?;
        let segment = Segment { first: self.next, bytes: FIRST };
        let mut files = self.shared.files();
        // One that was begun before a fault and got no entry has the same name.
        files.segments.retain(|other| other.first != self.next);
        files.segments.push(segment.clone());
        Ok((file, segment))
    }
}
