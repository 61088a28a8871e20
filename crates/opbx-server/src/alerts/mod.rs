//! What somebody should hear of at once: emergency calls, a journal that grows, a disk that is nearly full.
//!
//! An alert is a line in the log, a figure, and where mail can be sent a letter to owners, at most one an hour for each kind;
//! an emergency call is also a live event of its organization. Whoever raises one never waits: the voice room hands an
//! emergency call over as it hands over effects, and the [`Watch`] leaves the letters. While the store is away there is
//! nowhere to leave them; they are left when it is back, for as long as they are news.

mod watch;

pub(crate) use self::watch::Watch;

use crate::live::{Channel, Live, Payload};
use crate::mail::Letter;
use jiff::Timestamp;
use opbx_core::id::{ExtensionId, OrganizationId};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use tokio::sync::mpsc;

/// How many emergency calls may wait for the watch. Of each organization the first in an hour has a letter.
const WAITING: usize = 256;
/// The longest text of the platform that is told on, in characters.
const LONGEST: usize = 64;

/// The kinds of alerts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum AlertKind {
    /// Somebody dialled an emergency number.
    EmergencyCall,
    /// What is acknowledged waits for the database.
    JournalGrowing,
    /// Little of the disk of the data directory is free.
    DiskNearlyFull,
}

impl AlertKind {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::EmergencyCall, Self::JournalGrowing, Self::DiskNearlyFull];
    /// Those that hold for a while.
    pub(crate) const STANDING: [Self; 2] = [Self::JournalGrowing, Self::DiskNearlyFull];

    /// Its word.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::EmergencyCall => "emergency_call",
            Self::JournalGrowing => "journal_growing",
            Self::DiskNearlyFull => "disk_nearly_full",
        }
    }

    /// The letter that tells of it.
    const fn letter(self) -> Letter {
        match self {
            Self::EmergencyCall => Letter::EmergencyCall,
            Self::JournalGrowing => Letter::JournalGrowing,
            Self::DiskNearlyFull => Letter::DiskNearlyFull,
        }
    }

    const fn place(self) -> usize {
        match self {
            Self::EmergencyCall => 0,
            Self::JournalGrowing => 1,
            Self::DiskNearlyFull => 2,
        }
    }
}

/// An emergency call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct EmergencyCall {
    /// At which organization.
    pub(crate) organization: OrganizationId,
    /// Whose phone it was, if it is known.
    pub(crate) extension: Option<ExtensionId>,
    /// What was called from, as the platform said it.
    pub(crate) from: Box<str>,
    /// What was dialled.
    pub(crate) number: Box<str>,
    /// The platform's token of the call.
    pub(crate) call_id: Box<str>,
    /// When.
    pub(crate) at: Timestamp,
}

/// Raises alerts. Clones count together.
#[derive(Clone, Debug)]
pub(crate) struct Alerts(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    raised: [AtomicU64; AlertKind::ALL.len()],
    stands: [AtomicBool; AlertKind::ALL.len()],
    live: Live,
    calls: mpsc::Sender<EmergencyCall>,
}

impl Alerts {
    /// Nothing raised yet; and the emergency calls that will be, for whoever watches.
    pub(crate) fn new(live: Live) -> (Self, mpsc::Receiver<EmergencyCall>) {
        let (calls, receiver) = mpsc::channel(WAITING);
        (Self(Arc::new(Inner { raised: Default::default(), stands: Default::default(), live, calls })), receiver)
    }

    /// An emergency number is dialled. Never waits.
    pub(crate) fn emergency_call(&self, call: EmergencyCall) {
        let call = EmergencyCall { from: short(&call.from), number: short(&call.number), ..call };
        self.count(AlertKind::EmergencyCall);
        let event = json!({
            "kind": AlertKind::EmergencyCall.word(), "at": call.at.to_string(), "call_id": call.call_id,
            "extension_id": call.extension.map(ExtensionId::get), "number": call.number,
        });
        let channel = Channel::Organization(call.organization);
        self.0.live.publish(channel, "alert.raised", &Payload::plain(event));
        // Where nobody watches there is no one to write to, and where so many wait the first of them has a letter.
        let _ = self.0.calls.try_send(call);
    }

    /// How often one of a kind was raised.
    pub(crate) fn raised(&self, kind: AlertKind) -> u64 {
        self.0.raised.get(kind.place()).map_or(0, |raised| raised.load(Ordering::Relaxed))
    }

    /// Whether what one of a kind is raised for holds now, as far as it was looked.
    pub(crate) fn stands(&self, kind: AlertKind) -> bool {
        self.0.stands.get(kind.place()).is_some_and(|stands| stands.load(Ordering::Relaxed))
    }

    fn count(&self, kind: AlertKind) {
        if let Some(raised) = self.0.raised.get(kind.place()) {
            raised.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn note(&self, kind: AlertKind, holds: bool) {
        if let Some(stands) = self.0.stands.get(kind.place()) {
            stands.store(holds, Ordering::Relaxed);
        }
    }
}

impl EmergencyCall {
    /// What its letter tells.
    fn detail(&self) -> Value {
        json!({ "number": self.number, "extension_id": self.extension.map(ExtensionId::get), "from": self.from })
    }
}

/// A text of the platform, without what cannot stand in a letter.
fn short(text: &str) -> Box<str> {
    text.chars().filter(|sign| !sign.is_control()).take(LONGEST).collect()
}
