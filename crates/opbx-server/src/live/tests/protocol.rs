//! What is said, and what is answered.

use super::client::{ACME, Client, EVERYONE, desk, happens, hub, subscriber};
use crate::live::{Channel, Signed};
use opbx_core::id::{OrganizationId, UserId};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

#[tokio::test(start_paused = true)]
async fn whoever_is_there_is_asked_and_asks() {
    let live = hub();
    let mut client = Client::new(&live).await;
    client.settles().await;
    client.sends(Message::Ping("hello".into())).await;
    assert!(matches!(client.next().await, Some(Message::Pong(said)) if said == "hello"));
    assert_eq!(live.figures().sockets, 1);
    drop(client);
}

#[tokio::test(start_paused = true)]
async fn another_key_and_an_old_protocol_are_refused_over_the_socket() {
    let live = hub();
    for (address, code) in
        [("/app/other?protocol=7", 4001), ("/app/opbx?protocol=5", 4007), ("/app/opbx?protocol=seven", 4007)]
    {
        assert_eq!(Client::at(&live, address).await.is_closed().await, code, "{address}");
    }
    assert_eq!(live.figures().sockets, 0);
}

#[tokio::test(start_paused = true)]
async fn only_what_was_signed_is_subscribed_to() {
    let live = hub();
    let (mut client, mut other) = (Client::new(&live).await, Client::new(&live).await);
    let of_other = other.signed(&live, EVERYONE, subscriber(1));
    let nothing = Signed { auth: "opbx:00".to_owned(), channel_data: None };
    for (channel, signed, kind) in [
        ("presence-org.1", &nothing, "AuthError"),
        ("presence-org.1", &of_other, "AuthError"),
        ("private-user.1", &of_other, "AuthError"),
        ("presence-org.2", &of_other, "AuthError"),
        ("calls", &nothing, "UnknownChannel"),
        ("private-calls", &nothing, "UnknownChannel"),
        ("private-encrypted-user.1", &nothing, "UnknownChannel"),
    ] {
        let (event, data) = client.asks(channel, signed).await;
        assert_eq!((event.as_str(), &data["type"]), ("pusher:subscription_error", &json!(kind)), "{channel}");
    }
    let told = other.asks("presence-org.1", &of_other).await;
    assert_eq!(told.0, "pusher_internal:subscription_succeeded");
    // What was presented once is used up.
    other.says(&json!({ "event": "pusher:unsubscribe", "data": { "channel": "presence-org.1" } })).await;
    assert_eq!(other.asks("presence-org.1", &of_other).await.0, "pusher:subscription_error");
}

#[tokio::test(start_paused = true)]
async fn a_socket_is_one_persons_and_hears_each_channel_once() {
    let live = hub();
    let mut client = Client::new(&live).await;
    client.subscribes(&live, desk(3), subscriber(1)).await;
    let again = client.signed(&live, desk(3), subscriber(1));
    assert_eq!(client.asks("private-extension.3", &again).await.1["type"], "AlreadySubscribed");
    let theirs = client.signed(&live, desk(4), subscriber(2));
    assert_eq!(client.asks("private-extension.4", &theirs).await.1["status"], 403);
    client.subscribes(&live, desk(4), subscriber(1)).await;
    assert_eq!(live.figures().subscriptions, 2);
}

#[tokio::test(start_paused = true)]
async fn whoever_unsubscribes_hears_no_more_of_it() {
    let live = hub();
    let mut client = Client::new(&live).await;
    let user = Channel::User(ACME, UserId::new(1));
    client.subscribes(&live, user, subscriber(1)).await;
    client.subscribes(&live, desk(3), subscriber(1)).await;
    assert!(live.is_watched(ACME) && !live.is_watched(OrganizationId::new(2)));
    client.says(&json!({ "event": "pusher:unsubscribe", "data": { "channel": "private-user.1" } })).await;
    client.settles().await;
    happens(&live, user, "voicemail.received", json!({ "id": 1 }));
    happens(&live, desk(3), "call.ringing", json!({ "id": 2 }));
    let message = client.message().await;
    assert_eq!((&message["event"], &message["channel"]), (&json!("call.ringing"), &json!("private-extension.3")));
    drop(client);
    tokio::task::yield_now().await;
    while live.figures().sockets > 0 {
        tokio::task::yield_now().await;
    }
    assert!(!live.is_watched(ACME));
}

#[tokio::test(start_paused = true)]
async fn clients_send_no_events_and_what_is_not_known_is_told() {
    let live = hub();
    let (mut one, mut two) = (Client::new(&live).await, Client::new(&live).await);
    one.subscribes(&live, desk(3), subscriber(1)).await;
    two.subscribes(&live, desk(3), subscriber(2)).await;
    one.says(&json!({ "event": "client-typing", "channel": "private-extension.3", "data": {} })).await;
    let (event, data) = one.hears().await;
    assert_eq!((event.as_str(), &data["code"]), ("pusher:error", &json!(4301)));
    two.settles().await;
    for message in ["", "7", "{}", r#"{"event":"pusher:signin"}"#, r#"{"event":"pusher:subscribe","data":{}}"#] {
        one.sends(Message::text(message)).await;
        assert_eq!(one.hears().await.0, "pusher:error", "{message}");
    }
    one.sends(Message::binary(vec![1, 2, 3])).await;
    assert_eq!(one.hears().await.0, "pusher:error");
    one.settles().await;
}
