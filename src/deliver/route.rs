//! The way to an SMTP server: what the settings say of it, whom it trusts, how long each step may take.
//!
//! Its URL is read in [`crate::settings`].

use std::{path::Path, time::Duration};

use rustls::pki_types::{CertificateDer, pem::PemObject};

use crate::settings::{SmtpServer, Tls};

/// An authority that cannot be trusted.
#[derive(Debug, thiserror::Error)]
#[error("cannot take the certificate authority from {path} (smtp.ca_file): {why}")]
pub struct RouteError {
    /// The file.
    pub path: String,
    /// Why.
    pub why: String,
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

/// The way to an SMTP server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpRoute {
    /// Host, port, encryption and login.
    pub server: SmtpServer,
    /// PEM of authorities trusted beside the public ones.
    pub authority: Option<Vec<u8>>,
    /// How long each step may take.
    pub timeouts: Timeouts,
}

impl SmtpRoute {
    /// The route to a server, each step bounded by `longest` but for the answer to the final dot: giving up
    /// early there would leave a delivery uncertain.
    pub fn new(server: SmtpServer, longest: Duration) -> Self {
        let usual = Timeouts::default();
        let timeouts = Timeouts {
            connect: usual.connect.min(longest),
            command: usual.command.min(longest),
            body: usual.body.min(longest),
            dot: usual.dot.max(longest),
        };
        Self { server, authority: None, timeouts }
    }

    /// Trusts the authorities in a PEM file beside the public ones.
    ///
    /// # Errors
    /// Where the file cannot be read or holds no certificate.
    pub fn with_authority(mut self, path: &Path) -> Result<Self, RouteError> {
        let pem = std::fs::read(path)
            .map_err(|error| RouteError { path: path.display().to_string(), why: error.to_string() })?;
        let wrong = |why: &dyn std::fmt::Display| RouteError { path: path.display().to_string(), why: why.to_string() };
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

    /// Whether the server's certificate must be right.
    pub(crate) fn checks_certificate(&self) -> bool {
        match self.server.tls {
            Tls::Implicit | Tls::Required => true,
            Tls::Opportunistic | Tls::None => self.server.login.is_some() && !self.server.is_local(),
        }
    }
}

impl std::fmt::Display for SmtpRoute {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let open = if self.server.host.contains(':') { ("[", "]") } else { ("", "") };
        write!(f, "{}{}{}:{}", open.0, self.server.host, open.1, self.server.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Mail;

    fn route(text: &str) -> SmtpRoute {
        let Ok(Mail::Smtp(server)) = Mail::parse(text) else { panic!("{text}") };
        SmtpRoute::new(server, Duration::from_secs(60))
    }

    #[test]
    fn a_route_is_shown_without_its_password() {
        let route = route("smtp://club:hush@mail.example.org");
        assert_eq!(route.to_string(), "mail.example.org:587");
        assert!(!format!("{route:?}").contains("hush"));
        assert_eq!(self::route("smtp://[::1]:2525").to_string(), "[::1]:2525");
    }

    #[test]
    fn the_certificate_counts_wherever_a_password_leaves_this_machine() {
        assert!(route("smtp://u:p@mail.example.org?tls=opportunistic").checks_certificate());
        assert!(!route("smtp://mail.example.org:25?tls=opportunistic").checks_certificate());
        assert!(!route("smtp://u:p@localhost:25").checks_certificate());
    }

    #[test]
    fn an_authority_without_a_certificate_is_refused_with_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        std::fs::write(&path, "hello").unwrap();
        let error = route("smtps://h").with_authority(&path).unwrap_err().to_string();
        assert!(error.contains("ca.pem") && error.contains("no certificate"), "{error}");
    }
}
