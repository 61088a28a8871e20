//! The file itself: a manifest and the members that it lists, in and out.

use super::{FORMAT, Listed, MANIFEST, Manifest, Member};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, BufReader, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use tar::{Archive, Builder, Entry, EntryType, Header};

/// The longest manifest that is read, in bytes.
const LONGEST_MANIFEST: u64 = 64 * 1024 * 1024;
/// The most that may follow the last member: a tar ends with blocks of zeros.
const LONGEST_END: u64 = 64 * 1024;

/// Why a file is not taken as a backup.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It is no archive, cut off, or changed.
    #[error("it is no backup of OPBX, or was cut off or changed")]
    Broken(#[source] io::Error),
    /// A member is not what the manifest says.
    #[error("its `{0}` is not what was backed up: the checksum differs")]
    Altered(String),
    /// It holds what no backup holds.
    #[error("it holds what no backup holds: {0}")]
    Unexpected(String),
    /// A newer OPBX wrote it.
    #[error("it was written by a newer OPBX ({0})")]
    Newer(String),
    /// What was read cannot be written down.
    #[error("{} cannot be written", path.display())]
    NotWritten {
        /// Which file.
        path: PathBuf,
        /// Why.
        #[source]
        fault: io::Error,
    },
}

/// Length and checksum of a file.
pub(super) fn listed(member: &Member, file: &Path) -> io::Result<Listed> {
    let mut file = File::open(file)?;
    let (bytes, sha256) = copied(&mut file, &mut io::sink())?;
    Ok(Listed { name: member.name().into_owned(), bytes, sha256 })
}

/// Writes a backup: the manifest, then its members in its order.
pub(super) fn write(manifest: &Manifest, members: &[(Member, PathBuf)], to: &mut File) -> io::Result<()> {
    let mut archive = Builder::new(GzEncoder::new(&mut *to, Compression::default()));
    let text = serde_json::to_vec_pretty(manifest)?;
    let mtime = u64::try_from(manifest.made_at.as_second()).unwrap_or_default();
    archive.append_data(&mut header(text.len() as u64, mtime), MANIFEST, text.as_slice())?;
    for (member, file) in members {
        let file = File::open(file)?;
        let mut header = header(file.metadata()?.len(), mtime);
        archive.append_data(&mut header, &*member.name(), file)?;
    }
    archive.into_inner()?.finish()?;
    to.flush()?;
    to.sync_all()
}

fn header(bytes: u64, mtime: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_size(bytes);
    header.set_mode(0o600);
    header.set_mtime(mtime);
    header.set_entry_type(EntryType::Regular);
    header
}

/// Reads a whole backup, and writes its members into a folder under their own names. Only what the manifest lists and
/// [`Member`] knows is taken, once each, and nothing may be missing.
pub(super) fn unpack(file: &Path, folder: &Path) -> Result<Manifest, Unreadable> {
    let file = File::open(file).map_err(Unreadable::Broken)?;
    let mut archive = Archive::new(GzDecoder::new(BufReader::new(file)));
    // Raw: members with names in extensions are no members of ours, and are not read into memory.
    let mut entries = archive.entries().map_err(Unreadable::Broken)?.raw(true);
    let first = entries.next().ok_or_else(|| broken("it is empty"))?.map_err(Unreadable::Broken)?;
    let manifest = manifest(first)?;
    let mut missing: Vec<&Listed> = manifest.members.iter().collect();
    for entry in entries {
        let entry = entry.map_err(Unreadable::Broken)?;
        let name = entry.path_bytes().into_owned();
        let unexpected = || Unreadable::Unexpected(String::from_utf8_lossy(&name).into_owned());
        let member = Member::named(&name).filter(|_| entry.header().entry_type().is_file()).ok_or_else(unexpected)?;
        let place = missing.iter().position(|listed| listed.name == member.name()).ok_or_else(unexpected)?;
        take(entry, &member, missing.remove(place), folder)?;
    }
    if let Some(missing) = missing.first() {
        return Err(broken(format!("`{}` is missing", missing.name)));
    }
    // The end of the compressed text holds a checksum of all of it.
    let mut rest = archive.into_inner().take(LONGEST_END + 1);
    match io::copy(&mut rest, &mut io::sink()).map_err(Unreadable::Broken)? {
        read if read > LONGEST_END => Err(Unreadable::Unexpected("something behind its end".to_owned())),
        _ => Ok(manifest),
    }
}

fn manifest(entry: Entry<'_, impl Read>) -> Result<Manifest, Unreadable> {
    if *entry.path_bytes() != *MANIFEST.as_bytes() || !entry.header().entry_type().is_file() {
        return Err(broken("it does not begin with a manifest"));
    }
    let mut text = String::new();
    entry.take(LONGEST_MANIFEST).read_to_string(&mut text).map_err(Unreadable::Broken)?;
    let manifest: serde_json::Value = serde_json::from_str(&text).map_err(|fault| Unreadable::Broken(fault.into()))?;
    // Looked at first: the rest may have another form.
    if manifest["format"].as_u64().is_some_and(|format| format > u64::from(FORMAT)) {
        return Err(Unreadable::Newer(manifest["product"].as_str().unwrap_or("unknown").to_owned()));
    }
    serde_json::from_value(manifest).map_err(|fault| Unreadable::Broken(fault.into()))
}

fn take(entry: Entry<'_, impl Read>, member: &Member, listed: &Listed, folder: &Path) -> Result<(), Unreadable> {
    let path = folder.join(&*member.name());
    let not_written = |fault| Unreadable::NotWritten { path: path.clone(), fault };
    if let Some(folder) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(not_written)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).map_err(not_written)?;
    let mut limited = entry.take(listed.bytes + 1);
    // A fault of reading and one of writing look the same here; the first is by far the more likely one.
    let (bytes, sha256) = copied(&mut limited, &mut file).map_err(Unreadable::Broken)?;
    if bytes != listed.bytes || sha256 != listed.sha256 {
        return Err(Unreadable::Altered(member.name().into_owned()));
    }
    file.sync_all().map_err(not_written)
}

/// Copies everything; answers its length and checksum.
fn copied(from: &mut impl Read, to: &mut impl Write) -> io::Result<(u64, String)> {
    let (mut digest, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; 64 * 1024]);
    loop {
        let read = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(fault) if fault.kind() == io::ErrorKind::Interrupted => continue,
            Err(fault) => return Err(fault),
        };
        let part = buffer.get(..read).unwrap_or_default();
        digest.update(part);
        to.write_all(part)?;
        bytes += read as u64;
    }
    let sha256 = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((bytes, sha256))
}

fn broken(why: impl Into<String>) -> Unreadable {
    Unreadable::Broken(io::Error::new(io::ErrorKind::InvalidData, why.into()))
}
