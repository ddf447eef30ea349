//! What happens by the clock: the tick that asks once a minute what is due.
//!
//! When a digest is due is decided by [`crate::model::schedule`], and what is done then by the application.

pub mod catch_up;
pub mod run_due;
pub mod tick;

pub use tick::{TickError, Ticker};
