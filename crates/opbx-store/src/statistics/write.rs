//! Counting calls, in the transaction in which they are written.

use std::collections::BTreeMap;

use jiff::civil::Date;
use opbx_core::call_log::CallLog;
use opbx_core::call_state::Disposition;
use opbx_core::statistics::{HourKey, ShareKey, Sums, Tally, month_of};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, Statement, Value};

use super::cut::Cut;
use super::days;
use crate::entity::{statistics_hours, statistics_shares};
use crate::error::Error;
use crate::millis::Millis;
use crate::pool::Writing;
use crate::tenant::TenantStore;

/// How many rows a statement writes. Few sizes, so that each connection has them prepared.
const ROWS: [usize; 3] = [64, 8, 1];
/// What is kept of a name, in characters.
const LONGEST: usize = 255;

/// The word of the rows of a day.
pub(super) const DAY: &str = "day";
/// The word of the rows of a month; their day is its first.
pub(super) const MONTH: &str = "month";

/// The columns of hours, the key first, then the sums.
pub(super) const HOUR_COLUMNS: &str = "organization_id, generation, day, start, direction, disposition, hour, calls, missed, \
    duration, talk, waited, wait, cost";
/// The columns of shares.
pub(super) const SHARE_COLUMNS: &str = "organization_id, generation, kind, span, day, thing_id, name, calls";

/// The table of hours.
pub(super) const HOURS: Target = Target {
    table: "statistics_hours",
    columns: HOUR_COLUMNS,
    key: 6,
    sums: &["calls", "missed", "duration", "talk", "waited", "wait", "cost"],
};
/// The table of shares.
pub(super) const SHARES: Target =
    Target { table: "statistics_shares", columns: SHARE_COLUMNS, key: 7, sums: &["calls"] };

/// What a batch changes in the counts of an organization.
#[derive(Debug)]
pub(crate) struct Counting {
    cut: Cut,
    own: Tally,
    next: Tally,
}

impl Counting {
    /// A call that is new, or as it is now.
    pub(crate) fn add(&mut self, id: i64, log: &CallLog) {
        self.own.add(log, &self.cut.zone);
        if let Some(next) = self.cut.next.as_ref().filter(|next| id <= next.after) {
            self.cut.add_to_next(&mut self.next, next, log);
        }
    }

    /// A call as it was.
    pub(crate) fn take(&mut self, id: i64, log: &CallLog) {
        self.own.take(log, &self.cut.zone);
        if let Some(next) = self.cut.next.as_ref().filter(|next| id <= next.after) {
            self.cut.take_from_next(&mut self.next, next, log);
        }
    }
}

impl TenantStore {
    /// Begins to count. The organization is locked by then.
    pub(crate) async fn counting(&self, writing: &Writing) -> Result<Counting, Error> {
        let cut = self.cut_or_begin(&**writing).await?;
        Ok(Counting { cut, own: Tally::default(), next: Tally::default() })
    }

    /// Writes what was counted.
    pub(crate) async fn write_counts(&self, writing: &Writing, counting: Counting) -> Result<(), Error> {
        let Counting { cut, own, next } = counting;
        self.write_tally(writing, cut.generation, own).await?;
        match cut.next {
            Some(cut) => self.write_tally(writing, cut.generation, next).await,
            None => Ok(()),
        }
    }

    /// Adds a tally to the rows of a generation.
    pub(super) async fn write_tally(&self, writing: &Writing, generation: i64, mut tally: Tally) -> Result<(), Error> {
        tally.settle();
        let backend = writing.get_database_backend();
        let of = (self.key(), generation);
        let hours: Vec<Vec<Value>> = tally.hours.iter().map(|(key, sums)| hour_row(of, key, sums)).collect();
        HOURS.add(writing, backend, &hours).await?;
        let shares = with_months(&tally.shares);
        let rows: Vec<Vec<Value>> = shares.iter().map(|(share, calls)| share_row(of, share, *calls)).collect();
        SHARES.add(writing, backend, &rows).await?;
        for (key, _) in tally.hours.iter().filter(|(_, sums)| sums.calls < 0) {
            self.forget_empty_hour(writing, generation, key).await?;
        }
        for ((span, day, share), _) in shares.iter().filter(|(_, calls)| **calls < 0) {
            self.forget_empty_share(writing, generation, (*span, *day), share).await?;
        }
        Ok(())
    }

    /// A row of which nothing is left is no row: a count from the beginning would not make it.
    async fn forget_empty_hour(&self, writing: &Writing, generation: i64, key: &HourKey) -> Result<(), Error> {
        use statistics_hours::{Column, Entity};
        let own = Column::OrganizationId.eq(self.key());
        let gone = Entity::delete_many()
            .filter(own)
            .filter(Column::Generation.eq(generation))
            .filter(Column::Day.eq(days::number(key.hour.day)))
            .filter(Column::Start.eq(Millis::of(key.hour.start)))
            .filter(Column::Direction.eq(key.direction.as_str()))
            .filter(Column::Disposition.eq(word(key.disposition)))
            .filter(Column::Calls.eq(0));
        gone.exec(&**writing).await?;
        Ok(())
    }

    async fn forget_empty_share(
        &self,
        writing: &Writing,
        generation: i64,
        (span, day): (&str, Date),
        share: &ShareKey,
    ) -> Result<(), Error> {
        use statistics_shares::{Column, Entity};
        let own = Column::OrganizationId.eq(self.key());
        let gone = Entity::delete_many()
            .filter(own)
            .filter(Column::Generation.eq(generation))
            .filter(Column::Kind.eq(share.kind.as_str()))
            .filter(Column::Span.eq(span))
            .filter(Column::Day.eq(days::number(day)))
            .filter(Column::ThingId.eq(share.id.unwrap_or_default().cast_signed()))
            .filter(Column::Name.eq(cut(&share.name)))
            .filter(Column::Calls.eq(0));
        gone.exec(&**writing).await?;
        Ok(())
    }
}

/// What of a share is written: of its day, and of its month.
fn with_months(shares: &BTreeMap<(Date, ShareKey), i64>) -> BTreeMap<(&'static str, Date, &ShareKey), i64> {
    let mut all = BTreeMap::new();
    for ((day, share), calls) in shares {
        *all.entry((DAY, *day, share)).or_default() += calls;
        *all.entry((MONTH, month_of(*day), share)).or_default() += calls;
    }
    all.retain(|_, calls| *calls != 0);
    all
}

/// The word of a disposition; of calls that go on, none.
fn word(disposition: Option<Disposition>) -> &'static str {
    disposition.map_or("", Disposition::as_str)
}

fn hour_row((organization, generation): (i64, i64), key: &HourKey, sums: &Sums) -> Vec<Value> {
    vec![
        organization.into(),
        generation.into(),
        days::number(key.hour.day).into(),
        Millis::of(key.hour.start).into(),
        key.direction.as_str().into(),
        word(key.disposition).into(),
        i32::from(key.hour.hour).into(),
        sums.calls.into(),
        sums.missed.into(),
        sums.duration.into(),
        sums.talk.into(),
        sums.waited.into(),
        sums.wait.into(),
        sums.cost.into(),
    ]
}

fn share_row(
    (organization, generation): (i64, i64),
    (span, day, share): &(&'static str, Date, &ShareKey),
    calls: i64,
) -> Vec<Value> {
    vec![
        organization.into(),
        generation.into(),
        share.kind.as_str().into(),
        (*span).into(),
        days::number(*day).into(),
        share.id.unwrap_or_default().cast_signed().into(),
        cut(&share.name).into(),
        calls.into(),
    ]
}

/// The beginning of a name: whatever strangers send fits its column. Blanks at its end MySQL would not see.
fn cut(name: &str) -> String {
    let end = name.char_indices().nth(LONGEST).map_or(name.len(), |(end, _)| end);
    name.get(..end).unwrap_or_default().trim().to_owned()
}

/// A table that sums are added in.
pub(super) struct Target {
    table: &'static str,
    columns: &'static str,
    /// How many of the columns are its key.
    key: usize,
    sums: &'static [&'static str],
}

impl Target {
    async fn add(&self, writing: &Writing, backend: DbBackend, rows: &[Vec<Value>]) -> Result<(), Error> {
        let mut rest = rows;
        for size in ROWS {
            while let Some((rows, others)) = rest.split_at_checked(size) {
                let row = format!("({})", vec!["?"; self.columns.split(',').count()].join(", "));
                let rows_of_it = vec![row; size].join(", ");
                let (into, then) = (self.insert(), self.on_twin(backend));
                let sql = format!("{into} VALUES {rows_of_it} {then}");
                let values = rows.iter().flatten().cloned();
                writing.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
                rest = others;
            }
        }
        Ok(())
    }

    /// What a statement begins with.
    pub(super) fn insert(&self) -> String {
        format!("INSERT INTO {} ({})", self.table, self.columns)
    }

    /// What a statement ends with: a row that is there is added to, in the words of each engine.
    pub(super) fn on_twin(&self, backend: DbBackend) -> String {
        let table = self.table;
        let sums = |new: fn(&str) -> String| {
            let sums: Vec<String> =
                self.sums.iter().map(|sum| format!("{sum} = {table}.{sum} + {}", new(sum))).collect();
            sums.join(", ")
        };
        match backend {
            DbBackend::MySql => format!("ON DUPLICATE KEY UPDATE {}", sums(|sum| format!("VALUES({sum})"))),
            _ => {
                let key: Vec<&str> = self.columns.split(',').take(self.key).collect();
                format!("ON CONFLICT ({}) DO UPDATE SET {}", key.join(","), sums(|sum| format!("excluded.{sum}")))
            }
        }
    }
}
