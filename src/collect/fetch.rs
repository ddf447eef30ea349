//! Fetching: one polite, guarded request at a time, redirects taken by hand.
//!
//! What a caller keeps between fetches is the [`Validators`] and the time of the next poll; nothing is kept
//! here but the pace per host.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use reqwest::{
    Client, Response, StatusCode,
    header::{
        ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE,
        IF_NONE_MATCH, LAST_MODIFIED, LOCATION,
    },
    redirect,
};
use url::Url;

use super::{
    body::{self, BodyError},
    error::FetchError,
    freshness,
    guard::{Guard, GuardError, Lookup, Resolver},
    pace::Pace,
};
use crate::{
    clock::Clock,
    read::{Document, charset, feed},
};

/// The most redirects followed.
const REDIRECTS: usize = 5;

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
    /// The largest body, decoded, in bytes.
    pub body_bytes: usize,
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
        }
    }
}

/// What tells whether an address has changed: opaque, kept and sent back as it came. Bytes beyond ASCII
/// stand as the characters of the same number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Validators {
    /// The `ETag`, quotes, `W/` and suffixes included.
    pub etag: Option<String>,
    /// The `Last-Modified`.
    pub last_modified: Option<String>,
    /// The address that gave them, after redirects. They are sent to no other.
    pub url: Option<String>,
}

/// One redirect on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// The address that redirected.
    pub from: Url,
    /// 301, 302, 303, 307 or 308.
    pub status: u16,
    /// Where to.
    pub to: Url,
}

/// What a fetch brought.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The document, or that it has not changed.
    pub outcome: Outcome,
    /// The address that answered, after redirects.
    pub url: Url,
    /// The redirects on the way.
    pub hops: Vec<Hop>,
    /// To be sent next time, instead of what was sent this time.
    pub validators: Validators,
    /// Not to be asked again before.
    pub next_poll_after: Option<Timestamp>,
    /// The feed that a page named and that was fetched in its place.
    pub discovered: Option<Url>,
}

/// Whether there was anything new.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Not modified since the validators were given.
    Unchanged,
    /// A document.
    Document(Document),
}

/// Fetches documents. One for the whole process: the pace per host is kept in it.
#[derive(Debug)]
pub struct Fetcher {
    client: Client,
    /// Decodes nothing: for servers that compress wrongly.
    identity: Client,
    guard: Arc<Guard>,
    pace: Pace,
    clock: Clock,
    policy: Policy,
}

/// An answer, before its status is judged.
struct Answer {
    response: Response,
    url: Url,
    hops: Vec<Hop>,
    /// The host's turn, kept until the body is read.
    _turn: super::pace::Turn,
}

impl Fetcher {
    /// A fetcher behind a guard.
    ///
    /// # Errors
    /// Where TLS or the client cannot be set up.
    pub fn new(policy: Policy, guard: Guard, lookup: Lookup, clock: Clock) -> Result<Self, FetchError> {
        let guard = Arc::new(guard);
        let resolver = Resolver::new(Arc::clone(&guard), lookup);
        let identity = client(&policy, resolver.clone(), false)?;
        let client = client(&policy, resolver, true)?;
        let pace = Pace::new(policy.spacing);
        Ok(Self { client, identity, guard, pace, clock, policy })
    }

    /// Fetches an address, whatever it holds.
    ///
    /// # Errors
    /// Where there is no document to have; see [`FetchError`].
    pub async fn fetch(&self, url: &str, validators: &Validators) -> Result<Fetched, FetchError> {
        let first = Url::parse(url.trim()).map_err(|_| FetchError::Address(url.to_owned()))?;
        match self.attempt(&self.client, url, &first, validators).await {
            Err(Attempt::Undecodable(_)) => match self.attempt(&self.identity, url, &first, validators).await {
                Ok(fetched) => Ok(fetched),
                Err(Attempt::Failed(error)) => Err(error),
                Err(Attempt::Undecodable(reason)) => Err(FetchError::Network { url: url.to_owned(), reason }),
            },
            Ok(fetched) => Ok(fetched),
            Err(Attempt::Failed(error)) => Err(error),
        }
    }

    /// Fetches a feed. Where a page answers, the first feed that it names is fetched in its place, once, and
    /// reported.
    ///
    /// # Errors
    /// As for [`fetch`](Self::fetch), and where a page names no feed.
    pub async fn fetch_feed(&self, url: &str, validators: &Validators) -> Result<Fetched, FetchError> {
        let mut fetched = self.fetch(url, validators).await?;
        let Outcome::Document(document) = &fetched.outcome else { return Ok(fetched) };
        if feed::is_feed(document) || !is_page(document) {
            return Ok(fetched);
        }
        let page = charset::decode(&document.bytes, document.content_type.as_deref()).text;
        let found = feed::discover::feeds(&page, &fetched.url).into_iter().find(|feed| *feed != fetched.url);
        let found = found.ok_or_else(|| FetchError::NoFeed { url: url.to_owned() })?;
        let mut feed = self.fetch(found.as_str(), validators).await?;
        if let Outcome::Document(document) = &mut feed.outcome {
            if !feed::is_feed(document) && is_page(document) {
                return Err(FetchError::NoFeed { url: found.into() });
            }
            url.clone_into(&mut document.source);
        }
        fetched.hops.append(&mut feed.hops);
        Ok(Fetched { hops: fetched.hops, discovered: Some(found), ..feed })
    }

    async fn attempt(
        &self,
        client: &Client,
        source: &str,
        first: &Url,
        validators: &Validators,
    ) -> Result<Fetched, Attempt> {
        let Answer { response, url, hops, _turn } = self.follow(client, first, validators).await?;
        let now = self.clock.now();
        let (status, headers) = (response.status(), response.headers().clone());
        let fetched = |outcome, validators| Fetched {
            outcome,
            url: url.clone(),
            hops: hops.clone(),
            validators,
            next_poll_after: freshness::next_poll(&headers, now),
            discovered: None,
        };
        match status {
            // Only an answer to a condition: a server that says so unasked is broken.
            StatusCode::NOT_MODIFIED if validators.etag.is_some() || validators.last_modified.is_some() => {
                let kept = Validators {
                    etag: opaque(&headers, &ETAG).or_else(|| validators.etag.clone()),
                    last_modified: opaque(&headers, &LAST_MODIFIED).or_else(|| validators.last_modified.clone()),
                    url: Some(url.to_string()),
                };
                Ok(fetched(Outcome::Unchanged, kept))
            }
            StatusCode::OK | StatusCode::NON_AUTHORITATIVE_INFORMATION => {
                let bytes = self.body(response, &url).await?;
                let content_type = opaque(&headers, &CONTENT_TYPE);
                let document = Document { source: source.to_owned(), url: Some(url.to_string()), content_type, bytes };
                // Both are overwritten: one that is absent now is no longer true.
                let given = Validators {
                    etag: opaque(&headers, &ETAG),
                    last_modified: opaque(&headers, &LAST_MODIFIED),
                    url: Some(url.to_string()),
                };
                Ok(fetched(Outcome::Document(document), given))
            }
            _ => Err(Attempt::Failed(FetchError::of_status(status, &headers, &url, now))),
        }
    }

    async fn body(&self, response: Response, url: &Url) -> Result<Vec<u8>, Attempt> {
        let limit = self.policy.body_bytes;
        body::read(response, limit).await.map_err(|error| match error {
            BodyError::TooLarge => Attempt::Failed(FetchError::TooLarge { url: url.to_string(), limit }),
            BodyError::Broken(error) if error.is_timeout() => {
                Attempt::Failed(FetchError::Timeout { url: url.to_string() })
            }
            BodyError::Broken(error) => Attempt::Undecodable(chain(&error)),
        })
    }

    /// Asks, and follows redirects by hand, each address checked.
    async fn follow(&self, client: &Client, first: &Url, validators: &Validators) -> Result<Answer, Attempt> {
        let mut url = first.clone();
        let mut hops: Vec<Hop> = Vec::new();
        loop {
            self.guard.check(&url).map_err(|reason| refused(&url, reason))?;
            let turn = self.pace.turn(url.host_str().unwrap_or_default()).await;
            let request = client.get(url.clone()).headers(conditions(&url, first, validators));
            let response = request.send().await.map_err(|error| sending_failed(&url, &error))?;
            let Some(to) = redirect_target(&response, &url) else {
                return Ok(Answer { response, url, hops, _turn: turn });
            };
            let failed = |reason: String| Attempt::Failed(FetchError::Redirect { url: first.to_string(), reason });
            if hops.len() == REDIRECTS {
                return Err(failed(format!("more than {REDIRECTS} redirects; check the address in a browser")));
            }
            let to = to.map_err(failed)?;
            hops.push(Hop { from: url, status: response.status().as_u16(), to: to.clone() });
            url = to;
        }
    }
}

/// How an attempt ended without a result.
enum Attempt {
    Failed(FetchError),
    /// The body broke off or could not be decompressed: worth one more try without compression.
    Undecodable(String),
}

fn refused(url: &Url, reason: GuardError) -> Attempt {
    Attempt::Failed(FetchError::Refused { url: url.to_string(), reason })
}

fn sending_failed(url: &Url, error: &reqwest::Error) -> Attempt {
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        if let Some(reason) = cause.downcast_ref::<GuardError>() {
            return refused(url, reason.clone());
        }
        source = cause.source();
    }
    let url = url.to_string();
    Attempt::Failed(if error.is_timeout() {
        FetchError::Timeout { url }
    } else {
        FetchError::Network { url, reason: chain(error) }
    })
}

/// An error with its causes, without the address, which our own message names.
fn chain(error: &reqwest::Error) -> String {
    let mut parts = Vec::new();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        parts.push(cause.to_string());
        source = cause.source();
    }
    if parts.is_empty() { "the request failed".to_owned() } else { parts.join(": ") }
}

/// Where an answer redirects to; `None` where it does not.
fn redirect_target(response: &Response, url: &Url) -> Option<Result<Url, String>> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let location = response.headers().get(LOCATION).map(HeaderValue::as_bytes).map(String::from_utf8_lossy);
    let target = location.and_then(|location| url.join(location.trim()).ok());
    Some(target.ok_or_else(|| format!("{url} redirects to no address")))
}

/// The conditional headers for an address: only for the one that gave the validators.
fn conditions(url: &Url, first: &Url, validators: &Validators) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let theirs = validators.url.as_deref().unwrap_or(first.as_str());
    if theirs != url.as_str() {
        return headers;
    }
    let pairs = [(IF_NONE_MATCH, &validators.etag), (IF_MODIFIED_SINCE, &validators.last_modified)];
    for (name, value) in pairs {
        let bytes =
            value.as_ref().and_then(|value| value.chars().map(|c| u8::try_from(c).ok()).collect::<Option<Vec<u8>>>());
        if let Some(value) = bytes.and_then(|bytes| HeaderValue::from_bytes(&bytes).ok()) {
            headers.insert(name, value);
        }
    }
    headers
}

/// A header byte for byte, each byte as the character of the same number.
fn opaque(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).map(|value| value.as_bytes().iter().copied().map(char::from).collect())
}

fn is_page(document: &Document) -> bool {
    let declared = document.content_type.as_deref().unwrap_or_default().to_ascii_lowercase().contains("html");
    let head = document.bytes.get(..1024.min(document.bytes.len())).unwrap_or_default().to_ascii_lowercase();
    declared || [&b"<html"[..], b"<!doctype html"].iter().any(|sign| memchr::memmem::find(&head, sign).is_some())
}

/// A client that decodes compression, or that asks for none.
fn client(policy: &Policy, resolver: Resolver, decode: bool) -> Result<Client, FetchError> {
    let setup = |error: &dyn std::fmt::Display| FetchError::Setup(error.to_string());
    let mut headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(FORMATS))]);
    if !decode {
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    }
    Client::builder()
        .tls_backend_preconfigured(tls().map_err(|error| setup(&error))?)
        .dns_resolver(resolver)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .user_agent(policy.user_agent.as_str())
        .default_headers(headers)
        .gzip(decode)
        .brotli(decode)
        .zstd(decode)
        .deflate(decode)
        .connect_timeout(policy.connect)
        .read_timeout(policy.idle)
        .timeout(policy.total)
        .pool_max_idle_per_host(1)
        .build()
        .map_err(|error| setup(&error))
}

/// TLS with Mozilla's roots, as everywhere in the house: no certificate store of the machine is needed.
fn tls() -> Result<rustls::ClientConfig, rustls::Error> {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
