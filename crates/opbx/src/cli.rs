//! The command line. What a command does is in its file below `command`.

use crate::clock::VERSION;
use crate::command::{
    apply, audit, backup, doctor, explain, export, fmt, jobs, lint, openapi, org, restore, serve, stats, token, trace,
    user,
};
use clap::{Parser, Subcommand};

/// A business phone system on the Cloudonix platform.
#[derive(Debug, Parser)]
#[command(name = "opbx", version = VERSION, arg_required_else_help = true, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Answer the platform's questions about calls.
    Serve(Box<serve::Arguments>),
    /// Tell what a call would do, and why.
    Explain(explain::Arguments),
    /// Show what was decided for real calls, and why.
    Trace(trace::Arguments),
    /// Find what is wrong with a plan, before a caller does.
    Lint(lint::Arguments),
    /// Make, list, suspend and resume organizations.
    #[command(subcommand)]
    Org(org::Order),
    /// Make people, invite them, and give them another password.
    #[command(subcommand)]
    User(user::Order),
    /// Make tokens for programs, resellers and operators.
    #[command(subcommand)]
    Token(token::Order),
    /// Look whether an audit log is whole.
    #[command(subcommand)]
    Audit(audit::Order),
    /// Count the statistics of calls anew.
    #[command(subcommand)]
    Stats(stats::Order),
    /// List work that waits or was given up, try it again, throw it away.
    #[command(subcommand)]
    Jobs(jobs::Order),
    /// Make an organization what a plan file says.
    Apply(apply::Arguments),
    /// Print an organization's plan as a file.
    Export(export::Arguments),
    /// Write all that a new machine needs into one file.
    Backup(backup::Arguments),
    /// Make the data directory what a backup holds.
    Restore(restore::Arguments),
    /// Find what is wrong with the installation, and what to do.
    Doctor(doctor::Arguments),
    /// Print the description of the API.
    Openapi(openapi::Arguments),
    /// Put plan files into their canonical form.
    Fmt(fmt::Arguments),
}
