//! Settings: flags go before the environment, the environment before `opbx.toml`, and that before the defaults.
//!
//! The only place that reads the environment. Everything is read before anything is complained about, so that an
//! operator hears of all mistakes at once.

mod calls;
mod cloudonix;
mod data;
mod edge;
mod http;
mod journal;
mod layers;
mod mail;
mod metrics;
mod outgoing;
mod plans;
mod secret;
mod telemetry;

pub(crate) use self::layers::{Layers, Setting};
pub(crate) use self::telemetry::{LogFormat, Telemetry};

use crate::command::Failure;
use crate::random::random_text;
use jiff::SignedDuration;
use opbx_server::admin::Place;
use opbx_server::mail::MailSettings;
use opbx_server::{
    Config, Edge, FetchAllow, JournalLimit, MetricsAccess, PlanMemory, PlatformApi, PublicUrl, SecretKey,
};
use std::net::SocketAddr;

/// The settings that `opbx serve` takes as flags. Every one is read from the environment and the file too.
#[derive(Debug, Default, clap::Args)]
#[group(skip)]
#[command(next_help_heading = "Settings")]
pub(crate) struct Flags {
    /// The settings file (default: opbx.toml in the working directory, if there is one)
    #[arg(long, value_name = "FILE")]
    config: Option<String>,
    #[command(flatten)]
    http: http::Flags,
    #[command(flatten)]
    data: data::Flags,
    #[command(flatten)]
    plans: plans::Flags,
    #[command(flatten)]
    journal: journal::Flags,
    #[command(flatten)]
    secret: secret::Flags,
    #[command(flatten)]
    telemetry: telemetry::Flags,
    #[command(flatten)]
    metrics: metrics::Flags,
    #[command(flatten)]
    edge: edge::Flags,
    #[command(flatten)]
    mail: mail::Flags,
    #[command(flatten)]
    outgoing: outgoing::Flags,
    #[command(flatten)]
    calls: calls::Flags,
    #[command(flatten)]
    cloudonix: cloudonix::Flags,
}

/// The settings that a command over the store takes as flags. It heeds those of the server where they matter to it.
#[derive(Debug, Default, clap::Args)]
#[group(skip)]
#[command(next_help_heading = "Settings")]
pub(crate) struct StoreFlags {
    /// The settings file (default: opbx.toml in the working directory, if there is one)
    #[arg(long, value_name = "FILE")]
    config: Option<String>,
    #[command(flatten)]
    data: data::Flags,
    #[command(flatten)]
    secret: secret::Flags,
}

/// The settings that `opbx doctor` takes as flags: it looks at the public address too.
#[derive(Debug, Default, clap::Args)]
#[group(skip)]
pub(crate) struct DoctorFlags {
    #[command(flatten)]
    store: StoreFlags,
    #[command(flatten)]
    outside: http::OutsideFlags,
    #[command(flatten)]
    mail: mail::Flags,
}

/// Everything that was set for a server.
#[derive(Debug)]
pub(crate) struct Settings {
    /// With the secret that was given, else one that is made up.
    pub(crate) server: Config,
    pub(crate) place: Place,
    pub(crate) plan_memory: PlanMemory,
    pub(crate) journal: JournalLimit,
    pub(crate) telemetry: Telemetry,
}

/// What was set for a command over the store.
#[derive(Debug)]
pub(crate) struct StoreSettings {
    pub(crate) place: Place,
    pub(crate) public_url: Option<PublicUrl>,
    /// Where a server here listens.
    pub(crate) listen: SocketAddr,
    pub(crate) mail: Option<MailSettings>,
    pub(crate) telemetry: Telemetry,
}

/// All sections: each is read for every command, so that a setting is known or unknown whoever asks.
struct Sections {
    http: http::Http,
    data: data::Data,
    plan_memory: PlanMemory,
    journal: JournalLimit,
    secret_key: Option<SecretKey>,
    telemetry: Telemetry,
    metrics: MetricsAccess,
    edge: Edge,
    mail: Option<MailSettings>,
    fetch_allow: FetchAllow,
    stale_after: SignedDuration,
    platform_api: PlatformApi,
}

/// The flags of all sections.
#[derive(Default)]
struct All<'f> {
    config: Option<&'f str>,
    http: Option<&'f http::Flags>,
    data: Option<&'f data::Flags>,
    plans: Option<&'f plans::Flags>,
    journal: Option<&'f journal::Flags>,
    secret: Option<&'f secret::Flags>,
    telemetry: Option<&'f telemetry::Flags>,
    metrics: Option<&'f metrics::Flags>,
    edge: Option<&'f edge::Flags>,
    mail: Option<&'f mail::Flags>,
    outgoing: Option<&'f outgoing::Flags>,
    calls: Option<&'f calls::Flags>,
    cloudonix: Option<&'f cloudonix::Flags>,
}

/// Reads the settings of a server.
///
/// # Errors
///
/// With a sentence for each wrong or unknown one.
pub(crate) fn read(flags: &Flags) -> Result<Settings, Failure> {
    let Flags {
        config,
        http,
        data,
        plans,
        journal,
        secret,
        telemetry,
        metrics,
        edge,
        mail,
        outgoing,
        calls,
        cloudonix,
    } = flags;
    let all = All {
        config: config.as_deref(),
        http: Some(http),
        data: Some(data),
        plans: Some(plans),
        journal: Some(journal),
        secret: Some(secret),
        telemetry: Some(telemetry),
        metrics: Some(metrics),
        edge: Some(edge),
        mail: Some(mail),
        outgoing: Some(outgoing),
        calls: Some(calls),
        cloudonix: Some(cloudonix),
    };
    let Sections {
        http,
        data,
        plan_memory,
        journal,
        secret_key,
        telemetry,
        metrics,
        edge,
        mail,
        fetch_allow,
        stale_after,
        platform_api,
    } = sections(&all)?;
    let http::Http { listen, public_url, drain } = http;
    let place = Place { data_dir: data.data_dir, database: data.database, secret_key: secret_key.clone() };
    let secret_key = match secret_key {
        Some(secret_key) => secret_key,
        None => made_up()?,
    };
    let (trace, log_numbers) = (telemetry.trace, telemetry.numbers);
    let server = Config {
        listen,
        public_url,
        secret_key,
        drain,
        trace,
        metrics,
        log_numbers,
        edge,
        mail,
        fetch_allow,
        stale_after,
        platform_api,
    };
    Ok(Settings { server, place, plan_memory, journal, telemetry })
}

/// Reads the settings of a command over the store.
///
/// # Errors
///
/// With a sentence for each wrong or unknown one.
pub(crate) fn read_for_store(flags: &StoreFlags) -> Result<StoreSettings, Failure> {
    for_store(flags, None, None)
}

/// Reads the settings of `opbx doctor`.
///
/// # Errors
///
/// With a sentence for each wrong or unknown one.
pub(crate) fn read_for_doctor(flags: &DoctorFlags) -> Result<StoreSettings, Failure> {
    for_store(&flags.store, Some(&http::Flags::from(&flags.outside)), Some(&flags.mail))
}

fn for_store(
    flags: &StoreFlags,
    http: Option<&http::Flags>,
    mail: Option<&mail::Flags>,
) -> Result<StoreSettings, Failure> {
    let StoreFlags { config, data, secret } = flags;
    let all = All { config: config.as_deref(), data: Some(data), secret: Some(secret), http, mail, ..All::default() };
    let Sections { http, data, secret_key, mail, telemetry, .. } = sections(&all)?;
    let place = Place { data_dir: data.data_dir, database: data.database, secret_key };
    Ok(StoreSettings { place, public_url: http.public_url, listen: http.listen, mail, telemetry })
}

fn sections(flags: &All<'_>) -> Result<Sections, Failure> {
    let mut layers = Layers::of_the_process(flags.config);
    let http = http::read(flags.http.unwrap_or(&http::Flags::default()), &mut layers);
    let data = data::read(flags.data.unwrap_or(&data::Flags::default()), &mut layers);
    let plan_memory = plans::read(flags.plans.unwrap_or(&plans::Flags::default()), &mut layers);
    let journal = journal::read(flags.journal.unwrap_or(&journal::Flags::default()), &mut layers);
    let secret_key = secret::read(flags.secret.unwrap_or(&secret::Flags::default()), &mut layers);
    let telemetry = telemetry::read(flags.telemetry.unwrap_or(&telemetry::Flags::default()), &mut layers);
    let metrics = metrics::read(flags.metrics.unwrap_or(&metrics::Flags::default()), &mut layers);
    let edge = edge::read(flags.edge.unwrap_or(&edge::Flags::default()), &mut layers);
    let mail = mail::read(flags.mail.unwrap_or(&mail::Flags::default()), &mut layers);
    let fetch_allow = outgoing::read(flags.outgoing.unwrap_or(&outgoing::Flags::default()), &mut layers);
    let stale_after = calls::read(flags.calls.unwrap_or(&calls::Flags::default()), &mut layers);
    let platform_api = cloudonix::read(flags.cloudonix.unwrap_or(&cloudonix::Flags::default()), &mut layers);
    let mistakes = layers.mistakes();
    match (mistakes.is_empty(), http, telemetry) {
        (true, Some(http), Some(telemetry)) => Ok(Sections {
            http,
            data,
            plan_memory,
            journal,
            secret_key,
            telemetry,
            metrics,
            edge,
            mail,
            fetch_allow,
            stale_after,
            platform_api,
        }),
        _ => Err(Failure::Usage(mistakes.into_iter().map(|mistake| format!("{mistake}\n")).collect())),
    }
}

/// A secret for this process alone: what it signed ends with it.
fn made_up() -> Result<SecretKey, Failure> {
    let text = random_text().map_err(Failure::fault)?;
    SecretKey::new(text.into()).map_err(Failure::fault)
}
