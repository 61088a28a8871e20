//! Destinations: written the same way everywhere.

use super::cursor::Cursor;
use super::kind::Kind;
use super::names::Names;
use super::problem::{Fault, Read};
use super::text;
use crate::destination::{Destination, ForwardTarget};
use crate::id::{
    AiAssistantId, BusinessHoursId, ConferenceRoomId, ExtensionId, IvrMenuId, PromptId, RingGroupId, VoicemailBoxId,
};

/// The most destinations in a row; a call enters no more in one decision.
const LONGEST_CHAIN: usize = 20;

const WORDS: &[&str] =
    &["extension", "group", "menu", "hours", "room", "voicemail", "assistant", "forward", "play", "hangup", "busy"];

/// What a forward dials, as errors say it.
pub(super) const FORWARD_TARGET: &str = "whom to dial: a number, an extension number or a SIP address";

/// Reads `-> …`.
pub(super) fn arrow(cursor: &mut Cursor<'_>) -> Read<Destination> {
    cursor.need_arrow()?;
    read(cursor)
}

fn read(cursor: &mut Cursor<'_>) -> Read<Destination> {
    let mut prompts = Vec::new();
    let offset = cursor.offset();
    let last = loop {
        if !cursor.eat("play") {
            break Some(single(cursor)?);
        }
        prompts.push(PromptId::new(cursor.reference(Kind::Prompt)?));
        if prompts.len() >= LONGEST_CHAIN {
            return Err(Fault::at(offset, format!("more than {LONGEST_CHAIN} destinations in a row")));
        }
        if !cursor.eat("then") {
            break None;
        }
    };
    let chain = prompts
        .into_iter()
        .rev()
        .fold(last, |then, prompt_id| Some(Destination::Announcement { prompt_id, then: then.map(Box::new) }));
    chain.ok_or_else(|| cursor.expected("a destination"))
}

fn single(cursor: &mut Cursor<'_>) -> Read<Destination> {
    let Some(word) = cursor.word().filter(|word| WORDS.contains(word)) else {
        return Err(cursor.expected_word("a destination", WORDS));
    };
    cursor.advance();
    Ok(match word {
        "extension" => Destination::Extension { id: ExtensionId::new(cursor.reference(Kind::Extension)?) },
        "group" => Destination::RingGroup { id: RingGroupId::new(cursor.reference(Kind::Group)?) },
        "menu" => Destination::IvrMenu { id: IvrMenuId::new(cursor.reference(Kind::Menu)?) },
        "hours" => Destination::BusinessHours { id: BusinessHoursId::new(cursor.reference(Kind::Hours)?) },
        "room" => Destination::ConferenceRoom { id: ConferenceRoomId::new(cursor.reference(Kind::Room)?) },
        "voicemail" => Destination::Voicemail { id: VoicemailBoxId::new(cursor.reference(Kind::Box)?) },
        "assistant" => Destination::AiAssistant { id: AiAssistantId::new(cursor.reference(Kind::Assistant)?) },
        "forward" => Destination::Forward { to: cursor.parsed::<ForwardTarget>(FORWARD_TARGET)? },
        "busy" => Destination::Busy,
        _ => Destination::Hangup,
    })
}

/// Prints what stands behind `->`.
pub(super) fn print(destination: &Destination, names: &Names<'_>) -> String {
    let mut out = String::new();
    let mut next = Some(destination);
    while let Some(destination) = next {
        if !out.is_empty() {
            out.push_str(" then ");
        }
        next = None;
        let (word, name) = match destination {
            Destination::Extension { id } => ("extension", names.of(Kind::Extension, id.get())),
            Destination::RingGroup { id } => ("group", names.of(Kind::Group, id.get())),
            Destination::IvrMenu { id } => ("menu", names.of(Kind::Menu, id.get())),
            Destination::BusinessHours { id } => ("hours", names.of(Kind::Hours, id.get())),
            Destination::ConferenceRoom { id } => ("room", names.of(Kind::Room, id.get())),
            Destination::Voicemail { id } => ("voicemail", names.of(Kind::Box, id.get())),
            Destination::AiAssistant { id } => ("assistant", names.of(Kind::Assistant, id.get())),
            Destination::Forward { to } => ("forward", text::value(&to.to_string()).into_owned()),
            Destination::Announcement { prompt_id, then } => {
                next = then.as_deref();
                ("play", names.of(Kind::Prompt, prompt_id.get()))
            }
            Destination::Hangup => ("hangup", String::new()),
            Destination::Busy => ("busy", String::new()),
        };
        out.push_str(word);
        if !name.is_empty() {
            out.push(' ');
            out.push_str(&name);
        }
    }
    out
}
