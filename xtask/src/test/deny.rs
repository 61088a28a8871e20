//! Licences, bans and sources of the dependencies, by cargo-deny.

use std::path::PathBuf;
use std::process::Command;

use crate::machine;
use crate::stage::{Count, Found};

/// Pinned: another version may judge differently.
const VERSION: &str = "0.20.2";

pub(super) fn check(install: bool) -> Found {
    let tool = match find()? {
        Some(tool) => tool,
        None if install => build()?,
        None => {
            return Err(format!(
                "cargo-deny {VERSION} is missing: `cargo xtask test --install` puts it into your cache, \
                 or: cargo install --locked cargo-deny --version {VERSION}"
            ));
        }
    };
    let mut command = Command::new(tool);
    command.args(["--all-features", "--locked", "check", "--hide-inclusion-graph", "licenses", "bans", "sources"]);
    machine::run(command.current_dir(machine::root()))?;
    Ok(Count { passed: 3, failed: 0 })
}

/// The right version, from the cache or from the search path.
fn find() -> Result<Option<PathBuf>, String> {
    let candidates = [Some(folder()?.join("bin/cargo-deny")), machine::on_path("cargo-deny")];
    let is_right = |tool: &PathBuf| {
        machine::read(Command::new(tool).arg("--version")).is_ok_and(|version| version.trim().ends_with(VERSION))
    };
    Ok(candidates.into_iter().flatten().find(is_right))
}

fn folder() -> Result<PathBuf, String> {
    Ok(machine::cache_dir()?.join("tools"))
}

fn build() -> Result<PathBuf, String> {
    let folder = folder()?;
    let mut command = machine::cargo(&["install", "--locked", "cargo-deny", "--version", VERSION, "--root"]);
    // A target directory of its own: tools must not be rebuilt because the product is cleaned, nor the other way round.
    command.arg(&folder).env("CARGO_TARGET_DIR", machine::cache_dir()?.join("tools-target"));
    machine::run(&mut command).map_err(|fault| format!("cargo-deny could not be installed. {fault}"))?;
    Ok(folder.join("bin/cargo-deny"))
}
