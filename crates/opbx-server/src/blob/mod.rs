//! Files of organizations: prompts that were uploaded or fetched. A file is written once, under a key that nothing else
//! ever had, and read and removed by it; the store knows which keys are in use.
//!
//! The seam for other places than a folder: what is asked of a place is written down here and nowhere else, so that one
//! at a provider is another arm of [`Place`] and no change for anyone who keeps a file.

mod folder;
mod key;
mod part;
#[cfg(test)]
mod tests;

pub(crate) use self::key::BlobKey;
pub(crate) use self::part::Part;

use self::folder::{Folder, GrowingFile};
use opbx_core::id::OrganizationId;
use std::io;
use std::ops::Range;
use std::path::PathBuf;

/// Where files of organizations are kept.
#[derive(Clone, Debug)]
pub(crate) struct Blobs(Place);

#[derive(Clone, Debug)]
enum Place {
    /// A folder of the data directory.
    Folder(Folder),
    /// This server keeps no data.
    Nowhere,
}

impl Blobs {
    /// Files below a folder, which is made with the first of them; `None`: nothing can be kept.
    pub(crate) fn at(folder: Option<PathBuf>) -> Self {
        Self(folder.map_or(Place::Nowhere, |folder| Place::Folder(Folder::at(folder))))
    }

    /// Begins a file of an organization.
    ///
    /// # Errors
    ///
    /// When the place cannot be written to.
    pub(crate) async fn begin(&self, of: OrganizationId) -> io::Result<Growing> {
        match &self.0 {
            Place::Folder(folder) => folder.begin(of).await.map(Growing),
            Place::Nowhere => Err(io::Error::new(io::ErrorKind::Unsupported, "this server keeps no files")),
        }
    }

    /// A part of a file, which is read as it is sent; `None`: there is none of that key.
    ///
    /// # Errors
    ///
    /// When the place cannot be read.
    pub(crate) async fn part(&self, key: &BlobKey, range: Range<u64>) -> io::Result<Option<Part>> {
        match &self.0 {
            Place::Folder(folder) => folder.part(key, range).await,
            Place::Nowhere => Ok(None),
        }
    }

    /// Removes a file. One that is not there is removed already.
    ///
    /// # Errors
    ///
    /// When the place cannot be written to.
    pub(crate) async fn remove(&self, key: &BlobKey) -> io::Result<()> {
        match &self.0 {
            Place::Folder(folder) => folder.remove(key).await,
            Place::Nowhere => Ok(()),
        }
    }

    /// Whose files there are.
    ///
    /// # Errors
    ///
    /// When the place cannot be read.
    pub(crate) async fn organizations(&self) -> io::Result<Vec<OrganizationId>> {
        match &self.0 {
            Place::Folder(folder) => folder.organizations().await,
            Place::Nowhere => Ok(Vec::new()),
        }
    }

    /// The files of an organization that nobody is about to write down, for whoever looks which of them are in use. What a
    /// server that was killed left half-written is removed.
    ///
    /// # Errors
    ///
    /// When the place cannot be read.
    pub(crate) async fn settled(&self, of: OrganizationId) -> io::Result<Vec<BlobKey>> {
        match &self.0 {
            Place::Folder(folder) => folder.settled(of).await,
            Place::Nowhere => Ok(Vec::new()),
        }
    }
}

/// A file that is being written. Dropped without [`finish`](Self::finish), nothing of it stays.
#[derive(Debug)]
pub(crate) struct Growing(GrowingFile);

impl Growing {
    /// Writes what comes next.
    ///
    /// # Errors
    ///
    /// When the place cannot be written to.
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write(bytes).await
    }

    /// Ends the file: it is there whole, and survives a loss of power.
    ///
    /// # Errors
    ///
    /// When the place cannot be written to.
    pub(crate) async fn finish(self) -> io::Result<NewBlob> {
        self.0.finish().await.map(NewBlob)
    }
}

/// A file that is written and that nothing refers to yet. Dropped without [`leave`](Self::leave), it is removed.
#[derive(Debug)]
pub(crate) struct NewBlob(folder::NewFile);

impl NewBlob {
    /// Its key.
    pub(crate) const fn key(&self) -> &BlobKey {
        self.0.key()
    }

    /// Leaves the file, before the transaction that refers to it is committed: the sweep removes it if nothing does in the end.
    pub(crate) fn leave(self) -> LeftBlob {
        LeftBlob { _file: self.0.leave() }
    }
}

/// A file that the store refers to soon, or does already. It stays whatever happens; until this is dropped the sweep does not
/// look at it.
#[derive(Debug)]
pub(crate) struct LeftBlob {
    _file: folder::NewFile,
}
