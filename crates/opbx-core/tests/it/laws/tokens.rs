//! Steps as bytes.

use crate::support::scene::{dice, manners, scenes};
use crate::support::wild;
use opbx_core::call::Call;
use opbx_core::id::{ExtensionId, IvrMenuId, PhoneNumberId, RingGroupId};
use opbx_core::ring_group::RingGroup;
use opbx_core::route::{GroupStep, Passed, Position, Step, route};
use proptest::prelude::*;

proptest! {
    /// A step read back from its bytes is the same step, and decides the same.
    #[test]
    fn a_step_survives_its_bytes(scene in scenes(), manners in manners()) {
        for played in scene.follow(manners) {
            let step = Step::decode(&played.call.step.encode()).map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert_eq!(&step, &played.call.step);
            let again = Call { step, ..played.call.clone() };
            prop_assert_eq!(route(&scene.plan, &again, scene.now), route(&scene.plan, &played.call, scene.now));
        }
    }

    /// Any bytes are a step or are not. Those that are, however they came to be, decide a call.
    #[test]
    fn any_bytes_are_read_without_a_panic(scene in scenes(), bytes: Vec<u8>) {
        let mut call = scene.calls[0].clone();
        let framed = [&[1, 0, 0, 0, 0], &bytes[..]].concat();
        for bytes in [bytes, framed] {
            if let Ok(step) = Step::decode(&bytes) {
                call.step = step;
                let _ = route(&scene.plan, &call, scene.now);
            }
        }
    }

    /// The bytes of a step with something changed, cut or added are a step that survives its own bytes, or none.
    #[test]
    fn changed_bytes_are_read_without_a_panic(scene in scenes(), seed: u64) {
        let mut dice = dice(seed, 1_000);
        for _ in 0..20 {
            let mut bytes = wild::hostile_step(&mut dice).encode();
            for _ in 0..=dice.roll(3) {
                let place = dice.roll(bytes.len());
                match dice.roll(4) {
                    0 => bytes.truncate(place.max(1)),
                    1 => bytes.insert(place, dice.pick(&[0, 1, 0x7f, 0x80, 0xff])),
                    2 => bytes[place] ^= 1 << dice.roll(8),
                    _ => bytes[place] = dice.pick(&[0, 6, 17, 18, 50, 51, 0x80, 0xff]),
                }
            }
            let Ok(step) = Step::decode(&bytes) else { continue };
            prop_assert_eq!(Step::decode(&step.encode()), Ok(step.clone()));
            let call = Call { step, ..scene.calls[0].clone() };
            let _ = route(&scene.plan, &call, scene.now);
        }
    }

    /// The longest step there is, of a group with as many members as one may have, fits signed into an address: at most
    /// 245 bytes while identifiers are below 2³².
    #[test]
    fn the_longest_step_fits_into_an_address(
        remaining in prop::collection::vec(any::<u32>(), 0..=RingGroup::MAX_MEMBERS),
        ids: [u32; 4], round: u8, turn: u64, counts: [u8; 3], answered: bool, notice_played: bool,
    ) {
        let [number, group, parent, passed_group] = ids.map(u64::from);
        let passed = Passed {
            entered: counts[0],
            forwards: counts[1],
            menu_turns: counts[2],
            number: Some(PhoneNumberId::new(number)),
            group: Some(RingGroupId::new(passed_group)),
            parent: Some(IvrMenuId::new(parent)),
            answered,
            notice_played,
        };
        let remaining = remaining.into_iter().map(|id| ExtensionId::new(id.into())).collect();
        let step = GroupStep { group: RingGroupId::new(group), round, turn, remaining };
        let step = Step { position: Position::Group(step), passed };
        let bytes = step.encode();
        prop_assert!(bytes.len() <= 245, "{}", bytes.len());
        prop_assert_eq!(Step::decode(&bytes), Ok(step));
    }
}
