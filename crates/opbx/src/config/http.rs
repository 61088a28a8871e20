//! Where the server listens, and what its address is outside.

use super::{Layers, Setting};
use opbx_server::PublicUrl;
use std::net::SocketAddr;
use std::time::Duration;

/// The flags of this section.
#[derive(Debug, Default, clap::Args)]
#[group(skip)]
pub(super) struct Flags {
    /// The address to listen on; port 0 is any free one (variable: OPBX_LISTEN; default: 127.0.0.1:8080)
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// The address at which the platform reaches this server, such as <https://pbx.example.com>; without it, documents hold
    /// relative paths (variable: OPBX_PUBLIC_URL)
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// How long connections are still taken after the server was told to stop and /readyz says so, 0 to 600
    /// (variable: OPBX_DRAIN_SECONDS; default: 0)
    #[arg(long, value_name = "SECONDS")]
    drain_seconds: Option<String>,
}

/// The public address alone, for what looks at it and does not listen.
#[derive(Debug, Default, clap::Args)]
#[group(skip)]
pub(super) struct OutsideFlags {
    /// The address at which the platform reaches the server (variable: OPBX_PUBLIC_URL)
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
}

impl From<&OutsideFlags> for Flags {
    fn from(flags: &OutsideFlags) -> Self {
        Self { public_url: flags.public_url.clone(), ..Self::default() }
    }
}

const LISTEN: Setting = Setting { flag: "listen", variable: "OPBX_LISTEN", key: "listen", secret: false };
const PUBLIC_URL: Setting =
    Setting { flag: "public-url", variable: "OPBX_PUBLIC_URL", key: "public_url", secret: false };
const DRAIN_SECONDS: Setting =
    Setting { flag: "drain-seconds", variable: "OPBX_DRAIN_SECONDS", key: "drain_seconds", secret: false };

const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8080);
const LONGEST_DRAIN: u64 = 600;

/// What was set.
pub(super) struct Http {
    pub(super) listen: SocketAddr,
    pub(super) public_url: Option<PublicUrl>,
    pub(super) drain: Duration,
}

/// Reads the section; a mistake is noted and leaves its default, as everything is read before anything stops.
pub(super) fn read(flags: &Flags, layers: &mut Layers) -> Option<Http> {
    let listen = layers.take(LISTEN, flags.listen.as_deref(), "an address like 127.0.0.1:8080", str::parse);
    let public_url =
        layers.take(PUBLIC_URL, flags.public_url.as_deref(), "an address like https://pbx.example.com", str::parse);
    let seconds =
        |text: &str| text.parse().ok().filter(|seconds| *seconds <= LONGEST_DRAIN).map(Duration::from_secs).ok_or(());
    let drain =
        layers.take(DRAIN_SECONDS, flags.drain_seconds.as_deref(), "a number of seconds from 0 to 600", seconds);
    Some(Http { listen: listen.unwrap_or(DEFAULT_LISTEN), public_url, drain: drain.unwrap_or_default() })
}
