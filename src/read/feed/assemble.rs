//! Judged entries to reviews: identity, address, spoiler spans, notes.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::{
    Feed, Item,
    dialect::{self, Context, Draft, Reviewer, Verdict},
    picture, spoiler,
};
use crate::{
    model::{
        Body, Line, Review, Span,
        span::{ScalarIndex, merged},
    },
    read::{Document, Reading, language, quotation, verdict},
};

/// The reviews among a feed's entries, with notes on the others.
pub fn reading(document: &Document, feed: &Feed) -> Reading {
    let mut reading = Reading::default();
    let mut passed: BTreeMap<&str, usize> = BTreeMap::new();
    for item in &feed.items {
        match judge(Context { feed, item }) {
            Verdict::Review(draft) => reading.reviews.push(review(document, feed, item, *draft)),
            Verdict::Pass(why) => *passed.entry(why).or_default() += 1,
        }
    }
    if feed.items.is_empty() {
        reading.notes.push(format!("the feed has no entries ({})", feed.root_and_namespace()));
    }
    if feed.cut > 0 {
        let first = feed.items.len();
        reading.notes.insert(0, format!("{} entries beyond the first {first} were left out", feed.cut));
    }
    if feed.flattened {
        reading.notes.push("the feed is nested too deeply or too large: some elements were read as text only".into());
    }
    reading.notes.extend(passed.into_iter().map(|(why, count)| format!("no review, passed over: {count} {why}")));
    reading
}

fn judge(context: Context<'_>) -> Verdict {
    match dialect::ALL.iter().find(|dialect| (dialect.claims)(&context)) {
        Some(dialect) => (dialect.read)(&context),
        None => Verdict::Pass("entries of an unknown kind"),
    }
}

fn review(document: &Document, feed: &Feed, item: &Item, draft: Draft) -> Review {
    let body = Body::new(&draft.text.text);
    let identity = draft.identity.clone().unwrap_or_else(|| identity(item, body.as_str()));
    let mut review = Review::new(document.source.as_str(), identity, body);
    let index = ScalarIndex::new(review.body.as_str());
    let whole = Span::new(0, review.body.len());
    let marked = spoiler::marked(review.body.as_str());
    review.spoiler_spans = if draft.spoilers {
        Vec::from_iter((!whole.is_empty()).then_some(whole))
    } else {
        merged(draft.text.spoilers.iter().cloned().chain(marked).map(|range| index.span(range)).collect())
    };
    review.spoilers = draft.spoilers || !review.spoiler_spans.is_empty();
    let quotations = draft.text.quotations.iter().map(|range| index.span(range.clone())).collect();
    review.quotations = quotation::of_another(merged(quotations), &review.body);
    review.verdicts = verdict::marked(review.body.as_str()).into_iter().map(|range| index.span(range)).collect();
    review.url = draft.url.or_else(|| item.link.clone()).filter(|url| is_web_address(url));
    review.reviewer = match draft.reviewer {
        Reviewer::Author => item.author.clone().or_else(|| feed.author.clone()),
        Reviewer::Named(name) => Line::new(name),
        Reviewer::Unknown => None,
    };
    review.people = draft.work.creators.clone();
    review.work = draft.work;
    review.published = item.published;
    review.rating = draft.rating;
    let declared = item.language.as_deref().or(feed.language.as_deref());
    review.language = language::of_feed(declared, review.body.as_str());
    review.details = draft.details;
    review.details.updated = item.updated;
    review.details.image = image(document, feed, item, review.details.image.take());
    review.categories = item.categories.iter().cloned().chain(Line::all(draft.categories)).collect();
    review
}

/// What tells an entry apart: its GUID, else its link, else what it says.
fn identity(item: &Item, body: &str) -> String {
    item.id.clone().or_else(|| item.link.clone()).unwrap_or_else(|| {
        let mut hash = Sha256::new();
        hash.update(item.title.as_deref().unwrap_or_default());
        hash.update([0]);
        hash.update(body);
        hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    })
}

fn is_web_address(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// The address of the picture: what the dialect found, else what the entry names, else the first one of its text.
fn image(document: &Document, feed: &Feed, item: &Item, found: Option<String>) -> Option<String> {
    let image = found.or_else(|| item.image.clone()).or_else(|| picture::in_text(feed, item))?;
    let bases = [item.link.as_deref(), feed.link.as_deref(), document.url.as_deref()];
    let base = bases.into_iter().flatten().find_map(|base| url::Url::parse(base).ok());
    let whole = match base {
        Some(base) => base.join(image.trim()).ok()?.to_string(),
        None => image,
    };
    is_web_address(&whole).then_some(whole)
}

#[cfg(test)]
mod tests {
    use crate::read::{Document, feed};

    fn document(text: &str) -> Document {
        Document { source: "feed".into(), url: None, content_type: None, bytes: text.as_bytes().to_vec() }
    }

    #[test]
    fn a_feed_without_entries_names_its_root_and_namespace() {
        let empty = "<feed xmlns='http://example.org/other'><title>x</title></feed>";
        let reading = feed::read(&document(empty)).unwrap();
        assert_eq!(reading.notes, ["the feed has no entries (root <feed>, namespace http://example.org/other)"]);
        assert!(feed::read(&document("<html><body><p>x</p></body></html>")).is_err());
    }

    #[test]
    fn an_entry_without_guid_or_link_is_told_apart_by_what_it_says() {
        let text = "<rss><channel><title>Reviews</title><item><title>Low Tide: 4/5</title></item>\
            <item><title>High Tide: 2/5</title></item></channel></rss>";
        let ids =
            |text: &str| feed::read(&document(text)).unwrap().reviews.into_iter().map(|r| r.id).collect::<Vec<_>>();
        assert_eq!(ids(text), ids(text));
        assert_ne!(ids(text)[0], ids(text)[1]);
    }

    #[test]
    fn only_web_addresses_are_links() {
        let text =
            "<rss><channel><item><title>Low Tide: 4/5</title><link>javascript:alert(1)</link></item></channel></rss>";
        assert_eq!(feed::read(&document(text)).unwrap().reviews[0].url, None);
    }
}
