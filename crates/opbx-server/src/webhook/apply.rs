//! What entries of the journal do to the database.

use super::facts::{of_record, of_update};
use super::keys::{Receiver, ReportKeys};
use crate::api::portrait;
use crate::clock::Clock;
use crate::effects::Effects;
use crate::jobs::Bell;
use crate::journal::{Apply, CallOfEffect, Entry, Fault, NotApplied, Reports, What, read_effect};
use crate::live::LiveCalls;
use crate::numbering::PhoneNumbers;
use crate::plans::Plans;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use cloudonix::webhook::{CallRecord, ConferenceEvent, Payload, RecordingEvent, Report, SessionUpdate};
use jiff::Timestamp;
use opbx_core::call_log::{CallKeys, Fact, Parties, StateReport};
use opbx_core::call_state::{PlatformStatus, StatusEvent};
use opbx_core::decision::{Effect, Recorded};
use opbx_core::id::OrganizationId;
use opbx_store::{
    Actor, Author, CallContext, Delivery, Error, Performed, Reason, RecordingOutcome, RecordingReport, Store, Tenant,
    read_step,
};
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;

/// Applies entries to the database.
#[derive(Clone, Debug)]
pub(crate) struct Application {
    pub(crate) store: Store,
    pub(crate) plans: Arc<Plans>,
    /// What is laid over the store until it is applied.
    pub(crate) effects: Effects,
    pub(crate) clock: Clock,
    pub(crate) keys: ReportKeys,
    /// Tells that work was left.
    pub(crate) bell: Bell,
    /// Whoever listens hears of it.
    pub(crate) calls: LiveCalls,
}

impl Apply for Application {
    async fn apply(&self, entries: &[(u64, Entry)]) -> Result<(), NotApplied> {
        let mut numbers = HashMap::new();
        let mut applied = 0;
        while let Some((number, first)) = entries.get(applied) {
            // What is said of calls goes together; everything else is a change of its own.
            let run = entries.iter().skip(applied).take_while(|(_, entry)| is_about_calls(&entry.what)).count();
            let together = run.max(1);
            let done = if run > 0 {
                let entries = entries.get(applied..applied + run).unwrap_or_default();
                self.apply_facts(entries, &mut numbers).await
            } else {
                self.apply_one(*number, first).await
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
        self.calls.applied(&applied.changes);
        if applied.dropped > 0 {
            tracing::info!(
                reports = applied.dropped,
                "let go: of an organization that is gone, or older than calls are kept"
            );
        }
        Ok(())
    }

    async fn apply_one(&self, number: u64, entry: &Entry) -> Result<(), Fault> {
        match &entry.what {
            What::Effect { key, sealed, call, request_id } => {
                let performed = self.perform(entry, (key, sealed), call, request_id).await;
                if let Err(Fault::Away(cause)) = performed {
                    return Err(Fault::Away(cause));
                }
                // Done or refused for good: what was laid over for it goes.
                let revision = performed.as_ref().ok().and_then(|performed| performed.revision);
                self.effects.settled(entry.organization, number, revision).await;
                performed.map(|_| ())
            }
            What::Recording { of, call_id, dial, token, reports } => {
                let (events, _) = read::<RecordingEvent>(reports)?;
                let keys: Vec<_> = keyed(Receiver::Recording(token), &events, reports, &self.keys).collect();
                for (event, key) in events.iter().zip(keys) {
                    let report = recording_report(event, (*of).into(), dial.clone(), call_id, entry.received_at());
                    let author = author(&report.call.from, None);
                    let tenant = self.store.tenant(&Tenant::inside(entry.organization, Reason::Webhook));
                    tenant.recording_reported(key, &report, author, self.clock.now()).await?;
                }
                self.bell.ring();
                Ok(())
            }
            What::SessionUpdates(_) | What::CallRecords(_) | What::Conference { .. } | What::Step { .. } => Ok(()),
        }
    }

    async fn perform(
        &self,
        entry: &Entry,
        (key, sealed): (&str, &str),
        call: &CallOfEffect,
        request_id: &str,
    ) -> Result<Performed, Fault> {
        let sealed = STANDARD_NO_PAD.decode(sealed).map_err(Fault::refused)?;
        let text = self.store.platform().open_effect(entry.organization, &sealed)?;
        let effect = read_effect(&text).map_err(Fault::refused)?;
        let key = key_of(key)?;
        let extension = match &effect {
            Effect::DoNotDisturb { extension, .. } | Effect::ForwardAlways { extension, .. } => Some(*extension),
            _ => None,
        };
        let actor = Actor::Caller { extension, number: call.from.as_str().into() };
        let author = Author { actor, request_id: Some(request_id.into()), address: None, portrait };
        let numbers = self.numbers(entry.organization, &mut HashMap::new()).await?;
        let from = numbers.as_sent(&call.from);
        let context = CallContext {
            call_id: call.call_id.as_str().into(),
            from: from.clone(),
            caller_name: call.caller_name.as_deref().map(Into::into),
            at: entry.received_at(),
        };
        let tenant = self.store.tenant(&Tenant::inside(entry.organization, Reason::Webhook));
        let performed = tenant.perform_once(key, &effect, &context, author, self.clock.now()).await?;
        // It may have left a job, to fetch the sound of a message.
        self.bell.ring();
        if let (Some(message), Effect::SaveMessage { voicemail_box, audio }) = (performed.message, &effect) {
            let voicemail = json!({
                "voicemail_box_id": voicemail_box.get(), "message_id": message.get(), "from_number": from,
                "caller_name": call.caller_name, "seconds": audio.seconds, "state": "receiving",
            });
            let owner = self.plans.held(entry.organization);
            let owner = owner.and_then(|current| current.plan.voicemail_box(*voicemail_box)?.extension_id);
            self.calls.message_received(entry.organization, (owner, &call.call_id), &voicemail);
        }
        Ok(performed)
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
    matches!(what, What::SessionUpdates(_) | What::CallRecords(_) | What::Conference { .. } | What::Step { .. })
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
        // What it says keeps it from counting twice.
        What::Step { step } => Ok(vec![(None, Fact::Step(read_step(step)?))]),
        What::Recording { .. } | What::Effect { .. } => Ok(Vec::new()),
    }
}

/// What is said of a recording, in our words.
fn recording_report(
    event: &RecordingEvent,
    what: Recorded,
    dial: Option<Box<str>>,
    call_id: &str,
    at: Timestamp,
) -> RecordingReport {
    use cloudonix::webhook::RecordingOutcome as Said;
    let outcome = match &event.outcome {
        Said::InProgress => RecordingOutcome::InProgress,
        Said::Completed { url } => RecordingOutcome::Completed { url: url.as_str().into(), seconds: event.duration },
        Said::Absent => RecordingOutcome::Absent,
        Said::Failed => RecordingOutcome::Failed,
    };
    // The address was signed for a call; what comes to it may say another name of the same.
    let said = event.session.as_deref().unwrap_or_default();
    let call_id = if call_id.is_empty() { said } else { call_id };
    // Whoever hangs up after a message is told of here alone: no `action` follows.
    let from = event.from.as_deref().unwrap_or_default().into();
    let call =
        CallContext { call_id: call_id.into(), from, caller_name: event.caller_name.as_deref().map(Into::into), at };
    RecordingReport { what, dial, call, outcome }
}

fn author(from: &str, request_id: Option<Box<str>>) -> Author {
    let actor = Actor::Caller { extension: None, number: from.into() };
    Author { actor, request_id, address: None, portrait }
}

fn key_of(digits: &str) -> Result<opbx_store::DeliveryKey, Fault> {
    let mut key = [0; 32];
    for (place, byte) in key.iter_mut().enumerate() {
        let pair = digits.get(2 * place..2 * place + 2).unwrap_or_default();
        *byte = u8::from_str_radix(pair, 16).map_err(Fault::refused)?;
    }
    Ok(opbx_store::DeliveryKey(key))
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
