//! How an assistant is reached.

use super::super::form::Fields;
use crate::field_errors::FieldError;
use opbx_core::ai_assistant::{Connection, Credentials};
use opbx_core::secret::Password;
use opbx_core::text::{ParameterName, ParameterValue};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// The longest password.
const LONGEST_PASSWORD: usize = 1_000;
/// The most parameters of a stream.
const MOST_PARAMETERS: usize = 50;

/// How an assistant is reached.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[schema(as = AiConnection)]
pub(super) enum ConnectionView {
    /// A voice-agent service that the platform knows.
    Service {
        /// Which service.
        #[schema(example = "retell")]
        provider: String,
        /// The assistant's number there.
        number: String,
        /// Who signs in, where the service asks for it.
        username: Option<String>,
    },
    /// A SIP address.
    Sip {
        /// The address.
        #[schema(example = "sip:ada@ai.example")]
        sip_uri: String,
        /// Who signs in, where it asks for it.
        username: Option<String>,
    },
    /// A WebSocket that carries the sound.
    Stream {
        /// The address.
        #[schema(example = "wss://ai.example/stream")]
        url: String,
        /// What the other side is told.
        #[schema(value_type = Object)]
        parameters: Map<String, Value>,
    },
}

impl From<&Connection> for ConnectionView {
    fn from(connection: &Connection) -> Self {
        let username = |credentials: &Option<Credentials>| {
            credentials.as_ref().map(|credentials| credentials.username.to_string())
        };
        match connection {
            Connection::Service { provider, number, credentials } => Self::Service {
                provider: provider.to_string(),
                number: number.to_string(),
                username: username(credentials),
            },
            Connection::Sip { sip_uri, credentials } => {
                Self::Sip { sip_uri: sip_uri.to_string(), username: username(credentials) }
            }
            Connection::Stream { url, parameters } => Self::Stream {
                url: url.to_string(),
                parameters: parameters.iter().map(|(name, value)| (name.to_string(), value.as_str().into())).collect(),
            },
        }
    }
}

/// The password that is kept of an assistant, if it has one.
fn kept(before: Option<&Connection>) -> Option<&Password> {
    let (Connection::Service { credentials, .. } | Connection::Sip { credentials, .. }) = before? else { return None };
    credentials.as_ref()?.password.as_ref()
}

/// Whether an assistant is reached where another one was: a password goes only where it was meant to go.
fn is_same_place(before: Option<&Connection>, after: &Connection) -> bool {
    match (before, after) {
        (
            Some(Connection::Service { provider: old, number: from, .. }),
            Connection::Service { provider: new, number: to, .. },
        ) => old == new && from == to,
        (Some(Connection::Sip { sip_uri: old, .. }), Connection::Sip { sip_uri: new, .. }) => old == new,
        _ => false,
    }
}

/// The connection, unless it would take a password along to another place.
fn here(of: &Fields<'_>, before: Option<&Connection>, connection: Connection) -> Option<Connection> {
    if of.says("password") || kept(before).is_none() || is_same_place(before, &connection) {
        return Some(connection);
    }
    let text = "The password was for another address. Say it again, or null.";
    of.wrong("password", FieldError::rule("required", text))
}

pub(super) fn connection(fields: &Fields<'_>, before: Option<&Connection>) -> Option<Connection> {
    let of = fields.nested("connection")?;
    match of.text("type")? {
        "service" => {
            of.only(&["type", "provider", "number", "username", "password"]);
            let (provider, number) = (of.spelled("provider"), of.spelled("number"));
            let credentials = credentials(&of, before);
            let connection = Connection::Service { provider: provider?, number: number?, credentials: credentials? };
            here(&of, before, connection)
        }
        "sip" => {
            of.only(&["type", "sip_uri", "username", "password"]);
            let (sip_uri, credentials) = (of.spelled("sip_uri"), credentials(&of, before));
            let connection = Connection::Sip { sip_uri: sip_uri?, credentials: credentials? };
            here(&of, before, connection)
        }
        "stream" => {
            of.only(&["type", "url", "parameters"]);
            let (url, parameters) = (of.spelled("url"), parameters(&of));
            Some(Connection::Stream { url: url?, parameters: parameters? })
        }
        _ => of.wrong("type", FieldError::invalid("service, sip or stream")),
    }
}

/// Who signs in. A password that is not said stays, one that is null is taken away.
fn credentials(of: &Fields<'_>, before: Option<&Connection>) -> Option<Option<Credentials>> {
    let username = of.maybe_spelled::<ParameterValue>("username")?;
    let password = match of.says("password") {
        false => kept(before).cloned(),
        true if of.value("password").is_none() => None,
        true => {
            let text = of.text("password")?;
            if text.is_empty() || text.chars().count() > LONGEST_PASSWORD || text.contains(char::is_control) {
                return of.wrong("password", FieldError::invalid("a text of 1 to 1,000 characters"));
            }
            Some(Password::new(text.to_owned()))
        }
    };
    match (username, password) {
        (Some(username), password) => Some(Some(Credentials { username, password })),
        (None, Some(_)) if of.says("password") => of.wrong("username", FieldError::required()),
        (None, _) => Some(None),
    }
}

fn parameters(of: &Fields<'_>) -> Option<Vec<(ParameterName, ParameterValue)>> {
    let Some(parameters) = of.maybe_nested("parameters")? else { return Some(Vec::new()) };
    let names: Vec<&String> = parameters.names().collect();
    if names.len() > MOST_PARAMETERS {
        return of.wrong("parameters", FieldError::invalid("at most 50 parameters"));
    }
    let mut is_right = true;
    let mut read = Vec::new();
    for name in names {
        match (name.parse::<ParameterName>(), parameters.spelled::<ParameterValue>(name)) {
            (Ok(name), Some(value)) => read.push((name, value)),
            (Err(invalid), _) => {
                parameters.wrong::<()>(name, FieldError::invalid(invalid.what_was_expected()));
                is_right = false;
            }
            (Ok(_), None) => is_right = false,
        }
    }
    is_right.then_some(read)
}
