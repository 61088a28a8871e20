//! Settings: flags go before the environment, the environment before `opbx.toml`, and that before the defaults.
//!
//! The only place that reads the environment. Everything is read before anything is complained about, so that an
//! operator hears of all mistakes at once.

mod http;
mod layers;
mod secret;
mod telemetry;

pub(crate) use self::layers::{Layers, Setting};
pub(crate) use self::telemetry::{LogFormat, Telemetry};

use crate::command::Failure;
use opbx_server::Config;

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
    secret: secret::Flags,
    #[command(flatten)]
    telemetry: telemetry::Flags,
}

/// Everything that was set.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) server: Config,
    pub(crate) telemetry: Telemetry,
}

/// Reads all settings.
///
/// # Errors
///
/// With a sentence for each wrong or unknown one.
pub(crate) fn read(flags: &Flags) -> Result<Settings, Failure> {
    let mut layers = Layers::of_the_process(flags.config.as_deref());
    let http = http::read(&flags.http, &mut layers);
    let secret_key = secret::read(&flags.secret, &mut layers);
    let telemetry = telemetry::read(&flags.telemetry, &mut layers);
    let mistakes = layers.mistakes();
    match (mistakes.is_empty(), http, secret_key, telemetry) {
        (true, Some(http), Some(secret_key), Some(telemetry)) => {
            let http::Http { listen, public_url, drain } = http;
            Ok(Settings { server: Config { listen, public_url, secret_key, drain }, telemetry })
        }
        _ => Err(Failure::Usage(mistakes.into_iter().map(|mistake| format!("{mistake}\n")).collect())),
    }
}
