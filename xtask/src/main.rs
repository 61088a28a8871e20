//! Recipes of this repository: `cargo xtask <name>`.
//!
//! A recipe is a file with a constant [`Recipe`]; naming it in [`RECIPES`] is all that is needed to add one.

mod bench;
mod check;
mod data;
mod demo;
mod doc;
mod fuzz;
mod layers;
mod machine;
mod python;
mod recipe;
mod request;
mod stage;
mod test;

use std::process::ExitCode;

use recipe::Recipe;

/// In the order in which a newcomer needs them.
const RECIPES: &[Recipe] =
    &[demo::RECIPE, check::RECIPE, test::RECIPE, doc::RECIPE, data::RECIPE, bench::RECIPE, fuzz::RECIPE];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    recipe::run(RECIPES, &arguments)
}
