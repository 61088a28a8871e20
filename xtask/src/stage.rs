//! Stages: named steps of a recipe, each with its duration, its budget and its count.

use std::time::{Duration, Instant};

/// How many checks passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Count {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Count {
    /// A stage that is one check.
    pub(crate) const ONE: Count = Count { passed: 1, failed: 0 };
}

/// What a stage found: a count (some of it may have failed), or a sentence why it could not do its work.
pub(crate) type Found = Result<Count, String>;

/// The stages of one run, and what they came to.
pub(crate) struct Stages {
    total: Count,
    /// One line for each stage, printed again at the end.
    lines: Vec<String>,
    started: Instant,
    /// The one that is wanted; none: all.
    alone: Option<String>,
}

impl Stages {
    pub(crate) fn new() -> Self {
        Self::only(None)
    }

    /// Runs the stage of this name and no other; `None`: all of them.
    pub(crate) fn only(alone: Option<&str>) -> Self {
        let alone = alone.map(str::to_owned);
        Stages { total: Count::default(), lines: Vec::new(), started: Instant::now(), alone }
    }

    /// Whether no stage has run so far.
    pub(crate) fn none_ran(&self) -> bool {
        self.lines.is_empty()
    }

    /// Runs a stage. Over its budget is reported, over twice its budget fails.
    pub(crate) fn run(&mut self, name: &str, budget: Duration, work: impl FnOnce() -> Found) {
        if self.alone.as_deref().is_some_and(|alone| alone != name) {
            return;
        }
        eprintln!("\n── {name}");
        let started = Instant::now();
        let found = work();
        self.note(name, budget, started.elapsed(), found);
    }

    fn note(&mut self, name: &str, budget: Duration, took: Duration, found: Found) {
        let (mut count, mut verdict) = match found {
            Ok(count) if count.failed == 0 => (count, format!("{} passed", count.passed)),
            Ok(count) => (count, format!("{} passed, {} FAILED", count.passed, count.failed)),
            Err(reason) => {
                eprintln!("{reason}");
                (Count { passed: 0, failed: 1 }, "FAILED".to_owned())
            }
        };
        if took > budget * 2 {
            count.failed += 1;
            verdict.push_str(&format!("; FAILED: more than twice its budget of {} s", budget.as_secs()));
        } else if took > budget {
            verdict.push_str(&format!("; OVER its budget of {} s", budget.as_secs()));
        }
        self.total.passed += count.passed;
        self.total.failed += count.failed;
        let line = format!("{name:<18} {:>7.1} s  {verdict}", took.as_secs_f64());
        eprintln!("── {line}");
        self.lines.push(line);
    }

    /// Prints the summary and returns the total. The closing line is the caller's.
    pub(crate) fn finish(self) -> Count {
        eprintln!("\n── all stages");
        for line in &self.lines {
            eprintln!("   {line}");
        }
        eprintln!("   {:<18} {:>7.1} s", "together", self.started.elapsed().as_secs_f64());
        self.total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(budget: u64, took: u64, found: Found) -> (Count, String) {
        let mut stages = Stages::new();
        stages.note("stage", Duration::from_secs(budget), Duration::from_secs(took), found);
        (stages.total, stages.lines.concat())
    }

    #[test]
    fn a_stage_in_time_counts_what_it_found() {
        let (total, line) = after(10, 9, Ok(Count { passed: 5, failed: 0 }));
        assert_eq!(total, Count { passed: 5, failed: 0 });
        assert!(line.ends_with("9.0 s  5 passed"), "{line}");
    }

    #[test]
    fn a_stage_over_its_budget_is_named() {
        let (total, line) = after(10, 15, Ok(Count::ONE));
        assert_eq!(total, Count::ONE);
        assert!(line.contains("OVER its budget of 10 s"), "{line}");
    }

    #[test]
    fn a_stage_over_twice_its_budget_fails() {
        let (total, _) = after(10, 21, Ok(Count::ONE));
        assert_eq!(total, Count { passed: 1, failed: 1 });
    }

    #[test]
    fn a_stage_that_is_wanted_alone_runs_alone() {
        let mut stages = Stages::only(Some("api"));
        stages.run("demo", Duration::from_secs(10), || Err("It ran.".to_owned()));
        assert!(stages.none_ran());
        stages.run("api", Duration::from_secs(10), || Ok(Count::ONE));
        assert_eq!(stages.total, Count::ONE);
    }

    #[test]
    fn a_stage_that_could_not_run_fails() {
        let (total, line) = after(10, 1, Err("cargo-deny is missing".to_owned()));
        assert_eq!(total, Count { passed: 0, failed: 1 });
        assert!(line.contains("FAILED"), "{line}");
    }
}
