//! What a tick does: the slots that are due, then the orders placed for now.
//!
//! What is due is settled first, by the time of the tick; then all sources that it needs are visited in one round; then
//! each issue is frozen. So no digest is late, and taken for missed, because another one's sources are slow.

use std::sync::Arc;

use jiff::Timestamp;

use super::catch_up::{Plan, plan};
use crate::{
    app::{
        App, AppError, bounces,
        collect::{self, Occasion},
        compose::{self, Booking, Wish},
        drafts, orders, reload, slots,
    },
    model::Digest,
    store::{
        issues::Frozen,
        orders::StoredOrder,
        runs::{self, RunOutcome},
    },
};

/// What one tick came to.
#[derive(Debug, Default)]
pub struct Done {
    /// Issues frozen.
    pub issues: usize,
    /// Digests whose run or order failed, with the reason. The slot stays open, and the next tick tries again.
    pub failed: Vec<(String, String)>,
}

impl Done {
    fn failed(&mut self, digest: &str, error: &AppError) {
        tracing::error!(digest, %error, "a run failed and is tried again at the next tick");
        self.failed.push((digest.to_owned(), error.to_string()));
    }
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
    let (digests, now) = (app.digests(), app.clock.now());
    let mut runs = Vec::new();
    for digest in &digests {
        match plan_of(app, digest, now).await {
            Ok(plan) if plan.run.is_empty() => {}
            Ok(plan) => runs.push((digest, plan.run)),
            Err(error) => done.failed(digest.name.as_str(), &error),
        }
    }
    let orders = orders::due(app, now).await?;
    visit_sources(app, &digests, &runs, &orders).await?;
    for (digest, slots) in runs {
        match run_slots(app, digest, &slots, now).await {
            Ok(issues) => done.issues += issues,
            Err(error) => done.failed(digest.name.as_str(), &error),
        }
    }
    for order in &orders {
        match orders::carry_out(app, order).await {
            Ok(made) => done.issues += usize::from(made),
            Err(error) => done.failed(&order.order.digest, &error),
        }
    }
    // After the orders, one of which may have been frozen past a draft.
    drafts::renew(app).await?;
    drafts::send_mails(app).await?;
    // Sources are visited between issues too: a feed keeps only its newest entries.
    if let Err(error) = collect::collect(app, None, Occasion::Routine, collect::log).await {
        // What was frozen is frozen, and whoever waits for it is to know.
        tracing::error!(%error, "the routine of visits failed and is tried again at the next tick");
    }
    Ok(done)
}

/// What is to be done about the slots of a digest, those that are passed over noted.
async fn plan_of(app: &App, digest: &Digest, now: Timestamp) -> Result<Plan, AppError> {
    let Some(schedule) = &digest.schedule else { return Ok(Plan::default()) };
    let last = slots::last_dealt_with(app, digest, now).await?;
    let plan = plan(schedule, digest, app.settings.grace, last, now);
    for (slots, reason) in [(&plan.merged, RunOutcome::Merged), (&plan.skipped, RunOutcome::Skipped)] {
        let (Some(first), Some(last)) = (slots.first(), slots.last()) else { continue };
        let (name, rule) = (digest.name.as_str(), digest.missed);
        if runs::pass_over(&app.db, name, slots, reason, rule, now).await? {
            let (count, reason, missed) = (slots.len(), reason.as_str(), rule.as_str());
            tracing::warn!(digest = name, slots = count, %first, %last, reason, missed, "runs were missed");
        }
    }
    Ok(plan)
}

/// Visits the sources of everything that is made anew in this tick.
async fn visit_sources(
    app: &Arc<App>,
    digests: &[Digest],
    runs: &[(&Digest, Vec<Timestamp>)],
    orders: &[StoredOrder],
) -> Result<(), AppError> {
    let is_run = |digest: &Digest| runs.iter().any(|(other, _)| other.name == digest.name);
    let is_ordered = |digest: &Digest| {
        orders.iter().any(|order| order.order.digest == digest.name.as_str() && order.order.picks.is_empty())
    };
    let concerned: Vec<&Digest> = digests.iter().filter(|digest| is_run(digest) || is_ordered(digest)).collect();
    if concerned.is_empty() { Ok(()) } else { collect::before_composing(app, &concerned).await }
}

async fn run_slots(app: &App, digest: &Digest, slots: &[Timestamp], now: Timestamp) -> Result<usize, AppError> {
    let mut issues = 0;
    for &due_at in slots {
        let late = now.duration_since(due_at);
        let missed = (late.unsigned_abs() > app.settings.grace).then_some(digest.missed);
        if let Some(rule) = missed {
            let (digest, missed) = (digest.name.as_str(), rule.as_str());
            tracing::warn!(digest, slot = %due_at, minutes_late = late.as_mins(), missed, "a missed run is made up for");
        }
        if let Some(editor) = &digest.approve {
            drafts::at_slot(app, digest, editor, (due_at, missed)).await?;
            continue;
        }
        let booking = Booking { due_at: Some(due_at), missed, ..Booking::default() };
        // An earlier one of several holds what had arrived by its own time, the newest all there is.
        let until = (Some(&due_at) != slots.last()).then_some(due_at);
        let wish = Wish { until, ..Wish::default() };
        if let Frozen::Issue { .. } = compose::freeze(app, digest, &wish, &booking).await? {
            issues += 1;
        }
    }
    Ok(issues)
}
