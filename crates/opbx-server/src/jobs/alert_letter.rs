//! The letter that tells an owner of what they should know of at once.

use super::{Failure, letter, told};
use crate::mail::{Letter, Mailer};
use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use opbx_core::extension::Extension;
use opbx_core::id::UserId;
use opbx_core::notice::Language;
use opbx_core::organization::Status;
use opbx_core::permission::Role;
use opbx_store::{ClaimedJob, Error, NewJob, Priority, Reason, Store, Tenant, TenantStore, User};
use serde_json::{Value, json};

/// The word of this kind of work.
pub(super) const ALERT_LETTER: &str = "alert_letter";
/// With the pauses between them, these take about half an hour.
const ATTEMPTS: u32 = 8;

/// What an alert is about, as far as its letter tells.
#[derive(Clone, Debug)]
pub(crate) struct Alerted {
    /// Which letter tells of it.
    pub(crate) letter: Letter,
    /// When it was.
    pub(crate) at: Timestamp,
    /// What is known of it: of an emergency call `number`, and `extension_id` or `from`; else `found` and perhaps `waited`.
    pub(crate) detail: Value,
}

/// The job of telling an owner of an alert. `key` is of the alert: nobody is told of it twice.
pub(crate) fn alert_letter(alerted: &Alerted, owner: &User, key: &str, now: Timestamp) -> NewJob {
    let payload = json!({
        "letter": alerted.letter.word(), "user_id": owner.id.get(), "at": alerted.at.as_millisecond(),
        "detail": alerted.detail,
    });
    let unique_key = Some(format!("{ALERT_LETTER}:{key}:{}", owner.id));
    NewJob { unique_key, priority: Priority::Urgent, ..NewJob::new(ALERT_LETTER, payload, now, ATTEMPTS) }
}

/// Sends it, if its reader is still an owner.
pub(super) async fn send(
    store: &Store,
    mailer: Option<&Mailer>,
    zones: &TimeZoneDatabase,
    job: &ClaimedJob,
) -> Result<(), Failure> {
    let letter = job.payload.get("letter").and_then(Value::as_str).and_then(Letter::of_word);
    let user = job.payload.get("user_id").and_then(Value::as_u64);
    let at = job.payload.get("at").and_then(Value::as_i64).and_then(|at| Timestamp::from_millisecond(at).ok());
    let (Some(of), Some(letter), Some(user), Some(at)) = (job.organization, letter, user, at) else {
        return Err(Failure::hopeless("it does not say whom to tell of what"));
    };
    let tenant = store.tenant(&Tenant::inside(of, Reason::Job));
    let owner = match tenant.user(UserId::new(user)).await {
        Err(Error::NotFound) => return Ok(()),
        found => found?.object,
    };
    if owner.role != Role::Owner || owner.status != Status::Active {
        return Ok(());
    }
    let mailer = mailer.ok_or_else(|| Failure::again("no mail server is set (OPBX_SMTP_URL)"))?;
    let settings = tenant.settings().await?.object;
    let organization = &settings.organization;
    let zone = zones.get(organization.timezone.as_str()).unwrap_or(TimeZone::UTC);
    let language = Language::of(&organization.language);
    let detail = &job.payload["detail"];
    let (caller, at) = (caller(&tenant, detail, language).await?, told::at(at, zone));
    let (called, found, waited) = (text(detail, "number"), text(detail, "found"), text(detail, "waited"));
    let values = [
        ("product", settings.control.product_name.as_deref().unwrap_or("OPBX")),
        ("organization", organization.name.as_str()),
        ("name", owner.name.as_str()),
        ("caller", caller.as_str()),
        ("called", called.as_str()),
        ("found", found.as_str()),
        ("length", waited.as_str()),
        ("at", at.as_str()),
    ];
    let text = letter.text(language, &values);
    mailer.send(owner.name.as_str(), owner.email.as_str(), text).await.map_err(letter::not_sent)
}

fn text(detail: &Value, name: &str) -> String {
    detail.get(name).and_then(Value::as_str).unwrap_or_default().replace(char::is_control, " ")
}

/// Whose phone it was, by its number and name now; as the platform said it where it is nobody's.
async fn caller(tenant: &TenantStore, detail: &Value, language: Language) -> Result<String, Failure> {
    let as_said = told::caller(&text(detail, "from"), None, language);
    let Some(extension) = detail.get("extension_id").and_then(Value::as_u64) else { return Ok(as_said) };
    match tenant.find::<Extension>(extension).await {
        Ok(found) => Ok(format!("{} {}", found.object.number, found.object.name)),
        Err(Error::NotFound) => Ok(as_said),
        Err(fault) => Err(fault.into()),
    }
}
