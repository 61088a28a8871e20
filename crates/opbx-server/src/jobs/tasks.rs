//! Which kind of work is done where, and how long it may take.

use super::{
    Bell, Failure, FetchPrompt, Fetching, Perform, Work, alert_letter, audit_retention, call_retention, file_removal,
    letter, message_letter, missed_call_letter, password_reset, prompt_fetch, recording_fetch, recording_retention,
    statistics_rebuild, sweep,
};
use crate::auth::Pages;
use crate::clock::Clock;
use crate::mail::Mailer;
use jiff::tz::TimeZoneDatabase;
use opbx_store::{
    ClaimedJob, FILE_REMOVAL, MESSAGE_LETTER, MISSED_CALL_LETTER, RECORDING_FETCH, STATISTICS_REBUILD, Store,
};
use std::sync::Arc;
use std::time::Duration;

/// What carrying out jobs needs.
#[derive(Clone, Debug)]
pub(crate) struct Tasks {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) mailer: Option<Arc<Mailer>>,
    pub(crate) pages: Pages,
    pub(crate) bell: Bell,
    pub(crate) fetcher: Arc<dyn FetchPrompt>,
    pub(crate) fetching: Fetching,
    pub(crate) zones: TimeZoneDatabase,
}

impl Perform for Tasks {
    fn limit(&self, kind: &str) -> Duration {
        match kind {
            audit_retention::AUDIT_RETENTION | recording_retention::RECORDING_RETENTION => Duration::from_secs(600),
            // All calls of an organization are read; what one attempt does not finish the next one goes on with.
            call_retention::CALL_RETENTION | STATISTICS_REBUILD => Duration::from_secs(1_800),
            // A long recording over a thin line, and before that it waits for its turn.
            RECORDING_FETCH => Duration::from_secs(900),
            // An address that answers slowly takes a minute; before that it waits for its turn.
            prompt_fetch::PROMPT_FETCH => Duration::from_secs(180),
            letter::LETTER
            | MESSAGE_LETTER
            | MISSED_CALL_LETTER
            | alert_letter::ALERT_LETTER
            | prompt_fetch::REMOTE_PROMPTS => Duration::from_secs(60),
            _ => Duration::from_secs(30),
        }
    }

    fn perform(&self, job: ClaimedJob) -> Work {
        let tasks = self.clone();
        Box::pin(async move { tasks.carry_out(job).await })
    }
}

impl Tasks {
    async fn carry_out(self, job: ClaimedJob) -> Result<(), Failure> {
        let Self { store, clock, mailer, pages, bell, fetcher, fetching, zones } = self;
        let now = clock.now();
        match job.kind.as_str() {
            letter::LETTER => letter::send(&store, mailer.as_deref(), job, now).await,
            password_reset::PASSWORD_RESET => password_reset::perform(&store, &pages, &bell, job, now).await,
            prompt_fetch::PROMPT_FETCH => prompt_fetch::perform(&*fetcher, &job).await,
            prompt_fetch::REMOTE_PROMPTS => prompt_fetch::look(&store, &bell, now).await,
            RECORDING_FETCH => recording_fetch::perform(&store, &fetching, &job, now).await,
            recording_retention::RECORDING_RETENTION => recording_retention::perform(&store, &bell, now).await,
            FILE_REMOVAL => file_removal::perform(&fetching.library.blobs, &job).await,
            MESSAGE_LETTER => {
                let (mailer, blobs) = (mailer.as_deref(), &fetching.library.blobs);
                let with = message_letter::With { mailer, pages: &pages, blobs, zones: &zones };
                message_letter::send(&store, with, &job).await
            }
            MISSED_CALL_LETTER => missed_call_letter::send(&store, mailer.as_deref(), &zones, &job).await,
            alert_letter::ALERT_LETTER => alert_letter::send(&store, mailer.as_deref(), &zones, &job).await,
            sweep::SWEEP => sweep::perform(&store, now).await,
            audit_retention::AUDIT_RETENTION => audit_retention::perform(&store, now).await,
            call_retention::CALL_RETENTION => call_retention::perform(&store, now).await,
            STATISTICS_REBUILD => statistics_rebuild::perform(&store, &job).await,
            // Of a newer OPBX, perhaps, which will find it again when it is here.
            unknown => Err(Failure::again(format_args!("this version knows no work called {unknown}"))),
        }
    }
}
