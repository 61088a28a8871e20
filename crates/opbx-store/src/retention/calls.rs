//! Calls that are kept no longer, and the texts that no call shows any more.

use std::collections::BTreeSet;

use jiff::Timestamp;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::{call_texts, calls};
use crate::error::Error;
use crate::millis::Millis;
use crate::pool::{Line, Writing};
use crate::tenant::TenantStore;

/// How many calls one transaction lets go.
const AT_ONCE: u64 = 250;
/// How many texts are looked for at once: no index leads to the names that callers show, so each time all calls are read.
const TEXTS_AT_ONCE: usize = 4_000;

impl TenantStore {
    /// Lets go of the calls that began before an instant, with all that belongs to them. What was counted of them stays.
    /// Answers how many.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] when there is no such organization (any more); [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn let_calls_go(&self, before: Timestamp) -> Result<u64, Error> {
        // A cut that is being made still needs the calls that it has not counted.
        self.finish_cut().await?;
        let (mut gone, mut texts) = (0, BTreeSet::new());
        loop {
            let turn = self.turn().await?;
            let work = async |line: Line| {
                let writing = self.begin(&line, turn).await?;
                let some = self.let_some_go(&writing, before).await?;
                writing.commit().await?;
                Ok(some)
            };
            let (calls, shown) = self.store.pool.attempt(work).await?;
            gone += calls;
            texts.extend(shown);
            if calls < AT_ONCE || texts.len() >= TEXTS_AT_ONCE {
                self.forget_texts(std::mem::take(&mut texts)).await?;
            }
            if calls < AT_ONCE {
                return Ok(gone);
            }
        }
    }

    async fn let_some_go(&self, writing: &Writing, before: Timestamp) -> Result<(u64, Vec<String>), Error> {
        use calls::{Column, Entity};
        let old = self.rows::<Entity>().filter(Column::InitiatedAt.lt(Millis::of(before)));
        let old = old.order_by_asc(Column::InitiatedAt).order_by_asc(Column::Id).limit(AT_ONCE).select_only();
        let old = old.column(Column::Id).column(Column::FromNumber).column(Column::ToNumber).column(Column::CallerName);
        let old: Vec<(i64, String, String, Option<String>)> = old.into_tuple().all(&**writing).await?;
        if old.is_empty() || !self.calls_may_go(writing, before).await? {
            return Ok((0, Vec::new()));
        }
        // What belongs to a call goes with it.
        let own = Column::OrganizationId.eq(self.key()).and(Column::Id.is_in(old.iter().map(|(id, ..)| *id)));
        let gone = Entity::delete_many().filter(own).exec(&**writing).await?.rows_affected;
        let texts = old.into_iter().flat_map(|(_, from, to, name)| [Some(from), Some(to), name]).flatten();
        Ok((gone, texts.filter(|text| !text.is_empty()).collect()))
    }

    /// Forgets those of some texts that no call shows any more.
    pub(crate) async fn forget_texts(&self, texts: BTreeSet<String>) -> Result<(), Error> {
        let texts: Vec<String> = texts.into_iter().collect();
        for some in texts.chunks(TEXTS_AT_ONCE) {
            let turn = self.turn().await?;
            let work = async |line: Line| {
                let writing = self.begin(&line, turn).await?;
                self.forget_unused(&writing, some).await?;
                writing.commit().await
            };
            self.store.pool.attempt(work).await?;
        }
        Ok(())
    }

    async fn forget_unused(&self, writing: &Writing, texts: &[String]) -> Result<(), Error> {
        let mut unused: BTreeSet<String> = texts.iter().cloned().collect();
        for column in [calls::Column::FromNumber, calls::Column::ToNumber, calls::Column::CallerName] {
            if unused.is_empty() {
                return Ok(());
            }
            let shown = self.rows::<calls::Entity>().filter(column.is_in(unused.iter().cloned()));
            let shown: Vec<String> = shown.select_only().column(column).distinct().into_tuple().all(&**writing).await?;
            for text in shown {
                unused.remove(&text);
            }
        }
        let own = call_texts::Column::OrganizationId.eq(self.key());
        let gone = call_texts::Entity::delete_many().filter(own).filter(call_texts::Column::Text.is_in(unused));
        gone.exec(&**writing).await?;
        Ok(())
    }
}
