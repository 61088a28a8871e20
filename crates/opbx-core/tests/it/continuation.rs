//! What holds from one step of a call to the next while the settings change, and that every call ends.
//!
//! Every continuation in these tests goes through the bytes of its token.

use crate::support::conversation::{Conversation, Heard, plan, source};
use opbx_core::bounded::Priority;
use opbx_core::call::BoxMessage;
use opbx_core::decision::{Effect, Event};
use opbx_core::destination::Destination;
use opbx_core::id::{AiAssistantId, ConferenceRoomId, ExtensionId, IvrMenuId, MessageId, PromptId, VoicemailBoxId};
use opbx_core::organization::{OrganizationStatus, Status};
use opbx_core::plan::{PlanSource, RoutingPlan};

const MAIN: &str = "+12125550100";
const STRANGER: &str = "+14155550123";

/// A front desk whose menu leads to everything there is.
const DESK: &str = r#"
extension 1001 "Desk"
extension 1002 "Bob"
extension 1003 "Carol"
extension 1004 "Dan"
group Sales in order 20s, 2 rounds
  1002 1003
  else -> extension 1004
menu Front
  say "Press a key."
  1 -> extension 1002
  2 -> group Sales
  3 -> menu Second
  4 -> room Board
  5 -> voicemail Mail
  6 -> assistant Ava
  else -> extension 1001
menu Second
  play Hello
  1 -> extension 1002
  else -> extension 1004
room Board
pins Board 2468
box Mail
pin Mail 1357
assistant Ava sip ava@ai.example.com else -> extension 1004
prompt Hello uploaded
number +12125550100 -> menu Front
number +12125550102 -> extension 1002
number +12125550103 -> group Sales
number +12125550104 -> menu Second
number +12125550105 -> room Board
number +12125550106 -> voicemail Mail
number +12125550107 -> assistant Ava
"#;

fn desk() -> RoutingPlan {
    plan(source(DESK))
}

/// The desk after a change.
fn changed(change: impl FnOnce(&mut PlanSource)) -> RoutingPlan {
    let mut source = source(DESK);
    change(&mut source);
    plan(source)
}

/// A stranger who chose this key in the front menu.
fn behind_key(key: &str) -> (Conversation, Heard) {
    let (mut call, _) = Conversation::begin(STRANGER, MAIN, &desk());
    let heard = call.pressed(key, &desk());
    (call, heard)
}

/// The failover of the front menu, after these reasons.
fn assert_failover(heard: &Heard, first: &str) {
    assert_eq!(heard.reasons, [first, "parent_failover", "rings"], "{heard:?}");
    assert_eq!(heard.phones, ["1001"]);
}

fn assert_not_available(heard: &Heard, first: &str) {
    assert_eq!((heard.reasons.as_slice(), heard.outcome), ([first].as_slice(), "not_available"), "{heard:?}");
    assert!(!heard.goes_on);
}

fn extension_status(id: u64, status: Status) -> impl Fn(&mut PlanSource) {
    move |source| {
        let row = source.extensions.iter_mut().find(|row| row.id == ExtensionId::new(id)).unwrap();
        row.status = status;
    }
}

#[test]
fn a_phone_that_vanishes_while_it_rings_leaves_the_call_to_its_menu() {
    let gone = changed(|source| source.extensions.retain(|row| row.id != ExtensionId::new(2)));
    let inactive = changed(extension_status(2, Status::Inactive));
    for after in [&gone, &inactive] {
        let (mut call, heard) = behind_key("1");
        assert_eq!(heard.phones, ["1002"]);
        assert_failover(&call.ended("no-answer", after), "vanished");

        let (mut call, _) = Conversation::begin(STRANGER, "+12125550102", &desk());
        assert_not_available(&call.ended("no-answer", after), "vanished");

        let (mut call, _) = behind_key("1");
        assert_eq!(call.ended("completed", after).reasons, ["conversation_over"]);
        let (mut call, _) = behind_key("1");
        assert_eq!(call.ended("canceled", after).reasons, ["caller_gave_up"]);
    }
}

#[test]
fn a_group_that_vanishes_while_it_rings_leaves_the_call_to_its_menu() {
    let gone = changed(|source| source.ring_groups.clear());
    let inactive = changed(|source| source.ring_groups[0].status = Status::Inactive);
    for after in [&gone, &inactive] {
        let (mut call, heard) = behind_key("2");
        assert_eq!(heard.phones, ["1002"]);
        assert_failover(&call.ended("busy", after), "vanished");
        let (mut call, _) = Conversation::begin(STRANGER, "+12125550103", &desk());
        assert_not_available(&call.ended("busy", after), "vanished");
        let (mut call, _) = Conversation::begin(STRANGER, "+12125550103", &desk());
        assert_eq!(call.ended("answered", after).reasons, ["conversation_over"]);
    }
}

#[test]
fn a_menu_that_vanishes_while_keys_are_awaited_leaves_the_call_to_the_menu_before() {
    let gone = changed(|source| source.ivr_menus.retain(|row| row.id != IvrMenuId::new(2)));
    let inactive = changed(|source| source.ivr_menus[1].status = Status::Inactive);
    for after in [&gone, &inactive] {
        let (mut call, _) = behind_key("3");
        assert_failover(&call.pressed("1", after), "vanished");
        let (mut call, _) = Conversation::begin(STRANGER, "+12125550104", &desk());
        assert_not_available(&call.pressed("1", after), "vanished");
    }
}

#[test]
fn a_failover_is_the_one_of_that_moment() {
    let (mut call, _) = behind_key("5");
    let after = changed(|source| {
        source.voicemail_boxes.clear();
        source.ivr_menus[0].failover = Destination::Extension { id: ExtensionId::new(4) };
    });
    let heard = call.recorded("https://platform.example/1.wav", &after);
    // The message itself is not lost with its box.
    assert!(matches!(heard.effects.as_slice(), [Effect::SaveMessage { .. }]), "{heard:?}");

    let (mut call, _) = Conversation::begin(STRANGER, "+12125550103", &desk());
    let after = changed(|source| {
        source.ring_groups[0].members.clear();
        source.ring_groups[0].fallback = Destination::Extension { id: ExtensionId::new(1) };
    });
    let heard = call.ended("no-answer", &after);
    assert_eq!(heard.phones, ["1001"], "{heard:?}");
    assert_eq!(heard.reasons.last(), Some(&"rings"));
}

#[test]
fn a_room_box_assistant_or_prompt_that_vanishes_leaves_the_call_to_its_menu() {
    let without_room = changed(|source| source.conference_rooms.retain(|row| row.id != ConferenceRoomId::new(1)));
    let (mut call, _) = behind_key("4");
    assert_failover(&call.pressed("2468", &without_room), "vanished");
    let (mut call, _) = Conversation::begin(STRANGER, "+12125550105", &desk());
    assert_not_available(&call.pressed("2468", &without_room), "vanished");

    let without_assistant = changed(|source| source.ai_assistants.retain(|row| row.id != AiAssistantId::new(1)));
    let (mut call, _) = behind_key("6");
    assert_failover(&call.ended("failed", &without_assistant), "vanished");
    let (mut call, _) = Conversation::begin(STRANGER, "+12125550107", &desk());
    assert_not_available(&call.ended("failed", &without_assistant), "vanished");
    // One that was only switched off still names its fallback.
    let inactive = changed(|source| source.ai_assistants[0].status = Status::Inactive);
    let (mut call, _) = Conversation::begin(STRANGER, "+12125550107", &desk());
    assert_eq!(call.ended("failed", &inactive).phones, ["1004"]);

    let without_prompt = changed(|source| source.prompts.retain(|row| row.id != PromptId::new(1)));
    let (mut call, _) = Conversation::begin(STRANGER, "+12125550104", &desk());
    let heard = call.pressed("", &without_prompt);
    assert_eq!(heard.reasons, ["keys_missing", "menu_prompt_missing", "rings"]);
    assert_eq!(heard.phones, ["1004"]);
}

#[test]
fn a_box_that_vanishes_under_its_owner_ends_the_call() {
    let text = format!("{DESK}\nbox Own of extension 1002\n");
    let before = plan(source(&text));
    let mut after = source(&text);
    after.voicemail_boxes.retain(|row| row.id != VoicemailBoxId::new(2));
    let after = plan(after);
    for keys in [&["1"][..], &["3", "8642"], &["2"]] {
        let (mut call, heard) = Conversation::begin("1002", "*97", &before);
        assert_eq!(heard.outcome, "voicemail_owner");
        let (last, first) = keys.split_last().unwrap();
        for keys in first {
            call.pressed(keys, &before);
        }
        assert_not_available(&call.pressed(last, &after), "vanished");
    }
}

#[test]
fn members_that_left_are_passed_over_and_new_ones_ring_from_the_next_round() {
    let begin = || Conversation::begin(STRANGER, "+12125550103", &desk()).0;

    // Carol leaves the group, is switched off, wants no calls, or leaves the organization: round two is Bob's.
    let leaves = changed(|source| source.ring_groups[0].members.retain(|row| row.extension_id.get() != 3));
    let inactive = changed(extension_status(3, Status::Inactive));
    let undisturbed = changed(|source| source.extensions[2].do_not_disturb = true);
    let gone = changed(|source| source.extensions.retain(|row| row.id != ExtensionId::new(3)));
    for after in [&leaves, &inactive, &undisturbed, &gone] {
        let mut call = begin();
        let heard = call.ended("no-answer", after);
        assert_eq!(heard.reasons, ["attempt_ended", "round_starts", "attempt_rings"]);
        assert_eq!(heard.phones, ["1002"]);
        assert_eq!(call.ended("no-answer", after).phones, ["1004"]);
    }

    // Dan joins in front of everybody: this round goes on as it began, the next one starts with him.
    let joins = changed(|source| {
        let mut member = source.ring_groups[0].members[0];
        member.extension_id = ExtensionId::new(4);
        source.ring_groups[0].members.insert(0, member);
        for (row, priority) in source.ring_groups[0].members.iter_mut().zip(1..) {
            row.priority = Priority::new(priority).unwrap();
        }
    });
    let mut call = begin();
    let order: Vec<String> = (0..4).flat_map(|_| call.ended("no-answer", &joins).phones).collect();
    assert_eq!(order, ["1003", "1004", "1002", "1003"]);
    assert_eq!(call.ended("no-answer", &joins).phones, ["1004"], "the fallback");
}

#[test]
fn a_round_that_lost_all_its_members_goes_to_the_fallback() {
    let (mut call, _) = Conversation::begin(STRANGER, "+12125550103", &desk());
    let after = changed(|source| source.ring_groups[0].members.clear());
    let heard = call.ended("no-answer", &after);
    assert_eq!(heard.phones, ["1004"]);
    assert_eq!(heard.reasons.last(), Some(&"rings"));
    let (mut call, _) = Conversation::begin(STRANGER, "+12125550103", &desk());
    let without_fallback = changed(|source| {
        source.ring_groups[0].members.clear();
        source.extensions.retain(|row| row.id != ExtensionId::new(4));
    });
    assert_eq!(call.ended("no-answer", &without_fallback).outcome, "not_available");
}

#[test]
fn an_organization_that_is_suspended_during_a_call_says_so() {
    let suspended = changed(|source| source.organization.status = OrganizationStatus::Suspended);
    let (mut call, _) = behind_key("1");
    assert_eq!(call.ended("no-answer", &suspended).outcome, "service_unavailable");
    let (mut call, _) = Conversation::begin(STRANGER, MAIN, &desk());
    assert_eq!(call.pressed("1", &suspended).outcome, "service_unavailable");
    let (mut call, _) = behind_key("1");
    assert_eq!(call.ended("completed", &suspended).outcome, "hangup");
    let (mut call, _) = Conversation::begin("1002", "911", &desk());
    assert_eq!(call.ended("busy", &suspended).outcome, "line_busy");
}

#[test]
fn a_repeated_delivery_gets_the_same_answer_and_costs_one_turn() {
    let plan = desk();
    let (call, _) = Conversation::begin(STRANGER, MAIN, &plan);
    let (mut first, mut second) = (call.clone(), call);
    assert_eq!(first.pressed("", &plan), second.pressed("", &plan));
    let mut silences = 1;
    while second.pressed("", &plan).outcome == "menu" {
        silences += 1;
    }
    assert_eq!(silences + 1, 3, "the menu has three turns");
}

#[test]
fn a_message_and_a_greeting_are_handed_over_once_recorded() {
    let plan = plan(source(&format!("{DESK}\nbox Own of extension 1002\n")));
    let (mut call, _) = Conversation::begin(STRANGER, "+12125550106", &plan);
    let heard = call.recorded("https://platform.example/1.wav", &plan);
    assert!(matches!(heard.effects.as_slice(), [Effect::SaveMessage { .. }]), "{heard:?}");
    assert_eq!((heard.reasons.as_slice(), heard.goes_on), (["message_left"].as_slice(), false));

    let (mut call, _) = Conversation::begin("1002", "*97", &plan);
    call.pressed("2", &plan);
    let heard = call.recorded("https://platform.example/2.wav", &plan);
    assert!(matches!(heard.effects.as_slice(), [Effect::SetGreeting { .. }]), "{heard:?}");
    assert_eq!(heard.reasons, ["greeting_kept", "owner_menu"]);
}

#[test]
fn no_message_is_passed_over_when_one_was_heard_or_deleted_meanwhile() {
    let message = |id, new| BoxMessage { id: MessageId::new(id), new };
    let heard = |heard: &Heard| match heard.effects.as_slice() {
        [Effect::MessageHeard { message, .. }] => message.get(),
        other => panic!("one message is played: {other:?}"),
    };
    let plan = plan(source(&format!("{DESK}\nbox Own of extension 1002\n")));
    let (mut call, _) = Conversation::begin("1002", "*97", &plan);
    call.contents.messages = vec![message(1, false), message(2, true), message(3, true), message(4, true)];
    assert_eq!(heard(&call.pressed("1", &plan)), 2, "the first new one");
    call.contents.messages[1].new = false;
    assert_eq!(heard(&call.pressed("#", &plan)), 3);
    // Somebody deletes it in the browser while it is being played.
    call.contents.messages.remove(2);
    assert_eq!(heard(&call.pressed("#", &plan)), 4);
    call.contents.messages[2].new = false;
    assert_eq!(call.pressed("#", &plan).reasons, ["owner_menu"]);
    assert_eq!(heard(&call.pressed("1", &plan)), 1, "none is new: from the very first");
}

/// Circular settings of every shape, each reached by the same number.
const CIRCLES: &[(&str, &str)] = &[
    (
        "a group is its own fallback",
        "group A all at once 5s, 9 rounds\n  1001\n  else -> group A\nnumber +12125550100 -> group A",
    ),
    (
        "an empty group is its own fallback",
        "group A all at once\n  1009\n  else -> group A\nnumber +12125550100 -> group A",
    ),
    (
        "two groups are each other's fallback",
        "group A in order\n  1001\n  else -> group B\ngroup B round-robin\n  1001 1002\n  else -> group A\nnumber +12125550100 -> group A",
    ),
    (
        "a menu is its own failover",
        "menu A\n  say \"A\"\n  1 -> menu A\n  else -> menu A\nnumber +12125550100 -> menu A",
    ),
    (
        "two menus are each other's failover",
        "menu A\n  say \"A\"\n  1 -> menu B\n  else -> menu B\nmenu B\n  say \"B\"\n  1 -> menu A\n  else -> menu A\nnumber +12125550100 -> menu A",
    ),
    (
        "a menu without a prompt is its own failover",
        "prompt Gone inactive uploaded\nmenu A\n  play Gone\n  1 -> menu A\n  else -> menu A\nnumber +12125550100 -> menu A",
    ),
    (
        "an assistant is its own fallback",
        "assistant A sip a@example.com else -> assistant A\nnumber +12125550100 -> assistant A",
    ),
    ("hours lead to themselves", "hours A\n  open -> hours A\n  closed -> hours A\nnumber +12125550100 -> hours A"),
    ("a number leads to itself", "number +12125550100 -> forward +12125550100"),
    (
        "an announcement leads back",
        "prompt P say \"P\"\nhours A\n  open -> hangup\n  closed -> play P then hours A\nnumber +12125550100 -> hours A",
    ),
    ("an extension forwards to itself", "extension 1900 \"A\" -> forward 1900\nnumber +12125550100 -> extension 1900"),
    (
        "extensions forward in a circle when busy",
        "extension 1901 \"A\"\n  busy -> extension 1902\n  unanswered -> extension 1902\n  unreachable -> extension 1902\nextension 1902 \"B\"\n  busy -> extension 1901\n  unanswered -> extension 1901\n  unreachable -> extension 1901\nnumber +12125550100 -> extension 1901",
    ),
    (
        "everything leads to everything",
        "extension 1903 \"A\" -> group A\ngroup A all at once\n  1001\n  follow forwards\n  else -> menu A\nmenu A\n  say \"A\"\n  1 -> extension 1903\n  else -> hours A\nhours A\n  open -> extension 1903\n  closed -> forward 1903\nnumber +12125550100 -> extension 1903",
    ),
];

#[test]
fn every_circle_ends_with_a_sentence_and_an_event() {
    for (shape, text) in CIRCLES {
        let plan = plan(source(&format!(
            "extension 1001 \"Alice\"\nextension 1002 \"Bob\"\nextension 1009 \"Old\" inactive\n{text}\n"
        )));
        for (result, keys) in [("no-answer", ""), ("busy", "1"), ("failed", "9")] {
            let (mut call, mut heard) = Conversation::begin(STRANGER, MAIN, &plan);
            let mut steps = 1;
            while heard.goes_on {
                let asks = heard.phones.is_empty() && heard.outcome == "menu";
                heard = if asks { call.pressed(keys, &plan) } else { call.ended(result, &plan) };
                steps += 1;
                // Nine rounds for each of sixty destinations, and nine turns in each of sixty menus.
                assert!(steps <= 60 * 10, "{shape}: {result}, {keys}: the call goes on and on");
            }
            let stopped = heard.events == [Event::GuardTripped] && heard.outcome == "cannot_be_completed";
            let forwarded = heard.reasons.last() == Some(&"too_many_forwards") && heard.outcome == "not_available";
            assert!(stopped || forwarded, "{shape}: {result}, {keys}: {heard:?}");
        }
    }
}

#[test]
fn twenty_destinations_in_a_decision_and_sixty_in_a_call_are_the_most() {
    let hours = |count: u64| {
        let leads = |at: u64| format!("hours H{at}\n  open -> hangup\n  closed -> hours H{}\n", at + 1);
        let chain: String = (1..count).map(leads).collect();
        let last = format!("hours H{count}\n  open -> hangup\n  closed -> busy\n");
        plan(source(&format!("{chain}{last}number {MAIN} -> hours H1\n")))
    };
    // The last of twenty destinations is the busy signal.
    assert_eq!(Conversation::begin(STRANGER, MAIN, &hours(19)).1.outcome, "busy");
    assert_eq!(Conversation::begin(STRANGER, MAIN, &hours(20)).1.outcome, "cannot_be_completed");

    // A group that is its own fallback rings sixty times.
    let text = "extension 1001 \"Alice\"\ngroup A all at once\n  1001\n  else -> group A\n";
    let plan = plan(source(&format!("{text}number {MAIN} -> group A\n")));
    let (mut call, mut heard) = Conversation::begin(STRANGER, MAIN, &plan);
    let mut rang = 0;
    while heard.goes_on {
        rang += 1;
        heard = call.ended("no-answer", &plan);
    }
    assert_eq!((rang, heard.outcome), (60, "cannot_be_completed"));
    assert_eq!(heard.events, [Event::GuardTripped]);
}

#[test]
fn rounds_prompts_and_keys_of_the_owner_enter_no_destination() {
    let text = "extension 1001 \"Alice\"\nbox Own of extension 1001\nextension 1002 \"Bob\"\n\
                group A all at once 5s, 9 rounds\n  1002\n  else -> busy\n";
    let plan = plan(source(&format!("{text}number {MAIN} -> group A\n")));
    let (mut call, mut heard) = Conversation::begin(STRANGER, MAIN, &plan);
    let mut rang = 0;
    while heard.goes_on {
        rang += 1;
        heard = call.ended("no-answer", &plan);
    }
    assert_eq!((rang, heard.outcome), (9, "busy"));

    let (mut call, _) = Conversation::begin("1001", "*97", &plan);
    for _ in 0..200 {
        assert!(call.pressed("1", &plan).goes_on, "the owner may stay");
    }
    assert_eq!(call.pressed("*", &plan).outcome, "goodbye");
}
