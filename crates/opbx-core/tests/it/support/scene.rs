//! A plan, calls, an instant: what most laws are about.

use super::dice::Dice;
use super::follow::{Manners, Played, follow};
use super::numbering::FixtureNumbering;
use super::wild;
use jiff::Timestamp;
use jiff::tz::TimeZoneDatabase;
use opbx_core::call::Call;
use opbx_core::plan::{PlanSource, RoutingPlan, compile};
use proptest::prelude::*;
use std::fmt;
use std::sync::LazyLock;

/// Calls in a scene: a plan costs more to make than a call to follow.
const CALLS: usize = 6;

/// The zone database that all plans are compiled with.
pub(crate) static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// A wild plan with wild calls.
pub(crate) struct Scene {
    pub(crate) source: PlanSource,
    pub(crate) plan: RoutingPlan,
    pub(crate) calls: Vec<Call>,
    pub(crate) now: Timestamp,
    pub(crate) seed: u64,
}

/// The choices that follow from a number. One number shrinks to nothing readable, so it is not shrunk: a scene
/// shrinks by losing rows of its plan.
pub(crate) fn dice(mut seed: u64, length: usize) -> Dice {
    // SplitMix64: every seed gives a different, well-mixed row.
    let mut word = || {
        seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (seed ^ seed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    };
    Dice::new((0..length.div_ceil(8)).flat_map(|_| word().to_le_bytes()).collect())
}

/// Compiles, with the numbering of the fixtures.
pub(crate) fn compiled(source: PlanSource) -> RoutingPlan {
    compile(source, &ZONES, &FixtureNumbering).0
}

impl Scene {
    pub(crate) fn new(seed: u64, kept: u64) -> Self {
        let source = wild::plan(&mut dice(seed, 4_000), kept);
        let plan = compiled(source.clone());
        let mut choices = dice(!seed, 400);
        let now = wild::now(&mut choices);
        let calls = (0..CALLS).map(|_| wild::call(&mut choices, &plan)).collect();
        Self { source, plan, calls, now, seed }
    }

    /// Choices for what a law adds; the same ones each time.
    pub(crate) fn dice(&self) -> Dice {
        dice(self.seed.rotate_left(17), 4_000)
    }

    /// Each call followed to its end.
    pub(crate) fn stories(&self, manners: Manners) -> impl Iterator<Item = Vec<Played<'_>>> {
        let mut dice = self.dice();
        self.calls.iter().map(move |call| follow(&self.plan, call.clone(), self.now, &mut dice, manners))
    }

    /// Every decision of every call.
    pub(crate) fn follow(&self, manners: Manners) -> Vec<Played<'_>> {
        self.stories(manners).flatten().collect()
    }

    /// The same scene with these settings.
    pub(crate) fn with(self, source: PlanSource) -> Self {
        let plan = compiled(source.clone());
        Self { source, plan, ..self }
    }
}

impl fmt::Debug for Scene {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The compiled plan says the same as its source, less readably.
        let Self { source, calls, now, seed, .. } = self;
        write!(f, "{source:#?}\n{calls:#?}\nat {now} (seed {seed})")
    }
}

/// Scenes. Most rows of each plan are there, the others are gone.
pub(crate) fn scenes() -> impl Strategy<Value = Scene> {
    let bits = || prop::bits::u64::ANY;
    (any::<u64>().no_shrink(), bits(), bits()).prop_map(|(seed, some, more)| Scene::new(seed, some | more))
}

/// Any of the manners.
pub(crate) fn manners() -> impl Strategy<Value = Manners> {
    prop::sample::select(vec![Manners::Any, Manners::NobodyAnswers, Manners::Silent, Manners::Wrong])
}
