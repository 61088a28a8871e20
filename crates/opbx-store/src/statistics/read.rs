//! Reading statistics back: out of counts, never out of calls.

use jiff::civil::Date;
use opbx_core::call_state::{CallDirection, Disposition};
use opbx_core::statistics::{Interval, LocalHour, Report, Sums};
use sea_orm::sea_query::{Expr, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait, Select};

use super::cut::Cut;
use super::days;
use crate::entity::statistics_hours::{Column, Entity};
use crate::error::{Cause, Error};
use crate::millis::Millis;
use crate::pool::Line;
use crate::tenant::TenantStore;

/// Hours that were added up, as far as the question needs them apart.
#[derive(FromQueryResult)]
struct Added {
    day: i32,
    start: Millis,
    hour: i32,
    direction: String,
    disposition: String,
    calls: i64,
    missed: i64,
    duration: i64,
    talk: i64,
    waited: i64,
    wait: i64,
    cost: i64,
}

impl TenantStore {
    /// The statistics of some days, the last one included: days of the zone that the organization's counts are cut in.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when there is no such organization (any more); [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn statistics(&self, from: Date, to: Date, interval: Interval) -> Result<Report, Error> {
        let work = async |line: Line| {
            let reading = line.read().await?;
            let report = self.report(&reading, (from, to), interval).await?;
            reading.commit().await?;
            Ok(report)
        };
        self.store.pool.attempt(work).await
    }

    async fn report(
        &self,
        db: &impl ConnectionTrait,
        (from, to): (Date, Date),
        interval: Interval,
    ) -> Result<Report, Error> {
        let Some(cut) = self.cut(db).await? else {
            let zone = self.zone(&self.timezone_in(db).await?);
            return Ok(Report::blank(from, to, interval, &zone));
        };
        let mut report = Report::blank(from, to, interval, &cut.zone);
        let hours = self.hours(&cut, from, to);
        for added in of_series(db, hours.clone(), interval).await? {
            let hour = LocalHour {
                day: days::day(added.day),
                start: added.start.instant()?,
                hour: i8::try_from(added.hour).unwrap_or_default(),
            };
            let direction = CallDirection::from_platform(&added.direction).ok_or_else(|| strange(&added.direction))?;
            let disposition = match added.disposition.as_str() {
                "" => None,
                word => Some(disposition(word)?),
            };
            let start = Report::start(interval, &hour, &cut.zone);
            report.count(start, direction, disposition, &added.sums());
        }
        for (hour, calls) in of_hours(db, hours).await? {
            report.count_hour(i8::try_from(hour).unwrap_or_default(), calls);
        }
        self.put_tops(db, &cut, (from, to), &mut report).await?;
        Ok(report)
    }

    fn hours(&self, cut: &Cut, from: Date, to: Date) -> Select<Entity> {
        self.rows::<Entity>()
            .filter(Column::Generation.eq(cut.generation))
            .filter(Column::Day.between(days::number(from), days::number(to)))
    }
}

/// The sums of each part of a series, direction and disposition: of weeks by their days, which are few.
async fn of_series(db: &impl ConnectionTrait, hours: Select<Entity>, interval: Interval) -> Result<Vec<Added>, Error> {
    let mut added = hours.select_only().column(Column::Day);
    added = added.column_as(Expr::cust("MIN(start)"), "start").column_as(Expr::cust("MIN(hour)"), "hour");
    added = added.column(Column::Direction).column(Column::Disposition);
    for name in ["calls", "missed", "duration", "talk", "waited", "wait", "cost"] {
        added = added.column_as(Expr::cust(sum_of(name)), name);
    }
    added = added.group_by(Column::Day);
    if interval == Interval::Hour {
        added = added.group_by(Column::Start);
    }
    let added: SelectStatement = added.group_by(Column::Direction).group_by(Column::Disposition).into_query();
    Ok(Added::find_by_statement(db.get_database_backend().build(&added)).all(db).await?)
}

/// How many calls began while the clocks showed which hour.
async fn of_hours(db: &impl ConnectionTrait, hours: Select<Entity>) -> Result<Vec<(i32, i64)>, Error> {
    let hours = hours.select_only().column(Column::Hour).column_as(Expr::cust(sum_of("calls")), "calls");
    Ok(hours.group_by(Column::Hour).into_tuple().all(db).await?)
}

/// MySQL adds whole numbers up to a decimal.
pub(super) fn sum_of(name: &'static str) -> String {
    format!("CAST(SUM({name}) AS SIGNED)")
}

impl Added {
    const fn sums(&self) -> Sums {
        Sums {
            calls: self.calls,
            missed: self.missed,
            duration: self.duration,
            talk: self.talk,
            waited: self.waited,
            wait: self.wait,
            cost: self.cost,
        }
    }
}

fn disposition(word: &str) -> Result<Disposition, Error> {
    Disposition::ALL.into_iter().find(|known| known.as_str() == word).ok_or_else(|| strange(word))
}

fn strange(word: &str) -> Error {
    Error::Corrupt(Cause::said(format!("{word:?} is no word of statistics")))
}
