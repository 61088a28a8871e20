//! What callers left in a voicemail box: listed, marked, listened to, removed.

use super::super::ApiState;
use super::super::answer::{Precondition, Version, data, done, instant};
use super::super::body::JsonObject;
use super::super::form::{Reading, Rules, merged};
use super::super::list::{FilterField, QueryParameters, Values, list_schema};
use super::super::operation::{Access, Operation, data as data_of};
use super::super::own::has_box;
use super::super::resource::Id;
use super::super::schema::{Schemas, schema_of};
use super::super::sound::{OF_PEOPLE, answers_sound, served};
use super::super::users::object;
use super::super::words::AudioStateWord;
use crate::access::{Caller, Delete, Permit, Read, Update, VoicemailMessages};
use crate::problem::Problem;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use opbx_core::id::{MessageId, VoicemailBoxId};
use opbx_core::permission::{Action, Resource as Protected};
use opbx_core::sound::AudioFormat;
use opbx_core::voicemail_box::VoicemailBox;
use opbx_store::{Entry, Error, KeptAudio, KeptMessage};
use serde::Serialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use utoipa::ToSchema;

const LIST: &str = "/voicemail-boxes/{id}/messages";
const ONE: &str = "/voicemail-boxes/{id}/messages/{message_id}";
const AUDIO: &str = "/voicemail-boxes/{id}/messages/{message_id}/audio";
const FILTERS: &[FilterField] = &[
    FilterField { name: "seen", values: Values::Flag },
    FilterField { name: "saved", values: Values::Flag },
    FilterField { name: "state", values: Values::Words(&KeptAudio::WORDS) },
];

/// A message that a caller left.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = VoicemailMessage)]
struct MessageView {
    /// Its identifier.
    id: u64,
    /// In which box it is.
    voicemail_box_id: u64,
    /// The platform's token of the call in which it was left.
    call_id: String,
    /// Who left it.
    from_number: String,
    /// The name that they showed.
    caller_name: Option<String>,
    /// When it was left.
    #[schema(format = DateTime)]
    received_at: String,
    /// Whether its owner has heard it, or says so.
    seen: bool,
    /// Since when.
    #[schema(format = DateTime)]
    seen_at: Option<String>,
    /// Whether its owner wants to keep it.
    saved: bool,
    /// Whether its sound is here.
    state: AudioStateWord,
    /// Why it is not, where it could not be had.
    error: Option<String>,
    /// How long it lasts, in seconds, rounded up, where that is known.
    duration: Option<u32>,
    /// What its file is.
    #[schema(example = "audio/wav")]
    media_type: Option<&'static str>,
    /// How long its file is, in bytes.
    bytes: Option<u64>,
}

pub(in crate::api) fn operations() -> Vec<Operation> {
    let mut schemas = Schemas::new();
    let shown = schema_of::<MessageView>(&mut schemas);
    let may = |action| Access::Right(action, Protected::VoicemailMessages);
    let flag = json!({ "type": "boolean" });
    let change = json!({
        "type": "object", "additionalProperties": false, "properties": { "seen": flag, "saved": flag },
        "example": { "seen": true },
    });
    let identifier = || json!({ "type": "integer", "format": "int64", "minimum": 1 });
    vec![
        Operation::new(Method::GET, LIST, "list_voicemail_messages", list)
            .about("voicemail-boxes", "List the messages in a box, newest first")
            .access(may(Action::Read))
            .paged()
            .filtered(FILTERS)
            .answers_json(200, list_schema(&shown))
            .with_schemas(schemas.clone()),
        Operation::new(Method::GET, ONE, "get_voicemail_message", show)
            .about("voicemail-boxes", "Show a message")
            .path_parameter("message_id", identifier())
            .access(may(Action::Read))
            .answers_json(200, data_of(shown.clone()))
            .with_schemas(schemas.clone()),
        Operation::new(Method::PATCH, ONE, "update_voicemail_message", mark)
            .about("voicemail-boxes", "Say that a message was heard, or is to be kept")
            .path_parameter("message_id", identifier())
            .access(may(Action::Update))
            .conditional()
            .takes_json(change)
            .answers_json(200, data_of(shown))
            .with_schemas(schemas),
        Operation::new(Method::DELETE, ONE, "delete_voicemail_message", remove)
            .about("voicemail-boxes", "Remove a message and its file")
            .path_parameter("message_id", identifier())
            .access(may(Action::Delete))
            .conditional()
            .answers_nothing(204),
        answers_sound(Operation::new(Method::GET, AUDIO, "get_voicemail_message_audio", listen))
            .about("voicemail-boxes", "Listen to a message; the playing is in the audit log")
            .path_parameter("message_id", identifier())
            .access(may(Action::Read)),
    ]
}

/// The identifier of a message in an address. A text that is none names nothing.
#[derive(Clone, Copy, Debug)]
struct OfMessage(MessageId);

impl FromRequestParts<ApiState> for OfMessage {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &ApiState) -> Result<Self, Problem> {
        let path = Path::<HashMap<String, String>>::from_request_parts(parts, api).await;
        let path = path.map_err(|_| Problem::NotFound)?;
        let id = path.get("message_id").and_then(|text| text.parse::<u64>().ok());
        let id = id.filter(|id| i64::try_from(*id).is_ok()).ok_or(Problem::NotFound)?;
        Ok(Self(MessageId::new(id)))
    }
}

/// Whether a box is there, and whether it is the caller's own.
async fn is_own(api: &ApiState, caller: &Caller, id: Id) -> Result<bool, Problem> {
    let tenant = api.tenant(caller);
    let mailbox = tenant.find::<VoicemailBox>(id.0).await?.object;
    has_box(&tenant, caller, &mailbox).await
}

/// A message, if it is in that box.
fn in_box(found: Result<KeptMessage, Error>, id: Id) -> Result<KeptMessage, Problem> {
    let message = found?;
    if message.voicemail_box.get() == id.0 { Ok(message) } else { Err(Problem::NotFound) }
}

async fn list(
    State(api): State<ApiState>,
    permit: Permit<Read<VoicemailMessages>>,
    id: Id,
    parameters: QueryParameters,
) -> Result<Response, Problem> {
    permit.reaches(is_own(&api, &permit.caller, id).await?)?;
    let asked = parameters.page(FILTERS)?;
    let page = api.tenant(&permit.caller).messages(VoicemailBoxId::new(id.0), &asked.query).await?;
    Ok(asked.answer(page, |message| view(&message)))
}

async fn show(
    State(api): State<ApiState>,
    permit: Permit<Read<VoicemailMessages>>,
    id: Id,
    of: OfMessage,
) -> Result<Response, Problem> {
    permit.reaches(is_own(&api, &permit.caller, id).await?)?;
    let message = in_box(api.tenant(&permit.caller).message(of.0).await, id)?;
    Ok(version(&message).on(data(&view(&message))))
}

async fn mark(
    State(api): State<ApiState>,
    permit: Permit<Update<VoicemailMessages>>,
    id: Id,
    of: OfMessage,
    precondition: Precondition,
    JsonObject(body): JsonObject,
) -> Result<Response, Problem> {
    permit.reaches(is_own(&api, &permit.caller, id).await?)?;
    let mut edit = api.edit(&permit.caller).await?;
    let before = in_box(edit.message(of.0).await, id)?;
    precondition.holds(&version(&before))?;
    let whole = merged(&rules(), Some(&shown(&before)), &body).map_err(Problem::Invalid)?;
    let (seen, saved, errors) = {
        let reading = Reading::default();
        let fields = reading.fields(&whole);
        (fields.flag("seen"), fields.flag("saved"), reading.finish().0)
    };
    let (Some(seen), Some(saved)) = (seen, saved) else { return Err(Problem::Invalid(errors)) };
    edit.mark_message(of.0, seen, saved).await?;
    let after = edit.message(of.0).await?;
    api.commit(&permit.caller, edit).await?;
    Ok(version(&after).on(data(&view(&after))))
}

async fn remove(
    State(api): State<ApiState>,
    permit: Permit<Delete<VoicemailMessages>>,
    id: Id,
    of: OfMessage,
    precondition: Precondition,
) -> Result<Response, Problem> {
    permit.reaches(is_own(&api, &permit.caller, id).await?)?;
    let mut edit = api.edit(&permit.caller).await?;
    let before = in_box(edit.message(of.0).await, id)?;
    precondition.holds(&version(&before))?;
    edit.remove_message(of.0).await?;
    api.commit(&permit.caller, edit).await?;
    api.left_work();
    Ok(done())
}

async fn listen(
    State(api): State<ApiState>,
    permit: Permit<Read<VoicemailMessages>>,
    id: Id,
    of: OfMessage,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    permit.reaches(is_own(&api, &permit.caller, id).await?)?;
    let message = in_box(api.tenant(&permit.caller).message(of.0).await, id)?;
    let file = message.audio.file().ok_or(Problem::NotFound)?;
    if method == Method::GET {
        let entry = Entry::of("played", "voicemail_message", Some(of.0.get()), message.from_number.as_str());
        api.played(&permit.caller, entry).await?;
    }
    served(&api, file, &method, &headers, OF_PEOPLE).await
}

/// A message has no revision: two that look the same are one version.
fn version(message: &KeptMessage) -> Version {
    let digest = Sha256::digest(Value::Object(shown(message)).to_string());
    let beginning = digest.first_chunk::<8>().copied().unwrap_or_default();
    Version::of(message.id.get(), u64::from_be_bytes(beginning))
}

/// What is known of its fields: what was read can be sent back.
fn rules() -> Rules {
    Rules {
        required: &[],
        immutable: &[],
        read_only: &[
            "id",
            "voicemail_box_id",
            "call_id",
            "from_number",
            "caller_name",
            "received_at",
            "seen_at",
            "state",
            "error",
            "duration",
            "media_type",
            "bytes",
        ],
        write_only: &[],
        defaults: object(json!({ "seen": false, "saved": false })),
    }
}

fn shown(message: &KeptMessage) -> Map<String, Value> {
    match serde_json::to_value(view(message)) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

fn view(message: &KeptMessage) -> MessageView {
    let file = message.audio.file();
    let error = match &message.audio {
        KeptAudio::Failed { error } => Some(error.to_string()),
        KeptAudio::Receiving | KeptAudio::Stored(_) => None,
    };
    // What the file tells is truer than what was said of it.
    let told = file.and_then(|file| file.milliseconds).map(|milliseconds| milliseconds.div_ceil(1_000));
    MessageView {
        id: message.id.get(),
        voicemail_box_id: message.voicemail_box.get(),
        call_id: message.call_id.clone(),
        from_number: message.from_number.clone(),
        caller_name: message.caller_name.clone(),
        received_at: instant(message.received_at),
        seen: message.heard_at.is_some(),
        seen_at: message.heard_at.map(instant),
        saved: message.saved,
        state: AudioStateWord::of(&message.audio),
        error,
        duration: told.or(message.seconds),
        media_type: file.map(|file| AudioFormat::media_type(file.format)),
        bytes: file.map(|file| file.bytes),
    }
}
