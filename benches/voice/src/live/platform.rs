//! What the platform reports, and when.

use std::hash::{BuildHasher, RandomState};
use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use voice_bench::{Captured, Connection, Wanted};

/// The statuses of a call in the order of its steps, and the events that tell of them.
pub(crate) const STEPS: [(&str, &str); 4] =
    [("new", "call.initiated"), ("ringing", "call.ringing"), ("connected", "call.answered"), ("answer", "call.ended")];
/// From one step of a call to the next.
const PACE: Duration = Duration::from_millis(700);

/// A session update of any call, and the key that it comes with.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) key: String,
    pub(crate) body: Value,
}

impl Report {
    /// The request that says that a call has come to a step.
    fn saying(&self, address: SocketAddr, step: usize) -> Captured {
        let mut body = self.body.clone();
        body["status"] = STEPS.get(step).map_or("", |(status, _)| status).into();
        // What calls are known by beside their session would make one of all; what a report is known by, one of the four.
        body["callIds"] = json!([]);
        body["eventId"] = Value::Null;
        body["modifiedAt"] = format!("2026-03-09T12:00:0{step}.223Z").into();
        let (key, body) = (&self.key, body.to_string());
        Captured::whole(&format!(
            "POST /api/webhooks/cloudonix/session-update HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ))
    }
}

/// The calls of a measurement.
#[derive(Debug)]
pub(crate) struct Course {
    start: Instant,
    /// Calls a second.
    rate: f64,
    pub(crate) calls: u64,
    /// The upper half of each session is drawn for this run, the lower half counts.
    run: u128,
}

impl Course {
    pub(crate) fn new(start: Instant, rate: f64, seconds: f64) -> Self {
        let run = u128::from(RandomState::new().hash_one(0)) << 64;
        Self { start, rate, calls: (rate * seconds) as u64, run }
    }

    /// When a step of a call is due.
    pub(crate) fn due(&self, call: u64, step: usize) -> Instant {
        self.start + Duration::from_secs_f64(call as f64 / self.rate) + PACE * step as u32
    }

    /// When the last of all is.
    pub(crate) fn end(&self) -> Instant {
        self.due(self.calls, STEPS.len())
    }

    /// The session of a call.
    #[cfg(test)]
    pub(crate) fn session(&self, call: u64) -> String {
        format!("{:032x}", self.run | u128::from(call))
    }

    /// Which call a session is.
    pub(crate) fn call(&self, session: &str) -> Option<u64> {
        let number = u128::from_str_radix(session, 16).ok()?.checked_sub(self.run)?;
        u64::try_from(number).ok().filter(|call| *call < self.calls)
    }

    /// Sends everything, each when it is due.
    pub(crate) fn report(&self, address: SocketAddr, report: &Report) -> Result<(), String> {
        let mut reports: [Captured; STEPS.len()] = std::array::from_fn(|step| report.saying(address, step));
        let mut connection = Connection::open(address, Wanted::Success)?;
        let mut all: Vec<(Instant, u64, usize)> = (0..self.calls)
            .flat_map(|call| (0..STEPS.len()).map(move |step| (call, step)))
            .map(|(call, step)| (self.due(call, step), call, step))
            .collect();
        all.sort_unstable();
        for (due, call, step) in all {
            thread::sleep(due.saturating_duration_since(Instant::now()));
            let report = reports.get_mut(step).ok_or("There are as many reports as steps.")?;
            connection.answer_to(report.of(self.run | u128::from(call)))?;
        }
        Ok(())
    }
}
