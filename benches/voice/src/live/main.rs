//! Sockets that listen to an organization while calls go on in it: how long it is from a report of the platform to each.
//!
//! ```text
//! live-load ADDRESS TOKENS CHANNEL KEY BODY-FILE SOCKETS CALLS-PER-SECOND SECONDS
//! ```
//!
//! TOKENS are those of the people who listen, with commas between them; the sockets are shared among them. BODY-FILE holds a
//! session update of any call, which the platform sends with KEY. Of each call four are sent, for its beginning, ringing, being
//! answered and its end, at fixed times; latencies count from the time at which a report was due. One line of JSON says what
//! was measured. A socket that hears of a step twice or not at all ends it with an error.

mod heard;
mod platform;
mod socket;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use voice_bench::{percentile, read, tell};

use heard::Heard;
use platform::{Course, Report};
use socket::Socket;

const USAGE: &str = "live-load ADDRESS TOKENS CHANNEL KEY BODY-FILE SOCKETS CALLS-PER-SECOND SECONDS";
/// From the last subscription to the first report.
const LEAD: Duration = Duration::from_millis(500);
/// How long after the last report the sockets are still listened to.
const PATIENCE: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    tell(run(&arguments))
}

fn run(arguments: &[String]) -> Result<String, String> {
    let [address, tokens, channel, key, body, sockets, rate, seconds] = arguments else { return Err(USAGE.to_owned()) };
    let address = read(address)?;
    let body = std::fs::read_to_string(body).map_err(|fault| format!("{body}: {fault}"))?;
    let body = serde_json::from_str(&body).map_err(|fault| format!("The report: {fault}"))?;
    let report = Report { key: key.clone(), body };
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|fault| fault.to_string())?;
    let mut listening = Vec::new();
    for token in tokens.split(',').cycle().take(read(sockets)?) {
        listening.push(runtime.block_on(Socket::listening(address, token, channel))?);
    }
    let course = Arc::new(Course::new(Instant::now() + LEAD, read(rate)?, read(seconds)?));
    let reporting = {
        let course = Arc::clone(&course);
        std::thread::spawn(move || course.report(address, &report))
    };
    let heard = runtime.block_on(async {
        let mut all = JoinSet::new();
        for socket in listening {
            let (mut heard, course) = (Heard::of(&course), Arc::clone(&course));
            all.spawn(async move {
                let hears = socket.hears(&course, &mut heard);
                let in_time = tokio::time::timeout_at((course.end() + PATIENCE).into(), hears).await;
                in_time.unwrap_or_else(|_| Err(format!("A socket did not hear of {} steps.", heard.missing())))?;
                Ok::<_, String>(heard.latencies)
            });
        }
        let mut latencies = Vec::new();
        while let Some(heard) = all.join_next().await {
            latencies.extend(heard.map_err(|fault| fault.to_string())??);
        }
        Ok::<_, String>(latencies)
    });
    reporting.join().map_err(|_| "The reports broke off.".to_owned())??;
    let mut latencies = heard?;
    latencies.sort_unstable();
    let millis = |share| percentile(&latencies, share).as_secs_f64() * 1e3;
    let (events, median, late, last) = (latencies.len(), millis(0.5), millis(0.99), millis(1.0));
    Ok(format!(r#"{{"events":{events},"p50_ms":{median:.1},"p99_ms":{late:.1},"most_ms":{last:.1}}}"#))
}
