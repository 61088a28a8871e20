//! Reading entries in their order, each as soon as it is on the disk.

use super::frame::{Frame, HEAD};
use super::segment::{self, FIRST};
use super::{Numbered, Shared};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

/// How much is read at once.
const CHUNK: u64 = 256 * 1024;

/// A place in the journal.
#[derive(Debug)]
pub(super) struct Reader {
    pub(super) shared: Arc<Shared>,
    /// The number of the next entry.
    next: u64,
    open: Option<Open>,
}

/// A file that is being read.
#[derive(Debug)]
struct Open {
    /// The number of its first entry.
    first: u64,
    file: File,
    /// How many bytes of it were read.
    position: u64,
    /// What was read last, and how much of that is used.
    ahead: Vec<u8>,
    used: usize,
}

/// What a step of reading comes to.
enum Step {
    /// An entry.
    Entry(Numbered),
    /// The file has no more that counts.
    Over,
}

impl Reader {
    pub(super) const fn at(shared: Arc<Shared>, next: u64) -> Self {
        Self { shared, next, open: None }
    }

    /// Whether everything that is on the disk was read.
    pub(super) fn is_at_end(&self) -> bool {
        *self.shared.durable.borrow() < self.next
    }

    pub(super) async fn next(&mut self, most: usize, most_bytes: usize) -> io::Result<Vec<Numbered>> {
        let mut durable = self.shared.durable.subscribe();
        let mut entries = Vec::new();
        while entries.is_empty() {
            // The sender lives as long as what is shared.
            let _ = durable.wait_for(|durable| *durable >= self.next).await;
            let last = *durable.borrow();
            let mut bytes = 0;
            // The files were written a moment ago: reading them is copying memory.
            while entries.len() < most && bytes < most_bytes && self.next <= last {
                let Some(entry) = self.step(last)? else { break };
                bytes += entry.content.len();
                entries.push(entry);
            }
        }
        Ok(entries)
    }

    /// The next entry up to a number; `None`: those that were left are lost.
    fn step(&mut self, last: u64) -> io::Result<Option<Numbered>> {
        loop {
            if self.open.is_none() && !self.enter()? {
                // No file has it: what was acknowledged there is gone.
                self.lose(last + 1, None);
                return Ok(None);
            }
            let Some(open) = &mut self.open else { continue };
            let first = open.first;
            let files = self.shared.files();
            let following = files.segments.iter().map(|segment| segment.first).find(|other| *other > first);
            let counts =
                files.segments.iter().find(|segment| segment.first == first).map_or(0, |segment| segment.bytes);
            drop(files);
            // What stands in a file from the first number of the next one on was refused, and could not be cut off.
            if following.is_some_and(|following| following <= self.next) {
                self.open = None;
                continue;
            }
            match open.step(self.next, counts)? {
                Step::Entry(entry) => {
                    self.next = entry.number + 1;
                    return Ok(Some(entry));
                }
                Step::Over => {
                    let end = following.unwrap_or(last + 1);
                    if self.next < end {
                        self.lose(end, Some(first));
                    }
                    self.open = None;
                    if following.is_none() && self.next > last {
                        return Ok(None);
                    }
                }
            }
        }
    }

    /// Opens the file that has the next entry.
    fn enter(&mut self) -> io::Result<bool> {
        let files = self.shared.files();
        let first = files.segments.iter().rev().map(|segment| segment.first).find(|first| *first <= self.next);
        // Where the oldest files are missing, reading goes on with the first that there is.
        let first = first.or_else(|| files.segments.first().map(|segment| segment.first));
        drop(files);
        let Some(first) = first else { return Ok(false) };
        if first > self.next {
            self.lose(first, None);
        }
        let mut file = File::open(segment::path(&self.shared.folder, first))?;
        let mut beginning = [0; FIRST as usize];
        let read = file.read_exact(&mut beginning);
        if read.is_err() || !segment::begins_right(&beginning) {
            // Nothing in it can be read: as a file that is over before its first entry.
            file.seek(SeekFrom::End(0))?;
        }
        let position = file.stream_position()?;
        self.open = Some(Open { first, file, position, ahead: Vec::new(), used: 0 });
        Ok(true)
    }

    /// Gives up what cannot be read, up to a number: it is named, and the file is kept beside the others.
    fn lose(&mut self, end: u64, file: Option<u64>) {
        let lost = end.saturating_sub(self.next);
        self.next = self.next.max(end);
        if lost == 0 {
            return;
        }
        let path = file.map(|first| segment::path(&self.shared.folder, first));
        tracing::error!(
            file = path.as_ref().map(|path| path.display().to_string()),
            entries = lost,
            "entries of the journal cannot be read: the disk has lost what it acknowledged"
        );
        if let Some(path) = path {
            let kept = path.with_extension("damaged");
            if let Err(fault) = std::fs::hard_link(&path, &kept) {
                tracing::warn!(%fault, file = %kept.display(), "a damaged file of the journal is not kept");
            }
        }
        self.shared.files().lost += lost;
    }
}

impl Open {
    /// The entry with this number, or the end of the bytes that count. Entries before it are passed over.
    fn step(&mut self, wanted: u64, counts: u64) -> io::Result<Step> {
        loop {
            match Frame::read(self.ahead.get(self.used..).unwrap_or_default()) {
                Frame::Whole { number, content } => {
                    let (content, length) = (content.to_vec(), HEAD + content.len());
                    if number > wanted {
                        return Ok(Step::Over);
                    }
                    self.used += length;
                    if number == wanted {
                        return Ok(Step::Entry(Numbered { number, content }));
                    }
                }
                // More may stand behind, or be written by now.
                Frame::End | Frame::Torn => {
                    if !self.read_on(counts)? {
                        return Ok(Step::Over);
                    }
                }
            }
        }
    }

    /// Reads on, and never what is being written: that may be cut off again.
    fn read_on(&mut self, counts: u64) -> io::Result<bool> {
        self.ahead.drain(..self.used);
        self.used = 0;
        let most = counts.saturating_sub(self.position).min(CHUNK);
        let read = (&mut self.file).take(most).read_to_end(&mut self.ahead)?;
        self.position += read as u64;
        Ok(read > 0)
    }
}
