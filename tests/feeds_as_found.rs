//! The promise: feeds are read as they are found. Measured on the feeds of the Python feedparser's own tests and on
//! attacks, where the corpora are at hand.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::path::{Path, PathBuf};

use pullquote::read::{self, Document};

fn corpus(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("PULLQUOTE_CORPORA").unwrap_or_else(|| "../shared/corpora".into());
    let folder = Path::new(&root).join("feeds").join(folder);
    let there = folder.is_dir();
    if !there {
        println!("skipped: no corpus at {}", folder.display());
    }
    there.then_some(folder)
}

fn document(path: &Path) -> Document {
    let source = path.display().to_string();
    Document { source, url: None, content_type: None, bytes: std::fs::read(path).unwrap() }
}

#[test]
fn nearly_every_feed_yields_the_entries_that_feedparser_finds() {
    let Some(folder) = corpus("feedparser") else { return };
    let expected = std::fs::read_to_string(folder.join("expected.jsonl")).unwrap();
    let (mut same, mut all) = (0, 0);
    for line in expected.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let found =
            read::entries(&document(&folder.join(row["file"].as_str().unwrap()))).map_or(0, |found| found.len());
        same += usize::from(row["entries"] == found);
        all += 1;
    }
    assert!(same * 1000 >= all * 997, "{same} of {all}");
}

/// What is kept of the reviews of one sample: how many there are, and how many have each field.
#[derive(Debug, Default, PartialEq, Eq)]
struct Kept {
    reviews: usize,
    rating: usize,
    liked: usize,
    again: usize,
    consumed: usize,
    ids: usize,
    image: usize,
    spoilers: usize,
    body: usize,
}

fn kept(path: &Path) -> Kept {
    let mut kept = Kept::default();
    for review in read::read(&document(path)).unwrap().reviews {
        let details = &review.details;
        kept.reviews += 1;
        kept.rating += usize::from(review.rating.is_some());
        kept.liked += usize::from(details.liked.is_some());
        kept.again += usize::from(details.again.is_some());
        kept.consumed += usize::from(details.consumed.is_some());
        kept.ids += usize::from(!review.work.ids.is_empty());
        kept.image += usize::from(details.image.is_some());
        kept.spoilers += usize::from(review.spoilers);
        kept.body += usize::from(!review.body.is_empty());
    }
    kept
}

#[test]
fn the_fields_of_real_review_feeds_are_kept() {
    let Some(folder) = corpus("samples") else { return };
    let all = |reviews| Kept {
        reviews,
        rating: reviews,
        liked: reviews,
        again: reviews,
        consumed: reviews,
        ids: reviews,
        image: reviews,
        ..Kept::default()
    };
    for (name, want) in [
        ("letterboxd_sparklebeard.rss", Kept { rating: 49, body: 6, ..all(50) }),
        ("letterboxd_review_formatting.rss", Kept { body: 1, ..all(1) }),
        ("letterboxd_spoiler.xml", Kept { spoilers: 1, body: 1, ..all(1) }),
        ("letterboxd_watch_review_list_tv.xml", Kept { image: 0, body: 1, ..all(1) }),
        ("letterboxd_cli.xml", Kept { reviews: 1, rating: 1, body: 1, ..Kept::default() }),
        ("goodreads_full_fields.xml", Kept { liked: 0, again: 0, body: 1, ..all(1) }),
        ("goodreads_astro.xml", Kept { liked: 0, again: 0, ..all(1) }),
        ("backloggd_trimmed_no_xmlns.xml", Kept { reviews: 2, rating: 2, image: 2, body: 2, ..Kept::default() }),
    ] {
        assert_eq!(kept(&folder.join(name)), want, "{name}");
    }
    // Squarespace and WordPress: each review has its picture.
    for (name, reviews) in [("reviewblog_mountainofink.rss", 20), ("wordpress_wirecutter_reviews.xml", 1)] {
        let found = kept(&folder.join(name));
        assert_eq!((found.reviews, found.image, found.body), (reviews, reviews, reviews), "{name}");
    }
}

#[test]
fn attacks_cost_neither_the_entries_nor_the_process() {
    let Some(folder) = corpus("hostile") else { return };
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let found = read::entries(&document(&path)).map_or(0, |found| found.len());
        let _ = read::read(&document(&path));
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let none = ["html.xml", "json_deep.json"].contains(&name.as_str());
        assert_eq!(found > 0, !none, "{name}");
    }
}
