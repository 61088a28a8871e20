//! The letter that tells of a call that nobody took: to whoever the extension or the ring group that rang names for it.

use super::{Failure, letter, told};
use crate::mail::{Letter, Mailer};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use opbx_core::notice::Language;
use opbx_store::{ClaimedJob, Error, Reason, Store, Tenant};
use serde_json::Value;

/// Sends it, if the call is still there and still one that nobody took.
pub(super) async fn send(
    store: &Store,
    mailer: Option<&Mailer>,
    zones: &TimeZoneDatabase,
    job: &ClaimedJob,
) -> Result<(), Failure> {
    let call = job.payload.get("call_id").and_then(Value::as_u64);
    let email = job.payload.get("email").and_then(Value::as_str);
    let (Some(of), Some(call), Some(email)) = (job.organization, call, email) else {
        return Err(Failure::hopeless("it does not say whom to tell of which call"));
    };
    let tenant = store.tenant(&Tenant::inside(of, Reason::Job));
    let call = match tenant.call(call).await {
        // Let go, or found to be another call, which has a letter of its own.
        Err(Error::NotFound) => return Ok(()),
        found => found?.call,
    };
    if !call.missed {
        return Ok(());
    }
    let mailer = mailer.ok_or_else(|| Failure::again("no mail server is set (OPBX_SMTP_URL)"))?;
    let has_message = tenant.left_a_message(&call.call_id, call.initiated_at).await?;
    let letter = if has_message { Letter::MissedCallWithMessage } else { Letter::MissedCall };
    let settings = tenant.settings().await?.object;
    let organization = &settings.organization;
    let zone = zones.get(organization.timezone.as_str()).unwrap_or(TimeZone::UTC);
    let language = Language::of(&organization.language);
    // Where a number is withheld, a word stands in its place.
    let number = Some(call.from_number.as_str()).filter(|number| number.contains(|sign: char| sign.is_ascii_digit()));
    let caller = told::caller(number.unwrap_or_default(), call.caller_name.as_deref(), language);
    let called = call.phone_number.as_deref().unwrap_or(&call.to_number).replace(char::is_control, " ");
    let (at, rang) = (told::at(call.initiated_at, zone), rang(&job.payload));
    let values = [
        ("product", settings.control.product_name.as_deref().unwrap_or("OPBX")),
        ("organization", organization.name.as_str()),
        ("caller", caller.as_str()),
        ("called", called.as_str()),
        ("name", rang.as_str()),
        ("at", at.as_str()),
    ];
    mailer.send("", email, letter.text(language, &values)).await.map_err(letter::not_sent)
}

/// What rang, by what it was called.
fn rang(payload: &Value) -> String {
    let names = payload.get("rang").and_then(Value::as_array).into_iter().flatten();
    names.filter_map(Value::as_str).collect::<Vec<_>>().join(", ").replace(char::is_control, " ")
}
