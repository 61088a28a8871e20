//! What the runner does with jobs, by tasks that end as the tests want.

use super::runner::Workers;
use super::*;
use crate::clock::Clock;
use crate::test_store::TestStore;
use jiff::{SignedDuration, Timestamp};
use opbx_store::{Job, JobQuery, JobState, NewJob, Priority, Store};
use serde_json::json;
use std::sync::Mutex;
use tokio::sync::{Semaphore, mpsc};

/// Tasks that do what the kind of a job says.
struct Actors {
    /// What was begun, and by which attempt.
    begun: mpsc::UnboundedSender<(String, u32)>,
    /// Those that hang wait for this.
    gate: Arc<Semaphore>,
    limit: Duration,
}

impl Perform for Actors {
    fn limit(&self, _: &str) -> Duration {
        self.limit
    }

    fn perform(&self, job: ClaimedJob) -> Work {
        let gate = Arc::clone(&self.gate);
        self.begun.send((job.kind.clone(), job.lease.attempt)).unwrap();
        Box::pin(async move {
            match job.kind.as_str() {
                "well" => Ok(()),
                "badly" => Err(Failure::again("it rains")),
                "hopeless" => Err(Failure::hopeless("nobody is there")),
                "panic" => panic!("on purpose"),
                "first badly" if job.lease.attempt == 1 => Err(Failure::again("it rains")),
                "first badly" => Ok(()),
                _ => {
                    gate.acquire().await.unwrap().forget();
                    Ok(())
                }
            }
        })
    }
}

/// A store with a runner at work.
struct Bench {
    store: Store,
    begun: mpsc::UnboundedReceiver<(String, u32)>,
    gate: Arc<Semaphore>,
    bell: Bell,
    tally: Arc<Tally>,
    now: Arc<Mutex<Timestamp>>,
    runner: Runner,
    workers: Option<Workers>,
    _there: TestStore,
}

fn start() -> Timestamp {
    "2026-03-09T14:05:00Z".parse().unwrap()
}

impl Bench {
    async fn new(limit: Duration, pace: Pace, schedule: Schedule) -> Self {
        let there = TestStore::new(start()).await;
        let store = there.store.clone();
        let now = Arc::new(Mutex::new(start()));
        let clock = {
            let now = Arc::clone(&now);
            Clock::new(move || *now.lock().unwrap())
        };
        let (sender, begun) = mpsc::unbounded_channel();
        let gate = Arc::new(Semaphore::new(0));
        let tasks = Arc::new(Actors { begun: sender, gate: Arc::clone(&gate), limit });
        let (bell, tally) = (Bell::default(), Arc::<Tally>::default());
        let runner = Runner {
            store: store.clone(),
            clock,
            bell: bell.clone(),
            tally: Arc::clone(&tally),
            tasks,
            schedule,
            pace,
        };
        let workers = Some(runner.clone().start("one".to_owned()));
        Self { store, begun, gate, bell, tally, now, runner, workers, _there: there }
    }

    /// With a runner that looks by itself so seldom that only the bell can wake it.
    async fn usual() -> Self {
        let pace = Pace { look: Duration::from_secs(3_600), ..Pace::default() };
        Self::new(Duration::from_secs(60), pace, Schedule::empty()).await
    }

    async fn leave(&self, kind: &'static str, max_attempts: u32) -> u64 {
        let job = NewJob::new(kind, json!({}), start(), max_attempts);
        let id = self.store.platform().enqueue(&job, start()).await.unwrap().unwrap();
        self.bell.ring();
        id
    }

    async fn job(&self, id: u64) -> Job {
        let query = JobQuery { state: None, kind: None, most: 100 };
        self.store.platform().jobs(&query).await.unwrap().into_iter().find(|job| job.id == id).unwrap()
    }

    /// Looks again until it is so.
    async fn until(&self, id: u64, so: impl Fn(&Job) -> bool) -> Job {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
        loop {
            let job = self.job(id).await;
            if so(&job) {
                return job;
            }
            assert!(tokio::time::Instant::now() < deadline, "it did not come: {job:?}");
            tokio::task::yield_now().await;
        }
    }

    async fn stands(&self, id: u64, state: JobState) -> Job {
        self.until(id, |job| job.state == state && (state == JobState::Running || job.attempts > 0)).await
    }

    fn pass(&self, duration: SignedDuration) {
        *self.now.lock().unwrap() += duration;
        self.bell.ring();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_is_begun_when_the_bell_rings_and_counted_when_it_is_done() {
    let bench = Bench::usual().await;
    let id = bench.leave("well", 1).await;
    assert_eq!(bench.stands(id, JobState::Done).await.finished_at, Some(start()));
    bench.workers.unwrap().finish(Duration::from_secs(5)).await;
    assert_eq!(Ran::ALL.map(|ran| bench.tally.ran(ran)), [1, 0, 0, 0, 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_bell_it_is_found_by_looking() {
    let pace = Pace { look: Duration::from_millis(20), ..Pace::default() };
    let bench = Bench::new(Duration::from_secs(60), pace, Schedule::empty()).await;
    let job = NewJob::new("well", json!({}), start(), 1);
    let id = bench.store.platform().enqueue(&job, start()).await.unwrap().unwrap();
    bench.stands(id, JobState::Done).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_fails_waits_longer_each_time_and_is_given_up_in_the_end() {
    let mut bench = Bench::usual().await;
    let id = bench.leave("badly", 3).await;
    let first = bench.stands(id, JobState::Queued).await;
    let wait = first.run_at.duration_since(start()).as_secs();
    assert!((5..=10).contains(&wait), "{wait}");
    assert_eq!(first.last_error.as_deref(), Some("it rains"));
    bench.pass(SignedDuration::from_secs(10));
    let second = bench.until(id, |job| job.state == JobState::Queued && job.attempts == 2).await;
    let wait = second.run_at.duration_since(start()).as_secs() - 10;
    assert!((10..=20).contains(&wait), "{wait}");
    bench.pass(SignedDuration::from_secs(20));
    bench.stands(id, JobState::Dead).await;
    for attempt in 1..=3 {
        assert_eq!(bench.begun.recv().await.unwrap(), ("badly".to_owned(), attempt));
    }
    // A dead one is there to be tried again by whoever has put things right.
    bench.store.platform().retry_job(id, start()).await.unwrap();
    bench.bell.ring();
    assert_eq!(bench.begun.recv().await.unwrap(), ("badly".to_owned(), 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_fails_once_is_done_the_second_time() {
    let bench = Bench::usual().await;
    let id = bench.leave("first badly", 3).await;
    bench.stands(id, JobState::Queued).await;
    bench.pass(SignedDuration::from_secs(10));
    let done = bench.stands(id, JobState::Done).await;
    assert_eq!((done.attempts, done.last_error), (2, None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hopeless_one_and_an_unlucky_one_take_nobody_with_them() {
    let bench = Bench::usual().await;
    let (hopeless, panics) = (bench.leave("hopeless", 9).await, bench.leave("panic", 1).await);
    let well = bench.leave("well", 1).await;
    let hopeless = bench.stands(hopeless, JobState::Dead).await;
    assert_eq!((hopeless.attempts, hopeless.last_error.as_deref()), (1, Some("nobody is there")));
    let panics = bench.stands(panics, JobState::Dead).await;
    assert_eq!(panics.last_error.as_deref(), Some("it panicked, which is a defect of ours"));
    bench.stands(well, JobState::Done).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_takes_too_long_is_cut_off() {
    let pace = Pace { look: Duration::from_secs(3_600), ..Pace::default() };
    let bench = Bench::new(Duration::from_millis(50), pace, Schedule::empty()).await;
    let id = bench.leave("hangs", 1).await;
    let dead = bench.stands(id, JobState::Dead).await;
    assert_eq!(dead.last_error.as_deref(), Some("it took longer than 50ms"));
    // It was stopped, not left behind: nobody waits at the gate any more.
    bench.gate.add_permits(1);
    assert_eq!(bench.gate.available_permits(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lease_is_renewed_for_as_long_as_the_work_takes() {
    let lease = Duration::from_millis(90);
    let pace = Pace { lease, look: Duration::from_secs(3_600), ..Pace::default() };
    let mut bench = Bench::new(Duration::from_secs(60), pace, Schedule::empty()).await;
    let id = bench.leave("hangs", 3).await;
    bench.begun.recv().await.unwrap();
    // Later than the first claim lasts. The second renewal from now on is certainly of this instant.
    // No bell: this runner would find its own claim run out as well as any other.
    *bench.now.lock().unwrap() += SignedDuration::from_secs(1);
    let (before, deadline) = (bench.tally.renewals(), tokio::time::Instant::now() + Duration::from_secs(20));
    while bench.tally.renewals() < before + 2 {
        assert!(tokio::time::Instant::now() < deadline, "nobody renews it");
        tokio::task::yield_now().await;
    }
    let now = *bench.now.lock().unwrap();
    let taken = bench.store.platform().claim_jobs("another", (9, 9), now, now).await.unwrap();
    assert_eq!(taken, [], "it is still held");
    bench.gate.add_permits(1);
    assert_eq!(bench.stands(id, JobState::Done).await.attempts, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_loses_a_lease_stops_and_says_nothing() {
    let lease = Duration::from_millis(60);
    let pace = Pace { lease, look: Duration::from_secs(3_600), ..Pace::default() };
    let mut bench = Bench::new(Duration::from_secs(60), pace, Schedule::empty()).await;
    let id = bench.leave("hangs", 3).await;
    bench.begun.recv().await.unwrap();
    // Another worker takes it, as if this one had been silent for an hour.
    let later = start() + SignedDuration::from_hours(1);
    let until = later + SignedDuration::from_hours(1);
    let platform = bench.store.platform();
    let taken = loop {
        if let Some(taken) = platform.claim_jobs("another", (9, 9), later, until).await.unwrap().pop() {
            break taken;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!((taken.lease.job, taken.lease.attempt), (id, 2));
    let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
    while bench.tally.ran(Ran::Lost) == 0 {
        assert!(tokio::time::Instant::now() < deadline, "nobody noticed");
        tokio::task::yield_now().await;
    }
    bench.store.platform().finish_job(&taken.lease, later).await.unwrap();
    assert_eq!(bench.job(id).await.state, JobState::Done);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_more_are_begun_at_once_than_there_are_hands() {
    let pace = Pace { at_once: 2, share: 9, look: Duration::from_secs(3_600), ..Pace::default() };
    let mut bench = Bench::new(Duration::from_secs(60), pace, Schedule::empty()).await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(bench.leave("hangs", 1).await);
    }
    for _ in 0..2 {
        bench.begun.recv().await.unwrap();
    }
    assert_eq!(bench.store.platform().job_figures(start()).await.unwrap().queued, 3);
    assert!(bench.begun.try_recv().is_err());
    // Whoever is free goes on at once, without a bell.
    bench.gate.add_permits(5);
    for id in ids {
        bench.stands(id, JobState::Done).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_waits_for_what_was_begun_and_begins_nothing() {
    let mut bench = Bench::usual().await;
    let begun = bench.leave("hangs", 3).await;
    bench.begun.recv().await.unwrap();
    let workers = bench.workers.take().unwrap();
    workers.drain();
    let left = bench.leave("well", 3).await;
    let stopping = tokio::spawn(workers.finish(Duration::from_secs(20)));
    bench.gate.add_permits(1);
    stopping.await.unwrap();
    assert_eq!(bench.job(begun).await.state, JobState::Done);
    assert_eq!((bench.job(left).await.state, bench.job(left).await.attempts), (JobState::Queued, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_done_at_a_stop_is_given_back_and_done_after_the_next_start() {
    let mut bench = Bench::usual().await;
    let id = bench.leave("hangs", 1).await;
    bench.begun.recv().await.unwrap();
    bench.workers.take().unwrap().finish(Duration::from_millis(20)).await;
    let back = bench.job(id).await;
    assert_eq!((back.state, back.attempts), (JobState::Queued, 0));
    assert_eq!(bench.tally.ran(Ran::GivenBack), 1);
    let workers = bench.runner.clone().start("the next".to_owned());
    assert_eq!(bench.begun.recv().await.unwrap(), ("hangs".to_owned(), 1));
    bench.gate.add_permits(1);
    bench.stands(id, JobState::Done).await;
    workers.finish(Duration::from_secs(20)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_instances_make_one_job_of_a_tick() {
    let schedule = Schedule::of(&[("well", "*/10 * * * *")]);
    let mut bench = Bench::new(Duration::from_secs(60), Pace::default(), schedule).await;
    let another = bench.runner.clone().start("another".to_owned());
    // The last tick is made up for by whoever starts first.
    assert_eq!(bench.begun.recv().await.unwrap().0, "well");
    bench.pass(SignedDuration::from_mins(5));
    assert_eq!(bench.begun.recv().await.unwrap().0, "well");
    let query = JobQuery { state: None, kind: None, most: 100 };
    bench.pass(SignedDuration::from_mins(9));
    for workers in [bench.workers.take().unwrap(), another] {
        workers.finish(Duration::from_secs(20)).await;
    }
    assert_eq!(bench.store.platform().jobs(&query).await.unwrap().len(), 2);
    assert_eq!(bench.tally.ran(Ran::Done), 2);
    // The key of a tick is its instant, whoever writes it down.
    let tick = NewJob {
        unique_key: Some("well@2026-03-09T14:10:00Z".to_owned()),
        priority: Priority::Idle,
        ..NewJob::new("well", json!({}), start(), 1)
    };
    assert_eq!(bench.store.platform().enqueue(&tick, start()).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_there_is_to_do_is_counted() {
    let pace =
        Pace { count: Duration::from_millis(20), look: Duration::from_secs(3_600), at_once: 1, ..Pace::default() };
    let mut bench = Bench::new(Duration::from_secs(60), pace, Schedule::empty()).await;
    bench.leave("hangs", 1).await;
    bench.begun.recv().await.unwrap();
    bench.leave("well", 1).await;
    bench.leave("well", 1).await;
    *bench.now.lock().unwrap() += SignedDuration::from_secs(400);
    let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
    while (bench.tally.queued(), bench.tally.oldest_seconds()) != (2, 400) {
        assert!(tokio::time::Instant::now() < deadline, "{:?}", bench.tally);
        tokio::task::yield_now().await;
    }
    bench.gate.add_permits(1);
}
