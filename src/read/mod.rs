//! Documents to reviews.
//!
//! A [`Document`] is the bytes that one source gave. [`read`] tells what it is (feed, page, text) and hands
//! it to the room for that; [`entries`] lists a feed's entries before they are judged; [`tie`] gives a work
//! to reviews that name none. Pure: fetching is in [`crate::collect`], choosing sentences in [`crate::quote`].

mod day;
mod decode;
mod kind;
mod language;
mod pattern;
mod people;
pub mod rating;
mod spoiler_marks;
mod title;

use crate::model::{Review, review::Entry};

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
    let _ = document;
    Ok(Reading::default())
}

/// Reads a feed's entries.
///
/// # Errors
/// Where the document is no feed.
pub fn entries(document: &Document) -> Result<Vec<Entry>, ReadError> {
    let _ = document;
    Ok(Vec::new())
}

/// Gives each review that names no work the work among the others whose people and characters it names.
pub fn tie(reviews: &mut [Review]) {
    let _ = reviews;
}
