//! Ring groups: everybody starts equally often, and following forwards leads where a call of one's own would lead.

use super::strangers::phones;
use crate::support::dice::Dice;
use crate::support::follow::{Manners, follow};
use crate::support::numbering::party;
use crate::support::scene::{Scene, compiled, scenes};
use crate::support::wild;
use opbx_core::call::{Answer, Call, Direction};
use opbx_core::decision::{Phone, Routed};
use opbx_core::destination::{Destination, ForwardTarget};
use opbx_core::extension::Extension;
use opbx_core::id::{ExtensionId, PhoneNumberId, RingGroupId};
use opbx_core::organization::{OrganizationStatus, Status};
use opbx_core::phone_number::PhoneNumber;
use opbx_core::plan::{PlanSource, RoutingPlan};
use opbx_core::ring_group::Strategy as Ringing;
use opbx_core::route::route;
use proptest::prelude::*;
use std::collections::HashMap;

const GROUP: &str = "+12125550198";
const ALONE: &str = "+12125550199";

fn number(id: u64, text: &str, destination: Destination) -> PhoneNumber {
    PhoneNumber::new(PhoneNumberId::new(id), text.parse().unwrap(), destination)
}

/// A plan of nothing but people and a round-robin group of those that ring: bit by bit, whether each does.
fn round_robin(ringing: u8) -> RoutingPlan {
    let mut source = PlanSource::new(Scene::new(0, 0).source.organization);
    source.organization.status = OrganizationStatus::Active;
    source.extensions = (1..=8).map(|id| person(id, ringing >> (id - 1) & 1 == 1)).collect();
    let ids: Vec<ExtensionId> = source.extensions.iter().map(|row| row.id).collect();
    source.ring_groups.push(wild::group_of(Ringing::RoundRobin, &ids));
    source.phone_numbers.push(number(1, GROUP, Destination::RingGroup { id: RingGroupId::new(1) }));
    compiled(source)
}

fn person(id: u64, active: bool) -> Extension {
    let mut person =
        Extension::new(ExtensionId::new(id), (1_000 + id).to_string().parse().unwrap(), "Ann".parse().unwrap());
    person.status = if active { Status::Active } else { Status::Inactive };
    person
}

/// Who rings first in a call that got this turn; each question is answered with it.
fn first(plan: &RoutingPlan, turn: u64) -> Option<String> {
    let mut call = Call::new(Direction::Inbound, party("+14155550123", plan), party(GROUP, plan));
    call.answers = vec![Answer::Turn { group: RingGroupId::new(1), turn }];
    let Routed::Decided(decision) = route(plan, &call, "2026-03-10T14:12:00Z".parse().unwrap()) else { return None };
    let played = [crate::support::follow::Played { call, decision }];
    phones(&played).next().map(|(_, _, phone)| format!("{phone:?}"))
}

/// How often each member starts over these turns.
fn starts(plan: &RoutingPlan, turns: impl Iterator<Item = u64>) -> HashMap<String, u64> {
    let mut starts = HashMap::new();
    for turn in turns {
        if let Some(phone) = first(plan, turn) {
            *starts.entry(phone).or_insert(0) += 1;
        }
    }
    starts
}

/// Turns one after another from anywhere, the end of all numbers included; a counter that would pass it has served
/// for longer than there are calls.
fn beginnings() -> impl Strategy<Value = u64> {
    prop_oneof![0..1_000_u64, any::<u64>(), Just(u64::MAX)].prop_map(|turn| turn.min(u64::MAX - 200))
}

/// The group's members sent somewhere: to each other, outside, to SIP addresses.
fn forwarding(source: &mut PlanSource, dice: &mut Dice) {
    let numbers: Vec<_> = source.extensions.iter().map(|row| row.number).collect();
    for row in &mut source.extensions {
        row.forward_always = match dice.roll(6) {
            0 => None,
            1 | 2 => Some(Destination::Extension { id: ExtensionId::new(dice.between(1, 6).into()) }),
            3 => Some(Destination::Forward { to: ForwardTarget::Extension(dice.pick(&numbers)) }),
            4 => Some(Destination::Forward { to: dice.parse(wild::OUTSIDE) }),
            _ => Some(Destination::Forward { to: "sip:bob@example.com".parse().unwrap() }),
        };
    }
}

proptest! {
    /// Over any n calls with consecutive turns, each of k members starts ⌊n/k⌋ or ⌈n/k⌉ of them.
    #[test]
    fn everybody_starts_equally_often(ringing in 1_u8.., from in beginnings(), calls in 0..60_u64) {
        let plan = round_robin(ringing);
        let members = u64::from(ringing.count_ones());
        let starts = starts(&plan, from..from + calls);
        prop_assert_eq!(starts.values().sum::<u64>(), calls);
        let (least, most) = (calls / members, calls.div_ceil(members));
        prop_assert!(starts.values().all(|count| (least..=most).contains(count)), "{:?}", starts);
        prop_assert!(least == 0 || starts.len() as u64 == members, "{:?}", starts);
    }

    /// When members come or go after some of the calls, those who stay start no more than one call off, before and
    /// after alike; and nobody else ever starts.
    #[test]
    fn a_change_of_members_skews_by_one(
        before in 1_u8.., after in 1_u8.., from in beginnings(), calls in 0..60_u64, later in 0..60_u64,
    ) {
        let (first, then) = (round_robin(before), round_robin(after));
        let mut sum = starts(&first, from..from + calls);
        for (phone, count) in starts(&then, from + calls..from + calls + later) {
            *sum.entry(phone).or_insert(0) += count;
        }
        let shares = [(calls, u64::from(before.count_ones())), (later, u64::from(after.count_ones()))];
        for id in 1..=8_u64 {
            let count = sum.get(&format!("{:?}", Phone::Extension((1_000 + id).to_string().parse().unwrap())));
            let stays = [before, after].map(|ringing| ringing >> (id - 1) & 1 == 1);
            let share = |round: fn(u64, u64) -> u64| {
                stays.iter().zip(shares).filter(|(stays, _)| **stays).map(|(_, (n, k))| round(n, k)).sum::<u64>()
            };
            let (least, most) = (share(|n, k| n / k), share(u64::div_ceil));
            prop_assert!((least..=most).contains(&count.copied().unwrap_or(0)), "{}: {:?}", id, sum);
        }
    }

    /// Where a group that follows forwards rings a member, a call to that member alone would ring too: the same phone,
    /// by the same rights, over no more forwards.
    #[test]
    fn following_forwards_leads_nowhere_else(mut scene in scenes()) {
        let mut dice = scene.dice();
        let source = &mut scene.source;
        source.organization.status = OrganizationStatus::Active;
        source.organization.reject_anonymous = false;
        source.blocked_callers.clear();
        source.phone_numbers.clear();
        prop_assume!(!source.extensions.is_empty());
        forwarding(source, &mut dice);
        let member = dice.pick(&source.extensions).id;
        let mut group = wild::group_of(Ringing::Sequential, &[member]);
        group.follow_forwards = true;
        source.ring_groups = vec![group];
        source.phone_numbers.push(number(1, GROUP, Destination::RingGroup { id: RingGroupId::new(1) }));
        source.phone_numbers.push(number(2, ALONE, Destination::Extension { id: member }));
        let plan = compiled(source.clone());
        let rung = |number: &str| {
            let call = Call::new(Direction::Inbound, party("+34911234567", &plan), party(number, &plan));
            let mut dice = Dice::new(Vec::new());
            let played = follow(&plan, call, scene.now, &mut dice, Manners::Silent);
            let mut phones = phones(&played[..1]);
            phones.next().map(|(_, dial, phone)| format!("{phone:?} by {:?} as {:?}", dial.trunk, dial.caller_id))
        };
        if let Some(rings) = rung(GROUP) {
            prop_assert_eq!(Some(rings), rung(ALONE));
        }
    }
}
