//! The seam to what calls share: answers given before, turns, caps.
//!
//! The voice room asks here and nowhere else, and does not learn where the answers come from: today from this process,
//! one day from a Redis that several instances share. So the seam is cut along what one round trip can carry:
//!
//! 1. [`Fabric::open`], before anything is decided: claim the delivery or read its answer, and end what the same call
//!    still counted as an outbound call;
//! 2. [`Delivery::turn`] and [`Delivery::reserve`], only for a decision that asks;
//! 3. [`Delivery::finish`]: remember the answer and settle what was reserved. Nothing waits for its result.
//!
//! A call that asks nothing needs the first and the last, and the last can be sent without being awaited.
//!
//! # Architecture invariants
//!
//! * Nothing here reads a clock; the instant of the request is an argument.
//! * A delivery that is dropped instead of finished leaves nothing behind: no claim, no reservation.
//! * Everything is bounded: answers by bytes and time, counts by what still counts.

mod answers;
mod caps;
mod local;
mod over;
mod turns;

pub(crate) use self::caps::Limits;
pub(crate) use self::local::Delivery;

use self::local::Local;
use axum::body::Bytes;
use jiff::Timestamp;
use opbx_core::id::OrganizationId;
use std::hash::{Hash, Hasher};
use tokio::sync::oneshot;

/// What calls share.
#[derive(Debug, Default)]
pub(crate) struct Fabric {
    local: Local,
}

/// Which call, as far as calls share anything.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallOf<'r> {
    pub(crate) organization: OrganizationId,
    /// The platform's token of the call; empty where it gave none.
    pub(crate) session: &'r str,
}

/// What identifies a delivery, as a hash: nobody can read out of it what was delivered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct DeliveryKey(pub(crate) [u8; 16]);

/// It is a hash, made with a secret: no stranger can choose where in a table it falls, so eight of its bytes are enough.
impl Hash for DeliveryKey {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        let [a, b, c, d, e, f, g, h, ..] = self.0;
        hasher.write_u64(u64::from_le_bytes([a, b, c, d, e, f, g, h]));
    }
}

/// An answer that was given. Its status and its type follow from whom it was given to: a voice request gets a document, a
/// report gets JSON, or nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Given {
    pub(crate) body: Bytes,
    /// The outcome, as the log tells it.
    pub(crate) outcome: &'static str,
}

/// How much is remembered of answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Remembering {
    pub(crate) answers: usize,
    pub(crate) bytes: usize,
}

/// What is known of a delivery.
#[derive(Debug)]
pub(crate) enum Opened<'f> {
    /// Nothing: it is to be decided, and finished.
    First(Delivery<'f>),
    /// Another one like it is being decided, and its answer comes this way. An error: it was given up.
    Twin(oneshot::Receiver<Given>),
    /// It was answered.
    Answered(Given),
}

/// The outbound dial that a decision came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Dialled {
    /// How long it rings, in seconds.
    pub(crate) ring: u32,
    /// The longest conversation, in seconds.
    pub(crate) longest: u32,
}

impl Fabric {
    /// Takes a delivery in hand. Without a key it is nobody's twin. A delivery that is not a twin is its call's next
    /// request, and ends the outbound call that was counted for it.
    pub(crate) async fn open(&self, key: Option<DeliveryKey>, call: CallOf<'_>, now: Timestamp) -> Opened<'_> {
        self.local.open(key, call, now)
    }

    /// Takes the delivery of a report in hand. Without a key it is nobody's twin.
    pub(crate) async fn open_report(
        &self,
        key: Option<DeliveryKey>,
        organization: OrganizationId,
        now: Timestamp,
    ) -> Opened<'_> {
        self.local.open_report(key, organization, now)
    }

    /// A call is over, as a report says: it is no outbound call any more that counts.
    pub(crate) async fn ended(&self, call: CallOf<'_>) {
        self.local.ended(call);
    }

    /// The record of a call has come: it is over, and what it still asks is for nobody.
    pub(crate) async fn accounted(&self, call: CallOf<'_>) {
        self.local.accounted(call);
    }

    /// Whether the record of a call has come, as far as is remembered.
    pub(crate) async fn is_over(&self, call: CallOf<'_>) -> bool {
        self.local.is_over(call)
    }

    /// How much is remembered here.
    pub(crate) fn remembering(&self) -> Remembering {
        self.local.remembering()
    }
}
