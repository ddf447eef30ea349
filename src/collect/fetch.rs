//! Fetching: one polite, guarded request at a time, redirects taken by hand.
//!
//! What a caller keeps between fetches is the [`Validators`] and the time of the next poll; nothing is kept
//! here but the pace per host.

use std::sync::Arc;

use reqwest::{
    Client, Response, StatusCode,
    header::{
        ACCEPT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH,
        LAST_MODIFIED, LOCATION, USER_AGENT,
    },
};
use url::Url;

use super::{
    body::{self, BodyError},
    coding,
    error::FetchError,
    exchange::{Ask, Fetched, Hop, Outcome, Validators},
    freshness,
    guard::{Guard, GuardError, Lookup, Resolver},
    link::Links,
    pace::Pace,
    policy::{Policy, client},
};
use crate::{
    clock::Clock,
    read::{Document, charset, feed},
};

/// The most redirects followed.
const REDIRECTS: usize = 5;

/// Fetches documents. One for the whole process: the pace per host is kept in it.
#[derive(Debug)]
pub struct Fetcher {
    client: Client,
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
        let client = client(&policy, resolver)?;
        let pace = Pace::new(policy.spacing);
        Ok(Self { client, guard, pace, clock, policy })
    }

    /// Fetches an address, whatever it holds.
    ///
    /// A body that breaks off or is packed wrongly is asked for once more without compression; a feed that
    /// breaks off again is kept as far as its entries are whole.
    ///
    /// # Errors
    /// Where there is no document to have; see [`FetchError`].
    pub async fn fetch(&self, url: &str, ask: &Ask) -> Result<Fetched, FetchError> {
        let first = Url::parse(url.trim()).map_err(|_| FetchError::Address(url.to_owned()))?;
        let broken = match self.attempt(url, &first, ask, ask.validators.plain).await {
            Ok(fetched) => return Ok(fetched),
            Err(Attempt::Failed(error)) => return Err(error),
            Err(Attempt::Broken(_)) if !ask.validators.plain => {
                // The condition did not hold a moment ago, and it was for another coding.
                let ask = Ask { validators: Validators::default(), ..ask.clone() };
                match self.attempt(url, &first, &ask, true).await {
                    Ok(fetched) => return Ok(fetched),
                    Err(Attempt::Failed(error)) => return Err(error),
                    Err(Attempt::Broken(broken)) => broken,
                }
            }
            Err(Attempt::Broken(broken)) => broken,
        };
        let Broken { why, mut fetched } = *broken;
        if let Outcome::Document(document) = &mut fetched.outcome
            && let Some(whole) = body::whole_entries(&document.bytes).map(<[u8]>::len)
        {
            document.bytes.truncate(whole);
            // What is not whole must be fetched whole next time.
            fetched.validators = Validators::default();
            return Ok(Fetched { cut: true, ..fetched });
        }
        Err(FetchError::Network { url: url.to_owned(), reason: why })
    }

    /// Fetches a feed. Where a page answers, the first feed that it names is fetched in its place, once, and
    /// reported.
    ///
    /// # Errors
    /// As for [`fetch`](Self::fetch), and where a page names no feed.
    pub async fn fetch_feed(&self, url: &str, ask: &Ask) -> Result<Fetched, FetchError> {
        let fetched = self.fetch(url, ask).await?;
        let Outcome::Document(document) = &fetched.outcome else { return Ok(fetched) };
        if feed::is_feed(document) || !is_page(document) {
            return Ok(fetched);
        }
        let page = charset::decode(&document.bytes, document.content_type.as_deref()).text;
        let found = feed::discover::feeds(&page, &fetched.url).into_iter().find(|feed| *feed != fetched.url);
        let found = found.ok_or_else(|| FetchError::NoFeed { url: url.to_owned() })?;
        let mut feed = self.fetch(found.as_str(), ask).await?;
        if let Outcome::Document(document) = &mut feed.outcome {
            if !feed::is_feed(document) && is_page(document) {
                return Err(FetchError::NoFeed { url: found.into() });
            }
            url.clone_into(&mut document.source);
        }
        Ok(Fetched { discovered: Some(found), ..feed })
    }

    /// Posts a form, once: no redirect is followed, since what is posted was meant for this address. The status,
    /// and the beginning of an answer that is no success.
    ///
    /// # Errors
    /// Where it cannot be sent.
    pub async fn post(&self, url: &Url, fields: &[(&str, &str)]) -> Result<(u16, String), FetchError> {
        let failed = |attempt| match attempt {
            Attempt::Failed(error) => error,
            Attempt::Broken(broken) => FetchError::Network { url: url.to_string(), reason: broken.why },
        };
        self.guard.check(url).map_err(|reason| failed(refused(url, reason)))?;
        let _turn = self.pace.turn(url.host_str().unwrap_or_default()).await;
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.client.post(url.clone()).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let response = request.body(body).send().await.map_err(|error| failed(sending_failed(url, &error)))?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let words = body::read(response, &headers, 10_000).await.unwrap_or_default();
        Ok((status, String::from_utf8_lossy(&words).chars().take(200).collect()))
    }

    async fn attempt(&self, source: &str, first: &Url, ask: &Ask, plain: bool) -> Result<Fetched, Attempt> {
        let Answer { response, url, hops, _turn } = self.follow(first, ask, plain).await?;
        let validators = &ask.validators;
        let now = self.clock.now();
        let (status, headers) = (response.status(), response.headers().clone());
        let fetched = |outcome, validators| Fetched {
            outcome,
            url: url.clone(),
            hops: hops.clone(),
            validators,
            next_poll_after: freshness::next_poll(&headers, now),
            discovered: None,
            links: Links::of(&headers, &url),
            cut: false,
        };
        match status {
            // Only an answer to a condition: a server that says so unasked is broken.
            StatusCode::NOT_MODIFIED if !validators.is_empty() => {
                let kept = Validators {
                    etag: opaque(&headers, &ETAG).or_else(|| validators.etag.clone()),
                    last_modified: opaque(&headers, &LAST_MODIFIED).or_else(|| validators.last_modified.clone()),
                    url: Some(url.to_string()),
                    plain,
                };
                Ok(fetched(Outcome::Unchanged, kept))
            }
            StatusCode::OK | StatusCode::NON_AUTHORITATIVE_INFORMATION => {
                let body = self.body(response, &headers, &url).await?;
                let (bytes, broken) = match body {
                    Ok(bytes) => (bytes, None),
                    Err((why, bytes)) => (bytes, Some(why)),
                };
                let content_type = opaque(&headers, &CONTENT_TYPE);
                let document = Document { source: source.to_owned(), url: Some(url.to_string()), content_type, bytes };
                // Both are overwritten: one that is absent now is no longer true.
                let given = Validators {
                    etag: opaque(&headers, &ETAG),
                    last_modified: opaque(&headers, &LAST_MODIFIED),
                    url: Some(url.to_string()),
                    plain,
                };
                let fetched = fetched(Outcome::Document(document), given);
                match broken {
                    None => Ok(fetched),
                    Some(why) => Err(Attempt::Broken(Box::new(Broken { why, fetched }))),
                }
            }
            _ => Err(Attempt::Failed(FetchError::of_status(status, &headers, &url, now))),
        }
    }

    /// The body; where it broke, why and what there is of it.
    async fn body(
        &self,
        response: Response,
        headers: &HeaderMap,
        url: &Url,
    ) -> Result<Result<Vec<u8>, (String, Vec<u8>)>, Attempt> {
        let limit = self.policy.body_bytes;
        let url = url.to_string();
        match body::read(response, headers, limit).await {
            Ok(bytes) => Ok(Ok(bytes)),
            Err(BodyError::Broken(why, bytes)) => Ok(Err((why, bytes))),
            Err(BodyError::TooLarge) => Err(Attempt::Failed(FetchError::TooLarge { url, limit })),
            Err(BodyError::Bomb) => Err(Attempt::Failed(FetchError::Bomb { url })),
            Err(BodyError::Slow) => Err(Attempt::Failed(FetchError::Timeout { url })),
        }
    }

    /// Asks, and follows redirects by hand, each address checked.
    async fn follow(&self, first: &Url, ask: &Ask, plain: bool) -> Result<Answer, Attempt> {
        let mut url = first.clone();
        let mut hops: Vec<Hop> = Vec::new();
        loop {
            self.guard.check(&url).map_err(|reason| refused(&url, reason))?;
            let turn = self.pace.turn(url.host_str().unwrap_or_default()).await;
            let mut headers = conditions(&url, first, &ask.validators);
            headers
                .insert(ACCEPT_ENCODING, HeaderValue::from_static(if plain { "identity" } else { coding::ACCEPTED }));
            if let Some(name) = ask.subscribers.and_then(|count| self.policy.named_for(count)) {
                headers.insert(USER_AGENT, name);
            }
            let request = self.client.get(url.clone()).headers(headers);
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
    /// The body broke off or could not be unpacked: worth one more try without compression.
    Broken(Box<Broken>),
}

/// A body that broke, and what came of it.
struct Broken {
    why: String,
    fetched: Fetched,
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
pub(super) fn chain(error: &reqwest::Error) -> String {
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
