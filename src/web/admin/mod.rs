//! The editor's and operator's pages: behind a login, every form with a token against forgery.

pub mod bounces;
pub mod dashboard;
pub mod drafts;
pub mod issue;
pub mod login;
pub mod orders;
pub mod quote;
pub mod reviews;
pub mod schedule;
pub mod send;
mod session;
