//! Where mail goes: an SMTP server or a Maildir folder, written as one URL.

use std::{net::IpAddr, path::PathBuf};

use url::Url;

use super::Secret;

/// Where mail goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mail {
    /// To a server.
    Smtp(SmtpServer),
    /// Into a Maildir folder, for trying out and for tests.
    Maildir(PathBuf),
}

/// A server that takes mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpServer {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: Tls,
    /// User and password, where it asks for them.
    pub login: Option<(String, Secret)>,
}

impl SmtpServer {
    /// Whether it is on this machine by its name: `localhost` or a loopback address.
    pub fn is_local(&self) -> bool {
        match self.host.parse::<IpAddr>() {
            Ok(address) => address.is_loopback(),
            Err(_) => self.host.eq_ignore_ascii_case("localhost"),
        }
    }
}

/// How a connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// TLS from the first byte (RFC 8314), `smtps://`.
    Implicit,
    /// STARTTLS, or no mail.
    Required,
    /// STARTTLS where offered.
    Opportunistic,
    /// None at all.
    None,
}

/// The form to write, for messages.
const FORM: &str = "write smtp://user:password@host:587?tls=required, smtps://user:password@host:465 or maildir:PATH";

impl Mail {
    /// Reads the URL. No error repeats it, since it may hold a password.
    ///
    /// # Errors
    /// Where it is no such URL; the message says which part is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("maildir:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return if path.is_empty() {
                Err(format!("names no folder; {FORM}"))
            } else {
                Ok(Self::Maildir(path.into()))
            };
        }
        let url = Url::parse(text).map_err(|error| format!("is not a URL ({error}); {FORM}"))?;
        let implicit = match url.scheme() {
            "smtp" => false,
            "smtps" => true,
            scheme => return Err(format!("begins with `{scheme}:`, which is not known; {FORM}")),
        };
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| format!("names no host; {FORM}"))?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(format!(
                "has something after the host that has no meaning (is a / or # in the password? It is written %2F or %23); {FORM}"
            ));
        }
        let login = login(&url)?;
        let port = url.port().unwrap_or(match (implicit, &login) {
            (true, _) => 465,
            (false, Some(_)) => 587,
            (false, None) => 25,
        });
        let mut server = SmtpServer { host, port, tls: Tls::None, login };
        server.tls = tls(&url, implicit, &server)?;
        if server.login.is_some() && server.tls == Tls::None && !server.is_local() {
            return Err("would send the password in clear to another machine; use tls=required or smtps:".into());
        }
        Ok(Self::Smtp(server))
    }
}

/// How the connection is protected: as asked, else required where a password or the submission port says that
/// it matters, and where offered on this machine and between mail servers.
fn tls(url: &Url, implicit: bool, server: &SmtpServer) -> Result<Tls, String> {
    let submission = server.login.is_some() || server.port == 587;
    let mut tls = match (implicit, submission && !server.is_local()) {
        (true, _) => Tls::Implicit,
        (false, true) => Tls::Required,
        (false, false) => Tls::Opportunistic,
    };
    for (key, value) in url.query_pairs() {
        tls = match (key.as_ref(), value.as_ref()) {
            ("tls", _) if implicit => {
                return Err("has both smtps: and tls=; smtps: means TLS from the first byte".into());
            }
            ("tls", "required") => Tls::Required,
            ("tls", "opportunistic") => Tls::Opportunistic,
            ("tls", "none") => Tls::None,
            ("tls", other) => return Err(format!("has tls={other}; required, opportunistic and none are allowed")),
            // The name is not repeated: after a ? in a password it would be the rest of that.
            _ => {
                return Err(
                    "has something other than tls= after the question mark; a ? in a password is written %3F".into()
                );
            }
        };
    }
    Ok(tls)
}

fn login(url: &Url) -> Result<Option<(String, Secret)>, String> {
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        ("", Some(_)) => Err(format!("has a password without a user; {FORM}")),
        (_, None) => Err(format!("has a user without a password; {FORM}")),
        (user, Some(password)) => Ok(Some((decoded(user)?, Secret::new(decoded(password)?)))),
    }
}

/// Text with its %XX read (RFC 3986, section 2.1).
pub(super) fn decoded(text: &str) -> Result<String, String> {
    let bad =
        || "has a % in user or password that is not followed by two hexadecimal digits; % itself is %25".to_owned();
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        if *first != b'%' {
            bytes.push(*first);
            rest = after;
            continue;
        }
        let [high, low, after @ ..] = after else { return Err(bad()) };
        let digit = |b: &u8| char::from(*b).to_digit(16).ok_or_else(bad);
        bytes.push((digit(high)? * 16 + digit(low)?) as u8);
        rest = after;
    }
    String::from_utf8(bytes).map_err(|_| "has a user or password that is not UTF-8".into())
}
