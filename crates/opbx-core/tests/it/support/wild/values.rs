//! The values that wild plans and calls are made of. Few of each, so that things meet.

use crate::support::dice::Dice;
use jiff::Timestamp;
use opbx_core::bounded::Bounded;
use opbx_core::destination::{Destination, ForwardTarget};
use opbx_core::id::*;
use opbx_core::organization::{Recording, Status};
use opbx_core::secret::Pin;

pub(crate) const EXTENSIONS: &[&str] = &["1001", "1002", "1003", "0123", "123", "99999", "911", "100", "1001"];
pub(crate) const OWN_NUMBERS: &[&str] =
    &["+12125550100", "+12125550101", "+442079460000", "+4930123456", "+12125550100"];
/// Numbers outside: ordinary, costly, of several countries, of none, and impossible ones.
pub(crate) const OUTSIDE: &[&str] = &[
    "+14155550123",
    "+14165550123",
    "+12125550177",
    "+18005550123",
    "+19005550123",
    "+442079460123",
    "+448441234567",
    "+4915112345678",
    "+34911234567",
    "+972501234567",
    "+870123456789",
    "+999123456789",
    "+1212555",
];
pub(crate) const SIP: &[&str] = &["bob@example.com", "a#b@example.com:5061;transport=tls"];
pub(crate) const PREFIXES: &[&str] =
    &["+1", "+1212", "+1415", "+14155550123", "+44", "+4420", "+49", "+34", "+870", "+9"];
pub(crate) const COUNTRIES: &[&str] = &["US", "GB", "DE", "CA", "ES", "IL"];
/// PINs that occur nowhere else, not even inside a number of seconds: one in a document is known for what it is.
pub(crate) const PINS: &[&str] = &["8351870", "46801357", "9073018264"];
const INSTANTS: &[&str] = &[
    "2026-03-10T14:12:00Z",
    "2026-03-08T07:00:00Z",
    "2026-11-01T05:30:00Z",
    "2026-12-24T23:59:59.999Z",
    "2026-12-25T00:00:00Z",
    "2026-12-31T12:00:00Z",
];

/// An instant: an ordinary one, one in the year of the plans' exceptions, or one at the ends of time.
pub(crate) fn now(dice: &mut Dice) -> Timestamp {
    match dice.roll(8) {
        0 => Timestamp::MIN,
        1 => Timestamp::MAX,
        2 | 3 => Timestamp::new(1_767_225_600 + i64::from(dice.between(0, 31_536_000)), 0).unwrap(),
        _ => dice.parse(INSTANTS),
    }
}

pub(crate) fn bounded<const MIN: u32, const MAX: u32>(dice: &mut Dice) -> Bounded<MIN, MAX> {
    let value = if dice.chance() { MIN + dice.between(0, 2) } else { dice.between(MIN, MAX) };
    Bounded::new(value.min(MAX)).unwrap()
}

pub(crate) fn name(dice: &mut Dice) -> opbx_core::text::Name {
    dice.parse(&["Sales", "Zürich", "a \"b\" <c> & d", "]]>", "x"])
}

pub(crate) fn status(dice: &mut Dice) -> Status {
    if dice.roll(8) == 1 { Status::Inactive } else { Status::Active }
}

pub(crate) fn recording(dice: &mut Dice) -> Option<Recording> {
    dice.pick(&[None, None, Some(Recording::Off), Some(Recording::FromAnswer), Some(Recording::FromRinging)])
}

pub(crate) fn pin(dice: &mut Dice) -> Option<Pin> {
    if dice.chance() { Some(dice.parse(PINS)) } else { None }
}

pub(crate) fn message(dice: &mut Dice) -> MessageId {
    MessageId::new(dice.between(1, 4).into())
}

/// An identifier: mostly of a row that may be there, rarely of one that never is.
pub(crate) fn id(dice: &mut Dice, most: u32) -> u64 {
    if dice.roll(20) == 1 { u64::MAX } else { dice.between(1, most).into() }
}

pub(crate) fn target(dice: &mut Dice) -> ForwardTarget {
    match dice.roll(4) {
        0 => ForwardTarget::Sip(dice.parse(SIP)),
        1 => ForwardTarget::Extension(dice.parse(EXTENSIONS)),
        2 => ForwardTarget::Number(dice.parse(OWN_NUMBERS)),
        _ => ForwardTarget::Number(dice.parse(OUTSIDE)),
    }
}

pub(crate) fn destination(dice: &mut Dice) -> Destination {
    behind(dice, 3)
}

/// A destination with at most `depth` announcements before its last.
fn behind(dice: &mut Dice, depth: usize) -> Destination {
    match dice.roll(14) {
        0 => Destination::Hangup,
        1 => Destination::Busy,
        2 | 3 => Destination::Extension { id: ExtensionId::new(id(dice, 6)) },
        4 | 5 => Destination::RingGroup { id: RingGroupId::new(id(dice, 4)) },
        6 | 7 => Destination::IvrMenu { id: IvrMenuId::new(id(dice, 4)) },
        8 => Destination::BusinessHours { id: BusinessHoursId::new(id(dice, 3)) },
        9 => Destination::ConferenceRoom { id: ConferenceRoomId::new(id(dice, 3)) },
        10 => Destination::Voicemail { id: VoicemailBoxId::new(id(dice, 5)) },
        11 => Destination::AiAssistant { id: AiAssistantId::new(id(dice, 3)) },
        12 => Destination::Forward { to: target(dice) },
        _ => {
            let prompt_id = PromptId::new(id(dice, 4));
            let then = (depth > 0 && dice.chance()).then(|| Box::new(behind(dice, depth - 1)));
            Destination::Announcement { prompt_id, then }
        }
    }
}

/// What a caller presses at one go: options, PINs, extension numbers, nonsense, nothing.
pub(crate) fn keys(dice: &mut Dice) -> Box<str> {
    const KEYS: &[&str] = &[
        "1",
        "2",
        "3",
        "*",
        "#",
        "",
        "1#",
        "12",
        "*0*0*0",
        "46801357",
        "9073018264#",
        "8351870",
        "1001",
        "1002",
        "0123",
        "911",
        "46801",
        "9999999999999999",
    ];
    dice.pick(KEYS).into()
}

/// Who may call from outside: numbers, and the ways not to show one.
pub(crate) fn stranger(dice: &mut Dice) -> &'static str {
    match dice.roll(5) {
        0 => dice.pick(&["", "anonymous", "Restricted", "PRIVATE", "unavailable", "unknown"]),
        1 => dice.pick(&["bob", "1001", "0123", "+", "*97", "sip:bob@example.com", "ünïcode\n<&>", "12125550100"]),
        _ => dice.pick(OUTSIDE),
    }
}
