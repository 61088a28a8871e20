//! Tables of line forms, exact errors, and the sample.

mod forms;
mod problems;
mod sample;

use super::{Document, Problem};
use jiff::tz::TimeZoneDatabase;

fn zones() -> TimeZoneDatabase {
    TimeZoneDatabase::bundled()
}

fn parse(text: &str) -> Result<Document, Vec<Problem>> {
    super::parse(text, &zones())
}

fn format(text: &str) -> String {
    super::format(text, &zones()).unwrap_or_else(|problems| panic!("{}\n{text}", told(&problems)))
}

fn told(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
