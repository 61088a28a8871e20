//! Nothing that can be written down makes routing panic.

use crate::support::follow::answer;
use crate::support::scene::{Scene, manners, scenes};
use crate::support::wild;
use opbx_core::call::{Call, Direction, Party};
use opbx_core::explain::{decide, decision_story, outcome_line};
use opbx_core::render::{PlainLinks, render};
use opbx_core::route::{OwnerPlace, OwnerStep, Position, Step};
use proptest::prelude::*;

/// Decides a call from wherever it is, and does with the decision all that is ever done.
fn decided(scene: &Scene, call: &Call) {
    let mut dice = scene.dice();
    let mut call = call.clone();
    let decision = decide(&scene.plan, &mut call, scene.now, &mut |question| answer(question, &mut dice));
    render(&decision, &scene.plan, &PlainLinks).to_xml();
    decision_story(&decision, scene.plan.language());
    outcome_line(&decision.outcome);
}

proptest! {
    /// A call from its start to its end.
    #[test]
    fn no_call_panics(scene in scenes(), manners in manners()) {
        for played in scene.follow(manners) {
            decided(&scene, &played.call);
        }
    }

    /// A call in a step that nobody could honestly be in, with whatever a request may bring.
    #[test]
    fn no_step_panics(scene in scenes(), hostile in 0..64_u8) {
        let mut dice = scene.dice();
        for _ in 0..=hostile {
            let mut call = dice.pick(&scene.calls);
            call.step = wild::hostile_step(&mut dice);
            call.input = wild::input(&mut dice);
            decided(&scene, &call);
            let bytes = call.step.encode();
            prop_assert_eq!(Step::decode(&bytes), Ok(call.step));
        }
    }
}

/// A counter at its end stays there: a call that a token brings so has used up its tries.
#[test]
fn counters_at_their_end_stay_there() {
    let scene = Scene::new(7, u64::MAX);
    let mut places = vec![Position::BoxNumber { tries: u8::MAX }];
    for row in &scene.source.voicemail_boxes {
        let voicemail_box = row.id;
        places.push(Position::BoxPin { voicemail_box, tries: u8::MAX });
        for place in [OwnerPlace::Main, OwnerPlace::NewPin, OwnerPlace::Greeting] {
            places.push(Position::Owner(OwnerStep { voicemail_box, place, tries: u8::MAX }));
        }
    }
    for row in &scene.source.conference_rooms {
        places.push(Position::RoomPin { room: row.id, tries: u8::MAX, silent: false });
    }
    for position in places {
        let mut call = Call::new(Direction::Subscriber, Party::default(), Party::default());
        call.step = Step { position, ..Step::start() };
        decided(&scene, &call);
    }
}
