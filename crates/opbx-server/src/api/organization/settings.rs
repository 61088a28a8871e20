//! `GET`, `PUT` and `PATCH /organization`.

use super::super::ApiState;
use super::super::answer::{Precondition, Version, data, instant};
use super::super::body::JsonObject;
use super::super::destination::DestinationView;
use super::super::form::{Fields, Reading, Rules, merged};
use super::super::users::object;
use super::super::words::{OrganizationStatusWord, RecordingWord};
use crate::access::{Organization as OrganizationRight, Permit, Read, Update};
use crate::field_errors::{FieldError, FieldErrors};
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use opbx_core::destination::{Destination, Failsafe};
use opbx_core::id::PromptId;
use opbx_core::organization::Organization;
use opbx_store::{Control, Edit, ObjectKind, OrganizationSettings, Stored};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// The organization's settings.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Organization)]
pub(super) struct OrganizationView {
    /// Its identifier.
    id: u64,
    /// What people call it.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// Whether it is served; the installation's to say.
    status: OrganizationStatusWord,
    /// The zone of its days.
    #[schema(example = "America/New_York")]
    timezone: String,
    /// The country whose numbering plan and emergency numbers apply.
    #[schema(pattern = "^[A-Z]{2}$", example = "US")]
    country: String,
    /// How long an extension rings that sets no time of its own, in seconds.
    #[schema(minimum = 5, maximum = 300)]
    no_answer_timeout: u32,
    /// The longest a connected call may last, in seconds.
    #[schema(minimum = 60, maximum = 86400)]
    max_call_seconds: u32,
    /// What is recorded where nothing nearer to the call says otherwise.
    recording: RecordingWord,
    /// Played before the first recorded dial of a call.
    recording_notice_prompt_id: Option<u64>,
    /// Refuse inbound callers that withhold their number.
    reject_anonymous: bool,
    /// Hide the last digits of numbers from reporters.
    mask_numbers: bool,
    /// The number presented on emergency calls: one of its own.
    #[schema(pattern = "^\\+[0-9]{7,15}$")]
    emergency_caller_id: Option<String>,
    /// Where calls go when the plan cannot be loaded: `forward`, `hangup` or `busy`; null: an apology.
    failsafe: Option<DestinationView>,
    /// Whether owners and admins need a second factor.
    require_second_factor: bool,
    /// The language that callers hear.
    #[schema(example = "en")]
    language: String,
    /// The voice that callers hear; null: the platform's.
    voice: Option<String>,
    /// How its pages look.
    branding: BrandingView,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    updated_at: String,
}

/// How an organization's pages look.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Branding)]
struct BrandingView {
    /// What the product is called.
    #[schema(max_length = 100)]
    product_name: Option<String>,
    /// The address of the logo.
    #[schema(max_length = 2000)]
    logo: Option<String>,
    /// The colour.
    #[schema(pattern = "^#[0-9a-fA-F]{6}$", example = "#1a73e8")]
    accent: Option<String>,
}

pub(super) fn rules() -> Rules {
    Rules {
        required: &["name", "timezone", "country"],
        immutable: &[],
        read_only: &["id", "status", "created_at", "updated_at"],
        write_only: &[],
        defaults: object(json!({
            "no_answer_timeout": 30, "max_call_seconds": 14_400, "recording": "off",
            "recording_notice_prompt_id": null, "reject_anonymous": false, "mask_numbers": false,
            "emergency_caller_id": null, "failsafe": null, "require_second_factor": false, "language": "en",
            "voice": null, "branding": { "product_name": null, "logo": null, "accent": null },
        })),
    }
}

fn view(stored: &Stored<OrganizationSettings>) -> OrganizationView {
    let OrganizationSettings { organization, control, .. } = &stored.object;
    OrganizationView {
        id: organization.id.get(),
        name: organization.name.to_string(),
        status: organization.status.into(),
        timezone: organization.timezone.to_string(),
        country: organization.country.to_string(),
        no_answer_timeout: organization.no_answer_timeout.get(),
        max_call_seconds: organization.max_call_seconds.get(),
        recording: organization.recording.into(),
        recording_notice_prompt_id: organization.recording_notice.map(PromptId::get),
        reject_anonymous: organization.reject_anonymous,
        mask_numbers: organization.mask_numbers,
        emergency_caller_id: organization.emergency_caller_id.map(|number| number.to_string()),
        failsafe: organization.failsafe.as_ref().map(|failsafe| DestinationView::from(&place(failsafe))),
        require_second_factor: control.require_second_factor,
        language: organization.language.to_string(),
        voice: organization.voice.as_ref().map(ToString::to_string),
        branding: BrandingView {
            product_name: control.product_name.clone(),
            logo: control.logo.clone(),
            accent: control.accent.clone(),
        },
        created_at: instant(stored.created_at),
        updated_at: instant(stored.updated_at),
    }
}

fn place(failsafe: &Failsafe) -> Destination {
    match failsafe {
        Failsafe::Forward { to } => Destination::Forward { to: to.clone() },
        Failsafe::Hangup => Destination::Hangup,
        Failsafe::Busy => Destination::Busy,
    }
}

/// Settings as the audit log shows them: with those of the other two addresses.
pub(crate) fn portrait(settings: &OrganizationSettings) -> Value {
    let nowhere = jiff::Timestamp::UNIX_EPOCH;
    let stored = Stored { object: settings.clone(), revision: 0, created_at: nowhere, updated_at: nowhere };
    let mut fields = shown(&stored);
    for name in rules().read_only {
        fields.remove(*name);
    }
    fields.insert("limits".to_owned(), super::limits::shown(settings).into());
    fields.insert("retention".to_owned(), super::retention::shown(settings).into());
    fields.into()
}

fn shown(stored: &Stored<OrganizationSettings>) -> Map<String, Value> {
    serde_json::to_value(view(stored)).map(object).unwrap_or_default()
}

/// The version of the settings, of whichever of their addresses.
pub(super) fn version(stored: &Stored<OrganizationSettings>) -> Version {
    Version::of(stored.object.organization.id.get(), stored.revision)
}

/// `GET /organization`.
pub(super) async fn show(
    State(api): State<ApiState>,
    permit: Permit<Read<OrganizationRight>>,
) -> Result<Response, Problem> {
    let stored = api.tenant(&permit.caller).settings().await?;
    Ok(version(&stored).on(data(&view(&stored))))
}

/// `PUT` and `PATCH /organization`.
pub(super) async fn change(
    State(api): State<ApiState>,
    permit: Permit<Update<OrganizationRight>>,
    precondition: Precondition,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    let mut edit = api.edit(&permit.caller).await?;
    let before = edit.settings().await?;
    precondition.holds(&version(&before))?;
    let after = asked(&edit, &before, &body).await?;
    let stored = edit.update_settings(&before, after, portrait).await?;
    api.commit(&permit.caller, edit).await?;
    if stored.object.organization.timezone != before.object.organization.timezone {
        // Statistics are cut anew.
        api.left_work();
    }
    Ok(version(&stored).on(data(&view(&stored))))
}

async fn asked(
    edit: &Edit,
    before: &Stored<OrganizationSettings>,
    body: &Map<String, Value>,
) -> Result<OrganizationSettings, Problem> {
    let whole = merged(&rules(), Some(&shown(before)), body).map_err(Problem::Invalid)?;
    let (settings, mut errors, references) = {
        let reading = Reading::default();
        let settings = read(&reading.fields(&whole), &before.object);
        let (errors, references) = reading.finish();
        (settings, errors, references)
    };
    errors.extend(super::super::resource::dangling(edit, references).await?);
    let Some(settings) = settings.filter(|_| errors.is_empty()) else { return Err(Problem::Invalid(errors)) };
    if let Some(number) = settings.organization.emergency_caller_id
        && settings.organization.emergency_caller_id != before.object.organization.emergency_caller_id
        && !edit.has_number(number).await?
    {
        let error = FieldError::invalid("one of the organization's own numbers");
        return Err(Problem::Invalid(FieldErrors::one("emergency_caller_id", error)));
    }
    Ok(settings)
}

fn read(fields: &Fields<'_>, before: &OrganizationSettings) -> Option<OrganizationSettings> {
    let (name, country, zone) = (fields.spelled("name"), fields.country("country"), fields.zone("timezone"));
    let (no_answer_timeout, max_call_seconds) = (fields.number("no_answer_timeout"), fields.number("max_call_seconds"));
    let (recording, language) = (fields.word("recording"), fields.spelled("language"));
    let (voice, emergency) = (fields.maybe_spelled("voice"), fields.maybe_spelled("emergency_caller_id"));
    let notice = fields.maybe_reference("recording_notice_prompt_id", ObjectKind::Prompt, PromptId::new);
    let (reject_anonymous, mask_numbers) = (fields.flag("reject_anonymous"), fields.flag("mask_numbers"));
    let (failsafe, control) = (failsafe(fields), control(fields));
    Some(OrganizationSettings {
        organization: Organization {
            name: name?,
            country: country?,
            timezone: zone?,
            language: language?,
            voice: voice?,
            no_answer_timeout: no_answer_timeout?,
            max_call_seconds: max_call_seconds?,
            recording: recording?,
            recording_notice: notice?,
            reject_anonymous: reject_anonymous?,
            mask_numbers: mask_numbers?,
            emergency_caller_id: emergency?,
            failsafe: failsafe?,
            ..before.organization.clone()
        },
        control: control?,
        ..before.clone()
    })
}

fn failsafe(fields: &Fields<'_>) -> Option<Option<Failsafe>> {
    match fields.maybe_destination("failsafe")? {
        None => Some(None),
        Some(Destination::Forward { to }) => Some(Some(Failsafe::Forward { to })),
        Some(Destination::Hangup) => Some(Some(Failsafe::Hangup)),
        Some(Destination::Busy) => Some(Some(Failsafe::Busy)),
        Some(_) => fields.wrong("failsafe", FieldError::invalid("a destination of type forward, hangup or busy")),
    }
}

fn control(fields: &Fields<'_>) -> Option<Control> {
    let require_second_factor = fields.flag("require_second_factor");
    let branding = fields.nested("branding")?;
    branding.only(&["product_name", "logo", "accent"]);
    let text = |name: &str, longest: usize| match branding.value(name) {
        None => Some(None),
        Some(_) => {
            let text = branding.text(name)?;
            let fits = (1..=longest).contains(&text.chars().count()) && !text.contains(char::is_control);
            if fits {
                return Some(Some(text.to_owned()));
            }
            branding.wrong(name, FieldError::invalid(&format!("a text of 1 to {longest} characters")))
        }
    };
    let (product_name, logo, accent) = (text("product_name", 100), text("logo", 2_000), text("accent", 7));
    let is_colour = |text: &String| {
        let digits = text.strip_prefix('#').unwrap_or_default();
        digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    };
    if matches!(&accent, Some(Some(colour)) if !is_colour(colour)) {
        return branding.wrong("accent", FieldError::invalid("a colour like #1a73e8"));
    }
    let is_address =
        |text: &String| text.starts_with("https://") || text.starts_with("http://") || text.starts_with('/');
    if matches!(&logo, Some(Some(logo)) if !is_address(logo)) {
        return branding.wrong("logo", FieldError::invalid("the address of an image"));
    }
    Some(Control {
        require_second_factor: require_second_factor?,
        product_name: product_name?,
        logo: logo?,
        accent: accent?,
    })
}
