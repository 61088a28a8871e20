//! Statistics: whatever is said of calls, in which order, in which zone: what is told equals a recount of the rows.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp, ToSpan};
use opbx_core::call::DialResult;
use opbx_core::call_log::{
    CallKeys, DialEnd, DialKey, DialStart, Fact, FinalRecord, Named, Parties, PhoneKind, RoutedStep, RungPhone,
    StateReport, Via, ViaKind,
};
use opbx_core::call_state::{CallDirection, CallRecord, Disposition, PlatformStatus, SessionTimes, StatusEvent};
use opbx_core::id::{ExtensionId, OrganizationId, RingGroupId};
use opbx_core::statistics::{Interval, Report};
use opbx_store::{CallQuery, Delivery, JobQuery, KeptCall, STATISTICS_REBUILD, Stretch, TenantStore};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::Value;

use crate::bench::{Bench, at, on_both};
use crate::calls::organization;
use crate::furnished::furnish;
use crate::migration::sql;
use crate::swept::edit;

on_both! {
    an_organization_without_calls_has_statistics_too;
    statistics_equal_a_recount_of_the_rows;
    any_order_counts_the_same;
    a_changed_zone_is_counted_anew;
    what_is_counted_while_a_cut_is_made_is_in_it;
    a_rebuild_mends_what_was_damaged;
    tops_are_called_as_they_are_called_now;
    the_first_of_many_numbers_are_those_of_a_recount;
}

const ZONES: [&str; 5] =
    ["America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Kiritimati", "Etc/GMT+12"];

fn zone(name: &str) -> TimeZone {
    TimeZoneDatabase::bundled().get(name).unwrap()
}

/// Around a night in which the clocks of New York change, and the end of a month.
fn instant(minutes: i64) -> Timestamp {
    "2026-10-31T12:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minutes)
}

fn any_instant() -> impl Strategy<Value = Timestamp> {
    (0..4 * 24 * 60i64).prop_map(instant)
}

fn any_parties() -> impl Strategy<Value = Parties> {
    let numbers = || prop::sample::select(vec!["+12125550123", "+442079460000", "1001", "anonymous", ""]);
    let directions = prop::sample::select(&CallDirection::ALL[..]);
    (numbers(), numbers(), prop::option::of(directions)).prop_map(|(from, to, direction)| Parties {
        from: Some(from.into()),
        to: Some(to.into()),
        caller_name: None,
        direction,
    })
}

/// A few sessions, some known only by what others are known by too, so that rows are joined.
fn any_keys() -> impl Strategy<Value = CallKeys> {
    (prop::option::weighted(0.8, 0..6u64), 0..6u64).prop_map(|(session, sip)| CallKeys {
        session: session.map(|number| format!("session-{number}").into()),
        session_number: None,
        sip_ids: vec![format!("{sip}@1").into()],
    })
}

fn any_report() -> impl Strategy<Value = Fact> {
    let words = prop::sample::select(vec!["new", "ringing", "connected", "answer", "busy", "noanswer", "cancel"]);
    (any_keys(), words, any_instant(), any_parties()).prop_map(|(keys, word, at, parties)| {
        let status = PlatformStatus::parse(word);
        let status = StatusEvent { status, at, started_at: None, answered_at: None, ended_at: None };
        Fact::Report(StateReport { keys, received_at: at, status, parties })
    })
}

fn any_record() -> impl Strategy<Value = Fact> {
    let numbers = (0..100u32, prop::option::of(0..100u32), prop::option::of(0..20_000i64));
    let disposition = prop::sample::select(&Disposition::ALL[..]);
    (any_keys(), any_instant(), disposition, numbers, any_parties()).prop_map(
        |(keys, at, disposition, (duration, billsec, cost), parties)| {
            let session = SessionTimes {
                started_at: Some(at),
                answered_at: billsec.map(|_| at + SignedDuration::from_secs(5)),
                ended_at: None,
            };
            let duration = Some(duration);
            let record = CallRecord { timestamp: at, disposition, session: Some(session), duration, billsec };
            let (recording_url, payload) = (None, "{}".into());
            Fact::Record(FinalRecord { keys, received_at: at, record, parties, cost, recording_url, payload })
        },
    )
}

fn any_step() -> impl Strategy<Value = Fact> {
    let result = prop::sample::select(vec![DialResult::Answered, DialResult::Busy, DialResult::NoAnswer]);
    let end = prop::option::of((result, prop::option::of(0..60u32)));
    let who = (1..4u64, any::<bool>(), prop::option::of(1..4u64));
    (any_keys(), any_instant(), any_parties(), who, end).prop_map(
        |(keys, at, parties, (extension, in_group, caller), end)| {
            let named = |id: u64| Named { id: ExtensionId::new(id), text: format!("100{id}").into() };
            let rung = |id: u64| RungPhone {
                kind: PhoneKind::Extension,
                extension: Some(ExtensionId::new(id)),
                number: named(id).text,
                name: None,
            };
            let via = if in_group {
                Via { kind: ViaKind::RingGroup, ring_group: Some(RingGroupId::new(1)), name: Some("Old".into()) }
            } else {
                Via { kind: ViaKind::Direct, ring_group: None, name: None }
            };
            let phones = if in_group { vec![rung(extension), rung(extension + 1)] } else { vec![rung(extension)] };
            let started = Some((DialKey("a".into()), DialStart { at, via, phones }));
            let ended = end.map(|(result, talked)| {
                let at = at + SignedDuration::from_secs(60);
                (DialKey("a".into()), DialEnd { at, result, talked, taken_by: None })
            });
            Fact::Step(RoutedStep { keys, at, parties, phone_number: None, caller: caller.map(named), ended, started })
        },
    )
}

fn any_facts() -> impl Strategy<Value = Vec<Fact>> {
    prop::collection::vec(prop_oneof![2 => any_report(), 2 => any_record(), 2 => any_step()], 1..40)
}

/// So many of what a strategy makes: a store is slow to try things on.
fn some<T: std::fmt::Debug>(strategy: &impl Strategy<Value = T>) -> Vec<T> {
    let mut runner = TestRunner::default();
    let cases = runner.config().cases.div_ceil(32);
    (0..cases).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

async fn apply(bench: &Bench, of: OrganizationId, facts: &[Fact]) {
    let facts = facts.iter().cloned();
    let batch: Vec<Delivery> = facts.map(|fact| Delivery { organization: of, key: None, fact }).collect();
    for some in batch.chunks(7) {
        bench.store.platform().apply_facts(some, at(5)).await.unwrap();
    }
}

async fn rows(tenant: &TenantStore) -> Vec<KeptCall> {
    let (mut all, mut cursor) = (Vec::new(), None);
    loop {
        let page = tenant.calls(&CallQuery::default(), Stretch::After { cursor, limit: 100 }).await.unwrap();
        all.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            return all;
        }
    }
}

/// What the rows of a log tell, counted one by one. Waiting is not told by a row alone.
fn recount(rows: &[KeptCall], (from, to): (Date, Date), interval: Interval, zone: &TimeZone) -> Report {
    let mut report = Report::blank(from, to, interval, zone);
    let (mut numbers, mut extensions, mut groups) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for row in rows {
        let local = zone.to_datetime(row.initiated_at);
        if !(from..=to).contains(&local.date()) {
            continue;
        }
        report.totals.calls += 1;
        report.totals.missed += i64::from(row.missed);
        report.totals.duration += row.duration.map_or(0, i64::from);
        report.totals.talk += row.billsec.map_or(0, i64::from);
        report.totals.cost += row.cost.unwrap_or_default();
        let answered = i64::from(row.disposition == Some(Disposition::Answered));
        report.answered += answered;
        if let Some(disposition) = row.disposition {
            *report.by_disposition.get_mut(&disposition).unwrap() += 1;
        }
        *report.by_direction.get_mut(&row.direction).unwrap() += 1;
        report.by_hour[usize::try_from(local.hour()).unwrap()] += 1;
        let (_, point) = report.series.range_mut(..=row.initiated_at).next_back().unwrap();
        point.calls += 1;
        point.answered += answered;
        point.missed += i64::from(row.missed);
        point.talk += row.billsec.map_or(0, i64::from);
        let outside = match row.direction {
            CallDirection::Inbound => row.from_number.as_str(),
            CallDirection::Outbound => row.to_number.as_str(),
            CallDirection::Internal => "",
        };
        if outside.bytes().any(|byte| byte.is_ascii_digit()) {
            *numbers.entry(outside.to_owned()).or_insert(0) += 1;
        }
        if let Some(number) = &row.extension_number {
            *extensions.entry(number.clone()).or_insert(0) += 1;
        }
        if let Some(name) = &row.ring_group_name {
            *groups.entry(name.clone()).or_insert(0) += 1;
        }
    }
    report.top_numbers = tops(numbers);
    report.top_extensions = tops(extensions);
    report.top_ring_groups = tops(groups);
    report
}

fn tops(counted: BTreeMap<String, i64>) -> Vec<opbx_core::statistics::Top> {
    let mut tops: Vec<_> = counted
        .into_iter()
        .map(|(name, calls)| opbx_core::statistics::Top { id: None, name: name.into(), calls })
        .collect();
    tops.sort_by(|one, other| other.calls.cmp(&one.calls).then_with(|| one.name.cmp(&other.name)));
    tops.truncate(10);
    tops
}

/// Compares what is told with a recount, for several stretches of days.
async fn must_equal_a_recount(tenant: &TenantStore, name: &str, what: &str) {
    let (rows, zone) = (rows(tenant).await, zone(name));
    for (from, to) in [
        (date(2026, 10, 20), date(2026, 11, 20)),
        (date(2026, 11, 1), date(2026, 11, 1)),
        (date(2026, 10, 31), date(2026, 12, 31)),
        (date(2025, 11, 2), date(2026, 11, 1)),
    ] {
        for interval in [Interval::Hour, Interval::Day, Interval::Week] {
            let mut told = tenant.statistics(from, to, interval).await.unwrap();
            (told.totals.wait, told.totals.waited) = (0, 0);
            let counted = recount(&rows, (from, to), interval, &zone);
            assert_eq!(told, counted, "{what}: {from} to {to} in {name}");
        }
    }
}

/// Compares what is told with a recount, in the zone of the stories.
pub(crate) async fn must_add_up(tenant: &TenantStore) {
    must_equal_a_recount(tenant, "America/New_York", "as it stands").await;
    let (rows, zone) = (rows(tenant).await, zone("America/New_York"));
    let days = (date(2027, 1, 1), date(2027, 1, 31));
    let mut told = tenant.statistics(days.0, days.1, Interval::Day).await.unwrap();
    (told.totals.wait, told.totals.waited) = (0, 0);
    assert_eq!(told, recount(&rows, days, Interval::Day, &zone));
}

/// All that is counted, as it stands in the tables of the current cut.
async fn all(tenant: &TenantStore) -> Report {
    tenant.statistics(date(2026, 10, 1), date(2026, 12, 31), Interval::Hour).await.unwrap()
}

pub(crate) async fn move_to(tenant: &TenantStore, name: &str) {
    let mut edit = edit(tenant, at(6)).await;
    let before = edit.settings().await.unwrap();
    let mut after = before.object.clone();
    after.organization.timezone = name.parse().unwrap();
    edit.update_settings(&before, after, |_| Value::Null).await.unwrap();
    edit.commit().await.unwrap();
}

/// Another organization of a bench that has some already.
pub(crate) async fn another(bench: &Bench, number: usize) -> (OrganizationId, TenantStore) {
    let letters: Vec<char> = ('a'..='z').collect();
    let name: String = [letters[number / 26 % 26], letters[number % 26]].iter().collect();
    let mut new = crate::bench::new_organization('a');
    new.slug = format!("acme-{name}").parse().unwrap();
    new.owner = None;
    (new.domain, new.domain_uuid) = (None, None);
    new.webhook_key = format!("webhook-key-of-{name}-{number}").parse().unwrap();
    new.cdr_secret = format!("the-cdr-secret-of-{name}-{number}").parse().unwrap();
    let created = bench.store.platform().create(&new, &crate::changing::author(), at(0)).await.unwrap();
    (created.organization, bench.inside(created.organization))
}

async fn an_organization_without_calls_has_statistics_too(bench: &Bench) {
    let (_, tenant) = organization(bench, 'a').await;
    let report = tenant.statistics(date(2026, 11, 1), date(2026, 11, 2), Interval::Hour).await.unwrap();
    assert_eq!((report.totals.calls, report.answer_rate(), report.series.len()), (0, None, 49));
    assert_eq!(tenant.rebuild_statistics().await.unwrap().calls, 0);
    assert_eq!(tenant.statistics(date(2026, 11, 1), date(2026, 11, 2), Interval::Hour).await.unwrap(), report);
}

async fn statistics_equal_a_recount_of_the_rows(bench: &Bench) {
    for (number, facts) in some(&any_facts()).into_iter().enumerate() {
        let (id, tenant) = another(bench, number).await;
        apply(bench, id, &facts).await;
        must_equal_a_recount(&tenant, "America/New_York", &format!("{facts:?}")).await;
    }
}

async fn any_order_counts_the_same(bench: &Bench) {
    let shuffled = any_facts().prop_flat_map(|facts| (Just(facts.clone()), Just(facts).prop_shuffle()));
    for (number, (facts, others)) in some(&shuffled).into_iter().enumerate() {
        // Which of two sessions a shared key leads to depends on which came first, so they share none here.
        let apart = |facts: Vec<Fact>| -> Vec<Fact> { facts.into_iter().filter_map(of_its_session).collect() };
        let (facts, others) = (apart(facts), apart(others));
        let ((one, first), (other, second)) = (another(bench, 2 * number).await, another(bench, 2 * number + 1).await);
        apply(bench, one, &facts).await;
        apply(bench, other, &others).await;
        assert_eq!(all(&first).await, all(&second).await, "{facts:?}");
    }
}

fn of_its_session(mut fact: Fact) -> Option<Fact> {
    let (Fact::Report(StateReport { keys, .. })
    | Fact::Record(FinalRecord { keys, .. })
    | Fact::Step(RoutedStep { keys, .. })) = &mut fact;
    keys.sip_ids.clear();
    (!keys.is_empty()).then_some(fact)
}

async fn a_changed_zone_is_counted_anew(bench: &Bench) {
    for (number, facts) in some(&any_facts()).into_iter().enumerate() {
        let (id, tenant) = another(bench, number).await;
        let name = ZONES[number % ZONES.len()];
        let (before, after) = facts.split_at(facts.len() / 2);
        apply(bench, id, before).await;
        // Until it is counted anew it is counted as before; where there was nothing yet, it is counted by the new zone at once.
        let until_then = if rows(&tenant).await.is_empty() { name } else { "America/New_York" };
        move_to(&tenant, name).await;
        apply(bench, id, after).await;
        must_equal_a_recount(&tenant, until_then, "before the rebuild").await;
        let rebuilt = tenant.rebuild_statistics().await.unwrap();
        assert_eq!(rebuilt.calls, rows(&tenant).await.len() as u64);
        must_equal_a_recount(&tenant, name, &format!("{facts:?}")).await;
        apply(bench, id, &facts).await;
        apply(bench, id, before).await;
        must_equal_a_recount(&tenant, name, "facts that came again").await;
    }
    let query = JobQuery { state: None, kind: Some(STATISTICS_REBUILD.to_owned()), most: 100 };
    let jobs = bench.store.platform().jobs(&query).await.unwrap();
    assert!(!jobs.is_empty() && jobs.iter().all(|job| job.organization.is_some()));
}

async fn what_is_counted_while_a_cut_is_made_is_in_it(bench: &Bench) {
    let (id, tenant) = organization(bench, 'a').await;
    let mut runner = TestRunner::default();
    let strategy = prop::collection::vec(any_record(), 700..701);
    let mut facts = strategy.new_tree(&mut runner).unwrap().current();
    for (number, fact) in facts.iter_mut().enumerate() {
        let Fact::Record(FinalRecord { keys, .. }) = fact else { continue };
        *keys = CallKeys::of_session(&format!("session-{number}"));
    }
    apply(bench, id, &facts).await;
    move_to(&tenant, "Asia/Kolkata").await;
    let mut runner = TestRunner::default();
    let others = prop::collection::vec(any_step(), 60..61).new_tree(&mut runner).unwrap().current();
    let (rebuilding, applying) = (tenant.rebuild_statistics(), apply(bench, id, &others));
    let (rebuilt, ()) = tokio::join!(rebuilding, applying);
    rebuilt.unwrap();
    must_equal_a_recount(&tenant, "Asia/Kolkata", "while others wrote").await;
    let told = all(&tenant).await;
    tenant.rebuild_statistics().await.unwrap();
    assert_eq!(all(&tenant).await, told, "the waiting too");
}

async fn a_rebuild_mends_what_was_damaged(bench: &Bench) {
    let (id, tenant) = organization(bench, 'a').await;
    let mut runner = TestRunner::default();
    let facts = any_facts().new_tree(&mut runner).unwrap().current();
    apply(bench, id, &facts).await;
    let told = all(&tenant).await;
    sql(bench, "UPDATE statistics_hours SET calls = calls + 3, wait = 7").await;
    sql(bench, "DELETE FROM statistics_shares").await;
    assert_ne!(all(&tenant).await, told);
    tenant.rebuild_statistics().await.unwrap();
    assert_eq!(all(&tenant).await, told);
}

/// Some call often, most of them seldom, and some all at once; and then all about equally often.
async fn the_first_of_many_numbers_are_those_of_a_recount(bench: &Bench) {
    let (id, tenant) = organization(bench, 'a').await;
    let record = |number: i64, caller: i64| {
        let at = instant(number * 311 % (100 * 24 * 60));
        let from = format!("+1415555{caller:04}");
        let parties = crate::calls::parties(&from, "+12125550100", CallDirection::Inbound);
        let record = crate::calls::record(&format!("{caller}-{number}"), "ANSWER", 0);
        let times = SessionTimes { started_at: Some(at), answered_at: None, ended_at: Some(at) };
        Fact::Record(FinalRecord { parties, record: CallRecord { session: Some(times), ..record.record }, ..record })
    };
    let skewed = (0..400).map(|number| record(number, if number % 3 == 0 { number } else { number * number % 23 }));
    let at_once = (0..30).map(|number| record(number / 10, 2_000 + number % 2));
    apply(bench, id, &skewed.chain(at_once).collect::<Vec<_>>()).await;
    let told_as_counted = async |what: &str| {
        let (rows, zone) = (rows(&tenant).await, zone("America/New_York"));
        for (from, to) in [
            (date(2026, 10, 1), date(2027, 3, 1)),
            (date(2026, 11, 1), date(2027, 1, 31)),
            (date(2026, 11, 2), date(2026, 12, 30)),
            (date(2026, 11, 3), date(2026, 11, 30)),
            (date(2026, 11, 3), date(2026, 11, 12)),
        ] {
            let told = tenant.statistics(from, to, Interval::Day).await.unwrap().top_numbers;
            let counted = recount(&rows, (from, to), Interval::Day, &zone).top_numbers;
            assert_eq!(told, counted, "{what}: {from} to {to}");
        }
    };
    told_as_counted("a few call often").await;
    apply(bench, id, &(0..400).map(|number| record(number, 3_000 + number)).collect::<Vec<_>>()).await;
    told_as_counted("hundreds call as often as others").await;
}

async fn tops_are_called_as_they_are_called_now(bench: &Bench) {
    let (id, tenant) = organization(bench, 'a').await;
    furnish(&tenant, 'a').await;
    let plan = tenant.load_plan().await.unwrap().1;
    let (extension, group) = (&plan.extensions[0], &plan.ring_groups[0]);
    for (session, name) in [("one", "Old"), ("two", "Older")] {
        let rung = RungPhone {
            kind: PhoneKind::Extension,
            extension: Some(extension.id),
            number: "1001".into(),
            name: Some("Alice".into()),
        };
        let via = Via { kind: ViaKind::RingGroup, ring_group: Some(group.id), name: Some(name.into()) };
        let start = DialStart { at: instant(0), via, phones: vec![rung] };
        let step = RoutedStep { started: Some((DialKey("a".into()), start)), ..crate::calls::step(session, 0) };
        apply(bench, id, &[Fact::Step(step)]).await;
    }
    let day = zone("America/New_York").to_datetime(at(0)).date();
    let report = tenant.statistics(day.saturating_sub(400.days()), day, Interval::Week).await.unwrap();
    let told = |tops: &[opbx_core::statistics::Top]| -> Vec<(Option<u64>, String, i64)> {
        tops.iter().map(|top| (top.id, top.name.to_string(), top.calls)).collect()
    };
    let (extension, group) = (extension.clone(), group.clone());
    assert_eq!(told(&report.top_extensions), [(Some(extension.id.get()), extension.name.to_string(), 2)]);
    assert_eq!(told(&report.top_ring_groups), [(Some(group.id.get()), group.name.to_string(), 2)]);
    assert_eq!(told(&report.top_numbers), [(None, "+12125550123".to_owned(), 2)]);
}
