//! Whether two reviews are one text, met twice: cross-posted, syndicated, or read from feed and page.

use std::collections::HashSet;

use crate::model::{Review, text::norm, work::same_person};

use super::words::{key, pair_key};

/// Words of a shingle.
const SHINGLE: usize = 4;
/// Texts shorter than this, in words, must be equal.
const SHORT: usize = 12;
/// Share of the shorter text's shingles that the longer must hold: an excerpt of a text is the text.
const SHARED: f64 = 0.7;

/// Whether both are the same review: nearly one text, or one address met in two sources by one person.
pub fn duplicate(a: &Review, b: &Review) -> bool {
    one_address(a, b) || same_text(a.body.as_str(), b.body.as_str())
}

/// One page may hold several reviews, so the address tells only between two sources, and not where the
/// reviewers are known to differ.
fn one_address(a: &Review, b: &Review) -> bool {
    let (Some(first), Some(second)) = (&a.url, &b.url) else { return false };
    let persons_differ = matches!((&a.reviewer, &b.reviewer), (Some(a), Some(b)) if !same_person(a, b));
    a.source != b.source && !persons_differ && canonical(first).is_some_and(|c| canonical(second) == Some(c))
}

/// An address without what does not change the page: scheme, `www.`, fragment, last slash, campaign tags.
fn canonical(address: &str) -> Option<String> {
    let url = url::Url::parse(address).ok()?;
    let host = url.host_str()?.trim_start_matches("www.").to_lowercase();
    let path = url.path().trim_end_matches('/');
    let campaign =
        |name: &str| name.starts_with("utm_") || matches!(name, "fbclid" | "gclid" | "mc_cid" | "mc_eid" | "igshid");
    let mut query: Vec<String> =
        url.query_pairs().filter(|(name, _)| !campaign(name)).map(|(name, value)| format!("{name}={value}")).collect();
    query.sort();
    Some(format!("{host}{path}?{}", query.join("&")))
}

fn same_text(a: &str, b: &str) -> bool {
    let (a, b) = (norm(a), norm(b));
    if a.is_empty() || b.is_empty() {
        return false;
    }
    if a == b {
        return true;
    }
    let (a, b) = (shingles(&a), shingles(&b));
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short.len() + SHINGLE <= SHORT {
        return false;
    }
    let shared = short.iter().filter(|s| long.contains(s)).count();
    shared as f64 >= SHARED * short.len() as f64
}

/// Keys of every four words in a row.
fn shingles(text: &str) -> HashSet<u32> {
    let keys: Vec<u32> = text.split(' ').map(key).collect();
    keys.windows(SHINGLE).map(|w| w.iter().copied().reduce(pair_key).unwrap_or(0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Body;

    const TEXT: &str = "A slow and tender film about two sisters who run a ferry. The river is the real star, filmed at dawn \
        and dusk in long, quiet takes. Nobody raises a voice, and yet everything is said by the end of the first crossing.";

    fn review(source: &str, url: Option<&str>, body: &str) -> Review {
        let mut review = Review::new(source, body, Body::new(body));
        review.url = url.map(String::from);
        review
    }

    #[test]
    fn a_text_met_twice_is_one_review_even_shortened_or_retouched() {
        let touched = TEXT.replace("slow and tender", "slow, tender").replace("Nobody", "Nobody ever");
        assert!(duplicate(&review("a", None, TEXT), &review("b", None, &touched)));
        assert!(duplicate(&review("a", None, TEXT), &review("b", None, &TEXT[..120])));
        let other =
            "A loud and tiresome film about two brothers who run a garage, with nothing to say about either of them.";
        assert!(!duplicate(&review("a", None, TEXT), &review("b", None, other)));
        assert!(!duplicate(&review("a", None, "Great fun."), &review("b", None, "Great film.")));
    }

    #[test]
    fn one_address_in_two_sources_is_one_review() {
        let (first, second) = ("https://www.example.org/r/1/?utm_source=x#top", "http://example.org/r/1");
        let (a, b) = (review("feed", Some(first), "Short."), review("page", Some(second), "A teaser of it."));
        assert!(duplicate(&a, &b));
        let neighbour = review("feed", Some(first), "Another voice on the same page.");
        assert!(!duplicate(&a, &neighbour));
        let mut other = b.clone();
        (other.reviewer, other.source) = (Some("Ann Orr".into()), "third".into());
        let mut named = a.clone();
        named.reviewer = Some("Bo Lind".into());
        assert!(!duplicate(&named, &other));
    }
}
