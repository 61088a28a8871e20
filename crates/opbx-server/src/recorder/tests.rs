//! The ends of the queue, and what happens at them.

use super::*;
use crate::clock::Clock;
use crate::journal::{self, Journal, JournalLimit, Unapplied, What};
use crate::live::{Live, LiveCalls};
use crate::plans::{Organizations, Plans};
use crate::secret_key::SecretKey;
use crate::test_store::{TestStore, keys};
use jiff::SignedDuration;
use jiff::tz::TimeZoneDatabase;
use opbx_core::call_log::{CallKeys, DialKey, DialStart, Parties, RoutedStep, Via, ViaKind};
use opbx_store::{Extent, Location, Settings};
use std::path::Path;

/// A store whose file is not there.
fn away() -> Store {
    Store::lazy(Location::File("/nowhere/opbx.db".into()), keys(), Settings::default())
}

fn entry(organization: u64, call_id: &str) -> Entry {
    Entry {
        organization: OrganizationId::new(organization),
        call_id: call_id.to_owned(),
        at: Timestamp::UNIX_EPOCH,
        place: "start",
        from: String::new(),
        to: String::new(),
        outcome: "hangup",
        micros: 1,
        document: Bytes::from_static(b"<Response/>"),
        trace: String::new(),
    }
}

/// A call that rang an extension.
fn step(session: &str) -> RoutedStep {
    let start = DialStart {
        at: Timestamp::UNIX_EPOCH,
        via: Via { kind: ViaKind::Direct, ring_group: None, name: None },
        phones: Vec::new(),
    };
    RoutedStep {
        keys: CallKeys::of_session(session),
        at: Timestamp::UNIX_EPOCH,
        parties: Parties::default(),
        phone_number: None,
        caller: None,
        ended: None,
        started: Some((DialKey("a".into()), start)),
    }
}

/// The steps that wait in a journal, by the sessions of their calls.
async fn journalled(unapplied: &mut Unapplied, number: usize) -> Vec<String> {
    let mut sessions = Vec::new();
    while sessions.len() < number {
        for entry in unapplied.next(100, 1024 * 1024).await.unwrap() {
            let What::Step { step } = journal::Entry::read(&entry.content).unwrap().what else {
                panic!("another entry")
            };
            sessions.push(opbx_store::read_step(&step).unwrap().keys.session.unwrap().into());
        }
    }
    sessions
}

/// Steps on their way to a store, and the journal for those that cannot get there.
fn steps(store: Store, folder: &Path) -> (Steps, Unapplied) {
    let (journal, unapplied) = Journal::open(folder, JournalLimit::mebibytes(4).unwrap()).unwrap();
    let (plans, _) =
        Plans::new(Organizations::Given(Vec::new()), &TimeZoneDatabase::bundled(), |_| serde_json::Value::Null);
    let clock = Clock::new(|| Timestamp::UNIX_EPOCH);
    let live = Live::new(&SecretKey::new("0123456789abcdef0123456789abcdef".into()).unwrap());
    let calls = LiveCalls::new(live, Arc::new(plans), clock.clone(), SignedDuration::from_hours(1));
    (Steps::start(store, clock, calls, Some(journal)), unapplied)
}

#[tokio::test]
async fn what_was_decided_while_the_store_is_away_is_in_the_journal() {
    let folder = tempfile::tempdir().unwrap();
    let (steps, mut unapplied) = steps(away(), folder.path());
    for session in ["one", "two", "three"] {
        assert!(steps.wanted());
        steps.keep(OrganizationId::new(1), step(session));
    }
    assert_eq!(journalled(&mut unapplied, 3).await, ["one", "two", "three"]);
    // From then on at once, and nothing twice.
    steps.keep(OrganizationId::new(1), step("four"));
    assert_eq!(journalled(&mut unapplied, 1).await, ["four"]);
    steps.finish(Duration::from_secs(20)).await;
    assert_eq!(steps.dropped_and_waiting(), (0, 0));
    assert!(unapplied.is_empty());
}

#[tokio::test]
async fn what_waits_when_the_server_stops_is_in_the_journal() {
    let there = TestStore::new(Timestamp::UNIX_EPOCH).await;
    let folder = tempfile::tempdir().unwrap();
    let (steps, mut unapplied) = steps(there.store.clone(), folder.path());
    let finished = steps.finish(Duration::from_secs(20));
    for number in 0..3_000 {
        steps.keep(OrganizationId::new(1), step(&number.to_string()));
    }
    finished.await;
    assert_eq!(steps.dropped_and_waiting(), (0, 0));
    assert_eq!(journalled(&mut unapplied, 3_000).await.len(), 3_000);
}

const NARROW: Bounds = Bounds { entries: 4, bytes: 1024 * 1024 };

#[tokio::test(start_paused = true)]
async fn what_does_not_fit_is_counted_and_traces_are_trimmed_before_that() {
    let recorder = Recorder::bounded(away(), TraceDetail::All, NARROW);
    let mut wanted = Vec::new();
    for number in 0..10 {
        wanted.push(recorder.wanted().unwrap());
        recorder.keep(entry(1, &number.to_string()));
    }
    use Detail::{Trimmed, Whole};
    assert_eq!(wanted, [Whole, Whole, Whole, Trimmed, Trimmed, Trimmed, Trimmed, Trimmed, Trimmed, Trimmed]);
    assert_eq!(recorder.counts(), Counts { recorded: 0, dropped: 6, queued: 4 });
}

#[tokio::test(start_paused = true)]
async fn the_queue_ends_in_bytes_too() {
    let bounds = Bounds { entries: 1_000, bytes: 10 * entry(1, "0").size() };
    let recorder = Recorder::bounded(away(), TraceDetail::All, bounds);
    for _ in 0..50 {
        recorder.keep(entry(1, "0"));
    }
    assert_eq!(recorder.counts(), Counts { recorded: 0, dropped: 40, queued: 10 });
    assert_eq!(recorder.wanted(), Some(Detail::Trimmed));
}

#[tokio::test(start_paused = true)]
async fn memory_is_bounded_however_long_the_store_is_away() {
    let bounds = Bounds { entries: 1_000, bytes: 300 * entry(1, "0").size() };
    let recorder = Recorder::bounded(away(), TraceDetail::All, bounds);
    for _ in 0..100 {
        for _ in 0..10 {
            recorder.keep(entry(1, "0"));
        }
        // The task takes a batch out of the queue, and holds it.
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    assert_eq!(recorder.counts(), Counts { recorded: 0, dropped: 700, queued: 300 });
}

#[tokio::test(start_paused = true)]
async fn stopping_waits_for_a_store_that_is_away_no_longer_than_it_is_told() {
    let recorder = Recorder::bounded(away(), TraceDetail::All, NARROW);
    recorder.keep(entry(1, "0"));
    let begun = tokio::time::Instant::now();
    recorder.finish(Duration::from_secs(1)).await;
    assert_eq!(begun.elapsed().as_secs(), 1);
    assert_eq!(recorder.counts().dropped, 1);
    // What comes later is let go.
    recorder.keep(entry(1, "1"));
    assert_eq!(recorder.counts().dropped, 2);
    recorder.finish(Duration::from_secs(1)).await;
}

#[tokio::test]
async fn a_store_that_says_nothing_holds_nobody_up() {
    // Whoever connects is let in by the system, and hears nothing.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let location = format!("mysql://root@{}/opbx", silent.local_addr().unwrap()).parse().unwrap();
    let recorder = Recorder::bounded(Store::lazy(location, keys(), Settings::default()), TraceDetail::All, NARROW);
    for number in 0..10 {
        recorder.keep(entry(1, &number.to_string()));
    }
    assert_eq!(recorder.counts(), Counts { recorded: 0, dropped: 6, queued: 4 });
    let begun = std::time::Instant::now();
    recorder.finish(Duration::from_millis(200)).await;
    assert!(begun.elapsed() < Duration::from_secs(2), "the store's own patience is ten");
    assert_eq!(recorder.counts(), Counts { recorded: 0, dropped: 10, queued: 0 });
}

#[tokio::test]
async fn what_the_store_refuses_costs_nothing_else_and_stopping_writes_the_rest() {
    let there = TestStore::new(Timestamp::UNIX_EPOCH).await;
    let store = &there.store;
    let id = there.organization("acme", Timestamp::UNIX_EPOCH).await.get();
    let recorder = Recorder::start(store.clone(), TraceDetail::All);
    // More than one batch, with three of an organization that is gone.
    for number in 0..600 {
        let organization = if number % 250 == 7 { 99 } else { id };
        recorder.keep(entry(organization, &format!("{number:03}")));
    }
    recorder.finish(Duration::from_secs(10)).await;
    assert_eq!(recorder.counts(), Counts { recorded: 597, dropped: 3, queued: 0 });
    let kept = store.platform().decisions(None, Extent::Latest(1_000)).await.unwrap();
    assert_eq!(kept.len(), 597);
    assert!(kept.is_sorted_by(|one, other| one.call_id < other.call_id));
}

#[test]
fn the_words_of_the_setting() {
    for (word, detail) in [("all", TraceDetail::All), ("trimmed", TraceDetail::Trimmed), ("off", TraceDetail::Off)] {
        assert_eq!(word.parse(), Ok(detail));
    }
    assert_eq!("ALL".parse::<TraceDetail>(), Err(NotADetail));
}
