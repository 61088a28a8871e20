//! What the commands over the store share: how they wait, and how they speak.

use super::Failure;
use opbx_server::admin::chain;
use serde_json::Value;
use std::error::Error;
use std::fmt::Display;
use std::io::{Read as _, Write as _};
use std::str::FromStr;

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

/// The password that someone types or pipes in: the input without the end of its line.
pub(super) fn password_of_the_input() -> Result<String, Failure> {
    let mut text = String::new();
    std::io::stdin()
        .lock()
        .read_to_string(&mut text)
        .map_err(|wrong| Failure::fault(format!("The password cannot be read from the input: {wrong}.")))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// The value of a flag.
pub(super) fn read<T: FromStr<Err: Display>>(flag: &str, text: &str) -> Result<T, Failure> {
    text.parse().map_err(|wrong| Failure::usage(format!("--{flag} is `{text}`: {wrong}.")))
}

/// The same as [`fault`], where the mistake is in what was asked.
pub(super) fn usage(error: &dyn Error) -> Failure {
    match fault(error) {
        Failure::Fault(lines) | Failure::Usage(lines) => Failure::Usage(lines),
    }
}
