//! What is missing, inactive, unreachable, or nothing.

use super::*;
use crate::business_hours::{Exceptions, HoursKind, ScheduleException};
use crate::business_hours::{Override, OverrideMode};

/// One of everything, all of it in use and in order.
fn healthy() -> Sketch {
    Sketch::new()
        .organization(|row| row.recording_notice = Some(PromptId::new(1)))
        .prompt(1, plain)
        .prompt(2, plain)
        .extension(1, |row| row.voicemail_enabled = true)
        .extension(2, |row| {
            row.forward_always = Some(group(1));
            row.forward_busy = Some(room(1));
        })
        .voicemail(1, |row| row.extension_id = Some(ExtensionId::new(1)))
        .voicemail(2, |row| row.greeting = Some(PromptId::new(2)))
        .group(1, &[1], |row| row.fallback = voicemail(2))
        .menu(1, &[("1", extension(1)), ("2", assistant(1)), ("#", play(2, Some(room(1))))], |row| {
            row.failover = group(1);
        })
        .hours(1, menu(1), play(2, Some(voicemail(2))), plain)
        .room(1, plain)
        .assistant(1, extension(2), plain)
        .number(1, hours(1), plain)
        .number(2, forward("201"), plain)
        .number(3, forward("+12125550101"), plain)
        .blocked(1, Some(play(2, None)))
        .blocked(2, None)
}

#[test]
fn a_healthy_plan_has_nothing_to_find() {
    finds!(healthy());
    finds!(Sketch::new());
}

#[test]
fn what_does_not_exist_is_found_wherever_it_is_named() {
    finds!(
        Sketch::new()
            .organization(|row| row.recording_notice = Some(PromptId::new(9)))
            .extension(1, |row| {
                row.forward_busy = Some(hours(9));
                row.forward_no_answer = Some(room(9));
                row.forward_unreachable = Some(assistant(9));
            })
            .extension(2, |row| row.forward_always = Some(menu(9)))
            .extension(3, |row| row.kind = ExtensionKind::Voicemail { voicemail_box_id: VoicemailBoxId::new(9) })
            .group(1, &[1], |row| row.fallback = forward("299"))
            .menu(1, &[("1", extension(9))], |row| row.failover = voicemail(9))
            .hours(1, group(1), assistant(1), |row| {
                let destination = Some(group(9));
                let date = jiff::civil::date(2026, 12, 25);
                let day = ScheduleException { date, name: "Christmas".into(), kind: HoursKind::Closed, destination };
                row.exceptions = Exceptions::new(vec![day]).unwrap();
            })
            .assistant(1, play(9, Some(room(9))), plain)
            .number(1, hours(1), plain)
            .number(2, menu(1), plain)
            .blocked(1, Some(play(9, None))),
        "error missing: number +12125550101 → hours H1 → group G1 → extension E1 → hours #9",
        "error missing: number +12125550101 → hours H1 → group G1 → extension E1 → room #9",
        "error missing: number +12125550101 → hours H1 → group G1 → extension E1 → assistant #9",
        "error missing: number +12125550101 → hours H1 → group G1 → forward 299",
        "error missing: number +12125550101 → hours H1 → group #9",
        "error missing: number +12125550101 → hours H1 → assistant A1 → prompt #9 → room #9",
        "error missing: number +12125550102 → menu M1 → extension #9",
        "error missing: number +12125550102 → menu M1 → box #9",
        "error missing: extension E2 → menu #9",
        "error missing: extension E3 → box #9",
        "error missing: block +14151 → prompt #9",
        "warning missing: organization Acme → prompt #9",
        "warning missing: number +12125550101 → hours H1 → assistant A1 → prompt #9",
    );
}

#[test]
fn what_is_inactive_ends_calls_or_lets_them_pass() {
    finds!(
        Sketch::new()
            .extension(1, |row| row.voicemail_enabled = true)
            .extension(2, |row| inactive(&mut row.status))
            .voicemail(1, |row| {
                row.extension_id = Some(ExtensionId::new(1));
                inactive(&mut row.status);
            })
            .prompt(1, |row| inactive(&mut row.status))
            .group(1, &[1], |row| row.fallback = voicemail(1))
            .hours(1, group(1), extension(1), |row| inactive(&mut row.status))
            .menu(
                1,
                &[
                    ("1", voicemail(1)),
                    ("2", forward("202")),
                    ("3", play(1, None)),
                    ("4", hours(1)),
                    ("5", extension(2)),
                ],
                |row| row.failover = play(1, Some(extension(2)))
            )
            .number(1, menu(1), plain)
            .number(2, group(1), plain),
        "error inactive: number +12125550101 → menu M1 → extension E2",
        "error inactive: number +12125550101 → menu M1 → prompt P1 → extension E2",
        "error inactive: number +12125550102 → group G1 → box B1",
        "warning inactive: number +12125550101 → menu M1 → extension E2",
        "warning inactive: number +12125550101 → menu M1 → hours H1",
        "warning inactive: number +12125550101 → menu M1 → box B1",
        "warning inactive: number +12125550101 → menu M1 → prompt P1",
        "warning inactive: number +12125550101 → menu M1 → prompt P1",
        "warning inactive: number +12125550102 → group G1 → extension E1 → box B1",
    );
}

#[test]
fn prompts_of_menus_and_greetings_are_looked_for() {
    let library = |id| MenuPrompt::Library { prompt_id: PromptId::new(id) };
    finds!(
        Sketch::new()
            .prompt(1, |row| inactive(&mut row.status))
            .menu(1, &[], |row| {
                row.prompt = library(1);
                row.invalid_prompt = Some(library(8));
                row.silence_prompt = Some(library(1));
                row.failover = voicemail(1);
            })
            .voicemail(1, |row| row.greeting = Some(PromptId::new(9)))
            .number(1, menu(1), plain),
        "error inactive: number +12125550101 → menu M1 → prompt P1",
        "warning missing: number +12125550101 → menu M1 → box B1 → prompt #9",
        "warning inactive: number +12125550101 → menu M1 → prompt P1",
        "warning missing: number +12125550101 → menu M1 → prompt #8",
    );
}

#[test]
fn where_no_call_comes_a_fault_is_a_warning() {
    finds!(
        Sketch::new()
            .group(1, &[1], |row| row.fallback = room(9))
            .group(2, &[1], |row| {
                row.fallback = room(8);
                inactive(&mut row.status);
            })
            .extension(1, |row| {
                row.kind = ExtensionKind::Forward { forward_to: parsed("sip:bob@example.com") };
                row.forward_busy = Some(room(7));
            })
            .assistant(1, room(6), |row| {
                row.connection = Connection::Stream { url: parsed("wss://example.com/a"), parameters: vec![] };
            })
            .number(1, assistant(1), plain),
        "warning missing: number +12125550101 → assistant A1 → room #6",
        "warning missing: extension E1 → room #7",
        "warning unreachable: group G1",
        "warning group_never_rings: group G1",
        "warning member_left_out: group G1 → extension E1",
        "warning missing: group G1 → room #9",
        "warning missing: group G2 → room #8",
    );
}

#[test]
fn an_active_number_should_lead_somewhere() {
    finds!(
        Sketch::new().number(1, Destination::Hangup, plain).number(2, Destination::Busy, plain),
        "warning leads_to_nothing: number +12125550101",
    );
    finds!(Sketch::new().number(1, Destination::Hangup, |row| inactive(&mut row.status)));
}

#[test]
fn objects_to_which_nothing_leads_are_named() {
    finds!(
        Sketch::new()
            .extension(1, plain)
            .extension(2, |row| row.number = parsed("201"))
            .number(1, extension(1), plain)
            .number(2, extension(1), |row| row.number = parsed("+12125550101"))
            .number(3, group(2), |row| inactive(&mut row.status))
            .group(1, &[1], plain)
            .group(2, &[1], plain)
            .group(3, &[1], |row| inactive(&mut row.status))
            .menu(1, &[], |row| row.failover = menu(2))
            .menu(2, &[], plain)
            .hours(1, group(2), group(2), plain)
            .room(1, plain)
            .voicemail(1, plain)
            .voicemail(2, |row| row.extension_id = Some(ExtensionId::new(1)))
            .voicemail(3, |row| row.extension_id = Some(ExtensionId::new(1)))
            .assistant(1, group(2), plain)
            .prompt(1, plain),
        "warning unreachable: number +12125550101",
        "warning unreachable: extension E2",
        "warning unreachable: group G1",
        "warning unreachable: group G2",
        "warning unreachable: menu M1",
        "warning unreachable: menu M2",
        "warning unreachable: hours H1",
        "warning unreachable: room R1",
        "warning unreachable: box B1",
        "warning unreachable: box B3",
        "warning unreachable: assistant A1",
        "warning unreachable: prompt P1",
    );
}

#[test]
fn what_only_a_held_or_hidden_way_leads_to_is_reached() {
    finds!(
        Sketch::new()
            .extension(1, |row| {
                row.forward_always = Some(room(1));
                row.forward_busy = Some(room(2));
            })
            .hours(1, room(3), room(1), |row| {
                row.over = Override { mode: OverrideMode::Closed, until: None, reason: None };
            })
            .number(1, hours(1), plain)
            .room(1, plain)
            .room(2, plain)
            .room(3, plain),
        "warning held_closed: number +12125550101 → hours H1",
    );
}

#[test]
fn a_path_is_the_shortest_from_a_number() {
    finds!(
        Sketch::new()
            .hours(1, menu(1), menu(1), plain)
            .menu(1, &[("1", group(1))], |row| row.failover = group(1))
            .group(1, &[1], |row| row.fallback = extension(9))
            .extension(1, |row| row.forward_busy = Some(group(1)))
            .number(1, hours(1), plain)
            .number(2, menu(1), plain),
        "error missing: number +12125550102 → menu M1 → group G1 → extension #9",
    );
}

#[test]
fn what_lies_beyond_the_guard_is_reached_by_nobody() {
    let chain = |last: u64| {
        let mut sketch = Sketch::new().number(1, hours(1), plain);
        for id in 1..last {
            sketch = sketch.hours(id, hours(id + 1), hours(id + 1), plain);
        }
        sketch.hours(last, Destination::Busy, Destination::Busy, plain)
    };
    finds!(chain(60));
    finds!(chain(61), "warning unreachable: hours H61");
}
