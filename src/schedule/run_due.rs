//! What a tick does: the slots that are due, then the orders placed for now.

use std::sync::Arc;

use jiff::Timestamp;

use super::catch_up::{Plan, plan};
use crate::{
    app::{
        App, AppError, bounces,
        collect::{self, Occasion},
        compose::{self, Booking, Wish},
        drafts, reload, send,
    },
    model::Digest,
    store::{
        issues::{self, Frozen},
        runs,
    },
};

/// What one tick came to.
#[derive(Debug, Default)]
pub struct Done {
    /// Issues frozen.
    pub issues: usize,
    /// Digests whose run failed, with the reason. The slot stays open, and the next tick tries again.
    pub failed: Vec<(String, String)>,
}

/// Runs what is due now. A digest that fails does not stop the others.
///
/// # Errors
/// Where the database cannot be read at all.
pub async fn run_due(app: &Arc<App>) -> Result<Done, AppError> {
    let mut done = Done::default();
    reload::digests(app).await?;
    // Before an issue is frozen, so that who is known to be unreachable is not in it.
    bounces::run_due(app).await?;
    for digest in app.digests() {
        match run_digest(app, &digest).await {
            Ok(issues) => done.issues += issues,
            Err(error) => {
                tracing::error!(digest = %digest.name, %error, "a run failed and is tried again at the next tick");
                done.failed.push((digest.name.to_string(), error.to_string()));
            }
        }
    }
    done.issues += send::send_due(app).await?;
    // After the orders, one of which may have been frozen past a draft.
    drafts::renew(app).await?;
    drafts::send_mails(app).await?;
    // Sources are visited between issues too: a feed keeps only its newest entries.
    collect::collect(app, None, Occasion::Routine, collect::log).await?;
    Ok(done)
}

async fn run_digest(app: &Arc<App>, digest: &Digest) -> Result<usize, AppError> {
    let Some(schedule) = &digest.schedule else { return Ok(0) };
    let name = digest.name.as_str();
    let now = app.clock.now();
    let last = match runs::last(&app.db, name).await? {
        Some(last) => last,
        None => issues::first_seen(&app.db, name).await?.unwrap_or(now),
    };
    let plan = plan(schedule, digest, app.settings.grace, last, now);
    pass_over(app, name, &plan, now).await?;
    if plan.run.is_empty() {
        return Ok(0);
    }
    collect::before_composing(app, digest).await?;
    let mut issues = 0;
    let newest = plan.run.last().copied();
    for due_at in plan.run {
        let late = now.duration_since(due_at);
        if late.unsigned_abs() > app.settings.grace {
            tracing::warn!(digest = name, slot = %due_at, minutes_late = late.as_mins(), "a missed run is made up for");
        }
        if let Some(editor) = &digest.approve {
            drafts::at_slot(app, digest, editor, due_at).await?;
            continue;
        }
        let booking = Booking { due_at: Some(due_at), ..Booking::default() };
        // An earlier one of several holds what had arrived by its own time, the newest all there is.
        let wish = Wish { until: (Some(due_at) != newest).then_some(due_at), ..Wish::default() };
        if let Frozen::Issue { .. } = compose::freeze(app, digest, &wish, &booking).await? {
            issues += 1;
        }
    }
    Ok(issues)
}

async fn pass_over(app: &App, digest: &str, plan: &Plan, now: Timestamp) -> Result<(), AppError> {
    for (slots, reason) in [(&plan.merged, "merged"), (&plan.skipped, "skipped")] {
        if !slots.is_empty() && runs::pass_over(&app.db, digest, slots, reason, now).await? {
            tracing::warn!(digest, slots = slots.len(), reason, "runs were missed");
        }
    }
    Ok(())
}
