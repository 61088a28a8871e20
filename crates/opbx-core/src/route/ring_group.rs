//! Ring groups: which phones ring, in which order, and what follows when nobody answers.
//!
//! A step carries the members still to try in its round. Those gone, inactive or not to be disturbed meanwhile are
//! passed over; new ones ring from the next round on.

use super::extension::phone_of;
use super::outbound::NoWayOut;
use super::{Go, GroupStep, MOST_FORWARDS, Position, Router, Target};
use crate::call::{Answer, Question};
use crate::decision::{Action, CallerId, Dial, DialTarget, OutcomeCode, Phone};
use crate::destination::{Destination, ForwardTarget};
use crate::extension::Extension;
use crate::id::{ExtensionId, RingGroupId};
use crate::notice::{Notice, Reason};
use crate::plan::{Group, RoutingPlan};
use crate::ring_group::Strategy;
use crate::text::TrunkName;
use crate::trace::{Because, Node, NodeKind, NotTaken, Param};

/// One attempt: the phones that ring, and how.
struct Attempt<'p> {
    phones: Vec<Phone<'p>>,
    members: Vec<&'p Extension>,
    caller_id: Option<CallerId>,
    trunk: Option<&'p TrunkName>,
}

/// Where a member rings.
enum Rings<'p> {
    /// At this phone.
    At(Phone<'p>),
    /// At a number outside.
    Outside(&'p ForwardTarget),
    /// Nowhere that a group can ring.
    Nowhere,
}

impl<'p> Router<'p, '_> {
    pub(super) fn enter_group(&mut self, id: RingGroupId) -> Go<'p> {
        let Some(group) = self.plan.group(id) else {
            return self.cannot_serve(Node::missing(NodeKind::RingGroup, id.get()), Reason::Missing);
        };
        if !group.row.status.is_active() {
            return self.notice(Node::ring_group(&group.row), Reason::Inactive, vec![], Notice::NotAvailable);
        }
        self.passed.group = Some(id);
        let turn = match self.turn(group) {
            Ok(turn) => turn,
            Err(question) => return Go::Ask(question),
        };
        self.start_round(group, 0, turn)
    }

    pub(super) fn after_group(&mut self, step: &GroupStep) -> Go<'p> {
        let group = self.plan.group(step.group).filter(|group| group.row.status.is_active());
        let node = group
            .map_or_else(|| Node::missing(NodeKind::RingGroup, step.group.get()), |group| Node::ring_group(&group.row));
        if let Some(go) = self.over_after_dial(node.clone()) {
            return go;
        }
        let Some(group) = group else {
            return self.cannot_serve(node, Reason::Vanished);
        };
        self.because(node, Reason::AttemptEnded, vec![("result", self.dial_result().word().into())]);
        self.next_attempt(group, step.round, step.turn, &step.remaining)
    }

    /// The group's turn, asked for once per entry and only where it matters.
    fn turn(&self, group: &Group) -> Result<u64, Question> {
        if group.row.strategy != Strategy::RoundRobin || self.ringing(group).count() < 2 {
            return Ok(0);
        }
        let answer = self.call.answers.iter().find_map(|answer| match answer {
            Answer::Turn { group: asked, turn } if *asked == group.row.id => Some(*turn),
            _ => None,
        });
        answer.ok_or(Question::Turn { group: group.row.id })
    }

    /// The members that ring now, in order.
    fn ringing(&self, group: &'p Group) -> impl Iterator<Item = &'p Extension> {
        let caller = self.caller().map(|caller| caller.id);
        let members = group.members.iter().filter_map(|id| self.plan.extension(*id));
        members.filter(move |member| passed_over(member, caller).is_none())
    }

    fn start_round(&mut self, group: &'p Group, round: u8, turn: u64) -> Go<'p> {
        let mut order: Vec<&Extension> = self.ringing(group).collect();
        let mut params = vec![("strategy", Param::Text(strategy_word(group.row.strategy)))];
        if group.row.strategy == Strategy::RoundRobin && !order.is_empty() {
            let first = turn % order.len() as u64;
            order.rotate_left(usize::try_from(first).unwrap_or(0));
            params.push(("turn", Param::Count(turn)));
        }
        params.push(("members", Param::Extensions(order.iter().map(|member| member.number).collect())));
        params.push(("round", Param::Count(u64::from(round) + 1)));
        let not_taken = if round == 0 { self.members_passed_over(group) } else { Vec::new() };
        if order.is_empty() {
            self.because_not(Node::ring_group(&group.row), Reason::NobodyRings, vec![], not_taken);
            return self.group_fallback(group);
        }
        self.because_not(Node::ring_group(&group.row), Reason::RoundStarts, params, not_taken);
        let ids: Vec<ExtensionId> = order.iter().map(|member| member.id).collect();
        if group.row.strategy == Strategy::Simultaneous {
            return self.ring_all(group, round, &order);
        }
        self.next_attempt(group, round, turn, &ids)
    }

    /// The next member of the round that can ring, else the next round, else the fallback.
    fn next_attempt(&mut self, group: &'p Group, round: u8, turn: u64, remaining: &[ExtensionId]) -> Go<'p> {
        let caller = self.caller().map(|caller| caller.id);
        for (place, id) in remaining.iter().enumerate() {
            let member = self.plan.extension(*id).filter(|member| group.members.contains(&member.id));
            let Some(member) = member.filter(|member| passed_over(member, caller).is_none()) else {
                continue;
            };
            let attempt = match self.attempt(group, member) {
                Ok(Some(attempt)) => attempt,
                Ok(None) => continue,
                Err(question) => return Go::Ask(question),
            };
            let rest = remaining.get(place + 1..).unwrap_or_default().to_vec();
            return self.ring_group(group, attempt, GroupStep { group: group.row.id, round, turn, remaining: rest });
        }
        let next = round + 1;
        if u32::from(next) < group.row.ring_turns.get() {
            return self.start_next_round(group, next, turn);
        }
        self.because(Node::ring_group(&group.row), Reason::NobodyAnswered, vec![]);
        self.group_fallback(group)
    }

    /// A further round, if anybody could ring in it; a round in which no member has a phone would repeat for nothing.
    fn start_next_round(&mut self, group: &'p Group, round: u8, turn: u64) -> Go<'p> {
        let anybody = self.ringing(group).any(|member| !matches!(self.plan.rings_at(group, member), Rings::Nowhere));
        if anybody && round < 9 {
            return self.start_round(group, round, turn);
        }
        self.because(Node::ring_group(&group.row), Reason::NobodyRings, vec![]);
        self.group_fallback(group)
    }

    fn ring_all(&mut self, group: &'p Group, round: u8, order: &[&'p Extension]) -> Go<'p> {
        let mut attempt = Attempt { phones: Vec::new(), members: Vec::new(), caller_id: None, trunk: None };
        for member in order {
            // A number outside cannot join: it needs a trunk and a caller id of its own.
            if let Rings::At(phone) = self.plan.rings_at(group, member)
                && !attempt.phones.contains(&phone)
            {
                attempt.phones.push(phone);
                attempt.members.push(member);
            }
        }
        if attempt.phones.is_empty() {
            self.because(Node::ring_group(&group.row), Reason::NobodyRings, vec![]);
            return self.group_fallback(group);
        }
        self.ring_group(group, attempt, GroupStep { group: group.row.id, round, turn: 0, remaining: Vec::new() })
    }

    /// The attempt that rings one member; `None` when its forward leads nowhere a group can ring.
    fn attempt(&mut self, group: &Group, member: &'p Extension) -> Result<Option<Attempt<'p>>, Question> {
        let attempt =
            |phone, caller_id, trunk| Attempt { phones: vec![phone], members: vec![member], caller_id, trunk };
        match self.plan.rings_at(group, member) {
            Rings::At(phone) => Ok(Some(attempt(phone, None, None))),
            Rings::Outside(ForwardTarget::Number(number)) => {
                let Some(facts) = self.plan.forward_facts(*number) else { return Ok(None) };
                match self.way_out(facts, Some(member)) {
                    Ok(way) => Ok(Some(attempt(way.phone, Some(way.caller_id), way.trunk))),
                    Err(NoWayOut::Ask(question)) => Err(question),
                    Err(NoWayOut::Refused(node, reason, params, not_taken, _)) => {
                        self.because_not(node, reason, params, not_taken);
                        Ok(None)
                    }
                }
            }
            Rings::Outside(_) | Rings::Nowhere => {
                self.because(Node::extension(member), Reason::ForwardCannotRing, vec![]);
                Ok(None)
            }
        }
    }

    fn ring_group(&mut self, group: &'p Group, attempt: Attempt<'p>, then: GroupStep) -> Go<'p> {
        let only = match attempt.members.as_slice() {
            [member] => Some(*member),
            _ => None,
        };
        let recording = self.recording(only);
        self.announce_recording(recording);
        let members = attempt.members.iter().map(|member| member.number).collect();
        let params = vec![("members", Param::Extensions(members)), ("seconds", group.row.timeout.get().into())];
        self.because(Node::ring_group(&group.row), Reason::AttemptRings, params);
        let dial = Dial {
            target: DialTarget::Phones(attempt.phones),
            caller_id: attempt.caller_id.unwrap_or_else(|| self.callers_own_id()),
            caller_name: self.prefixed_caller_name(),
            timeout: Some(group.row.timeout),
            time_limit: Some(self.plan.organization().max_call_seconds.get()),
            recording,
            trunk: attempt.trunk,
            then: self.step(Position::Group(then)),
        };
        self.actions.push(Action::Dial(dial));
        self.comes_out(OutcomeCode::RingGroup, Some(Target::RingGroup(group.row.id)));
        Go::Done
    }

    fn group_fallback(&mut self, group: &'p Group) -> Go<'p> {
        self.passed.parent = None;
        Go::Enter((&group.row.fallback).into(), None)
    }

    fn members_passed_over(&self, group: &'p Group) -> Vec<NotTaken<'p>> {
        let caller = self.caller().map(|caller| caller.id);
        let members = group.members.iter().filter_map(|id| self.plan.extension(*id));
        members
            .filter_map(|member| {
                let reason = passed_over(member, caller)?;
                Some(NotTaken { node: Node::extension(member), because: Because { reason, params: vec![] } })
            })
            .collect()
    }
}

impl RoutingPlan {
    /// Where a member rings: its own phone or, where the group follows forwards, the end of its forward-always.
    fn rings_at<'p>(&'p self, group: &Group, member: &'p Extension) -> Rings<'p> {
        let mut at = member;
        for _ in 0..=MOST_FORWARDS {
            let Some(forward) = at.forward_always.as_ref().filter(|_| group.row.follow_forwards) else {
                return if at.is_user() { Rings::At(phone_of(at)) } else { Rings::Nowhere };
            };
            let next = match forward {
                Destination::Extension { id } => self.extension(*id),
                Destination::Forward { to: ForwardTarget::Sip(uri) } => return Rings::At(Phone::Sip(uri)),
                Destination::Forward { to: ForwardTarget::Extension(number) } => self.extension_by_number(*number),
                Destination::Forward { to: to @ ForwardTarget::Number(number) } => {
                    // An own number is a place of its own, not a phone.
                    return if self.own_number(*number).is_some() { Rings::Nowhere } else { Rings::Outside(to) };
                }
                _ => None,
            };
            match next.filter(|next| next.status.is_active() && !next.do_not_disturb) {
                Some(next) => at = next,
                None => return Rings::Nowhere,
            }
        }
        Rings::Nowhere
    }

    /// Whether a member that nothing else keeps from it rings in its group: it does not when the group follows a
    /// forward of its that leads to no phone, or to one that the group may not dial. This is how the lint judges it.
    pub(crate) fn can_ring(&self, group: &Group, member: &Extension) -> bool {
        match self.rings_at(group, member) {
            Rings::At(_) => true,
            Rings::Outside(ForwardTarget::Number(number)) if group.row.strategy != Strategy::Simultaneous => {
                self.forward_facts(*number).is_some_and(|facts| self.rule_for(facts, Some(member)).is_ok())
            }
            Rings::Outside(_) | Rings::Nowhere => false,
        }
    }
}

/// Why a member does not ring.
fn passed_over(member: &Extension, caller: Option<ExtensionId>) -> Option<Reason> {
    if !member.status.is_active() {
        Some(Reason::MemberInactive)
    } else if member.do_not_disturb {
        Some(Reason::MemberNotDisturbed)
    } else if caller == Some(member.id) {
        Some(Reason::MemberCalls)
    } else {
        None
    }
}

const fn strategy_word(strategy: Strategy) -> &'static str {
    match strategy {
        Strategy::Simultaneous => "simultaneous",
        Strategy::RoundRobin => "round_robin",
        Strategy::Sequential => "sequential",
    }
}
