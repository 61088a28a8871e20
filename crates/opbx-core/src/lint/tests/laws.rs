//! What holds for every plan, however wild.

use super::player::{call_to, goes_round, played};
use super::*;
use crate::business_hours::{Override, OverrideMode};
use crate::call::DialResult;
use crate::extension::OutboundPermission;
use crate::lint::{Fault, Finding};
use crate::notice::Reason;
use proptest::prelude::*;
use proptest::strategy::Strategy;
use std::cell::RefCell;

/// Choices, one byte each; when they are used up, always the first.
struct Dice(RefCell<std::vec::IntoIter<u8>>);

impl Dice {
    fn new(bytes: Vec<u8>) -> Self {
        Self(RefCell::new(bytes.into_iter()))
    }

    fn below(&self, sides: u64) -> u64 {
        u64::from(self.0.borrow_mut().next().unwrap_or(0)) % sides
    }

    fn once_in(&self, sides: u64) -> bool {
        self.below(sides) == 1
    }

    /// An identifier of an object that may exist.
    fn id(&self) -> u64 {
        1 + self.below(4)
    }

    fn status(&self) -> Status {
        if self.once_in(6) { Status::Inactive } else { Status::Active }
    }

    fn target(&self) -> String {
        match self.below(5) {
            0 => "sip:bob@example.com".to_owned(),
            1 => format!("+121255501{:02}", self.id()),
            2 => format!("+{}2079460000", if self.once_in(2) { 44 } else { 1 }),
            _ => format!("{}", 200 + self.id()),
        }
    }

    fn destination(&self, announcements: u8) -> Destination {
        let id = self.id();
        match self.below(14) {
            0 => Destination::Hangup,
            1 => Destination::Busy,
            2 | 3 => group(id),
            4 | 5 => menu(id),
            6 | 7 => hours(id),
            8 => room(id),
            9 => voicemail(id),
            10 => assistant(id),
            11 => forward(&self.target()),
            12 if announcements > 0 => play(id, (!self.once_in(3)).then(|| self.destination(announcements - 1))),
            _ => extension(id),
        }
    }

    fn maybe(&self) -> Option<Destination> {
        self.once_in(3).then(|| self.destination(2))
    }

    fn prompt(&self) -> Option<PromptId> {
        self.once_in(3).then(|| PromptId::new(self.id()))
    }

    fn kind(&self) -> ExtensionKind {
        match self.below(8) {
            1 => ExtensionKind::Forward { forward_to: parsed(&self.target()) },
            2 => ExtensionKind::RingGroup { ring_group_id: RingGroupId::new(self.id()) },
            3 => ExtensionKind::Announcement { prompt_id: PromptId::new(self.id()) },
            _ => ExtensionKind::User { sip_uri: None },
        }
    }

    /// A plan of up to three objects of each kind, with references that may lead anywhere. Its schedules are held open
    /// or closed or never open, so that the moment of a call is all the same.
    fn plan(&self) -> Sketch {
        let mut sketch = Sketch::new().organization(|row| row.recording_notice = self.prompt());
        for id in 1..=3 {
            sketch = sketch
                .number(id, self.destination(2), |row| row.status = self.status())
                .extension(id, |row| {
                    row.status = self.status();
                    row.kind = self.kind();
                    row.voicemail_enabled = self.once_in(2);
                    row.do_not_disturb = self.once_in(5);
                    row.forward_always = self.maybe();
                    row.forward_busy = self.maybe();
                    row.forward_no_answer = self.maybe();
                    row.forward_unreachable = self.maybe();
                    if self.once_in(2) {
                        row.outbound_permission = OutboundPermission::National;
                    }
                })
                .group(id, &[self.id(), self.id()], |row| {
                    row.status = self.status();
                    row.follow_forwards = self.once_in(3);
                    row.fallback = self.destination(2);
                })
                .menu(id, &[("1", self.destination(2)), ("23", self.destination(2))], |row| {
                    row.status = self.status();
                    row.direct_dial = self.once_in(2);
                    row.failover = self.destination(2);
                    if let Some(prompt_id) = self.prompt() {
                        row.prompt = MenuPrompt::Library { prompt_id };
                    }
                })
                .hours(id, self.destination(2), self.destination(2), |row| {
                    row.status = self.status();
                    match self.below(3) {
                        0 => row.over = Override { mode: OverrideMode::Open, until: None, reason: None },
                        1 => row.over = Override { mode: OverrideMode::Closed, until: None, reason: None },
                        _ => row.schedule = WeeklySchedule::default(),
                    }
                })
                .assistant(id, self.destination(2), |row| {
                    row.status = self.status();
                    if self.once_in(4) {
                        row.connection =
                            Connection::Stream { url: parsed("wss://example.com/a"), parameters: Vec::new() };
                    }
                })
                .voicemail(id, |row| {
                    row.status = self.status();
                    row.extension_id = self.once_in(2).then(|| ExtensionId::new(self.id()));
                    row.greeting = self.prompt();
                })
                .room(id, |row| row.status = self.status())
                .prompt(id, |row| row.status = self.status())
                .blocked(id, self.maybe());
        }
        sketch.rule(1, &["US"], plain)
    }
}

fn dice() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..400)
}

fn has(findings: &[Finding<'_>], codes: &[Fault]) -> bool {
    findings.iter().any(|finding| codes.contains(&finding.code))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn every_plan_is_judged_in_order_and_in_words(bytes in dice()) {
        let sketch = Dice::new(bytes).plan();
        let plan = sketch.plan();
        let findings = lint(&plan);
        let again = sketch.plan();
        prop_assert_eq!(&findings, &lint(&again));
        prop_assert!(findings.is_sorted_by_key(|finding| finding.severity));
        for finding in &findings {
            prop_assert!(!finding.path.is_empty());
            for language in Language::ALL {
                let text = finding_text(finding, language);
                prop_assert!(!text.contains(['{', '}']) && !text.contains("  ") && !text.ends_with(' '), "{}", text);
            }
        }
    }

    #[test]
    fn every_loop_found_is_a_loop_for_a_call(bytes in dice()) {
        let sketch = Dice::new(bytes).plan();
        let plan = sketch.plan();
        for finding in lint(&plan).iter().filter(|finding| finding.code == Fault::Loop) {
            prop_assert!(goes_round(&sketch, finding), "{}", path_text(&finding.path, Language::English));
        }
    }

    #[test]
    fn no_call_of_a_silent_caller_is_cut_off_without_a_finding(bytes in dice(), results in dice()) {
        let plan = Dice::new(bytes).plan().plan();
        let findings = lint(&plan);
        let results = Dice::new(results);
        for number in plan.phone_numbers() {
            let played = played(&plan, call_to(number.number), |_| result(&results), || None);
            if played.was_cut_off() {
                prop_assert!(has(&findings, &[Fault::Loop, Fault::FourthForward]), "{:?}", played.reasons);
            }
        }
    }

    #[test]
    fn no_call_meets_a_fault_that_was_not_found(bytes in dice(), choices in dice()) {
        let plan = Dice::new(bytes).plan().plan();
        let findings = lint(&plan);
        let choices = Dice::new(choices);
        for number in plan.phone_numbers().filter(|number| number.status.is_active()) {
            let keys = || ["1", "23", "202"].get(usize::try_from(choices.below(4)).unwrap()).map(|keys| (*keys).into());
            let played = played(&plan, call_to(number.number), |_| result(&choices), keys);
            for reason in played.reasons {
                let code = match reason {
                    Reason::Missing | Reason::PromptSkipped | Reason::MenuPromptMissing => {
                        &[Fault::Missing, Fault::Inactive][..]
                    }
                    Reason::Inactive | Reason::HoursInactive => &[Fault::Inactive],
                    Reason::NumberInvalid
                    | Reason::NotPermittedOutside
                    | Reason::NotPermittedAbroad
                    | Reason::NoRule => &[Fault::ForwardRefused],
                    _ => continue,
                };
                prop_assert!(has(&findings, code), "{:?}", reason);
            }
        }
    }
}

fn result(dice: &Dice) -> DialResult {
    match dice.below(3) {
        0 => DialResult::NoAnswer,
        1 => DialResult::Busy,
        _ => DialResult::Failed,
    }
}

/// Chains, rings and fans of thousands: what is not linear takes minutes here.
#[test]
fn a_large_plan_is_judged_at_once() {
    let many = 20_000_u64;
    let mut sketch = Sketch::new();
    for id in 1..=many {
        sketch.0.extensions.push(Extension {
            forward_busy: Some(extension(id + 1)),
            forward_no_answer: Some(extension(1)),
            forward_unreachable: Some(forward("+442079460000")),
            ..Extension::new(ExtensionId::new(id), parsed(&format!("{id:05}")), name("E", id))
        });
    }
    let plan = sketch.plan();
    let findings = lint(&plan);
    let refused = findings.iter().filter(|finding| finding.code == Fault::ForwardRefused).count();
    assert_eq!(refused, 20_000);
    assert!(findings.iter().all(|finding| finding.path.len() <= 64));
}
