//! Reading calls back: lists, live ones, one with all that is known of it.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;
use opbx_core::call_log::CallKey;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Alias, Asterisk, Expr, ExprTrait, Func, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
};
use serde_json::json;

use super::by_text::{Sought, Wanted};
use super::{
    CallCursor, CallOrder, CallPage, CallQuery, KeptCall, KeptLeg, Stretch, WholeCall, columns, digest, sheet,
};
use crate::audit::Entry;
use crate::edit::Edit;
use crate::entity::{ObjectRow, call_evidence, call_keys, call_legs, calls, extensions, phone_numbers, ring_groups};
use crate::error::Error;
use crate::millis::Millis;
use crate::pool::Line;
use crate::tenant::TenantStore;

/// How many live calls are listed at most; more is no list that anyone reads.
const MOST_LIVE: u64 = 1_000;

impl TenantStore {
    /// A stretch of the log, newest first. The number of queries does not depend on how much it holds.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn calls(&self, query: &CallQuery, stretch: Stretch) -> Result<CallPage, Error> {
        let work = async |line: Line| {
            let reading = line.read().await?;
            let page = self.page_of_calls(&reading, query, stretch).await?;
            reading.commit().await?;
            Ok(page)
        };
        self.store.pool.attempt(work).await
    }

    /// What follows a call in the log, without who was rung: for files of very many calls.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn calls_alone(
        &self,
        query: &CallQuery,
        cursor: Option<CallCursor>,
        limit: u64,
    ) -> Result<Vec<KeptCall>, Error> {
        let work = async |line: Line| {
            let reading = line.read().await?;
            let mut calls = Vec::new();
            if self.names_what_is_there(&reading, query).await? {
                let sought = self.sought(&reading, query).await?;
                let wanted = Wanted { cursor, offset: 0, limit };
                let rows = self.calls_in_order(&reading, (query, sought.as_ref()), wanted).await?;
                calls = rows.into_iter().map(columns::call).collect::<Result<Vec<_>, _>>()?;
                self.forget_what_is_gone(&reading, &mut calls).await?;
            }
            reading.commit().await?;
            Ok(calls)
        };
        self.store.pool.attempt(work).await
    }

    /// The calls that go on, newest first, at most a thousand. Those of which nothing was heard since `silent_since` are
    /// left out: their end was lost.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn active_calls(&self, silent_since: Timestamp) -> Result<Vec<KeptCall>, Error> {
        let work = async |line: Line| {
            let reading = line.read().await?;
            let live = self.rows::<calls::Entity>().filter(calls::Column::Live.eq(true));
            let heard = live.filter(calls::Column::LastReceivedAt.gt(Millis::of(silent_since)));
            let rows = in_order(heard).limit(MOST_LIVE).all(&reading).await?;
            let calls = self.kept(&reading, rows).await?;
            reading.commit().await?;
            Ok(calls)
        };
        self.store.pool.attempt(work).await
    }

    /// One call.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn call(&self, id: u64) -> Result<WholeCall, Error> {
        let work = async |line: Line| {
            let reading = line.read().await?;
            let row = self.rows::<calls::Entity>().filter(calls::Column::Id.eq(id.cast_signed())).one(&reading).await?;
            let call = self.kept(&reading, row.into_iter().collect()).await?.pop().ok_or(Error::NotFound)?;
            let evidence = self.rows::<call_evidence::Entity>();
            let evidence = evidence.filter(call_evidence::Column::OfCall.eq(id.cast_signed())).one(&reading).await?;
            let evidence = evidence.ok_or(Error::NotFound)?;
            reading.commit().await?;
            let log = sheet::read(&evidence.evidence, None)?;
            Ok(WholeCall { call, reached: log.reached.into_iter().collect(), payload: evidence.payload })
        };
        self.store.pool.attempt(work).await
    }

    /// The identifier of the call that is known by a key.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn call_known_by(&self, key: CallKey<'_>) -> Result<Option<u64>, Error> {
        let key = digest(key).to_vec();
        let work = async |line: Line| {
            let row = self.rows::<call_keys::Entity>().filter(call_keys::Column::KeyDigest.eq(key)).one(line.db());
            Ok(row.await?.map(|row| row.of_call.cast_unsigned()))
        };
        self.store.pool.attempt(work).await
    }

    async fn page_of_calls(
        &self,
        db: &impl ConnectionTrait,
        query: &CallQuery,
        stretch: Stretch,
    ) -> Result<CallPage, Error> {
        let nothing = CallPage { items: Vec::new(), total: Some(0), is_capped: false, next: None };
        if !self.names_what_is_there(db, query).await? {
            return Ok(nothing);
        }
        let sought = self.sought(db, query).await?;
        let asked = (query, sought.as_ref());
        // One more than asked for tells whether it goes on.
        let (mut rows, limit, total) = match stretch {
            Stretch::Page { offset, limit } => {
                let wanted = Wanted { cursor: None, offset, limit: limit.saturating_add(1) };
                let total = self.count_calls(db, asked).await?;
                let rows = match query.order {
                    None => self.calls_in_order(db, asked, wanted).await?,
                    Some(order) => self.sorted_calls(db, query, order, wanted).await?,
                };
                (rows, limit, Some(total))
            }
            Stretch::After { cursor, limit } => {
                let wanted = Wanted { cursor, offset: 0, limit: limit.saturating_add(1) };
                (self.calls_in_order(db, asked, wanted).await?, limit, None)
            }
        };
        let goes_on = rows.len() as u64 > limit;
        rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let items = self.kept(db, rows).await?;
        // A cursor is a place in the log, and in no other order.
        let is_the_log = query.order.is_none() || matches!(stretch, Stretch::After { .. });
        Ok(CallPage {
            next: items.last().filter(|_| goes_on && is_the_log).map(KeptCall::cursor),
            is_capped: total.is_some_and(|total| total > CallPage::MOST_COUNTED),
            total: total.map(|total| Ord::min(total, CallPage::MOST_COUNTED)),
            items,
        })
    }

    /// Rows in the order of the log.
    async fn calls_in_order(
        &self,
        db: &impl ConnectionTrait,
        (query, sought): (&CallQuery, Option<&Sought<'_>>),
        wanted: Wanted,
    ) -> Result<Vec<calls::Model>, Error> {
        match sought {
            Some(sought) => {
                let ids = self.ids_by_text(db, (query, sought), wanted).await?;
                self.calls_of(db, &ids).await
            }
            None => {
                let rows = in_order(wanted.behind(self.chosen_calls(query)));
                Ok(rows.offset(wanted.offset).limit(wanted.limit).all(db).await?)
            }
        }
    }

    /// How many calls are asked for: one more than are told, at most.
    async fn count_calls(
        &self,
        db: &impl ConnectionTrait,
        (query, sought): (&CallQuery, Option<&Sought<'_>>),
    ) -> Result<u64, Error> {
        let most = CallPage::MOST_COUNTED + 1;
        match sought {
            Some(Sought::Few { each, rest }) => match self.any_of(rest, each, most) {
                Some(any) => count(db, any).await,
                None => Ok(0),
            },
            Some(Sought::Many(_)) | None => {
                let some = self.chosen_calls(query).select_only().column(calls::Column::Id).limit(most);
                count(db, some.into_query()).await
            }
        }
    }

    /// Rows in another order than that of the log. They are put in order by their identifiers alone: else whole rows would
    /// be carried through the sorting.
    async fn sorted_calls(
        &self,
        db: &impl ConnectionTrait,
        query: &CallQuery,
        order: CallOrder,
        wanted: Wanted,
    ) -> Result<Vec<calls::Model>, Error> {
        let ids = order.of(self.chosen_calls(query).select_only().column(calls::Column::Id));
        let ids: Vec<i64> = ids.offset(wanted.offset).limit(wanted.limit).into_tuple().all(db).await?;
        self.calls_of(db, &ids).await
    }

    /// The rows of identifiers, in the order of these.
    async fn calls_of(&self, db: &impl ConnectionTrait, ids: &[i64]) -> Result<Vec<calls::Model>, Error> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self.rows::<calls::Entity>().filter(calls::Column::Id.is_in(ids.iter().copied()));
        let rows = rows.all(db).await?.into_iter().map(|row| (row.id, row));
        let mut rows: HashMap<i64, calls::Model> = rows.collect();
        Ok(ids.iter().filter_map(|id| rows.remove(id)).collect())
    }

    /// Rows with their legs, and with the identifiers of what is still there.
    async fn kept(&self, db: &impl ConnectionTrait, rows: Vec<calls::Model>) -> Result<Vec<KeptCall>, Error> {
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let mut kept = rows.into_iter().map(columns::call).collect::<Result<Vec<_>, _>>()?;
        let mut legs = self.legs_of(db, &ids).await?;
        for call in &mut kept {
            call.legs = legs.remove(&call.id).unwrap_or_default();
        }
        self.forget_what_is_gone(db, &mut kept).await?;
        Ok(kept)
    }

    /// What is gone has no identifier any more.
    async fn forget_what_is_gone(&self, db: &impl ConnectionTrait, kept: &mut [KeptCall]) -> Result<(), Error> {
        let (mut extensions, mut groups, mut numbers) = (HashSet::new(), HashSet::new(), HashSet::new());
        for call in kept.iter() {
            extensions.extend(call.extension_id);
            groups.extend(call.ring_group_id);
            numbers.extend(call.phone_number_id);
            extensions.extend(call.legs.iter().filter_map(|leg| leg.extension_id));
            groups.extend(call.legs.iter().filter_map(|leg| leg.ring_group_id));
        }
        let extensions = self.those_there::<extensions::Entity>(db, extensions).await?;
        let groups = self.those_there::<ring_groups::Entity>(db, groups).await?;
        let numbers = self.those_there::<phone_numbers::Entity>(db, numbers).await?;
        for call in kept.iter_mut() {
            call.extension_id = call.extension_id.filter(|id| extensions.contains(id));
            call.ring_group_id = call.ring_group_id.filter(|id| groups.contains(id));
            call.phone_number_id = call.phone_number_id.filter(|id| numbers.contains(id));
            for leg in &mut call.legs {
                leg.extension_id = leg.extension_id.filter(|id| extensions.contains(id));
                leg.ring_group_id = leg.ring_group_id.filter(|id| groups.contains(id));
            }
        }
        Ok(())
    }

    /// Whether what a query names is there: what is gone has no identifier any more, in what is shown and in what is asked for.
    async fn names_what_is_there(&self, db: &impl ConnectionTrait, query: &CallQuery) -> Result<bool, Error> {
        Ok(self.are_there::<extensions::Entity>(db, query.extension).await?
            && self.are_there::<ring_groups::Entity>(db, query.ring_group).await?
            && self.are_there::<phone_numbers::Entity>(db, query.phone_number).await?)
    }

    async fn legs_of(&self, db: &impl ConnectionTrait, calls: &[i64]) -> Result<BTreeMap<u64, Vec<KeptLeg>>, Error> {
        let mut legs: BTreeMap<u64, Vec<KeptLeg>> = BTreeMap::new();
        if calls.is_empty() {
            return Ok(legs);
        }
        let rows = self.rows::<call_legs::Entity>().filter(call_legs::Column::OfCall.is_in(calls.iter().copied()));
        for row in rows.order_by_asc(call_legs::Column::Place).all(db).await? {
            legs.entry(row.of_call.cast_unsigned()).or_default().push(columns::leg(row)?);
        }
        Ok(legs)
    }

    async fn are_there<E: ObjectRow>(&self, db: &impl ConnectionTrait, id: Option<u64>) -> Result<bool, Error> {
        let wanted: HashSet<u64> = id.into_iter().collect();
        Ok(self.those_there::<E>(db, wanted.clone()).await? == wanted)
    }

    /// Which of some objects the organization has.
    async fn those_there<E: ObjectRow>(
        &self,
        db: &impl ConnectionTrait,
        wanted: HashSet<u64>,
    ) -> Result<HashSet<u64>, Error> {
        if wanted.is_empty() {
            return Ok(wanted);
        }
        let rows = self.rows::<E>().filter(E::ID.is_in(wanted.into_iter().map(u64::cast_signed)));
        let ids: Vec<i64> = rows.select_only().column(E::ID).into_tuple().all(db).await?;
        Ok(ids.into_iter().map(i64::cast_unsigned).collect())
    }
}

impl Edit {
    /// Settles a missed call by hand, or takes that back. What is as it shall be already is left alone.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], also when it was not missed; [`Error::Unavailable`].
    pub async fn settle_missed_call(&mut self, id: u64, settled: Option<Timestamp>) -> Result<(), Error> {
        let own = calls::Column::Id.eq(id.cast_signed()).and(calls::Column::Missed.eq(true));
        let found =
            self.within(async { Ok(self.tenant.rows::<calls::Entity>().filter(own).one(&*self.writing).await?) });
        let row = found.await?.ok_or(Error::NotFound)?;
        if row.returned_at.is_some() == settled.is_some() {
            return Ok(());
        }
        let change = calls::ActiveModel { returned_at: Set(settled.map(Millis::of)), ..Default::default() };
        let own = calls::Column::OrganizationId.eq(self.tenant.key()).and(calls::Column::Id.eq(row.id));
        let update = calls::Entity::update_many().set(change).filter(own);
        self.within(async { Ok(update.exec(&*self.writing).await.map(drop)?) }).await?;
        let told = |returned: bool| Some(json!({ "returned": returned }));
        let entry = Entry::of("updated", "call", Some(id), row.call_id);
        self.record(&Entry { before: told(settled.is_none()), after: told(settled.is_some()), ..entry }).await
    }
}

pub(super) fn in_order(rows: Select<calls::Entity>) -> Select<calls::Entity> {
    rows.order_by_desc(calls::Column::InitiatedAt).order_by_desc(calls::Column::Id)
}

/// What comes after a call in the log.
pub(super) fn behind(CallCursor { initiated_at, id }: CallCursor) -> Condition {
    let at = Millis::of(initiated_at);
    // The first half is what the index is entered by; the second alone would be looked for from the beginning.
    let older = calls::Column::InitiatedAt.lt(at).or(calls::Column::Id.lt(id.cast_signed()));
    Condition::all().add(calls::Column::InitiatedAt.lte(at)).add(older)
}

/// How many identifiers there are.
async fn count(db: &impl ConnectionTrait, ids: SelectStatement) -> Result<u64, Error> {
    let counted = Query::select()
        .expr_as(Func::count(Expr::col(Asterisk)), "number")
        .from_subquery(ids, Alias::new("some_calls"))
        .take();
    let row = db.query_one(&counted).await?;
    let number: i64 = row.map(|row| row.try_get("", "number")).transpose()?.unwrap_or_default();
    Ok(number.cast_unsigned())
}
