//! What each kind of site writes into its feed: one file a dialect, one line in [`ALL`].
//!
//! A dialect claims an entry by its shape (fields, GUIDs), never by the address it came from, and says
//! whether it is a review. Putting the review together is [`assemble`](super::assemble)'s.

mod backloggd;
mod blog;
#[cfg(test)]
mod fields;
pub mod goodreads;
mod letterboxd;
mod oku;

use super::{
    Feed, Item, Markup, entry,
    html::{self, Plain},
};
use crate::read::markup::namespace::Vocabulary;
use crate::{
    model::{Catalogue, Details, OutsideId, Published, Rating, Work},
    read::date,
};

/// How one kind of site is read.
pub struct Dialect {
    /// Whether an entry is of this kind.
    pub claims: fn(&Context<'_>) -> bool,
    /// What the entry is.
    pub read: fn(&Context<'_>) -> Verdict,
}

/// Every dialect, the first that claims an entry reads it. The last claims all.
pub const ALL: [Dialect; 5] =
    [letterboxd::DIALECT, goodreads::DIALECT, backloggd::DIALECT, oku::DIALECT, blog::DIALECT];

/// What an entry was judged to be.
#[derive(Debug)]
pub enum Verdict {
    /// A review.
    Review(Box<Draft>),
    /// None, and why, to be counted in a note: `diary entries without a text`.
    Pass(&'static str),
}

/// What a dialect knows of a review. What it leaves empty is filled from the entry.
#[derive(Debug, Default)]
pub struct Draft {
    /// What tells the review apart, where that is not GUID or link as they stand.
    pub identity: Option<String>,
    /// Where to read it, where that is not the entry's link as it stands.
    pub url: Option<String>,
    /// The work.
    pub work: Work,
    /// Who wrote it, where the entry's author is somebody else.
    pub reviewer: Reviewer,
    /// The rating.
    pub rating: Option<Rating>,
    /// The text.
    pub text: Plain,
    /// Whether the source says that the whole text holds spoilers.
    pub spoilers: bool,
    /// Categories beyond the entry's own.
    pub categories: Vec<String>,
    /// What else the source tells; picture and time of change are filled from the entry.
    pub details: Details,
}

/// Who wrote a review.
#[derive(Debug, Default, PartialEq, Eq)]
pub enum Reviewer {
    /// The entry's author, or the feed's.
    #[default]
    Author,
    /// Somebody that the dialect knows.
    Named(String),
    /// Nobody that the feed names: its author is the work's.
    Unknown,
}

/// An entry, with the feed it is in.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The feed.
    pub feed: &'a Feed,
    /// The entry.
    pub item: &'a Item,
}

impl Context<'_> {
    /// The text of an element of the entry, white space folded.
    pub fn field(&self, vocabulary: Vocabulary, name: &str) -> Option<String> {
        let (tree, node) = (self.feed.tree.as_ref()?, self.item.node?);
        entry::first_text(tree, node, &[(vocabulary, name)])
    }

    /// Whether the entry has this element, be it empty.
    pub fn has(&self, vocabulary: Vocabulary, name: &str) -> bool {
        let found = self.feed.tree.as_ref().zip(self.item.node);
        found.is_some_and(|(tree, node)| tree.named(node, vocabulary, name).next().is_some())
    }

    /// The text of an element of the entry that holds HTML.
    pub fn html_field(&self, vocabulary: Vocabulary, name: &str) -> Option<Plain> {
        let (tree, node) = (self.feed.tree.as_ref()?, self.item.node?);
        let element = tree.named(node, vocabulary, name).next()?;
        let plain = if tree.elements(element).next().is_some() {
            html::of_node(tree, element)
        } else {
            html::plain(&tree.text(element))
        };
        (!plain.text.is_empty()).then_some(plain)
    }

    /// What an element says that knows yes and no; `None` where it is absent or says something else.
    pub fn flag(&self, vocabulary: Vocabulary, name: &str) -> Option<bool> {
        match self.field(vocabulary, name)?.to_ascii_lowercase().as_str() {
            "yes" | "true" | "1" => Some(true),
            "no" | "false" | "0" => Some(false),
            _ => None,
        }
    }

    /// The day in an element of the entry.
    pub fn day(&self, vocabulary: Vocabulary, name: &str) -> Option<jiff::civil::Date> {
        self.field(vocabulary, name).and_then(|text| date::parse(&text)).map(Published::day)
    }

    /// The id in an element of the entry.
    pub fn outside_id(&self, vocabulary: Vocabulary, name: &str, catalogue: Catalogue) -> Option<OutsideId> {
        OutsideId::new(catalogue, &self.field(vocabulary, name)?)
    }

    /// Whether the entry's GUID begins so.
    pub fn id_starts(&self, prefix: &str) -> bool {
        self.item.id.as_deref().is_some_and(|id| id.starts_with(prefix))
    }

    /// The entry's title, or nothing.
    pub fn title(&self) -> &str {
        self.item.title.as_deref().unwrap_or_default()
    }

    /// The entry's text: the full content, or the summary where there is no more.
    pub fn text(&self) -> Plain {
        let content = self.item.content.as_ref().map(|markup| self.plain(markup)).unwrap_or_default();
        let summary = || self.item.summary.as_ref().map(|markup| self.plain(markup)).unwrap_or_default();
        if content.text.is_empty() { summary() } else { content }
    }

    /// The entry's summary, where it is not its text.
    pub fn teaser(&self) -> Option<Plain> {
        self.item.content.as_ref()?;
        self.item.summary.as_ref().map(|markup| self.plain(markup))
    }

    fn plain(&self, markup: &Markup) -> Plain {
        match (markup, &self.feed.tree) {
            (Markup::Plain(text), _) => html::from_text(text),
            (Markup::Html(html), _) => html::plain(html),
            (Markup::Node(node), Some(tree)) => html::of_node(tree, *node),
            (Markup::Node(_), None) => Plain::default(),
        }
    }
}

#[cfg(test)]
pub mod tests {
    use crate::{
        model::Review,
        read::{Document, Reading, feed},
    };

    /// What is read from the items of a feed with the namespaces that its owner remembered to declare.
    pub fn reading(title: &str, items: &str) -> Reading {
        let text = format!(
            "<?xml version='1.0'?><rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/' \
             xmlns:letterboxd='https://letterboxd.com'><channel><title>{title}</title>{items}</channel></rss>"
        );
        let document = Document { source: "feed.xml".into(), url: None, content_type: None, bytes: text.into_bytes() };
        assert!(feed::is_feed(&document));
        feed::read(&document).unwrap()
    }

    /// The only review in it.
    pub fn only(title: &str, items: &str) -> Review {
        let mut reading = reading(title, items);
        assert_eq!(reading.reviews.len(), 1, "{:?}", reading.notes);
        reading.reviews.remove(0)
    }
}
