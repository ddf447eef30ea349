//! Blogs of any make: WordPress, Blogger, Substack, Ghost, Squarespace, written by hand.
//!
//! A blog's feed mixes reviews with other entries. One is a review where something says so: its title, a
//! category, a rating where ratings stand, a microformat, or the name of the feed itself.

use std::sync::LazyLock;

use regex::Regex;

use super::{Context, Dialect, Draft, Reviewer, Verdict};
use crate::{
    model::{Details, Line, WorkKind},
    read::feed::{Markup, html::Plain, microformat, release, spoiler, stars, title},
};

/// Any entry.
pub const DIALECT: Dialect = Dialect { claims: |_| true, read };

/// A text shorter than this is no review, whatever it is called, unless it is rated.
const SHORTEST: usize = 60;

fn read(entry: &Context<'_>) -> Verdict {
    if let Some(marked) = marked_up(entry) {
        return Verdict::Review(Box::new(marked));
    }
    let (text, truncated) = without_footer(entry.text());
    let kind = kind(entry);
    let headline = title::read(entry.title(), kind);
    let rating = stars::in_title(entry.title()).or_else(|| stars::in_text(&text.text));
    let rating = rating.map(|rating| stars::on_stated_scale(rating, entry.feed.best));
    let filed = entry.item.categories.iter().any(|category| title::says_review(category));
    let feed_of_reviews = entry.feed.title.as_deref().is_some_and(title::says_review);
    let said = headline.review || filed || feed_of_reviews || title::is_work_with_year(entry.title());
    // An episode that is filed under reviews talks of many things: its own title must say that it is one.
    let said = if entry.item.is_episode { headline.review } else { said };
    if !said && rating.is_none() {
        return Verdict::Pass("entries that nothing marks as a review");
    }
    if text.text.len() < SHORTEST && rating.is_none() {
        return Verdict::Pass("entries with hardly any text");
    }
    let mut work = headline.work;
    work.year = work.year.or_else(|| release::year(&text.text, work.title.as_deref()));
    let details = Details { truncated, ..Details::default() };
    Verdict::Review(Box::new(Draft { work, rating, text, spoilers: announced(entry), details, ..Draft::default() }))
}

/// Whether title, categories or summary say that the text holds spoilers.
fn announced(entry: &Context<'_>) -> bool {
    let said = entry.item.categories.iter().map(Line::as_str).chain([entry.title()]).any(spoiler::announced);
    said || entry.teaser().is_some_and(|teaser| is_marked(&teaser) && !is_marked(&entry.text()))
}

fn is_marked(text: &Plain) -> bool {
    !text.spoilers.is_empty() || !spoiler::marked(&text.text).is_empty()
}

/// The kind of work, where categories or the feed's title name one.
fn kind(entry: &Context<'_>) -> Option<WorkKind> {
    let categories = entry.item.categories.iter();
    let reviewing = categories.clone().filter(|category| title::says_review(category));
    let feed = entry.feed.title.iter();
    reviewing.chain(feed).chain(categories).find_map(|phrase| title::kind_of(phrase))
}

/// A review in the microformat hReview or h-review inside the content.
fn marked_up(entry: &Context<'_>) -> Option<Draft> {
    let content = entry.item.content.as_ref().or(entry.item.summary.as_ref())?;
    let found = match content {
        Markup::Html(html) => microformat::in_html(html),
        Markup::Node(node) => microformat::in_tree(entry.feed.tree.as_ref()?, *node),
        Markup::Plain(_) => None,
    }?;
    let mut work = title::read(found.name.as_deref().unwrap_or(entry.title()), kind(entry)).work;
    work.year = work.year.or(title::read(entry.title(), None).work.year);
    let whole = entry.text();
    work.add_id(found.id);
    let text = if found.text.text.is_empty() { whole.clone() } else { found.text };
    // A mark outside the marked-up text is about it all the same.
    let spoilers = announced(entry) || (is_marked(&whole) && !is_marked(&text));
    let reviewer = found.reviewer.map_or(Reviewer::Author, Reviewer::Named);
    let in_title = || stars::in_title(entry.title()).map(|rating| stars::on_stated_scale(rating, entry.feed.best));
    let rating = found.rating.or_else(in_title);
    let (text, truncated) = without_footer(text);
    let details = Details { truncated, ..found.details };
    Some(Draft { work, reviewer, rating, text, spoilers, details, ..Draft::default() })
}

/// The text without what blog software appends to each entry of its feed, and whether that says that the text goes
/// on elsewhere: an excerpt, or what stands before a pay wall.
fn without_footer(mut plain: Plain) -> (Plain, bool) {
    static FOOTER: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(concat!(
            r"(?i)^(?:the post\b.{0,200}\b(?:appeared first|first appeared) on\b.{0,120}",
            r"|(?:share this|like this|related|teilen mit|comparte esto|partager)\s*:?.{0,80})$"
        ))
        .ok()
    });
    static GOES_ON: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(concat!(
            r"(?i)^\W{0,3}(?:(?:continue reading|keep reading|read (?:more|the (?:rest|full)|on)|weiterlesen|lire la suite|sigue leyendo|seguir leyendo|leer más|continua a leggere|leia mais|lees verder|läs mer|czytaj dalej|читать далее)\b.{0,160}",
            r"|this (?:post|review|article) is for (?:paid|paying|subscribing)\b.{0,160}|.{0,40}\b(?:subscribers?|members) only\W*|\[?(?:…|\.\.\.)\]?)$"
        ))
        .ok()
    });
    let (mut goes_on, mut end) = (false, plain.text.len());
    while let Some((at, last)) = last_paragraph(&plain.text[..end]) {
        let is = |pattern: &LazyLock<Option<Regex>>| {
            last.len() <= 400 && pattern.as_ref().is_some_and(|pattern| pattern.is_match(&last.replace('\n', " ")))
        };
        let more = is(&GOES_ON);
        if !more && !is(&FOOTER) {
            break;
        }
        goes_on |= more;
        end = at;
    }
    plain.cut_tail(end);
    let cut_off = ["[…]", "[...]", "…]", "(…)"].iter().any(|mark| plain.text.ends_with(mark));
    (plain, goes_on || cut_off)
}

fn last_paragraph(text: &str) -> Option<(usize, &str)> {
    let at = text.rfind("\n\n")?;
    Some((at, text[at..].trim()))
}

#[cfg(test)]
mod tests {
    use crate::read::feed::dialect::tests::{only, reading};

    const TEXT: &str =
        "&lt;p&gt;The sea has seldom looked so much like a person, and the person so much like the sea.&lt;/p&gt;";

    #[test]
    fn the_title_a_category_or_the_feed_can_call_an_entry_a_review() {
        let item = |title: &str, category: &str| {
            format!(
                "<item><title>{title}</title><category>{category}</category><description>{TEXT}</description></item>"
            )
        };
        for (feed, items) in [
            ("Ann's blog", item("Low Tide (2013) – Review", "Notes")),
            ("Ann's blog", item("Low Tide", "Film Reviews")),
            ("Ann's book reviews", item("Low Tide", "Notes")),
            ("Ann's blog", item("Low Tide (2013)", "Notes")),
            ("Ann's blog", item("Low Tide: 4/5", "Notes")),
        ] {
            assert_eq!(only(feed, &items).work.title.as_deref(), Some("Low Tide"), "{feed}");
        }
        let found = reading("Ann's blog", &item("My week by the sea", "Notes"));
        assert_eq!(found.reviews.len(), 0);
        assert_eq!(found.notes, ["no review, passed over: 1 entries that nothing marks as a review"]);
    }

    #[test]
    fn an_episode_of_a_podcast_is_a_review_only_where_its_title_says_so() {
        let item = |title: &str| {
            format!(
                "<item><title>{title}</title><category>Reviews</category><description>{TEXT}</description>\
                 <enclosure url='x.mp3' type='audio/mpeg' length='1'/></item>"
            )
        };
        assert_eq!(reading("Ann's reviews", &item("#12 Two Neckties")).reviews.len(), 0);
        assert_eq!(reading("Ann's reviews", &item("Review: Low Tide")).reviews.len(), 1);
    }

    #[test]
    fn what_blog_software_appends_is_no_text() {
        let review = only(
            "Ann's blog",
            &format!(
                "<item><title>Review: Low Tide</title><description>{TEXT}&lt;p&gt;The post &lt;a href='x'&gt;Review: Low Tide\
                 &lt;/a&gt; appeared first on &lt;a href='y'&gt;Ann&lt;/a&gt;.&lt;/p&gt;</description></item>"
            ),
        );
        assert!(review.body.as_str().ends_with("like the sea."));
    }

    #[test]
    fn a_text_that_goes_on_elsewhere_is_known_to_be_a_beginning() {
        let told = |end: &str| {
            let html = format!("{TEXT}{}", end.replace('<', "&lt;"));
            only(
                "Ann's blog",
                &format!("<item><title>Review: Low Tide</title><description>{html}</description></item>"),
            )
        };
        for end in ["<p><a href='x'>Read more</a></p>", "<p>This post is for paid subscribers</p>", " And so on […]"]
        {
            let review = told(end);
            assert!(review.details.truncated && !review.body.as_str().contains("Read more"), "{end}");
        }
        assert!(!told("<p>Go and see it.</p>").details.truncated);
    }

    #[test]
    fn a_warning_in_the_teaser_alone_closes_the_text() {
        let review = only(
            "Ann's blog",
            &format!(
                "<item><title>Review: Low Tide</title><description>Spoilers ahead!</description>\
                 <content:encoded>{TEXT}</content:encoded></item>"
            ),
        );
        assert!(review.spoilers && review.spoiler_spans[0].len() == review.body.len());
    }

    #[test]
    fn a_hidden_stretch_stays_marked_in_the_body() {
        let review = only(
            "Ann's blog",
            &format!(
                "<item><title>Review: Low Tide</title><description>{TEXT}&lt;details&gt;He drowns.&lt;/details&gt;\
                 &lt;p&gt;Go.&lt;/p&gt;</description></item>"
            ),
        );
        let hidden: Vec<_> = review.spoiler_spans.iter().filter_map(|span| review.body.slice(*span)).collect();
        assert_eq!((review.spoilers, hidden), (true, vec!["He drowns."]));
    }
}
