//! Conference rooms: the PIN, and the way in as participant or host.

use super::{Go, Position, Router, Target};
use crate::conference_room::ConferenceRoom;
use crate::decision::{Action, Dial, DialTarget, Gather, OutcomeCode, Speech};
use crate::id::ConferenceRoomId;
use crate::notice::{Notice, Reason};
use crate::organization::Recording;
use crate::trace::{Node, NodeKind};

/// Wrong or missing PINs that end the call.
const PIN_TRIES: u8 = 3;

impl<'p> Router<'p, '_> {
    pub(super) fn enter_room(&mut self, id: ConferenceRoomId) -> Go<'p> {
        let Some(room) = self.plan.conference_room(id) else {
            return self.cannot_serve(Node::missing(NodeKind::ConferenceRoom, id.get()), Reason::Missing);
        };
        if !room.status.is_active() {
            return self.notice(Node::room(room), Reason::Inactive, vec![], Notice::NotAvailable);
        }
        if room.pin.is_none() && room.host_pin.is_none() {
            self.because(Node::room(room), Reason::RoomOpen, vec![]);
            return self.join(room, false);
        }
        self.because(Node::room(room), Reason::RoomAsksPin, vec![]);
        self.ask_room_pin(room, 0)
    }

    pub(super) fn after_room_pin(&mut self, id: ConferenceRoomId, tries: u8, silent: bool) -> Go<'p> {
        let Some(room) = self.plan.conference_room(id).filter(|room| room.status.is_active()) else {
            return self.cannot_serve(Node::missing(NodeKind::ConferenceRoom, id.get()), Reason::Vanished);
        };
        let keys = if silent { "" } else { self.call.input.keys.as_deref().unwrap_or_default() };
        match role(room, keys) {
            Some(host) => {
                let reason = if host { Reason::HostPin } else { Reason::ParticipantPin };
                self.because(Node::room(room), reason, vec![]);
                self.join(room, host)
            }
            None if tries.saturating_add(1) >= PIN_TRIES => {
                self.notice(Node::room(room), Reason::PinTriesUsedUp, vec![], Notice::WrongPinGoodbye)
            }
            None => {
                self.because(
                    Node::room(room),
                    Reason::PinWrong,
                    vec![("tries", u32::from(tries.saturating_add(1)).into())],
                );
                self.ask_room_pin(room, tries.saturating_add(1))
            }
        }
    }

    fn ask_room_pin(&mut self, room: &'p ConferenceRoom, tries: u8) -> Go<'p> {
        let question = if room.pin.is_some() { Notice::EnterPin } else { Notice::EnterHostPin };
        let mut prompts = Vec::with_capacity(2);
        if tries > 0 {
            prompts.push(Speech::Notice { notice: Notice::WrongPin, params: Vec::new() });
        }
        prompts.push(Speech::Notice { notice: question, params: Vec::new() });
        self.passed.answered = true;
        let step = |silent| self.step(Position::RoomPin { room: room.id, tries, silent });
        let gather = Gather {
            prompts,
            num_digits: None,
            first_key: 10,
            next_key: Some(4),
            // `#` alone is a participant's choice, so the platform must deliver it.
            ends_with_hash: false,
            silence_returns: true,
            then: step(false),
        };
        let silence = Action::Continue(step(true));
        self.actions.push(Action::Gather(gather));
        self.actions.push(silence);
        self.comes_out(OutcomeCode::Conference, Some(Target::ConferenceRoom(room.id)));
        Go::Done
    }

    fn join(&mut self, room: &'p ConferenceRoom, host: bool) -> Go<'p> {
        if room.recording {
            self.announce_recording(Recording::FromAnswer);
        }
        self.passed.answered = true;
        let dial = Dial {
            target: DialTarget::Conference { room, host },
            caller_id: self.callers_own_id(),
            caller_name: None,
            timeout: None,
            time_limit: Some(self.plan.organization().max_call_seconds.get()),
            recording: Recording::Off,
            trunk: None,
            then: self.step(Position::Room),
        };
        self.actions.push(Action::Dial(dial));
        self.comes_out(OutcomeCode::Conference, Some(Target::ConferenceRoom(room.id)));
        Go::Done
    }
}

/// What these keys make the caller: host, participant, or nobody.
fn role(room: &ConferenceRoom, keys: &str) -> Option<bool> {
    let pin = keys.strip_suffix('#').unwrap_or(keys);
    if room.host_pin.as_ref().is_some_and(|host| host.is(pin)) {
        return Some(true);
    }
    let participant = match &room.pin {
        Some(own) => own.is(pin),
        None => keys == "#",
    };
    participant.then_some(false)
}
