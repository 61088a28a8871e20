//! From code and data to a sentence.

use super::words::shown;
use super::{Language, Reason};
use crate::trace::{Because, Node, NodeKind, Param};

/// Fills the gaps of a text with the data of the same names. A gap without a datum, or with an empty one, leaves
/// nothing behind, not even its blank.
pub fn fill(text: &str, params: &[(&str, Param<'_>)], language: Language) -> String {
    let mut sentence = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        sentence.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        let length = sentence.len();
        if let Some((_, param)) = params.iter().find(|(known, _)| *known == name) {
            sentence.push_str(&shown(name, param, language));
        }
        let empty = sentence.len() == length;
        if empty && sentence.ends_with(' ') && !after.starts_with(char::is_alphanumeric) {
            sentence.pop();
        }
        rest = after;
    }
    sentence.push_str(rest);
    sentence
}

/// A reason as a sentence.
pub fn sentence(because: &Because<'_>, language: Language) -> String {
    fill(Reason::text(because.reason, language), &because.params, language)
}

/// What an object is called in a trace: its kind and its name.
pub fn node_label(node: &Node<'_>, language: Language) -> String {
    let (english, spanish) = match node.kind {
        NodeKind::Call => ("call", "llamada"),
        NodeKind::Organization => ("organization", "organización"),
        NodeKind::PhoneNumber => ("number", "número"),
        NodeKind::Extension => ("extension", "extensión"),
        NodeKind::RingGroup => ("group", "grupo"),
        NodeKind::IvrMenu => ("menu", "menú"),
        NodeKind::BusinessHours => ("hours", "horario"),
        NodeKind::ConferenceRoom => ("room", "sala"),
        NodeKind::VoicemailBox => ("box", "buzón"),
        NodeKind::AiAssistant => ("assistant", "asistente"),
        NodeKind::Prompt => ("prompt", "mensaje"),
        NodeKind::Forward => ("forward", "desvío"),
        NodeKind::OutboundRule => ("rule", "regla"),
        NodeKind::BlockedCaller => ("block", "bloqueo"),
        NodeKind::HolidayList => ("holidays", "festivos"),
        NodeKind::FeatureCode => ("code", "código"),
    };
    let kind = match language {
        Language::English => english,
        Language::Spanish => spanish,
    };
    match node.kind {
        NodeKind::Call => kind.to_owned(),
        NodeKind::PhoneNumber | NodeKind::Forward | NodeKind::BlockedCaller | NodeKind::FeatureCode => {
            format!("{kind} {}", node.name)
        }
        _ => format!("{kind} “{}”", node.name),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Notice;
    use super::*;
    use std::collections::{BTreeSet, HashSet};

    fn gaps(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
    }

    #[test]
    fn every_language_fills_the_same_gaps_and_every_code_is_its_own() {
        let mut codes = HashSet::new();
        for reason in Reason::ALL {
            assert!(codes.insert(reason.code()), "{}", reason.code());
            assert_eq!(gaps(reason.text(Language::English)), gaps(reason.text(Language::Spanish)), "{}", reason.code());
        }
        let mut codes = HashSet::new();
        for notice in Notice::ALL {
            assert!(codes.insert(notice.code()), "{}", notice.code());
            assert_eq!(gaps(notice.text(Language::English)), gaps(notice.text(Language::Spanish)), "{}", notice.code());
        }
    }

    #[test]
    fn an_empty_datum_leaves_no_hole() {
        let text = "{keys} was pressed {label}";
        let keys = ("keys", Param::Text("1"));
        assert_eq!(
            fill(text, &[keys.clone(), ("label", Param::Text("Sales"))], Language::English),
            "1 was pressed (“Sales”)"
        );
        assert_eq!(fill(text, &[keys, ("label", Param::Text(""))], Language::English), "1 was pressed");
    }
}
