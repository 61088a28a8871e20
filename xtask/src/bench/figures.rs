//! What was measured beside what is wanted.

use serde_json::{Value, json};

/// What a figure should be.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Goal {
    AtLeast(f64),
    AtMost(f64),
}

/// One line of the table.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Figure {
    /// A word for machines.
    pub(super) word: &'static str,
    pub(super) name: &'static str,
    pub(super) value: f64,
    pub(super) unit: &'static str,
    pub(super) goal: Option<Goal>,
}

impl Figure {
    fn is_missed(&self) -> bool {
        match self.goal {
            Some(Goal::AtLeast(least)) => self.value < least,
            Some(Goal::AtMost(most)) => self.value > most,
            None => false,
        }
    }
}

pub(super) fn table(figures: &[Figure]) -> String {
    let width = figures.iter().map(|figure| figure.name.chars().count()).max().unwrap_or(0);
    let mut text = format!("{:<width$}  {:>12}  {:>12}\n", "", "measured", "goal");
    for figure in figures {
        let goal = match figure.goal {
            Some(Goal::AtLeast(least)) => format!("≥ {}", shown(least, figure.unit)),
            Some(Goal::AtMost(most)) => format!("≤ {}", shown(most, figure.unit)),
            None => "–".to_owned(),
        };
        let verdict = if figure.is_missed() { "  MISSED" } else { "" };
        let value = shown(figure.value, figure.unit);
        text.push_str(&format!("{:<width$}  {value:>12}  {goal:>12}{verdict}\n", figure.name));
    }
    text
}

pub(super) fn as_json(figures: &[Figure]) -> Value {
    let one = |figure: &Figure| {
        let (least, most) = match figure.goal {
            Some(Goal::AtLeast(least)) => (Some(least), None),
            Some(Goal::AtMost(most)) => (None, Some(most)),
            None => (None, None),
        };
        let Figure { word, value, unit, .. } = figure;
        json!({"name": word, "value": value, "unit": unit, "at_least": least, "at_most": most, "missed": figure.is_missed()})
    };
    figures.iter().map(one).collect()
}

/// Three digits and a unit.
fn shown(value: f64, unit: &str) -> String {
    let digits = match value.abs() {
        v if v < 10.0 => 2,
        v if v < 100.0 => 1,
        _ => 0,
    };
    let text = format!("{value:.digits$} {unit}");
    text.trim_end().to_owned()
}

/// The value in the middle; of two, the one between.
pub(super) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    match (values.get(half), values.len() % 2) {
        (Some(middle), 1) => *middle,
        (Some(middle), _) => values.get(half.saturating_sub(1)).map_or(*middle, |below| f64::midpoint(*below, *middle)),
        (None, _) => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(value: f64, goal: Option<Goal>) -> Figure {
        Figure { word: "ratio", name: "floor / voice", value, unit: "", goal }
    }

    #[test]
    fn the_middle_of_what_was_measured() {
        assert_eq!(median([9.0, 1.0, 2.0]), 2.0);
        assert_eq!(median([4.0, 1.0, 2.0, 9.0]), 3.0);
        assert_eq!(median([7.0]), 7.0);
        assert!(median([]).is_nan());
    }

    #[test]
    fn a_missed_goal_is_named() {
        let lines = |value, goal| table(&[figure(value, Some(goal))]).lines().last().map(str::to_owned).unwrap();
        assert!(lines(0.44, Goal::AtLeast(0.45)).ends_with("0.44        ≥ 0.45  MISSED"));
        assert!(lines(0.45, Goal::AtLeast(0.45)).ends_with("≥ 0.45"));
        assert!(lines(5.1, Goal::AtMost(5.0)).ends_with("MISSED"));
        assert!(lines(5.0, Goal::AtMost(5.0)).ends_with("≤ 5.00"));
        assert!(table(&[figure(1.0, None)]).ends_with("–\n"));
    }

    #[test]
    fn machines_read_the_same() {
        let json = as_json(&[figure(0.4, Some(Goal::AtLeast(0.45)))]);
        assert_eq!(json[0]["at_least"], 0.45);
        assert_eq!(json[0]["at_most"], Value::Null);
        assert_eq!(json[0]["missed"], true);
    }

    #[test]
    fn three_digits() {
        let texts = [shown(0.4567, ""), shown(17.28, "µs"), shown(23_456.7, "/s")];
        assert_eq!(texts, ["0.46", "17.3 µs", "23457 /s"]);
    }
}
