//! The clients that others wrote, as they are: pusher-js and Laravel Echo.

use super::serving::Serving;
use axum::http::Method;
use serde_json::{Value, json};
use test_servers::live_clients::LiveClients;

fn connect(clients: &mut LiveClients, serving: &Serving, who: &str, more: &Value) {
    let mut asked = json!({
        "do": "connect", "name": who, "port": serving.address.port(), "authorization": serving.company.bearer(who),
    });
    asked.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    clients.ask(&asked);
}

#[tokio::test]
async fn pusher_js_subscribes_sees_who_is_there_and_hears_of_changes() {
    let serving = Serving::new().await;
    let Some(mut clients) = LiveClients::start() else { return };
    let (channel, extension) = (serving.everyone(), serving.extension("1001", None).await);
    let (owner, agent) = (serving.company.user("owner").to_string(), serving.company.user("agent").to_string());
    connect(&mut clients, &serving, "owner", &json!({}));
    clients.hears(&json!({ "name": "owner", "state": "connected" })).await;
    clients.ask(&json!({ "do": "subscribe", "name": "owner", "channel": channel }));
    let told = clients.hears(&json!({ "name": "owner", "event": "pusher:subscription_succeeded" })).await;
    assert_eq!(told["data"], json!({ "me": owner, "members": { &owner: { "name": "The owner", "role": "owner" } } }));
    connect(&mut clients, &serving, "agent", &json!({ "path": "/api/broadcasting/auth" }));
    clients.ask(&json!({ "do": "subscribe", "name": "agent", "channel": channel }));
    clients.hears(&json!({ "name": "agent", "event": "pusher:subscription_succeeded" })).await;
    let joined = clients.hears(&json!({ "name": "owner", "event": "pusher:member_added" })).await;
    assert_eq!(joined["data"], json!({ "id": agent, "info": { "name": "The agent", "role": "agent" } }));
    let path = format!("/api/v1/extensions/{extension}");
    serving.ask("owner", Method::PATCH, &path, &json!({ "name": "Alice" })).await.data();
    for who in ["owner", "agent"] {
        let told = clients.hears(&json!({ "name": who, "channel": channel, "event": "config.changed" })).await;
        assert!(told["data"]["revision"].is_u64() && told["data"]["sequence"]["epoch"].is_string(), "{told}");
    }
    clients.ask(&json!({ "do": "disconnect", "name": "agent" }));
    let left = clients.hears(&json!({ "name": "owner", "event": "pusher:member_removed" })).await;
    assert_eq!(left["data"]["id"], agent);
}

#[tokio::test]
async fn pusher_js_is_refused_what_is_somebody_elses() {
    let serving = Serving::new().await;
    let Some(mut clients) = LiveClients::start() else { return };
    let user = format!("private-user.{}", serving.company.user("owner"));
    connect(&mut clients, &serving, "stranger", &json!({}));
    for channel in [serving.everyone(), user] {
        clients.ask(&json!({ "do": "subscribe", "name": "stranger", "channel": channel }));
        let told = clients.hears(&json!({ "channel": channel, "event": "pusher:subscription_error" })).await;
        assert_eq!(told["data"]["status"], 403, "{told}");
    }
    connect(&mut clients, &serving, "owner", &json!({ "key": "another" }));
    let told = clients.hears(&json!({ "name": "owner", "error": { "code": 4001 } })).await;
    assert!(told["error"]["message"].is_string());
    clients.hears(&json!({ "name": "owner", "state": "disconnected" })).await;
}

#[tokio::test]
async fn pusher_js_asks_whether_we_are_there_and_comes_again() {
    let serving = Serving::new().await;
    let Some(mut clients) = LiveClients::start() else { return };
    let channel = format!("private-user.{}", serving.company.user("reporter"));
    connect(&mut clients, &serving, "reporter", &json!({ "activity": 300 }));
    clients.ask(&json!({ "do": "subscribe", "name": "reporter", "channel": channel }));
    clients.hears(&json!({ "name": "reporter", "state": "connected" })).await;
    clients.hears(&json!({ "event": "pusher:subscription_succeeded" })).await;
    clients.hears(&json!({ "name": "reporter", "pong": true })).await;
    // A client event is sent, and refused.
    clients.ask(&json!({ "do": "trigger", "name": "reporter", "channel": channel, "event": "client-typing" }));
    clients.hears(&json!({ "name": "reporter", "error": { "code": 4301 } })).await;
    // The socket of someone whose role has changed is closed, and the client subscribes anew by itself.
    let path = format!("/api/v1/users/{}", serving.company.user("reporter"));
    serving.ask("owner", Method::PATCH, &path, &json!({ "role": "agent" })).await.data();
    for state in ["connecting", "connected"] {
        clients.hears(&json!({ "name": "reporter", "state": state })).await;
    }
    clients.hears(&json!({ "event": "pusher:subscription_succeeded" })).await;
}

#[tokio::test]
async fn laravel_echo_joins_and_listens() {
    let serving = Serving::new().await;
    let Some(mut clients) = LiveClients::start() else { return };
    let organization = format!("org.{}", serving.company.organization);
    connect(&mut clients, &serving, "owner", &json!({}));
    clients.ask(&json!({ "do": "join", "name": "owner", "channel": organization }));
    let told = clients.hears(&json!({ "name": "owner", "echo": organization })).await;
    assert_eq!(told["here"], json!([{ "name": "The owner", "role": "owner" }]));
    connect(&mut clients, &serving, "admin", &json!({}));
    clients.ask(&json!({ "do": "join", "name": "admin", "channel": organization }));
    clients.hears(&json!({ "name": "owner", "joining": { "name": "The admin" } })).await;
    let user = format!("user.{}", serving.company.user("admin"));
    clients.ask(&json!({ "do": "listen", "name": "admin", "channel": user, "events": ["voicemail.received"] }));
    clients.hears(&json!({ "name": "admin", "echo": user, "subscribed": true })).await;
    clients.ask(&json!({ "do": "listen", "name": "owner", "channel": user, "events": [] }));
    let refused = clients.hears(&json!({ "name": "owner", "echo": user })).await;
    assert_eq!(refused["refused"], 403);
    clients.ask(&json!({ "do": "disconnect", "name": "admin" }));
    clients.hears(&json!({ "name": "owner", "leaving": { "name": "The admin" } })).await;
}
