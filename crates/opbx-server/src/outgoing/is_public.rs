//! Whether an address is everyone's.
//!
//! Our own table instead of `IpAddr::is_global`, which is not stable, and with the networks that only carry another address
//! in theirs: what is behind such a one decides. After the registries of special addresses at IANA, and two addresses of
//! providers that look public and answer only inside.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address may be anyone's, and not of a network of our own, of this machine, or of nobody.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = match (a, b, c) {
        // This network, private, this machine, private, multicast and reserved.
        (0 | 10 | 127 | 224.., _, _) => true,
        // Shared by the customers of a carrier (RFC 6598).
        (100, 64..=127, _) => true,
        // Link-local; the metadata of most clouds is there.
        (169, 254, _) => true,
        (172, 16..=31, _) => true,
        // Protocols of the IETF, documentation, relays of 6to4.
        (192, 0, 0 | 2) | (192, 88, 99) => true,
        (192, 168, _) => true,
        // Measurements, documentation.
        (198, 18 | 19, _) | (198, 51, 100) | (203, 0, 113) => true,
        _ => false,
    };
    // The agent of Azure, in a public network of Microsoft.
    !special && address != Ipv4Addr::new(168, 63, 129, 16)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(mapped) = address.to_ipv4_mapped() {
        return is_public_v4(mapped);
    }
    let within = |from: [u16; 2]| Ipv4Addr::from((u32::from(from[0])) << 16 | u32::from(from[1]));
    match address.segments() {
        // NAT64: the address of version 4 stands at the end (RFC 6052).
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => is_public_v4(within([high, low])),
        // Teredo: that of its server, and that of its client with every bit turned (RFC 4380).
        [0x2001, 0, server_high, server_low, _, _, high, low] => {
            is_public_v4(within([server_high, server_low])) && is_public_v4(within([!high, !low]))
        }
        // The rest of the protocols of the IETF: measurements, identifiers that are no addresses.
        [0x2001, 0x0001..=0x01ff, ..] => false,
        [0x2001, 0xdb8, ..] => false,
        // 6to4 (RFC 3056).
        [0x2002, high, low, ..] => is_public_v4(within([high, low])),
        // Documentation (RFC 9637).
        [0x3fff, 0..=0x0fff, ..] => false,
        // What is given out to anybody lies in here, and nothing else does.
        [0x2000..=0x3fff, ..] => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_addresses() {
        let public = [
            "1.1.1.1",
            "8.8.8.8",
            "93.184.215.14",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.1",
            "169.253.0.1",
            "172.15.255.255",
            "172.32.0.1",
            "192.0.1.1",
            "192.167.255.255",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "168.63.129.15",
            "2606:2800:21f:cb07::1",
            "2a00:1450:4001::1",
            "2001:4860:4860::8888",
            "2001:200::1",
            "3fff:1000::1",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2002:808:808::1",
            // Teredo: the server 8.8.8.8, the client 8.8.4.4.
            "2001:0:808:808:0:0:f7f7:fbfb",
        ];
        let not_public = [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.100.100.200",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "168.63.129.16",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::808:808",
            "100::1",
            "2001:0:7f00:1:0:0:f7f7:fbfb",
            // The client 127.0.0.1 behind a public server.
            "2001:0:808:808:0:0:80ff:fffe",
            "2001:2::1",
            "2001:10::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "2002:a9fe:a9fe::1",
            "2002:c0a8:1::1",
            "3fff:0:1::1",
            "4000::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ];
        for address in public {
            assert!(is_public(address.parse().unwrap()), "{address} is public");
        }
        for address in not_public {
            assert!(!is_public(address.parse().unwrap()), "{address} is not public");
        }
    }
}
