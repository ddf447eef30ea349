//! A quote that gives away is shown on the site alone, on request, and only where the digest says so.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use jiff::{Timestamp, tz::TimeZone};
use pullquote::{
    compose::{Candidate, Ingredients, Outcome, Standing, compose},
    model::{
        Body, Digest, DigestName, Issue, Mailbox, Review, Window, Work, WorkKind,
        digest::{EmailStyle, First, Missed, Place, QuoteStyle, Select, Source, SpoilerRule},
    },
    quote,
    render::{
        Site,
        feed::{self, FeedMeta},
        json, mail,
        page::{DigestPage, IssuePage, WorkPage, html},
    },
};

/// Every sentence but the plot's stands behind the mark; the words looked for stand nowhere else.
const BODY: &str = "SPOILERS throughout this review.\n\nThe zephyrous ending is superb, and the quixotic acting of the \
    last scene makes this film a luminiferous triumph.";
const WORDS: [&str; 3] = ["zephyrous", "quixotic", "luminiferous"];
const SLUG: &str = "harbour-lights";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn digest(spoilers: SpoilerRule) -> Digest {
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
        quote: QuoteStyle { spoilers, ..QuoteStyle::default() },
        email: Some(style()),
    }
}

fn style() -> EmailStyle {
    EmailStyle {
        subject: "{title} #{number}: {first_work}".into(),
        from: Mailbox::parse("Club <club@example.org>").unwrap(),
        reply_to: None,
    }
}

fn review(body: &str) -> Review {
    let mut review = Review::new("club/lights.txt", "0", Body::new(body));
    review.work = Work { kind: Some(WorkKind::Film), ..Work::titled("Harbour Lights") };
    review.language = Some("en".into());
    review.url = Some("https://example.org/lights".into());
    review
}

fn issue(spoilers: SpoilerRule, body: &str) -> Issue {
    let digest = digest(spoilers);
    let review = review(body);
    let candidate = Candidate {
        choice: quote::choose(&review, digest.quote.max_chars),
        work_slug: Some(SLUG.into()),
        locator: "club".into(),
        source_name: "Club".into(),
        standing: Standing { arrived_at: at(150), seeded: false, featured_at: None, used_at: None },
        picked: false,
        review,
    };
    let window = Window { from: at(100), until: at(200) };
    let candidates = vec![candidate];
    match compose(Ingredients { digest: &digest, number: 1, window, composed_at: at(200), note: None, candidates }) {
        Outcome::Issue(issue) => *issue,
        Outcome::TooFew { .. } => panic!("one review with a link is enough"),
    }
}

fn site() -> Site {
    Site::new("https://reviews.example.org/".parse().unwrap()).unwrap()
}

/// The pages that may hold what is hidden.
fn pages(issue: &Issue) -> [String; 2] {
    let page = html(&IssuePage::new(issue, issue.number, None, &site())).unwrap();
    let work = html(&WorkPage::new(SLUG, std::slice::from_ref(issue), &site()).unwrap()).unwrap();
    [page, work]
}

/// Everything else that is made of an issue.
fn others(issue: &Issue) -> Vec<(&'static str, String)> {
    let (site, meta) = (site(), FeedMeta::from(issue));
    let issues = std::slice::from_ref(issue);
    let mail = mail::prepare(issue, &style(), &site).unwrap();
    let token = mail::TOKEN_PLACEHOLDER;
    vec![
        ("mail", mail.html(token)),
        ("text mail", mail.text(token)),
        ("rss", feed::rss(&meta, issues, &site).unwrap()),
        ("reviews rss", feed::reviews_rss(&meta, issues, &site).unwrap()),
        ("atom", feed::atom(&meta, issues, &site).unwrap()),
        ("json feed", feed::json_feed(&meta, issues, &site).unwrap()),
        ("json", serde_json::to_string(&json::issue(issue)).unwrap()),
        ("digest page", html(&DigestPage::new(&meta, "", issues, None, &site)).unwrap()),
    ]
}

fn holds_a_word(text: &str) -> bool {
    WORDS.iter().any(|word| text.to_lowercase().contains(word))
}

#[test]
fn the_site_folds_the_quote_away_until_it_is_asked_for() {
    let issue = issue(SpoilerRule::PageOnly, BODY);
    assert_eq!(issue.works[0].reviews[0].quote, None);
    for page in pages(&issue) {
        let (before, rest) = page.split_once("<details class=\"spoiler\">").unwrap();
        let (folded, after) = rest.split_once("</details>").unwrap();
        let (summary, quoted) = folded.split_once("</summary>").unwrap();
        assert!(WORDS.iter().all(|word| quoted.contains(word)), "{quoted}");
        assert!(summary.contains("<summary>") && !page.contains("<script"));
        assert!(![before, summary, after].into_iter().any(holds_a_word), "{page}");
    }
}

#[test]
fn no_mail_feed_or_json_holds_a_word_of_it() {
    for (name, text) in others(&issue(SpoilerRule::PageOnly, BODY)) {
        assert!(text.to_lowercase().contains("harbour lights"), "{name}");
        assert!(!holds_a_word(&text), "{name}: {text}");
    }
}

#[test]
fn never_means_nowhere() {
    let issue = issue(SpoilerRule::Never, BODY);
    assert_eq!(issue.works[0].reviews[0].hidden, None);
    for page in pages(&issue) {
        assert!(!holds_a_word(&page) && !page.contains("<details class=\"spoiler\">"));
    }
    let stored = serde_json::to_string(&issue).unwrap();
    assert!(!stored.contains("\"hidden\""), "issues without one are stored as before");
    assert_eq!(serde_json::from_str::<Issue>(&stored).unwrap(), issue);
}

#[test]
fn a_review_with_a_safe_quote_hides_nothing() {
    let body = format!("The photography is superb and the script is sharp, funny and humane.\n\n{BODY}");
    let issue = issue(SpoilerRule::PageOnly, &body);
    let review = &issue.works[0].reviews[0];
    assert!(review.quote.is_some() && review.withheld > 0);
    assert_eq!(review.hidden, None);
}
