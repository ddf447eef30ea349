//! The way out for mail: an SMTP server or a Maildir, behind one face.

use std::{path::PathBuf, sync::Arc, time::Duration};

use super::{
    maildir::MaildirSession,
    outcome::Outcome,
    relays::{RelaySession, Relays},
    route::{RouteError, SmtpRoute},
    smtp::SmtpSession,
    wire,
};
use crate::{
    model::EmailAddress,
    settings::{Mail, Smtp},
};

/// Where mail goes out.
#[derive(Debug, Clone)]
pub enum Mailer {
    /// To an SMTP server.
    Smtp(Arc<SmtpRoute>),
    /// To one of several, by the sender.
    Relays(Arc<Relays>),
    /// Into a folder.
    Maildir(PathBuf),
}

/// From whom, to whom, and under which Message-ID (without angle brackets).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Where refusals go.
    pub from: EmailAddress,
    /// The one recipient.
    pub to: EmailAddress,
    /// The message's identity.
    pub message_id: String,
    /// The domain of the sender in the message, by which a relay is chosen.
    pub sender: String,
}

/// What handing a message over came to.
#[derive(Debug)]
pub(super) struct Handed {
    /// What became of the message. Never [`Outcome::Halted`].
    pub outcome: Outcome,
    /// How the next envelope stands.
    pub next: Next,
}

/// How an envelope stands that was to go out with the message before it.
#[derive(Debug)]
pub(super) enum Next {
    /// It was not asked about, or nobody is left to answer: it must be offered.
    Unasked,
    /// The server waits for its message.
    Open,
    /// The server does not want it.
    Refused(Outcome),
}

impl Mailer {
    /// The way out that the settings name.
    ///
    /// # Errors
    /// Where the certificate authority's file cannot be used.
    pub fn new(smtp: &Smtp) -> Result<Self, RouteError> {
        if !smtp.relays.is_empty() {
            let last = if let Mail::Smtp(server) = &smtp.mail { Some(server) } else { None };
            return Ok(Self::Relays(Arc::new(Relays::new(&smtp.relays, last, smtp)?)));
        }
        Ok(match &smtp.mail {
            Mail::Maildir(root) => Self::Maildir(root.clone()),
            Mail::Smtp(server) => {
                let route = SmtpRoute::new(server.clone(), smtp.timeout);
                Self::Smtp(Arc::new(match &smtp.ca_file {
                    Some(path) => route.with_authority(path)?,
                    None => route,
                }))
            }
        })
    }

    /// A session for one worker; it connects when first needed.
    pub(super) fn session(&self) -> Session {
        match self {
            Self::Smtp(route) => Session::Smtp(Box::new(SmtpSession::new(Arc::clone(route)))),
            Self::Relays(relays) => Session::Relays(Box::new(RelaySession::new(Arc::clone(relays)))),
            Self::Maildir(root) => Session::Maildir(MaildirSession::new(root.clone()), None),
        }
    }

    /// Connects, logs in and says goodbye: whether mail could go out now. A person waits for the answer: no
    /// step takes longer than `longest`.
    ///
    /// # Errors
    /// What bars the way, as a sentence.
    pub async fn check(&self, longest: Duration) -> Result<(), String> {
        let mut session = match self {
            Self::Relays(relays) => {
                let mut barred = Vec::new();
                for route in relays.routes() {
                    barred.extend(Box::pin(Self::Smtp(Arc::clone(route)).check(longest)).await.err());
                }
                return if barred.is_empty() { Ok(()) } else { Err(barred.join("; ")) };
            }
            Self::Smtp(route) => {
                let timeouts = route.timeouts.at_most(longest);
                Self::Smtp(Arc::new(SmtpRoute { timeouts, ..SmtpRoute::clone(route) })).session()
            }
            Self::Maildir(_) => self.session(),
        };
        let opened = session.open().await;
        session.close().await;
        match opened {
            Ok(()) => Ok(()),
            Err(
                Outcome::Halted { why: text }
                | Outcome::Uncertain { why: text }
                | Outcome::Sent { reply: text }
                | Outcome::Failed { reply: text }
                | Outcome::Deferred { reply: text },
            ) => Err(text),
        }
    }
}

/// The way out, without its password.
impl std::fmt::Display for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Smtp(route) => write!(f, "SMTP server {route}"),
            Self::Relays(relays) => {
                let routes: Vec<_> = relays.routes().map(ToString::to_string).collect();
                write!(f, "SMTP servers {}", routes.join(", "))
            }
            Self::Maildir(root) => write!(f, "Maildir {}", root.display()),
        }
    }
}

/// Sends one message outside the ledger: a confirmation, a test.
pub async fn send_now(mailer: &Mailer, envelope: &Envelope, message: &[u8]) -> Outcome {
    let Ok(message) = std::str::from_utf8(message) else {
        return Outcome::Failed { reply: "the message is not UTF-8".to_owned() };
    };
    let mut session = mailer.session();
    let mut message = wire::mended(message);
    let outcome = match session.offer(envelope).await {
        Ok(()) => session.hand(&mut message, None).await.outcome,
        Err(outcome) => outcome,
    };
    session.close().await;
    outcome
}

/// One worker's hold on the way out.
pub(super) enum Session {
    Smtp(Box<SmtpSession>),
    Relays(Box<RelaySession>),
    /// The folder, and the Message-ID on offer.
    Maildir(MaildirSession, Option<String>),
}

impl Session {
    async fn open(&mut self) -> Result<(), Outcome> {
        match self {
            Self::Smtp(smtp) => smtp.open().await,
            Self::Relays(relays) => relays.open().await,
            Self::Maildir(maildir, _) => maildir.open().await,
        }
    }

    /// Everything before the body; after `Ok` a message is expected.
    pub(super) async fn offer(&mut self, envelope: &Envelope) -> Result<(), Outcome> {
        match self {
            Self::Smtp(smtp) => smtp.offer(envelope).await,
            Self::Relays(relays) => relays.offer(envelope).await,
            Self::Maildir(maildir, offered) => {
                maildir.open().await?;
                *offered = Some(envelope.message_id.clone());
                Ok(())
            }
        }
    }

    /// The message itself, after an accepted offer, in its wire form but for the end; with it goes the next
    /// envelope where that saves a journey.
    pub(super) async fn hand(&mut self, message: &mut String, next: Option<&Envelope>) -> Handed {
        match self {
            Self::Smtp(smtp) => smtp.hand(message, next).await,
            Self::Relays(relays) => relays.hand(message, next).await,
            Self::Maildir(maildir, offered) => {
                let outcome = match offered.take() {
                    Some(message_id) => maildir.hand(&message_id, wire::unstuffed(message).as_bytes()).await,
                    None => Outcome::Deferred { reply: "no envelope was offered before".to_owned() },
                };
                Handed { outcome, next: Next::Unasked }
            }
        }
    }

    /// Takes an accepted offer back.
    pub(super) fn withdraw(&mut self) {
        match self {
            Self::Smtp(smtp) => smtp.withdraw(),
            Self::Relays(relays) => relays.withdraw(),
            Self::Maildir(_, offered) => *offered = None,
        }
    }

    pub(super) async fn close(&mut self) {
        match self {
            Self::Smtp(smtp) => smtp.close().await,
            Self::Relays(relays) => relays.close().await,
            Self::Maildir(..) => {}
        }
    }
}
