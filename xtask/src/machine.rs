//! The machine below: where things are, and how programs are started.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// The root of the repository: of the clone in which cargo was called, which need not be the one that this binary was
/// built in where two clones share what is built.
pub(crate) fn root() -> PathBuf {
    let called = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let here = called.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    here.parent().map(Path::to_path_buf).unwrap_or(here)
}

/// Where cargo builds: `CARGO_TARGET_DIR`, else `target`.
pub(crate) fn target_dir() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

/// The user's cache for tools that are installed by us: outside every clone, so that it survives them.
pub(crate) fn cache_dir() -> Result<PathBuf, String> {
    if let Some(dir) = std::env::var_os("XDG_CACHE_HOME").filter(|dir| !dir.is_empty()) {
        return Ok(PathBuf::from(dir).join("opbx"));
    }
    match std::env::var_os("HOME") {
        Some(home) => Ok(PathBuf::from(home).join(".cache").join("opbx")),
        None => Err("Neither XDG_CACHE_HOME nor HOME is set: there is no place to keep tools in.".to_owned()),
    }
}

/// Keeps the settings of whoever runs a recipe from the program that it runs.
pub(crate) fn without_settings(command: &mut Command) {
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("OPBX_")) {
        command.env_remove(name);
    }
}

/// A cargo command at the root of the repository, by the same cargo that runs us, as if it were called from a shell.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    // What cargo tells us about ourselves. Build scripts that look at it (ring's does) would run again whenever a recipe and a
    // command of the shell take turns, and half of the dependencies would be compiled again.
    let ours = |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(ours)) {
        command.env_remove(name);
    }
    command
}

/// Is there such a program on the search path?
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(program)).find(|file| file.is_file())
}

/// Runs a command with its output on the terminal.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|fault| not_started(command, &fault))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed ({status}).", shown(command))) }
}

/// Runs a command quietly and returns what it printed on its standard output.
pub(crate) fn read(command: &mut Command) -> Result<String, String> {
    let output = command.stderr(Stdio::piped()).output().map_err(|fault| not_started(command, &fault))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("`{}` failed ({}):\n{}", shown(command), output.status, said.trim_end()))
}

/// What a command printed, and whether it was content.
pub(crate) struct Heard {
    pub(crate) success: bool,
    pub(crate) text: String,
}

/// Runs a command with its output on the terminal, and keeps a copy of all of it.
pub(crate) fn listen(command: &mut Command) -> Result<Heard, String> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|fault| not_started(command, &fault))?;
    let heard = Arc::new(Mutex::new(String::new()));
    let mut ears = Vec::new();
    if let Some(stream) = child.stdout.take() {
        ears.push(repeat(stream, std::io::stdout(), &heard));
    }
    if let Some(stream) = child.stderr.take() {
        ears.push(repeat(stream, std::io::stderr(), &heard));
    }
    let status = child.wait().map_err(|fault| not_started(command, &fault))?;
    for ear in ears {
        if ear.join().is_err() {
            return Err(format!("The output of `{}` could not be read.", shown(command)));
        }
    }
    let text = heard.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Ok(Heard { success: status.success(), text })
}

fn repeat(
    stream: impl Read + Send + 'static,
    mut terminal: impl Write + Send + 'static,
    heard: &Arc<Mutex<String>>,
) -> thread::JoinHandle<()> {
    let heard = Arc::clone(heard);
    thread::spawn(move || {
        let mut stream = BufReader::new(stream);
        let mut line = Vec::new();
        while stream.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
            let text = String::from_utf8_lossy(&line);
            heard.lock().unwrap_or_else(PoisonError::into_inner).push_str(&text);
            // A closed terminal must not stop the child: it would block on a full pipe.
            let _ = terminal.write_all(&line);
            line.clear();
        }
    })
}

fn not_started(command: &Command, fault: &std::io::Error) -> String {
    format!("`{}` could not be run: {fault}", shown(command))
}

/// The command as a person would type it; the program without its folders.
pub(crate) fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_else(|| OsStr::new("?"));
    std::iter::once(program).chain(command.get_args()).map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_is_called_as_from_a_shell() {
        let command = cargo(&["build"]);
        let taken: Vec<_> = command.get_envs().filter(|(_, value)| value.is_none()).map(|(name, _)| name).collect();
        // Cargo sets them for these tests too.
        assert!(taken.contains(&OsStr::new("CARGO_MANIFEST_DIR")) && taken.contains(&OsStr::new("CARGO_PKG_NAME")));
    }

    #[test]
    fn both_streams_are_heard() {
        let heard = listen(Command::new("sh").args(["-c", "echo out; echo err >&2; exit 3"])).unwrap();
        assert!(!heard.success);
        assert!(heard.text.contains("out\n") && heard.text.contains("err\n"));
    }

    #[test]
    fn a_failing_command_is_named_with_what_it_said() {
        let fault = read(Command::new("sh").args(["-c", "echo broken >&2; exit 1"])).unwrap_err();
        assert!(fault.contains("sh -c") && fault.ends_with("broken"), "{fault}");
    }

    #[test]
    fn a_missing_program_is_a_sentence() {
        let fault = run(&mut Command::new("no-such-program-of-opbx")).unwrap_err();
        assert!(fault.starts_with("`no-such-program-of-opbx` could not be run"), "{fault}");
    }
}
