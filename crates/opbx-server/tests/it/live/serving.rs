//! A company whose server listens, and sockets to it.

use crate::api::company::{Answer, Company};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use tower::ServiceExt;

/// Longer than anything takes that comes at all.
const LONG: Duration = Duration::from_secs(30);

pub(super) struct Serving {
    pub(super) company: Company,
    pub(super) address: SocketAddr,
    router: Router,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<std::io::Result<()>>,
}

impl Serving {
    pub(super) async fn new() -> Self {
        let company = Company::new().await;
        let server = company.server("").await;
        let router = server.router();
        let listening = server.listen().await.unwrap();
        let address = listening.address();
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(listening.run(async {
            let _ = stopped.await;
        }));
        Self { company, address, router, stop: Some(stop), running }
    }

    /// Tells the server to stop.
    pub(super) fn stops(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    /// Waits until it has.
    pub(super) async fn has_stopped(self) {
        tokio::time::timeout(LONG, self.running).await.unwrap().unwrap().unwrap();
    }

    /// Any request to this server, and not to the other one over the same data.
    pub(super) async fn send(&self, request: Request<Body>) -> Answer {
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let body = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).unwrap() };
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// A request of someone with JSON.
    pub(super) async fn ask(&self, who: &str, method: Method, path: &str, body: &Value) -> Answer {
        let request = Request::builder().method(method).uri(path).header("authorization", self.company.bearer(who));
        self.send(request.header("content-type", "application/json").body(Body::from(body.to_string())).unwrap()).await
    }

    /// Makes an extension, and answers its identifier.
    pub(super) async fn extension(&self, number: &str, user: Option<u64>) -> u64 {
        let body = json!({ "extension_number": number, "name": number, "type": "user", "user_id": user });
        self.ask("owner", Method::POST, "/api/v1/extensions", &body).await.data()["id"].as_u64().unwrap()
    }

    /// The organization's channel.
    pub(super) fn everyone(&self) -> String {
        format!("presence-org.{}", self.company.organization)
    }

    /// What someone gets who asks to subscribe.
    pub(super) async fn authorized(&self, who: &str, socket: &str, channel: &str) -> Answer {
        let body = json!({ "socket_id": socket, "channel_name": channel });
        self.ask(who, Method::POST, "/broadcasting/auth", &body).await
    }

    /// A socket with which someone listens to a channel.
    pub(super) async fn listening(&self, who: &str, channel: &str) -> Socket {
        let mut socket = Socket::new(self.address).await;
        let answer = self.authorized(who, &socket.id, channel).await;
        let told = socket.subscribes(channel, &answer.body).await;
        assert_eq!(told["event"], "pusher_internal:subscription_succeeded", "{told}");
        socket
    }
}

/// A socket.
pub(crate) struct Socket {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub(super) id: String,
}

impl Socket {
    /// One to the server of a company, with which someone listens to the organization.
    pub(crate) async fn to(company: &Company, who: &str) -> Self {
        let mut socket = Self::new(company.address.unwrap()).await;
        let channel = format!("presence-org.{}", company.organization);
        let body = json!({ "socket_id": socket.id, "channel_name": channel }).to_string();
        let request = Request::builder().method(Method::POST).uri("/broadcasting/auth");
        let request = request.header("authorization", company.bearer(who)).header("content-type", "application/json");
        let answer = company.send(request.body(Body::from(body)).unwrap()).await;
        let told = socket.subscribes(&channel, &answer.body).await;
        assert_eq!(told["event"], "pusher_internal:subscription_succeeded", "{told}");
        socket
    }

    pub(super) async fn new(address: SocketAddr) -> Self {
        let url = format!("ws://{address}/app/opbx?protocol=7&client=js&version=8.4.0&flash=false");
        let (socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
        let mut socket = Self { socket, id: String::new() };
        let said = socket.hears().await;
        assert_eq!(said["event"], "pusher:connection_established");
        socket.id = said["data"]["socket_id"].as_str().unwrap().to_owned();
        socket
    }

    pub(super) async fn says(&mut self, message: &Value) {
        self.socket.send(Message::text(message.to_string())).await.unwrap();
    }

    /// Presents what was answered, and hears what comes of it.
    pub(super) async fn subscribes(&mut self, channel: &str, answered: &Value) -> Value {
        let mut data = answered.clone();
        data["channel"] = channel.into();
        self.says(&json!({ "event": "pusher:subscribe", "data": data })).await;
        self.hears().await
    }

    /// The next message, with its data read.
    pub(crate) async fn hears(&mut self) -> Value {
        match self.next().await {
            Some(Message::Text(text)) => {
                let mut message: Value = serde_json::from_str(&text).unwrap();
                if let Value::String(data) = &message["data"] {
                    message["data"] = serde_json::from_str(data).unwrap();
                }
                message
            }
            other => panic!("no message: {other:?}"),
        }
    }

    /// With which code it is closed, after whatever else is said; and how long that took.
    pub(super) async fn is_closed(&mut self) -> (u16, Duration) {
        let begun = std::time::Instant::now();
        loop {
            match self.next().await {
                Some(Message::Close(Some(close))) => return (close.code.into(), begun.elapsed()),
                Some(_) => {}
                None => panic!("it broke off"),
            }
        }
    }

    /// Whether it is still there: it answers.
    pub(super) async fn answers(&mut self) {
        self.says(&json!({ "event": "pusher:ping", "data": {} })).await;
        assert_eq!(self.hears().await["event"], "pusher:pong");
    }

    async fn next(&mut self) -> Option<Message> {
        tokio::time::timeout(LONG, self.socket.next()).await.unwrap().and_then(Result::ok)
    }
}
