//! What `front_matter` promises.

use super::*;

fn read(source: &str) -> Facts {
    facts(&split(source).unwrap().0)
}

#[test]
fn the_keys_of_a_review_are_read() {
    let facts = read(
        "---\ntitle: Glass Harbour by Ada Quill\ndate: 28-01-2026\nauthor: Jo Reader\nrating: 4.5\nfeatured: true\nlang: en\n---\nText.",
    );
    assert_eq!(facts.work.title.as_deref(), Some("Glass Harbour"));
    assert_eq!(facts.work.creators, ["Ada Quill"]);
    assert_eq!(facts.reviewer.as_deref(), Some("Jo Reader"));
    assert_eq!(facts.published.map(|p| p.to_string()).as_deref(), Some("2026-01-28"));
    assert_eq!(facts.rating.map(|r| r.score.value()), Some(90.0));
    assert!(facts.featured && facts.declared);
}

#[test]
fn nested_keys_and_toml_are_read() {
    let facts = read(
        "---\nbook:\n  title: Glass Harbour\n  author: Ada Quill\n  publication_year: '1901'\nreview:\n  rating: 2\n  date_read:\n  - 2020-06-04\n---\nText.",
    );
    assert_eq!((facts.work.title.as_deref(), facts.work.year), (Some("Glass Harbour"), Some(1901)));
    assert_eq!(facts.rating.map(|r| r.score.value()), Some(40.0));
    let facts = read("+++\ntitle = \"Review: Glass Harbour\"\ndate = 2020-01-02\nscore = 8.8\n+++\nText.");
    assert_eq!(facts.published.map(|p| p.to_string()).as_deref(), Some("2020-01-02"));
    assert_eq!(facts.rating.map(|r| r.score.value()), Some(88.0));
}

#[test]
fn a_scale_beside_the_rating_is_used() {
    assert_eq!(read("---\nstar: \"2\" # 0, 1, 2, 4\n---\n").rating.map(|r| r.score.value()), Some(50.0));
    assert_eq!(read("---\nrating: 3\nrating_max: 4\n---\n").rating.map(|r| r.score.value()), Some(75.0));
    assert_eq!(read("---\ngrade: Abandoned\n---\n").rating, None);
    assert_eq!(read("---\nslug: glass-harbour-by-ada-quill\ngrade: C+\n---\n").work.creators, ["Ada Quill"]);
}
