//! What was decided for a call, and why.

use super::mask::{Numbers, masked_unless_dated};
use crate::record_view::RecordView;
use crate::trace_view::StepView;
use opbx_core::notice::Language;
use opbx_store::KeptDecision;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A decision that was kept.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CallDecision)]
pub(super) struct DecisionView {
    /// Its place in the order of all.
    pub(super) id: u64,
    /// When.
    #[schema(format = DateTime)]
    pub(super) at: String,
    /// Where in the call: its start, or what it waited for.
    #[schema(example = "start")]
    pub(super) place: String,
    /// Who called, as the platform said it.
    from: String,
    /// Whom they dialled.
    to: String,
    /// How it came out.
    #[schema(example = "ring_group")]
    pub(super) outcome: String,
    /// How long it took, in microseconds.
    micros: u64,
    /// The document that the platform got; null for whoever does not see whole numbers, since its addresses hold some.
    document: Option<String>,
    /// Every step of reasoning, in order, with its sentence.
    #[schema(value_type = Vec<Object>)]
    pub(super) trace: Vec<StepView>,
}

/// The view of decisions, with sentences in a language. One whose trace cannot be read is shown without its steps.
pub(super) fn decisions(kept: Vec<KeptDecision>, language: Language, numbers: Numbers) -> Vec<DecisionView> {
    kept.into_iter().filter_map(|kept| decision(kept, language, numbers)).collect()
}

fn decision(kept: KeptDecision, language: Language, numbers: Numbers) -> Option<DecisionView> {
    let kept = match numbers {
        Numbers::Whole => kept,
        Numbers::Masked => without_numbers(kept),
    };
    let nameless = KeptDecision { trace: "[]".to_owned(), ..kept.clone() };
    let view = RecordView::new(kept, language).or_else(|fault| {
        tracing::warn!(decision = nameless.id, %fault, "the trace of a decision cannot be read");
        RecordView::new(nameless, language)
    });
    let RecordView { id, at, place, from, to, outcome, micros, document, trace, .. } = view.ok()?;
    let document = (numbers == Numbers::Whole).then_some(document);
    Some(DecisionView { id, at, place, from, to, outcome, micros, document, trace })
}

/// The same without the last digits of numbers. They go before sentences are made of them.
fn without_numbers(kept: KeptDecision) -> KeptDecision {
    let trace = serde_json::from_str::<Value>(&kept.trace).map_or_else(
        |_| kept.trace.clone(),
        |mut trace| {
            mask(&mut trace);
            trace.to_string()
        },
    );
    let (from, to) = (Numbers::Masked.shown(&kept.from).into_owned(), Numbers::Masked.shown(&kept.to).into_owned());
    KeptDecision { from, to, trace, ..kept }
}

/// Words and codes have no digits, so it does not matter which texts they are.
fn mask(value: &mut Value) {
    match value {
        Value::String(text) => *text = masked_unless_dated(text),
        Value::Array(list) => list.iter_mut().for_each(mask),
        Value::Object(fields) => fields.values_mut().for_each(mask),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
