//! One worker's connection to the SMTP server: kept over messages, every step under its own timeout.
//!
//! A message goes in two halves, [`SmtpSession::offer`] (MAIL, RCPT, DATA) and [`SmtpSession::hand`] (the
//! body, and the next envelope with it). The library's own `send` would close the connection at the first
//! refusal, has no timeouts and no pipelining; its connection and its reader of replies are used, step by step.

mod dialogue;
mod open;

use std::sync::Arc;

use lettre::transport::smtp::extension::ClientId;

use super::{
    mailer::{Envelope, Handed, Next},
    outcome::{Outcome, Step},
    route::SmtpRoute,
};
use dialogue::{Connection, Stopped};

/// A connection that is made when first needed and again when lost.
pub(super) struct SmtpSession {
    route: Arc<SmtpRoute>,
    hello: ClientId,
    connection: Option<Connection>,
}

impl SmtpSession {
    pub(super) fn new(route: Arc<SmtpRoute>) -> Self {
        Self { route, hello: ClientId::default(), connection: None }
    }

    /// Connects and logs in, where that has not been done.
    pub(super) async fn open(&mut self) -> Result<(), Outcome> {
        if self.connection.is_none() {
            let opened = open::open(&self.route, &self.hello).await;
            self.connection = Some(opened.map_err(|(step, fault)| {
                let Outcome::Halted { why } = Outcome::of(step, fault) else {
                    return Outcome::Halted { why: format!("{}: {}", self.route, "the connection was not opened") };
                };
                Outcome::Halted { why: format!("{}: {why}", self.route) }
            })?);
        }
        Ok(())
    }

    /// Offers the envelope; after `Ok` the server waits for the body.
    ///
    /// A kept connection that the server has closed meanwhile, or on which it takes nothing more, is
    /// replaced without a word: nothing had left.
    pub(super) async fn offer(&mut self, envelope: &Envelope) -> Result<(), Outcome> {
        loop {
            self.open().await?;
            let Some(connection) = self.connection.as_mut() else { continue };
            let kept = connection.kept;
            let offered = connection.offer(envelope).await;
            if let Some(settled) = self.settle(kept, offered).await {
                return settled;
            }
        }
    }

    /// Hands over the message, in its wire form but for the end, after an offer that was accepted; and
    /// offers the next envelope in the same breath where the server allows it.
    pub(super) async fn hand(&mut self, message: &mut String, next: Option<&Envelope>) -> Handed {
        let Some(connection) = self.connection.as_mut() else {
            let reply = "no envelope was offered before".to_owned();
            return Handed { outcome: Outcome::Deferred { reply }, next: Next::Unasked };
        };
        let answers = connection.hand(message, next).await;
        let outcome = match answers.message {
            Ok(reply) => Outcome::Sent { reply },
            Err((step, fault)) => {
                if fault.ends_the_connection() {
                    self.connection = None;
                }
                Outcome::of(step, fault)
            }
        };
        let next = match answers.envelope {
            None => Next::Unasked,
            Some(offered) => match self.settle(true, offered).await {
                None => Next::Unasked,
                Some(Ok(())) => Next::Open,
                Some(Err(outcome)) => Next::Refused(outcome),
            },
        };
        Handed { outcome, next }
    }

    /// What an offer came to, the connection cleared for the next one or dropped; `None` where it deserves a
    /// fresh connection.
    async fn settle(&mut self, kept: bool, offered: Result<(), Stopped>) -> Option<Result<(), Outcome>> {
        let Err((step, fault)) = offered else { return Some(Ok(())) };
        if fault.ends_the_connection() {
            self.connection = None;
        }
        if kept && step == Step::Mail {
            self.close().await;
            return None;
        }
        if let Some(connection) = self.connection.as_mut()
            && !connection.reset().await
        {
            self.connection = None;
        }
        Some(Err(Outcome::of(step, fault)))
    }

    /// Takes an accepted offer back: without its final dot the server must forget it.
    pub(super) fn withdraw(&mut self) {
        self.connection = None;
    }

    /// Says goodbye.
    pub(super) async fn close(&mut self) {
        if let Some(connection) = self.connection.take() {
            connection.quit().await;
        }
    }
}
