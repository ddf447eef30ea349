//! How single values are read. Errors are sentences about the value; key and place are added by the layers.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use url::{Host, Url};

use crate::model::{EmailAddress, toml_file::not_among};

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// What may be fetched although it is private.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Allow {
    /// A host by its name, in lower case, whatever its address.
    Host(String),
    /// Addresses whose first `bits` bits are those of `address`.
    Network {
        /// The address.
        address: IpAddr,
        /// 0 to 32, or 0 to 128.
        bits: u8,
    },
}

/// A recipient domain and how many messages a minute it gets: `gmail.com=600`.
///
/// # Errors
/// Where it is not of that form.
pub(super) fn domain_limit(text: &str) -> Result<(String, u32), String> {
    let bad = || format!("`{text}` is no domain with a number of messages a minute (gmail.com=600; 0 for no limit)");
    let (domain, count) = text.split_once('=').ok_or_else(bad)?;
    let Ok(Host::Domain(domain)) = Host::parse(domain.trim()) else { return Err(bad()) };
    Ok((domain, count.trim().parse().map_err(|_| bad())?))
}

impl Allow {
    /// Reads a host name, an address, or a network such as `10.0.0.0/8`.
    ///
    /// # Errors
    /// Where it is none of them.
    pub fn parse(text: &str) -> Result<Self, String> {
        let bad =
            || format!("`{text}` is neither a host (intranet.example), nor an address, nor a network (10.0.0.0/8)");
        let (host, bits) = match text.split_once('/') {
            Some((host, bits)) => (host, Some(bits.parse::<u8>().map_err(|_| bad())?)),
            None => (text, None),
        };
        if let Ok(address) = host.trim_matches(['[', ']']).parse::<IpAddr>() {
            let most = if address.is_ipv4() { 32 } else { 128 };
            let bits = bits.unwrap_or(most);
            return if bits <= most { Ok(Self::Network { address, bits }) } else { Err(bad()) };
        }
        match Host::parse(host) {
            Ok(Host::Domain(name)) if bits.is_none() => Ok(Self::Host(name.to_lowercase())),
            _ => Err(bad()),
        }
    }

    /// Whether a host name is meant.
    pub fn takes_host(&self, name: &str) -> bool {
        matches!(self, Self::Host(host) if host.eq_ignore_ascii_case(name.trim_end_matches('.')))
    }

    /// Whether an address is meant.
    pub fn takes_address(&self, candidate: IpAddr) -> bool {
        let Self::Network { address, bits } = self else { return false };
        let same = |a: u128, b: u128, width: u32| {
            let rest = width - u32::from(*bits);
            rest >= width || a >> rest == b >> rest
        };
        match (address, candidate.to_canonical()) {
            (IpAddr::V4(a), IpAddr::V4(b)) => same(u32::from(*a).into(), u32::from(b).into(), 32),
            (IpAddr::V6(a), IpAddr::V6(b)) => same((*a).into(), b.into(), 128),
            _ => false,
        }
    }
}

pub(super) fn public_url(text: &str) -> Result<Url, String> {
    let example = "write for example https://digest.example.org";
    let mut url = Url::parse(text).map_err(|error| format!("`{text}` is not a URL ({error}); {example}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("`{text}` must begin with http:// or https://; {example}"));
    }
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return Err(format!("must hold neither ? nor # nor a user; {example}"));
    }
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}

pub(super) fn socket(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| format!("`{text}` is not an address with a port; write for example 127.0.0.1:8080"))
}

pub(super) fn path(text: &str) -> Result<PathBuf, String> {
    Ok(PathBuf::from(text))
}

pub(super) fn existing_file(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if path.is_file() { Ok(path) } else { Err(format!("there is no file `{text}`")) }
}

pub(super) fn duration(text: &str) -> Result<Duration, String> {
    crate::model::duration::parse(text).map_err(|error| error.to_string())
}

/// A length of time that may be none.
pub(super) fn pause(text: &str) -> Result<Duration, String> {
    if matches!(text.trim(), "0" | "0s") { Ok(Duration::ZERO) } else { duration(text) }
}

pub(super) fn port(text: &str) -> Result<u16, String> {
    text.parse().ok().filter(|port| *port > 0).ok_or_else(|| format!("`{text}` is not a port, 1 to 65535"))
}

/// The address that servers send reports to. A plus sign and 32 characters are put behind its local part.
pub(super) fn return_path(text: &str) -> Result<EmailAddress, String> {
    let address = EmailAddress::parse(text).map_err(|error| error.to_string())?;
    let room = address.local().len() + 33 <= 64 && address.as_str().len() + 33 <= 254;
    match (address.as_str().is_ascii(), room) {
        (true, true) => Ok(address),
        (false, _) => Err("must be ASCII before the @: not every server takes anything else".into()),
        (_, false) => Err("is too long: 31 characters before the @ are the most, since a token is added".into()),
    }
}

pub(super) fn log_format(text: &str) -> Result<LogFormat, String> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err(not_among(text, &["text", "json"])),
    }
}

/// A level, and after commas levels of single parts: `info,pullquote::deliver=debug`. The log library takes a
/// misspelt level for the name of a part, so it is checked here.
pub(super) fn log_level(text: &str) -> Result<String, String> {
    const LEVELS: [&str; 6] = ["error", "warn", "info", "debug", "trace", "off"];
    for item in text.split(',') {
        let level = item.rsplit_once('=').map_or(item, |(_, level)| level).trim();
        if !LEVELS.contains(&level) {
            return Err(not_among(level, &LEVELS));
        }
    }
    Ok(text.to_owned())
}
