//! A step as bytes, for the address that the platform calls next, and back.
//!
//! Compact on purpose: with fifty members still to try it must fit, signed and spelled, into 400 characters. The
//! shell adds whose call it is and until when, and signs; this is only the payload. Numbers are little-endian base-128
//! varints.

use super::step::{GroupStep, OwnerPlace, OwnerStep, Passed, Position, Step};
use crate::id::{
    AiAssistantId, ConferenceRoomId, ExtensionId, IvrMenuId, MessageId, PhoneNumberId, RingGroupId, VoicemailBoxId,
};
use crate::ring_group::RingGroup;

/// The first byte; one that a later release cannot read must differ.
const VERSION: u8 = 1;

/// Bytes that are no step of this version.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not a step of a call")]
pub struct DecodeError;

impl Step {
    /// The step as bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Encoder(Vec::with_capacity(32));
        out.byte(VERSION);
        out.passed(&self.passed);
        out.position(&self.position);
        out.0
    }

    /// The step that these bytes are.
    ///
    /// # Errors
    ///
    /// When they are not exactly one step.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut bytes = Decoder(bytes);
        if bytes.byte()? != VERSION {
            return Err(DecodeError);
        }
        let passed = bytes.passed()?;
        let position = bytes.position()?;
        if bytes.0.is_empty() { Ok(Self { position, passed }) } else { Err(DecodeError) }
    }
}

struct Encoder(Vec<u8>);

impl Encoder {
    fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.byte((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        self.byte(number as u8);
    }

    fn passed(&mut self, passed: &Passed) {
        let flags = [
            passed.answered,
            passed.notice_played,
            passed.number.is_some(),
            passed.group.is_some(),
            passed.parent.is_some(),
        ];
        self.byte(flags.iter().rev().fold(0, |byte, flag| byte << 1 | u8::from(*flag)));
        for count in [passed.entered, passed.forwards, passed.menu_turns] {
            self.byte(count);
        }
        let ids = [
            passed.number.map(PhoneNumberId::get),
            passed.group.map(RingGroupId::get),
            passed.parent.map(IvrMenuId::get),
        ];
        for id in ids.into_iter().flatten() {
            self.number(id);
        }
    }

    fn position(&mut self, position: &Position) {
        match position {
            Position::Start => self.byte(0),
            Position::Extension { extension } => self.tagged(1, extension.get()),
            Position::Forward { by: None } => self.byte(2),
            Position::Forward { by: Some(by) } => self.tagged(3, by.get()),
            Position::Outbound => self.byte(4),
            Position::Emergency => self.byte(5),
            Position::Group(step) => self.group(step),
            Position::Menu { menu, silent } => self.tagged(if *silent { 8 } else { 7 }, menu.get()),
            Position::RoomPin { room, tries, silent } => {
                self.tagged(if *silent { 10 } else { 9 }, room.get());
                self.byte(*tries);
            }
            Position::Room => self.byte(11),
            Position::Assistant { assistant } => self.tagged(12, assistant.get()),
            Position::BoxGreeting { voicemail_box } => self.tagged(13, voicemail_box.get()),
            Position::BoxMessage { voicemail_box } => self.tagged(14, voicemail_box.get()),
            Position::BoxNumber { tries } => {
                self.byte(15);
                self.byte(*tries);
            }
            Position::BoxPin { voicemail_box, tries } => {
                self.tagged(16, voicemail_box.get());
                self.byte(*tries);
            }
            Position::Owner(step) => {
                let tag = match step.place {
                    OwnerPlace::Main => 17,
                    OwnerPlace::Message(_) => 18,
                    OwnerPlace::Greeting => 19,
                    OwnerPlace::NewPin => 20,
                };
                self.tagged(tag, step.voicemail_box.get());
                self.byte(step.tries);
                if let OwnerPlace::Message(message) = step.place {
                    self.number(message.get());
                }
            }
        }
    }

    fn tagged(&mut self, tag: u8, id: u64) {
        self.byte(tag);
        self.number(id);
    }

    /// The members as distances from the lowest, all of the same width. The members of a group were mostly made
    /// together, so one or two bytes do; and where they were not, a varint each could be longer than what is left.
    fn group(&mut self, step: &GroupStep) {
        self.tagged(6, step.group.get());
        self.byte(step.round);
        self.number(step.turn);
        let ids = || step.remaining.iter().map(|id| id.get());
        let lowest = ids().min().unwrap_or(0);
        let widest = ids().max().unwrap_or(0) - lowest;
        let width = (8 - widest.leading_zeros() as usize / 8).max(1);
        self.byte(u8::try_from(step.remaining.len()).unwrap_or(u8::MAX));
        self.number(lowest);
        self.byte(width as u8);
        for id in ids() {
            let bytes = (id - lowest).to_le_bytes();
            self.0.extend_from_slice(bytes.get(..width).unwrap_or_default());
        }
    }
}

struct Decoder<'a>(&'a [u8]);

impl<'a> Decoder<'a> {
    fn byte(&mut self) -> Result<u8, DecodeError> {
        let (first, rest) = self.0.split_first().ok_or(DecodeError)?;
        self.0 = rest;
        Ok(*first)
    }

    fn bytes(&mut self, count: usize) -> Result<&'a [u8], DecodeError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(DecodeError)?;
        self.0 = rest;
        Ok(taken)
    }

    fn number(&mut self) -> Result<u64, DecodeError> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return Err(DecodeError);
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(DecodeError)
    }

    fn passed(&mut self) -> Result<Passed, DecodeError> {
        let flags = self.byte()?;
        let flag = |place: u8| flags >> place & 1 == 1;
        if flags >> 5 != 0 {
            return Err(DecodeError);
        }
        let (entered, forwards, menu_turns) = (self.byte()?, self.byte()?, self.byte()?);
        let mut id = |present: bool| present.then(|| self.number()).transpose();
        Ok(Passed {
            entered,
            forwards,
            menu_turns,
            number: id(flag(2))?.map(PhoneNumberId::new),
            group: id(flag(3))?.map(RingGroupId::new),
            parent: id(flag(4))?.map(IvrMenuId::new),
            answered: flag(0),
            notice_played: flag(1),
        })
    }

    fn position(&mut self) -> Result<Position, DecodeError> {
        let tag = self.byte()?;
        Ok(match tag {
            0 => Position::Start,
            1 => Position::Extension { extension: ExtensionId::new(self.number()?) },
            2 => Position::Forward { by: None },
            3 => Position::Forward { by: Some(ExtensionId::new(self.number()?)) },
            4 => Position::Outbound,
            5 => Position::Emergency,
            6 => Position::Group(self.group()?),
            7 | 8 => Position::Menu { menu: IvrMenuId::new(self.number()?), silent: tag == 8 },
            9 | 10 => Position::RoomPin {
                room: ConferenceRoomId::new(self.number()?),
                tries: self.byte()?,
                silent: tag == 10,
            },
            11 => Position::Room,
            12 => Position::Assistant { assistant: AiAssistantId::new(self.number()?) },
            13 => Position::BoxGreeting { voicemail_box: self.voicemail_box()? },
            14 => Position::BoxMessage { voicemail_box: self.voicemail_box()? },
            15 => Position::BoxNumber { tries: self.byte()? },
            16 => Position::BoxPin { voicemail_box: self.voicemail_box()?, tries: self.byte()? },
            17..=20 => {
                let voicemail_box = self.voicemail_box()?;
                let tries = self.byte()?;
                let place = match tag {
                    17 => OwnerPlace::Main,
                    18 => OwnerPlace::Message(MessageId::new(self.number()?)),
                    19 => OwnerPlace::Greeting,
                    _ => OwnerPlace::NewPin,
                };
                Position::Owner(OwnerStep { voicemail_box, place, tries })
            }
            _ => return Err(DecodeError),
        })
    }

    fn voicemail_box(&mut self) -> Result<VoicemailBoxId, DecodeError> {
        self.number().map(VoicemailBoxId::new)
    }

    fn group(&mut self) -> Result<GroupStep, DecodeError> {
        let group = RingGroupId::new(self.number()?);
        let round = self.byte()?;
        let turn = self.number()?;
        let count = usize::from(self.byte()?);
        let lowest = self.number()?;
        let width = usize::from(self.byte()?);
        if count > RingGroup::MAX_MEMBERS || !(1..=8).contains(&width) {
            return Err(DecodeError);
        }
        let mut remaining = Vec::with_capacity(count);
        for _ in 0..count {
            let mut bytes = [0; 8];
            for (slot, byte) in bytes.iter_mut().zip(self.bytes(width)?) {
                *slot = *byte;
            }
            let id = lowest.checked_add(u64::from_le_bytes(bytes)).ok_or(DecodeError)?;
            remaining.push(ExtensionId::new(id));
        }
        Ok(GroupStep { group, round, turn, remaining })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifty_members_far_apart_fit_into_a_signed_address() {
        let remaining = (0..50).map(|place| ExtensionId::new(1 + place * (u64::from(u32::MAX) / 50))).collect();
        let big = u64::from(u32::MAX);
        let passed = Passed {
            entered: 60,
            forwards: 3,
            menu_turns: 9,
            number: Some(PhoneNumberId::new(big)),
            group: Some(RingGroupId::new(big)),
            parent: Some(IvrMenuId::new(big)),
            answered: true,
            notice_played: true,
        };
        let step = GroupStep { group: RingGroupId::new(big), round: 8, turn: big, remaining };
        let step = Step { position: Position::Group(step), passed };
        let bytes = step.encode();
        assert_eq!(Step::decode(&bytes), Ok(step));
        // The shell adds organization (5), fingerprint (8), expiry (5) and a signature of 16 bytes, and spells six
        // bits in a character.
        assert!((bytes.len() + 5 + 8 + 5 + 16).div_ceil(3) * 4 <= 360, "{}", bytes.len());
    }

    #[test]
    fn nothing_but_a_whole_step_is_read() {
        let bytes = Step::start().encode();
        assert!(Step::decode(&bytes).is_ok());
        for length in 0..bytes.len() {
            assert_eq!(Step::decode(&bytes[..length]), Err(DecodeError), "{length}");
        }
        let mut longer = bytes.clone();
        longer.push(0);
        assert_eq!(Step::decode(&longer), Err(DecodeError));
    }
}
