//! A decision told in sentences, one line for each step.

use crate::decision::{Decision, Outcome};
use crate::notice::{Language, node_label, sentence};
use std::fmt::Write;

/// The trace of a decision in sentences: where the call was and why it went on, one step a line; ways it did not
/// take stand indented below, behind a dash.
pub fn decision_story(decision: &Decision<'_>, language: Language) -> String {
    let mut story = String::new();
    for step in &decision.trace {
        let label = node_label(&step.node, language);
        // Writing to a string cannot fail.
        let _ = writeln!(story, "{label}: {}", sentence(&step.because, language));
        for other in &step.not_taken {
            let label = node_label(&other.node, language);
            let _ = writeln!(story, "  - {label}: {}", sentence(&other.because, language));
        }
    }
    story
}

/// How a decision came out, in a few words for machines and people: the outcome's code and where it came to.
pub fn outcome_line(outcome: &Outcome) -> String {
    let mut line = outcome.code.word().to_owned();
    if let Some(destination) = &outcome.destination {
        let (kind, id) = destination.kind_and_id();
        if let Some(id) = id
            && kind != line
        {
            let _ = write!(line, " ({kind} {id})");
        }
    }
    line
}
