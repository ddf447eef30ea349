//! What comes back: taking reports in from the mailbox, from hooks and from the ledger; blocks and their undoing.
//!
//! [`who`] finds out whom a report is about and whether to believe it, [`judge`] what follows. A report is committed
//! with all that follows before its mail is marked, moved or deleted; taking it in again changes nothing.

mod judge;
mod who;

use std::{sync::PoisonError, time::Duration};

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::{App, AppError};
use crate::{
    collect::Ask,
    deliver::bounces::{
        Told, class,
        hook::{Hook, Posted},
        mail::{self, Mail},
        mailbox::{Mailbox, back_off},
    },
    model::{
        EmailAddress,
        bounce::{Proof, ReportKind, Status},
    },
    store::bounces::{self, Block, Effect, Mark, Report, Wanted},
};
use who::Who;

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
    take_refusals(app).await?;
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

/// What servers refused for good while we talked to them is as good as a bounce.
async fn take_refusals(app: &App) -> Result<(), AppError> {
    // Rows are written in groups, so a little of the past is looked at again; a report is taken in once.
    const OVERLAP: Duration = Duration::from_secs(600);
    const LEDGER: &str = "ledger";
    let now = app.clock.now();
    let (marks, _) = bounces::marks(&app.db, LEDGER).await?;
    let since = marks.iter().filter_map(|mark| mark.parse::<i64>().ok()).max();
    let since = since.and_then(|since| Timestamp::from_millisecond(since).ok());
    let mark = now.as_millisecond().to_string();
    let Some(since) = since else {
        // What was refused before this version began to look stays as it is.
        let begun = Mark { mailbox: LEDGER, name: &mark, due: false };
        bounces::take_in(&app.db, &[], b"", Some(begun), now).await?;
        return Ok(());
    };
    let from = since.checked_sub(OVERLAP).unwrap_or(since);
    for refused in bounces::refused_since(&app.db, from).await? {
        // An operator's or our own words are no server's.
        if !refused.reply.starts_with('5') {
            continue;
        }
        let (digest, number) = (refused.digest.to_string(), refused.number.to_string());
        let id =
            identity(&[LEDGER.as_bytes(), digest.as_bytes(), number.as_bytes(), &refused.subscriber_id.to_be_bytes()]);
        if bounces::is_known(&app.db, &id).await? {
            continue;
        }
        let status = Status::find(&refused.reply);
        let told = Told {
            kind: class::of_failure(status, &refused.reply),
            addresses: vec![refused.email.clone()],
            status,
            words: refused.reply.clone(),
            reporter: None,
        };
        let who = Who {
            email: refused.email,
            subscriber_id: Some(refused.subscriber_id),
            issue: Some((refused.digest, refused.number)),
            proof: Proof::Ledger,
        };
        let taken = judge::judge(app, id, LEDGER, &who, &told).await?;
        let reports = [taken];
        if bounces::take_in(&app.db, &reports, refused.reply.as_bytes(), None, now).await? == [true] {
            tell(&reports[0].0, &reports[0].1);
        }
    }
    let next = Mark { mailbox: LEDGER, name: &mark, due: false };
    bounces::take_in(&app.db, &[], b"", Some(next), now).await?;
    let old: Vec<String> = marks.into_iter().filter(|old| *old != mark).collect();
    bounces::forget_marks(&app.db, LEDGER, &old).await?;
    Ok(())
}

/// What a provider posted came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Heard {
    /// Reports that were new.
    pub taken: usize,
    /// Reports that were known.
    pub known: usize,
    /// Reports about nobody of ours.
    pub strangers: usize,
}

/// Takes in what a provider's hook posted, once it has shown that it may.
///
/// # Errors
/// Where the body is not what the provider posts, or the database fails.
pub async fn hear(app: &App, hook: Hook, body: &[u8]) -> Result<Heard, AppError> {
    let mut heard = Heard::default();
    let events = match hook.read(body).map_err(AppError::Input)? {
        Posted::Events(events) => events,
        Posted::Confirm(url) => {
            confirm(app, &url).await?;
            return Ok(heard);
        }
    };
    let source = format!("hook {}", hook.as_str());
    for event in events {
        let id = identity(&[source.as_bytes(), event.id.as_bytes()]);
        if bounces::is_known(&app.db, &id).await? {
            heard.known += 1;
            continue;
        }
        let mail = Mail { returned: event.returned, told: vec![event.told], ..Mail::default() };
        let found = who::of_events(app, &mail).await?;
        let Some((who, told)) = found.first() else {
            heard.strangers += 1;
            continue;
        };
        let taken = judge::judge(app, id, &source, who, told).await?;
        let reports = [taken];
        match bounces::take_in(&app.db, &reports, body, None, app.clock.now()).await?.as_slice() {
            [true] => {
                tell(&reports[0].0, &reports[0].1);
                heard.taken += 1;
            }
            _ => heard.known += 1,
        }
    }
    Ok(heard)
}

/// Opens the address by which Amazon SNS makes sure that its messages are wanted. It was checked to be Amazon's, and
/// is fetched behind the guard that keeps everything else from private addresses.
async fn confirm(app: &App, url: &str) -> Result<(), AppError> {
    match app.fetcher.fetch(url, &Ask::default()).await {
        Ok(_) => {
            tracing::info!("the hook for Amazon SES is confirmed");
            Ok(())
        }
        Err(error) => {
            tracing::error!(%error, url, "the hook for Amazon SES could not be confirmed; open this address to do it by hand");
            Err(error.into())
        }
    }
}

/// Reports, newest first.
///
/// # Errors
/// Where the database fails.
pub async fn list(app: &App, wanted: &Wanted<'_>, limit: i64) -> Result<Vec<Report>, AppError> {
    Ok(bounces::newest(&app.db, wanted, limit).await?)
}

/// Blocked addresses, the newest first.
///
/// # Errors
/// Where the database fails.
pub async fn blocked(app: &App, limit: i64) -> Result<Vec<Block>, AppError> {
    Ok(bounces::blocks(&app.db, limit).await?)
}

/// A report with its mail.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Shown {
    /// The report.
    #[serde(flatten)]
    pub report: Report,
    /// The mail or the hook's body, as it came, cut to a bounded size.
    pub raw: String,
    /// Whether it is cut.
    pub cut: bool,
    /// The block that stands on the address.
    pub block: Option<Block>,
}

/// A report by its id or the beginning of it, with its mail; or what led to the block of an address.
///
/// # Errors
/// Where there is none or there are several, or the database fails.
pub async fn show(app: &App, what: &str) -> Result<Shown, AppError> {
    let id = match EmailAddress::parse(what) {
        Ok(email) => match bounces::block_on(&app.db, &email).await? {
            Some(block) => block.report_id,
            None => {
                let about = Wanted { email: Some(&email), ..Wanted::default() };
                let newest = bounces::newest(&app.db, &about, 1).await?;
                let newest = newest.into_iter().next();
                newest
                    .ok_or_else(|| AppError::Input(format!("{email} is not blocked, and nothing was reported of it")))?
                    .id
            }
        },
        Err(_) => what.to_owned(),
    };
    let mut found = bounces::get(&app.db, &id).await?;
    if found.len() > 1 && found.iter().all(|(report, ..)| report.id != id) {
        return Err(AppError::Input(format!("several reports begin with `{id}`; give more of the id")));
    }
    found.sort_by_key(|(report, ..)| report.id != id);
    let Some((report, raw, cut)) = found.into_iter().next() else {
        return Err(AppError::Input(format!(
            "no report is known by `{what}`: give an id as `pullquote bounces list` shows them, or an address"
        )));
    };
    let block = bounces::block_on(&app.db, &report.email).await?;
    Ok(Shown { report, raw, cut, block })
}

/// Lifts the block of an address, given itself or by a report. Gives the address and the number of memberships that
/// stand again as before.
///
/// # Errors
/// Where there is no block, or the database fails.
pub async fn undo(app: &App, what: &str) -> Result<(EmailAddress, u64), AppError> {
    let email = match EmailAddress::parse(what) {
        Ok(email) => email,
        Err(_) => show(app, what).await?.report.email,
    };
    match bounces::undo(&app.db, &email, app.clock.now()).await? {
        Some(back) => {
            tracing::info!(memberships = back, "a block was lifted by the operator");
            Ok((email, back))
        }
        None => Err(AppError::Input(format!("{email} is not blocked by a report"))),
    }
}

/// Whether an address is blocked by a report.
///
/// # Errors
/// Where the database fails.
pub async fn is_blocked(app: &App, email: &EmailAddress) -> Result<bool, AppError> {
    Ok(bounces::block_on(&app.db, email).await?.is_some())
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
