//! Plain text and Markdown: the words of a file, its header or front matter, and what stands around them.

mod front_matter;
mod header;
mod markdown;
mod plain;
mod yaml;

pub use header::{byline, choose_title, reviewer};
pub use markdown::{is_markdown, read as read_markdown};
pub use plain::{cleaned, read as read_plain};
