//! Goodreads: shelves as RSS with fields of no namespace, and the answers of its old API.

use super::{Context, Dialect, Draft, Reviewer, Verdict};
use crate::{
    model::{Catalogue, Details, Line, OutsideId, Work, WorkKind, text::fold_space},
    read::feed::{
        entry,
        html::{self, Plain},
        stars,
    },
    read::markup::namespace::Vocabulary,
};

/// Entries with a shelf's fields.
pub const DIALECT: Dialect = Dialect { claims, read };

const NOTHING: &str = "books on a shelf without a text or rating";

fn claims(entry: &Context<'_>) -> bool {
    is_answer(entry) || is_shelf(entry)
}

/// Whether an entry is a book on a shelf.
pub fn is_shelf(entry: &Context<'_>) -> bool {
    let own = ["book_id", "user_rating", "user_read_at", "user_shelves"];
    entry.has(Vocabulary::Plain, "author_name") && own.iter().any(|name| entry.has(Vocabulary::Plain, name))
}

fn is_answer(entry: &Context<'_>) -> bool {
    entry.feed.root.eq_ignore_ascii_case("GoodreadsResponse")
}

fn read(entry: &Context<'_>) -> Verdict {
    if is_answer(entry) { answer(entry) } else { shelf(entry) }
}

fn shelf(entry: &Context<'_>) -> Verdict {
    let text = entry.html_field(Vocabulary::Plain, "user_review").unwrap_or_default();
    let rating = entry.field(Vocabulary::Plain, "user_rating");
    let title = html::one_line(entry.title());
    let (title, series) = without_series(&title);
    let mut work = Work::titled(title);
    work.kind = Some(WorkKind::Book);
    work.add_creators(entry.field(Vocabulary::Plain, "author_name"));
    let year = entry.field(Vocabulary::Plain, "book_published").and_then(|year| year.parse().ok());
    work.year = year.filter(|year| (1000..3000).contains(year));
    work.add_id(entry.outside_id(Vocabulary::Plain, "book_id", Catalogue::Goodreads));
    for field in ["isbn13", "isbn"] {
        work.add_id(entry.outside_id(Vocabulary::Plain, field, Catalogue::Isbn));
    }
    let details = Details { consumed: entry.day(Vocabulary::Plain, "user_read_at"), series, ..Details::default() };
    let shelves = entry.field(Vocabulary::Plain, "user_shelves").unwrap_or_default();
    let categories = shelves.split(',').map(fold_space).filter(|shelf| !shelf.is_empty()).collect();
    let reviewer = entry.field(Vocabulary::Plain, "user_name").or_else(|| owner(entry.feed.title.as_deref()?));
    let draft = Draft {
        identity: entry.item.id.as_deref().or(entry.item.link.as_deref()).map(without_tracking),
        url: entry.item.link.as_deref().map(without_tracking),
        work,
        reviewer: reviewer.map_or(Reviewer::Unknown, Reviewer::Named),
        categories,
        details,
        ..Draft::default()
    };
    judged(draft, rating.as_deref(), text)
}

/// A title without the series that the site puts behind it in brackets: `Salt (Tides, #2)`.
fn without_series(title: &str) -> (&str, Option<Line>) {
    let series = title.strip_suffix(')').and_then(|rest| rest.rsplit_once(" ("));
    let numbered = series.filter(|(name, series)| {
        let number = series.rsplit_once('#').map_or("", |(_, number)| number);
        !name.trim().is_empty() && number.starts_with(|c: char| c.is_ascii_digit())
    });
    match numbered {
        Some((name, series)) => (name.trim(), Line::new(series)),
        None => (title, None),
    }
}

/// Whose shelf it is, by the feed's title: `Ann's bookshelf: read`.
fn owner(title: &str) -> Option<String> {
    let (name, _) = title.split_once("'s bookshelf").or_else(|| title.split_once("’s bookshelf"))?;
    (!name.trim().is_empty()).then(|| fold_space(name))
}

fn answer(entry: &Context<'_>) -> Verdict {
    let (Some(tree), Some(node)) = (&entry.feed.tree, entry.item.node) else { return Verdict::Pass(NOTHING) };
    let Some(book) = tree.named(node, Vocabulary::Plain, "book").next() else { return Verdict::Pass(NOTHING) };
    let text = |name: &'static str| entry::first_text(tree, book, &[(Vocabulary::Plain, name)]);
    let title = text("title").unwrap_or_default();
    let (title, series) = without_series(&title);
    let mut work = Work::titled(title);
    work.kind = Some(WorkKind::Book);
    for (field, catalogue) in [("id", Catalogue::Goodreads), ("isbn13", Catalogue::Isbn), ("isbn", Catalogue::Isbn)] {
        work.add_id(text(field).and_then(|id| OutsideId::new(catalogue, &id)));
    }
    let details = Details {
        again: entry
            .field(Vocabulary::Plain, "read_count")
            .and_then(|count| count.parse::<u32>().ok())
            .map(|count| count > 1),
        consumed: entry.day(Vocabulary::Plain, "read_at"),
        image: text("large_image_url").or_else(|| text("image_url")).filter(|url| !url.contains("nophoto")),
        series,
        ..Details::default()
    };
    work.year = text("publication_year").and_then(|year| year.parse().ok());
    for authors in tree.named(book, Vocabulary::Plain, "authors") {
        for author in tree.named(authors, Vocabulary::Plain, "author") {
            work.add_creators(entry::first_text(tree, author, &[(Vocabulary::Plain, "name")]));
        }
    }
    let spoilers = entry.field(Vocabulary::Plain, "spoiler_flag").is_some_and(|flag| flag == "true");
    let draft = Draft {
        url: entry.field(Vocabulary::Plain, "url").or_else(|| entry.item.link.clone()).as_deref().map(without_tracking),
        work,
        reviewer: Reviewer::Unknown,
        spoilers,
        details,
        ..Draft::default()
    };
    let rating = entry.field(Vocabulary::Plain, "rating");
    judged(draft, rating.as_deref(), entry.html_field(Vocabulary::Plain, "body").unwrap_or_default())
}

/// A shelf holds books that nobody reviewed: a text or a rating makes a review. 0 means unrated.
fn judged(mut draft: Draft, rating: Option<&str>, text: Plain) -> Verdict {
    draft.rating = rating.and_then(|value| stars::field(value, 5.0)).filter(|rating| rating.score.value() > 0.0);
    if draft.rating.is_none() && text.text.is_empty() {
        return Verdict::Pass(NOTHING);
    }
    draft.text = text;
    Verdict::Review(Box::new(draft))
}

/// A link without the parameters that only say how it was found.
fn without_tracking(link: &str) -> String {
    let Ok(mut url) = url::Url::parse(link) else { return link.to_owned() };
    let kept: Vec<_> = url.query_pairs().into_owned().filter(|(name, _)| !name.starts_with("utm_")).collect();
    url.set_query(None);
    if !kept.is_empty() {
        url.query_pairs_mut().extend_pairs(kept);
    }
    url.into()
}

#[cfg(test)]
mod tests {
    use crate::{
        model::Line,
        read::feed::dialect::tests::{only, reading},
    };

    fn item(rating: u8, text: &str) -> String {
        format!(
            "<item><guid><![CDATA[https://books.example/review/show/7?utm_medium=api&utm_source=rss]]></guid>\
             <title>Salt &amp;amp; Wind (Tides, #2)</title><link><![CDATA[https://books.example/review/show/7?utm_medium=api]]></link>\
             <book_id>9</book_id><author_name>Maria   Santos</author_name><user_rating>{rating}</user_rating>\
             <user_shelves>read, sea</user_shelves><book_published>1999</book_published>\
             <description>The publisher's words.</description><user_review><![CDATA[{text}]]></user_review></item>"
        )
    }

    #[test]
    fn a_shelf_gives_the_readers_text_and_never_the_publishers() {
        let review = only("Ann's bookshelf: read", &item(4, "Fine.<br/><br/>Read it."));
        assert_eq!(review.body.as_str(), "Fine.\n\nRead it.");
        assert_eq!(review.work.title.as_deref(), Some("Salt & Wind"));
        assert_eq!(review.details.series.as_deref(), Some("Tides, #2"));
        assert_eq!((review.work.creators, review.work.year), (Line::all(["Maria Santos"]), Some(1999)));
        assert_eq!(review.rating.unwrap().score.value(), 80.0);
        assert_eq!((review.reviewer.as_deref(), review.categories.len()), (Some("Ann"), 2));
        assert_eq!(review.identity, "https://books.example/review/show/7");
        assert_eq!(review.url.unwrap(), "https://books.example/review/show/7");
    }

    #[test]
    fn a_book_without_text_or_rating_is_no_review() {
        assert_eq!(reading("Ann's bookshelf: to-read", &item(0, "")).reviews.len(), 0);
        assert_eq!(only("Ann's bookshelf: read", &item(0, "Fine.")).rating, None);
        assert!(only("Ann's bookshelf: read", &item(5, "")).body.is_empty());
    }

    #[test]
    fn what_the_reader_hid_is_marked() {
        let review = only("x", &item(3, "Good. (view spoiler)[He drowns. (hide spoiler)] Still good."));
        let hidden: Vec<_> = review.spoiler_spans.iter().filter_map(|span| review.body.slice(*span)).collect();
        assert_eq!(hidden, ["(view spoiler)[He drowns. (hide spoiler)]"]);
    }
}
