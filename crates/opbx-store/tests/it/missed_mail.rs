//! Who is told by mail of calls that nobody took: each once, in time, and only if it is still news.

use jiff::{SignedDuration, Timestamp};
use opbx_core::call::DialResult;
use opbx_core::call_log::{DialKey, DialStart, Fact, PhoneKind, RoutedStep, RungPhone, Via, ViaKind};
use opbx_core::extension::Extension;
use opbx_core::id::OrganizationId;
use opbx_core::plan::PlanSource;
use opbx_core::ring_group::RingGroup;
use opbx_store::{ClaimedJob, MISSED_CALL_LETTER, TenantStore};
use serde_json::{Value, json};

use crate::bench::{Bench, at, on_both};
use crate::calls::{apply, delivery, dial_ended, dialled, organization, record, report, step, t};
use crate::changing::author;

on_both! {
    whoever_wants_to_know_of_a_missed_call_has_one_letter;
    a_call_that_was_taken_or_is_no_news_has_none;
    addresses_come_and_go_with_what_they_belong_to;
}

/// A furnished organization in which an extension and the first ring group name somebody.
async fn told(
    bench: &Bench,
    extension: Option<&str>,
    group: Option<&str>,
) -> (OrganizationId, TenantStore, PlanSource) {
    let (id, tenant) = organization(bench, 'a').await;
    crate::furnished::furnish(&tenant, 'a').await;
    let plan = tenant.load_plan().await.unwrap().1;
    let mut edit = tenant.edit(author(), at(0)).await.unwrap();
    let before = edit.find::<Extension>(plan.extensions[0].id.get()).await.unwrap();
    let email = extension.map(|email| email.parse().unwrap());
    edit.update(&before, Extension { missed_call_email: email, ..before.object.clone() }).await.unwrap();
    let before = edit.find::<RingGroup>(plan.ring_groups[0].id.get()).await.unwrap();
    let email = group.map(|email| email.parse().unwrap());
    edit.update(&before, RingGroup { missed_call_email: email, ..before.object.clone() }).await.unwrap();
    edit.commit().await.unwrap();
    let plan = tenant.load_plan().await.unwrap().1;
    (id, tenant, plan)
}

/// An extension rings on its own.
fn rung(session: &str, seconds: i64, extension: &Extension) -> Fact {
    let phone = RungPhone {
        kind: PhoneKind::Extension,
        extension: Some(extension.id),
        number: extension.number.to_string().into(),
        name: None,
    };
    let via = Via { kind: ViaKind::Direct, ring_group: None, name: None };
    let start = DialStart { at: t(seconds), via, phones: vec![phone] };
    Fact::Step(RoutedStep { started: Some((DialKey("own".into()), start)), ..step(session, seconds) })
}

/// The letters that are due then.
async fn letters(bench: &Bench, now: Timestamp) -> Vec<ClaimedJob> {
    let until = now + SignedDuration::from_hours(9);
    let claimed = bench.store.platform().claim_jobs("one", (100, 100), now, until).await.unwrap();
    claimed.into_iter().filter(|job| job.kind == MISSED_CALL_LETTER).collect()
}

async fn whoever_wants_to_know_of_a_missed_call_has_one_letter(bench: &Bench) {
    let (id, tenant, plan) = told(bench, Some("alice@acme.example"), Some("desk@acme.example")).await;
    let (extension, group) = (&plan.extensions[0], plan.ring_groups[0].id.get());
    let facts = vec![
        Fact::Report(report("one", "new", 0)),
        rung("one", 1, extension),
        dial_ended("one", "own", 4, DialResult::NoAnswer),
        dialled("one", "b", 5, group, &[extension.id.get()]),
        dial_ended("one", "b", 20, DialResult::NoAnswer),
    ];
    apply(bench, id, facts).await;
    assert_eq!(letters(bench, at(9)).await, [], "it may still be taken");
    let ended = vec![Fact::Report(report("one", "noanswer", 21))];
    let changes = apply(bench, id, ended).await.changes;
    let call = changes[0].call;
    // The same is said again, and a record comes.
    apply(bench, id, vec![Fact::Report(report("one", "noanswer", 22))]).await;
    apply(bench, id, vec![Fact::Record(record("one", "NOANSWER", 21))]).await;

    assert_eq!(letters(bench, at(5) + SignedDuration::from_secs(29)).await, [], "a message may be on its way");
    let left = letters(bench, at(6)).await;
    let mut payloads: Vec<Value> = left.iter().map(|job| job.payload.clone()).collect();
    payloads.sort_by_key(|payload| payload["email"].to_string());
    let number = extension.number.to_string();
    assert_eq!(
        payloads,
        [
            json!({ "call_id": call, "email": "alice@acme.example", "rang": [number] }),
            json!({ "call_id": call, "email": "desk@acme.example", "rang": ["Sales"] }),
        ]
    );
    assert!(left.iter().all(|job| job.organization == Some(id)));
    assert!(tenant.call(call).await.unwrap().call.missed);
    assert!(!tenant.left_a_message("one", t(0)).await.unwrap());

    // One address for both has one letter.
    let mut edit = tenant.edit(author(), at(0)).await.unwrap();
    let before = edit.find::<Extension>(extension.id.get()).await.unwrap();
    let both = Some("desk@acme.example".parse().unwrap());
    edit.update(&before, Extension { missed_call_email: both, ..before.object.clone() }).await.unwrap();
    edit.commit().await.unwrap();
    let facts = vec![
        rung("two", 1, extension),
        dial_ended("two", "own", 4, DialResult::NoAnswer),
        dialled("two", "b", 5, group, &[extension.id.get()]),
        Fact::Report(report("two", "noanswer", 21)),
    ];
    apply(bench, id, facts).await;
    let left = letters(bench, at(8)).await;
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(left[0].payload["rang"], json!([number, "Sales"]));
}

async fn a_call_that_was_taken_or_is_no_news_has_none(bench: &Bench) {
    let (id, _, plan) = told(bench, Some("alice@acme.example"), Some("desk@acme.example")).await;
    let (extension, group) = (&plan.extensions[0], plan.ring_groups[0].id.get());
    // Taken by one of the group.
    let facts = vec![
        dialled("one", "a", 5, group, &[extension.id.get()]),
        dial_ended("one", "a", 20, DialResult::Answered),
        Fact::Report(report("one", "answer", 21)),
    ];
    apply(bench, id, facts).await;
    // Missed more than an hour before it comes here.
    let facts = vec![rung("two", 1, extension), Fact::Report(report("two", "noanswer", 21))];
    let facts: Vec<_> = facts.into_iter().map(|fact| delivery(id, fact)).collect();
    let late = t(1) + SignedDuration::from_mins(61);
    assert_eq!(bench.store.platform().apply_facts(&facts, late).await.unwrap().changes.len(), 1);
    // Missed by a member of a group: the group is told, and its member is not.
    let facts = vec![
        dialled("three", "a", 5, group, &[extension.id.get()]),
        dial_ended("three", "a", 20, DialResult::NoAnswer),
        Fact::Report(report("three", "noanswer", 21)),
    ];
    apply(bench, id, facts).await;
    let left = letters(bench, late + SignedDuration::from_hours(1)).await;
    let told: Vec<&Value> = left.iter().map(|job| &job.payload["email"]).collect();
    assert_eq!(told, ["desk@acme.example"]);
}

async fn addresses_come_and_go_with_what_they_belong_to(bench: &Bench) {
    let (id, tenant, plan) = told(bench, Some("alice@acme.example"), None).await;
    assert_eq!(plan.extensions[0].missed_call_email.as_ref().unwrap().as_str(), "alice@acme.example");
    assert_eq!(plan.ring_groups[0].missed_call_email, None);
    let found = tenant.find::<Extension>(plan.extensions[0].id.get()).await.unwrap();
    assert_eq!(found.object, plan.extensions[0]);
    let mut edit = tenant.edit(author(), at(1)).await.unwrap();
    let before = edit.find::<Extension>(found.object.id.get()).await.unwrap();
    let nobody = Extension { missed_call_email: None, ..before.object.clone() };
    let after = edit.update(&before, nobody).await.unwrap();
    edit.commit().await.unwrap();
    assert_eq!(after.object.missed_call_email, None);
    let facts = vec![rung("one", 1, &found.object), Fact::Report(report("one", "noanswer", 21))];
    apply(bench, id, facts).await;
    assert_eq!(letters(bench, at(9)).await, []);
}
