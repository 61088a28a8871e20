//! A finding, and its sentence.

use super::fault::Fault;
use super::way::Way;
use crate::notice::{Language, Reason, fill, node_label};
use crate::trace::{Node, Param, Params};

/// How bad a fault is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Calls that come there end, or turn in a circle.
    Error,
    /// Calls go on, or none comes there.
    Warning,
}

impl Severity {
    /// Its stable spelling, the one of the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }

    /// This severity where calls come, a warning where none does.
    pub(super) const fn where_calls_come(self, come: Come) -> Self {
        match come {
            Come::Calls => self,
            Come::Nobody => Self::Warning,
        }
    }
}

/// Whether a call can come to a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Come {
    /// One can.
    Calls,
    /// None can.
    Nobody,
}

/// One thing that is wrong. It borrows names from the plan.
#[derive(Clone, PartialEq, Debug)]
pub struct Finding<'p> {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub code: Fault,
    /// The data of its sentence; `way` is the code of a [`Way`], `because` that of a [`Reason`].
    pub params: Params<'p>,
    /// How a call comes to it: the shortest way from a number, else from an extension that is dialled or another entry,
    /// through announcements too. Where none leads, and for settings that are no place, only the object itself and what
    /// it names. A loop ends at the object where it begins.
    pub path: Vec<Node<'p>>,
}

/// A finding as a sentence that stands for itself.
pub fn finding_text(finding: &Finding<'_>, language: Language) -> String {
    // The first datum of a name counts: what is translated stands before what it is made of.
    let mut params: Params<'_> = Vec::with_capacity(finding.params.len() + 4);
    if let Some(object) = finding.path.last() {
        params.push(("object", label(object, language)));
        // A finding about what an object has in itself names only the object.
        let parent = finding.path.iter().rev().nth(1).unwrap_or(object);
        params.push(("parent", label(parent, language)));
    }
    for (name, param) in &finding.params {
        let code = param.to_string();
        let text = match *name {
            "way" => Way::ALL.iter().find(|way| way.code() == code).map(|way| way.text(language)),
            "because" => Reason::ALL.iter().find(|reason| reason.code() == code).map(|reason| reason.text(language)),
            _ => None,
        };
        if let Some(text) = text {
            params.push((name, Param::Owned(fill(text, &finding.params, language).into())));
        }
    }
    params.extend(finding.params.iter().cloned());
    fill(finding.code.text(language), &params, language)
}

/// A path in one line.
pub fn path_text(path: &[Node<'_>], language: Language) -> String {
    let labels: Vec<String> = path.iter().map(|node| node_label(node, language)).collect();
    labels.join(" → ")
}

fn label(node: &Node<'_>, language: Language) -> Param<'static> {
    Param::Owned(node_label(node, language).into())
}
