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
use crate::extension::{Extension, ExtensionKind};
use crate::extension_number::ExtensionNumber;
use crate::id::{ExtensionId, RingGroupId};
use crate::notice::{Notice, Reason};
use crate::number::E164;
use crate::plan::{Group, RoutingPlan};
use crate::ring_group::Strategy;
use crate::text::TrunkName;
use crate::trace::{Because, Node, NodeKind, NotTaken, Param};

/// One attempt: the phones that ring, and how.
struct Attempt<'p> {
    phones: Vec<Phone<'p>>,
    members: Vec<ExtensionNumber>,
    /// The member, where it is the only one.
    only: Option<&'p Extension>,
    caller_id: Option<CallerId>,
    trunk: Option<&'p TrunkName>,
}

/// Where a member rings.
enum Rings<'p> {
    /// At this phone.
    At(Phone<'p>),
    /// At a number outside, to which this extension forwards: its rights decide.
    Outside(E164, &'p Extension),
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
        if let Some(go) = self.next_attempt(group, step.round, step.turn, step.remaining.clone()) {
            return go;
        }
        let next = step.round.saturating_add(1);
        if u32::from(next) < group.row.ring_turns.get() {
            return self.start_round(group, next, step.turn);
        }
        self.because(Node::ring_group(&group.row), Reason::NobodyAnswered, vec![]);
        self.group_fallback(group)
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
        let mut order: Vec<ExtensionId> = self.ringing(group).map(|member| member.id).collect();
        let mut params = vec![("strategy", Param::Text(strategy_word(group.row.strategy)))];
        if group.row.strategy == Strategy::RoundRobin && order.len() > 1 {
            let first = turn % order.len() as u64;
            order.rotate_left(usize::try_from(first).unwrap_or(0));
            params.push(("turn", Param::Count(turn)));
        }
        let not_taken = if round == 0 { self.members_passed_over(group) } else { Vec::new() };
        if order.is_empty() {
            return self.nobody_rings(group, not_taken);
        }
        params.push(("members", Param::Extensions(self.members(&order).map(|member| member.number).collect())));
        params.push(("round", Param::Count(u64::from(round) + 1)));
        self.because_not(Node::ring_group(&group.row), Reason::RoundStarts, params, not_taken);
        if group.row.strategy == Strategy::Simultaneous {
            return self.ring_all(group, round, &order);
        }
        // A round in which nobody could ring would only repeat itself.
        self.next_attempt(group, round, turn, order).unwrap_or_else(|| self.nobody_rings(group, Vec::new()))
    }

    fn members(&self, ids: &[ExtensionId]) -> impl Iterator<Item = &'p Extension> {
        ids.iter().filter_map(|id| self.plan.extension(*id))
    }

    /// Rings the next member of the round that can ring; `None` when none can. Those behind it go into the step.
    fn next_attempt(
        &mut self,
        group: &'p Group,
        round: u8,
        turn: u64,
        mut remaining: Vec<ExtensionId>,
    ) -> Option<Go<'p>> {
        let caller = self.caller().map(|caller| caller.id);
        for place in 0..remaining.len() {
            let member = remaining.get(place).filter(|id| group.members.contains(id));
            let member = member.and_then(|id| self.plan.extension(*id));
            let Some(member) = member.filter(|member| passed_over(member, caller).is_none()) else {
                continue;
            };
            let attempt = match self.attempt(group, member) {
                Ok(Some(attempt)) => attempt,
                Ok(None) => continue,
                Err(question) => return Some(Go::Ask(question)),
            };
            remaining.drain(..=place);
            let step = GroupStep { group: group.row.id, round, turn, remaining };
            return Some(self.ring_group(group, attempt, step));
        }
        None
    }

    fn ring_all(&mut self, group: &'p Group, round: u8, order: &[ExtensionId]) -> Go<'p> {
        let mut attempt = Attempt { phones: Vec::new(), members: Vec::new(), only: None, caller_id: None, trunk: None };
        for id in order {
            let Some(member) = self.plan.extension(*id) else { continue };
            let reason = match self.rings_at(group, member) {
                Rings::At(phone) => {
                    if !attempt.phones.contains(&phone) {
                        attempt.phones.push(phone);
                    }
                    attempt.only = attempt.members.is_empty().then_some(member);
                    attempt.members.push(member.number);
                    continue;
                }
                // A number outside cannot join: it needs a trunk and a caller id of its own.
                Rings::Outside(..) => Reason::ForwardCannotJoin,
                Rings::Nowhere => Reason::ForwardCannotRing,
            };
            self.because(Node::extension(member), reason, vec![]);
        }
        if attempt.phones.is_empty() {
            return self.nobody_rings(group, Vec::new());
        }
        self.ring_group(group, attempt, GroupStep { group: group.row.id, round, turn: 0, remaining: Vec::new() })
    }

    /// The attempt that rings one member; `None` when its forward leads nowhere a group can ring.
    fn attempt(&mut self, group: &Group, member: &'p Extension) -> Result<Option<Attempt<'p>>, Question> {
        let attempt = |phone, caller_id, trunk| Attempt {
            phones: vec![phone],
            members: vec![member.number],
            only: Some(member),
            caller_id,
            trunk,
        };
        match self.rings_at(group, member) {
            Rings::At(phone) => Ok(Some(attempt(phone, None, None))),
            Rings::Outside(number, by) => {
                let Some(facts) = self.plan.forward_facts(number) else { return Ok(None) };
                match self.way_out(facts, Some(by)) {
                    Ok(way) => Ok(Some(attempt(way.phone, Some(way.caller_id), way.trunk))),
                    Err(NoWayOut::Ask(question)) => Err(question),
                    Err(NoWayOut::Refused(node, reason, params, not_taken, _)) => {
                        self.because_not(node, reason, params, not_taken);
                        Ok(None)
                    }
                }
            }
            Rings::Nowhere => {
                self.because(Node::extension(member), Reason::ForwardCannotRing, vec![]);
                Ok(None)
            }
        }
    }

    fn rings_at(&self, group: &Group, member: &'p Extension) -> Rings<'p> {
        self.plan.rings_at(group, member, self.caller().map(|caller| caller.id))
    }

    fn ring_group(&mut self, group: &'p Group, attempt: Attempt<'p>, then: GroupStep) -> Go<'p> {
        let recording = self.recording(attempt.only);
        self.announce_recording(recording);
        let params = vec![("members", Param::Extensions(attempt.members)), ("seconds", group.row.timeout.get().into())];
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

    fn nobody_rings(&mut self, group: &'p Group, not_taken: Vec<NotTaken<'p>>) -> Go<'p> {
        self.because_not(Node::ring_group(&group.row), Reason::NobodyRings, vec![], not_taken);
        self.group_fallback(group)
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
    fn rings_at<'p>(&'p self, group: &Group, member: &'p Extension, caller: Option<ExtensionId>) -> Rings<'p> {
        let mut at = member;
        for forwards in 0..=MOST_FORWARDS {
            let followed = at.forward_always.as_ref().filter(|_| group.row.follow_forwards);
            // A phone that it has come to rings; one forward more, wherever it leads, is one too many.
            let is_phone = matches!(at.kind, ExtensionKind::User { .. }) && followed.is_none();
            if forwards == MOST_FORWARDS && !is_phone {
                return Rings::Nowhere;
            }
            let next = match (&at.kind, followed) {
                (ExtensionKind::User { .. }, None) => {
                    let free = !at.do_not_disturb && caller != Some(at.id);
                    return if free { Rings::At(phone_of(at)) } else { Rings::Nowhere };
                }
                (ExtensionKind::User { .. }, Some(Destination::Extension { id })) => self.extension(*id),
                (ExtensionKind::User { .. }, Some(Destination::Forward { to }))
                | (ExtensionKind::Forward { forward_to: to }, _) => match to {
                    ForwardTarget::Sip(uri) => return Rings::At(Phone::Sip(uri)),
                    ForwardTarget::Extension(number) => self.extension_by_number(*number),
                    // An own number is a place of its own, not a phone.
                    ForwardTarget::Number(number) if self.own_number(*number).is_some() => None,
                    ForwardTarget::Number(number) => return Rings::Outside(*number, at),
                },
                _ => None,
            };
            match next.filter(|next| next.status.is_active()) {
                Some(next) => at = next,
                None => return Rings::Nowhere,
            }
        }
        Rings::Nowhere
    }

    /// Whether a member that neither its status nor its do-not-disturb keeps from it rings in its group: it does not
    /// when the group follows a forward of its that leads to no phone, or to one that the group may not dial. This is
    /// how the lint judges it.
    pub(crate) fn can_ring(&self, group: &Group, member: &Extension) -> bool {
        let follows = group.row.follow_forwards && member.forward_always.is_some();
        match self.rings_at(group, member, None) {
            Rings::At(_) => true,
            Rings::Outside(number, by) if group.row.strategy != Strategy::Simultaneous => {
                self.forward_facts(number).is_some_and(|facts| self.rule_for(facts, Some(by)).is_ok())
            }
            Rings::Outside(..) => false,
            Rings::Nowhere => member.do_not_disturb && !follows,
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
