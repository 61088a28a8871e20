use std::time::Duration;

use crate::dial_status::DialStatus;

/// What nobody has verified about the platform. Each field is a question that its documentation leaves open, and the default is
/// our answer until a live check says otherwise; `docs/platform.md` lists them all.
///
/// An application that works with every setting does not depend on what nobody knows.
///
/// ```
/// use cloudonix_sim::{DialStatus, Switches};
///
/// let switches = Switches { declined: DialStatus::NoAnswer, ..Switches::default() };
/// assert_eq!(switches.retries, 0);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Switches {
    /// How long the platform waits for an answer to a request, in real time. Default: 15 seconds.
    pub timeout: Duration,
    /// How often a request for a document is repeated when it failed. Default: never.
    pub retries: u32,
    /// Whether the platform's HTTP client follows redirects (3xx). Default: no, so a redirect is a failure.
    pub follow_redirects: bool,
    /// Whether a document is played though its status is not 2xx. Default: no, it is a failure.
    pub accept_error_status: bool,
    /// Whether a document needs the content type `application/xml` or `text/xml`. Default: no, only the body counts.
    pub require_xml_content_type: bool,
    /// Whether attributes that the reference does not know are passed over. The platform seems to do so, but in a test such an
    /// attribute is a misspelt one. Default: no, they are a failure.
    pub ignore_unknown_attributes: bool,
    /// The longest document, in bytes. Default: 1 MiB.
    pub max_document_bytes: usize,
    /// How many documents a call may ask for before it is given up. Default: 200.
    pub max_stages: usize,
    /// What a failure does to the call. Default: the session ends with the status `error`.
    pub failure: Failure,
    /// The SIP code an unanswered caller gets after a failure. Default: 500.
    pub failure_sip: u16,
    /// How a call ends that `Hangup` ends before it was answered. Default: as a success, which the page of the verb says.
    pub unanswered_hangup: Unanswered,
    /// How a call ends whose last document is over before it was answered. Default: as its last `Dial` did.
    pub unanswered_end: Unanswered,
    /// Which of two pages is right about the SIP codes of `Reject`. Default: the page of the verb.
    pub reject_codes: RejectCodes,
    /// Whether `Gather`, `Record`, `Connect`, `Converse`, `Coach` and `Conference` answer the call as they begin. Default: yes.
    pub media_answers: bool,
    /// How long a `Dial` without `timeout` rings, in seconds: the domain's `call-timeout`. Default: 60.
    pub ring_timeout: u32,
    /// How long a conversation may last when `Dial` has no `timeLimit`, in seconds. Default: 14400, as in TwiML.
    pub time_limit: u32,
    /// What the `action` of a `Dial` is told after a conversation. Default: `completed`.
    pub talked: DialStatus,
    /// What it is told when whoever was called declined. Default: `busy`.
    pub declined: DialStatus,
    /// What it is told when whoever was called cannot be reached. Default: `failed`.
    pub unreachable: DialStatus,
    /// Whether it is also told TwiML's `DialCallDuration`, `DialCallSid` and `RecordingUrl`. Default: no.
    pub dial_details: bool,
    /// Whether the `action` of a `Dial` or `Record` is requested after the caller hung up; the answer is not used. Default: no.
    pub action_after_hangup: bool,
    /// How the `action` of a `Gather` is told that there was no input. Default: `Digits` is empty.
    pub empty_digits: EmptyDigits,
    /// Whether keys count that are pressed during prompts which they do not stop (`interruptible="false"`). Default: yes.
    pub keep_early_keys: bool,
    /// Whether the `action` of a `Record` is also told `RecordingDuration`, `RecordingStatus` and `Digits`. Default: yes.
    pub record_details: bool,
    /// When `recordingStatusCallback` is requested. Default: before the `action`.
    pub recording_reported: ReportTime,
    /// What is put before the names of a conference's events: only `participant-join` was ever seen. Default: `participant-` and
    /// `conference-` for all; otherwise only for that one.
    pub conference_prefixes: bool,
    /// The header `X-Cx-Source` of a call that no subscriber makes; its values were never seen. Default: the header is absent.
    pub other_source: Option<String>,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(15),
            retries: 0,
            follow_redirects: false,
            accept_error_status: false,
            require_xml_content_type: false,
            ignore_unknown_attributes: false,
            max_document_bytes: 1024 * 1024,
            max_stages: 200,
            failure: Failure::Error,
            failure_sip: 500,
            unanswered_hangup: Unanswered::Success,
            unanswered_end: Unanswered::AsDialled,
            reject_codes: RejectCodes::VerbPage,
            media_answers: true,
            ring_timeout: 60,
            time_limit: 14_400,
            talked: DialStatus::Completed,
            declined: DialStatus::Busy,
            unreachable: DialStatus::Failed,
            dial_details: false,
            action_after_hangup: false,
            empty_digits: EmptyDigits::Empty,
            keep_early_keys: true,
            record_details: true,
            recording_reported: ReportTime::BeforeAction,
            conference_prefixes: true,
            other_source: None,
        }
    }
}

/// What a failed request for a document does to the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The session ends with the status `error`, and the CDR says `FAILED`.
    Error,
    /// The call ends as if the document had been empty.
    EndOfDocument,
}

/// How a call ends when the platform hangs up before it was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unanswered {
    /// As a success: SIP 200, disposition `ANSWER`, nothing billed.
    Success,
    /// As the last `Dial` did: busy, no answer, failed; as no answer when there was none.
    AsDialled,
}

/// The vendor's two tables of the SIP codes of `Reject`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RejectCodes {
    /// Vendor page Verb/reject: 486, 486, 500, 603.
    VerbPage,
    /// Vendor page make.com/Modules/voiceApplicationReject: 403, 486, 503, 603.
    MakePage,
}

/// How a `Gather` without input is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmptyDigits {
    /// `Digits` is an empty text.
    Empty,
    /// `Digits` is absent.
    Absent,
}

/// When a recording is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportTime {
    /// As soon as it is over, before the `action` is requested.
    BeforeAction,
    /// When the call is over.
    AfterCall,
}
