//! What is kept no longer goes, with all that belongs to it; what was counted stays.

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use opbx_core::call_log::{Fact, FinalRecord, StateReport};
use opbx_core::call_state::{CallRecord, SessionTimes, StatusEvent};
use opbx_core::statistics::{Interval, Report};
use opbx_store::{CallQuery, Extent, NewDecision, NumberFilter, Outgrown, Stretch, TenantStore};

use crate::bench::{Bench, at, on_both};
use crate::calls::{all, apply, organization, record, report};
use crate::migration::sql;
use crate::statistics::{another, move_to};

on_both! {
    calls_that_are_kept_no_longer_go_with_all_that_belongs_to_them;
    statistics_of_what_is_gone_stay_through_a_rebuild_and_a_change_of_zone;
    traces_and_payloads_have_ends_of_their_own;
    organizations_with_what_they_keep_no_longer_are_found;
}

/// A call of its own session that began so many days before the stories.
fn old(session: &str, days: i64, number: &str) -> Fact {
    let began = at(0) - SignedDuration::from_hours(24 * days);
    let told = record(session, "ANSWER", 67);
    let times = SessionTimes {
        started_at: Some(began),
        answered_at: Some(began + SignedDuration::from_secs(7)),
        ended_at: Some(began + SignedDuration::from_secs(67)),
    };
    let mut parties = told.parties.clone();
    parties.from = Some(number.into());
    parties.caller_name = Some(format!("Caller {number}").into());
    let record = CallRecord { timestamp: began, session: Some(times), ..told.record };
    Fact::Record(FinalRecord { record, parties, received_at: began, ..told })
}

fn before(days: i64) -> Timestamp {
    at(0) - SignedDuration::from_hours(24 * days)
}

/// More than one transaction lets go of.
async fn filled(bench: &Bench, of: opbx_core::id::OrganizationId) {
    let facts = (0..600).map(|number| {
        let (days, caller) = (number / 20, format!("+1212555{:04}", number % 25 + 100 * i64::from(number < 300)));
        old(&format!("session-{number}"), days, &caller)
    });
    let facts: Vec<Fact> = facts.collect();
    apply(bench, of, facts).await;
}

async fn told(tenant: &TenantStore) -> Report {
    tenant.statistics(date(2026, 11, 1), date(2027, 1, 31), Interval::Hour).await.unwrap()
}

async fn found(tenant: &TenantStore, part: &str) -> usize {
    let query = CallQuery { from_number: Some(NumberFilter::Contains(part.to_owned())), ..CallQuery::default() };
    tenant.calls(&query, Stretch::Page { offset: 0, limit: 1_000 }).await.unwrap().items.len()
}

async fn count(bench: &Bench, table: &str) -> i64 {
    bench.store.inventory().await.unwrap().rows[table].cast_signed()
}

async fn calls_that_are_kept_no_longer_go_with_all_that_belongs_to_them(bench: &Bench) {
    let ((id, tenant), (other, untouched)) = (organization(bench, 'a').await, organization(bench, 'b').await);
    filled(bench, id).await;
    apply(bench, other, vec![old("session-1", 40, "+12125550001")]).await;
    assert_eq!((found(&tenant, "12125550").await, found(&tenant, "12125550103").await), (600, 12));
    assert_eq!(tenant.let_calls_go(before(100)).await.unwrap(), 0);
    assert_eq!(tenant.let_calls_go(before(10)).await.unwrap(), 380);
    assert_eq!(found(&tenant, "12125550").await, 220);
    assert_eq!(all_of(&tenant).await, 220);
    // The younger callers are still looked for, the older ones are not known any more.
    let texts = |bench, like: &'static str| async move { texts_like(bench, like).await };
    assert_eq!(texts(bench, "+12125550003").await, 0);
    assert_eq!(texts(bench, "Caller +12125550003").await, 0);
    assert_eq!((texts(bench, "+12125550103").await, texts(bench, "Caller +12125550103").await), (1, 1));
    assert_eq!(count(bench, "call_evidence").await, 221);
    assert_eq!(all(&untouched).await.len(), 1);
}

async fn all_of(tenant: &TenantStore) -> usize {
    tenant.calls(&CallQuery::default(), Stretch::Page { offset: 0, limit: 1_000 }).await.unwrap().items.len()
}

async fn texts_like(bench: &Bench, text: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) AS n FROM call_texts WHERE text = '{text}'");
    crate::migration::number(bench, &sql).await
}

async fn statistics_of_what_is_gone_stay_through_a_rebuild_and_a_change_of_zone(bench: &Bench) {
    let (id, tenant) = organization(bench, 'a').await;
    filled(bench, id).await;
    let counted = told(&tenant).await;
    assert_eq!(counted.totals.calls, 600);
    tenant.let_calls_go(before(10)).await.unwrap();
    assert_eq!(told(&tenant).await, counted);
    tenant.rebuild_statistics().await.unwrap();
    assert_eq!(told(&tenant).await, counted, "counted again in the same zone");
    for zone in ["Pacific/Kiritimati", "Etc/GMT+12", "Asia/Kolkata", "America/New_York"] {
        move_to(&tenant, zone).await;
        tenant.rebuild_statistics().await.unwrap();
        let (moved, mut was) = (told(&tenant).await, counted.clone());
        // Nothing is lost and nothing is counted twice, whatever day it lies on now.
        was.by_hour = moved.by_hour;
        was.series = moved.series.clone();
        assert_eq!(moved, was, "{zone}");
        assert_eq!(moved.series.values().map(|point| point.calls).sum::<i64>(), 600);
        // Also when what is left is damaged, or goes later.
        sql(bench, "UPDATE statistics_hours SET talk = talk + 1 WHERE day > 20826").await;
        tenant.rebuild_statistics().await.unwrap();
        assert_eq!(told(&tenant).await, moved, "{zone}");
        apply(bench, id, vec![old("session-1", 0, "+12125550101")]).await;
        assert_eq!(told(&tenant).await, moved, "{zone}");
    }
    let counted = told(&tenant).await;
    tenant.let_calls_go(before(5)).await.unwrap();
    move_to(&tenant, "UTC").await;
    tenant.rebuild_statistics().await.unwrap();
    assert_eq!(told(&tenant).await.totals, counted.totals);
}

async fn traces_and_payloads_have_ends_of_their_own(bench: &Bench) {
    let (id, tenant) = organization(bench, 'a').await;
    filled(bench, id).await;
    let decisions: Vec<NewDecision<'_>> = (0..40)
        .map(|days| NewDecision {
            organization: id,
            call_id: "session",
            at: before(40 - days),
            place: "start",
            from: "+12125550123",
            to: "+12125550100",
            outcome: "extension",
            micros: 5,
            document: "<Response/>",
            trace: "[]",
        })
        .collect();
    bench.store.platform().keep_decisions(&decisions).await.unwrap();
    assert_eq!(tenant.let_traces_go(before(10)).await.unwrap(), 30);
    assert_eq!(tenant.let_traces_go(before(10)).await.unwrap(), 0);
    assert_eq!(tenant.decisions(None, Extent::Latest(100)).await.unwrap().len(), 10);

    assert_eq!(tenant.let_payloads_go(before(3)).await.unwrap(), 520);
    assert_eq!(tenant.let_payloads_go(before(3)).await.unwrap(), 0);
    assert_eq!(tenant.let_payloads_go(before(2)).await.unwrap(), 20);
    assert_eq!(all_of(&tenant).await, 600);
    // What is told again does not bring it back, and what is told so late is not kept.
    let now = at(5);
    for (session, days) in [("session-599", 29), ("late", 40)] {
        let fact = old(session, days, "+12125550100");
        let delivery = crate::calls::delivery(id, fact);
        bench.store.platform().apply_facts(&[delivery], now).await.unwrap();
        let key = opbx_core::call_log::CallKey::Session(session);
        let call = tenant.call_known_by(key).await.unwrap().unwrap();
        let kept = tenant.call(call).await.unwrap().payload;
        assert_eq!(kept, None, "{session}");
    }
}

async fn organizations_with_what_they_keep_no_longer_are_found(bench: &Bench) {
    let platform = bench.store.platform();
    let ((one, tenant), (two, _)) = (another(bench, 0).await, another(bench, 1).await);
    // One without any call.
    another(bench, 2).await;
    apply(bench, one, vec![old("a", 29, "+12125550101"), old("b", 0, "+12125550101")]).await;
    let status = StatusEvent { at: at(0), ..report("c", "new", 0).status };
    apply(bench, two, vec![Fact::Report(StateReport { status, ..report("c", "new", 0) })]).await;
    assert_eq!(platform.outgrown(None, 9, at(0)).await.unwrap(), []);
    let later = at(0) + SignedDuration::from_hours(48);
    let edges = |id, now: Timestamp| {
        let edge = |days: i64| Some(now - SignedDuration::from_hours(24 * days));
        Outgrown { organization: id, records: edge(730), traces: edge(90), payloads: edge(30) }
    };
    assert_eq!(platform.outgrown(None, 9, later).await.unwrap(), [edges(one, later)]);
    tenant.let_payloads_go(edges(one, later).payloads.unwrap()).await.unwrap();
    assert_eq!(platform.outgrown(None, 9, later).await.unwrap(), []);
    let much_later = at(0) + SignedDuration::from_hours(24 * 731);
    assert_eq!(platform.outgrown(None, 9, much_later).await.unwrap(), [edges(one, much_later), edges(two, much_later)]);
    assert_eq!(platform.outgrown(Some(one), 1, much_later).await.unwrap(), [edges(two, much_later)]);
}
