//! `cargo xtask bench`: the numbers.
pub(crate) const RECIPE: crate::recipe::Recipe =
    crate::recipe::Recipe { name: "bench", about: "x", help: "Usage: cargo xtask bench", run: |_| Ok(()) };
