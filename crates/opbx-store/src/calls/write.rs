//! Writing what a batch made of calls.

use std::collections::BTreeSet;

use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::apply::{AT_ONCE, KeptFrom};
use super::gather::{Slot, Slots};
use super::{Applied, CallChange, columns, sheet};
use crate::entity::{TenantRow, call_evidence, call_keys, call_legs, call_texts, calls};
use crate::error::Error;
use crate::pool::Writing;
use crate::tenant::TenantStore;

/// Rows of parts that wait to be inserted together.
#[derive(Default)]
struct Parts {
    evidence: Vec<call_evidence::ActiveModel>,
    keys: Vec<call_keys::ActiveModel>,
    legs: Vec<call_legs::ActiveModel>,
    texts: BTreeSet<String>,
}

impl TenantStore {
    /// Writes the calls that a batch made or changed. A new one that is older than what is kept is let go.
    ///
    /// Each change is known here with the rows that were before and the row that is: what is counted over calls is counted
    /// here, in this transaction.
    pub(super) async fn write_calls(
        &self,
        writing: &Writing,
        slots: Slots,
        kept_from: KeptFrom,
        applied: &mut Applied,
    ) -> Result<(), Error> {
        let mut parts = Parts::default();
        let mut counting = self.counting(writing).await?;
        for slot in slots.into_calls() {
            if slot.id.is_none() && !KeptFrom::is_kept(kept_from.records, &slot.log) {
                applied.dropped += slot.facts;
                continue;
            }
            let call = self.write_call(writing, &slot, kept_from, &mut parts).await?;
            if !slot.is_as_before() {
                slot.rows.iter().zip(&slot.before).for_each(|(row, before)| counting.take(*row, before));
                counting.add(call, &slot.log);
                let (organization, call) = (self.organization, call.cast_unsigned());
                applied.changes.push(CallChange { organization, call, before: slot.before, after: slot.log });
            }
        }
        self.write_counts(writing, counting).await?;
        self.insert_parts(writing, parts).await
    }

    /// Writes the row of a call, and notes the parts that are to be inserted. Answers its identifier.
    async fn write_call(
        &self,
        writing: &Writing,
        slot: &Slot,
        kept_from: KeptFrom,
        parts: &mut Parts,
    ) -> Result<i64, Error> {
        let evidence = sheet::write(&slot.log)?;
        let payload = slot.log.record.as_ref().map(|record| record.payload.to_string());
        // One that was let go with time stays away, and one that comes so late never comes.
        let payload = payload.filter(|payload| !payload.is_empty() && KeptFrom::is_kept(kept_from.payloads, &slot.log));
        let mut row = columns::of(&slot.log);
        row.returned_at = Set(slot.returned_at);
        let legs = slot.log.legs();
        let call = match slot.id {
            Some(call) if slot.is_as_before() => call,
            Some(call) => {
                self.give_way(writing, call, &slot.joined).await?;
                let own = calls::Column::OrganizationId.eq(self.key()).and(calls::Column::Id.eq(call));
                calls::Entity::update_many().set(row).filter(own).exec(&**writing).await?;
                let change =
                    call_evidence::ActiveModel { evidence: Set(evidence), payload: Set(payload), ..Default::default() };
                let own = self.part::<call_evidence::Entity>(call_evidence::Column::OfCall, call);
                call_evidence::Entity::update_many().set(change).filter(own).exec(&**writing).await?;
                if !matches!(slot.before.as_slice(), [before] if before.legs() == legs) {
                    let own = self.part::<call_legs::Entity>(call_legs::Column::OfCall, call);
                    call_legs::Entity::delete_many().filter(own).exec(&**writing).await?;
                    parts.legs.extend(columns::legs(self.key(), call, &legs));
                }
                call
            }
            None => {
                row.organization_id = Set(self.key());
                let call = calls::Entity::insert(row).exec(&**writing).await?.last_insert_id;
                parts.evidence.push(call_evidence::ActiveModel {
                    organization_id: Set(self.key()),
                    of_call: Set(call),
                    evidence: Set(evidence),
                    payload: Set(payload),
                });
                parts.legs.extend(columns::legs(self.key(), call, &legs));
                call
            }
        };
        parts.keys.extend(slot.new_keys.iter().map(|key| call_keys::ActiveModel {
            organization_id: Set(self.key()),
            key_digest: Set(key.to_vec()),
            of_call: Set(call),
        }));
        let known: BTreeSet<String> = slot.before.iter().flat_map(columns::texts).collect();
        parts.texts.extend(columns::texts(&slot.log).filter(|text| !known.contains(text)));
        Ok(call)
    }

    /// Removes rows that turned out to be another call, which takes their keys over.
    async fn give_way(&self, writing: &Writing, call: i64, joined: &[i64]) -> Result<(), Error> {
        if joined.is_empty() {
            return Ok(());
        }
        let own = call_keys::Column::OrganizationId.eq(self.key());
        call_keys::Entity::update_many()
            .col_expr(call_keys::Column::OfCall, Expr::value(call))
            .filter(own.and(call_keys::Column::OfCall.is_in(joined.iter().copied())))
            .exec(&**writing)
            .await?;
        let own = calls::Column::OrganizationId.eq(self.key());
        let those = own.and(calls::Column::Id.is_in(joined.iter().copied()));
        calls::Entity::delete_many().filter(those).exec(&**writing).await?;
        Ok(())
    }

    async fn insert_parts(&self, writing: &Writing, parts: Parts) -> Result<(), Error> {
        insert_all::<call_evidence::Entity>(writing, parts.evidence).await?;
        insert_all::<call_keys::Entity>(writing, parts.keys).await?;
        insert_all::<call_legs::Entity>(writing, parts.legs).await?;
        let texts: Vec<String> = parts.texts.into_iter().collect();
        let mut new = Vec::new();
        for some in texts.chunks(AT_ONCE) {
            let rows = self.rows::<call_texts::Entity>().filter(call_texts::Column::Text.is_in(some.iter().cloned()));
            let known: Vec<String> =
                rows.select_only().column(call_texts::Column::Text).into_tuple().all(&**writing).await?;
            new.extend(some.iter().filter(|text| !known.contains(text)).cloned());
        }
        let row = |text| call_texts::ActiveModel { organization_id: Set(self.key()), text: Set(text) };
        insert_all::<call_texts::Entity>(writing, new.into_iter().map(row).collect()).await
    }

    /// The part of one call.
    fn part<E: TenantRow>(&self, owner: E::Column, call: i64) -> Expr {
        E::ORGANIZATION.eq(self.key()).and(owner.eq(call))
    }
}

/// Inserts rows, as many in a statement as it may name.
pub(super) async fn insert_all<E: TenantRow>(writing: &Writing, rows: Vec<E::ActiveModel>) -> Result<(), Error> {
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let some: Vec<E::ActiveModel> = rows.by_ref().take(AT_ONCE).collect();
        E::insert_many(some).exec_without_returning(&**writing).await?;
    }
    Ok(())
}
