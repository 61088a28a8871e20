//! A trace as it is kept: the objects, the codes and the data, without prose, which is made when somebody reads it.
//!
//! ```json
//! [{"node": {"type": "ring_group", "id": 3, "name": "Sales"}, "rule": "group_simultaneous", "inputs": {"members": ["1001"]},
//!   "not_taken": [{"node": …, "rule": …, "inputs": …}]}]
//! ```
//!
//! A trimmed one has neither `inputs` nor `not_taken`.

use super::Detail;
use crate::trace_view::Datum;
use opbx_core::trace::{Because, Node, Params, TraceStep};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

/// The text of a trace.
pub(crate) fn written_trace(steps: &[TraceStep<'_>], detail: Detail) -> String {
    // Most traces fit; the longest grow once or twice.
    let mut text = Vec::with_capacity(1_024);
    let written = match detail {
        Detail::Whole => serde_json::to_writer(&mut text, &Listed(steps, whole)),
        Detail::Trimmed => serde_json::to_writer(&mut text, &Listed(steps, trimmed)),
    };
    // Names are texts and memory takes them: nothing here can fail.
    written.ok().and_then(|()| String::from_utf8(text).ok()).unwrap_or_default()
}

/// What is kept of a trace, read back.
///
/// # Errors
///
/// When it is none of ours.
pub(crate) fn read_trace(text: &str) -> serde_json::Result<Vec<KeptStep>> {
    serde_json::from_str(text)
}

/// A step, or a way that was not taken: then without ways of its own.
#[derive(Clone, PartialEq, Debug, Deserialize)]
pub(crate) struct KeptStep {
    pub(crate) node: KeptNode,
    pub(crate) rule: String,
    /// `None`: trimmed.
    pub(crate) inputs: Option<Map<String, Value>>,
    #[serde(default)]
    pub(crate) not_taken: Vec<Self>,
}

/// An object, as it was called then.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub(crate) struct KeptNode {
    pub(crate) r#type: String,
    pub(crate) id: Option<u64>,
    pub(crate) name: String,
}

#[derive(Serialize)]
struct Step<'t> {
    node: Object<'t>,
    rule: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    inputs: Option<Inputs<'t>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    not_taken: Vec<Self>,
}

#[derive(Serialize)]
struct Object<'t> {
    r#type: &'static str,
    id: Option<u64>,
    name: &'t str,
}

struct Inputs<'t>(&'t Params<'t>);

impl Serialize for Inputs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, param)| (name, Datum(param))))
    }
}

/// Steps, and how each is written.
struct Listed<'t, W>(&'t [TraceStep<'t>], W);

impl<'t, W: Fn(&'t TraceStep<'t>) -> Step<'t>> Serialize for Listed<'t, W> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(&self.1))
    }
}

fn whole<'t>(step: &'t TraceStep<'t>) -> Step<'t> {
    let ways = step.not_taken.iter().map(|way| with_inputs(&way.node, &way.because));
    Step { not_taken: ways.collect(), ..with_inputs(&step.node, &step.because) }
}

fn trimmed<'t>(step: &'t TraceStep<'t>) -> Step<'t> {
    Step { inputs: None, ..with_inputs(&step.node, &step.because) }
}

fn with_inputs<'t>(node: &'t Node<'t>, because: &'t Because<'t>) -> Step<'t> {
    Step {
        node: Object { r#type: node.kind.word(), id: node.id, name: &node.name },
        rule: because.reason.code(),
        inputs: Some(Inputs(&because.params)),
        not_taken: Vec::new(),
    }
}
