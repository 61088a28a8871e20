//! Who is there.

use super::client::{Client, EVERYONE, desk, hub, subscriber};
use serde_json::json;

#[tokio::test(start_paused = true)]
async fn people_come_and_go_and_not_their_sockets() {
    let live = hub();
    let (mut alice, mut bob, mut bob_again) =
        (Client::new(&live).await, Client::new(&live).await, Client::new(&live).await);
    let told = alice.subscribes(&live, EVERYONE, subscriber(1)).await;
    let alone = json!({ "count": 1, "ids": ["1"], "hash": { "1": { "name": "Number 1", "role": "owner" } } });
    assert_eq!(told["presence"], alone);
    let told = bob.subscribes(&live, EVERYONE, subscriber(12)).await;
    assert_eq!((&told["presence"]["count"], &told["presence"]["ids"]), (&json!(2), &json!(["1", "12"])));
    let joined = json!({ "user_id": "12", "user_info": { "name": "Number 12", "role": "owner" } });
    assert_eq!(alice.hears().await, ("pusher_internal:member_added".to_owned(), joined));
    let told = bob_again.subscribes(&live, EVERYONE, subscriber(12)).await;
    assert_eq!(told["presence"]["count"], 2);
    // A second socket of his is not told of, and neither is its end.
    alice.settles().await;
    bob.settles().await;
    drop(bob_again);
    while live.figures().sockets > 2 {
        tokio::task::yield_now().await;
    }
    alice.settles().await;
    bob.says(&json!({ "event": "pusher:unsubscribe", "data": { "channel": "presence-org.1" } })).await;
    let gone = ("pusher_internal:member_removed".to_owned(), json!({ "user_id": "12" }));
    assert_eq!(alice.hears().await, gone);
    bob.subscribes(&live, EVERYONE, subscriber(12)).await;
    assert_eq!(alice.hears().await.0, "pusher_internal:member_added");
    drop(bob);
    assert_eq!(alice.hears().await, gone);
}

#[tokio::test(start_paused = true)]
async fn a_private_channel_tells_nobody_who_is_there() {
    let live = hub();
    let (mut one, mut two) = (Client::new(&live).await, Client::new(&live).await);
    let told = one.subscribes(&live, desk(3), subscriber(1)).await;
    assert!(told.get("presence").is_none(), "{told}");
    two.subscribes(&live, desk(3), subscriber(2)).await;
    one.settles().await;
}
