//! Running the program, and talking to it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdout, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The phone system of the tests that need one.
pub(crate) const PLAN: &str = include_str!("../../../../examples/front-desk.opbx");
pub(crate) const KEY: &str = "the-key-of-the-front-desk";

/// A directory of this test's own, and the program in it without anything of the environment.
pub(crate) struct Place(PathBuf);

impl Place {
    /// A new place with `plan.opbx` in it.
    pub(crate) fn new(name: &str) -> Self {
        let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&place);
        std::fs::create_dir_all(&place).unwrap();
        let place = Self(place);
        place.write("plan.opbx", PLAN);
        place
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.join(name), text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).unwrap()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The program with these words.
    pub(crate) fn opbx(&self, words: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_opbx"));
        command.current_dir(&self.0).env_clear().args(words.split_whitespace());
        command
    }

    /// Runs it to its end with words that may hold blanks.
    pub(crate) fn run_words(&self, words: &[&str]) -> Ran {
        Ran::of(self.opbx("").args(words))
    }

    /// Runs it to its end.
    pub(crate) fn run(&self, words: &str) -> Ran {
        Ran::of(&mut self.opbx(words))
    }
}

/// A run that is over.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) output: String,
    pub(crate) errors: String,
}

impl Ran {
    pub(crate) fn of(command: &mut Command) -> Self {
        let Output { status, stdout, stderr } = command.stdin(Stdio::null()).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: status.code(), output: text(stdout), errors: text(stderr) }
    }
}

/// Looks again until it is so. Only a product that does not do what it should lets this end by itself.
#[track_caller]
pub(crate) fn until<T>(what: &str, within: Duration, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(begun.elapsed() < within, "within {within:?} it did not come that {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The log of a server, read while it runs: a full pipe would stop it.
struct Log {
    text: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
}

impl Log {
    fn of(errors: ChildStderr) -> Self {
        let text = Arc::new(Mutex::new(String::new()));
        let written = Arc::clone(&text);
        let reader = std::thread::spawn(move || {
            let mut lines = BufReader::new(errors);
            let mut line = String::new();
            while lines.read_line(&mut line).unwrap() > 0 {
                written.lock().unwrap().push_str(&line);
                line.clear();
            }
        });
        Self { text, reader: Some(reader) }
    }

    fn so_far(&self) -> String {
        self.text.lock().unwrap().clone()
    }

    /// All of it; its process has ended.
    fn whole(&mut self) -> String {
        self.reader.take().map(JoinHandle::join).transpose().unwrap();
        self.so_far()
    }
}

/// A server that runs.
pub(crate) struct Serving {
    child: Child,
    log: Log,
    output: BufReader<ChildStdout>,
    pub(crate) address: SocketAddr,
    /// What it said at its start.
    pub(crate) said: String,
}

impl Serving {
    /// Starts it on a free port.
    pub(crate) fn start(place: &Place, words: &str) -> Self {
        Self::start_with(&mut place.opbx(&format!("serve --plan plan.opbx --listen 127.0.0.1:0 {words}")))
    }

    pub(crate) fn start_with(command: &mut Command) -> Self {
        Self::start_until(command, "webhook key")
    }

    /// Starts it, and reads what it says up to a word that ends that.
    pub(crate) fn start_until(command: &mut Command, last: &str) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut log = Log::of(child.stderr.take().unwrap());
        let mut said = String::new();
        while !said.contains(last) {
            if output.read_line(&mut said).unwrap() == 0 {
                panic!("the server did not start: {said}{}", log.whole());
            }
        }
        let (_, address) = said.split_once("listening on http://").unwrap();
        let address = address.lines().next().unwrap().parse().unwrap();
        Self { child, log, output, address, said }
    }

    pub(crate) fn key(&self) -> String {
        self.said.split_once("webhook key ").unwrap().1.trim().to_owned()
    }

    /// Sends a request as it is written and reads the whole answer.
    pub(crate) fn exchange(&self, head: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let length = body.len();
        write!(stream, "{head}\r\nHost: localhost\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// A request of the platform.
    pub(crate) fn post(&self, path: &str, key: &str, body: &str) -> String {
        let head = format!("POST {path} HTTP/1.1\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json");
        self.exchange(&head, body)
    }

    pub(crate) fn get(&self, path: &str) -> String {
        self.exchange(&format!("GET {path} HTTP/1.1"), "")
    }

    /// What it has logged so far, in JSON.
    pub(crate) fn log(&self) -> Vec<serde_json::Value> {
        self.log.so_far().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
    }

    /// Waits for its end: the exit code, what it said at last, and its log.
    pub(crate) fn wait(mut self) -> Ran {
        let mut output = String::new();
        self.output.read_to_string(&mut output).unwrap();
        Ran { code: self.child.wait().unwrap().code(), output, errors: self.log.whole() }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
