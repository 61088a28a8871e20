//! Reading the log: newest first, page by page.

use jiff::Timestamp;
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;

use super::damaged;
use crate::entity::audit_entries::{Column, Entity, Model};
use crate::error::Error;
use crate::millis::Millis;
use crate::page::Page;
use crate::pool::Line;
use crate::tenant::TenantStore;

/// Which entries are wanted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AuditQuery {
    /// Those of this person, by number.
    pub actor: Option<u64>,
    /// Those about this kind of thing.
    pub object_type: Option<String>,
    /// Those about the thing with this number.
    pub object_id: Option<u64>,
    /// Not before this instant.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub before: Option<Timestamp>,
    /// How many entries come before the page.
    pub offset: u64,
    /// How many entries the page holds at most.
    pub limit: u64,
}

/// An entry as it is read.
#[derive(Clone, PartialEq, Debug)]
pub struct AuditEntry {
    /// Its identifier.
    pub id: u64,
    /// Its place in the organization's log.
    pub sequence: u64,
    /// When it happened.
    pub at: Timestamp,
    /// What kind of actor it was: see [`Actor::word`](crate::Actor::word).
    pub actor_kind: String,
    /// The number of the actor.
    pub actor_id: Option<u64>,
    /// What the actor was called.
    pub actor_name: String,
    /// What was done.
    pub action: String,
    /// To what kind of thing.
    pub object_type: String,
    /// To which one.
    pub object_id: Option<u64>,
    /// What it was called.
    pub object_name: String,
    /// What it was before.
    pub before: Option<Value>,
    /// What it was afterwards.
    pub after: Option<Value>,
    /// The request.
    pub request_id: Option<String>,
    /// Where the request came from.
    pub address: Option<String>,
}

impl TenantStore {
    /// A page of the audit log, newest first.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn audit_log(&self, query: &AuditQuery) -> Result<Page<AuditEntry>, Error> {
        let work = async |line: Line| {
            let reading = line.read().await?;
            let mut chosen = self.rows::<Entity>();
            if let Some(actor) = query.actor {
                chosen = chosen.filter(Column::ActorId.eq(actor.cast_signed()));
                chosen = chosen.filter(Column::ActorKind.is_in(["user", "api_token"]));
            }
            if let Some(kind) = &query.object_type {
                chosen = chosen.filter(Column::ObjectType.eq(kind));
            }
            if let Some(id) = query.object_id {
                chosen = chosen.filter(Column::ObjectId.eq(id.cast_signed()));
            }
            if let Some(from) = query.from {
                chosen = chosen.filter(Column::At.gte(Millis::of(from)));
            }
            if let Some(before) = query.before {
                chosen = chosen.filter(Column::At.lt(Millis::of(before)));
            }
            let total = chosen.clone().count(&reading).await?;
            let rows = chosen.order_by_desc(Column::Sequence).offset(query.offset).limit(query.limit);
            let items = rows.all(&reading).await?.into_iter().map(entry).collect::<Result<_, Error>>()?;
            reading.commit().await?;
            Ok(Page { items, total })
        };
        self.store.pool.attempt(work).await
    }
}

fn entry(row: Model) -> Result<AuditEntry, Error> {
    let json = |text: Option<String>| {
        text.map(|text| serde_json::from_str(&text).map_err(|_| damaged("a change is no JSON"))).transpose()
    };
    Ok(AuditEntry {
        id: row.id.cast_unsigned(),
        sequence: row.sequence.cast_unsigned(),
        at: row.at.instant()?,
        actor_kind: row.actor_kind,
        actor_id: row.actor_id.map(i64::cast_unsigned),
        actor_name: row.actor_name,
        action: row.action,
        object_type: row.object_type,
        object_id: row.object_id.map(i64::cast_unsigned),
        object_name: row.object_name,
        before: json(row.before_change)?,
        after: json(row.after_change)?,
        request_id: row.request_id,
        address: row.address,
    })
}
