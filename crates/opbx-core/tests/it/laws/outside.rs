//! What may be dialled at all, and who may dial outside.

use super::strangers::phones;
use crate::support::dice::Dice;
use crate::support::follow::{Manners, answer, follow};
use crate::support::graph::{extension_with, forward_targets};
use crate::support::numbering::party;
use crate::support::rule_book::{forward_out, member_forwards_to, way_out};
use crate::support::scene::{Scene, compiled, dice, manners, scenes};
use crate::support::wild;
use opbx_core::call::{Answer, Call, Direction};
use opbx_core::decision::{Action, Decision, Dial, DialTarget, Phone, Routed};
use opbx_core::destination::ForwardTarget;
use opbx_core::emergency::is_emergency;
use opbx_core::extension::{Extension, ExtensionKind, OutboundPermission};
use opbx_core::extension_number::ExtensionNumber;
use opbx_core::organization::OrganizationStatus;
use opbx_core::outbound_rule::OutboundRule;
use opbx_core::plan::RoutingPlan;
use opbx_core::route::{Position, route};
use proptest::prelude::*;

/// The extension that calls: an active one, and not from outside.
fn caller<'s>(scene: &'s Scene, call: &Call) -> Option<&'s Extension> {
    if matches!(call.direction, Direction::Inbound | Direction::Unknown) {
        return None;
    }
    let extension = extension_with(&scene.source, call.from.text.parse().ok()?)?;
    extension.status.is_active().then_some(extension)
}

/// Whether a trunk may be given this text in this dial.
fn may_leave(scene: &Scene, call: &Call, dial: &Dial<'_>, text: &str) -> bool {
    let extension = |id| scene.source.extensions.iter().find(|row| row.id == id);
    match &dial.then.position {
        Position::Emergency => is_emergency(scene.source.organization.country.as_str(), text) && *call.to.text == *text,
        Position::Outbound => expected_way(scene, call).is_some_and(|(_, image)| image == *text),
        Position::Forward { by } => {
            let by = by.and_then(extension);
            forward_targets(&scene.source)
                .iter()
                .any(|to| forward_out(&scene.source, to, by).is_some_and(|image| image == *text))
        }
        Position::Group(_) => member_forwards_to(&scene.source, text),
        _ => false,
    }
}

/// The only phone of a dial to the outside, if the decision is one that an extension dialled itself.
fn dialled_out<'d>(decision: &'d Decision<'_>) -> Option<&'d Dial<'d>> {
    decision.actions.iter().find_map(|action| match action {
        Action::Dial(dial) if dial.then.position == Position::Outbound => Some(dial),
        _ => None,
    })
}

/// Gives a rule few countries and prefixes to choose from, so that several rules want the same number.
fn compete(rule: &mut OutboundRule, dice: &mut Dice) {
    const COUNTRIES: &[&[&str]] = &[&[], &["US"], &["GB", "US"], &["DE", "US"]];
    const PREFIXES: &[&[&str]] = &[&[], &["+1"], &["+1", "+1415"], &["+44", "+1415"], &["+4", "+1"]];
    rule.countries = dice.pick(COUNTRIES).iter().map(|country| country.parse().unwrap()).collect();
    rule.prefixes = dice.pick(PREFIXES).iter().map(|prefix| prefix.parse().unwrap()).collect();
}

proptest! {
    /// Every phone that rings is the phone of an active person's extension, a SIP address of the plan, an emergency
    /// number, or a number that permission and rules let out, for the one who dials or forwards.
    #[test]
    fn nothing_else_is_ever_dialled(scene in scenes(), manners in manners()) {
        let targets = forward_targets(&scene.source);
        for (call, dial, phone) in phones(&scene.follow(manners)) {
            let known = match phone {
                Phone::Extension(number) => scene.source.extensions.iter().any(|row| {
                    row.number == *number && row.status.is_active() && row.kind == ExtensionKind::User { sip_uri: None }
                }),
                Phone::Sip(uri) => {
                    let own = ExtensionKind::User { sip_uri: Some((*uri).clone()) };
                    scene.source.extensions.iter().any(|row| row.status.is_active() && row.kind == own)
                        || targets.contains(&ForwardTarget::Sip((*uri).clone()))
                }
                Phone::Trunk(text) => may_leave(&scene, call, dial, text),
            };
            prop_assert!(known, "{:?} in {:?}", phone, dial);
        }
    }

    /// An extension that dials a number outside gets out exactly when the rules, read one by one, let it; by the rule
    /// that they rank first; and never when a cap is reached.
    #[test]
    fn a_dialled_number_leaves_by_the_first_rule(
        scene in scenes(), seed: u64, to in prop::sample::select(wild::OUTSIDE), outbound: bool, over: bool,
    ) {
        let mut source = scene.source.clone();
        source.organization.status = OrganizationStatus::Active;
        let mut dice = dice(seed, 200);
        source.outbound_rules.iter_mut().for_each(|rule| compete(rule, &mut dice));
        let scene = scene.with(source);
        for extension in &scene.source.extensions {
            let from = party(&extension.number.to_string(), &scene.plan);
            let mut call = Call::new(Direction::Subscriber, from, party(to, &scene.plan));
            call.direction = if outbound { Direction::Outbound } else { call.direction };
            let expected = expected_way(&scene, &call);
            if let Routed::Asks(question) = route(&scene.plan, &call, scene.now) {
                let answer = match answer(question, &mut dice) {
                    Answer::Caps { extension, .. } if !over => Answer::Caps { extension, over: None },
                    answer => answer,
                };
                call.answers.push(answer);
            }
            let capped = call.answers.iter().any(|answer| matches!(answer, Answer::Caps { over: Some(_), .. }));
            let Routed::Decided(decision) = route(&scene.plan, &call, scene.now) else {
                return Err(TestCaseError::fail("one answer is enough"));
            };
            let dial = dialled_out(&decision);
            match expected.filter(|_| !capped) {
                None => prop_assert_eq!(dial, None),
                Some((trunk, image)) => {
                    let dial = dial.ok_or_else(|| TestCaseError::fail("the rules let it out"))?;
                    prop_assert_eq!(&dial.target, &DialTarget::Phones(vec![Phone::Trunk(image.into())]));
                    prop_assert_eq!(dial.trunk.map(|trunk| trunk.as_str().to_owned()), trunk);
                }
            }
        }
    }

    /// An extension that may dial nothing or only inside never gets out itself, nor do its forwards; one that may dial
    /// inside the country reaches no number abroad.
    #[test]
    fn permission_is_never_exceeded(scene in scenes(), manners in manners()) {
        for (call, dial, phone) in phones(&scene.follow(manners)) {
            if !matches!(phone, Phone::Trunk(_)) {
                continue;
            }
            let who = match &dial.then.position {
                Position::Outbound => caller(&scene, call),
                Position::Forward { by: Some(by) } => scene.source.extensions.iter().find(|row| row.id == *by),
                _ => continue,
            };
            let who = who.ok_or_else(|| TestCaseError::fail("somebody dials"))?;
            let may = match who.outbound_permission {
                OutboundPermission::None | OutboundPermission::Internal => false,
                OutboundPermission::National if dial.then.position == Position::Outbound => {
                    let region = call.to.dialled().and_then(|facts| facts.region);
                    region == Some(scene.source.organization.country)
                }
                OutboundPermission::National | OutboundPermission::International => true,
            };
            prop_assert!(may, "{:?}: {:?}", who, dial);
        }
    }

    /// Extensions that may dial nothing reach nothing but emergency numbers, whatever they dial and whatever comes of it.
    #[test]
    fn without_permission_nothing_is_dialled(scene in scenes()) {
        let mut source = scene.source.clone();
        for extension in &mut source.extensions {
            extension.outbound_permission = OutboundPermission::None;
        }
        let plan = compiled(source);
        for extension in plan.extensions().filter(|extension| active(&plan, extension.number)) {
            let from = party(&extension.number.to_string(), &plan);
            let call = Call { direction: Direction::Subscriber, from, ..scene.calls[0].clone() };
            for (_, dial, _) in phones(&follow(&plan, call, scene.now, &mut scene.dice(), Manners::Any)) {
                prop_assert_eq!(&dial.then.position, &Position::Emergency);
            }
        }
    }
}

/// Whether a number belongs to an active extension, the first that claims it.
fn active(plan: &RoutingPlan, number: ExtensionNumber) -> bool {
    plan.extension_by_number(number).is_some_and(|extension| extension.status.is_active())
}

/// How an extension's call should leave: the trunk's name, and what it is given.
fn expected_way(scene: &Scene, call: &Call) -> Option<(Option<String>, String)> {
    let caller = caller(scene, call).filter(|caller| caller.is_user())?;
    let number = call.to.dialled()?;
    let ours = call.to.readings().any(|facts| scene.plan.own_number(facts.e164).is_some());
    let inside = call.to.extension().is_some_and(|number| extension_with(&scene.source, number).is_some());
    if ours || inside {
        return None;
    }
    let (rule, image) = way_out(&scene.source, number, Some(caller))?;
    Some((rule.trunk.as_ref().map(|trunk| trunk.as_str().to_owned()), image))
}
