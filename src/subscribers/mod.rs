//! The list: opt-in, tokens, import and export. Rules only; rows are [`crate::store`]'s, mails
//! [`crate::render`]'s.

pub mod exchange;
pub mod opt_in;
pub mod return_path;
pub mod tokens;

pub use tokens::Tokens;
