//! One instance that knows very many organizations, and has loaded the plans of some.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use serde_json::json;

use super::create;
use super::figures::{Figure, Goal, as_json, median, table};
use super::process::{Serving, ticks_a_second};
use super::programs::{Programs, put_through};
use crate::machine;
use crate::recipe::Outcome;

const ORGANIZATIONS: usize = 100_000;
const EXTENSIONS: usize = 10;
/// What the copied organizations' keys are looked up with; a database of a benchmark keeps no secret.
const SECRET: &str = "the secret of a benchmark, long enough";
const STARTS: usize = 5;
/// With how many plans in memory it is looked at. Plans of all of them fit into the default of the plan cache.
const LOADED: [usize; 3] = [1, 1_000, 10_000];
const SETTLED: Duration = Duration::from_secs(10);

pub(super) fn run() -> Outcome {
    let programs = Programs::build()?;
    let data = filled(&programs)?;
    let ticks = ticks_a_second()?;
    // The first start brings a database of an earlier release up to date, and the file into the memory of the system.
    drop(Serving::start(&mut serve(&programs, &data))?);

    let (mut ready, mut work, mut routed) = (Vec::new(), Vec::new(), Vec::new());
    for start in 1..=STARTS {
        let serving = Serving::start(&mut serve(&programs, &data))?;
        ready.push(serving.started.elapsed().as_secs_f64());
        work.push(serving.cpu_time(ticks)?.as_secs_f64());
        call(&serving, start * (ORGANIZATIONS / STARTS))?;
        routed.push(serving.started.elapsed().as_secs_f64());
    }
    let memory = memory(&programs, &data)?;

    let figures = figures(median(ready), median(work), median(routed), &memory);
    print!("\n{}", table(&figures));
    let report = machine::target_dir().join("bench/scale.json");
    let all = json!({"organizations": ORGANIZATIONS, "extensions_each": EXTENSIONS, "figures": as_json(&figures)});
    create(&report, &format!("{all:#}\n"))?;
    println!("\n{}", report.display());
    Ok(())
}

/// The data directory with all these organizations; it is filled once and stays.
fn filled(programs: &Programs) -> Result<PathBuf, String> {
    let folder = machine::target_dir().join(format!("bench/scale-{ORGANIZATIONS}x{EXTENSIONS}"));
    let (data, whole) = (folder.join("data"), folder.join("whole"));
    if !whole.exists() {
        println!("filling {}", data.display());
        // What a run that was stopped left behind is no start.
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(|fault| format!("{}: {fault}", folder.display()))?;
        }
        let mut fill = programs.command("scale-fill");
        fill.arg(&data).args([SECRET, &ORGANIZATIONS.to_string(), &EXTENSIONS.to_string()]);
        machine::run(&mut fill)?;
        create(&whole, "")?;
    }
    Ok(data)
}

fn serve(programs: &Programs, data: &Path) -> Command {
    let mut command = programs.serve();
    command.arg("--data-dir").arg(data).env("OPBX_SECRET_KEY", SECRET);
    command
}

/// A call inside an organization, which loads its plan if it is not there.
fn call(serving: &Serving, organization: usize) -> Result<(), String> {
    let said = json!({
        "Domain": format!("o{organization}.cloudonix.example"), "Session": format!("{organization:032x}"),
        "From": "1001", "To": "1002", "Direction": "subscriber", "CallStatus": "in-progress",
    });
    let key = format!("webhook-key-of-{organization:06}");
    put_through(serving, &key, &said.to_string())
}

/// The resident memory in MiB: ten seconds after the start, and with so many plans in memory.
fn memory(programs: &Programs, data: &Path) -> Result<[f64; 4], String> {
    let serving = Serving::start(&mut serve(programs, data))?;
    let resident = || serving.resident().map(|kibibytes| kibibytes as f64 / 1024.0);
    thread::sleep(SETTLED);
    let mut memory = [resident()?, 0.0, 0.0, 0.0];
    let mut called = 0;
    for (loaded, seen) in LOADED.into_iter().zip(memory.iter_mut().skip(1)) {
        while called < loaded {
            called += 1;
            call(&serving, called)?;
        }
        *seen = resident()?;
    }
    Ok(memory)
}

fn figures(ready: f64, work: f64, routed: f64, &[known, one, thousand, ten_thousand]: &[f64; 4]) -> Vec<Figure> {
    let figure = |word, name, value, unit, goal| Figure { word, name, value, unit, goal };
    let [least, _, most] = LOADED;
    let each = (ten_thousand - one) * 1024.0 / ((most - least) * EXTENSIONS) as f64;
    vec![
        figure("ready", "start to ready", ready, "s", Some(Goal::AtMost(2.0))),
        figure("ready_cpu", "CPU time until ready", work, "s", None),
        figure("routed", "start to first routed call", routed, "s", None),
        figure("memory_known", "resident memory 10 s after ready, no plan loaded", known, "MiB", None),
        figure("memory_1", "  with 1 plan", one, "MiB", None),
        figure("memory_1000", "  with 1,000 plans", thousand, "MiB", None),
        figure("memory_10000", "  with 10,000 plans", ten_thousand, "MiB", None),
        figure("extension", "for each extension in a plan, everything counted", each, "KiB", Some(Goal::AtMost(1.0))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extension_takes_what_the_plans_add() {
        let figures = figures(1.0, 1.0, 1.1, &[100.0, 100.0, 105.0, 100.0 + 9_999.0 * 10.0 / 2_048.0]);
        let extension = figures.iter().find(|figure| figure.word == "extension").map(|figure| figure.value);
        assert!(extension.is_some_and(|value| (value - 0.5).abs() < 1e-9), "{extension:?}");
        let words: std::collections::BTreeSet<&str> = figures.iter().map(|figure| figure.word).collect();
        assert_eq!(words.len(), figures.len());
    }
}
