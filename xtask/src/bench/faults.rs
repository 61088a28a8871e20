//! A minute without a database that can be written to: calls and reports go on, and nothing that was acknowledged is missing after it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Instant;

use serde_json::json;

use super::create;
use super::figures::{Figure, Goal, as_json, table};
use super::process::Serving;
use super::programs::Programs;
use super::reports::{self, TOKEN, drained, figure};
use super::voice::{BODY, CONNECTIONS};
use crate::recipe::{Failure, Outcome};
use crate::{demo, machine};

/// How long the database is locked, and how long calls and reports come, in seconds.
const LOCKED: u64 = 60;
const LOADED: &str = "64";
/// How many reports and how many calls a second.
const REPORTS: &str = "500";
const CALLS: &str = "500";

/// Holds the database of a file for itself, says so, and lets it go after a while.
const LOCK: &str = "import sqlite3, sys, time\n\
    db = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)\n\
    db.execute('BEGIN EXCLUSIVE')\nprint('locked', flush=True)\ntime.sleep(float(sys.argv[2]))\ndb.execute('ROLLBACK')\n";
/// How many calls have their record.
const COUNT: &str = "import sqlite3, sys\n\
    print(sqlite3.connect(sys.argv[1]).execute('SELECT COUNT(*) FROM calls WHERE disposition IS NOT NULL').fetchone()[0])\n";

pub(super) fn run() -> Outcome {
    let programs = Programs::build()?;
    let serving = Serving::start(programs.serve_office("faults")?.env("OPBX_METRICS_TOKEN", TOKEN))?;
    let file = machine::target_dir().join("bench/voice/faults/opbx.db");
    let record = reports::written(&serving, "record", "cdr", &reports::record())?;
    println!("a database locked for {LOCKED} s, under {REPORTS} records and {CALLS} calls a second");
    let (calls, locked) = thread::scope(|scope| {
        let reporting = scope.spawn(|| reports::load(&programs, &serving, &record, CONNECTIONS, LOADED, Some(REPORTS)));
        let calling = scope.spawn(|| {
            let mut load = programs.command("voice-load");
            load.args([&serving.address, demo::KEY, BODY, CONNECTIONS, LOADED, CALLS]);
            // Any answer that puts no call through ends it with an error.
            machine::read(&mut load)
        });
        let locked =
            lock(&file.display().to_string()).and_then(|mut lock| lock.wait().map_err(|fault| fault.to_string()));
        let joined = |broke: &str| format!("The {broke} broke off.");
        reporting.join().unwrap_or_else(|_| Err(joined("reports")))?;
        let calls = calling.join().unwrap_or_else(|_| Err(joined("calls")))?;
        Ok::<_, String>((calls, locked?))
    })?;
    if !locked.success() {
        return Err(Failure::Fault("The database was not locked.".to_owned()));
    }
    let (waited, begun) = (figure(&serving, "opbx_journal_entries")?, Instant::now());
    drained(&serving)?;
    let drain = begun.elapsed().as_secs_f64();
    let taken = figure(&serving, "opbx_reports_taken_total{receiver=\"call_record\"}")?;
    let kept: f64 = machine::read(Command::new("python3").args(["-c", COUNT]).arg(&file))?
        .trim()
        .parse()
        .map_err(|_| "The calls cannot be counted.".to_owned())?;
    let put_aside = figure(&serving, "opbx_journal_put_aside_total")? + figure(&serving, "opbx_journal_lost_total")?;
    let none = Some(Goal::AtMost(0.0));
    let figures = [
        Figure { word: "acknowledged", name: "records acknowledged", value: taken, unit: "", goal: None },
        Figure { word: "missing", name: "  of them not in the log", value: (taken - kept).abs(), unit: "", goal: none },
        Figure { word: "put_aside", name: "entries put aside or lost", value: put_aside, unit: "", goal: none },
        Figure { word: "waited", name: "entries waiting when it was over", value: waited, unit: "", goal: None },
        Figure { word: "drained", name: "until all were applied", value: drain, unit: "s", goal: None },
    ];
    print!("\n{}", table(&figures));
    println!("\ncalls, none of them without its document: {calls}");
    let report = machine::target_dir().join("bench/faults.json");
    create(&report, &format!("{:#}\n", json!({ "figures": as_json(&figures) })))?;
    println!("{}", report.display());
    Ok(())
}

/// Locks the database; it is locked when this returns.
fn lock(file: &str) -> Result<Child, String> {
    let mut python = Command::new("python3");
    python.args(["-c", LOCK, file, &LOCKED.to_string()]).stdout(Stdio::piped());
    let mut child = python.spawn().map_err(|fault| format!("python3 could not be started: {fault}"))?;
    let output = child.stdout.take().ok_or("The output of python3 cannot be read.")?;
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line).map_err(|fault| fault.to_string())?;
    if line.trim() == "locked" { Ok(child) } else { Err("The database cannot be locked.".to_owned()) }
}
