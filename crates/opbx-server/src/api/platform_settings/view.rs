//! What is shown of the connection to the platform: its secrets by their last characters.

use super::super::answer::instant;
use super::super::form::Rules;
use super::super::users::object;
use crate::webhook_urls::WebhookUrls;
use opbx_core::secret::Password;
use opbx_store::StoredPlatformSettings;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// How an organization and the platform know each other.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlatformSettings)]
pub(super) struct PlatformSettingsView {
    /// The name of the organization's domain at the platform.
    #[schema(max_length = 253, example = "acme.cloudonix.net")]
    domain: Option<String>,
    /// The platform's identifier of that domain.
    #[schema(example = "2b1d7c3e-0000-4000-8000-9a0b1c2d3e4f")]
    domain_uuid: Option<String>,
    /// What is presented to the platform's interface. Only its end is shown; sent back like that, it stays.
    #[schema(example = "****1f9c")]
    api_key: Option<String>,
    /// What the platform presents: 16 to 128 printable characters. Only its end is shown; sent back like that, it stays.
    #[schema(example = "****Ae1f")]
    webhook_key: String,
    /// The address at which the platform reaches this installation for this organization; null: the installation's own.
    #[schema(max_length = 200, example = "https://pbx.example.com")]
    public_url: Option<String>,
    /// The format of recordings; null: the platform's.
    recording_format: Option<RecordingFormatWord>,
    /// What the platform must be told.
    webhook_urls: WebhookUrls,
    /// When they were last changed.
    #[schema(format = DateTime)]
    updated_at: String,
}

/// A format of recordings.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RecordingFormat)]
pub(super) enum RecordingFormatWord {
    /// Uncompressed.
    Wav,
    /// Compressed.
    Mp3,
}

impl RecordingFormatWord {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Wav => "wav",
            Self::Mp3 => "mp3",
        }
    }

    fn of(word: &str) -> Option<Self> {
        [Self::Wav, Self::Mp3].into_iter().find(|format| format.as_str() == word)
    }
}

pub(super) fn rules() -> Rules {
    Rules {
        required: &["webhook_key"],
        immutable: &[],
        read_only: &["webhook_urls", "updated_at"],
        write_only: &[],
        defaults: object(json!({
            "domain": null, "domain_uuid": null, "api_key": null, "public_url": null, "recording_format": null,
        })),
    }
}

/// The end of a secret, behind a mark: what people tell it by.
pub(super) fn masked(secret: &str) -> String {
    let end = secret.char_indices().rev().nth(3).and_then(|(start, _)| secret.get(start..)).unwrap_or_default();
    format!("****{end}")
}

/// Shows them; `outside` is the installation's own address.
pub(super) fn view(stored: &StoredPlatformSettings, outside: Option<&str>) -> PlatformSettingsView {
    let settings = &stored.settings;
    let own = settings.public_url.as_deref().map(|url| url.trim_end_matches('/'));
    PlatformSettingsView {
        domain: settings.domain.clone(),
        domain_uuid: settings.domain_uuid.clone(),
        api_key: settings.api_key.as_ref().map(Password::reveal).map(masked),
        webhook_key: masked(settings.webhook_key.reveal()),
        public_url: settings.public_url.clone(),
        recording_format: settings.recording_format.as_deref().and_then(RecordingFormatWord::of),
        webhook_urls: WebhookUrls::behind(own.or(outside), &settings.cdr_secret),
        updated_at: instant(stored.updated_at),
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn of_a_secret_only_the_end_is_shown() {
        assert_eq!(masked("kWm5V0xJ2n8qRr3b"), "****Rr3b");
        assert_eq!(masked("äöüßé"), "****öüßé");
        assert_eq!(masked("abc"), "****");
    }
}
