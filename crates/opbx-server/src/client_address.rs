//! Where a request comes from, also when others stand between.

use crate::networks::{Networks, NotNetworks};
use axum::extract::ConnectInfo;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

/// The address that a request came from; `None`: it came over no socket.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct ClientAddress(pub(crate) Option<IpAddr>);

impl ClientAddress {
    /// Of a request: where its connection comes from, or where a trusted proxy says that it was sent from.
    pub(crate) fn of(parts: &Parts, trusted: &TrustedProxies) -> Self {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Self(peer.map(|ConnectInfo(peer)| trusted.origin(peer.ip(), &parts.headers)))
    }

    /// By what whoever is there is counted: of IPv6 the network of 64 bits that one customer gets.
    pub(crate) fn network(self) -> Self {
        Self(self.0.map(|address| match address {
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                [a, b, c, d, 0, 0, 0, 0].into()
            }
            IpAddr::V4(_) => address,
        }))
    }
}

impl fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |address| address.fmt(f))
    }
}

/// The networks whose word about where a request was sent from counts; by default none.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TrustedProxies(Networks);

impl FromStr for TrustedProxies {
    type Err = NotNetworks;

    fn from_str(text: &str) -> Result<Self, NotNetworks> {
        text.parse().map(Self)
    }
}

impl TrustedProxies {
    /// Where a request was sent from: each trusted proxy tells who it had it from, the nearest one last.
    fn origin(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut origin = peer.to_canonical();
        let told = headers.get_all("x-forwarded-for");
        let mut told: Vec<&str> =
            told.iter().flat_map(|line| line.to_str().unwrap_or_default().split(',')).map(str::trim).collect();
        while self.0.contain(origin) {
            // What cannot be read was not written by a proxy of ours: the one who passed it on is the last that is known.
            let Some(before) = told.pop().and_then(address) else { break };
            origin = before;
        }
        origin
    }
}

/// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:4711`.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    bare.parse::<IpAddr>().ok().or_else(with_port).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn origin(trusted: &str, peer: &str, told: &[&str]) -> String {
        let trusted = if trusted.is_empty() { TrustedProxies::default() } else { trusted.parse().unwrap() };
        let told = told.iter().map(|line| ("x-forwarded-for".parse().unwrap(), HeaderValue::from_str(line).unwrap()));
        trusted.origin(peer.parse().unwrap(), &HeaderMap::from_iter(told)).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        for (trusted, peer, told, expected) in [
            ("", "192.0.2.1", &["203.0.113.9"][..], "192.0.2.1"),
            ("10.0.0.0/8", "192.0.2.1", &["203.0.113.9"], "192.0.2.1"),
            ("10.0.0.0/8", "10.0.0.1", &["203.0.113.9"], "203.0.113.9"),
            ("10.0.0.1", "10.0.0.1", &["203.0.113.9"], "203.0.113.9"),
            ("10.0.0.1", "10.0.0.2", &["203.0.113.9"], "10.0.0.2"),
            // What the client made up stands before what the proxies saw.
            ("10.0.0.0/8", "10.0.0.1", &["1.1.1.1, 203.0.113.9, 10.0.0.7"], "203.0.113.9"),
            ("10.0.0.0/8", "10.0.0.1", &["1.1.1.1", "203.0.113.9"], "203.0.113.9"),
            ("10.0.0.0/8", "10.0.0.1", &["10.0.0.9, 10.0.0.7"], "10.0.0.9"),
            ("10.0.0.0/8", "10.0.0.1", &["203.0.113.9, unknown, 10.0.0.7"], "10.0.0.7"),
            ("10.0.0.0/8", "10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.0/8", "10.0.0.1", &["203.0.113.9:4711"], "203.0.113.9"),
            ("10.0.0.0/8, ::1", "::1", &["[2001:db8::1]:4711"], "2001:db8::1"),
            ("10.0.0.0/8", "::ffff:10.0.0.1", &["::ffff:203.0.113.9"], "203.0.113.9"),
        ] {
            assert_eq!(origin(trusted, peer, told), expected, "{trusted} {peer} {told:?}");
        }
    }
}
