//! The database is locked by someone, or not where it was: the real program routes on.

use crate::installation::{exchange, furnished, placed, serve};
use crate::program::{Place, Serving, until};
use cloudonix_sim::{Exchange, Transcript};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};
use std::time::{Duration, Instant};

const PLAN: &str = r#"organization "Acme" US America/New_York

extension 1001 "Alice"
extension 1002 "Bob"

group Sales all at once
  1001 1002

number +12125550100 "Sales" -> group Sales
"#;

/// Longer than the store waits for anything.
const LOCKED: Duration = Duration::from_secs(30);
const MOVED: Duration = Duration::from_secs(3);
/// Between two calls: some hundred of them, and other tests get their turn.
const PACE: Duration = Duration::from_millis(50);
/// What a request may take, and what the platform's end adds.
const ANSWERED: Duration = Duration::from_millis(2_500);

/// A served organization, as its callers see it.
struct Callers {
    serving: Serving,
    exchange: Exchange,
}

impl Callers {
    fn call(&self, from: &str, to: &str) -> Transcript {
        let begun = Instant::now();
        let transcript = placed(&self.exchange, from, to, "everyone else answers after 1, talks 2");
        assert!(begun.elapsed() < ANSWERED * 2, "it took {:?}\n{transcript}", begun.elapsed());
        assert_eq!(transcript.end.last_error, None, "{transcript}");
        transcript
    }

    /// A call to the group rings these.
    fn rings(&self, phones: &[&str]) {
        let transcript = self.call("+14155550123", "+12125550100");
        let rang: Vec<_> = transcript.rang().flatten().collect();
        assert_eq!(rang, phones, "{transcript}");
    }

    /// A call to the group goes as ever, and the server takes more.
    fn routed(&self) {
        self.rings(&["1001", "1002"]);
        assert!(self.serving.get("/readyz").starts_with("HTTP/1.1 200 "));
    }

    /// Calls go as ever for as long as this lasts.
    fn routed_for(&self, time: Duration) {
        let begun = Instant::now();
        while begun.elapsed() < time {
            self.routed();
            std::thread::sleep(PACE);
        }
    }

    /// What Bob hears who dials this.
    fn feature_code(&self, code: &str) -> String {
        self.call("1002", code).heard().collect()
    }

    /// What Bob sets by his keys holds from the next call on, whether or not the database hears of it.
    fn keys_are_kept(&self) {
        assert_eq!(self.feature_code("*78"), "Do not disturb is on.");
        self.rings(&["1001"]);
        assert_eq!(self.feature_code("*79"), "Do not disturb is off.");
        self.routed();
    }

    fn health(&self) -> String {
        let answer = self.serving.get("/health");
        let health: serde_json::Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
        health["status"].as_str().unwrap().to_owned()
    }
}

/// A connection of somebody else to the database of a place.
async fn stranger(place: &Place) -> DatabaseConnection {
    let address = format!("sqlite:{}", place.path("data/opbx.db").display());
    Database::connect(ConnectOptions::new(address).max_connections(1).to_owned()).await.unwrap()
}

#[test]
fn calls_go_on_while_the_database_is_locked_and_then_away() {
    let place = furnished("away", PLAN);
    let serving = serve(&place, "");
    let exchange = exchange(&serving, 1);
    let callers = Callers { serving, exchange };
    callers.routed();
    assert_eq!(callers.health(), "ok");

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let stranger = runtime.block_on(stranger(&place));
    runtime.block_on(stranger.execute_unprepared("BEGIN EXCLUSIVE")).unwrap();
    callers.keys_are_kept();
    callers.routed_for(LOCKED);
    runtime.block_on(stranger.execute_unprepared("ROLLBACK")).unwrap();
    runtime.block_on(stranger.close()).unwrap();
    callers.routed();

    let (here, elsewhere) = (place.path("data/opbx.db"), place.path("data/elsewhere.db"));
    std::fs::rename(&here, &elsewhere).unwrap();
    assert_eq!(callers.health(), "degraded");
    callers.routed_for(MOVED);
    callers.keys_are_kept();
    assert_eq!(callers.health(), "degraded");
    assert!(!here.exists(), "none is made in its place");

    std::fs::rename(&elsewhere, &here).unwrap();
    until("it is well again", Duration::from_secs(5), || (callers.health() == "ok").then_some(()));
    callers.routed();
    assert_eq!(callers.feature_code("*78"), "Do not disturb is on.");
    let transcript = callers.call("+14155550123", "+12125550100");
    assert_eq!(transcript.rang().flatten().collect::<Vec<_>>(), ["1001"], "{transcript}");
    let apologies = callers.serving.log().iter().filter(|line| line["outcome"] == "apology").count();
    assert_eq!(apologies, 0);
}
