//! Plan files: a phone system as text.

use crate::command::Failure;
use jiff::tz::TimeZoneDatabase;
use opbx_core::language::{self, Document, Problem};
use opbx_core::plan::PlanWarning;
use std::fmt::Write;
use std::path::Path;

/// The largest file that is read: far more than any phone system, and no more than fits into memory.
const LARGEST: u64 = 10 * 1024 * 1024;

/// The text of a plan file.
///
/// # Errors
///
/// When it cannot be read, is larger than 10 MiB or is not UTF-8.
pub(crate) fn read(file: &Path) -> Result<String, Failure> {
    let fault = |fault: &dyn std::fmt::Display| Failure::fault(format!("{}: {fault}.", file.display()));
    let size = std::fs::metadata(file).map_err(|error| fault(&error))?.len();
    if size > LARGEST {
        return Err(fault(&"the file is larger than 10 MiB"));
    }
    std::fs::read_to_string(file).map_err(|error| fault(&error))
}

/// The plan in a file.
///
/// # Errors
///
/// As [`read`], and with every problem of the text at once.
pub(crate) fn parse(file: &Path, zones: &TimeZoneDatabase) -> Result<Document, Failure> {
    language::parse(&read(file)?, zones).map_err(|problems| told(file, &problems))
}

/// Every problem in a line of its own, behind the name of the file.
pub(crate) fn told(file: &Path, problems: &[Problem]) -> Failure {
    let mut lines = String::new();
    for problem in problems {
        let end = if problem.suggestion.is_some() { "" } else { "." };
        // Writing to a string cannot fail.
        let _ = writeln!(lines, "{}: {problem}{end}", file.display());
    }
    Failure::Fault(lines)
}

/// What compiling had to put right, in a sentence without its end.
pub(crate) fn warning(warning: &PlanWarning) -> String {
    format!("{} `{}`: {}", warning.kind.word().replace('_', " "), warning.name, warning.problem)
}
