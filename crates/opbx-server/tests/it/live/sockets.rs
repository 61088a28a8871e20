//! Sockets to a server that listens.

use super::serving::{Serving, Socket};
use axum::http::Method;
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test]
async fn a_change_of_routing_is_told_to_the_organization_and_to_nobody_else() {
    let serving = Serving::new().await;
    let extension = serving.extension("1001", None).await;
    let mut ours = serving.listening("reporter", &serving.everyone()).await;
    let mut theirs =
        serving.listening("stranger", &format!("presence-org.{}", serving.company.organization.get() + 1)).await;
    let path = format!("/api/v1/extensions/{extension}");
    serving.ask("owner", Method::PATCH, &path, &json!({ "name": "Alice" })).await.data();
    let first = ours.hears().await;
    serving.ask("owner", Method::PATCH, &path, &json!({ "name": "Bob" })).await.data();
    let second = ours.hears().await;
    for message in [&first, &second] {
        assert_eq!((&message["event"], &message["channel"]), (&json!("config.changed"), &json!(serving.everyone())));
    }
    let number = |message: &Value, pointer| message["data"].pointer(pointer).unwrap().as_u64().unwrap();
    assert_eq!(number(&second, "/revision"), number(&first, "/revision") + 1);
    assert_eq!(number(&second, "/sequence/seq"), number(&first, "/sequence/seq") + 1);
    // What is read changes nothing, and is told to nobody.
    serving.ask("owner", Method::GET, &path, &json!({})).await.data();
    ours.answers().await;
    theirs.answers().await;
}

#[tokio::test]
async fn a_change_made_elsewhere_is_told_once_too() {
    let serving = Serving::new().await;
    let extension = serving.extension("1001", None).await;
    let mut socket = serving.listening("owner", &serving.everyone()).await;
    // By another server over the same data, as a command beside it or a second machine would be.
    let path = format!("/extensions/{extension}");
    serving.company.patch(&path, &json!({ "name": "Alice" })).await.data();
    let elsewhere = socket.hears().await;
    serving.ask("owner", Method::PATCH, &format!("/api/v1{path}"), &json!({ "name": "Bob" })).await.data();
    let here = socket.hears().await;
    let revision = |message: &Value| {
        assert_eq!(message["event"], "config.changed", "{message}");
        message["data"]["revision"].as_u64().unwrap()
    };
    assert_eq!(revision(&here), revision(&elsewhere) + 1);
}

#[tokio::test]
async fn what_was_signed_for_one_socket_is_nothing_on_another() {
    let serving = Serving::new().await;
    let (mut one, mut other) = (Socket::new(serving.address).await, Socket::new(serving.address).await);
    let channel = serving.everyone();
    let answer = serving.authorized("owner", &one.id, &channel).await;
    assert_eq!(other.subscribes(&channel, &answer.body).await["data"]["status"], 401);
    let mut changed = answer.body.clone();
    changed["channel_data"] =
        json!({ "user_id": "1", "user_info": { "name": "Somebody", "role": "owner" } }).to_string().into();
    assert_eq!(one.subscribes(&channel, &changed).await["data"]["status"], 401);
    assert_eq!(one.subscribes(&channel, &answer.body).await["event"], "pusher_internal:subscription_succeeded");
}

#[tokio::test]
async fn a_server_that_stops_closes_its_sockets_and_does_not_wait_for_them() {
    let mut serving = Serving::new().await;
    let mut socket = serving.listening("owner", &serving.everyone()).await;
    serving.stops();
    let (code, _) = socket.is_closed().await;
    assert_eq!(code, 4200);
    let begun = std::time::Instant::now();
    serving.has_stopped().await;
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}
