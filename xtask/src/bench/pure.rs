//! The criterion benchmarks of the pure crates.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::create;
use crate::machine;
use crate::recipe::{Failure, Outcome};

/// Goals by criterion's full name, in nanoseconds. A benchmark without a goal is measured all the same.
const GOALS: &[(&str, f64)] = &[
    // Number → business hours → menu → ring group, in an organization of 200 extensions.
    ("route/hours-menu-group", 5_000.0),
];

#[derive(Debug, PartialEq)]
struct Measured {
    name: String,
    median: f64,
}

pub(super) fn run() -> Outcome {
    let home = machine::target_dir().join("criterion");
    let report = machine::target_dir().join("bench/pure.json");
    // Results of former runs lie beside the new ones; older than this file is not from now.
    let began = home.join("began");
    create(&began, "")?;
    let mut bench = machine::cargo(&["bench", "--locked", "--package=cxml", "--package=opbx-core"]);
    machine::run(bench.env("CRITERION_HOME", &home))?;

    let mut measured = Vec::new();
    find(&home, &began, &mut measured)?;
    measured.sort_by(|a, b| a.name.cmp(&b.name));
    if measured.is_empty() {
        return Err(Failure::Fault("No benchmark ran: there is none in these crates yet.".to_owned()));
    }
    print!("\n{}", table(&measured));
    create(&report, &format!("{:#}\n", as_json(&measured)))?;
    println!("\n{}", report.display());
    Ok(())
}

/// Criterion keeps the last run of each benchmark in a folder `new`.
fn find(folder: &Path, began: &Path, measured: &mut Vec<Measured>) -> Result<(), String> {
    let unreadable = |fault: std::io::Error| format!("{}: {fault}", folder.display());
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_dir() && path.ends_with("new") {
            if is_newer(&path.join("estimates.json"), began) {
                measured.push(read(&path)?);
            }
        } else if path.is_dir() {
            find(&path, began, measured)?;
        }
    }
    Ok(())
}

fn is_newer(file: &Path, than: &Path) -> bool {
    let changed = |file: &Path| fs::metadata(file).and_then(|about| about.modified()).ok();
    changed(file).is_some_and(|time| changed(than).is_none_or(|began| time >= began))
}

fn read(folder: &Path) -> Result<Measured, String> {
    let json = |file: PathBuf| -> Result<Value, String> {
        let text = fs::read_to_string(&file).map_err(|fault| format!("{}: {fault}", file.display()))?;
        serde_json::from_str(&text).map_err(|fault| format!("{}: {fault}", file.display()))
    };
    let name = json(folder.join("benchmark.json"))?["full_id"].as_str().map(str::to_owned);
    let median = json(folder.join("estimates.json"))?["median"]["point_estimate"].as_f64();
    match (name, median) {
        (Some(name), Some(median)) => Ok(Measured { name, median }),
        _ => Err(format!("{}: criterion writes its results in another form now", folder.display())),
    }
}

fn goal(name: &str) -> Option<f64> {
    GOALS.iter().find(|(goal, _)| *goal == name).map(|(_, nanoseconds)| *nanoseconds)
}

fn table(measured: &[Measured]) -> String {
    let width = measured.iter().map(|one| one.name.chars().count()).max().unwrap_or(0).max("benchmark".len());
    let mut text = format!("{:<width$}  {:>10}  {:>10}\n", "benchmark", "median", "goal");
    for Measured { name, median } in measured {
        let goal = goal(name);
        let shown = goal.map_or("–".to_owned(), |goal| format!("≤ {}", time(goal)));
        let verdict = if goal.is_some_and(|goal| *median > goal) { "  MISSED" } else { "" };
        text.push_str(&format!("{name:<width$}  {:>10}  {shown:>10}{verdict}\n", time(*median)));
    }
    text
}

fn as_json(measured: &[Measured]) -> Value {
    let one = |Measured { name, median }: &Measured| json!({"name": name, "median_ns": median, "goal_ns": goal(name)});
    json!({ "benchmarks": measured.iter().map(one).collect::<Vec<_>>() })
}

/// Three digits and a unit.
fn time(nanoseconds: f64) -> String {
    let (value, unit) = match nanoseconds {
        n if n < 1e3 => (n, "ns"),
        n if n < 1e6 => (n / 1e3, "µs"),
        n if n < 1e9 => (n / 1e6, "ms"),
        n => (n / 1e9, "s"),
    };
    let digits = if value < 10.0 { 2 } else { usize::from(value < 100.0) };
    format!("{value:.digits$} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_three_digits() {
        assert_eq!(time(3.217), "3.22 ns");
        assert_eq!(time(42_000.0), "42.0 µs");
        assert_eq!(time(512e6), "512 ms");
        assert_eq!(time(2e9), "2.00 s");
    }

    #[test]
    fn a_missed_goal_is_named() {
        let one = |name: &str, median| Measured { name: name.to_owned(), median };
        let text = table(&[one("cxml/write", 900.0), one("route/hours-menu-group", 6_000.0)]);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[1].ends_with('–'), "{text}");
        assert!(lines[2].ends_with("≤ 5.00 µs  MISSED"), "{text}");
    }

    #[test]
    fn criterion_is_read() {
        let folder = machine::target_dir().join("xtask-tests/criterion/a/new");
        create(&folder.join("benchmark.json"), r#"{"full_id": "a/b"}"#).unwrap();
        create(&folder.join("estimates.json"), r#"{"median": {"point_estimate": 12.5}}"#).unwrap();
        assert_eq!(read(&folder), Ok(Measured { name: "a/b".to_owned(), median: 12.5 }));
        create(&folder.join("estimates.json"), "{}").unwrap();
        assert!(read(&folder).is_err());
    }
}
