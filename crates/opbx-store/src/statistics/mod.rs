//! Statistics: what is counted over calls, in the same transaction in which the calls are written, so that reading them
//! costs the same however many calls there were.
//!
//! # Zones
//!
//! Counts are cut in hours and days of the zone in which their organization was when they were begun; the *cut* of an
//! organization says which. A changed zone leaves a job that cuts anew: into a next generation of rows, some hundred calls at
//! a time, while calls go on being counted in the old one and, as far as they were counted there, in the next one. In one
//! transaction the next one takes the old one's place. Nothing ever mixes two zones.
//!
//! # What is gone
//!
//! Calls that are let go with time stay counted. What a new cut cannot count again, the days before the first one that is
//! still whole, is taken over as it was cut; only what is left of those days is cut anew.

mod cut;
mod days;
mod read;
mod rebuild;
mod top_numbers;
mod tops;
mod write;

pub(crate) use self::cut::leave_rebuild;
pub use self::rebuild::Rebuilt;

/// The word of the work of cutting an organization's statistics anew.
pub const STATISTICS_REBUILD: &str = "statistics_rebuild";
