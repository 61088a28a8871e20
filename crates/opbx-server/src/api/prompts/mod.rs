//! Prompts: what callers hear. Texts, files that are uploaded, and files elsewhere, of which a copy is fetched.

mod change;
mod fetch;
mod form;
mod listen;
mod upkeep;

pub(crate) use self::fetch::PromptFetcher;
pub(crate) use self::upkeep::upkeep;

use self::change::{change, create, remove};
use self::listen::listen;
use super::answer::instant;
use super::crud::crud;
use super::form::{Fields, Rules};
use super::list::{FilterField, Values};
use super::operation::{Access, Operation};
use super::resource::Resource;
use super::sound::answers_sound;
use super::users::object;
use crate::access::Prompts;
use crate::field_errors::FieldError;
use axum::http::Method;
use opbx_core::id::PromptId;
use opbx_core::organization::Status;
use opbx_core::permission::{Action, Resource as Protected};
use opbx_core::prompt::{Prompt, PromptKind};
use opbx_core::sound::{AudioFormat, Sound};
use opbx_store::Stored;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

/// What callers hear.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Prompt)]
pub(crate) struct PromptView {
    /// Its identifier.
    id: u64,
    /// What people call it.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// Where its sound comes from.
    kind: KindWord,
    /// What is said, of a text.
    #[schema(min_length = 1, max_length = 4000)]
    text: Option<String>,
    /// Who says it; null: the organization's voice.
    voice: Option<String>,
    /// Where the file is, of a remote one.
    #[schema(max_length = 2000, example = "https://example.com/hello.mp3")]
    url: Option<String>,
    /// Whether there is a file to play here; null for a text, which needs none. Until a remote one is `ready`, it is
    /// played from its own address.
    state: Option<StateWord>,
    /// Why it is unreachable.
    error: Option<String>,
    /// What the file is.
    #[schema(example = "audio/wav")]
    media_type: Option<&'static str>,
    /// How long the file is, in bytes.
    bytes: Option<u64>,
    /// How long it lasts, in seconds, rounded up, where the file tells.
    duration: Option<u32>,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    updated_at: String,
}

/// Where the sound of a prompt comes from.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PromptKind)]
enum KindWord {
    /// A file that was uploaded.
    Upload,
    /// A text, spoken by the platform.
    Text,
    /// A file elsewhere.
    Remote,
}

/// Whether there is a file to play.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = PromptState)]
enum StateWord {
    /// There is.
    Ready,
    /// It is being fetched.
    Fetching,
    /// It could not be fetched the last time, and will be tried again within the hour.
    Unreachable,
}

/// The operations of prompts: those of every resource, of which some take a form besides, and those that answer with
/// sound.
pub(super) fn operations() -> Vec<Operation> {
    let mut operations: Vec<Operation> = crud::<Prompt>().into_iter().map(with_files).collect();
    operations.push(
        answers_sound(Operation::new(Method::GET, "/prompts/{id}/audio", "get_prompt_audio", listen))
            .about(Prompt::PATH, "Listen to a prompt: the file that is played to callers")
            .access(Access::Right(Action::Read, Protected::Prompts)),
    );
    operations
}

fn with_files(operation: Operation) -> Operation {
    let (method, is_one) = (operation.method().to_owned(), operation.path().contains("{id}"));
    match (method.as_str(), is_one) {
        ("POST", false) => operation.with_handler(create).takes_form(form_schema(&["name", "file"])).refuses(&[409]),
        ("PUT" | "PATCH", true) => operation.with_handler(change).takes_form(form_schema(&[])),
        ("DELETE", true) => operation.with_handler(remove),
        _ => operation,
    }
}

fn form_schema(required: &[&str]) -> Value {
    let file = json!({
        "type": "string", "contentMediaType": "application/octet-stream",
        "description": "A WAV or MP3 file of at most 20 MB; what it is is found in its content.",
    });
    json!({
        "type": "object", "additionalProperties": false, "required": required,
        "properties": {
            "name": { "type": "string", "minLength": 1, "maxLength": 255 },
            "kind": { "type": "string", "enum": ["upload"] },
            "file": file,
        },
    })
}

impl Resource for Prompt {
    const PATH: &'static str = "prompts";
    const NAME: &'static str = "prompt";
    const FILTERS: &'static [FilterField] =
        &[FilterField { name: "kind", values: Values::Words(&["upload", "text", "remote"]) }];
    type Right = Prompts;
    type View = PromptView;

    fn rules() -> Rules {
        Rules {
            required: &["name", "kind"],
            immutable: &[],
            read_only: &["id", "state", "error", "media_type", "bytes", "duration", "created_at", "updated_at"],
            write_only: &[],
            defaults: object(json!({ "text": null, "voice": null, "url": null })),
        }
    }

    /// What one kind has and another has not goes with it.
    fn completed(current: Option<&Map<String, Value>>, mut body: Map<String, Value>) -> Map<String, Value> {
        let is_another = match (current, body.get("kind")) {
            (Some(current), Some(kind)) => current.get("kind") != Some(kind),
            _ => false,
        };
        if is_another {
            for name in ["text", "voice", "url"] {
                body.entry(name).or_insert(Value::Null);
            }
        }
        body
    }

    fn view(stored: &Stored<Self>) -> PromptView {
        let prompt = &stored.object;
        let (kind, text, voice, url) = match &prompt.kind {
            PromptKind::Upload => (KindWord::Upload, None, None, None),
            PromptKind::Text { text, voice } => {
                (KindWord::Text, Some(text.to_string()), voice.as_ref().map(ToString::to_string), None)
            }
            PromptKind::Remote { url } => (KindWord::Remote, None, None, Some(url.to_string())),
        };
        let state = match (&prompt.kind, &prompt.sound) {
            (PromptKind::Text { .. }, _) => None,
            (_, Sound::Held(_)) => Some(StateWord::Ready),
            (PromptKind::Remote { .. }, Sound::Absent) => Some(StateWord::Fetching),
            (PromptKind::Upload, Sound::Absent) | (_, Sound::Unreachable { .. }) => Some(StateWord::Unreachable),
        };
        let error = match &prompt.sound {
            Sound::Unreachable { error } => Some(error.to_string()),
            Sound::Absent | Sound::Held(_) => None,
        };
        let file = prompt.sound.file();
        PromptView {
            id: prompt.id.get(),
            name: prompt.name.to_string(),
            kind,
            text,
            voice,
            url,
            state,
            error,
            media_type: file.map(|file| AudioFormat::media_type(file.format)),
            bytes: file.map(|file| file.bytes),
            duration: file.and_then(|file| file.milliseconds).map(|milliseconds| milliseconds.div_ceil(1_000)),
            created_at: instant(stored.created_at),
            updated_at: instant(stored.updated_at),
        }
    }

    fn read(fields: &Fields<'_>, before: Option<&Self>) -> Option<Self> {
        let (name, kind) = (fields.spelled("name"), kind(fields));
        let (name, kind) = (name?, kind?);
        // Another address is another file.
        let sound = before.filter(|before| before.kind == kind || matches!(kind, PromptKind::Upload));
        let sound = sound.map(|before| before.sound.clone()).unwrap_or_default();
        Some(Self {
            id: before.map_or(PromptId::new(0), |before| before.id),
            name,
            status: before.map_or(Status::Active, |before| before.status),
            kind,
            sound,
        })
    }
}

fn kind(fields: &Fields<'_>) -> Option<PromptKind> {
    let unwanted = |names: &[&str]| {
        for name in names.iter().filter(|name| fields.value(name).is_some()) {
            fields.wrong::<()>(name, FieldError::rule("not_allowed", "This kind of prompt has no such field."));
        }
    };
    match fields.text("kind")? {
        "text" => {
            unwanted(&["url"]);
            let (text, voice) = (fields.spelled("text"), fields.maybe_spelled("voice"));
            Some(PromptKind::Text { text: text?, voice: voice? })
        }
        "remote" => {
            unwanted(&["text", "voice"]);
            Some(PromptKind::Remote { url: fields.spelled("url")? })
        }
        "upload" => {
            unwanted(&["text", "voice", "url"]);
            Some(PromptKind::Upload)
        }
        _ => fields.wrong("kind", FieldError::invalid("upload, text or remote")),
    }
}
