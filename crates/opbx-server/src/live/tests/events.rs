//! What happens, and who hears it.

use super::client::{ACME, Client, EVERYONE, desk, happens, hub, subscriber};
use crate::live::{Channel, Payload, Sees, Subscriber};
use opbx_core::id::OrganizationId;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::Instant;

fn place(data: &Value) -> (&str, u64) {
    (data["sequence"]["epoch"].as_str().unwrap(), data["sequence"]["seq"].as_u64().unwrap())
}

#[tokio::test(start_paused = true)]
async fn events_are_counted_by_channel_whether_anyone_listens_or_not() {
    let live = hub();
    happens(&live, EVERYONE, "call.initiated", json!({ "id": 7 }));
    happens(&live, desk(3), "call.initiated", json!({ "id": 7 }));
    let mut client = Client::new(&live).await;
    let told = client.subscribes(&live, EVERYONE, subscriber(1)).await;
    let (epoch, seq) = place(&told);
    assert_eq!(seq, 1);
    happens(&live, desk(3), "call.ringing", json!({ "id": 7 }));
    happens(&live, EVERYONE, "call.ringing", json!({ "id": 7, "status": "ringing" }));
    let message = client.message().await;
    assert_eq!((&message["event"], &message["channel"]), (&json!("call.ringing"), &json!("presence-org.1")));
    let data: Value = serde_json::from_str(message["data"].as_str().unwrap()).unwrap();
    assert_eq!(data, json!({ "id": 7, "status": "ringing", "sequence": { "epoch": epoch, "seq": 2 } }));
    // While it is away something happens: it sees that by the next number.
    drop(client);
    while live.is_watched(ACME) {
        tokio::task::yield_now().await;
    }
    happens(&live, EVERYONE, "call.answered", json!({ "id": 7 }));
    let mut client = Client::new(&live).await;
    let told = client.subscribes(&live, EVERYONE, subscriber(1)).await;
    assert_eq!(place(&told), (epoch, 3));
    // Another server, or this one after its next start, counts anew and says so.
    let another = hub();
    let mut client = Client::new(&another).await;
    assert_ne!(place(&client.subscribes(&another, EVERYONE, subscriber(1)).await).0, epoch);
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_was_forgotten_begins_another_epoch() {
    let live = hub();
    let mut client = Client::new(&live).await;
    let kept = client.subscribes(&live, desk(1), subscriber(1)).await;
    let mut other = Client::new(&live).await;
    let before = other.subscribes(&live, EVERYONE, subscriber(1)).await;
    other.says(&json!({ "event": "pusher:unsubscribe", "data": { "channel": "presence-org.1" } })).await;
    other.settles().await;
    for id in 2..60_000 {
        happens(&live, desk(id), "call.initiated", json!({}));
    }
    assert!(live.rooms().counted() <= 50_000);
    let after = other.subscribes(&live, EVERYONE, subscriber(1)).await;
    assert_ne!(place(&before).0, place(&after).0);
    // Where someone listens, nothing is forgotten.
    happens(&live, desk(1), "call.initiated", json!({}));
    assert_eq!(place(&client.hears().await.1), (place(&kept).0, 1));
}

#[tokio::test(start_paused = true)]
async fn whoever_sees_no_whole_numbers_hears_none() {
    let live = hub();
    let (mut owner, mut reporter) = (Client::new(&live).await, Client::new(&live).await);
    owner.subscribes(&live, desk(3), subscriber(1)).await;
    let masked = Subscriber { sees: Sees::Masked, ..subscriber(2) };
    reporter.subscribes(&live, desk(3), masked).await;
    let payload = Payload {
        whole: json!({ "from_number": "+13125550142" }),
        masked: Some(json!({ "from_number": "+13125550•••" })),
    };
    live.publish(desk(3), "call.ringing", &payload);
    assert_eq!(owner.hears().await.1["from_number"], "+13125550142");
    assert_eq!(reporter.hears().await.1["from_number"], "+13125550•••");
    // Where nothing is masked, everyone hears the same.
    happens(&live, desk(3), "call.answered", json!({ "from_number": "+13125550142" }));
    assert_eq!(reporter.hears().await.1["from_number"], "+13125550142");
}

#[tokio::test(start_paused = true)]
async fn another_organization_hears_nothing() {
    let live = hub();
    let other = OrganizationId::new(2);
    let (mut ours, mut theirs) = (Client::new(&live).await, Client::new(&live).await);
    ours.subscribes(&live, EVERYONE, subscriber(1)).await;
    let stranger = Subscriber { organization: other, ..subscriber(9) };
    theirs.subscribes(&live, Channel::Organization(other), stranger).await;
    happens(&live, EVERYONE, "call.ringing", json!({ "id": 1 }));
    assert_eq!(ours.hears().await.0, "call.ringing");
    theirs.settles().await;
}

#[tokio::test(start_paused = true)]
async fn what_happens_at_once_is_sent_together_in_order_and_soon() {
    let live = hub();
    let mut client = Client::new(&live).await;
    client.subscribes(&live, EVERYONE, subscriber(1)).await;
    let begun = Instant::now();
    for id in 0..1_000 {
        happens(&live, EVERYONE, "call.updated", json!({ "id": id }));
    }
    for id in 0..1_000 {
        assert_eq!(client.hears().await.1["id"], id);
    }
    // The clock moves only while everyone waits.
    assert!(begun.elapsed() <= Duration::from_millis(50), "{:?}", begun.elapsed());
    assert_eq!(live.figures().sent, 1_000);
}
