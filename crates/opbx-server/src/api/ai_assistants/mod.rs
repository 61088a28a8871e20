//! AI assistants: voice agents elsewhere that a call can be handed to.

mod connection;

use self::connection::{ConnectionView, connection};
use super::answer::instant;
use super::destination::DestinationView;
use super::form::{Fields, Rules};
use super::list::{FilterField, Values};
use super::resource::Resource;
use super::users::object;
use super::words::StatusWord;
use crate::access::AiAssistants;
use opbx_core::ai_assistant::AiAssistant;
use opbx_core::id::AiAssistantId;
use opbx_core::organization::Status;
use opbx_store::Stored;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

/// A voice agent elsewhere that a call can be handed to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AiAssistant)]
pub(crate) struct AiAssistantView {
    /// Its identifier.
    id: u64,
    /// What people call it.
    #[schema(min_length = 1, max_length = 255)]
    name: String,
    /// How it is reached. A password is taken and never shown; one that is left out stays.
    connection: ConnectionView,
    /// Where the call goes when it cannot be reached.
    fallback: DestinationView,
    /// Whether calls are handed to it.
    status: StatusWord,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    updated_at: String,
}

impl Resource for AiAssistant {
    const PATH: &'static str = "ai-assistants";
    const NAME: &'static str = "ai_assistant";
    const FILTERS: &'static [FilterField] =
        &[FilterField { name: "status", values: Values::Words(&["active", "inactive"]) }];
    type Right = AiAssistants;
    type View = AiAssistantView;

    fn rules() -> Rules {
        Rules {
            required: &["name", "connection"],
            immutable: &[],
            read_only: &["id", "created_at", "updated_at"],
            write_only: &[],
            defaults: object(json!({ "fallback": { "type": "hangup" }, "status": "active" })),
        }
    }

    fn view(stored: &Stored<Self>) -> AiAssistantView {
        let assistant = &stored.object;
        AiAssistantView {
            id: assistant.id.get(),
            name: assistant.name.to_string(),
            connection: (&assistant.connection).into(),
            fallback: (&assistant.fallback).into(),
            status: assistant.status.into(),
            created_at: instant(stored.created_at),
            updated_at: instant(stored.updated_at),
        }
    }

    fn read(fields: &Fields<'_>, before: Option<&Self>) -> Option<Self> {
        let (name, status) = (fields.spelled("name"), fields.word("status"));
        let (connection, fallback) =
            (connection(fields, before.map(|before| &before.connection)), fields.destination("fallback"));
        Some(Self {
            id: before.map_or(AiAssistantId::new(0), |before| before.id),
            name: name?,
            status: status?,
            connection: connection?,
            fallback: fallback?,
        })
    }

    fn status(&mut self) -> Option<&mut Status> {
        Some(&mut self.status)
    }
}
