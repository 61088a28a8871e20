//! Settings that contradict themselves.

use super::*;
use crate::business_hours::{Exceptions, HoursKind, Override, OverrideMode, ScheduleException};

fn with_group(change: impl FnOnce(&mut RingGroup)) -> Sketch {
    Sketch::new().number(1, group(1), plain).group(1, &[1, 2], change)
}

#[test]
fn a_group_needs_somebody_to_ring() {
    let off = |row: &mut Extension| inactive(&mut row.status);
    let quiet = |row: &mut Extension| row.do_not_disturb = true;
    finds!(with_group(plain).extension(1, off).extension(2, plain));
    finds!(with_group(plain).extension(1, quiet).extension(2, plain));
    finds!(
        with_group(plain).extension(1, off).extension(2, off),
        "error group_never_rings: number +12125550101 → group G1",
    );
    finds!(
        with_group(plain).extension(1, quiet).extension(2, off),
        "warning group_not_disturbed: number +12125550101 → group G1",
    );
}

#[test]
fn a_group_that_follows_forwards_needs_a_phone_at_their_end() {
    let away = |row: &mut Extension| row.forward_always = Some(voicemail(1));
    let sketch = |follow| {
        with_group(|row| row.follow_forwards = follow).extension(1, away).extension(2, away).voicemail(1, plain)
    };
    finds!(sketch(false));
    finds!(sketch(true), "error group_never_rings: number +12125550101 → group G1");
    let mobile = |strategy| {
        let abroad = |row: &mut Extension| {
            row.outbound_permission = crate::extension::OutboundPermission::National;
            row.forward_always = Some(forward("+14155550123"));
        };
        with_group(|row| {
            row.follow_forwards = true;
            row.strategy = strategy;
        })
        .rule(1, &["US"], plain)
        .extension(1, abroad)
        .extension(2, abroad)
    };
    finds!(mobile(Strategy::RoundRobin));
    finds!(mobile(Strategy::Simultaneous), "error group_never_rings: number +12125550101 → group G1");
}

#[test]
fn members_that_cannot_ring_are_named() {
    finds!(
        with_group(plain).extension(2, plain),
        "warning member_left_out: number +12125550101 → group G1 → extension #1",
    );
    finds!(
        with_group(plain).extension(1, forwards_to("sip:bob@example.com")).extension(2, plain),
        "warning member_left_out: number +12125550101 → group G1 → extension E1",
    );
}

#[test]
fn an_option_should_not_begin_an_extension_that_can_be_dialled() {
    let sketch = |direct_dial, exclude: &[u64]| {
        Sketch::new()
            .number(1, menu(1), plain)
            .menu(1, &[("2", extension(1)), ("20", extension(1)), ("3", extension(1))], |row| {
                row.direct_dial = direct_dial;
                row.direct_dial_exclude = exclude.iter().copied().map(ExtensionId::new).collect();
                row.options.remove(1);
            })
            .extension(1, plain)
            .extension(2, plain)
            .extension(103, |row| inactive(&mut row.status))
    };
    finds!(sketch(false, &[]));
    finds!(sketch(true, &[1, 2]));
    finds!(sketch(true, &[1]), "warning option_begins_extension: number +12125550101 → menu M1");
    assert_eq!(
        sketch(true, &[]).sentences(Language::English),
        [
            "the option 2 of menu “M1” begins extension numbers that can be dialled there (201; 2 in all): it is taken when \
          the next key is late"
        ]
    );
}

#[test]
fn an_option_should_not_begin_another() {
    let sketch = |keys: &[&str]| {
        let options: Vec<_> = keys.iter().map(|keys| (*keys, Destination::Busy)).collect();
        Sketch::new().number(1, menu(1), plain).menu(1, &options, plain)
    };
    finds!(sketch(&["1", "2", "31", "32", "*", "#"]));
    finds!(
        sketch(&["31", "1", "32", "3", "*1", "*"]),
        "warning option_begins_option: number +12125550101 → menu M1",
        "warning option_begins_option: number +12125550101 → menu M1",
    );
}

#[test]
fn a_schedule_should_open() {
    let sketch = |change: fn(&mut BusinessHours)| {
        Sketch::new().number(1, hours(1), plain).hours(1, Destination::Busy, Destination::Busy, change)
    };
    finds!(sketch(plain));
    finds!(
        sketch(|row| row.schedule = WeeklySchedule::default()),
        "warning never_opens: number +12125550101 → hours H1",
    );
    finds!(sketch(|row| {
        row.schedule = WeeklySchedule::default();
        row.over = Override { mode: OverrideMode::Open, until: None, reason: None };
    }));
    finds!(sketch(|row| {
        let ranges = row.schedule.day(Weekday::Monday).ranges().clone();
        let (date, kind) = (jiff::civil::date(2026, 12, 24), HoursKind::SpecialHours(ranges));
        let day = ScheduleException { date, name: "Sale".into(), kind, destination: None };
        row.exceptions = Exceptions::new(vec![day]).unwrap();
        row.schedule = WeeklySchedule::default();
    }));
    finds!(
        sketch(|row| row.over = Override { mode: OverrideMode::Closed, until: None, reason: None }),
        "warning held_closed: number +12125550101 → hours H1",
    );
    finds!(sketch(|row| {
        row.over = Override { until: Some(jiff::Timestamp::MAX), mode: OverrideMode::Closed, reason: None };
    }));
}

#[test]
fn a_room_needs_pins_that_tell_people_apart() {
    let sketch = |change: fn(&mut ConferenceRoom)| Sketch::new().number(1, room(1), plain).room(1, change);
    finds!(sketch(|row| {
        row.wait_for_host = true;
        row.host_pin = Some(parsed("2468"));
        row.pin = Some(parsed("1357"));
    }));
    finds!(sketch(|row| row.wait_for_host = true), "warning no_host_pin: number +12125550101 → room R1");
    finds!(
        sketch(|row| {
            row.host_pin = Some(parsed("2468"));
            row.pin = Some(parsed("2468"));
        }),
        "warning equal_pins: number +12125550101 → room R1",
    );
}

#[test]
fn messages_need_a_box_and_a_box_an_owner() {
    let takes = |row: &mut Extension| row.voicemail_enabled = true;
    finds!(Sketch::new().extension(1, takes), "warning no_box: extension E1");
    finds!(Sketch::new().extension(1, takes).voicemail(1, |row| row.extension_id = Some(ExtensionId::new(1))));
    finds!(
        Sketch::new().number(1, voicemail(1), plain).voicemail(1, |row| row.extension_id = Some(ExtensionId::new(9))),
        "warning missing: number +12125550101 → box B1 → extension #9",
    );
}

#[test]
fn no_extension_has_an_emergency_number() {
    finds!(
        Sketch::new().extension(1, |row| row.number = parsed("911")).extension(2, |row| {
            row.number = parsed("112");
            inactive(&mut row.status);
        }),
        "error emergency_number: extension E1",
        "error emergency_number: extension E2",
    );
    finds!(Sketch::new().extension(1, |row| row.number = parsed("9110")));
    finds!(Sketch::new().extension(1, |row| row.number = parsed("999")));
}

#[test]
fn numbers_that_are_shown_are_own_and_active() {
    let sketch = |id: u64| {
        let id = PhoneNumberId::new(id);
        Sketch::new()
            .number(1, Destination::Busy, plain)
            .number(2, Destination::Busy, |row| inactive(&mut row.status))
            .extension(1, move |row| row.caller_id = Some(id))
            .rule(1, &[], move |row| row.caller_id = CallerIdPolicy::Number { phone_number_id: id })
    };
    finds!(sketch(1));
    finds!(
        sketch(2),
        "warning inactive: extension E1 → number +12125550102",
        "warning inactive: rule O1 → number +12125550102",
    );
    finds!(sketch(9), "warning missing: extension E1 → number #9", "warning missing: rule O1 → number #9");
}

#[test]
fn an_emergency_call_can_be_called_back() {
    let sketch = |number: &str| {
        Sketch::new()
            .organization(|row| row.emergency_caller_id = Some(parsed(number)))
            .number(1, Destination::Busy, plain)
            .number(2, Destination::Busy, |row| inactive(&mut row.status))
    };
    finds!(sketch("+12125550101"));
    finds!(sketch("+12125550102"), "warning inactive: organization Acme → number +12125550102");
    finds!(sketch("+12125550199"), "warning foreign_caller_id: organization Acme");
}
