//! Where things are: the permanent URLs, built in one place.
//!
//! Every link in mail, page and feed comes from here. Which handler answers is [`crate::web`]'s.

use url::Url;

use super::RenderError;
use crate::model::{DigestName, EmailAddress};

/// Builds the links of one installation. Works below a path prefix too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    base: Url,
    wishes: Option<Wishes>,
}

/// Wishes to leave by mail are read by a machine, which knows a person by the token in the subject.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wishes {
    /// Where they go; where answers go, unless said.
    to: Option<EmailAddress>,
}

impl Site {
    /// The site at a public URL; query, fragment and credentials of it are dropped.
    ///
    /// # Errors
    /// Where the URL is not http or https.
    pub fn new(public_url: Url) -> Result<Self, RenderError> {
        let mut base = public_url;
        if !matches!(base.scheme(), "http" | "https") || base.host_str().is_none() {
            return Err(RenderError::PublicUrl(base));
        }
        base.set_query(None);
        base.set_fragment(None);
        // Both setters only refuse URLs without a host, which has just been ruled out.
        let _ = base.set_username("");
        let _ = base.set_password(None);
        Ok(Self { base, wishes: None })
    }

    /// The same site, whose mails let people leave by a mail that a machine reads: to an address of its own, or to
    /// where answers go.
    #[must_use]
    pub fn reading_wishes(self, to: Option<EmailAddress>) -> Self {
        Self { wishes: Some(Wishes { to }), ..self }
    }

    /// Where a mail to leave goes, `answers` being where answers go; and whether a machine reads it there.
    pub fn wishes_to<'a>(&'a self, answers: &'a EmailAddress) -> (&'a EmailAddress, bool) {
        match &self.wishes {
            Some(Wishes { to }) => (to.as_ref().unwrap_or(answers), true),
            None => (answers, false),
        }
    }

    /// The host's name, without port: the authority of tag URIs and list ids.
    pub fn host(&self) -> &str {
        self.base.domain().unwrap_or("localhost")
    }

    /// Whether one-click leaving may be offered: RFC 8058 asks for https; a loopback address is let through
    /// so that the demonstration shows the same mail.
    pub fn one_click(&self) -> bool {
        let loopback = match self.base.host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        };
        self.base.scheme() == "https" || loopback
    }

    /// Whether machines elsewhere can reach it safely: https at a name or address of the public Internet, as
    /// far as the URL tells.
    pub fn is_public(&self) -> bool {
        let public = match self.base.host() {
            Some(url::Host::Domain(name)) => name.contains('.') && !name.ends_with(".localhost"),
            Some(url::Host::Ipv4(ip)) => !(ip.is_loopback() || ip.is_private() || ip.is_link_local()),
            Some(url::Host::Ipv6(ip)) => !(ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local()),
            None => false,
        };
        self.base.scheme() == "https" && public
    }

    /// The URL of path segments below the public URL.
    pub fn at(&self, segments: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        if segments.is_empty() && !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        url
    }

    /// `/`
    pub fn home(&self) -> Url {
        self.at(&[])
    }

    /// `/assets/style.css`
    pub fn style(&self) -> Url {
        self.at(&["assets", "style.css"])
    }

    /// `/d/{digest}`
    pub fn digest(&self, digest: &DigestName) -> Url {
        self.at(&["d", digest.as_str()])
    }

    /// `/d/{digest}/{number}`
    pub fn issue(&self, digest: &DigestName, number: u32) -> Url {
        self.at(&["d", digest.as_str(), &number.to_string()])
    }

    /// `/d/{digest}/feed.xml`, one item an issue.
    pub fn rss(&self, digest: &DigestName) -> Url {
        self.at(&["d", digest.as_str(), "feed.xml"])
    }

    /// `/d/{digest}/atom.xml`
    pub fn atom(&self, digest: &DigestName) -> Url {
        self.at(&["d", digest.as_str(), "atom.xml"])
    }

    /// `/d/{digest}/feed.json`
    pub fn json_feed(&self, digest: &DigestName) -> Url {
        self.at(&["d", digest.as_str(), "feed.json"])
    }

    /// `/d/{digest}/reviews.xml`, one item a review.
    pub fn reviews_rss(&self, digest: &DigestName) -> Url {
        self.at(&["d", digest.as_str(), "reviews.xml"])
    }

    /// `/w/{work}`
    pub fn work(&self, slug: &str) -> Url {
        self.at(&["w", slug])
    }

    /// `/subscribe`
    pub fn subscribe(&self) -> Url {
        self.at(&["subscribe"])
    }

    /// `/websub/{token}`, where a hub tells of news.
    pub fn websub(&self, token: &str) -> Url {
        self.at(&["websub", token])
    }

    /// `/confirm/{token}`
    pub fn confirm(&self, token: &str) -> Url {
        self.at(&["confirm", token])
    }

    /// `/preferences/{token}`
    pub fn preferences(&self, token: &str) -> Url {
        self.at(&["preferences", token])
    }

    /// `/unsubscribe/{token}`: the page by GET, the act by POST.
    pub fn unsubscribe(&self, token: &str) -> Url {
        self.at(&["unsubscribe", token])
    }

    /// `/admin`
    pub fn admin(&self) -> Url {
        self.at(&["admin"])
    }

    /// `/admin/login`, by POST.
    pub fn admin_login(&self) -> Url {
        self.at(&["admin", "login"])
    }

    /// `/admin/logout`, by POST.
    pub fn admin_logout(&self) -> Url {
        self.at(&["admin", "logout"])
    }

    /// `/admin/d/{digest}/{number}`: an issue's books by GET, a decision on a delivery by POST.
    pub fn admin_issue(&self, digest: &str, number: u32) -> Url {
        self.at(&["admin", "d", digest, &number.to_string()])
    }

    /// `/admin/bounces`: what came back by GET, a block lifted by POST.
    pub fn admin_bounces(&self) -> Url {
        self.at(&["admin", "bounces"])
    }

    /// `/admin/bounces/{id}`: one report with its mail.
    pub fn admin_report(&self, id: &str) -> Url {
        self.at(&["admin", "bounces", id])
    }

    /// `/admin/d/{digest}`: the runs of a digest.
    pub fn admin_runs(&self, digest: &str) -> Url {
        self.at(&["admin", "d", digest])
    }

    /// `/admin/orders`: an order taken back, by POST.
    pub fn admin_orders(&self) -> Url {
        self.at(&["admin", "orders"])
    }

    /// `/admin/drafts`: what waits for a person.
    pub fn admin_drafts(&self) -> Url {
        self.at(&["admin", "drafts"])
    }

    /// `/admin/drafts/{id}`: a draft by GET, a decision on it by POST.
    pub fn admin_draft(&self, id: &str) -> Url {
        self.at(&["admin", "drafts", id])
    }

    /// `/admin/send`: a one-off, by POST.
    pub fn admin_send(&self) -> Url {
        self.at(&["admin", "send"])
    }

    /// `/admin/reviews`: a star given or taken, by POST.
    pub fn admin_reviews(&self) -> Url {
        self.at(&["admin", "reviews"])
    }

    /// `/admin/reviews/{id}`: the sentences of a review by GET, which are quoted by POST.
    pub fn admin_review(&self, id: &str) -> Url {
        self.at(&["admin", "reviews", id])
    }

    /// `/mailbox`: what the demonstration's own SMTP server took in.
    pub fn mailbox(&self) -> Url {
        self.at(&["mailbox"])
    }

    /// `/mailbox/{id}`
    pub fn mail(&self, id: &str) -> Url {
        self.at(&["mailbox", id])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(url: &str) -> Site {
        Site::new(url.parse().unwrap()).unwrap()
    }

    #[test]
    fn links_stand_below_the_public_url_whatever_its_slash() {
        let name = DigestName::parse("friday").unwrap();
        for base in ["https://example.org/club", "https://example.org/club/", "https://u:p@example.org/club/?x#y"] {
            assert_eq!(site(base).issue(&name, 3).as_str(), "https://example.org/club/d/friday/3");
            assert_eq!(site(base).home().as_str(), "https://example.org/club/");
        }
        assert_eq!(site("https://example.org").rss(&name).as_str(), "https://example.org/d/friday/feed.xml");
        assert_eq!(site("https://example.org").work("amélie/x").path(), "/w/am%C3%A9lie%2Fx");
    }

    #[test]
    fn one_click_needs_https_or_a_loopback_address() {
        assert!(site("https://example.org").one_click());
        assert!(site("http://127.0.0.1:8080").one_click() && site("http://localhost").one_click());
        assert!(!site("http://example.org").one_click());
    }

    #[test]
    fn a_public_url_of_another_scheme_is_refused() {
        assert!(Site::new("ftp://example.org".parse().unwrap()).is_err());
        assert!(Site::new("data:text/plain,x".parse().unwrap()).is_err());
    }
}
