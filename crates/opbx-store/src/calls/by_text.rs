//! Finding the calls of numbers and of other texts in the order of the log, without putting all of them in order first.
//!
//! The calls that show one text stand in an index in the order of the log, and those of many do not. So:
//!
//! * Of few texts, the newest of each are read off that index and put in order together.
//! * Texts with so many calls that a page of them is among the newest of the log are found by walking along the log.
//! * The others have few calls for their share of the log; their identifiers are put in order, out of the index alone.
//!
//! Which of it holds is found out and not guessed: neither engine knows how often a number calls.

use sea_orm::sea_query::{Alias, Expr, Order, Query, SelectStatement, UnionType};
use sea_orm::{ColumnTrait, ConnectionTrait, IdenStatic, QueryFilter, QuerySelect, QueryTrait, Select};

use super::query::{CallCursor, CallQuery, NumberFilter};
use super::read::{behind, in_order};
use crate::entity::calls;
use crate::error::Error;
use crate::millis::Millis;
use crate::tenant::TenantStore;

/// Where a call shows numbers and names that are looked for.
pub(super) const SHOWN: [calls::Column; 3] =
    [calls::Column::FromNumber, calls::Column::ToNumber, calls::Column::CallerName];
/// So many texts are few.
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

/// A question by a number or by a text, taken apart.
pub(super) struct ByText<'q> {
    by: By<'q>,
    /// What else is asked.
    rest: CallQuery,
}

/// What is looked for, and where.
enum By<'q> {
    Number(calls::Column, &'q NumberFilter),
    /// The key of a call, or a part of a number or name.
    Search(&'q str),
}

/// How what is asked for is found.
pub(super) enum Sought<'q> {
    /// Any of these holds, each of which is found by an index, and the rest.
    Few { each: Vec<Expr>, rest: CallQuery },
    /// So many texts are meant that they are not told one by one.
    Many(ByText<'q>),
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
    fn by_text(&self) -> Option<ByText<'_>> {
        let (by, rest) = match (&self.from_number, &self.to_number, self.search.as_deref()) {
            (Some(filter), ..) => {
                (By::Number(calls::Column::FromNumber, filter), Self { from_number: None, ..self.clone() })
            }
            (None, Some(filter), _) => {
                (By::Number(calls::Column::ToNumber, filter), Self { to_number: None, ..self.clone() })
            }
            (None, None, Some(text)) if !text.is_empty() => (By::Search(text), Self { search: None, ..self.clone() }),
            _ => return None,
        };
        Some(ByText { by, rest })
    }
}

impl TenantStore {
    /// How what a question asks for is found; `None` of a question that names neither a number nor a text.
    pub(super) async fn sought<'q>(
        &self,
        db: &impl ConnectionTrait,
        query: &'q CallQuery,
    ) -> Result<Option<Sought<'q>>, Error> {
        let Some(asked) = query.by_text() else { return Ok(None) };
        let texts = match &asked.by {
            By::Number(_, filter) => self.texts_meant(filter, asked.rest.masked),
            By::Search(text) => self.texts_meant(&NumberFilter::Contains((*text).to_owned()), asked.rest.masked),
        };
        let texts: Vec<String> = texts.limit(FEW + 1).into_tuple().all(db).await?;
        if texts.len() as u64 <= FEW {
            let own: Vec<Expr> = match &asked.by {
                By::Number(column, _) => texts.iter().map(|text| column.eq(text)).collect(),
                By::Search(text) => {
                    let shown = texts.iter().flat_map(|text| SHOWN.map(|column| column.eq(text)));
                    shown.chain([calls::Column::Id.in_subquery(self.known_by(text))]).collect()
                }
            };
            return Ok(Some(Sought::Few { each: own, rest: asked.rest }));
        }
        Ok(Some(Sought::Many(asked)))
    }

    /// The identifiers of a stretch of what is sought, newest first.
    pub(super) async fn ids_by_text(
        &self,
        db: &impl ConnectionTrait,
        (query, sought): (&CallQuery, &Sought<'_>),
        wanted: Wanted,
    ) -> Result<Vec<i64>, Error> {
        match sought {
            Sought::Few { each, rest } => self.newest_of(db, rest, each, wanted).await,
            Sought::Many(asked) => match self.walk(db, asked, wanted).await? {
                Some(ids) => Ok(ids),
                None => ids(db, wanted.behind(self.chosen_calls(query)), wanted).await,
            },
        }
    }

    /// The identifiers of the calls for which any of these holds, so many of each at most.
    pub(super) fn any_of(&self, rest: &CallQuery, each: &[Expr], most: u64) -> Option<SelectStatement> {
        let of = |holds: &Expr| {
            let own = self.chosen_calls(rest).filter(holds.clone()).select_only().column(calls::Column::Id);
            let own = own.limit(most).into_query();
            Query::select().column(calls::Column::Id).from_subquery(own, Alias::new("some")).take()
        };
        joined(each.iter().map(of))
    }

    /// Of the calls for which each of these holds the newest, and of these the newest.
    async fn newest_of(
        &self,
        db: &impl ConnectionTrait,
        rest: &CallQuery,
        each: &[Expr],
        wanted: Wanted,
    ) -> Result<Vec<i64>, Error> {
        use calls::Column;
        let of = |holds: &Expr| {
            let own = wanted.behind(self.chosen_calls(rest)).filter(holds.clone());
            let own = in_order(own.select_only().column(Column::Id).column(Column::InitiatedAt));
            // Neither engine takes an order or a limit inside a union but of a table of its own.
            let own = own.limit(wanted.until()).into_query();
            Query::select().columns([Column::Id, Column::InitiatedAt]).from_subquery(own, Alias::new("newest")).take()
        };
        let Some(newest) = joined(each.iter().map(of)) else { return Ok(Vec::new()) };
        let mut found = Query::select();
        found.column(Column::Id).from_subquery(newest, Alias::new("found"));
        found.order_by(Column::InitiatedAt, Order::Desc).order_by(Column::Id, Order::Desc);
        found.offset(wanted.offset).limit(wanted.limit);
        let rows = db.query_all(&found).await?;
        Ok(rows.iter().map(|row| row.try_get("", Column::Id.as_str())).collect::<Result<_, _>>()?)
    }

    /// Looks for them along the log; `None` if they are not all there.
    async fn walk(
        &self,
        db: &impl ConnectionTrait,
        asked: &ByText<'_>,
        wanted: Wanted,
    ) -> Result<Option<Vec<i64>>, Error> {
        let along = wanted.behind(self.rows::<calls::Entity>());
        let along = in_order(along.select_only().column(calls::Column::InitiatedAt));
        let last: Option<Millis> = along.offset(wanted.walked()).limit(1).into_tuple().one(db).await?;
        // The sign takes a column out of the reach of its index, which would be entered else.
        let apart = |column: calls::Column| Expr::cust(format!("+{}", column.as_str()));
        let chosen = wanted.behind(self.chosen_calls(&asked.rest));
        let mut chosen = match &asked.by {
            By::Number(column, filter) => {
                chosen.filter(self.number_is(apart(*column), *column, filter, asked.rest.masked))
            }
            By::Search(text) => chosen.filter(self.is_found_by(text, asked.rest.masked, apart)),
        };
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

/// What any of these finds, each call once, also one that shows a text twice.
fn joined(mut all: impl Iterator<Item = SelectStatement>) -> Option<SelectStatement> {
    let mut any = all.next()?;
    for other in all {
        any.union(UnionType::Distinct, other);
    }
    Some(any)
}
