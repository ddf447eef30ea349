//! Sources to documents: the guarded, polite HTTP client, and folders.
//!
//! Reading what a document says is [`crate::read`]'s; what was fetched before, and when to fetch again, is
//! kept by the callers. No address of a private network is ever connected to, unless the operator allows it.

pub mod error;
pub mod fetch;
pub mod folder;
pub mod guard;

mod body;
mod freshness;
mod pace;

pub use error::FetchError;
pub use fetch::{Fetched, Fetcher, Hop, Outcome, Policy, Validators};
pub use guard::{Guard, Lookup};
