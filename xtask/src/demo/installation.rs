//! An installation of the demo's own: a data directory, the organization in it, and its server.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::{DOMAIN, KEY, PLAN};
use crate::machine;

/// The organization in commands.
pub(super) const SLUG: &str = "harbor-dental";

/// What was built.
pub(crate) struct Programs(PathBuf);

impl Programs {
    pub(crate) fn build() -> Result<Self, String> {
        machine::run(&mut machine::cargo(&["build", "--locked", "--package=opbx", "--package=cloudonix-sim"]))?;
        Ok(Self(machine::target_dir().join("debug")))
    }

    /// The stand-in of the platform.
    pub(super) fn simulator(&self) -> Command {
        Command::new(self.0.join("cloudonix-sim"))
    }
}

/// A data directory that is new for each demo, and goes with it. One that was interrupted leaves it to the next on its port.
pub(crate) struct Installation<'p> {
    pub(super) programs: &'p Programs,
    folder: PathBuf,
}

impl<'p> Installation<'p> {
    /// An empty one, for the demo that listens here: no two of them do.
    pub(crate) fn make(programs: &'p Programs, listen: &str) -> Result<Self, String> {
        let name = match listen.rsplit_once(':') {
            Some((_, port)) if port != "0" => port.to_owned(),
            _ => format!("process-{}", std::process::id()),
        };
        let folder = machine::target_dir().join("demo").join(name);
        let failed = |fault: std::io::Error| format!("{}: {fault}", folder.display());
        if folder.exists() {
            std::fs::remove_dir_all(&folder).map_err(failed)?;
        }
        std::fs::create_dir_all(&folder).map_err(failed)?;
        Ok(Self { programs, folder })
    }

    pub(super) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// OPBX with these words, in the folder and without any setting of whoever runs the demo.
    pub(crate) fn opbx(&self, words: &[&str]) -> Command {
        let mut command = Command::new(self.programs.0.join("opbx"));
        machine::without_settings(&mut command);
        command.current_dir(&self.folder).args(words);
        command
    }

    /// Makes the organization and gives it its plan; the answer is what that came to.
    pub(super) fn furnish(&self) -> Result<String, String> {
        let mut create = self.opbx(&["org", "create", "--name", "Harbor Dental", "--slug", SLUG, "--country", "US"]);
        create.args([
            "--timezone",
            "America/New_York",
            "--owner-name",
            "Alice Ray",
            "--owner-email",
            "alice@harbor.example",
        ]);
        machine::read(create.args(["--domain", DOMAIN, "--webhook-key", KEY]))?;
        let plan = machine::root().join(PLAN);
        let applied = machine::read(&mut self.opbx(&["apply", &plan.display().to_string(), "--org", SLUG]))?;
        Ok(format!("applied {PLAN} to Harbor Dental: {}", applied.lines().last().unwrap_or_default()))
    }

    /// Serves it. The demo tells each call itself; a log line between would only be in the way.
    pub(super) fn serve(&self, listen: &str) -> Result<Serving, String> {
        Serving::start(&mut self.opbx(&["serve", "--listen", listen, "--log-level", "warn"]))
    }
}

impl Drop for Installation<'_> {
    fn drop(&mut self) {
        // What cannot be removed is in the target directory, where it harms nobody.
        let _ = std::fs::remove_dir_all(&self.folder);
        let _ = self.folder.parent().map(Path::to_path_buf).map(std::fs::remove_dir);
    }
}

/// The server; it ends with the demo.
pub(crate) struct Serving {
    child: Child,
    /// Where it answers the platform.
    pub(crate) url: String,
}

impl Serving {
    /// Starts the server and waits until it says where it answers.
    pub(crate) fn start(command: &mut Command) -> Result<Self, String> {
        let child = command.stdout(Stdio::piped()).spawn();
        let child = child.map_err(|fault| format!("`{}` could not be run: {fault}", machine::shown(command)))?;
        let mut serving = Self { child, url: String::new() };
        let Some(output) = serving.child.stdout.take() else {
            return Err("The server's output cannot be read.".to_owned());
        };
        let mut lines = BufReader::new(output);
        while serving.url.is_empty() {
            let mut line = String::new();
            match lines.read_line(&mut line) {
                Ok(0) | Err(_) => return Err("The server did not start; what it said stands above.".to_owned()),
                Ok(_) => print!("{line}"),
            }
            if let Some(url) = line.strip_prefix("webhook URL ") {
                serving.url = url.trim().to_owned();
            }
        }
        // What it says from now on is for the terminal, and must be read: a full pipe would stop it.
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::stdout()));
        Ok(serving)
    }

    /// Waits until it ends by itself.
    pub(super) fn wait(&mut self) -> Result<(), String> {
        let status = self.child.wait().map_err(|fault| format!("The server was lost: {fault}"))?;
        if status.success() { Ok(()) } else { Err(format!("The server ended ({status}).")) }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended by itself, by the same Ctrl-C that ends us.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
