//! What goes with a request, and what comes back: kept by callers between two fetches of one address.

use jiff::Timestamp;
use url::Url;

use super::link::Links;
use crate::read::Document;

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
    /// Whether they belong to an answer without compression, since the server packs wrongly: the next request
    /// asks for none either.
    pub plain: bool,
}

impl Validators {
    /// Whether there is anything to send.
    pub fn is_empty(&self) -> bool {
        self.etag.is_none() && self.last_modified.is_none()
    }
}

/// What goes with a request beside the address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ask {
    /// What the last answer gave.
    pub validators: Validators,
    /// For how many people it is asked, where that is known: owners of feeds count their readers by it.
    pub subscribers: Option<u64>,
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
    /// What the answer's `Link` headers name.
    pub links: Links,
    /// Whether the answer broke off, twice: the document is what was whole of it.
    pub cut: bool,
}

/// Whether there was anything new.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// Not modified since the validators were given.
    Unchanged,
    /// A document.
    Document(Document),
}
