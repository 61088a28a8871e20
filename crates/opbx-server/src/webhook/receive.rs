//! The receivers: who is it, what does it say, keep it, answer.

use super::facts;
use super::keys::Receiver;
use super::request::{Reported, refusal};
use super::{WebhookParts, WebhookState};
use crate::fabric::{CallOf, Given, Opened};
use crate::journal::{Entry, RecordingOf, Refused, Reports, What};
use crate::numbering::PhoneNumbers;
use crate::problem::Problem;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use cloudonix::webhook::{
    CallRecord, ConferenceEvent, Domain, Meaning, Payload, RecordingEvent, Report, SessionUpdate,
};
use jiff::Timestamp;
use opbx_core::call_log::Fact;
use opbx_core::id::OrganizationId;
use serde_json::json;

/// `POST /webhooks/cloudonix/session-update`: calls have changed.
pub(crate) async fn session_updates(State(state): State<WebhookState>, request: Request) -> Result<Response, Problem> {
    let said = Reported::take(request, &[Method::POST]).await?;
    let updates = read::<SessionUpdate>(&said);
    let domains: Vec<&Domain> = updates.iter().flatten().map(|update| &update.domain).collect();
    let organization = state.0.by_key(&said, &domains).await?;
    let taken = Taken { organization, receiver: Receiver::SessionUpdate, said: &said };
    let updates = updates?;
    let over: Vec<String> = updates
        .iter()
        .filter(|update| matches!(update.status.meaning(), Meaning::Ended(_)))
        .filter_map(|update| update.token.clone())
        .collect();
    let answer = state.0.keep(taken, updates, What::SessionUpdates, &of_update, |_| Bytes::new()).await?;
    for session in &over {
        state.0.voice.0.fabric.ended(CallOf { organization, session }).await;
    }
    Ok(answer)
}

/// `POST /webhooks/cloudonix/cdr`: calls are over, and these are their records.
pub(crate) async fn call_records(State(state): State<WebhookState>, request: Request) -> Result<Response, Problem> {
    let said = Reported::take(request, &[Method::POST]).await?;
    let records = read::<CallRecord>(&said);
    let domains: Vec<&Domain> = records.iter().flatten().map(|record| &record.domain).collect();
    let organization = state.0.by_key(&said, &domains).await?;
    state.0.keep_records(organization, &said, records?).await
}

/// The same at the address with the organization's secret, for records that come without a key.
pub(crate) async fn call_records_by_secret(
    State(state): State<WebhookState>,
    Path(secret): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let said = Reported::take(request, &[Method::POST]).await?;
    let records = read::<CallRecord>(&said);
    let domains: Vec<&Domain> = records.iter().flatten().map(|record| &record.domain).collect();
    let organization = state.0.by_secret(&secret, &said, &domains).await?;
    state.0.keep_records(organization, &said, records?).await
}

/// `POST /webhooks/cloudonix/recording/{token}`: something is to be said about a recording.
pub(crate) async fn recording(
    State(state): State<WebhookState>,
    Path(token): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let said = Reported::take(request, &[Method::POST, Method::GET]).await?;
    let voice = &state.0.voice.0;
    let reported = voice.tokens.open_recording(voice.clock.now(), &token).ok_or(Problem::Unauthenticated)?;
    let taken = Taken { organization: reported.organization, receiver: Receiver::Recording(&token), said: &said };
    let of = RecordingOf::from(reported.what);
    let (call_id, dial) = (reported.call_id, reported.dial.map(|key| key.0));
    let what = |reports| What::Recording { of, call_id, dial, token: token.clone(), reports };
    state.0.keep(taken, read::<RecordingEvent>(&said)?, what, &|_, _, _| None, |_| Bytes::new()).await
}

/// `POST /webhooks/cloudonix/conference/{token}`: something happened in a conference.
pub(crate) async fn conference(
    State(state): State<WebhookState>,
    Path(token): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let said = Reported::take(request, &[Method::POST, Method::GET]).await?;
    let voice = &state.0.voice.0;
    let organization = voice.tokens.open_conference(voice.clock.now(), &token).ok_or(Problem::Unauthenticated)?;
    let taken = Taken { organization, receiver: Receiver::Conference(&token), said: &said };
    let what = |reports| What::Conference { token: token.clone(), reports };
    state.0.keep(taken, read::<ConferenceEvent>(&said)?, what, &|_, _, _| None, |_| Bytes::new()).await
}

/// Reports whose sender is known.
struct Taken<'r> {
    organization: OrganizationId,
    receiver: Receiver<'r>,
    said: &'r Reported,
}

impl WebhookParts {
    async fn keep_records(
        &self,
        organization: OrganizationId,
        said: &Reported,
        records: Vec<CallRecord>,
    ) -> Result<Response, Problem> {
        let taken = Taken { organization, receiver: Receiver::CallRecord, said };
        let over: Vec<String> = records.iter().filter_map(|record| record.session.as_ref()?.token.clone()).collect();
        let answer = self.keep(taken, records, What::CallRecords, &of_record, accepted).await?;
        for session in &over {
            self.voice.0.fabric.accounted(CallOf { organization, session }).await;
        }
        Ok(answer)
    }

    /// Appends reports to the journal and answers; once for each delivery, however often and however close together it comes.
    async fn keep<R: Report>(
        &self,
        taken: Taken<'_>,
        reports: Vec<R>,
        what: impl FnOnce(Reports) -> What,
        says: &(dyn Fn(&R, Timestamp, &PhoneNumbers) -> Option<Fact> + Sync),
        answer: impl FnOnce(&[R]) -> Bytes,
    ) -> Result<Response, Problem> {
        let Taken { organization, receiver, said } = taken;
        let (fabric, idempotency_key) = (&self.voice.0.fabric, said.idempotency_key());
        let key = |(index, report): (usize, &R)| {
            report.delivery_key(idempotency_key, index).map(|key| key.as_str().to_owned())
        };
        let keys: Vec<Option<String>> = reports.iter().enumerate().map(key).collect();
        let key = self.keys.of_request(organization, receiver, &keys);
        for fault in reports.iter().flat_map(Report::passed_over) {
            tracing::debug!(organization = organization.get(), receiver = receiver.word(), %fault, "passed over in a report");
        }
        let meters = &self.voice.0.meters.reports;
        let delivery = loop {
            let now = self.voice.0.clock.now();
            match fabric.open_report(key, organization, now).await {
                Opened::First(delivery) => break delivery,
                Opened::Answered(given) => {
                    meters.repeated(receiver);
                    return Ok(respond(given.body));
                }
                Opened::Twin(answer) => {
                    // The first one failed, or nobody waits for it any more: this one begins again.
                    let Ok(given) = answer.await else { continue };
                    meters.repeated(receiver);
                    return Ok(respond(given.body));
                }
            }
        };
        let now = self.voice.0.clock.now();
        let payload = said.payload.as_ref().map(Payload::to_json).map_err(refusal)?;
        let reported = Reports { reports: payload, idempotency_key: idempotency_key.map(str::to_owned) };
        let entry = Entry::new(organization, now, what(reported));
        if let Err(refused) = self.append(&entry).await {
            meters.refused(receiver);
            return Err(refused);
        }
        for report in &reports {
            self.calls.heard(organization, || says(report, now, &self.numbers(organization)));
        }
        let body = answer(&reports);
        delivery.finish(&Given { body: body.clone(), outcome: receiver.word() }, None, now).await;
        meters.taken(receiver, reports.len());
        Ok(respond(body))
    }

    fn numbers(&self, organization: OrganizationId) -> PhoneNumbers {
        self.voice.0.plans.numbers(organization).unwrap_or(PhoneNumbers::OF_NOWHERE)
    }

    async fn append(&self, entry: &Entry) -> Result<(), Problem> {
        let Some(journal) = &self.journal else { return Ok(()) };
        let written = entry.written().map_err(|fault| {
            tracing::error!(fault = &fault as &dyn std::error::Error, "a report cannot be written down");
            Problem::Internal
        })?;
        match journal.append(written).await {
            Ok(_) => Ok(()),
            Err(Refused::Stopping) => Err(Problem::Stopping),
            Err(Refused::Full | Refused::Disk) => Err(Problem::NotKept),
        }
    }
}

fn of_update(update: &SessionUpdate, now: Timestamp, numbers: &PhoneNumbers) -> Option<Fact> {
    Some(facts::of_update(update, now, numbers))
}

fn of_record(record: &CallRecord, now: Timestamp, numbers: &PhoneNumbers) -> Option<Fact> {
    // Word by word it is kept when it is applied; nobody is told it.
    Some(facts::of_record(record, "", now, numbers))
}

fn read<R: Report>(said: &Reported) -> Result<Vec<R>, Problem> {
    said.payload.as_ref().map_err(refusal)?.read::<R>().map_err(|fault| refusal(&fault))
}

/// What the sender of a record is told: the call of the first one, as the log of calls names it.
fn accepted(records: &[CallRecord]) -> Bytes {
    let call_id = records.first().map(|record| record.key.as_str().into_owned()).unwrap_or_default();
    json!({ "status": "ok", "call_id": call_id }).to_string().into()
}

/// With nothing to say, there is no body.
fn respond(body: Bytes) -> Response {
    if body.is_empty() {
        return StatusCode::NO_CONTENT.into_response();
    }
    ([(CONTENT_TYPE, "application/json")], body).into_response()
}
