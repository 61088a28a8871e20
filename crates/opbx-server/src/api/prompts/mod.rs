//! Prompts: what callers hear. Texts and addresses elsewhere; files come with the upload.

use super::answer::instant;
use super::form::{Fields, Rules};
use super::list::{FilterField, Values};
use super::resource::Resource;
use super::users::object;
use crate::access::Prompts;
use crate::field_errors::FieldError;
use opbx_core::id::PromptId;
use opbx_core::organization::Status;
use opbx_core::prompt::{AudioUrl, Prompt, PromptKind};
use opbx_store::Stored;
use serde::Serialize;
use serde_json::json;
use std::net::IpAddr;
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
            immutable: &["kind"],
            read_only: &["id", "created_at", "updated_at"],
            write_only: &[],
            defaults: object(json!({ "text": null, "voice": null, "url": null })),
        }
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
        PromptView {
            id: prompt.id.get(),
            name: prompt.name.to_string(),
            kind,
            text,
            voice,
            url,
            created_at: instant(stored.created_at),
            updated_at: instant(stored.updated_at),
        }
    }

    fn read(fields: &Fields<'_>, before: Option<&Self>) -> Option<Self> {
        let (name, kind) = (fields.spelled("name"), kind(fields, before));
        Some(Self {
            id: before.map_or(PromptId::new(0), |before| before.id),
            name: name?,
            status: before.map_or(Status::Active, |before| before.status),
            kind: kind?,
        })
    }
}

fn kind(fields: &Fields<'_>, before: Option<&Prompt>) -> Option<PromptKind> {
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
            let url: AudioUrl = fields.spelled("url")?;
            if is_public(&url) {
                return Some(PromptKind::Remote { url });
            }
            let text = "This address is not a public one: the platform and this server do not fetch from there.";
            fields.wrong("url", FieldError::rule("not_public", text))
        }
        "upload" if before.is_some_and(|before| before.kind == PromptKind::Upload) => {
            unwanted(&["text", "voice", "url"]);
            Some(PromptKind::Upload)
        }
        // A file comes as a form of several parts, never as JSON.
        _ => fields.wrong("kind", FieldError::invalid("text or remote")),
    }
}

/// Whether an address may be fetched as far as its own text tells: no literal of a network that is not everyone's, and no
/// name of this machine. What a name leads to is found out by whoever fetches.
fn is_public(url: &AudioUrl) -> bool {
    let rest = url.as_str().split_once("://").map_or("", |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match host.strip_prefix('[') {
        Some(literal) => literal.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    match name.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => {
            let [first, second, ..] = address.octets();
            let shared = first == 100 && (64..128).contains(&second);
            !(address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_broadcast()
                || address.is_documentation()
                || address.is_multicast()
                || first == 0
                || first >= 240
                || shared)
        }
        Ok(IpAddr::V6(address)) => {
            let mapped = address.to_ipv4_mapped().is_some();
            !(mapped
                || address.is_loopback()
                || address.is_unspecified()
                || address.is_multicast()
                || address.is_unique_local()
                || address.is_unicast_link_local())
        }
        // A number that is no address in the usual form may be one in another.
        Err(_) => {
            let odd = name.split('.').next_back().is_some_and(|label| {
                !label.is_empty()
                    && label.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'x')
                    && label.bytes().next().is_some_and(|byte| byte.is_ascii_digit())
            });
            !(odd || name == "localhost" || name.ends_with(".localhost") || name.ends_with(".internal"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_everyones_is_not_fetched() {
        for (url, public) in [
            ("https://example.com/hello.mp3", true),
            ("https://93.184.215.14/hello.mp3", true),
            ("https://[2606:2800:21f:cb07::1]/x", true),
            ("http://127.0.0.1/x", false),
            ("http://10.1.2.3:8080/x", false),
            ("http://192.168.1.1/x", false),
            ("http://169.254.169.254/latest/meta-data", false),
            ("http://100.64.0.1/x", false),
            ("http://0.0.0.0/x", false),
            ("http://[::1]/x", false),
            ("http://[::ffff:127.0.0.1]/x", false),
            ("http://[fd00::1]/x", false),
            ("http://[fe80::1]/x", false),
            ("http://user@127.0.0.1/x", false),
            ("http://2130706433/x", false),
            ("http://0x7f000001/x", false),
            ("http://127.1/x", false),
            ("http://localhost/x", false),
            ("http://LOCALHOST./x", false),
            ("http://metadata.google.internal/x", false),
        ] {
            assert_eq!(is_public(&url.parse().unwrap()), public, "{url}");
        }
    }
}
