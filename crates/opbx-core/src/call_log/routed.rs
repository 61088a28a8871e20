//! What a decision tells of its call: who called whom, who is rung by it, and how the dial before it came out.

use jiff::Timestamp;

use super::fact::{CallKeys, Named, Parties, RoutedStep};
use super::legs::{DialEnd, DialKey, DialStart, PhoneKind, RungPhone, Via, ViaKind};
use crate::call::{Call, Direction, Party};
use crate::call_state::CallDirection;
use crate::decision::{Action, Decision, Dial, DialTarget, OutcomeCode, Phone};
use crate::extension::{Extension, ExtensionKind};
use crate::plan::RoutingPlan;
use crate::route::{Position, Step};

/// Makes what a dial and the answer to it have in common out of the step at which the call goes on.
pub type KeyOfDial<'k> = &'k dyn Fn(&Step) -> DialKey;

impl RoutedStep {
    /// What a decision tells.
    #[must_use]
    pub fn of(
        call: &Call,
        plan: &RoutingPlan,
        decision: &Decision<'_>,
        (keys, at): (CallKeys, Timestamp),
        key: KeyOfDial<'_>,
    ) -> Self {
        let starts = call.step.position == Position::Start;
        let caller = caller(call, plan).map(|extension| Named { id: extension.id, text: text(extension.number) });
        let mut dials = decision.actions.iter().filter_map(|action| match action {
            Action::Dial(dial) => Some(dial),
            _ => None,
        });
        let ended = call.input.dial.filter(|_| waits_for_a_dial(&call.step.position)).map(|result| {
            let end = DialEnd { at, result, talked: None, taken_by: None };
            (key(&call.step), end)
        });
        Self {
            keys,
            at,
            // Later requests say the same again, in whatever form.
            parties: if starts { parties(call, decision) } else { Parties::default() },
            phone_number: number(call, plan, decision),
            caller,
            ended,
            started: dials.next_back().map(|dial| (key(&dial.then), start(call, plan, dial, at))),
        }
    }
}

const fn waits_for_a_dial(position: &Position) -> bool {
    matches!(
        position,
        Position::Extension { .. }
            | Position::Forward { .. }
            | Position::Outbound
            | Position::Emergency
            | Position::Group(_)
            | Position::Room
            | Position::Assistant { .. }
    )
}

fn caller<'p>(call: &Call, plan: &'p RoutingPlan) -> Option<&'p Extension> {
    if call.direction.is_from_outside() {
        return None;
    }
    plan.extension_by_number(call.from.extension()?)
}

fn parties(call: &Call, decision: &Decision<'_>) -> Parties {
    let direction = match call.direction {
        Direction::Inbound | Direction::Unknown => CallDirection::Inbound,
        Direction::Outbound => CallDirection::Outbound,
        _ if matches!(decision.outcome.code, OutcomeCode::Outbound | OutcomeCode::Emergency) => CallDirection::Outbound,
        _ => CallDirection::Internal,
    };
    let sent = |party: &Party| party.international.or(party.national).map(|facts| facts.e164.to_string().into());
    let dialled = |party: &Party| {
        let reading = party.national.filter(|facts| facts.valid).or(party.international);
        reading.map(|facts| facts.e164.to_string().into())
    };
    let filled = |text: &str| (!text.is_empty()).then(|| text.into());
    let to = if call.direction.is_from_outside() { sent(&call.to) } else { dialled(&call.to) };
    // Behind a feature code the readings are those of its argument.
    let to = to.filter(|_| !call.to.text.starts_with('*'));
    Parties {
        from: sent(&call.from).or_else(|| filled(&call.from.text)),
        to: to.or_else(|| filled(&call.to.text)),
        caller_name: call.caller_name.clone(),
        direction: Some(direction),
    }
}

/// The organization's number that was called.
fn number(call: &Call, plan: &RoutingPlan, decision: &Decision<'_>) -> Option<Named<crate::id::PhoneNumberId>> {
    let passed = call.step.passed.number.or_else(|| {
        let steps = decision.actions.iter().filter_map(step_of);
        steps.filter_map(|step| step.passed.number).next_back()
    });
    let by_id = || plan.phone_number(passed?);
    let by_text = || {
        let starts = call.step.position == Position::Start;
        let readings = [call.to.international, call.to.national];
        readings.into_iter().flatten().filter(|_| starts).find_map(|facts| plan.own_number(facts.e164))
    };
    let number = by_id().or_else(by_text)?;
    Some(Named { id: number.id, text: number.number.to_string().into() })
}

const fn step_of<'d>(action: &'d Action<'_>) -> Option<&'d Step> {
    match action {
        Action::Dial(dial) => Some(&dial.then),
        Action::Gather(gather) => Some(&gather.then),
        Action::Record(record) => Some(&record.then),
        Action::Continue(step) => Some(step),
        _ => None,
    }
}

fn start(call: &Call, plan: &RoutingPlan, dial: &Dial<'_>, at: Timestamp) -> DialStart {
    let phones = match &dial.target {
        DialTarget::Phones(phones) => phones.iter().map(|phone| rung(phone, &dial.then.position, plan)).collect(),
        DialTarget::Conference { room, .. } => vec![RungPhone {
            kind: PhoneKind::Conference,
            extension: None,
            number: room.name.as_str().into(),
            name: Some(room.name.as_str().into()),
        }],
        DialTarget::Assistant(assistant) => vec![RungPhone {
            kind: PhoneKind::Assistant,
            extension: None,
            number: assistant.name.as_str().into(),
            name: Some(assistant.name.as_str().into()),
        }],
    };
    DialStart { at, via: via(call, plan, &dial.then.position), phones }
}

fn rung(phone: &Phone<'_>, then: &Position, plan: &RoutingPlan) -> RungPhone {
    let outside = |number: Box<str>| {
        let kind = if matches!(then, Position::Forward { .. }) { PhoneKind::Forward } else { PhoneKind::Outside };
        RungPhone { kind, extension: None, number, name: None }
    };
    match phone {
        Phone::Extension(number) => of_extension(plan.extension_by_number(*number), text(*number)),
        Phone::Sip(address) => {
            let is_its = |extension: &&Extension| match &extension.kind {
                ExtensionKind::User { sip_uri } => sip_uri.as_ref() == Some(*address),
                _ => false,
            };
            // A SIP address that calls are forwarded to is nobody's extension.
            let owner = plan.extensions().find(is_its).filter(|_| !matches!(then, Position::Forward { .. }));
            match owner {
                Some(owner) => of_extension(Some(owner), text(owner.number)),
                None => outside(address.to_string().into()),
            }
        }
        Phone::Trunk(digits) => outside(digits.clone()),
    }
}

fn of_extension(extension: Option<&Extension>, number: Box<str>) -> RungPhone {
    RungPhone {
        kind: PhoneKind::Extension,
        extension: extension.map(|extension| extension.id),
        number,
        name: extension.map(|extension| extension.name.as_str().into()),
    }
}

fn via(call: &Call, plan: &RoutingPlan, then: &Position) -> Via {
    let direct = Via { kind: ViaKind::Direct, ring_group: None, name: None };
    match then {
        Position::Group(step) => Via {
            kind: ViaKind::RingGroup,
            ring_group: Some(step.group),
            name: plan.group(step.group).map(|group| group.row.name.as_str().into()),
        },
        Position::Forward { by } => Via {
            kind: ViaKind::Forward,
            name: by.and_then(|by| plan.extension(by)).map(|extension| text(extension.number)),
            ..direct
        },
        _ => match call.step.position {
            Position::Menu { menu, .. } => {
                Via { kind: ViaKind::Menu, name: plan.menu(menu).map(|menu| menu.row.name.as_str().into()), ..direct }
            }
            _ => direct,
        },
    }
}

fn text(number: crate::extension_number::ExtensionNumber) -> Box<str> {
    number.to_string().into()
}
