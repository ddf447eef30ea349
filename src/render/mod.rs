//! An issue as mail, page, RSS, Atom, JSON Feed and JSON.
//!
//! Every rendering starts from the same frozen [`Issue`](crate::model::Issue) and is pure: same issue, same
//! bytes. [`view`] turns the issue into words once, and the templates below `templates/` only place them, so
//! that mail, page and feed cannot disagree. Sending is in [`crate::deliver`], serving in [`crate::web`].

pub mod feed;
pub mod json;
pub mod mail;
pub mod page;
pub mod site;
pub mod text;
pub mod view;

#[cfg(test)]
pub(crate) mod fixture;

pub use site::Site;

/// Why an issue could not be rendered.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A template failed while it was filled.
    #[error("the template could not be filled: {0}")]
    Template(#[from] askama::Error),
    /// A token does not fit into the places kept for it.
    #[error("a personal link needs a token of 32 letters, digits, hyphens or underscores, not `{0}`")]
    Token(String),
    /// An address or header that the message cannot carry.
    #[error("the message for `{to}` could not be written: {reason}")]
    Message {
        /// The recipient, or the sender where that is the trouble.
        to: String,
        /// What is wrong.
        reason: String,
    },
    /// The public URL cannot carry paths.
    #[error("`{0}` cannot be a public URL: it needs the form https://host/ or http://host/")]
    PublicUrl(url::Url),
    /// The feed could not be written.
    #[error("the feed of `{digest}` could not be written: {reason}")]
    Feed {
        /// The digest's stem.
        digest: String,
        /// What is wrong.
        reason: String,
    },
}
