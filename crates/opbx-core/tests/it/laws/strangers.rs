//! What a caller from outside can reach.

use crate::support::follow::{Manners, Played};
use crate::support::graph::{extension_with, forward_targets, own, reachable};
use crate::support::numbering::party;
use crate::support::rule_book::image;
use crate::support::scene::{Scene, manners, scenes};
use crate::support::wild;
use opbx_core::call::{Call, Direction};
use opbx_core::decision::{Action, Dial, DialTarget, OutcomeCode, Phone};
use opbx_core::destination::{Destination, ForwardTarget};
use opbx_core::notice::Notice;
use proptest::prelude::*;

/// Every phone that rings in these decisions.
pub(super) fn phones<'d>(played: &'d [Played<'_>]) -> impl Iterator<Item = (&'d Call, &'d Dial<'d>, &'d Phone<'d>)> {
    played.iter().flat_map(|played| {
        let dials = played.decision.actions.iter().filter_map(|action| match action {
            Action::Dial(dial) => Some(dial),
            _ => None,
        });
        dials.flat_map(move |dial| {
            let phones = match &dial.target {
                DialTarget::Phones(phones) => phones.as_slice(),
                _ => &[],
            };
            phones.iter().map(move |phone| (&played.call, dial, phone))
        })
    })
}

/// The scene with its calls coming from outside, by strangers: whose numbers are not ours.
fn from_outside(mut scene: Scene, unknown: bool, withheld: bool) -> Scene {
    let mut dice = scene.dice();
    for call in &mut scene.calls {
        let from = if withheld { "anonymous" } else { wild::stranger(&mut dice) };
        call.direction = if unknown { Direction::Unknown } else { Direction::Inbound };
        call.from = party(from, &scene.plan);
    }
    let ours = |call: &Call| call.from.readings().any(|facts| own(&scene.source, facts.e164).is_some());
    scene.calls.retain(|call| !ours(call));
    scene
}

/// Where a call from outside may begin: the number it dialled, or what the block list has for its caller.
fn beginnings(scene: &Scene, call: &Call) -> Vec<Destination> {
    let dialled = call.to.readings().filter_map(|facts| own(&scene.source, facts.e164));
    dialled.chain(scene.source.blocked_callers.iter().filter_map(|row| row.destination.clone())).collect()
}

proptest! {
    /// A stranger who dials an extension number hears that the number is not in service, whatever the plan; unless the
    /// call is refused or sent elsewhere before it is looked at.
    #[test]
    fn a_stranger_cannot_dial_an_extension(scene in scenes(), unknown: bool, withheld: bool) {
        let mut source = scene.source.clone();
        source.blocked_callers.clear();
        let mut scene = from_outside(scene.with(source), unknown, withheld);
        for (call, to) in scene.calls.iter_mut().zip(wild::EXTENSIONS) {
            call.to = party(to, &scene.plan);
        }
        for story in scene.stories(Manners::Any) {
            let codes: Vec<OutcomeCode> = story.iter().map(|played| played.decision.outcome.code).collect();
            let refused = matches!(
                codes[..],
                [OutcomeCode::Notice(Notice::NumberNotInService | Notice::ServiceUnavailable) | OutcomeCode::Rejected]
            );
            prop_assert!(refused, "{:?}", codes);
        }
    }

    /// A phone rings for a stranger only if the dialled number leads to it over numbers, menus, groups and the like.
    #[test]
    fn a_stranger_reaches_only_where_numbers_lead(
        scene in scenes(), unknown: bool, withheld: bool, manners in manners(),
    ) {
        let scene = from_outside(scene, unknown, withheld);
        for story in scene.stories(manners) {
            let within = reachable(&scene.source, beginnings(&scene, &story[0].call));
            for (_, _, phone) in phones(&story) {
                if let Phone::Extension(number) = phone {
                    let mut rows = scene.source.extensions.iter().filter(|row| row.number == *number);
                    prop_assert!(rows.any(|row| within.contains(&row.id)), "{}", number);
                }
            }
        }
    }

    /// A stranger never dials outside: what a trunk is given is always the image, under some rule, of a forward that
    /// the plan holds.
    #[test]
    fn a_stranger_dials_outside_only_by_a_forward(
        scene in scenes(), unknown: bool, withheld: bool, manners in manners(),
    ) {
        let scene = from_outside(scene, unknown, withheld);
        let targets = forward_targets(&scene.source);
        for (_, _, phone) in phones(&scene.follow(manners)) {
            let Phone::Trunk(text) = phone else { continue };
            let forwarded = targets.iter().any(|target| match target {
                ForwardTarget::Number(number) => {
                    scene.source.outbound_rules.iter().any(|rule| image(rule, *number) == **text)
                }
                _ => false,
            });
            prop_assert!(forwarded, "{}", text);
        }
    }

    /// A caller from outside with one of our numbers reaches extensions, and never the outside by dialling it.
    #[test]
    fn our_own_number_from_outside_dials_inside_only(mut scene in scenes()) {
        let Some(ours) = scene.source.phone_numbers.iter().find(|row| row.status.is_active()) else { return Ok(()) };
        for (call, to) in scene.calls.iter_mut().zip(["+14155550123", "*78", "911"]) {
            call.direction = Direction::Inbound;
            call.from = party(&ours.number.to_string(), &scene.plan);
            call.to = party(to, &scene.plan);
        }
        scene.calls.truncate(3);
        for played in scene.follow(Manners::Any) {
            let code = played.decision.outcome.code;
            prop_assert!(!matches!(code, OutcomeCode::Outbound | OutcomeCode::Feature | OutcomeCode::Emergency), "{:?}", code);
        }
    }
}

/// The naive look-up agrees with the plan's own.
#[test]
fn the_first_extension_with_a_number_has_it() {
    for seed in 0..200 {
        let scene = Scene::new(seed, u64::MAX);
        for number in wild::EXTENSIONS.iter().map(|number| number.parse().unwrap()) {
            let naive = extension_with(&scene.source, number).map(|row| row.id);
            assert_eq!(scene.plan.extension_by_number(number).map(|row| row.id), naive);
        }
    }
}
