//! What the laws found, each as the smallest plan and call that shows it.

use crate::support::numbering::{FixtureNumbering, party};
use crate::support::scene::ZONES;
use opbx_core::call::{Answer, BoxContents, Call, Direction, Question};
use opbx_core::decision::{Action, Decision, DialTarget, OutcomeCode};
use opbx_core::explain::decide;
use opbx_core::id::VoicemailBoxId;
use opbx_core::language;
use opbx_core::notice::Notice;
use opbx_core::plan::{RoutingPlan, compile};
use opbx_core::route::{OwnerPlace, OwnerStep, Position};

fn plan(text: &str) -> RoutingPlan {
    let text = format!("organization Acme US America/New_York\n{text}");
    let document = language::parse(&text, &ZONES).unwrap_or_else(|problems| panic!("{problems:?}"));
    compile(document.source, &ZONES, &FixtureNumbering).0
}

/// The decision for a call at its start; nothing that is asked stands in its way.
fn decided<'p>(plan: &'p RoutingPlan, direction: Direction, from: &str, to: &str) -> Decision<'p> {
    let mut call = Call::new(direction, party(from, plan), party(to, plan));
    decide(plan, &mut call, "2026-03-10T14:12:00Z".parse().unwrap(), &mut |question| match question {
        Question::Turn { group } => Answer::Turn { group, turn: 0 },
        Question::Caps { extension, .. } => Answer::Caps { extension, over: None },
        Question::Box { voicemail_box } => Answer::Box { voicemail_box, contents: None },
    })
}

fn phones(decision: &Decision<'_>) -> Vec<String> {
    let dial = decision.actions.iter().find_map(|action| match action {
        Action::Dial(dial) => Some(&dial.target),
        _ => None,
    });
    match dial {
        Some(DialTarget::Phones(phones)) => phones.iter().map(|phone| format!("{phone:?}")).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn only_a_persons_extension_dials_outside() {
    let plan = plan(
        "extension 1001 A\n  outbound international\nextension 1100 B -> forward 1001\n  outbound international\nrule World\n",
    );
    let decision = decided(&plan, Direction::Subscriber, "1001", "+14155550123");
    assert_eq!(phones(&decision), [r#"Trunk("+14155550123")"#]);
    let decision = decided(&plan, Direction::Subscriber, "1100", "+14155550123");
    assert_eq!(decision.outcome.code, OutcomeCode::Notice(Notice::NotPermitted));
}

#[test]
fn an_own_extension_never_leaves_even_if_it_reads_as_a_number() {
    let plan = plan("extension 1001 A\n  outbound international\nextension 99999 B\nrule World\n");
    let mut call = Call::new(Direction::Outbound, party("1001", &plan), party("99999", &plan));
    call.to.national = party("+14155550123", &plan).international;
    let decision = decide(&plan, &mut call, "2026-03-10T14:12:00Z".parse().unwrap(), &mut |_| unreachable!());
    assert_eq!(decision.outcome.code, OutcomeCode::Notice(Notice::NotAllowed));
}

#[test]
fn a_rule_that_leaves_nothing_to_dial_admits_nothing() {
    let plan = plan("extension 1001 A\n  outbound international\nrule Nothing drop 16\n");
    let decision = decided(&plan, Direction::Subscriber, "1001", "+14155550123");
    assert_eq!(decision.outcome.code, OutcomeCode::Notice(Notice::NotAllowed));
}

const FORWARDS: &str =
    "rule World\nnumber +12125550100 -> group Sales\ngroup Sales in order\n  1001\n  follow forwards\n";

#[test]
fn a_group_judges_a_forward_by_the_extension_that_forwards() {
    let extensions = |first: &str, second: &str| {
        format!(
            "{FORWARDS}extension 1001 A\n  outbound {first}\n  always -> extension 1002\n\
             extension 1002 B\n  outbound {second}\n  always -> forward +14155550123\n"
        )
    };
    let plans = [plan(&extensions("international", "internal")), plan(&extensions("internal", "international"))];
    let [refused, allowed] =
        plans.each_ref().map(|plan| decided(plan, Direction::Inbound, "+4930123456", "+12125550100"));
    assert!(phones(&refused).is_empty());
    assert_eq!(phones(&allowed), [r#"Trunk("+14155550123")"#]);
}

#[test]
fn a_group_follows_no_fourth_forward() {
    let chain = |last: u32| {
        let mut text = FORWARDS.to_owned();
        for number in 1001..=last {
            text.push_str(&format!("extension {number} A\n  always -> extension {}\n", number + 1));
        }
        text + &format!("extension {} Z\n", last + 1)
    };
    let plans = [plan(&chain(1003)), plan(&chain(1004))];
    let [three, four] = plans.each_ref().map(|plan| decided(plan, Direction::Inbound, "+4930123456", "+12125550100"));
    assert_eq!(phones(&three), ["Extension(1004)"]);
    assert!(phones(&four).is_empty());
}

/// A decision at a step of a call, with nothing pressed.
fn in_silence<'p>(plan: &'p RoutingPlan, position: Position) -> Decision<'p> {
    let mut call = Call::new(Direction::Subscriber, party("1001", plan), party("*98", plan));
    call.step.position = position;
    call.input.keys = Some("".into());
    decide(plan, &mut call, "2026-03-10T14:12:00Z".parse().unwrap(), &mut |_| Answer::Box {
        voicemail_box: VoicemailBoxId::new(1),
        contents: Some(BoxContents::default()),
    })
}

#[test]
fn silence_is_no_wrong_pin() {
    let plan = plan("extension 1001 A\nbox Sales\npin Sales 4321\n");
    let decision = in_silence(&plan, Position::BoxPin { voicemail_box: VoicemailBoxId::new(1), tries: 0 });
    assert_eq!(decision.effects, []);
}

#[test]
fn silence_instead_of_a_new_pin_costs_one_try() {
    let plan = plan("extension 1001 A\nbox Sales\npin Sales 4321\n");
    let tries = |tries| OwnerStep { voicemail_box: VoicemailBoxId::new(1), place: OwnerPlace::NewPin, tries };
    let decision = in_silence(&plan, Position::Owner(tries(0)));
    let again = decision.actions.iter().find_map(|action| match action {
        Action::Gather(gather) => Some(&gather.then.position),
        _ => None,
    });
    assert_eq!(again, Some(&Position::Owner(tries(1))));
}
