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
mod exchange;
mod freshness;
mod pace;
mod policy;

pub use error::FetchError;
pub use exchange::{Ask, Fetched, Hop, Outcome, Validators};
pub use fetch::Fetcher;
pub use guard::{Guard, Lookup};
pub use policy::Policy;
