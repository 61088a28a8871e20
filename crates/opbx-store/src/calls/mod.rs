//! Calls: one row for each, whatever is said of it, in which order and how often.
//!
//! What is said ([`Fact`]) is applied in batches of many organizations, as it is taken out of the
//! line where it was acknowledged: a transaction for each would cost more than all the rest of it. Inside an organization
//! the batch is applied in order; each fact is joined with the evidence of its call, and the row is read off that again.
//!
//! What a call is known by has a key in the database, so no two servers make two rows of one call. A row that turns out to
//! be of the same call as another is joined with it, and the older one stays.

mod apply;
mod blank;
mod by_text;
mod columns;
mod gather;
mod missed_mail;
mod order;
mod query;
mod read;
mod sheet;
mod step_sheet;
mod visible;
mod write;

use jiff::Timestamp;
use opbx_core::call_log::{CallKey, CallLog, Fact, LegResult, PhoneKind, ViaKind};
use opbx_core::call_state::{CallDirection, CallStatus, Disposition, Progress};
use opbx_core::id::OrganizationId;
use sha2::{Digest, Sha256};

pub(crate) use self::columns::cut;
pub use self::missed_mail::MISSED_CALL_LETTER;
pub use self::order::{CallField, CallOrder};
use crate::error::Error;

pub use self::query::{CallCursor, CallPage, CallQuery, NumberFilter, Stretch};
pub use self::step_sheet::{read_step, written_step};
pub use self::visible::{HIDDEN_DIGITS, LONGEST_SHOWN_WHOLE, SHOWN_OF_OTHERS};

/// A digest of whatever makes two deliveries the same one. Of each organization's its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct DeliveryKey(pub [u8; 32]);

/// A fact on its way into the store.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Delivery {
    /// Whose call it is about, as verified.
    pub organization: OrganizationId,
    /// What it is known by if it comes again; `None`: nothing, and then only what it says keeps it from counting twice.
    pub key: Option<DeliveryKey>,
    /// What is said.
    pub fact: Fact,
}

/// What became of a batch.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Applied {
    /// The calls that are new or other than before, in no order across organizations.
    pub changes: Vec<CallChange>,
    /// How many deliveries had been applied before.
    pub duplicates: u64,
    /// How many were let go: of an organization that is gone, of a call older than what it keeps, or of no call at all.
    pub dropped: u64,
}

/// A call that is other than before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CallChange {
    /// Whose.
    pub organization: OrganizationId,
    /// Its identifier.
    pub call: u64,
    /// The rows that it was: none if it is new, several if they turned out to be one call.
    pub before: Vec<CallLog>,
    /// The row that it is.
    pub after: CallLog,
}

/// A call, as lists show it. Numbers and names are those of its time; what is no longer there has no identifier.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeptCall {
    /// Its identifier; 0 while it has none.
    pub id: u64,
    /// The platform's token of the session, or the SIP `Call-ID` where it has none.
    pub call_id: String,
    /// Which way it went.
    pub direction: CallDirection,
    /// Who called.
    pub from_number: String,
    /// Whom they dialled.
    pub to_number: String,
    /// The name that the caller showed.
    pub caller_name: Option<String>,
    /// The organization's number that was called.
    pub phone_number_id: Option<u64>,
    /// That number.
    pub phone_number: Option<String>,
    /// Whose call it was.
    pub extension_id: Option<u64>,
    /// That extension's number.
    pub extension_number: Option<String>,
    /// The first ring group that rang.
    pub ring_group_id: Option<u64>,
    /// That ring group's name.
    pub ring_group_name: Option<String>,
    /// Where it is.
    pub status: CallStatus,
    /// How it ended.
    pub disposition: Option<Disposition>,
    /// When it began.
    pub initiated_at: Timestamp,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Seconds from beginning to end.
    pub duration: Option<u32>,
    /// Answered seconds.
    pub billsec: Option<u32>,
    /// The number of the phone that took it.
    pub answered_by: Option<String>,
    /// What it cost, in millionths of the currency.
    pub cost: Option<i64>,
    /// Where the platform keeps a recording of it.
    pub recording_url: Option<String>,
    /// Whether it came from outside, is over, and no person took it.
    pub missed: bool,
    /// When somebody said that it is settled, if it was missed.
    pub returned_at: Option<Timestamp>,
    /// When something was last heard of it.
    pub last_received_at: Timestamp,
    /// Who was rung, in the order of time.
    pub legs: Vec<KeptLeg>,
}

impl KeptCall {
    /// Whether its end never came: it is live by what was said, and nothing was received since that instant.
    #[must_use]
    pub fn is_stale(&self, silent_since: Timestamp) -> bool {
        matches!(self.status, CallStatus::Live(_)) && self.last_received_at <= silent_since
    }

    /// The place of this call in the log: what comes after it is behind this cursor.
    #[must_use]
    pub const fn cursor(&self) -> CallCursor {
        CallCursor { initiated_at: self.initiated_at, id: self.id }
    }
}

/// A phone that rang in a call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeptLeg {
    /// What kind of phone.
    pub kind: PhoneKind,
    /// Whose extension.
    pub extension_id: Option<u64>,
    /// Its number or address.
    pub number: String,
    /// What it was called.
    pub name: Option<String>,
    /// What kind of thing led to it.
    pub via: ViaKind,
    /// Which ring group, if it was one.
    pub ring_group_id: Option<u64>,
    /// What that was called.
    pub via_name: Option<String>,
    /// When it began to ring.
    pub started_at: Timestamp,
    /// When it took the call.
    pub answered_at: Option<Timestamp>,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
    /// How it came out.
    pub result: Option<LegResult>,
}

/// A call with all that is known of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WholeCall {
    /// The call.
    pub call: KeptCall,
    /// When reports first said that it had come so far.
    pub reached: Vec<(Progress, Timestamp)>,
    /// The record that counts, word by word.
    pub payload: Option<String>,
}

/// The evidence of a call, without the payload of its record.
pub(crate) fn evidence_of(text: &str) -> Result<CallLog, Error> {
    sheet::read(text, None)
}

/// What a key of a call is found by: of the same length whatever strangers send, and of each kind its own.
fn digest(key: CallKey<'_>) -> [u8; 32] {
    let mut digest = Sha256::new();
    match key {
        CallKey::Session(token) => {
            digest.update(b"session\0");
            digest.update(token.as_bytes());
        }
        CallKey::SessionNumber(number) => {
            digest.update(b"number\0");
            digest.update(number.to_be_bytes());
        }
        CallKey::Sip(id) => {
            digest.update(b"sip\0");
            digest.update(id.as_bytes());
        }
    }
    digest.finalize().into()
}
