//! The API: JSON, by bearer token; and the hooks of mail providers.

pub mod bounces;
pub mod drafts;
pub mod issues;
pub mod orders;
