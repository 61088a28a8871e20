//! The audit log: what happened to an organization, and by whom.
//!
//! Each entry stands in the transaction of the change that it tells of. Its content is hashed with a salt of its own, and
//! the entries of an organization form a chain over those digests: an entry that was altered, removed or slipped in
//! breaks it. To erase what an entry says, its content and its salt are removed; the digest stays and tells nothing, and
//! the chain holds.

mod chain;
mod read;
mod trim;
mod verify;

pub use self::read::{AuditEntry, AuditQuery};
pub use self::verify::{Fault, Verified};

use jiff::Timestamp;
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::Value;

use self::chain::{Link, content, salt};
use crate::edit::Author;
use crate::entity::{audit_entries, audit_heads};
use crate::error::{Cause, Error};
use crate::millis::Millis;
use crate::tenant::TenantStore;

/// How many entries one statement inserts: an engine has a limit of values for each.
const ROWS_AT_ONCE: usize = 500;

/// What an entry tells of, beside who and when.
#[derive(Clone, PartialEq, Debug)]
pub struct Entry {
    /// What was done: `created`, `updated`, `deleted`, `signed_in`, `secret_read`.
    pub action: &'static str,
    /// To what kind of thing: singular, in snake case.
    pub object_type: &'static str,
    /// To which one.
    pub object_id: Option<u64>,
    /// What people call it.
    pub object_name: String,
    /// What it was before, as far as it differs.
    pub before: Option<Value>,
    /// What it is now, as far as it differs.
    pub after: Option<Value>,
}

impl Entry {
    /// An action on a thing, of which nothing more is to be told.
    pub fn of(
        action: &'static str,
        object_type: &'static str,
        object_id: Option<u64>,
        name: impl Into<String>,
    ) -> Self {
        Self { action, object_type, object_id, object_name: name.into(), before: None, after: None }
    }
}

/// Only the fields that differ: what stayed tells nothing, and the log is read by people.
pub(crate) fn differences(before: &Value, after: &Value) -> (Value, Value) {
    let (Value::Object(old), Value::Object(new)) = (before, after) else { return (before.clone(), after.clone()) };
    let differs = |name: &String| old.get(name) != new.get(name);
    let keep = |fields: &serde_json::Map<String, Value>| {
        Value::Object(
            fields.iter().filter(|(name, _)| differs(name)).map(|(name, it)| (name.clone(), it.clone())).collect(),
        )
    };
    (keep(old), keep(new))
}

impl TenantStore {
    /// Appends entries, in the transaction of what they tell of. The organization is locked by then, so that two entries
    /// never follow the same one. A file of ten thousand objects makes as many entries: they are inserted by hundreds.
    pub(crate) async fn append(
        &self,
        db: &impl ConnectionTrait,
        author: &Author,
        entries: &[Entry],
        now: Timestamp,
    ) -> Result<(), Error> {
        if entries.is_empty() {
            return Ok(());
        }
        let head = self.rows::<audit_heads::Entity>().one(db).await?;
        let mut last = head.as_ref().map_or_else(Link::first, |head| Link::of(head.sequence, &head.chain));
        for some in entries.chunks(ROWS_AT_ONCE) {
            let mut rows = Vec::with_capacity(some.len());
            for entry in some {
                let (row, link) = self.linked(&last, author, entry, now)?;
                rows.push(row);
                last = link;
            }
            audit_entries::Entity::insert_many(rows).exec_without_returning(db).await?;
        }
        self.put_head(db, head.is_some(), &last).await
    }

    /// The row of an entry that follows the last one, and the link that it makes.
    fn linked(
        &self,
        last: &Link,
        author: &Author,
        entry: &Entry,
        now: Timestamp,
    ) -> Result<(audit_entries::ActiveModel, Link), Error> {
        let salt = salt()?;
        let mut row = audit_entries::ActiveModel {
            organization_id: Set(self.key()),
            sequence: Set(last.sequence + 1),
            at: Set(Millis::of(now)),
            actor_kind: Set(author.actor.word().to_owned()),
            actor_id: Set(author.actor.number().map(u64::cast_signed)),
            actor_name: Set(short(author.actor.name())),
            action: Set(entry.action.to_owned()),
            object_type: Set(entry.object_type.to_owned()),
            object_id: Set(entry.object_id.map(u64::cast_signed)),
            object_name: Set(short(&entry.object_name)),
            before_change: Set(entry.before.as_ref().map(Value::to_string)),
            after_change: Set(entry.after.as_ref().map(Value::to_string)),
            request_id: Set(author.request_id.as_deref().map(Into::into)),
            address: Set(author.address.as_deref().map(Into::into)),
            salt: Set(Some(salt.to_vec())),
            ..Default::default()
        };
        let digest = content(&salt, &row)?;
        let link = last.followed_by(Millis::of(now), &digest);
        row.digest = Set(digest.to_vec());
        row.chain = Set(link.chain.to_vec());
        Ok((row, link))
    }

    async fn put_head(&self, db: &impl ConnectionTrait, is_there: bool, link: &Link) -> Result<(), Error> {
        let mut row = audit_heads::ActiveModel {
            sequence: Set(link.sequence),
            chain: Set(link.chain.to_vec()),
            ..Default::default()
        };
        if is_there {
            let own = audit_heads::Column::OrganizationId.eq(self.key());
            audit_heads::Entity::update_many().set(row).filter(own).exec(db).await?;
            return Ok(());
        }
        row.organization_id = Set(self.key());
        row.base_sequence = Set(0);
        row.base_chain = Set(Link::first().chain.to_vec());
        audit_heads::Entity::insert(row).exec_without_returning(db).await?;
        Ok(())
    }
}

/// A name as long as its column.
fn short(name: &str) -> String {
    name.chars().take(255).collect()
}

fn damaged(what: &str) -> Error {
    Error::Corrupt(Cause::said(format!("the audit log is damaged: {what}")))
}
