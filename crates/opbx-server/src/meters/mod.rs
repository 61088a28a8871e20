//! What the server counts about itself, as Prometheus reads it.
//!
//! Every server has a recorder of its own and holds its handles: the macros of `metrics` write to one recorder of the whole
//! process, and the tests run many servers in one. A handle is made once, so that counting on the way of a call is an
//! addition and allocates nothing. What others count anyway (plans, remembered answers, the process) is read when the page
//! is.

mod alerts;
mod jobs;
mod journal;
mod live;
mod page;
mod reports;
mod token;
mod voice;

pub(crate) use self::page::{MetricsPage, beside, own};
pub(crate) use self::reports::ReportMeters;
pub use self::token::{MetricsAccess, MetricsToken, NotAToken};
pub(crate) use self::voice::{ApologyFor, Refusal, VoiceMeters};

use crate::fabric::Remembering;
use crate::plans::Figures;
use crate::recorder::Counts;
use metrics::{counter, describe_counter, describe_gauge, gauge, with_local_recorder};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use std::fmt;
use tokio::time::Instant;

/// The figures of one server.
pub(crate) struct Meters {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
    process: metrics_process::Collector,
    since: Instant,
    pub(crate) voice: VoiceMeters,
    pub(crate) reports: ReportMeters,
}

impl Meters {
    pub(crate) fn new() -> Self {
        let durations = Matcher::Full(voice::DURATION.to_owned());
        // Only an empty list of bounds is refused.
        let builder = PrometheusBuilder::new().set_buckets_for_metric(durations, &voice::BOUNDS);
        let recorder = builder.unwrap_or_else(|_| PrometheusBuilder::new()).build_recorder();
        let handle = recorder.handle();
        let process = metrics_process::Collector::default();
        let (voice, reports) = with_local_recorder(&recorder, || {
            describe();
            process.describe();
            gauge!("opbx_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
            (VoiceMeters::new(), ReportMeters::new())
        });
        Self { recorder, handle, process, since: Instant::now(), voice, reports }
    }

    /// Brings what was measured into its buckets. Until then every measurement is kept by itself, so somebody has to do
    /// it now and then, whether the page is read or not.
    pub(crate) fn settle(&self) {
        self.handle.run_upkeep();
    }

    /// The page, with what others know at this moment.
    fn page(&self, plans: &Figures, answers: Remembering, decisions: Counts) -> String {
        with_local_recorder(&self.recorder, || {
            self.process.collect();
            gauge!("opbx_uptime_seconds").set(self.since.elapsed().as_secs_f64());
            gauge!("opbx_degraded").set(if plans.away { 1.0 } else { 0.0 });
            gauge!("opbx_snapshots_unusable").set(plans.unusable_snapshots as f64);
            gauge!("opbx_organizations").set(plans.organizations as f64);
            gauge!("opbx_plans_cached").set(plans.cached as f64);
            gauge!("opbx_plan_cache_bytes").set(plans.cached_bytes as f64);
            counter!("opbx_plan_loads_total").absolute(plans.loads);
            counter!("opbx_plan_load_failures_total").absolute(plans.failures);
            counter!("opbx_store_errors_total").absolute(plans.store_errors);
            counter!("opbx_store_statements_total").absolute(plans.statements);
            gauge!("opbx_replay_answers").set(answers.answers as f64);
            gauge!("opbx_replay_bytes").set(answers.bytes as f64);
            counter!("opbx_decisions_recorded_total").absolute(decisions.recorded);
            counter!("opbx_decisions_dropped_total").absolute(decisions.dropped);
            gauge!("opbx_decisions_queued").set(decisions.queued as f64);
        });
        self.handle.render()
    }
}

fn describe() {
    describe_gauge!("opbx_build_info", "1, with the version that runs.");
    describe_gauge!("opbx_uptime_seconds", "Seconds since the server was put together.");
    describe_gauge!("opbx_degraded", "1 while the store is away and calls are answered from memory and snapshots.");
    describe_gauge!("opbx_snapshots_unusable", "Snapshots that cannot be used, as far as was found out.");
    describe_gauge!("opbx_organizations", "Organizations known.");
    describe_gauge!("opbx_plans_cached", "Plans in memory.");
    describe_gauge!("opbx_plan_cache_bytes", "Memory that the plans in memory take.");
    describe_counter!("opbx_plan_loads_total", "Plans loaded from the store.");
    describe_counter!("opbx_plan_load_failures_total", "Plans that could not be loaded.");
    describe_counter!("opbx_store_errors_total", "Questions to the store that it did not answer.");
    describe_counter!("opbx_store_statements_total", "Statements sent to the database.");
    describe_gauge!("opbx_replay_answers", "Answers remembered for requests that come again.");
    describe_gauge!("opbx_replay_bytes", "Memory that the remembered answers take.");
    describe_counter!("opbx_decisions_recorded_total", "Decisions kept for `opbx trace`.");
    describe_counter!("opbx_decisions_dropped_total", "Decisions that could not be kept.");
    describe_gauge!("opbx_decisions_queued", "Decisions on their way to the store.");
    alerts::describe();
    jobs::describe();
    journal::describe();
    reports::describe();
    live::describe();
    voice::describe();
}

impl fmt::Debug for Meters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meters").finish_non_exhaustive()
    }
}
