//! What happens reaches the client that others wrote.

use super::client::{desk, happens, hub, subscriber};
use crate::connections::{Patience, answer};
use crate::live::{ChannelName, route};
use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use opbx_core::id::OrganizationId;
use serde_json::json;
use std::collections::BTreeMap;
use test_servers::live_clients::LiveClients;
use tokio::net::TcpListener;

#[tokio::test]
async fn pusher_js_hears_a_call_ring_being_answered_and_end() {
    let Some(mut clients) = LiveClients::start() else { return };
    let live = hub();
    let granting = live.clone();
    // Lets anyone in: who may is tried out where there are people.
    let authorize = post(async move |body: Bytes| {
        let asked: BTreeMap<String, String> = form_urlencoded::parse(&body).into_owned().collect();
        let channel = ChannelName::read(&asked["channel_name"]).unwrap().inside(OrganizationId::new(1)).unwrap();
        let signed = granting.grant(asked["socket_id"].parse().unwrap(), channel, subscriber(1)).unwrap();
        json!({ "auth": signed.auth, "channel_data": signed.channel_data }).to_string()
    });
    let router = Router::new().route("/broadcasting/auth", authorize).merge(route(live.clone()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(answer(listener, router, Patience::default(), std::future::pending()));
    clients.ask(&json!({ "do": "connect", "name": "desk", "port": port, "authorization": "" }));
    clients.ask(&json!({ "do": "subscribe", "name": "desk", "channel": "private-extension.3" }));
    clients.hears(&json!({ "event": "pusher:subscription_succeeded" })).await;
    for (event, status) in [("call.ringing", "ringing"), ("call.answered", "answered"), ("call.ended", "completed")] {
        happens(&live, desk(3), event, json!({ "id": 7, "status": status }));
    }
    for (seq, event, status) in
        [(1, "call.ringing", "ringing"), (2, "call.answered", "answered"), (3, "call.ended", "completed")]
    {
        let told = clients.hears(&json!({ "event": event })).await;
        assert_eq!((&told["data"]["status"], &told["data"]["sequence"]["seq"]), (&json!(status), &json!(seq)));
    }
}
