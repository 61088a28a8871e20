//! The test runners, and what they say they ran.

use std::process::Command;

use super::snapshots::References;
use crate::check::TEST_CLOCK;
use crate::machine;
use crate::stage::{Count, Found};

/// How often a server is killed under load with `--full`.
const KILLS: &str = "20";

/// cargo-nextest where it is installed, else cargo's own runner.
pub(super) struct Runner<'r> {
    nextest: bool,
    references: &'r References,
    /// Cases of each property law, if more than usual.
    cases: Option<&'static str>,
    full: bool,
}

impl<'r> Runner<'r> {
    pub(super) fn new(references: &'r References, cases: Option<&'static str>) -> Self {
        let nextest = machine::on_path("cargo-nextest").is_some();
        if !nextest {
            eprintln!("cargo-nextest is not installed; cargo's own runner does as well, a little slower.");
        }
        // What the user chose for the laws wins over our choice.
        let full = cases.is_some();
        let cases = cases.filter(|_| std::env::var_os("PROPTEST_CASES").is_none());
        Runner { nextest, references, cases, full }
    }

    /// The tests of these crates.
    pub(super) fn packages(&self, names: &[&str]) -> Found {
        self.run(names.iter().flat_map(|name| ["--package", name]))
    }

    /// The tests of the binary, which may set its clock.
    pub(super) fn binary(&self) -> Found {
        self.run(["--package", "opbx", TEST_CLOCK].into_iter())
    }

    /// The tests of all crates but these; a crate that is added tomorrow is among them.
    pub(super) fn all_but(&self, names: &[&str]) -> Found {
        let excluded = names.iter().flat_map(|name| ["--exclude", name]);
        self.run(std::iter::once("--workspace").chain(excluded))
    }

    /// The examples in the documentation; nextest does not know them.
    pub(super) fn doc_tests(&self) -> Found {
        self.count(machine::cargo(&["test", "--locked", "--workspace", "--doc"]), libtest_count)
    }

    fn run<'a>(&self, selection: impl Iterator<Item = &'a str>) -> Found {
        if self.nextest {
            let mut command = machine::cargo(&["nextest", "run", "--locked", "--profile=ci", "--no-tests=pass"]);
            command.args(selection);
            self.count(command, nextest_count)
        } else {
            let mut command = machine::cargo(&["test", "--locked", "--no-fail-fast", "--tests"]);
            command.args(selection);
            self.count(command, libtest_count)
        }
    }

    fn count(&self, mut command: Command, read: fn(&str) -> Option<Count>) -> Found {
        // Snapshots are compared and never written: the tree stays as it was.
        command.env("INSTA_UPDATE", "no").env("INSTA_SNAPSHOT_REFERENCES_FILE", self.references.file());
        if let Some(cases) = self.cases {
            command.env("PROPTEST_CASES", cases);
        }
        if self.full {
            command.env("OPBX_TEST_KILLS", KILLS);
        }
        let heard = machine::listen(&mut command)?;
        let shown = machine::shown(&command);
        match read(&heard.text) {
            Some(count) if heard.success && count.failed == 0 => Ok(count),
            Some(count) if count.failed > 0 => Ok(count),
            // Nothing failed and yet the runner is not content: it did not compile, or broke down.
            _ => Err(format!("`{shown}` did not come to an end.")),
        }
    }
}

/// `Summary [0.005s] 12 tests run: 11 passed (1 slow), 1 failed, 3 skipped`
fn nextest_count(text: &str) -> Option<Count> {
    let Some((_, summary)) = text.lines().rev().find_map(|line| {
        let line = line.trim_start();
        if line.starts_with("Summary [") { line.split_once("run:") } else { None }
    }) else {
        // No test at all prints no summary line in some versions.
        return text.contains("no tests to run").then(Count::default);
    };
    let mut count = Count::default();
    // What stands in parentheses says more about the number before it.
    for part in summary.split(',').map(|part| part.split('(').next().unwrap_or(part)) {
        let mut words = part.split_whitespace();
        let (Some(Ok(number)), Some(what)) = (words.next().map(str::parse::<u64>), words.next()) else { continue };
        match what {
            "passed" => count.passed += number,
            "skipped" => {}
            // `failed`, `timed out`, `exec failed`: none of them is a pass.
            _ => count.failed += number,
        }
    }
    Some(count)
}

/// `test result: ok. 12 passed; 0 failed; 0 ignored; …`, once for each binary.
fn libtest_count(text: &str) -> Option<Count> {
    let mut count = Count::default();
    for line in text.lines() {
        let Some((_, result)) = line.split_once("test result: ").and_then(|(_, rest)| rest.split_once(". ")) else {
            continue;
        };
        for part in result.split(';') {
            let mut words = part.split_whitespace();
            let (Some(number), Some(what)) = (words.next(), words.next()) else { continue };
            let number: u64 = number.parse().unwrap_or(0);
            match what {
                "passed" => count.passed += number,
                "failed" => count.failed += number,
                _ => {}
            }
        }
    }
    Some(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(passed: u64, failed: u64) -> Option<Count> {
        Some(Count { passed, failed })
    }

    #[test]
    fn nextest_summaries() {
        let summary = |rest: &str| nextest_count(&format!("  PASS x\n     Summary [   0.005s] {rest}\n"));
        assert_eq!(summary("12 tests run: 12 passed, 0 skipped"), count(12, 0));
        assert_eq!(summary("1 test run: 1 passed, 0 skipped"), count(1, 0));
        assert_eq!(summary("5 tests run: 4 passed (1 slow), 1 failed, 2 skipped"), count(4, 1));
        assert_eq!(summary("3/5 tests run: 1 passed, 1 failed, 1 timed out, 0 skipped"), count(1, 2));
        assert_eq!(summary("0 tests run: 0 passed, 0 skipped"), count(0, 0));
        assert_eq!(nextest_count("error: could not compile `opbx-core`"), None);
    }

    #[test]
    fn libtest_results_are_summed() {
        let text = "test result: ok. 8 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
            test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n";
        assert_eq!(libtest_count(text), count(9, 2));
        assert_eq!(libtest_count(""), count(0, 0));
    }
}
