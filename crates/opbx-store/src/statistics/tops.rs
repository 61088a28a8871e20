//! What has the most calls.

use std::collections::{BTreeMap, HashSet};

use jiff::ToSpan;
use jiff::civil::Date;
use opbx_core::statistics::{Report, ShareKind, Top, month_of};
use sea_orm::sea_query::{Alias, Expr, Order, Query, SelectStatement, UnionType};
use sea_orm::{ColumnTrait, ConnectionTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait};

use super::cut::Cut;
use super::days;
use super::read::sum_of;
use super::write::{DAY, MONTH};
use crate::entity::statistics_shares::{Column, Entity};
use crate::entity::{extensions, ring_groups};
use crate::error::Error;
use crate::tenant::TenantStore;

/// How many are told.
pub(super) const MOST: u64 = 10;

/// A thing with its calls.
#[derive(FromQueryResult)]
pub(super) struct Counted {
    thing_id: i64,
    name: String,
    pub(super) calls: i64,
}

impl TenantStore {
    /// What has the most calls on some days, by its name of now where it is still there.
    pub(super) async fn put_tops(
        &self,
        db: &impl ConnectionTrait,
        cut: &Cut,
        days: (Date, Date),
        report: &mut Report,
    ) -> Result<(), Error> {
        let likely = self.likely_numbers(db, cut, days).await?;
        let numbers = self.most(db, cut, ShareKind::Number, days, likely.as_deref()).await?;
        report.top_numbers = numbers.into_iter().map(|counted| counted.top(None)).collect();
        let extensions = self.most(db, cut, ShareKind::Extension, days, None).await?;
        let names = self.rows::<extensions::Entity>().filter(extensions::Column::Id.is_in(ids(&extensions)));
        let names = names.select_only().column(extensions::Column::Id).column(extensions::Column::Name);
        let names: BTreeMap<i64, String> = names.into_tuple().all(db).await?.into_iter().collect();
        report.top_extensions = named(extensions, &names);
        let groups = self.most(db, cut, ShareKind::RingGroup, days, None).await?;
        let names = self.rows::<ring_groups::Entity>().filter(ring_groups::Column::Id.is_in(ids(&groups)));
        let names = names.select_only().column(ring_groups::Column::Id).column(ring_groups::Column::Name);
        let names: BTreeMap<i64, String> = names.into_tuple().all(db).await?.into_iter().collect();
        report.top_ring_groups = named(groups, &names);
        Ok(())
    }

    /// What has the most calls, of all things of a kind or of those with some names.
    pub(super) async fn most(
        &self,
        db: &impl ConnectionTrait,
        cut: &Cut,
        kind: ShareKind,
        (from, to): (Date, Date),
        names: Option<&[String]>,
    ) -> Result<Vec<Counted>, Error> {
        let mut parts =
            stretches(from, to).into_iter().map(|(span, from, to)| self.shares(cut, kind, span, (from, to), names));
        let Some(mut all) = parts.next() else { return Ok(Vec::new()) };
        for part in parts {
            all.union(UnionType::All, part);
        }
        let (part, calls) = (Alias::new("part"), Alias::new("calls"));
        let mut most = Query::select();
        most.column(Column::ThingId).expr_as(Expr::cust(sum_of("calls")), calls.clone()).from_subquery(all, part);
        if kind == ShareKind::Number {
            most.column(Column::Name).group_by_col(Column::ThingId).group_by_col(Column::Name);
        } else {
            // It may have been called differently in the course of time.
            most.expr_as(Expr::cust("MAX(name)"), Column::Name).group_by_col(Column::ThingId);
        }
        most.order_by(calls, Order::Desc).order_by(Column::Name, Order::Asc).order_by(Column::ThingId, Order::Asc);
        most.limit(MOST);
        Ok(Counted::find_by_statement(db.get_database_backend().build(&most)).all(db).await?)
    }

    fn shares(
        &self,
        cut: &Cut,
        kind: ShareKind,
        span: &str,
        (from, to): (Date, Date),
        names: Option<&[String]>,
    ) -> SelectStatement {
        let rows = self.rows::<Entity>().filter(Column::Generation.eq(cut.generation));
        let rows = rows.filter(Column::Kind.eq(kind.as_str())).filter(Column::Span.eq(span));
        let rows = match names {
            None => rows.filter(Column::Day.between(days::number(from), days::number(to))),
            Some(names) => {
                // Each row is named by its whole key: else all of these days would be read for some names.
                let first_days: Vec<Date> =
                    if span == MONTH { days::months(from, to).collect() } else { days::each(from, to).collect() };
                let rows = rows.filter(Column::Day.is_in(first_days.into_iter().map(days::number)));
                rows.filter(Column::ThingId.eq(0)).filter(Column::Name.is_in(names))
            }
        };
        rows.select_only().column(Column::ThingId).column(Column::Name).column(Column::Calls).into_query()
    }
}

impl Counted {
    fn top(self, id: Option<u64>) -> Top {
        Top { id, name: self.name.into(), calls: self.calls }
    }
}

fn ids(counted: &[Counted]) -> HashSet<i64> {
    counted.iter().map(|counted| counted.thing_id).collect()
}

fn named(counted: Vec<Counted>, names: &BTreeMap<i64, String>) -> Vec<Top> {
    let named = |counted: Counted| match names.get(&counted.thing_id) {
        Some(name) => {
            let id = Some(counted.thing_id.cast_unsigned());
            Top { name: name.as_str().into(), ..counted.top(id) }
        }
        None => counted.top(None),
    };
    counted.into_iter().map(named).collect()
}

/// Some days as whole months, and the days before and behind them.
pub(super) fn stretches(from: Date, to: Date) -> Vec<(&'static str, Date, Date)> {
    let first = if month_of(from) == from { from } else { month_of(from).saturating_add(1.month()) };
    let behind = month_of(to.saturating_add(1.day()));
    if first >= behind {
        return if from <= to { vec![(DAY, from, to)] } else { Vec::new() };
    }
    let all =
        [(DAY, from, first.saturating_sub(1.day())), (MONTH, first, behind.saturating_sub(1.day())), (DAY, behind, to)];
    all.into_iter().filter(|(_, from, to)| from <= to).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn told(from: Date, to: Date) -> Vec<String> {
        stretches(from, to).into_iter().map(|(span, from, to)| format!("{span} {from} {to}")).collect()
    }

    #[test]
    fn a_stretch_of_days_is_whole_months_and_what_is_around_them() {
        assert_eq!(told(date(2026, 1, 5), date(2026, 1, 9)), ["day 2026-01-05 2026-01-09"]);
        assert_eq!(told(date(2026, 1, 1), date(2026, 1, 31)), ["month 2026-01-01 2026-01-31"]);
        assert_eq!(told(date(2026, 1, 1), date(2026, 1, 30)), ["day 2026-01-01 2026-01-30"]);
        assert_eq!(told(date(2026, 1, 2), date(2026, 2, 27)), ["day 2026-01-02 2026-02-27"]);
        assert_eq!(
            told(date(2026, 1, 31), date(2026, 4, 1)),
            ["day 2026-01-31 2026-01-31", "month 2026-02-01 2026-03-31", "day 2026-04-01 2026-04-01"]
        );
        assert_eq!(told(date(2026, 4, 1), date(2026, 3, 1)), [""; 0]);
    }
}
