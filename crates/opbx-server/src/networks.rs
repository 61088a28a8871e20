//! Lists of networks, as settings name them.

use ipnet::IpNet;
use std::net::IpAddr;
use std::str::FromStr;

/// Networks and single addresses; by default none.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Networks(Box<[IpNet]>);

/// A text that is no list of networks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("networks like 10.0.0.0/8 or addresses, separated by commas")]
pub struct NotNetworks;

impl FromStr for Networks {
    type Err = NotNetworks;

    fn from_str(text: &str) -> Result<Self, NotNetworks> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        // An address alone is the network of that one.
        let network = |part: &str| part.parse().or_else(|_| part.parse::<IpAddr>().map(IpNet::from));
        parts.map(|part| network(part).map_err(|_| NotNetworks)).collect::<Result<_, _>>().map(Self)
    }
}

impl Networks {
    /// Whether an address, of IPv4 also as IPv6 spells it, is in one of them.
    pub(crate) fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_read_and_contain_addresses() {
        let networks: Networks = "10.20.0.0/16, 192.168.7.7,fd00:7::/32".parse().unwrap();
        for (address, contained) in [
            ("10.20.30.40", true),
            ("::ffff:10.20.30.40", true),
            ("10.21.0.1", false),
            ("192.168.7.7", true),
            ("192.168.7.8", false),
            ("fd00:7::1", true),
            ("fd00:8::1", false),
        ] {
            assert_eq!(networks.contain(address.parse().unwrap()), contained, "{address}");
        }
        assert_eq!("".parse(), Ok(Networks::default()));
        for bad in ["10.0.0.0/33", "everything", "10.0.0.0/8 127.0.0.0/8"] {
            assert_eq!(bad.parse::<Networks>(), Err(NotNetworks), "{bad}");
        }
    }
}
