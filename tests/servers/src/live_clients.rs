//! Clients of live updates that others wrote: pusher-js and Laravel Echo, run by Node.js, and gone when the tests are.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{Instant, timeout_at};

/// What says which clients these are, and the script that they are told by.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/pusher");
const FILES: [&str; 4] = ["package.json", "package-lock.json", ".npmrc", "client.mjs"];

/// Longer than anything takes that comes at all.
const LONG: Duration = Duration::from_secs(30);

/// A process with any number of clients, each under a name.
#[derive(Debug)]
pub struct LiveClients {
    process: Child,
    asked: Option<ChildStdin>,
    heard: UnboundedReceiver<Value>,
    /// What was told while something else was waited for.
    waiting: Vec<Value>,
}

impl LiveClients {
    /// Starts a process without clients. Where there is no Node.js there is none, and it is said.
    pub fn start() -> Option<Self> {
        let missing: Vec<&str> = ["node", "npm"].into_iter().filter(|name| !is_there(name)).collect();
        if !missing.is_empty() {
            let missing = missing.join(" and ");
            eprintln!(
                "{missing} not installed: the clients of others are not tried (Debian: apt-get install nodejs npm)."
            );
            return None;
        }
        let folder = installed();
        let mut process = Command::new("node")
            .arg("client.mjs")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (tell, heard) = unbounded_channel();
        let lines = BufReader::new(process.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in lines.lines().map_while(Result::ok) {
                let said = serde_json::from_str(&line).unwrap_or(Value::String(line));
                if tell.send(said).is_err() {
                    return;
                }
            }
        });
        let asked = process.stdin.take();
        Some(Self { process, asked, heard, waiting: Vec::new() })
    }

    /// Has a client do something; the script says what there is.
    pub fn ask(&mut self, what: &Value) {
        let Some(asked) = &mut self.asked else { return };
        writeln!(asked, "{what}").unwrap();
    }

    /// The next thing told that has all of this. What else is told meanwhile waits until it is asked for: of two clients, nobody
    /// knows who is told first.
    pub async fn hears(&mut self, wanted: &Value) -> Value {
        if let Some(place) = self.waiting.iter().position(|said| has(said, wanted)) {
            return self.waiting.remove(place);
        }
        let deadline = Instant::now() + LONG;
        loop {
            match timeout_at(deadline, self.heard.recv()).await {
                Ok(Some(said)) if has(&said, wanted) => return said,
                Ok(Some(said)) => self.waiting.push(said),
                Ok(None) => panic!("Node.js has ended after {:#?}", self.waiting),
                Err(_) => panic!("{wanted} does not come, but {:#?}", self.waiting),
            }
        }
    }
}

/// Whether all that is wanted is there, at any depth.
fn has(said: &Value, wanted: &Value) -> bool {
    match (said, wanted) {
        (Value::Object(said), Value::Object(wanted)) => {
            wanted.iter().all(|(name, wanted)| said.get(name).is_some_and(|said| has(said, wanted)))
        }
        _ => said == wanted,
    }
}

impl Drop for LiveClients {
    fn drop(&mut self) {
        // It ends when nobody asks it any more.
        self.asked = None;
        let _ = self.process.wait();
    }
}

fn is_there(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Where the clients are: beside what was compiled, as the lock file says.
fn installed() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let folder = tests.ancestors().nth(2).unwrap().join("live-clients");
    fs::create_dir_all(&folder).unwrap();
    // Tests of several processes want them at once.
    let alone = File::create(folder.join("lock")).unwrap();
    alone.lock().unwrap();
    let read = |path: PathBuf| fs::read_to_string(path).unwrap_or_default();
    let lock = read(Path::new(FOLDER).join("package-lock.json"));
    let made_from = folder.join("made-from.json");
    let is_made = read(made_from.clone()) == lock;
    for name in FILES {
        fs::copy(Path::new(FOLDER).join(name), folder.join(name)).unwrap();
    }
    if !is_made {
        let made = Command::new("npm").args(["ci", "--ignore-scripts"]).current_dir(&folder).output().unwrap();
        assert!(made.status.success(), "npm ci: {}", String::from_utf8_lossy(&made.stderr));
        // Written last: a folder without it was left half-made.
        fs::write(made_from, lock).unwrap();
    }
    folder
}
