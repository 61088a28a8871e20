//! Builds a small plan and a call from the bytes, puts the call where other bytes say, and decides it to the end of the
//! document. The plans are those of the core's laws; here the fuzzer chooses, guided by what it has covered.

#![no_main]

use jiff::tz::TimeZoneDatabase;
use libfuzzer_sys::fuzz_target;
use opbx_core::explain::decide;
use opbx_core::plan::compile;
use opbx_core::render::{PlainLinks, render};
use opbx_core::route::Step;
use std::sync::LazyLock;

#[expect(dead_code, unused_imports, reason = "the laws use more of it")]
#[path = "../../crates/opbx-core/tests/it/support"]
mod support {
    #[path = "dice.rs"]
    pub(crate) mod dice;
    #[path = "follow.rs"]
    pub(crate) mod follow;
    #[path = "numbering.rs"]
    pub(crate) mod numbering;
    #[path = "wild/mod.rs"]
    pub(crate) mod wild;
}

use support::{dice::Dice, follow, numbering::FixtureNumbering, wild};

static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

fuzz_target!(|input: (u64, &[u8], &[u8])| {
    let (kept, step, choices) = input;
    let mut dice = Dice::new(choices.to_vec());
    // The call first: few bytes then already choose it.
    let now = wild::now(&mut dice);
    let brought = wild::input(&mut dice);
    let hostile = dice.chance().then(|| wild::hostile_step(&mut dice));
    let (plan, _) = compile(wild::plan(&mut dice, kept), &ZONES, &FixtureNumbering);
    let mut call = wild::call(&mut dice, &plan);
    if let Some(step) = hostile.or_else(|| Step::decode(step).ok()) {
        assert_eq!(Step::decode(&step.encode()).as_ref(), Ok(&step));
        call.step = step;
        call.input = brought;
    }
    let decision = decide(&plan, &mut call, now, &mut |question| follow::answer(question, &mut dice));
    let document = render(&decision, &plan, &PlainLinks);
    assert!(!document.verbs.is_empty());
    assert_eq!(cxml::Response::read(&document.to_xml()).as_ref(), Ok(&document));
});
