//! Finding the calls of numbers in the order of the log, without putting all of them in order first.
//!
//! The calls of one number stand in an index in the order of the log, and those of many do not. So:
//!
//! * Of few numbers, the newest of each are read off that index and put in order together.
//! * Numbers with so many calls that a page of them is among the newest of the log are found by walking along the log.
//! * The others have few calls for their share of the log; their identifiers are put in order, out of the index alone.
//!
//! Which of it holds is found out and not guessed: neither engine knows how often a number calls.

use sea_orm::sea_query::{Alias, Expr, Order, Query, SelectStatement, UnionType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, FromQueryResult, IdenStatic, QueryFilter, QuerySelect, QueryTrait, Select,
};

use super::query::{CallCursor, CallQuery, NumberFilter};
use super::read::{behind, in_order};
use crate::entity::calls;
use crate::error::Error;
use crate::millis::Millis;
use crate::tenant::TenantStore;

/// So many numbers are few.
const FEW: u64 = 32;
/// How many calls are walked along for each that is wanted,
const WALKED_FOR_EACH: u64 = 200;
/// and how many at most: putting rare ones in order costs less than that.
const MOST_WALKED: u64 = 5_000;

/// A stretch of the log of which identifiers are wanted.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    /// Behind which call; `None`: from the beginning.
    pub(super) cursor: Option<CallCursor>,
    /// How many are passed over.
    pub(super) offset: u64,
    /// How many follow at most.
    pub(super) limit: u64,
}

/// A question by a number, taken apart.
struct ByNumber<'q> {
    column: calls::Column,
    filter: &'q NumberFilter,
    masked: bool,
    /// What else is asked.
    rest: CallQuery,
}

/// A call's place in the log.
#[derive(FromQueryResult)]
struct Place {
    id: i64,
}

impl Wanted {
    fn until(self) -> u64 {
        self.offset.saturating_add(self.limit)
    }

    fn walked(self) -> u64 {
        self.until().saturating_mul(WALKED_FOR_EACH).min(MOST_WALKED)
    }

    /// What of some calls is behind the cursor.
    pub(super) fn behind(self, chosen: Select<calls::Entity>) -> Select<calls::Entity> {
        match self.cursor {
            Some(cursor) => chosen.filter(behind(cursor)),
            None => chosen,
        }
    }
}

impl CallQuery {
    fn by_number(&self) -> Option<ByNumber<'_>> {
        let (column, filter, rest) = match (&self.from_number, &self.to_number) {
            (Some(filter), _) => (calls::Column::FromNumber, filter, Self { from_number: None, ..self.clone() }),
            (None, Some(filter)) => (calls::Column::ToNumber, filter, Self { to_number: None, ..self.clone() }),
            (None, None) => return None,
        };
        Some(ByNumber { column, filter, masked: self.masked, rest })
    }
}

impl TenantStore {
    /// The identifiers of a stretch of what a question by a number finds, newest first; `None` of a question that names none.
    pub(super) async fn ids_by_number(
        &self,
        db: &impl ConnectionTrait,
        query: &CallQuery,
        wanted: Wanted,
    ) -> Result<Option<Vec<i64>>, Error> {
        let Some(asked) = query.by_number() else { return Ok(None) };
        let numbers = self.texts_meant(asked.filter, asked.masked).limit(FEW + 1);
        let numbers: Vec<String> = numbers.into_tuple().all(db).await?;
        if numbers.len() as u64 <= FEW {
            return self.newest_of(db, &asked, &numbers, wanted).await.map(Some);
        }
        if let Some(ids) = self.walk(db, &asked, wanted).await? {
            return Ok(Some(ids));
        }
        ids(db, wanted.behind(self.chosen_calls(query)), wanted).await.map(Some)
    }

    /// Of each number the newest, and of these the newest.
    async fn newest_of(
        &self,
        db: &impl ConnectionTrait,
        asked: &ByNumber<'_>,
        numbers: &[String],
        wanted: Wanted,
    ) -> Result<Vec<i64>, Error> {
        use calls::Column;
        let of = |number: &String| {
            let own = wanted.behind(self.chosen_calls(&asked.rest)).filter(asked.column.eq(number));
            let own = in_order(own.select_only().column(Column::Id).column(Column::InitiatedAt));
            // Neither engine takes an order or a limit inside a union but of a table of its own.
            let own = own.limit(wanted.until()).into_query();
            Query::select().columns([Column::Id, Column::InitiatedAt]).from_subquery(own, Alias::new("newest")).take()
        };
        let mut all = numbers.iter().map(of);
        let Some(mut newest) = all.next() else { return Ok(Vec::new()) };
        for other in all {
            newest.union(UnionType::All, other);
        }
        let mut found = Query::select();
        found.column(Column::Id).from_subquery(newest, Alias::new("found"));
        found.order_by(Column::InitiatedAt, Order::Desc).order_by(Column::Id, Order::Desc);
        found.offset(wanted.offset).limit(wanted.limit);
        places(db, &found).await
    }

    /// Looks for them along the log; `None` if they are not all there.
    async fn walk(
        &self,
        db: &impl ConnectionTrait,
        asked: &ByNumber<'_>,
        wanted: Wanted,
    ) -> Result<Option<Vec<i64>>, Error> {
        let along = wanted.behind(self.rows::<calls::Entity>());
        let along = in_order(along.select_only().column(calls::Column::InitiatedAt));
        let last: Option<Millis> = along.offset(wanted.walked()).limit(1).into_tuple().one(db).await?;
        // The sign takes the column out of the reach of its index, which would be entered else.
        let number = Expr::cust(format!("+{}", asked.column.as_str()));
        let meant = self.number_is(number, asked.column, asked.filter, asked.masked);
        let mut chosen = wanted.behind(self.chosen_calls(&asked.rest)).filter(meant);
        if let Some(last) = last {
            chosen = chosen.filter(calls::Column::InitiatedAt.gte(last));
        }
        let found = ids(db, chosen, wanted).await?;
        Ok((last.is_none() || found.len() as u64 == wanted.limit).then_some(found))
    }
}

async fn ids(db: &impl ConnectionTrait, chosen: Select<calls::Entity>, wanted: Wanted) -> Result<Vec<i64>, Error> {
    let ids = in_order(chosen.select_only().column(calls::Column::Id)).offset(wanted.offset).limit(wanted.limit);
    Ok(ids.into_tuple().all(db).await?)
}

async fn places(db: &impl ConnectionTrait, found: &SelectStatement) -> Result<Vec<i64>, Error> {
    let places = Place::find_by_statement(db.get_database_backend().build(found)).all(db).await?;
    Ok(places.into_iter().map(|place| place.id).collect())
}
