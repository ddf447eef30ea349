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
