//! How a [`Fetcher`](super::Fetcher) behaves towards those it asks, and the client that is set up so.

use std::{sync::Arc, time::Duration};

use reqwest::{
    Client,
    header::{ACCEPT, HeaderMap, HeaderValue},
    redirect,
};
use rustls::pki_types::{CertificateDer, pem::PemObject as _};

use super::{error::FetchError, guard::Resolver};

/// What is asked for, feeds first.
const FORMATS: &str = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, \
    text/xml;q=0.9, text/html;q=0.5, */*;q=0.1";

/// How a [`Fetcher`] behaves.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Names us to those we ask: `Pullquote/1.0 (+https://digest.example)`.
    pub user_agent: String,
    /// Time between two requests to one host.
    pub spacing: Duration,
    /// Time for connecting.
    pub connect: Duration,
    /// Time without a byte.
    pub idle: Duration,
    /// Time for one request and its answer.
    pub total: Duration,
    /// The largest body, packed or unpacked, in bytes.
    pub body_bytes: usize,
    /// Certificates (PEM) to trust beside the usual ones.
    pub authorities: Vec<u8>,
}

impl Policy {
    /// The usual behaviour, with the address where people read who we are.
    pub fn new(public_url: &str) -> Self {
        Self {
            user_agent: format!("Pullquote/{} (+{public_url})", env!("CARGO_PKG_VERSION")),
            spacing: Duration::from_secs(2),
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(20),
            total: Duration::from_secs(60),
            body_bytes: 10_000_000,
            authorities: Vec::new(),
        }
    }

    /// The user agent with the number of readers.
    pub(super) fn named_for(&self, subscribers: u64) -> Option<HeaderValue> {
        let named = self.user_agent.strip_suffix(')')?;
        HeaderValue::from_str(&format!("{named}; {subscribers} subscribers)")).ok()
    }
}

/// The client: it unpacks nothing, follows nothing, keeps no cookie and asks no proxy. All that is done here.
pub(super) fn client(policy: &Policy, resolver: Resolver) -> Result<Client, FetchError> {
    let setup = |error: &dyn std::fmt::Display| FetchError::Setup(error.to_string());
    Client::builder()
        .tls_backend_preconfigured(tls(&policy.authorities)?)
        .dns_resolver(resolver)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .user_agent(policy.user_agent.as_str())
        .default_headers(HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(FORMATS))]))
        .connect_timeout(policy.connect)
        .read_timeout(policy.idle)
        .timeout(policy.total)
        .pool_max_idle_per_host(1)
        .build()
        .map_err(|error| setup(&error))
}

/// TLS with Mozilla's roots, as everywhere in the house, and with those that the operator adds: no certificate
/// store of the machine is needed.
fn tls(authorities: &[u8]) -> Result<rustls::ClientConfig, FetchError> {
    let setup = |error: &dyn std::fmt::Display| FetchError::Setup(error.to_string());
    let mut roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for certificate in CertificateDer::pem_slice_iter(authorities) {
        let certificate = certificate.map_err(|error| setup(&error))?;
        roots.add(certificate).map_err(|error| setup(&error))?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| setup(&error))?;
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
