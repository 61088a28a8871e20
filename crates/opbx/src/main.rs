//! OPBX, a business phone system: the program.

mod cli;
mod clock;
mod command;
mod config;
mod plan_file;
mod random;
mod telemetry;

use clap::Parser;
use std::process::ExitCode;

/// Calls allocate a few dozen small texts each; this allocator halves what that costs.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match command::run(cli::Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprint!("{failure}");
            failure.exit_code()
        }
    }
}
