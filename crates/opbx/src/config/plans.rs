//! How much memory compiled plans may take.

use super::{Layers, Setting};
use opbx_server::PlanMemory;

/// The flags of this section.
#[derive(Debug, Default, clap::Args)]
#[group(skip)]
pub(super) struct Flags {
    /// How much memory the plans of organizations may take, in MiB, 1 to 1048576; those that do not fit are loaded again
    /// when they are called (variable: OPBX_PLAN_CACHE_MB; default: 256)
    #[arg(long, value_name = "MIB")]
    plan_cache_mb: Option<String>,
}

const PLAN_CACHE_MB: Setting =
    Setting { flag: "plan-cache-mb", variable: "OPBX_PLAN_CACHE_MB", key: "plan_cache_mb", secret: false };

/// Reads the section; a mistake is noted and leaves its default, as everything is read before anything stops.
pub(super) fn read(flags: &Flags, layers: &mut Layers) -> PlanMemory {
    let memory = |text: &str| text.parse().ok().and_then(PlanMemory::mebibytes).ok_or(());
    let expected = format!("a number of MiB from {} to {}", PlanMemory::LEAST, PlanMemory::MOST);
    layers.take(PLAN_CACHE_MB, flags.plan_cache_mb.as_deref(), &expected, memory).unwrap_or_default()
}
