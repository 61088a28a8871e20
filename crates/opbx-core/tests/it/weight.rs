//! What a plan says that it takes, beside what it really allocates.

use crate::support::dice::Dice;
use crate::support::scene::{Scene, compiled, dice};
use crate::support::wild;
use opbx_core::extension::Extension;
use opbx_core::id::{ExtensionId, OrganizationId};
use opbx_core::organization::Organization;
use opbx_core::plan::PlanSource;
use proptest::prelude::*;

/// The bytes that a plan of these rows holds, by what it says and by what was allocated for it.
fn said_and_allocated(source: &PlanSource) -> (usize, usize) {
    // What plans share is there before anything is counted.
    let said = compiled(source.clone()).bytes();
    let mut plan = None;
    let counted = allocation_counter::measure(|| plan = Some(compiled(source.clone())));
    let held = usize::try_from(counted.bytes_current).unwrap();
    (said, held + size_of_val(plan.as_ref().unwrap()))
}

fn office(extensions: u32) -> PlanSource {
    let organization = Organization::new(
        OrganizationId::new(1),
        "Acme".parse().unwrap(),
        "US".parse().unwrap(),
        "America/New_York".parse().unwrap(),
    );
    let mut source = PlanSource::new(organization);
    source.extensions = (0..extensions)
        .map(|place| {
            let (id, number) = (ExtensionId::new(u64::from(place) + 1), (10_000 + place).to_string());
            Extension::new(id, number.parse().unwrap(), format!("Person {place}").parse().unwrap())
        })
        .collect();
    source
}

fn wild_plan(seed: u64, kept: u64) -> PlanSource {
    let mut dice: Dice = dice(seed, 4_000);
    wild::plan(&mut dice, kept)
}

proptest! {
    /// A plan that lacks some of the rows of another one takes no more than it.
    #[test]
    fn a_plan_with_more_rows_takes_no_less(seed: u64, kept: u64, fewer: u64) {
        let bytes = |kept| Scene::new(seed, kept).plan.bytes();
        prop_assert!(bytes(kept & fewer) <= bytes(kept));
    }

    /// What is estimated is what is there: an allocator rounds, so it may be somewhat more, and hardly less.
    #[test]
    fn the_estimate_is_near_what_is_allocated(seed: u64, kept: u64) {
        let (said, allocated) = said_and_allocated(&wild_plan(seed, kept));
        prop_assert!(said * 10 >= allocated * 9 && said * 2 <= allocated * 3, "{said} for {allocated}");
    }
}

/// The goal of a plan: at most a kibibyte for each extension, whatever the organization itself takes.
#[test]
fn an_extension_takes_less_than_a_kibibyte() {
    let (empty, _) = said_and_allocated(&office(0));
    assert!(empty <= 4 * 1024, "{empty}");
    for extensions in [10, 100, 5_000] {
        let (said, allocated) = said_and_allocated(&office(extensions));
        let each = (said.max(allocated) - empty) / extensions as usize;
        assert!(each <= 1024, "{each} with {extensions}");
    }
}
