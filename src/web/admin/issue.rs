//! `/admin/d/{digest}/{number}`: an issue's deliveries, and decisions about them.

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};

use super::{bounces::row as report_row, dashboard::issue_row, session::Session};
use crate::{
    app::{
        bounces,
        deliver::{self, Command},
        digest_name,
    },
    model::{Books, DeliveryState, DigestName},
    render::page::{AdminControl, AdminDelivery, AdminIssue, Shell},
    store::{
        bounces::{Report, Wanted},
        issues::{self, IssueState},
        ledger::{self, Delivery, acts::Decision, halts},
    },
    web::{
        error::{WebError, answered, page as html},
        form::Fields,
        state::Web,
    },
};

/// Deliveries shown of each state, those that need a person first.
const SHOWN: u32 = 200;

/// An issue's deliveries.
pub async fn page(State(web): State<Web>, Path((name, number)): Path<(String, u32)>, headers: HeaderMap) -> Response {
    answered(&web, async {
        let session = Session::of(&web, &headers).await?;
        html(&issue_page(&web, &session, &digest_name(&name)?, number, None).await?)
    })
    .await
}

/// Carries a decision out.
pub async fn decide(
    State(web): State<Web>,
    Path((name, number)): Path<(String, u32)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    answered(&web, async {
        let fields = Fields::read(&body);
        let session = Session::of_form(&web, &headers, &fields).await?;
        let digest = digest_name(&name)?;
        let command = command(fields.one("act"), fields.one("delivery"))
            .ok_or_else(|| WebError::BadRequest("Choose what to do with which delivery.".to_owned()))?;
        let moved = deliver::command(web.app(), &digest, number, command).await?;
        web.nudge();
        let notice = match (moved, command) {
            (_, Command::Pause) => "Paused: nothing more is begun until it is resumed.".to_owned(),
            (_, Command::Resume) => "Resumed.".to_owned(),
            (spared, Command::Cancel) => {
                format!("Cancelled: {spared} recipients are spared. What was on its way still arrives.")
            }
            (0, Command::Decide(..)) => "Nothing was changed: that was decided or settled meanwhile.".to_owned(),
            (1, Command::Decide(..)) => "Done.".to_owned(),
            (moved, Command::Decide(..)) => format!("Done for {moved} recipients."),
        };
        html(&issue_page(&web, &session, &digest, number, Some(notice)).await?)
    })
    .await
}

/// What a form asks for: about one delivery where it names one, else about the whole issue.
fn command(act: &str, delivery: &str) -> Option<Command> {
    let one = match delivery {
        "" => None,
        id => Some(id.parse().ok()?),
    };
    Some(match (act, one) {
        ("pause", None) => Command::Pause,
        ("resume", None) => Command::Resume,
        ("cancel", None) => Command::Cancel,
        ("resend" | "resend-uncertain", one) => Command::Decide(Decision::ResendUncertain, one),
        ("resend-failed", one) => Command::Decide(Decision::ResendFailed, one),
        ("arrived", one) => Command::Decide(Decision::Arrived, one),
        ("leave", one) => Command::Decide(Decision::Leave, one),
        _ => return None,
    })
}

/// What can be done with the whole issue as it stands.
fn controls(state: IssueState, books: &Books) -> Vec<AdminControl> {
    let mut controls = Vec::new();
    let mut add = |act, label: String, weighty| controls.push(AdminControl { act, label, weighty });
    match state {
        IssueState::Sending if !books.done() => add("pause", "Pause".to_owned(), false),
        IssueState::Paused => add("resume", "Resume".to_owned(), false),
        IssueState::Sending | IssueState::Cancelled => {}
    }
    if state != IssueState::Cancelled {
        if books.failed > 0 {
            add("resend-failed", format!("Send the {} failed again", books.failed), false);
        }
        if books.uncertain > 0 {
            add("resend-uncertain", format!("Send the {} uncertain again", books.uncertain), false);
        }
    }
    if books.uncertain > 0 {
        add("arrived", format!("Take the {} uncertain as arrived", books.uncertain), true);
        add("leave", format!("Leave the {} uncertain", books.uncertain), true);
    }
    if state != IssueState::Cancelled && !books.done() {
        add("cancel", "Cancel what is not sent".to_owned(), true);
    }
    controls
}

async fn issue_page(
    web: &Web,
    session: &Session,
    digest: &DigestName,
    number: u32,
    notice: Option<String>,
) -> Result<AdminIssue, WebError> {
    const FIRST: [DeliveryState; 7] = [
        DeliveryState::Uncertain,
        DeliveryState::Failed,
        DeliveryState::Deferred,
        DeliveryState::Claimed,
        DeliveryState::Waiting,
        DeliveryState::Excluded,
        DeliveryState::Sent,
    ];
    let app = web.app();
    let stored = issues::get(&app.db, digest.as_str(), number).await?.ok_or(WebError::NotFound)?;
    let row = issue_row(app, &stored).await?;
    let mut deliveries = Vec::new();
    for state in FIRST {
        let listed = ledger::list(&app.db, digest, number, Some(state), 0, SHOWN).await?;
        let came_back = bounces::of_deliveries(app, &listed).await?;
        deliveries.extend(listed.into_iter().zip(came_back).map(delivery_row));
    }
    let halted = halts::list(&app.db, app.clock.now()).await?.into_iter().find(|_| !row.books.done());
    let halted = halted.map(|halt| format!("Delivery is halted, and nobody fails by this: {}", halt.why));
    let about = Wanted { digest: Some(digest.as_str()), number: Some(number), ..Wanted::default() };
    let reports = bounces::list(app, &about, i64::from(SHOWN)).await?;
    let hidden = row.books.recipients.saturating_sub(deliveries.len() as u64);
    Ok(AdminIssue {
        shell: Shell::private(&app.site, format!("{digest} #{number}")),
        csrf: session.csrf(),
        notice: notice.or(halted),
        url: app.site.issue(digest, number).to_string(),
        controls: controls(stored.state, &row.books),
        row,
        deliveries,
        hidden,
        came_back: bounces::summary_of_issue(app, digest, number).await?,
        reports: reports.into_iter().map(report_row).collect(),
    })
}

fn delivery_row((delivery, came_back): (Delivery, Vec<Report>)) -> AdminDelivery {
    AdminDelivery {
        id: delivery.key.subscriber_id.to_string(),
        to: delivery.email.to_string(),
        state: delivery.state,
        reply: delivery.reply.unwrap_or_default(),
        at: delivery.updated_at.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        attempts: delivery.attempts,
        came_back: came_back.into_iter().map(|report| (report.kind.as_str(), report.id)).collect(),
    }
}
