//! What is wrong with a plan before a caller finds out.
//!
//! [`lint`] judges a whole plan by the rules that [`route`](crate::route::route) follows: forwards by
//! the same look-up of outbound rules, phones of a group by the same search, guards by the same numbers. It reads no
//! clock, so a schedule is taken as open at one time and closed at another, and an entry of the block list as lasting.
//!
//! # Error or warning
//!
//! What counts is what a caller experiences. An [`Error`](Severity::Error) is a fault that a call can meet and that
//! ends it, or turns it in a circle: a destination that does not exist, an inactive one behind which the caller only
//! hears that it is not available, a group with nobody to ring. Everything else is a [`Warning`](Severity::Warning):
//!
//! * an inactive object after which the call goes on: an inactive schedule is closed; an inactive box, assistant,
//!   prompt or forward behind a menu's option is made good by the menu's failover; an inactive prompt before something
//!   else, and one with a sentence of ours in its place, is passed over;
//! * any fault where no call comes: in an object that is inactive, or that nothing leads to.
//!
//! Inactive objects are put aside on purpose. They are not reported as unreachable, and of what is written in them
//! only references to what no longer exists.

mod fault;
mod finding;
mod forwards;
mod graph;
mod leads;
mod loops;
mod object;
mod reach;
mod settings;
#[cfg(test)]
mod tests;
mod way;
mod write;

pub use self::fault::Fault;
pub use self::finding::{Finding, Severity, finding_text, path_text};
pub use self::way::Way;

use self::graph::Graph;
use self::reach::Reach;
use crate::plan::RoutingPlan;

/// Everything that is wrong with a plan: errors first, then in the order of their paths. The same plan always gives the
/// same findings, in time that grows with its size and not faster.
pub fn lint(plan: &RoutingPlan) -> Vec<Finding<'_>> {
    let graph = Graph::new(plan);
    let reach = Reach::new(&graph);
    let mut findings = Vec::new();
    leads::faulty_leads(&graph, &reach, &mut findings);
    leads::unreachable(&graph, &reach, &mut findings);
    loops::loops(&graph, &reach, &mut findings);
    forwards::refused(&graph, &reach, &mut findings);
    forwards::fourth(&graph, &mut findings);
    settings::settings(&graph, &reach, &mut findings);
    findings.sort_by(|a, b| (a.severity, &a.path, a.code).cmp(&(b.severity, &b.path, b.code)));
    findings
}
