//! The log of calls, long and short: what applying to it, reading it and counting over it costs.

use serde_json::{Value, json};

use super::create;
use super::figures::{Figure, Goal, as_json, table};
use super::programs::Programs;
use crate::machine;
use crate::recipe::Outcome;

/// How long the short log is that the long one is compared with.
const SHORT: u64 = 10_000;
/// How long the long one is, and with `--huge`.
const LONG: u64 = 1_000_000;
const HUGE: u64 = 10_000_000;
/// A database of a benchmark keeps no secret.
const SECRET: &str = "the secret of a benchmark, long enough";

pub(super) fn run(is_huge: bool) -> Outcome {
    let programs = Programs::build()?;
    let calls = if is_huge { HUGE } else { LONG };
    let (short, long) = (measured(&programs, SHORT)?, measured(&programs, calls)?);
    let figures = figures(&short, &long)?;
    print!("\n{}", table(&figures));
    let report = machine::target_dir().join("bench/calls.json");
    let all = json!({ "calls": calls, "compared_with": SHORT, "figures": as_json(&figures) });
    create(&report, &format!("{all:#}\n"))?;
    println!("\n{}", report.display());
    Ok(())
}

/// The figures of a log of so many calls. Its database is filled once and stays.
fn measured(programs: &Programs, calls: u64) -> Result<Value, String> {
    let data = machine::target_dir().join(format!("bench/calls-{calls}"));
    println!("{calls} calls in {}", data.display());
    let mut bench = programs.command("calls-bench");
    bench.arg(&data).args([SECRET, &calls.to_string()]);
    serde_json::from_str(&machine::read(&mut bench)?).map_err(|fault| format!("calls-bench: {fault}"))
}

fn figures(short: &Value, long: &Value) -> Result<Vec<Figure>, String> {
    let of = |told: &Value, word: &str| told[word].as_f64().ok_or(format!("calls-bench does not tell {word}."));
    let mut figures = vec![Figure {
        word: "applied",
        name: "facts applied",
        value: of(long, "applied")?,
        unit: "/s",
        goal: Some(Goal::AtLeast(1_500.0)),
    }];
    for (word, ratio, name) in [
        ("page_1", "page_1_ratio", "page 1 of the log"),
        ("cursor_1", "cursor_1_ratio", "cursor at 1 % depth"),
        ("cursor_50", "cursor_50_ratio", "cursor at 50 % depth"),
        ("cursor_99", "cursor_99_ratio", "cursor at 99 % depth"),
        ("exact", "exact_ratio", "calls of one number"),
        ("prefix", "prefix_ratio", "calls of numbers with a prefix"),
    ] {
        let value = of(long, word)?;
        figures.push(Figure { word, name, value, unit: "ms", goal: None });
        let value = value / of(short, word)?;
        let goal = Some(Goal::AtMost(1.5));
        figures.push(Figure { word: ratio, name: "  beside a short log", value, unit: "×", goal });
    }
    for (word, name, most) in [
        ("statistics", "statistics over a year, with top lists", 150.0),
        ("contains", "calls of numbers that contain four digits", 300.0),
        ("search", "search for a number that seldom calls", 300.0),
        ("search_many", "search for what nearly all calls show", 300.0),
    ] {
        figures.push(Figure { word, name, value: of(long, word)?, unit: "ms", goal: Some(Goal::AtMost(most)) });
    }
    Ok(figures)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_log_is_told_beside_a_short_one() {
        let words = [
            "applied",
            "page_1",
            "cursor_1",
            "cursor_50",
            "cursor_99",
            "exact",
            "prefix",
            "statistics",
            "contains",
            "search",
            "search_many",
        ];
        let told = |value: f64| Value::Object(words.iter().map(|word| ((*word).to_owned(), json!(value))).collect());
        let figures = figures(&told(2.0), &told(3.0)).unwrap_or_default();
        let ratio = figures.iter().find(|figure| figure.word == "cursor_50_ratio").map(|figure| figure.value);
        assert_eq!((ratio, figures.len()), (Some(1.5), 17));
        assert!(super::figures(&json!({}), &told(1.0)).is_err());
    }
}
