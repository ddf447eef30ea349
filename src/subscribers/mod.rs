//! The people on the lists: the tokens that their links carry.

pub mod tokens;

pub use tokens::Tokens;
