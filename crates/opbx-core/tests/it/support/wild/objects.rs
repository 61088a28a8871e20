//! Wild rows of the inside.

use super::values::{
    COUNTRIES, EXTENSIONS, OWN_NUMBERS, SIP, bounded, destination, id, name, pin, recording, status, target,
};
use crate::support::dice::Dice;
use jiff::civil::{Date, Weekday};
use opbx_core::bounded::Priority;
use opbx_core::business_hours::{
    BusinessHours, DayHours, Exceptions, HolidayList, HoursKind, MinuteOfDay, NamedHolidayList, OpeningRange,
    OpeningRanges, Override, OverrideMode, ScheduleException, WeeklySchedule,
};
use opbx_core::conference_room::ConferenceRoom;
use opbx_core::extension::{Extension, ExtensionKind, OutboundPermission};
use opbx_core::id::*;
use opbx_core::ivr_menu::{IvrMenu, MenuOption};
use opbx_core::organization::{Organization, OrganizationStatus};
use opbx_core::phone_number::PhoneNumber;
use opbx_core::prompt::{MenuPrompt, Prompt, PromptKind};
use opbx_core::ring_group::{Member, RingGroup, Strategy};
use opbx_core::sound::{AudioFile, AudioFormat, ContentDigest, Sound};
use opbx_core::voicemail_box::VoicemailBox;

const ZONES: &[&str] = &["America/New_York", "UTC", "Europe/London", "Australia/Lord_Howe", "Nowhere/Land"];

pub(super) fn organization(dice: &mut Dice) -> Organization {
    let mut it = Organization::new(OrganizationId::new(1), name(dice), dice.parse(COUNTRIES), dice.parse(ZONES));
    if dice.roll(30) == 1 {
        it.status = OrganizationStatus::Suspended;
    }
    it.language = dice.parse(&["en", "en-GB", "es-MX", "fr"]);
    it.voice = dice.maybe(|dice| dice.parse(&["Joanna", "the <other> one"]));
    it.no_answer_timeout = bounded(dice);
    it.max_call_seconds = bounded(dice);
    it.recording = recording(dice).unwrap_or_default();
    it.recording_notice = dice.maybe(|dice| PromptId::new(id(dice, 4)));
    it.reject_anonymous = dice.roll(4) == 1;
    it.emergency_caller_id = dice.maybe(|dice| dice.parse(OWN_NUMBERS));
    it
}

pub(super) fn extension(dice: &mut Dice, row: u64) -> Extension {
    let mut it = Extension::new(ExtensionId::new(row), dice.parse(EXTENSIONS), name(dice));
    it.status = status(dice);
    it.kind = if dice.roll(3) == 1 { kind(dice) } else { ExtensionKind::User { sip_uri: sip(dice) } };
    it.voicemail_enabled = dice.chance();
    it.ring_timeout = dice.maybe(bounded);
    it.do_not_disturb = dice.roll(6) == 1;
    it.forward_always = dice.maybe(destination);
    it.forward_busy = dice.maybe(destination);
    it.forward_no_answer = dice.maybe(destination);
    it.forward_unreachable = dice.maybe(destination);
    it.outbound_permission = dice.pick(&[
        OutboundPermission::International,
        OutboundPermission::International,
        OutboundPermission::International,
        OutboundPermission::National,
        OutboundPermission::National,
        OutboundPermission::Internal,
        OutboundPermission::None,
    ]);
    it.caller_id = dice.maybe(|dice| PhoneNumberId::new(id(dice, 4)));
    it.recording = recording(dice);
    it.missed_call_email = dice.maybe(|dice| dice.parse(&["desk@acme.example", "\"a@b\"@acme.example"]));
    it
}

fn sip(dice: &mut Dice) -> Option<opbx_core::sip_uri::SipUri> {
    if dice.roll(4) == 1 { Some(dice.parse(SIP)) } else { None }
}

fn kind(dice: &mut Dice) -> ExtensionKind {
    match dice.roll(8) {
        0 => ExtensionKind::RingGroup { ring_group_id: RingGroupId::new(id(dice, 4)) },
        1 => ExtensionKind::Ivr { ivr_menu_id: IvrMenuId::new(id(dice, 4)) },
        2 => ExtensionKind::Conference { conference_room_id: ConferenceRoomId::new(id(dice, 3)) },
        3 => ExtensionKind::BusinessHours { business_hours_id: BusinessHoursId::new(id(dice, 3)) },
        4 => ExtensionKind::Voicemail { voicemail_box_id: VoicemailBoxId::new(id(dice, 5)) },
        5 => ExtensionKind::AiAssistant { ai_assistant_id: AiAssistantId::new(id(dice, 3)) },
        6 => ExtensionKind::Announcement { prompt_id: PromptId::new(id(dice, 4)) },
        _ => ExtensionKind::Forward { forward_to: target(dice) },
    }
}

pub(super) fn number(dice: &mut Dice, row: u64) -> PhoneNumber {
    let mut it = PhoneNumber::new(PhoneNumberId::new(row), dice.parse(OWN_NUMBERS), destination(dice));
    it.status = status(dice);
    it.recording = recording(dice);
    it.reject_anonymous = dice.maybe(Dice::chance);
    it.caller_name_prefix = dice.maybe(|dice| dice.parse(&["Sales ", "\"<", "é"]));
    it
}

pub(super) fn group(dice: &mut Dice, row: u64) -> RingGroup {
    let strategy = dice.pick(&[Strategy::Simultaneous, Strategy::RoundRobin, Strategy::Sequential]);
    let members = (0..dice.roll(6))
        .map(|_| Member { extension_id: ExtensionId::new(id(dice, 6)), priority: bounded::<1, 100>(dice) })
        .collect();
    let mut it = RingGroup::new(RingGroupId::new(row), name(dice), strategy, members);
    it.status = status(dice);
    it.timeout = bounded(dice);
    it.ring_turns = bounded(dice);
    it.follow_forwards = dice.chance();
    it.fallback = destination(dice);
    it.recording = recording(dice);
    it.caller_name_prefix = dice.maybe(|dice| dice.parse(&["Team ", "\\"]));
    it.missed_call_email = dice.maybe(|dice| dice.parse(&["desk@acme.example", "a+b@acme.example"]));
    it
}

/// A group with these members, in this order.
pub(crate) fn group_of(strategy: Strategy, members: &[ExtensionId]) -> RingGroup {
    let members = members.iter().map(|id| Member { extension_id: *id, priority: Priority::literal::<1>() });
    RingGroup::new(RingGroupId::new(1), "Sales".parse().unwrap(), strategy, members.collect())
}

pub(super) fn menu(dice: &mut Dice, row: u64) -> IvrMenu {
    let options = (0..dice.roll(6))
        .map(|_| MenuOption {
            digits: dice.parse(&["1", "2", "3", "12", "*", "#", "1001", "1#"]),
            label: dice.maybe(name),
            destination: destination(dice),
        })
        .collect();
    let mut it = IvrMenu::new(IvrMenuId::new(row), name(dice), menu_prompt(dice), options);
    it.status = status(dice);
    it.max_turns = bounded(dice);
    it.max_timeout = bounded(dice);
    it.inter_digit_timeout = bounded(dice);
    it.direct_dial = dice.chance();
    it.direct_dial_exclude = (0..dice.roll(3)).map(|_| ExtensionId::new(id(dice, 6))).collect();
    it.invalid_prompt = dice.maybe(menu_prompt);
    it.silence_prompt = dice.maybe(menu_prompt);
    it.failover = destination(dice);
    it
}

fn menu_prompt(dice: &mut Dice) -> MenuPrompt {
    if dice.roll(3) == 1 {
        return MenuPrompt::Library { prompt_id: PromptId::new(id(dice, 4)) };
    }
    MenuPrompt::Text { text: dice.parse(&["Press 1.", "a\n\tb <c> & d"]), voice: None }
}

fn ranges(dice: &mut Dice) -> OpeningRanges {
    let hour = |dice: &mut Dice| MinuteOfDay::new(u8::try_from(dice.roll(24)).unwrap(), 30).unwrap();
    OpeningRanges::new(vec![OpeningRange::new(hour(dice), hour(dice)).unwrap()]).unwrap()
}

fn days<D>(dice: &mut Dice, mut leads: impl FnMut(&mut Dice) -> Option<D>) -> Exceptions<D> {
    let days = (24..=24 + dice.roll(3)).map(|day| ScheduleException {
        date: Date::new(2026, 12, i8::try_from(day).unwrap()).unwrap(),
        name: "Christmas".to_owned(),
        kind: if dice.chance() { HoursKind::SpecialHours(ranges(dice)) } else { HoursKind::Closed },
        destination: leads(dice),
    });
    Exceptions::new(days.collect()).unwrap()
}

pub(super) fn hours(dice: &mut Dice, row: u64) -> BusinessHours {
    let mut week = WeeklySchedule::default();
    for day in Weekday::Monday.cycle_forward().take(7) {
        week.set_day(day, DayHours::new(dice.chance(), ranges(dice)).unwrap());
    }
    let (open, closed) = (destination(dice), destination(dice));
    let mut it = BusinessHours::new(BusinessHoursId::new(row), name(dice), week, open, closed);
    it.timezone = dice.maybe(|dice| dice.parse(ZONES));
    it.exceptions = days(dice, |dice| dice.maybe(destination));
    it.holiday_list_ids = (0..dice.roll(3)).map(|_| HolidayListId::new(id(dice, 2))).collect();
    if dice.roll(4) == 1 {
        let mode = dice.pick(&[OverrideMode::Open, OverrideMode::Closed]);
        it.over = Override { mode, until: dice.maybe(super::values::now), reason: Some("Fire drill".to_owned()) };
    }
    it.status = status(dice);
    it
}

pub(super) fn holidays(dice: &mut Dice, row: u64) -> NamedHolidayList {
    let list = HolidayList { days: days(dice, |_| None) };
    NamedHolidayList { id: HolidayListId::new(row), name: name(dice), list }
}

pub(super) fn room(dice: &mut Dice, row: u64) -> ConferenceRoom {
    let mut it = ConferenceRoom::new(ConferenceRoomId::new(row), name(dice));
    it.status = status(dice);
    it.max_participants = bounded(dice);
    (it.pin, it.host_pin) = (pin(dice), pin(dice));
    (it.wait_for_host, it.mute_on_entry, it.recording) = (dice.chance(), dice.chance(), dice.chance());
    (it.announce_join_leave, it.music_on_hold, it.end_on_host_exit) = (dice.chance(), dice.chance(), dice.chance());
    it
}

pub(super) fn voicemail_box(dice: &mut Dice, row: u64) -> VoicemailBox {
    let mut it = VoicemailBox::new(VoicemailBoxId::new(row), name(dice));
    it.status = status(dice);
    it.extension_id = if dice.roll(4) == 1 { None } else { Some(ExtensionId::new(id(dice, 6))) };
    it.pin = pin(dice);
    it.greeting = dice.maybe(|dice| PromptId::new(id(dice, 4)));
    it.max_length = bounded(dice);
    it.max_messages = bounded(dice);
    it
}

fn sound(dice: &mut Dice) -> Sound {
    match dice.roll(3) {
        0 => Sound::Absent,
        1 => Sound::Unreachable { error: "The server answered 404.".into() },
        _ => Sound::Held(AudioFile {
            format: AudioFormat::Wav,
            bytes: 1_000,
            milliseconds: None,
            digest: ContentDigest::new([7; 32]),
            key: "1/a".into(),
        }),
    }
}

pub(super) fn prompt(dice: &mut Dice, row: u64) -> Prompt {
    let kind = match dice.roll(3) {
        0 => PromptKind::Upload,
        1 => PromptKind::Text { text: dice.parse(&["Hello.", "a\n<b>"]), voice: dice.maybe(|d| d.parse(&["Amy"])) },
        _ => PromptKind::Remote { url: dice.parse(&["https://acme.example/a.mp3?x=1&y=2"]) },
    };
    Prompt { id: PromptId::new(row), name: name(dice), status: status(dice), kind, sound: sound(dice) }
}
