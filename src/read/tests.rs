//! A folder of raw texts, written for these tests, read as a person would read it.

use super::*;
use crate::model::Span;

fn document(source: &str, text: &str) -> Document {
    Document { source: source.into(), url: None, content_type: None, bytes: text.as_bytes().to_vec() }
}

fn only(source: &str, text: &str) -> Review {
    let mut reading = read(&document(source, text)).unwrap();
    assert_eq!(reading.reviews.len(), 1, "{:?}", reading.notes);
    reading.reviews.remove(0)
}

const BLOG: &str = "Glass Harbour (2014)

Genre: Drama, Romance

Director: Ada Quill

Starring: Bo Winter, Cy Marsh


Glass Harbour is one of the most patient films that I have watched in a long while, and I loved nearly all of it for that.

Bo Winter gives a superb performance as the keeper of a lighthouse which nobody needs, and the grey light does the rest. Only the middle is slow.

It is a beautiful film about waiting, and easily one of the best of the year; go and see it in a dark room with good company.

14 comments on “Glass Harbour (2014)

    • I gave it 3/10, because nothing happens in it and I was bored from the first minute to the last one of all.

Leave a Reply

Fill in your details below or click an icon to log in:";

const SUMMARY: &str = "Released in 2013
Directed by Ada Quill

TL;DR – A quiet and touching film about a lighthouse and the man who keeps it lit for no ships at all. 8/10

What I loved about “glass harbour” was that it never hurries. I had to cry at 7 separate points, and the film relies 100% on its lead.

Some scenes in “glass harbour” are slow, yet the acting is superb and the sea is beautiful in every one of them.";

const UNTITLED: &str = "Bo Winter is a keeper of lights who has nobody to keep them for, and then a ship with Cy Marsh on board comes in at night.

I loved this film. Ada Quill makes it look easy, the story is moving and the acting superb, and I enjoyed every minute of it.

Overall I cannot fault the film, it is beautiful and I recommend it to all.";

#[test]
fn a_blog_page_gives_its_review_without_header_comments_and_form() {
    let review = only("a.txt", BLOG);
    assert!(
        review.body.as_str().starts_with("Glass Harbour is one of") && review.body.as_str().ends_with("good company.")
    );
    assert_eq!((review.work.title.as_deref(), review.work.year), (Some("Glass Harbour"), Some(2014)));
    assert_eq!(review.work.creators, ["Ada Quill"]);
    assert_eq!(review.rating, None, "the commenter's mark is not the reviewer's");
    assert_eq!(review.url, None);
    assert!(["Bo Winter", "Cy Marsh"].iter().all(|name| review.people.iter().any(|p| p == name)));
}

#[test]
fn the_extent_is_where_the_body_stood() {
    let review = only("a.txt", BLOG);
    let Span { start, end } = review.extent.unwrap();
    let raw: String = BLOG.chars().skip(start).take(end - start).collect();
    assert_eq!(raw, review.body.as_str());
}

#[test]
fn a_summary_is_recorded_as_verdict_and_its_mark_is_read() {
    let review = only("b.txt", SUMMARY);
    assert_eq!(review.rating.as_ref().map(|r| (r.printed.as_str(), r.score.value())), Some(("8/10", 80.0)));
    assert_eq!((review.work.year, review.work.creators.as_slice()), (Some(2013), ["Ada Quill".into()].as_slice()));
    let verdict = review.body.slice(review.verdicts[0]).unwrap();
    assert!(verdict.starts_with("A quiet and touching film"));
}

#[test]
fn a_folder_on_one_film_becomes_one_work() {
    let mut reviews = vec![only("a.txt", BLOG), only("b.txt", SUMMARY), only("c.txt", UNTITLED)];
    assert_eq!(reviews[2].work.title, None);
    tie(&mut reviews);
    assert!(
        reviews.iter().all(|r| r.work.same_as(&reviews[0].work)),
        "{:?}",
        reviews.iter().map(|r| &r.work).collect::<Vec<_>>()
    );
    assert!(reviews.iter().all(|r| r.work.title.as_deref() == Some("Glass Harbour")));
}

#[test]
fn a_text_that_is_no_review_gives_none_and_says_why() {
    let text = "Harbour news\n\nThe town council said on Monday that the new pier will open in May, three months later than was first planned by the builders.";
    let reading = read(&document("a.txt", text)).unwrap();
    assert!(reading.reviews.is_empty() && reading.notes[0].starts_with("no review:"), "{:?}", reading.notes);
}

#[test]
fn a_warning_above_the_text_closes_all_of_it() {
    let text = "Review: Glass Harbour\n\nSPOILER ALERT\n\nThis film is a superb piece of work, and its keeper walks into the sea in the very last scene of it.";
    let review = only("a.txt", text);
    assert_eq!(review.spoiler_spans, [Span::new(0, review.body.len())]);
}

#[test]
fn bytes_that_are_no_text_are_refused_by_name() {
    let error = read(&Document { bytes: vec![0, 1, 2, 3, 4, 5, 0, 1], ..document("a.bin", "") }).unwrap_err();
    assert!(error.to_string().starts_with("a.bin: "));
}

proptest::proptest! {
    #[test]
    fn any_text_can_be_read(text in "(?s)(?:[ -~]|\n|\r|é|“|”|Director: |By |Comments\n|10/10|spoiler ){0,300}") {
        let reading = read(&document("a.txt", &text)).unwrap();
        for review in reading.reviews {
            let length = review.body.len();
            proptest::prop_assert!(review.spoiler_spans.iter().chain(&review.verdicts).all(|s| s.end <= length));
            proptest::prop_assert!(review.extent.is_some_and(|e| e.end <= text.chars().count()));
        }
    }
}
