//! The mailbox that reports come to: listed, fetched, and settled once what a mail says is committed.
//!
//! A mail is named by the mailbox's own lasting name for it, so that the caller can remember which ones it knows.
//! Mails that are no reports are never touched.

mod imap;
mod line;
mod maildir;
mod pop3;
#[cfg(test)]
mod tests;

use std::time::Duration;

use super::mail::LARGEST;
use crate::settings::{Bounces, Protocol, ReportBox};

/// A mailbox that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the mailbox for reports {place} cannot be read: {why} (bounces.mailbox)")]
pub struct MailboxError {
    /// Which, without its password.
    pub place: String,
    /// Why, as a sentence.
    pub why: String,
}

/// An open mailbox.
pub struct Mailbox {
    place: String,
    kind: Kind,
}

enum Kind {
    Maildir(maildir::Folder),
    Imap(Box<imap::Imap>),
    Pop3(Box<pop3::Pop3>),
}

impl Mailbox {
    /// Opens a mailbox.
    ///
    /// # Errors
    /// Where it cannot be reached, or does not let us in.
    pub async fn open(reports: &ReportBox, settings: &Bounces) -> Result<Self, MailboxError> {
        let place = reports.to_string();
        let opened = async {
            let authority = match &settings.ca_file {
                Some(path) => Some(std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?),
                None => None,
            };
            Ok(match reports {
                ReportBox::Maildir(path) => Kind::Maildir(maildir::Folder::open(path).await?),
                ReportBox::Server(server) => {
                    let line = line::Line::connect(server, authority.as_deref(), settings.timeout).await?;
                    match server.protocol {
                        Protocol::Imap => Kind::Imap(Box::new(imap::Imap::open(server, line).await?)),
                        Protocol::Pop3 => Kind::Pop3(Box::new(pop3::Pop3::open(server, line).await?)),
                    }
                }
            })
        };
        let opened: Result<Kind, String> = opened.await;
        match opened {
            Ok(kind) => Ok(Self { place, kind }),
            Err(why) => Err(MailboxError { place, why }),
        }
    }

    /// The names of the mails that are not among `known`, oldest first; and those of `known` that need not be
    /// remembered any longer.
    ///
    /// # Errors
    /// Where the mailbox does not answer.
    pub async fn list(&mut self, known: &[String]) -> Result<(Vec<String>, Vec<String>), MailboxError> {
        let listed = match &mut self.kind {
            Kind::Maildir(folder) => folder.list().await.map(|present| against(present, known)),
            Kind::Imap(imap) => imap.list(known).await,
            Kind::Pop3(pop3) => Ok(against(pop3.list(), known)),
        };
        self.told(listed)
    }

    /// A mail, at most its first [`LARGEST`] bytes; `None` where it is gone.
    ///
    /// # Errors
    /// Where the mailbox does not answer.
    pub async fn fetch(&mut self, name: &str) -> Result<Option<Vec<u8>>, MailboxError> {
        let fetched = match &mut self.kind {
            Kind::Maildir(folder) => folder.fetch(name, LARGEST).await,
            Kind::Imap(imap) => imap.fetch(name, LARGEST).await,
            Kind::Pop3(pop3) => pop3.fetch(name, LARGEST).await,
        };
        self.told(fetched)
    }

    /// Marks, moves or deletes a mail whose report is committed, as the settings say. One that is gone is settled.
    ///
    /// # Errors
    /// Where the mailbox does not answer or does not allow it.
    pub async fn settle(&mut self, name: &str) -> Result<(), MailboxError> {
        let settled = match &mut self.kind {
            Kind::Maildir(folder) => folder.settle(name).await,
            Kind::Imap(imap) => imap.settle(name).await,
            Kind::Pop3(pop3) => pop3.settle(name).await,
        };
        self.told(settled)
    }

    /// Says goodbye. A POP3 server deletes only then.
    ///
    /// # Errors
    /// Where that was not confirmed.
    pub async fn close(mut self) -> Result<(), MailboxError> {
        let closed = match &mut self.kind {
            Kind::Maildir(_) => Ok(()),
            Kind::Imap(imap) => imap.close().await,
            Kind::Pop3(pop3) => pop3.close().await,
        };
        self.told(closed)
    }

    fn told<T>(&self, outcome: Result<T, String>) -> Result<T, MailboxError> {
        outcome.map_err(|why| MailboxError { place: self.place.clone(), why })
    }
}

/// What is new, and what of the known is gone.
fn against(present: Vec<String>, known: &[String]) -> (Vec<String>, Vec<String>) {
    let set: std::collections::HashSet<&str> = known.iter().map(String::as_str).collect();
    let here: std::collections::HashSet<&str> = present.iter().map(String::as_str).collect();
    let gone = known.iter().filter(|name| !here.contains(name.as_str())).cloned().collect();
    let fresh = present.iter().filter(|name| !set.contains(name.as_str())).cloned().collect();
    (fresh, gone)
}

/// The longest wait after failures in a row: doubling from the usual rhythm, six hours at most.
pub fn back_off(every: Duration, failures: u32) -> Duration {
    const LONGEST: Duration = Duration::from_secs(6 * 3600);
    every.saturating_mul(2_u32.saturating_pow(failures.min(16))).min(LONGEST.max(every))
}
