//! The standing definition of a digest: what one file in `digests/` says.
//!
//! Here are the types and their defaults; [`file`] reads the TOML, [`super::schedule`] tells when it is due.

mod cadence;
pub mod file;
mod select;

pub use cadence::Cadence;
pub use select::{FeaturedRule, Filter, Order, Select};

use serde::{Deserialize, Serialize};

use super::{
    address::{EmailAddress, Mailbox},
    schedule::Schedule,
};

/// The stem of a digest's file, as it stands in commands and URLs: lower-case letters, digits, hyphens.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DigestName(String);

/// A stem that cannot stand in a URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` cannot name a digest: use lower-case letters, digits and hyphens, 1 to 60 of them")]
pub struct BadDigestName(pub String);

impl DigestName {
    /// Takes a file's stem.
    ///
    /// # Errors
    /// Where it holds anything but lower-case ASCII letters, digits and inner hyphens.
    pub fn parse(stem: &str) -> Result<Self, BadDigestName> {
        let allowed = stem.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let framed = !stem.starts_with('-') && !stem.ends_with('-');
        if allowed && framed && (1..=60).contains(&stem.len()) {
            Ok(Self(stem.to_owned()))
        } else {
            Err(BadDigestName(stem.to_owned()))
        }
    }

    /// The stem.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for DigestName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for DigestName {
    type Error = BadDigestName;
    fn try_from(stem: String) -> Result<Self, BadDigestName> {
        Self::parse(&stem)
    }
}

impl From<DigestName> for String {
    fn from(name: DigestName) -> Self {
        name.0
    }
}

/// A digest, or one of the cadences that a digest offers: a stream of issues.
#[derive(Debug, Clone, PartialEq)]
pub struct Digest {
    /// The file's stem, for a cadence with the cadence's name after a hyphen: names the stream of issues.
    pub name: DigestName,
    /// The file's stem: whose subscribers these are.
    pub list: DigestName,
    /// Which cadence of the digest this is; `None` for the digest's own.
    pub cadence: Option<String>,
    /// The further cadences that it offers; a cadence itself offers none.
    pub cadences: Vec<Cadence>,
    /// What readers see.
    pub title: String,
    /// One or two sentences for the site and the feed; may be empty.
    pub description: String,
    /// Language of the digest's own words, an ISO 639-1 code; `en` unless said.
    pub language: String,
    /// When issues are due; `None` makes it a digest that is only sent by hand.
    pub schedule: Option<Schedule>,
    /// The zone in which the schedule is meant.
    pub time_zone: jiff::tz::TimeZone,
    /// What becomes of a run missed while down.
    pub missed: Missed,
    /// Who has to approve a scheduled issue before it goes out; `None` where it goes out at once.
    pub approve: Option<EmailAddress>,
    /// Where reviews come from, at least one.
    pub sources: Vec<Source>,
    /// Which reviews are taken.
    pub select: Select,
    /// How they are quoted.
    pub quote: QuoteStyle,
    /// How the mail is written; `None` where the digest is read on the site and in the feed alone.
    pub email: Option<EmailStyle>,
}

impl Digest {
    /// The word by which the store keeps the cadence: empty for the digest's own.
    pub fn cadence_key(&self) -> &str {
        self.cadence.as_deref().unwrap_or("")
    }

    /// When issues come out, in words; empty where it is sent by hand.
    pub fn rhythm(&self) -> String {
        self.schedule.as_ref().map(|schedule| schedule.describe()).unwrap_or_default()
    }

    /// How a source is called for readers: its name, or else the host or the folder's own name.
    pub fn source_name(&self, locator: &str) -> String {
        let source = self.sources.iter().find(|source| source.locator == locator);
        match source {
            Some(Source { name: Some(name), .. }) => name.clone(),
            Some(source) => source.place.short_name(),
            None => locator.to_owned(),
        }
    }
}

/// What becomes of a run whose time passed while no process was there to make it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Missed {
    /// One run makes up for all of them.
    #[default]
    Once,
    /// They are left out; the window stays open until the next slot.
    Skip,
    /// Each is made up for, in order.
    All,
}

impl Missed {
    /// The word in the digest file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Once => "once",
            Self::Skip => "skip",
            Self::All => "all",
        }
    }

    /// The rule of a word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Once, Self::Skip, Self::All].into_iter().find(|rule| rule.as_str() == word)
    }
}

/// What one source is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// An RSS, Atom or JSON feed.
    Feed(url::Url),
    /// One page.
    Page(url::Url),
    /// A folder of texts; relative to the digest file.
    Folder(std::path::PathBuf),
}

impl Place {
    /// The URL or path.
    pub fn locator(&self) -> String {
        match self {
            Self::Feed(url) | Self::Page(url) => url.to_string(),
            Self::Folder(path) => path.display().to_string(),
        }
    }

    /// The host without `www.`, or the folder's own name.
    pub fn short_name(&self) -> String {
        match self {
            Self::Feed(url) | Self::Page(url) => {
                let host = url.host_str().unwrap_or(url.as_str());
                host.strip_prefix("www.").unwrap_or(host).to_owned()
            }
            Self::Folder(path) => {
                path.file_name().map_or_else(|| self.locator(), |name| name.to_string_lossy().into_owned())
            }
        }
    }

    /// `feed`, `page` or `folder`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Feed(_) => "feed",
            Self::Page(_) => "page",
            Self::Folder(_) => "folder",
        }
    }
}

/// What happens with the reviews found at first contact with a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum First {
    /// They are known, but not news. The default for feeds and pages.
    Seed,
    /// They are news. The default for folders.
    Include,
}

/// One source of a digest.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Where it is.
    pub place: Place,
    /// The URL or path as written in the digest file: names the source in tables and messages, wherever the
    /// files lie.
    pub locator: String,
    /// How it is called on pages; the host or folder name unless said.
    pub name: Option<String>,
    /// What first contact does.
    pub first: First,
    /// Categories that make a review featured, compared without case.
    pub featured_categories: Vec<String>,
    /// Never fetched more often than this; `None` leaves it to the server's setting.
    pub every: Option<std::time::Duration>,
}

/// How reviews are quoted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuoteStyle {
    /// Longest quote, in characters; 80 to 2,000.
    pub max_chars: usize,
    /// What may be shown of spoilers.
    pub spoilers: SpoilerRule,
}

impl Default for QuoteStyle {
    fn default() -> Self {
        Self { max_chars: 300, spoilers: SpoilerRule::Never }
    }
}

/// What may be shown of spoilers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SpoilerRule {
    /// Nothing, anywhere.
    #[default]
    Never,
    /// On the site, hidden behind a click; never in mail or feed.
    PageOnly,
}

/// How the mail is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailStyle {
    /// The subject, with `{title}`, `{number}`, `{date}`, `{count}` and `{first_work}`.
    pub subject: String,
    /// Whom it is from.
    pub from: Mailbox,
    /// Where answers go.
    pub reply_to: Option<Mailbox>,
}

/// The subject where a digest file gives none.
pub const DEFAULT_SUBJECT: &str = "{title} #{number}: {first_work}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_name_is_safe_in_a_url() {
        assert!(DigestName::parse("friday-reviews").is_ok());
        for stem in ["", "Friday", "a/b", "..", "-a", "a-", "a b", "é"] {
            assert!(DigestName::parse(stem).is_err(), "{stem:?} was taken");
        }
    }
}
