//! The layer check: arrows between crates, what the pure crates reach, and who may name what inside a crate.
//!
//! ARCHITECTURE.md states the rules and their reasons; here they are tables.

mod arrows;
mod blank;
mod closure;
mod files;
mod names;
mod paths;
mod rooms;

use crate::machine;

/// Checks the tree. The error lists every breach, one sentence each.
pub(crate) fn check() -> Result<(), String> {
    let metadata = machine::read(&mut machine::cargo(&["metadata", "--format-version=1", "--locked", "--no-deps"]))?;
    let mut breaches = arrows::breaches(&arrows::read(&metadata)?);
    for pure in closure::PURE {
        breaches.extend(closure::breaches(pure, &closure::tree(pure)?));
    }
    for file in files::sources(&machine::root())? {
        breaches.extend(names::breaches(&file));
        breaches.extend(rooms::breaches(&file));
    }
    if breaches.is_empty() {
        return Ok(());
    }
    breaches.push(format!(
        "Breaches of the house rules: {}. ARCHITECTURE.md and STYLE.md have the reasons.",
        breaches.len()
    ));
    Err(breaches.join("\n"))
}
