//! What a plan leads to, worked out naively from its rows: an oracle that shares nothing with routing but the types.

use opbx_core::destination::{Destination, ForwardTarget};
use opbx_core::extension::{Extension, ExtensionKind};
use opbx_core::extension_number::ExtensionNumber;
use opbx_core::id::ExtensionId;
use opbx_core::number::E164;
use opbx_core::plan::PlanSource;
use std::collections::HashSet;

/// The targets of all forwards that are written anywhere.
pub(crate) fn forward_targets(source: &PlanSource) -> Vec<ForwardTarget> {
    let destinations = source.destinations().filter_map(|destination| match destination {
        Destination::Forward { to } => Some(to.clone()),
        _ => None,
    });
    let kinds = source.extensions.iter().filter_map(|extension| match &extension.kind {
        ExtensionKind::Forward { forward_to } => Some(forward_to.clone()),
        _ => None,
    });
    destinations.chain(kinds).collect()
}

/// The extension that a number belongs to: the first, where several claim it.
pub(crate) fn extension_with(source: &PlanSource, number: ExtensionNumber) -> Option<&Extension> {
    source.extensions.iter().filter(|row| row.number == number).min_by_key(|row| row.id)
}

/// Every extension that a call may come to from these destinations, by whatever way.
pub(crate) fn reachable(source: &PlanSource, from: impl IntoIterator<Item = Destination>) -> HashSet<ExtensionId> {
    let mut open: Vec<Destination> = from.into_iter().collect();
    let mut seen: Vec<Destination> = Vec::new();
    while let Some(destination) = open.pop() {
        if !seen.contains(&destination) {
            open.extend(leads_to(source, &destination));
            seen.push(destination);
        }
    }
    let extensions = seen.into_iter().filter_map(|destination| match destination {
        Destination::Extension { id } => Some(id),
        _ => None,
    });
    extensions.collect()
}

fn forwarded(source: &PlanSource, to: &ForwardTarget) -> Vec<Destination> {
    match to {
        ForwardTarget::Sip(_) => Vec::new(),
        ForwardTarget::Extension(number) => {
            extension_with(source, *number).map(|row| Destination::Extension { id: row.id }).into_iter().collect()
        }
        ForwardTarget::Number(number) => own(source, *number).into_iter().collect(),
    }
}

/// Where an own number leads.
pub(crate) fn own(source: &PlanSource, number: E164) -> Option<Destination> {
    let row = source.phone_numbers.iter().filter(|row| row.number == number).min_by_key(|row| row.id)?;
    Some(row.destination.clone())
}

/// Where a call at this destination may go next.
fn leads_to(source: &PlanSource, destination: &Destination) -> Vec<Destination> {
    let mut next = Vec::new();
    match destination {
        Destination::Extension { id } => {
            for row in source.extensions.iter().filter(|row| row.id == *id) {
                next.extend(row.kind.target());
                let forwards =
                    [&row.forward_always, &row.forward_busy, &row.forward_no_answer, &row.forward_unreachable];
                next.extend(forwards.into_iter().flatten().cloned());
            }
        }
        Destination::RingGroup { id } => {
            for row in source.ring_groups.iter().filter(|row| row.id == *id) {
                next.extend(row.members.iter().map(|member| Destination::Extension { id: member.extension_id }));
                next.push(row.fallback.clone());
            }
        }
        Destination::IvrMenu { id } => {
            for row in source.ivr_menus.iter().filter(|row| row.id == *id) {
                next.extend(row.options.iter().map(|option| option.destination.clone()));
                next.push(row.failover.clone());
                if row.direct_dial {
                    let dialled =
                        source.extensions.iter().filter(|extension| !row.direct_dial_exclude.contains(&extension.id));
                    next.extend(dialled.map(|extension| Destination::Extension { id: extension.id }));
                }
            }
        }
        Destination::BusinessHours { id } => {
            for row in source.business_hours.iter().filter(|row| row.id == *id) {
                let days = row.exceptions.as_slice().iter().filter_map(|day| day.destination.clone());
                next.extend([row.open.clone(), row.closed.clone()].into_iter().chain(days));
            }
        }
        Destination::AiAssistant { id } => {
            let rows = source.ai_assistants.iter().filter(|row| row.id == *id);
            next.extend(rows.map(|row| row.fallback.clone()));
        }
        Destination::Forward { to } => next.extend(forwarded(source, to)),
        Destination::Announcement { then, .. } => next.extend(then.as_deref().cloned()),
        Destination::ConferenceRoom { .. } | Destination::Voicemail { .. } => {}
        Destination::Hangup | Destination::Busy => {}
    }
    next
}
