//! What is told about jobs.

use super::Meters;
use crate::jobs::{Ran, Tally};
use metrics::{counter, describe_counter, describe_gauge, gauge, with_local_recorder};

impl Meters {
    /// Takes over what the runner has counted.
    pub(super) fn jobs(&self, tally: &Tally) {
        with_local_recorder(&self.recorder, || {
            for ran in Ran::ALL {
                counter!("opbx_job_runs_total", "outcome" => ran.word()).absolute(tally.ran(ran));
            }
            counter!("opbx_job_renewals_total").absolute(tally.renewals());
            gauge!("opbx_jobs_queued").set(tally.queued() as f64);
            gauge!("opbx_jobs_dead").set(tally.dead() as f64);
            gauge!("opbx_jobs_oldest_seconds").set(tally.oldest_seconds() as f64);
        });
    }
}

pub(super) fn describe() {
    describe_counter!("opbx_job_runs_total", "Attempts at jobs by this process, by what they came to.");
    describe_counter!("opbx_job_renewals_total", "Claims of jobs renewed while they were carried out.");
    describe_gauge!("opbx_jobs_queued", "Jobs that wait for their time or for a worker, counted now and then.");
    describe_gauge!("opbx_jobs_dead", "Jobs that were given up and not thrown away.");
    describe_gauge!("opbx_jobs_oldest_seconds", "Seconds that the oldest job that is due has been waiting.");
}
