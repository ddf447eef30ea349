//! How an issue gets to its recipients: the ledger's moves, the worker that makes them, its connection to the server.
//! That the books balance after every fault is a promise of its own (`books_balance`), what a kill leaves behind
//! another (`crash`).

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[path = "../support/issue.rs"]
mod issue;
#[path = "../support/smtp.rs"]
mod smtp;

mod connection;
mod ledger;
mod worker;
