//! What entries of the journal do to the database.

use super::facts::{of_record, of_update};
use super::keys::{Receiver, ReportKeys};
use crate::clock::Clock;
use crate::journal::{Apply, Entry, Fault, NotApplied, Reports, What};
use crate::numbering::PhoneNumbers;
use crate::plans::Plans;
use cloudonix::webhook::{CallRecord, ConferenceEvent, Payload, Report, SessionUpdate};
use jiff::Timestamp;
use opbx_core::call_log::{CallKeys, Fact, Parties, StateReport};
use opbx_core::call_state::{PlatformStatus, StatusEvent};
use opbx_core::id::OrganizationId;
use opbx_store::{Delivery, Error, Reason, Store, Tenant};
use std::collections::HashMap;
use std::sync::Arc;

/// Applies entries to the database.
#[derive(Clone, Debug)]
pub(crate) struct Application {
    pub(crate) store: Store,
    pub(crate) plans: Arc<Plans>,
    pub(crate) clock: Clock,
    pub(crate) keys: ReportKeys,
}

impl Apply for Application {
    async fn apply(&self, entries: &[(u64, Entry)]) -> Result<(), NotApplied> {
        let mut numbers = HashMap::new();
        let mut applied = 0;
        while let Some((_, first)) = entries.get(applied) {
            // What is said of calls goes together; everything else is a change of its own.
            let run = entries.iter().skip(applied).take_while(|(_, entry)| is_about_calls(&entry.what)).count();
            let together = run.max(1);
            let done = if run > 0 {
                let entries = entries.get(applied..applied + run).unwrap_or_default();
                self.apply_facts(entries, &mut numbers).await
            } else {
                self.apply_one(first).await
            };
            done.map_err(|fault| NotApplied { applied, together, fault })?;
            applied += together;
        }
        Ok(())
    }
}

impl Application {
    async fn apply_facts(
        &self,
        entries: &[(u64, Entry)],
        numbers: &mut HashMap<OrganizationId, PhoneNumbers>,
    ) -> Result<(), Fault> {
        let mut deliveries = Vec::with_capacity(entries.len());
        for (_, entry) in entries {
            let numbers = self.numbers(entry.organization, numbers).await?;
            let facts = facts(&entry.what, entry.received_at(), &numbers, &self.keys)?;
            let organization = entry.organization;
            deliveries.extend(facts.into_iter().map(|(key, fact)| Delivery { organization, key, fact }));
        }
        let applied = self.store.platform().apply_facts(&deliveries, self.clock.now()).await?;
        if applied.dropped > 0 {
            tracing::info!(reports = applied.dropped, "let go: of an organization that is gone, or older than calls are kept");
        }
        Ok(())
    }

    async fn apply_one(&self, entry: &Entry) -> Result<(), Fault> {
        Ok(())
    }

    /// How an organization reads numbers.
    async fn numbers(
        &self,
        organization: OrganizationId,
        known: &mut HashMap<OrganizationId, PhoneNumbers>,
    ) -> Result<PhoneNumbers, Error> {
        if let Some(numbers) = known.get(&organization).copied().or_else(|| self.plans.numbers(organization)) {
            return Ok(numbers);
        }
        let settings = self.store.tenant(&Tenant::inside(organization, Reason::Webhook)).settings().await;
        let country = match settings {
            Ok(settings) => Some(settings.object.organization.country),
            // It is gone, and so is what is said of its calls.
            Err(Error::NotFound) => None,
            Err(fault) => return Err(fault),
        };
        let numbers = country.map_or(PhoneNumbers::OF_NOWHERE, PhoneNumbers::of);
        known.insert(organization, numbers);
        Ok(numbers)
    }
}

const fn is_about_calls(what: &What) -> bool {
    matches!(what, What::SessionUpdates(_) | What::CallRecords(_) | What::Conference { .. })
}

/// What reports say of calls, each with what it is known by.
pub(crate) fn facts(
    what: &What,
    received_at: Timestamp,
    numbers: &PhoneNumbers,
    keys: &ReportKeys,
) -> Result<Vec<(Option<opbx_store::DeliveryKey>, Fact)>, Fault> {
    match what {
        What::SessionUpdates(reports) => {
            let (updates, _) = read::<SessionUpdate>(reports)?;
            let facts = updates.iter().map(|update| of_update(update, received_at, numbers));
            Ok(keyed(Receiver::SessionUpdate, &updates, reports, keys).zip(facts).collect())
        }
        What::CallRecords(reports) => {
            let (records, payload) = read::<CallRecord>(reports)?;
            let each = records.iter().zip(payload.each_as_json());
            let facts = each.map(|(record, payload)| of_record(record, &payload, received_at, numbers));
            Ok(keyed(Receiver::CallRecord, &records, reports, keys).zip(facts).collect())
        }
        What::Conference { token, reports } => {
            let (events, _) = read::<ConferenceEvent>(reports)?;
            let facts = events.iter().map(|event| of_conference(event, received_at));
            let facts = keyed(Receiver::Conference(token), &events, reports, keys).zip(facts);
            Ok(facts.filter_map(|(key, fact)| Some((key, fact?))).collect())
        }
        What::Recording { .. } | What::Effect { .. } => Ok(Vec::new()),
    }
}

/// Whoever joins, leaves or speaks in a conference has a call that goes on.
fn of_conference(event: &ConferenceEvent, received_at: Timestamp) -> Option<Fact> {
    let status = StatusEvent {
        status: PlatformStatus::Unknown,
        at: event.timestamp.unwrap_or(received_at),
        started_at: None,
        answered_at: None,
        ended_at: None,
    };
    let keys = CallKeys::of_session(event.session.as_deref()?);
    Some(Fact::Report(StateReport { keys, received_at, status, parties: Parties::default() }))
}

fn read<R: Report>(reports: &Reports) -> Result<(Vec<R>, Payload), Fault> {
    // It was read when it was taken.
    let payload = Payload::from_json(reports.reports.as_bytes()).map_err(Fault::refused)?;
    Ok((payload.read().map_err(Fault::refused)?, payload))
}

fn keyed<'r, R: Report>(
    receiver: Receiver<'r>,
    read: &'r [R],
    reports: &'r Reports,
    keys: &'r ReportKeys,
) -> impl Iterator<Item = Option<opbx_store::DeliveryKey>> + use<'r, R> {
    let idempotency_key = reports.idempotency_key.as_deref();
    read.iter().enumerate().map(move |(index, report)| {
        let key = report.delivery_key(idempotency_key, index)?;
        Some(keys.of_report(receiver, key.as_str()))
    })
}
