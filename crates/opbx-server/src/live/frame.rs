//! What goes over a socket: the messages of Pusher's protocol, version 7.

use super::ending::Ending;
use axum::extract::ws::Utf8Bytes;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Value, json};

/// The version of the protocol that is spoken; clients may say a later one.
pub(super) const PROTOCOL: u64 = 7;

/// What a client says. `data` is an object, or its text.
#[derive(Debug, Deserialize)]
pub(super) struct Said {
    pub(super) event: String,
    #[serde(default)]
    data: Value,
}

/// What a client subscribes with.
#[derive(Debug, Deserialize)]
pub(super) struct Subscribe {
    pub(super) channel: String,
    pub(super) auth: Option<String>,
    pub(super) channel_data: Option<String>,
}

impl Said {
    /// Reads a message; `None`: it is none.
    pub(super) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// What it carries.
    pub(super) fn into_data<T: serde::de::DeserializeOwned>(self) -> Option<T> {
        match self.data {
            Value::String(text) => serde_json::from_str(&text).ok(),
            data => serde_json::from_value(data).ok(),
        }
    }
}

/// What is sent.
#[derive(Serialize)]
struct Sent<'a, D> {
    event: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<&'a str>,
    data: D,
}

/// Data as a text within the text: what the protocol asks for.
struct Text<'d, D>(&'d D);

impl<D: Serialize> Serialize for Text<'_, D> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = serde_json::to_string(self.0).map_err(serde::ser::Error::custom)?;
        serializer.serialize_str(&text)
    }
}

/// A message of a channel.
pub(super) fn of_channel(channel: &str, event: &str, data: &impl Serialize) -> Utf8Bytes {
    text(&Sent { event, channel: Some(channel), data: Text(data) })
}

/// The first message.
pub(super) fn established(socket: &str, activity_timeout: u64) -> Utf8Bytes {
    let data = json!({ "socket_id": socket, "activity_timeout": activity_timeout });
    text(&Sent { event: "pusher:connection_established", channel: None, data: Text(&data) })
}

/// A question whether the client is there.
pub(super) fn ping() -> Utf8Bytes {
    text(&Sent { event: "pusher:ping", channel: None, data: json!({}) })
}

/// The answer to that question.
pub(super) fn pong() -> Utf8Bytes {
    text(&Sent { event: "pusher:pong", channel: None, data: json!({}) })
}

/// What was wrong with a message.
pub(super) fn error(code: Option<u16>, message: &str) -> Utf8Bytes {
    text(&Sent { event: "pusher:error", channel: None, data: json!({ "code": code, "message": message }) })
}

/// What comes before a close.
pub(super) fn closing(ending: Ending) -> Utf8Bytes {
    error(Some(ending.code()), ending.text())
}

/// Why a subscription is refused.
pub(super) fn refused(channel: &str, kind: &str, status: u16, message: &str) -> Utf8Bytes {
    let data = json!({ "type": kind, "error": message, "status": status });
    text(&Sent { event: "pusher:subscription_error", channel: Some(channel), data })
}

fn text(sent: &impl Serialize) -> Utf8Bytes {
    // Texts, numbers and maps with texts as keys can always be written.
    serde_json::to_string(sent).unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_read_as_an_object_and_as_its_text() {
        for text in [
            r#"{"event":"pusher:subscribe","data":{"channel":"presence-org.1","auth":"a:b"}}"#,
            r#"{"event":"pusher:subscribe","data":"{\"channel\":\"presence-org.1\",\"auth\":\"a:b\"}"}"#,
        ] {
            let subscribe: Subscribe = Said::read(text).unwrap().into_data().unwrap();
            assert_eq!((subscribe.channel.as_str(), subscribe.auth.as_deref()), ("presence-org.1", Some("a:b")));
        }
        assert!(Said::read("pusher:ping").is_none() && Said::read("{}").is_none());
        assert!(Said::read(r#"{"event":"pusher:subscribe"}"#).unwrap().into_data::<Subscribe>().is_none());
    }

    #[test]
    fn messages_are_those_of_the_protocol() {
        assert_eq!(
            established("1.2", 120).as_str(),
            r#"{"event":"pusher:connection_established","data":"{\"activity_timeout\":120,\"socket_id\":\"1.2\"}"}"#
        );
        assert_eq!(
            of_channel("private-user.3", "call.ringing", &json!({ "id": 7 })).as_str(),
            r#"{"event":"call.ringing","channel":"private-user.3","data":"{\"id\":7}"}"#
        );
        assert_eq!(
            closing(Ending::UnknownKey).as_str(),
            r#"{"event":"pusher:error","data":{"code":4001,"message":"There is no application with this key."}}"#
        );
    }
}
