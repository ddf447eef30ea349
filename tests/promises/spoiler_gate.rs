//! The promise: what a source marks as a spoiler is nowhere: not in mail, page, feed or JSON. A review without a
//! safe sentence shows title, rating and link, and says so.

use std::sync::Arc;

use pullquote::app::App;

use crate::{
    house::{Door, FRIDAY, House, collect_all, deliver, parts, publish, review, subscribe},
    site::{Reply, Site},
};

/// Words that stand only behind marks.
const SECRET: [&str; 6] = ["butler", "lighthouse", "poisoned", "twin", "avalanche", "Rosebud"];

const SAFE: &str = "The cast is superb and the harbour has never looked colder. It is a patient, funny film that I would \
    gladly see again.";

fn secret(n: usize) -> String {
    format!("It was the {} all along, a wonderful and brilliant performance. I loved that the {0} won.", SECRET[n])
}

/// Everything a reader, a program or an editor can get of the newest issue.
async fn everything(house: &House, app: &Arc<App>) -> Vec<(String, String)> {
    let door = Door::open(app).await;
    let mut all = Vec::new();
    for path in [
        "/",
        "/d/friday",
        "/d/friday/1",
        "/d/friday/feed.xml",
        "/d/friday/atom.xml",
        "/d/friday/feed.json",
        "/d/friday/reviews.xml",
    ] {
        let answer = door.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        all.push((path.to_owned(), answer.body));
    }
    for mail in house.mails() {
        let (text, html) = parts(&mail);
        all.extend([("mail".to_owned(), mail), ("text part".to_owned(), text), ("html part".to_owned(), html)]);
    }
    all
}

async fn previews(house: &House) -> Vec<(String, String)> {
    let formats = ["html", "text", "eml", "page", "rss", "atom", "jsonfeed", "json"];
    let preview = |format: &str| {
        let ran = house.run(&["preview", FRIDAY, "--since", "2020-01-01T00:00:00Z", "--format", format]).done();
        (format!("preview {format}"), ran.out)
    };
    formats.map(preview).into()
}

#[track_caller]
fn assert_secret(all: &[(String, String)]) {
    for (place, text) in all {
        for word in SECRET {
            assert!(!text.contains(word), "{place} tells of the {word}:\n{text}");
        }
    }
}

#[tokio::test]
async fn nothing_after_a_mark_is_shown_anywhere() {
    let house = House::club();
    let marked = [
        (
            "warning.txt",
            format!("Harbour (2024)\nby Ann Walker\nRating: 8/10\n\n{SAFE}\n\nSPOILERS AHEAD\n\n{}\n", secret(0)),
        ),
        (
            "details.html",
            page(&format!("<p>{SAFE}</p><details><summary>Spoilers</summary><p>{}</p></details>", secret(1))),
        ),
        ("class.html", page(&format!("<p>{SAFE}</p><p class=\"spoiler\">{}</p>", secret(2)))),
        (
            "shortcode.md",
            review("Chalk", "Cas Walker", "rating: 8/10", &format!("{SAFE}\n\n[spoiler]{}[/spoiler]", secret(3))),
        ),
        ("bars.md", review("Marble", "Dot Walker", "rating: 8/10", &format!("{SAFE}\n\n>!{}!<", secret(4)))),
    ];
    for (name, text) in &marked {
        house.write(&format!("club/{name}"), text);
    }
    let app = house.open().await;
    subscribe(&app, FRIDAY, "ann@example.org").await;
    collect_all(&app).await;
    let previews = previews(&house).await;
    assert_secret(&previews);
    let issue = publish(&app, FRIDAY).await;
    let reviews = issue.works.iter().map(|work| work.reviews.len()).sum::<usize>() + issue.dropped.len();
    assert_eq!(reviews, marked.len(), "{issue:#?}");
    deliver(&app, &issue).await;
    let all = everything(&house, &app).await;
    assert_secret(&all);
    // The safe half is quoted all the same.
    assert!(all.iter().any(|(place, text)| place == "text part" && text.contains("superb")), "{all:?}");
}

fn page(body: &str) -> String {
    let title = if body.contains("details") { "Downpour" } else { "Creak" };
    format!(
        "<!doctype html><html lang=\"en\"><head><title>{title} review</title><script type=\"application/ld+json\">\
         {{\"@context\":\"https://schema.org\",\"@type\":\"Review\",\"author\":{{\"@type\":\"Person\",\"name\":\"Ben Walker\"}},\
         \"itemReviewed\":{{\"@type\":\"Movie\",\"name\":\"{title}\"}},\"reviewRating\":{{\"@type\":\"Rating\",\
         \"ratingValue\":\"8\",\"bestRating\":\"10\"}}}}</script></head><body><article><h1>{title} review</h1>{body}\
         </article></body></html>"
    )
}

/// A feed whose first item is marked as a whole in its title.
fn feed() -> String {
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:letterboxd=\"https://letterboxd.com\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>Ann's diary</title><link>https://a.example/</link>\
         <description>Films</description>\
         <item><title>Ghost Audit, 2023 - ★★★★½ (contains spoilers)</title><link>https://a.example/ghost-audit</link>\
         <guid isPermaLink=\"false\">ghost</guid><pubDate>Fri, 20 Nov 2026 10:00:00 +0000</pubDate>\
         <letterboxd:filmTitle>Ghost Audit</letterboxd:filmTitle><letterboxd:filmYear>2023</letterboxd:filmYear>\
         <letterboxd:memberRating>4.5</letterboxd:memberRating><dc:creator>Ann Walker</dc:creator>\
         <description><![CDATA[<p><em>This review may contain spoilers.</em></p><p>{SAFE} {}</p>]]></description></item>\
         </channel></rss>",
        secret(5)
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_review_marked_as_a_whole_shows_title_rating_and_link_and_says_so() {
    let mut house = House::empty();
    house.set("COLLECT__ALLOW", "127.0.0.1");
    let site = Site::start(|_| Reply::document("application/rss+xml", feed())).await;
    house.digest(
        FRIDAY,
        &format!(
            "title = \"Friday Reviews\"\n[[source]]\nfeed = \"{}\"\nfirst = \"include\"\n[email]\nfrom = \"d@example.org\"\n",
            site.url("/feed.xml")
        ),
    );
    let app = house.open().await;
    subscribe(&app, FRIDAY, "ann@example.org").await;
    collect_all(&app).await;
    assert_secret(&previews(&house).await);
    let issue = publish(&app, FRIDAY).await;
    let shown = &issue.works[0].reviews[0];
    assert_eq!(issue.works[0].work.title.as_deref(), Some("Ghost Audit"));
    assert!(shown.quote.is_none() && shown.withheld > 0, "{shown:?}");
    deliver(&app, &issue).await;
    let all = everything(&house, &app).await;
    assert_secret(&all);
    for (place, text) in &all {
        if ["/d/friday/1", "text part", "html part", "/d/friday/feed.xml", "/d/friday/feed.json"]
            .contains(&place.as_str())
        {
            for part in ["Ghost Audit", "4.5", "https://a.example/ghost-audit", "Contains spoilers"] {
                let there = text.to_lowercase().contains(&part.to_lowercase());
                assert!(there, "{place} lacks {part}:\n{text}");
            }
            assert!(!text.contains("superb"), "{place}: a review marked as a whole is quoted nowhere");
        }
    }
}

#[tokio::test]
async fn read_and_quote_tell_of_marks_and_quote_none_of_them() {
    let house = House::club();
    let text = review("Chalk", "Cas Walker", "rating: 8/10", &format!("{SAFE}\n\nSpoiler warning!\n\n{}", secret(3)));
    house.write("club/chalk.md", &text);
    let path = house.path("digests/club/chalk.md").display().to_string();
    let lines = house.run(&["quote", "--json", &path]).done().json();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["spoilers"], true);
    let body: Vec<char> = lines[0]["body"].as_str().unwrap().chars().collect();
    let closed: Vec<(usize, usize)> = serde_json::from_value(lines[0]["spoiler_spans"].clone()).unwrap();
    let closed: String = closed.iter().map(|(start, end)| body[*start..*end].iter().collect::<String>()).collect();
    assert!(closed.contains("It was the twin"), "the mark travels with the text: {closed}");
    assert!(lines[0]["withheld"].as_u64().unwrap() >= 2);
    assert!(!lines[0]["quote"].to_string().contains("twin"));
    assert!(!house.run(&["quote", &path]).done().out.contains("twin"));
}
