//! Documents to reviews.
//!
//! A [`Document`] is the bytes that one source gave. [`read`] tells what it is (feed, page, text) and hands
//! it to the room for that; [`entries`] lists a feed's entries before they are judged; [`tie`] gives a work
//! to reviews that name none. Pure: fetching is in [`crate::collect`], choosing sentences in [`crate::quote`].

mod boilerplate;
pub mod charset;
pub mod date;
mod day;
mod facts;
pub mod feed;
mod judge;
mod kind;
mod language;
mod marks;
mod markup;
mod page;
mod pattern;
mod people;
mod quotation;
pub mod rating;
mod sniff;
pub mod split;
mod spoiler_marks;
mod text;
mod tie;
mod title;
mod verdict;

pub use feed::next_page;
pub use tie::tie;

use crate::model::{Review, review::Entry};
use sniff::Form;

/// The bytes that one source gave.
#[derive(Debug, Clone)]
pub struct Document {
    /// The path or URL as given: what `source` says in the output.
    pub source: String,
    /// Where anyone can read it, where that is known: the final URL of a fetch.
    pub url: Option<String>,
    /// The media type as declared, with its parameters.
    pub content_type: Option<String>,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// What was found in a document.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// The reviews, in the order of the document.
    pub reviews: Vec<Review>,
    /// What a person should know: why nothing was found, what was repaired or passed over.
    pub notes: Vec<String>,
}

/// A document that cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// It is not the kind of document it was taken for.
    #[error("{source_name}: {reason}")]
    Unreadable {
        /// The document.
        source_name: String,
        /// What is wrong, and what to do.
        reason: String,
    },
}

/// Reads the reviews in a document of any kind.
///
/// # Errors
/// Where it is neither text, page nor feed. A document that is no review is no error: it yields none, and
/// a note.
pub fn read(document: &Document) -> Result<Reading, ReadError> {
    if feed::is_feed(document) {
        return feed::read(document);
    }
    let text = charset::decode(&document.bytes, document.content_type.as_deref()).text;
    match sniff::form(document, &text) {
        Form::Page => Ok(page::read(document, &text)),
        Form::Markdown => Ok(text::read_markdown(document, &text)),
        Form::Plain => Ok(text::read_plain(document, &text)),
        Form::Binary => Err(ReadError::Unreadable {
            source_name: document.source.clone(),
            reason: "it is neither text, page nor feed; give a .txt, .md, .html or feed file".into(),
        }),
    }
}

/// The main text of an HTML page as [`read`] takes it up, before it is judged: for measuring how well pages are read.
#[must_use]
pub fn main_text(html: &str) -> String {
    page::main_text(html)
}

/// The address of the page on which a page's text goes on, by `rel=next` and an address that differs in its page
/// number alone; never the next post of a blog or the next page of a list.
///
/// The address is resolved against [`Document::url`], else the canonical one; it comes from the page, so whoever
/// fetches it checks it as any other. `None` for what is no page.
#[must_use]
pub fn next_part(document: &Document) -> Option<url::Url> {
    let text = charset::decode(&document.bytes, document.content_type.as_deref()).text;
    let page = !feed::is_feed(document) && sniff::form(document, &text) == Form::Page;
    page.then(|| page::next_part(document, &text)).flatten()
}

/// Reads one review from the pages over which it is spread, in their order; address, title, reviewer and date are
/// those of the first. One document is read as [`read`] reads it, and so is the first where it is no page.
///
/// # Errors
/// As [`read`], for the first document.
pub fn read_parts(documents: &[Document]) -> Result<Reading, ReadError> {
    let Some(first) = documents.first() else { return Ok(Reading::default()) };
    let decoded = |document: &Document| charset::decode(&document.bytes, document.content_type.as_deref()).text;
    let text = decoded(first);
    if documents.len() == 1 || feed::is_feed(first) || sniff::form(first, &text) != Form::Page {
        return read(first);
    }
    let mut pages = vec![text];
    pages.extend(documents[1..].iter().filter(|part| !feed::is_feed(part)).map(decoded));
    Ok(page::read_parts(first, &pages))
}

/// Reads a feed's entries.
///
/// # Errors
/// Where the document is no feed.
pub fn entries(document: &Document) -> Result<Vec<Entry>, ReadError> {
    feed::entries(document)
}

#[cfg(test)]
mod tests;
