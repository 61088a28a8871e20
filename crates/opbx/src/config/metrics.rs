//! Who reads the figures of a server, and where.

use super::{Layers, Setting};
use opbx_server::{MetricsAccess, MetricsToken};

/// The flags of this section.
#[derive(Debug, Default, clap::Args)]
#[group(skip)]
pub(super) struct Flags {
    /// An address of its own for /metrics, which asks nothing of whoever reads it: keep it inside
    /// (variable: OPBX_METRICS_LISTEN)
    #[arg(long, value_name = "ADDRESS")]
    metrics_listen: Option<String>,
    /// What must be presented as bearer token to read /metrics where calls are answered, 16 to 128 printable characters;
    /// without it, nothing is there (variable: OPBX_METRICS_TOKEN)
    #[arg(long, value_name = "TOKEN")]
    metrics_token: Option<String>,
}

const METRICS_LISTEN: Setting =
    Setting { flag: "metrics-listen", variable: "OPBX_METRICS_LISTEN", key: "metrics_listen", secret: false };
const METRICS_TOKEN: Setting =
    Setting { flag: "metrics-token", variable: "OPBX_METRICS_TOKEN", key: "metrics_token", secret: true };

/// Reads the section; a mistake is noted, as everything is read before anything stops.
pub(super) fn read(flags: &Flags, layers: &mut Layers) -> MetricsAccess {
    let address = "an address like 127.0.0.1:9090";
    let listen = layers.take(METRICS_LISTEN, flags.metrics_listen.as_deref(), address, str::parse);
    let expected = "a text of 16 to 128 printable characters without blanks";
    let token = layers.take(METRICS_TOKEN, flags.metrics_token.as_deref(), expected, str::parse::<MetricsToken>);
    MetricsAccess { listen, token }
}
