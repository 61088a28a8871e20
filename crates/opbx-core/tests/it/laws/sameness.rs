//! The same plan, call and instant give the same decision.

use crate::support::dice::Dice;
use crate::support::scene::{compiled, manners, scenes};
use opbx_core::plan::PlanSource;
use opbx_core::route::route;
use proptest::prelude::*;

fn shuffle<T>(rows: &mut [T], dice: &mut Dice) {
    for last in (1..rows.len()).rev() {
        rows.swap(last, dice.roll(last + 1));
    }
}

/// The same settings with the rows of each kind in another order.
fn shuffled(mut source: PlanSource, dice: &mut Dice) -> PlanSource {
    shuffle(&mut source.extensions, dice);
    shuffle(&mut source.phone_numbers, dice);
    shuffle(&mut source.ring_groups, dice);
    shuffle(&mut source.business_hours, dice);
    shuffle(&mut source.holiday_lists, dice);
    shuffle(&mut source.ivr_menus, dice);
    shuffle(&mut source.conference_rooms, dice);
    shuffle(&mut source.voicemail_boxes, dice);
    shuffle(&mut source.prompts, dice);
    shuffle(&mut source.ai_assistants, dice);
    shuffle(&mut source.outbound_rules, dice);
    shuffle(&mut source.blocked_callers, dice);
    source
}

proptest! {
    /// Asked twice, routing answers the same; so does a plan compiled from the same rows in any other order. (Of rules
    /// the position counts, which is written in them.)
    #[test]
    fn the_same_question_has_the_same_answer(scene in scenes(), manners in manners()) {
        let clone = scene.plan.clone();
        let other = compiled(shuffled(scene.source.clone(), &mut scene.dice()));
        for played in scene.follow(manners) {
            let once = route(&scene.plan, &played.call, scene.now);
            prop_assert_eq!(&route(&scene.plan, &played.call, scene.now), &once);
            prop_assert_eq!(&route(&clone, &played.call, scene.now), &once);
            prop_assert_eq!(&route(&other, &played.call, scene.now), &once);
        }
    }
}
