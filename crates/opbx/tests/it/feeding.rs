//! The platform's end of reports: feeders that tell of one call after the other, and remember what was acknowledged.

use crate::installation::DOMAIN;
use crate::program::{KEY, Place, Serving};
use jiff::ToSpan;
use jiff::tz::TimeZone;
use opbx_server::clock::Clock;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// An answer that takes longer has not come.
const PATIENCE: Duration = Duration::from_secs(30);

/// An answer of a server.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Said {
    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|fault| panic!("{fault}: {self:?}"))
    }
}

/// A connection that is kept.
pub(crate) struct Line(BufReader<TcpStream>);

impl Line {
    pub(crate) fn open(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Asks with more lines of a head.
    pub(crate) fn ask(&mut self, request: &str, head: &str, body: &str) -> std::io::Result<Said> {
        let length = body.len();
        let whole = format!("{request} HTTP/1.1\r\nHost: localhost\r\n{head}Content-Length: {length}\r\n\r\n{body}");
        self.0.get_mut().write_all(whole.as_bytes())?;
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.0.read_line(&mut head)? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
        let head = head.to_ascii_lowercase();
        let length = head.split_once("content-length: ").map_or("0", |(_, rest)| rest.lines().next().unwrap());
        let mut body = vec![0; length.parse().unwrap()];
        self.0.read_exact(&mut body)?;
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Ok(Said { status, head, body: String::from_utf8(body).unwrap() })
    }

    /// What the platform says.
    pub(crate) fn report(&mut self, path: &str, body: &Value) -> std::io::Result<Said> {
        let head = format!("Authorization: Bearer {KEY}\r\nContent-Type: application/json\r\n");
        self.ask(&format!("POST {path}"), &head, &body.to_string())
    }
}

/// One call, as the platform tells of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Told {
    /// Which one it is; also who calls, and when.
    pub(crate) number: u64,
}

impl Told {
    const UPDATES: &str = "/api/webhooks/cloudonix/session-update";
    const RECORDS: &str = "/api/webhooks/cloudonix/cdr";
    /// What all their names begin with.
    const PREFIX: &str = "5b1f0c7e9a2d4f36";
    /// How often a call is told of.
    pub(crate) const REPORTS: usize = 3;

    /// The name of its session.
    pub(crate) fn session(self) -> String {
        format!("{}{:016x}", Self::PREFIX, self.number)
    }

    /// Whether somebody answers; the others find the line busy.
    pub(crate) const fn is_answered(self) -> bool {
        !self.number.is_multiple_of(3)
    }

    /// How long it takes, in seconds.
    pub(crate) const fn seconds(self) -> u64 {
        20 + self.number % 40
    }

    /// A report of it and where that goes: two updates, and its record.
    pub(crate) fn report(self, which: usize) -> (&'static str, Value) {
        match which {
            0 => (Self::UPDATES, self.update("new", 0)),
            1 => (Self::UPDATES, self.update(if self.is_answered() { "connected" } else { "ringing" }, 5)),
            _ => (Self::RECORDS, self.record()),
        }
    }

    fn update(self, status: &str, after: u64) -> Value {
        let begun = self.begun();
        let answered = (status == "connected").then(|| begun + after * 1_000);
        json!({
            "id": self.number, "token": self.session(), "domain": DOMAIN, "callerId": "14155550123",
            "destination": "12125550100", "direction": "incoming", "status": status,
            "modifiedAt": begun + after * 1_000, "callStartTime": begun, "callAnswerTime": answered,
        })
    }

    fn record(self) -> Value {
        let (begun, seconds) = (self.begun(), self.seconds());
        let (word, answered) = if self.is_answered() { ("ANSWER", begun + 5_000) } else { ("BUSY", 0) };
        json!({
            "timestamp": begun / 1_000 + seconds, "call_id": format!("{}@203.0.113.9", self.number), "domain": DOMAIN,
            "from": "14155550123", "to": "12125550100", "disposition": word, "duration": seconds,
            "billsec": if self.is_answered() { seconds - 5 } else { 0 }, "sell_cost": "0.0125",
            "session": {"id": self.number, "token": self.session(), "direction": "incoming", "callStartTime": begun,
                "callAnswerTime": answered, "callEndTime": begun + seconds * 1_000},
        })
    }

    /// When it began, in milliseconds: some of the last days.
    fn begun(self) -> u64 {
        let now = u64::try_from(Clock::of_the_machine().now().as_second()).unwrap();
        // The same whenever it is told again: the day on which this runs may end meanwhile.
        let last_week = now / 604_800 * 604_800 - 604_800;
        (last_week + self.number * 97 % 604_800) * 1_000
    }
}

/// What feeders told, and what of it was acknowledged.
#[derive(Default)]
pub(crate) struct Ledger {
    next: AtomicU64,
    acknowledged: AtomicU64,
    refused: AtomicU64,
    /// Every call that was begun to be told of, by feeder, in its order.
    begun: Mutex<Vec<Vec<Told>>>,
    /// What was not acknowledged, to be told again: the call, and which report.
    open: Mutex<Vec<(usize, Told, usize)>>,
}

impl Ledger {
    /// How many reports were acknowledged.
    pub(crate) fn acknowledged(&self) -> u64 {
        self.acknowledged.load(Ordering::Relaxed)
    }

    /// How many reports were refused for the time being.
    pub(crate) fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// How many calls were told of.
    pub(crate) fn calls(&self) -> u64 {
        self.next.load(Ordering::Relaxed)
    }

    /// All calls that were told of, by feeder, in the order of telling.
    fn begun(&self) -> Vec<Vec<Told>> {
        self.begun.lock().unwrap().clone()
    }

    fn begin(&self, feeder: usize) -> Told {
        let told = Told { number: 1 + self.next.fetch_add(1, Ordering::Relaxed) };
        let mut begun = self.begun.lock().unwrap();
        if begun.len() <= feeder {
            begun.resize(feeder + 1, Vec::new());
        }
        begun[feeder].push(told);
        told
    }

    fn again(&self, feeder: usize) -> Option<(Told, usize)> {
        let mut open = self.open.lock().unwrap();
        let place = open.iter().position(|(of, ..)| *of == feeder)?;
        let (_, told, which) = open.remove(place);
        Some((told, which))
    }
}

/// Feeders at work.
pub(crate) struct Feeders {
    over: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Feeders {
    /// So many, each with a connection of its own. Each begins with what it told and nobody acknowledged, and stops where its
    /// connection breaks off.
    pub(crate) fn start(serving: &Serving, count: usize, pause: Duration, ledger: &Arc<Ledger>) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let address = serving.address;
        let threads = (0..count)
            .map(|feeder| {
                let (ledger, over) = (Arc::clone(ledger), Arc::clone(&over));
                std::thread::spawn(move || feed(address, feeder, pause, &ledger, &over))
            })
            .collect();
        Self { over, threads }
    }

    /// They finish the call that they tell of, and stop.
    pub(crate) fn stop(self) {
        self.over.store(true, Ordering::Relaxed);
        for thread in self.threads {
            thread.join().unwrap();
        }
    }
}

fn feed(address: SocketAddr, feeder: usize, pause: Duration, ledger: &Ledger, over: &AtomicBool) {
    let Ok(mut line) = Line::open(address) else { return };
    loop {
        let next = match ledger.again(feeder) {
            Some(open) => open,
            None if over.load(Ordering::Relaxed) => return,
            None => (ledger.begin(feeder), 0),
        };
        let (told, mut which) = next;
        while which < Told::REPORTS {
            let (path, body) = told.report(which);
            match line.report(path, &body) {
                Ok(said) if said.status == 200 || said.status == 204 => {
                    ledger.acknowledged.fetch_add(1, Ordering::Relaxed);
                    which += 1;
                }
                // For the time being: it is told again.
                Ok(said) if said.status == 503 => {
                    assert!(said.head.contains("retry-after: "), "{said:?}");
                    ledger.refused.fetch_add(1, Ordering::Relaxed);
                }
                Ok(said) => panic!("{said:?}"),
                // The server is gone; whether this was kept, nobody was told.
                Err(_) => return ledger.open.lock().unwrap().push((feeder, told, which)),
            }
            // The pace of the platform; nothing is waited for.
            std::thread::sleep(pause);
        }
    }
}

/// A token of the installation.
pub(crate) fn token(place: &Place) -> String {
    let made = place.run("token create --installation --name Reader").output;
    serde_json::from_str::<Value>(&made).unwrap()["token"].as_str().unwrap().to_owned()
}

/// Reads the API as someone with this token.
pub(crate) struct Reader {
    line: Line,
    token: String,
}

impl Reader {
    pub(crate) fn new(serving: &Serving, token: &str) -> Self {
        Self { line: Line::open(serving.address).unwrap(), token: token.to_owned() }
    }

    /// Asks something of the only organization.
    pub(crate) fn ask(&mut self, request: &str, body: &str) -> Said {
        let token = &self.token;
        let head = format!(
            "Authorization: Bearer {token}\r\nX-Organization: 1\r\nContent-Type: application/json\r\nAccept: application/json\r\n"
        );
        let (method, path) = request.split_once(' ').unwrap();
        self.line.ask(&format!("{method} /api/v1{path}"), &head, body).unwrap()
    }

    #[track_caller]
    fn get(&mut self, path: &str) -> Value {
        let said = self.ask(&format!("GET {path}"), "");
        assert_eq!(said.status, 200, "{said:?}");
        said.json()
    }

    /// How many calls are over.
    pub(crate) fn over(&mut self) -> u64 {
        self.count("disposition=ANSWERED") + self.count("disposition=BUSY")
    }

    /// How many calls the log has that a filter lets through.
    pub(crate) fn count(&mut self, filter: &str) -> u64 {
        self.get(&format!("/call-logs?per_page=1&{filter}"))["meta"]["total"].as_u64().unwrap()
    }

    /// The whole log, from place to place, oldest identifier first.
    pub(crate) fn log(&mut self) -> Vec<Value> {
        let (mut calls, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = self.get(&format!("/call-logs?per_page=100&cursor={cursor}"));
            calls.extend(page["data"].as_array().unwrap().clone());
            match page["meta"]["next_cursor"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => break,
            }
        }
        calls.sort_by_key(|call| call["id"].as_u64());
        calls
    }

    /// The statistics of all days of which feeders tell.
    pub(crate) fn statistics(&mut self) -> Value {
        let today = TimeZone::UTC.to_datetime(Clock::of_the_machine().now()).date();
        let (first, last) = (today - 20.days(), today + 1.day());
        self.get(&format!("/call-logs/statistics?from_date={first}&to_date={last}"))["data"].clone()
    }
}

/// Every call that was told of is in the log once, as it was told, in the order of each feeder; and the statistics are a recount of
/// the log. Other calls in the log are whose they are.
pub(crate) fn all_there_once(reader: &mut Reader, ledger: &Ledger) {
    let log = reader.log();
    let ours = |call: &&Value| call["call_id"].as_str().unwrap().starts_with(Told::PREFIX);
    let numbers: Vec<u64> = log
        .iter()
        .filter(ours)
        .map(|call| u64::from_str_radix(&call["call_id"].as_str().unwrap()[Told::PREFIX.len()..], 16).unwrap())
        .collect();
    let mut sorted = numbers.clone();
    sorted.sort_unstable();
    let begun = ledger.begun();
    let mut told: Vec<u64> = begun.iter().flatten().map(|told| told.number).collect();
    told.sort_unstable();
    assert_eq!(sorted, told, "each call is there once");
    for (number, call) in numbers.iter().zip(log.iter().filter(ours)) {
        let told = Told { number: *number };
        let (disposition, talk) = if told.is_answered() { ("ANSWERED", told.seconds() - 5) } else { ("BUSY", 0) };
        assert_eq!(
            (&call["disposition"], &call["duration"], &call["billsec"], &call["cost"], &call["direction"]),
            (&json!(disposition), &json!(told.seconds()), &json!(talk), &json!("0.0125"), &json!("inbound")),
            "{call}"
        );
    }
    let place: HashMap<u64, usize> = numbers.iter().enumerate().map(|(place, number)| (*number, place)).collect();
    for feeder in &begun {
        assert!(feeder.iter().map(|told| place[&told.number]).is_sorted(), "one after the other: {feeder:?}");
    }
    recounted(&log, &reader.statistics());
}

/// Statistics say of these calls what these calls say.
fn recounted(log: &[Value], statistics: &Value) {
    let sum = |field: &str| log.iter().filter_map(|call| call[field].as_u64()).sum::<u64>();
    let with = |field: &str, word: &str| log.iter().filter(|call| call[field] == word).count() as u64;
    let totals = [log.len() as u64, with("disposition", "ANSWERED"), sum("duration"), sum("billsec")];
    let counted = ["calls", "answered", "duration", "talk"].map(|name| statistics["totals"][name].as_u64().unwrap());
    assert_eq!(counted, totals, "calls, answered, seconds, seconds of talk: {statistics}");
    let series = statistics["series"].as_array().unwrap();
    let over_days = |name: &str| series.iter().map(|day| day[name].as_u64().unwrap()).sum::<u64>();
    assert_eq!(["calls", "answered", "talk"].map(over_days), [totals[0], totals[1], totals[3]]);
    assert_eq!(statistics["by_disposition"]["BUSY"], with("disposition", "BUSY"));
    assert_eq!(statistics["by_direction"]["inbound"], with("direction", "inbound"));
}
