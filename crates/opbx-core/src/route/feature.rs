//! Feature codes: what an own extension can do by dialling `*…`. One table.

use super::{Go, Router};
use crate::call::Party;
use crate::decision::{CallerId, Effect, OutcomeCode};
use crate::destination::ForwardTarget;
use crate::extension::Extension;
use crate::notice::{Notice, Reason};
use crate::trace::{Node, Param, Params};

/// What a code does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Feature {
    OwnBox,
    AnyBox,
    DoNotDisturb(bool),
    ForwardTo,
    ForwardOff,
    SayNumber,
}

/// Why nothing is forwarded: what the trace says, its data, and what the caller hears.
type NoForward<'p> = (Reason, Params<'p>, Notice);

/// Every code there is. Only `*72` takes a number behind it.
const CODES: [(&str, Feature); 7] = [
    ("*97", Feature::OwnBox),
    ("*98", Feature::AnyBox),
    ("*78", Feature::DoNotDisturb(true)),
    ("*79", Feature::DoNotDisturb(false)),
    ("*72", Feature::ForwardTo),
    ("*73", Feature::ForwardOff),
    ("*43", Feature::SayNumber),
];

impl<'p> Router<'p, '_> {
    pub(super) fn feature(&mut self, caller: &'p Extension) -> Go<'p> {
        let found = CODES.iter().find_map(|(code, feature)| {
            let rest = self.call.to.behind(code)?;
            (rest.is_absent() || *feature == Feature::ForwardTo).then_some((*code, *feature, rest))
        });
        let Some((code, feature, rest)) = found else {
            let node = Node::feature_code(&self.call.to.text);
            return self.notice(node, Reason::UnknownCode, vec![], Notice::UnknownCode);
        };
        self.because(Node::feature_code(code), Reason::FeatureCode, vec![("number", caller.number.into())]);
        match feature {
            Feature::OwnBox => self.own_box(caller, Reason::OpensBox),
            Feature::AnyBox => self.ask_box_number(0),
            Feature::DoNotDisturb(on) => {
                self.effects.push(Effect::DoNotDisturb { extension: caller.id, on });
                let notice = if on { Notice::DoNotDisturbOn } else { Notice::DoNotDisturbOff };
                self.say_and_hang_up(notice, vec![], OutcomeCode::Feature)
            }
            Feature::ForwardTo => self.forward_to(caller, &rest),
            Feature::ForwardOff => {
                self.effects.push(Effect::ForwardAlways { extension: caller.id, to: None });
                self.say_and_hang_up(Notice::ForwardOff, vec![], OutcomeCode::Feature)
            }
            Feature::SayNumber => self.say_number(caller),
        }
    }

    /// Sets forward-always, to somewhere the extension could also dial.
    fn forward_to(&mut self, caller: &'p Extension, rest: &Party) -> Go<'p> {
        let node = Node::extension(caller);
        let to = match self.forward_target(caller, rest) {
            Ok(to) => to,
            Err((reason, params, notice)) => return self.notice(node, reason, params, notice),
        };
        let params = vec![("number", Param::Owned(spaced(&to.to_string())))];
        self.effects.push(Effect::ForwardAlways { extension: caller.id, to: Some(to) });
        self.say_and_hang_up(Notice::ForwardOn, params, OutcomeCode::Feature)
    }

    fn forward_target(&self, caller: &Extension, rest: &Party) -> Result<ForwardTarget, NoForward<'p>> {
        let no = |reason, notice| (reason, Vec::new(), notice);
        if rest.is_absent() {
            return Err(no(Reason::ForwardWithoutNumber, Notice::ForwardNeedsNumber));
        }
        let extension = rest.extension().and_then(|number| self.plan.extension_by_number(number));
        if let Some(extension) = extension.filter(|extension| extension.status.is_active()) {
            if extension.id == caller.id {
                return Err(no(Reason::ForwardToItself, Notice::NotAllowed));
            }
            return Ok(ForwardTarget::Extension(extension.number));
        }
        // An own number never leaves, and an inactive one is as unknown.
        if let Some(own) = self.own_number(rest) {
            let number = own.status.is_active().then_some(ForwardTarget::Number(own.number));
            return number.ok_or_else(|| no(Reason::NumberInactive, Notice::NoSuchExtension));
        }
        let number = rest.dialled().filter(|facts| facts.valid);
        let number = number.ok_or_else(|| no(Reason::NothingMatches, Notice::NoSuchExtension))?;
        match self.plan.rule_for(number, Some(caller)) {
            Ok(_) => Ok(ForwardTarget::Number(number.e164)),
            Err(refused) => Err((refused.reason, refused.params, refused.notice)),
        }
    }

    /// Says back the extension's own number, and the number that the outside sees.
    fn say_number(&mut self, caller: &'p Extension) -> Go<'p> {
        let mut params: Params<'p> = vec![("extension", Param::Owned(spaced(&caller.number.to_string())))];
        let CallerId::Own(number) = self.caller_id_of(Some(caller)) else {
            return self.say_and_hang_up(Notice::YourExtension, params, OutcomeCode::Feature);
        };
        params.push(("number", Param::Owned(spaced(&number.to_string()))));
        self.say_and_hang_up(Notice::YourExtensionAndNumber, params, OutcomeCode::Feature)
    }
}

/// Digits one by one, so that they are not spoken as one large number.
fn spaced(number: &str) -> Box<str> {
    let mut text = String::with_capacity(number.len() * 2);
    for digit in number.chars().filter(char::is_ascii_alphanumeric) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push(digit);
    }
    text.into()
}
