//! The way out, as one URL: `smtp://user:pass@host:587?tls=required`, `smtps://host` or `maildir:/path`.
//!
//! Credentials are percent-decoded, never printed, and never sent in clear but to this very machine.

use std::{net::IpAddr, path::Path, time::Duration};

use rustls::pki_types::{CertificateDer, pem::PemObject};
use url::Url;

use crate::settings::{SmtpServer, Tls};

/// What is wrong with a mail URL. Never holds the password.
#[derive(Debug, thiserror::Error)]
pub enum RouteError {
    /// Not a URL of a kind we know.
    #[error("smtp.url is none of smtp://host:587, smtps://host:465 and maildir:/path: {0}")]
    Form(String),
    /// An unknown setting behind the `?`.
    #[error("smtp.url has an unknown setting `{0}`: only tls=required, tls=opportunistic and tls=none are known")]
    Setting(String),
    /// Credentials that would travel in clear.
    #[error(
        "smtp.url would send the password to {0} in clear: use tls=required or smtps://, \
         or leave the credentials out"
    )]
    InClear(String),
    /// The extra authority cannot be used.
    #[error("cannot take the certificate authority from {path}: {why}")]
    Authority {
        /// The file.
        path: String,
        /// Why.
        why: String,
    },
}

/// How a connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsMode {
    /// From the first byte (`smtps`, RFC 8314), the certificate checked.
    Implicit,
    /// By STARTTLS, the certificate checked; without it nothing is sent.
    Required,
    /// By STARTTLS where offered, the certificate not checked (RFC 7435) unless a password is at stake.
    Opportunistic,
    /// Not at all.
    None,
}

/// How long each step may take. The defaults are those of RFC 5321, section 4.5.3.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// The TCP connection and the TLS handshake, each.
    pub connect: Duration,
    /// The answer to each command.
    pub command: Duration,
    /// Writing the body.
    pub body: Duration,
    /// The answer to the final dot.
    pub dot: Duration,
}

impl Timeouts {
    /// The same, none longer than `longest`.
    #[must_use]
    pub fn at_most(self, longest: Duration) -> Self {
        Self {
            connect: self.connect.min(longest),
            command: self.command.min(longest),
            body: self.body.min(longest),
            dot: self.dot.min(longest),
        }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(30),
            command: Duration::from_mins(5),
            body: Duration::from_mins(3),
            dot: Duration::from_mins(10),
        }
    }
}

/// User and password.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// The user.
    pub user: String,
    /// The password.
    pub password: String,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Login({}, …)", self.user)
    }
}

/// The way to an SMTP server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpRoute {
    /// Name or address, an IPv6 address without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// How it is encrypted.
    pub tls: TlsMode,
    /// Who we are to the server.
    pub login: Option<Login>,
    /// PEM of authorities trusted beside the public ones.
    pub authority: Option<Vec<u8>>,
    /// How long each step may take.
    pub timeouts: Timeouts,
}

impl SmtpRoute {
    /// The route to a server of the settings, each step bounded by `longest`.
    ///
    /// # Errors
    /// Where the password would travel in clear to another machine.
    pub fn new(server: &SmtpServer, longest: Duration) -> Result<Self, RouteError> {
        let usual = Timeouts::default();
        let route = Self {
            host: server.host.clone(),
            port: server.port,
            tls: match server.tls {
                Tls::Implicit => TlsMode::Implicit,
                Tls::Required => TlsMode::Required,
                Tls::Opportunistic => TlsMode::Opportunistic,
                Tls::None => TlsMode::None,
            },
            login: server
                .login
                .as_ref()
                .map(|(user, password)| Login { user: user.clone(), password: password.expose().to_owned() }),
            authority: None,
            timeouts: Timeouts {
                connect: usual.connect.min(longest),
                command: usual.command.min(longest),
                body: usual.body.min(longest),
                dot: usual.dot.max(longest),
            },
        };
        if route.login.is_some() && route.tls == TlsMode::None && !route.is_loopback() {
            return Err(RouteError::InClear(route.host));
        }
        Ok(route)
    }

    /// Reads an `smtp:` or `smtps:` URL.
    ///
    /// Default port: 465 for `smtps`, 587 with credentials, else 25. Default `tls`: required with
    /// credentials or on port 587, unless the host is this machine; else opportunistic.
    ///
    /// # Errors
    /// Where it is no such URL, or would send a password in clear.
    pub fn parse(text: &str) -> Result<Self, RouteError> {
        let url = Url::parse(text).map_err(|error| RouteError::Form(error.to_string()))?;
        let implicit = match url.scheme() {
            "smtp" => false,
            "smtps" => true,
            other => return Err(RouteError::Form(format!("the scheme is `{other}`"))),
        };
        let host = url.host_str().unwrap_or_default();
        let host = percent_decoded(host.trim_start_matches('[').trim_end_matches(']'));
        if host.is_empty() {
            return Err(RouteError::Form("the host is missing".to_owned()));
        }
        if !matches!(url.path(), "" | "/") {
            return Err(RouteError::Form(format!("there is no use for the path `{}`", url.path())));
        }
        let login = (!url.username().is_empty()).then(|| Login {
            user: percent_decoded(url.username()),
            password: percent_decoded(url.password().unwrap_or_default()),
        });
        let port = url.port().unwrap_or(if implicit {
            465
        } else if login.is_some() {
            587
        } else {
            25
        });
        let local = is_loopback(&host);
        let tls = match (implicit, asked_tls(&url)?) {
            (true, None | Some(TlsMode::Required)) => TlsMode::Implicit,
            (true, Some(_)) => return Err(RouteError::Form("smtps is always encrypted: leave `tls` out".to_owned())),
            (false, Some(asked)) => asked,
            (false, None) if !local && (login.is_some() || port == 587) => TlsMode::Required,
            (false, None) => TlsMode::Opportunistic,
        };
        if login.is_some() && tls == TlsMode::None && !local {
            return Err(RouteError::InClear(host));
        }
        Ok(Self { host, port, tls, login, authority: None, timeouts: Timeouts::default() })
    }

    /// Trusts the authorities in a PEM file beside the public ones.
    ///
    /// # Errors
    /// Where the file cannot be read or holds no certificate.
    pub fn with_authority(mut self, path: &Path) -> Result<Self, RouteError> {
        let pem = std::fs::read(path)
            .map_err(|error| RouteError::Authority { path: path.display().to_string(), why: error.to_string() })?;
        let wrong = |why: &dyn std::fmt::Display| RouteError::Authority {
            path: path.display().to_string(),
            why: why.to_string(),
        };
        let mut certificates = 0;
        for certificate in CertificateDer::pem_slice_iter(&pem) {
            certificate.map_err(|error| wrong(&error))?;
            certificates += 1;
        }
        if certificates == 0 {
            return Err(wrong(&"it holds no certificate in PEM form"));
        }
        self.authority = Some(pem);
        Ok(self)
    }

    /// Whether the host is this machine by its name: `localhost` or a loopback address.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.host)
    }

    /// Whether the server's certificate must be right.
    pub(crate) fn checks_certificate(&self) -> bool {
        match self.tls {
            TlsMode::Implicit | TlsMode::Required => true,
            TlsMode::Opportunistic | TlsMode::None => self.login.is_some() && !self.is_loopback(),
        }
    }
}

impl std::fmt::Display for SmtpRoute {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let open = if self.host.contains(':') { ("[", "]") } else { ("", "") };
        write!(f, "{}{}{}:{}", open.0, self.host, open.1, self.port)
    }
}

fn asked_tls(url: &Url) -> Result<Option<TlsMode>, RouteError> {
    let mut asked = None;
    for (key, value) in url.query_pairs() {
        asked = Some(match (&*key, &*value) {
            ("tls", "required") => TlsMode::Required,
            ("tls", "opportunistic") => TlsMode::Opportunistic,
            ("tls", "none") => TlsMode::None,
            _ => return Err(RouteError::Setting(format!("{key}={value}"))),
        });
    }
    Ok(asked)
}

fn is_loopback(host: &str) -> bool {
    match host.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let digits = after.get(..2).filter(|two| two.iter().all(u8::is_ascii_hexdigit));
        let digits = digits.and_then(|two| std::str::from_utf8(two).ok());
        let decoded = digits.and_then(|two| u8::from_str_radix(two, 16).ok());
        if let (b'%', Some(byte)) = (first, decoded) {
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(text: &str) -> SmtpRoute {
        SmtpRoute::parse(text).unwrap()
    }

    #[test]
    fn ports_and_encryption_have_safe_defaults() {
        let cases = [
            ("smtp://mail.example.org", 25, TlsMode::Opportunistic),
            ("smtp://mail.example.org:587", 587, TlsMode::Required),
            ("smtp://u:p@mail.example.org", 587, TlsMode::Required),
            ("smtp://u:p@localhost:2525", 2525, TlsMode::Opportunistic),
            ("smtp://[::1]:587", 587, TlsMode::Opportunistic),
            ("smtp://mail.example.org?tls=none", 25, TlsMode::None),
            ("smtps://mail.example.org", 465, TlsMode::Implicit),
        ];
        for (text, port, tls) in cases {
            let route = route(text);
            assert_eq!((route.port, route.tls), (port, tls), "{text}");
        }
    }

    #[test]
    fn credentials_are_percent_decoded_and_never_printed() {
        let route = route("smtp://film%40club:s%C3%A9%2Fcr%2540@mail.example.org");
        assert_eq!(route.login, Some(Login { user: "film@club".into(), password: "sé/cr%40".into() }));
        assert!(!format!("{route:?} {route}").contains("sé"));
    }

    #[test]
    fn a_password_in_clear_is_refused_but_to_this_machine() {
        let error = SmtpRoute::parse("smtp://u:hush@mail.example.org?tls=none").unwrap_err();
        assert!(matches!(error, RouteError::InClear(_)) && !error.to_string().contains("hush"));
        assert_eq!(route("smtp://u:p@127.0.0.1:25?tls=none").tls, TlsMode::None);
    }

    #[test]
    fn an_authority_without_a_certificate_is_refused_with_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        std::fs::write(&path, "hello").unwrap();
        let error = route("smtps://h").with_authority(&path).unwrap_err().to_string();
        assert!(error.contains("ca.pem") && error.contains("no certificate"), "{error}");
    }

    #[test]
    fn what_is_no_mail_url_is_refused_with_the_reason() {
        for text in ["mail.example.org", "http://mail.example.org", "smtp://", "smtp://h/path", "smtp://h?tls=maybe"] {
            assert!(SmtpRoute::parse(text).is_err(), "{text}");
        }
        let error = SmtpRoute::parse("smtp://u:hush@h?pool=3").unwrap_err().to_string();
        assert!(error.contains("pool=3") && !error.contains("hush"), "{error}");
        assert!(SmtpRoute::parse("smtps://h?tls=none").is_err());
    }
}
