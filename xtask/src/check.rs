//! `cargo xtask check`: the inner loop.

use std::time::Duration;

use crate::recipe::{Failure, Outcome, Recipe, only};
use crate::stage::{Count, Found, Stages};
use crate::{layers, machine};

pub(crate) const RECIPE: Recipe = Recipe {
    name: "check",
    about: "format, layers and lints: the inner loop, seconds after a small change",
    help: "\
Usage: cargo xtask check

  format   cargo fmt --check
  layers   the arrows between crates, what the pure crates reach, who may name what
  clippy   all targets of the workspace, warnings are errors

Run the tests of the room that you changed beside it: `cargo test -p opbx-core`.
All the rest is `cargo xtask test`.",
    run,
};

fn run(arguments: &[String]) -> Outcome {
    only(arguments, &[])?;
    let mut stages = Stages::new();
    let minute = Duration::from_secs(60);
    stages.run("format", minute, format);
    stages.run("layers", minute, walk_layers);
    // Without compiled dependencies this takes minutes, and that is no fault of the tree.
    stages.run("clippy", minute * 10, clippy);
    if stages.finish().failed == 0 { Ok(()) } else { Err(Failure::Reported) }
}

/// What the tests of the binary need and no release can have: crates/opbx/src/clock.rs.
pub(crate) const TEST_CLOCK: &str = "--features=opbx/test-clock";

pub(crate) fn format() -> Found {
    machine::run(&mut machine::cargo(&["fmt", "--all", "--check"]))?;
    Ok(Count::ONE)
}

pub(crate) fn walk_layers() -> Found {
    layers::check()?;
    Ok(Count::ONE)
}

pub(crate) fn clippy() -> Found {
    machine::run(&mut machine::cargo(&[
        "clippy",
        "--locked",
        "--workspace",
        "--all-targets",
        TEST_CLOCK,
        "--",
        "--deny",
        "warnings",
    ]))?;
    Ok(Count::ONE)
}
