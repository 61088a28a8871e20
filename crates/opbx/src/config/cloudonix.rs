//! Where the platform's own interface is.

use super::{Layers, Setting};
use opbx_server::{NotAnInterface, PlatformApi};

/// The flags of this section.
#[derive(Debug, Default, clap::Args)]
#[group(skip)]
pub(super) struct Flags {
    /// The address of the platform's interface. What it recorded may be fetched from there wherever that is (variable:
    /// CLOUDONIX_API_BASE_URL; default: <https://api.cloudonix.io>)
    #[arg(long, value_name = "URL")]
    cloudonix_api: Option<String>,
}

const CLOUDONIX_API: Setting =
    Setting { flag: "cloudonix-api", variable: "CLOUDONIX_API_BASE_URL", key: "cloudonix_api", secret: false };

/// Reads the section; a mistake is noted, as everything is read before anything stops.
pub(super) fn read(flags: &Flags, layers: &mut Layers) -> PlatformApi {
    let expected = NotAnInterface.to_string();
    let set = layers.take(CLOUDONIX_API, flags.cloudonix_api.as_deref(), &expected, str::parse::<PlatformApi>);
    set.unwrap_or_default()
}
