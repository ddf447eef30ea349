//! Delivering: the messages of frozen issues for the workers, and what an operator decides about them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio_util::sync::CancellationToken;

use super::{App, AppError};
use crate::{
    deliver::{
        Drained, Envelope, Event, Letter, MessageSource, Pace, Preparing, Worker,
        dkim::{self, Signers},
    },
    model::{DigestName, EmailAddress, Issue, digest::EmailStyle},
    render::mail::{self, PreparedMessage, TOKEN_PLACEHOLDER},
    store::{
        issues::{self, IssueState},
        ledger::{Claim, acts},
    },
    subscribers::return_path,
};

/// Writes the message of each claim. An issue is rendered once and kept while it goes out.
struct IssueMail {
    app: Arc<App>,
    rendered: Mutex<HashMap<(DigestName, u32), Arc<PreparedMessage>>>,
}

/// Issues kept rendered at the same time.
const KEPT: usize = 8;

impl MessageSource for IssueMail {
    fn letter<'a>(&'a self, digest: &'a DigestName, number: u32) -> Preparing<'a> {
        Box::pin(async move {
            let prepared = self.prepared(digest, number).await.map_err(|error| error.to_string())?;
            Ok(Arc::new(IssueLetter::new(Arc::clone(&self.app), prepared)) as Arc<dyn Letter>)
        })
    }
}

/// The mail of an issue, with the secret that makes the links of its recipients and the keys that sign it.
struct IssueLetter {
    app: Arc<App>,
    prepared: Arc<PreparedMessage>,
    signers: Signers,
    body: dkim::Body,
}

impl IssueLetter {
    fn new(app: Arc<App>, prepared: Arc<PreparedMessage>) -> Self {
        let signers = app.signers.of_domain(prepared.from.address.domain());
        let body = dkim::Body::new(if signers.is_empty() { Vec::new() } else { prepared.body() });
        Self { app, prepared, signers, body }
    }
}

impl Letter for IssueLetter {
    fn write(&self, claim: &Claim, message: &mut String) -> Result<Envelope, String> {
        let token = self.app.tokens.leave(claim.key.subscriber_id);
        let written = self.prepared.write(&claim.email, claim.name.as_ref(), &token, message);
        let message_id = written.map_err(|error| error.to_string())?;
        if !self.signers.is_empty() {
            self.signers.sign(message, &self.body.hash(&token), self.app.clock.now())?;
        }
        let from = match &self.app.settings.bounces.return_path {
            Some(base) => return_path::address(&self.app.tokens, base, claim.key.subscriber_id, claim.key.number),
            None => self.prepared.from.address.clone(),
        };
        let sender = self.prepared.from.address.domain().to_owned();
        Ok(Envelope { from, to: claim.email.clone(), message_id, sender })
    }

    fn is_wire_ready(&self) -> bool {
        self.prepared.is_wire_ready()
    }
}

impl IssueMail {
    async fn prepared(&self, digest: &DigestName, number: u32) -> Result<Arc<PreparedMessage>, AppError> {
        let key = (digest.clone(), number);
        if let Some(kept) = self.rendered.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Arc::clone(kept));
        }
        let stored = issues::get(&self.app.db, digest.as_str(), number).await?;
        let stored = stored.ok_or_else(|| AppError::NoIssue { digest: digest.to_string(), number })?;
        let style = style(&self.app, digest)?;
        let prepared = Arc::new(mail::prepare(&stored.issue, &style, &self.app.site)?);
        let mut rendered = self.rendered.lock().unwrap_or_else(PoisonError::into_inner);
        if rendered.len() >= KEPT {
            rendered.clear();
        }
        rendered.insert(key, Arc::clone(&prepared));
        Ok(prepared)
    }
}

fn style(app: &App, digest: &DigestName) -> Result<EmailStyle, AppError> {
    app.digest(digest.as_str())?.email.ok_or_else(|| AppError::NoMail(digest.to_string()))
}

/// The workers of this process.
pub fn worker(app: &Arc<App>) -> Worker {
    let source = IssueMail { app: Arc::clone(app), rendered: Mutex::default() };
    let smtp = &app.settings.smtp;
    let pace = Pace { workers: smtp.connections, group: smtp.group, lease: smtp.lease, ..Pace::default() };
    let folder = app.settings.paths.data.join("delivery");
    let source = Arc::new(source);
    Worker::new(app.db.clone(), app.clock.clone(), app.mailer.clone(), source, &folder, pace)
        .limited_by(smtp.limits.clone())
}

/// Delivers one issue as far as it goes now. When `stop` is cancelled it finishes what is in hand and gives the
/// rest back.
///
/// # Errors
/// Where the ledger fails or the books do not balance.
pub async fn drain(
    app: &Arc<App>,
    issue: &Issue,
    stop: CancellationToken,
    listener: impl Fn(&Event) + Send + Sync + 'static,
) -> Result<Drained, AppError> {
    Ok(worker(app).interrupted_by(stop).drain(Some((issue.digest.clone(), issue.number)), listener).await?)
}

/// Sends an issue to addresses as a test: nothing is stored, nobody's token is in it, the subject says so.
///
/// # Errors
/// Where the digest sends no mail, or the server does not take a message; the other addresses are served
/// all the same, and the error names each that was not.
pub async fn send_test(app: &App, issue: &Issue, to: &[EmailAddress]) -> Result<(), AppError> {
    let style = style(app, &issue.digest)?;
    let mut issue = issue.clone();
    issue.subject = format!("[Test] {}", issue.subject);
    let prepared = mail::prepare(&issue, &style, &app.site)?;
    let mut refused = Vec::new();
    for address in to {
        let message = prepared.for_recipient(address, None, TOKEN_PLACEHOLDER)?;
        if let Err(error) = super::subscribe::hand_over(app, &style.from, address, None, &message).await {
            refused.push(error.to_string());
        }
    }
    match refused.is_empty() {
        true => Ok(()),
        false => Err(AppError::Input(refused.join("\n"))),
    }
}

/// What an operator wants of an issue's deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Claim nothing more until it is resumed.
    Pause,
    /// Go on.
    Resume,
    /// Send nothing more; who waits becomes excluded.
    Cancel,
    /// A decision about what stands still, for one recipient or all.
    Decide(acts::Decision, Option<i64>),
}

/// Carries an operator's wish out, and gives the number of deliveries that it moved.
///
/// # Errors
/// Where there is no such issue, the wish does not fit its state, or the database fails.
pub async fn command(app: &App, digest: &DigestName, number: u32, command: Command) -> Result<u64, AppError> {
    let name = digest.as_str();
    let stored = issues::get(&app.db, name, number).await?;
    let state = stored.ok_or_else(|| AppError::NoIssue { digest: digest.to_string(), number })?.state;
    let moved = match command {
        Command::Pause => {
            issues::set_state(&app.db, name, number, &[IssueState::Sending], IssueState::Paused).await?.then_some(0)
        }
        Command::Resume => {
            issues::set_state(&app.db, name, number, &[IssueState::Paused], IssueState::Sending).await?.then_some(0)
        }
        Command::Cancel if state == IssueState::Cancelled => None,
        Command::Cancel => Some(acts::cancel(&app.db, digest, number, app.clock.now()).await?),
        Command::Decide(decision, subscriber) => {
            Some(acts::decide(&app.db, digest, number, subscriber, decision, app.clock.now()).await?)
        }
    };
    let moved =
        moved.ok_or_else(|| AppError::Input(format!("{digest} #{number} is {}; that does not fit", state.as_str())))?;
    tracing::info!(%digest, number, ?command, moved, "an operator decided on an issue's deliveries");
    Ok(moved)
}
