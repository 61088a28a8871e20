//! Applying a batch of facts: in order, in one transaction, and each delivery once.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use jiff::Timestamp;
use opbx_core::call_log::{CallLog, Fact};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::gather::Slots;
use super::write::insert_all;
use super::{Applied, Delivery, digest, sheet};
use crate::entity::{call_deliveries, call_evidence, call_keys, calls};
use crate::error::{Cause, Error};
use crate::millis::Millis;
use crate::platform::Platform;
use crate::pool::{Line, Writing};
use crate::retention::edge;
use crate::tenant::TenantStore;

/// How long a delivery is known again.
const KNOWN: Duration = Duration::from_secs(24 * 60 * 60);
/// How many values one statement names at most.
pub(super) const AT_ONCE: usize = 500;

impl Platform {
    /// Applies facts about calls of any organizations: all or none, in one transaction, those of an organization in order.
    ///
    /// No fact is refused for what it says: one that could not be applied would stand in the way of all behind it. What
    /// cannot become a call is let go and counted.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`]; [`Error::Corrupt`] when what is kept of a call cannot be read.
    pub async fn apply_facts(&self, deliveries: &[Delivery], now: Timestamp) -> Result<Applied, Error> {
        // In the order of their numbers, so that two servers never wait for each other in a circle.
        let mut batches: BTreeMap<_, Vec<&Delivery>> = BTreeMap::new();
        for delivery in deliveries {
            batches.entry(delivery.organization).or_default().push(delivery);
        }
        let work = async |line: Line| {
            let writing = line.write().await?;
            let mut applied = Applied::default();
            for (organization, batch) in &batches {
                let tenant = TenantStore { store: self.store.clone(), organization: *organization };
                tenant.apply_batch(&writing, batch, now, &mut applied).await?;
            }
            writing.commit().await?;
            Ok(applied)
        };
        self.store.pool.attempt(work).await
    }

    /// Forgets the deliveries whose day is over. Answers how many.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`].
    pub async fn sweep_deliveries(&self, now: Timestamp) -> Result<u64, Error> {
        let work = async |line: Line| {
            let writing = line.write().await?;
            let over = call_deliveries::Column::ExpiresAt.lte(Millis::of(now));
            let gone = call_deliveries::Entity::delete_many().filter(over).exec(&*writing).await?.rows_affected;
            writing.commit().await?;
            Ok(gone)
        };
        self.store.pool.attempt(work).await
    }
}

impl TenantStore {
    async fn apply_batch(
        &self,
        writing: &Writing,
        batch: &[&Delivery],
        now: Timestamp,
        applied: &mut Applied,
    ) -> Result<(), Error> {
        match self.alone(&**writing).await {
            Err(Error::NotFound) => {
                applied.dropped += batch.len() as u64;
                return Ok(());
            }
            locked => locked?,
        }
        let facts = self.first_of_their_key(writing, batch, now).await?;
        applied.duplicates += (batch.len() - facts.len()) as u64;
        let (facts, nameless): (Vec<&Fact>, Vec<&Fact>) = facts.into_iter().partition(|fact| !fact.keys().is_empty());
        applied.dropped += nameless.len() as u64;
        let mut slots = self.slots_of(writing, &facts).await?;
        for fact in facts {
            slots.add(fact);
        }
        let kept_from = self.kept_from(writing, now).await?;
        let known = applied.changes.len();
        self.write_calls(writing, slots, kept_from, applied).await?;
        self.leave_missed_letters(writing, applied.changes.get(known..).unwrap_or_default(), now).await
    }

    /// The facts of a batch that were not delivered before, and from now on were.
    async fn first_of_their_key<'a>(
        &self,
        writing: &Writing,
        batch: &[&'a Delivery],
        now: Timestamp,
    ) -> Result<Vec<&'a Fact>, Error> {
        use call_deliveries::{ActiveModel, Column, Entity};
        let keys: HashSet<[u8; 32]> = batch.iter().filter_map(|delivery| Some(delivery.key?.0)).collect();
        let keys: Vec<Vec<u8>> = keys.iter().map(|key| key.to_vec()).collect();
        let mut known = Vec::new();
        for some in keys.chunks(AT_ONCE) {
            let rows = self.rows::<Entity>().filter(Column::KeyDigest.is_in(some.iter().cloned()));
            known.extend(rows.all(&**writing).await?.into_iter().map(|row| (row.key_digest, row.expires_at)));
        }
        let now = Millis::of(now);
        let (known, over): (Vec<(Vec<u8>, Millis)>, Vec<_>) =
            known.into_iter().partition(|(_, expires_at)| *expires_at > now);
        for some in over.chunks(AT_ONCE) {
            let those = Column::OrganizationId.eq(self.key());
            let those = Entity::delete_many()
                .filter(those)
                .filter(Column::KeyDigest.is_in(some.iter().map(|(key, _)| key.clone())));
            those.exec(&**writing).await?;
        }
        let mut known: HashSet<Vec<u8>> = known.into_iter().map(|(key, _)| key).collect();
        let expires_at =
            Millis::stored(now.number().saturating_add(i64::try_from(KNOWN.as_millis()).unwrap_or(i64::MAX)));
        let (mut facts, mut rows) = (Vec::with_capacity(batch.len()), Vec::new());
        for delivery in batch {
            if let Some(key) = delivery.key {
                if !known.insert(key.0.to_vec()) {
                    continue;
                }
                rows.push(ActiveModel {
                    organization_id: Set(self.key()),
                    key_digest: Set(key.0.to_vec()),
                    expires_at: Set(expires_at),
                });
            }
            facts.push(&delivery.fact);
        }
        insert_all::<Entity>(writing, rows).await?;
        Ok(facts)
    }

    /// The rows that facts are about, oldest first.
    async fn slots_of(&self, writing: &Writing, facts: &[&Fact]) -> Result<Slots, Error> {
        let wanted: HashSet<[u8; 32]> = facts.iter().flat_map(|fact| fact.keys().iter()).map(digest).collect();
        let wanted: Vec<Vec<u8>> = wanted.iter().map(|key| key.to_vec()).collect();
        let mut keys: BTreeMap<i64, Vec<[u8; 32]>> = BTreeMap::new();
        for some in wanted.chunks(AT_ONCE) {
            let rows = self.rows::<call_keys::Entity>();
            let rows = rows.filter(call_keys::Column::KeyDigest.is_in(some.iter().cloned()));
            for row in rows.all(&**writing).await? {
                let key = <[u8; 32]>::try_from(row.key_digest);
                let key = key.map_err(|_| Error::Corrupt(Cause::said("the key of a call is no digest")))?;
                keys.entry(row.of_call).or_default().push(key);
            }
        }
        let ids: Vec<i64> = keys.keys().copied().collect();
        self.slots(writing, &ids, &keys).await
    }

    /// Some rows, and the keys that lead to them.
    pub(super) async fn slots(
        &self,
        writing: &Writing,
        ids: &[i64],
        keys: &BTreeMap<i64, Vec<[u8; 32]>>,
    ) -> Result<Slots, Error> {
        let mut slots = Slots::default();
        for some in ids.chunks(AT_ONCE) {
            let those = self.rows::<calls::Entity>().filter(calls::Column::Id.is_in(some.iter().copied()));
            let returned = those.select_only().column(calls::Column::Id).column(calls::Column::ReturnedAt);
            let returned: Vec<(i64, Option<Millis>)> = returned.into_tuple().all(&**writing).await?;
            let returned: HashMap<i64, Option<Millis>> = returned.into_iter().collect();
            let rows = self.rows::<call_evidence::Entity>();
            let rows = rows.filter(call_evidence::Column::OfCall.is_in(some.iter().copied()));
            for row in rows.order_by_asc(call_evidence::Column::OfCall).all(&**writing).await? {
                let log = sheet::read(&row.evidence, row.payload)?;
                let returned_at = returned.get(&row.of_call).copied().flatten();
                slots.put(row.of_call, log, returned_at, keys.get(&row.of_call).map_or(&[], Vec::as_slice));
            }
        }
        Ok(slots)
    }

    /// From when on the organization keeps what.
    async fn kept_from(&self, writing: &Writing, now: Timestamp) -> Result<KeptFrom, Error> {
        let kept = self.retention_in(&**writing).await?;
        Ok(KeptFrom { records: edge(kept.records.into(), now), payloads: edge(kept.raw_payloads.into(), now) })
    }
}

/// From when on an organization keeps what of calls; `None`: all of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct KeptFrom {
    pub(super) records: Option<Timestamp>,
    pub(super) payloads: Option<Timestamp>,
}

impl KeptFrom {
    /// Whether something of a call is kept, as far as it is known when that began.
    pub(super) fn is_kept(from: Option<Timestamp>, log: &CallLog) -> bool {
        from.is_none_or(|from| log.initiated_at().is_none_or(|at| at >= from))
    }
}
