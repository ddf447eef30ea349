//! Whether a source has moved for good: what its redirects say, over time.
//!
//! Pure: what was seen before, and the time, are handed in. A permanent redirect is believed when it has led to
//! the same place for a week, since a login page, a parked domain or a slip of configuration redirects "for
//! good" too; the step from http to https of the same address is believed at once. Temporary ones never are.

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::exchange::Hop;

/// How long a permanent redirect must lead to the same place.
pub const PROVEN_AFTER: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A place to which a source may have moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Where.
    pub to: Url,
    /// Since when every answer came from there.
    pub since: Timestamp,
}

/// What the redirects of one good answer mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Move {
    /// It is where it was.
    Stays,
    /// It may have moved.
    MayHave(Candidate),
    /// It has moved: this is its address from now on.
    Moved(Url),
}

/// What the redirects on the way to a good answer mean, given the candidate kept so far.
pub fn judge(asked: &Url, hops: &[Hop], known: Option<&Candidate>, now: Timestamp) -> Move {
    let Some(last) = hops.last() else { return Move::Stays };
    if last.to == *asked || !hops.iter().all(|hop| matches!(hop.status, 301 | 308)) {
        return Move::Stays;
    }
    let to = last.to.clone();
    if is_upgrade(asked, &to) {
        return Move::Moved(to);
    }
    let since = known.filter(|known| known.to == to).map_or(now, |known| known.since);
    if now.duration_since(since) >= PROVEN_AFTER { Move::Moved(to) } else { Move::MayHave(Candidate { to, since }) }
}

/// Whether only the scheme differs, and for the better.
fn is_upgrade(from: &Url, to: &Url) -> bool {
    let usual = |url: &Url| url.port().is_none();
    from.scheme() == "http"
        && to.scheme() == "https"
        && from.host() == to.host()
        && usual(from)
        && usual(to)
        && from.path() == to.path()
        && from.query() == to.query()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn at(day: i64) -> Timestamp {
        "2026-05-01T00:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_hours(24 * day)
    }

    fn hops(steps: &[(u16, &str)]) -> Vec<Hop> {
        let mut from = url("http://old.example/feed");
        steps
            .iter()
            .map(|(status, to)| {
                let hop = Hop { from: from.clone(), status: *status, to: url(to) };
                from = hop.to.clone();
                hop
            })
            .collect()
    }

    fn judged(steps: &[(u16, &str)], known: Option<(&str, i64)>, day: i64) -> Move {
        let known = known.map(|(to, since)| Candidate { to: url(to), since: at(since) });
        judge(&url("http://old.example/feed"), &hops(steps), known.as_ref(), at(day))
    }

    #[test]
    fn a_permanent_redirect_is_believed_after_a_week_at_the_same_place() {
        const NEW: &str = "https://new.example/feed";
        let chain = [(301, "https://old.example/rss"), (308, NEW)];
        let may = |since| Move::MayHave(Candidate { to: url(NEW), since: at(since) });
        assert_eq!(judged(&chain, None, 0), may(0));
        assert_eq!(judged(&chain, Some((NEW, 0)), 6), may(0));
        assert_eq!(judged(&chain, Some((NEW, 0)), 7), Move::Moved(url(NEW)));
        assert_eq!(judged(&chain, Some(("https://other.example/", 0)), 9), may(9), "another place starts anew");
    }

    #[test]
    fn a_temporary_step_anywhere_on_the_way_proves_nothing() {
        const NEW: &str = "https://new.example/feed";
        for status in [302, 303, 307] {
            assert_eq!(judged(&[(status, NEW)], Some((NEW, 0)), 30), Move::Stays);
            assert_eq!(judged(&[(301, "https://a.example/"), (status, NEW)], Some((NEW, 0)), 30), Move::Stays);
        }
        assert_eq!(judged(&[], Some((NEW, 0)), 30), Move::Stays);
    }

    #[test]
    fn the_step_to_https_is_believed_at_once_and_the_step_back_is_not() {
        let secure = "https://old.example/feed";
        assert_eq!(judged(&[(301, secure)], None, 0), Move::Moved(url(secure)));
        assert!(matches!(judged(&[(301, "https://old.example/other")], None, 0), Move::MayHave(_)));
        assert!(matches!(judged(&[(301, "https://www.old.example/feed")], None, 0), Move::MayHave(_)));
        assert_eq!(judged(&[(302, secure)], None, 0), Move::Stays);
        let back = [Hop { from: url(secure), status: 301, to: url("http://old.example/feed") }];
        assert!(matches!(judge(&url(secure), &back, None, at(0)), Move::MayHave(_)));
    }
}
