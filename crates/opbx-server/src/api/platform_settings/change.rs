//! `GET`, `PUT` and `PATCH /settings/platform`.

use super::super::ApiState;
use super::super::answer::{Precondition, Version, data};
use super::super::body::JsonObject;
use super::super::form::{Fields, Reading, merged};
use super::super::users::object;
use super::keys::FORMER_COUNTS;
use super::view::{self, RecordingFormatWord, masked};
use crate::access::{Permit, PlatformSettings as PlatformSettingsRight, Read, Update};
use crate::admin::{DomainName, DomainUuid};
use crate::field_errors::FieldError;
use crate::problem::Problem;
use crate::public_url::PublicUrl;
use axum::extract::State;
use axum::response::Response;
use opbx_core::secret::Password;
use opbx_store::{PlatformSettings, StoredPlatformSettings};
use serde_json::{Map, Value};
use std::fmt::Display;
use std::str::FromStr;

/// The longest key of the platform's interface, in characters.
const LONGEST_API_KEY: usize = 512;

/// `GET /settings/platform`.
pub(super) async fn show(
    State(api): State<ApiState>,
    permit: Permit<Read<PlatformSettingsRight>>,
) -> Result<Response, Problem> {
    let stored = api.tenant(&permit.caller).platform_settings().await?;
    Ok(shown_in(&api, &stored))
}

/// The version of the settings: an organization has one set of them, so there is nothing to number.
fn version(stored: &StoredPlatformSettings) -> Version {
    Version::of(0, stored.revision)
}

fn shown_in(api: &ApiState, stored: &StoredPlatformSettings) -> Response {
    version(stored).on(data(&view::view(stored, api.outside())))
}

/// `PUT` and `PATCH /settings/platform`.
pub(super) async fn change(
    State(api): State<ApiState>,
    permit: Permit<Update<PlatformSettingsRight>>,
    precondition: Precondition,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let mut edit = api.edit(&permit.caller).await?;
    let before = edit.platform_settings().await?;
    precondition.holds(&version(&before))?;
    let current = serde_json::to_value(view::view(&before, api.outside())).map(object).unwrap_or_default();
    let whole = merged(&view::rules(), Some(&current), &body).map_err(Problem::Invalid)?;
    let after = read(&whole, &before.settings)?;
    let after = edit.update_platform_settings(&before, after, api.now() + FORMER_COUNTS).await?;
    api.commit_place(&permit.caller, edit).await?;
    Ok(shown_in(&api, &after))
}

fn read(whole: &Map<String, Value>, before: &PlatformSettings) -> Result<PlatformSettings, Problem> {
    let reading = Reading::default();
    let settings = settings(&reading.fields(whole), before);
    let (errors, _) = reading.finish();
    settings.filter(|_| errors.is_empty()).ok_or(Problem::Invalid(errors))
}

fn settings(fields: &Fields<'_>, before: &PlatformSettings) -> Option<PlatformSettings> {
    // Every field is read before the first one that is missing ends it, so that all mistakes are told.
    let (domain, domain_uuid) = (said::<DomainName>(fields, "domain"), said::<DomainUuid>(fields, "domain_uuid"));
    let (api_key, public_url) = (api_key(fields, before), said::<PublicUrl>(fields, "public_url"));
    let recording_format = fields.maybe_word::<RecordingFormatWord>("recording_format");
    let is_the_same = fields.value("webhook_key").is_some_and(|said| *said == masked(before.webhook_key.reveal()));
    let webhook_key = if is_the_same { Some(before.webhook_key.clone()) } else { fields.spelled("webhook_key") };
    let (domain, domain_uuid) = (domain?, domain_uuid?);
    if domain.is_none() && domain_uuid.is_some() {
        return fields.wrong("domain_uuid", FieldError::rule("not_allowed", "Say the domain too."));
    }
    Some(PlatformSettings {
        domain,
        domain_uuid,
        api_key: api_key?,
        webhook_key: webhook_key?,
        public_url: public_url?,
        recording_format: recording_format?.map(|format| format.as_str().to_owned()),
        cdr_secret: before.cdr_secret.clone(),
    })
}

/// The canonical spelling of a text that a type of ours takes, or null.
fn said<T: FromStr<Err: Display> + Display>(fields: &Fields<'_>, name: &str) -> Option<Option<String>> {
    Some(fields.maybe_parsed::<T>(name)?.map(|value| value.to_string()))
}

/// A key that is sent back as it was shown stays.
fn api_key(fields: &Fields<'_>, before: &PlatformSettings) -> Option<Option<Password>> {
    let Some(said) = fields.value("api_key") else { return Some(None) };
    if let Some(known) = before.api_key.as_ref().filter(|known| *said == masked(known.reveal())) {
        return Some(Some(known.clone()));
    }
    let text = fields.text("api_key")?;
    if (8..=LONGEST_API_KEY).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Some(Some(Password::new(text.to_owned())));
    }
    fields.wrong("api_key", FieldError::invalid("a key of 8 to 512 printable characters"))
}
