//! What the commands over the store share: how they wait, and how they speak.

use super::Failure;
use opbx_server::admin::chain;
use serde_json::Value;
use std::error::Error;
use std::io::Write as _;

/// Runs a command's work to its end.
pub(super) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::fault)?;
    runtime.block_on(work)
}

/// A fault with everything behind it, in one line.
pub(super) fn fault(fault: &dyn Error) -> Failure {
    let line = chain(fault);
    let mut letters = line.chars();
    let line: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    Failure::fault(format!("{line}."))
}

/// Nobody has this identifier or short name.
pub(super) fn nobody(named: &str) -> Failure {
    Failure::fault(format_args!("There is no organization `{named}`."))
}

/// Prints an answer for machines.
pub(super) fn print_json(answer: &Value) {
    // Whoever reads only the beginning closes the pipe, and that is no fault.
    let _ = std::io::stdout().lock().write_all(format!("{answer:#}\n").as_bytes());
}
