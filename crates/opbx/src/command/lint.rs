//! `opbx lint`: what is wrong with a plan.

use super::Failure;
use super::subject::Subject;
use opbx_core::lint::{Finding, Severity, finding_text, lint, path_text};
use opbx_core::notice::Language;
use opbx_core::region::LanguageTag;
use opbx_server::finding_view::FindingView;
use std::fmt::Write as _;
use std::io::Write as _;

/// Finds what is wrong with a plan: each fault with the way from a number to it. The exit code is 1 when a fault can
/// end a call, and 0 when there are only warnings.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The language of the sentences: en or es.
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    language: LanguageTag,
    /// Print JSON, as the API answers.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    subject: Subject,
}

/// Prints the findings.
///
/// # Errors
///
/// When the plan cannot be read, or has errors.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let plan = arguments.subject.compiled()?;
    let findings = lint(&plan);
    let language = Language::of(&arguments.language);
    let text = if arguments.json {
        let views: Vec<FindingView> = findings.iter().map(|finding| FindingView::new(finding, language)).collect();
        let json = serde_json::to_string_pretty(&views).map_err(Failure::fault)?;
        format!("{json}\n")
    } else {
        told(&findings, language)
    };
    // Whoever reads only the beginning closes the pipe, and that is no fault.
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
    match findings.iter().filter(|finding| finding.severity == Severity::Error).count() {
        0 => Ok(()),
        1 => Err(Failure::fault("1 error.")),
        errors => Err(Failure::fault(format_args!("{errors} errors."))),
    }
}

/// A finding a line, and below it the way there, where it is longer than one object.
fn told(findings: &[Finding<'_>], language: Language) -> String {
    if findings.is_empty() {
        return "Nothing is wrong.\n".to_owned();
    }
    let mut text = String::new();
    for finding in findings {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}: {}", finding.severity.word(), finding_text(finding, language));
        if finding.path.len() > 1 {
            let _ = writeln!(text, "  {}", path_text(&finding.path, language));
        }
    }
    text
}
