//! Getting a frozen issue to its recipients: the connection, the outcome of each message, the worker.
//!
//! The protocol: a worker claims a few rows of the [ledger](crate::store::ledger) under a lease; it offers
//! the envelope to the server; once the server wants the body, the row is committed as *handing*; then the
//! body goes out, and the answer is committed. So a process that dies loses nothing and doubles nothing:
//! what was claimed is tried again, what was in hand is *uncertain* and shown to a person.
//!
//! This room alone names the mail library's transport. What is sent is composed elsewhere and comes in
//! through [`MessageSource`].

pub mod backoff;
pub mod bounces;
mod clerk;
pub mod dkim;
mod halts;
mod hand;
pub mod maildir;
pub mod mailer;
pub mod outcome;
pub mod route;
pub mod sender;
mod smtp;
mod stream;
mod wire;
pub mod worker;

pub use mailer::{Envelope, Mailer, send_now};
pub use outcome::Outcome;
pub use route::{RouteError, SmtpRoute, Timeouts};
pub use worker::{Drained, Event, Letter, MessageSource, Pace, Preparing, Worker, unique_name};
