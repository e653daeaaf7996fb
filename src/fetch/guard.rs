//! The address guard: which addresses may be connected to.
//!
//! A feed is a stranger's text, and its links are the stranger's choice of where this process connects to. So only global
//! unicast addresses are fetched, unless the config lists more. Both ways to an address go through here: a literal in a
//! URL (every spelling that `Url` knows becomes `Host::Ipv4` or `Host::Ipv6`), and what a name resolves to
//! ([`super::resolve`]), where the connector gets only what passed, so that there is no gap between check and use.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};
use thiserror::Error;
use url::{Host, Url};

use crate::config::PrivateNetworks;

/// Decides which addresses may be connected to.
#[derive(Debug, Clone)]
pub(super) struct Guard {
    private: PrivateNetworks,
}

/// Why a URL or an address is not fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(super) enum Blocked {
    /// Neither global nor in a network that the config lists.
    #[error("{0} is not a public address (`private_networks` in the config may allow it)")]
    Address(IpAddr),
    /// Neither http nor https.
    #[error("only http and https URLs are fetched")]
    Scheme,
    /// No host to connect to.
    #[error("the URL names no host")]
    NoHost,
}

impl Guard {
    pub(super) fn new(private: PrivateNetworks) -> Self {
        Self { private }
    }

    /// Checks the scheme and, where the host is an address, the address. Names are checked once they are resolved.
    pub(super) fn check_url(&self, url: &Url) -> Result<(), Blocked> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Blocked::Scheme);
        }
        match url.host() {
            Some(Host::Ipv4(address)) => self.check(address.into()),
            Some(Host::Ipv6(address)) => self.check(address.into()),
            Some(Host::Domain(name)) if !name.is_empty() => Ok(()),
            _ => Err(Blocked::NoHost),
        }
    }

    /// Checks an address, in the form given and in the form that packets to it end up with.
    pub(super) fn check(&self, address: IpAddr) -> Result<(), Blocked> {
        let reached = unwrap(address);
        let allowed = is_global(reached)
            || match &self.private {
                PrivateNetworks::Denied => false,
                PrivateNetworks::Allowed => true,
                PrivateNetworks::Listed(networks) => {
                    networks.iter().any(|n| n.contains(&address) || n.contains(&reached))
                }
            };
        if allowed { Ok(()) } else { Err(Blocked::Address(address)) }
    }
}

/// The IPv4 address inside an IPv6 one: mapped, compatible (with `::` and `::1`, which become 0.0.0.0 and 0.0.0.1), NAT64
/// (RFC 6052) and 6to4 (RFC 3056).
fn unwrap(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else { return address };
    match v6.segments() {
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            IpAddr::V4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)))
        }
        _ => address,
    }
}

fn is_global(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => !SPECIAL_V4.iter().any(|network| network.contains(&v4)),
        IpAddr::V6(v6) => GLOBAL_V6.contains(&v6) && !SPECIAL_V6.iter().any(|network| network.contains(&v6)),
    }
}

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(a: u16, b: u16, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0), prefix)
}

/// IANA's IPv4 special-purpose registry, multicast and the reserved rest (RFC 6890, RFC 5771, RFC 1112).
const SPECIAL_V4: [Ipv4Net; 15] = [
    v4(0, 0, 0, 0, 8),       // this network
    v4(10, 0, 0, 0, 8),      // private
    v4(100, 64, 0, 0, 10),   // carrier-grade NAT
    v4(127, 0, 0, 0, 8),     // loopback
    v4(169, 254, 0, 0, 16),  // link-local; where clouds keep their metadata
    v4(172, 16, 0, 0, 12),   // private
    v4(192, 0, 0, 0, 24),    // IETF protocol assignments
    v4(192, 0, 2, 0, 24),    // documentation
    v4(192, 88, 99, 0, 24),  // 6to4 relays, deprecated
    v4(192, 168, 0, 0, 16),  // private
    v4(198, 18, 0, 0, 15),   // benchmarking
    v4(198, 51, 100, 0, 24), // documentation
    v4(203, 0, 113, 0, 24),  // documentation
    v4(224, 0, 0, 0, 4),     // multicast
    v4(240, 0, 0, 0, 4),     // reserved, and broadcast
];

/// The only part of IPv6 that holds global unicast addresses; ULA, link-local, multicast and the local NAT64 prefix
/// `64:ff9b:1::/48` lie outside.
const GLOBAL_V6: Ipv6Net = v6(0x2000, 0, 3);

/// What is special inside it (RFC 6890).
const SPECIAL_V6: [Ipv6Net; 3] = [
    v6(0x2001, 0, 23), // IETF protocol assignments, Teredo among them: its relays are gone, and it hides IPv4 addresses
    v6(0x2001, 0xdb8, 32), // documentation
    v6(0x3fff, 0, 20), // documentation
];

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{Blocked, Guard};
    use crate::config::PrivateNetworks;

    #[track_caller]
    fn check(host: &str, private: &PrivateNetworks, allowed: bool) {
        let url = Url::parse(&format!("http://{host}/")).unwrap();
        assert_eq!(Guard::new(private.clone()).check_url(&url).is_ok(), allowed, "{host} as {url}");
    }

    #[test]
    fn every_spelling_of_an_inner_address_is_blocked() {
        for host in [
            "127.0.0.1",
            "127.0.0.2",
            "127.2",
            "2130706434",
            "0x7f000002",
            "0x7f.2",
            "0177.0.0.1",
            "127.0.0.1.",
            "１２７.0.0.1",
            "0.0.0.0",
            "0",
            "10.1.2.3",
            "100.64.0.1",
            "100.127.255.255",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "[::]",
            "[::1]",
            "[::127.0.0.1]",
            "[::ffff:127.0.0.2]",
            "[::ffff:7f00:2]",
            "[::ffff:169.254.169.254]",
            "[::ffff:0:127.0.0.1]",
            "[64:ff9b::127.0.0.1]",
            "[64:ff9b::a00:1]",
            "[64:ff9b:1::8.8.8.8]",
            "[2002:7f00:1::]",
            "[2002:c0a8:101::1]",
            "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
            "[2001:db8::1]",
            "[3fff::1]",
            "[fc00::1]",
            "[fd12::1]",
            "[fe80::1]",
            "[fec0::1]",
            "[ff02::1]",
            "[100::1]",
            "[5f00::1]",
        ] {
            check(host, &PrivateNetworks::Denied, false);
        }
    }

    #[test]
    fn global_addresses_and_names_pass() {
        for host in [
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "[2606:4700::1111]",
            "[2a00:1450:4001::200e]",
            "[::ffff:8.8.8.8]",
            "[64:ff9b::8.8.8.8]",
            "[2002:808:808::1]",
            "example.org",
            "localhost",
        ] {
            check(host, &PrivateNetworks::Denied, true);
        }
    }

    #[test]
    fn listed_networks_pass_in_every_form_and_nothing_else_does() {
        let listed = PrivateNetworks::Listed(vec!["127.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()]);
        for host in ["127.0.0.1", "[::ffff:127.0.0.1]", "[fd00::7]", "8.8.8.8"] {
            check(host, &listed, true);
        }
        for host in ["10.0.0.1", "[::1]", "[fe80::1]", "[::ffff:10.0.0.1]"] {
            check(host, &listed, false);
        }
        check("10.0.0.1", &PrivateNetworks::Allowed, true);
    }

    #[test]
    fn only_http_is_fetched() {
        let guard = Guard::new(PrivateNetworks::Allowed);
        for (url, blocked) in [
            ("file:///etc/passwd", Blocked::Scheme),
            ("ftp://example.org/", Blocked::Scheme),
            ("gopher://127.0.0.1/", Blocked::Scheme),
            ("data:text/html,x", Blocked::Scheme),
        ] {
            assert_eq!(guard.check_url(&Url::parse(url).unwrap()), Err(blocked), "{url}");
        }
    }
}
