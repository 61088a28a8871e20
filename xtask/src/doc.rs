//! `cargo xtask doc`: the documentation of the code.

use crate::check::TEST_CLOCK;
use crate::machine;
use crate::recipe::{Outcome, Recipe, only};
use crate::stage::{Count, Found};

pub(crate) const RECIPE: Recipe = Recipe {
    name: "doc",
    about: "build the documentation of the code, private items included",
    help: "\
Usage: cargo xtask doc

Builds rustdoc for every crate of the workspace without its dependencies and prints where it begins.
A broken link or any other warning is an error, as in `cargo xtask test`.",
    run,
};

fn run(arguments: &[String]) -> Outcome {
    only(arguments, &[])?;
    build()?;
    println!("{}", machine::target_dir().join("doc/opbx_core/index.html").display());
    Ok(())
}

pub(crate) fn build() -> Found {
    let arguments = ["doc", "--locked", "--workspace", "--no-deps", "--document-private-items", TEST_CLOCK];
    let mut rustdoc = machine::cargo(&arguments);
    machine::run(rustdoc.env("RUSTDOCFLAGS", "--deny warnings"))?;
    Ok(Count::ONE)
}
