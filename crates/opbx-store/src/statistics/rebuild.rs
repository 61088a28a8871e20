//! Cutting an organization's counts anew: in its zone of now, out of its calls.

use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use opbx_core::statistics::{Tally, day_of, month_of};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Statement, Value};

use super::cut::{Cut, Next};
use super::write::{DAY, HOUR_COLUMNS, MONTH, SHARE_COLUMNS};
use super::{days, write};
use crate::calls::evidence_of;
use crate::entity::{call_evidence, statistics_cuts, statistics_hours, statistics_shares};
use crate::error::Error;
use crate::pool::{Line, Writing};
use crate::tenant::TenantStore;

/// How many calls one transaction counts: others wait for it.
const AT_ONCE: u64 = 500;
/// Days that are taken over at the end are written by one statement, however many years they are.
const LONGEST: Duration = Duration::from_secs(120);
/// How many days of rows that nobody reads any more one transaction removes.
const DAYS_AT_ONCE: i32 = 31;

/// What was cut anew.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Rebuilt {
    /// How many calls were counted.
    pub calls: u64,
}

impl TenantStore {
    /// Counts all calls anew, in the zone that the organization is in now. What is counted meanwhile is in it, and who asks
    /// meanwhile is told what was counted before. Where others are at the same work, they share it; what somebody did not
    /// finish is gone on with.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when there is no such organization (any more); [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn rebuild_statistics(&self) -> Result<Rebuilt, Error> {
        self.change(|writing| async move { (self.begin_cut(&writing).await, writing) }).await?;
        let mut rebuilt = Rebuilt::default();
        while let Some(calls) = self.change(|writing| async move { (self.go_on(&writing).await, writing) }).await? {
            rebuilt.calls += calls;
        }
        while self.change(|writing| async move { (self.forget_generations(&writing).await, writing) }).await? {}
        Ok(rebuilt)
    }

    /// Finishes a cut that is being made, if one is.
    pub(crate) async fn finish_cut(&self) -> Result<(), Error> {
        while self.change(|writing| async move { (self.go_on(&writing).await, writing) }).await?.is_some() {}
        Ok(())
    }

    /// Notes that calls from before an instant are let go: days that are not whole any more are never counted again. Answers
    /// whether they may go: not while a cut is made that has not counted them.
    pub(crate) async fn calls_may_go(&self, writing: &Writing, before: Timestamp) -> Result<bool, Error> {
        let cut = self.cut_or_begin(&**writing).await?;
        if cut.next.is_some() {
            return Ok(false);
        }
        let first = first_whole_day(before, &cut.zone);
        let first = cut.whole_from.map_or(first, |known| known.max(first));
        let change = statistics_cuts::ActiveModel { whole_from: Set(Some(days::number(first))), ..Default::default() };
        self.change_cut(writing, change).await?;
        Ok(true)
    }

    /// One transaction in which nobody else changes the organization.
    async fn change<T, Work>(&self, work: impl FnOnce(Writing) -> Work) -> Result<T, Error>
    where
        Work: Future<Output = (Result<T, Error>, Writing)>,
    {
        let turn = self.turn().await?;
        let attempt = async |line: Line| {
            let writing = self.begin(&line, turn).await?;
            let (done, writing) = work(writing).await;
            let done = done?;
            writing.commit().await?;
            Ok(done)
        };
        self.store.pool.attempt_within(LONGEST, attempt).await
    }

    async fn begin_cut(&self, writing: &Writing) -> Result<(), Error> {
        let (cut, timezone) = (self.cut_or_begin(&**writing).await?, self.timezone_in(&**writing).await?);
        if cut.next.as_ref().is_some_and(|next| next.timezone == timezone) {
            return Ok(());
        }
        // One that was begun for another zone is let go; its rows are forgotten with all others that nobody reads.
        let last = cut.next.map_or(cut.generation, |next| next.generation.max(cut.generation));
        let change = statistics_cuts::ActiveModel {
            next_generation: Set(Some(last + 1)),
            next_timezone: Set(Some(timezone)),
            next_after: Set(Some(0)),
            ..Default::default()
        };
        self.change_cut(writing, change).await
    }

    /// Counts some more calls; the last ones with what makes the next cut the one that counts. Answers how many, and `None`
    /// when there is nothing to be done.
    async fn go_on(&self, writing: &Writing) -> Result<Option<u64>, Error> {
        let Some(cut) = self.cut(&**writing).await? else { return Ok(None) };
        let Some(next) = &cut.next else { return Ok(None) };
        let rows = self.rows::<call_evidence::Entity>().filter(call_evidence::Column::OfCall.gt(next.after));
        let rows = rows.select_only().column(call_evidence::Column::OfCall).column(call_evidence::Column::Evidence);
        let rows = rows.order_by_asc(call_evidence::Column::OfCall).limit(AT_ONCE);
        let rows: Vec<(i64, String)> = rows.into_tuple().all(&**writing).await?;
        let mut tally = Tally::default();
        for (_, evidence) in &rows {
            cut.add_to_next(&mut tally, next, &evidence_of(evidence)?);
        }
        self.write_tally(writing, next.generation, tally).await?;
        let counted = rows.len() as u64;
        match rows.last() {
            Some((last, _)) if counted == AT_ONCE => {
                let change = statistics_cuts::ActiveModel { next_after: Set(Some(*last)), ..Default::default() };
                self.change_cut(writing, change).await?;
            }
            _ => self.take_over(writing, &cut, next).await?,
        }
        Ok(Some(counted))
    }

    /// Makes the next cut the one that counts.
    async fn take_over(&self, writing: &Writing, cut: &Cut, next: &Next) -> Result<(), Error> {
        let mut whole_from = None;
        if let Some(from) = cut.whole_from {
            self.keep_what_is_gone(writing, cut, next, from).await?;
            // A day of the new zone, of which all is cut in it: none on which anything of the old one was taken over.
            let began = cut.zone.to_timestamp(from.at(0, 0, 0, 0)).unwrap_or_default();
            let first = first_whole_day(began, &next.zone);
            whole_from = Some(days::number(first.max(from)));
        }
        let change = statistics_cuts::ActiveModel {
            generation: Set(next.generation),
            timezone: Set(next.timezone.clone()),
            whole_from: Set(whole_from),
            next_generation: Set(None),
            next_timezone: Set(None),
            next_after: Set(None),
            ..Default::default()
        };
        self.change_cut(writing, change).await
    }

    /// Takes over the days of which calls were let go, as they were cut.
    async fn keep_what_is_gone(&self, writing: &Writing, cut: &Cut, next: &Next, from: Date) -> Result<(), Error> {
        let backend = writing.get_database_backend();
        let of: [Value; 2] = [self.key().into(), cut.generation.into()];
        let say = async |sql: String, values: Vec<Value>| {
            writing.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await
        };
        let values = |more: Vec<Value>| [vec![next.generation.into()], of.to_vec(), more].concat();

        let columns = HOUR_COLUMNS.replacen("generation", "?", 1);
        let (into, then) = (write::HOURS.insert(), write::HOURS.on_twin(backend));
        let was = "FROM statistics_hours was WHERE organization_id = ? AND generation = ? AND day < ?";
        say(format!("{into} SELECT {columns} {was} {then}"), values(vec![days::number(from).into()])).await?;

        let columns = SHARE_COLUMNS.replacen("generation", "?", 1);
        let (into, then) = (write::SHARES.insert(), write::SHARES.on_twin(backend));
        let was = "FROM statistics_shares was WHERE organization_id = ? AND generation = ? AND span = ? AND day < ?";
        for (span, end) in [(DAY, from), (MONTH, month_of(from))] {
            let values = values(vec![span.into(), days::number(end).into()]);
            say(format!("{into} SELECT {columns} {was} {then}"), values).await?;
        }
        // The month in which it begins: its days before that.
        let month = month_of(from);
        let sql = format!(
            "{into} SELECT organization_id, ?, kind, ?, ?, thing_id, name, SUM(calls) {was} AND day >= ? \
             GROUP BY organization_id, kind, thing_id, name {then}"
        );
        let mut values: Vec<Value> = vec![next.generation.into(), MONTH.into(), days::number(month).into()];
        values.extend(of);
        values.extend([DAY.into(), days::number(from).into(), days::number(month).into()]);
        say(sql, values).await?;
        self.forget_empty(writing, next.generation).await
    }

    /// Rows of which nothing is left, after counts were added to counts.
    async fn forget_empty(&self, writing: &Writing, generation: i64) -> Result<(), Error> {
        let own = statistics_hours::Column::OrganizationId.eq(self.key());
        let empty = statistics_hours::Entity::delete_many().filter(own);
        let empty = empty.filter(statistics_hours::Column::Generation.eq(generation));
        empty.filter(statistics_hours::Column::Calls.eq(0)).exec(&**writing).await?;
        let own = statistics_shares::Column::OrganizationId.eq(self.key());
        let empty = statistics_shares::Entity::delete_many().filter(own);
        let empty = empty.filter(statistics_shares::Column::Generation.eq(generation));
        empty.filter(statistics_shares::Column::Calls.eq(0)).exec(&**writing).await?;
        Ok(())
    }

    /// Removes some of the rows that nobody reads any more. Answers whether there may be more.
    async fn forget_generations(&self, writing: &Writing) -> Result<bool, Error> {
        let Some(cut) = self.cut(&**writing).await? else { return Ok(false) };
        let read: Vec<i64> =
            [Some(cut.generation), cut.next.map(|next| next.generation)].into_iter().flatten().collect();
        {
            use statistics_hours::{Column, Entity};
            let unread = self.rows::<Entity>().filter(Column::Generation.is_not_in(read.clone()));
            let first = unread.order_by_asc(Column::Generation).order_by_asc(Column::Day).one(&**writing).await?;
            if let Some(first) = first {
                let gone = Entity::delete_many().filter(Column::OrganizationId.eq(self.key()));
                let gone = gone.filter(Column::Generation.eq(first.generation));
                gone.filter(Column::Day.lte(first.day.saturating_add(DAYS_AT_ONCE))).exec(&**writing).await?;
                return Ok(true);
            }
        }
        use statistics_shares::{Column, Entity};
        let unread = self.rows::<Entity>().filter(Column::Generation.is_not_in(read));
        let unread = unread.order_by_asc(Column::Generation).order_by_asc(Column::Kind).order_by_asc(Column::Span);
        let Some(first) = unread.order_by_asc(Column::Day).one(&**writing).await? else { return Ok(false) };
        let gone = Entity::delete_many().filter(Column::OrganizationId.eq(self.key()));
        let gone = gone.filter(Column::Generation.eq(first.generation)).filter(Column::Kind.eq(first.kind));
        let gone = gone.filter(Column::Span.eq(first.span));
        gone.filter(Column::Day.lte(first.day.saturating_add(DAYS_AT_ONCE))).exec(&**writing).await?;
        Ok(true)
    }

    pub(super) async fn change_cut(
        &self,
        writing: &Writing,
        change: statistics_cuts::ActiveModel,
    ) -> Result<(), Error> {
        let own = statistics_cuts::Column::OrganizationId.eq(self.key());
        statistics_cuts::Entity::update_many().set(change).filter(own).exec(&**writing).await?;
        Ok(())
    }
}

/// The first day that begins at an instant or later.
fn first_whole_day(at: Timestamp, zone: &TimeZone) -> Date {
    let day = day_of(at, zone);
    let is_its_begin = zone.to_timestamp(day.at(0, 0, 0, 0)).is_ok_and(|begin| begin >= at);
    if is_its_begin { day } else { day.saturating_add(1.day()) }
}
