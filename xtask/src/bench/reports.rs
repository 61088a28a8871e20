//! What the platform reports: how much of it is acknowledged and applied, and what calls pay for that.

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::create;
use super::figures::{Figure, Goal, as_json, median, table};
use super::process::{Serving, ticks_a_second};
use super::programs::Programs;
use super::voice::{BODY, CONNECTIONS};
use crate::recipe::Outcome;
use crate::{demo, machine, request};

/// What stands for the session of a call; the load puts another one into each.
const SESSION: &str = "00000000000000000000000000000000";
pub(super) const TOKEN: &str = "the-token-of-the-benchmark";
/// At which rate acknowledging is measured, and for how long in seconds.
const OFFERED: &str = "5000";
const SECONDS: &str = "5";
/// At which rate being visible is.
const VISIBLE: &str = "1000";
/// How many reports a second calls are measured beside.
const BESIDE: &str = "500";
/// How many connections the platform has; acknowledging waits for the disk, so many wait at once.
const REPORTING: &str = "256";
const ROUNDS: usize = 3;
/// How long the rest may take to be applied.
const PATIENCE: Duration = Duration::from_secs(300);

pub(super) fn run() -> Outcome {
    let programs = Programs::build()?;
    let serving = Serving::start(programs.serve_office("reports")?.env("OPBX_METRICS_TOKEN", TOKEN))?;
    let (record, update) =
        (written(&serving, "record", "cdr", &record())?, written(&serving, "update", "session-update", &update())?);
    let mut figures = Vec::new();
    load(&programs, &serving, &record, CONNECTIONS, "1", None)?;
    drained(&serving)?;

    let most = load(&programs, &serving, &record, REPORTING, SECONDS, None)?;
    let rate = most["requests"].as_f64().unwrap_or_default() / most["seconds"].as_f64().unwrap_or(1.0);
    figures.push(Figure {
        word: "acknowledged",
        name: "records acknowledged",
        value: rate,
        unit: "/s",
        goal: Some(Goal::AtLeast(5_000.0)),
    });
    let (waiting, begun) = (figure(&serving, "opbx_journal_entries")?, Instant::now());
    drained(&serving)?;
    let applied = waiting / begun.elapsed().as_secs_f64();
    figures.push(Figure {
        word: "drained",
        name: "records applied, one for each call",
        value: applied,
        unit: "/s",
        goal: Some(Goal::AtLeast(1_500.0)),
    });
    let offered = load(&programs, &serving, &record, REPORTING, SECONDS, Some(OFFERED))?;
    let p99 = offered["p99_us"].as_f64().unwrap_or_default() / 1e3;
    figures.push(Figure {
        word: "acknowledged_p99",
        name: "acknowledged at 5,000/s, p99",
        value: p99,
        unit: "ms",
        goal: Some(Goal::AtMost(25.0)),
    });
    drained(&serving)?;

    let late = beside(&programs, &serving, &update, VISIBLE, SECONDS, || {
        let begun = Instant::now();
        let mut late = 0.0_f64;
        while begun.elapsed() < Duration::from_secs(5) {
            late = late.max(figure(&serving, "opbx_journal_oldest_seconds")?);
            thread::sleep(Duration::from_millis(20));
        }
        Ok(late)
    })?;
    figures.push(Figure {
        word: "visible",
        name: "latest to be visible, at 1,000/s",
        value: late,
        unit: "s",
        goal: Some(Goal::AtMost(1.0)),
    });
    drained(&serving)?;
    figures.extend(voice(&programs, &serving, &update)?);

    print!("\n{}", table(&figures));
    let report = machine::target_dir().join("bench/reports.json");
    create(&report, &format!("{:#}\n", json!({ "figures": as_json(&figures) })))?;
    println!("\n{}", report.display());
    Ok(())
}

/// What a call costs the server, quiet and while reports come, beside the floor.
fn voice(programs: &Programs, serving: &Serving, update: &PathBuf) -> Result<[Figure; 3], String> {
    let ticks = ticks_a_second()?;
    let floor = Serving::start(&mut programs.command("http-floor"))?;
    let cpu = |serving: &Serving| {
        let mut load = programs.command("voice-load");
        load.args([&serving.address, demo::KEY, BODY, CONNECTIONS, "3"]);
        let before = serving.cpu_time(ticks)?;
        let said: Value = serde_json::from_str(&machine::read(&mut load)?).map_err(|fault| fault.to_string())?;
        let used = serving.cpu_time(ticks)?.saturating_sub(before);
        Ok::<_, String>(used.as_secs_f64() * 1e6 / said["requests"].as_f64().unwrap_or(1.0).max(1.0))
    };
    let (mut quiet, mut busy) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let floor = cpu(&floor)?;
        quiet.push(floor / cpu(serving)?);
        drained(serving)?;
        busy.push(floor / beside(programs, serving, update, BESIDE, "4", || cpu(serving))?);
        drained(serving)?;
    }
    let (quiet, busy) = (median(quiet), median(busy));
    Ok([
        Figure { word: "voice_quiet", name: "floor / as shipped, no reports", value: quiet, unit: "", goal: None },
        Figure { word: "voice_busy", name: "floor / as shipped, 500 reports/s", value: busy, unit: "", goal: None },
        Figure { word: "voice_share", name: "  the latter of the former", value: busy / quiet, unit: "", goal: None },
    ])
}

/// Does something while reports come at a rate.
fn beside<T>(
    programs: &Programs,
    serving: &Serving,
    report: &PathBuf,
    rate: &str,
    seconds: &str,
    work: impl FnOnce() -> Result<T, String>,
) -> Result<T, String> {
    thread::scope(|scope| {
        let reporting = scope.spawn(|| load(programs, serving, report, CONNECTIONS, seconds, Some(rate)));
        let done = work();
        let reported = reporting.join().unwrap_or_else(|_| Err("The reports broke off.".to_owned()));
        reported.and(done)
    })
}

/// Sends reports; what was measured of them.
pub(super) fn load(
    programs: &Programs,
    serving: &Serving,
    report: &PathBuf,
    connections: &str,
    seconds: &str,
    rate: Option<&str>,
) -> Result<Value, String> {
    let mut load = programs.command("voice-load");
    load.args([&serving.address, "-"]).arg(report).args([connections, seconds]).args(rate);
    serde_json::from_str(&machine::read(&mut load)?).map_err(|fault| format!("voice-load: {fault}"))
}

/// Waits until everything that was acknowledged is applied.
pub(super) fn drained(serving: &Serving) -> Result<(), String> {
    let begun = Instant::now();
    while figure(serving, "opbx_journal_entries")? > 0.0 {
        if begun.elapsed() > PATIENCE {
            return Err("What was acknowledged is not applied.".to_owned());
        }
        thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// A figure of the server.
pub(super) fn figure(serving: &Serving, name: &str) -> Result<f64, String> {
    let page = request::get(&serving.address, "/metrics", TOKEN)?;
    let line = page.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
    line.ok_or_else(|| format!("The server tells no {name}."))
}

/// A whole request with a report, in a file for the load.
pub(super) fn written(serving: &Serving, name: &str, path: &str, body: &Value) -> Result<PathBuf, String> {
    let file = machine::target_dir().join(format!("bench/{name}.http"));
    let path = format!("/api/webhooks/cloudonix/{path}");
    create(&file, &request::whole("POST", &serving.address, &path, demo::KEY, &body.to_string()))?;
    fs::canonicalize(&file).map_err(|fault| format!("{}: {fault}", file.display()))
}

pub(super) fn record() -> Value {
    json!({
        "timestamp": 1_773_057_667, "call_id": format!("{SESSION}@203.0.113.9:5060"), "domain": demo::DOMAIN,
        "from": "14155550123", "to": "12125550100", "disposition": "ANSWER", "duration": 67, "billsec": 60,
        "sell_cost": 0.0125, "vapp_server": "172.20.1.15",
        "session": {
            "token": SESSION, "direction": "incoming", "status": "answer", "callStartTime": 1_773_057_600_123_u64,
            "callAnswerTime": 1_773_057_606_980_u64, "callEndTime": 1_773_057_667_010_u64,
            "profile": {"qos": {"rtt": 0, "rx_mos": "NaN", "tx_mos": 4.4, "ssrc": "1f2e3d4c"}},
        },
    })
}

/// How far any call is.
pub(super) fn update() -> Value {
    json!({
        "token": SESSION, "eventId": SESSION, "domain": demo::DOMAIN, "callerId": "14155550123",
        "destination": "12125550100", "direction": "incoming", "status": "ringing",
        "createdAt": "2026-03-09T12:00:00.123Z", "modifiedAt": "2026-03-09T12:00:00.223Z",
        "callStartTime": 1_773_057_600_123_u64, "callAnswerTime": null, "callEndTime": null, "timeLimit": null,
        "vappServer": "172.20.1.15", "action": "update", "reason": "", "lastError": null,
        "callIds": ["a84b4c76e66710"], "profile": {},
    })
}
