//! What the house remembers: one file per aggregate, SQL as text in the function that runs it.
//!
//! Every statement uses `$1` placeholders. Times are epoch milliseconds UTC. No rule is decided here: what
//! is eligible is in [`crate::compose`], which delivery may move where in [`crate::model::delivery`].

mod again;
pub mod arrivals;
pub mod bounces;
pub mod db;
pub mod drafts;
pub mod issues;
pub mod ledger;
pub mod orders;
pub mod quote_decisions;
pub mod reviews;
pub mod runs;
pub mod sessions;
pub mod sources;
pub(crate) mod statement;
pub mod subscribers;
pub mod transfer;
pub mod works;

pub use db::{Db, StoreError, Tx};
pub use statement::Engine;
