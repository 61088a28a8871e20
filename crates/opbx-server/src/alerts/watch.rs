//! The watch: it looks at the journal and the disk every few seconds, and leaves the letters of all alerts.

use super::{AlertKind, Alerts, EmergencyCall};
use crate::clock::Clock;
use crate::jobs::{Alerted, Bell, alert_letter, author};
use crate::journal::JournalWatch;
use crate::storage::Storage;
use jiff::{SignedDuration, Timestamp};
use opbx_core::id::OrganizationId;
use opbx_store::{Error, Filter, FilterValue, Query, Reason, Store, Tenant};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};

/// How often it is looked.
const LOOK: Duration = Duration::from_secs(10);
/// After how many seconds in the journal an entry says that it grows.
const LATE: i64 = 30;
/// How full the journal is then at the latest, in percent.
const FULL: u64 = 50;
/// How long nobody is told of the same again.
const PAUSE: SignedDuration = SignedDuration::from_hours(1);
/// The most organizations whose owners are told of what concerns the installation. Where there are more, they are its
/// customers, and whoever runs it looks at its figures.
const MOST_ORGANIZATIONS: usize = 20;
/// The most owners of an organization that are told.
const MOST_OWNERS: u64 = 100;
/// Who leaves the letters.
const ALERTS: &str = "alerts";

/// Looks, and tells.
#[derive(Debug)]
pub(crate) struct Watch {
    pub(crate) alerts: Alerts,
    pub(crate) calls: mpsc::Receiver<EmergencyCall>,
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) bell: Bell,
    /// Whether letters can be sent at all.
    pub(crate) has_mail: bool,
    pub(crate) journal: Option<JournalWatch>,
    pub(crate) storage: Option<Storage>,
}

/// What was raised and is not told to everybody yet.
#[derive(Debug, Default)]
struct Owed {
    calls: BTreeMap<OrganizationId, EmergencyCall>,
    standing: [Standing; AlertKind::STANDING.len()],
}

#[derive(Clone, Copy, Debug, Default)]
struct Standing {
    /// When it was raised last.
    raised_at: Option<Timestamp>,
    /// Whether its letter is still to be left.
    owed: bool,
}

impl Watch {
    /// Until the server ends.
    pub(crate) async fn run(mut self) {
        let mut owed = Owed::default();
        let mut ticks = interval(LOOK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = ticks.tick() => self.look(&mut owed).await,
                Some(call) = self.calls.recv() => self.told(&mut owed, call).await,
            }
        }
    }

    /// An emergency call was raised: the first of its organization waits for its letter.
    async fn told(&self, owed: &mut Owed, call: EmergencyCall) {
        if self.has_mail {
            owed.calls.entry(call.organization).or_insert(call);
            self.leave_calls(owed).await;
        }
    }

    async fn look(&self, owed: &mut Owed) {
        self.leave_calls(owed).await;
        let now = self.clock.now();
        for (kind, standing) in AlertKind::STANDING.into_iter().zip(&mut owed.standing) {
            let found = match kind {
                AlertKind::DiskNearlyFull => match self.disk().await {
                    // A disk that does not answer tells neither this nor that; `/health` tells of it.
                    None => continue,
                    Some(found) => found,
                },
                AlertKind::JournalGrowing | AlertKind::EmergencyCall => self.journal(now),
            };
            self.alerts.note(kind, found.is_some());
            let Some(detail) = found else {
                standing.owed = false;
                continue;
            };
            if standing.raised_at.is_none_or(|at| now.duration_since(at) >= PAUSE) {
                *standing = Standing { raised_at: Some(now), owed: self.has_mail };
                self.alerts.count(kind);
                tracing::warn!(alert = kind.word(), %detail, "an alert is raised");
            }
            if standing.owed {
                standing.owed = !self.leave_everywhere(kind, standing.raised_at.unwrap_or(now), &detail).await;
            }
        }
    }

    /// What is wrong with the journal, if something is.
    fn journal(&self, now: Timestamp) -> Option<Value> {
        let journal = &self.journal.as_ref()?.journal;
        let waited = journal.depth().oldest.map_or(0, |oldest| now.duration_since(oldest).as_secs());
        let fullness = journal.fullness();
        let grows = waited >= LATE || fullness >= FULL;
        grows.then(|| json!({ "found": format!("{fullness} %"), "waited": format!("{waited} s") }))
    }

    /// What is wrong with the disk, if something is; `None`: it cannot be told.
    async fn disk(&self) -> Option<Option<Value>> {
        let Some(storage) = &self.storage else { return Some(None) };
        let free = storage.free_share().await?;
        Some((free < storage.least_free).then(|| json!({ "found": format!("{free} %") })))
    }

    /// Leaves the letters about emergency calls that are owed; those that cannot be left stay owed while they are news.
    async fn leave_calls(&self, owed: &mut Owed) {
        let now = self.clock.now();
        for (organization, call) in std::mem::take(&mut owed.calls) {
            let kind = AlertKind::EmergencyCall;
            let alerted = Alerted { letter: kind.letter(), at: call.at, detail: call.detail() };
            match self.leave(organization, &key(kind, call.at), &alerted).await {
                Ok(()) | Err(Error::NotFound) => {}
                Err(fault) => {
                    untold(kind, &fault);
                    if now.duration_since(call.at) < PAUSE {
                        owed.calls.insert(organization, call);
                    }
                }
            }
        }
    }

    /// Leaves letters to the owners of every organization, if there are few. Answers whether nothing more is owed.
    async fn leave_everywhere(&self, kind: AlertKind, at: Timestamp, detail: &Value) -> bool {
        let alerted = Alerted { letter: kind.letter(), at, detail: detail.clone() };
        let left = async {
            let organizations = self.store.platform().list().await?;
            if organizations.len() > MOST_ORGANIZATIONS {
                return Ok(());
            }
            for organization in organizations {
                match self.leave(organization.id, &key(kind, at), &alerted).await {
                    Ok(()) | Err(Error::NotFound) => {}
                    Err(fault) => return Err(fault),
                }
            }
            Ok(())
        };
        match left.await {
            Ok(()) => true,
            Err(fault) => {
                untold(kind, &fault);
                false
            }
        }
    }

    /// Leaves a letter to every active owner of an organization.
    async fn leave(&self, organization: OrganizationId, key: &str, alerted: &Alerted) -> Result<(), Error> {
        let now = self.clock.now();
        let tenant = self.store.tenant(&Tenant::inside(organization, Reason::Job));
        let mut edit = tenant.edit(author(ALERTS), now).await?;
        let is = |field, word: &str| Filter { field, value: FilterValue::Word(word.to_owned()) };
        let filters = vec![is("role", "owner"), is("status", "active")];
        let owners = Query { filters, search: None, sort_by: None, descending: false, offset: 0, limit: MOST_OWNERS };
        for owner in edit.users(&owners).await?.items {
            edit.enqueue(&alert_letter(alerted, &owner.object, key, now)).await?;
        }
        edit.commit().await?;
        self.bell.ring();
        Ok(())
    }
}

/// What the letters of an alert are known by, on every instance: there is one an hour.
fn key(kind: AlertKind, at: Timestamp) -> String {
    format!("{}:{}", kind.word(), at.as_second().div_euclid(PAUSE.as_secs()))
}

fn untold(kind: AlertKind, fault: &Error) {
    let why = crate::admin::chain(fault);
    tracing::warn!(alert = kind.word(), %why, "the letter about an alert cannot be left yet");
}
