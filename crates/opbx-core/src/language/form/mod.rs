//! One file per kind of object: how its lines are read and, beside it, how they are printed.

pub(super) mod assistant;
pub(super) mod block;
pub(super) mod call;
pub(super) mod conference;
pub(super) mod days;
pub(super) mod extension;
pub(super) mod group;
pub(super) mod hours;
pub(super) mod menu;
pub(super) mod number;
pub(super) mod organization;
pub(super) mod prompt;
pub(super) mod rule;
mod shared;
pub(super) mod voicemail;

use super::names::Names;
use super::sheet::Kept;
use jiff::tz::{TimeZone, TimeZoneDatabase};

/// What printing any object needs to know.
pub(super) struct Printer<'s> {
    pub(super) names: Names<'s>,
    pub(super) kept: &'s Kept,
    pub(super) zones: &'s TimeZoneDatabase,
    /// The organization's.
    pub(super) zone: TimeZone,
}
