//! The commands, a file each.

pub(crate) mod apply;
pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod fmt;
pub(crate) mod jobs;
pub(crate) mod lint;
pub(crate) mod openapi;
pub(crate) mod org;
pub(crate) mod restore;
pub(crate) mod serve;
pub(crate) mod stats;
mod store;
mod subject;
pub(crate) mod token;
pub(crate) mod trace;
pub(crate) mod user;

use crate::cli::{Cli, Command};
use std::fmt::Display;
use std::process::ExitCode;

/// Runs what the command line says.
///
/// # Errors
///
/// With what there is to say on the error output, and the exit code.
pub(crate) fn run(cli: Cli) -> Result<(), Failure> {
    match cli.command {
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Trace(arguments) => trace::run(&arguments),
        Command::Lint(arguments) => lint::run(&arguments),
        Command::Org(order) => org::run(&order),
        Command::User(order) => user::run(&order),
        Command::Token(order) => token::run(&order),
        Command::Audit(order) => audit::run(&order),
        Command::Stats(order) => stats::run(&order),
        Command::Jobs(order) => jobs::run(&order),
        Command::Openapi(arguments) => {
            openapi::run(&arguments);
            Ok(())
        }
        Command::Apply(arguments) => apply::run(&arguments),
        Command::Export(arguments) => export::run(&arguments),
        Command::Backup(arguments) => backup::run(&arguments),
        Command::Restore(arguments) => restore::run(&arguments),
        Command::Doctor(arguments) => doctor::run(&arguments),
        Command::Fmt(arguments) => fmt::run(&arguments),
    }
}

/// Why a command did not do what it should: whole lines, for people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Failure {
    /// Something is not as it should be: exit code 1.
    Fault(String),
    /// The command was told something that it does not understand: exit code 2.
    Usage(String),
}

impl Failure {
    /// A fault in one line.
    pub(crate) fn fault(line: impl Display) -> Self {
        Self::Fault(format!("{line}\n"))
    }

    /// A wrong argument in one line.
    pub(crate) fn usage(line: impl Display) -> Self {
        Self::Usage(format!("{line}\n"))
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Fault(_) => ExitCode::from(1),
            Self::Usage(_) => ExitCode::from(2),
        }
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Self::Fault(lines) | Self::Usage(lines)) = self;
        f.write_str(lines)
    }
}
