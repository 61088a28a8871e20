//! Limits of outbound calls, counted.

use crate::office::{ACME_KEY, OTHER, OTHER_KEY, Office, posted, said_in};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::task::JoinSet;

const START: &str = "/api/voice/route";
const TOO_MANY: &str = "The limit for outgoing calls has been reached.";

/// An office with these limits of the organization and of each extension.
fn office(whole: &str, each: &str) -> Office {
    Office::new(&format!(
        "\
organization Acme US America/New_York
  ring 30s
  outbound limits: {whole}
  extension limits: {each}
extension 1001 Alice
  outbound national
extension 1002 Bob
  outbound national
extension 1003 Carol -> forward +12025550173
  outbound national
number +12125550100 -> hangup
rule World for national
"
    ))
}

const UNLIMITED: &str = "unlimited at once, unlimited a minute, unlimited a day";

fn outside(session: &str, from: &str) -> Value {
    said_in(session, from, "+12025550173", "subscriber")
}

/// Whether a call to somebody outside goes out; else it must be refused because of its limits.
async fn goes_out(office: &Office, session: &str, from: &str) -> bool {
    let answer = office.post(START, &outside(session, from)).await;
    let dials = answer.body.contains("<Dial ");
    assert!(dials || answer.document().contains(TOO_MANY), "{}", answer.body);
    dials
}

#[tokio::test]
async fn calls_at_the_same_time_end_with_their_dial() {
    let office = office("1 at once, unlimited a minute, unlimited a day", UNLIMITED);
    let first = office.post(START, &outside("a", "1001")).await;
    assert!(!goes_out(&office, "b", "1002").await);
    let mut over = outside("a", "1001");
    over["DialCallStatus"] = json!("completed");
    assert!(office.post(&first.action(), &over).await.document().contains("<Hangup/>"));
    assert!(goes_out(&office, "c", "1002").await);
    // A late twin of what is over frees nothing.
    office.post(&first.action(), &over).await;
    assert!(!goes_out(&office, "d", "1002").await);
}

#[tokio::test]
async fn calls_at_the_same_time_end_with_the_next_request_of_their_caller() {
    let office = office("1 at once, unlimited a minute, unlimited a day", UNLIMITED);
    assert!(goes_out(&office, "a", "1001").await);
    assert!(!goes_out(&office, "b", "1002").await);
    office.post(START, &said_in("a", "1001", "1002", "subscriber")).await.document();
    assert!(goes_out(&office, "c", "1002").await);
}

#[tokio::test]
async fn a_call_that_nobody_answers_ends_a_minute_after_it_rang() {
    // An outbound dial rings as long as the platform lets it: a minute.
    let office = office("1 at once, unlimited a minute, unlimited a day", UNLIMITED);
    assert!(goes_out(&office, "a", "1001").await);
    office.wait(SignedDuration::from_secs(119));
    assert!(!goes_out(&office, "b", "1002").await);
    office.wait(SignedDuration::from_secs(1));
    assert!(goes_out(&office, "c", "1002").await);
}

#[tokio::test]
async fn a_forward_counts_for_who_forwards_and_as_long_as_it_rings() {
    let office = office(UNLIMITED, "1 at once, unlimited a minute, unlimited a day");
    let forwarded = async |session: &str| {
        let answer = office.post(START, &said_in(session, "1002", "1003", "subscriber")).await;
        let dials = answer.body.contains("<Dial ");
        // The caller dialled an extension: that it may not dial out is not for them to hear.
        assert!(dials || answer.document().contains("is not available"), "{}", answer.body);
        dials
    };
    assert!(forwarded("a").await);
    assert!(!forwarded("b").await);
    assert!(goes_out(&office, "c", "1002").await);
    office.wait(SignedDuration::from_secs(89));
    assert!(!forwarded("d").await);
    office.wait(SignedDuration::from_secs(1));
    assert!(forwarded("e").await);
}

#[tokio::test]
async fn a_minute_slides() {
    let office = office("unlimited at once, 2 a minute, unlimited a day", UNLIMITED);
    assert!(goes_out(&office, "a", "1001").await);
    office.wait(SignedDuration::from_secs(40));
    assert!(goes_out(&office, "b", "1002").await);
    assert!(!goes_out(&office, "c", "1001").await);
    office.wait(SignedDuration::from_secs(20));
    assert!(goes_out(&office, "d", "1001").await);
    assert!(!goes_out(&office, "e", "1001").await);
}

#[tokio::test]
async fn a_day_is_the_organizations() {
    let office = office(UNLIMITED, "unlimited at once, unlimited a minute, 1 a day");
    assert!(goes_out(&office, "a", "1001").await);
    assert!(!goes_out(&office, "b", "1001").await);
    assert!(goes_out(&office, "c", "1002").await);
    // Eastern daylight time is four hours behind.
    office.set_clock("2026-03-10T03:59:59Z");
    assert!(!goes_out(&office, "d", "1001").await);
    office.set_clock("2026-03-10T04:00:00Z");
    assert!(goes_out(&office, "e", "1001").await);
    assert!(!goes_out(&office, "f", "1001").await);
}

#[tokio::test]
async fn no_cost_is_known() {
    let office = office("cost 0 a day", "cost 0 a day");
    assert!(goes_out(&office, "a", "1001").await);
}

#[tokio::test]
async fn a_call_that_is_delivered_again_counts_once() {
    let office = office("2 at once, 2 a minute, 2 a day", UNLIMITED);
    for _ in 0..5 {
        assert!(goes_out(&office, "a", "1001").await);
    }
    assert!(goes_out(&office, "b", "1001").await);
    assert!(!goes_out(&office, "c", "1001").await);
    // What was refused stays refused when it is delivered again.
    office.wait(SignedDuration::from_secs(120));
    assert!(!goes_out(&office, "c", "1001").await);
}

#[tokio::test]
async fn emergency_calls_never_count() {
    let office = office("1 at once, 1 a minute, 1 a day", "1 at once, 1 a minute, 1 a day");
    let emergency = |session: &str| said_in(session, "1001", "911", "subscriber");
    for session in ["a", "b", "c"] {
        assert!(office.post(START, &emergency(session)).await.body.contains("<Dial "));
    }
    assert!(goes_out(&office, "d", "1001").await);
    assert!(!goes_out(&office, "e", "1001").await);
    assert!(office.post(START, &emergency("f")).await.body.contains("<Dial "));
}

#[tokio::test]
async fn organizations_count_for_themselves() {
    let office = office("1 at once, 1 a minute, 1 a day", UNLIMITED);
    assert!(goes_out(&office, "a", "1001").await);
    assert!(!goes_out(&office, "b", "1001").await);
    let mut body = outside("a", "1001");
    body["Domain"] = json!(OTHER);
    assert!(office.send(posted(START, OTHER_KEY, &body)).await.body.contains("<Dial "));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_at_once_exactly_ten_go_out() {
    let office = Arc::new(office("10 at once, unlimited a minute, unlimited a day", UNLIMITED));
    let mut calls = JoinSet::new();
    for call in 0..50 {
        let office = Arc::clone(&office);
        calls.spawn(async move {
            let body = outside(&format!("{call:032x}"), if call % 2 == 0 { "1001" } else { "1002" });
            office.send(posted(START, ACME_KEY, &body)).await.body.contains("<Dial ")
        });
    }
    assert_eq!(calls.join_all().await.into_iter().filter(|out| *out).count(), 10);
}
