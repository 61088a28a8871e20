//! Listening, and stopping without dropping a call.

use crate::Config;
use crate::health::Readiness;
use crate::recorder::Recorder;
use axum::Router;
use axum::serve::ListenerExt;
use opbx_core::plan::PlanWarning;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// How long requests in flight may still take once no new ones are accepted.
const LAST_REQUESTS: Duration = Duration::from_secs(8);

/// How long what was decided may still take into the store after that.
const LAST_DECISIONS: Duration = Duration::from_secs(1);

/// A server that is put together.
#[derive(Debug)]
pub struct Server {
    pub(crate) router: Router,
    pub(crate) readiness: Readiness,
    pub(crate) recorder: Recorder,
    pub(crate) warnings: Vec<PlanWarning>,
    pub(crate) config: Config,
}

impl Server {
    /// What had to be put right in the settings of its organizations.
    pub fn warnings(&self) -> &[PlanWarning] {
        &self.warnings
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

    /// Takes its address.
    ///
    /// # Errors
    ///
    /// When the address is taken, or not one of this machine.
    pub async fn listen(self) -> io::Result<Listening> {
        let listener = TcpListener::bind(self.config.listen).await?;
        let address = listener.local_addr()?;
        Ok(Listening { server: self, listener, address })
    }
}

/// A server that has its address.
#[derive(Debug)]
pub struct Listening {
    server: Server,
    listener: TcpListener,
    address: SocketAddr,
}

impl Listening {
    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers requests until `stop` comes, and then ends in order: `/readyz` says so, connections are still taken for
    /// the time of [`Config::drain`], then requests in flight get up to eight seconds, and
    /// what was decided up to one to be kept.
    ///
    /// # Errors
    ///
    /// When the socket fails for good.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        let Server { router, readiness, recorder, config, .. } = self.server;
        let (closing, closed) = oneshot::channel::<()>();
        let stopping = async move {
            stop.await;
            readiness.stop();
            tokio::time::sleep(config.drain).await;
            // Nobody listens any more only if serving ended by itself.
            let _ = closing.send(());
        };
        // A document is one small packet: it waits for nothing to travel with.
        let listener = self.listener.tap_io(|stream| {
            if let Err(fault) = stream.set_nodelay(true) {
                tracing::debug!(%fault, "a connection keeps its delay");
            }
        });
        let serving = axum::serve(listener, router).with_graceful_shutdown(stopping);
        let overdue = async {
            let _ = closed.await;
            tokio::time::sleep(LAST_REQUESTS).await;
        };
        let served = tokio::select! {
            served = serving => served,
            () = overdue => {
                tracing::warn!("stopped with requests still in flight");
                Ok(())
            }
        };
        recorder.finish(LAST_DECISIONS).await;
        served
    }
}
