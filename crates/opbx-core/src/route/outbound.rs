//! Calls to the outside: who may dial what, over which trunk, and how often.

use super::{Go, Position, Router, Target};
use crate::call::{Answer, DialResult, OverCap, Question};
use crate::decision::{Action, CallerId, Dial, DialTarget, Event, OutcomeCode, Phone};
use crate::destination::ForwardTarget;
use crate::extension::{Extension, OutboundPermission};
use crate::id::ExtensionId;
use crate::notice::{Notice, Reason};
use crate::number::NumberFacts;
use crate::outbound_rule::OutboundRule;
use crate::plan::RoutingPlan;
use crate::text::TrunkName;
use crate::trace::{Because, Node, NotTaken, Param, Params};

/// An outbound dial that may happen.
pub(super) struct WayOut<'p> {
    pub(super) phone: Phone<'p>,
    pub(super) caller_id: CallerId,
    pub(super) trunk: Option<&'p TrunkName>,
}

/// Why an outbound dial does not happen.
pub(super) enum NoWayOut<'p> {
    /// It is not allowed: what the trace says, and what the caller hears.
    Refused(Node<'p>, Reason, Params<'p>, Vec<NotTaken<'p>>, Notice),
    /// Something must be known first.
    Ask(Question),
}

impl<'p> Router<'p, '_> {
    /// A call of an own extension to the outside.
    pub(super) fn outbound(&mut self, caller: &'p Extension) -> Go<'p> {
        let Some(facts) = self.call.to.dialled() else {
            return self.notice(Node::call(), Reason::NothingMatches, vec![], Notice::NoSuchExtension);
        };
        let way = if !caller.is_user() {
            // Only people dial out, whatever the permission of an extension that leads somewhere.
            let params = vec![("number", facts.e164.into())];
            let (reason, notice) = (Reason::NotPermittedOutside, Notice::NotPermitted);
            Err(NoWayOut::Refused(Node::extension(caller), reason, params, vec![], notice))
        } else if self.dialled_number().is_some() || self.dialled_extension().is_some() {
            // Own extensions and numbers never leave.
            let params = vec![("number", facts.e164.into())];
            Err(NoWayOut::Refused(Node::extension(caller), Reason::OwnNumberStays, params, vec![], Notice::NotAllowed))
        } else {
            self.way_out(facts, Some(caller))
        };
        let way = match way {
            Ok(way) => way,
            Err(no_way) => return self.no_way_out(no_way),
        };
        let recording = self.recording(Some(caller));
        self.announce_recording(recording);
        let dial = Dial {
            target: DialTarget::Phones(vec![way.phone]),
            caller_id: way.caller_id,
            caller_name: None,
            timeout: None,
            time_limit: Some(self.plan.organization().max_call_seconds.get()),
            recording,
            trunk: way.trunk,
            then: self.step(Position::Outbound),
        };
        self.actions.push(Action::Dial(dial));
        self.comes_out(OutcomeCode::Outbound, None);
        Go::Done
    }

    pub(super) fn after_outbound(&mut self) -> Go<'p> {
        if let Some(go) = self.over_after_dial(Node::call()) {
            return go;
        }
        let result = self.dial_result();
        let notice = match result {
            DialResult::Busy => Notice::LineBusy,
            DialResult::NoAnswer => Notice::NoAnswer,
            _ => Notice::CallFailed,
        };
        self.notice(Node::call(), Reason::DialEnded, vec![("result", result.word().into())], notice)
    }

    /// A forward to a number outside.
    pub(super) fn forward_outside(
        &mut self,
        to: &'p ForwardTarget,
        facts: NumberFacts,
        forwarder: Option<ExtensionId>,
    ) -> Go<'p> {
        let by = forwarder.and_then(|id| self.plan.extension(id));
        let way = match self.way_out(facts, by) {
            Ok(way) => way,
            Err(NoWayOut::Refused(node, reason, params, not_taken, _)) => {
                // The caller dialled something else: what is wrong with the forward is for the trace.
                let refused = NoWayOut::Refused(node, reason, params, not_taken, Notice::NotAvailable);
                return self.no_way_out(refused);
            }
            Err(no_way) => return self.no_way_out(no_way),
        };
        let recording = self.recording(by);
        self.announce_recording(recording);
        let dial = Dial {
            target: DialTarget::Phones(vec![way.phone]),
            caller_id: way.caller_id,
            caller_name: self.prefixed_caller_name(),
            timeout: Some(self.forward_timeout(forwarder)),
            time_limit: Some(self.plan.organization().max_call_seconds.get()),
            recording,
            trunk: way.trunk,
            then: self.step(Position::Forward { by: forwarder }),
        };
        self.actions.push(Action::Dial(dial));
        self.comes_out(OutcomeCode::Forward, Some(Target::Forward(to)));
        Go::Done
    }

    fn no_way_out(&mut self, no_way: NoWayOut<'p>) -> Go<'p> {
        match no_way {
            NoWayOut::Ask(question) => Go::Ask(question),
            NoWayOut::Refused(node, reason, params, not_taken, notice) => {
                self.because_not(node, reason, params, not_taken);
                self.say_and_hang_up(notice, Vec::new(), OutcomeCode::Notice(notice))
            }
        }
    }

    /// The way out for a number, if permission, rules and caps allow one. `by` is the extension that dials or
    /// forwards; without one only a rule and the organization's caps count.
    pub(super) fn way_out(
        &mut self,
        number: NumberFacts,
        by: Option<&'p Extension>,
    ) -> Result<WayOut<'p>, NoWayOut<'p>> {
        let (rule, not_taken) = self.plan.rule_for(number, by).map_err(|refused| {
            let Refusal { reason, params, not_taken, notice } = refused;
            NoWayOut::Refused(by.map_or_else(Node::call, Node::extension), reason, params, not_taken, notice)
        })?;
        if let Some(over) = self.caps(number, by)? {
            let extension = by.map(|extension| extension.id);
            self.events.push(Event::CapReached { cap: over.cap, extension, of_extension: over.of_extension });
            let reason = if over.of_extension { Reason::ExtensionCapReached } else { Reason::OrganizationCapReached };
            let params = vec![("cap", over.cap.word().into())];
            let node = by.map_or_else(Node::call, Node::extension);
            return Err(NoWayOut::Refused(node, reason, params, Vec::new(), Notice::TooManyCalls));
        }
        let dialled_text = dial_text(rule, number);
        let params = vec![
            ("number", Param::Number(number.e164)),
            ("dialled", Param::Owned(dialled_text.clone())),
            ("trunk", Param::Text(rule.trunk.as_ref().map_or("", |trunk| trunk.as_str()))),
        ];
        self.because_not(Node::outbound_rule(rule), Reason::RuleAllows, params, not_taken);
        Ok(WayOut {
            phone: Phone::Trunk(dialled_text),
            // What a caller withholds is replaced by nothing, not even by a number of ours.
            caller_id: if self.call.from.is_withheld() {
                CallerId::Unset
            } else {
                self.caller_id_by(rule.caller_id, by)
            },
            trunk: rule.trunk.as_ref(),
        })
    }

    /// The cap that is reached, if one is.
    fn caps(&self, number: NumberFacts, by: Option<&Extension>) -> Result<Option<OverCap>, NoWayOut<'p>> {
        let extension = by.map(|extension| extension.id);
        let answer = self.call.answers.iter().find_map(|answer| match answer {
            Answer::Caps { extension: asked, over } if *asked == extension => Some(*over),
            _ => None,
        });
        let question = Question::Caps { extension, number: number.e164 };
        answer.ok_or(NoWayOut::Ask(question))
    }
}

/// Why permission or rules refuse a number.
pub(crate) struct Refusal<'p> {
    /// What the trace says.
    pub(crate) reason: Reason,
    /// Its data.
    pub(crate) params: Params<'p>,
    /// Rules that fit the number and do not admit the call.
    pub(crate) not_taken: Vec<NotTaken<'p>>,
    /// What the caller hears.
    pub(crate) notice: Notice,
}

impl RoutingPlan {
    /// The outbound rule that admits a number, or why none does. `by` is the extension whose permission counts;
    /// without one only a rule does. Caps are not asked: this is also how the lint judges a forward.
    pub(crate) fn rule_for<'p>(
        &'p self,
        number: NumberFacts,
        by: Option<&Extension>,
    ) -> Result<(&'p OutboundRule, Vec<NotTaken<'p>>), Refusal<'p>> {
        let refuse = |reason, not_taken, notice| {
            let region = number.region.map_or_else(Box::default, |region| region.as_str().into());
            let params = vec![("number", Param::Number(number.e164)), ("region", Param::Owned(region))];
            Err(Refusal { reason, params, not_taken, notice })
        };
        if !number.valid {
            return refuse(Reason::NumberInvalid, Vec::new(), Notice::NotAllowed);
        }
        match by.map(|extension| extension.outbound_permission) {
            Some(OutboundPermission::None | OutboundPermission::Internal) => {
                return refuse(Reason::NotPermittedOutside, Vec::new(), Notice::NotPermitted);
            }
            Some(OutboundPermission::National) if number.region != Some(self.organization().country) => {
                return refuse(Reason::NotPermittedAbroad, Vec::new(), Notice::NotPermitted);
            }
            _ => {}
        }
        let mut not_taken: Vec<NotTaken<'p>> = Vec::new();
        for rule in self.rules().fitting(number) {
            let Some(because) = refusal(rule, number, by) else { return Ok((rule, not_taken)) };
            let node = Node::outbound_rule(rule);
            // A rule fits once for each of its prefixes that the number begins with; one refusal says it.
            if not_taken.iter().all(|known| known.node != node) {
                not_taken.push(NotTaken { node, because });
            }
        }
        refuse(Reason::NoRule, not_taken, Notice::NotAllowed)
    }
}

/// Why a rule that fits the number does not admit the call.
fn refusal<'p>(rule: &OutboundRule, number: NumberFacts, by: Option<&Extension>) -> Option<Because<'p>> {
    let length = number.e164.digit_count();
    if rule.min_length.is_some_and(|least| length < least.get())
        || rule.max_length.is_some_and(|most| length > most.get())
    {
        return Some(Because { reason: Reason::RuleLength, params: vec![("length", length.into())] });
    }
    let serves = match by.map(|extension| extension.outbound_permission) {
        Some(OutboundPermission::National) => rule.permissions.national,
        Some(OutboundPermission::International) => rule.permissions.international,
        _ => true,
    };
    if !serves {
        return Some(Because { reason: Reason::RulePermission, params: vec![] });
    }
    if number.kind.is_costly() && !rule.allow_premium {
        return Some(Because { reason: Reason::RulePremium, params: vec![("kind", number.kind.word().into())] });
    }
    if dial_text(rule, number).is_empty() {
        return Some(Because { reason: Reason::RuleLeavesNothing, params: vec![] });
    }
    None
}

/// What the trunk is given: the number without what the rule strips, behind what it prepends.
fn dial_text(rule: &OutboundRule, number: NumberFacts) -> Box<str> {
    let text = number.e164.to_string();
    let rest = text.get(rule.strip.get() as usize..).unwrap_or_default();
    format!("{}{rest}", rule.prepend).into()
}
