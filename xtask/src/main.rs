//! Recipes of this repository: `cargo xtask <name>`.
fn main() {}
