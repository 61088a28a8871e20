//! `cloudonix-sim`: the stand-in of the platform as a program.

mod call;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// A stand-in of the Cloudonix platform, for whoever builds voice applications on it.
#[derive(Debug, Parser)]
#[command(name = "cloudonix-sim", version, arg_required_else_help = true, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
enum Command {
    /// Place a call to a voice application, and print what happened as it happened on the phone.
    ///
    /// It sends the requests that the platform sends, with the domain's key as bearer token, plays the documents that come back
    /// with people who follow a script, and follows `action` and `Redirect`. It sleeps nowhere: its clock is virtual, so a
    /// call of an hour takes as long as its requests. Only the origin of URL is asked.
    ///
    /// The exit code is 0 when the application answered every request with a document, also if nobody picked up; 1 when it
    /// did not; 2 for an argument that makes no sense.
    Call(Box<call::Arguments>),
}

/// Why the program did not do what it should: the line for people, and the exit code.
#[derive(Debug)]
struct Failure {
    line: String,
    code: u8,
}

impl Failure {
    /// Something is not as it should be.
    fn fault(line: String) -> Self {
        Self { line, code: 1 }
    }

    /// An argument that makes no sense.
    fn usage(line: String) -> Self {
        Self { line, code: 2 }
    }
}

fn main() -> ExitCode {
    let Command::Call(arguments) = Cli::parse().command;
    match call::run(*arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure { line, code }) => {
            eprintln!("{line}");
            ExitCode::from(code)
        }
    }
}
