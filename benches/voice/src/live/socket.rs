//! A socket that listens to a channel, as pusher-js opens it.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use voice_bench::{Connection, Wanted};

use crate::heard::Heard;
use crate::platform::Course;

/// A socket with its subscription.
#[derive(Debug)]
pub(crate) struct Socket {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Socket {
    /// Opens it and subscribes.
    pub(crate) async fn listening(address: SocketAddr, token: &str, channel: &str) -> Result<Self, String> {
        let url = format!("ws://{address}/app/opbx?protocol=7&client=js&version=8.4.0&flash=false");
        let (socket, _) = connect_async(url).await.map_err(|fault| fault.to_string())?;
        let mut socket = Self { socket };
        let (event, data) = socket.next().await?;
        let id = data["socket_id"].as_str().ok_or_else(|| format!("It begins with {event}: {data}"))?;
        let asked = json!({ "socket_id": id, "channel_name": channel }).to_string();
        let asked = format!(
            "POST /broadcasting/auth HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{asked}",
            asked.len()
        );
        let answer = Connection::open(address, Wanted::Success)?.answer_to(asked.as_bytes())?;
        let mut data: Value = serde_json::from_str(&answer).map_err(|fault| format!("{fault}: {answer}"))?;
        data["channel"] = channel.into();
        let subscribe = json!({ "event": "pusher:subscribe", "data": data }).to_string();
        socket.socket.send(Message::text(subscribe)).await.map_err(|fault| fault.to_string())?;
        match socket.next().await? {
            (event, _) if event == "pusher_internal:subscription_succeeded" => Ok(socket),
            (event, data) => Err(format!("It was not admitted: {event} {data}")),
        }
    }

    /// Listens until it has heard of everything.
    pub(crate) async fn hears(mut self, course: &Course, heard: &mut Heard) -> Result<(), String> {
        while heard.missing() > 0 {
            let (event, data) = self.next().await?;
            heard.note(course, &event, data["call"]["call_id"].as_str().unwrap_or_default())?;
        }
        Ok(())
    }

    /// The next event, and its data.
    async fn next(&mut self) -> Result<(String, Value), String> {
        loop {
            let message = self.socket.next().await.ok_or("A socket was closed.")?.map_err(|fault| fault.to_string())?;
            let Message::Text(text) = message else { continue };
            let told: Value = serde_json::from_str(&text).map_err(|fault| format!("{fault}: {text}"))?;
            // What is told is JSON inside a text of JSON.
            let data = told["data"].as_str().and_then(|data| serde_json::from_str(data).ok()).unwrap_or_default();
            return Ok((told["event"].as_str().unwrap_or_default().to_owned(), data));
        }
    }
}
