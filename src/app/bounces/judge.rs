//! What follows from a report: an address is blocked at once, after a row of failures, or not at all.

use std::time::Duration;

use super::{
    super::{App, AppError},
    who::Who,
};
use crate::{
    deliver::bounces::Told,
    model::{
        SubscriberState,
        bounce::{Proof, ReportKind, soft_streak},
    },
    store::{
        bounces::{self, Effect, Report},
        subscribers,
    },
};

/// Issues looked back at.
const HISTORY: i64 = 200;

/// The report as it is kept, and what follows.
pub(super) async fn judge(
    app: &App,
    id: String,
    source: &str,
    who: &Who,
    told: &Told,
) -> Result<(Report, Effect), AppError> {
    let (effect, words) = follows(app, who, told).await?;
    let report = Report {
        id,
        taken_at: app.clock.now(),
        source: source.to_owned(),
        kind: told.kind,
        email: who.email.clone(),
        subscriber_id: who.subscriber_id,
        digest: who.issue.as_ref().map(|(digest, _)| digest.clone()),
        number: who.issue.as_ref().map(|(_, number)| *number),
        proof: who.proof,
        status: told.status.map(|status| status.to_string()),
        words: told.words.clone(),
        reporter: told.reporter.clone(),
        effect: words,
        undone_at: None,
    };
    Ok((report, effect))
}

async fn follows(app: &App, who: &Who, told: &Told) -> Result<(Effect, String), AppError> {
    let noted = |words: &str| Ok((Effect::Noted, words.to_owned()));
    match told.kind {
        ReportKind::Delayed => noted("nothing: it is late and still being tried"),
        ReportKind::Delivered => noted("nothing: it went on"),
        ReportKind::Autoreply => noted("nothing: a machine answered for the person"),
        ReportKind::Policy => {
            noted("nothing against the address: the mail was refused for what it is or who sends it; see to that")
        }
        ReportKind::Leave => leave(app, who).await,
        _ if bounces::block_on(&app.db, &who.email).await?.is_some() => {
            noted("nothing: the address was blocked already")
        }
        ReportKind::Complaint if who.proof.holds() => block("it was called spam"),
        ReportKind::Complaint => noted(
            "nothing: it does not show a mail of ours, so anybody may have written it; take the address off by hand if you believe it",
        ),
        ReportKind::Hard if who.proof.holds() => {
            let words = if told.words.is_empty() { "no reason given" } else { told.words.as_str() };
            block(&format!("undeliverable: {}", words.chars().take(160).collect::<String>()))
        }
        // A hard bounce that proves nothing counts no more than a soft one.
        ReportKind::Hard | ReportKind::Soft => soft(app, who).await,
    }
}

fn block(why: &str) -> Result<(Effect, String), AppError> {
    Ok((Effect::Block { why: why.to_owned() }, format!("blocked for every digest: {why}")))
}

async fn leave(app: &App, who: &Who) -> Result<(Effect, String), AppError> {
    if !who.proof.holds() && who.proof != Proof::Sender {
        let words = "nothing: it does not come from the address, nor shows a mail of ours; take the address off by hand if you believe it";
        return Ok((Effect::Noted, words.to_owned()));
    }
    let members = match who.subscriber_id {
        Some(id) if who.proof != Proof::Provider => subscribers::by_id(&app.db, id).await?.into_iter().collect(),
        // A provider that keeps an address back keeps it back from every digest.
        _ => subscribers::of_address(&app.db, &who.email).await?,
    };
    let on = members
        .iter()
        .map(|stored| &stored.subscriber)
        .filter(|member| matches!(member.state, SubscriberState::Active | SubscriberState::Pending));
    let (ids, digests): (Vec<_>, Vec<_>) = on.map(|member| (member.id, member.digest.clone())).unzip();
    Ok(match ids.is_empty() {
        true => (Effect::Noted, "nothing: the address was on no list any more".to_owned()),
        false => (Effect::Leave(ids), format!("left {}", digests.join(", "))),
    })
}

async fn soft(app: &App, who: &Who) -> Result<(Effect, String), AppError> {
    let settings = &app.settings.bounces;
    let also = who.issue.as_ref().map(|(digest, number)| (digest.as_str(), *number));
    if also.is_none() {
        let words =
            "nothing: it is of no issue that is known, and a confirmation counts only where there is no such address";
        return Ok((Effect::Noted, words.to_owned()));
    }
    let history = bounces::history(&app.db, &who.email, also, HISTORY).await?;
    let (row, span) = soft_streak(&history, app.clock.now());
    let (limit, least) = (settings.soft_limit, settings.soft_span);
    let so_far = format!("{row} of {limit} issues in a row");
    if row < limit {
        return Ok((Effect::Noted, format!("counted: {so_far} did not arrive")));
    }
    if span < least {
        let words = format!("counted: {so_far} did not arrive, but within {}", days(span));
        return Ok((Effect::Noted, format!("{words}, and blocking needs {}", days(least))));
    }
    block(&format!("{row} issues in a row did not arrive, over {}", days(span)))
}

fn days(span: Duration) -> String {
    match span.as_secs() / 86_400 {
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}
