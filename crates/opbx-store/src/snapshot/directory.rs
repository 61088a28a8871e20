//! The directory: whose a request is, and what its caller hears where there is no plan.
//!
//! A head and frames of some organizations each, every one sealed for its place in this very file: with a hundred thousand
//! organizations nothing of it is in memory whole, and what is wrong with one frame takes no other along.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, ErrorKind, Read, Write};

use jiff::Timestamp;
use opbx_core::id::OrganizationId;
use serde::{Deserialize, Serialize};

use super::plan::why;
use super::{Snapshots, Unusable, gone};
use crate::error::Cause;

const MAGIC: [u8; 8] = *b"OPBXdir1";
/// What tells one file from another, so that no frame is taken from an older one.
const FILE_ID: usize = 16;
/// How many organizations are in a frame.
const FRAME: usize = 1_024;
/// The longest frame that is read, in bytes.
const LONGEST: u32 = 64 * 1024 * 1024;

/// An organization in the directory.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DirectoryEntry {
    /// Which organization.
    pub organization: OrganizationId,
    /// How often its place at the platform has changed.
    pub place: u64,
    /// The names of its domain, in lower case.
    pub domains: Vec<String>,
    /// The address at which the platform reaches this installation for it, if it has one of its own.
    pub public_url: Option<String>,
    /// The digest of its webhook key.
    pub key: Option<[u8; 32]>,
    /// The digest of the key that was replaced, and until when it still counts.
    pub former_key: Option<([u8; 32], Timestamp)>,
    /// The digest of the secret in the address of its call records.
    pub cdr_secret: Option<[u8; 32]>,
    /// The document that its callers get where there is no plan.
    pub failsafe: String,
}

/// What was read.
#[derive(Debug, Default)]
pub struct DirectoryRead {
    /// How many organizations.
    pub organizations: usize,
    /// What could not be read.
    pub unusable: Vec<Unusable>,
}

#[derive(Serialize, Deserialize)]
struct Head {
    /// Which database it is of, as its address is shown.
    location: String,
    organizations: usize,
}

#[derive(Default, Serialize, Deserialize)]
struct Frame {
    /// Most organizations have the same one.
    failsafes: Vec<String>,
    entries: Vec<Row>,
}

#[derive(Serialize, Deserialize)]
struct Row {
    id: OrganizationId,
    place: u64,
    domains: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    public_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    former_key: Option<(String, Timestamp)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cdr_secret: Option<String>,
    failsafe: usize,
}

impl Snapshots {
    /// Writes the directory: so many organizations of the database that is shown like this. Without any there is no file.
    ///
    /// # Errors
    ///
    /// When the disk does not take it.
    pub fn write_directory(
        &self,
        location: &str,
        entries: impl ExactSizeIterator<Item = DirectoryEntry>,
    ) -> io::Result<()> {
        let file = self.directory_file();
        if entries.len() == 0 {
            return gone(fs::remove_file(file));
        }
        self.put(&file, |file| {
            let mut writing = Writing::begin(self, BufWriter::new(file))?;
            writing.frame(&Head { location: location.to_owned(), organizations: entries.len() })?;
            let mut frame = Frame::default();
            for entry in entries {
                frame.add(entry);
                if frame.entries.len() == FRAME {
                    writing.frame(&std::mem::take(&mut frame))?;
                }
            }
            if !frame.entries.is_empty() {
                writing.frame(&frame)?;
            }
            let file = writing.out.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.sync_all()
        })
    }

    /// Which database the directory is of; `None`: there is none, or it cannot be read.
    pub fn directory_location(&self) -> Option<String> {
        let mut reading = Reading::begin(self).ok()??;
        let head: Head = reading.frame().ok()??;
        Some(head.location)
    }

    /// Reads the directory, one organization after the other; `None`: there is none. What cannot be read is left out.
    pub fn directory(&self, mut take: impl FnMut(DirectoryEntry)) -> Option<DirectoryRead> {
        let unusable = |reason: String| Unusable { file: self.directory_file(), reason };
        let mut read = DirectoryRead::default();
        let wanted = match self.read_frames(&mut take, &mut read) {
            Ok(None) => return None,
            Ok(Some(wanted)) => wanted,
            Err(fault) => {
                read.unusable.push(unusable(fault.to_string()));
                return Some(read);
            }
        };
        if read.organizations < wanted {
            let missing = wanted - read.organizations;
            read.unusable.push(unusable(format!("{missing} of {wanted} organizations are missing in it")));
        }
        Some(read)
    }

    /// Answers how many organizations there should be.
    fn read_frames(
        &self,
        take: &mut impl FnMut(DirectoryEntry),
        read: &mut DirectoryRead,
    ) -> io::Result<Option<usize>> {
        let Some(mut reading) = Reading::begin(self)? else { return Ok(None) };
        let head: Head = reading.frame()?.ok_or_else(|| bad("it is cut off"))?;
        loop {
            match reading.frame::<Frame>() {
                Ok(None) => return Ok(Some(head.organizations)),
                Ok(Some(frame)) => {
                    for row in frame.entries {
                        if let Some(entry) = row.entry(&frame.failsafes) {
                            read.organizations += 1;
                            take(entry);
                        }
                    }
                }
                // The next frame can still be found; and if not, that is the end.
                Err(fault) if fault.kind() == ErrorKind::InvalidData => {
                    let file = self.directory_file();
                    read.unusable.push(Unusable { file, reason: format!("a part of it: {fault}") });
                }
                Err(_) => return Ok(Some(head.organizations)),
            }
        }
    }
}

impl Frame {
    fn add(&mut self, entry: DirectoryEntry) {
        let DirectoryEntry { organization, place, domains, public_url, key, former_key, cdr_secret, failsafe } = entry;
        let known = self.failsafes.iter().position(|known| *known == failsafe);
        let failsafe = known.unwrap_or_else(|| {
            self.failsafes.push(failsafe);
            self.failsafes.len() - 1
        });
        let (key, former_key) = (key.map(|key| hex(&key)), former_key.map(|(key, until)| (hex(&key), until)));
        let cdr_secret = cdr_secret.map(|secret| hex(&secret));
        self.entries.push(Row { id: organization, place, domains, public_url, key, former_key, cdr_secret, failsafe });
    }
}

impl Row {
    fn entry(self, failsafes: &[String]) -> Option<DirectoryEntry> {
        let Self { id, place, domains, public_url, key, former_key, cdr_secret, failsafe } = self;
        let key = match key {
            Some(key) => Some(unhex(&key)?),
            None => None,
        };
        let former_key = match former_key {
            Some((key, until)) => Some((unhex(&key)?, until)),
            None => None,
        };
        let cdr_secret = match cdr_secret {
            Some(secret) => Some(unhex(&secret)?),
            None => None,
        };
        let failsafe = failsafes.get(failsafe)?.clone();
        Some(DirectoryEntry { organization: id, place, domains, public_url, key, former_key, cdr_secret, failsafe })
    }
}

struct Writing<'s, W> {
    snapshots: &'s Snapshots,
    out: W,
    file_id: String,
    frames: usize,
}

impl<'s, W: Write> Writing<'s, W> {
    fn begin(snapshots: &'s Snapshots, mut out: W) -> io::Result<Self> {
        // A nonce is drawn for every sealing, so the tag of nothing is as good as a number that is drawn.
        let sealed = snapshots.keys.seal_within("opbx/snapshot-directory", &[]).map_err(io::Error::other)?;
        let id = sealed.get(sealed.len().saturating_sub(FILE_ID)..).unwrap_or_default();
        out.write_all(&MAGIC)?;
        out.write_all(id)?;
        Ok(Self { snapshots, out, file_id: hex(id), frames: 0 })
    }

    fn frame(&mut self, frame: &impl Serialize) -> io::Result<()> {
        let context = context(&self.file_id, self.frames);
        let sealed =
            self.snapshots.keys.seal_within(&context, &serde_json::to_vec(frame)?).map_err(io::Error::other)?;
        let length = u32::try_from(sealed.len()).map_err(io::Error::other)?;
        self.out.write_all(&length.to_be_bytes())?;
        self.out.write_all(&sealed)?;
        self.frames += 1;
        Ok(())
    }
}

struct Reading<'s> {
    snapshots: &'s Snapshots,
    from: BufReader<File>,
    file_id: String,
    frames: usize,
}

impl<'s> Reading<'s> {
    fn begin(snapshots: &'s Snapshots) -> io::Result<Option<Self>> {
        let file = match File::open(snapshots.directory_file()) {
            Ok(file) => file,
            Err(fault) if fault.kind() == ErrorKind::NotFound => return Ok(None),
            Err(fault) => return Err(fault),
        };
        let mut from = BufReader::new(file);
        let (mut magic, mut id) = ([0; MAGIC.len()], [0; FILE_ID]);
        from.read_exact(&mut magic).and_then(|()| from.read_exact(&mut id)).map_err(|_| bad("it is cut off"))?;
        if magic != MAGIC {
            return Err(bad("it has a form that this version does not know"));
        }
        Ok(Some(Self { snapshots, from, file_id: hex(&id), frames: 0 }))
    }

    /// The next frame; `None`: that was the last one. What cannot be opened is `InvalidData`, and the one behind it is next.
    fn frame<T: for<'de> Deserialize<'de>>(&mut self) -> io::Result<Option<T>> {
        let mut length = [0; 4];
        match self.from.read_exact(&mut length) {
            Ok(()) => {}
            Err(fault) if fault.kind() == ErrorKind::UnexpectedEof => return Ok(None),
            Err(fault) => return Err(fault),
        }
        let length = u32::from_be_bytes(length);
        if length > LONGEST {
            return Err(io::Error::new(ErrorKind::UnexpectedEof, "it is cut off"));
        }
        let mut sealed = Vec::new();
        if (&mut self.from).take(length.into()).read_to_end(&mut sealed)? < length as usize {
            return Err(io::Error::new(ErrorKind::UnexpectedEof, "it is cut off"));
        }
        let context = context(&self.file_id, self.frames);
        self.frames += 1;
        let text = self.snapshots.keys.open_within(&context, &sealed).map_err(|fault| bad(why(&fault)))?;
        serde_json::from_slice(&text).map(Some).map_err(|fault| bad(fault.to_string()))
    }
}

fn context(file_id: &str, frame: usize) -> String {
    format!("opbx/snapshot-directory/{file_id}/{frame}")
}

fn bad(why: impl Into<String>) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, Cause::said(why))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
    }
    Some(bytes)
}
