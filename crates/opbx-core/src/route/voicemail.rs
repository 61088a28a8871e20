//! Leaving a message in a voicemail box.

use super::{Go, Position, Router, Target};
use crate::decision::{Action, Effect, Gather, OutcomeCode, Record, Recorded, Speech};
use crate::id::VoicemailBoxId;
use crate::notice::{Notice, Reason};
use crate::trace::{Node, NodeKind, Param};
use crate::voicemail_box::VoicemailBox;

impl<'p> Router<'p, '_> {
    pub(super) fn enter_box(&mut self, id: VoicemailBoxId) -> Go<'p> {
        let Some(voicemail_box) = self.plan.voicemail_box(id) else {
            return self.cannot_serve(Node::missing(NodeKind::VoicemailBox, id.get()), Reason::Missing);
        };
        let node = Node::voicemail_box(voicemail_box);
        if !voicemail_box.status.is_active() {
            return self.cannot_serve(node, Reason::Inactive);
        }
        // A box that cannot be counted now still takes messages: losing one is worse than one too many.
        let count = match self.contents(id) {
            Ok(contents) => contents.map_or(0, |contents| contents.messages.len()),
            Err(question) => return Go::Ask(question),
        };
        if count >= voicemail_box.max_messages.get() as usize {
            let params = vec![("messages", Param::Count(count as u64))];
            return self.notice(node, Reason::BoxFull, params, Notice::BoxFull);
        }
        self.because(node, Reason::TakesMessage, vec![("seconds", voicemail_box.max_length.get().into())]);
        self.passed.answered = true;
        let gather = Gather {
            prompts: vec![self.greeting(voicemail_box)],
            num_digits: Some(1),
            first_key: 1,
            next_key: None,
            ends_with_hash: false,
            silence_returns: false,
            then: self.step(Position::BoxGreeting { voicemail_box: id }),
        };
        self.actions.push(Action::Gather(gather));
        self.record_message(voicemail_box)
    }

    /// A key during the greeting: `*` opens the owner's menu where there is a PIN, any other goes on to the tone.
    pub(super) fn after_greeting(&mut self, id: VoicemailBoxId) -> Go<'p> {
        let Some(voicemail_box) = self.open_box(id) else {
            return self.cannot_serve(Node::missing(NodeKind::VoicemailBox, id.get()), Reason::Vanished);
        };
        if self.call.input.keys.as_deref() == Some("*") && voicemail_box.pin.is_some() {
            self.because(Node::voicemail_box(voicemail_box), Reason::OwnerPressedStar, vec![]);
            return self.ask_box_pin(voicemail_box, 0);
        }
        self.because(Node::voicemail_box(voicemail_box), Reason::GreetingSkipped, vec![]);
        self.record_message(voicemail_box)
    }

    pub(super) fn after_message(&mut self, id: VoicemailBoxId) -> Go<'p> {
        let node = self
            .plan
            .voicemail_box(id)
            .map_or_else(|| Node::missing(NodeKind::VoicemailBox, id.get()), Node::voicemail_box);
        // A box that was deleted while the caller spoke loses nothing it still has: the shell decides what to keep.
        if let Some(audio) = &self.call.input.recording {
            self.effects.push(Effect::SaveMessage { voicemail_box: id, audio: audio.clone() });
            self.because(node, Reason::MessageLeft, vec![]);
        } else {
            self.because(node, Reason::NothingRecorded, vec![]);
        }
        self.say_and_hang_up(Notice::MessageThanks, Vec::new(), OutcomeCode::Voicemail)
    }

    /// The box, if it is there and active.
    pub(super) fn open_box(&self, id: VoicemailBoxId) -> Option<&'p VoicemailBox> {
        self.plan.voicemail_box(id).filter(|voicemail_box| voicemail_box.status.is_active())
    }

    fn record_message(&mut self, voicemail_box: &'p VoicemailBox) -> Go<'p> {
        let record = Record {
            max_length: voicemail_box.max_length.get(),
            what: Recorded::Message(voicemail_box.id),
            then: self.step(Position::BoxMessage { voicemail_box: voicemail_box.id }),
        };
        self.actions.push(Action::Record(record));
        self.comes_out(OutcomeCode::Voicemail, Some(Target::Voicemail(voicemail_box.id)));
        self.actions.push(Action::Speak(Speech::Notice { notice: Notice::MessageThanks, params: Vec::new() }));
        self.actions.push(Action::Hangup);
        Go::Done
    }

    /// The box's own greeting, else a sentence with its name.
    fn greeting(&self, voicemail_box: &'p VoicemailBox) -> Speech<'p> {
        match voicemail_box.greeting.and_then(|prompt| self.playable(prompt)) {
            Some(prompt) => Speech::Prompt(prompt),
            None => Speech::Notice {
                notice: Notice::BoxGreeting,
                params: vec![("name", Param::Text(voicemail_box.name.as_str()))],
            },
        }
    }
}
