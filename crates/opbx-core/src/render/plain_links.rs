//! Addresses for reading: explanations and fixtures show where a document leads, without a signature.

use super::Links;
use crate::decision::Recorded;
use crate::id::{ConferenceRoomId, MessageId};
use crate::prompt::Prompt;
use crate::route::{OwnerPlace, Position, Step};

/// Addresses that say in words what they lead to.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainLinks;

impl Links for PlainLinks {
    fn step(&self, step: &Step) -> cxml::Url {
        cxml::Url::lossy(format!("/continue/{}", word(&step.position)))
    }

    fn recording(&self, what: Recorded, _then: Option<&Step>) -> cxml::Url {
        cxml::Url::lossy(match what {
            Recorded::Message(id) => format!("/recording/message-{id}"),
            Recorded::Greeting(id) => format!("/recording/greeting-{id}"),
            Recorded::Conversation => "/recording/call".to_owned(),
        })
    }

    fn conference(&self, room: ConferenceRoomId) -> cxml::Url {
        cxml::Url::lossy(format!("/conference/{room}"))
    }

    fn prompt(&self, prompt: &Prompt) -> cxml::Url {
        cxml::Url::lossy(format!("/media/prompt-{}", prompt.id))
    }

    fn message(&self, message: MessageId) -> cxml::Url {
        cxml::Url::lossy(format!("/media/message-{message}"))
    }
}

fn word(position: &Position) -> String {
    let silence = |silent: &bool| if *silent { "-silent" } else { "" };
    match position {
        Position::Start => "start".to_owned(),
        Position::Extension { extension } => format!("extension-{extension}"),
        Position::Forward { by: Some(extension) } => format!("forward-of-{extension}"),
        Position::Forward { by: None } => "forward".to_owned(),
        Position::Outbound => "outbound".to_owned(),
        Position::Emergency => "emergency".to_owned(),
        Position::Group(step) => {
            format!("group-{}-round-{}-left-{}", step.group, u32::from(step.round) + 1, step.remaining.len())
        }
        Position::Menu { menu, silent } => format!("menu-{menu}{}", silence(silent)),
        Position::RoomPin { room, tries, silent } => {
            format!("room-{room}-pin-{}{}", u32::from(*tries) + 1, silence(silent))
        }
        Position::Room => "room".to_owned(),
        Position::Assistant { assistant } => format!("assistant-{assistant}"),
        Position::BoxGreeting { voicemail_box } => format!("box-{voicemail_box}-greeting"),
        Position::BoxMessage { voicemail_box } => format!("box-{voicemail_box}-message"),
        Position::BoxNumber { .. } => "box-number".to_owned(),
        Position::BoxPin { voicemail_box, .. } => format!("box-{voicemail_box}-pin"),
        Position::Owner(step) => match step.place {
            OwnerPlace::Main => format!("box-{}-menu", step.voicemail_box),
            OwnerPlace::Message(message) => format!("box-{}-message-{message}", step.voicemail_box),
            OwnerPlace::Greeting => format!("box-{}-new-greeting", step.voicemail_box),
            OwnerPlace::NewPin => format!("box-{}-new-pin", step.voicemail_box),
        },
    }
}
