//! How calls are kept.

use super::{Layers, Setting};
use jiff::SignedDuration;

/// The flags of this section.
#[derive(Debug, Default, clap::Args)]
#[group(skip)]
pub(super) struct Flags {
    /// After how many hours in which nothing was heard of a live call its end counts as lost, 1 to 720
    /// (variable: OPBX_STALE_HOURS; default: 4)
    #[arg(long, value_name = "HOURS")]
    stale_hours: Option<String>,
}

const STALE_HOURS: Setting =
    Setting { flag: "stale-hours", variable: "OPBX_STALE_HOURS", key: "stale_hours", secret: false };

/// No call is said to go on for a month.
const LONGEST: i64 = 720;
const DEFAULT: SignedDuration = SignedDuration::from_hours(4);

/// Reads the section; a mistake is noted and leaves its default, as everything is read before anything stops.
pub(super) fn read(flags: &Flags, layers: &mut Layers) -> SignedDuration {
    let hours = |text: &str| {
        text.parse().ok().filter(|hours| (1..=LONGEST).contains(hours)).map(SignedDuration::from_hours).ok_or(())
    };
    let expected = format!("a number of hours from 1 to {LONGEST}");
    layers.take(STALE_HOURS, flags.stale_hours.as_deref(), &expected, hours).unwrap_or(DEFAULT)
}
