//! Whether two reviews are one text, met twice: cross-posted, syndicated, or read from feed and page.
//!
//! Texts are compared by their shingles, all words in rows of four. [`Duplicates`] keeps an index from shingle to
//! text, so that a new text is compared only with those that share some: thousands take a fraction of a second.

use std::collections::{HashMap, HashSet};

use super::words::{key, pair_key};
use crate::model::{Line, Review, ReviewId, Work, text::norm, work::same_person};

/// Words of a shingle.
const SHINGLE: usize = 4;
/// Texts shorter than this, in words, must be equal.
const SHORT: usize = 12;
/// Texts shorter than this must be about one work too, where both name theirs: a habit of words is no twin.
const BRIEF: usize = 40;
/// Share of the shorter text's shingles that the longer must hold: an excerpt of a text is the text.
const SHARED: f64 = 0.7;
/// A shingle met in more texts than this is a phrase of the house or the language, and finds no candidates.
const COMMON: usize = 64;

/// The texts met so far.
#[derive(Debug, Default)]
pub struct Duplicates {
    known: Vec<Known>,
    by_text: HashMap<String, usize>,
    by_address: HashMap<String, Vec<usize>>,
    by_shingle: HashMap<u32, Vec<u32>>,
}

/// What is kept of a text.
#[derive(Debug)]
struct Known {
    id: ReviewId,
    source: String,
    reviewer: Option<Line>,
    work: Work,
    shingles: usize,
}

/// What a review is compared by.
struct Reduced {
    text: String,
    shingles: HashSet<u32>,
    address: Option<String>,
}

impl Reduced {
    fn of(review: &Review) -> Self {
        let text = norm(review.body.as_str());
        Self { shingles: shingles(&text), address: review.url.as_deref().and_then(canonical), text }
    }
}

impl Duplicates {
    /// The known review that this one is, if it is one.
    pub fn find(&self, review: &Review) -> Option<ReviewId> {
        self.twin(review, &Reduced::of(review)).map(|twin| self.known[twin].id.clone())
    }

    /// Takes a review in, unless it is one that is known already: then the known one's id.
    pub fn admit(&mut self, review: &Review) -> Option<ReviewId> {
        let reduced = Reduced::of(review);
        if let Some(twin) = self.twin(review, &reduced) {
            return Some(self.known[twin].id.clone());
        }
        let Reduced { text, shingles, address } = reduced;
        let at = self.known.len();
        self.known.push(Known {
            id: review.id.clone(),
            source: review.source.clone(),
            reviewer: review.reviewer.clone(),
            work: review.work.clone(),
            shingles: shingles.len(),
        });
        if let Some(address) = address {
            self.by_address.entry(address).or_default().push(at);
        }
        for shingle in shingles {
            self.by_shingle.entry(shingle).or_default().push(at as u32);
        }
        if !text.is_empty() {
            self.by_text.entry(text).or_insert(at);
        }
        None
    }

    fn twin(&self, review: &Review, reduced: &Reduced) -> Option<usize> {
        if let Some(&twin) = self.by_text.get(&reduced.text) {
            return Some(twin);
        }
        let mut same_address = reduced.address.as_ref().and_then(|a| self.by_address.get(a)).into_iter().flatten();
        if let Some(&twin) = same_address.find(|at| self.known[**at].may_be_of(review)) {
            return Some(twin);
        }
        self.near_twin(review, &reduced.shingles)
    }

    /// The first known text that holds most of this one, or of which this one holds most.
    fn near_twin(&self, review: &Review, shingles: &HashSet<u32>) -> Option<usize> {
        let mut shared: HashMap<u32, usize> = HashMap::new();
        let mut common = Vec::new();
        for shingle in shingles {
            match self.by_shingle.get(shingle) {
                Some(texts) if texts.len() > COMMON => common.push(texts),
                Some(texts) => texts.iter().for_each(|at| *shared.entry(*at).or_default() += 1),
                None => {}
            }
        }
        let mut candidates: Vec<(u32, usize)> = shared.into_iter().collect();
        candidates.sort_unstable();
        candidates.into_iter().find_map(|(at, shared)| {
            let known = &self.known[at as usize];
            // Common phrases find nobody, but count for who is found. Places in a list are in order.
            let shared = shared + common.iter().filter(|texts| texts.binary_search(&at).is_ok()).count();
            let shorter = known.shingles.min(shingles.len());
            let long_enough = shorter + SHINGLE > SHORT;
            let one_subject = shorter + SHINGLE > BRIEF || may_be_one_work(&known.work, &review.work);
            (long_enough && one_subject && shared as f64 >= SHARED * shorter as f64).then_some(at as usize)
        })
    }
}

impl Known {
    /// One page may hold several reviews, so the address tells only between two sources, and not where the
    /// reviewers are known to differ.
    fn may_be_of(&self, review: &Review) -> bool {
        let persons_differ = matches!((&self.reviewer, &review.reviewer), (Some(a), Some(b)) if !same_person(a, b));
        self.source != review.source && !persons_differ
    }
}

fn may_be_one_work(a: &Work, b: &Work) -> bool {
    a.title.is_none() || b.title.is_none() || a.same_as(b)
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

/// Keys of every four words in a row.
fn shingles(text: &str) -> HashSet<u32> {
    let keys: Vec<u32> = text.split(' ').map(key).collect();
    keys.windows(SHINGLE).map(|w| w.iter().copied().reduce(pair_key).unwrap_or(0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Body;

    /// Whether both are the same review: nearly one text, or one address met in two sources by one person.
    fn duplicate(a: &Review, b: &Review) -> bool {
        let mut known = Duplicates::default();
        known.admit(a).is_none() && known.admit(b).is_some()
    }

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

    #[test]
    fn a_habit_of_words_is_no_twin_where_the_works_differ() {
        let words = "Watched this one again with the whole family on a rainy Sunday and had a wonderful time of it.";
        let about = |source: &str, title: &str, tail: &str| {
            let mut review = review(source, None, &format!("{words} {tail}"));
            review.work = Work::titled(title);
            review
        };
        assert!(!duplicate(&about("a", "Tides", "Again!"), &about("b", "Quartz", "Yes.")));
        assert!(duplicate(&about("a", "Tides", "Again!"), &about("b", "Tides", "Yes.")));
    }

    #[test]
    fn the_known_one_is_named_and_a_phrase_shared_by_many_makes_no_twins() {
        let mut known = Duplicates::default();
        let footer =
            "This review first appeared in the paper edition of our weekly and is reprinted with kind permission.";
        let own = |n: usize| (0..40).map(|w| format!("w{}x{} ", n, w * 7 % 40)).collect::<String>();
        for n in 0..200 {
            let review = review(&format!("s{n}"), None, &format!("{}{footer}", own(n)));
            assert_eq!(known.admit(&review), None, "{n}");
        }
        let again = review("other", None, &format!("{} {footer}", own(7)));
        assert_eq!(known.admit(&again), Some(review("s7", None, &format!("{}{footer}", own(7))).id));
    }
}
