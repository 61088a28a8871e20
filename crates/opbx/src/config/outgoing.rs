//! What the server fetches from addresses that people gave it.

use super::{Layers, Setting};
use opbx_server::FetchAllow;

/// The flags of this section.
#[derive(Debug, Default, clap::Args)]
#[group(skip)]
pub(super) struct Flags {
    /// Networks from which prompts may be fetched although they are not public, such as 10.20.0.0/16,192.168.7.7
    /// (variable: OPBX_FETCH_ALLOW; default: none)
    #[arg(long, value_name = "NETWORKS")]
    fetch_allow: Option<String>,
}

const FETCH_ALLOW: Setting =
    Setting { flag: "fetch-allow", variable: "OPBX_FETCH_ALLOW", key: "fetch_allow", secret: false };

/// Reads the section; a mistake is noted and leaves its default, as everything is read before anything stops.
pub(super) fn read(flags: &Flags, layers: &mut Layers) -> FetchAllow {
    let expected = "networks like 10.20.0.0/16, separated by commas";
    layers.take(FETCH_ALLOW, flags.fetch_allow.as_deref(), expected, str::parse).unwrap_or_default()
}
