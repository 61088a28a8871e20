//! The one client for addresses that strangers gave us.

use super::FetchAllow;
use axum::body::Bytes;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, ClientBuilder, Response, StatusCode, Url};
use std::error::Error;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::Semaphore;

/// How long a name may take to be looked up.
const LOOKING_UP: Duration = Duration::from_secs(3);
/// How many names are looked up at once. The system does that in threads of its own, and goes on when nobody waits any more:
/// a name whose server says nothing holds one for half a minute.
const LOOKUPS: usize = 8;
/// How long it may take to be connected.
const CONNECTING: Duration = Duration::from_secs(5);
/// How long a request may take from its beginning to the end of its answer.
const ASKING: Duration = Duration::from_secs(30);
/// How often an answer may send us elsewhere.
const REDIRECTS: usize = 5;

/// Fetches from addresses that strangers gave us.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    names: Looking,
    /// Made with the first request: reading what the system trusts takes time and memory that most servers never need.
    client: OnceLock<Client>,
}

/// What is known of an address before anything was asked there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Verdict {
    /// It may be fetched.
    Public,
    /// It must not: it is, or its name leads to, an address that is not everyone's.
    NotPublic,
    /// Its name leads nowhere, now.
    Unknown,
}

/// Why nothing was fetched. As a sentence for whoever gave the address: it tells nothing of what is behind it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotFetched {
    /// It may not be asked there.
    #[error("The address, or one that it leads to, is not a public one.")]
    NotPublic,
    /// Nobody knows the name.
    #[error("The name in the address leads nowhere.")]
    UnknownName,
    /// It answered, with something else than a file.
    #[error("The server there answered {}.", .0.as_u16())]
    Status(StatusCode),
    /// It did not answer in time.
    #[error("The server there took too long to answer.")]
    TooSlow,
    /// It cannot be reached, or broke off.
    #[error("The server there cannot be reached, or broke off.")]
    Unreachable(#[source] reqwest::Error),
}

/// A name or an address that must not be asked.
#[derive(Clone, Copy, Debug, thiserror::Error)]
enum Refused {
    #[error("not a public address")]
    NotPublic,
    #[error("the name leads nowhere")]
    UnknownName,
}

impl Outgoing {
    pub(crate) fn new(allow: FetchAllow) -> Self {
        let names = Looking { allow, turns: Arc::new(Semaphore::new(LOOKUPS)) };
        Self(Arc::new(Inner { names, client: OnceLock::new() }))
    }

    /// Looks at an address, and up its name, without asking anything there. What it finds holds for now: a request looks
    /// again.
    pub(crate) async fn judge(&self, address: &str) -> Verdict {
        let Some(url) = Url::parse(address).ok().filter(is_web) else { return Verdict::NotPublic };
        match literal(&url) {
            Some(literal) if self.0.names.allow.admits(literal) => Verdict::Public,
            Some(_) => Verdict::NotPublic,
            None => match self.0.names.looked_up(url.host_str().unwrap_or_default()).await {
                Ok(_) => Verdict::Public,
                Err(Refused::NotPublic) => Verdict::NotPublic,
                Err(Refused::UnknownName) => Verdict::Unknown,
            },
        }
    }

    /// Asks for a file.
    ///
    /// # Errors
    ///
    /// [`NotFetched`], also for every answer but 200.
    pub(crate) async fn get(&self, address: &str) -> Result<Download, NotFetched> {
        let url = Url::parse(address).ok().filter(|url| may_be_asked(&self.0.names.allow, url));
        let url = url.ok_or(NotFetched::NotPublic)?;
        let answer = self.client()?.get(url).send().await.map_err(not_fetched)?;
        match answer.status() {
            StatusCode::OK => Ok(Download(answer)),
            status => Err(NotFetched::Status(status)),
        }
    }

    fn client(&self) -> Result<&Client, NotFetched> {
        if let Some(client) = self.0.client.get() {
            return Ok(client);
        }
        let allow = self.0.names.allow.clone();
        let redirects = Policy::custom(move |attempt| redirected(&allow, attempt));
        let client = plain_client().dns_resolver(self.0.names.clone()).redirect(redirects).timeout(ASKING);
        let client = client.build().map_err(not_fetched)?;
        Ok(self.0.client.get_or_init(|| client))
    }

    /// What may be reached.
    pub(super) fn allow(&self) -> &FetchAllow {
        &self.0.names.allow
    }

    /// Who looks up names.
    pub(super) fn names(&self) -> Looking {
        self.0.names.clone()
    }
}

/// What every client for addresses of others has in common.
pub(super) fn plain_client() -> ClientBuilder {
    // The second time it is there already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .user_agent(concat!("OPBX/", env!("CARGO_PKG_VERSION")))
        // A proxy would look up the names itself, and connect for us.
        .no_proxy()
        .referer(false)
        .connect_timeout(CONNECTING)
        // A connection that stays open is one that was looked at some time ago.
        .pool_max_idle_per_host(0)
}

/// A file on its way here.
#[derive(Debug)]
pub(crate) struct Download(Response);

impl Download {
    /// The body of an answer that is a file.
    pub(super) const fn of(answer: Response) -> Self {
        Self(answer)
    }

    /// How long the file will be, as the server there says.
    pub(crate) fn length(&self) -> Option<u64> {
        self.0.content_length()
    }

    /// What came next; `None`: that was all.
    ///
    /// # Errors
    ///
    /// When it broke off, or took too long.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, NotFetched> {
        self.0.chunk().await.map_err(not_fetched)
    }
}

/// Whether an address is one of the web, with a host.
fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty())
}

/// The address that stands in a URL, if it is no name. Every way to write one is this one way after parsing: `127.1`,
/// `0x7f000001` and `2130706433` are `127.0.0.1`.
fn literal(url: &Url) -> Option<IpAddr> {
    let host = url.host_str()?;
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    bare.parse().ok()
}

/// Whether it may be asked there, as far as the text tells. Names are looked at when they are looked up.
pub(super) fn may_be_asked(allow: &FetchAllow, url: &Url) -> bool {
    is_web(url) && literal(url).is_none_or(|address| allow.admits(address))
}

fn redirected(allow: &FetchAllow, attempt: Attempt<'_>) -> reqwest::redirect::Action {
    if attempt.previous().len() > REDIRECTS {
        return attempt.stop();
    }
    if may_be_asked(allow, attempt.url()) { attempt.follow() } else { attempt.error(Refused::NotPublic) }
}

/// Looks up names, also for the client, which connects to what is answered here and asks nobody else.
#[derive(Clone, Debug)]
pub(super) struct Looking {
    allow: FetchAllow,
    turns: Arc<Semaphore>,
}

impl Looking {
    /// The addresses of a name, all of which may be reached.
    async fn looked_up(&self, name: &str) -> Result<Vec<SocketAddr>, Refused> {
        let name = name.to_owned();
        let looking = async move { Ok(tokio::net::lookup_host((name, 0)).await?.collect()) };
        let found: Vec<SocketAddr> = in_turn(&self.turns, looking).await.ok_or(Refused::UnknownName)?;
        if found.is_empty() {
            return Err(Refused::UnknownName);
        }
        // One that is not public among others is an attempt.
        if found.iter().all(|address| self.allow.admits(address.ip())) { Ok(found) } else { Err(Refused::NotPublic) }
    }
}

/// Does a look-up in its turn; `None`: it came to nothing, or not in time. It keeps its turn until it has ended, whoever still
/// waits for it.
async fn in_turn<T: Send + 'static>(
    turns: &Arc<Semaphore>,
    looking: impl Future<Output = io::Result<T>> + Send + 'static,
) -> Option<T> {
    let turns = Arc::clone(turns);
    let looked = tokio::time::timeout(LOOKING_UP, async move {
        let turn = turns.acquire_owned().await.ok()?;
        let looking = tokio::spawn(async move {
            let found = looking.await;
            drop(turn);
            found
        });
        looking.await.ok()?.ok()
    });
    looked.await.ok().flatten()
}

impl Resolve for Looking {
    fn resolve(&self, name: Name) -> Resolving {
        let names = self.clone();
        Box::pin(async move {
            let found = names.looked_up(name.as_str()).await?;
            let found: Addrs = Box::new(found.into_iter());
            Ok(found)
        })
    }
}

/// What a fault of the client means; ours may stand deep inside.
pub(super) fn not_fetched(fault: reqwest::Error) -> NotFetched {
    let mut inner: Option<&(dyn Error + 'static)> = Some(&fault);
    while let Some(cause) = inner {
        match cause.downcast_ref::<Refused>() {
            Some(Refused::NotPublic) => return NotFetched::NotPublic,
            Some(Refused::UnknownName) => return NotFetched::UnknownName,
            None => inner = cause.source(),
        }
    }
    if fault.is_timeout() { NotFetched::TooSlow } else { NotFetched::Unreachable(fault.without_url()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    fn outgoing(allow: &str) -> Outgoing {
        Outgoing::new(allow.parse().unwrap())
    }

    /// A server that answers every connection with the same text; `{port}` in it is its own.
    async fn answering(text: &str) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let text = text.replace("{port}", &port.to_string());
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(text.as_bytes()).await;
            }
        });
        port
    }

    #[tokio::test]
    async fn what_is_not_everyones_is_not_asked() {
        for (address, verdict) in [
            ("https://93.184.215.14/hello.mp3", Verdict::Public),
            ("https://[2606:2800:21f:cb07::1]/x", Verdict::Public),
            ("http://127.0.0.1/x", Verdict::NotPublic),
            ("http://10.1.2.3:8080/x", Verdict::NotPublic),
            ("http://169.254.169.254/latest/meta-data", Verdict::NotPublic),
            ("http://100.64.0.1/x", Verdict::NotPublic),
            ("http://0.0.0.0/x", Verdict::NotPublic),
            ("http://[::1]/x", Verdict::NotPublic),
            ("http://[::ffff:127.0.0.1]/x", Verdict::NotPublic),
            ("http://[fd00::1]/x", Verdict::NotPublic),
            ("http://user@127.0.0.1/x", Verdict::NotPublic),
            ("http://2130706433/x", Verdict::NotPublic),
            ("http://0x7f000001/x", Verdict::NotPublic),
            ("http://0177.0.0.1/x", Verdict::NotPublic),
            ("http://127.1/x", Verdict::NotPublic),
            ("http://127.0.0.1./x", Verdict::NotPublic),
            ("http://localhost/x", Verdict::NotPublic),
            ("http://LOCALHOST/x", Verdict::NotPublic),
            ("ftp://93.184.215.14/x", Verdict::NotPublic),
            ("file:///etc/passwd", Verdict::NotPublic),
            ("http://", Verdict::NotPublic),
            // Reserved to lead nowhere (RFC 6761).
            ("http://nowhere.invalid/x", Verdict::Unknown),
        ] {
            assert_eq!(outgoing("").judge(address).await, verdict, "{address}");
        }
        assert_eq!(outgoing("127.0.0.0/8, ::1").judge("http://localhost/x").await, Verdict::Public);
    }

    #[tokio::test(start_paused = true)]
    async fn look_ups_that_hang_keep_their_turns_and_others_give_up() {
        let turns = Arc::new(Semaphore::new(2));
        let (answer, wait) = tokio::sync::watch::channel(false);
        for _ in 0..2 {
            let mut wait = wait.clone();
            let hanging = async move { wait.wait_for(|answered| *answered).await.map(drop).map_err(io::Error::other) };
            assert_eq!(in_turn(&turns, hanging).await, None, "nobody waits longer than three seconds");
        }
        assert_eq!(turns.available_permits(), 0, "they go on");
        assert_eq!(in_turn(&turns, async { Ok(7) }).await, None, "there is no turn for it");
        answer.send(true).unwrap();
        assert_eq!(in_turn(&turns, async { Ok(7) }).await, Some(7));
    }

    #[tokio::test]
    async fn a_request_is_refused_like_its_address() {
        let port = answering("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi").await;
        for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"] {
            let refused = outgoing("").get(&format!("http://{host}:{port}/")).await;
            assert!(matches!(refused, Err(NotFetched::NotPublic)), "{host}: {refused:?}");
        }
        let refused = outgoing("").get("http://nowhere.invalid/").await;
        assert!(matches!(refused, Err(NotFetched::UnknownName)), "{refused:?}");
        let mut answer = outgoing("127.0.0.0/8").get(&format!("http://127.0.0.1:{port}/")).await.unwrap();
        assert_eq!(answer.length(), Some(2));
        assert_eq!(answer.next().await.unwrap().as_deref(), Some(b"hi".as_slice()));
        assert!(answer.next().await.unwrap().is_none());
    }

    #[tokio::test]
    async fn a_redirect_is_looked_at_like_an_address() {
        let redirect = |to: &str| {
            format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        };
        // Only this one server may be reached; where it sends us to may not.
        for to in ["http://127.0.0.2:{port}/", "http://[::1]:{port}/", "http://169.254.169.254/", "file:///etc/passwd"]
        {
            let port = answering(&redirect(to)).await;
            let refused = outgoing("127.0.0.1").get(&format!("http://127.0.0.1:{port}/")).await;
            assert!(matches!(refused, Err(NotFetched::NotPublic | NotFetched::Status(_))), "{to}: {refused:?}");
        }
        let port = answering(&redirect("http://127.0.0.1:{port}/again")).await;
        let refused = outgoing("127.0.0.1").get(&format!("http://127.0.0.1:{port}/")).await;
        assert!(matches!(refused, Err(NotFetched::Status(status)) if status == 302), "{refused:?}");
    }
}
