//! When a socket is over.

use super::client::{Client, EVERYONE, desk, happens, hub, subscriber};
use crate::live::rooms::{MOST_CHANNELS, MOST_OF_A_PERSON};
use serde_json::json;
use std::time::Duration;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;

fn ended(live: &crate::live::Live, reason: &str) -> u64 {
    live.figures().ended.iter().find(|(known, _)| *known == reason).unwrap().1
}

#[tokio::test(start_paused = true)]
async fn a_socket_without_a_subscription_is_closed() {
    let live = hub();
    let begun = Instant::now();
    let mut client = Client::new(&live).await;
    assert_eq!(client.is_closed().await, 4202);
    assert_eq!(begun.elapsed().as_secs(), 60);
    assert_eq!(ended(&live, "unused"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_silent_client_is_asked_and_then_closed() {
    let live = hub();
    let mut client = Client::new(&live).await;
    client.subscribes(&live, EVERYONE, subscriber(1)).await;
    let begun = Instant::now();
    // What is sent waits for what may come with it.
    let passed = |seconds: u64| begun.elapsed().abs_diff(Duration::from_secs(seconds)) < Duration::from_millis(200);
    assert_eq!(client.hears().await.0, "pusher:ping");
    assert!(passed(120), "{:?}", begun.elapsed());
    client.says(&json!({ "event": "pusher:pong", "data": {} })).await;
    assert_eq!(client.hears().await.0, "pusher:ping");
    assert!(passed(240), "{:?}", begun.elapsed());
    assert_eq!(client.is_closed().await, 4201);
    assert!(passed(270), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_client_that_does_not_keep_up_is_dropped_and_the_others_hear_on() {
    let live = hub();
    let (mut slow, mut quick) = (Client::new(&live).await, Client::new(&live).await);
    slow.subscribes(&live, desk(3), subscriber(1)).await;
    quick.subscribes(&live, desk(3), subscriber(2)).await;
    slow.settles().await;
    let text = "a".repeat(4_000);
    let begun = Instant::now();
    let mut heard = 0;
    while live.figures().sockets == 2 {
        happens(&live, desk(3), "call.updated", json!({ "text": text }));
        assert_eq!(quick.hears().await.0, "call.updated");
        heard += 1;
        assert!(heard < 10_000, "it is not dropped");
    }
    assert_eq!(ended(&live, "slow"), 1);
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
    quick.settles().await;
}

#[tokio::test(start_paused = true)]
async fn a_client_that_says_too_much_is_closed() {
    let live = hub();
    let mut client = Client::new(&live).await;
    for _ in 0..=500 {
        client.says(&json!({ "event": "pusher:ping" })).await;
    }
    for _ in 0..500 {
        assert_eq!(client.hears().await.0, "pusher:pong");
    }
    assert_eq!(client.is_closed().await, 4102);
    let mut client = Client::new(&live).await;
    client.sends(Message::text("a".repeat(20_000))).await;
    assert!(!matches!(client.next().await, Some(Message::Text(_))));
}

#[tokio::test(start_paused = true)]
async fn there_are_so_many_channels_of_a_socket_and_sockets_of_a_person() {
    let live = hub();
    let mut client = Client::new(&live).await;
    for id in 1..=MOST_CHANNELS as u64 {
        client.subscribes(&live, desk(id), subscriber(1)).await;
    }
    let another = client.signed(&live, EVERYONE, subscriber(1));
    assert_eq!(client.asks("presence-org.1", &another).await.1["status"], 429);
    let mut clients = vec![client];
    for _ in 1..MOST_OF_A_PERSON {
        let mut client = Client::new(&live).await;
        client.subscribes(&live, EVERYONE, subscriber(1)).await;
        clients.push(client);
    }
    let mut one_more = Client::new(&live).await;
    let signed = one_more.signed(&live, EVERYONE, subscriber(1));
    assert_eq!(one_more.asks("presence-org.1", &signed).await.1["type"], "LimitReached");
    one_more.subscribes(&live, EVERYONE, subscriber(2)).await;
}

#[tokio::test(start_paused = true)]
async fn a_server_that_stops_tells_everyone_and_takes_nobody() {
    let live = hub();
    let (mut one, mut two) = (Client::new(&live).await, Client::new(&live).await);
    one.subscribes(&live, EVERYONE, subscriber(1)).await;
    let begun = Instant::now();
    let draining = tokio::spawn({
        let live = live.clone();
        async move { live.drain(Duration::from_secs(2)).await }
    });
    assert_eq!(one.is_closed().await, 4200);
    assert_eq!(two.is_closed().await, 4200);
    drop((one, two));
    draining.await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    assert_eq!(Client::at(&live, "/app/opbx").await.is_closed().await, 4200);
}
