use std::sync::atomic::{AtomicU64, Ordering};

use reqwest::Url;
use reqwest::header::HeaderValue;

use crate::call::Call;
use crate::http::{Line, resolve};
use crate::people::People;
use crate::player;
use crate::request::Session;
use crate::settings::Settings;
use crate::transcript::Transcript;

/// A telephone exchange that stands in for the platform: it places calls over HTTP against a voice application.
///
/// Calls may be placed at the same time; they share nothing but the counter of session tokens. It needs to run inside Tokio.
#[derive(Debug)]
pub struct Exchange {
    pub(crate) settings: Settings,
    pub(crate) application: Url,
    pub(crate) line: Line,
    calls: AtomicU64,
}

/// Why an exchange cannot be built.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// [`Settings::application_url`] is no address to ask.
    #[error("the address of the application: {0}")]
    ApplicationUrl(String),
    /// [`Settings::bearer`] has characters that no header can carry.
    #[error("the bearer token has characters that no header can carry")]
    Bearer,
    /// One of [`Settings::origins`] or [`Settings::public_origin`] is no address, or there is no HTTP client.
    #[error("the HTTP client: {0}")]
    Client(String),
}

impl Exchange {
    /// An exchange with these settings. Nothing is asked yet.
    ///
    /// # Errors
    ///
    /// [`SettingsError`] if the address of the application or something else in the settings makes no sense.
    pub fn new(settings: Settings) -> Result<Self, SettingsError> {
        let refuse = |fault: String| SettingsError::ApplicationUrl(fault);
        let application = Url::parse(&settings.application_url)
            .map_err(|fault| refuse(format!("{:?}: {fault}", settings.application_url)))?;
        let application = resolve(&application, "").map_err(|fault| refuse(fault.to_string()))?;
        if let Some(bearer) = &settings.bearer
            && HeaderValue::from_str(bearer).is_err()
        {
            return Err(SettingsError::Bearer);
        }
        let line = Line::new(&settings, &application).map_err(SettingsError::Client)?;
        Ok(Self { settings, application, line, calls: AtomicU64::new(0) })
    }

    /// Places a call and plays it to its end. It always ends, and it does not fail: what goes wrong is in the transcript.
    pub async fn place(&self, call: Call, people: People) -> Transcript {
        let number = self.calls.fetch_add(1, Ordering::Relaxed);
        let token = call.session.clone().unwrap_or_else(|| {
            let (high, low) = (mixed(self.settings.seed, 2 * number), mixed(self.settings.seed, 2 * number + 1));
            format!("{high:016x}{low:016x}")
        });
        player::play(self, call, people, Session { token, id: session_id(self.settings.seed, number) }).await
    }
}

/// The numeric id of a session. Real ones count up for all of the platform; each seed has a thousand of its own.
const fn session_id(seed: u64, number: u64) -> u64 {
    // Far below the whole numbers that JSON can carry.
    30_112_233 + seed % 1_000_000_000 * 1_000 + number
}

/// The number with this index in the sequence of this seed (SplitMix64): scattered as real ones are, and always the same.
pub(crate) fn mixed(seed: u64, index: u64) -> u64 {
    let mut z = seed.wrapping_add(index.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
