//! `assistant Ava service "retell" +12125550177 else -> extension 1002`

use super::Printer;
use super::shared;
use crate::ai_assistant::{AiAssistant, Connection, Credentials, StreamUrl};
use crate::destination::Destination;
use crate::id::AiAssistantId;
use crate::language::cursor::{Context, Cursor};
use crate::language::destination;
use crate::language::index::Object;
use crate::language::kind::Kind;
use crate::language::object::{Findings, Slot};
use crate::language::problem::{Fault, Read};
use crate::language::sheet::Block;
use crate::language::text::{name, quoted, value};
use crate::organization::Status;
use crate::sip_uri::SipUri;
use crate::text::{Name, ParameterName, ParameterValue, ServiceNumber, ServiceProvider};

const SETTINGS: &[&str] = &["inactive", "service", "sip", "stream", "with", "parameter", "else"];

struct Reading {
    status: Status,
    name: Name,
    connection: Option<Connection>,
    // They may stand before the connection they belong to.
    user: Option<(ParameterValue, usize)>,
    parameters: Vec<(ParameterName, ParameterValue)>,
    first_parameter: Option<usize>,
    fallback: Destination,
}

/// Reads an assistant.
pub(crate) fn read(found: &mut Findings, context: &Context<'_>, object: &Object) -> Option<AiAssistant> {
    let mut reading = Reading {
        status: Status::Active,
        name: "?".parse().ok()?,
        connection: None,
        user: None,
        parameters: Vec::new(),
        first_parameter: None,
        fallback: Destination::Hangup,
    };
    let whole = found.object(
        context,
        object,
        &mut reading,
        |cursor, reading| {
            reading.name = cursor.declared_name::<Name>("the name of the assistant")?;
            Ok(())
        },
        setting,
    );
    let Reading { status, name, connection, user, parameters, first_parameter, fallback } = reading;
    let Some(mut connection) = connection else {
        if whole {
            let message = format!("assistant `{name}` is not connected: `service …`, `sip …` or `stream …`");
            found.problem(object.offset, message);
        }
        return None;
    };
    match &mut connection {
        Connection::Service { credentials, .. } | Connection::Sip { credentials, .. } => {
            *credentials = user.map(|(username, _)| Credentials { username, password: None });
            if let Some(offset) = first_parameter {
                found.problem(offset, "only a stream has parameters");
            }
        }
        Connection::Stream { parameters: of_stream, .. } => {
            *of_stream = parameters;
            if let Some((_, offset)) = user {
                found.problem(offset, "a stream has no user; what the other side must know is a parameter");
            }
        }
    }
    Some(AiAssistant { id: AiAssistantId::new(object.id), name, status, connection, fallback })
}

fn setting(cursor: &mut Cursor<'_>, reading: &mut Reading) -> Read<Slot> {
    let offset = cursor.offset();
    let connection = match cursor.word() {
        Some("inactive") => return Ok(shared::inactive(cursor, &mut reading.status)),
        Some("service") => {
            cursor.advance();
            Connection::Service {
                provider: cursor.parsed::<ServiceProvider>("the name of a service")?,
                number: cursor.parsed::<ServiceNumber>("the assistant's number or name at the service")?,
                credentials: None,
            }
        }
        Some("sip") => {
            cursor.advance();
            Connection::Sip {
                sip_uri: cursor.parsed::<SipUri>("a SIP address like bob@example.com")?,
                credentials: None,
            }
        }
        Some("stream") => {
            cursor.advance();
            let url = cursor.parsed::<StreamUrl>("an address like wss://example.com/stream")?;
            Connection::Stream { url, parameters: Vec::new() }
        }
        Some("with") => {
            cursor.advance();
            cursor.need("user")?;
            reading.user = Some((cursor.parsed_text::<ParameterValue>("a user name")?, offset));
            return Ok(Slot::One("user"));
        }
        Some("parameter") => {
            cursor.advance();
            let name = cursor.parsed::<ParameterName>("the name of a parameter")?;
            let value = cursor.parsed_text::<ParameterValue>("the value of the parameter")?;
            let place = reading.parameters.len();
            reading.first_parameter.get_or_insert(offset);
            reading.parameters.push((name, value));
            return Ok(Slot::Many("parameter", u32::try_from(place).unwrap_or(u32::MAX)));
        }
        Some("else") => {
            cursor.advance();
            reading.fallback = destination::arrow(cursor)?;
            return Ok(Slot::One("else"));
        }
        _ => return Err(cursor.expected_word("a setting of an assistant", SETTINGS)),
    };
    if reading.connection.replace(connection).is_some() {
        return Err(Fault::at(offset, "an assistant has one connection"));
    }
    Ok(Slot::One("connection"))
}

/// Prints an assistant, without a password.
pub(crate) fn print<'k>(assistant: &AiAssistant, printer: &Printer<'k>) -> Block<'k> {
    let head = format!("assistant {}", name(assistant.name.as_str()));
    let mut block = Block::new(Kind::Assistant, assistant.id.get(), printer.kept, head);
    block.head(assistant.status == Status::Inactive, "inactive");
    let user = |credentials: &Option<Credentials>| {
        credentials.as_ref().map_or_else(String::new, |it| format!(" with user {}", quoted(it.username.as_str())))
    };
    match &assistant.connection {
        Connection::Service { provider, number, credentials } => {
            let (provider, number) = (quoted(provider.as_str()), value(number.as_str()));
            block.head(true, format!("service {provider} {number}{}", user(credentials)));
        }
        Connection::Sip { sip_uri, credentials } => {
            block.head(true, format!("sip {}{}", value(sip_uri.as_str()), user(credentials)));
        }
        Connection::Stream { url, parameters } => {
            block.head(true, format!("stream {}", value(url.as_str())));
            for (place, (name, text)) in parameters.iter().enumerate() {
                let slot = Slot::Many("parameter", u32::try_from(place).unwrap_or(u32::MAX));
                block.line(slot, true, format!("parameter {} {}", value(name.as_str()), quoted(text.as_str())));
            }
        }
    }
    let to = destination::print(&assistant.fallback, &printer.names);
    block.line(Slot::One("else"), assistant.fallback != Destination::Hangup, format!("else -> {to}"));
    block
}
