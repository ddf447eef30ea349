//! What comes back: taking reports in from the mailbox, from hooks and from the ledger; blocks and their undoing.
//!
//! [`who`] finds out whom a report is about and whether to believe it, [`judge`] what follows. A report is committed
//! with all that follows before its mail is marked, moved or deleted; taking it in again changes nothing. The mailbox is
//! read here, hooks are heard in [`hooks`], the ledger is asked in [`refusals`], and [`desk`] shows and undoes.

mod desk;
mod hooks;
mod judge;
mod refusals;
mod who;

pub use desk::{Shown, blocked, is_blocked, list, of_deliveries, show, summary_of_issue, undo};
pub use hooks::{Heard, hear};

use std::{sync::PoisonError, time::Duration};

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::{App, AppError};
use crate::{
    deliver::bounces::{
        mail,
        mailbox::{Mailbox, back_off},
    },
    model::bounce::ReportKind,
    store::bounces::{self, Effect, Mark, Report},
};

/// Mails of one sitting, so that a tick ends.
const SITTING: usize = 1000;
/// And the longest that it takes.
const SITTING_TIME: Duration = Duration::from_secs(90);

/// What a sitting with the mailbox came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Sitting {
    /// Mails looked at.
    pub mails: usize,
    /// Reports among them that were new.
    pub reports: usize,
    /// Addresses blocked by them.
    pub blocked: usize,
    /// People who asked to be taken off.
    pub left: usize,
    /// Mails that are no reports about our recipients, left as they are.
    pub untouched: usize,
    /// Whether there is more to read.
    pub more: bool,
}

/// When the mailbox is read next, and how often it could not be.
#[derive(Debug, Default)]
pub(super) struct Rhythm {
    next: Option<Timestamp>,
    failures: u32,
}

/// Reads the mailbox, where one is set.
///
/// # Errors
/// Where none is set, it cannot be read, or the database fails. What was committed stays.
pub async fn read(app: &App, listener: impl Fn(&Report)) -> Result<Sitting, AppError> {
    let settings = &app.settings.bounces;
    let Some(reports) = &settings.mailbox else {
        return Err(AppError::Input(
            "no mailbox is set that reports come to; set bounces.mailbox, as in \
             imaps://user:password@mail.example.org/INBOX (config/default.toml tells more)"
                .to_owned(),
        ));
    };
    let place = reports.to_string();
    let mut mailbox = Mailbox::open(reports, settings).await?;
    let (known, due) = bounces::marks(&app.db, &place).await?;
    for name in &due {
        // Committed before, but the mailbox was lost before it could be told.
        mailbox.settle(name).await?;
        bounces::settled(&app.db, &place, name).await?;
    }
    let (fresh, gone) = mailbox.list(&known).await?;
    let mut sitting = Sitting { more: fresh.len() > SITTING, ..Sitting::default() };
    for name in fresh.iter().take(SITTING) {
        let raw = mailbox.fetch(name).await?.unwrap_or_default();
        let taken = take_mail(app, &place, name, &raw, &listener, &mut sitting).await?;
        if taken {
            mailbox.settle(name).await?;
            bounces::settled(&app.db, &place, name).await?;
        }
    }
    mailbox.close().await?;
    bounces::forget_marks(&app.db, &place, &gone).await?;
    Ok(sitting)
}

/// Takes one mail in; whether it was ours to take.
async fn take_mail(
    app: &App,
    place: &str,
    name: &str,
    raw: &[u8],
    listener: &impl Fn(&Report),
    sitting: &mut Sitting,
) -> Result<bool, AppError> {
    let mail = mail::read(raw);
    let id = identity(&[raw]);
    let found = match &mail.wish {
        Some(_) => who::of_wish(app, &mail).await?,
        None => who::of_reports(app, &mail).await?,
    };
    let (due, mark) = (!found.is_empty(), place);
    let mut reports = Vec::new();
    for (at, (who, told)) in found.iter().enumerate() {
        let id = if at == 0 { id.clone() } else { format!("{id}-{at}") };
        reports.push(judge::judge(app, id, place, who, told).await?);
    }
    let mark = Mark { mailbox: mark, name, due };
    let fresh = bounces::take_in(&app.db, &reports, raw, Some(mark), app.clock.now()).await?;
    sitting.mails += 1;
    sitting.untouched += usize::from(!due);
    for ((report, effect), _) in reports.iter().zip(fresh).filter(|(_, fresh)| *fresh) {
        tell(report, effect);
        listener(report);
        sitting.reports += 1;
        sitting.blocked += usize::from(matches!(effect, Effect::Block { .. }));
        sitting.left += usize::from(matches!(effect, Effect::Leave(_)));
    }
    Ok(due)
}

/// Does what is due: reads the mailbox in its rhythm, looks what servers refused, drops old reports. Faults of the
/// mailbox are logged, and the pauses after them grow.
///
/// # Errors
/// Where the database fails.
pub async fn run_due(app: &App) -> Result<(), AppError> {
    let now = app.clock.now();
    refusals::take(app).await?;
    let settings = &app.settings.bounces;
    let due = app.reports.lock().unwrap_or_else(PoisonError::into_inner).next.is_none_or(|next| next <= now);
    if settings.mailbox.is_none() || !due {
        return Ok(());
    }
    bounces::prune(&app.db, settings.keep, now).await?;
    // An issue must not wait for a mailbox that does not answer. A sitting can be cut anywhere: what is committed stays.
    let outcome = match tokio::time::timeout(SITTING_TIME, read(app, |_| ())).await {
        Ok(outcome) => outcome,
        Err(_) => Err(AppError::Input(format!("the mailbox for reports took over {} seconds", SITTING_TIME.as_secs()))),
    };
    let mut rhythm = app.reports.lock().unwrap_or_else(PoisonError::into_inner);
    let pause = match outcome {
        Ok(sitting) => {
            rhythm.failures = 0;
            if sitting.reports > 0 {
                let Sitting { mails, reports, blocked, left, .. } = sitting;
                tracing::info!(mails, reports, blocked, left, "the mailbox for reports was read");
            }
            if sitting.more { Duration::ZERO } else { settings.every }
        }
        Err(error) => {
            rhythm.failures += 1;
            let pause = back_off(settings.every, rhythm.failures);
            tracing::error!(%error, again_in_s = pause.as_secs(), "reports could not be read");
            pause
        }
    };
    rhythm.next = now.checked_add(pause).ok();
    Ok(())
}

/// What names a report, by what it is made of.
fn identity(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

fn tell(report: &Report, effect: &Effect) {
    let Report { id, kind, source, .. } = report;
    let (kind, subscriber) = (kind.as_str(), report.subscriber_id);
    match effect {
        Effect::Noted if report.kind == ReportKind::Policy => {
            tracing::warn!(
                report = id,
                kind,
                source,
                words = report.words,
                "mail of ours was refused for what it is or who sent it"
            );
        }
        _ => tracing::info!(report = id, kind, source, subscriber, effect = report.effect, "a report was taken in"),
    }
}
