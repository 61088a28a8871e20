//! The verbs and what may stand in them, one file each.

mod coach;
mod conference;
mod connect;
mod converse;
mod dial;
mod gather;
mod mixed;
mod number;
mod pause;
mod play;
mod prompt;
mod record;
mod redirect;
mod reject;
mod say;
mod service;
mod sip;
mod ssml;
mod stream;
mod tool;

pub use coach::{Coach, CoachDirection, CoachPolicy};
pub use conference::{Beep, Conference, ConferenceDtmf, ConferenceEvent, ConferenceRecord, ConferenceTrim};
pub use conference::{StartOnEnter, TalkDetection};
pub use connect::{Connect, Start, Stop};
pub use converse::{Converse, ConverseContext, ConverseEvent, ConversePart, GatherConverse, SessionTool};
pub use dial::{Dial, DialRecord, DialTarget, Endpoint, Endpoints};
pub use gather::{Gather, GatherInput, SpeechDetection, SpeechEngine, SpeechTimeout};
pub use mixed::{Mixed, Ssml};
pub use number::Number;
pub use pause::Pause;
pub use play::{Play, PlaySource};
pub use prompt::Prompt;
pub use record::Record;
pub use redirect::{Hangup, Redirect};
pub use reject::{Reject, RejectReason};
pub use say::Say;
pub use service::Service;
pub use sip::{Sip, SipDomain};
pub use ssml::{Audio, Break, BreakStrength, BreakTime, InterpretAs, SayAs, SsmlAttribute, SsmlElement, SsmlTag};
pub use stream::{Parameter, Stream, Track};
pub use tool::{Tool, ToolParameter};

use crate::read::{Element, Fault};
use crate::write::Writer;

/// One step of a document.
///
/// Every verb converts into it, so the boxes of the large ones need not be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is documented by the struct of its name")]
pub enum Verb {
    Dial(Box<Dial>),
    Gather(Box<Gather>),
    Say(Say),
    Play(Play),
    Pause(Pause),
    Record(Box<Record>),
    Redirect(Redirect),
    Hangup(Hangup),
    Reject(Reject),
    Coach(Coach),
    Start(Start),
    Stop(Stop),
    Connect(Connect),
    Converse(Box<Converse>),
}

impl Verb {
    /// The canonical name of the element.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Dial(_) => "Dial",
            Self::Gather(_) => "Gather",
            Self::Say(_) => "Say",
            Self::Play(_) => "Play",
            Self::Pause(_) => "Pause",
            Self::Record(_) => "Record",
            Self::Redirect(_) => "Redirect",
            Self::Hangup(_) => "Hangup",
            Self::Reject(_) => "Reject",
            Self::Coach(_) => "Coach",
            Self::Start(_) => "Start",
            Self::Stop(_) => "Stop",
            Self::Connect(_) => "Connect",
            Self::Converse(_) => "Converse",
        }
    }

    pub(crate) fn read(element: Element<'_>) -> Result<Self, Fault> {
        Ok(match element.name.to_ascii_lowercase().as_str() {
            "dial" => Dial::read(element)?.into(),
            "gather" => Gather::read(element)?.into(),
            "say" => Say::read(element)?.into(),
            "play" => Play::read(element)?.into(),
            "pause" => Pause::read(element)?.into(),
            "record" => Record::read(element)?.into(),
            "redirect" => Redirect::read(element)?.into(),
            "hangup" => Hangup::read(element)?.into(),
            "reject" => Reject::read(element)?.into(),
            "coach" => Coach::read(element)?.into(),
            "start" => Start::read(element)?.into(),
            "stop" => Stop::read(element)?.into(),
            "connect" => Connect::read(element)?.into(),
            "converse" => Converse::read(element)?.into(),
            _ => {
                let verbs = "Dial, Gather, Say, Play, Pause, Record, Redirect, Hangup, Reject, Coach, Start, Stop, \
                             Connect, Converse";
                return Err(element.unexpected("<Response>", verbs));
            }
        })
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>) {
        match self {
            Self::Dial(verb) => verb.write(writer),
            Self::Gather(verb) => verb.write(writer),
            Self::Say(verb) => verb.write(writer),
            Self::Play(verb) => verb.write(writer),
            Self::Pause(verb) => verb.write(writer),
            Self::Record(verb) => verb.write(writer),
            Self::Redirect(verb) => verb.write(writer),
            Self::Hangup(verb) => verb.write(writer),
            Self::Reject(verb) => verb.write(writer),
            Self::Coach(verb) => verb.write(writer),
            Self::Start(verb) => verb.write(writer),
            Self::Stop(verb) => verb.write(writer),
            Self::Connect(verb) => verb.write(writer),
            Self::Converse(verb) => verb.write(writer),
        }
    }
}

macro_rules! verb_from {
    ($($verb:ident),+; boxed $($boxed:ident),+) => {
        $(impl From<$verb> for Verb {
            fn from(verb: $verb) -> Self {
                Self::$verb(verb)
            }
        })+
        $(impl From<$boxed> for Verb {
            fn from(verb: $boxed) -> Self {
                Self::$boxed(Box::new(verb))
            }
        })+
    };
}
verb_from!(Say, Play, Pause, Redirect, Hangup, Reject, Coach, Start, Stop, Connect; boxed Dial, Gather, Record, Converse);

impl From<Prompt> for Verb {
    fn from(prompt: Prompt) -> Self {
        match prompt {
            Prompt::Say(say) => Self::Say(say),
            Prompt::Play(play) => Self::Play(play),
            Prompt::Pause(pause) => Self::Pause(pause),
        }
    }
}
