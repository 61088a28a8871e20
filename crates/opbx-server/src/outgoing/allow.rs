//! Which addresses may be reached.

use super::is_public::is_public;
use crate::networks::{Networks, NotNetworks};
use std::net::IpAddr;
use std::str::FromStr;

/// Networks that outgoing fetches may reach although they are not public; by default none.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FetchAllow(Networks);

impl FromStr for FetchAllow {
    type Err = NotNetworks;

    fn from_str(text: &str) -> Result<Self, NotNetworks> {
        text.parse().map(Self)
    }
}

impl FetchAllow {
    /// Whether an address may be reached.
    pub(super) fn admits(&self, address: IpAddr) -> bool {
        is_public(address.to_canonical()) || self.0.contain(address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_public_or_allowed_is_admitted() {
        let allow: FetchAllow = "10.20.0.0/16".parse().unwrap();
        for (address, admitted) in
            [("10.20.30.40", true), ("::ffff:10.20.30.40", true), ("10.21.0.1", false), ("93.184.215.14", true)]
        {
            assert_eq!(allow.admits(address.parse().unwrap()), admitted, "{address}");
        }
    }
}
