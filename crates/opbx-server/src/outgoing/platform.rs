//! Fetching what the platform recorded, from the addresses that it gave.
//!
//! They are a stranger's addresses like others: what they lead to is looked at, also after each redirect. Only the one place
//! that the operator named as the platform's interface may be anywhere. What the organization signs in there with goes to hosts of
//! the platform, after they refused us without it, and along with no redirect to another host.

use super::client::{Download, NotFetched, Outgoing, may_be_asked, not_fetched, plain_client};
use opbx_core::secret::Password;
use reqwest::header::LOCATION;
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode, Url};
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// How often an answer may send us elsewhere.
const REDIRECTS: usize = 5;
/// How long it may take from the beginning of a request to the end of its answer: the longest recording is large.
const LONGEST: Duration = Duration::from_secs(10 * 60);
/// How long nothing may come meanwhile.
const SILENCE: Duration = Duration::from_secs(30);
/// The platform's own domains.
const DOMAINS: [&str; 2] = ["cloudonix.io", "cloudonix.net"];

/// Where the platform's interface is: an `http` or `https` address with a host.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlatformApi {
    text: Box<str>,
    scheme: Box<str>,
    host: Box<str>,
    port: u16,
}

/// A text that is no such address.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("an address like https://api.cloudonix.io")]
pub struct NotAnInterface;

impl Default for PlatformApi {
    fn default() -> Self {
        let host = "api.cloudonix.io".into();
        Self { text: "https://api.cloudonix.io".into(), scheme: "https".into(), host, port: 443 }
    }
}

impl PlatformApi {
    /// Whether an address is at the very place that was named.
    fn is_at(&self, url: &Url) -> bool {
        let place = (url.scheme(), url.host_str(), url.port_or_known_default());
        place == (&*self.scheme, Some(&*self.host), Some(self.port))
    }

    /// Whether an address is at a host of the platform, where its keys may go: the one that was named, or one of its domains, and
    /// there encrypted.
    fn is_of_platform(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        let is_below = |domain: &str| {
            host == domain || host.strip_suffix(domain).is_some_and(|sub| sub.len() > 1 && sub.ends_with('.'))
        };
        self.is_at(url) || (url.scheme() == "https" && DOMAINS.into_iter().any(is_below))
    }
}

impl FromStr for PlatformApi {
    type Err = NotAnInterface;

    fn from_str(text: &str) -> Result<Self, NotAnInterface> {
        let url = Url::parse(text).map_err(|_| NotAnInterface)?;
        let is_web = matches!(url.scheme(), "http" | "https");
        let is_bare = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
        let host = url.host_str().filter(|host| is_web && is_bare && !host.is_empty() && url.password().is_none());
        let (Some(host), Some(port)) = (host, url.port_or_known_default()) else { return Err(NotAnInterface) };
        let text = url.as_str().trim_end_matches('/').into();
        Ok(Self { text, scheme: url.scheme().into(), host: host.into(), port })
    }
}

impl fmt::Display for PlatformApi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Fetches recordings.
#[derive(Clone, Debug)]
pub(crate) struct Recordings(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    api: PlatformApi,
    strangers: Outgoing,
    /// For public addresses, without following redirects: each is looked at here.
    strict: OnceLock<Client>,
    /// For the one place that may be anywhere.
    named: OnceLock<Client>,
}

impl Recordings {
    pub(crate) fn new(strangers: Outgoing, api: PlatformApi) -> Self {
        Self(Arc::new(Inner { api, strangers, strict: OnceLock::new(), named: OnceLock::new() }))
    }

    /// Asks for a file: first as nobody, then, where a host of the platform refuses that, with the organization's key.
    ///
    /// # Errors
    ///
    /// [`NotFetched`], also for every answer but 200.
    pub(crate) async fn get(&self, address: &str, key: Option<&Password>) -> Result<Download, NotFetched> {
        let url = Url::parse(address).map_err(|_| NotFetched::NotPublic)?;
        match (self.follow(url.clone(), None).await, key) {
            (Err(NotFetched::Status(refused)), Some(key)) if wants_key(refused) && self.0.api.is_of_platform(&url) => {
                self.follow(url, Some(key)).await
            }
            (answered, _) => answered,
        }
    }

    async fn follow(&self, start: Url, key: Option<&Password>) -> Result<Download, NotFetched> {
        let mut url = start.clone();
        for _ in 0..=REDIRECTS {
            let key = key.filter(|_| same_place(&start, &url));
            let answer = self.ask(&url, key).await?;
            let status = answer.status();
            if status == StatusCode::OK {
                return Ok(Download::of(answer));
            }
            let next = answer.headers().get(LOCATION).filter(|_| status.is_redirection());
            let Some(next) = next.and_then(|next| next.to_str().ok()) else { return Err(NotFetched::Status(status)) };
            url = url.join(next).map_err(|_| NotFetched::NotPublic)?;
        }
        Err(NotFetched::Status(StatusCode::LOOP_DETECTED))
    }

    async fn ask(&self, url: &Url, key: Option<&Password>) -> Result<Response, NotFetched> {
        let client = if self.0.api.is_at(url) {
            made(&self.0.named, || plain_client().redirect(Policy::none()))?
        } else if may_be_asked(self.0.strangers.allow(), url) {
            made(&self.0.strict, || plain_client().redirect(Policy::none()).dns_resolver(self.0.strangers.names()))?
        } else {
            return Err(NotFetched::NotPublic);
        };
        let mut request = client.get(url.clone()).timeout(LONGEST);
        if let Some(key) = key {
            request = request.bearer_auth(key.reveal());
        }
        request.send().await.map_err(not_fetched)
    }
}

/// The client of a place, made with its first request.
fn made(place: &OnceLock<Client>, how: impl FnOnce() -> reqwest::ClientBuilder) -> Result<&Client, NotFetched> {
    if let Some(client) = place.get() {
        return Ok(client);
    }
    let client = how().read_timeout(SILENCE).build().map_err(not_fetched)?;
    Ok(place.get_or_init(|| client))
}

/// Whether a refusal may be because nobody said who asks.
const fn wants_key(refused: StatusCode) -> bool {
    matches!(refused, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND)
}

/// Whether two addresses are at one host and port, by one scheme.
fn same_place(one: &Url, other: &Url) -> bool {
    one.origin() == other.origin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_platform_is_the_platform() {
        assert_eq!("https://api.cloudonix.io/".parse(), Ok(PlatformApi::default()));
        let api: PlatformApi = "http://127.0.0.1:8080/base/".parse().unwrap();
        assert_eq!(api.to_string(), "http://127.0.0.1:8080/base");
        for (address, is_it) in [
            ("https://api.cloudonix.io/x", true),
            ("https://cdn.media.cloudonix.net/x", true),
            ("https://cloudonix.io/x", true),
            ("http://127.0.0.1:8080/x", true),
            ("http://api.cloudonix.io/x", false),
            ("http://127.0.0.1:8081/x", false),
            ("https://127.0.0.1:8080/x", false),
            ("https://evilcloudonix.io/x", false),
            ("https://cloudonix.io.example/x", false),
            ("https://.cloudonix.io/x", false),
            ("https://api.cloudonix.io@example.com/x", false),
        ] {
            let is_of = Url::parse(address).is_ok_and(|url| api.is_of_platform(&url));
            assert_eq!(is_of, is_it, "{address}");
        }
        for bad in ["", "api.cloudonix.io", "ftp://api.cloudonix.io", "https://a.b/?x", "https://u:p@a.b", "https://"] {
            assert!(bad.parse::<PlatformApi>().is_err(), "{bad}");
        }
    }
}
