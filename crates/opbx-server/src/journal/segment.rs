//! The files of the journal: each holds entries with rising numbers and is named by the first of them.

use super::frame::Frame;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// What every file begins with: the form of what follows. One that a later release cannot read must differ.
const BEGINNING: &[u8; 8] = b"OPBXjnl1";
/// How many bytes stand before the first entry.
pub(super) const FIRST: u64 = BEGINNING.len() as u64;

const ENDING: &str = "journal";

/// A file, as far as it is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Segment {
    /// The number of its first entry.
    pub(super) first: u64,
    /// How many bytes count.
    pub(super) bytes: u64,
}

/// What was found in a file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Found {
    /// The number of the entry that would come next.
    pub(super) next: u64,
    /// Up to where the file is whole.
    pub(super) whole: u64,
    /// How many bytes stand behind that.
    pub(super) torn: u64,
}

/// The path of a file.
pub(super) fn path(folder: &Path, first: u64) -> PathBuf {
    folder.join(format!("{first:020}.{ENDING}"))
}

/// Makes a file for entries from a number on. What is left of one with that name is not of any entry that was acknowledged.
pub(super) fn make(folder: &Path, first: u64) -> io::Result<File> {
    use std::io::Write;
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path(folder, first))?;
    file.write_all(BEGINNING)?;
    file.sync_data()?;
    // Its name is in the folder when the power goes.
    File::open(folder)?.sync_all()?;
    Ok(file)
}

/// Opens a file to go on with it.
pub(super) fn go_on(folder: &Path, first: u64) -> io::Result<File> {
    OpenOptions::new().write(true).open(path(folder, first))
}

/// The files of a folder, oldest first. Anything else in it is passed over.
pub(super) fn list(folder: &Path) -> io::Result<Vec<Segment>> {
    let mut segments = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let is_one = path.extension().is_some_and(|ending| ending == ENDING);
        let first = path.file_stem().and_then(|name| name.to_str()?.parse().ok()).filter(|_| is_one);
        if let Some(first) = first {
            segments.push(Segment { first, bytes: entry.metadata()?.len() });
        }
    }
    segments.sort_by_key(|segment| segment.first);
    Ok(segments)
}

/// Reads a whole file. The entries of the last file of a folder are known only by reading it.
pub(super) fn examine(folder: &Path, first: u64) -> io::Result<Found> {
    let bytes = fs::read(path(folder, first))?;
    let length = bytes.len() as u64;
    let Some(mut rest) = bytes.strip_prefix(BEGINNING) else {
        return Ok(Found { next: first, whole: 0, torn: length });
    };
    let mut next = first;
    loop {
        match Frame::read(rest) {
            Frame::Whole { number, content } if number == next => {
                next += 1;
                rest = rest.get(super::frame::HEAD + content.len()..).unwrap_or_default();
            }
            Frame::End => return Ok(Found { next, whole: length, torn: 0 }),
            Frame::Whole { .. } | Frame::Torn => {
                let torn = rest.len() as u64;
                return Ok(Found { next, whole: length - torn, torn });
            }
        }
    }
}

/// Whether a file begins as ours do.
pub(super) fn begins_right(bytes: &[u8]) -> bool {
    bytes == BEGINNING
}
