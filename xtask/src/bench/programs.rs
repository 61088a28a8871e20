//! The programs that are measured and measured with.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use super::process::Serving;
use crate::{demo, machine, request};

/// Whom the organization belongs to.
pub(super) const OWNER: &str = "olive@office.example";

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

    /// The product; settings of whoever measures are not its own.
    fn opbx(&self) -> Command {
        let mut command = self.command("opbx");
        machine::without_settings(&mut command);
        command
    }

    /// The server as it is shipped, at any free port.
    pub(super) fn serve(&self) -> Command {
        let mut command = self.opbx();
        command.args(["serve", "--listen", "127.0.0.1:0"]).env("OPBX_LOG", "json");
        command
    }

    /// A command over the database of such a name.
    fn over(&self, name: &str, words: &[&str]) -> Command {
        let mut command = self.opbx();
        command.args(words).arg("--data-dir").arg(data_dir(name));
        command
    }

    /// What a command over the database of such a name answers.
    pub(super) fn told(&self, name: &str, words: &[&str]) -> Result<Value, String> {
        serde_json::from_str(&machine::read(&mut self.over(name, words))?).map_err(|fault| fault.to_string())
    }

    /// The same, for the organization of the demonstration in a database at a place of its own, made anew.
    pub(super) fn serve_office(&self, name: &str) -> Result<Command, String> {
        Ok(self.serve_plan(name, demo::PLAN)?.0)
    }

    /// The same for any plan, and the password of the owner, whose address is [`OWNER`].
    pub(super) fn serve_plan(&self, name: &str, plan: &str) -> Result<(Command, String), String> {
        let data = data_dir(name);
        if data.exists() {
            fs::remove_dir_all(&data).map_err(|fault| format!("{}: {fault}", data.display()))?;
        }
        let mut create =
            self.over(name, &["org", "create", "--name", "Harbor Dental", "--slug", "office", "--country", "US"]);
        create.args(["--timezone", "America/New_York", "--owner-name", "Olive", "--owner-email", OWNER]);
        create.args(["--domain", demo::DOMAIN, "--webhook-key", demo::KEY]);
        let made: Value = serde_json::from_str(&machine::read(&mut create)?).map_err(|fault| fault.to_string())?;
        let password = made["owner_password"].as_str().ok_or("The owner has no password.")?.to_owned();
        machine::read(&mut self.over(name, &["apply", plan, "--org", "office"]))?;
        let mut command = self.serve();
        command.arg("--data-dir").arg(&data);
        Ok((command, password))
    }
}

fn data_dir(name: &str) -> PathBuf {
    machine::target_dir().join("bench/voice").join(name)
}

/// Has a server decide a call, and looks whether it puts it through.
pub(super) fn put_through(serving: &Serving, key: &str, body: &str) -> Result<(), String> {
    let document = request::post(&serving.address, "/api/voice/route", key, body)?;
    if document.contains("<Dial") { Ok(()) } else { Err(format!("The call is not put through: {document}")) }
}
