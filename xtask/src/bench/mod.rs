//! `cargo xtask bench`: the numbers, beside the goals where there are some.

mod api;
mod calls;
mod faults;
mod figures;
mod live;
mod php;
mod process;
mod programs;
mod pure;
mod reports;
mod scale;
mod voice;

use std::fs;
use std::path::Path;

use crate::recipe::{Outcome, Recipe, only};

pub(crate) const RECIPE: Recipe = Recipe {
    name: "bench",
    about: "measure the pure crates, the voice path and its size; prints tables and writes JSON",
    help: "\
Usage: cargo xtask bench [pure] [voice] [api] [reports] [live] [scale] [calls] [--php] [--huge] [--faults]

  pure    the criterion benchmarks of cxml and opbx-core: name, median, goal
  voice   voice requests over HTTP, beside the HTTP floor: the server's stack reading the same request and answering one
          fixed document. Linux only; two minutes after building
  api     the API in an organization of 5,000 extensions: lists, changes, fifty clients that never pause, memory before and after
          the first sign-in, and what a storm of sign-ins costs callers. Linux only; two minutes after building
  reports what the platform reports: acknowledged and applied, how soon it is visible, and what calls cost while it comes.
          Linux only; some minutes after building
  live    webhook to socket: 200 sockets that listen while ten calls a second go on. Linux only; two minutes after building
  scale   one server that knows 100,000 organizations of ten extensions: its start, and the memory of plans. Linux only; the
          database is filled once and stays below the target directory
  calls   the log of calls: facts applied to a million of them, lists, filters and statistics, beside a log of ten thousand; the
          databases are filled once, which takes some minutes, and stay below the target directory
  --faults
          a database that cannot be written to for a minute, under load: what was acknowledged is counted afterwards. Alone, unless
          other names are given too
  --huge  `calls` with ten million, which take an hour to be filled in
  --php   measure `voice` beside the PHP floor too: nginx, PHP-FPM and Redis doing the least for a call, where they are installed

Without a name, all of them. Everything is built in the profile that is shipped. The same goes as JSON into bench/ below the target
directory; criterion's own data stays in criterion/ beside it.

The voice path is measured twice: `decision path` logs warnings only, `as shipped` writes a line of JSON for each call to /dev/null. Its
measure is the CPU time of the serving process for each request, user and system, which is steady also where
other work shares the machine; ratios compare servers of the same round. Throughput and latency are what the machine had to spare.

A goal that is missed is printed as missed. It is no failure: a shared machine can miss a goal that the code meets.",
    run,
};

fn run(arguments: &[String]) -> Outcome {
    only(arguments, &["pure", "voice", "api", "reports", "live", "scale", "calls", "--php", "--huge", "--faults"])?;
    let has_faults = arguments.iter().any(|argument| argument == "--faults");
    let all = !has_faults && arguments.iter().all(|argument| argument.starts_with("--"));
    let asked = |name: &str| all || arguments.iter().any(|argument| argument == name);
    if asked("pure") {
        pure::run()?;
    }
    if asked("voice") {
        voice::run(arguments.iter().any(|argument| argument == "--php"))?;
    }
    if asked("api") {
        api::run()?;
    }
    if asked("reports") {
        reports::run()?;
    }
    if asked("live") {
        live::run()?;
    }
    if has_faults {
        faults::run()?;
    }
    if asked("scale") {
        scale::run()?;
    }
    if asked("calls") {
        calls::run(arguments.iter().any(|argument| argument == "--huge"))?;
    }
    Ok(())
}

fn create(file: &Path, text: &str) -> Result<(), String> {
    let folder = file.parent().map_or(Ok(()), fs::create_dir_all);
    folder.and_then(|()| fs::write(file, text)).map_err(|fault| format!("{}: {fault}", file.display()))
}
