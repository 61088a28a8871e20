//! Round-robin groups under many calls at once.

use crate::office::{ACME_KEY, Office, posted, said};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::task::JoinSet;

const PLAN: &str = "\
organization Acme US America/New_York
extension 1001 Alice
extension 1002 Bob
extension 1003 Carol
extension 3000 Support -> group Support
group Support round-robin 15s
  1001 1002 1003
";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn three_hundred_calls_begin_with_each_of_three_members_a_hundred_times() {
    let office = Arc::new(Office::new(PLAN));
    let mut calls = JoinSet::new();
    for call in 0..300 {
        let office = Arc::clone(&office);
        calls.spawn(async move {
            let mut body = said("1009", "3000", "subscriber");
            body["Session"] = json!(format!("{call:032x}"));
            office.send(posted("/api/voice/route", ACME_KEY, &body)).await.rings()
        });
    }
    let mut counts = BTreeMap::new();
    while let Some(rings) = calls.join_next().await {
        *counts.entry(rings.unwrap()).or_insert(0) += 1;
    }
    let each = |number: &str| (vec![number.to_owned()], 100);
    assert_eq!(counts, BTreeMap::from([each("1001"), each("1002"), each("1003")]));
}
