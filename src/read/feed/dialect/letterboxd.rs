//! Letterboxd: diary, reviews and lists in one feed, told apart by the GUID's prefix.
//!
//! A diary entry with a rating is a review without words; one with neither is none.

use std::sync::LazyLock;

use regex::Regex;

use super::{Context, Dialect, Draft, Reviewer, Verdict};
use crate::{
    model::{Catalogue, Details, Line, WorkKind},
    read::{
        feed::{html::Plain, spoiler, stars, title},
        markup::namespace::Vocabulary,
    },
};

/// Entries with a film's fields, or a GUID of the site's making.
pub const DIALECT: Dialect = Dialect { claims, read };

fn claims(entry: &Context<'_>) -> bool {
    entry.id_starts("letterboxd-") || entry.has(Vocabulary::Letterboxd, "filmTitle")
}

fn read(entry: &Context<'_>) -> Verdict {
    if entry.id_starts("letterboxd-list-") {
        return Verdict::Pass("lists");
    }
    let on_a_film = viewing(entry).is_some() || entry.has(Vocabulary::Letterboxd, "filmTitle");
    if !on_a_film {
        return Verdict::Pass("entries that are on no film");
    }
    let (text, flagged) = without_boilerplate(entry.text());
    // Half a star is the least: 0 is no rating of this site's.
    let rating = entry.field(Vocabulary::Letterboxd, "memberRating").and_then(|value| stars::field(&value, 5.0));
    let rating = rating.filter(|rating| rating.score.value() > 0.0).or_else(|| stars::in_title(entry.title()));
    if text.text.is_empty() && rating.is_none() {
        return Verdict::Pass("diary entries without a text or rating");
    }
    let mut work = title::read(entry.title(), Some(WorkKind::Film)).work;
    work.title = entry.field(Vocabulary::Letterboxd, "filmTitle").and_then(Line::new).or(work.title);
    let year = entry.field(Vocabulary::Letterboxd, "filmYear").and_then(|year| year.parse().ok());
    work.year = year.or(work.year);
    work.add_id(entry.outside_id(Vocabulary::Tmdb, "movieId", Catalogue::TmdbMovie));
    work.add_id(entry.outside_id(Vocabulary::Tmdb, "tvId", Catalogue::TmdbTv));
    let details = Details {
        liked: entry.flag(Vocabulary::Letterboxd, "memberLike"),
        again: entry.flag(Vocabulary::Letterboxd, "rewatch"),
        consumed: entry.day(Vocabulary::Letterboxd, "watchedDate"),
        ..Details::default()
    };
    let words = [(details.again, "rewatch"), (details.liked, "liked")];
    let categories = words.iter().filter(|(said, _)| *said == Some(true)).map(|(_, word)| (*word).to_owned()).collect();
    let spoilers = flagged || spoiler::announced(entry.title());
    let reviewer = match (&entry.item.author, owner(entry)) {
        (None, Some(owner)) => Reviewer::Named(owner),
        _ => Reviewer::Author,
    };
    let identity = viewing(entry).map(|number| format!("letterboxd-review-{number}"));
    Verdict::Review(Box::new(Draft {
        identity,
        work,
        reviewer,
        rating,
        text,
        spoilers,
        categories,
        details,
        ..Draft::default()
    }))
}

/// The number of the viewing that an entry is on. It stays when a diary entry gets its text, though the GUID's
/// prefix turns from `watch` to `review`: one review under one identity.
fn viewing<'a>(entry: &Context<'a>) -> Option<&'a str> {
    let id = entry.item.id.as_deref()?;
    id.strip_prefix("letterboxd-review-").or_else(|| id.strip_prefix("letterboxd-watch-"))
}

/// Whose feed it is, by its title: `Letterboxd - Ann`.
fn owner(entry: &Context<'_>) -> Option<String> {
    let (_, name) = entry.feed.title.as_deref()?.split_once(" - ")?;
    (!name.is_empty()).then(|| name.to_owned())
}

/// The critic's own text: without the spoiler notice at its head, which is told, and without the line that
/// the site writes where there is no review.
fn without_boilerplate(plain: Plain) -> (Plain, bool) {
    static WATCHED: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"^(?:Re)?[Ww]atched(?: on \w+day \w+ \d{1,2}, \d{4})?\.$").ok());
    let end = plain.text.find("\n\n").unwrap_or(plain.text.len());
    let notice = &plain.text[..end];
    let flagged = notice.len() < 60 && notice.contains("may contain spoilers");
    let plain = if flagged { plain.without_head(end) } else { plain };
    let watched = WATCHED.as_ref().is_some_and(|line| line.is_match(plain.text.trim()));
    (if watched { Plain::default() } else { plain }, flagged)
}

#[cfg(test)]
mod tests {
    use crate::{
        model::Span,
        read::feed::dialect::tests::{only, reading},
    };

    fn item(guid: &str, title: &str, fields: &str, description: &str) -> String {
        format!(
            "<item><title>{title}</title><link>https://boxd.example/ann/film/low-tide/</link>\
             <guid isPermaLink='false'>letterboxd-{guid}</guid><pubDate>Sat, 9 May 2026 20:30:00 +1200</pubDate>{fields}\
             <description><![CDATA[ <p><img src='poster.jpg'/></p> {description} ]]></description></item>"
        )
    }

    const FILM: &str = "<letterboxd:filmTitle>Low, Tide</letterboxd:filmTitle><letterboxd:filmYear>2024</letterboxd:filmYear>\
        <letterboxd:memberRating>3.5</letterboxd:memberRating><letterboxd:rewatch>Yes</letterboxd:rewatch>";

    #[test]
    fn a_review_has_the_fields_of_the_film_and_the_offset_of_its_source() {
        let text = "<p>Salt and wind.<br>And gulls.</p><p>Go.</p>";
        let review = only("Letterboxd - Ann", &item("review-1", "Low, Tide, 2024 - ★★★½", FILM, text));
        assert_eq!((review.work.title.as_deref(), review.work.year), (Some("Low, Tide"), Some(2024)));
        assert_eq!(review.rating.unwrap().score.value(), 70.0);
        assert_eq!(review.body.as_str(), "Salt and wind.\nAnd gulls.\n\nGo.");
        assert_eq!(review.published.unwrap().to_string(), "2026-05-09T20:30:00+12:00");
        assert_eq!((review.reviewer.as_deref(), review.identity.as_str()), (Some("Ann"), "letterboxd-review-1"));
        assert_eq!(review.categories, ["rewatch"]);
        assert!(!review.spoilers);
    }

    #[test]
    fn diary_entries_without_a_rating_and_lists_are_no_reviews() {
        let unrated = FILM.replace("<letterboxd:memberRating>3.5</letterboxd:memberRating>", "");
        let watched = item("watch-1", "Low, Tide, 2024", &unrated, "<p>Rewatched on Saturday May 9, 2026.</p>");
        let list = item("list-1", "Sea films", "", "<ul><li>Low, Tide</li></ul>");
        let found = reading("Letterboxd - Ann", &(watched + &list));
        assert_eq!((found.reviews.len(), found.notes.len()), (0, 2));
        let terse = item("review-1", "Low, Tide, 2024", FILM, "<p>Watched on a boat.</p>");
        assert_eq!(only("Letterboxd - Ann", &terse).body.as_str(), "Watched on a boat.");
    }

    #[test]
    fn a_rated_diary_entry_is_a_review_without_words_under_the_identity_it_keeps() {
        let watched = item("watch-7", "Low, Tide, 2024 - ★★★½", FILM, "<p>Watched on Saturday May 9, 2026.</p>");
        let watched = only("Letterboxd - Ann", &watched);
        assert_eq!((watched.body.is_empty(), watched.rating.unwrap().score.value()), (true, 70.0));
        let written = only("Letterboxd - Ann", &item("review-7", "Low, Tide, 2024 - ★★★½", FILM, "<p>Salt.</p>"));
        assert_eq!(watched.id, written.id);
    }

    #[test]
    fn either_mark_of_spoilers_closes_the_whole_text() {
        let notice = "<p><em>This review may contain spoilers.</em></p><p>The boat sinks.</p>";
        for (title, text) in [
            ("Low, Tide, 2024 - ★★★½", notice),
            ("Low, Tide, 2024 - ★★★½ (contains spoilers)", "<p>The boat sinks.</p>"),
        ] {
            let review = only("Letterboxd - Ann", &item("review-1", title, FILM, text));
            assert_eq!(review.body.as_str(), "The boat sinks.");
            assert_eq!((review.spoilers, review.spoiler_spans), (true, vec![Span::new(0, 15)]));
        }
    }
}
