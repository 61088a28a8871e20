//! What is let go with time: old entries of the audit log, answers that nobody asks for any more.

use jiff::Timestamp;
use opbx_store::{Actor, AuditQuery, Author, Edit, Entry, GivenAnswer, Repeated, RequestKey, Retention, TenantStore};
use serde_json::{Value, json};

use crate::bench::{Bench, at, on_both};
use crate::migration::sql;

on_both! {
    a_trimmed_log_still_verifies_and_says_that_it_was_trimmed;
    what_is_altered_behind_the_trimmed_part_is_found;
    a_clock_that_was_put_back_tears_no_hole;
    only_logs_that_have_grown_too_old_are_named;
    old_answers_are_forgotten;
}

const DAY: i64 = 24 * 60;

pub(crate) async fn edit(tenant: &TenantStore, now: Timestamp) -> Edit {
    let author = Author {
        actor: Actor::Job { kind: "audit_retention" },
        request_id: None,
        address: None,
        portrait: |_| Value::Null,
    };
    tenant.edit(author, now).await.unwrap()
}

async fn note(tenant: &TenantStore, name: &str, now: Timestamp) {
    let mut edit = edit(tenant, now).await;
    edit.record(&Entry::of("updated", "extension", Some(1), name)).await.unwrap();
    edit.commit().await.unwrap();
}

async fn trim(tenant: &TenantStore, before: Timestamp, most: u64) -> u64 {
    let mut edit = edit(tenant, at(9)).await;
    let gone = edit.trim_audit_log(before, most).await.unwrap();
    edit.commit().await.unwrap();
    gone
}

async fn names(tenant: &TenantStore) -> Vec<String> {
    let query = AuditQuery { limit: 100, ..AuditQuery::default() };
    let mut entries = tenant.audit_log(&query).await.unwrap().items;
    entries.reverse();
    entries.into_iter().map(|entry| entry.object_name).collect()
}

async fn is_whole(tenant: &TenantStore) -> bool {
    tenant.verify_audit_log().await.unwrap().fault.is_none()
}

async fn a_trimmed_log_still_verifies_and_says_that_it_was_trimmed(bench: &Bench) {
    let (tenant, other) = (bench.organization('a').await, bench.organization('b').await);
    for minute in 0..6 {
        note(&tenant, &minute.to_string(), at(minute)).await;
        note(&other, &minute.to_string(), at(minute)).await;
    }
    assert_eq!(trim(&tenant, at(0), 100).await, 0);
    // The oldest are those of the organization's own making.
    assert_eq!(trim(&tenant, at(3), 2).await, 2);
    assert_eq!(names(&tenant).await, ["0", "1", "2", "3", "4", "5", "audit log"]);
    assert!(is_whole(&tenant).await);
    assert_eq!(trim(&tenant, at(3), 9).await, 3);
    assert_eq!(names(&tenant).await, ["3", "4", "5", "audit log", "audit log"]);
    let query = AuditQuery { limit: 1, ..AuditQuery::default() };
    let latest = tenant.audit_log(&query).await.unwrap().items.remove(0);
    assert_eq!((latest.action.as_str(), latest.actor_kind.as_str()), ("trimmed", "job"));
    assert_eq!(latest.after.unwrap()["entries"], json!(3));
    // Also everything.
    assert_eq!(trim(&tenant, at(99), 100).await, 5);
    assert_eq!(names(&tenant).await, ["audit log"]);
    note(&tenant, "and on", at(99)).await;
    assert_eq!(tenant.verify_audit_log().await.unwrap().entries, 2);
    assert!(is_whole(&tenant).await);
    assert_eq!(names(&other).await.len(), 8, "of another organization nothing is gone");
    assert!(is_whole(&other).await);
}

async fn what_is_altered_behind_the_trimmed_part_is_found(bench: &Bench) {
    let tenant = bench.organization('a').await;
    for minute in 0..4 {
        note(&tenant, &minute.to_string(), at(minute)).await;
    }
    assert_eq!(trim(&tenant, at(2), 100).await, 4);
    assert!(is_whole(&tenant).await);
    // The oldest that is left, taken away past our code.
    sql(bench, "DELETE FROM audit_entries WHERE object_name = '2'").await;
    assert!(!is_whole(&tenant).await);
}

async fn a_clock_that_was_put_back_tears_no_hole(bench: &Bench) {
    let tenant = bench.organization('a').await;
    for minute in [0, 5, 1, 6] {
        note(&tenant, &minute.to_string(), at(minute)).await;
    }
    assert_eq!(trim(&tenant, at(3), 100).await, 3);
    assert_eq!(names(&tenant).await, ["5", "1", "6", "audit log"]);
    assert!(is_whole(&tenant).await);
}

async fn only_logs_that_have_grown_too_old_are_named(bench: &Bench) {
    let mut ids = Vec::new();
    for letter in ['a', 'b', 'c', 'd'] {
        let tenant = bench.organization(letter).await;
        note(&tenant, "old", at(0)).await;
        ids.push(tenant.load_plan().await.unwrap().1.organization.id);
    }
    // `a` has set nothing, `b` keeps for ever, `c` keeps a month.
    for (place, audit) in [(1, 0), (2, 30)] {
        let mut edit = edit(&bench.inside(ids[place]), at(0)).await;
        let before = edit.settings().await.unwrap();
        let mut after = before.object.clone();
        after.retention = Retention { audit, ..Retention::default() };
        edit.update_settings(&before, after, |_| Value::Null).await.unwrap();
        edit.commit().await.unwrap();
    }
    let platform = bench.store.platform();
    let named = async |after, most, now| platform.outgrown_audit_logs(after, most, now).await.unwrap();
    assert_eq!(named(None, 9, at(29 * DAY)).await, []);
    assert_eq!(named(None, 9, at(31 * DAY)).await, [(ids[2], 30)]);
    assert_eq!(named(None, 9, at(731 * DAY)).await, [(ids[0], 730), (ids[2], 30), (ids[3], 730)]);
    assert_eq!(named(None, 1, at(731 * DAY)).await, [(ids[0], 730)]);
    assert_eq!(named(Some(ids[0]), 9, at(731 * DAY)).await, [(ids[2], 30), (ids[3], 730)]);
}

async fn old_answers_are_forgotten(bench: &Bench) {
    let (tenant, key) = (bench.organization('a').await, RequestKey([7; 32]));
    assert_eq!(tenant.begin_request(key, key, at(0)).await.unwrap(), Repeated::First);
    let answer = GivenAnswer { status: 201, location: None, body: "{}".to_owned() };
    tenant.keep_answer(key, answer.clone()).await.unwrap();
    let platform = bench.store.platform();
    assert_eq!(platform.sweep_answers(at(0)).await.unwrap(), 0);
    assert_eq!(tenant.begin_request(key, key, at(1)).await.unwrap(), Repeated::Answered(answer));
    assert_eq!(platform.sweep_answers(at(1)).await.unwrap(), 1);
    assert_eq!(tenant.begin_request(key, key, at(1)).await.unwrap(), Repeated::First);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_can_try_bodies_against_what_is_kept_of_one() {
    let bench = Bench::mariadb("kept_bodies").await;
    let (tenant, key, body) = (bench.organization('a').await, RequestKey([7; 32]), RequestKey([8; 32]));
    assert_eq!(tenant.begin_request(key, body, at(0)).await.unwrap(), Repeated::First);
    let shown = bench.store.location().to_string();
    let database = shown.rsplit('/').next().unwrap();
    let kept = test_servers::mariadb::server().sql(database, "SELECT HEX(body_digest) FROM idempotent_answers");
    assert!(kept.len() == 64 && kept != "08".repeat(32), "{kept}");
    tenant.keep_answer(key, GivenAnswer { status: 201, location: None, body: "{}".to_owned() }).await.unwrap();
    assert!(matches!(tenant.begin_request(key, body, at(1)).await.unwrap(), Repeated::Answered(_)));
    assert_eq!(tenant.begin_request(key, key, at(1)).await.unwrap(), Repeated::OtherBody);
}
