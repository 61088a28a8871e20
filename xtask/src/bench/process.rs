//! The processes that are measured: started, asked for an address, read in `/proc`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::machine;

/// A server that runs until it is dropped.
pub(super) struct Serving {
    child: Child,
    /// Where it listens.
    pub(super) address: String,
    /// When it was started.
    pub(super) started: Instant,
}

impl Serving {
    /// Starts a server and waits until it says where it listens.
    pub(super) fn start(command: &mut Command) -> Result<Self, String> {
        let started = Instant::now();
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let child = child.map_err(|fault| format!("`{}` could not be started: {fault}", machine::shown(command)))?;
        let mut serving = Self { child, address: String::new(), started };
        let output = serving.child.stdout.take().ok_or("The server's output cannot be read.")?;
        let mut lines = BufReader::new(output);
        let mut line = String::new();
        while serving.address.is_empty() {
            line.clear();
            match lines.read_line(&mut line) {
                Ok(0) | Err(_) => return Err(format!("`{}` did not start.", machine::shown(command))),
                Ok(_) => serving.address = address(&line).unwrap_or_default().to_owned(),
            }
        }
        // A pipe that nobody reads would stop it one day.
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        Ok(serving)
    }

    /// The CPU time that it has used, user and system.
    pub(super) fn cpu_time(&self, ticks: f64) -> Result<Duration, String> {
        used_alone(self.child.id(), ticks)
    }

    /// Its resident memory in KiB.
    pub(super) fn resident(&self) -> Result<u64, String> {
        let file = format!("/proc/{}/status", self.child.id());
        let status = fs::read_to_string(&file).map_err(|fault| format!("{file}: {fault}"))?;
        resident(&status).ok_or_else(|| format!("{file} does not name the resident memory."))
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn used_alone(process: u32, ticks: f64) -> Result<Duration, String> {
    let file = format!("/proc/{process}/stat");
    let stat = fs::read_to_string(&file).map_err(|fault| format!("{file}: {fault}"))?;
    let used = ticks_used(&stat).ok_or_else(|| format!("{file} has another form: {stat}"))?;
    Ok(Duration::from_secs_f64(used as f64 / ticks))
}

/// The CPU time that a process and those that it started have used.
pub(super) fn used_by(process: u32, ticks: f64) -> Result<Duration, String> {
    let file = format!("/proc/{process}/task/{process}/children");
    let children = fs::read_to_string(&file).map_err(|fault| format!("{file}: {fault}"))?;
    let mut used = used_alone(process, ticks)?;
    for child in children.split_whitespace().filter_map(|child| child.parse().ok()) {
        used += used_by(child, ticks)?;
    }
    Ok(used)
}

/// How many ticks of `/proc` are a second.
pub(super) fn ticks_a_second() -> Result<f64, String> {
    let said = machine::read(Command::new("getconf").arg("CLK_TCK"))?;
    said.trim().parse().map_err(|_| format!("`getconf CLK_TCK` says `{}`.", said.trim()))
}

fn address(line: &str) -> Option<&str> {
    line.split_once("listening on http://").map(|(_, address)| address.trim_end())
}

/// The sum of fields 14 and 15. The name of the program, field 2, may hold blanks and brackets: what counts begins
/// behind the last bracket.
fn ticks_used(stat: &str) -> Option<u64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut times = rest.split_whitespace().skip(11);
    let user: u64 = times.next()?.parse().ok()?;
    let system: u64 = times.next()?.parse().ok()?;
    Some(user + system)
}

fn resident(status: &str) -> Option<u64> {
    status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_times_of_a_process_are_read_whatever_its_name_is() {
        let stat = |name: &str| {
            format!(
                "4711 ({name}) S 1 4711 4711 0 -1 4194560 900 0 0 0 250 31 7 8 20 0 5 0 123 456 789 18446744073709551615"
            )
        };
        assert_eq!(ticks_used(&stat("opbx")), Some(281));
        assert_eq!(ticks_used(&stat("a ) S 9 9 (b")), Some(281));
        assert_eq!(ticks_used(""), None);
        assert_eq!(ticks_used("4711 (opbx) S 1 4711"), None);
    }

    #[test]
    fn the_resident_memory_is_read() {
        assert_eq!(resident("Name:\topbx\nVmHWM:\t  9000 kB\nVmRSS:\t    8764 kB\nThreads:\t3\n"), Some(8764));
        assert_eq!(resident("Name:\topbx\n"), None);
    }

    #[test]
    fn a_server_says_where_it_listens() {
        assert_eq!(address("listening on http://127.0.0.1:4123\n"), Some("127.0.0.1:4123"));
        assert_eq!(address("webhook key x\n"), None);
    }
}
