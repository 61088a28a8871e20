//! How entries are chained.

use chacha20poly1305::aead::Generate;
use sea_orm::ActiveValue;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::damaged;
use crate::entity::audit_entries::{ActiveModel, Model};
use crate::error::Error;
use crate::millis::Millis;

pub(super) type Digest = [u8; 32];
const SALT: usize = 16;

/// Where a chain stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Link {
    pub(super) sequence: i64,
    pub(super) chain: Digest,
}

impl Link {
    /// Before the first entry.
    pub(super) const fn first() -> Self {
        Self { sequence: 0, chain: [0; 32] }
    }

    pub(super) fn of(sequence: i64, chain: &[u8]) -> Self {
        // A column of another length matches no digest, which is what damage should do.
        Self { sequence, chain: chain.try_into().unwrap_or([0xff; 32]) }
    }

    /// The link of the next entry, of that time and with that digest of its content.
    pub(super) fn followed_by(&self, at: Millis, digest: &[u8]) -> Self {
        let sequence = self.sequence + 1;
        let mut hash = Sha256::new();
        hash.update(self.chain);
        hash.update(sequence.to_be_bytes());
        hash.update(at.number().to_be_bytes());
        hash.update(digest);
        Self { sequence, chain: hash.finalize().into() }
    }
}

/// Randomness for the content of one entry: without it, whoever has the digest of a small content can guess it.
pub(super) fn salt() -> Result<[u8; SALT], Error> {
    <[u8; SALT]>::try_generate().map_err(|_| Error::away("the system gives no randomness"))
}

/// The digest of what a new row says.
pub(super) fn content(salt: &[u8], row: &ActiveModel) -> Result<Digest, Error> {
    let said = json!([
        set(&row.actor_kind)?,
        set(&row.actor_id)?,
        set(&row.actor_name)?,
        set(&row.action)?,
        set(&row.object_type)?,
        set(&row.object_id)?,
        set(&row.object_name)?,
        set(&row.before_change)?,
        set(&row.after_change)?,
        set(&row.request_id)?,
        set(&row.address)?,
    ]);
    Ok(digest(salt, &said))
}

/// The digest of what a row says; `None` when its content was erased.
pub(super) fn content_of(row: &Model) -> Option<Digest> {
    let salt = row.salt.as_deref()?;
    let said = json!([
        row.actor_kind,
        row.actor_id,
        row.actor_name,
        row.action,
        row.object_type,
        row.object_id,
        row.object_name,
        row.before_change,
        row.after_change,
        row.request_id,
        row.address,
    ]);
    Some(digest(salt, &said))
}

fn digest(salt: &[u8], said: &Value) -> Digest {
    let mut hash = Sha256::new();
    hash.update(salt);
    hash.update(said.to_string());
    hash.finalize().into()
}

fn set<V: Into<sea_orm::Value> + Clone>(value: &ActiveValue<V>) -> Result<V, Error> {
    value.try_as_ref().cloned().ok_or_else(|| damaged("an entry is written with a column missing"))
}
