//! The parts of arbitrary plans that stand by themselves: hours, menus, rooms, prompts, assistants, rules, blocks.

use super::{COUNTRIES, KEYS, Maker, NAMES, PREFIXES, TEXTS, ZONES};
use jiff::civil::Date;
use opbx_core::ai_assistant::{AiAssistant, Connection, Credentials};
use opbx_core::blocked_caller::BlockedCaller;
use opbx_core::bounded::Bounded;
use opbx_core::business_hours::{
    BusinessHours, DayHours, Exceptions, HoursKind, MinuteOfDay, OpeningRange, OpeningRanges, Override, OverrideMode,
    ScheduleException, WeeklySchedule,
};
use opbx_core::conference_room::ConferenceRoom;
use opbx_core::id::*;
use opbx_core::ivr_menu::{IvrMenu, MenuOption};
use opbx_core::keys::OptionKeys;
use opbx_core::outbound_rule::{CallerIdPolicy, OutboundRule, PermissionClasses};
use opbx_core::prompt::{MenuPrompt, PromptKind};
use opbx_core::text::Name;
use std::collections::HashSet;

impl Maker<'_> {
    pub(super) fn ranges(&mut self) -> OpeningRanges {
        let first = OpeningRange::new(self.minute(0, 11), self.minute(12, 12)).unwrap();
        let mut ranges = vec![first];
        if self.dice.chance() {
            let end = if self.dice.chance() { MinuteOfDay::END_OF_DAY } else { self.minute(0, 23) };
            let late = OpeningRange::new(MinuteOfDay::new(13, 0).unwrap(), end).unwrap();
            ranges.push(late);
        }
        OpeningRanges::new(ranges.clone()).unwrap_or_else(|_| OpeningRanges::new(vec![first]).unwrap())
    }

    pub(super) fn minute(&mut self, least: u8, most: u8) -> MinuteOfDay {
        let hour = self.dice.between(least.into(), most.into());
        MinuteOfDay::new(u8::try_from(hour).unwrap(), self.dice.pick(&[0, 30, 59])).unwrap()
    }

    pub(super) fn exceptions<D>(&mut self, mut leads: impl FnMut(&mut Self) -> Option<D>) -> Exceptions<D> {
        let count = self.dice.roll(4);
        let mut dates = HashSet::new();
        let mut days = Vec::new();
        for _ in 0..count {
            let date = Date::new(2026, i8::try_from(self.dice.between(1, 12)).unwrap(), 24).unwrap();
            if !dates.insert(date) {
                continue;
            }
            let kind = if self.dice.chance() { HoursKind::SpecialHours(self.ranges()) } else { HoursKind::Closed };
            let name = self.dice.pick(&["Christmas", "", "a \u{1}\u{85}\r", "\"x\""]).to_owned();
            days.push(ScheduleException { date, name, kind, destination: leads(self) });
        }
        Exceptions::new(days).unwrap()
    }

    pub(super) fn hours(&mut self, id: u64, name: Name) -> BusinessHours {
        let mut week = WeeklySchedule::default();
        let mut day = DayHours::default();
        for weekday in jiff::civil::Weekday::Monday.cycle_forward().take(7) {
            // Often the same as the day before.
            if self.dice.chance() {
                day = match self.dice.roll(4) {
                    0 => DayHours::default(),
                    1 => DayHours::new(false, self.ranges()).unwrap(),
                    _ => DayHours::new(true, self.ranges()).unwrap(),
                };
            }
            week.set_day(weekday, day.clone());
        }
        let (open, closed) = (self.destination(), self.destination());
        let mut it = BusinessHours::new(BusinessHoursId::new(id), name, week, open, closed);
        it.timezone = self.dice.maybe(|dice| dice.parse(ZONES));
        it.exceptions = self.exceptions(|it| if it.dice.chance() { Some(it.destination()) } else { None });
        let mut lists: Vec<u64> = (1..=self.counts.lists).filter(|_| self.dice.chance()).collect();
        if self.dice.chance() {
            lists.reverse();
        }
        it.holiday_list_ids = lists.into_iter().map(HolidayListId::new).collect();
        it.over.mode = self.dice.pick(&[OverrideMode::Auto, OverrideMode::Open, OverrideMode::Closed]);
        if it.over.mode != OverrideMode::Auto {
            let until = self.dice.maybe(|_| ()).map(|()| self.instant());
            let reason = self.dice.maybe(|dice| dice.pick(&["Fire drill", "", "x\ny"]).to_owned());
            it.over = Override { mode: it.over.mode, until, reason };
        }
        it.status = self.status();
        it
    }

    pub(super) fn menu_prompt(&mut self) -> MenuPrompt {
        match self.one_of(self.counts.prompts) {
            Some(id) if self.dice.chance() => MenuPrompt::Library { prompt_id: PromptId::new(id) },
            _ => MenuPrompt::Text {
                text: self.dice.parse(TEXTS),
                voice: self.dice.maybe(|dice| dice.parse(&["Joanna", "a b"])),
            },
        }
    }

    pub(super) fn menu(&mut self, id: u64, name: Name) -> IvrMenu {
        let mut options: Vec<MenuOption> = Vec::new();
        for _ in 0..=self.dice.roll(6) {
            let digits: OptionKeys = self.dice.parse(KEYS);
            let label = self.dice.maybe(|dice| dice.parse(NAMES));
            let destination = self.destination();
            let apart = |it: &MenuOption| {
                let (one, other) = (it.digits.as_str(), digits.as_str());
                !one.starts_with(other) && !other.starts_with(one)
            };
            if options.iter().all(apart) {
                options.push(MenuOption { digits, label, destination });
            }
        }
        let prompt = self.menu_prompt();
        let mut it = IvrMenu::new(IvrMenuId::new(id), name, prompt, options);
        it.status = self.status();
        if self.dice.chance() {
            (it.max_timeout, it.inter_digit_timeout, it.max_turns) = (self.bounded(), self.bounded(), self.bounded());
        }
        it.direct_dial = self.dice.chance();
        let excluded = (1..=self.counts.extensions).rev().filter(|_| self.dice.chance());
        it.direct_dial_exclude = excluded.map(ExtensionId::new).collect();
        it.invalid_prompt = self.dice.maybe(|_| ()).map(|()| self.menu_prompt());
        it.silence_prompt = self.dice.maybe(|_| ()).map(|()| self.menu_prompt());
        it.failover = self.destination();
        it
    }

    pub(super) fn room(&mut self, id: u64, name: Name) -> ConferenceRoom {
        let mut it = ConferenceRoom::new(ConferenceRoomId::new(id), name);
        it.description = self.dice.maybe(|dice| dice.parse(&["Board room", ""]));
        it.status = self.status();
        it.max_participants = self.bounded();
        it.wait_for_host = self.dice.chance();
        it.mute_on_entry = self.dice.chance();
        it.announce_join_leave = self.dice.chance();
        it.music_on_hold = self.dice.chance();
        it.recording = self.dice.chance();
        it.end_on_host_exit = self.dice.chance();
        it
    }

    pub(super) fn prompt_kind(&mut self) -> PromptKind {
        match self.dice.roll(3) {
            0 => PromptKind::Upload,
            1 => PromptKind::Text {
                text: self.dice.parse(TEXTS),
                voice: self.dice.maybe(|dice| dice.parse(&["Joanna"])),
            },
            _ => PromptKind::Remote { url: self.dice.parse(&["https://acme.example/a.mp3", "http://x/a,b#c:"]) },
        }
    }

    pub(super) fn assistant(&mut self, id: u64, name: Name) -> AiAssistant {
        let credentials =
            self.dice.maybe(|dice| Credentials { username: dice.parse(&["ava", "", "a \"b\""]), password: None });
        let connection = match self.dice.roll(3) {
            0 => Connection::Service {
                provider: self.dice.parse(&["retell", "x#y"]),
                number: self.dice.parse(&["+12125550177", "agent,1", "a:"]),
                credentials,
            },
            1 => Connection::Sip { sip_uri: self.dice.parse(&["ava@example.com"]), credentials },
            _ => {
                let count = self.dice.roll(3);
                let parameters = (0..count)
                    .map(|_| (self.dice.parse(&["lang", "#x", "->", "a\"b"]), self.dice.parse(&["en", "", "a\\b"])))
                    .collect();
                Connection::Stream { url: self.dice.parse(&["wss://acme.example/s", "wss://x,y/#z"]), parameters }
            }
        };
        let (status, fallback) = (self.status(), self.destination());
        AiAssistant { id: AiAssistantId::new(id), name, status, connection, fallback }
    }

    pub(super) fn some_of<T: std::str::FromStr>(&mut self, from: &[&str]) -> Vec<T> {
        let count = if self.dice.roll(4) == 1 { from.len() } else { self.dice.roll(3) };
        from.iter().take(count).map(|text| text.parse().ok().unwrap()).collect()
    }

    pub(super) fn rule(&mut self, id: u64, name: Name) -> OutboundRule {
        let mut lengths = [self.dice.maybe(|dice| dice.between(1, 15)), self.dice.maybe(|dice| dice.between(1, 15))];
        if let [Some(least), Some(most)] = &mut lengths
            && least > most
        {
            std::mem::swap(least, most);
        }
        let [least, most] = lengths.map(|length| length.and_then(Bounded::new));
        OutboundRule {
            id: OutboundRuleId::new(id),
            name,
            position: u32::try_from(id - 1).unwrap(),
            countries: self.some_of(COUNTRIES),
            prefixes: self.some_of(PREFIXES),
            min_length: least,
            max_length: most,
            strip: self.bounded(),
            prepend: self.dice.parse(&["", "00", "9#", "+", "*1"]),
            trunk: self.dice.maybe(|dice| dice.parse(&["ny", "the world", "trunk", "9"])),
            caller_id: match (self.dice.roll(3), self.one_of(self.counts.numbers)) {
                (1, Some(id)) => CallerIdPolicy::Number { phone_number_id: PhoneNumberId::new(id) },
                (2, _) => CallerIdPolicy::Anonymous,
                _ => CallerIdPolicy::Extension,
            },
            permissions: PermissionClasses { national: self.dice.chance(), international: self.dice.chance() },
            allow_premium: self.dice.chance(),
            status: self.status(),
        }
    }

    pub(super) fn blocks(&mut self) -> Vec<BlockedCaller> {
        let count = self.dice.roll(4);
        (1..)
            .zip(PREFIXES.iter().take(count))
            .map(|(id, pattern)| BlockedCaller {
                id: BlockedCallerId::new(id),
                pattern: pattern.parse().unwrap(),
                reason: self.dice.maybe(|dice| dice.parse(&["nuisance", "", "a\nb"])),
                destination: self.dice.maybe(|_| ()).map(|()| self.destination()),
                expires_at: self.dice.maybe(|_| ()).map(|()| self.instant()),
                status: self.status(),
            })
            .collect()
    }
}
