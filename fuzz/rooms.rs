//! The rooms that read and quote, compiled alone for fuzzing.
//!
//! They are pure and use nothing above them (`tests/architecture.rs` checks both), so they stand without the
//! rest of the house; the main package takes several times as long to build and instrument. The library goes
//! by the main package's name: the laws in `tests/support/laws.rs` are the same file in both.

#[path = "../src/model/mod.rs"]
pub mod model;
#[path = "../src/quote/mod.rs"]
pub mod quote;
#[path = "../src/read/mod.rs"]
pub mod read;
