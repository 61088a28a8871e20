//! Arbitrary plans as reading a text gives them: identifiers count from 1, names are unique, references lead
//! somewhere, positions count from 0, and extensions with voicemail have their boxes.

mod parts;

use super::dice::Dice;
use jiff::Timestamp;
use opbx_core::bounded::Bounded;
use opbx_core::business_hours::{HolidayList, NamedHolidayList};
use opbx_core::caps::{CallCaps, Money};
use opbx_core::destination::{Destination, Failsafe, ForwardTarget};
use opbx_core::extension::{Extension, ExtensionKind, OutboundPermission};
use opbx_core::id::*;
use opbx_core::organization::{Organization, OrganizationStatus, Recording, Status};
use opbx_core::phone_number::PhoneNumber;
use opbx_core::plan::PlanSource;
use opbx_core::prompt::Prompt;
use opbx_core::ring_group::{Member, RingGroup, Strategy as RingStrategy};
use opbx_core::sound::Sound;
use opbx_core::text::Name;
use opbx_core::voicemail_box::{EmailMode, VoicemailBox};
use proptest::prelude::*;
use std::collections::HashSet;

/// Arbitrary plans.
pub(crate) fn plan_source() -> impl Strategy<Value = PlanSource> {
    prop::collection::vec(any::<u8>(), 0..900).prop_map(|bytes| {
        let mut dice = Dice::new(bytes);
        Maker::new(&mut dice).plan()
    })
}

const NAMES: &[&str] = &[
    "Sales",
    "Front desk",
    "else",
    "Zürich",
    "a \"b\" \\c",
    "x",
    "group",
    "1st",
    "A # b",
    "-> x",
    "voicemail",
    "x_y-z",
    "a,b",
    "12",
    "until",
];
const TEXTS: &[&str] = &["Hello.", "Two\nlines\tand \"quotes\"", "# no comment", "¡Hola!", "back\\slash"];
const ZONES: &[&str] = &["America/New_York", "UTC", "Europe/London", "Australia/Lord_Howe", "Pacific/Apia"];
const INSTANTS: &[&str] = &[
    "2026-03-09T14:00:00Z",
    "2026-11-01T06:30:00Z",
    "2026-11-01T05:30:00Z",
    "2027-01-01T05:00:00Z",
    "2027-01-01T00:00:00Z",
    "2026-07-01T12:34:56.789Z",
    "2026-03-08T07:00:00Z",
    "0001-01-02T03:04:00Z",
];
const KEYS: &[&str] = &["1", "20", "21", "#", "*#", "*1", "0", "300", "3011", "3012", "4", "5", "6", "7", "8", "9"];
const TARGETS: &[&str] = &["+14155550123", "1001", "sip:bob@example.com:5061;transport=tls", "sip:a,b@example.com"];
const PREFIXES: &[&str] = &["+1", "+1212", "+49", "+442079460000", "+7", "+33", "+34", "+39", "+41", "+43", "+45"];
const COUNTRIES: &[&str] = &["US", "CA", "DE", "FR", "GB", "ES", "IT", "CH", "AT", "DK", "SE", "NO"];

/// How many objects of each kind the plan has: what a reference may name.
#[derive(Debug, Default)]
struct Counts {
    extensions: u64,
    numbers: u64,
    groups: u64,
    hours: u64,
    lists: u64,
    menus: u64,
    rooms: u64,
    boxes: u64,
    prompts: u64,
    assistants: u64,
}

struct Maker<'d> {
    dice: &'d mut Dice,
    counts: Counts,
}

impl<'d> Maker<'d> {
    fn new(dice: &'d mut Dice) -> Self {
        let mut count = |most: usize| dice.roll(most + 1) as u64;
        let mut counts = Counts {
            extensions: count(6),
            numbers: count(3),
            groups: count(3),
            hours: count(3),
            lists: count(3),
            menus: count(3),
            rooms: count(2),
            boxes: count(4),
            prompts: count(4),
            assistants: count(3),
        };
        // A group has members, so it needs a person: the first extension is one.
        counts.extensions = counts.extensions.max(u64::from(counts.groups > 0));
        Self { dice, counts }
    }

    fn plan(mut self) -> PlanSource {
        let mut plan = PlanSource::new(self.organization());
        let numbers = self.counts.numbers;
        plan.extensions = self.extensions();
        plan.voicemail_boxes = self.boxes(&mut plan.extensions);
        plan.phone_numbers = (1..=numbers).map(|id| self.number(id)).collect();
        let people: Vec<ExtensionId> = plan.extensions.iter().filter(|it| it.is_user()).map(|it| it.id).collect();
        plan.ring_groups = self.named(self.counts.groups, |it, id, name| it.group(id, name, &people));
        plan.holiday_lists = self.named(self.counts.lists, |it, id, name| NamedHolidayList {
            id: HolidayListId::new(id),
            name,
            list: HolidayList { days: it.exceptions(|_| None) },
        });
        plan.business_hours = self.named(self.counts.hours, Self::hours);
        plan.ivr_menus = self.named(self.counts.menus, Self::menu);
        plan.conference_rooms = self.named(self.counts.rooms, Self::room);
        plan.prompts = self.named(self.counts.prompts, |it, id, name| {
            let (status, kind) = (it.status(), it.prompt_kind());
            Prompt { id: PromptId::new(id), name, status, kind, sound: Sound::Absent }
        });
        plan.ai_assistants = self.named(self.counts.assistants, Self::assistant);
        let rules = self.dice.roll(4) as u64;
        plan.outbound_rules = self.named(rules, Self::rule);
        plan.blocked_callers = self.blocks();
        plan
    }

    /// Objects with unique names.
    fn named<T>(&mut self, count: u64, mut make: impl FnMut(&mut Self, u64, Name) -> T) -> Vec<T> {
        let mut used = HashSet::new();
        (1..=count)
            .map(|id| {
                let name = self.unique(&mut used, NAMES);
                make(self, id, name)
            })
            .collect()
    }

    fn unique(&mut self, used: &mut HashSet<String>, from: &[&str]) -> Name {
        let mut name = self.dice.pick(from).to_owned();
        while !used.insert(name.clone()) {
            name.push_str(&format!(" {}", used.len()));
        }
        name.parse().unwrap()
    }

    fn bounded<const MIN: u32, const MAX: u32>(&mut self) -> Bounded<MIN, MAX> {
        Bounded::new(self.dice.between(MIN, MAX)).unwrap()
    }

    fn status(&mut self) -> Status {
        if self.dice.roll(4) == 1 { Status::Inactive } else { Status::Active }
    }

    fn recording(&mut self) -> Recording {
        self.dice.pick(&[Recording::Off, Recording::FromAnswer, Recording::FromRinging])
    }

    fn instant(&mut self) -> Timestamp {
        self.dice.parse(INSTANTS)
    }

    /// The identifier of one of `count` objects.
    fn one_of(&mut self, count: u64) -> Option<u64> {
        (count > 0).then(|| 1 + self.dice.roll(usize::try_from(count).unwrap()) as u64)
    }

    fn destination(&mut self) -> Destination {
        self.single(3).unwrap_or(Destination::Hangup)
    }

    fn single(&mut self, depth: usize) -> Option<Destination> {
        let (kind, counts) = (self.dice.roll(11), &self.counts);
        let count = match kind {
            2 => counts.extensions,
            3 => counts.groups,
            4 => counts.menus,
            5 => counts.hours,
            6 => counts.rooms,
            7 => counts.boxes,
            8 => counts.assistants,
            9 => counts.prompts,
            1 => return Some(Destination::Busy),
            10 => return Some(Destination::Forward { to: self.dice.parse(TARGETS) }),
            _ => return Some(Destination::Hangup),
        };
        let id = self.one_of(count)?;
        Some(match kind {
            2 => Destination::Extension { id: ExtensionId::new(id) },
            3 => Destination::RingGroup { id: RingGroupId::new(id) },
            4 => Destination::IvrMenu { id: IvrMenuId::new(id) },
            5 => Destination::BusinessHours { id: BusinessHoursId::new(id) },
            6 => Destination::ConferenceRoom { id: ConferenceRoomId::new(id) },
            7 => Destination::Voicemail { id: VoicemailBoxId::new(id) },
            8 => Destination::AiAssistant { id: AiAssistantId::new(id) },
            _ => {
                let then = if depth > 0 && self.dice.chance() { self.single(depth - 1).map(Box::new) } else { None };
                Destination::Announcement { prompt_id: PromptId::new(id), then }
            }
        })
    }

    fn organization(&mut self) -> Organization {
        let name = self.dice.parse(NAMES);
        let mut it =
            Organization::new(OrganizationId::new(1), name, self.dice.parse(COUNTRIES), self.dice.parse(ZONES));
        if self.dice.roll(5) == 1 {
            it.status = OrganizationStatus::Suspended;
        }
        it.language = self.dice.parse(&["en", "es-MX", "de"]);
        it.voice = self.dice.maybe(|dice| dice.parse(&["Joanna", "the \"other\" one"]));
        it.no_answer_timeout = self.dice.maybe(|_| ()).map_or(it.no_answer_timeout, |()| self.bounded());
        it.max_call_seconds = self.dice.maybe(|_| ()).map_or(it.max_call_seconds, |()| self.bounded());
        it.recording = self.recording();
        it.recording_notice =
            self.dice.maybe(|_| ()).and_then(|()| self.one_of(self.counts.prompts)).map(PromptId::new);
        it.reject_anonymous = self.dice.chance();
        it.mask_numbers = self.dice.chance();
        if self.dice.chance()
            && let Some(number) = self.one_of(self.counts.numbers)
        {
            it.emergency_caller_id = Some(format!("+1212555010{number}").parse().unwrap());
        }
        it.failsafe = match self.dice.roll(5) {
            1 => Some(Failsafe::Hangup),
            2 => Some(Failsafe::Busy),
            3 => Some(Failsafe::Forward { to: ForwardTarget::Number("+14155550123".parse().unwrap()) }),
            4 => Some(Failsafe::Forward { to: "sip:bob@example.com".parse().unwrap() }),
            _ => None,
        };
        if self.dice.chance() {
            it.outbound_caps = self.caps();
            it.per_extension_caps = self.caps();
        }
        it
    }

    fn caps(&mut self) -> CallCaps {
        let dice = &mut self.dice;
        CallCaps {
            concurrent: dice.maybe(|dice| dice.between(0, 12)),
            per_minute: dice.maybe(|dice| dice.between(0, 40)),
            per_day: dice.maybe(|dice| dice.between(0, 1_000)),
            cost_per_day: dice.maybe(|dice| Money::from_millionths(dice.between(0, 9_000_000).into())),
        }
    }

    fn extensions(&mut self) -> Vec<Extension> {
        (1..=self.counts.extensions)
            .map(|id| {
                let number = ["1001", "0123", "123", "99999", "1002", "1003"][usize::try_from(id - 1).unwrap()];
                let name = self.dice.parse(NAMES);
                let mut it = Extension::new(ExtensionId::new(id), number.parse().unwrap(), name);
                it.status = self.status();
                it.kind = if id == 1 { ExtensionKind::User { sip_uri: None } } else { self.extension_kind() };
                it.voicemail_enabled = self.dice.chance();
                it.ring_timeout = self.dice.maybe(|_| ()).map(|()| self.bounded());
                it.do_not_disturb = self.dice.chance();
                it.forward_always = self.dice.maybe(|_| ()).map(|()| self.destination());
                it.forward_busy = self.dice.maybe(|_| ()).map(|()| self.destination());
                it.forward_no_answer = self.dice.maybe(|_| ()).map(|()| self.destination());
                it.forward_unreachable = self.dice.maybe(|_| ()).map(|()| self.destination());
                it.outbound_permission = self.dice.pick(&[
                    OutboundPermission::Internal,
                    OutboundPermission::None,
                    OutboundPermission::National,
                    OutboundPermission::International,
                ]);
                it.caller_id =
                    self.dice.maybe(|_| ()).and_then(|()| self.one_of(self.counts.numbers)).map(PhoneNumberId::new);
                it.recording = self.dice.maybe(|_| ()).map(|()| self.recording());
                it.caps = self.dice.maybe(|_| ()).map(|()| self.caps()).unwrap_or_default();
                it
            })
            .collect()
    }

    fn extension_kind(&mut self) -> ExtensionKind {
        if self.dice.chance() {
            let sip_uri = self.dice.maybe(|dice| dice.parse(&["bob@example.com", "a#b@example.com;transport=udp;x=1"]));
            return ExtensionKind::User { sip_uri };
        }
        match self.destination() {
            Destination::Forward { to } => ExtensionKind::Forward { forward_to: to },
            Destination::RingGroup { id } => ExtensionKind::RingGroup { ring_group_id: id },
            Destination::IvrMenu { id } => ExtensionKind::Ivr { ivr_menu_id: id },
            Destination::ConferenceRoom { id } => ExtensionKind::Conference { conference_room_id: id },
            Destination::BusinessHours { id } => ExtensionKind::BusinessHours { business_hours_id: id },
            Destination::Voicemail { id } => ExtensionKind::Voicemail { voicemail_box_id: id },
            Destination::AiAssistant { id } => ExtensionKind::AiAssistant { ai_assistant_id: id },
            Destination::Announcement { prompt_id, .. } => ExtensionKind::Announcement { prompt_id },
            _ => ExtensionKind::User { sip_uri: None },
        }
    }

    /// Boxes with a line, then those that extensions get by themselves.
    fn boxes(&mut self, extensions: &mut [Extension]) -> Vec<VoicemailBox> {
        let mut used = HashSet::new();
        let mut boxes: Vec<VoicemailBox> = Vec::new();
        for id in 1..=self.counts.boxes {
            let owner = self.dice.maybe(|_| ()).and_then(|()| self.one_of(self.counts.extensions));
            let name = match extensions.iter().find(|it| Some(it.id.get()) == owner) {
                // Sometimes as if it had come by itself.
                Some(owner) if self.dice.chance() => self.unique(&mut used, &[owner.name.as_str()]),
                _ => self.unique(&mut used, NAMES),
            };
            let mut it = VoicemailBox::new(VoicemailBoxId::new(id), name);
            it.extension_id = owner.map(ExtensionId::new);
            if self.dice.chance() {
                it.status = self.status();
                it.greeting = self.one_of(self.counts.prompts).map(PromptId::new);
                it.max_length = self.bounded();
                it.max_messages = self.bounded();
                it.email = self.dice.maybe(|dice| dice.parse(&["desk@acme.example", "a,b@c", "\"q\"@c"]));
                it.email_mode = self.dice.pick(&[EmailMode::Link, EmailMode::None, EmailMode::Attach]);
            }
            boxes.push(it);
        }
        for extension in extensions.iter_mut().filter(|it| it.voicemail_enabled) {
            if boxes.iter().any(|it| it.extension_id == Some(extension.id)) {
                continue;
            }
            let longer = format!("{} {}", extension.name, extension.number);
            let name = if used.contains(extension.name.as_str()) { longer } else { extension.name.to_string() };
            if !used.insert(name.clone()) {
                extension.voicemail_enabled = false;
                continue;
            }
            let id = VoicemailBoxId::new(boxes.len() as u64 + 1);
            let mut it = VoicemailBox::new(id, name.parse().unwrap());
            it.extension_id = Some(extension.id);
            boxes.push(it);
        }
        boxes
    }

    fn number(&mut self, id: u64) -> PhoneNumber {
        let number = format!("+1212555010{id}").parse().unwrap();
        let mut it = PhoneNumber::new(PhoneNumberId::new(id), number, self.destination());
        it.name = self.dice.maybe(|dice| dice.parse(NAMES));
        it.status = self.status();
        it.recording = self.dice.maybe(|_| ()).map(|()| self.recording());
        it.reject_anonymous = self.dice.maybe(Dice::chance);
        it.caller_name_prefix = self.dice.maybe(|dice| dice.parse(&["Sales ", "\"", "#"]));
        it
    }

    fn group(&mut self, id: u64, name: Name, people: &[ExtensionId]) -> RingGroup {
        let strategy = [RingStrategy::Simultaneous, RingStrategy::RoundRobin, RingStrategy::Sequential];
        let mut it = RingGroup::new(RingGroupId::new(id), name, self.dice.pick(&strategy), Vec::new());
        it.description = self.dice.maybe(|dice| dice.parse(&["People who sell", "", "a\nb"]));
        it.status = self.status();
        it.timeout = self.bounded();
        it.ring_turns = self.bounded();
        it.follow_forwards = self.dice.chance();
        let odd = self.dice.chance();
        let (from, count) = (self.dice.roll(people.len().max(1)), 1 + self.dice.roll(people.len().max(1)));
        let chosen = people.iter().cycle().skip(from).take(count.min(people.len()));
        for (place, &extension_id) in (1..).zip(chosen) {
            let priority = if odd { self.bounded() } else { Bounded::new(place).unwrap() };
            it.members.push(Member { extension_id, priority });
        }
        it.fallback = self.destination();
        it.recording = self.dice.maybe(|_| ()).map(|()| self.recording());
        it.caller_name_prefix = self.dice.maybe(|dice| dice.parse(&["Sales ", "\\"]));
        it
    }
}
