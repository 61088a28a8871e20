//! The API from outside: its description under a linter, and a server under whatever the description allows and forbids.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::demo::installation::{Installation, Programs, Serving};
use crate::stage::{Count, Found};
use crate::{machine, python};

/// What the linter and the tester are pinned by, and the programs that use them.
const FOLDER: &str = "xtask/api";
const REQUIREMENTS: &str = "xtask/api/requirements.txt";
const EMAIL: &str = "alice@acme.example";

/// Is the description clean under the linter? It is one check; without npm it is none, and is said to be.
pub(super) fn description() -> Found {
    if machine::on_path("npm").is_none() {
        eprintln!("npm is not installed: the description is not linted (Debian: apt-get install npm).");
        return Ok(Count::default());
    }
    let linter = linter()?;
    let mut opbx = machine::cargo(&["run", "--quiet", "--locked", "--package=opbx", "--", "openapi"]);
    let text = machine::read(&mut opbx)?;
    let file = machine::target_dir().join("openapi.json");
    fs::write(&file, text).map_err(|fault| format!("{}: {fault}", file.display()))?;
    let mut lint = Command::new(linter);
    lint.args(["lint", "--format=stylish", "--config"])
        .arg(machine::root().join(FOLDER).join("redocly.yaml"))
        .arg(&file);
    // It tells nobody that it was used, and asks nobody for a newer one.
    lint.env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
    machine::run(lint.current_dir(machine::target_dir()))?;
    Ok(Count::ONE)
}

/// The linter, installed below the target directory as the lock file says.
fn linter() -> Result<PathBuf, String> {
    let folder = machine::target_dir().join("xtask-npm");
    let failed = |fault: std::io::Error| format!("{}: {fault}", folder.display());
    fs::create_dir_all(&folder).map_err(failed)?;
    let lock = fs::read_to_string(machine::root().join(FOLDER).join("package-lock.json"));
    let lock = lock.map_err(|fault| format!("{FOLDER}/package-lock.json: {fault}"))?;
    // Written last: a folder without it was left half-made.
    let made_from = folder.join("made-from.json");
    let linter = folder.join("node_modules/.bin/redocly");
    if fs::read_to_string(&made_from).is_ok_and(|made| made == lock) && linter.exists() {
        return Ok(linter);
    }
    for name in ["package.json", "package-lock.json", ".npmrc"] {
        fs::copy(machine::root().join(FOLDER).join(name), folder.join(name)).map_err(failed)?;
    }
    machine::read(Command::new("npm").args(["ci", "--ignore-scripts"]).current_dir(&folder))
        .map_err(|fault| format!("The linter could not be installed.\n{fault}"))?;
    fs::write(&made_from, lock).map_err(failed)?;
    Ok(linter)
}

/// Asks a server of an empty organization anything, as several people, and counts what it answers.
pub(super) fn try_out() -> Found {
    let python = python::environment("xtask-api-python", REQUIREMENTS)?;
    let programs = Programs::build()?;
    let installation = Installation::make(&programs, "127.0.0.1:0")?;
    let mut create = installation.opbx(&["org", "create", "--name", "Acme", "--slug", "acme", "--country", "US"]);
    create.args(["--timezone", "America/New_York", "--owner-name", "Alice Ray", "--owner-email", EMAIL]);
    let made: Value = serde_json::from_str(&machine::read(&mut create)?).map_err(|fault| fault.to_string())?;
    let password = made["owner_password"].as_str().ok_or("The organization was made without a password.")?;
    let words = ["serve", "--listen", "127.0.0.1:0", "--api-rate-limit", "0", "--log-level", "warn"];
    let serving = Serving::start(&mut installation.opbx(&words))?;
    let url = serving.url.trim_end_matches("/api/voice/route");
    let left_behind = machine::target_dir().join("api");
    let mut run = Command::new(python);
    // Isolated, so that no package of the user stands in for a pinned one, and no byte code lands in the tree.
    run.args(["-I", "-B"]).arg(machine::root().join(FOLDER).join("try_out.py"));
    run.args([url, EMAIL, password]).arg(&left_behind);
    let heard = machine::listen(&mut run)?;
    count(&heard.text).ok_or_else(|| "The run came to no end; what it said stands above.".to_owned())
}

/// `12 passed, 3 failed`, in the last line.
fn count(text: &str) -> Option<Count> {
    let (passed, failed) = text.trim_end().lines().last()?.split_once(" passed, ")?;
    Some(Count { passed: passed.parse().ok()?, failed: failed.strip_suffix(" failed")?.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_is_the_count() {
        assert_eq!(count("x\n12 passed, 3 failed\n"), Some(Count { passed: 12, failed: 3 }));
        assert_eq!(count("12 passed, 3 failed\nTraceback\n"), None);
    }
}
