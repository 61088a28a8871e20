//! Why calls were decided as they were: kept no longer.

use jiff::Timestamp;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::decisions::{Column, Entity};
use crate::error::Error;
use crate::millis::Millis;
use crate::pool::Line;
use crate::tenant::TenantStore;

/// How many one transaction lets go.
const AT_ONCE: u64 = 500;

impl TenantStore {
    /// Lets go of decisions from before an instant. Answers how many.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn let_traces_go(&self, before: Timestamp) -> Result<u64, Error> {
        let before = Millis::of(before);
        let mut gone = 0;
        loop {
            let work = async |line: Line| {
                // They were written in the order of time, but for seconds: no index of an organization's times is needed.
                let oldest = self.rows::<Entity>().order_by_asc(Column::Id).limit(AT_ONCE);
                let oldest = oldest.select_only().column(Column::Id).column(Column::At);
                let oldest: Vec<(i64, Millis)> = oldest.into_tuple().all(line.db()).await?;
                let old: Vec<i64> = oldest.into_iter().filter(|(_, at)| *at < before).map(|(id, _)| id).collect();
                if old.is_empty() {
                    return Ok(0);
                }
                let writing = line.write().await?;
                let own = Column::OrganizationId.eq(self.key()).and(Column::Id.is_in(old));
                let gone = Entity::delete_many().filter(own).exec(&*writing).await?.rows_affected;
                writing.commit().await?;
                Ok(gone)
            };
            let some = self.store.pool.attempt(work).await?;
            gone += some;
            if some < AT_ONCE {
                return Ok(gone);
            }
        }
    }
}
