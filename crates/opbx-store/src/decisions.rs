//! What was decided for calls: written in batches, read by call or as it comes.
//!
//! The writing crosses organizations, and nothing else that is written for calls does: a server answers the calls of all its
//! organizations, and a transaction for each of them would cost a call more than its decision does. Each row carries the
//! organization that its call was verified to be of; nothing is read.

use jiff::Timestamp;
use opbx_core::id::OrganizationId;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, Statement,
    Value,
};

use crate::entity::decisions::{Column, Entity, Model};
use crate::error::Error;
use crate::millis::Millis;
use crate::platform::Platform;
use crate::pool::Line;
use crate::tenant::TenantStore;

/// How many rows a statement inserts. Few sizes, so that each connection has them prepared: reading the text of a
/// statement takes longer than carrying it out.
const ROWS: [usize; 3] = [64, 8, 1];
/// What a statement begins with, in the order of [`values`].
const INSERT: &str = "INSERT INTO decisions (organization_id, call_id, at, place, from_party, to_party, outcome, micros, \
    document, trace) VALUES ";
const ROW: &str = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
/// What is kept of a name from outside, in characters.
const LONGEST_NAME: usize = 255;

/// A decision to be kept.
#[derive(Clone, Debug)]
pub struct NewDecision<'a> {
    /// Whose call it was, as verified.
    pub organization: OrganizationId,
    /// The platform's token of the call; empty where it gave none.
    pub call_id: &'a str,
    /// When.
    pub at: Timestamp,
    /// Where in the call, in a word of at most 32 characters.
    pub place: &'a str,
    /// Who called, as the platform said it.
    pub from: &'a str,
    /// Whom they dialled.
    pub to: &'a str,
    /// How it came out, in a word of at most 64 characters.
    pub outcome: &'a str,
    /// How long it took, in microseconds.
    pub micros: u64,
    /// The document that the platform got.
    pub document: &'a str,
    /// Why, as JSON.
    pub trace: &'a str,
}

/// A decision that was kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeptDecision {
    /// Its place in the order of all.
    pub id: u64,
    /// Whose call it was.
    pub organization: OrganizationId,
    /// The platform's token of the call.
    pub call_id: String,
    /// When.
    pub at: Timestamp,
    /// Where in the call.
    pub place: String,
    /// Who called.
    pub from: String,
    /// Whom they dialled.
    pub to: String,
    /// How it came out.
    pub outcome: String,
    /// How long it took, in microseconds.
    pub micros: u64,
    /// The document that the platform got.
    pub document: String,
    /// Why, as JSON.
    pub trace: String,
}

/// Which decisions are asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Extent {
    /// The latest ones, so many at most.
    Latest(u64),
    /// Those that were written after one, the first so many of them.
    After {
        /// The identifier of that one.
        id: u64,
        /// So many.
        most: u64,
    },
}

impl Platform {
    /// Keeps decisions of any organizations: all or none, in one transaction.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`]; [`Error::Conflict`] when there is no such organization any more.
    pub async fn keep_decisions(&self, decisions: &[NewDecision<'_>]) -> Result<(), Error> {
        let work = async |line: Line| {
            let writing = line.write().await?;
            let backend = writing.get_database_backend();
            let mut rest = decisions;
            for size in ROWS {
                while let Some((rows, others)) = rest.split_at_checked(size) {
                    writing.execute_raw(insert(backend, rows)).await?;
                    rest = others;
                }
            }
            writing.commit().await
        };
        self.store.pool.attempt(work).await
    }

    /// Decisions of all organizations, newest last, for whoever has the machine in hand.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn decisions(&self, call: Option<&str>, extent: Extent) -> Result<Vec<KeptDecision>, Error> {
        let work = async |line: Line| read(line.db(), Entity::find(), call, extent).await;
        self.store.pool.attempt(work).await
    }
}

impl TenantStore {
    /// Decisions of the organization, newest last: of one call, or of all.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn decisions(&self, call: Option<&str>, extent: Extent) -> Result<Vec<KeptDecision>, Error> {
        let work = async |line: Line| read(line.db(), self.rows::<Entity>(), call, extent).await;
        self.store.pool.attempt(work).await
    }
}

fn insert(backend: DbBackend, rows: &[NewDecision<'_>]) -> Statement {
    let mut sql = String::with_capacity(INSERT.len() + rows.len() * (ROW.len() + 1));
    sql.push_str(INSERT);
    for place in 0..rows.len() {
        if place > 0 {
            sql.push(',');
        }
        sql.push_str(ROW);
    }
    Statement::from_sql_and_values(backend, sql, rows.iter().flat_map(values))
}

fn values(row: &NewDecision<'_>) -> [Value; 10] {
    [
        row.organization.get().cast_signed().into(),
        name(row.call_id).into(),
        Millis::of(row.at).into(),
        row.place.into(),
        name(row.from).into(),
        name(row.to).into(),
        row.outcome.into(),
        row.micros.cast_signed().into(),
        row.document.into(),
        row.trace.into(),
    ]
}

/// The beginning of a name that came from outside: whatever its length, it fits its column.
fn name(text: &str) -> &str {
    let end = text.char_indices().nth(LONGEST_NAME).map_or(text.len(), |(end, _)| end);
    text.get(..end).unwrap_or_default()
}

async fn read(
    db: &impl ConnectionTrait,
    mut rows: Select<Entity>,
    call: Option<&str>,
    extent: Extent,
) -> Result<Vec<KeptDecision>, Error> {
    if let Some(call) = call {
        rows = rows.filter(Column::CallId.eq(name(call)));
    }
    let mut rows = match extent {
        Extent::Latest(most) => {
            let mut rows = rows.order_by_desc(Column::Id).limit(most).all(db).await?;
            rows.reverse();
            rows
        }
        Extent::After { id, most } => {
            rows.filter(Column::Id.gt(id.cast_signed())).order_by_asc(Column::Id).limit(most).all(db).await?
        }
    };
    rows.drain(..).map(kept).collect()
}

fn kept(row: Model) -> Result<KeptDecision, Error> {
    Ok(KeptDecision {
        id: row.id.cast_unsigned(),
        organization: OrganizationId::new(row.organization_id.cast_unsigned()),
        call_id: row.call_id,
        at: row.at.instant()?,
        place: row.place,
        from: row.from_party,
        to: row.to_party,
        outcome: row.outcome,
        micros: row.micros.cast_unsigned(),
        document: row.document,
        trace: row.trace,
    })
}
