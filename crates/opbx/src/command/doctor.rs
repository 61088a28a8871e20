//! `opbx doctor`: what is wrong with an installation, and what to do.

use super::Failure;
use super::store::{block_on, print_json, read};
use crate::config::{self, DoctorFlags};
use opbx_core::text::EmailAddress;
use opbx_server::admin::{Finding, Verdict};
use opbx_server::clock::Clock;
use serde_json::json;
use std::fmt::Write as _;
use std::io::Write as _;

/// Looks at the data directory, the disk, the database, the secret key, the clock, the public address and the mail server,
/// changes nothing, and says for each whether it is as it should be, and what to do where it is not. Exits with 1 if there is a fault.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Send a test mail to this address.
    #[arg(long, value_name = "EMAIL")]
    mail_to: Option<String>,
    #[command(flatten)]
    settings: DoctorFlags,
}

/// Prints what was found.
///
/// # Errors
///
/// When a setting is wrong; without a word when there is a fault, since that was printed.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let settings = config::read_for_doctor(&arguments.settings)?;
    let to = arguments.mail_to.as_deref().map(|to| read::<EmailAddress>("mail-to", to)).transpose()?;
    let now = Clock::of_the_machine().now();
    let mail = (settings.mail, to.as_ref());
    let findings = block_on(async { Ok(settings.place.diagnose(settings.public_url.as_ref(), mail, now).await) })?;
    let worst = findings.iter().map(|finding| finding.verdict).max().unwrap_or(Verdict::Ok);
    if arguments.json {
        print_json(&json!({ "verdict": worst, "findings": findings }));
    } else {
        // Whoever reads only the beginning closes the pipe, and that is no fault.
        let _ = std::io::stdout().lock().write_all(told(&findings).as_bytes());
    }
    if worst == Verdict::Fault { Err(Failure::Fault(String::new())) } else { Ok(()) }
}

/// A line for each finding, and one below it for what to do.
fn told(findings: &[Finding]) -> String {
    let mut text = String::new();
    for Finding { check, verdict, text: said, remedy } in findings {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{:<8} {:<15} {said}", verdict.word(), check.replace('_', " "));
        if let Some(remedy) = remedy {
            let _ = writeln!(text, "{:<24} {remedy}", "");
        }
    }
    text
}
