//! `opbx serve`: answering the platform.

use super::Failure;
use super::store::fault;
use crate::clock;
use crate::config::{self, Flags, Settings};
use crate::random::random_text;
use crate::{plan_file, telemetry};
use opbx_server::admin::{Claimed, chain};
use opbx_server::clock::{Clock, zones};
use opbx_server::{
    OpenJournal, Organization, Organizations, Parts, Server, Storage, StoredOrganizations, WebhookKey, build,
};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How long the store may take to be let go; nothing is lost without it, and a stop takes no more than ten seconds.
const LETTING_GO: Duration = Duration::from_millis(500);
/// How long snapshots of what was changed at the last may take before that.
const LAST_SNAPSHOTS: Duration = Duration::from_millis(300);

/// Answers every voice request of the platform with a document: for the organizations in the database, or for a plan file.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Serve this plan file instead of the database. What callers change by feature codes lasts until the server stops.
    #[arg(long, value_name = "FILE")]
    plan: Option<PathBuf>,
    /// The plan's domain at the platform. Without it, the webhook key alone says whose a request is.
    #[arg(long, value_name = "DOMAIN", requires = "plan")]
    domain: Option<String>,
    /// What the platform sends as bearer token for the plan, 16 to 128 printable characters (default: made up at each
    /// start)
    #[arg(long, value_name = "KEY", requires = "plan")]
    webhook_key: Option<String>,
    /// Begin anew: move what is in the data directory (database, snapshots, audio, secret key) to `retired-<time>` in it.
    /// For once, where a database is lost: each start with it is another beginning.
    #[arg(long, conflicts_with = "plan")]
    init: bool,
    #[command(flatten)]
    clock: clock::Flags,
    #[command(flatten)]
    settings: Flags,
}

/// Serves until it is told to stop.
///
/// # Errors
///
/// When a setting or the plan is wrong, the data is in use or cannot be read, or the address is taken.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let settings = config::read(&arguments.settings)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::fault)?;
    let clock = clock::of(&arguments.clock)?;
    match &arguments.plan {
        Some(plan) => runtime.block_on(serve_plan(arguments, plan, settings, clock)),
        None => runtime.block_on(serve_store(arguments.init, settings, clock)),
    }
}

async fn serve_plan(arguments: &Arguments, plan: &Path, settings: Settings, clock: Clock) -> Result<(), Failure> {
    let key = match &arguments.webhook_key {
        Some(key) => key.clone(),
        None => random_text().map_err(Failure::fault)?,
    };
    let webhook_key = WebhookKey::new(&key)
        .map_err(|expected| Failure::usage(format!("--webhook-key cannot be used; it should be {expected}.")))?;
    let zones = zones();
    let source = plan_file::parse(plan, &zones)?.source;
    let domains = arguments.domain.iter().cloned().collect();
    let organizations = Organizations::Given(vec![Organization { source, domains, webhook_key }]);
    let public_url = settings.server.public_url.as_ref().map(ToString::to_string);
    let server = build(settings.server, Parts { clock, zones, organizations, storage: None, journal: None });
    for warning in server.warnings() {
        eprintln!("{}.", plan_file::warning(warning));
    }
    telemetry::start(settings.telemetry);
    serve(server, public_url, &format!("webhook key {key}\n")).await
}

async fn serve_store(init: bool, settings: Settings, clock: Clock) -> Result<(), Failure> {
    let Settings { server: mut config, place, plan_memory, journal, telemetry } = settings;
    telemetry::start(telemetry);
    let zones = zones();
    let spare = random_text().map_err(Failure::fault)?;
    let claimed = if init {
        let (claimed, retired) = place.claim_anew(&spare, clock.now()).await.map_err(|cause| fault(&cause))?;
        if let Some(retired) = retired {
            say(&format!("what was there is in {}\n", retired.display()));
        }
        claimed
    } else {
        place.claim(&spare, clock.now()).await.map_err(|cause| fault(&cause))?
    };
    let Claimed { data_dir, store, secret_key, away } = claimed;
    config.secret_key = secret_key;
    let (claim, its_clock) = (Arc::clone(&data_dir), clock.clone());
    let known = StoredOrganizations::kept(store.clone(), its_clock, zones.clone(), plan_memory, claim).await;
    // Nobody is known from snapshots either: what is wrong with the database says more.
    let known = known.map_err(|cause| away.as_ref().map_or_else(|| fault(&cause), |away| fault(away)))?;
    if let Some(away) = &away {
        tracing::error!(reason = %chain(away), "the database is away; it is taken over when it is back");
    }
    let organizations = Organizations::Stored(known.clone());
    let public_url = config.public_url.as_ref().map(ToString::to_string);
    let storage = Storage::at(data_dir.path().to_path_buf());
    let journal = OpenJournal::of(&storage, journal).map_err(|cause| {
        Failure::fault(format!("The journal in {} cannot be used: {cause}.", data_dir.path().display()))
    })?;
    let parts = Parts { clock, zones, organizations, storage: Some(storage), journal: Some(journal) };
    let served = serve(build(config, parts), public_url, "").await;
    known.keep_rest(LAST_SNAPSHOTS).await;
    let _ = tokio::time::timeout(LETTING_GO, store.close()).await;
    // The claim lasts until the server has stopped.
    drop(data_dir);
    served
}

async fn serve(server: Server, public_url: Option<String>, more: &str) -> Result<(), Failure> {
    let signals = Signals::new().map_err(Failure::fault)?;
    let setup_token = server.setup_token().map(str::to_owned);
    let listening = server.listen().await.map_err(|cause| fault(&cause))?;
    let address = format!("http://{}", listening.address());
    let outside = public_url.unwrap_or_else(|| address.clone());
    let figures = listening.figures_address().map(|address| format!("metrics on http://{address}/metrics\n"));
    let figures = figures.unwrap_or_default();
    let setup = setup_token.map(|token| format!("setup token {token}\nsetup link {outside}/setup#{token}\n"));
    let setup = setup.unwrap_or_default();
    say(&format!("listening on {address}\n{figures}{setup}webhook URL {outside}/api/voice/route\n{more}"));
    listening.run(signals.first()).await.map_err(Failure::fault)?;
    say("stopped\n");
    Ok(())
}

/// Says something on the output, at once, also where that is a pipe. Nobody listening is no reason to stop.
fn say(text: &str) {
    let mut output = std::io::stdout().lock();
    let _ = output.write_all(text.as_bytes()).and_then(|()| output.flush());
}

/// What tells a process to stop.
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// Waits for the first of them. Another one while the server is stopping ends the process at once.
    async fn first(mut self) {
        self.next().await;
        tracing::info!("stopping");
        tokio::spawn(async move {
            self.next().await;
            std::process::exit(1);
        });
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
