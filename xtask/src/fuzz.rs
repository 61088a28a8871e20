//! `cargo xtask fuzz`: what reads foreign bytes, under fire.

use crate::machine;
use crate::recipe::{Failure, Outcome, Recipe};

pub(crate) const RECIPE: Recipe = Recipe {
    name: "fuzz",
    about: "feed a reader with random bytes (needs nightly and cargo-fuzz)",
    help: "\
Usage: cargo xtask fuzz TARGET [ARGUMENT OF LIBFUZZER…]

Targets are the files of fuzz/fuzz_targets. Runs until it finds a crash or is stopped; `-max_total_time=60` ends it after a minute.

Fuzzing needs the nightly compiler and a tool, so it is never part of `cargo xtask test`:

  rustup toolchain install nightly
  cargo install --locked cargo-fuzz",
    run,
};

fn run(arguments: &[String]) -> Outcome {
    let targets = targets();
    let known = || if targets.is_empty() { "there are none yet".to_owned() } else { targets.join(", ") };
    let Some((target, options)) = arguments.split_first() else {
        return Err(Failure::Usage(format!("name a target: {}", known())));
    };
    if !targets.contains(target) {
        return Err(Failure::Usage(format!("`{target}` is not a target: {}", known())));
    }
    if machine::on_path("cargo-fuzz").is_none() {
        return Err(Failure::Fault("cargo-fuzz is missing: cargo install --locked cargo-fuzz".to_owned()));
    }
    // Through rustup's proxy: only it understands `+nightly`.
    let mut command = std::process::Command::new("cargo");
    command.args(["+nightly", "fuzz", "run", target, "--"]).args(options).current_dir(machine::root());
    Ok(machine::run(&mut command)?)
}

fn targets() -> Vec<String> {
    let Ok(folder) = std::fs::read_dir(machine::root().join("fuzz/fuzz_targets")) else { return Vec::new() };
    let names = folder.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut targets: Vec<String> = names.filter_map(|name| name.strip_suffix(".rs").map(str::to_owned)).collect();
    targets.sort();
    targets
}
