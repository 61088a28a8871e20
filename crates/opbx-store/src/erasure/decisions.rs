//! Decisions that show a number: of calls that are none in the log, or show it elsewhere.

use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::SEARCHED_AT_ONCE;
use crate::entity::decisions::{Column, Entity};
use crate::error::Error;
use crate::pool::Line;
use crate::tenant::TenantStore;

impl TenantStore {
    /// Removes them. Answers how many.
    pub(super) async fn erase_from_decisions(&self, digits: &str) -> Result<u64, Error> {
        let (mut after, mut gone) = (0, 0);
        loop {
            let work = async |line: Line| {
                let next = || self.rows::<Entity>().filter(Column::Id.gt(after));
                let last = next().order_by_asc(Column::Id).select_only().column(Column::Id);
                let last = last.offset(SEARCHED_AT_ONCE - 1).limit(1).into_tuple::<i64>().one(line.db()).await?;
                let shows = [Column::FromParty, Column::ToParty, Column::Document, Column::Trace];
                let shows = shows.map(|column| column.contains(digits)).into_iter().reduce(ExprTrait::or);
                let found = next().filter(Column::Id.lte(last.unwrap_or(i64::MAX)));
                let found = shows.into_iter().fold(found, QueryFilter::filter).select_only().column(Column::Id);
                let found: Vec<i64> = found.into_tuple().all(line.db()).await?;
                if found.is_empty() {
                    return Ok((last, 0));
                }
                let writing = line.write().await?;
                let own = Column::OrganizationId.eq(self.key()).and(Column::Id.is_in(found));
                let gone = Entity::delete_many().filter(own).exec(&*writing).await?.rows_affected;
                writing.commit().await?;
                Ok((last, gone))
            };
            let (last, some) = self.store.pool.attempt(work).await?;
            gone += some;
            match last {
                Some(last) => after = last,
                None => return Ok(gone),
            }
        }
    }
}
