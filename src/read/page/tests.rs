//! Pages written for these tests.

use super::*;

fn read_page(html: &str) -> Reading {
    read(&Document { source: "a.html".into(), url: None, content_type: None, bytes: Vec::new() }, html)
}

const TEXT: &str = "<p>This film is a quiet wonder. The sea is grey in every frame, and the acting is superb from first to last; I loved it.</p>
<p>Its director trusts the story. The middle is slow, but the ending is moving and the music beautiful, and Glass Harbour stays with you for days.</p>
<p>I recommend this film to anyone who likes patient films, and I shall see it again with great pleasure before the year is out.</p>";

#[test]
fn the_main_text_is_read_without_what_surrounds_it() {
    let page = format!(
        "<html lang=en><head><title>Glass Harbour Review | Quiet Pages</title><meta property='og:site_name' content='Quiet Pages'>
        <link rel=canonical href='https://example.org/glass'></head><body><nav>Home About</nav><article><h1>Glass Harbour Review</h1>
        <div class='entry-content'>{TEXT}<p>8/10</p><div class='sharedaddy'>Share this</div></div></article>
        <div id='comments'><p>I disagree, this film is dreadful and I gave it one star out of five.</p></div></body></html>"
    );
    let review = &read_page(&page).reviews[0];
    assert_eq!(review.work.title.as_deref(), Some("Glass Harbour"));
    assert_eq!(review.rating.as_ref().map(|r| r.score.value()), Some(80.0));
    assert_eq!(review.url.as_deref(), Some("https://example.org/glass"));
    assert!(review.body.as_str().starts_with("This film is") && review.body.as_str().ends_with("year is out."));
    assert_eq!(review.body.as_str().matches("\n\n").count(), 2);
}

#[test]
fn several_reviews_of_one_page_are_read_one_by_one() {
    let one = |name: &str, mark: u8, text: &str| {
        format!(
            "<div itemscope itemtype='http://schema.org/Review'><b itemprop=author>{name}</b><meta itemprop=ratingValue content={mark}><div itemprop=reviewBody>{text}</div></div>"
        )
    };
    let page = format!(
        "<html><head><title>Glass Harbour</title></head><body><div itemscope itemtype='http://schema.org/Movie'><h1 itemprop=name>Glass Harbour</h1>
        <div itemprop=aggregateRating itemscope itemtype='http://schema.org/AggregateRating'><meta itemprop=ratingValue content=1></div>{}{}</div></body></html>",
        one("Jo", 4, "A patient film that rewards all patience, with light to remember."),
        one("Bo", 2, "I was bored by every single minute of this grey and endless film."),
    );
    let reading = read_page(&page);
    let brief: Vec<_> = reading
        .reviews
        .iter()
        .map(|r| {
            (r.work.title.as_deref().unwrap(), r.reviewer.as_deref().unwrap(), r.rating.as_ref().unwrap().score.value())
        })
        .collect();
    assert_eq!(brief, [("Glass Harbour", "Jo", 80.0), ("Glass Harbour", "Bo", 40.0)]);
    assert_ne!(reading.reviews[0].id, reading.reviews[1].id);
}

#[test]
fn parts_of_one_review_are_read_as_one() {
    let part = |head: &str, text: &str| {
        format!(
            "<html lang=en><head><title>{head}</title></head><body><article><h1>{head}</h1><div class='entry-content'>{text}</div></article></body></html>"
        )
    };
    let pages = [
        part("Glass Harbour Review", TEXT),
        part(
            "Glass Harbour Review - Page 2",
            &format!("{}<p>7/10</p>", TEXT.replace("film", "picture").replace("sea", "bay")),
        ),
        part("Night Train Review", &TEXT.replace("film", "train ride")),
    ];
    let document = Document {
        source: "https://example.org/glass".into(),
        url: Some("https://example.org/glass".into()),
        content_type: None,
        bytes: Vec::new(),
    };
    let reading = read_parts(&document, &pages);
    let review = &reading.reviews[0];
    assert_eq!((reading.reviews.len(), reading.notes.len()), (1, 1));
    assert_eq!(review.work.title.as_deref(), Some("Glass Harbour"));
    assert_eq!(review.rating.as_ref().map(|r| r.score.value()), Some(70.0));
    let body = review.body.as_str();
    assert!(body.contains("The sea is grey") && body.contains("The bay is grey") && !body.contains("train ride"));
    assert_eq!(review.url.as_deref(), Some("https://example.org/glass"));
}

#[test]
fn a_critic_and_the_readers_below_are_told_apart() {
    let reader = |name: &str, mark: u8| {
        format!(
            "<div class='box' itemprop=review itemscope itemtype='http://schema.org/Review'><b itemprop=author>{name}</b><meta itemprop=ratingValue content={mark}><div itemprop=reviewBody>I was bored by every single minute, says {name}, and left.</div></div>"
        )
    };
    let page = format!(
        "<html lang=en><head><title>Glass Harbour Review</title><script type='application/ld+json'>{{\"@type\":\"Review\",\"author\":{{\"name\":\"Ann Critic\"}},\"reviewRating\":{{\"ratingValue\":4}},\"itemReviewed\":{{\"@type\":\"Movie\",\"name\":\"Glass Harbour\",\"director\":{{\"name\":\"Ada Quill\"}}}}}}</script></head>
        <body><article><h1>Glass Harbour Review</h1><div class='entry-content'>{TEXT}{TEXT}</div>{}{}</article></body></html>",
        reader("Jo", 1),
        reader("Bo", 2)
    );
    let reading = read_page(&page);
    assert_eq!(reading.reviews.len(), 1);
    let review = &reading.reviews[0];
    assert_eq!(review.reviewer.as_deref(), Some("Ann Critic"));
    assert_eq!(
        (review.rating.as_ref().map(|r| r.score.value()), &review.work.creators[..]),
        (Some(80.0), &["Ada Quill".into()][..])
    );
    assert!(!review.body.as_str().contains("bored by every"));
}

#[test]
fn an_article_states_its_author_and_day_for_machines() {
    let page = format!(
        "<html lang=en><head><title>Glass Harbour Review</title><script type='application/ld+json'>{{\"@graph\":[{{\"@type\":\"WebSite\",\"name\":\"Quiet Pages\"}},{{\"@type\":\"BlogPosting\",\"author\":{{\"@id\":\"#jo\"}},\"datePublished\":\"2019-05-03T10:00:00Z\"}},{{\"@id\":\"#jo\",\"@type\":\"Person\",\"name\":\"Jo Reader\"}}]}}</script></head>
        <body><div class='entry-content'>{TEXT}</div></body></html>"
    );
    let review = &read_page(&page).reviews[0];
    assert_eq!(review.reviewer.as_deref(), Some("Jo Reader"));
    assert!(review.published.is_some_and(|day| day.to_string().starts_with("2019-05-03")));
}

#[test]
fn a_list_of_posts_is_no_review() {
    let post = |name: &str| {
        format!(
            "<article class='post'><h2><a href='/{name}'>{name}</a></h2><div class='entry-content'>{TEXT}</div></article>"
        )
    };
    let page = format!(
        "<html lang=en><head><title>Quiet Pages</title></head><body>{}{}{}</body></html>",
        post("one"),
        post("two"),
        post("three")
    );
    assert!(read_page(&page).reviews.is_empty());
}

#[test]
fn a_hidden_spoiler_stays_marked() {
    let page = format!(
        "<html><head><title>Review: Glass Harbour</title></head><body><article><div class='entry-content'>{TEXT}<p class='spoiler'>He leaves in the end.</p></div></article></body></html>"
    );
    let review = &read_page(&page).reviews[0];
    let marked: Vec<_> = review.spoiler_spans.iter().map(|span| review.body.slice(*span).unwrap().trim()).collect();
    assert_eq!(marked, ["He leaves in the end."]);
}

#[test]
fn hostile_nesting_does_not_overflow_the_stack() {
    let deep = format!("<html><body>{}{TEXT}{}</body></html>", "<div>".repeat(100_000), "</div>".repeat(100_000));
    let _ = read_page(&deep);
    for hostile in
        ["<b><i><p>", "<foo/>", "<", "<article><h2><a href=x>t</a></h2>", "<div class='spoiler entry-content'>x"]
    {
        let _ = read_page(&hostile.repeat(40_000));
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn no_page_makes_it_stumble(html in "(?s)(?:<[a-z]{1,5}>|</[a-z]{1,5}>|[ -~]|é|<div class='spoiler comment'>|<!--|<script type='application/ld\\+json'>){0,80}") {
        let _ = read_page(&html);
    }
}
