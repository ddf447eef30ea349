//! Getting a frozen issue to its recipients: the connection, the outcome of each message, the worker.
//!
//! The protocol is in `docs/delivery.md`: the clerk claims rows of the [ledger](crate::store::ledger) under a lease,
//! hands send them and write into a journal what they begin and what is answered, and the clerk records the outcomes
//! in groups. So a process that dies loses nothing and doubles nothing: the journal tells what it had done, and what was
//! on the wire is *uncertain* and shown to a person.
//!
//! This room alone names the mail library's transport. What is sent is composed elsewhere and comes in
//! through [`MessageSource`].

pub mod backoff;
pub mod bounces;
mod clerk;
pub mod dkim;
mod halts;
mod hand;
mod journal;
mod lease;
pub mod maildir;
pub mod mailer;
pub mod outcome;
mod queue;
mod recovery;
pub mod relays;
pub mod route;
pub mod sender;
mod smtp;
mod stream;
mod wire;
pub mod worker;

pub use mailer::{Envelope, Mailer, send_now};
pub use outcome::Outcome;
pub use route::{RouteError, SmtpRoute, Timeouts};
pub use worker::{DeliverError, Drained, Event, Letter, MessageSource, Pace, Preparing, Worker};
