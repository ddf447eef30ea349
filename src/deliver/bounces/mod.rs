//! Reading what comes back: delivery reports, complaints, wishes to leave, from mails and from providers' hooks.
//!
//! [`mail`] reads one mail, [`hook`] what a provider posts; both are pure. [`mailbox`] fetches mails. Who a report
//! is about, whether it is to be believed, and what follows is decided in [`crate::app::bounces`].

pub mod class;
mod delivery_status;
mod feedback;
mod headers;
pub mod hook;
pub mod mail;
pub mod mailbox;
mod prose;
#[cfg(test)]
mod tests;

use crate::model::{
    EmailAddress,
    bounce::{ReportKind, Status},
};

/// What a mail or a hook tells of one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What.
    pub kind: ReportKind,
    /// The addresses it names, the one written to first: an alias may stand for another.
    pub addresses: Vec<EmailAddress>,
    /// The enhanced status code.
    pub status: Option<Status>,
    /// The server's or the reporter's words, one line.
    pub words: String,
    /// Who reports, where it says.
    pub reporter: Option<String>,
}

impl Told {
    fn new(kind: ReportKind) -> Self {
        Self { kind, addresses: Vec::new(), status: None, words: String::new(), reporter: None }
    }
}

/// What is found of the mail of ours that a report is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Returned {
    /// Its Message-ID, without angle brackets.
    pub message_id: Option<String>,
    /// Whom it was written to.
    pub to: Option<EmailAddress>,
    /// Texts that may hold a token of ours: its return path, the links of List-Unsubscribe.
    pub traces: Vec<String>,
}
