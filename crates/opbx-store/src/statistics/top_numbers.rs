//! The numbers with the most calls, out of very many.
//!
//! Grouping a year of counts costs by how many numbers there are, and nearly all of them called once or twice. So a bound is
//! found first: the tenth of ten numbers that had many calls in one month has a sum over all the days asked for; call it
//! *bound*. Whoever belongs among the first ten has as many, and spread over `n` months that is at least `bound / n` in one
//! of them. Only the numbers with so many in a month are added up. That is exact, whatever the numbers are; it saves nothing
//! where all of them call about equally often, and then everything is grouped after all.

use jiff::civil::Date;
use opbx_core::statistics::{ShareKind, month_of};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::cut::Cut;
use super::days;
use super::tops::{Counted, MOST, stretches};
use super::write::MONTH;
use crate::entity::statistics_shares::{Column, Entity};
use crate::error::Error;
use crate::tenant::TenantStore;

/// A stretch of at most so many days is grouped at once.
const SHORT: i32 = 14;
/// How many numbers are added up one by one; grouping all costs no more than that.
const MOST_ADDED_UP: usize = 300;

impl TenantStore {
    /// The numbers among which those with the most calls are; `None`: any of them may be.
    pub(super) async fn likely_numbers(
        &self,
        db: &impl ConnectionTrait,
        cut: &Cut,
        (from, to): (Date, Date),
    ) -> Result<Option<Vec<String>>, Error> {
        if days::number(to) - days::number(from) < SHORT {
            return Ok(None);
        }
        let months: Vec<i32> = days::months(from, to).map(days::number).collect();
        // A month that lies in it as a whole says more of it than one that it begins in.
        let whole = stretches(from, to).into_iter().find(|(span, ..)| *span == MONTH);
        let some = whole.map_or(month_of(from), |(_, _, last)| month_of(last));
        let many = self.months(cut, &[days::number(some)]).order_by_desc(Column::Calls).limit(MOST);
        let many: Vec<String> = many.select_only().column(Column::Name).into_tuple().all(db).await?;
        let many: Vec<Counted> = self.most(db, cut, ShareKind::Number, (from, to), Some(&many)).await?;
        let bound = many.last().filter(|_| many.len() as u64 == MOST).map_or(0, |last| last.calls);
        // A month has all the calls of those of its days that are asked for, and perhaps more: the bound holds for it.
        let least = bound.cast_unsigned().div_ceil(months.len() as u64).cast_signed();
        let likely = self.months(cut, &months).filter(Column::Calls.gte(least));
        let likely = likely.select_only().column(Column::Name).distinct().limit(MOST_ADDED_UP as u64 + 1);
        let likely: Vec<String> = likely.into_tuple().all(db).await?;
        Ok((likely.len() <= MOST_ADDED_UP).then_some(likely))
    }

    fn months(&self, cut: &Cut, months: &[i32]) -> Select<Entity> {
        let rows = self.rows::<Entity>().filter(Column::Generation.eq(cut.generation));
        let rows = rows.filter(Column::Kind.eq(ShareKind::Number.as_str())).filter(Column::Span.eq(MONTH));
        rows.filter(Column::Day.is_in(months.iter().copied()))
    }
}
