//! The owner's menu of a voicemail box: hearing, keeping and deleting messages, the greeting, the PIN.

use super::{Go, OwnerPlace, OwnerStep, Position, Router, Target};
use crate::call::BoxContents;
use crate::decision::{Action, Effect, Gather, OutcomeCode, Record, Recorded, Speech};
use crate::extension::Extension;
use crate::id::{MessageId, VoicemailBoxId};
use crate::notice::{Notice, Reason};
use crate::trace::{Node, NodeKind, Param, Params};
use crate::voicemail_box::VoicemailBox;

/// Wrong PINs, wrong numbers, or silences in a row that end the call.
const TRIES: u8 = 3;

impl<'p> Router<'p, '_> {
    /// Opens an extension's own box: without asking when it has no PIN.
    pub(super) fn own_box(&mut self, owner: &'p Extension, reason: Reason) -> Go<'p> {
        let voicemail_box = self.plan.box_of(owner.id).filter(|found| found.status.is_active());
        let Some(voicemail_box) = voicemail_box else {
            return self.notice(Node::extension(owner), Reason::NoBox, vec![], Notice::NoBox);
        };
        self.because(Node::voicemail_box(voicemail_box), reason, vec![]);
        if voicemail_box.pin.is_some() {
            return self.ask_box_pin(voicemail_box, 0);
        }
        self.main_menu(voicemail_box, 0, None)
    }

    /// Asks whose box shall be opened.
    pub(super) fn ask_box_number(&mut self, tries: u8) -> Go<'p> {
        let gather =
            self.question(first_wrong(tries, Notice::NoSuchBox), Notice::EnterBoxNumber, Position::BoxNumber { tries });
        self.ask(gather)
    }

    pub(super) fn after_box_number(&mut self, tries: u8) -> Go<'p> {
        let keys = self.call.input.keys.as_deref().unwrap_or_default();
        let extension = keys.parse().ok().and_then(|number| self.plan.extension_by_number(number));
        let voicemail_box = extension.and_then(|extension| self.plan.box_of(extension.id));
        let caller = self.caller().map(|caller| caller.id);
        match voicemail_box.filter(|found| found.status.is_active()) {
            Some(voicemail_box) if voicemail_box.pin.is_some() => {
                self.because(Node::voicemail_box(voicemail_box), Reason::BoxChosen, vec![]);
                self.ask_box_pin(voicemail_box, 0)
            }
            // A box without a PIN opens only from its own extension.
            Some(voicemail_box) if voicemail_box.extension_id.is_some() && voicemail_box.extension_id == caller => {
                self.because(Node::voicemail_box(voicemail_box), Reason::BoxChosen, vec![]);
                self.main_menu(voicemail_box, 0, None)
            }
            _ => {
                let reason = if keys.is_empty() { Reason::NoBoxEntered } else { Reason::NoSuchBox };
                let params = vec![("keys", Param::Owned(keys.into()))];
                if tries.saturating_add(1) >= TRIES {
                    return self.notice(Node::call(), reason, params, Notice::Goodbye);
                }
                self.because(Node::call(), reason, params);
                self.ask_box_number(tries.saturating_add(1))
            }
        }
    }

    /// Asks for a box's PIN, unless its menu is locked.
    pub(super) fn ask_box_pin(&mut self, voicemail_box: &'p VoicemailBox, tries: u8) -> Go<'p> {
        match self.contents(voicemail_box.id) {
            Err(question) => return Go::Ask(question),
            Ok(Some(contents)) if contents.locked => {
                return self.notice(Node::voicemail_box(voicemail_box), Reason::BoxLocked, vec![], Notice::BoxLocked);
            }
            Ok(_) => {}
        }
        let position = Position::BoxPin { voicemail_box: voicemail_box.id, tries };
        let gather = self.question(first_wrong(tries, Notice::WrongPin), Notice::EnterPin, position);
        self.ask(gather)
    }

    pub(super) fn after_box_pin(&mut self, id: VoicemailBoxId, tries: u8) -> Go<'p> {
        let Some(voicemail_box) = self.open_box(id) else {
            return self.cannot_serve(Node::missing(NodeKind::VoicemailBox, id.get()), Reason::Vanished);
        };
        let node = Node::voicemail_box(voicemail_box);
        let keys = self.call.input.keys.as_deref().unwrap_or_default();
        let keys = keys.strip_suffix('#').unwrap_or(keys);
        match self.contents(id) {
            Err(question) => return Go::Ask(question),
            // A PIN is not even compared while the menu is locked.
            Ok(Some(contents)) if contents.locked => {
                return self.notice(node, Reason::BoxLocked, vec![], Notice::BoxLocked);
            }
            Ok(_) => {}
        }
        if voicemail_box.pin.as_ref().is_some_and(|pin| pin.is(keys)) {
            self.because(node, Reason::PinRight, vec![]);
            self.effects.push(Effect::RightPin { voicemail_box: id });
            return self.main_menu(voicemail_box, 0, None);
        }
        // Silence is no guess: it ends the call in the end, but locks nobody out. Nor can a PIN that was taken away be
        // wrong.
        if voicemail_box.pin.is_some() && !keys.is_empty() {
            self.effects.push(Effect::WrongPin { voicemail_box: id });
        }
        if tries.saturating_add(1) >= TRIES {
            return self.notice(node, Reason::PinTriesUsedUp, vec![], Notice::WrongPinGoodbye);
        }
        self.because(node, Reason::PinWrong, vec![("tries", u32::from(tries.saturating_add(1)).into())]);
        self.ask_box_pin(voicemail_box, tries.saturating_add(1))
    }

    pub(super) fn after_owner_key(&mut self, step: OwnerStep) -> Go<'p> {
        let Some(voicemail_box) = self.open_box(step.voicemail_box) else {
            return self
                .cannot_serve(Node::missing(NodeKind::VoicemailBox, step.voicemail_box.get()), Reason::Vanished);
        };
        let keys: Box<str> = self.call.input.keys.clone().unwrap_or_default();
        match step.place {
            OwnerPlace::Greeting => return self.after_new_greeting(voicemail_box),
            OwnerPlace::NewPin => return self.after_new_pin(voicemail_box, &keys, step.tries),
            OwnerPlace::Main | OwnerPlace::Message(_) => {}
        }
        let tries = if keys.is_empty() { step.tries.saturating_add(1) } else { step.tries };
        if tries >= TRIES {
            return self.notice(Node::voicemail_box(voicemail_box), Reason::OwnerSilent, vec![], Notice::Goodbye);
        }
        if keys.is_empty() {
            self.because(Node::voicemail_box(voicemail_box), Reason::OwnerWaits, vec![]);
        }
        match step.place {
            OwnerPlace::Message(message) => self.message_key(voicemail_box, message, &keys, tries),
            _ => self.main_key(voicemail_box, &keys, tries),
        }
    }

    /// The counts and the choices.
    fn main_menu(&mut self, voicemail_box: &'p VoicemailBox, tries: u8, first: Option<Notice>) -> Go<'p> {
        // What this very decision deletes is still in the box and must not be counted.
        let deletes = self.effects.iter().filter_map(|effect| match effect {
            Effect::DeleteMessage { message, .. } => Some(*message),
            _ => None,
        });
        let deleted: Vec<MessageId> = deletes.collect();
        let (new, saved) = match self.known_contents(voicemail_box) {
            Ok(contents) => {
                let left = || contents.messages.iter().filter(|message| !deleted.contains(&message.id));
                let new = left().filter(|message| message.new).count();
                (new, left().count() - new)
            }
            Err(go) => return go,
        };
        let counts: Params<'p> = vec![("new", Param::Count(new as u64)), ("saved", Param::Count(saved as u64))];
        self.because(Node::voicemail_box(voicemail_box), Reason::OwnerMenu, counts.clone());
        let mut prompts: Vec<Speech<'p>> = first.into_iter().map(plain).collect();
        prompts.push(Speech::Notice { notice: Notice::OwnerCounts, params: counts });
        prompts.push(plain(Notice::OwnerChoices));
        self.owner_keys(voicemail_box, OwnerPlace::Main, prompts, tries)
    }

    fn main_key(&mut self, voicemail_box: &'p VoicemailBox, keys: &str, tries: u8) -> Go<'p> {
        match keys {
            "1" => self.play_after(voicemail_box, None, None),
            "2" => self.record_greeting(voicemail_box),
            "3" => self.ask_new_pin(voicemail_box, 0, None),
            "*" => self.notice(Node::voicemail_box(voicemail_box), Reason::OwnerLeaves, vec![], Notice::Goodbye),
            "" => self.main_menu(voicemail_box, tries, None),
            _ => self.unknown_key(voicemail_box, keys, tries),
        }
    }

    fn unknown_key(&mut self, voicemail_box: &'p VoicemailBox, keys: &str, tries: u8) -> Go<'p> {
        if tries.saturating_add(1) >= TRIES {
            return self.notice(Node::voicemail_box(voicemail_box), Reason::OwnerSilent, vec![], Notice::Goodbye);
        }
        let params = vec![("keys", Param::Owned(keys.into()))];
        self.because(Node::voicemail_box(voicemail_box), Reason::OwnerKeyUnknown, params);
        self.main_menu(voicemail_box, tries.saturating_add(1), Some(Notice::MenuInvalid))
    }

    fn message_key(&mut self, voicemail_box: &'p VoicemailBox, message: MessageId, keys: &str, tries: u8) -> Go<'p> {
        let id = voicemail_box.id;
        match keys {
            "1" => self.play(voicemail_box, message, None, 0),
            "2" => {
                self.effects.push(Effect::KeepMessage { voicemail_box: id, message });
                self.because(Node::voicemail_box(voicemail_box), Reason::MessageKept, vec![]);
                self.play_after(voicemail_box, Some(message), Some(Notice::MessageKept))
            }
            "3" => {
                self.effects.push(Effect::DeleteMessage { voicemail_box: id, message });
                self.because(Node::voicemail_box(voicemail_box), Reason::MessageDeleted, vec![]);
                self.play_after(voicemail_box, Some(message), Some(Notice::MessageDeleted))
            }
            "#" => self.play_after(voicemail_box, Some(message), None),
            "*" => self.main_menu(voicemail_box, 0, None),
            "" => {
                self.owner_keys(voicemail_box, OwnerPlace::Message(message), vec![plain(Notice::MessageChoices)], tries)
            }
            _ => self.unknown_key(voicemail_box, keys, tries),
        }
    }

    /// Plays the first new message (where none is new, the first), or the one that came after another; the main menu
    /// when there is none. Hearing a message does not move it, so that none is passed over.
    fn play_after(
        &mut self,
        voicemail_box: &'p VoicemailBox,
        after: Option<MessageId>,
        first: Option<Notice>,
    ) -> Go<'p> {
        let next = match self.known_contents(voicemail_box) {
            Ok(contents) => {
                let mut messages = contents.messages.iter();
                let next = match after {
                    Some(after) => messages.find(|message| message.id > after),
                    None => messages.find(|message| message.new).or(contents.messages.first()),
                };
                next.map(|message| message.id)
            }
            Err(go) => return go,
        };
        match next {
            Some(message) => self.play(voicemail_box, message, first, 0),
            None if first.is_some() => self.main_menu(voicemail_box, 0, first),
            None => self.main_menu(voicemail_box, 0, Some(Notice::NoMoreMessages)),
        }
    }

    fn play(
        &mut self,
        voicemail_box: &'p VoicemailBox,
        message: MessageId,
        first: Option<Notice>,
        tries: u8,
    ) -> Go<'p> {
        self.effects.push(Effect::MessageHeard { voicemail_box: voicemail_box.id, message });
        self.because(
            Node::voicemail_box(voicemail_box),
            Reason::MessagePlayed,
            vec![("message", Param::Count(message.get()))],
        );
        let mut prompts: Vec<Speech<'p>> = first.into_iter().map(plain).collect();
        prompts.push(Speech::Message(message));
        prompts.push(plain(Notice::MessageChoices));
        self.owner_keys(voicemail_box, OwnerPlace::Message(message), prompts, tries)
    }

    fn record_greeting(&mut self, voicemail_box: &'p VoicemailBox) -> Go<'p> {
        self.because(Node::voicemail_box(voicemail_box), Reason::GreetingRecorded, vec![]);
        self.speak(plain(Notice::RecordGreeting));
        let place = OwnerStep { voicemail_box: voicemail_box.id, place: OwnerPlace::Greeting, tries: 0 };
        let again = OwnerStep { voicemail_box: voicemail_box.id, place: OwnerPlace::Main, tries: 0 };
        let record = Record {
            max_length: 60,
            what: Recorded::Greeting(voicemail_box.id),
            then: self.step(Position::Owner(place)),
        };
        // Nothing recorded: the platform goes on here, and the menu plays again.
        let silence = Action::Continue(self.step(Position::Owner(again)));
        self.actions.push(Action::Record(record));
        self.actions.push(silence);
        self.comes_out(OutcomeCode::VoicemailOwner, Some(Target::Voicemail(voicemail_box.id)));
        Go::Done
    }

    fn after_new_greeting(&mut self, voicemail_box: &'p VoicemailBox) -> Go<'p> {
        let node = Node::voicemail_box(voicemail_box);
        let Some(audio) = self.call.input.recording.clone() else {
            self.because(node, Reason::NothingRecorded, vec![]);
            return self.main_menu(voicemail_box, 1, None);
        };
        self.because(node, Reason::GreetingKept, vec![]);
        self.effects.push(Effect::SetGreeting { voicemail_box: voicemail_box.id, audio });
        self.main_menu(voicemail_box, 0, Some(Notice::GreetingSaved))
    }

    fn ask_new_pin(&mut self, voicemail_box: &'p VoicemailBox, tries: u8, first: Option<Notice>) -> Go<'p> {
        let mut prompts: Vec<Speech<'p>> = first.into_iter().map(plain).collect();
        prompts.push(plain(Notice::EnterNewPin));
        self.because(Node::voicemail_box(voicemail_box), Reason::NewPinAsked, vec![]);
        let place = OwnerStep { voicemail_box: voicemail_box.id, place: OwnerPlace::NewPin, tries };
        self.passed.answered = true;
        let gather = Gather {
            prompts,
            num_digits: None,
            first_key: 10,
            next_key: Some(4),
            ends_with_hash: true,
            silence_returns: true,
            then: self.step(Position::Owner(place)),
        };
        self.comes_out(OutcomeCode::VoicemailOwner, Some(Target::Voicemail(voicemail_box.id)));
        self.ask(gather)
    }

    fn after_new_pin(&mut self, voicemail_box: &'p VoicemailBox, keys: &str, tries: u8) -> Go<'p> {
        match keys.parse() {
            Ok(pin) => {
                self.because(Node::voicemail_box(voicemail_box), Reason::PinChanged, vec![]);
                self.effects.push(Effect::SetPin { voicemail_box: voicemail_box.id, pin });
                self.main_menu(voicemail_box, 0, Some(Notice::PinChanged))
            }
            Err(_) if tries.saturating_add(1) >= TRIES => self.main_menu(voicemail_box, 0, Some(Notice::PinNotChanged)),
            Err(_) => self.ask_new_pin(voicemail_box, tries.saturating_add(1), Some(Notice::PinNotChanged)),
        }
    }

    /// Asks for one key in the owner's menu.
    fn owner_keys(
        &mut self,
        voicemail_box: &'p VoicemailBox,
        place: OwnerPlace,
        prompts: Vec<Speech<'p>>,
        tries: u8,
    ) -> Go<'p> {
        self.passed.answered = true;
        let step = OwnerStep { voicemail_box: voicemail_box.id, place, tries };
        let gather = Gather {
            prompts,
            num_digits: Some(1),
            first_key: 10,
            next_key: None,
            ends_with_hash: false,
            silence_returns: true,
            then: self.step(Position::Owner(step)),
        };
        self.comes_out(OutcomeCode::VoicemailOwner, Some(Target::Voicemail(voicemail_box.id)));
        self.ask(gather)
    }

    /// A question that `#` ends and whose silence comes back.
    fn question(&mut self, first: Option<Notice>, question: Notice, position: Position) -> Gather<'p> {
        self.passed.answered = true;
        self.comes_out(OutcomeCode::VoicemailOwner, None);
        Gather {
            prompts: first.into_iter().chain([question]).map(plain).collect(),
            num_digits: None,
            first_key: 10,
            next_key: Some(4),
            ends_with_hash: true,
            silence_returns: true,
            then: self.step(position),
        }
    }

    /// Asks for keys. Silence comes back by itself, so nothing is left behind the input but a word of farewell.
    fn ask(&mut self, gather: Gather<'p>) -> Go<'p> {
        self.actions.extend([Action::Gather(gather), Action::Speak(plain(Notice::Goodbye)), Action::Hangup]);
        Go::Done
    }

    /// The contents of a box, which its owner must not be told wrongly.
    fn known_contents(&mut self, voicemail_box: &'p VoicemailBox) -> Result<&BoxContents, Go<'p>> {
        let id = voicemail_box.id;
        // Looked up twice because a borrow that is returned cannot be given up on the other branch.
        match self.contents(id) {
            Err(question) => return Err(Go::Ask(question)),
            Ok(None) => {
                let node = Node::voicemail_box(voicemail_box);
                return Err(self.notice(node, Reason::BoxUnknown, vec![], Notice::NotAvailableNow));
            }
            Ok(Some(_)) => {}
        }
        self.contents(id).ok().flatten().ok_or(Go::Done)
    }
}

const fn plain<'p>(notice: Notice) -> Speech<'p> {
    Speech::Notice { notice, params: Vec::new() }
}

fn first_wrong(tries: u8, notice: Notice) -> Option<Notice> {
    (tries > 0).then_some(notice)
}
