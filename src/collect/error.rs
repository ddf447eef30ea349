//! Why nothing was fetched, each with what to do about it.

use jiff::Timestamp;
use reqwest::{StatusCode, header::HeaderMap};
use url::Url;

use super::{freshness, guard::GuardError};

/// Why nothing was fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// It is no address.
    #[error("`{0}` is not a web address: it needs the form https://host/path")]
    Address(String),
    /// The guard refused it, at the first address or at a redirect.
    #[error("{url}: refused: {reason}")]
    Refused {
        /// The address that was refused.
        url: String,
        /// Why.
        reason: GuardError,
    },
    /// Too many redirects, or one that leads nowhere.
    #[error("{url}: {reason}")]
    Redirect {
        /// The first address.
        url: String,
        /// What is wrong.
        reason: String,
    },
    /// 410: it is gone for good.
    #[error("{url}: gone for good (410); remove the source")]
    Gone {
        /// Which.
        url: String,
    },
    /// 429 or 503: it wants to be left alone for a while.
    #[error("{url}: it asks for fewer requests ({status}); it is left alone until {}", until(next_poll_after))]
    Busy {
        /// Which.
        url: String,
        /// 429 or 503.
        status: u16,
        /// Not to be asked again before, where it said.
        next_poll_after: Option<Timestamp>,
    },
    /// A page that tests for a browser stands before it.
    #[error("{url}: a browser check stands before it ({status}); ask its owner to let feed readers in")]
    Challenge {
        /// Which.
        url: String,
        /// The status.
        status: u16,
    },
    /// Any other answer than success.
    #[error("{url}: the server answered {status}; check the address in a browser")]
    Status {
        /// Which.
        url: String,
        /// The status.
        status: u16,
    },
    /// The body is beyond the cap.
    #[error("{url}: larger than {limit} bytes; ask its owner for a shorter feed")]
    TooLarge {
        /// Which.
        url: String,
        /// The cap, in bytes.
        limit: usize,
    },
    /// The body unpacks to far more than any text does.
    #[error("{url}: it unpacks to more than 200 times its size, as no feed does; it was not read")]
    Bomb {
        /// Which.
        url: String,
    },
    /// A page where a feed should be, and it names none.
    #[error("{url}: this is a page, not a feed, and it names no feed; give the feed's own address")]
    NoFeed {
        /// Which.
        url: String,
    },
    /// Too slow.
    #[error("{url}: timed out; it is tried again at the next poll")]
    Timeout {
        /// Which.
        url: String,
    },
    /// The connection failed or broke.
    #[error("{url}: {reason}")]
    Network {
        /// Which.
        url: String,
        /// What failed.
        reason: String,
    },
    /// The client could not be set up.
    #[error("the HTTP client could not be set up: {0}")]
    Setup(String),
}

fn until(at: &Option<Timestamp>) -> String {
    at.map_or_else(|| "the next poll".to_owned(), |at| at.to_string())
}

impl FetchError {
    /// Whether nothing was sent: the address or our own rules stand in the way, and waiting mends nothing.
    pub const fn is_ours(&self) -> bool {
        matches!(self, Self::Address(_) | Self::Refused { .. } | Self::Setup(_))
    }

    /// Whether there is nothing at the address: 404, or 410.
    pub const fn is_missing(&self) -> bool {
        matches!(self, Self::Gone { .. } | Self::Status { status: 404, .. })
    }

    /// The error that an answer other than success means.
    pub(super) fn of_status(status: StatusCode, headers: &HeaderMap, url: &Url, now: Timestamp) -> Self {
        let url = url.to_string();
        let challenged = headers.get("cf-mitigated").is_some_and(|value| value.as_bytes() == b"challenge");
        match status.as_u16() {
            410 => Self::Gone { url },
            status if challenged => Self::Challenge { url, status },
            status @ (429 | 503) => Self::Busy { url, status, next_poll_after: freshness::retry_after(headers, now) },
            status => Self::Status { url, status },
        }
    }
}
