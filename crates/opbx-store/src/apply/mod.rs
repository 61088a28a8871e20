//! Making an organization what a file says, in one transaction.
//!
//! A file knows objects by what people call them, and its identifiers count within the file. Objects are matched by that
//! key; then new ones are inserted, in an order in which a row never refers to one that is not there yet; then every
//! reference of the file is known, and what differs is written; what is to go goes last, when nothing leads to it any
//! more. Applied a second time, a file changes nothing.

mod ids;
mod object;
mod report;
mod steps;

use std::time::Duration;

use jiff::Timestamp;
use opbx_core::ai_assistant::AiAssistant;
use opbx_core::blocked_caller::BlockedCaller;
use opbx_core::business_hours::{BusinessHours, NamedHolidayList};
use opbx_core::conference_room::ConferenceRoom;
use opbx_core::extension::Extension;
use opbx_core::ivr_menu::IvrMenu;
use opbx_core::outbound_rule::OutboundRule;
use opbx_core::phone_number::PhoneNumber;
use opbx_core::plan::PlanSource;
use opbx_core::prompt::Prompt;
use opbx_core::ring_group::RingGroup;
use opbx_core::voicemail_box::VoicemailBox;

pub(crate) use self::ids::Ids;
pub use self::object::PlanObject;
pub use self::report::{Change, Changed, Report};
use self::steps::Application;
use crate::edit::Author;
use crate::error::Error;
use crate::plan;
use crate::pool::Line;
use crate::settings::SettingsPortrait;
use crate::tenant::TenantStore;

/// A file of ten thousand objects takes some seconds, which is no silence.
const DEADLINE: Duration = Duration::from_secs(120);

/// How far a file reaches.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Scope {
    /// Whether the file says anything of the organization itself.
    pub organization: bool,
    /// Whether what the file does not name is removed.
    pub prune: bool,
    /// Whether it is only found out what would change.
    pub dry_run: bool,
}

/// What an organization is to become.
#[derive(Clone, Copy, Debug)]
pub struct Changes<'s> {
    /// The objects, with identifiers of their own.
    pub source: &'s PlanSource,
    /// How far it reaches.
    pub scope: Scope,
    /// Who says so.
    pub author: &'s Author,
    /// How the organization's settings look to the readers of the audit log.
    pub settings: SettingsPortrait,
}

impl TenantStore {
    /// Makes the organization what `changes` say: all of it or nothing. A secret that is missing keeps its value; rules
    /// stand in the order of the file, those it does not name behind them. The revision is raised once, if anything changed;
    /// each object that did has its entry in the audit log.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] when the database refuses, such as a phone number that another organization has, or the removal
    /// of what something still leads to; [`Error::NotFound`], [`Error::Unavailable`], [`Error::Corrupt`].
    pub async fn apply(&self, changes: Changes<'_>, now: Timestamp) -> Result<Report, Error> {
        let turn = self.turn().await?;
        let work = async |line: Line| {
            let writing = self.begin(&line, turn).await?;
            let (revision, current) = plan::load(&*writing, self).await?;
            let mut application = Application::new(&*writing, self, &current, changes, now);
            application.run().await?;
            let (done, entries) = application.finish();
            if done.is_empty() {
                writing.take_back().await?;
                return Ok(Report { changes: done, revision });
            }
            if changes.scope.dry_run {
                let revision = self.raise(&*writing).await?;
                writing.take_back().await?;
                return Ok(Report { changes: done, revision });
            }
            self.append(&*writing, changes.author, &entries, now).await?;
            let revision = self.commit_change(writing).await?;
            Ok(Report { changes: done, revision })
        };
        self.store.pool.attempt_within(DEADLINE, work).await
    }
}
