//! Connections: so many at once, each for as long as something comes of it, and ended in order.
//!
//! Our own loop instead of `axum::serve`, which waits for ever: headers that trickle, or a connection that says nothing, would
//! keep its place as long as the process lives. Not by the limit that hyper has for headers, which counts from the end of the
//! answer before: the platform keeps its connection for the next step of a call, and that may be a minute away.

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::future::Future;
use std::io::{self, ErrorKind, IoSlice};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};
use tower::Service;

/// How long nothing is taken after the system refused a connection: it has no more files, say.
const REFUSED: Duration = Duration::from_secs(1);

/// How patient a server is with its connections.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// How long the headers of a request may take from their first byte, and that byte from the connection.
    pub(crate) headers: Duration,
    /// How long a connection may be idle between two requests, or an answer not be taken.
    pub(crate) idle: Duration,
    /// The most connections at once. More wait where the system keeps those that nobody has taken yet.
    pub(crate) most: u32,
}

impl Default for Patience {
    fn default() -> Self {
        Self { headers: Duration::from_secs(10), idle: Duration::from_secs(120), most: 10_000 }
    }
}

/// Answers requests until `stop` comes; then takes no more connections, and ends when all that are there have ended: each after
/// the request that it is at.
pub(crate) async fn answer(listener: TcpListener, router: Router, patience: Patience, stop: impl Future<Output = ()>) {
    // What a router makes of its routes is made once, and not for every request.
    let router = router.with_state::<()>(());
    let places = Arc::new(Semaphore::new(patience.most as usize));
    let (stopping, stopped) = watch::channel(());
    let mut stop = pin!(stop);
    loop {
        let next = async {
            // The semaphore is never closed.
            let place = Arc::clone(&places).acquire_owned().await.ok();
            (place, taken(&listener).await)
        };
        let (place, (stream, address)) = tokio::select! {
            next = next => next,
            () = &mut stop => break,
        };
        let (router, stopped) = (router.clone(), stopped.clone());
        tokio::spawn(async move {
            serve(stream, address, router, patience, stopped).await;
            drop(place);
        });
    }
    drop((listener, stopping));
    // All places are free again.
    let _ = places.acquire_many(patience.most).await;
}

/// The next connection.
async fn taken(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(taken) => return taken,
            Err(fault) if is_theirs(&fault) => {}
            Err(fault) => {
                tracing::error!(%fault, "no connection can be taken for a second");
                sleep(REFUSED).await;
            }
        }
    }
}

/// Whether a connection failed, and not we.
fn is_theirs(fault: &io::Error) -> bool {
    matches!(fault.kind(), ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset)
}

/// Answers the requests of one connection.
async fn serve(
    stream: TcpStream,
    address: SocketAddr,
    router: Router,
    patience: Patience,
    mut stopped: watch::Receiver<()>,
) {
    // A document is one small packet: it waits for nothing to travel with.
    if let Err(fault) = stream.set_nodelay(true) {
        tracing::debug!(%fault, "a connection keeps its delay");
    }
    let pulse = Pulse::new();
    let service = service_fn(|request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(address));
        let answering = pulse.answering();
        let answer = router.clone().call(request);
        async move {
            let answer = answer.await;
            drop(answering);
            answer
        }
    });
    let stream = Watched { stream, pulse: pulse.clone() };
    // A WebSocket takes its connection along and is no request any more: it is looked after where it goes.
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service).with_upgrades();
    let mut connection = pin!(connection);
    let mut looks = interval(patience.headers / 2);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut ending = false;
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(fault) = ended {
                    tracing::trace!(%fault, "a connection broke off");
                }
                return;
            }
            // Nothing is ever sent: it is closed.
            _ = stopped.changed(), if !ending => {
                ending = true;
                connection.as_mut().graceful_shutdown();
            }
            _ = looks.tick() => {
                if pulse.is_overdue(patience) {
                    return;
                }
            }
        }
    }
}

/// What a connection is at.
#[derive(Clone, Copy, Debug)]
enum At {
    /// Nothing has come yet, or the beginning of a request.
    Head(Instant),
    /// A request is being answered: how long that takes is the handler's matter.
    Answering,
    /// It waits for the next request, or for the end of an answer to be taken.
    Idle(Instant),
}

/// What a connection is at, as its stream and its requests tell.
#[derive(Clone, Debug)]
struct Pulse(Arc<Mutex<At>>);

impl Pulse {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(At::Head(Instant::now()))))
    }

    fn change(&self, change: impl FnOnce(&mut At)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Something came.
    fn read(&self) {
        self.change(|at| {
            if let At::Idle(_) = at {
                *at = At::Head(Instant::now());
            }
        });
    }

    /// Something of an answer was taken.
    fn written(&self) {
        self.change(|at| match at {
            At::Answering => {}
            At::Head(_) | At::Idle(_) => *at = At::Idle(Instant::now()),
        });
    }

    /// A request is answered until this is dropped.
    fn answering(&self) -> Answering {
        self.change(|at| *at = At::Answering);
        Answering(self.clone())
    }

    fn is_overdue(&self, patience: Patience) -> bool {
        match *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            At::Head(since) => since.elapsed() >= patience.headers,
            At::Answering => false,
            At::Idle(since) => since.elapsed() >= patience.idle,
        }
    }
}

struct Answering(Pulse);

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.change(|at| *at = At::Idle(Instant::now()));
    }
}

/// A stream that tells when something passes.
struct Watched {
    stream: TcpStream,
    pulse: Pulse,
}

impl AsyncRead for Watched {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, into))?;
        if into.filled().len() > before {
            self.pulse.read();
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.stream).poll_write(context, bytes))?;
        self.pulse.written();
        Poll::Ready(Ok(written))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.stream).poll_write_vectored(context, slices))?;
        self.pulse.written();
        Poll::Ready(Ok(written))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::header::{CONNECTION, UPGRADE};
    use axum::http::{HeaderName, StatusCode};
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::{Notify, oneshot};
    use tokio::task::JoinHandle;

    const ASKED: &[u8] = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    struct Bench {
        address: SocketAddr,
        stop: Option<oneshot::Sender<()>>,
        running: JoinHandle<()>,
        /// A request for `/held` has come.
        begun: Arc<Notify>,
        /// It may be answered.
        go_on: Arc<Notify>,
    }

    impl Bench {
        async fn new(patience: Patience) -> Self {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let whence = async |ConnectInfo(address): ConnectInfo<SocketAddr>| address.to_string();
            let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
            let (here, there) = (Arc::clone(&begun), Arc::clone(&go_on));
            let held = async move || {
                here.notify_one();
                there.notified().await;
            };
            let router = Router::new().route("/", get(whence)).route("/held", get(held)).route("/taken", get(echoed));
            let (stop, stopped) = oneshot::channel();
            let stopped = async move {
                let _ = stopped.await;
            };
            let running = tokio::spawn(answer(listener, router, patience, stopped));
            Self { address, stop: Some(stop), running, begun, go_on }
        }

        async fn connection(&self) -> TcpStream {
            TcpStream::connect(self.address).await.unwrap()
        }
    }

    /// Takes the connection over, and says what it is told.
    async fn echoed(mut request: Request<Body>) -> (StatusCode, [(HeaderName, &'static str); 2]) {
        let taken = hyper::upgrade::on(&mut request);
        tokio::spawn(async move {
            let (mut from, mut to) = tokio::io::split(TokioIo::new(taken.await.unwrap()));
            tokio::io::copy(&mut from, &mut to).await.unwrap();
        });
        (StatusCode::SWITCHING_PROTOCOLS, [(CONNECTION, "upgrade"), (UPGRADE, "echo")])
    }

    fn short() -> Patience {
        Patience { headers: Duration::from_millis(100), ..Patience::default() }
    }

    async fn asked(stream: &mut TcpStream) {
        stream.write_all(ASKED).await.unwrap();
        let mut answer = [0; 1024];
        let length = stream.read(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer[..length]);
        let whence = stream.local_addr().unwrap().to_string();
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with(&whence), "{answer}");
    }

    /// Whether it was closed, with or without ado.
    async fn closed(stream: &mut TcpStream) {
        let read = tokio::time::timeout(Duration::from_secs(20), stream.read(&mut [0; 16])).await;
        let read = read.expect("it is not closed");
        assert!(matches!(read, Ok(0) | Err(_)), "{read:?}");
    }

    #[tokio::test]
    async fn headers_that_trickle_end_a_connection_and_idleness_does_not() {
        let bench = Bench::new(short()).await;
        let (mut kept, mut silent, mut slow) =
            (bench.connection().await, bench.connection().await, bench.connection().await);
        asked(&mut kept).await;
        asked(&mut slow).await;
        slow.write_all(&ASKED[..10]).await.unwrap();
        closed(&mut silent).await;
        closed(&mut slow).await;
        // Idle for longer than headers may take.
        asked(&mut kept).await;
    }

    #[tokio::test]
    async fn an_idle_connection_is_ended_in_the_end() {
        let idle = Duration::from_millis(150);
        let bench = Bench::new(Patience { idle, ..short() }).await;
        let mut stream = bench.connection().await;
        asked(&mut stream).await;
        closed(&mut stream).await;
    }

    #[tokio::test]
    async fn a_connection_that_was_taken_over_has_no_place_and_no_limit() {
        let idle = Duration::from_millis(150);
        let mut bench = Bench::new(Patience { idle, most: 2, ..short() }).await;
        let (mut taken, mut waits) = (bench.connection().await, bench.connection().await);
        let address = "GET /taken HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n";
        taken.write_all(address.as_bytes()).await.unwrap();
        let mut answer = vec![0; 12];
        taken.read_exact(&mut answer).await.unwrap();
        assert_eq!(answer, b"HTTP/1.1 101");
        // By then every other connection has been idle for too long, and places are free.
        asked(&mut waits).await;
        closed(&mut waits).await;
        let (mut one, mut other) = (bench.connection().await, bench.connection().await);
        asked(&mut one).await;
        asked(&mut other).await;
        // The end does not wait for it either: whoever took it knows what to do with it.
        bench.stop.take().unwrap().send(()).unwrap();
        bench.running.await.unwrap();
        taken.write_all(b"still there").await.unwrap();
        while !answer.ends_with(b"still there") {
            let mut piece = [0; 64];
            let length = taken.read(&mut piece).await.unwrap();
            assert!(length > 0, "it was closed");
            answer.extend(&piece[..length]);
        }
    }

    #[tokio::test]
    async fn more_than_there_are_places_for_wait() {
        let bench = Bench::new(Patience { most: 1, ..Patience::default() }).await;
        let (mut first, mut second) = (bench.connection().await, bench.connection().await);
        asked(&mut first).await;
        second.write_all(ASKED).await.unwrap();
        asked(&mut first).await;
        let answered = second.try_read(&mut [0; 16]);
        assert!(answered.is_err_and(|fault| fault.kind() == ErrorKind::WouldBlock));
        drop(first);
        let mut answer = [0; 12];
        second.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200");
    }

    #[tokio::test]
    async fn the_end_waits_for_requests_and_not_for_idle_connections() {
        let mut bench = Bench::new(Patience::default()).await;
        let (mut idle, mut unused, mut held) =
            (bench.connection().await, bench.connection().await, bench.connection().await);
        asked(&mut idle).await;
        held.write_all(b"GET /held HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        bench.begun.notified().await;
        bench.stop.take().unwrap().send(()).unwrap();
        closed(&mut idle).await;
        closed(&mut unused).await;
        assert!(!bench.running.is_finished());
        bench.go_on.notify_one();
        let mut answer = String::new();
        held.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains("connection: close"), "{answer}");
        bench.running.await.unwrap();
        assert!(TcpStream::connect(bench.address).await.is_err(), "nobody listens any more");
    }
}
