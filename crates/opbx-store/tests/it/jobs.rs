//! Work for later: left in a transaction, claimed in turn, tried again, given up.

use jiff::{SignedDuration, Timestamp};
use opbx_core::secret::Password;
use opbx_store::{ClaimedJob, Edit, Error, JobQuery, JobState, NewJob, Platform, Priority, TenantStore};
use serde_json::json;

use crate::bench::{Bench, at, on_both};
use crate::changing::author;
use crate::migration::sql;

on_both! {
    a_job_comes_and_goes_with_the_change_that_leaves_it;
    one_key_has_one_job;
    jobs_wait_for_their_time_and_the_pressing_ones_come_first;
    a_secret_is_sealed_and_gone_when_the_job_is_done;
    a_job_is_claimed_once_by_many_workers;
    a_lost_lease_is_claimed_again_and_its_first_worker_has_nothing_to_say;
    a_renewed_lease_is_kept;
    a_failed_job_comes_again_and_a_hopeless_one_is_given_up;
    a_worker_lost_in_the_last_attempt_gives_the_job_up;
    a_job_that_is_given_back_counts_no_attempt;
    organizations_take_turns_and_have_a_share;
    dead_jobs_are_seen_and_tried_again_or_thrown_away;
    figures_tell_how_much_and_since_when;
    old_jobs_are_forgotten;
    jobs_go_with_their_organization;
}

const LEASE: SignedDuration = SignedDuration::from_secs(30);
const MANY: (u32, u32) = (100, 100);

fn new(kind: &'static str) -> NewJob {
    NewJob::new(kind, json!({ "n": 1 }), at(1), 3)
}

async fn edit(tenant: &TenantStore) -> Edit {
    tenant.edit(author(), at(1)).await.unwrap()
}

async fn leave(tenant: &TenantStore, job: &NewJob) -> u64 {
    let mut edit = edit(tenant).await;
    let id = edit.enqueue(job).await.unwrap().unwrap();
    edit.commit().await.unwrap();
    id
}

async fn claim(platform: &Platform, owner: &str, now: Timestamp) -> Vec<ClaimedJob> {
    platform.claim_jobs(owner, MANY, now, now + LEASE).await.unwrap()
}

async fn one(platform: &Platform, now: Timestamp) -> ClaimedJob {
    let mut claimed = claim(platform, "one", now).await;
    assert_eq!(claimed.len(), 1, "{claimed:?}");
    claimed.remove(0)
}

fn kinds(jobs: &[ClaimedJob]) -> Vec<&str> {
    jobs.iter().map(|job| job.kind.as_str()).collect()
}

async fn states(platform: &Platform) -> Vec<(JobState, u32)> {
    let all = platform.jobs(&JobQuery { state: None, kind: None, most: 100 }).await.unwrap();
    all.into_iter().rev().map(|job| (job.state, job.attempts)).collect()
}

async fn a_job_comes_and_goes_with_the_change_that_leaves_it(bench: &Bench) {
    let (tenant, platform) = (bench.organization('a').await, bench.store.platform());
    let mut dropped = edit(&tenant).await;
    assert!(dropped.enqueue(&new("mail")).await.unwrap().is_some());
    drop(dropped);
    assert_eq!(states(&platform).await, []);
    assert_eq!(claim(&platform, "one", at(2)).await, []);

    let id = leave(&tenant, &new("mail")).await;
    let job = one(&platform, at(2)).await;
    assert_eq!((job.lease.job, job.lease.attempt, job.kind.as_str()), (id, 1, "mail"));
    assert_eq!(job.payload, json!({ "n": 1 }));
    let of = tenant.load_plan().await.unwrap().1.organization.id;
    assert_eq!((job.organization, job.max_attempts, job.created_at), (Some(of), 3, at(1)));
}

async fn one_key_has_one_job(bench: &Bench) {
    let (tenant, platform) = (bench.organization('a').await, bench.store.platform());
    let keyed = NewJob { unique_key: Some("sweep/12:00".to_owned()), ..new("sweep") };
    assert!(platform.enqueue(&keyed, at(1)).await.unwrap().is_some());
    assert_eq!(platform.enqueue(&keyed, at(1)).await.unwrap(), None);
    // What else the transaction does goes on.
    let mut edit = edit(&tenant).await;
    assert_eq!(edit.enqueue(&keyed).await.unwrap(), None);
    assert!(edit.enqueue(&new("mail")).await.unwrap().is_some());
    edit.commit().await.unwrap();
    assert_eq!(states(&platform).await.len(), 2);
    // Also when it is done: the second of two instances may come late.
    for job in claim(&platform, "one", at(2)).await {
        platform.finish_job(&job.lease, at(2)).await.unwrap();
    }
    assert_eq!(platform.enqueue(&keyed, at(3)).await.unwrap(), None);

    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let (platform, keyed) = (platform.clone(), NewJob { unique_key: Some("other".to_owned()), ..new("sweep") });
        tries.spawn(async move { platform.enqueue(&keyed, at(1)).await.unwrap() });
    }
    assert_eq!(tries.join_all().await.into_iter().flatten().count(), 1);
}

async fn jobs_wait_for_their_time_and_the_pressing_ones_come_first(bench: &Bench) {
    let platform = bench.store.platform();
    for job in [
        NewJob { priority: Priority::Idle, ..new("idle") },
        NewJob { run_at: at(2), ..new("usual, later") },
        new("usual"),
        NewJob { priority: Priority::Urgent, ..new("urgent") },
        NewJob { run_at: at(9), priority: Priority::Urgent, ..new("tomorrow") },
    ] {
        platform.enqueue(&job, at(0)).await.unwrap();
    }
    assert_eq!(claim(&platform, "one", at(0)).await, []);
    let claimed = claim(&platform, "one", at(3)).await;
    assert_eq!(kinds(&claimed), ["urgent", "usual", "usual, later", "idle"]);
    assert_eq!(claim(&platform, "one", at(3)).await, []);
}

async fn a_secret_is_sealed_and_gone_when_the_job_is_done(bench: &Bench) {
    let (tenant, platform) = (bench.organization('a').await, bench.store.platform());
    let secret = || Some(Password::new("https://pbx.example/reset?token=12|o-abc".to_owned()));
    leave(&tenant, &NewJob { secret: secret(), ..new("mail") }).await;
    let job = one(&platform, at(2)).await;
    assert_eq!(job.secret.as_ref().map(Password::reveal), secret().as_ref().map(Password::reveal));
    assert!(!format!("{job:?}").contains("o-abc"));
    platform.finish_job(&job.lease, at(2)).await.unwrap();
    // Only a row without its secret is left to be moved; one with it would open for its own organization.
    sql(bench, "UPDATE jobs SET state = 'queued' WHERE secret_sealed IS NULL AND finished_at IS NOT NULL").await;
    assert_eq!(one(&platform, at(3)).await.secret, None);
    let refused = platform.enqueue(&NewJob { secret: secret(), ..new("mail") }, at(1)).await.unwrap_err();
    assert!(matches!(refused, Error::Corrupt(_)), "{refused:?}");
}

async fn a_job_is_claimed_once_by_many_workers(bench: &Bench) {
    let (a, b, platform) = (bench.organization('a').await, bench.organization('b').await, bench.store.platform());
    for tenant in [&a, &b] {
        let mut edit = edit(tenant).await;
        for _ in 0..50 {
            edit.enqueue(&new("mail")).await.unwrap();
        }
        edit.commit().await.unwrap();
    }
    let mut workers = tokio::task::JoinSet::new();
    for worker in 0..4 {
        let platform = platform.clone();
        workers.spawn(async move {
            let (mut had, owner, mut empty) = (Vec::new(), format!("worker {worker}"), 0);
            // Another one may just be taking what this one saw: only twice nothing means that nothing is left.
            while empty < 2 {
                let claimed = platform.claim_jobs(&owner, (7, 100), at(2), at(3)).await.unwrap();
                empty = if claimed.is_empty() { empty + 1 } else { 0 };
                for job in claimed {
                    had.push(job.lease.job);
                    platform.finish_job(&job.lease, at(2)).await.unwrap();
                }
            }
            had
        });
    }
    let mut had: Vec<u64> = workers.join_all().await.into_iter().flatten().collect();
    // What was left for a moment because another worker looked at it is still there.
    had.extend(claim(&platform, "last", at(2)).await.iter().map(|job| job.lease.job));
    let claims = had.len();
    had.sort_unstable();
    had.dedup();
    assert_eq!((claims, had.len()), (100, 100));
}

async fn a_lost_lease_is_claimed_again_and_its_first_worker_has_nothing_to_say(bench: &Bench) {
    let platform = bench.store.platform();
    platform.enqueue(&new("mail"), at(1)).await.unwrap();
    let first = one(&platform, at(2)).await;
    let lost = at(2) + LEASE;
    assert_eq!(claim(&platform, "two", lost - SignedDuration::from_millis(1)).await, []);
    let second = claim(&platform, "one", lost).await.remove(0);
    assert_eq!((second.lease.job, second.lease.attempt), (first.lease.job, 2));
    // It is even the same worker, who has not noticed.
    for said in [
        platform.renew_lease(&first.lease, at(9)).await,
        platform.finish_job(&first.lease, at(3)).await,
        platform.fail_job(&first.lease, "no", Some(at(3)), at(3)).await,
        platform.fail_job(&first.lease, "no", None, at(3)).await,
        platform.give_job_back(&first.lease, at(3)).await,
    ] {
        assert!(matches!(said, Err(Error::NotFound)), "{said:?}");
    }
    assert_eq!(states(&platform).await, [(JobState::Running, 2)]);
    platform.finish_job(&second.lease, at(3)).await.unwrap();
    assert!(matches!(platform.finish_job(&second.lease, at(3)).await, Err(Error::NotFound)));
    assert_eq!(states(&platform).await, [(JobState::Done, 2)]);
}

async fn a_renewed_lease_is_kept(bench: &Bench) {
    let platform = bench.store.platform();
    platform.enqueue(&new("mail"), at(1)).await.unwrap();
    let job = one(&platform, at(2)).await;
    platform.renew_lease(&job.lease, at(5)).await.unwrap();
    assert_eq!(claim(&platform, "two", at(4)).await, []);
    assert_eq!(claim(&platform, "two", at(5)).await.len(), 1);
}

async fn a_failed_job_comes_again_and_a_hopeless_one_is_given_up(bench: &Bench) {
    let platform = bench.store.platform();
    platform.enqueue(&new("mail"), at(1)).await.unwrap();
    let job = one(&platform, at(2)).await;
    platform.fail_job(&job.lease, &"ñ".repeat(2_000), Some(at(7)), at(2)).await.unwrap();
    let listed = platform.jobs(&JobQuery { state: Some(JobState::Queued), kind: None, most: 9 }).await.unwrap();
    assert_eq!(listed[0].last_error.as_deref(), Some("ñ".repeat(1_000).as_str()));
    assert_eq!((listed[0].attempts, listed[0].run_at), (1, at(7)));
    assert_eq!(claim(&platform, "one", at(6)).await, []);
    let again = one(&platform, at(7)).await;
    assert_eq!(again.lease.attempt, 2);
    platform.fail_job(&again.lease, "never", None, at(8)).await.unwrap();
    assert_eq!(claim(&platform, "one", at(99)).await, []);
    let dead = platform.jobs(&JobQuery { state: Some(JobState::Dead), kind: None, most: 9 }).await.unwrap();
    assert_eq!((dead[0].last_error.as_deref(), dead[0].finished_at), (Some("never"), Some(at(8))));
}

async fn a_worker_lost_in_the_last_attempt_gives_the_job_up(bench: &Bench) {
    let platform = bench.store.platform();
    platform.enqueue(&NewJob { max_attempts: 1, ..new("mail") }, at(1)).await.unwrap();
    one(&platform, at(2)).await;
    assert_eq!(claim(&platform, "two", at(9)).await, []);
    let dead = platform.jobs(&JobQuery { state: Some(JobState::Dead), kind: None, most: 9 }).await.unwrap();
    assert_eq!(dead[0].last_error.as_deref(), Some("its worker was lost"));
}

async fn a_job_that_is_given_back_counts_no_attempt(bench: &Bench) {
    let platform = bench.store.platform();
    platform.enqueue(&new("mail"), at(1)).await.unwrap();
    let job = one(&platform, at(2)).await;
    platform.give_job_back(&job.lease, at(3)).await.unwrap();
    assert_eq!(states(&platform).await, [(JobState::Queued, 0)]);
    assert_eq!(one(&platform, at(3)).await.lease.attempt, 1);
}

async fn organizations_take_turns_and_have_a_share(bench: &Bench) {
    let (a, b, platform) = (bench.organization('a').await, bench.organization('b').await, bench.store.platform());
    for _ in 0..20 {
        leave(&a, &new("of a")).await;
    }
    for _ in 0..2 {
        leave(&b, &new("of b")).await;
    }
    platform.enqueue(&new("of nobody"), at(1)).await.unwrap();
    let claimed = platform.claim_jobs("one", (6, 3), at(2), at(3)).await.unwrap();
    assert_eq!(kinds(&claimed), ["of a", "of b", "of nobody", "of a", "of b", "of a"]);
    // The share of `a` is at work: the others are not kept waiting, and nothing more of `a` begins.
    leave(&b, &new("late of b")).await;
    let claimed = platform.claim_jobs("two", (6, 3), at(2), at(3)).await.unwrap();
    assert_eq!(kinds(&claimed), ["late of b"]);
    let done = claim(&platform, "none", at(2)).await;
    assert_eq!(done.len(), 17, "with a larger share the rest is taken");
}

async fn dead_jobs_are_seen_and_tried_again_or_thrown_away(bench: &Bench) {
    let platform = bench.store.platform();
    for kind in ["mail", "sweep"] {
        platform.enqueue(&NewJob { max_attempts: 1, ..new(kind) }, at(1)).await.unwrap();
    }
    let claimed = claim(&platform, "one", at(2)).await;
    let (mail, sweep) = (&claimed[0].lease, &claimed[1].lease);
    assert!(matches!(platform.retry_job(mail.job, at(2)).await, Err(Error::NotFound)), "it is at work");
    assert!(matches!(platform.discard_job(mail.job).await, Err(Error::NotFound)), "it is at work");
    for lease in [mail, sweep] {
        platform.fail_job(lease, "no", None, at(3)).await.unwrap();
    }
    let query = JobQuery { state: Some(JobState::Dead), kind: Some("mail".to_owned()), most: 9 };
    assert_eq!(platform.jobs(&query).await.unwrap().len(), 1);
    platform.retry_job(mail.job, at(4)).await.unwrap();
    assert_eq!(one(&platform, at(4)).await.lease.attempt, 1);
    platform.discard_job(sweep.job).await.unwrap();
    assert!(matches!(platform.discard_job(sweep.job).await, Err(Error::NotFound)));
    assert_eq!(states(&platform).await, [(JobState::Running, 1)]);
}

async fn figures_tell_how_much_and_since_when(bench: &Bench) {
    let platform = bench.store.platform();
    assert_eq!(platform.job_figures(at(9)).await.unwrap(), opbx_store::JobFigures::default());
    for minute in [1, 2, 30] {
        platform.enqueue(&NewJob { run_at: at(minute), ..new("mail") }, at(0)).await.unwrap();
    }
    let figures = platform.job_figures(at(9)).await.unwrap();
    assert_eq!((figures.queued, figures.running, figures.dead, figures.oldest_due), (3, 0, 0, Some(at(1))));
    let claimed = claim(&platform, "one", at(9)).await;
    platform.fail_job(&claimed[0].lease, "no", None, at(9)).await.unwrap();
    let figures = platform.job_figures(at(9)).await.unwrap();
    assert_eq!((figures.queued, figures.running, figures.dead, figures.oldest_due), (1, 1, 1, None));
}

async fn old_jobs_are_forgotten(bench: &Bench) {
    let platform = bench.store.platform();
    for kind in ["done", "dead", "waiting"] {
        let run_at = if kind == "waiting" { at(99) } else { at(1) };
        platform.enqueue(&NewJob { run_at, ..new(kind) }, at(0)).await.unwrap();
    }
    for job in claim(&platform, "one", at(2)).await {
        match job.kind.as_str() {
            "done" => platform.finish_job(&job.lease, at(3)).await.unwrap(),
            _ => platform.fail_job(&job.lease, "no", None, at(3)).await.unwrap(),
        }
    }
    assert_eq!(platform.sweep_jobs(at(3), at(3)).await.unwrap(), 0);
    assert_eq!(platform.sweep_jobs(at(4), at(3)).await.unwrap(), 1);
    assert_eq!(states(&platform).await, [(JobState::Dead, 1), (JobState::Queued, 0)]);
    assert_eq!(platform.sweep_jobs(at(4), at(4)).await.unwrap(), 1);
}

async fn jobs_go_with_their_organization(bench: &Bench) {
    let (tenant, platform) = (bench.organization('a').await, bench.store.platform());
    leave(&tenant, &new("mail")).await;
    platform.enqueue(&new("sweep"), at(1)).await.unwrap();
    for table in
        ["audit_entries", "audit_heads", "users", "organization_limits", "organization_settings", "platform_settings"]
    {
        sql(bench, &format!("DELETE FROM {table}")).await;
    }
    sql(bench, "DELETE FROM organizations").await;
    assert_eq!(kinds(&claim(&platform, "one", at(2)).await), ["sweep"]);
}
