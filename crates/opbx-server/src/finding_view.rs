//! What is wrong with a plan, as people and machines read it: the answer of `GET /routing/lint` and of `opbx lint`.

use crate::trace_view::{NodeView, params};
use opbx_core::lint::{Finding, finding_text};
use opbx_core::notice::Language;
use serde::Serialize;
use serde_json::{Map, Value};

/// A finding.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct FindingView {
    /// `error` or `warning`.
    pub severity: &'static str,
    /// Its code.
    pub code: &'static str,
    /// Its data.
    pub params: Map<String, Value>,
    /// The way from where a call begins to the fault.
    pub path: Vec<NodeView>,
    /// Its sentence.
    pub text: String,
}

impl FindingView {
    /// The view of a finding, with its sentence in `language`.
    pub fn new(finding: &Finding<'_>, language: Language) -> Self {
        Self {
            severity: finding.severity.word(),
            code: finding.code.code(),
            params: params(&finding.params),
            path: finding.path.iter().map(NodeView::new).collect(),
            text: finding_text(finding, language),
        }
    }
}
