//! The voices that can speak a text: those that the platform's documentation names. What an organization's own domain has
//! besides, only the platform can tell.

use super::answer::data;
use super::operation::{Access, Operation, data as data_of};
use super::schema::{Schemas, schema_of};
use crate::access::{Permit, Prompts, Read};
use crate::problem::Problem;
use axum::http::Method;
use axum::response::Response;
use opbx_core::permission::{Action, Resource};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

/// A voice of the platform.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = Voice)]
struct VoiceView {
    /// What a prompt or the organization names it by.
    #[schema(example = "Polly:Astrid")]
    voice: &'static str,
    /// Whose it is; null: the platform's own.
    provider: Option<&'static str>,
    /// How it sounds; null where nobody says.
    #[schema(example = "female")]
    gender: Option<&'static str>,
    /// Which languages it speaks; none: whichever the text is in, as far as the platform can.
    languages: &'static [&'static str],
    /// What it costs; null where nobody says.
    #[schema(example = "standard")]
    pricing: Option<&'static str>,
}

/// After the verb Say and the list of voices in the platform's documentation.
const VOICES: &[VoiceView] = &[
    VoiceView { voice: "woman", provider: None, gender: Some("female"), languages: &[], pricing: None },
    VoiceView { voice: "man", provider: None, gender: Some("male"), languages: &[], pricing: None },
    VoiceView {
        voice: "Google:en-US-Neural2-F",
        provider: Some("Google"),
        gender: None,
        languages: &["en-US"],
        pricing: None,
    },
    VoiceView {
        voice: "Polly:Astrid",
        provider: Some("Polly"),
        gender: Some("female"),
        languages: &["sv-SE"],
        pricing: Some("standard"),
    },
];

pub(super) fn operations() -> Vec<Operation> {
    let mut schemas = Schemas::new();
    let voice = schema_of::<VoiceView>(&mut schemas);
    vec![
        Operation::new(Method::GET, "/voices", "list_voices", list)
            .about("voices", "List the voices that can speak a text; any other name of a voice is taken too")
            .access(Access::Right(Action::Read, Resource::Prompts))
            .answers_json(200, data_of(json!({ "type": "array", "items": voice })))
            .with_schemas(schemas),
    ]
}

/// `GET /voices`.
async fn list(permit: Permit<Read<Prompts>>) -> Result<Response, Problem> {
    permit.reaches(false)?;
    Ok(data(&VOICES))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_may_be_named_by_a_prompt() {
        for voice in VOICES {
            assert!(voice.voice.parse::<opbx_core::text::Voice>().is_ok(), "{voice:?}");
        }
    }
}
