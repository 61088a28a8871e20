//! The database takes nothing for a while, and then the disk takes nothing at all: calls go on, and what was acknowledged is there
//! afterwards.

use crate::feeding::{Feeders, Ledger, Line, Reader, Said, all_there_once, token};
use crate::installation::{DOMAIN, exchange, furnished, placed};
use crate::program::{KEY, Place, Serving, until};
use sea_orm::{ConnectOptions, ConnectionTrait, Database};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

const PLAN: &str = "organization Acme US America/New_York\n\nextension 1001 Alice\nextension 1002 Bob\n\n\
                    number +12125550100 -> extension 1001\n";

/// How long the database is locked by somebody, how long it cannot grow, and how long nothing can.
const LOCKED: Duration = Duration::from_secs(3);
const FULL: Duration = Duration::from_secs(3);
const NOTHING: Duration = Duration::from_secs(2);
/// Longer than any of it takes, on a machine with much else to do.
const LONG: Duration = Duration::from_secs(90);
/// Between two reports of a feeder, and two calls: more would fill the smallest journal.
const PACE: Duration = Duration::from_millis(10);
/// Within this a caller is answered, whatever is away.
const ANSWERED: Duration = Duration::from_millis(2_500);

/// Files of the smallest journal have 1 MiB, and a little more; the database's log has as much in no time.
const LARGER_THAN_THE_JOURNALS: &str = "1600000";

/// Callers without end.
struct Callers {
    over: Arc<AtomicBool>,
    placed: Arc<AtomicU64>,
    thread: JoinHandle<Duration>,
}

impl Callers {
    fn start(address: SocketAddr) -> Self {
        let (over, placed) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let thread = std::thread::spawn({
            let (over, placed) = (Arc::clone(&over), Arc::clone(&placed));
            move || {
                let (mut line, mut slowest) = (Line::open(address).unwrap(), Duration::ZERO);
                while !over.load(Ordering::Relaxed) {
                    let begun = Instant::now();
                    let said = call(&mut line, placed.fetch_add(1, Ordering::Relaxed));
                    assert_eq!(said.status, 200, "{said:?}");
                    assert!(said.body.contains("<Number>1001</Number>"), "{said:?}");
                    slowest = slowest.max(begun.elapsed());
                    std::thread::sleep(PACE);
                }
                slowest
            }
        });
        Self { over, placed, thread }
    }

    /// How many calls were placed, and how long the slowest answer took.
    fn stop(self) -> (u64, Duration) {
        self.over.store(true, Ordering::Relaxed);
        let slowest = self.thread.join().unwrap();
        (self.placed.load(Ordering::Relaxed), slowest)
    }
}

fn call(line: &mut Line, number: u64) -> Said {
    let session = format!("ca11{number:028x}");
    let said = json!({ "Session": session, "CallSid": session, "From": "+14155550123", "To": "+12125550100",
        "Direction": "inbound", "CallStatus": "in-progress", "Domain": DOMAIN });
    let head = format!("Authorization: Bearer {KEY}\r\nContent-Type: application/json\r\n");
    line.ask("POST /api/voice/route", &head, &said.to_string()).unwrap()
}

/// A server that is told by an error that a file may not grow, as by a full disk, and not by a signal.
fn serve_within_limits(place: &Place, words: &str) -> Serving {
    let serve = place.opbx(&format!("serve --listen 127.0.0.1:0 {words}"));
    let mut shell = Command::new("/bin/sh");
    shell.current_dir(place.path("")).env_clear().args(["-c", r#"trap "" XFSZ; exec "$0" "$@""#]);
    Serving::start_until(shell.arg(serve.get_program()).args(serve.get_args()), "webhook URL")
}

/// From now on no file may grow over so many bytes.
fn limit_files(serving: &Serving, bytes: &str) {
    let (process, limit) = (format!("--pid={}", serving.pid()), format!("--fsize={bytes}:"));
    assert!(Command::new("prlimit").args([process, limit]).status().unwrap().success());
}

fn health(serving: &Serving) -> Value {
    serde_json::from_str(serving.get("/health").split_once("\r\n\r\n").unwrap().1).unwrap()
}

fn is_well(serving: &Serving) {
    until("it is well", LONG, || (health(serving)["status"] == "ok").then_some(()));
}

fn has_said(serving: &Serving, message: &str) -> usize {
    serving.log().iter().filter(|line| line["message"] == message).count()
}

const WAITS: &str = "what was acknowledged waits for the database";

#[test]
fn calls_go_on_and_nothing_acknowledged_is_lost_while_nothing_can_be_written() {
    let place = furnished("outage-of-writes", PLAN);
    let token = token(&place);
    let serving = serve_within_limits(&place, "--api-rate-limit 0 --journal-max-mb 4");
    is_well(&serving);
    let ledger = Arc::<Ledger>::default();
    let feeders = Feeders::start(&serving, 4, PACE, &ledger);
    let callers = Callers::start(serving.address);
    until("reports are taken", LONG, || (ledger.acknowledged() >= 100).then_some(()));

    // Somebody holds the database.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let stranger = runtime.block_on(async {
        let address = format!("sqlite:{}", place.path("data/opbx.db").display());
        let options = ConnectOptions::new(address).max_connections(1).to_owned();
        let stranger = Database::connect(options).await.unwrap();
        stranger.execute_unprepared("PRAGMA busy_timeout=60000").await.unwrap();
        stranger.execute_unprepared("BEGIN EXCLUSIVE").await.unwrap();
        stranger
    });
    let before = ledger.acknowledged();
    std::thread::sleep(LOCKED);
    assert_eq!(health(&serving)["status"], "degraded");
    assert!(ledger.acknowledged() > before + 50, "reports are taken all the same");
    runtime.block_on(async {
        stranger.execute_unprepared("ROLLBACK").await.unwrap();
        stranger.close().await.unwrap();
    });
    is_well(&serving);

    // Its disk is full, and the journal's is not.
    limit_files(&serving, LARGER_THAN_THE_JOURNALS);
    let (before, waited) = (ledger.acknowledged(), has_said(&serving, WAITS));
    std::thread::sleep(FULL);
    assert!(ledger.acknowledged() > before + 50, "reports are taken all the same");
    assert_eq!(ledger.refused(), 0);
    until("the database is full", LONG, || (has_said(&serving, WAITS) > waited).then_some(()));

    // Nothing can be written at all: then nothing is acknowledged either.
    limit_files(&serving, "0");
    let full = Instant::now();
    until("reports are refused", LONG, || (ledger.refused() > 0).then_some(()));
    let before = ledger.acknowledged();
    let mut reader = Reader::new(&serving, &token);
    let bob = r#"{"extension_number":"1003","name":"Carol","type":"user"}"#;
    let refused = reader.ask("POST /extensions", bob);
    assert!(refused.status == 503 && refused.head.contains("retry-after: "), "{refused:?}");
    let heard: String = placed(&exchange(&serving, 1), "1002", "*78", "").heard().collect();
    assert!(heard.contains("try again later"), "{heard}");
    let told = health(&serving);
    assert_eq!((&told["status"], &told["checks"]["storage"]["status"]), (&json!("degraded"), &json!("down")));
    std::thread::sleep(NOTHING.saturating_sub(full.elapsed()));
    assert_eq!(ledger.acknowledged(), before);

    limit_files(&serving, "unlimited");
    until("reports are taken again", LONG, || (ledger.acknowledged() > before + 50).then_some(()));
    let (calls, slowest) = callers.stop();
    feeders.stop();
    assert!(slowest < ANSWERED, "{slowest:?}");
    let expected = ledger.calls() + calls + 1;
    until("everything is in the log", LONG, || {
        (reader.over() >= ledger.calls() && reader.count("") >= expected).then_some(())
    });
    all_there_once(&mut reader, &ledger);
    is_well(&serving);
    let made = reader.ask("POST /extensions", bob);
    assert_eq!(made.status, 201, "{made:?}");
    let apologies = serving.log().iter().filter(|line| line["outcome"] == "apology").count();
    assert_eq!(apologies, 0);
    // What was refused has not happened.
    let mut line = Line::open(serving.address).unwrap();
    let session = "ca11ed";
    let said = json!({ "Session": session, "CallSid": session, "From": "1001", "To": "1002", "Direction": "subscriber",
        "CallStatus": "in-progress", "Domain": DOMAIN });
    let rung = line.report("/api/voice/route", &said).unwrap();
    assert!(rung.body.contains("<Number>1002</Number>"), "{rung:?}");
}
