use std::fmt;

use cxml::Method;

use crate::clock::Span;
use crate::switches::Switches;

/// Which application is called, and as which domain.
///
/// ```
/// use cloudonix_sim::Settings;
///
/// let settings =
///     Settings { bearer: Some("s3cr3t".into()), ..Settings::new("http://127.0.0.1:8080/voice", "acme.example", 7) };
/// assert!(!format!("{settings:?}").contains("s3cr3t"));
/// ```
#[derive(Clone)]
pub struct Settings {
    /// Where the first document of each call comes from.
    pub application_url: String,
    /// The domain that places the calls.
    pub domain: String,
    /// The domain's `authorization-api-key`: sent as `Authorization: Bearer`, and not at all without one.
    pub bearer: Option<String>,
    /// The application object that the application is told about.
    pub application: Application,
    /// The numeric id of the domain, `SessionData.domainId`.
    pub domain_id: u64,
    /// `X-Cx-Apikey`: 34 characters that start with `XI`.
    pub api_key: String,
    /// Other origins (`http://127.0.0.1:9000`) that may be asked. A document can name any address, and a test should not leave the
    /// machine, so only the origin of the application and these are.
    pub origins: Vec<String>,
    /// The origin by which the application knows itself (`https://pbx.example`), when its documents name another one than it is
    /// reached at here: what is addressed to it goes to the origin of [`Settings::application_url`].
    pub public_origin: Option<String>,
    /// How the addresses of recordings begin.
    pub recordings: String,
    /// Who the exchange's calls are to the application: where its session tokens and ids start. The same seed gives the same ones, so
    /// an application that remembers what it answered takes the calls of a second exchange with this seed for those of the first.
    pub seed: u64,
    /// How fast people and machines are.
    pub pace: Pace,
    /// What is not verified about the platform.
    pub switches: Switches,
}

impl Settings {
    /// Calls this application as this domain, with a `POST`. The seed is up to whoever asks: a fixed one for an application that is
    /// started for the test, a new one for an application that was called before ([`Settings::seed`]).
    pub fn new(application_url: impl Into<String>, domain: impl Into<String>, seed: u64) -> Self {
        Self {
            application_url: application_url.into(),
            domain: domain.into(),
            bearer: None,
            application: Application::default(),
            domain_id: 4321,
            api_key: "XI0123456789ABCDEF0123456789ABCDEF".to_owned(),
            origins: Vec::new(),
            public_origin: None,
            recordings: "http://recordings.invalid/".to_owned(),
            seed,
            pace: Pace::default(),
            switches: Switches::default(),
        }
    }
}

/// Without the secrets.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("application_url", &self.application_url)
            .field("domain", &self.domain)
            .field("bearer", &self.bearer.as_ref().map(|_| "…"))
            .field("application", &self.application)
            .field("origins", &self.origins)
            .field("public_origin", &self.public_origin)
            .field("seed", &self.seed)
            .field("switches", &self.switches)
            .finish_non_exhaustive()
    }
}

/// The voice application as the platform has it: the body's `Application`.
///
/// Source: a captured request (seen, not documented).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// The numeric id.
    pub id: u64,
    /// The name.
    pub name: String,
    /// The unique id, which is also `ApplicationSid`.
    pub uuid: String,
    /// How the first document is requested. The platform creates applications with `GET`; here it is `POST`, which running
    /// applications set.
    pub method: Method,
}

impl Default for Application {
    fn default() -> Self {
        Self {
            id: 9001,
            name: "voice-application".to_owned(),
            uuid: "7d0f5e0a-3b56-4a8e-9b11-2f6f0a0d9c55".to_owned(),
            method: Method::Post,
        }
    }
}

/// How long things take that no document says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// How long a voice needs for a character; the whole is rounded up to a second.
    pub character: Span,
    /// How long audio from an address lasts. It is not fetched.
    pub audio: Span,
    /// How long a tone lasts; `w` is half a second of silence, as documented.
    pub tone: Span,
    /// How long the beep before a recording lasts.
    pub beep: Span,
    /// How long a person waits after a prompt before pressing a key or speaking.
    pub reaction: Span,
    /// How long a recogniser of speech waits for more when `speechTimeout` is `auto`.
    pub speech_end: Span,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            character: Span::millis(60),
            audio: Span::seconds(5),
            tone: Span::millis(250),
            beep: Span::seconds(1),
            reaction: Span::seconds(1),
            speech_end: Span::seconds(1),
        }
    }
}
