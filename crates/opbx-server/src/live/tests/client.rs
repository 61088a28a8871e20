//! A client of the protocol, over a connection in memory to the address of live updates.

use crate::live::{Channel, Live, Pass, Payload, Sees, Signed, SocketId, Subscriber, route};
use crate::secret_key::SecretKey;
use axum::body::Body;
use futures_util::{SinkExt, StreamExt};
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use opbx_core::id::{ExtensionId, OrganizationId, UserId};
use opbx_core::permission::Role;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::DuplexStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tower::Service;

pub(super) const ACME: OrganizationId = OrganizationId::new(1);
pub(super) const EVERYONE: Channel = Channel::Organization(ACME);
/// Longer than anything takes; the clock stands still, so nobody waits for it.
const LONG: Duration = Duration::from_secs(3_600);

pub(super) const fn desk(id: u64) -> Channel {
    Channel::Extension(ACME, ExtensionId::new(id))
}

/// A person of the organization 1.
pub(in crate::live) fn subscriber(user: u64) -> Subscriber {
    Subscriber {
        organization: ACME,
        user: UserId::new(user),
        role: Role::Owner,
        pass: Pass::Session(user),
        sees: Sees::Whole,
        info: json!({ "name": format!("Number {user}"), "role": "owner" }),
    }
}

/// A hub without sockets.
pub(super) fn hub() -> Live {
    Live::new(&SecretKey::new("0123456789abcdef0123456789abcdef".into()).unwrap())
}

/// Publishes something.
pub(super) fn happens(live: &Live, channel: Channel, event: &'static str, data: Value) {
    live.publish(channel, event, &Payload::plain(data));
}

/// A client, and what it is told.
pub(super) struct Client {
    socket: WebSocketStream<DuplexStream>,
    pub(super) id: String,
}

impl Client {
    /// One that is connected.
    pub(super) async fn new(live: &Live) -> Self {
        let mut client = Self::at(live, "/app/opbx?protocol=7&client=js&version=8.4.0&flash=false").await;
        let (event, data) = client.hears().await;
        assert_eq!(event, "pusher:connection_established");
        assert_eq!(data["activity_timeout"], 120);
        client.id = data["socket_id"].as_str().unwrap().to_owned();
        client
    }

    /// One that has asked for this address.
    pub(super) async fn at(live: &Live, address: &str) -> Self {
        let (ours, theirs) = tokio::io::duplex(64 * 1024);
        let router = route(live.clone()).with_state::<()>(());
        let service = service_fn(move |request: Request<Incoming>| router.clone().call(request.map(Body::new)));
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(theirs), service).with_upgrades());
        let (socket, _) = tokio_tungstenite::client_async(format!("ws://opbx.example{address}"), ours).await.unwrap();
        Self { socket, id: String::new() }
    }

    pub(super) async fn says(&mut self, message: &Value) {
        self.socket.send(Message::text(message.to_string())).await.unwrap();
    }

    pub(super) async fn sends(&mut self, message: Message) {
        self.socket.send(message).await.unwrap();
    }

    /// The next message: its event and its data, read where that is a text.
    pub(super) async fn hears(&mut self) -> (String, Value) {
        let message = self.message().await;
        let data = match &message["data"] {
            Value::String(text) => serde_json::from_str(text).unwrap(),
            data => data.clone(),
        };
        (message["event"].as_str().unwrap().to_owned(), data)
    }

    /// The next message, as it is.
    pub(super) async fn message(&mut self) -> Value {
        match self.next().await {
            Some(Message::Text(text)) => serde_json::from_str(&text).unwrap(),
            other => panic!("no message: {other:?}"),
        }
    }

    /// The code with which the socket is closed, after a message that tells of it.
    pub(super) async fn is_closed(&mut self) -> u16 {
        let (event, data) = self.hears().await;
        assert_eq!(event, "pusher:error", "{data}");
        let Some(Message::Close(Some(close))) = self.next().await else { panic!("it is not closed") };
        assert_eq!(data["code"], u16::from(close.code));
        assert_eq!(data["message"], close.reason.as_str());
        close.code.into()
    }

    /// What comes next; none: the connection has broken off.
    pub(super) async fn next(&mut self) -> Option<Message> {
        tokio::time::timeout(LONG, self.socket.next()).await.expect("nothing comes").and_then(Result::ok)
    }

    /// What someone is to present who subscribes with this socket.
    pub(super) fn signed(&self, live: &Live, channel: Channel, subscriber: Subscriber) -> Signed {
        live.grant(self.id.parse::<SocketId>().unwrap(), channel, subscriber).unwrap()
    }

    /// Asks to subscribe, and answers what came of it.
    pub(super) async fn asks(&mut self, channel: &str, signed: &Signed) -> (String, Value) {
        let mut data = json!({ "channel": channel, "auth": signed.auth });
        if let Some(told) = &signed.channel_data {
            data["channel_data"] = told.as_str().into();
        }
        self.says(&json!({ "event": "pusher:subscribe", "data": data })).await;
        self.hears().await
    }

    /// Subscribes, and answers what it is told at that.
    pub(super) async fn subscribes(&mut self, live: &Live, channel: Channel, subscriber: Subscriber) -> Value {
        let signed = self.signed(live, channel, subscriber);
        let (event, data) = self.asks(&channel.name().to_string(), &signed).await;
        assert_eq!(event, "pusher_internal:subscription_succeeded", "{data}");
        data
    }

    /// Everything that was said until now has been read: the answer to a question says so.
    pub(super) async fn settles(&mut self) {
        self.says(&json!({ "event": "pusher:ping", "data": {} })).await;
        assert_eq!(self.hears().await.0, "pusher:pong");
    }
}
