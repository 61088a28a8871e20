//! A load of requests over connections that stay.
//!
//! ```text
//! voice-load ADDRESS KEY BODY-FILE CONNECTIONS SECONDS [REQUESTS-PER-SECOND]
//! ```
//!
//! Without a rate every connection asks again as soon as it is answered: the most that a server can do. With one,
//! requests are due at fixed times, whether or not earlier ones are answered; the first free connection takes each, and
//! its latency counts from the time at which it was due: a server that stalls makes all of them late that it kept
//! waiting. One line of JSON says what was measured. An answer that is not 200 with a `<Dial>` ends it with an error.
//!
//! A BODY-FILE whose name ends with `.http` is a whole request of any address, KEY is of no use then, and any answer that
//! tells of success is right.
//!
//! One thread asks all connections in turn and never sleeps. A server pays for waking whoever sleeps on its answer, on
//! a virtual machine as much as for a request, or nothing where the sleeper is to run on the same core: with a thread for
//! each connection the same server took 5 µs for a request or 10, as the scheduler pleased.

use std::hash::{BuildHasher, RandomState};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use voice_bench::{Captured, Connection, Wanted, percentile, read, tell};

/// How long an answer may take that is still waited for.
const PATIENCE: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    tell(Load::read(&arguments).and_then(|load| load.run()))
}

struct Load {
    address: SocketAddr,
    captured: Captured,
    wanted: Wanted,
    connections: u32,
    duration: Duration,
    /// Requests a second; `None`: as many as go.
    rate: Option<f64>,
}

impl Load {
    fn read(arguments: &[String]) -> Result<Self, String> {
        let [address, key, body, connections, seconds, rate @ ..] = arguments else {
            return Err("voice-load ADDRESS KEY BODY-FILE CONNECTIONS SECONDS [REQUESTS-PER-SECOND]".to_owned());
        };
        let is_whole = body.ends_with(".http");
        let body = std::fs::read_to_string(body).map_err(|fault| format!("{body}: {fault}"))?;
        let seconds: f64 = read(seconds)?;
        Ok(Self {
            captured: if is_whole { Captured::whole(&body) } else { Captured::new(address, key, &body)? },
            wanted: if is_whole { Wanted::Success } else { Wanted::Dial },
            address: read(address)?,
            connections: read(connections)?,
            duration: Duration::try_from_secs_f64(seconds).map_err(|fault| fault.to_string())?,
            rate: rate.first().map(|rate| read(rate)).transpose()?,
        })
    }

    fn run(&self) -> Result<String, String> {
        let mut captured = self.captured.clone();
        let open = (0..self.connections).map(|_| Connection::open(self.address, self.wanted));
        let mut connections: Vec<Connection> = open.collect::<Result<_, _>>()?;
        // The upper half of each session is drawn for this run, the lower half counts.
        let run = u128::from(RandomState::new().hash_one(0)) << 64;
        let mut latencies = Vec::with_capacity(500_000);
        let start = Instant::now();
        let mut last_answer = start;
        let mut calls = 0_u32;
        loop {
            let (mut idle, mut waiting) = (true, false);
            for connection in &mut connections {
                if let Some(due) = connection.answered()? {
                    last_answer = Instant::now();
                    latencies.push(last_answer - due);
                    idle = false;
                }
                let now = Instant::now();
                let due = self.rate.map_or(now, |rate| start + Duration::from_secs_f64(f64::from(calls) / rate));
                if connection.is_free() && due <= now && due - start < self.duration {
                    connection.ask(captured.of(run | u128::from(calls)), due)?;
                    calls += 1;
                    idle = false;
                }
                waiting |= !connection.is_free();
            }
            if !waiting && start.elapsed() >= self.duration {
                break;
            }
            if start.elapsed() > self.duration + PATIENCE {
                return Err("There are requests without an answer.".to_owned());
            }
            if idle {
                // Whoever shares this core may be the server.
                thread::yield_now();
            }
        }
        let seconds = (last_answer - start).as_secs_f64();
        latencies.sort_unstable();
        let micros = |share| percentile(&latencies, share).as_secs_f64() * 1e6;
        Ok(format!(
            r#"{{"requests":{},"seconds":{seconds:.3},"p50_us":{:.1},"p99_us":{:.1}}}"#,
            latencies.len(),
            micros(0.5),
            micros(0.99)
        ))
    }
}
