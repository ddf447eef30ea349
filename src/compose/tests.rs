//! The promises of composing, read from the outside.

use jiff::{Timestamp, civil::date, tz::TimeZone};

use super::*;
use crate::model::{
    Body, Confidence, DigestName, Line, Published, Quote, Rating, RatingKind, Score, Span, Work,
    digest::{EmailStyle, FeaturedRule, First, Missed, Order, Place, QuoteStyle, Select, Source},
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
        list: DigestName::parse("friday").unwrap(),
        cadence: None,
        cadences: vec![],
        title: "Friday Reviews".into(),
        description: String::new(),
        language: "en".into(),
        schedule: None,
        time_zone: TimeZone::UTC,
        missed: Missed::Once,
        approve: None,
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
        choice: Choice { quote: Some(quote), ..Choice::default() },
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
    spoiler.choice = Choice { withheld: 9, ..Choice::default() };
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
    rated.choice = Choice::default();
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

/// The titles quoted, in order.
fn titles(issue: &Issue) -> Vec<&str> {
    issue.works.iter().map(|work| work.work.title.as_deref().unwrap()).collect()
}

#[test]
fn a_reviewer_and_a_work_have_their_share_and_the_rest_is_listed_by_link() {
    let mut digest = digest();
    digest.select.per_reviewer = Some(1);
    digest.select.per_work = Some(2);
    let by = |n, work, day, name: Option<&str>| {
        let mut by = candidate(n, work, day);
        by.review.reviewer = name.and_then(Line::new);
        by
    };
    let candidates = vec![
        by(1, "Her", 9, Some("Ann Lee")),
        by(2, "Dune", 8, Some("ANN LEE")),
        by(3, "Her", 7, None),
        by(4, "Her", 6, None),
        by(5, "It", 5, None),
    ];
    let issue = composed(&digest, candidates.clone());
    assert_eq!((titles(&issue), issue.quoted()), (vec!["Her", "It"], 3));
    assert_eq!(rule_of(&issue, &candidates[1]), Some(DropRule::PerReviewer));
    assert_eq!(rule_of(&issue, &candidates[3]), Some(DropRule::PerWork));
    assert_eq!((issue.more.len(), issue.used().count()), (2, 5));
}

#[test]
fn a_digest_says_what_comes_first() {
    let rated = |n, work, day, score: Option<f64>| {
        let mut rated = candidate(n, work, day);
        rated.review.rating = score.map(|score| Rating {
            printed: "x".into(),
            score: Score::new(score).unwrap(),
            kind: RatingKind::Graded,
            confidence: Confidence::High,
        });
        rated
    };
    let mut starred = rated(5, "Zelig", 1, Some(10.0));
    starred.standing.featured_at = Some(at(150));
    let mut undated = rated(6, "Metropolis", 1, None);
    undated.review.published = None;
    let all = vec![
        rated(1, "Her", 2, Some(50.0)),
        rated(2, "Alien", 4, Some(90.0)),
        rated(3, "The Brood", 3, None),
        starred,
        undated,
    ];
    for (order, expected) in [
        (Order::Newest, ["Zelig", "Alien", "The Brood", "Her", "Metropolis"]),
        (Order::Oldest, ["Zelig", "Her", "The Brood", "Alien", "Metropolis"]),
        (Order::Best, ["Zelig", "Alien", "Her", "The Brood", "Metropolis"]),
        (Order::Title, ["Zelig", "Alien", "The Brood", "Her", "Metropolis"]),
    ] {
        let mut digest = digest();
        digest.select.order = order;
        assert_eq!(titles(&composed(&digest, all.clone())), expected, "{order:?}");
    }
    let mut digest = digest();
    (digest.select.order, digest.select.maximum) = (Order::Title, 3);
    let issue = composed(&digest, all);
    assert_eq!(titles(&issue), ["Zelig", "Alien", "The Brood"], "the newest are quoted, by title");
}

#[test]
fn filters_hold_for_starred_reviews_and_not_for_picked_ones() {
    let mut digest = digest();
    digest.select.without.reviewers = vec!["Ann Lee".into()];
    let mut filtered = candidate(1, "Her", 1);
    filtered.review.reviewer = Some("Ann Lee".into());
    filtered.standing.featured_at = Some(at(150));
    let issue = composed(&digest, vec![filtered.clone(), candidate(2, "Dune", 1)]);
    assert_eq!((titles(&issue), rule_of(&issue, &filtered)), (vec!["Dune"], Some(DropRule::Reviewer)));
    assert_eq!(issue.used().count(), 1);
    filtered.picked = true;
    assert_eq!(titles(&composed(&digest, vec![filtered])), ["Her"]);
}

#[test]
fn older_reviews_make_up_the_number_where_news_is_thin() {
    let mut digest = digest();
    digest.select.archive = 3;
    digest.select.without.words = vec!["work number 6".into()];
    let old = |n, work, day, seeded| {
        let mut old = candidate(n, work, day);
        old.standing = Standing { arrived_at: at(10), seeded, featured_at: None, used_at: None };
        old
    };
    let mut silent = old(3, "Silence", 9, true);
    silent.choice.quote = None;
    let filtered = old(6, "Filtered", 8, true);
    let archive =
        vec![old(1, "Alien", 3, true), old(2, "Brazil", 2, false), old(4, "Casablanca", 1, true), silent, filtered];
    let news = candidate(5, "Her", 1);
    let with_news: Vec<_> = archive.iter().cloned().chain([news.clone()]).collect();
    let issue = composed(&digest, with_news);
    assert_eq!(titles(&issue), ["Her", "Alien", "Brazil"]);
    let marked: Vec<bool> = issue.works.iter().map(|work| work.reviews[0].archive).collect();
    assert_eq!(marked, [false, true, true]);
    assert_eq!((issue.dropped.len(), issue.used().count()), (0, 3), "what waits on needs no reason");
    let alone = Ingredients {
        digest: &digest,
        number: 1,
        window: window(),
        composed_at: at(200),
        note: None,
        candidates: archive.clone(),
    };
    assert_eq!(compose(alone), Outcome::TooFew { found: 0, minimum: 1 }, "the archive is no news");
    digest.select.archive = 0;
    assert_eq!(composed(&digest, vec![news, archive[0].clone()]).used().count(), 1);
}
