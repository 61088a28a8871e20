//! What the platform reports and what needs no answer but "taken".
//!
//! Reading is liberal, results are strict. A field is found whatever its letter case and its dashes; numbers may be texts and texts
//! numbers; `null`, a blank text and a missing field are the same. What a report cannot do without is an error that names the
//! field; anything else that could not be used is left out, and named in the report's `passed_over`, so that nothing is dropped in
//! silence.
//!
//! Marks in the documentation of fields: *documented* by the vendor, *observed* in traffic, *assumed* by nobody but us.

mod cdr;
mod conference;
mod delivery;
mod domain;
mod error;
mod fields;
mod mend;
mod millionths;
mod payload;
mod recording;
mod session;
mod session_update;
mod time;
mod value;
mod web_address;
mod words;

pub use cdr::CallRecord;
pub use conference::{ConferenceEvent, ConferenceEventKind};
pub use delivery::{CallKey, DeliveryKey};
pub use domain::Domain;
pub use error::{FieldFault, Problem, ReadError};
pub use millionths::Millionths;
pub use payload::{Payload, Report};
pub use recording::{RecordingEvent, RecordingOutcome};
pub use session::{Quality, Session, SessionTimes};
pub use session_update::SessionUpdate;
pub use web_address::WebAddress;
pub use words::{Direction, Disposition, Meaning, Progress, SessionStatus};

/// The longest text that is taken, in characters. Longer identifiers are refused, longer descriptions are cut.
pub const LONGEST_TEXT: usize = 255;
