//! `GET /call-logs/export`: calls as a file of comma-separated values, written while it is sent.
//!
//! Some calls are fetched, by the place of the last one, while those before are written: what is in memory does not depend on
//! how many calls there are, and neither do the queries on how far the file has come.

use super::super::ApiState;
use super::super::answer::instant;
use super::super::gates::Place;
use super::super::list::QueryParameters;
use super::super::table::defused;
use super::asked::filtered;
use super::mask::Numbers;
use super::view::cost;
use crate::access::{CallLogs, Permit, Read};
use crate::problem::Problem;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use http_body::Frame;
use jiff::Timestamp;
use opbx_core::call_state::Disposition;
use opbx_store::{CallQuery, Error, KeptCall, TenantStore};
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// How many calls are fetched at once.
const AT_ONCE: u64 = 1_000;
/// How many pieces wait for whoever reads slowly.
const AHEAD: usize = 2;

/// The columns.
const HEADER: [&str; 22] = [
    "id",
    "call_id",
    "direction",
    "from_number",
    "to_number",
    "caller_name",
    "phone_number_id",
    "phone_number",
    "extension_id",
    "extension_number",
    "ring_group_id",
    "ring_group",
    "status",
    "disposition",
    "initiated_at",
    "answered_at",
    "ended_at",
    "duration",
    "billsec",
    "answered_by",
    "cost",
    "stale",
];

/// Sends the file.
pub(super) async fn export(
    State(api): State<ApiState>,
    permit: Permit<Read<CallLogs>>,
    parameters: QueryParameters,
) -> Result<Response, Problem> {
    permit.reaches(false)?;
    let numbers = Numbers::seen_by(&api, &permit.caller).await?;
    let query = filtered(&api, &permit.caller, &parameters, numbers).await?;
    let place = api.gates().export(permit.caller.tenant.organization())?;
    let (tenant, rows) = (api.tenant(&permit.caller), Rows { silent_since: api.silent_since(), numbers });
    // What is away is told before anything was sent; later, all that can be done is to break off.
    let first = tenant.calls_alone(&query, None, AT_ONCE).await?;
    let (pieces, sent) = channel(AHEAD);
    let (fetched, calls) = channel(AHEAD);
    tokio::spawn(async move { fetch(&tenant, &query, first, &fetched).await });
    tokio::spawn(async move { rows.write(calls, &pieces).await });
    let mut response = Body::new(File { pieces: sent, _place: place }).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8; header=present"));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"call-logs.csv\""));
    Ok(response)
}

/// Why a file breaks off.
#[derive(Debug, thiserror::Error)]
enum Torn {
    /// The calls cannot be read.
    #[error(transparent)]
    Store(#[from] Error),
    /// They cannot be written.
    #[error(transparent)]
    Csv(#[from] csv::Error),
}

/// Fetches calls as long as somebody takes them.
async fn fetch(
    tenant: &TenantStore,
    query: &CallQuery,
    first: Vec<KeptCall>,
    to: &Sender<Result<Vec<KeptCall>, Error>>,
) {
    let mut next = Ok(first);
    loop {
        let cursor = match &next {
            Ok(calls) if calls.len() as u64 == AT_ONCE => calls.last().map(KeptCall::cursor),
            Ok(_) | Err(_) => None,
        };
        if to.send(next).await.is_err() || cursor.is_none() {
            return;
        }
        next = tenant.calls_alone(query, cursor, AT_ONCE).await;
    }
}

/// How calls become rows.
#[derive(Clone, Copy)]
struct Rows {
    silent_since: Timestamp,
    numbers: Numbers,
}

impl Rows {
    /// Writes calls as long as somebody takes what is written.
    async fn write(self, mut calls: Receiver<Result<Vec<KeptCall>, Error>>, to: &Sender<Result<Bytes, Torn>>) {
        let mut is_first = true;
        while let Some(some) = calls.recv().await {
            let piece = some.map_err(Torn::from).and_then(|some| Ok(self.piece(&some, is_first)?));
            is_first = false;
            if let Err(fault) = &piece {
                tracing::warn!(fault = fault as &dyn std::error::Error, "an export of calls breaks off");
            }
            if to.send(piece).await.is_err() {
                return;
            }
        }
    }

    fn piece(self, calls: &[KeptCall], is_first: bool) -> Result<Bytes, csv::Error> {
        let room = Vec::with_capacity(256 * (calls.len() + 1));
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(room);
        if is_first {
            writer.write_record(HEADER)?;
        }
        for call in calls {
            self.row(call, &mut writer)?;
        }
        writer.into_inner().map(Bytes::from).map_err(|fault| fault.into_error().into())
    }

    fn row(self, call: &KeptCall, writer: &mut csv::Writer<Vec<u8>>) -> Result<(), csv::Error> {
        let number = |number: u64| number.to_string();
        let maybe = |id: Option<u64>| id.map(number).unwrap_or_default();
        let seconds = |seconds: Option<u32>| seconds.map(|seconds| number(seconds.into())).unwrap_or_default();
        let at = |at: Option<Timestamp>| at.map(instant).unwrap_or_default();
        let shown = |text: &str| defused(&self.numbers.shown(text)).into_owned();
        let text = |text: &Option<String>| text.as_deref().map(shown).unwrap_or_default();
        let mut put = |cell: &str| writer.write_field(cell);
        put(&number(call.id))?;
        put(&defused(&call.call_id))?;
        put(call.direction.as_str())?;
        put(&shown(&call.from_number))?;
        put(&shown(&call.to_number))?;
        put(&text(&call.caller_name))?;
        put(&maybe(call.phone_number_id))?;
        put(&text(&call.phone_number))?;
        put(&maybe(call.extension_id))?;
        put(&text(&call.extension_number))?;
        put(&maybe(call.ring_group_id))?;
        put(&defused(call.ring_group_name.as_deref().unwrap_or_default()))?;
        put(call.status.as_str())?;
        put(call.disposition.map_or("", Disposition::as_str))?;
        put(&instant(call.initiated_at))?;
        put(&at(call.answered_at))?;
        put(&at(call.ended_at))?;
        put(&seconds(call.duration))?;
        put(&seconds(call.billsec))?;
        put(&text(&call.answered_by))?;
        put(&defused(&call.cost.map(cost).unwrap_or_default()))?;
        put(if call.is_stale(self.silent_since) { "true" } else { "false" })?;
        writer.write_record(None::<&[u8]>)
    }
}

/// What is written of the file, as the body of an answer.
struct File {
    pieces: Receiver<Result<Bytes, Torn>>,
    _place: Place,
}

impl http_body::Body for File {
    type Data = Bytes;
    type Error = Torn;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Torn>>> {
        self.pieces.poll_recv(context).map(|piece| piece.map(|piece| piece.map(Frame::data)))
    }
}
