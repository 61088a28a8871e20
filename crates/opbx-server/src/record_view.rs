//! What was decided for a call, as people and machines read it: what `opbx trace` prints.

use crate::recorder::{KeptStep, read_trace};
use crate::trace_view::{BecauseView, NodeView, NotTakenView, StepView};
use opbx_core::notice::{Language, Reason, fill, node_label};
use opbx_core::trace::{Node, NodeKind, Param, weekday};
use opbx_store::KeptDecision;
use serde::Serialize;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::fmt::{self, Write};

/// A decision that was kept.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct RecordView {
    /// Its place in the order of all.
    pub id: u64,
    /// Whose call it was.
    pub organization_id: u64,
    /// The platform's token of the call.
    pub call_id: String,
    /// When.
    pub at: String,
    /// Where in the call: its start, or what it waited for.
    pub place: String,
    /// Who called, as the platform said it.
    pub from: String,
    /// Whom they dialled.
    pub to: String,
    /// How it came out.
    pub outcome: String,
    /// How long it took, in microseconds.
    pub micros: u64,
    /// The document that the platform got.
    pub document: String,
    /// Every step of reasoning, in order.
    pub trace: Vec<StepView>,
}

impl RecordView {
    /// The view of a decision, with sentences in `language`.
    ///
    /// # Errors
    ///
    /// When its trace is none of ours.
    pub fn new(kept: KeptDecision, language: Language) -> serde_json::Result<Self> {
        let at = format!("{:.3}", kept.at);
        let steps = read_trace(&kept.trace)?;
        let view = |(place, step): (usize, &KeptStep)| StepView {
            at: at.clone(),
            node: node_view(step),
            rule: step.rule.clone().into(),
            inputs: step.inputs.clone().unwrap_or_default(),
            result: steps.get(place + 1).map_or_else(|| kept.outcome.clone(), |next| label(&node_view(next), language)),
            because: because(step, language),
            not_taken: step.not_taken.iter().map(|way| not_taken(way, language)).collect(),
        };
        let trace = steps.iter().enumerate().map(view).collect();
        let read = cxml::Response::read(&kept.document);
        Ok(Self {
            id: kept.id,
            organization_id: kept.organization.get(),
            call_id: kept.call_id,
            at,
            place: kept.place,
            from: kept.from,
            to: kept.to,
            outcome: kept.outcome,
            micros: kept.micros,
            // Whatever an earlier version wrote, it is shown.
            document: read.map_or(kept.document, |document| document.to_pretty_xml()),
            trace,
        })
    }

    /// The decision told: whose and when, one line for each step, the document, how it came out.
    pub fn told(&self, language: Language) -> String {
        let Self { at, organization_id, place, micros, .. } = self;
        let (call, from, to) = (Plain(&self.call_id), Plain(&self.from), Plain(&self.to));
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ =
            writeln!(text, "{at}  organization {organization_id}  call {call}  {place}  {from} → {to}  {micros} µs");
        let line = |node: &NodeView, because: &BecauseView| {
            format!("{}: {}", Plain(&label(node, language)), Plain(&because.text))
        };
        for step in &self.trace {
            let _ = writeln!(text, "{}", line(&step.node, &step.because));
            for way in &step.not_taken {
                let _ = writeln!(text, "  - {}", line(&way.node, &way.because));
            }
        }
        let _ = writeln!(text, "\n{}\noutcome: {}", self.document.trim_end(), self.outcome);
        text
    }
}

/// A text from outside for a terminal: strangers choose what they are called, and a terminal obeys some letters.
struct Plain<'t>(&'t str);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |letter: char| if letter.is_control() { char::REPLACEMENT_CHARACTER } else { letter };
        self.0.chars().map(shown).try_for_each(|letter| f.write_char(letter))
    }
}

fn node_view(step: &KeptStep) -> NodeView {
    let node = &step.node;
    NodeView { r#type: node.r#type.clone().into(), id: node.id, name: node.name.clone() }
}

fn not_taken(way: &KeptStep, language: Language) -> NotTakenView {
    NotTakenView { node: node_view(way), rule: way.rule.clone().into(), because: because(way, language) }
}

fn because(step: &KeptStep, language: Language) -> BecauseView {
    let text = match (Reason::of_code(&step.rule), &step.inputs) {
        (Some(reason), Some(inputs)) => {
            let params: Vec<_> = inputs.iter().map(|(name, value)| (name.as_str(), datum(name, value))).collect();
            fill(reason.text(language), &params, language)
        }
        // A sentence without its data would say less than nothing, and one of another version is not known.
        _ => step.rule.replace('_', " "),
    };
    let params: Map<String, Value> = step.inputs.clone().unwrap_or_default();
    BecauseView { code: step.rule.clone().into(), params, text }
}

/// A datum as sentences want it. Most read as they were written; a day of the week has a name in each language, and an
/// exception without a name is shown by its date.
fn datum<'v>(name: &str, value: &'v Value) -> Param<'v> {
    match (name, value) {
        ("day" | "range_day", Value::String(word)) => {
            let day = jiff::civil::Weekday::Monday.cycle_forward().take(7).find(|day| weekday(*day) == word);
            day.map_or(Param::Text(word), Param::Weekday)
        }
        ("exception", Value::String(text)) => text.parse().map_or(Param::Text(text), Param::Date),
        (_, Value::String(text)) => Param::Text(text),
        (_, Value::Number(number)) => {
            number.as_u64().map_or_else(|| Param::Owned(number.to_string().into()), Param::Count)
        }
        (_, Value::Array(list)) => {
            let texts: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            Param::Owned(texts.join(", ").into())
        }
        (_, other) => Param::Owned(other.to_string().into()),
    }
}

/// What an object is called; one of a kind that this version does not know, by the word for that kind.
fn label(node: &NodeView, language: Language) -> String {
    match NodeKind::of_word(&node.r#type) {
        Some(kind) => node_label(&Node { kind, id: node.id, name: Cow::Borrowed(&node.name) }, language),
        None => format!("{} “{}”", node.r#type, node.name),
    }
}
