//! Killed in the middle of a storm of reports: what was acknowledged is in the log, once, and counted once.

use crate::feeding::{Feeders, Ledger, Reader, all_there_once, token};
use crate::installation::{furnished, serve};
use crate::program::until;
use std::sync::Arc;
use std::time::Duration;

const PLAN: &str =
    "organization Acme US America/New_York\n\nextension 1001 Alice\n\nnumber +12125550100 -> extension 1001\n";

const FEEDERS: usize = 8;
/// How often the server is killed, unless `OPBX_TEST_KILLS` says otherwise.
const ROUNDS: u64 = 3;
/// How many reports are acknowledged before the next kill.
const ACKNOWLEDGED: u64 = 600;
/// Longer than any of it takes, on a machine with much else to do.
const LONG: Duration = Duration::from_secs(90);

#[expect(
    clippy::disallowed_methods,
    reason = "how long a test takes is whoever runs it to say, and not a setting of the product"
)]
fn rounds() -> u64 {
    std::env::var("OPBX_TEST_KILLS").map_or(ROUNDS, |number| number.parse().unwrap())
}

#[test]
fn every_acknowledged_report_survives_a_kill_and_counts_once() {
    let place = furnished("crash", PLAN);
    let token = token(&place);
    let ledger = Arc::<Ledger>::default();
    let rounds = rounds();
    for round in 1..=rounds {
        let serving = serve(&place, "--api-rate-limit 0");
        let feeders = Feeders::start(&serving, FEEDERS, Duration::ZERO, &ledger);
        until("reports are acknowledged", LONG, || (ledger.acknowledged() >= round * ACKNOWLEDGED).then_some(()));
        serving.signal("-KILL");
        feeders.stop();
        drop(serving);
    }
    let serving = serve(&place, "--api-rate-limit 0");
    // As the platform does, what got no answer is told again: all of it was kept, or none.
    Feeders::start(&serving, FEEDERS, Duration::ZERO, &ledger).stop();
    let mut reader = Reader::new(&serving, &token);
    until("everything is applied", LONG, || (reader.over() >= ledger.calls()).then_some(()));
    all_there_once(&mut reader, &ledger);
    assert_eq!(ledger.refused(), 0);
    // Counted from the rows, they are the same.
    let before = reader.statistics();
    drop(serving);
    let rebuilt = place.run("stats rebuild");
    assert_eq!((rebuilt.code, rebuilt.errors.as_str()), (Some(0), ""), "{}", rebuilt.output);
    let serving = serve(&place, "--api-rate-limit 0");
    assert_eq!(Reader::new(&serving, &token).statistics(), before);
}
