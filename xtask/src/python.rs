//! Python for what is written in it: virtual environments below the target directory, of pinned packages alone.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::machine;

/// The interpreter of an environment that holds the packages of a file of requirements, each pinned by its hash.
pub(crate) fn environment(name: &str, requirements: &str) -> Result<PathBuf, String> {
    let environment = machine::target_dir().join(name);
    let python = environment.join("bin/python");
    let wanted = fs::read_to_string(machine::root().join(requirements)).map_err(|e| format!("{requirements}: {e}"))?;
    // Written last: an environment without it was left half-made.
    let made_from = environment.join("made-from.txt");
    if fs::read_to_string(&made_from).is_ok_and(|made| made == wanted) && python.is_file() {
        return Ok(python);
    }
    let failed = |step: &str, fault: String| format!("What is written in Python cannot run, {step}.\n{fault}");
    machine::read(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment)).map_err(|fault| {
        failed("python3 makes no virtual environment (Debian: apt-get install python3-venv)", fault)
    })?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    pip.args(["--require-hashes", "--no-deps", "--only-binary=:all:", "--requirement", requirements]);
    machine::read(pip.current_dir(machine::root()))
        .map_err(|fault| failed("the pinned packages could not be installed from PyPI", fault))?;
    fs::write(&made_from, wanted).map_err(|fault| format!("{}: {fault}", made_from.display()))?;
    Ok(python)
}
