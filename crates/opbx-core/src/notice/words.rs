//! How one datum reads inside a sentence: quoted, behind its small word, or translated.

use super::Language;
use crate::trace::Param;
use std::borrow::Cow;

/// A datum as its sentence shows it; empty when there is nothing to show.
pub(super) fn shown(name: &str, param: &Param<'_>, language: Language) -> Cow<'static, str> {
    if let Param::Weekday(day) = param {
        return language.weekday(*day).into();
    }
    let text = param.to_string();
    let named = |english: &str, spanish: &str| {
        let word = match language {
            Language::English => english,
            Language::Spanish => spanish,
        };
        Cow::Owned(format!("{word}{text}"))
    };
    match (name, param) {
        // An exception without a name is shown by its date.
        ("exception", Param::Date(_)) => text.into(),
        ("region", _) if text.is_empty() => named("no country", "ningún país"),
        _ if text.is_empty() => text.into(),
        ("note" | "exception", _) => format!("“{text}”").into(),
        ("label" | "list", _) => format!("(“{text}”)").into(),
        ("turn", _) => named(", turn ", ", turno "),
        ("until_date", _) => named("until ", "hasta el "),
        ("trunk", _) => named("over the trunk ", "por la troncal "),
        ("strategy" | "cap" | "kind" | "result", Param::Text(word)) => fixed(word, language).into(),
        _ => text.into(),
    }
}

/// A fixed word of routing in a reader's words.
fn fixed(word: &str, language: Language) -> String {
    let (english, spanish) = match word {
        "simultaneous" => ("all at once", "todos a la vez"),
        "round_robin" => ("round-robin", "por turnos"),
        "sequential" => ("in order", "en orden"),
        "concurrent" => ("simultaneous calls", "llamadas simultáneas"),
        "per_minute" => ("calls in a minute", "llamadas por minuto"),
        "per_day" => ("calls in a day", "llamadas al día"),
        "cost_per_day" => ("daily cost", "coste diario"),
        "premium" => ("premium", "de tarificación adicional"),
        "shared-cost" => ("shared-cost", "de coste compartido"),
        "satellite" => ("satellite", "de satélite"),
        "answered" => ("answered", "contestada"),
        "canceled" => ("canceled", "cancelada"),
        "busy" => ("busy", "ocupado"),
        "no-answer" => ("no-answer", "sin respuesta"),
        "failed" => ("failed", "fallo"),
        other => (other, other),
    };
    match language {
        Language::English => english,
        Language::Spanish => spanish,
    }
    .to_owned()
}
