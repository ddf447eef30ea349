//! The promise: a quote is whole sentences of the source, word for word, wherever it is shown.

use pullquote::{model::Issue, store::reviews};

use crate::house::{CLUB, Door, FRIDAY, House, deliver, folded, nth, parts, publish, review, seen, subscribe};

/// Six critics: one text with an omission to make, one with quotation marks, one in another script.
fn write_reviews(house: &House) {
    for n in 0..4 {
        house.write(&format!("club/{n}.md"), &nth(n));
    }
    house.write("club/marks.md", &review("Ampersand & Sons", "O'Neil <the> Critic", "stars: ★★★★☆", MARKS));
    house.write("club/moreau.md", &review("La Plage", "Claire Moreau", "rating: 4/5", FRENCH));
}

const MARKS: &str = "\"Nobody,\" says the aunt, \"leaves & comes back,\" and this film makes 3 < 4 sound like a threat. \
    The cast is superb, and the photography is warm without being sweet.";
const FRENCH: &str = "Un magnifique chef-d'œuvre, porté par deux actrices superbes. La mise en scène est sobre et \
    l'émotion arrive sans prévenir. On en sort bouleversé et reconnaissant.";

/// Every quote of an issue, agreement included, with the id of its review.
fn quotes(issue: &Issue) -> Vec<(pullquote::model::ReviewId, pullquote::model::Quote)> {
    let mut all = Vec::new();
    for work in &issue.works {
        for review in &work.reviews {
            all.extend(review.quote.clone().map(|quote| (review.id.clone(), quote)));
        }
        for agreement in &work.agreement {
            all.extend(agreement.quotes.iter().map(|said| (said.review.clone(), said.quote.clone())));
        }
    }
    all
}

/// The stretches of the body that a quote is made of, as the contract joins them.
fn joined(body: &str, quote: &pullquote::model::Quote) -> String {
    let chars: Vec<char> = body.chars().collect();
    let mut text = String::new();
    let mut last: Option<usize> = None;
    for span in quote.spans() {
        let (start, end) = (span.start, span.end);
        if let Some(last) = last {
            let between: String = chars[last..start].iter().collect();
            text.push_str(if between.trim().is_empty() { " " } else { " […] " });
        }
        text.push_str(&folded(&chars[start..end].iter().collect::<String>()));
        last = Some(end);
    }
    text
}

#[tokio::test]
async fn every_quote_stands_in_the_stored_review_at_its_spans() {
    let house = House::club();
    write_reviews(&house);
    let app = house.open().await;
    let issue = publish(&app, FRIDAY).await;
    let quotes = quotes(&issue);
    assert_eq!(quotes.len(), 6, "{issue:#?}");
    for (id, quote) in quotes {
        let stored = reviews::get(&app.db, &id).await.unwrap().unwrap();
        assert_eq!(quote.text(), joined(stored.review.body.as_str(), &quote));
        assert!(quote.verify(&stored.review.body).is_ok());
    }
}

#[tokio::test]
async fn mail_page_and_feeds_show_exactly_the_quotes_of_the_issue() {
    let house = House::club();
    write_reviews(&house);
    let app = house.open().await;
    subscribe(&app, FRIDAY, "ann@example.org").await;
    let issue = publish(&app, FRIDAY).await;
    deliver(&app, &issue).await;
    let mails = house.mails();
    let (text, html) = parts(&mails[0]);
    let door = Door::open(&app).await;
    let page = door.get("/d/friday/1").await.body;
    let rss = rss::Channel::read_from(door.get("/d/friday/feed.xml").await.body.as_bytes()).unwrap();
    let item = rss.items()[0].content().or(rss.items()[0].description()).unwrap().to_owned();
    let by_review = rss::Channel::read_from(door.get("/d/friday/reviews.xml").await.body.as_bytes()).unwrap();
    let by_review: Vec<String> =
        by_review.items().iter().map(|item| item.content().or(item.description()).unwrap().to_owned()).collect();
    let json: serde_json::Value = serde_json::from_str(&door.get("/d/friday/feed.json").await.body).unwrap();
    let json = json["items"][0]["content_html"].as_str().unwrap().to_owned();
    let shown = [
        ("text part", folded(&text)),
        ("html part", seen(&html)),
        ("page", seen(&page)),
        ("rss", seen(&item)),
        ("reviews", seen(&by_review.join(" "))),
        ("json feed", seen(&json)),
    ];
    for (_, quote) in quotes(&issue) {
        for (place, shown) in &shown {
            assert!(shown.contains(&folded(quote.text())), "{place} lacks {}:\n{shown}", quote.text());
        }
    }
    // Nothing stands between quotation marks that is not one of them.
    for (place, html) in [("page", &page), ("html part", &html), ("rss", &item), ("json feed", &json)] {
        let blocks: Vec<&str> = html.split("<blockquote").skip(1).collect();
        assert!(blocks.len() >= quotes(&issue).len(), "{place}");
        for block in blocks {
            let block = block.split_once('>').unwrap().1.split("</blockquote>").next().unwrap();
            let shown = seen(block);
            let known = quotes(&issue).iter().any(|(_, quote)| shown.contains(&folded(quote.text())));
            assert!(known, "{place}: {shown}");
        }
    }
}

/// A poster's words and a passage of the book stand in these reviews, in the mark-up of Markdown, of a page and of a
/// page laid out by frames; each is louder than the critic.
#[tokio::test]
async fn what_another_says_in_a_review_is_never_quoted_as_its_critics() {
    const POSTER: &str = "The best film of the year, a superb and deeply moving masterpiece that everybody must see.";
    const MARKDOWN: &str = "The script is dull and the jokes are tired, and the leads have no chemistry at all.";
    const PAGE: &str = "I was bored long before the end of the first hour, and the score by Orr is a chore. Nothing in it \
        stayed with me.";
    const FRAMED: &str = "Handsome pictures cannot save a story as thin as this, and the acting is wooden throughout.";
    let house = House::club();
    house.write(
        "club/poster.md",
        &review("Glass Harbour", "Ines Orr", "rating: 1/5", &format!("> {POSTER}\n\n{MARKDOWN}")),
    );
    let page = |title: &str, body: &str| {
        format!(
            "<html><head><title>{title} review</title></head><body><article><h1>{title} (2025) – film review</h1>\
             <p>By Paul Quay, 20 November 2026</p>{body}<p>Rating: 1/5</p></article></body></html>"
        )
    };
    let quoted = format!("<blockquote><p>{POSTER}</p></blockquote><p>{PAGE}</p>");
    house.write("club/page.html", &page("Cold Quay", &quoted));
    house.write("club/framed.html", &page("Tin Roof", &format!("<blockquote><p>{FRAMED}</p></blockquote>")));
    let app = house.open().await;
    let issue = publish(&app, FRIDAY).await;
    let quotes = quotes(&issue);
    assert_eq!(quotes.len(), 3, "{issue:#?}");
    for (id, quote) in quotes {
        assert!([MARKDOWN, PAGE, FRAMED].iter().any(|own| own.contains(quote.text())), "{}", quote.text());
        let stored = reviews::get(&app.db, &id).await.unwrap().unwrap().review;
        let theirs: Vec<_> = stored.quotations.iter().map(|span| stored.body.slice(*span).unwrap().trim()).collect();
        let framed = stored.work.title.as_deref() == Some("Tin Roof");
        assert_eq!(theirs, if framed { vec![] } else { vec![POSTER] });
    }
}

#[tokio::test]
async fn a_quote_longer_than_the_limit_leaves_sentences_out_and_never_cuts_one() {
    let house = House::club();
    house.digest(FRIDAY, &format!("{CLUB}\n[quote]\nmax_chars = 90\n"));
    for n in 0..12 {
        house.write(&format!("club/{n}.md"), &nth(n));
    }
    let app = house.open().await;
    let issue = publish(&app, FRIDAY).await;
    for (id, quote) in quotes(&issue) {
        let stored = reviews::get(&app.db, &id).await.unwrap().unwrap();
        let chars: Vec<char> = stored.review.body.as_str().chars().collect();
        for span in quote.spans() {
            let before = span.start.checked_sub(1).map(|at| chars[at]);
            assert!(before.is_none_or(char::is_whitespace), "{}", quote.text());
            assert!(".!?…”\"".contains(chars[span.end - 1]), "{}", quote.text());
        }
    }
}

/// The text of each real document, to look quotes up in, where the material is at hand.
#[test]
fn quotes_of_real_pages_stand_in_the_reviews_read_from_them() {
    let root = std::env::var_os("PULLQUOTE_CORPORA").unwrap_or_else(|| "../shared/corpora".into());
    let root = std::path::PathBuf::from(root);
    let folders = [root.join("../seeds"), root.join("reviews/html"), root.join("reviews/markdown")];
    let house = House::empty();
    for folder in folders {
        if !folder.is_dir() {
            println!("skipped: nothing at {}", folder.display());
            continue;
        }
        let folder = folder.canonicalize().unwrap();
        let ran = house.run(&["quote", "--json", &folder.display().to_string()]);
        let lines = ran.json();
        assert!(!lines.is_empty(), "{}", folder.display());
        let mut quoted = 0;
        for line in lines {
            let Some(text) = line["quote"]["text"].as_str() else { continue };
            let body = line["body"].as_str().unwrap();
            let spans: Vec<(usize, usize)> = serde_json::from_value(line["quote"]["spans"].clone()).unwrap();
            let chars: Vec<char> = body.chars().collect();
            let parts: Vec<String> =
                spans.iter().map(|(start, end)| folded(&chars[*start..*end].iter().collect::<String>())).collect();
            assert_eq!(text.replace(" […] ", " "), parts.join(" "), "{}", line["source"]);
            quoted += 1;
        }
        assert!(quoted > 0, "{}", folder.display());
    }
}
