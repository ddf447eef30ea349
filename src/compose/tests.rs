//! The promises of composing, read from the outside.

use jiff::{Timestamp, civil::date, tz::TimeZone};

use super::*;
use crate::model::{
    Body, Confidence, DigestName, Published, Quote, Rating, RatingKind, Score, Span, Work,
    digest::{EmailStyle, FeaturedRule, First, Missed, Place, QuoteStyle, Select, Source},
    issue::DropRule,
};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn window() -> Window {
    Window { from: at(100), until: at(200) }
}

fn digest() -> Digest {
    Digest {
        name: DigestName::parse("friday").unwrap(),
        title: "Friday Reviews".into(),
        description: String::new(),
        language: "en".into(),
        schedule: None,
        time_zone: TimeZone::UTC,
        missed: Missed::Once,
        sources: vec![Source {
            place: Place::Folder("club".into()),
            locator: "club".into(),
            name: None,
            first: First::Include,
            featured_categories: vec![],
            every: None,
        }],
        select: Select::default(),
        quote: QuoteStyle::default(),
        email: Some(EmailStyle {
            subject: "{title} #{number}: {first_work}, {count} on {date}".into(),
            from: crate::model::Mailbox::parse("Club <club@example.org>").unwrap(),
            reply_to: None,
        }),
    }
}

/// A review that says something of its own about a work, on the given day of June 2026.
fn candidate(n: usize, work: &str, day: i8) -> Candidate {
    let words = ["amber", "brisk", "candid", "dreamy", "earnest", "fierce", "gentle", "humble"];
    let text = format!(
        "A {} piece of work number {n}, and the best evening of my {} year so far.",
        words[n % words.len()],
        words[(n * 3 + 1) % words.len()]
    );
    let body = Body::new(&text);
    let mut review = Review::new(format!("club/{n}.txt"), "0", body);
    review.work = Work::titled(work);
    review.published = Some(Published::Day(date(2026, 6, day)));
    let quote = Quote::new(&review.body, vec![Span::new(0, review.body.len())]).unwrap();
    Candidate {
        review,
        choice: Choice { quote: Some(quote), withheld: 0 },
        work_slug: Some(crate::model::text::slug(work, "work")),
        locator: "club".into(),
        source_name: "Club".into(),
        standing: Standing { arrived_at: at(150), seeded: false, featured_at: None, used_at: None },
        picked: false,
    }
}

fn composed(digest: &Digest, candidates: Vec<Candidate>) -> Issue {
    let ingredients = Ingredients { digest, number: 7, window: window(), composed_at: at(200), note: None, candidates };
    match compose(ingredients) {
        Outcome::Issue(issue) => *issue,
        Outcome::TooFew { found, minimum } => panic!("{found} of {minimum}"),
    }
}

fn rule_of(issue: &Issue, candidate: &Candidate) -> Option<DropRule> {
    issue.dropped.iter().find(|dropped| dropped.review == candidate.review.id).map(|dropped| dropped.rule)
}

#[test]
fn reviews_of_one_work_stand_together_newest_first() {
    let issue = composed(&digest(), vec![candidate(1, "Her", 1), candidate(2, "Dune", 3), candidate(3, "Her", 5)]);
    let titles: Vec<_> = issue.works.iter().map(|work| work.work.title.as_deref().unwrap()).collect();
    assert_eq!(titles, ["Her", "Dune"]);
    assert_eq!(issue.works[0].reviews.len(), 2);
    assert_eq!(issue.works[0].reviews[0].published.unwrap().day(), date(2026, 6, 5));
}

#[test]
fn featured_reviews_come_first_whatever_their_age() {
    let mut old = candidate(1, "Metropolis", 1);
    old.standing = Standing { arrived_at: at(10), used_at: Some(at(50)), featured_at: Some(at(120)), seeded: false };
    let issue = composed(&digest(), vec![candidate(2, "Dune", 9), old]);
    assert_eq!(issue.works[0].work.title.as_deref(), Some("Metropolis"));
    assert!(issue.works[0].reviews[0].featured);
    assert!(!issue.works[1].reviews[0].featured);
}

#[test]
fn beyond_the_limits_reviews_are_listed_by_link_and_used() {
    let mut digest = digest();
    digest.select.maximum = 2;
    digest.select.per_source = Some(1);
    let mut other = candidate(3, "Dune", 1);
    other.locator = "feed".into();
    let (first, second) = (candidate(1, "Her", 9), candidate(2, "It", 8));
    let issue = composed(&digest, vec![first.clone(), second.clone(), other.clone()]);
    assert_eq!(issue.quoted(), 2);
    assert_eq!(issue.more.len(), 1);
    assert_eq!(rule_of(&issue, &second), Some(DropRule::PerSource));
    assert_eq!(issue.used().count(), 3);

    digest.select.per_source = None;
    let issue = composed(&digest, vec![first, second, other.clone()]);
    assert_eq!(rule_of(&issue, &other), Some(DropRule::Maximum));
}

#[test]
fn one_text_posted_twice_counts_once_and_says_so() {
    let original = candidate(1, "Her", 9);
    let mut repost = candidate(1, "Her", 2);
    repost.review.id = crate::model::ReviewId::derive("elsewhere", "1");
    let issue = composed(&digest(), vec![original, repost.clone()]);
    assert_eq!(issue.quoted(), 1);
    assert_eq!(rule_of(&issue, &repost), Some(DropRule::Duplicate));
}

#[test]
fn with_less_than_the_minimum_there_is_no_issue() {
    let mut digest = digest();
    digest.select.minimum = 2;
    let ingredients = Ingredients {
        digest: &digest,
        number: 1,
        window: window(),
        composed_at: at(200),
        note: None,
        candidates: vec![candidate(1, "Her", 1)],
    };
    assert_eq!(compose(ingredients.clone()), Outcome::TooFew { found: 1, minimum: 2 });
    let mut picked = ingredients;
    picked.candidates[0].picked = true;
    assert!(matches!(compose(picked), Outcome::Issue(_)), "what is picked by hand is sent by hand");
}

#[test]
fn a_review_without_a_safe_sentence_is_shown_by_rating_and_link() {
    let mut spoiler = candidate(1, "Her", 1);
    spoiler.choice = Choice { quote: None, withheld: 9 };
    let nothing = spoiler.clone();
    spoiler.review.url = Some("https://example.org/her".into());
    let issue = composed(&digest(), vec![spoiler]);
    assert_eq!(issue.works[0].reviews[0].quote, None);
    let ingredients = Ingredients {
        digest: &digest(),
        number: 1,
        window: window(),
        composed_at: at(200),
        note: None,
        candidates: vec![nothing],
    };
    assert_eq!(compose(ingredients), Outcome::TooFew { found: 0, minimum: 1 });
}

#[test]
fn a_rating_without_a_text_crowds_out_no_words_and_makes_no_issue() {
    let mut digest = digest();
    digest.select.maximum = 1;
    let mut rated = candidate(1, "Her", 9);
    rated.review.body = Body::new("");
    rated.choice = Choice { quote: None, withheld: 0 };
    let kind = RatingKind::Graded;
    let score = Score::new(80.0).unwrap();
    rated.review.rating = Some(Rating { printed: "4/5".into(), score, kind, confidence: Confidence::High });
    let issue = composed(&digest, vec![rated.clone(), candidate(2, "Dune", 1)]);
    assert_eq!(issue.works[0].work.title.as_deref(), Some("Dune"), "older, but it says something");
    assert_eq!(rule_of(&issue, &rated), Some(DropRule::Maximum), "listed by link");

    let alone = |candidate: Candidate| {
        compose(Ingredients {
            digest: &digest,
            number: 1,
            window: window(),
            composed_at: at(200),
            note: None,
            candidates: vec![candidate],
        })
    };
    assert_eq!(alone(rated.clone()), Outcome::TooFew { found: 0, minimum: 1 });
    rated.picked = true;
    let Outcome::Issue(issue) = alone(rated) else { panic!("picked by hand") };
    assert!(issue.works[0].reviews[0].rating_only);
}

#[test]
fn the_spread_of_ratings_leaves_out_unsure_ones() {
    let rated = |n, score, confidence| {
        let mut rated = candidate(n, "Her", 1);
        let kind = RatingKind::Graded;
        rated.review.rating = Some(Rating { printed: "x".into(), score: Score::new(score).unwrap(), kind, confidence });
        rated
    };
    let issue = composed(
        &digest(),
        vec![rated(1, 90.0, Confidence::High), rated(2, 50.0, Confidence::High), rated(3, 0.0, Confidence::Low)],
    );
    let spread = issue.works[0].score.unwrap();
    assert_eq!((spread.low.value(), spread.mean.value(), spread.high.value(), spread.count), (50.0, 70.0, 90.0, 2));
}

#[test]
fn the_order_of_the_database_does_not_matter() {
    let candidates: Vec<_> = (0..8).map(|n| candidate(n, ["Her", "Dune", "It"][n % 3], 1 + (n % 4) as i8)).collect();
    let forward = composed(&digest(), candidates.clone());
    let backward = composed(&digest(), candidates.into_iter().rev().collect());
    assert_eq!(forward, backward);
}

#[test]
fn the_subject_is_filled_and_cannot_carry_a_line_break() {
    let mut with_break = candidate(1, "Her\r\nBcc: everyone@example.org", 1);
    with_break.work_slug = None;
    let issue = composed(&digest(), vec![with_break]);
    assert_eq!(issue.subject, "Friday Reviews #7: Her Bcc: everyone@example.org, 1 on 1 January 1970");
}

#[test]
fn a_digest_that_takes_only_featured_reviews_says_so_of_the_rest() {
    let mut digest = digest();
    digest.select.featured = FeaturedRule::Only;
    let plain = candidate(1, "Her", 1);
    let mut starred = candidate(2, "Dune", 1);
    starred.standing.featured_at = Some(at(150));
    let issue = composed(&digest, vec![plain.clone(), starred]);
    assert_eq!(issue.quoted(), 1);
    assert_eq!(rule_of(&issue, &plain), Some(DropRule::NotFeatured));
}
