//! The promise: our feeds are valid, items keep their identity for ever, and a reader that has the bytes is told so.

use std::sync::Arc;

use jiff::Span;
use pullquote::{
    app::App,
    read::{self, Document},
};

use crate::house::{Door, FRIDAY, House, nth, publish, review, seen};

const FEEDS: [&str; 4] = ["feed.xml", "atom.xml", "feed.json", "reviews.xml"];

async fn feed(door: &Door, name: &str) -> String {
    let answer = door.get(&format!("/d/friday/{name}")).await;
    assert_eq!(answer.status, 200, "{name}");
    answer.body
}

/// Issues of two reviews each.
async fn issues(house: &House, app: &Arc<App>, count: usize) {
    for n in 0..count {
        house.write(&format!("club/{}.md", 2 * n), &nth(2 * n));
        house.write(&format!("club/{}.md", 2 * n + 1), &nth(2 * n + 1));
        house.wait(Span::new().hours(24));
        publish(app, FRIDAY).await;
    }
}

/// The items' identities as a feed reader of ours finds them, in the feed's order.
fn identities(name: &str, text: &str) -> Vec<String> {
    let document = Document { source: name.to_owned(), url: None, content_type: None, bytes: text.as_bytes().to_vec() };
    let entries = read::entries(&document).unwrap();
    let as_json = |entry| serde_json::to_value(entry).unwrap()["id"].as_str().unwrap().to_owned();
    entries.iter().map(as_json).collect()
}

#[tokio::test]
async fn items_keep_their_identity_over_restarts_and_new_issues() {
    let house = House::club();
    let app = house.open().await;
    issues(&house, &app, 2).await;
    let door = Door::open(&app).await;
    let mut before = Vec::new();
    for name in FEEDS {
        before.push(identities(name, &feed(&door, name).await));
    }
    assert_eq!(before.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 2, 4]);
    house.write("club/9.md", &nth(9));
    house.wait(Span::new().hours(24 * 40));
    publish(&app, FRIDAY).await;
    let restarted = house.open().await;
    for door in [door, Door::open(&restarted).await] {
        for (name, before) in FEEDS.into_iter().zip(&before) {
            let now = identities(name, &feed(&door, name).await);
            assert_eq!(now.len(), before.len() + 1, "{name}");
            assert_eq!(&now[1..], before, "{name}: the new one comes on top and the others stay as they were");
        }
    }
}

#[tokio::test]
async fn a_new_issue_is_in_the_feed_although_the_clock_was_set_back() {
    let house = House::club();
    let app = house.open().await;
    issues(&house, &app, 1).await;
    let door = Door::open(&app).await;
    assert_eq!(identities("feed.xml", &feed(&door, "feed.xml").await).len(), 1);
    house.wait(Span::new().hours(-2));
    house.write("club/9.md", &nth(9));
    publish(&app, FRIDAY).await;
    for name in ["feed.xml", "atom.xml", "feed.json"] {
        assert_eq!(identities(name, &feed(&door, name).await).len(), 2, "{name}");
    }
}

#[tokio::test]
async fn a_reader_that_has_the_bytes_gets_304() {
    let house = House::club();
    let app = house.open().await;
    issues(&house, &app, 1).await;
    let door = Door::open(&app).await;
    for path in FEEDS.map(|name| format!("/d/friday/{name}")).into_iter().chain(["/d/friday/1".to_owned()]) {
        let answer = door.get(&path).await;
        let etag = answer.header("etag").unwrap().to_owned();
        assert_eq!(answer.header("last-modified"), Some("Mon, 23 Nov 2026 12:00:00 GMT"), "{path}");
        for tags in [etag.clone(), format!("W/{etag}"), "*".to_owned(), format!("\"other\", {etag}")] {
            let again = door.ask("GET", &path, &[("if-none-match", &tags)], "").await;
            assert_eq!((again.status, again.body.as_str()), (304, ""), "{path} {tags}");
            assert_eq!(again.header("etag"), Some(etag.as_str()));
        }
        let other = door.ask("GET", &path, &[("if-none-match", "\"other\"")], "").await;
        assert_eq!((other.status, other.body), (200, answer.body.clone()), "{path}");
        let head = door.ask("HEAD", &path, &[], "").await;
        assert_eq!((head.status, head.body.as_str(), head.header("etag")), (200, "", Some(etag.as_str())), "{path}");
    }
    let since = [("if-modified-since", "Mon, 23 Nov 2026 12:00:00 GMT")];
    assert_eq!(door.ask("GET", "/d/friday/feed.xml", &since, "").await.status, 304);
    // A new issue makes all of them new.
    let etag = door.get("/d/friday/feed.xml").await.header("etag").unwrap().to_owned();
    house.write("club/9.md", &nth(9));
    house.wait(Span::new().hours(24));
    publish(&app, FRIDAY).await;
    for (name, value) in [("if-none-match", etag.as_str()), since[0]] {
        assert_eq!(door.ask("GET", "/d/friday/feed.xml", &[(name, value)], "").await.status, 200, "{name}");
    }
}

#[tokio::test]
async fn feeds_are_found_from_the_pages_and_served_under_their_types() {
    let house = House::club();
    let app = house.open().await;
    issues(&house, &app, 1).await;
    let door = Door::open(&app).await;
    let types = [
        ("feed.xml", "application/rss+xml"),
        ("atom.xml", "application/atom+xml"),
        ("feed.json", "application/feed+json"),
    ];
    for (name, media_type) in types {
        for page in ["/d/friday", "/d/friday/1"] {
            let html = door.get(page).await.body;
            let link = html.lines().find(|line| line.contains("rel=\"alternate\"") && line.contains(media_type));
            let link = link.unwrap_or_else(|| panic!("{page} names no {media_type}"));
            assert!(link.contains(&format!("href=\"https://reviews.example.org/d/friday/{name}\"")), "{link}");
        }
        let served = door.get(&format!("/d/friday/{name}")).await;
        assert!(served.header("content-type").unwrap().starts_with(media_type), "{served:?}");
    }
    for missing in ["/d/no-such-digest/feed.xml", "/d/friday/99", "/d/friday/x", "/w/nothing"] {
        assert_eq!(door.get(missing).await.status, 404, "{missing}");
    }
}

#[tokio::test]
async fn what_critics_write_leaves_the_feeds_valid() {
    let house = House::club();
    let body = "The cast says \"5 < 6 & 7 > 2\" ]]> and it is superb. The music is wonderful, the editing is sharp &amp; \
        the opening <em>sings</em>. \u{1F3AC} A joy\u{200B} from start to end.";
    house.write("club/0.md", &review("\"Ampersand & <Sons>\"", "O'Neil & Daughter", "rating: 8/10", body));
    let app = house.open().await;
    publish(&app, FRIDAY).await;
    let door = Door::open(&app).await;
    for name in ["feed.xml", "reviews.xml"] {
        let channel = rss::Channel::read_from(feed(&door, name).await.as_bytes()).unwrap();
        assert_eq!(channel.items().len(), 1, "{name}");
        let item = &channel.items()[0];
        let guid = item.guid().unwrap();
        assert!(!guid.is_permalink() && guid.value().starts_with("tag:reviews.example.org,2026-11-22:friday/1"));
        assert!(item.link().unwrap().starts_with("https://reviews.example.org/d/friday/1"));
        assert!(item.pub_date().unwrap().contains("22 Nov 2026 12:00:00"));
        let shown = seen(item.content().or(item.description()).unwrap());
        assert!(shown.contains("Ampersand & <Sons>") && shown.contains("sharp & the opening sings"), "{name}: {shown}");
    }
    for name in FEEDS {
        assert_eq!(identities(name, &feed(&door, name).await).len(), 1, "{name} is read by our own reader");
    }
    let json: serde_json::Value = serde_json::from_str(&feed(&door, "feed.json").await).unwrap();
    assert_eq!(json["version"], "https://jsonfeed.org/version/1.1");
}

#[tokio::test]
async fn a_digest_without_issues_has_feeds_without_items() {
    let house = House::club();
    let app = house.open().await;
    let door = Door::open(&app).await;
    for name in ["feed.xml", "reviews.xml"] {
        let channel = rss::Channel::read_from(feed(&door, name).await.as_bytes()).unwrap();
        assert!(channel.items().is_empty());
        assert!(!channel.title().is_empty() && channel.link().starts_with("https://reviews.example.org/d/friday"));
    }
    for page in ["/", "/d/friday", "/subscribe", "/health"] {
        assert_eq!(door.get(page).await.status, 200, "{page}");
    }
}
