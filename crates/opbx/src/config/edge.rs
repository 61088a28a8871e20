//! Who reaches the API, how often, and from whose pages.

use super::{Layers, Setting};
use opbx_server::{CorsOrigins, Edge, TrustedProxies};
use std::num::NonZeroU32;

/// The flags of this section.
#[derive(Debug, Default, clap::Args)]
#[group(skip)]
pub(super) struct Flags {
    /// How often each user, token or address may ask the API in a minute, and each organization ten times as often; 0: as often
    /// as they like (variable: OPBX_API_RATE_LIMIT; default: 600)
    #[arg(long, value_name = "NUMBER")]
    api_rate_limit: Option<String>,
    /// The networks of proxies whose X-Forwarded-For counts, separated by commas, such as 10.0.0.0/8
    /// (variable: OPBX_TRUSTED_PROXIES)
    #[arg(long, value_name = "NETWORKS")]
    trusted_proxies: Option<String>,
    /// The origins whose pages may read what the API answers, separated by commas, such as <https://app.example.com>; *: any,
    /// without cookies (variable: OPBX_CORS_ORIGINS)
    #[arg(long, value_name = "ORIGINS")]
    cors_origins: Option<String>,
}

const API_RATE_LIMIT: Setting =
    Setting { flag: "api-rate-limit", variable: "OPBX_API_RATE_LIMIT", key: "api_rate_limit", secret: false };
const TRUSTED_PROXIES: Setting =
    Setting { flag: "trusted-proxies", variable: "OPBX_TRUSTED_PROXIES", key: "trusted_proxies", secret: false };
const CORS_ORIGINS: Setting =
    Setting { flag: "cors-origins", variable: "OPBX_CORS_ORIGINS", key: "cors_origins", secret: false };

const MOST_PER_MINUTE: u32 = 1_000_000;

/// Reads the section; a mistake is noted and leaves its default, as everything is read before anything stops.
pub(super) fn read(flags: &Flags, layers: &mut Layers) -> Edge {
    let often = |text: &str| text.parse().ok().filter(|often| *often <= MOST_PER_MINUTE).ok_or(());
    let expected = "a number from 0 to 1000000";
    let often = layers.take(API_RATE_LIMIT, flags.api_rate_limit.as_deref(), expected, often);
    let expected = "networks like 10.0.0.0/8 or addresses, separated by commas";
    let proxies =
        layers.take(TRUSTED_PROXIES, flags.trusted_proxies.as_deref(), expected, str::parse::<TrustedProxies>);
    let expected = "origins like https://app.example.com, separated by commas, or * for any without cookies";
    let origins = layers.take(CORS_ORIGINS, flags.cors_origins.as_deref(), expected, str::parse::<CorsOrigins>);
    Edge {
        api_rate_limit: often.map_or(Some(Edge::API_RATE_LIMIT), NonZeroU32::new),
        trusted_proxies: proxies.unwrap_or_default(),
        cors_origins: origins.unwrap_or_default(),
    }
}
