//! Sources to documents: the guarded, polite HTTP client, and folders.
//!
//! Reading what a document says is [`crate::read`]'s; what was fetched before, and when to fetch again, is
//! kept by the callers. No address of a private network is ever connected to, unless the operator allows it.

pub mod error;
pub mod fetch;
pub mod folder;
pub mod guard;
pub mod link;
pub mod moves;
pub mod rhythm;
pub mod signature;

mod body;
mod coding;
mod freshness;
mod pace;

pub use error::FetchError;
pub use fetch::{Ask, Fetched, Fetcher, Hop, Outcome, Policy, Validators};
pub use guard::{Guard, Lookup};
