//! Subscribing: asking, confirming, leaving; and what the operator does with a list.

use super::{App, AppError, bounces};
use crate::{
    deliver::{Envelope, Outcome, dkim::BodyHash, send_now},
    model::{Digest, DisplayName, EmailAddress, Mailbox, Subscriber, SubscriberState},
    render::mail,
    store::subscribers::{self, StoredSubscriber},
    subscribers::{
        Tokens,
        exchange::{self, Import, Row},
        opt_in::{self, Asked, NotConfirmed},
        return_path,
    },
};

/// A person asks to join a digest's list, at one of its cadences: sends a confirmation mail where one is due. The answer is the
/// same for everybody, so nothing of it is returned.
///
/// # Errors
/// Where the mail cannot be handed over or the database fails.
pub async fn ask(app: &App, digest: &Digest, email: EmailAddress, name: Option<DisplayName>) -> Result<(), AppError> {
    let Some(style) = &digest.email else { return Err(AppError::NoMail(digest.name.to_string())) };
    let known = subscribers::by_email(&app.db, digest.list.as_str(), &email).await?;
    if bounces::is_blocked(app, &email).await? {
        return Ok(());
    }
    let now = app.clock.now();
    let Asked::Confirm(stored) = opt_in::ask(known, app.fresh_id()?, digest, email, name, now) else {
        return Ok(());
    };
    subscribers::put(&app.db, std::slice::from_ref(&stored)).await?;
    let token = app.tokens.confirm(stored.subscriber.id, now);
    let hours = app.settings.confirm_within.as_secs().div_ceil(3600);
    let titles = [digest.title.clone()];
    let asked = mail::Confirmation {
        digests: &titles,
        site: &app.site,
        token: &token,
        to: &stored.subscriber.email,
        name: stored.subscriber.name.as_ref(),
        from: &style.from,
        reply_to: style.reply_to.as_ref(),
        at: now,
        hours: u32::try_from(hours).unwrap_or(u32::MAX),
    };
    let message = mail::confirmation(&asked)?;
    let whose = Some(stored.subscriber.id);
    if let Err(error) = hand_over(app, &style.from, &stored.subscriber.email, whose, &message).await {
        // What did not go out must not keep the person from asking again today.
        let unasked = StoredSubscriber { confirm_sent_at: None, ..stored };
        subscribers::put(&app.db, &[unasked]).await?;
        return Err(error);
    }
    tracing::info!(digest = %digest.name, subscriber = stored.subscriber.id, "confirmation mail sent");
    Ok(())
}

/// Hands one message over outside the ledger: the confirmation of a subscriber, or a test for nobody on a list. A bounce
/// of a confirmation is known by its return path, that of a test goes to the common address.
///
/// # Errors
/// Where the server does not take it.
pub async fn hand_over(
    app: &App,
    from: &Mailbox,
    to: &EmailAddress,
    whose: Option<i64>,
    message: &[u8],
) -> Result<(), AppError> {
    match try_to_hand_over(app, from, to, whose, message).await? {
        Outcome::Sent { .. } => Ok(()),
        Outcome::Failed { reply } | Outcome::Deferred { reply } => Err(mail_error(to, format!("refused: {reply}"))),
        Outcome::Uncertain { why } => Err(mail_error(to, format!("nobody can know whether it arrived: {why}"))),
        Outcome::Halted { why } => {
            Err(mail_error(to, format!("{} cannot be used: {why}. `pullquote check` tells more", app.mailer)))
        }
    }
}

/// As [`hand_over`], for who wants to know what came of it.
///
/// # Errors
/// Where the message cannot be signed.
pub(super) async fn try_to_hand_over(
    app: &App,
    from: &Mailbox,
    to: &EmailAddress,
    whose: Option<i64>,
    message: &[u8],
) -> Result<Outcome, AppError> {
    let message_id = message_id(message).unwrap_or_default();
    let return_path = match (&app.settings.bounces.return_path, whose) {
        (Some(base), Some(id)) => return_path::address(&app.tokens, base, id, return_path::NO_ISSUE),
        (Some(base), None) => base.clone(),
        (None, _) => from.address.clone(),
    };
    let sender = from.address.domain().to_owned();
    let envelope = Envelope { from: return_path, to: to.clone(), message_id, sender };
    let mut message = String::from_utf8_lossy(message).into_owned();
    let body = BodyHash::of_message(&message);
    let signers = app.signers.of_domain(from.address.domain());
    signers.sign(&mut message, &body, app.clock.now()).map_err(AppError::Input)?;
    Ok(send_now(&app.mailer, &envelope, message.as_bytes()).await)
}

fn mail_error(to: &EmailAddress, why: String) -> AppError {
    AppError::Mail { to: to.to_string(), why }
}

/// The Message-ID of a message that we wrote, without its angle brackets.
fn message_id(message: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(message.get(..message.len().min(8192))?).into_owned();
    let line = head.lines().take_while(|line| !line.is_empty()).find_map(|line| line.strip_prefix("Message-ID: "))?;
    Some(line.trim().trim_start_matches('<').trim_end_matches('>').to_owned())
}

/// Who a confirmation link is for, with the digest: shown before the person confirms. `None` where the
/// link is not ours or has run out.
///
/// # Errors
/// Where the database fails.
pub async fn look_up_confirmation(app: &App, token: &str) -> Result<Option<Subscriber>, AppError> {
    let Some(stored) = confirmed_by(app, token).await? else { return Ok(None) };
    let asked_at = stored.confirm_sent_at.unwrap_or_default();
    let now = app.clock.now();
    Ok(opt_in::confirm(stored, asked_at, app.settings.confirm_within, now).ok().map(|stored| stored.subscriber))
}

/// A person confirms.
///
/// # Errors
/// Where the link is not ours, or has run out, or the database fails.
pub async fn confirm(app: &App, token: &str) -> Result<Subscriber, AppError> {
    let run_out = || AppError::Input(NotConfirmed::RunOut.to_string());
    let stored = confirmed_by(app, token).await?.ok_or_else(run_out)?;
    let asked_at = stored.confirm_sent_at.ok_or_else(run_out)?;
    let confirmed = opt_in::confirm(stored, asked_at, app.settings.confirm_within, app.clock.now());
    let confirmed = confirmed.map_err(|error| AppError::Input(error.to_string()))?;
    subscribers::put(&app.db, std::slice::from_ref(&confirmed)).await?;
    tracing::info!(
        digest = confirmed.subscriber.digest,
        subscriber = confirmed.subscriber.id,
        "subscription confirmed"
    );
    Ok(confirmed.subscriber)
}

async fn confirmed_by(app: &App, token: &str) -> Result<Option<StoredSubscriber>, AppError> {
    let Some(id) = Tokens::claimed_id(token) else { return Ok(None) };
    let Some(stored) = subscribers::by_id(&app.db, id).await? else { return Ok(None) };
    let asked_at = stored.confirm_sent_at;
    Ok(asked_at.is_some_and(|asked_at| app.tokens.check_confirm(token, asked_at).is_some()).then_some(stored))
}

/// Who a leaving link is for.
///
/// # Errors
/// Where the database fails.
pub async fn look_up_leaving(app: &App, token: &str) -> Result<Option<Subscriber>, AppError> {
    let Some(id) = app.tokens.check_leave(token) else { return Ok(None) };
    Ok(subscribers::by_id(&app.db, id).await?.map(|stored| stored.subscriber))
}

/// A person leaves, by the link in a mail. Leaving twice is fine. `None` where the link is not ours.
///
/// # Errors
/// Where the database fails.
pub async fn leave(app: &App, token: &str) -> Result<Option<Subscriber>, AppError> {
    let Some(id) = app.tokens.check_leave(token) else { return Ok(None) };
    let Some(stored) = subscribers::by_id(&app.db, id).await? else { return Ok(None) };
    let subscriber = stored.subscriber.clone();
    store_leaving(app, stored).await?;
    Ok(Some(subscriber))
}

async fn store_leaving(app: &App, stored: StoredSubscriber) -> Result<bool, AppError> {
    let Some(left) = opt_in::leave(stored, app.clock.now()) else { return Ok(false) };
    subscribers::put(&app.db, std::slice::from_ref(&left)).await?;
    subscribers::forget_owed(&app.db, left.subscriber.id).await?;
    tracing::info!(digest = left.subscriber.digest, subscriber = left.subscriber.id, "left the list");
    Ok(true)
}

/// What taking an address in by hand came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// It is on the list now.
    New,
    /// It was on the list.
    Known,
    /// It was on the list at another cadence, and has this one now.
    Switched,
    /// It left or is blocked, and is not brought back by hand unless that is asked for.
    Kept(SubscriberState),
}

/// The operator takes an address in, vouching for the person's consent. Who left, or is blocked by a report, is
/// brought back only with `again`.
///
/// # Errors
/// Where the database fails.
pub async fn add(app: &App, digest: &Digest, row: Row, again: bool) -> Result<Added, AppError> {
    let now = app.clock.now();
    let Row { email, name, state, cadence, created_at, confirmed_at, left_at } = row;
    let blocked = bounces::is_blocked(app, &email).await? && state != SubscriberState::Left;
    if blocked && !again {
        return Ok(Added::Kept(SubscriberState::Blocked));
    }
    if blocked {
        // Who is taken in again by hand is taken to be reachable again.
        bounces::undo(app, email.as_str()).await?;
    }
    let known = subscribers::by_email(&app.db, digest.list.as_str(), &email).await?;
    // Whoever names the digest alone does not change what a person has chosen.
    let wanted = cadence.or_else(|| digest.cadence.clone());
    let (mut stored, added) = match known {
        None => (
            StoredSubscriber {
                subscriber: Subscriber {
                    id: app.fresh_id()?,
                    digest: digest.list.to_string(),
                    cadence: String::new(),
                    email,
                    name: None,
                    state: SubscriberState::Pending,
                    created_at: created_at.unwrap_or(now),
                    confirmed_at,
                    left_at,
                },
                confirm_sent_at: None,
            },
            Added::New,
        ),
        Some(known) if known.subscriber.state == state => {
            return Ok(match wanted.filter(|wanted| *wanted != known.subscriber.cadence) {
                Some(wanted) => {
                    switch(app, &known.subscriber, &wanted).await?;
                    Added::Switched
                }
                None => Added::Known,
            });
        }
        Some(known) => match known.subscriber.state {
            kept @ (SubscriberState::Left | SubscriberState::Blocked) if !again => return Ok(Added::Kept(kept)),
            _ => (known, Added::New),
        },
    };
    stored.subscriber.state = state;
    stored.subscriber.name = name.or(stored.subscriber.name);
    stored.subscriber.cadence = wanted.unwrap_or(stored.subscriber.cadence);
    match state {
        SubscriberState::Active => stored.subscriber.confirmed_at = confirmed_at.or(Some(now)),
        SubscriberState::Left => stored.subscriber.left_at = left_at.or(Some(now)),
        SubscriberState::Pending | SubscriberState::Blocked => {}
    }
    subscribers::put(&app.db, &[stored]).await?;
    Ok(added)
}

/// The operator takes an address off the list. Whether it was on it.
///
/// # Errors
/// Where the database fails.
pub async fn remove(app: &App, digest: &Digest, email: &EmailAddress) -> Result<bool, AppError> {
    match subscribers::by_email(&app.db, digest.list.as_str(), email).await? {
        Some(stored) => store_leaving(app, stored).await,
        None => Ok(false),
    }
}

/// What an import came to.
#[derive(Debug, Default)]
pub struct Imported {
    /// Addresses that are on the list now and were not.
    pub added: usize,
    /// Addresses that were on it.
    pub known: usize,
    /// Addresses that left or are blocked, and stay so.
    pub kept: usize,
    /// Lines that could not be taken, and what else to know.
    pub import: Import,
}

/// Takes a CSV file in; bad lines are named, good ones go in.
///
/// # Errors
/// Where the database fails.
pub async fn import(app: &App, digest: &Digest, text: &str) -> Result<Imported, AppError> {
    let mut imported = Imported { import: exchange::import(text), ..Imported::default() };
    let cadences = app.cadences(digest);
    for row in std::mem::take(&mut imported.import.rows) {
        if let Some(cadence) = row.cadence.as_deref().filter(|c| cadences.iter().all(|d| d.cadence_key() != *c)) {
            imported.import.refused.push(format!("{}: {} offers no cadence `{cadence}`", row.email, digest.list));
            continue;
        }
        match add(app, digest, row, false).await? {
            Added::New => imported.added += 1,
            Added::Known | Added::Switched => imported.known += 1,
            Added::Kept(_) => imported.kept += 1,
        }
    }
    Ok(imported)
}

/// A list as CSV, with all its cadences.
///
/// # Errors
/// Where the database fails.
pub async fn export(app: &App, digest: &Digest) -> Result<String, AppError> {
    let stored = subscribers::list(&app.db, Some(digest.list.as_str()), None).await?;
    Ok(exchange::export(stored.iter().map(|stored| &stored.subscriber)))
}

/// What an address has confirmed so far, by the personal link in one of its mails. `None` where the link is
/// not ours.
///
/// # Errors
/// Where the database fails.
pub async fn memberships(app: &App, token: &str) -> Result<Option<Vec<Subscriber>>, AppError> {
    let Some(id) = app.tokens.check_leave(token) else { return Ok(None) };
    let Some(stored) = subscribers::by_id(&app.db, id).await? else { return Ok(None) };
    let all = subscribers::of_address(&app.db, &stored.subscriber.email).await?;
    let confirmed = all.into_iter().map(|stored| stored.subscriber).filter(|subscriber| {
        subscriber.confirmed_at.is_some() && matches!(subscriber.state, SubscriberState::Active | SubscriberState::Left)
    });
    Ok(Some(confirmed.collect()))
}

/// What an address wants of one digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice<'a> {
    /// The digest.
    pub digest: &'a str,
    /// The cadence by its name, empty for the digest's own; `None` leaves it as it is.
    pub cadence: Option<&'a str>,
}

/// Takes the choice of an address in: it stays with the digests named, at the cadence named, and leaves the others.
/// It comes back to one that it had confirmed before. `None` where the link is not ours.
///
/// # Errors
/// Where the database fails.
pub async fn choose(app: &App, token: &str, choices: &[Choice<'_>]) -> Result<Option<()>, AppError> {
    let Some(members) = memberships(app, token).await? else { return Ok(None) };
    let now = app.clock.now();
    for member in members {
        let Some(mut stored) = subscribers::by_id(&app.db, member.id).await? else { continue };
        let Some(choice) = choices.iter().find(|choice| choice.digest == member.digest) else {
            store_leaving(app, stored).await?;
            continue;
        };
        let offered = |name: &&str| app.stream(&member.digest, name).is_some_and(|s| s.cadence_key() == *name);
        let cadence = choice.cadence.filter(offered).unwrap_or(&member.cadence);
        if stored.subscriber.state == SubscriberState::Left {
            stored.subscriber.state = SubscriberState::Active;
            stored.subscriber.confirmed_at = Some(now);
            cadence.clone_into(&mut stored.subscriber.cadence);
            subscribers::put(&app.db, &[stored]).await?;
        } else if cadence != member.cadence {
            switch(app, &member, cadence).await?;
        }
    }
    Ok(Some(()))
}

/// Moves a subscriber to another cadence of the digest; nothing is lost by it, and at most one window is repeated.
async fn switch(app: &App, subscriber: &Subscriber, cadence: &str) -> Result<(), AppError> {
    let list = &subscriber.digest;
    let (Some(from), Some(to)) = (app.stream(list, &subscriber.cadence), app.stream(list, cadence)) else {
        return Ok(());
    };
    subscribers::switch(&app.db, subscriber.id, &from.name, &to.name, to.cadence_key()).await?;
    tracing::info!(from = %from.name, to = %to.name, subscriber = subscriber.id, "switched to another cadence");
    Ok(())
}
