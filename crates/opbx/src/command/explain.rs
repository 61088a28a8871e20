//! `opbx explain`: what a call would do, and why.

use super::Failure;
use super::subject::Subject;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use opbx_core::explain::{Ending, Explanation, Script, decision_story, outcome_line};
use opbx_core::invalid::Invalid;
use opbx_core::notice::Language;
use opbx_core::plan::RoutingPlan;
use opbx_core::region::LanguageTag;
use opbx_server::clock::Clock;
use opbx_server::explanation::{Asked, explanation, nothing_known};
use opbx_server::trace_view::{ExplanationView, shown_document};
use std::collections::VecDeque;
use std::fmt::Write as _;
use std::io::Write as _;
use std::str::FromStr;

/// Tells what a call would do, step by step, with every document that the platform would get.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Who calls: an extension, or a number as people dial it.
    #[arg(long, value_name = "A", allow_hyphen_values = true)]
    from: String,
    /// Whom they dial.
    #[arg(long, value_name = "B", allow_hyphen_values = true)]
    to: String,
    /// When: an instant like 2026-03-09T10:00:00-04:00, or a local time of the organization like 2026-03-09T10:00.
    /// Without it: now.
    #[arg(long, value_name = "T")]
    at: Option<String>,
    /// Where the call comes from: inbound, outbound, subscriber, application or outbound-api. Without it: subscriber if
    /// FROM is an active extension, else inbound.
    #[arg(long, value_name = "D")]
    direction: Option<String>,
    /// What the caller presses, an entry for each time keys are asked for; an empty entry is silence.
    #[arg(long, value_name = "1,2", allow_hyphen_values = true)]
    digits: Option<String>,
    /// How each dial ends: answered, completed, no-answer, busy, failed or canceled.
    #[arg(long, value_name = "no-answer,completed")]
    dial_results: Option<String>,
    /// The language of the sentences: en or es.
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    language: LanguageTag,
    /// Print JSON, as the API answers.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    subject: Subject,
}

/// Explains the call on the output.
///
/// # Errors
///
/// When the plan or an argument cannot be read.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let plan = arguments.subject.compiled()?;
    let at = at(arguments.at.as_deref(), &plan)?;
    let asked = Asked {
        from: &arguments.from,
        to: &arguments.to,
        direction: arguments.direction.as_deref().map(|direction| word("--direction", direction)).transpose()?,
        at,
        script: script(arguments)?,
    };
    let explanation = explanation(&plan, asked, &mut |question| nothing_known(question));
    let language = Language::of(&arguments.language);
    let text = if arguments.json {
        let view = ExplanationView::new(&explanation, &plan, at, language);
        let json = serde_json::to_string_pretty(&view).map_err(Failure::fault)?;
        format!("{json}\n")
    } else {
        told(&explanation, &plan, language)
    };
    // Whoever reads only the beginning closes the pipe, and that is no fault.
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
    Ok(())
}

/// Sentences and documents in the order in which they happen, and how the call comes out.
fn told(explanation: &Explanation<'_>, plan: &RoutingPlan, language: Language) -> String {
    let mut text = String::new();
    for decision in &explanation.decisions {
        let document = shown_document(decision, plan);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}\n{document}", decision_story(decision, language));
    }
    let last = explanation.decisions.last().map(|decision| outcome_line(&decision.outcome)).unwrap_or_default();
    let _ = writeln!(text, "outcome: {last}{}", waits_for(explanation.ending));
    text
}

/// What the script does not say.
const fn waits_for(ending: Ending) -> &'static str {
    match ending {
        Ending::Over => "",
        Ending::Ringing => "; what comes of the ringing, --dial-results says",
        Ending::AwaitingKeys => "; what is pressed, --digits says",
        Ending::Recording => "; the caller is recorded",
    }
}

fn at(text: Option<&str>, plan: &RoutingPlan) -> Result<Timestamp, Failure> {
    let Some(text) = text else {
        return Ok(Clock::of_the_machine().now());
    };
    if let Ok(instant) = text.parse() {
        return Ok(instant);
    }
    let local =
        text.parse::<DateTime>().or_else(|_| text.parse::<Date>().map(|date| date.to_datetime(Time::midnight())));
    // A time that the clocks skip or show twice is read as calendars do: after the gap, and the first of the two.
    let instant = local.ok().and_then(|local| plan.zone().to_ambiguous_timestamp(local).compatible().ok());
    instant.ok_or_else(|| {
        Failure::usage(format!("--at is `{text}`. Use a time like 2026-03-09T10:00 or 2026-03-09T10:00:00-04:00."))
    })
}

fn script(arguments: &Arguments) -> Result<Script, Failure> {
    Ok(Script {
        keys: entries("--digits", arguments.digits.as_deref())?,
        results: entries("--dial-results", arguments.dial_results.as_deref())?,
    })
}

/// The entries of a list between commas.
fn entries<T: FromStr<Err = Invalid>>(option: &str, list: Option<&str>) -> Result<VecDeque<T>, Failure> {
    let entries = list.into_iter().flat_map(|list| list.split(',')).map(str::trim);
    entries.map(|entry| word(option, entry)).collect()
}

fn word<T: FromStr<Err = Invalid>>(option: &str, word: &str) -> Result<T, Failure> {
    let wrong = |invalid: Invalid| {
        Failure::usage(format!("{option} has `{word}`. It must be {}.", invalid.what_was_expected()))
    };
    word.parse().map_err(wrong)
}
