//! Live updates: how long it is from what the platform reports of a call to the sockets of those who listen.

use serde_json::{Value, json};

use super::create;
use super::figures::{Figure, Goal, as_json, median, table};
use super::process::{Serving, ticks_a_second};
use super::programs::Programs;
use super::reports::update;
use crate::recipe::Outcome;
use crate::{demo, machine, request};

/// The database's name.
const NAME: &str = "live";
/// Who listens: nobody may with more than 50 sockets.
const PEOPLE: u32 = 5;
const SOCKETS: &str = "200";
/// Calls a second.
const RATE: &str = "10";
const SECONDS: f64 = 20.0;
const ROUNDS: usize = 3;

pub(super) fn run() -> Outcome {
    let programs = Programs::build()?;
    let ticks = ticks_a_second()?;
    let mut serve = programs.serve_office(NAME)?;
    let tokens: Vec<String> = (0..PEOPLE).map(|number| listener(&programs, number)).collect::<Result<_, _>>()?;
    // As many sockets come from one address as no company has there.
    let serving = Serving::start(serve.env("OPBX_API_RATE_LIMIT", "0"))?;
    let me = request::get(&serving.address, "/api/v1/auth/me", tokens.first().map_or("", String::as_str))?;
    let me: Value = serde_json::from_str(&me).map_err(|fault| fault.to_string())?;
    let organization = me["data"]["organization"]["id"].as_u64().ok_or_else(|| format!("No organization: {me}"))?;
    let (channel, tokens) = (format!("presence-org.{organization}"), tokens.join(","));
    let body = machine::target_dir().join("bench/live-report.json");
    create(&body, &update().to_string())?;

    let (mut medians, mut lates, mut most, mut used) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for number in 1..=ROUNDS {
        let before = serving.cpu_time(ticks)?;
        let mut load = programs.command("live-load");
        load.args([&serving.address, &tokens, &channel, demo::KEY]).arg(&body);
        load.args([SOCKETS, RATE, &SECONDS.to_string()]);
        let said: Value = serde_json::from_str(&machine::read(&mut load)?).map_err(|fault| fault.to_string())?;
        let of = |word: &str| said[word].as_f64().ok_or_else(|| format!("live-load does not tell {word}."));
        used.push((serving.cpu_time(ticks)? - before).as_secs_f64() / SECONDS);
        medians.push(of("p50_ms")?);
        lates.push(of("p99_ms")?);
        most.push(of("most_ms")?);
        println!("round {number} of {ROUNDS}: {said}");
    }
    let figure = |word, name, values, unit, goal| Figure { word, name, value: median(values), unit, goal };
    let figures = [
        figure("median", "webhook to socket, median", medians, "ms", None),
        figure("p99", "webhook to socket, p99", lates, "ms", Some(Goal::AtMost(250.0))),
        figure("most", "webhook to socket, the latest of all", most, "ms", None),
        figure("cpu", "cores that the server used", used, "", None),
    ];
    print!("\n{}", table(&figures));
    let report = machine::target_dir().join("bench/live.json");
    create(&report, &format!("{:#}\n", json!({ "figures": as_json(&figures) })))?;
    println!("\n{}", report.display());
    Ok(())
}

/// The token of somebody new.
fn listener(programs: &Programs, number: u32) -> Result<String, String> {
    let email = format!("listener-{number}@office.example");
    let person = ["--org", "office", "--email", &email];
    programs.told(NAME, &[&["user", "create", "--name", "A listener"][..], &person].concat())?;
    let token = ["token", "create", "--name", "Wallboard", "--abilities", "live-calls:read"];
    let made = programs.told(NAME, &[&token[..], &person].concat())?;
    made["token"].as_str().map(str::to_owned).ok_or_else(|| format!("No token: {made}"))
}
