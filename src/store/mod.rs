//! What the house remembers: one file per aggregate, SQL as text at the top of the function that runs it.
//!
//! Every statement uses `$1` placeholders and only what SQLite and PostgreSQL share, so that a second
//! engine can run the same texts. Times are epoch milliseconds UTC. No rule is decided here: what is
//! eligible is in [`crate::compose`], which delivery may move where in [`crate::model::delivery`].

pub mod db;
pub mod ledger;

pub use db::{Db, StoreError};
