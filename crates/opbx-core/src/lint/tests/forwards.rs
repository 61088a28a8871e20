//! Forwards that would not be followed.

use super::*;
use crate::extension::OutboundPermission;

#[test]
fn a_forward_is_judged_by_the_rights_of_its_extension() {
    let sketch = |permission: OutboundPermission| {
        Sketch::new()
            .rule(1, &["US"], plain)
            .extension(1, |row| {
                row.outbound_permission = permission;
                row.forward_busy = Some(play(1, Some(forward("+14155550123"))));
            })
            .prompt(1, plain)
    };
    finds!(sketch(OutboundPermission::National));
    finds!(
        sketch(OutboundPermission::Internal),
        "error forward_refused: extension E1 → prompt P1 → forward +14155550123",
    );
    finds!(
        Sketch::new().rule(1, &["US"], plain).extension(1, forwards_to("+14155550123")),
        "error forward_refused: extension E1 → forward +14155550123",
    );
    finds!(Sketch::new().extension(1, |row| {
        row.outbound_permission = OutboundPermission::National;
        row.forward_busy = Some(forward("+442071234567"));
        inactive(&mut row.status);
    }));
}

#[test]
fn a_forward_outside_an_extension_needs_a_rule_only() {
    let sketch = |to: &str| Sketch::new().rule(1, &["US"], plain).number(1, forward(to), plain);
    finds!(sketch("+14155550123"));
    finds!(sketch("sip:bob@example.com"));
    finds!(sketch("+442071234567"), "error forward_refused: number +12125550101 → forward +442071234567");
    finds!(sketch("+4930123456"), "error forward_refused: number +12125550101 → forward +4930123456");
    // The rights of an extension end with its own forward: what a schedule does is the schedule's.
    finds!(sketch("+14155550123").extension(1, |row| row.forward_busy = Some(hours(1))).hours(
        1,
        forward("+14155550199"),
        forward("+14155550199"),
        plain
    ));
}

fn chain(last: u64, forward: impl Fn(&mut Extension, Destination)) -> Sketch {
    let mut sketch = Sketch::new();
    for id in 1..last {
        sketch = sketch.extension(id, |row| forward(row, extension(id + 1)));
    }
    sketch.extension(last, plain)
}

#[test]
fn a_fourth_forward_is_one_too_many() {
    let always = |row: &mut Extension, to| row.forward_always = Some(to);
    finds!(chain(4, always));
    finds!(
        chain(5, always),
        "error fourth_forward: extension E1 → extension E2 → extension E3 → extension E4 → extension E5",
    );
    finds!(
        chain(5, |row, to| row.forward_no_answer = Some(to)),
        "warning fourth_forward: extension E1 → extension E2 → extension E3 → extension E4 → extension E5",
    );
    // A forward outside an extension is the first, and one to an extension's number is as good as any.
    finds!(chain(3, always).number(1, forward("201"), plain));
    finds!(
        chain(4, always).number(1, forward("201"), plain),
        "error fourth_forward: number +12125550101 → extension E1 → extension E2 → extension E3 → extension E4",
    );
    // What an extension has for a busy phone is a forward too, whatever it leads to.
    let mut sketch = chain(4, always).voicemail(1, plain);
    sketch.0.extensions[3].forward_busy = Some(voicemail(1));
    finds!(sketch, "warning fourth_forward: extension E1 → extension E2 → extension E3 → extension E4 → box B1",);
}

#[test]
fn what_a_caller_presses_counts_too() {
    let sketch = |option: Destination| {
        Sketch::new()
            .extension(1, |row| row.forward_always = Some(extension(2)))
            .extension(2, |row| row.forward_always = Some(menu(1)))
            .extension(3, |row| row.forward_always = Some(extension(4)))
            .extension(4, |row| row.forward_always = Some(room(1)))
            .menu(1, &[("1", option)], |row| row.failover = room(1))
            .room(1, plain)
    };
    finds!(
        sketch(extension(3)),
        "warning fourth_forward: extension E1 → extension E2 → menu M1 → extension E3 → extension E4 → room R1",
    );
    finds!(sketch(extension(4)));
    // Round and round, but only as long as the caller presses.
    finds!(sketch(extension(1)));
}

/// Through the menu, three keys bring a call to extension 9 on its last forward sooner than the chain does; but that way
/// is the caller's, and the chain is everybody's.
#[test]
fn a_shorter_way_round_does_not_hide_a_chain() {
    let sketch = Sketch::new()
        .extension(1, |row| row.forward_always = Some(menu(1)))
        .menu(1, &[("1", extension(1))], |row| row.failover = extension(9))
        .extension(9, |row| row.forward_always = Some(room(1)))
        .room(1, plain)
        .extension(2, |row| row.forward_always = Some(hours(1)))
        .extension(3, |row| row.forward_always = Some(hours(3)))
        .extension(4, |row| row.forward_always = Some(hours(5)))
        .hours(1, hours(2), Destination::Busy, plain)
        .hours(2, extension(3), Destination::Busy, plain)
        .hours(3, hours(4), Destination::Busy, plain)
        .hours(4, extension(4), Destination::Busy, plain)
        .hours(5, extension(9), Destination::Busy, plain);
    finds!(
        sketch,
        "warning fourth_forward: extension E2 → hours H1 → hours H2 → extension E3 → hours H3 → hours H4 → extension E4 → hours H5 → extension E9 → room R1",
    );
}
