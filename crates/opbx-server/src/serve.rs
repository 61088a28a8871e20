//! Listening, and stopping without dropping a call.

use crate::Config;
use crate::alerts::Watch;
use crate::api::{ApiState, upkeep};
use crate::connections::{Patience, answer};
use crate::health::Readiness;
use crate::jobs::Runner;
use crate::journal::Applying;
use crate::live::{Live, watch};
use crate::meters::Meters;
use crate::recorder::{Recorder, Steps};
use axum::Router;
use opbx_core::plan::PlanWarning;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

/// How long requests in flight may still take once no new ones are accepted.
const LAST_REQUESTS: Duration = Duration::from_secs(8);

/// How long what was decided may still take into the store after that.
const LAST_DECISIONS: Duration = Duration::from_secs(1);

/// How long jobs that were begun may still take meanwhile; giving them back takes some time too.
const LAST_JOBS: Duration = Duration::from_millis(7_500);

/// How long clients that listen to what happens may take to hear that this is over.
const LAST_SOCKETS: Duration = Duration::from_secs(2);

/// How often measurements are brought into their buckets: they take eight bytes each until then.
const SETTLE: Duration = Duration::from_secs(1);

/// A server that is put together.
#[derive(Debug)]
pub struct Server {
    pub(crate) router: Router,
    /// What the address of the figures answers.
    pub(crate) figures: Router,
    pub(crate) meters: Arc<Meters>,
    pub(crate) readiness: Readiness,
    pub(crate) recorder: Recorder,
    pub(crate) steps: Steps,
    /// Who carries out jobs, where there is a store to find them in.
    pub(crate) runner: Option<Runner>,
    /// Who brings what is acknowledged into the store.
    pub(crate) applying: Option<Applying>,
    /// Who looks at the journal and the disk, and tells owners of what they should know at once.
    pub(crate) watching: Option<Watch>,
    /// What the files of prompts, and whoever listens to what happens, are looked after with.
    pub(crate) keeper: Option<ApiState>,
    /// Whoever listens to what happens.
    pub(crate) live: Live,
    pub(crate) warnings: Vec<PlanWarning>,
    /// What the first organization is set up with, where there is none yet.
    pub(crate) setup_token: Option<String>,
    pub(crate) config: Config,
}

impl Server {
    /// What had to be put right in the settings of its organizations.
    pub fn warnings(&self) -> &[PlanWarning] {
        &self.warnings
    }

    /// What the first organization is set up with over the API, where there is none yet: once.
    pub fn setup_token(&self) -> Option<&str> {
        self.setup_token.as_deref()
    }

    /// Where it is to listen.
    pub const fn address(&self) -> SocketAddr {
        self.config.listen
    }

    /// Where what it decides goes.
    pub const fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    /// Everything but the socket, for requests that do not come over one.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Takes its address, and that of its figures if they have one.
    ///
    /// # Errors
    ///
    /// When an address is taken, or not one of this machine.
    pub async fn listen(self) -> Result<Listening, NotListening> {
        let (listener, address) = bound(self.config.listen).await?;
        let figures = match self.config.metrics.listen {
            Some(wanted) => Some(bound(wanted).await?),
            None => None,
        };
        Ok(Listening { server: self, listener, address, figures })
    }
}

/// An address that cannot be listened on.
#[derive(Debug, thiserror::Error)]
#[error("the server cannot listen on {address}: {fault}")]
pub struct NotListening {
    address: SocketAddr,
    fault: io::Error,
}

async fn bound(address: SocketAddr) -> Result<(TcpListener, SocketAddr), NotListening> {
    let bound = async {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    };
    bound.await.map_err(|fault| NotListening { address, fault })
}

/// A server that has its address.
#[derive(Debug)]
pub struct Listening {
    server: Server,
    listener: TcpListener,
    address: SocketAddr,
    figures: Option<(TcpListener, SocketAddr)>,
}

impl Listening {
    /// Where its figures are read, if they have an address of their own.
    pub fn figures_address(&self) -> Option<SocketAddr> {
        self.figures.as_ref().map(|(_, address)| *address)
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers requests until `stop` comes, and then ends in order: `/readyz` says so, connections are still taken for
    /// the time of [`Config::drain`], then requests and jobs in flight get up to eight seconds, and
    /// what was decided up to one to be kept. A job that is not done by then is given back.
    ///
    /// # Errors
    ///
    /// When the system gives no randomness to tell this server from others by.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        let Server {
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
            config,
            ..
        } = self.server;
        let workers = match runner {
            Some(runner) => Some(runner.start(instance()?)),
            None => None,
        };
        // All end with the server, whatever they are doing.
        let mut beside = JoinSet::new();
        beside.spawn(settle(meters));
        if let Some(watching) = watching {
            beside.spawn(watching.run());
        }
        if let Some(api) = keeper {
            beside.spawn(watch(live.clone(), api.store().clone(), api.clock().clone()));
            beside.spawn(upkeep(api));
        }
        if let Some((listener, _)) = self.figures {
            beside.spawn(answer(listener, figures, Patience::default(), std::future::pending()));
        }
        let (closing, closed) = oneshot::channel::<()>();
        let (ending, ended) = oneshot::channel::<()>();
        let stopping = async move {
            stop.await;
            readiness.stop();
            if let Some(workers) = &workers {
                workers.drain();
            }
            tokio::time::sleep(config.drain).await;
            // Nobody listens any more only if serving ended by itself.
            let _ = closing.send(());
            tokio::spawn(async move {
                let jobs = async {
                    if let Some(workers) = workers {
                        workers.finish(LAST_JOBS).await;
                    }
                };
                // By now nobody listens any more: whoever comes again finds another server, or none yet.
                tokio::join!(jobs, live.drain(LAST_SOCKETS));
                let _ = ending.send(());
            });
        };
        let overdue = async {
            let _ = closed.await;
            tokio::time::sleep(LAST_REQUESTS).await;
        };
        tokio::select! {
            () = answer(self.listener, router, Patience::default(), stopping) => {}
            () = overdue => tracing::warn!("stopped with requests still in flight"),
        }
        // Where serving ended by itself nobody waits for jobs: their leases run out.
        let _ = ended.await;
        recorder.finish(LAST_DECISIONS).await;
        steps.finish(LAST_DECISIONS).await;
        if let Some(applying) = applying {
            applying.finish().await;
        }
        Ok(())
    }
}

/// What tells this server from others that have the same jobs.
fn instance() -> io::Result<String> {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(io::Error::other)?;
    Ok(format!("{}-{:016x}", std::process::id(), u64::from_be_bytes(random)))
}

async fn settle(meters: Arc<Meters>) {
    let mut ticks = tokio::time::interval(SETTLE);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        meters.settle();
    }
}
