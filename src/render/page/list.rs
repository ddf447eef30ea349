//! The pages around the list: subscribing, confirming, preferences, leaving, and short notices.
//!
//! No page by GET acts: each shows a button that posts.

use askama::Template;

use super::{Link, Shell};
use crate::{model::Digest, render::Site};

/// The form that asks for an address. It posts `email`, `digest` (once for each), the cadences and `website`, which people
/// never see and machines fill in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscribeForm {
    /// Where it posts.
    pub action: String,
    /// The digests to choose from; with a single one there is nothing to choose.
    pub digests: Vec<DigestChoice>,
    /// What was typed before.
    pub email: String,
    /// What was wrong with it.
    pub error: Option<String>,
}

impl SubscribeForm {
    /// An empty form for some digests.
    pub fn new(site: &Site, digests: Vec<DigestChoice>) -> Self {
        Self { action: site.subscribe().path().to_owned(), digests, email: String::new(), error: None }
    }
}

/// A digest to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestChoice {
    /// The stem.
    pub name: String,
    /// What readers see.
    pub title: String,
    /// Whether it is chosen.
    pub chosen: bool,
    /// The cadences it offers, its own first; none where there is nothing to choose. Posts `cadence-` and the name.
    pub cadences: Vec<CadenceChoice>,
}

/// A cadence to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CadenceChoice {
    /// Its name; empty for the digest's own.
    pub name: String,
    /// When its issues come, in words.
    pub rhythm: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

impl DigestChoice {
    /// The choice of a digest from its streams, its own first, with one cadence chosen.
    pub fn new(streams: &[Digest], cadence: &str, chosen: bool) -> Option<Self> {
        let own = streams.first()?;
        let offered = streams.iter().any(|stream| stream.cadence_key() == cadence);
        let choice = |stream: &Digest| CadenceChoice {
            name: stream.cadence_key().to_owned(),
            rhythm: match stream.rhythm() {
                by_hand if by_hand.is_empty() => "now and then".to_owned(),
                rhythm => rhythm,
            },
            chosen: stream.cadence_key() == if offered { cadence } else { "" },
        };
        let cadences = if streams.len() > 1 { streams.iter().map(choice).collect() } else { Vec::new() };
        Some(Self { name: own.list.to_string(), title: own.title.clone(), chosen, cadences })
    }
}

/// `/subscribe`: the form on a page of its own.
#[derive(Debug, Clone, Template)]
#[template(path = "web/subscribe.html")]
pub struct Subscribe {
    /// What is around it.
    pub shell: Shell,
    /// The form.
    pub form: SubscribeForm,
}

/// `/preferences/{token}`: which digests to get, and how often. Posts `digest` for each to stay with.
#[derive(Debug, Clone, Template)]
#[template(path = "web/preferences.html")]
pub struct Preferences {
    /// What is around it.
    pub shell: Shell,
    /// Whose.
    pub email: String,
    /// Where it posts.
    pub action: String,
    /// Every digest this address has confirmed or may return to.
    pub digests: Vec<DigestChoice>,
    /// Whether a change has just been taken in.
    pub saved: bool,
}

impl Preferences {
    /// Whether any of them comes at more than one cadence.
    pub fn has_cadences(&self) -> bool {
        self.digests.iter().any(|digest| !digest.cadences.is_empty())
    }
}

/// A page with one button that posts: confirm, unsubscribe.
#[derive(Debug, Clone, Template)]
#[template(path = "web/act.html")]
pub struct Act {
    /// What is around it.
    pub shell: Shell,
    /// The heading.
    pub heading: String,
    /// What pressing the button does.
    pub words: String,
    /// Where it posts.
    pub action: String,
    /// The word on the button.
    pub button: String,
    /// What to do instead.
    pub instead: Option<Link>,
}

impl Act {
    /// `/confirm/{token}`, by GET.
    pub fn confirm(site: &Site, token: &str, digests: &str) -> Self {
        Self {
            shell: Shell::private(site, "Confirm your subscription"),
            heading: "One press, and it begins".to_owned(),
            words: format!("You asked for {digests} by mail. Confirm it here."),
            action: site.confirm(token).path().to_owned(),
            button: "Confirm".to_owned(),
            instead: None,
        }
    }

    /// `/unsubscribe/{token}`, by GET.
    pub fn unsubscribe(site: &Site, token: &str, digest: &str) -> Self {
        let instead =
            Link { url: site.preferences(token).path().to_owned(), label: "Change what you get instead".to_owned() };
        Self {
            shell: Shell::private(site, format!("Unsubscribe from {digest}")),
            heading: format!("Leave {digest}?"),
            words: "You will get no further issue by mail. The feed and the archive stay open to you.".to_owned(),
            action: site.unsubscribe(token).path().to_owned(),
            button: "Unsubscribe".to_owned(),
            instead: Some(instead),
        }
    }
}

/// A page of few words: what was done, or what went wrong.
#[derive(Debug, Clone, Template)]
#[template(path = "web/notice.html")]
pub struct Notice {
    /// What is around it.
    pub shell: Shell,
    /// A small word above the heading, such as the HTTP status; may be empty.
    pub kicker: String,
    /// The heading.
    pub heading: String,
    /// The words.
    pub words: String,
    /// Where to go on.
    pub next: Option<Link>,
}

impl Notice {
    fn new(site: &Site, kicker: &str, heading: &str, words: impl Into<String>) -> Self {
        Self {
            shell: Shell::private(site, heading),
            kicker: kicker.to_owned(),
            heading: heading.to_owned(),
            words: words.into(),
            next: Some(Link { url: site.home().path().to_owned(), label: "All digests".to_owned() }),
        }
    }

    /// After the form: the same words whether or not the address is known.
    pub fn subscribe_sent(site: &Site) -> Self {
        let words = "If the address can be subscribed, a mail with a link is on its way. Open the link and confirm: \
                     only then does it begin. Nothing there after some minutes? Look among the spam.";
        Self::new(site, "Almost there", "Look into your mailbox", words)
    }

    /// After confirming.
    pub fn confirmed(site: &Site, digests: &str) -> Self {
        Self::new(site, "Confirmed", "You are on the list", format!("The next issue of {digests} will come to you."))
    }

    /// After leaving.
    pub fn left(site: &Site, digest: &str) -> Self {
        let words = format!("No further issue of {digest} will be mailed to you. You may come back at any time.");
        Self::new(site, "Done", "You have left the list", words)
    }

    /// What went wrong, by HTTP status, with what to do about it.
    pub fn error(site: &Site, status: u16, words: impl Into<String>) -> Self {
        let heading = match status {
            400 => "That request made no sense",
            401 | 403 => "This is not open to you",
            404 => "There is no such page",
            405 => "This page takes no such request",
            410 => "This is gone",
            413 => "That was too much at once",
            429 => "Too many requests",
            503 => "Not ready just now",
            status if status < 500 => "That did not work",
            _ => "Something broke on our side",
        };
        Self::new(site, &status.to_string(), heading, words)
    }
}
