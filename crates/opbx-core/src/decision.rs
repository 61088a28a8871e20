//! What `route` answers: a typed document, the reasons, and what the shell has to do.

use crate::ai_assistant::AiAssistant;
use crate::bounded::RingTimeout;
use crate::call::{Question, RecordedAudio};
use crate::caps::Cap;
use crate::conference_room::ConferenceRoom;
use crate::destination::{Destination, ForwardTarget};
use crate::extension_number::ExtensionNumber;
use crate::id::{ExtensionId, MessageId, VoicemailBoxId};
use crate::notice::Notice;
use crate::number::E164;
use crate::organization::Recording;
use crate::prompt::Prompt;
use crate::route::Step;
use crate::secret::Pin;
use crate::sip_uri::SipUri;
use crate::text::{TrunkName, Voice};
use crate::trace::{Params, TraceStep};
use crate::voicemail_box::VoicemailBox;

/// What `route` answers: a decision, or what it must know first.
#[derive(Clone, PartialEq, Debug)]
pub enum Routed<'p> {
    /// The call is decided.
    Decided(Decision<'p>),
    /// Something only shared state can tell; answer it and ask again.
    Asks(Question),
}

/// One document for the platform and everything that belongs to it. It borrows names and texts from the plan.
#[derive(Clone, PartialEq, Debug)]
pub struct Decision<'p> {
    /// What the platform shall do, in order.
    pub actions: Vec<Action<'p>>,
    /// Why, step by step.
    pub trace: Vec<TraceStep<'p>>,
    /// What the shell performs, once per delivery.
    pub effects: Vec<Effect>,
    /// What the shell reports.
    pub events: Vec<Event>,
    /// How it came out.
    pub outcome: Outcome,
}

/// How a decision came out, in one word and the place it reached.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// The word.
    pub code: OutcomeCode,
    /// The destination that decided, if the call came to one.
    pub destination: Option<Destination>,
}

/// The word for an outcome.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum OutcomeCode {
    /// A person's phone rings.
    RingExtension,
    /// Members of a group ring.
    RingGroup,
    /// A menu plays.
    Menu,
    /// A PIN is asked for, or the caller enters a conference.
    Conference,
    /// A message can be left.
    Voicemail,
    /// The owner of a box is in its menu.
    VoicemailOwner,
    /// An AI assistant is called.
    Assistant,
    /// A forward is dialled.
    Forward,
    /// A number outside is dialled.
    Outbound,
    /// An emergency number is dialled.
    Emergency,
    /// A prompt is played and the call ends.
    Announcement,
    /// A feature code did its work.
    Feature,
    /// The caller hears why the call ends.
    Notice(Notice),
    /// The call ends.
    Hangup,
    /// The caller hears the busy signal.
    Busy,
    /// The caller is refused.
    Rejected,
}

impl OutcomeCode {
    /// Its stable spelling.
    pub const fn word(self) -> &'static str {
        match self {
            Self::RingExtension => "ring_extension",
            Self::RingGroup => "ring_group",
            Self::Menu => "menu",
            Self::Conference => "conference",
            Self::Voicemail => "voicemail",
            Self::VoicemailOwner => "voicemail_owner",
            Self::Assistant => "assistant",
            Self::Forward => "forward",
            Self::Outbound => "outbound",
            Self::Emergency => "emergency",
            Self::Announcement => "announcement",
            Self::Feature => "feature",
            Self::Notice(notice) => notice.code(),
            Self::Hangup => "hangup",
            Self::Busy => "busy",
            Self::Rejected => "rejected",
        }
    }
}

/// One thing the platform does.
#[derive(Clone, PartialEq, Debug)]
pub enum Action<'p> {
    /// Says or plays something.
    Speak(Speech<'p>),
    /// Dials.
    Dial(Dial<'p>),
    /// Asks for keys.
    Gather(Gather<'p>),
    /// Records the caller.
    Record(Record),
    /// Sends the sound of the call to an assistant.
    Stream(&'p AiAssistant),
    /// Asks for the next document.
    Continue(Step),
    /// Ends the call.
    Hangup,
    /// Refuses the call as busy.
    Busy,
    /// Refuses the call.
    Reject,
}

/// Something callers hear.
#[derive(Clone, PartialEq, Debug)]
pub enum Speech<'p> {
    /// A sentence of ours.
    Notice {
        /// Which one.
        notice: Notice,
        /// What fills its gaps.
        params: Params<'p>,
    },
    /// A text of the organization.
    Text {
        /// The text.
        text: &'p str,
        /// Who says it; `None`: the organization's voice.
        voice: Option<&'p Voice>,
    },
    /// A prompt of the library.
    Prompt(&'p Prompt),
    /// A message left in a box.
    Message(MessageId),
}

/// A dial.
#[derive(Clone, PartialEq, Debug)]
pub struct Dial<'p> {
    /// Who is dialled.
    pub target: DialTarget<'p>,
    /// The number presented; `None`: the platform's default, or nothing.
    pub caller_id: CallerId,
    /// The name presented; `None`: the caller's own.
    pub caller_name: Option<String>,
    /// How long it rings; `None`: the platform's time.
    pub timeout: Option<RingTimeout>,
    /// The longest conversation in seconds; `None`: no limit of ours (emergency calls).
    pub time_limit: Option<u32>,
    /// What is recorded.
    pub recording: Recording,
    /// The trunk to use; `None`: the platform chooses.
    pub trunk: Option<&'p TrunkName>,
    /// Where the result goes.
    pub then: Step,
}

/// The number presented to the called side.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum CallerId {
    /// None is named.
    Unset,
    /// The caller's, as received.
    AsReceived(Box<str>),
    /// A number of the organization.
    Own(E164),
    /// Deliberately nothing.
    Anonymous,
}

/// Who is dialled.
#[derive(Clone, PartialEq, Debug)]
pub enum DialTarget<'p> {
    /// Phones; the first to answer has the call.
    Phones(Vec<Phone<'p>>),
    /// A conference room.
    Conference {
        /// Which room.
        room: &'p ConferenceRoom,
        /// Whether the caller is its host.
        host: bool,
    },
    /// An AI assistant by a service or a SIP address.
    Assistant(&'p AiAssistant),
}

/// A phone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Phone<'p> {
    /// The subscriber of an extension.
    Extension(ExtensionNumber),
    /// A SIP address.
    Sip(&'p SipUri),
    /// Digits for a trunk.
    Trunk(Box<str>),
}

/// A question for keys.
#[derive(Clone, PartialEq, Debug)]
pub struct Gather<'p> {
    /// What is heard meanwhile.
    pub prompts: Vec<Speech<'p>>,
    /// After how many keys it ends at once; `None`: never.
    pub num_digits: Option<u32>,
    /// Seconds for the first key.
    pub first_key: u32,
    /// Seconds for each further key; `None`: the platform's.
    pub next_key: Option<u32>,
    /// Whether `#` ends the input (and is not part of it).
    pub ends_with_hash: bool,
    /// Whether silence comes back too.
    pub silence_returns: bool,
    /// Where the keys go.
    pub then: Step,
}

/// A recording of the caller.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    /// The longest, in seconds.
    pub max_length: u32,
    /// What is being recorded.
    pub what: Recorded,
    /// Where it goes when done.
    pub then: Step,
}

/// What a recording is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Recorded {
    /// A message for a box.
    Message(VoicemailBoxId),
    /// A new greeting of a box.
    Greeting(VoicemailBoxId),
    /// The conversation of a dial.
    Conversation,
}

/// Something the shell performs because of a decision, with the rights of the extension that asked for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Effect {
    /// An extension's do-not-disturb.
    DoNotDisturb {
        /// Whose.
        extension: ExtensionId,
        /// On or off.
        on: bool,
    },
    /// An extension's forward-always.
    ForwardAlways {
        /// Whose.
        extension: ExtensionId,
        /// Where to; `None`: off.
        to: Option<ForwardTarget>,
    },
    /// A message was left.
    SaveMessage {
        /// In which box.
        voicemail_box: VoicemailBoxId,
        /// Where the platform keeps it.
        audio: RecordedAudio,
    },
    /// A message was heard.
    MessageHeard {
        /// In which box.
        voicemail_box: VoicemailBoxId,
        /// Which one.
        message: MessageId,
    },
    /// A message is to be kept.
    KeepMessage {
        /// In which box.
        voicemail_box: VoicemailBoxId,
        /// Which one.
        message: MessageId,
    },
    /// A message is to be deleted.
    DeleteMessage {
        /// In which box.
        voicemail_box: VoicemailBoxId,
        /// Which one.
        message: MessageId,
    },
    /// A box has a new greeting.
    SetGreeting {
        /// Which box.
        voicemail_box: VoicemailBoxId,
        /// Where the platform keeps it.
        audio: RecordedAudio,
    },
    /// A box has a new PIN.
    SetPin {
        /// Which box.
        voicemail_box: VoicemailBoxId,
        /// The PIN.
        pin: Pin,
    },
    /// A wrong PIN was entered; five lock the menu for fifteen minutes.
    WrongPin {
        /// Which box.
        voicemail_box: VoicemailBoxId,
    },
    /// The right PIN was entered: wrong ones before it count no more.
    RightPin {
        /// Which box.
        voicemail_box: VoicemailBoxId,
    },
}

impl VoicemailBox {
    /// Wrong PINs in a row that lock a box's menu.
    pub const WRONG_PINS_TO_LOCK: u32 = 5;
    /// How long it stays locked, in seconds.
    pub const LOCK_SECONDS: u32 = 15 * 60;
}

/// Something the organization should hear of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Event {
    /// An emergency number is being dialled.
    EmergencyCall {
        /// By which extension, if one did.
        extension: Option<ExtensionId>,
    },
    /// A guard stopped a call that would have gone on and on.
    GuardTripped,
    /// An outbound call was refused because a cap is reached.
    CapReached {
        /// Which cap.
        cap: Cap,
        /// Whose call.
        extension: Option<ExtensionId>,
        /// Whether it is the extension's own cap.
        of_extension: bool,
    },
}
