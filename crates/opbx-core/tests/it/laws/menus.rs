//! Menus: silence and wrong keys cost turns, and turns run out.

use crate::support::follow::{Manners, WRONG_KEYS, follow};
use crate::support::numbering::party;
use crate::support::scene::{Scene, compiled, scenes};
use opbx_core::call::{Call, Direction, Input};
use opbx_core::decision::{Action, Decision, Routed};
use opbx_core::destination::Destination;
use opbx_core::id::{IvrMenuId, PhoneNumberId};
use opbx_core::organization::{OrganizationStatus, Status};
use opbx_core::phone_number::PhoneNumber;
use opbx_core::prompt::MenuPrompt;
use opbx_core::route::{Passed, Position, Step, route};
use proptest::prelude::*;

/// The menu that a decision plays, and what the call has been through by then.
fn playing(decision: &Decision<'_>) -> Option<(IvrMenuId, Passed)> {
    decision.actions.iter().find_map(|action| match action {
        Action::Gather(gather) => match gather.then {
            Step { position: Position::Menu { menu, .. }, passed } => Some((menu, passed)),
            _ => None,
        },
        _ => None,
    })
}

fn most_turns(scene: &Scene, menu: IvrMenuId) -> u32 {
    scene.source.ivr_menus.iter().find(|row| row.id == menu).map_or(0, |row| row.max_turns.get())
}

/// The scene's caller in front of one of its menus.
fn at_menu(scene: &Scene, menu: IvrMenuId, turns: u8, silent: bool, keys: Option<&str>) -> Call {
    let mut call = scene.calls[0].clone();
    call.step.position = Position::Menu { menu, silent };
    call.step.passed = Passed { menu_turns: turns, answered: true, ..Passed::default() };
    call.input = Input { keys: keys.map(Into::into), ..Input::default() };
    call
}

/// The scene's plan with a number that leads to this menu, and a caller who dials it and never presses a valid key.
fn never_valid(scene: &Scene, menu: IvrMenuId, silent: bool) -> Vec<Option<(IvrMenuId, Passed)>> {
    let mut source = scene.source.clone();
    source.organization.status = OrganizationStatus::Active;
    source.organization.reject_anonymous = false;
    source.blocked_callers.clear();
    let number = "+12125550198".parse().unwrap();
    source.phone_numbers = vec![PhoneNumber::new(PhoneNumberId::new(1), number, Destination::IvrMenu { id: menu })];
    let plan = compiled(source);
    let call = Call::new(Direction::Inbound, party("+34911234567", &plan), party("+12125550198", &plan));
    let manners = if silent { Manners::Silent } else { Manners::Wrong };
    let played = follow(&plan, call, scene.now, &mut scene.dice(), manners);
    played.iter().map(|played| playing(&played.decision)).collect()
}

proptest! {
    /// Each miss costs one turn, in whichever menu, and a menu plays again only while fewer turns are used than it
    /// forgives. (One that its failover leads back to is entered anew, which the guards end.)
    #[test]
    fn turns_run_out(scene in scenes(), silent: bool) {
        for row in &scene.source.ivr_menus {
            for pair in never_valid(&scene, row.id, silent).windows(2) {
                let [Some((menu, before)), Some((next, after))] = pair else { continue };
                prop_assert_eq!(after.menu_turns, before.menu_turns + 1);
                if before.entered == after.entered {
                    prop_assert_eq!(next, menu);
                    prop_assert!(u32::from(after.menu_turns) < most_turns(&scene, *menu));
                }
            }
        }
    }

    /// A menu that plays at all and fails over to an end plays exactly as often as it has turns.
    #[test]
    fn a_menu_plays_as_often_as_it_has_turns(mut scene in scenes(), silent: bool) {
        for row in &mut scene.source.ivr_menus {
            row.status = Status::Active;
            row.failover = Destination::Hangup;
            row.prompt = MenuPrompt::Text { text: "Press 1.".parse().unwrap(), voice: None };
        }
        for row in &scene.source.ivr_menus {
            let plays = never_valid(&scene, row.id, silent);
            prop_assert_eq!(plays.iter().flatten().count(), row.max_turns.get() as usize);
            prop_assert_eq!(plays.len(), row.max_turns.get() as usize + 1);
        }
    }

    /// A silent caller fares the same whether the platform says so by the input's own address or by going past it to
    /// the redirect; and keys that come with the redirect count for nothing.
    #[test]
    fn both_kinds_of_silence_are_one(scene in scenes(), turns in 0..10_u8) {
        for row in &scene.source.ivr_menus {
            let decide = |silent, keys| route(&scene.plan, &at_menu(&scene, row.id, turns, silent, keys), scene.now);
            let silence = decide(true, None);
            prop_assert_eq!(&decide(false, None), &silence);
            prop_assert_eq!(&decide(false, Some("")), &silence);
            prop_assert_eq!(&decide(true, Some("1")), &silence);
        }
    }

    /// The turn that reaches a menu's limit leaves it; one before plays it again.
    #[test]
    fn the_last_turn_leaves_the_menu(scene in scenes(), turns in 0..10_u8, silent: bool) {
        for row in &scene.source.ivr_menus {
            let keys = if silent { None } else { Some(WRONG_KEYS) };
            let call = at_menu(&scene, row.id, turns, silent, keys);
            let Routed::Decided(decision) = route(&scene.plan, &call, scene.now) else { continue };
            if u32::from(turns) + 1 < row.max_turns.get() {
                continue;
            }
            let fails_over_to_itself = playing(&decision).is_some_and(|(menu, _)| menu == row.id);
            prop_assert!(!fails_over_to_itself || row.failover != Destination::Hangup);
        }
    }
}
