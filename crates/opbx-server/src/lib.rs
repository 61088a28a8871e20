//! The shell of OPBX: webhooks in, documents out.
//!
//! It knows HTTP, time, keys and phone numbers, and decides nothing about calls: that is `opbx-core`. A server is
//! [`build`]t from a [`Config`] and its [`Parts`], by the program and by tests alike.
//!
//! # Architecture invariants
//!
//! * A server reads neither the environment nor a file; what it needs is an argument. Only `/health` looks whether the data
//!   directory that it is given can be written to, `blob` keeps the files of prompts in it, and
//!   `plans` the snapshots for the time without a store. [`clock::zones`], which finds the system's zone files, and [`admin`],
//!   which opens the data directory, are for whoever puts a server together.
//! * The clock is one of the parts: whoever builds the server says what time it is.
//! * The voice room cannot name a store, and answers every verified request with a document.

mod access;
pub mod admin;
mod alerts;
mod api;
mod app;
mod auth;
mod bearer;
mod blob;
mod client_address;
pub mod clock;
mod connections;
mod edge;
mod effects;
pub mod explanation;
mod fabric;
mod field_errors;
pub mod finding_view;
mod health;
mod jobs;
mod journal;
mod limit;
mod live;
mod log_numbers;
pub mod mail;
mod media;
mod meters;
mod networks;
pub mod numbering;
mod outgoing;
mod plans;
mod problem;
mod public_holidays;
mod public_url;
mod random_text;
pub mod record_view;
mod recorder;
mod request_id;
mod secret_key;
mod serve;
mod setup_token;
mod storage;
#[cfg(test)]
mod test_store;
pub mod trace_view;
mod voice;
mod webhook;
mod webhook_key;
mod webhook_urls;

pub use self::auth::Pages;
pub use self::client_address::TrustedProxies;
pub use self::edge::{CorsOrigins, Edge, NotOrigins};
pub use self::journal::{JournalLimit, OpenJournal};
pub use self::log_numbers::LogNumbers;
pub use self::meters::{MetricsAccess, MetricsToken, NotAToken};
pub use self::networks::{Networks, NotNetworks};
pub use self::outgoing::{FetchAllow, NotAnInterface, PlatformApi};
pub use self::plans::{Organization, Organizations, PlanMemory, StoredOrganizations};
pub use self::public_url::{NotAnAddress, PublicUrl};
pub use self::recorder::{Counts, NotADetail, Recorder, TraceDetail};
pub use self::secret_key::{SecretKey, TooShort};
pub use self::serve::{Listening, NotListening, Server};
pub use self::storage::Storage;
pub use self::webhook_key::{NotAKey, WebhookKey};

use self::alerts::{Alerts, Watch};
use self::api::{ApiParts, ApiState, Gates, Plays, PromptFetcher};
use self::app::Before;
use self::auth::{Attempts, Passwords};
use self::blob::Blobs;
use self::clock::Clock;
use self::edge::SecurityHeaders;
use self::effects::Effects;
use self::fabric::Fabric;
use self::health::{Health, Readiness};
use self::jobs::{Bell, Fetching, Pace, Runner, Schedule, Tasks};
use self::journal::{Applier, JournalWatch};
use self::limit::Limits;
use self::live::{Live, LiveCalls, tell_revisions};
use self::mail::Mailer;
use self::media::{Library, MediaTokens};
use self::meters::{Meters, MetricsPage};
use self::outgoing::{Outgoing, Recordings};
use self::plans::Plans;
use self::recorder::Steps;
use self::request_id::RequestIds;
use self::setup_token::SetupToken;
use self::voice::{Deliveries, Tokens, VoiceParts, VoiceState};
use self::webhook::{Application, ReportKeys, WebhookParts, WebhookState};
use jiff::SignedDuration;
use jiff::tz::TimeZoneDatabase;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

/// What an operator decides about a server.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where it listens; port 0 is any free one.
    pub listen: SocketAddr,
    /// What stands before the addresses in documents; `None`: nothing, they are relative to the request.
    pub public_url: Option<PublicUrl>,
    /// What everything signed depends on. Instances that share calls share it.
    pub secret_key: SecretKey,
    /// How long it still takes new connections after it was told to stop, so that whoever sends requests here can
    /// notice.
    pub drain: Duration,
    /// How much of each decision is kept. Without a store, nothing is.
    pub trace: TraceDetail,
    /// How its figures are read.
    pub metrics: MetricsAccess,
    /// How much of a phone number its log shows.
    pub log_numbers: LogNumbers,
    /// How the API looks from outside.
    pub edge: Edge,
    /// How it sends mail, if it does.
    pub mail: Option<mail::MailSettings>,
    /// What may be fetched although its address is not public.
    pub fetch_allow: FetchAllow,
    /// After how long a silence of the platform the end of a live call counts as lost.
    pub stale_after: SignedDuration,
    /// Where the platform's interface is. What it recorded may be fetched from there wherever that is.
    pub platform_api: PlatformApi,
}

/// What a server is put together from.
#[derive(Debug)]
pub struct Parts {
    /// What time it is.
    pub clock: Clock,
    /// The rules of time zones.
    pub zones: TimeZoneDatabase,
    /// Whom it serves.
    pub organizations: Organizations,
    /// Where its data is kept, if it keeps any: `/health` looks there.
    pub storage: Option<Storage>,
    /// Where what is acknowledged goes first, if anything is kept.
    pub journal: Option<OpenJournal>,
}

/// Puts a server together. It does not listen yet. One that serves the organizations of a store begins to write down what
/// is decided, and to apply what was acknowledged before, by tasks of its own: it is put together inside a runtime.
pub fn build(config: Config, parts: Parts) -> Server {
    let store = parts.organizations.store();
    let recorder = match &parts.organizations {
        Organizations::Given(_) => Recorder::off(),
        Organizations::Stored(stored) => Recorder::start(stored.store().clone(), config.trace),
    };
    let (plans, warnings) = Plans::new(parts.organizations, &parts.zones, api::portrait);
    let (readiness, plans, meters) = (Readiness::default(), Arc::new(plans), Arc::new(Meters::new()));
    let media = MediaTokens::new(&config.secret_key);
    let journal = parts.journal.as_ref().filter(|_| store.is_some()).map(OpenJournal::journal);
    let effects = match &store {
        None => Effects::of_plans(Arc::clone(&plans)),
        Some(store) => Effects::kept(Arc::clone(&plans), journal.clone(), store.clone(), parts.clock.clone()),
    };
    let live = Live::new(&config.secret_key);
    if let Some(revisions) = plans.revisions() {
        tokio::spawn(tell_revisions(live.clone(), revisions));
    }
    let (alerts, emergency_calls) = Alerts::new(live.clone());
    let calls = LiveCalls::new(live.clone(), Arc::clone(&plans), parts.clock.clone(), config.stale_after);
    let steps = store.as_ref().map_or_else(Steps::off, |store| {
        Steps::start(store.clone(), parts.clock.clone(), calls.clone(), journal.clone())
    });
    let voice = VoiceState(Arc::new(VoiceParts {
        plans: Arc::clone(&plans),
        fabric: Fabric::default(),
        deliveries: Deliveries::new(&config.secret_key),
        tokens: Tokens::new(&config.secret_key),
        media: media.clone(),
        public_url: config.public_url.as_ref().map_or("", PublicUrl::as_str).into(),
        clock: parts.clock.clone(),
        recorder: recorder.clone(),
        steps: steps.clone(),
        effects: effects.clone(),
        alerts: alerts.clone(),
        meters: Arc::clone(&meters),
        log_numbers: config.log_numbers,
    }));
    let (setup, setup_token) = setup_of(&plans);
    let (pages, bell, tally) = (Pages::at(config.public_url.as_ref(), config.listen), Bell::default(), Arc::default());
    let mailer = config.mail.clone().map(|settings| Arc::new(Mailer::new(settings)));
    let has_mail = mailer.is_some();
    let parts_clock = parts.clock.clone();
    let api = store.clone().map(|store| {
        ApiState::new(ApiParts {
            setup,
            store,
            live: live.clone(),
            plans: Arc::clone(&plans),
            clock: parts.clock.clone(),
            zones: parts.zones.clone(),
            public_url: config.public_url.clone(),
            passwords: Passwords::default(),
            attempts: Attempts::default(),
            limits: config.edge.api_rate_limit.map(|often| Limits::new(often, parts.clock.clone())),
            edge: config.edge.clone(),
            pages: pages.clone(),
            bell: bell.clone(),
            has_mail,
            library: Library::new(
                Blobs::at(parts.storage.as_ref().map(Storage::audio)),
                Outgoing::new(config.fetch_allow.clone()),
                media,
            ),
            gates: Gates::default(),
            stale_after: config.stale_after,
            plays: Plays::default(),
            journal: journal.clone(),
        })
    });
    let left_work = bell.clone();
    let runner = api.as_ref().map(|api| {
        let (store, clock) = (api.store().clone(), parts.clock.clone());
        let fetcher = Arc::new(PromptFetcher(api.clone()));
        let library = api.library().clone();
        let platform = Recordings::new(library.outgoing.clone(), config.platform_api.clone());
        let fetching =
            Fetching { library, platform, plans: Arc::clone(&plans), bell: bell.clone(), calls: calls.clone() };
        let tasks = Tasks {
            store: store.clone(),
            clock: clock.clone(),
            mailer,
            pages,
            bell: bell.clone(),
            fetcher,
            fetching,
            zones: parts.zones.clone(),
        };
        let (tasks, schedule, tally) = (Arc::new(tasks), Schedule::usual(), Arc::clone(&tally));
        Runner { store, clock, bell, tally, tasks, schedule, pace: Pace::default() }
    });
    let security = SecurityHeaders::of(config.public_url.as_ref());
    let before = Before { ids: RequestIds::new(parts.clock), security };
    let jobs = runner.is_some().then(|| Arc::clone(&tally));
    let keys = ReportKeys::new(&config.secret_key);
    let applier = parts.journal.zip(store.clone()).map(|(open, store)| {
        let (plans, clock, keys) = (Arc::clone(&plans), parts_clock.clone(), keys.clone());
        open.applied_by(
            Application { store, plans, effects, clock: clock.clone(), keys, bell: left_work, calls: calls.clone() },
            clock,
        )
    });
    let watch = journal
        .clone()
        .zip(applier.as_ref())
        .map(|(journal, applier)| JournalWatch { journal, counts: Arc::clone(&applier.counts) });
    let applying = applier.map(Applier::start);
    let watching = runner.as_ref().map(|runner| Watch {
        alerts: alerts.clone(),
        calls: emergency_calls,
        store: runner.store.clone(),
        clock: runner.clock.clone(),
        bell: runner.bell.clone(),
        has_mail,
        journal: watch.clone(),
        storage: parts.storage.clone(),
    });
    let page = MetricsPage {
        meters: Arc::clone(&meters),
        plans: Arc::clone(&plans),
        voice: voice.clone(),
        alerts,
        jobs: jobs.clone(),
        journal: watch.clone(),
        live: api.as_ref().map(|api| api.live().clone()),
    };
    let figures = app::named(meters::own(page.clone()), before.clone());
    let journal_watch = watch.map(|watch| (watch, parts_clock));
    let health = Health { readiness: readiness.clone(), plans, storage: parts.storage, jobs, journal: journal_watch };
    let keeper = api.clone();
    // Only people listen to live updates, and people are in a store.
    let for_people = api.map(|api| api::router(api).merge(live::route(live.clone()))).unwrap_or_default();
    let beside = meters::beside(page, config.metrics.token).merge(for_people);
    let webhooks = WebhookState(Arc::new(WebhookParts { voice, journal, keys, calls }));
    let router = app::router(webhooks, health, beside, before);
    Server {
        router,
        figures,
        meters,
        readiness,
        recorder,
        steps,
        runner,
        applying,
        watching,
        keeper,
        live,
        warnings,
        setup_token,
        config,
    }
}

/// The token for the first organization, and its text, where there is none yet. Without randomness there is no token; the
/// first organization is made by command then.
fn setup_of(plans: &Plans) -> (SetupToken, Option<String>) {
    if plans.figures().organizations > 0 {
        return (SetupToken::none(), None);
    }
    match SetupToken::draw() {
        Ok((token, text)) => (token, Some(text)),
        Err(fault) => {
            tracing::error!(%fault, "no organization can be set up over the API");
            (SetupToken::none(), None)
        }
    }
}
