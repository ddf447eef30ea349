//! The API: JSON, by bearer token.

pub mod issues;
