//! Wild calls: any direction, anybody to anybody, and steps that no honest call could be in.

use super::values::{EXTENSIONS, OUTSIDE, OWN_NUMBERS, id, keys, message, stranger};
use crate::support::dice::Dice;
use crate::support::numbering::{FixtureNumbering, party};
use opbx_core::call::{Call, DialResult, Direction, Input, Party, RecordedAudio};
use opbx_core::id::*;
use opbx_core::number::Numbering;
use opbx_core::plan::RoutingPlan;
use opbx_core::route::{GroupStep, OwnerPlace, OwnerStep, Passed, Position, Step};

const CODES: &[&str] = &[
    "*97",
    "*98",
    "*78",
    "*79",
    "*72",
    "*721002",
    "*72+14155550123",
    "*72+12125550100",
    "*7202079460123",
    "*72911",
    "*73",
    "*43",
    "*99",
    "*",
    "*970",
];
const SPELLED: &[&str] =
    &["2125550100", "(212) 555-0100", "12125550101", "020 7946 0000", "00442079460000", "4155550123", "911", "112"];
const GARBAGE: &[&str] =
    &["", "bob", "+", "ünï\u{0}\n<&>", "99999999999999999999999", "-", "999", "110", "100", "10111"];

/// A call at its start: mostly somebody of the plan who calls something of the plan, or a stranger who calls one of its
/// numbers; else anybody anything.
pub(crate) fn call(dice: &mut Dice, plan: &RoutingPlan) -> Call {
    use Direction::{Application, Inbound, Outbound, OutboundApi, Subscriber, Unknown};
    let extensions: Vec<String> = plan.extensions().map(|row| row.number.to_string()).collect();
    let numbers: Vec<String> = plan.phone_numbers().map(|row| row.number.to_string()).collect();
    let inside = dice.chance();
    let direction = match dice.roll(4) {
        0 => dice.pick(&[Subscriber, Inbound, Unknown, Outbound, Application, OutboundApi]),
        _ if inside => dice.pick(&[Subscriber, Subscriber, Application, OutboundApi]),
        _ => Inbound,
    };
    let from = match dice.roll(8) {
        0 => dice.pick(EXTENSIONS).to_owned(),
        1 => dice.pick(OWN_NUMBERS).to_owned(),
        2 => stranger(dice).to_owned(),
        _ if inside => among(dice, &extensions, EXTENSIONS),
        _ => stranger(dice).to_owned(),
    };
    let to = match dice.roll(if inside { 18 } else { 8 }) {
        0 => dice.pick(GARBAGE).to_owned(),
        1 => dice.pick(SPELLED).to_owned(),
        2..=6 => among(dice, &numbers, OWN_NUMBERS),
        7 | 8 => among(dice, &extensions, EXTENSIONS),
        9..=11 => dice.pick(CODES).to_owned(),
        _ => dice.pick(OUTSIDE).to_owned(),
    };
    let (mut from, mut to) = (party(&from, plan), party(&to, plan));
    for end in [&mut from, &mut to] {
        if dice.roll(12) == 1 {
            misread(end, dice);
        }
    }
    let mut call = Call::new(direction, from, to);
    call.caller_name = dice.maybe(|dice| dice.pick(&["Bob <b>", "", "ü\u{1}\n"]).into());
    call
}

fn among(dice: &mut Dice, plans: &[String], others: &[&str]) -> String {
    if plans.is_empty() { dice.pick(others).to_owned() } else { dice.pick(plans) }
}

/// Readings that have little to do with the text: a numbering plan in which short numbers are whole ones.
fn misread(end: &mut Party, dice: &mut Dice) {
    let facts = |dice: &mut Dice| {
        let numbers = if dice.chance() { OUTSIDE } else { OWN_NUMBERS };
        Some(FixtureNumbering.facts(dice.parse(numbers)))
    };
    end.national = if dice.chance() { facts(dice) } else { None };
    end.international = if dice.chance() { facts(dice) } else { None };
}

/// What a request brings, fitting or not.
pub(crate) fn input(dice: &mut Dice) -> Input {
    const RESULTS: &[DialResult] =
        &[DialResult::NoAnswer, DialResult::Busy, DialResult::Failed, DialResult::Answered, DialResult::Canceled];
    Input {
        keys: if dice.chance() { Some(keys(dice)) } else { None },
        dial: if dice.chance() { Some(dice.pick(RESULTS)) } else { None },
        recording: if dice.chance() { Some(audio(dice)) } else { None },
    }
}

pub(crate) fn audio(dice: &mut Dice) -> RecordedAudio {
    RecordedAudio { url: "https://platform.example/r.wav".into(), seconds: dice.maybe(|dice| dice.between(0, 600)) }
}

/// A step made by hand: counters anywhere, identifiers of whatever.
pub(crate) fn hostile_step(dice: &mut Dice) -> Step {
    let mut count = || dice.pick(&[0, 1, 2, 3, 9, 19, 20, 59, 60, 61, 254, 255]);
    let (entered, forwards, menu_turns, tries) = (count(), count(), count(), count());
    let mut any = || id(dice, 6);
    let passed_ids = [any(), any(), any()];
    let it = any();
    let passed = Passed {
        entered,
        forwards,
        menu_turns,
        number: dice.maybe(|_| PhoneNumberId::new(passed_ids[0])),
        group: dice.maybe(|_| RingGroupId::new(passed_ids[1])),
        parent: dice.maybe(|_| IvrMenuId::new(passed_ids[2])),
        answered: dice.chance(),
        notice_played: dice.chance(),
    };
    Step { position: position(dice, it, tries), passed }
}

fn position(dice: &mut Dice, it: u64, tries: u8) -> Position {
    let voicemail_box = VoicemailBoxId::new(it);
    match dice.roll(15) {
        0 => Position::Start,
        1 => Position::Extension { extension: ExtensionId::new(it) },
        2 => Position::Forward { by: dice.maybe(|_| ExtensionId::new(it)) },
        3 => Position::Outbound,
        4 => Position::Emergency,
        5 => Position::Group(GroupStep {
            group: RingGroupId::new(it),
            round: tries,
            turn: dice.pick(&[0, 1, 7, u64::MAX]),
            remaining: (0..dice.pick(&[0, 1, 3, 6, 50])).map(|_| ExtensionId::new(id(dice, 8))).collect(),
        }),
        6 => Position::Menu { menu: IvrMenuId::new(it), silent: dice.chance() },
        7 => Position::RoomPin { room: ConferenceRoomId::new(it), tries, silent: dice.chance() },
        8 => Position::Room,
        9 => Position::Assistant { assistant: AiAssistantId::new(it) },
        10 => Position::BoxGreeting { voicemail_box },
        11 => Position::BoxMessage { voicemail_box },
        12 => Position::BoxNumber { tries },
        13 => Position::BoxPin { voicemail_box, tries },
        _ => {
            let place = match dice.roll(4) {
                0 => OwnerPlace::Main,
                1 => OwnerPlace::Message(message(dice)),
                2 => OwnerPlace::Greeting,
                _ => OwnerPlace::NewPin,
            };
            Position::Owner(OwnerStep { voicemail_box, place, tries })
        }
    }
}
