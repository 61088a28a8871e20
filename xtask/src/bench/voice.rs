//! The voice path over HTTP, beside the HTTP floor.

use std::time::Duration;

use serde_json::{Value, json};

use super::create;
use super::figures::{Figure, Goal, as_json, median, table};
use super::php::Php;
use super::process::{Serving, ticks_a_second};
use super::programs::{Programs, put_through};
use crate::recipe::Outcome;
use crate::{demo, machine};

pub(super) const BODY: &str = "examples/voice-request.json";
const ROUNDS: usize = 5;
/// More than a server of two threads can answer at once: there is always a request to take.
pub(super) const CONNECTIONS: &str = "32";
/// How long a measurement lasts, in seconds: some three hundred ticks of CPU time.
pub(super) const SECONDS: &str = "3";
/// The share of the maximum at which latency is measured.
const LOAD: f64 = 0.7;
const STARTS: usize = 9;
const SETTLED: Duration = Duration::from_secs(10);

/// With the PHP floor beside it, if that is asked for.
pub(super) fn run(with_php: bool) -> Outcome {
    let programs = Programs::build()?;
    let ticks = ticks_a_second()?;

    let (start, memory) = start_and_memory(&programs)?;
    let servers = Servers {
        floor: Serving::start(&mut programs.command("http-floor"))?,
        decision: Serving::start(
            programs.serve_office("decision")?.envs([("OPBX_LOG_LEVEL", "warn"), ("OPBX_TRACE", "off")]),
        )?,
        shipped: Serving::start(&mut programs.serve_office("shipped")?)?,
    };
    // Caches, branch predictors and the allocator are to be warm; nothing of this counts.
    measure(&programs, &servers, ticks, None)?;
    let (mut full, mut part) = (Vec::new(), Vec::new());
    for number in 1..=ROUNDS {
        let round = measure(&programs, &servers, ticks, None)?;
        println!("round {number} of {ROUNDS}: {}", told(&round));
        // What the machine has to spare changes from minute to minute: the load is a share of what it had just now.
        part.push(measure(&programs, &servers, ticks, Some(&round))?);
        full.push(round);
    }

    let php = if with_php { Some(beside_php(&programs, ticks)?) } else { None };
    let mut figures = figures(&full, &part, start, memory, servers.decision.resident()?);
    figures.extend(php.into_iter().flat_map(|php| php_figures(php, &full)));
    print!("\n{}", table(&figures));
    let report = machine::target_dir().join("bench/voice.json");
    let rounds = |rounds: &[Round]| rounds.iter().map(Round::as_json).collect::<Value>();
    let all = json!({
        "figures": as_json(&figures),
        "rounds": {"maximum_load": rounds(&full), "seventy_percent": rounds(&part)},
    });
    create(&report, &format!("{all:#}\n"))?;
    println!("\n{}", report.display());
    Ok(())
}

struct Servers {
    floor: Serving,
    decision: Serving,
    shipped: Serving,
}

/// What one server did in one round.
#[derive(Clone, PartialEq, Debug)]
struct Measured {
    /// CPU time for each request, in µs.
    cpu: f64,
    /// Requests a second.
    rate: f64,
    p50: f64,
    p99: f64,
}

/// The servers one after the other; what belongs together was measured within seconds.
#[derive(Clone, PartialEq, Debug)]
struct Round {
    floor: Measured,
    decision: Measured,
    shipped: Measured,
}

/// From the start of the process to the answer of the first call, in ms; and the resident memory ten seconds later, in MiB.
fn start_and_memory(programs: &Programs) -> Result<(f64, f64), String> {
    let body = machine::root().join(BODY);
    let body = std::fs::read_to_string(&body).map_err(|fault| format!("{}: {fault}", body.display()))?;
    let mut starts = Vec::new();
    let mut last = None;
    let mut office = programs.serve_office("start")?;
    for _ in 0..STARTS {
        // The data belongs to one server at a time.
        drop(last.take());
        let serving = Serving::start(&mut office)?;
        put_through(&serving, demo::KEY, &body)?;
        starts.push(serving.started.elapsed().as_secs_f64() * 1e3);
        last = Some(serving);
    }
    std::thread::sleep(SETTLED);
    let resident = last.map_or(Ok(0), |serving| serving.resident())?;
    Ok((median(starts), resident as f64 / 1024.0))
}

/// One measurement of each server: at the most it can do, or at a part of what it could do in another round.
fn measure(programs: &Programs, servers: &Servers, ticks: f64, most: Option<&Round>) -> Result<Round, String> {
    let rate = |server: fn(&Round) -> &Measured| most.map(|round| server(round).rate * LOAD);
    Ok(Round {
        floor: load(programs, &servers.floor, ticks, rate(|round| &round.floor))?,
        decision: load(programs, &servers.decision, ticks, rate(|round| &round.decision))?,
        shipped: load(programs, &servers.shipped, ticks, rate(|round| &round.shipped))?,
    })
}

fn load(programs: &Programs, serving: &Serving, ticks: f64, rate: Option<f64>) -> Result<Measured, String> {
    let mut load = programs.command("voice-load");
    load.args([&serving.address, demo::KEY, BODY, CONNECTIONS, SECONDS]);
    load.args(rate.map(|rate| format!("{rate:.0}")));
    let before = serving.cpu_time(ticks)?;
    let said = machine::read(&mut load)?;
    let used = serving.cpu_time(ticks)?.saturating_sub(before);
    Measured::read(&said, used).ok_or_else(|| format!("The load reports in another form: {said}"))
}

/// The CPU time of the PHP floor for each request, in µs.
fn beside_php(programs: &Programs, ticks: f64) -> Result<f64, String> {
    let php = Php::start()?;
    // The first one warms its caches.
    php.measure(programs, ticks)?;
    let rounds: Result<Vec<f64>, String> = (0..3).map(|_| php.measure(programs, ticks)).collect();
    rounds.map(median)
}

fn php_figures(php: f64, full: &[Round]) -> [Figure; 2] {
    let ratio = php / median(full.iter().map(|round| round.shipped.cpu));
    let goal = Some(Goal::AtLeast(6.0));
    [
        Figure { word: "php_cpu", name: "CPU per request, PHP floor", value: php, unit: "µs", goal: None },
        Figure { word: "php_ratio", name: "PHP floor / as shipped", value: ratio, unit: "", goal },
    ]
}

impl Measured {
    fn read(said: &str, used: Duration) -> Option<Self> {
        let said: Value = serde_json::from_str(said).ok()?;
        let number = |name: &str| said[name].as_f64();
        let requests = number("requests").filter(|requests| *requests > 0.0)?;
        Some(Self {
            cpu: used.as_secs_f64() * 1e6 / requests,
            rate: requests / number("seconds")?,
            p50: number("p50_us")?,
            p99: number("p99_us")?,
        })
    }

    fn as_json(&self) -> Value {
        let Self { cpu, rate, p50, p99 } = self;
        json!({"cpu_us": cpu, "requests_per_second": rate, "p50_us": p50, "p99_us": p99})
    }
}

impl Round {
    fn as_json(&self) -> Value {
        let Self { floor, decision, shipped } = self;
        json!({"floor": floor.as_json(), "decision": decision.as_json(), "shipped": shipped.as_json()})
    }
}

/// A round in a line.
fn told(Round { floor, decision, shipped }: &Round) -> String {
    format!(
        "CPU per request {:.1} µs floor, {:.1} µs decision path, {:.1} µs as shipped",
        floor.cpu, decision.cpu, shipped.cpu
    )
}

/// The table: of interleaved rounds the one in the middle, of ratios the one in the middle too.
fn figures(full: &[Round], part: &[Round], start: f64, memory: f64, loaded: u64) -> Vec<Figure> {
    let of = |rounds: &[Round], value: fn(&Round) -> f64| median(rounds.iter().map(value));
    let figure = |word, name, value, unit, goal| Figure { word, name, value, unit, goal };
    let decision_ratio = of(full, |round| round.floor.cpu / round.decision.cpu);
    let shipped_ratio = of(full, |round| round.floor.cpu / round.shipped.cpu);
    let p99 = of(part, |round| round.decision.p99);
    let shipped_p99 = of(part, |round| round.shipped.p99);
    let least = |value| Some(Goal::AtLeast(value));
    let most = |value| Some(Goal::AtMost(value));
    vec![
        figure("floor_cpu", "CPU per request, floor", of(full, |round| round.floor.cpu), "µs", None),
        figure("decision_cpu", "CPU per request, decision path", of(full, |round| round.decision.cpu), "µs", None),
        figure("shipped_cpu", "CPU per request, as shipped", of(full, |round| round.shipped.cpu), "µs", None),
        figure("decision_ratio", "floor / decision path", decision_ratio, "", least(0.45)),
        figure("decision_ratio_stretch", "  the same, stretch goal", decision_ratio, "", least(0.5)),
        figure("shipped_ratio", "floor / as shipped", shipped_ratio, "", least(0.3)),
        figure("floor_rate", "throughput, floor", of(full, |round| round.floor.rate), "/s", None),
        figure("decision_rate", "throughput, decision path", of(full, |round| round.decision.rate), "/s", None),
        figure("shipped_rate", "throughput, as shipped", of(full, |round| round.shipped.rate), "/s", None),
        figure("floor_p50", "p50 at 70 % load, floor", of(part, |round| round.floor.p50) / 1e3, "ms", None),
        figure(
            "decision_p50",
            "p50 at 70 % load, decision path",
            of(part, |round| round.decision.p50) / 1e3,
            "ms",
            None,
        ),
        figure("shipped_p50", "p50 at 70 % load, as shipped", of(part, |round| round.shipped.p50) / 1e3, "ms", None),
        figure("floor_p99", "p99 at 70 % load, floor", of(part, |round| round.floor.p99) / 1e3, "ms", None),
        figure("decision_p99", "p99 at 70 % load, decision path", p99 / 1e3, "ms", most(10.0)),
        figure("shipped_p99", "p99 at 70 % load, as shipped", shipped_p99 / 1e3, "ms", most(10.0)),
        figure(
            "decision_p99_ratio",
            "  p99 decision path / floor",
            of(part, |round| round.decision.p99 / round.floor.p99),
            "",
            most(5.0),
        ),
        figure(
            "shipped_p99_ratio",
            "  p99 as shipped / floor",
            of(part, |round| round.shipped.p99 / round.floor.p99),
            "",
            most(5.0),
        ),
        figure("memory", "resident memory, 10 s after the first call", memory, "MiB", most(40.0)),
        figure("memory_loaded", "resident memory, after the load", loaded as f64 / 1024.0, "MiB", None),
        figure("start", "start to first routed call", start, "ms", most(300.0)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(cpu: f64) -> Measured {
        Measured { cpu, rate: 1e6 / cpu, p50: 100.0, p99: 100.0 * cpu }
    }

    fn round(floor: f64, decision: f64, shipped: f64) -> Round {
        Round { floor: measured(floor), decision: measured(decision), shipped: measured(shipped) }
    }

    #[test]
    fn the_load_is_read() {
        let said = r#"{"requests":2000,"seconds":2.0,"p50_us":90.5,"p99_us":400.0}"#;
        let read = Measured::read(said, Duration::from_millis(50));
        assert_eq!(read, Some(Measured { cpu: 25.0, rate: 1_000.0, p50: 90.5, p99: 400.0 }));
        assert_eq!(Measured::read(r#"{"requests":0,"seconds":2.0,"p50_us":0,"p99_us":0}"#, Duration::ZERO), None);
        assert_eq!(Measured::read("", Duration::ZERO), None);
    }

    #[test]
    fn ratios_are_of_one_round() {
        // The machine was slow in the second round, for everyone.
        let rounds = [round(10.0, 20.0, 40.0), round(30.0, 60.0, 120.0), round(10.0, 20.0, 40.0)];
        let figures = figures(&rounds, &rounds, 12.0, 20.0, 30 * 1024);
        let value = |word: &str| figures.iter().find(|figure| figure.word == word).map(|figure| figure.value);
        assert_eq!(value("decision_ratio"), Some(0.5));
        assert_eq!(value("shipped_ratio"), Some(0.25));
        assert_eq!(value("decision_p99_ratio"), Some(2.0));
        assert_eq!(value("shipped_p99"), Some(4.0));
        assert_eq!(value("memory_loaded"), Some(30.0));
    }

    #[test]
    fn every_figure_has_its_own_word() {
        let figures = figures(&[round(1.0, 2.0, 3.0)], &[round(1.0, 2.0, 3.0)], 1.0, 1.0, 1);
        let words: std::collections::BTreeSet<&str> = figures.iter().map(|figure| figure.word).collect();
        assert_eq!(words.len(), figures.len());
    }

    #[test]
    fn what_is_measured_with_is_there() {
        for file in [BODY, demo::PLAN] {
            assert!(machine::root().join(file).is_file(), "{file}");
        }
    }
}
