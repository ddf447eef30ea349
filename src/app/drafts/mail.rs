//! The mails that ask for approval: handed over as every mail outside the ledger is, and tried again where that is no
//! use now.

use jiff::{SignedDuration, Timestamp};

use super::super::{App, AppError, subscribe};
use crate::{
    deliver::{Outcome, backoff},
    model::{Digest, Draft},
    render::mail::{self, DraftNotice},
    store::{
        drafts::{self, Handed},
        subscribers,
    },
};

/// Who takes a mail has so long to hand it over, before another process takes it for lost.
const HOLD: SignedDuration = SignedDuration::from_mins(15);

/// Hands over what is due. A mail whose fate is unknown, since the connection or the process was lost, goes again under
/// the same Message-ID: a mail that comes twice costs the editor less than one that never comes.
///
/// # Errors
/// Where the database fails.
pub async fn send_mails(app: &App) -> Result<(), AppError> {
    loop {
        let now = app.clock.now();
        let Some(draft) = drafts::claim_mail(&app.db, now, now + HOLD).await? else { return Ok(()) };
        let outcome = match hand_over(app, &draft).await {
            Ok(outcome) => outcome,
            // Something of ours is wrong: the digest's file is gone, a key cannot sign. It may be mended.
            Err(error) => Outcome::Halted { why: error.to_string() },
        };
        let (handed, reply) = settled(app, &draft, outcome, now);
        let (digest, to) = (&draft.issue.digest, &draft.mail.to);
        match &handed {
            Handed::Sent => tracing::info!(%digest, draft = draft.id, %to, "the mail about a draft is out"),
            Handed::Later(at) => {
                tracing::warn!(%digest, draft = draft.id, %to, reply, next_try = %at, "the mail about a draft is not out yet");
            }
            Handed::Failed => {
                tracing::error!(%digest, draft = draft.id, %to, reply, "the mail about a draft is given up: the draft waits at the desk");
            }
        }
        drafts::settle_mail(&app.db, &draft.id, &handed, &reply, now).await?;
    }
}

fn settled(app: &App, draft: &Draft, outcome: Outcome, now: Timestamp) -> (Handed, String) {
    let reply = match outcome {
        Outcome::Sent { reply } => return (Handed::Sent, reply),
        Outcome::Failed { reply } => return (Handed::Failed, reply),
        Outcome::Deferred { reply } => reply,
        Outcome::Uncertain { why } => format!("it may have arrived: {why}"),
        Outcome::Halted { why } => why,
    };
    match backoff::wait(draft.mail.tries, app.jitter()) {
        Some(wait) => (Handed::Later(now + wait), reply),
        None => (Handed::Failed, reply),
    }
}

async fn hand_over(app: &App, draft: &Draft) -> Result<Outcome, AppError> {
    let digest = app.digest(draft.issue.digest.as_str())?;
    let style = digest.email.as_ref().ok_or_else(|| AppError::NoMail(digest.name.to_string()))?;
    let next = next_slot(&digest, app.clock.now());
    let notice = DraftNotice {
        draft,
        style,
        site: &app.site,
        recipients: subscribers::count_of_stream(&app.db, &digest).await?,
        next: next.as_deref(),
    };
    let message = mail::draft(&notice)?;
    subscribe::try_to_hand_over(app, &style.from, &draft.mail.to, None, &message).await
}

/// `Friday 4 December 2026, 08:00 CET`
fn next_slot(digest: &Digest, now: Timestamp) -> Option<String> {
    let next = digest.schedule.as_ref()?.next_due(&digest.time_zone, now)?;
    Some(next.to_zoned(digest.time_zone.clone()).strftime("%A %-d %B %Y, %H:%M %Z").to_string())
}
