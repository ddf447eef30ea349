//! The issue that this room's tests render: three works, six reviews, and what goes wrong in the wild.

use jiff::Timestamp;

use super::{Site, view::IssueView};
use crate::model::{
    Body, Confidence, DigestName, Issue, IssueReview, Line, Mailbox, Published, Quote, Rating, RatingKind, ReviewId,
    Score, Span, Window, Work, WorkBlock, WorkKind,
    digest::EmailStyle,
    issue::{Agreement, AgreementQuote, DropRule, Dropped, MoreItem},
    rating::Spread,
};

pub(crate) fn site() -> Site {
    Site::new("https://reviews.example.org/".parse().unwrap()).unwrap()
}

pub(crate) fn style() -> EmailStyle {
    EmailStyle {
        subject: "{title} #{number}: {first_work}".into(),
        from: Mailbox::parse("Kino & Büche <digest@example.org>").unwrap(),
        reply_to: Some(Mailbox::parse("editor@example.org").unwrap()),
    }
}

pub(crate) fn view() -> IssueView {
    IssueView::new(&issue(), &site())
}

pub(crate) fn quote(text: &str) -> Quote {
    let body = Body::new(text);
    Quote::new(&body, vec![Span::new(0, body.len())]).unwrap()
}

fn rating(printed: &str, score: f64) -> Option<Rating> {
    Some(Rating {
        printed: printed.into(),
        score: Score::new(score).unwrap(),
        kind: RatingKind::Graded,
        confidence: Confidence::High,
    })
}

pub(crate) fn review(identity: &str, reviewer: &str, source: &str, words: &str) -> IssueReview {
    IssueReview {
        id: ReviewId::derive("fixture", identity),
        reviewer: Some(reviewer.into()),
        source: source.into(),
        url: Some(format!("https://critics.example/{identity}?a=1&b=2")),
        published: Published::parse("2026-11-17"),
        rating: None,
        language: Some("en".into()),
        quote: Some(quote(words)),
        hidden: None,
        withheld: 0,
        rating_only: false,
        featured: false,
        archive: false,
    }
}

pub(crate) fn block(title: &str, slug: &str, work: Work, reviews: Vec<IssueReview>) -> WorkBlock {
    let score = Spread::of(reviews.iter().filter_map(|review| review.rating.as_ref()));
    WorkBlock {
        work: Work { title: Some(title.into()), ..work },
        slug: Some(slug.into()),
        score,
        agreement: vec![],
        reviews,
    }
}

fn lighthouse() -> WorkBlock {
    let work = Work {
        title: None,
        year: Some(2025),
        kind: Some(WorkKind::Film),
        creators: vec!["Ilse Vandermeer".into(), "João Pedro Reis".into()],
        ..Work::default()
    };
    let mut first = review(
        "tide-1",
        "Maren Okafor",
        "The Harbour Review",
        "Nobody in this film raises a voice, and by the end the silence is deafening.",
    );
    first.rating = rating("★★★★½", 90.0);
    first.featured = true;
    let mut second = review(
        "tide-2",
        "T. Lindqvist",
        "Slow Cinema Notes",
        "The acting carries what the script drops. Two people mend a net for nine minutes, and you learn more about \
         their marriage than most dramas tell in two hours. […] If the last act hurries, it is because the weather \
         does.",
    );
    second.rating = rating("8/10", 80.0);
    let mut third = review(
        "tide-3",
        "Grete Sommer",
        "Filmblatt Süd",
        "So viel Nebel, so wenig Film. Die Hauptdarstellerin spielt, als läse sie vom Blatt.",
    );
    third.language = Some("de".into());
    third.rating = rating("2/5", 40.0);
    let mut block = block("The Tide Keeper", "the-tide-keeper-2025", work, vec![first, second, third]);
    let said = |at: usize, positive: bool, words: &str| AgreementQuote {
        review: block.reviews[at].id.clone(),
        positive,
        quote: quote(words),
    };
    block.agreement = vec![Agreement {
        aspect: "acting".into(),
        positive: 2,
        negative: 1,
        quotes: vec![
            said(1, true, "The acting carries what the script drops."),
            said(0, true, "Every glance is a line of dialogue."),
            said(2, false, "Die Hauptdarstellerin spielt, als läse sie vom Blatt."),
        ],
    }];
    block
}

fn novel() -> WorkBlock {
    let work = Work {
        year: Some(2026),
        kind: Some(WorkKind::Book),
        creators: vec!["Amélie Nakamura-Ö.".into()],
        ..Work::default()
    };
    let mut silent = review("book-1", "Priya Raman", "Shelf Life", "x");
    silent.quote = None;
    silent.withheld = 7;
    silent.rating = rating("B+", 83.0);
    let mut homeless = review(
        "book-2",
        "Ø. Håkonsen 🎬",
        "marginalia.txt",
        "A mystery that trusts you. […] I closed it at 3 a.m. & put the lights back on — 100% worth it.",
    );
    homeless.url = None;
    homeless.published = None;
    block("北の駅 — A Station in the North", "a-station-in-the-north", work, vec![silent, homeless])
}

fn attack() -> WorkBlock {
    let mut review = review(
        "attack",
        "<script>alert('reviewer')</script>\u{202E}",
        "Example \"Weekly\" & Sons",
        "If you write <b>bold</b> & \"quoted\" words, they must stand here as they are.",
    );
    review.url = Some("javascript:alert(document.cookie)".into());
    let work = Work { kind: Some(WorkKind::Game), ..Work::default() };
    block("<img src=x onerror=alert(1)> The \"Game\"", "the-game", work, vec![review])
}

pub(crate) fn issue() -> Issue {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    Issue {
        digest: DigestName::parse("friday-reviews").unwrap(),
        number: 12,
        title: "Friday Reviews".into(),
        description: "What critics said this week, in their own words.".into(),
        language: "en".into(),
        time_zone: "Europe/Berlin".into(),
        composed_at: at("2026-11-20T07:00:00Z"),
        window: Window { from: at("2026-11-13T07:00:00Z"), until: at("2026-11-20T07:00:00Z") },
        note: Some(
            "A quiet week at the pictures.\n\nThe book is the one to read: start it <early> in the evening.".into(),
        ),
        subject: "Friday Reviews #12: The Tide Keeper – \u{201C}так держать\u{201D}".into(),
        works: vec![lighthouse(), novel(), attack()],
        more: vec![
            MoreItem {
                id: ReviewId::derive("fixture", "more-1"),
                title: "Paper Moons".into(),
                reviewer: Some("D. Abara".into()),
                source: "Needle Drop Diary".into(),
                url: Some("https://needle.example/paper-moons".into()),
            },
            MoreItem {
                id: ReviewId::derive("fixture", "more-2"),
                title: "Quartz".into(),
                reviewer: None,
                source: "notes".into(),
                url: None,
            },
        ],
        dropped: vec![Dropped { review: ReviewId::derive("fixture", "dropped"), rule: DropRule::Used }],
    }
}

/// The issue with hostile or merely strange words in every place that a source fills.
pub(crate) fn strange(words: &str) -> Issue {
    let mut issue = issue();
    issue.note = Some(words.to_owned());
    issue.subject = words.to_owned();
    for block in &mut issue.works {
        block.work.title = Line::new(words);
        block.work.creators = Line::all([words]);
        for review in &mut block.reviews {
            review.reviewer = Line::new(words);
            review.source = words.to_owned();
            review.url = Some(words.to_owned());
            review.language = Some(words.to_owned());
            review.quote = (!Body::new(words).as_str().trim().is_empty()).then(|| quote(words));
        }
    }
    issue
}
