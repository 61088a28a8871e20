//! Copies of remote prompts: fetched when one is made, and once an hour those that could not be had before.

use super::{Bell, Failure, FetchPrompt, Got, author};
use jiff::Timestamp;
use opbx_core::id::{OrganizationId, PromptId};
use opbx_store::{ClaimedJob, NewJob, Reason, Store, Tenant};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashSet};

/// The word of the work of fetching one.
pub(crate) const PROMPT_FETCH: &str = "prompt_fetch";
/// The word of the work of looking which ones are missing.
pub(super) const REMOTE_PROMPTS: &str = "remote_prompts";
/// With the pauses between them, some minutes: then it waits for the hour.
const ATTEMPTS: u32 = 5;
/// How often those of the hour are tried.
const ONCE: u32 = 1;
/// The most that are left in an hour, and that wait at once.
const MOST: usize = 200;
/// The most that are left in an hour for one organization.
const MOST_OF_ONE: usize = 20;

/// The job of fetching a prompt that was just written.
pub(crate) fn prompt_fetch(prompt: PromptId, now: Timestamp) -> NewJob {
    NewJob::new(PROMPT_FETCH, json!({ "prompt_id": prompt.get() }), now, ATTEMPTS)
}

/// Fetches it.
pub(super) async fn perform(fetcher: &dyn FetchPrompt, job: &ClaimedJob) -> Result<(), Failure> {
    let prompt = job.payload.get("prompt_id").and_then(Value::as_u64);
    let (Some(of), Some(prompt)) = (job.organization, prompt) else {
        return Err(Failure::hopeless("it does not say which prompt is to be fetched"));
    };
    match fetcher.fetch(Tenant::inside(of, Reason::Job), PromptId::new(prompt)).await? {
        Got::All => Ok(()),
        // The prompt says why, and a later hour brings another job: this one is not worth to be kept as one that failed.
        Got::Nothing if job.max_attempts == ONCE => Ok(()),
        Got::Nothing => Err(Failure::again("the file cannot be had; the prompt says why")),
    }
}

/// Leaves jobs for remote prompts of which there is no copy: only where none waits or is at work, and of very many only some,
/// others each hour. They are tried once, since the next hour brings another one.
pub(super) async fn look(store: &Store, bell: &Bell, now: Timestamp) -> Result<(), Failure> {
    let platform = store.platform();
    let unfinished = platform.unfinished_jobs(PROMPT_FETCH, MOST as u64).await?;
    let room = MOST - unfinished.len();
    let waiting: HashSet<u64> = unfinished.iter().filter_map(|payload| payload.get("prompt_id")?.as_u64()).collect();
    let (mut missing, mut after) = (Vec::new(), PromptId::new(0));
    loop {
        let page = platform.remote_prompts_without_copy(after).await?;
        let Some((_, last)) = page.last() else { break };
        after = *last;
        missing.extend(page.into_iter().filter(|(_, prompt)| !waiting.contains(&prompt.get())));
    }
    for (organization, prompts) in chosen(missing, room, now) {
        let tenant = store.tenant(&Tenant::inside(organization, Reason::Job));
        let mut edit = tenant.edit(author(REMOTE_PROMPTS), now).await?;
        for prompt in prompts {
            edit.enqueue(&NewJob { max_attempts: ONCE, ..prompt_fetch(prompt, now) }).await?;
        }
        edit.commit().await?;
        bell.ring();
    }
    Ok(())
}

/// Those whose turn it is in this hour: at most so many, and of each organization as many as one may have. The order is
/// another one each hour, so that each comes to its turn.
fn chosen(
    mut missing: Vec<(OrganizationId, PromptId)>,
    most: usize,
    now: Timestamp,
) -> BTreeMap<OrganizationId, Vec<PromptId>> {
    let hour = now.as_second().div_euclid(60 * 60);
    missing.sort_by_cached_key(|(_, prompt)| Sha256::digest(format!("{hour} {prompt}")));
    let (mut chosen, mut count) = (BTreeMap::<OrganizationId, Vec<PromptId>>::new(), 0);
    for (organization, prompt) in missing {
        if count == most {
            break;
        }
        let of_organization = chosen.entry(organization).or_default();
        if of_organization.len() < MOST_OF_ONE {
            of_organization.push(prompt);
            count += 1;
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_store::{TestStore, author};
    use jiff::SignedDuration;
    use opbx_core::organization::Status;
    use opbx_core::prompt::{Prompt, PromptKind};
    use opbx_core::sound::Sound;

    #[test]
    fn some_of_many_are_chosen_and_in_the_end_all() {
        let (large, small) = (OrganizationId::new(1), OrganizationId::new(2));
        let prompts = |organization, ids: std::ops::Range<u64>| ids.map(move |id| (organization, PromptId::new(id)));
        let missing: Vec<_> = prompts(large, 1..101).chain(prompts(small, 101..104)).collect();
        let mut seen = HashSet::new();
        for hour in 0..100 {
            let chosen = chosen(missing.clone(), MOST, Timestamp::from_second(hour * 3_600).unwrap());
            assert_eq!((chosen[&large].len(), chosen[&small].len()), (MOST_OF_ONE, 3));
            seen.extend(chosen.into_values().flatten());
        }
        assert_eq!(seen.len(), 103);
        let few: usize = chosen(missing, 5, Timestamp::UNIX_EPOCH).values().map(Vec::len).sum();
        assert_eq!(few, 5);
        let many = (1..=100).flat_map(|of| prompts(OrganizationId::new(of), of * 100..of * 100 + 10)).collect();
        let chosen = chosen(many, MOST, Timestamp::UNIX_EPOCH);
        assert_eq!(chosen.values().map(Vec::len).sum::<usize>(), MOST);
    }

    #[tokio::test]
    async fn a_prompt_has_one_job_and_those_that_wait_are_not_many() {
        let now: Timestamp = "2026-03-09T14:05:00Z".parse().unwrap();
        let there = TestStore::new(now).await;
        let store = &there.store;
        for organization in 1..=12 {
            let made = there.organization(&format!("acme-{organization}"), now).await;
            let mut edit = store.tenant(&Tenant::inside(made, Reason::Command)).edit(author(), now).await.unwrap();
            for prompt in 0..25 {
                let prompt = Prompt {
                    id: PromptId::new(0),
                    name: format!("Prompt {prompt}").parse().unwrap(),
                    status: Status::Active,
                    kind: PromptKind::Remote { url: "http://nowhere.invalid/x".parse().unwrap() },
                    sound: Sound::Absent,
                };
                edit.create(prompt).await.unwrap();
            }
            edit.commit().await.unwrap();
        }
        let unfinished = async || store.platform().unfinished_jobs(PROMPT_FETCH, 1_000).await.unwrap();
        look(store, &Bell::default(), now).await.unwrap();
        assert_eq!(unfinished().await.len(), MOST);
        // Nobody does them.
        look(store, &Bell::default(), now + SignedDuration::from_hours(1)).await.unwrap();
        assert_eq!(unfinished().await.len(), MOST);
        let claimed = store.platform().claim_jobs("one", (150, 150), now, now + SignedDuration::from_mins(1)).await;
        for job in claimed.unwrap().into_iter().take(100) {
            store.platform().finish_job(&job.lease, now).await.unwrap();
        }
        look(store, &Bell::default(), now + SignedDuration::from_hours(2)).await.unwrap();
        let prompts: Vec<u64> = unfinished().await.iter().map(|job| job["prompt_id"].as_u64().unwrap()).collect();
        assert_eq!((prompts.len(), prompts.iter().collect::<HashSet<_>>().len()), (MOST, MOST), "none twice");
    }
}
