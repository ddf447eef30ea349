//! Plain text and Markdown: the words of a file, its header or front matter, and what stands around them.

mod byline;
mod front_matter;
mod header;
mod markdown;
mod plain;
mod yaml;

pub use byline::{byline, reviewer, settle};
pub use header::choose_title;
pub use markdown::{is_markdown, read as read_markdown};
pub use plain::{cleaned, read as read_plain};
