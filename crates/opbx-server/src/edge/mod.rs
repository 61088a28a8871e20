//! What an operator decides about who reaches the API, and how it looks from outside.

mod cors;
mod headers;

pub use self::cors::{CorsOrigins, NotOrigins};

pub(crate) use self::cors::across_origins;
pub(crate) use self::headers::{SecurityHeaders, guarded};

use crate::client_address::TrustedProxies;
use std::num::NonZeroU32;

/// How the API looks from outside.
#[derive(Clone, Debug)]
pub struct Edge {
    /// How often each actor may ask in a minute, and each organization ten times as often; `None`: as often as they like.
    pub api_rate_limit: Option<NonZeroU32>,
    /// Whose word about where a request was sent from counts.
    pub trusted_proxies: TrustedProxies,
    /// The pages of others that may read answers.
    pub cors_origins: CorsOrigins,
}

impl Edge {
    /// How often each actor may ask in a minute where nothing is said.
    pub const API_RATE_LIMIT: NonZeroU32 = NonZeroU32::MIN.saturating_add(599);
}

impl Default for Edge {
    fn default() -> Self {
        Self {
            api_rate_limit: Some(Self::API_RATE_LIMIT),
            trusted_proxies: TrustedProxies::default(),
            cors_origins: CorsOrigins::default(),
        }
    }
}
