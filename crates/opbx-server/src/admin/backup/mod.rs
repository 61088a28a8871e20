//! Everything that a new machine needs in one private file, and that file made a data directory again.
//!
//! A backup is a compressed tar whose first member is the [`Manifest`]: what follows, how long it is, its SHA-256, and how
//! many rows each table has. A reader takes only the members that it knows by name, each to the place that it has for it;
//! no name of an archive ever becomes a path.
//!
//! Compressed, because a database of settings is text and half-empty pages: about a quarter is left.

mod archive;
mod make;
mod restore;

pub use self::make::{BackedUp, NotBackedUp, Secret};
pub use self::restore::{KeyFrom, NotRestored, Restored};

use crate::blob::BlobKey;
use crate::storage::AUDIO;
use jiff::Timestamp;
use opbx_store::Inventory;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What becomes of something that stands where a command wants to write.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Existing {
    /// It stays, and the command refuses.
    Kept,
    /// It makes place.
    Replaced,
}

/// The form of backups that this version writes and reads.
const FORMAT: u32 = 2;
/// The name of the manifest.
const MANIFEST: &str = "manifest.json";

/// What a backup says about itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Manifest {
    format: u32,
    /// The version that made it.
    product: String,
    made_at: Timestamp,
    /// The steps of the schema, oldest first.
    steps: Vec<String>,
    /// How many rows each table has.
    rows: BTreeMap<String, u64>,
    members: Vec<Listed>,
}

/// A member as the manifest tells it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct Listed {
    name: String,
    bytes: u64,
    /// In hexadecimal.
    sha256: String,
}

/// What can be in a backup.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Member {
    Database,
    SecretKey,
    /// The file of a prompt.
    Audio(BlobKey),
}

impl Member {
    /// Its name in the archive, and in a data directory.
    fn name(&self) -> Cow<'static, str> {
        match self {
            Self::Database => "opbx.db".into(),
            Self::SecretKey => "secret.key".into(),
            Self::Audio(key) => format!("{AUDIO}/{key}").into(),
        }
    }

    /// The member of a name; `None`: no backup of ours has one of that name. A key is read and written again, so that
    /// nothing of a name is left in a path but numbers.
    fn named(name: &[u8]) -> Option<Self> {
        let name = str::from_utf8(name).ok()?;
        let fixed = [Self::Database, Self::SecretKey].into_iter().find(|member| member.name() == name);
        let audio = || name.strip_prefix(AUDIO)?.strip_prefix('/')?.parse().ok().map(Self::Audio);
        fixed.or_else(audio)
    }
}

impl Manifest {
    fn new(Inventory { steps, rows }: Inventory, members: Vec<Listed>, made_at: Timestamp) -> Self {
        Self { format: FORMAT, product: env!("CARGO_PKG_VERSION").to_owned(), made_at, steps, rows, members }
    }

    /// What the database in it holds.
    fn inventory(&self) -> Inventory {
        Inventory { steps: self.steps.clone(), rows: self.rows.clone() }
    }

    fn has(&self, member: &Member) -> bool {
        self.members.iter().any(|listed| listed.name == member.name())
    }

    /// How many files of prompts there are.
    fn audio(&self) -> usize {
        let is_audio = |listed: &&Listed| matches!(Member::named(listed.name.as_bytes()), Some(Member::Audio(_)));
        self.members.iter().filter(is_audio).count()
    }

    /// All rows of all tables.
    fn total(&self) -> u64 {
        self.rows.values().sum()
    }
}
