//! `cargo xtask test`: every check that the product must pass, cheapest first.

mod api;
mod deny;
mod live_clients;
mod mariadb;
mod runners;
mod snapshots;

use std::time::Duration;

use crate::recipe::{Failure, Outcome, Recipe, only};
use crate::stage::Stages;
use crate::{check, data, demo, doc};
use runners::Runner;
use snapshots::References;

pub(crate) const RECIPE: Recipe = Recipe {
    name: "test",
    about: "every test and check, cheapest first; the last line is the result",
    help: "\
Usage: cargo xtask test [--install] [--full] [--only=STAGE]

  format        cargo fmt --check
  layers        the arrows between crates, what the pure crates reach, who may name what
  generated     the committed tables are what their generators make
  recipes       the tests of these recipes, the layer check among them
  clippy        warnings are errors
  doc           rustdoc, warnings are errors
  unit and laws the pure crates
  doc tests     the examples in the documentation
  store         the store on SQLite, and on a MariaDB that the tests start
  rooms         the server, the stand-in of the platform, the benchmark of the voice path; live updates with the clients that
                others wrote (needs Node.js and npm; without them, says so and goes on)
  journeys      the binary from outside, on both engines, at any hour (with the feature test-clock)
  description   the description of the API under a linter (needs npm; without it, says so and goes on)
  api           a server under whatever the description allows and forbids, as several people
  demo          the README's first command, to its end
  snapshots     none is pending, none is without a test
  deny          licences, bans and sources of the dependencies

Each stage prints its duration and has a budget: over it is reported, over twice the budget fails.
Nothing is retried. A stage that cannot run fails and says what is missing.
Tests are run by cargo-nextest where it is installed, else by cargo's own runner.
The last line is `N passed, 0 failed`.

  --install   install what is missing: cargo-deny from crates.io, into the user's cache and outside the clone, and
              MariaDB from the distribution (apt-get; as root, or through sudo)
  --full      more cases for every property law (PROPTEST_CASES=4096, or what you set), and a server that is killed twenty times
              under load instead of three
  --only=STAGE   this stage alone",
    run,
};

/// The flag of a single stage.
const ONLY: &str = "--only=";

/// Cases of a property law with `--full`; without it, proptest's own 256.
const FULL_CASES: &str = "4096";

fn run(arguments: &[String]) -> Outcome {
    let (named, flags): (Vec<_>, Vec<_>) = arguments.iter().cloned().partition(|argument| argument.starts_with(ONLY));
    only(&flags, &["--install", "--full"])?;
    let alone = named.last().and_then(|argument| argument.strip_prefix(ONLY));
    let asked = |name: &str| arguments.iter().any(|argument| argument == name);
    let (install, full) = (asked("--install"), asked("--full"));

    let references = References::new()?;
    let runner = Runner::new(&references, full.then_some(FULL_CASES));
    let laws = if full { 30 } else { 6 };
    let mut stages = Stages::only(alone);
    // Budgets hold with nothing compiled, on two cores; together they stay below an hour.
    stages.run("format", seconds(30), check::format);
    stages.run("layers", seconds(60), check::walk_layers);
    stages.run("generated", seconds(60), data::check);
    stages.run("recipes", minutes(2), || runner.packages(&["xtask"]));
    stages.run("clippy", minutes(8), check::clippy);
    stages.run("doc", minutes(3), doc::build);
    stages.run("unit and laws", minutes(laws), || runner.packages(&["cloudonix", "cxml", "opbx-core"]));
    stages.run("doc tests", minutes(4), || runner.doc_tests());
    stages.run("store", minutes(8), || {
        mariadb::provide(install)?;
        runner.packages(&["opbx-store"])
    });
    stages.run("rooms", minutes(8), || {
        live_clients::look();
        runner.all_but(&["xtask", "cloudonix", "cxml", "opbx-core", "opbx-store", "opbx"])
    });
    stages.run("journeys", minutes(4), || runner.binary());
    stages.run("description", minutes(2), api::description);
    stages.run("api", minutes(4), api::try_out);
    stages.run("demo", minutes(4), demo::check);
    stages.run("snapshots", seconds(30), || references.check());
    stages.run("deny", minutes(10), || deny::check(install));
    if let (true, Some(name)) = (stages.none_ran(), alone) {
        return Err(Failure::Usage(format!("there is no stage `{name}`; `--help` shows them")));
    }
    let total = stages.finish();
    println!("{} passed, {} failed", total.passed, total.failed);
    if total.failed == 0 { Ok(()) } else { Err(Failure::Reported) }
}

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

fn minutes(count: u64) -> Duration {
    seconds(count * 60)
}
