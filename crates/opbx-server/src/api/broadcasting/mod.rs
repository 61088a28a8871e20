//! `POST /broadcasting/auth`: what a client of live updates asks for before it subscribes to a channel.

use super::ApiState;
use super::answer::json as answer;
use super::body::{Kind, content_type, is_json, object, read};
use super::operation::{Access, Operation};
use super::schema::object as shape;
use crate::access::{LiveCalls, Means, Permit, Read};
use crate::field_errors::{FieldError, FieldErrors};
use crate::live::{Channel, ChannelName, Pass, Sees, SocketId, Subscriber};
use crate::problem::Problem;
use axum::extract::{FromRequest, Request, State};
use axum::http::Method;
use axum::response::Response;
use opbx_core::extension::Extension;
use opbx_core::permission::{Action, Resource, Role};
use serde_json::{Map, Value, json};

/// Where it is asked for, below the base and at the root.
pub(super) const PATH: &str = "/broadcasting/auth";

/// After how many seconds someone should ask again where too many ask.
const AGAIN: u32 = 5;

pub(super) fn operations() -> Vec<Operation> {
    let mut asked = shape(&json!({
        "socket_id": { "type": "string", "description": "As the first message of the socket tells it.", "example": "17.42" },
        "channel_name": {
            "type": "string",
            "description": "presence-org.{id}, private-user.{id} or private-extension.{id}.",
            "example": "presence-org.1",
        },
    }));
    // The libraries of clients send what their users add (`auth.params`).
    asked["additionalProperties"] = json!(true);
    let signed = json!({
        "type": "object",
        "required": ["auth"],
        "properties": {
            "auth": { "type": "string", "description": "What is presented to the socket, once and within a minute." },
            "channel_data": { "type": "string", "description": "What the others in a presence channel are told." },
        },
    });
    let content = json!({
        "application/json": { "schema": asked },
        "application/x-www-form-urlencoded": { "schema": asked },
    });
    vec![
        Operation::new(Method::POST, PATH, "authorize_channel", authorize)
            .about("live updates", "Ask to subscribe to a channel with a socket")
            .access(Access::Right(Action::Read, Resource::LiveCalls))
            .takes(content)
            .answers_json(200, signed),
    ]
}

/// What is asked for.
#[derive(Debug)]
struct Asked {
    socket: SocketId,
    /// None: there is no such channel.
    channel: Option<ChannelName>,
}

impl FromRequest<ApiState> for Asked {
    type Rejection = Problem;

    /// What else a client sends is let pass: libraries add fields of their own.
    async fn from_request(request: Request, _: &ApiState) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let fields = if is_json(&parts.headers) {
            object(&read(body, Kind::Json).await?)?
        } else if content_type(&parts.headers) == "application/x-www-form-urlencoded" {
            let body = read(body, Kind::Json).await?;
            let pairs = form_urlencoded::parse(&body);
            pairs.map(|(name, value)| (name.into_owned(), Value::String(value.into_owned()))).collect()
        } else {
            return Err(Problem::UnsupportedMediaType("application/json or application/x-www-form-urlencoded"));
        };
        let mut errors = FieldErrors::default();
        let socket = text(&fields, "socket_id", &mut errors);
        let channel = text(&fields, "channel_name", &mut errors);
        let read = socket.and_then(|text| text.parse().ok());
        if read.is_none() && socket.is_some() {
            errors.add("socket_id", FieldError::invalid("the socket_id of a connection, like 17.42"));
        }
        match (read, channel) {
            (Some(socket), Some(channel)) => Ok(Self { socket, channel: ChannelName::read(channel) }),
            _ => Err(Problem::Invalid(errors)),
        }
    }
}

fn text<'f>(fields: &'f Map<String, Value>, name: &str, errors: &mut FieldErrors) -> Option<&'f str> {
    match fields.get(name) {
        None | Some(Value::Null) => errors.add(name, FieldError::required()),
        Some(Value::String(text)) => return Some(text),
        Some(_) => errors.add(name, FieldError::wrong_type("a text")),
    }
    None
}

async fn authorize(
    State(api): State<ApiState>,
    permit: Permit<Read<LiveCalls>>,
    Asked { socket, channel }: Asked,
) -> Result<Response, Problem> {
    let caller = &permit.caller;
    let pass = match caller.means {
        Means::Session { id } => Pass::Session(id),
        Means::Token { id, .. } => Pass::Token(id),
        // It is nobody who could be there.
        Means::Installation { .. } => return Err(Problem::Forbidden),
    };
    let user = caller.user.ok_or(Problem::Forbidden)?;
    let organization = caller.tenant.organization();
    // What is not there, what is another organization's and what they may not hear are one answer.
    let channel = channel.and_then(|name| name.inside(organization)).ok_or(Problem::Forbidden)?;
    match channel {
        Channel::Organization(_) => {}
        Channel::User(_, named) if named == user => {}
        Channel::User(..) => return Err(Problem::Forbidden),
        Channel::Extension(_, named) => match api.tenant(caller).find::<Extension>(named.get()).await {
            Ok(extension) if caller.role != Role::Agent || extension.object.user == Some(user) => {}
            Ok(_) | Err(opbx_store::Error::NotFound) => return Err(Problem::Forbidden),
            Err(fault) => return Err(fault.into()),
        },
    }
    let info = json!({ "name": caller.name, "role": caller.role.as_str() });
    let subscriber = Subscriber { organization, user, role: caller.role, pass, sees: Sees::of(caller.role), info };
    let signed = api.live().grant(socket, channel, subscriber).map_err(|_| Problem::Busy { after: AGAIN })?;
    let mut shown = json!({ "auth": signed.auth });
    if let Some(data) = signed.channel_data {
        shown["channel_data"] = data.into();
    }
    Ok(answer(&shown))
}
