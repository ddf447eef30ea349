//! Drafts: scheduled issues that wait for a person, and what that person decides.

mod mail;

use std::sync::Arc;

use jiff::Timestamp;

pub use mail::send_mails;

use super::{App, AppError, collect, compose::compose_verified};
use crate::{
    compose::{self, Unfit},
    model::{Digest, DigestName, Draft, EmailAddress, Issue, digest::Missed},
    store::{
        drafts::{self, Approval, Cause, Composed, Refused},
        issues::{IssueKind, Order},
    },
};

/// Makes the draft of a due slot, in place of the one that waits, for the editor who is to approve it. Where the slot was
/// missed, the rule by which it is made up for stands beside it.
///
/// # Errors
/// Where the database fails; then the slot stays open.
pub async fn at_slot(
    app: &App,
    digest: &Digest,
    editor: &EmailAddress,
    (due_at, missed): (Timestamp, Option<Missed>),
) -> Result<(), AppError> {
    compose_draft(app, digest, editor, Cause::Slot(due_at, missed)).await.map(|_| ())
}

async fn compose_draft(
    app: &App,
    digest: &Digest,
    editor: &EmailAddress,
    cause: Cause<'_>,
) -> Result<(String, Composed), AppError> {
    let now = app.clock.now();
    let id = format!("{:012x}", app.fresh_id()? & 0xffff_ffff_ffff);
    let order = Order { digest, kind: IssueKind::Scheduled, now, since: None, until: None, picks: &[] };
    let verified = |snapshot| compose_verified(digest, now, None, snapshot);
    let composed = drafts::compose(&app.db, &order, cause, (&id, editor), verified).await?;
    let name = &digest.name;
    match &composed {
        Composed::Draft(issue) => {
            tracing::info!(digest = %name, draft = id, number = issue.number, %editor, "a draft waits for approval");
        }
        Composed::TooFew { found, minimum } => {
            tracing::info!(digest = %name, found, minimum, "no draft: too little news, the window stays open");
        }
        Composed::Taken => tracing::info!(digest = %name, "no draft: this slot was carried out before"),
        Composed::Refused(_) => {}
    }
    Ok((id, composed))
}

/// The drafts on which something is to be decided; with `all`, the newest of those decided too. Of one stream or of all.
///
/// # Errors
/// Where the database fails.
pub async fn list(app: &App, digest: Option<&str>, all: bool) -> Result<Vec<Draft>, AppError> {
    const NEWEST: i64 = 50;
    Ok(if all { drafts::newest(&app.db, digest, NEWEST).await? } else { drafts::open(&app.db, digest).await? })
}

/// How many drafts wait.
///
/// # Errors
/// Where the database fails.
pub async fn count(app: &App) -> Result<u64, AppError> {
    Ok(drafts::count_open(&app.db).await?)
}

/// A draft, whatever became of it.
///
/// # Errors
/// Where there is none of that id, or the database fails.
pub async fn find(app: &App, id: &str) -> Result<Draft, AppError> {
    drafts::get(&app.db, id).await?.ok_or_else(|| AppError::NoDraft(id.to_owned()))
}

/// What approving a draft came to.
#[derive(Debug)]
pub enum Approved {
    /// It is an issue now; its deliveries are in the ledger.
    Issue {
        /// The issue, as the draft showed it.
        issue: Box<Issue>,
        /// Its recipients.
        recipients: u64,
    },
    /// It was approved before, as this issue.
    Already {
        /// Of which stream.
        digest: DigestName,
        /// Which.
        number: u32,
    },
}

/// Freezes a draft as it stands, for the subscribers of now. Its quotes are checked against their reviews once more.
///
/// # Errors
/// Where there is no such draft, it does not wait any longer, a review of it has changed, or the database fails.
pub async fn approve(app: &App, id: &str, by: &str) -> Result<Approved, AppError> {
    let draft = find(app, id).await?;
    if let Some(number) = drafts::number_of(&app.db, &draft).await? {
        return Ok(Approved::Already { digest: draft.issue.digest, number });
    }
    let digest = digest_of(app, &draft)?;
    let check = |issue: &Issue, known: &[_]| {
        let unfit = compose::unfit(issue, known);
        if unfit.is_empty() { Ok(()) } else { Err(unfit) }
    };
    match drafts::approve(&app.db, (&digest, &draft), by, app.clock.now(), check).await? {
        Approval::Issue { issue, recipients } => {
            tracing::info!(digest = %digest.name, draft = id, number = issue.number, recipients, by, "draft approved, issue frozen");
            Ok(Approved::Issue { issue, recipients })
        }
        Approval::Unfit(unfit) => Err(changed(&draft, &unfit)),
        Approval::Refused(refused) => match drafts::number_of(&app.db, &draft).await? {
            // Somebody else approved it at the same moment.
            Some(number) => Ok(Approved::Already { digest: draft.issue.digest, number }),
            None => Err(refusal(id, refused)),
        },
    }
}

/// Takes a draft away; its window stays open until the next slot.
///
/// # Errors
/// Where there is no such draft, it does not wait any longer, or the database fails.
pub async fn discard(app: &App, id: &str, by: &str) -> Result<Draft, AppError> {
    let draft = find(app, id).await?;
    drafts::discard(&app.db, &draft, by, app.clock.now()).await?.map_err(|refused| refusal(id, refused))?;
    tracing::info!(digest = %draft.issue.digest, draft = id, by, "draft discarded");
    Ok(draft)
}

/// Composes a draft anew from what there is now, its sources visited before, and has it mailed anew. It gets an id of
/// its own, since it is something else to look at.
///
/// # Errors
/// Where there is no such draft, it does not wait any longer, too little is left (then none waits), or a part of the
/// house fails.
pub async fn again(app: &Arc<App>, id: &str, by: &str) -> Result<Draft, AppError> {
    let draft = find(app, id).await?;
    let digest = digest_of(app, &draft)?;
    collect::before_composing(app, &[&digest]).await?;
    let editor = digest.approve.as_ref().unwrap_or(&draft.mail.to);
    let (fresh, composed) = compose_draft(app, &digest, editor, Cause::Again { id, by }).await?;
    match composed {
        Composed::Draft(_) => find(app, &fresh).await,
        Composed::TooFew { found, minimum } => Err(AppError::Draft {
            id: id.to_owned(),
            digest: digest.name.to_string(),
            why: format!(
                "composed anew, {found} of at least {minimum} reviews are left (select.minimum), so no draft waits any \
                 longer. The window stays open until the next slot"
            ),
        }),
        Composed::Refused(refused) => Err(refusal(id, refused)),
        Composed::Taken => Err(AppError::NoDraft(id.to_owned())),
    }
}

/// Composes the drafts anew that an issue by hand has overtaken. One that fails does not stop the others.
///
/// # Errors
/// Where the database cannot be read at all.
pub async fn renew(app: &Arc<App>) -> Result<(), AppError> {
    use crate::model::draft::DraftState::Overtaken;
    for draft in drafts::open(&app.db, None).await?.into_iter().filter(|draft| draft.state == Overtaken) {
        match again(app, &draft.id, "schedule").await {
            // Nothing was left, or somebody was faster.
            Ok(_) | Err(AppError::Draft { .. }) => {}
            Err(error) => {
                tracing::error!(draft = draft.id, %error, "a draft cannot be composed anew, and is tried again");
            }
        }
    }
    Ok(())
}

/// The digest of a draft, which may outlive the file of that.
fn digest_of(app: &App, draft: &Draft) -> Result<Digest, AppError> {
    let name = &draft.issue.digest;
    app.digest(name.as_str()).map_err(|_| AppError::Draft {
        id: draft.id.clone(),
        digest: name.to_string(),
        why: "there is no digest file of that name any more: bring it back, or discard the draft".to_owned(),
    })
}

fn refusal(id: &str, refused: Refused) -> AppError {
    match refused {
        Refused::Unknown => AppError::NoDraft(id.to_owned()),
        Refused::Decided(draft) => AppError::Draft {
            id: id.to_owned(),
            digest: draft.issue.digest.to_string(),
            why: format!("it is {}. {}", draft.state.as_str(), draft.state.explain()),
        },
    }
}

fn changed(draft: &Draft, unfit: &[Unfit]) -> AppError {
    let lines: Vec<String> = unfit.iter().map(|unfit| format!("  {unfit}")).collect();
    let (id, digest) = (draft.id.clone(), draft.issue.digest.to_string());
    let why = format!(
        "nothing was frozen, since what it shows is not so any more:\n{}\nHave it composed anew (`pullquote drafts again \
         {id}`), then look at it once more",
        lines.join("\n")
    );
    AppError::Draft { id, digest, why }
}
