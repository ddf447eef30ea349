//! Which addresses may be connected to: public ones, and those that the operator allows.
//!
//! Two gates, both needed. [`Guard::check`] looks at the parsed URL at every hop, since a resolver is never
//! asked about IP literals, however oddly they are spelt. [`Resolver`] filters what names resolve to; only
//! what it gives is connected to, so a name that changes its answer between check and connection gains nothing.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::settings::Allow;

/// Why an address is not connected to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GuardError {
    /// Neither http nor https.
    #[error("only http and https addresses are fetched, not {0}")]
    Scheme(String),
    /// No host.
    #[error("the address names no host")]
    NoHost,
    /// A port where no web server is expected.
    #[error(
        "port {port} is none that is fetched from; to allow it, add it to collect.ports in the settings, or {host} to \
         collect.allow"
    )]
    Port {
        /// The host as asked for.
        host: String,
        /// The port.
        port: u16,
    },
    /// A private, local or reserved address.
    #[error(
        "{host} is at {address}, which is not a public address; to allow it, add it to collect.allow in the settings"
    )]
    Private {
        /// The host as asked for.
        host: String,
        /// What it is or resolved to.
        address: IpAddr,
    },
}

/// The ports of the web: a feed that points elsewhere points at a mail server or a database.
pub const PORTS: [u16; 2] = [80, 443];

/// Says which addresses may be connected to.
#[derive(Debug, Clone)]
pub struct Guard {
    allowed: Vec<Allow>,
    ports: Vec<u16>,
}

impl Default for Guard {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl Guard {
    /// A guard that lets public addresses through on the [usual ports](PORTS), and these on any.
    pub fn new(allowed: Vec<Allow>) -> Self {
        Self { allowed, ports: PORTS.to_vec() }
    }

    /// With these ports in place of the usual ones.
    #[must_use]
    pub fn with_ports(self, ports: Vec<u16>) -> Self {
        Self { ports, ..self }
    }

    /// Checks an address before it is fetched: its scheme, its port, and its host where that is an IP literal.
    /// Names are checked when they resolve. A host that the operator names may be asked on any port.
    ///
    /// # Errors
    /// Where it must not be fetched.
    pub fn check(&self, url: &Url) -> Result<(), GuardError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(GuardError::Scheme(url.scheme().to_owned()));
        }
        let host = url.host().map(|host| host.to_string()).unwrap_or_default();
        let exempt = match url.host() {
            Some(Host::Ipv4(address)) => self.check_literal(&host, address.into())?,
            Some(Host::Ipv6(address)) => self.check_literal(&host, address.into())?,
            Some(Host::Domain(name)) if !name.is_empty() => self.allows(name, None),
            _ => return Err(GuardError::NoHost),
        };
        match url.port_or_known_default() {
            Some(port) if !exempt && !self.ports.contains(&port) => Err(GuardError::Port { host, port }),
            _ => Ok(()),
        }
    }

    /// Checks an IP literal; whether the operator exempts it.
    fn check_literal(&self, host: &str, address: IpAddr) -> Result<bool, GuardError> {
        self.check_address(host, address)?;
        Ok(self.allows(host, Some(canonical(address))))
    }

    fn allows(&self, host: &str, address: Option<IpAddr>) -> bool {
        self.allowed
            .iter()
            .any(|allow| allow.takes_host(host) || address.is_some_and(|address| allow.takes_address(address)))
    }

    /// Checks an address that a host is at.
    ///
    /// # Errors
    /// Where it is not public and neither host nor address is allowed.
    pub fn check_address(&self, host: &str, address: IpAddr) -> Result<(), GuardError> {
        let address = canonical(address);
        if is_public(address) || self.allows(host, Some(address)) {
            return Ok(());
        }
        Err(GuardError::Private { host: host.to_owned(), address })
    }
}

fn same_bits(a: u128, b: u128, prefix: u8, width: u8) -> bool {
    let ignored = u32::from(width.saturating_sub(prefix));
    a.checked_shr(ignored).unwrap_or(0) == b.checked_shr(ignored).unwrap_or(0)
}

/// An IPv4 address in IPv6 clothes, undressed.
fn canonical(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

/// Whether anybody on the Internet could reach it (IANA special-purpose registries, RFC 6890).
pub fn is_public(address: IpAddr) -> bool {
    match canonical(address) {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    const RESERVED: [(Ipv4Addr, u8); 16] = [
        (Ipv4Addr::new(0, 0, 0, 0), 8),
        (Ipv4Addr::new(10, 0, 0, 0), 8),
        (Ipv4Addr::new(100, 64, 0, 0), 10),
        (Ipv4Addr::new(127, 0, 0, 0), 8),
        (Ipv4Addr::new(169, 254, 0, 0), 16),
        (Ipv4Addr::new(172, 16, 0, 0), 12),
        (Ipv4Addr::new(192, 0, 0, 0), 24),
        (Ipv4Addr::new(192, 0, 2, 0), 24),
        (Ipv4Addr::new(192, 31, 196, 0), 24),
        (Ipv4Addr::new(192, 88, 99, 0), 24),
        (Ipv4Addr::new(192, 168, 0, 0), 16),
        (Ipv4Addr::new(198, 18, 0, 0), 15),
        (Ipv4Addr::new(198, 51, 100, 0), 24),
        (Ipv4Addr::new(203, 0, 113, 0), 24),
        (Ipv4Addr::new(224, 0, 0, 0), 4),
        (Ipv4Addr::new(240, 0, 0, 0), 4),
    ];
    let inside =
        |(network, prefix): &(Ipv4Addr, u8)| same_bits(network.to_bits().into(), address.to_bits().into(), *prefix, 32);
    !RESERVED.iter().any(inside)
}

/// Global unicast is 2000::/3; what tunnels to IPv4 or is set aside within it is not public either.
fn is_public_v6(address: Ipv6Addr) -> bool {
    const SET_ASIDE: [(u128, u8); 4] =
        [(0x2001_0000 << 96, 23), (0x2001_0db8 << 96, 32), (0x2002 << 112, 16), (0x3fff << 112, 20)];
    let bits = address.to_bits();
    same_bits(0x2 << 124, bits, 3, 128)
        && !SET_ASIDE.iter().any(|(network, prefix)| same_bits(*network, bits, *prefix, 128))
}

/// What a name resolves to.
pub type Answer = dyn Fn(&str) -> Vec<IpAddr> + Send + Sync;

/// How names become addresses.
#[derive(Clone)]
pub enum Lookup {
    /// As the system does it.
    System,
    /// By a function; for tests.
    Scripted(Arc<Answer>),
}

impl std::fmt::Debug for Lookup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::System => "System",
            Self::Scripted(_) => "Scripted",
        })
    }
}

/// Resolves names to the addresses that the guard lets through, and to no others.
#[derive(Debug, Clone)]
pub struct Resolver {
    guard: Arc<Guard>,
    lookup: Lookup,
}

impl Resolver {
    /// A resolver behind a guard.
    pub fn new(guard: Arc<Guard>, lookup: Lookup) -> Self {
        Self { guard, lookup }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (guard, lookup) = (Arc::clone(&self.guard), self.lookup.clone());
        Box::pin(async move {
            let host = name.as_str();
            let found: Vec<IpAddr> = match lookup {
                // Port 0 is filled in from the URL.
                Lookup::System => tokio::net::lookup_host((host, 0)).await?.map(|address| address.ip()).collect(),
                Lookup::Scripted(answer) => answer(host),
            };
            let (mut open, mut refused) = (Vec::new(), None);
            for address in found {
                match guard.check_address(host, address) {
                    Ok(()) => open.push(SocketAddr::new(address, 0)),
                    Err(error) => refused = Some(error),
                }
            }
            match refused {
                Some(error) if open.is_empty() => Err(error.into()),
                _ => Ok(Box::new(open.into_iter()) as Addrs),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(guard: &Guard, url: &str) -> Result<(), GuardError> {
        guard.check(&Url::parse(url).unwrap())
    }

    #[test]
    fn no_spelling_of_a_private_literal_passes() {
        let guard = Guard::default();
        for host in [
            "127.0.0.1",
            "2130706433",
            "0x7f.1",
            "017700000001",
            "127.1",
            "0",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::]",
            "10.1.2.3",
            "172.31.0.1",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "[fe80::1]",
            "[fc00::1]",
            "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]",
            "[ff02::1]",
            "224.0.0.1",
            "255.255.255.255",
            "[::127.0.0.1]",
            "0xA9FEA9FE",
            "[2001:db8::1]",
            "0177.0.0.1",
            "0x7f000001",
            "127.0.1",
            "127.000.000.001",
            "%31%32%37.0.0.1",
            "①②⑦.⓪.⓪.①",
            "127。0。0。1",
            "192.0.0.8",
            "198.18.0.1",
            "240.0.0.1",
            "[::ffff:7f00:1]",
            "[0:0:0:0:0:ffff:169.254.169.254]",
            "[64:ff9b:1::1]",
            "[2001:0:7f00:1::]",
            "[100::1]",
            "[fec0::1]",
            "[5f00::1]",
        ] {
            let found = check(&guard, &format!("http://{host}/"));
            assert!(matches!(found, Err(GuardError::Private { .. })), "{host}: {found:?}");
        }
        for host in ["93.184.216.34", "[2606:2800:220:1::1]", "example.org", "1.1.1.1"] {
            assert_eq!(check(&guard, &format!("https://{host}/")), Ok(()), "{host}");
        }
    }

    #[test]
    fn only_the_ports_of_the_web_are_asked_unless_the_operator_says() {
        let guard = Guard::new(vec![Allow::parse("10.0.0.0/8").unwrap(), Allow::parse("nas.example").unwrap()]);
        for url in
            ["https://example.org/", "http://example.org:443/", "http://10.1.1.1:8080/", "http://nas.example:81/"]
        {
            assert_eq!(check(&guard, url), Ok(()), "{url}");
        }
        for url in
            ["http://example.org:22/", "http://example.org:6379/", "https://1.1.1.1:8443/", "http://a.example:0/"]
        {
            assert!(matches!(check(&guard, url), Err(GuardError::Port { .. })), "{url}");
        }
        assert_eq!(check(&guard.with_ports(vec![8443]), "https://1.1.1.1:8443/"), Ok(()));
    }

    #[test]
    fn only_the_web_is_fetched() {
        for url in ["file:///etc/passwd", "ftp://example.org/", "gopher://example.org/", "data:text/plain,x"] {
            assert!(check(&Guard::default(), url).is_err(), "{url}");
        }
    }

    #[test]
    fn the_operator_can_exempt_hosts_and_networks() {
        let allowed =
            ["nas.home.example", "10.8.0.0/16", "::1"].iter().map(|text| Allow::parse(text).unwrap()).collect();
        let guard = Guard::new(allowed);
        assert_eq!(check(&guard, "http://10.8.3.4/"), Ok(()));
        assert_eq!(check(&guard, "http://[::1]/"), Ok(()));
        assert!(check(&guard, "http://10.9.0.1/").is_err());
        let home = "192.168.0.2".parse().unwrap();
        assert_eq!(guard.check_address("NAS.home.example.", home), Ok(()));
        assert!(guard.check_address("other.example", home).is_err());
    }

    proptest! {
        #[test]
        fn an_ipv4_address_is_judged_alike_in_ipv6_clothes(bits: u32) {
            let v4 = Ipv4Addr::from_bits(bits);
            prop_assert_eq!(is_public(v4.into()), is_public(v4.to_ipv6_mapped().into()));
            prop_assert!(!v4.is_private() || !is_public(v4.into()));
        }
    }
}
