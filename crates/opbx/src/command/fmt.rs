//! `opbx fmt`: plan files in their canonical form.

use super::Failure;
use crate::plan_file;
use opbx_core::language;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Puts plan files into their canonical form; comments stay where they belong.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The plan files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Change nothing; exit with 1 if a file would change.
    #[arg(long)]
    check: bool,
}

/// Formats the files. One that cannot be read does not keep the others from being formatted.
///
/// # Errors
///
/// With a line for each file that cannot be read or written or, for `--check`, would change.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut lines = String::new();
    for file in &arguments.files {
        if let Err(failure) = format(file, arguments.check) {
            lines.push_str(&failure.to_string());
        }
    }
    if lines.is_empty() { Ok(()) } else { Err(Failure::Fault(lines)) }
}

fn format(file: &Path, check: bool) -> Result<(), Failure> {
    let text = plan_file::read(file)?;
    let formatted = language::format(&text, &opbx_server::clock::zones());
    let formatted = formatted.map_err(|problems| plan_file::told(file, &problems))?;
    if formatted == text {
        return Ok(());
    }
    if check {
        return Err(Failure::fault(format!("{}: not in its canonical form.", file.display())));
    }
    write(file, &formatted).map_err(|fault| Failure::fault(format!("{}: {fault}.", file.display())))
}

/// Writes a whole file or nothing: a full disk must not take a phone system with it.
fn write(file: &Path, text: &str) -> std::io::Result<()> {
    // Where the name is a link, what it leads to is written.
    let file = file.canonicalize()?;
    let folder = file.parent().unwrap_or(Path::new("/"));
    // Whatever fails from here on, it takes itself away.
    let mut beside = tempfile::NamedTempFile::new_in(folder)?;
    beside.write_all(text.as_bytes())?;
    beside.as_file().set_permissions(std::fs::metadata(&file)?.permissions())?;
    beside.as_file().sync_all()?;
    beside.persist(&file)?;
    Ok(())
}
