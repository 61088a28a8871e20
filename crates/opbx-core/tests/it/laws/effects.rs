//! What a call may change.

use crate::support::dice::Dice;
use crate::support::follow::{Played, answer};
use crate::support::graph::extension_with;
use crate::support::numbering::party;
use crate::support::scene::{Scene, manners, scenes};
use crate::support::wild;
use opbx_core::call::{Answer, Call, Direction};
use opbx_core::decision::Effect;
use opbx_core::explain::decide;
use opbx_core::id::{ExtensionId, VoicemailBoxId};
use opbx_core::organization::OrganizationStatus;
use opbx_core::route::{OwnerPlace, OwnerStep, Position, Step};
use opbx_core::voicemail_box::VoicemailBox;
use proptest::prelude::*;

/// The active extension that calls, where a feature code may be dialled.
fn caller(scene: &Scene, call: &Call) -> Option<ExtensionId> {
    let inside = matches!(call.direction, Direction::Subscriber | Direction::Application | Direction::OutboundApi);
    let row = extension_with(&scene.source, call.from.text.parse().ok().filter(|_| inside)?)?;
    row.status.is_active().then_some(row.id)
}

fn open_box(scene: &Scene, id: VoicemailBoxId) -> Option<&VoicemailBox> {
    scene.source.voicemail_boxes.iter().find(|row| row.id == id && row.status.is_active())
}

fn locked(played: &Played<'_>, id: VoicemailBoxId) -> bool {
    played.call.answers.iter().any(|answer| match answer {
        Answer::Box { voicemail_box, contents } => {
            *voicemail_box == id && contents.as_ref().is_some_and(|contents| contents.locked)
        }
        _ => false,
    })
}

/// Whether this effect may come of this request.
fn fits(scene: &Scene, played: &Played<'_>, effect: &Effect) -> bool {
    let position = &played.call.step.position;
    let owner = match position {
        Position::Owner(OwnerStep { voicemail_box, place, .. }) => Some((*voicemail_box, *place)),
        _ => None,
    };
    let code = |extension| {
        *position == Position::Start
            && played.call.to.text.starts_with('*')
            && caller(scene, &played.call) == Some(extension)
    };
    match effect {
        Effect::DoNotDisturb { extension, .. } | Effect::ForwardAlways { extension, .. } => code(*extension),
        Effect::SaveMessage { voicemail_box, audio } => {
            *position == Position::BoxMessage { voicemail_box: *voicemail_box }
                && played.call.input.recording.as_ref() == Some(audio)
        }
        Effect::MessageHeard { voicemail_box, .. } => owner.is_some_and(|(id, _)| id == *voicemail_box),
        Effect::KeepMessage { voicemail_box, message } | Effect::DeleteMessage { voicemail_box, message } => {
            owner == Some((*voicemail_box, OwnerPlace::Message(*message)))
        }
        Effect::SetGreeting { voicemail_box, audio } => {
            owner == Some((*voicemail_box, OwnerPlace::Greeting)) && played.call.input.recording.as_ref() == Some(audio)
        }
        Effect::SetPin { voicemail_box, pin } => {
            let keys = played.call.input.keys.as_deref().unwrap_or_default();
            owner == Some((*voicemail_box, OwnerPlace::NewPin)) && pin.is(keys)
        }
        Effect::WrongPin { voicemail_box } | Effect::RightPin { voicemail_box } => {
            matches!(position, Position::BoxPin { voicemail_box: asked, .. } if asked == voicemail_box)
        }
    }
}

/// A request as if its call were at this step, decided.
fn decided_at<'p>(scene: &'p Scene, step: Step, dice: &mut Dice) -> Played<'p> {
    let mut call = dice.pick(&scene.calls);
    call.step = step;
    call.input = wild::input(dice);
    let decision = decide(&scene.plan, &mut call, scene.now, &mut |question| answer(question, dice));
    Played { call, decision }
}

/// Checks that a wrong or right PIN is counted exactly when one was entered.
fn pins_counted(scene: &Scene, played: &Played<'_>) -> Result<(), TestCaseError> {
    let Position::BoxPin { voicemail_box, .. } = played.call.step.position else { return Ok(()) };
    let keys = played.call.input.keys.as_deref().unwrap_or_default();
    let keys = keys.strip_suffix('#').unwrap_or(keys);
    let pin = open_box(scene, voicemail_box).and_then(|row| row.pin.as_ref());
    let compared = !locked(played, voicemail_box) && !keys.is_empty();
    let wrong = compared && pin.is_some_and(|pin| !pin.is(keys));
    let right = compared && pin.is_some_and(|pin| pin.is(keys));
    prop_assert_eq!(played.decision.effects.contains(&Effect::WrongPin { voicemail_box }), wrong);
    prop_assert_eq!(played.decision.effects.contains(&Effect::RightPin { voicemail_box }), right);
    Ok(())
}

proptest! {
    /// Settings of an extension change only by a feature code that this extension dialled; boxes only by who left a
    /// message in them or is in their owner's menu.
    #[test]
    fn a_call_changes_only_what_is_its_own(scene in scenes(), manners in manners()) {
        let mut dice = scene.dice();
        let steps = (0..20).map(|_| wild::hostile_step(&mut dice)).collect::<Vec<_>>();
        let there: Vec<_> = steps.into_iter().map(|step| decided_at(&scene, step, &mut dice)).collect();
        for played in there.into_iter().chain(scene.follow(manners)) {
            for effect in &played.decision.effects {
                prop_assert!(fits(&scene, &played, effect), "{:?} of {:?}", effect, played.call);
            }
        }
    }

    /// A wrong PIN is counted exactly when one was entered: silence is none, and while the menu is locked nothing is
    /// compared.
    #[test]
    fn a_wrong_pin_is_counted_when_one_is_entered(scene in scenes(), manners in manners()) {
        let mut source = scene.source.clone();
        source.organization.status = OrganizationStatus::Active;
        let scene = scene.with(source);
        let mut dice = scene.dice();
        for row in &scene.source.voicemail_boxes {
            for tries in 0..4 {
                let position = Position::BoxPin { voicemail_box: row.id, tries };
                pins_counted(&scene, &decided_at(&scene, Step { position, ..Step::start() }, &mut dice))?;
            }
        }
        for played in scene.follow(manners) {
            pins_counted(&scene, &played)?;
        }
    }

    /// Nobody is in the owner's menu of a box who did not enter its PIN in this call, or call from its own extension
    /// where it has none.
    #[test]
    fn only_its_owner_opens_a_box(mut scene in scenes(), manners in manners()) {
        // Half of the calls ask for a box, from an extension.
        let extensions = scene.plan.extensions().map(|row| row.number.to_string());
        for (number, call) in extensions.zip(scene.calls.iter_mut().step_by(2)) {
            let (from, to) = (party(&number, &scene.plan), party("*98", &scene.plan));
            *call = Call::new(Direction::Subscriber, from, to);
        }
        for story in scene.stories(manners) {
            let mut opened = Vec::new();
            for played in story {
            if let Position::Owner(OwnerStep { voicemail_box, .. }) = played.call.step.position {
                let row = open_box(&scene, voicemail_box);
                let own = row.is_some_and(|row| {
                    row.pin.is_none() && row.extension_id.is_some() && row.extension_id == caller(&scene, &played.call)
                });
                prop_assert!(own || opened.contains(&voicemail_box), "{:?}", played.call);
            }
            opened.extend(played.decision.effects.iter().filter_map(|effect| match effect {
                Effect::RightPin { voicemail_box } => Some(*voicemail_box),
                _ => None,
            }));
        }
        }
    }
}
