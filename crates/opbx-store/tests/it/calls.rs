//! Calls: one row for each, whatever is said of it, in which order, how often and by how many at once.

use jiff::{SignedDuration, Timestamp};
use opbx_core::call::DialResult;
use opbx_core::call_log::{
    CallKey, CallKeys, CallLog, DialEnd, DialKey, DialStart, Fact, FinalRecord, LegResult, Named, Parties, PhoneKind,
    RoutedStep, RungPhone, StateReport, Via, ViaKind,
};
use opbx_core::call_state::{
    CallDirection, CallRecord, CallStatus, Disposition, Ending, PlatformStatus, SessionTimes, StatusEvent,
};
use opbx_core::id::{ExtensionId, OrganizationId, PhoneNumberId, RingGroupId};
use opbx_store::{Applied, CallQuery, Delivery, DeliveryKey, Error, KeptCall, Stretch, TenantStore};

use crate::bench::{Bench, at, on_both};
use crate::migration::sql;

on_both! {
    a_call_is_one_row_with_its_legs;
    any_order_and_any_batches_end_in_the_same_row;
    what_was_delivered_before_has_no_effect;
    rows_that_turn_out_to_be_one_call_are_joined;
    two_sessions_are_two_calls_whatever_they_share;
    many_at_once_make_one_row;
    each_organization_has_its_own;
    what_cannot_become_a_call_is_let_go;
    what_is_long_or_strange_is_kept_too;
    calls_go_with_their_organization;
}

/// Seconds into the stories' calls.
pub(crate) fn t(seconds: i64) -> Timestamp {
    at(0) + SignedDuration::from_secs(seconds)
}

pub(crate) fn parties(from: &str, to: &str, direction: CallDirection) -> Parties {
    Parties { from: Some(from.into()), to: Some(to.into()), caller_name: None, direction: Some(direction) }
}

pub(crate) fn inbound() -> Parties {
    parties("+12125550123", "+12125550100", CallDirection::Inbound)
}

pub(crate) fn report(session: &str, word: &str, seconds: i64) -> StateReport {
    let status = PlatformStatus::parse(word);
    let status = StatusEvent { status, at: t(seconds), started_at: None, answered_at: None, ended_at: None };
    StateReport { keys: CallKeys::of_session(session), received_at: t(seconds), status, parties: inbound() }
}

pub(crate) fn record(session: &str, word: &str, seconds: i64) -> FinalRecord {
    let times = SessionTimes { started_at: Some(t(0)), answered_at: Some(t(7)), ended_at: Some(t(seconds)) };
    let record = CallRecord {
        timestamp: t(seconds),
        disposition: Disposition::from_platform(word),
        session: Some(times),
        duration: Some(67),
        billsec: Some(60),
    };
    FinalRecord {
        keys: CallKeys::of_session(session),
        received_at: t(seconds),
        record,
        parties: inbound(),
        cost: Some(12_500),
        recording_url: Some("https://recordings.example/1.wav".into()),
        payload: r#"{"disposition":"ANSWER"}"#.into(),
    }
}

pub(crate) fn step(session: &str, seconds: i64) -> RoutedStep {
    RoutedStep {
        keys: CallKeys::of_session(session),
        at: t(seconds),
        parties: inbound(),
        phone_number: None,
        caller: None,
        ended: None,
        started: None,
    }
}

pub(crate) fn dialled(session: &str, key: &str, seconds: i64, group: u64, extensions: &[u64]) -> Fact {
    let phone = |id: &u64| RungPhone {
        kind: PhoneKind::Extension,
        extension: Some(ExtensionId::new(*id)),
        number: format!("10{id:02}").into(),
        name: Some("Alice Ray".into()),
    };
    let via = Via { kind: ViaKind::RingGroup, ring_group: Some(RingGroupId::new(group)), name: Some("Sales".into()) };
    let start = DialStart { at: t(seconds), via, phones: extensions.iter().map(phone).collect() };
    let number = Named { id: PhoneNumberId::new(1), text: "+12125550100".into() };
    let started = Some((DialKey(key.into()), start));
    Fact::Step(RoutedStep { started, phone_number: Some(number), ..step(session, seconds) })
}

pub(crate) fn dial_ended(session: &str, key: &str, seconds: i64, result: DialResult) -> Fact {
    let end = DialEnd { at: t(seconds), result, talked: None, taken_by: None };
    Fact::Step(RoutedStep { ended: Some((DialKey(key.into()), end)), ..step(session, seconds) })
}

pub(crate) fn delivery(organization: OrganizationId, fact: Fact) -> Delivery {
    Delivery { organization, key: None, fact }
}

pub(crate) async fn apply(bench: &Bench, id: OrganizationId, facts: Vec<Fact>) -> Applied {
    let batch: Vec<Delivery> = facts.into_iter().map(|fact| delivery(id, fact)).collect();
    bench.store.platform().apply_facts(&batch, at(5)).await.unwrap()
}

pub(crate) async fn organization(bench: &Bench, letter: char) -> (OrganizationId, TenantStore) {
    let tenant = bench.organization(letter).await;
    (tenant.load_plan().await.unwrap().1.organization.id, tenant)
}

pub(crate) async fn all(tenant: &TenantStore) -> Vec<KeptCall> {
    let page = tenant.calls(&CallQuery::default(), Stretch::Page { offset: 0, limit: 100 }).await.unwrap();
    assert_eq!((page.total, page.is_capped), (Some(page.items.len() as u64), false));
    page.items
}

/// One call with everything: two dials, reports, a record.
fn whole_call(session: &str) -> Vec<Fact> {
    let answered = report(session, "connected", 7);
    let answered = StateReport { status: StatusEvent { answered_at: Some(t(7)), ..answered.status }, ..answered };
    vec![
        Fact::Report(report(session, "new", 0)),
        dialled(session, "a", 1, 7, &[1]),
        Fact::Report(report(session, "ringing", 2)),
        dial_ended(session, "a", 4, DialResult::Busy),
        dialled(session, "b", 5, 7, &[2]),
        Fact::Report(answered),
        dial_ended(session, "b", 67, DialResult::Answered),
        Fact::Report(report(session, "answer", 67)),
        Fact::Record(record(session, "ANSWER", 67)),
    ]
}

async fn a_call_is_one_row_with_its_legs(bench: &Bench) {
    let (id, tenant) = organization(bench, 'a').await;
    crate::furnished::furnish(&tenant, 'a').await;
    let plan = tenant.load_plan().await.unwrap().1;
    let (extension, group) = (plan.extensions[0].id.get(), plan.ring_groups[0].id.get());
    let mut facts = whole_call("one");
    facts[1] = dialled("one", "a", 1, group, &[2]);
    facts[4] = dialled("one", "b", 5, group, &[extension]);
    for fact in &facts {
        let applied = apply(bench, id, vec![fact.clone()]).await;
        let [change] = applied.changes.as_slice() else { panic!("{fact:?}: {applied:?}") };
        assert_eq!((change.organization, change.before.len()), (id, usize::from(fact != &facts[0])));
    }
    let calls = all(&tenant).await;
    let [call] = calls.as_slice() else { panic!("{calls:?}") };
    assert_eq!((call.call_id.as_str(), call.direction), ("one", CallDirection::Inbound));
    assert_eq!((call.from_number.as_str(), call.to_number.as_str()), ("+12125550123", "+12125550100"));
    assert_eq!((call.status, call.disposition), (CallStatus::Ended(Ending::Completed), Some(Disposition::Answered)));
    assert_eq!((call.initiated_at, call.answered_at, call.ended_at), (t(0), Some(t(7)), Some(t(67))));
    assert_eq!((call.duration, call.billsec, call.cost), (Some(67), Some(60), Some(12_500)));
    assert_eq!((call.extension_id, call.ring_group_id), (Some(extension), Some(group)));
    assert_eq!((call.ring_group_name.as_deref(), call.missed), (Some("Sales"), false));
    assert_eq!(call.recording_url.as_deref(), Some("https://recordings.example/1.wav"));
    let results: Vec<_> = call.legs.iter().map(|leg| leg.result).collect();
    assert_eq!(results, [Some(LegResult::Busy), Some(LegResult::Answered)]);
    assert_eq!(
        (call.legs[1].started_at, call.legs[1].answered_at, call.legs[1].ended_at),
        (t(5), Some(t(7)), Some(t(67)))
    );

    let whole = tenant.call(call.id).await.unwrap();
    assert_eq!(whole.call, *call);
    assert_eq!(whole.payload.as_deref(), Some(r#"{"disposition":"ANSWER"}"#));
    assert_eq!(whole.reached.iter().map(|(_, at)| *at).collect::<Vec<_>>(), [t(0), t(2), t(7)]);
    assert_eq!(tenant.call_known_by(CallKey::Session("one")).await.unwrap(), Some(call.id));
    assert_eq!(tenant.call_known_by(CallKey::Sip("one")).await.unwrap(), None);
}

/// The numbers of a shuffle: the same ones each time.
fn shuffled<T: Clone>(items: &[T], seed: usize) -> Vec<T> {
    let mut items = items.to_vec();
    let mut state = 2_463_534_242 + seed as u64;
    for place in (1..items.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        items.swap(place, usize::try_from(state >> 33).unwrap() % (place + 1));
    }
    items
}

/// What a call is, whichever row it got.
fn without_id(call: &KeptCall) -> KeptCall {
    KeptCall { id: 0, call_id: String::new(), ..call.clone() }
}

async fn any_order_and_any_batches_end_in_the_same_row(bench: &Bench) {
    let (id, tenant) = organization(bench, 'a').await;
    apply(bench, id, whole_call("as told")).await;
    let wanted = without_id(&all(&tenant).await[0]);
    for seed in 0..12 {
        let session = format!("shuffle {seed}");
        let facts = whole_call(&session);
        // Some of them twice.
        let facts = shuffled(&[facts.clone(), facts[..seed % 9].to_vec()].concat(), seed);
        for batch in facts.chunks(1 + seed % 5) {
            apply(bench, id, batch.to_vec()).await;
        }
        let call = tenant.call_known_by(CallKey::Session(&session)).await.unwrap().unwrap();
        assert_eq!(without_id(&tenant.call(call).await.unwrap().call), wanted, "{seed}");
    }
    assert_eq!(all(&tenant).await.len(), 13);
}

async fn what_was_delivered_before_has_no_effect(bench: &Bench) {
    let ((a, tenant), (b, other)) = (organization(bench, 'a').await, organization(bench, 'b').await);
    let key = Some(DeliveryKey([7; 32]));
    let of = |organization, word| Delivery { organization, key, fact: Fact::Report(report("one", word, 3)) };
    let platform = bench.store.platform();
    let applied = platform.apply_facts(&[of(a, "ringing"), of(a, "ringing")], at(5)).await.unwrap();
    assert_eq!((applied.changes.len(), applied.duplicates, applied.dropped), (1, 1, 0));
    // The same key, whatever it says now; a key of another organization is another key.
    let applied = platform.apply_facts(&[of(a, "busy"), of(b, "busy")], at(6)).await.unwrap();
    assert_eq!((applied.changes.len(), applied.duplicates), (1, 1));
    assert_eq!(all(&tenant).await[0].status.as_str(), "ringing");
    assert_eq!(all(&other).await[0].status.as_str(), "busy");
    // After a day it is no longer known, and what it says counts.
    let day = 24 * 60;
    assert_eq!(platform.apply_facts(&[of(a, "busy")], at(4 + day)).await.unwrap().duplicates, 1);
    assert_eq!(platform.apply_facts(&[of(a, "busy")], at(5 + day)).await.unwrap().duplicates, 0);
    assert_eq!(all(&tenant).await[0].status.as_str(), "busy");
    assert_eq!(platform.sweep_deliveries(at(6 + day)).await.unwrap(), 1, "only that of the other one is over");
    assert_eq!(platform.sweep_deliveries(at(6 + day)).await.unwrap(), 0);
}

async fn rows_that_turn_out_to_be_one_call_are_joined(bench: &Bench) {
    let (id, tenant) = organization(bench, 'a').await;
    // Known by its SIP id only, then by its session only, then by both.
    let cdr = FinalRecord { keys: CallKeys::of_sip("sip@1"), ..record("", "NOANSWER", 30) };
    apply(bench, id, vec![Fact::Record(cdr.clone())]).await;
    apply(bench, id, vec![dialled("one", "a", 1, 7, &[1])]).await;
    let two = all(&tenant).await;
    assert_eq!(two.len(), 2);
    let oldest = two.iter().map(|call| call.id).min().unwrap();
    let both = CallKeys { sip_ids: vec!["sip@2".into(), "sip@1".into()], ..CallKeys::of_session("one") };
    let applied = apply(bench, id, vec![Fact::Report(StateReport { keys: both, ..report("one", "ringing", 2) })]).await;
    let [change] = applied.changes.as_slice() else { panic!("{applied:?}") };
    assert_eq!((change.call, change.before.len()), (oldest, 2), "the older row stays");
    let calls = all(&tenant).await;
    let [call] = calls.as_slice() else { panic!("{calls:?}") };
    assert_eq!((call.id, call.call_id.as_str(), call.status.as_str()), (oldest, "one", "no_answer"));
    assert_eq!(call.legs.len(), 1);
    // Every key leads to it from now on, and nothing makes another row.
    for key in [CallKey::Session("one"), CallKey::Sip("sip@1"), CallKey::Sip("sip@2")] {
        assert_eq!(tenant.call_known_by(key).await.unwrap(), Some(oldest), "{key:?}");
    }
    assert_eq!(apply(bench, id, vec![Fact::Record(cdr)]).await.changes, []);
    assert_eq!(all(&tenant).await.len(), 1);

    // The same in one batch, on nothing.
    let sip = |id: &str| Fact::Record(FinalRecord { keys: CallKeys::of_sip(id), ..record("", "NOANSWER", 30) });
    let both = CallKeys { sip_ids: vec!["sip@9".into()], ..CallKeys::of_session("nine") };
    let joins = Fact::Report(StateReport { keys: both, ..report("nine", "ringing", 2) });
    let applied = apply(bench, id, vec![sip("sip@9"), Fact::Report(report("nine", "new", 1)), joins]).await;
    assert_eq!((applied.changes.len(), applied.changes[0].before.len()), (1, 0));
    assert_eq!(all(&tenant).await.len(), 2);
}

async fn two_sessions_are_two_calls_whatever_they_share(bench: &Bench) {
    let (id, tenant) = organization(bench, 'a').await;
    let shared = |session: &str| CallKeys { sip_ids: vec!["sip@1".into()], ..CallKeys::of_session(session) };
    for session in ["one", "two", "one"] {
        apply(bench, id, vec![Fact::Report(StateReport { keys: shared(session), ..report(session, "new", 1) })]).await;
    }
    let mut names: Vec<String> = all(&tenant).await.into_iter().map(|call| call.call_id).collect();
    names.sort();
    assert_eq!(names, ["one", "two"]);
    let first = tenant.call_known_by(CallKey::Session("one")).await.unwrap();
    assert_eq!(tenant.call_known_by(CallKey::Sip("sip@1")).await.unwrap(), first, "it leads to the first that had it");
}

async fn many_at_once_make_one_row(bench: &Bench) {
    let ((a, tenant), (b, other)) = (organization(bench, 'a').await, organization(bench, 'b').await);
    let mut feeders = tokio::task::JoinSet::new();
    for feeder in 0..8 {
        let platform = bench.store.platform();
        let facts = shuffled(&[whole_call("one"), whole_call("two")].concat(), feeder);
        // The organizations in either order: nobody waits in a circle.
        let order = if feeder % 2 == 0 { [a, b] } else { [b, a] };
        feeders.spawn(async move {
            for some in facts.chunks(3) {
                let batch = order.iter().flat_map(|id| some.iter().map(|fact| delivery(*id, fact.clone())));
                platform.apply_facts(&batch.collect::<Vec<_>>(), at(5)).await.unwrap();
            }
        });
    }
    feeders.join_all().await;
    for tenant in [tenant, other] {
        let calls = all(&tenant).await;
        assert_eq!(calls.len(), 2, "{calls:?}");
        assert_eq!(without_id(&calls[0]), without_id(&calls[1]));
        assert_eq!(calls[0].disposition, Some(Disposition::Answered));
        assert_eq!(calls[0].legs.len(), 2);
    }
}

async fn each_organization_has_its_own(bench: &Bench) {
    let ((a, tenant), (b, other)) = (organization(bench, 'a').await, organization(bench, 'b').await);
    apply(bench, a, vec![Fact::Report(report("same", "ringing", 1))]).await;
    apply(bench, b, vec![Fact::Report(report("same", "busy", 1))]).await;
    let (ours, theirs) = (all(&tenant).await, all(&other).await);
    assert_eq!((ours.len(), theirs.len()), (1, 1));
    assert_eq!((ours[0].status.as_str(), theirs[0].status.as_str()), ("ringing", "busy"));
    assert!(matches!(tenant.call(theirs[0].id).await, Err(Error::NotFound)));
    assert_eq!(tenant.active_calls(at(0)).await.unwrap(), ours);
    assert_eq!(other.active_calls(at(0)).await.unwrap(), []);
    let search = CallQuery { search: Some("same".into()), ..CallQuery::default() };
    let found = tenant.calls(&search, Stretch::Page { offset: 0, limit: 9 }).await.unwrap();
    assert_eq!(found.items, ours);
}

async fn what_cannot_become_a_call_is_let_go(bench: &Bench) {
    let (id, tenant) = organization(bench, 'a').await;
    let nameless = Fact::Report(StateReport { keys: CallKeys::default(), ..report("", "new", 1) });
    let applied = apply(bench, id, vec![nameless, Fact::Report(report("one", "new", 1))]).await;
    assert_eq!((applied.changes.len(), applied.dropped), (1, 1));
    let nobody = apply(bench, OrganizationId::new(99), vec![Fact::Report(report("one", "new", 1))]).await;
    assert_eq!((nobody.changes.len(), nobody.dropped), (0, 1), "and nothing is refused");

    // Of a call that is older than what is kept: two years by default, for ever with 0.
    let years = SignedDuration::from_hours(24 * 731);
    let mut old = record("old", "ANSWER", 60);
    let times = SessionTimes { started_at: Some(t(0) - years), answered_at: None, ended_at: None };
    old.record.session = Some(times);
    let applied = apply(bench, id, vec![Fact::Record(old.clone())]).await;
    assert_eq!((applied.changes.len(), applied.dropped), (0, 1));
    assert_eq!(tenant.call_known_by(CallKey::Session("old")).await.unwrap(), None);
    sql(bench, &format!("DELETE FROM organization_retention WHERE organization_id = {}", id.get())).await;
    let zeros = format!("INSERT INTO organization_retention VALUES ({}, 0, 0, 0, 0, 0, 0)", id.get());
    sql(bench, &zeros).await;
    assert_eq!(apply(bench, id, vec![Fact::Record(old)]).await.changes.len(), 1);
}

async fn what_is_long_or_strange_is_kept_too(bench: &Bench) {
    let (id, tenant) = organization(bench, 'a').await;
    let long = "ñ".repeat(3_000);
    let name = "😀\u{0}'\"\\ ";
    let parties = Parties { caller_name: Some(name.into()), ..parties(&long, " +1 ", CallDirection::Inbound) };
    let strange = FinalRecord {
        keys: CallKeys {
            session_number: Some(u64::MAX),
            sip_ids: vec![long.as_str().into()],
            ..CallKeys::of_session(&long)
        },
        recording_url: Some(long.as_str().into()),
        cost: Some(i64::MAX),
        record: CallRecord { duration: Some(u32::MAX), ..record("", "ANSWER", 60).record },
        parties,
        payload: long.as_str().into(),
        ..record("", "ANSWER", 60)
    };
    let fact = Fact::Record(strange);
    apply(bench, id, vec![fact.clone()]).await;
    assert_eq!(apply(bench, id, vec![fact]).await.changes, [], "what is cut in the row is whole in the evidence");
    let calls = all(&tenant).await;
    let [call] = calls.as_slice() else { panic!("{calls:?}") };
    assert_eq!((call.call_id.chars().count(), call.from_number.chars().count()), (255, 255));
    assert_eq!((call.to_number.as_str(), call.caller_name.as_deref()), ("+1", Some("😀\u{0}'\"\\")));
    assert_eq!((call.duration, call.cost), (Some(u32::MAX), Some(i64::MAX)));
    assert_eq!(call.recording_url.as_deref().map(|url| url.chars().count()), Some(2_000));
    assert_eq!(tenant.call(call.id).await.unwrap().payload.as_deref(), Some(long.as_str()));
    // Texts that differ only in a blank at the end are one for MySQL, and must not be two for us.
    let blank = Parties { caller_name: Some("Ann ".into()), ..inbound() };
    let plain = Parties { caller_name: Some("Ann".into()), ..inbound() };
    for (session, parties) in [("x", blank), ("y", plain)] {
        apply(bench, id, vec![Fact::Report(StateReport { parties, ..report(session, "new", 1) })]).await;
    }
    assert_eq!(all(&tenant).await.len(), 3);
}

async fn calls_go_with_their_organization(bench: &Bench) {
    let ((a, _), (b, other)) = (organization(bench, 'a').await, organization(bench, 'b').await);
    for id in [a, b] {
        let batch: Vec<Delivery> = whole_call("one")
            .into_iter()
            .zip(0..)
            .map(|(fact, number)| Delivery { organization: id, key: Some(DeliveryKey([number; 32])), fact })
            .collect();
        bench.store.platform().apply_facts(&batch, at(5)).await.unwrap();
    }
    for table in
        ["audit_entries", "audit_heads", "users", "organization_limits", "organization_settings", "platform_settings"]
    {
        sql(bench, &format!("DELETE FROM {table} WHERE organization_id = {}", a.get())).await;
    }
    sql(bench, &format!("DELETE FROM organizations WHERE id = {}", a.get())).await;
    let rows = bench.store.inventory().await.unwrap().rows;
    let left: Vec<u64> = ["calls", "call_evidence", "call_keys", "call_legs", "call_deliveries", "call_texts"]
        .into_iter()
        .map(|table| rows[table])
        .collect();
    assert_eq!(left, [1, 1, 1, 2, 9, 2]);
    assert_eq!(all(&other).await.len(), 1);
    let mut log = CallLog::default();
    for fact in whole_call("one") {
        log.advance(&fact);
    }
    assert_eq!(log.legs().len(), 2, "as many as in the rows");
}
