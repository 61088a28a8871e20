//! The programs that are measured and measured with.

use std::path::PathBuf;
use std::process::Command;

use super::process::Serving;
use crate::{demo, machine, request};

/// Where the programs are.
pub(super) struct Programs {
    folder: PathBuf,
}

impl Programs {
    /// Builds all of them as they are shipped. Always together: cargo joins the features that they ask for, and another
    /// choice would build their dependencies again.
    pub(super) fn build() -> Result<Self, String> {
        let packages =
            ["build", "--locked", "--profile=dist", "--package=opbx", "--package=scale-bench", "--package=voice-bench"];
        machine::run(&mut machine::cargo(&packages))?;
        Ok(Self { folder: machine::target_dir().join("dist") })
    }

    /// A program, at the root of the repository.
    pub(super) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.folder.join(program));
        command.current_dir(machine::root());
        command
    }

    /// The server as it is shipped, at any free port; settings of whoever measures are not its own.
    pub(super) fn serve(&self) -> Command {
        let mut command = self.command("opbx");
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("OPBX_") {
                command.env_remove(name);
            }
        }
        command.args(["serve", "--listen", "127.0.0.1:0"]).env("OPBX_LOG", "json");
        command
    }

    /// The same, for the plan of the demonstration.
    pub(super) fn serve_plan(&self) -> Command {
        let mut command = self.serve();
        command.args(["--plan", demo::PLAN, "--domain", demo::DOMAIN, "--webhook-key", demo::KEY]);
        command
    }
}

/// Has a server decide a call, and looks whether it puts it through.
pub(super) fn put_through(serving: &Serving, key: &str, body: &str) -> Result<(), String> {
    let document = request::post(&serving.address, "/api/voice/route", key, body)?;
    if document.contains("<Dial") { Ok(()) } else { Err(format!("The call is not put through: {document}")) }
}
