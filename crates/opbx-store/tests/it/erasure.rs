//! Erasing a number: it is nowhere any more, and all totals are as before.

use jiff::SignedDuration;
use jiff::civil::date;
use opbx_core::call::DialResult;
use opbx_core::call_log::{Fact, FinalRecord, StateReport};
use opbx_core::number::E164;
use opbx_core::statistics::{Interval, Report};
use opbx_store::{AuditQuery, CallQuery, Entry, Erasure, Extent, NewDecision, TenantStore};
use serde_json::json;

use crate::bench::{Bench, at, on_both};
use crate::calls::{all, apply, dial_ended, dialled, organization, record, report};
use crate::changing::author;
use crate::statistics::must_add_up;
use crate::swept::edit;

on_both! {
    a_number_is_erased_wherever_it_is_shown;
    what_is_still_said_of_a_call_does_not_bring_its_number_back;
    the_sums_of_calls_that_are_gone_lose_the_number_too;
}

const NUMBER: &str = "+12125550123";
const DIGITS: &str = "12125550123";

fn number() -> E164 {
    NUMBER.parse().unwrap()
}

fn calls_of_the_number() -> Vec<Fact> {
    let mut cdr = record("one", "ANSWER", 67);
    cdr.payload = format!(r#"{{"caller":"{NUMBER}"}}"#).into();
    cdr.parties.caller_name = Some("Alice Ray".into());
    vec![
        Fact::Report(report("one", "new", 0)),
        dialled("one", "a", 1, 7, &[1]),
        dial_ended("one", "a", 67, DialResult::Answered),
        Fact::Record(cdr),
        Fact::Report(report("two", "noanswer", 30)),
    ]
}

fn call_of_another() -> Fact {
    let mut other = record("three", "ANSWER", 67);
    other.parties.from = Some("+442079460000".into());
    Fact::Record(other)
}

async fn told(tenant: &TenantStore) -> Report {
    tenant.statistics(date(2027, 1, 1), date(2027, 1, 31), Interval::Hour).await.unwrap()
}

async fn erase(tenant: &TenantStore) -> Erasure {
    tenant.erase_number(number(), author(), at(9)).await.unwrap()
}

/// Whether the number stands anywhere in the database.
async fn is_anywhere(bench: &Bench) -> Vec<String> {
    let mut found = Vec::new();
    for (table, columns) in [
        ("calls", "from_number, to_number, caller_name, outside, answered_by, recording_url"),
        ("call_evidence", "evidence, payload"),
        ("call_texts", "text"),
        ("call_legs", "number, name"),
        ("decisions", "from_party, to_party, document, trace"),
        ("statistics_shares", "name"),
        ("audit_entries", "actor_name, object_name, before_change, after_change"),
    ] {
        for column in columns.split(", ") {
            let sql = format!("SELECT COUNT(*) AS n FROM {table} WHERE {column} LIKE '%{DIGITS}%'");
            if crate::migration::number(bench, &sql).await > 0 {
                found.push(format!("{table}.{column}"));
            }
        }
    }
    found
}

async fn a_number_is_erased_wherever_it_is_shown(bench: &Bench) {
    let (id, tenant) = organization(bench, 'a').await;
    apply(bench, id, calls_of_the_number()).await;
    apply(bench, id, vec![call_of_another()]).await;
    let decision = |call_id, from, trace| NewDecision {
        organization: id,
        call_id,
        at: at(0),
        place: "start",
        from,
        to: "+12125550100",
        outcome: "extension",
        micros: 5,
        document: "<Response/>",
        trace,
    };
    let decisions = [
        decision("one", "+12125550199", "[]"),
        decision("gone", "+12125550123", "[]"),
        decision("other", "+442079460000", "[\"+12125550123\"]"),
        decision("three", "+442079460000", "[]"),
    ];
    bench.store.platform().keep_decisions(&decisions).await.unwrap();
    let mut noted = edit(&tenant, at(1)).await;
    let shown =
        Entry { after: Some(json!({ "pattern": NUMBER })), ..Entry::of("created", "blocked_caller", Some(1), NUMBER) };
    noted.record(&shown).await.unwrap();
    noted.record(&Entry::of("updated", "extension", Some(1), "1001")).await.unwrap();
    noted.commit().await.unwrap();

    let (before, rows) = (told(&tenant).await, all(&tenant).await);
    assert_eq!(before.top_numbers[0].name.as_ref(), NUMBER);
    assert!(is_anywhere(bench).await.len() >= 7);
    let erasure = erase(&tenant).await;
    assert_eq!(erasure, Erasure { calls: 2, messages: 0, payloads: 1, recordings: 1, decisions: 3, audit_entries: 1 });
    assert_eq!(is_anywhere(bench).await, [""; 0]);

    let (after, now) = (told(&tenant).await, all(&tenant).await);
    assert_eq!(after, Report { top_numbers: after.top_numbers.clone(), ..before });
    assert_eq!(after.top_numbers.len(), 1);
    must_add_up(&tenant).await;
    for (was, is) in rows.iter().zip(&now) {
        assert_eq!((was.id, was.status, was.disposition, was.missed), (is.id, is.status, is.disposition, is.missed));
        assert_eq!((was.initiated_at, was.billsec, was.cost), (is.initiated_at, is.billsec, is.cost));
        assert_eq!((was.direction, was.legs.clone()), (is.direction, is.legs.clone()));
    }
    let other = now.iter().find(|call| call.call_id == "three").unwrap();
    assert_eq!((other.from_number.as_str(), other.to_number.as_str()), ("+442079460000", "+12125550100"));
    let one = now.iter().find(|call| call.call_id == "one").unwrap();
    assert_eq!((one.from_number.as_str(), one.to_number.as_str(), &one.caller_name), ("", "+12125550100", &None));
    assert_eq!(one.recording_url, None);
    assert_eq!(tenant.decisions(None, Extent::Latest(9)).await.unwrap().len(), 1);

    assert!(tenant.verify_audit_log().await.unwrap().fault.is_none());
    let latest = tenant.audit_log(&AuditQuery { limit: 1, ..AuditQuery::default() }).await.unwrap().items.remove(0);
    assert_eq!((latest.action.as_str(), latest.object_type.as_str()), ("erased", "number"));
    assert_eq!(latest.after.unwrap()["calls"], json!(2));
    assert_eq!(erase(&tenant).await, Erasure::default());
}

async fn what_is_still_said_of_a_call_does_not_bring_its_number_back(bench: &Bench) {
    let (id, tenant) = organization(bench, 'a').await;
    apply(bench, id, calls_of_the_number()).await;
    erase(&tenant).await;
    // The same again, an earlier record, and reports from before all others.
    let mut facts = calls_of_the_number();
    let mut earlier: FinalRecord = record("one", "ANSWER", 60);
    earlier.received_at = at(0) - SignedDuration::from_hours(1);
    earlier.record.timestamp = earlier.received_at;
    earlier.payload = format!(r#"{{"caller":"{NUMBER}"}}"#).into();
    facts.push(Fact::Record(earlier));
    let early = report("two", "new", -100);
    facts.push(Fact::Report(StateReport {
        status: opbx_core::call_state::StatusEvent { at: at(-9), ..early.status },
        ..early
    }));
    apply(bench, id, facts).await;
    assert_eq!(is_anywhere(bench).await, [""; 0]);
    assert!(all(&tenant).await.iter().all(|call| call.from_number.is_empty() && call.to_number == "+12125550100"));
    tenant.rebuild_statistics().await.unwrap();
    assert_eq!(told(&tenant).await.top_numbers, []);
    // A call that begins afterwards is another call.
    apply(bench, id, vec![Fact::Report(report("four", "new", 90))]).await;
    let query = CallQuery { search: Some(DIGITS.to_owned()), ..CallQuery::default() };
    let found = tenant.calls(&query, opbx_store::Stretch::Page { offset: 0, limit: 9 }).await.unwrap();
    assert_eq!(found.items.len(), 1);
}

async fn the_sums_of_calls_that_are_gone_lose_the_number_too(bench: &Bench) {
    let (id, tenant) = organization(bench, 'a').await;
    apply(bench, id, calls_of_the_number()).await;
    tenant.let_calls_go(at(99)).await.unwrap();
    let before = told(&tenant).await;
    assert_eq!((before.totals.calls, before.top_numbers[0].calls), (2, 2));
    assert_eq!(erase(&tenant).await.calls, 0);
    let after = told(&tenant).await;
    assert_eq!((after.totals, after.top_numbers), (before.totals, Vec::new()));
    assert_eq!(is_anywhere(bench).await, [""; 0]);
}
