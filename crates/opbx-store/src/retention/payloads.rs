//! What the platform said of calls word by word: kept no longer.

use jiff::Timestamp;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use crate::entity::{call_evidence, calls, payload_marks};
use crate::error::Error;
use crate::millis::Millis;
use crate::pool::{Line, Writing};
use crate::tenant::TenantStore;

/// How many calls one transaction looks at.
const AT_ONCE: u64 = 500;

impl TenantStore {
    /// Lets go of the payloads of calls that began before an instant. Answers how many. What comes later for such a call is
    /// not kept in the first place.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when there is no such organization (any more); [`Error::Unavailable`].
    pub async fn let_payloads_go(&self, before: Timestamp) -> Result<u64, Error> {
        let mut gone = 0;
        loop {
            let turn = self.turn().await?;
            let work = async |line: Line| {
                let writing = self.begin(&line, turn).await?;
                let some = self.let_some_payloads_go(&writing, Millis::of(before)).await?;
                writing.commit().await?;
                Ok(some)
            };
            let (some, is_all) = self.store.pool.attempt(work).await?;
            gone += some;
            if is_all {
                return Ok(gone);
            }
        }
    }

    async fn let_some_payloads_go(&self, writing: &Writing, before: Millis) -> Result<(u64, bool), Error> {
        use calls::Column;
        let mark = self.rows::<payload_marks::Entity>().one(&**writing).await?;
        let from = mark.as_ref().map_or(Millis::stored(i64::MIN), |mark| mark.gone_before);
        if from >= before {
            return Ok((0, true));
        }
        let old = || self.rows::<calls::Entity>().filter(Column::InitiatedAt.gte(from));
        let last = old().filter(Column::InitiatedAt.lt(before)).order_by_asc(Column::InitiatedAt);
        let last = last.select_only().column(Column::InitiatedAt).offset(AT_ONCE - 1).limit(1);
        let last: Option<Millis> = last.into_tuple().one(&**writing).await?;
        // All of one instant at once, so that the mark stands between two.
        let end = last.map_or(before, |last| Millis::stored(last.number().saturating_add(1)));
        let those = old().filter(Column::InitiatedAt.lt(end)).select_only().column(Column::Id).into_query();
        let gone = call_evidence::Entity::update_many()
            .col_expr(call_evidence::Column::Payload, Expr::value(Option::<String>::None))
            .filter(call_evidence::Column::OrganizationId.eq(self.key()))
            .filter(call_evidence::Column::Payload.is_not_null())
            .filter(call_evidence::Column::OfCall.in_subquery(those));
        let gone = gone.exec(&**writing).await?.rows_affected;
        let mut row = payload_marks::ActiveModel { gone_before: Set(end), ..Default::default() };
        if mark.is_some() {
            let own = payload_marks::Column::OrganizationId.eq(self.key());
            payload_marks::Entity::update_many().set(row).filter(own).exec(&**writing).await?;
        } else {
            row.organization_id = Set(self.key());
            payload_marks::Entity::insert(row).exec_without_returning(&**writing).await?;
        }
        Ok((gone, last.is_none()))
    }
}
