//! Ways back to where a call has been.

use super::player::goes_round;
use super::*;
use crate::business_hours::{Override, OverrideMode};
use crate::lint::Fault;

/// Checks that each loop found is one for a call too.
fn loops_are_real(sketch: &Sketch) {
    let plan = sketch.plan();
    for finding in lint(&plan).iter().filter(|finding| finding.code == Fault::Loop) {
        assert!(goes_round(sketch, finding), "{}", path_text(&finding.path, Language::English));
    }
}

macro_rules! loops {
    ($sketch:expr, $($line:literal),* $(,)?) => {{
        let sketch = $sketch;
        finds!(sketch, $($line),*);
        loops_are_real(&sketch);
    }};
}

#[test]
fn forwards_in_a_circle() {
    loops!(
        Sketch::new()
            .extension(1, |row| row.forward_always = Some(extension(2)))
            .extension(2, |row| row.forward_always = Some(forward("203")))
            .extension(3, |row| row.forward_always = Some(extension(1))),
        "error loop: extension E1 → extension E2 → extension E3 → extension E1",
    );
    loops!(
        Sketch::new().extension(1, |row| row.forward_always = Some(extension(1))),
        "error loop: extension E1 → extension E1",
    );
    // Each covers for the other: their phones ring in turn, and then the caller hears that nobody is there.
    loops!(
        Sketch::new()
            .extension(1, |row| row.forward_no_answer = Some(extension(2)))
            .extension(2, |row| row.forward_busy = Some(extension(1)))
            .number(1, extension(2), plain),
        "error loop: number +12125550101 → extension E2 → extension E1 → extension E2",
    );
    finds!(
        Sketch::new()
            .extension(1, |row| row.forward_no_answer = Some(extension(2)))
            .extension(2, |row| row.forward_busy = Some(room(1)))
            .room(1, plain)
    );
}

#[test]
fn a_way_that_something_hides_is_no_loop() {
    finds!(
        Sketch::new()
            .extension(1, |row| {
                row.forward_always = Some(room(1));
                row.forward_busy = Some(extension(1));
            })
            .extension(2, |row| {
                row.do_not_disturb = true;
                row.forward_no_answer = Some(extension(2));
            })
            .room(1, plain)
    );
    loops!(
        Sketch::new().extension(2, |row| {
            row.do_not_disturb = true;
            row.forward_busy = Some(extension(2));
        }),
        "error loop: extension E2 → extension E2",
    );
}

#[test]
fn groups_menus_hours_assistants_and_numbers_lead_round() {
    loops!(
        Sketch::new().extension(1, plain).group(1, &[1], |row| row.fallback = group(1)).number(1, group(1), plain),
        "error loop: number +12125550101 → group G1 → group G1",
    );
    loops!(
        Sketch::new()
            .menu(1, &[("1", room(1))], |row| row.failover = hours(1))
            .hours(1, room(1), play(1, Some(assistant(1))), |row| {
                row.over = Override { mode: OverrideMode::Closed, until: Some(jiff::Timestamp::MAX), reason: None };
            })
            .assistant(1, forward("+12125550102"), plain)
            .number(1, menu(1), plain)
            .number(2, menu(1), plain)
            .room(1, plain)
            .prompt(1, plain),
        "error loop: number +12125550102 → menu M1 → hours H1 → prompt P1 → assistant A1 → number +12125550102",
    );
    loops!(
        Sketch::new().number(1, forward("+12125550102"), plain).number(2, forward("+12125550101"), plain),
        "error loop: number +12125550101 → number +12125550102 → number +12125550101",
    );
}

#[test]
fn a_key_of_the_caller_makes_it_no_loop() {
    let sketch = |option, failover| {
        Sketch::new()
            .menu(1, &[("1", option)], |row| row.failover = failover)
            .extension(1, |row| row.forward_no_answer = Some(menu(1)))
            .number(1, menu(1), plain)
            .room(1, plain)
    };
    finds!(sketch(menu(1), room(1)).extension(2, |row| row.forward_busy = Some(room(1))));
    finds!(sketch(extension(1), room(1)));
    loops!(sketch(room(1), menu(1)), "error loop: number +12125550101 → menu M1 → menu M1");
}

#[test]
fn loops_that_share_places_are_found_one_by_one() {
    loops!(
        Sketch::new()
            .extension(1, |row| {
                row.forward_busy = Some(extension(2));
                row.forward_no_answer = Some(extension(3));
                row.forward_unreachable = Some(extension(1));
            })
            .extension(2, |row| row.forward_busy = Some(extension(1)))
            .extension(3, |row| row.forward_busy = Some(extension(1))),
        "error loop: extension E1 → extension E1",
        "error loop: extension E1 → extension E2 → extension E1",
        "error loop: extension E1 → extension E3 → extension E1",
    );
}

#[test]
fn a_loop_where_no_call_comes_is_a_warning() {
    finds!(
        Sketch::new().hours(1, hours(2), room(1), plain).hours(2, hours(1), room(1), plain).room(1, plain),
        "warning unreachable: hours H1",
        "warning loop: hours H1 → hours H2 → hours H1",
        "warning unreachable: hours H2",
        "warning unreachable: room R1",
    );
    finds!(
        Sketch::new()
            .extension(1, |row| {
                row.forward_always = Some(extension(1));
                inactive(&mut row.status);
            })
            .assistant(1, assistant(1), |row| {
                row.connection = Connection::Stream { url: parsed("wss://example.com/a"), parameters: vec![] };
            })
            .number(1, assistant(1), plain)
    );
}

#[test]
fn a_knot_of_many_loops_is_left_after_some() {
    let mut sketch = Sketch::new();
    for id in 1..=30 {
        let options: Vec<Destination> = (1..=30).filter(|other| *other != id).map(hours).collect();
        for to in options {
            sketch = sketch.assistant(id * 100, to, plain);
        }
        sketch = sketch.hours(id, hours(id % 30 + 1), hours((id + 6) % 30 + 1), plain);
    }
    let found = sketch.number(1, hours(1), plain).findings();
    let loops = found.iter().filter(|line| line.starts_with("error loop")).count();
    assert!((2..=20).contains(&loops), "{loops}");
}
