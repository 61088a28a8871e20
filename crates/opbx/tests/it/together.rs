//! Many requests at once against the real program over its database.

use crate::installation::{call, exchange, furnished, serve};
use crate::program::{KEY, until};
use cloudonix_sim::People;
use std::collections::BTreeMap;
use std::sync::{Arc, Barrier};
use std::time::Duration;
use tokio::task::JoinSet;

/// Three phones that take turns.
const PLAN: &str = r#"organization "Acme" US America/New_York

extension 1001 "Alice"
extension 1002 "Bob"
extension 1003 "Carol"

group Support round-robin 15s
  1001 1002 1003

number +12125550100 "Support" -> group Support
"#;

const TWINS: usize = 20;
const CALLS: usize = 300;

#[test]
fn the_same_delivery_twenty_times_at_once_is_one_decision() {
    let place = furnished("together-twins", PLAN);
    let serving = serve(&place, "");
    let body = |session: &str| {
        format!(
            r#"{{"Session":"{session}","CallSid":"{session}","From":"+14155550123","To":"+12125550100","Direction":"inbound",
            "CallStatus":"in-progress","Domain":"acme.cloudonix.net"}}"#
        )
    };
    let delivered = |session: &str| {
        let answer = serving.post("/api/voice/route", KEY, &body(session));
        let (head, document) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200 "), "{answer}");
        document.to_owned()
    };

    // Twice: the second delivery comes to another phone, so the first took one turn and no more.
    for (session, phone) in [("first", "1001"), ("second", "1002")] {
        let start = Barrier::new(TWINS);
        let documents: Vec<String> = std::thread::scope(|scope| {
            let twin = || {
                start.wait();
                delivered(session)
            };
            let twins: Vec<_> = (0..TWINS).map(|_| scope.spawn(twin)).collect();
            twins.into_iter().map(|twin| twin.join().unwrap()).collect()
        });
        assert!(documents[0].contains(&format!("<Number>{phone}</Number>")), "{}", documents[0]);
        assert!(documents.iter().all(|document| *document == documents[0]), "{documents:#?}");

        let repeated = until("all are in the log", Duration::from_secs(10), || {
            let lines = serving.log().into_iter();
            let own = lines.filter(|line| line["message"] == "voice request answered" && line["call_id"] == session);
            let repeated: Vec<bool> = own.map(|line| line["repeated"].as_bool().unwrap()).collect();
            (repeated.len() == TWINS).then_some(repeated)
        });
        assert_eq!(repeated.into_iter().filter(|repeated| !repeated).count(), 1, "one was decided");
    }
}

#[test]
fn three_hundred_calls_at_once_begin_with_each_of_three_phones_a_hundred_times() {
    let place = furnished("together-turns", PLAN);
    let serving = serve(&place, "--log-level warn");
    let exchange = Arc::new(exchange(&serving, 1));
    let people: People = "everyone else answers after 2, talks 30".parse().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let transcripts = runtime.block_on(async {
        let mut calls = JoinSet::new();
        for _ in 0..CALLS {
            let (exchange, people) = (Arc::clone(&exchange), people.clone());
            calls.spawn(async move { exchange.place(call("+14155550123", "+12125550100"), people).await });
        }
        calls.join_all().await
    });
    let mut counts = BTreeMap::new();
    for transcript in transcripts {
        assert_eq!((transcript.end.last_error.as_deref(), transcript.requests.len()), (None, 2), "{transcript}");
        *counts.entry(transcript.rang().next().unwrap().join(", ")).or_insert(0) += 1;
    }
    assert_eq!(counts, ["1001", "1002", "1003"].map(|phone| (phone.to_owned(), CALLS / 3)).into());
}
