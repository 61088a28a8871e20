//! The API over HTTP: lists and changes in a large organization, and what signing in costs.

use std::fmt::Write as _;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::create;
use super::figures::{Figure, Goal, as_json, median, table};
use super::process::{Serving, ticks_a_second};
use super::programs::{OWNER, Programs};
use super::voice::BODY;
use crate::recipe::Outcome;
use crate::{demo, machine, request};

const EXTENSIONS: usize = 5_000;
const ROUNDS: usize = 3;
/// How long a measurement lasts, in seconds.
const SECONDS: &str = "10";
/// Requests a second.
const LISTS: &str = "200";
const DEEP: &str = "50";
const CHANGES: &str = "20";
/// Calls a second while people sign in.
const CALLS: &str = "500";
/// Clients that ask again as soon as they are answered.
const CLIENTS: &str = "50";
/// People who sign in again as soon as they are in.
const SIGNING_IN: usize = 8;
const SETTLED: Duration = Duration::from_secs(10);

pub(super) fn run() -> Outcome {
    let programs = Programs::build()?;
    let ticks = ticks_a_second()?;
    let plan = plan()?;
    let (mut serve, password) = programs.serve_plan("api", &plan)?;
    // Limits would be measured, not what is behind them; the log goes where that of the voice path goes.
    let serving = Serving::start(serve.env("OPBX_API_RATE_LIMIT", "0"))?;
    thread::sleep(SETTLED);
    let before = serving.resident()?;
    let sign_in = json!({ "email": OWNER, "password": password }).to_string();
    let token = signed_in(&serving, &sign_in)?;
    let after = serving.resident()?;

    let files = Files::write(&serving, &token)?;
    // What is asked for first is read from the disk, and compiled.
    load(&programs, &serving, &files.list, CLIENTS, "1", None)?;
    let (mut lists, mut changes, mut clients) = (Vec::new(), Vec::new(), Vec::new());
    let mut deeps = Vec::new();
    let (mut quiet, mut stormy, mut rates) = (Vec::new(), Vec::new(), Vec::new());
    for number in 1..=ROUNDS {
        let used = serving.cpu_time(ticks)?;
        let list = load(&programs, &serving, &files.list, "4", SECONDS, Some(LISTS))?;
        let each = (serving.cpu_time(ticks)? - used).as_secs_f64() * 1e6 / list.requests;
        let deep = load(&programs, &serving, &files.deep, "4", SECONDS, Some(DEEP))?;
        let change = load(&programs, &serving, &files.change, "4", SECONDS, Some(CHANGES))?;
        let all = load(&programs, &serving, &files.list, CLIENTS, SECONDS, None)?;
        let calm = load(&programs, &serving, BODY, "8", SECONDS, Some(CALLS))?;
        let (storm, rate) = storm(&programs, &serving, &sign_in)?;
        println!(
            "round {number} of {ROUNDS}: list p99 {:.1} ms, {each:.0} us CPU; change p99 {:.1} ms; {:.0} lists/s of fifty; \
             calls p99 {:.1} ms, while {rate:.0}/s sign in {:.1} ms",
            list.p99 / 1e3,
            change.p99 / 1e3,
            all.rate(),
            calm.p99 / 1e3,
            storm.p99 / 1e3
        );
        lists.push((list, each));
        deeps.push(deep);
        changes.push(change);
        clients.push(all);
        quiet.push(calm);
        stormy.push(storm);
        rates.push(rate);
    }
    let ms = |values: &[Measured], of: fn(&Measured) -> f64| median(values.iter().map(|one| of(one) / 1e3));
    let mib = |kibibytes: u64| kibibytes as f64 / 1024.0;
    let figure = |word, name, value, unit, goal| Figure { word, name, value, unit, goal };
    let (calm, storm) = (ms(&quiet, |one| one.p99), ms(&stormy, |one| one.p99));
    let figures = vec![
        figure(
            "list_p50",
            "list of 20 of 5,000 extensions, 200/s, p50",
            median(lists.iter().map(|(one, _)| one.p50 / 1e3)),
            "ms",
            None,
        ),
        figure("list_p99", "  p99", median(lists.iter().map(|(one, _)| one.p99 / 1e3)), "ms", Some(Goal::AtMost(10.0))),
        figure("list_cpu", "  CPU time of the server", median(lists.iter().map(|(_, each)| *each)), "us", None),
        figure("deep_p99", "hundredth page by name, 50/s, p99", ms(&deeps, |one| one.p99), "ms", None),
        figure("change_p50", "PATCH with audit and revision, 20/s, p50", ms(&changes, |one| one.p50), "ms", None),
        figure("change_p99", "  p99", ms(&changes, |one| one.p99), "ms", Some(Goal::AtMost(25.0))),
        figure(
            "clients_rate",
            "lists of 50 clients that never pause",
            median(clients.iter().map(Measured::rate)),
            "/s",
            None,
        ),
        figure("clients_p99", "  p99", ms(&clients, |one| one.p99), "ms", None),
        figure("memory_before", "resident memory 10 s after ready", mib(before), "MiB", Some(Goal::AtMost(40.0))),
        figure("memory_after", "  after the first sign-in", mib(after), "MiB", Some(Goal::AtMost(96.0))),
        figure("memory_end", "  after all of this", mib(serving.resident()?), "MiB", None),
        figure("sign_ins", "sign-ins of 8 who never pause, beside 500 calls/s", median(rates), "/s", None),
        figure("calls_quiet", "calls, 500/s, p99, quiet", calm, "ms", None),
        figure("calls_storm", "  p99 during the sign-ins", storm, "ms", None),
        figure("calls_ratio", "  as a multiple of quiet", storm / calm, "", Some(Goal::AtMost(2.0))),
    ];
    print!("\n{}", table(&figures));
    let report = machine::target_dir().join("bench/api.json");
    create(&report, &format!("{:#}\n", json!({ "extensions": EXTENSIONS, "figures": as_json(&figures) })))?;
    println!("\n{}", report.display());
    Ok(())
}

/// The demonstration's plan, with as many extensions more as it takes.
fn plan() -> Result<String, String> {
    let known = machine::root().join(demo::PLAN);
    let mut text = std::fs::read_to_string(&known).map_err(|fault| format!("{}: {fault}", known.display()))?;
    text.push('\n');
    for number in 10_000..10_000 + EXTENSIONS {
        // Writing into a text does not fail.
        let _ = writeln!(text, "extension {number} \"Person number {number}\"");
    }
    let file = machine::target_dir().join("bench/api.opbx");
    create(&file, &text)?;
    Ok(file.display().to_string())
}

fn signed_in(serving: &Serving, body: &str) -> Result<String, String> {
    let answer = request::post(&serving.address, "/api/v1/auth/login", "", body)?;
    let answer: Value = serde_json::from_str(&answer).map_err(|fault| fault.to_string())?;
    answer["token"].as_str().map(str::to_owned).ok_or_else(|| format!("No token: {answer}"))
}

/// The requests, as files for the program that sends them.
struct Files {
    list: String,
    /// The hundredth page, by name: for this there is no index.
    deep: String,
    change: String,
}

impl Files {
    fn write(serving: &Serving, token: &str) -> Result<Self, String> {
        let made = json!({ "extension_number": "9999", "name": "Someone", "type": "user" }).to_string();
        let made = request::post(&serving.address, "/api/v1/extensions", token, &made)?;
        let made: Value = serde_json::from_str(&made).map_err(|fault| fault.to_string())?;
        let address = format!("/api/v1/extensions/{}", made["data"]["id"]);
        // The digits are others in each request, so that each is a change.
        let name = json!({ "name": "0".repeat(32) }).to_string();
        let keep = |name: &str, method: &str, path: &str, key: &str, body: &str| {
            let file = machine::target_dir().join(format!("bench/{name}.http"));
            create(&file, &request::whole(method, &serving.address, path, key, body))?;
            Ok::<_, String>(file.display().to_string())
        };
        Ok(Self {
            list: keep("list", "GET", "/api/v1/extensions?per_page=20", token, "")?,
            deep: keep("deep", "GET", "/api/v1/extensions?per_page=20&page=100&sort_by=name", token, "")?,
            change: keep("change", "PATCH", &address, token, &name)?,
        })
    }
}

/// What a load saw; times in us.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Measured {
    requests: f64,
    seconds: f64,
    p50: f64,
    p99: f64,
}

impl Measured {
    fn of(line: &str) -> Result<Self, String> {
        let said: Value = serde_json::from_str(line).map_err(|fault| format!("{fault}: {line}"))?;
        let number = |name: &str| said[name].as_f64().ok_or_else(|| format!("no {name}: {line}"));
        Ok(Self {
            requests: number("requests")?,
            seconds: number("seconds")?,
            p50: number("p50_us")?,
            p99: number("p99_us")?,
        })
    }

    fn rate(&self) -> f64 {
        self.requests / self.seconds
    }
}

fn command(programs: &Programs, serving: &Serving, file: &str, [connections, seconds]: [&str; 2]) -> Command {
    let mut command = programs.command("voice-load");
    command.args([serving.address.as_str(), demo::KEY, file, connections, seconds]);
    command
}

fn load(
    programs: &Programs,
    serving: &Serving,
    file: &str,
    connections: &str,
    seconds: &str,
    rate: Option<&str>,
) -> Result<Measured, String> {
    Measured::of(&machine::read(command(programs, serving, file, [connections, seconds]).args(rate))?)
}

/// Calls while people sign in; and how many signed in each second. They wait for their answers asleep: a program that never sleeps,
/// beside the one that places the calls, would be measured instead of the server.
fn storm(programs: &Programs, serving: &Serving, sign_in: &str) -> Result<(Measured, f64), String> {
    let (over, signed_in) = (AtomicBool::new(false), AtomicU32::new(0));
    let begun = Instant::now();
    let (calls, faults) = thread::scope(|scope| {
        let people: Vec<_> = (0..SIGNING_IN)
            .map(|_| {
                scope.spawn(|| {
                    while !over.load(Ordering::Relaxed) {
                        request::post(&serving.address, "/api/v1/auth/login", "", sign_in)?;
                        signed_in.fetch_add(1, Ordering::Relaxed);
                    }
                    Ok::<_, String>(())
                })
            })
            .collect();
        let calls = load(programs, serving, BODY, "8", SECONDS, Some(CALLS));
        over.store(true, Ordering::Relaxed);
        let faults: Vec<String> = people
            .into_iter()
            .filter_map(|person| person.join().unwrap_or_else(|_| Err("a sign-in panicked".to_owned())).err())
            .collect();
        (calls, faults)
    });
    if let Some(fault) = faults.first() {
        return Err(format!("A sign-in failed: {fault}"));
    }
    Ok((calls?, f64::from(signed_in.into_inner()) / begun.elapsed().as_secs_f64()))
}

#[cfg(test)]
mod tests {
    use super::Measured;

    #[test]
    fn what_a_load_says_is_read() {
        let line = r#"{"requests":200,"seconds":10.000,"p50_us":1.5,"p99_us":2.5}"#;
        let measured = Measured::of(line).unwrap();
        assert_eq!((measured.rate(), measured.p50, measured.p99), (20.0, 1.5, 2.5));
        assert!(Measured::of("{}").is_err());
    }
}
