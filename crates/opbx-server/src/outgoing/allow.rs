//! Which addresses may be reached.

use super::is_public::is_public;
use ipnet::IpNet;
use std::net::IpAddr;
use std::str::FromStr;

/// Networks that outgoing fetches may reach although they are not public.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FetchAllow(Box<[IpNet]>);

/// A text that is no list of networks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("networks like 10.20.0.0/16, separated by commas")]
pub struct NotNetworks;

impl FromStr for FetchAllow {
    type Err = NotNetworks;

    fn from_str(text: &str) -> Result<Self, NotNetworks> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        // An address alone is the network of that one.
        let network = |part: &str| part.parse().or_else(|_| part.parse::<IpAddr>().map(IpNet::from));
        parts.map(|part| network(part).map_err(|_| NotNetworks)).collect::<Result<_, _>>().map(Self)
    }
}

impl FetchAllow {
    /// Whether an address may be reached.
    pub(super) fn admits(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        is_public(address) || self.0.iter().any(|network| network.contains(&address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_read_and_admit() {
        let allow: FetchAllow = "10.20.0.0/16, 192.168.7.7,fd00:7::/32".parse().unwrap();
        for (address, admitted) in [
            ("10.20.30.40", true),
            ("::ffff:10.20.30.40", true),
            ("10.21.0.1", false),
            ("192.168.7.7", true),
            ("192.168.7.8", false),
            ("fd00:7::1", true),
            ("fd00:8::1", false),
            ("93.184.215.14", true),
        ] {
            assert_eq!(allow.admits(address.parse().unwrap()), admitted, "{address}");
        }
        assert_eq!("".parse(), Ok(FetchAllow::default()));
        for bad in ["10.0.0.0/33", "everything", "10.0.0.0/8 127.0.0.0/8"] {
            assert_eq!(bad.parse::<FetchAllow>(), Err(NotNetworks), "{bad}");
        }
    }
}
