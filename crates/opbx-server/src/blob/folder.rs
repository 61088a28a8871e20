//! Files in a folder: `audio/7/0123…`, each readable by its owner only.
//!
//! A file grows under another name and gets its own when its content is on the disk; then the folder is written too. So what
//! has its name is whole, whenever the power went.

use super::key::BlobKey;
use super::part::Part;
use opbx_core::id::OrganizationId;
use std::collections::HashSet;
use std::ffi::OsString;
use std::io::{self, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::fs::{self, DirBuilder, File, OpenOptions};
use tokio::io::{AsyncSeekExt, AsyncWriteExt};

/// What the name of a file that grows ends with.
const GROWING: &str = ".part";

/// A folder with a folder for each organization.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// The keys of files that nothing refers to yet, and soon may.
    unsettled: Arc<Mutex<HashSet<BlobKey>>>,
}

impl Folder {
    pub(super) fn at(path: PathBuf) -> Self {
        Self { path, unsettled: Arc::default() }
    }

    fn folder_of(&self, of: OrganizationId) -> PathBuf {
        self.path.join(of.to_string())
    }

    fn file(&self, key: &BlobKey) -> PathBuf {
        self.folder_of(key.organization()).join(key.name())
    }

    pub(super) async fn begin(&self, of: OrganizationId) -> io::Result<GrowingFile> {
        let folder = self.folder_of(of);
        if !fs::try_exists(&folder).await? {
            DirBuilder::new().recursive(true).mode(0o700).create(&folder).await?;
            // A folder that the disk does not know yet would take its files with it.
            for parent in [Some(self.path.as_path()), self.path.parent()].into_iter().flatten() {
                File::open(parent).await?.sync_all().await?;
            }
        }
        let key = BlobKey::draw(of).map_err(io::Error::other)?;
        let claim = Claim::new(key, &self.unsettled);
        let path = self.file(&claim.key);
        let growing = growing(&path);
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&growing).await?;
        Ok(GrowingFile { file, leftover: Leftover(Some(growing)), path, claim })
    }

    pub(super) async fn part(&self, key: &BlobKey, range: Range<u64>) -> io::Result<Option<Part>> {
        let mut file = match File::open(self.file(key)).await {
            Ok(file) => file,
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(fault) => return Err(fault),
        };
        if range.start > 0 {
            file.seek(SeekFrom::Start(range.start)).await?;
        }
        Ok(Some(Part::new(file, range.end.saturating_sub(range.start))))
    }

    pub(super) async fn remove(&self, key: &BlobKey) -> io::Result<()> {
        match fs::remove_file(self.file(key)).await {
            Err(fault) if fault.kind() != io::ErrorKind::NotFound => Err(fault),
            _ => Ok(()),
        }
    }

    pub(super) async fn organizations(&self) -> io::Result<Vec<OrganizationId>> {
        let names = names(&self.path).await?;
        let number = |name: OsString| name.to_str().and_then(|name| name.parse().ok()).map(OrganizationId::new);
        Ok(names.into_iter().filter_map(number).collect())
    }

    pub(super) async fn settled(&self, of: OrganizationId) -> io::Result<Vec<BlobKey>> {
        let folder = self.folder_of(of);
        // In this order: a file that is settled after it was seen here was written down before the store is asked.
        let names = names(&folder).await?;
        let unsettled = self.unsettled.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut keys = Vec::new();
        for name in names {
            let name = name.to_string_lossy();
            let (stem, grows) = name.strip_suffix(GROWING).map_or((&*name, false), |stem| (stem, true));
            // What is no file of ours is let alone.
            let Ok(key) = BlobKey::named(of, stem) else { continue };
            match (unsettled.contains(&key), grows) {
                (true, _) => {}
                (false, true) => fs::remove_file(folder.join(&*name)).await?,
                (false, false) => keys.push(key),
            }
        }
        Ok(keys)
    }
}

fn growing(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(GROWING);
    name.into()
}

/// What stands in a folder; nothing where there is none.
async fn names(folder: &Path) -> io::Result<Vec<OsString>> {
    let mut entries = match fs::read_dir(folder).await {
        Ok(entries) => entries,
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(fault) => return Err(fault),
    };
    let mut names = Vec::new();
    while let Some(entry) = entries.next_entry().await? {
        names.push(entry.file_name());
    }
    Ok(names)
}

/// A key among those that nothing refers to yet, until it is dropped.
#[derive(Debug)]
struct Claim {
    key: BlobKey,
    unsettled: Arc<Mutex<HashSet<BlobKey>>>,
}

impl Claim {
    fn new(key: BlobKey, unsettled: &Arc<Mutex<HashSet<BlobKey>>>) -> Self {
        unsettled.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone());
        Self { key, unsettled: Arc::clone(unsettled) }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.unsettled.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

/// A file that is removed when this is dropped.
#[derive(Debug)]
struct Leftover(Option<PathBuf>);

impl Drop for Leftover {
    fn drop(&mut self) {
        // One call of the system, of a file that nobody else has: not worth a task.
        if let Some(path) = self.0.take()
            && let Err(fault) = std::fs::remove_file(&path)
        {
            tracing::warn!(%fault, file = %path.display(), "a file that nothing refers to stays until the next sweep");
        }
    }
}

/// A file that grows. The fields are dropped in this order: the file is gone before its key is free.
#[derive(Debug)]
pub(super) struct GrowingFile {
    file: File,
    leftover: Leftover,
    path: PathBuf,
    claim: Claim,
}

impl GrowingFile {
    pub(super) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes).await
    }

    pub(super) async fn finish(self) -> io::Result<NewFile> {
        let Self { mut file, mut leftover, path, claim } = self;
        file.flush().await?;
        file.sync_all().await?;
        drop(file);
        let growing = growing(&path);
        fs::rename(&growing, &path).await?;
        leftover.0 = Some(path.clone());
        if let Some(folder) = path.parent() {
            File::open(folder).await?.sync_all().await?;
        }
        Ok(NewFile { leftover, claim })
    }
}

/// A file that is written, and that nothing refers to yet.
#[derive(Debug)]
pub(super) struct NewFile {
    leftover: Leftover,
    claim: Claim,
}

impl NewFile {
    pub(super) const fn key(&self) -> &BlobKey {
        &self.claim.key
    }

    /// Is not removed when it is dropped, and unsettled until then.
    pub(super) fn leave(mut self) -> Self {
        self.leftover.0 = None;
        self
    }
}
