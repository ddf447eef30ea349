//! The promise: whatever is read, the laws of reading hold (`support/laws.rs`).
//!
//! The inputs in `stored_inputs/` are written for the purpose or were found by fuzzing (`docs/benchmarks.md`), made
//! small. A fuzzer's find that is mended is stored here, so that it stays mended.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should stop")]

use std::{fs, path::Path};

#[path = "support/laws.rs"]
mod laws;

/// Holds the law to every stored input of its reader. The name of the last one printed is the guilty one's.
fn hold(reader: &str, law: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stored_inputs").join(reader);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() > 5, "hardly any inputs are stored for {reader}");
    for path in paths {
        println!("{}", path.display());
        law(&fs::read(path).unwrap());
    }
}

#[test]
fn feeds_keep_the_laws() {
    hold("feed", laws::feed);
}

#[test]
fn pages_keep_the_laws() {
    hold("page", laws::page);
}

#[test]
fn texts_keep_the_laws() {
    hold("text", laws::text);
}

#[test]
fn ratings_keep_the_laws() {
    hold("rating", laws::rating);
}

#[test]
fn dates_keep_the_laws() {
    hold("date", laws::date);
}

#[test]
fn every_reader_keeps_its_laws_with_the_inputs_of_the_others() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stored_inputs");
    let laws: [fn(&[u8]); 5] = [laws::feed, laws::page, laws::text, laws::rating, laws::date];
    for folder in fs::read_dir(root).unwrap() {
        for input in fs::read_dir(folder.unwrap().path()).unwrap() {
            let path = input.unwrap().path();
            println!("{}", path.display());
            let bytes = fs::read(&path).unwrap();
            laws.iter().for_each(|law| law(&bytes));
        }
    }
}
