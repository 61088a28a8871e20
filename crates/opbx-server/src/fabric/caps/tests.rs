use super::*;
use jiff::tz::TimeZoneDatabase;
use opbx_core::caps::Cap;

const NONE: CallCaps = CallCaps { concurrent: None, per_minute: None, per_day: None, cost_per_day: None };
const ACME: OrganizationId = OrganizationId::new(1);
const ALICE: Option<ExtensionId> = Some(ExtensionId::new(1));
const BOB: Option<ExtensionId> = Some(ExtensionId::new(2));

struct Bench {
    caps: Caps,
    now: Timestamp,
    zone: TimeZone,
}

impl Bench {
    /// At noon in New York.
    fn new() -> Self {
        let zone = TimeZoneDatabase::bundled().get("America/New_York").unwrap();
        Self { caps: Caps::default(), now: "2026-03-09T16:00:00Z".parse().unwrap(), zone }
    }

    fn wait(&mut self, seconds: i64) {
        self.now += SignedDuration::from_secs(seconds);
    }

    fn ask(
        &self,
        session: &str,
        extension: Option<ExtensionId>,
        caps: (CallCaps, Option<CallCaps>),
    ) -> Result<Reservation, OverCap> {
        self.caps.reserve(of(session), Limits { extension, caps, zone: &self.zone }, self.now)
    }

    /// A call that rings for 30 s and lasts at most an hour.
    fn dial(
        &self,
        session: &str,
        extension: Option<ExtensionId>,
        caps: (CallCaps, Option<CallCaps>),
    ) -> Option<OverCap> {
        let reservation = match self.ask(session, extension, caps) {
            Ok(reservation) => reservation,
            Err(over) => return Some(over),
        };
        self.caps.dialled(&reservation, Dialled { ring: 30, longest: 3_600 }, self.now);
        None
    }
}

fn of(session: &str) -> CallOf<'_> {
    CallOf { organization: ACME, session }
}

const fn whole(cap: Cap) -> Option<OverCap> {
    Some(OverCap { cap, of_extension: false })
}

const fn own(cap: Cap) -> Option<OverCap> {
    Some(OverCap { cap, of_extension: true })
}

#[test]
fn a_call_counts_until_it_ends() {
    let mut bench = Bench::new();
    let one = (CallCaps { concurrent: Some(1), ..NONE }, None);
    assert_eq!(bench.dial("a", None, one), None);
    assert_eq!(bench.dial("b", None, one), whole(Cap::Concurrent));
    bench.caps.ended(of("b"));
    bench.caps.ended(CallOf { organization: OrganizationId::new(2), session: "a" });
    bench.caps.ended(of(""));
    assert_eq!(bench.dial("b", None, one), whole(Cap::Concurrent));
    bench.caps.ended(of("a"));
    assert_eq!(bench.dial("b", None, one), None);
    // Nobody answered: a minute after it stopped ringing it is over, whether or not anybody says so.
    bench.wait(89);
    assert_eq!(bench.dial("c", None, one), whole(Cap::Concurrent));
    bench.wait(1);
    assert_eq!(bench.dial("c", None, one), None);
}

#[test]
fn no_call_counts_longer_than_calls_may_last() {
    let mut bench = Bench::new();
    let one = (CallCaps { concurrent: Some(1), ..NONE }, None);
    let reservation = bench.ask("a", None, one).unwrap();
    bench.caps.dialled(&reservation, Dialled { ring: 300, longest: 60 }, bench.now);
    bench.wait(59);
    assert_eq!(bench.dial("b", None, one), whole(Cap::Concurrent));
    bench.wait(1);
    assert_eq!(bench.dial("b", None, one), None);
}

#[test]
fn a_minute_slides() {
    let mut bench = Bench::new();
    let two = (CallCaps { per_minute: Some(2), ..NONE }, None);
    assert_eq!(bench.dial("a", None, two), None);
    bench.wait(40);
    assert_eq!(bench.dial("b", None, two), None);
    bench.wait(19);
    assert_eq!(bench.dial("c", None, two), whole(Cap::PerMinute));
    bench.wait(1);
    assert_eq!(bench.dial("c", None, two), None);
    // The refused one does not count, the second one still does.
    bench.wait(39);
    assert_eq!(bench.dial("d", None, two), whole(Cap::PerMinute));
    bench.wait(1);
    assert_eq!(bench.dial("d", None, two), None);
}

#[test]
fn a_day_ends_at_the_organizations_midnight() {
    let mut bench = Bench::new();
    let one = (CallCaps { per_day: Some(1), ..NONE }, None);
    assert_eq!(bench.dial("a", None, one), None);
    // Noon to midnight, eastern daylight time.
    bench.wait(12 * 3_600 - 1);
    assert_eq!(bench.dial("b", None, one), whole(Cap::PerDay));
    bench.wait(1);
    assert_eq!(bench.dial("b", None, one), None);
    // One whose request was read a moment before midnight and comes a moment after it.
    bench.wait(-1);
    assert_eq!(bench.dial("c", None, one), whole(Cap::PerDay));
    bench.wait(1 + 24 * 3_600);
    assert_eq!(bench.dial("c", None, one), None);
}

#[test]
fn a_day_of_a_clock_change_has_its_own_length() {
    let mut bench = Bench::new();
    let one = (CallCaps { per_day: Some(1), ..NONE }, None);
    // The day on which New York puts its clocks forward: 23 hours.
    bench.now = "2026-03-08T05:00:00Z".parse().unwrap();
    assert_eq!(bench.dial("a", None, one), None);
    bench.wait(23 * 3_600 - 1);
    assert_eq!(bench.dial("b", None, one), whole(Cap::PerDay));
    bench.wait(1);
    assert_eq!(bench.dial("b", None, one), None);
}

#[test]
fn an_extension_has_its_own_caps_and_counts_for_the_whole() {
    let bench = Bench::new();
    let caps = (CallCaps { concurrent: Some(3), ..NONE }, Some(CallCaps { concurrent: Some(2), ..NONE }));
    assert_eq!(bench.dial("a", ALICE, caps), None);
    assert_eq!(bench.dial("b", ALICE, caps), None);
    assert_eq!(bench.dial("c", ALICE, caps), own(Cap::Concurrent));
    assert_eq!(bench.dial("d", BOB, caps), None);
    assert_eq!(bench.dial("e", BOB, caps), whole(Cap::Concurrent));
    assert_eq!(bench.dial("f", None, caps), whole(Cap::Concurrent));
    bench.caps.ended(of("a"));
    assert_eq!(bench.dial("g", ALICE, caps), None);
}

#[test]
fn what_is_taken_back_never_counted() {
    let bench = Bench::new();
    let one = CallCaps { concurrent: Some(1), per_minute: Some(1), per_day: Some(1), cost_per_day: None };
    for _ in 0..5 {
        let reservation = bench.ask("a", ALICE, (one, Some(one))).unwrap();
        assert_eq!(bench.dial("b", ALICE, (one, Some(one))), own(Cap::Concurrent));
        bench.caps.take_back(&reservation);
    }
    assert_eq!(bench.dial("a", ALICE, (one, Some(one))), None);
}

#[test]
fn what_is_taken_back_after_midnight_is_of_the_day_before() {
    let mut bench = Bench::new();
    let one = (CallCaps { per_day: Some(1), ..NONE }, None);
    bench.wait(12 * 3_600 - 1);
    let reservation = bench.ask("a", None, one).unwrap();
    bench.wait(1);
    assert_eq!(bench.dial("b", None, one), None);
    bench.caps.take_back(&reservation);
    assert_eq!(bench.dial("c", None, one), whole(Cap::PerDay));
}

#[test]
fn a_limit_of_nothing_lets_nobody_through_and_costs_are_not_known() {
    let bench = Bench::new();
    for (caps, cap) in [
        (CallCaps { concurrent: Some(0), ..NONE }, Cap::Concurrent),
        (CallCaps { per_minute: Some(0), ..NONE }, Cap::PerMinute),
        (CallCaps { per_day: Some(0), ..NONE }, Cap::PerDay),
    ] {
        assert_eq!(bench.dial("a", None, (caps, None)), whole(cap));
    }
    let free = CallCaps { cost_per_day: Some("0".parse().unwrap()), ..NONE };
    assert_eq!(bench.dial("a", None, (free, None)), None);
}

#[test]
fn idle_organizations_are_dropped() {
    let mut bench = Bench::new();
    let call = |bench: &Bench, organization| {
        let call = CallOf { organization: OrganizationId::new(organization), session: "a" };
        let limits = Limits { extension: None, caps: (NONE, None), zone: &bench.zone };
        let reservation = bench.caps.reserve(call, limits, bench.now).unwrap();
        bench.caps.dialled(&reservation, Dialled { ring: 30, longest: 3_600 }, bench.now);
    };
    (0..1_000).for_each(|organization| call(&bench, organization));
    assert_eq!(bench.caps.lock().of.len(), 1_000);
    // Tomorrow nothing of it counts.
    bench.wait(24 * 3_600);
    (1_000..2_100).for_each(|organization| call(&bench, organization));
    assert!(bench.caps.lock().of.len() <= 1_100, "{}", bench.caps.lock().of.len());
}
