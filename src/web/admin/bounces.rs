//! `/admin/bounces`: blocked addresses, reports with their mails, and lifting a block.

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use jiff::Timestamp;

use super::session::Session;
use crate::{
    app::bounces,
    render::page::{AdminBlock, AdminBounces, AdminReport, AdminReportRow, Shell},
    store::bounces::{Block, Report, Wanted},
    web::{
        error::{WebError, answered, page as html},
        form::Fields,
        state::Web,
    },
};

/// Blocks and reports shown.
const SHOWN: i64 = 200;

/// What came back.
pub async fn page(State(web): State<Web>, headers: HeaderMap) -> Response {
    answered(&web, async {
        let session = Session::of(&web, &headers).await?;
        html(&overview(&web, &session, None).await?)
    })
    .await
}

/// One report.
pub async fn report(State(web): State<Web>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    answered(&web, async {
        let session = Session::of(&web, &headers).await?;
        let shown = bounces::show(web.app(), &id).await.map_err(|_| WebError::NotFound)?;
        let source = format!("from {}, tied to the address by {}", shown.report.source, shown.report.proof.as_str());
        html(&AdminReport {
            shell: Shell::private(&web.app().site, "A report"),
            csrf: session.csrf(),
            row: row(shown.report),
            source,
            block: shown.block.map(block),
            raw: shown.raw,
            cut: shown.cut,
        })
    })
    .await
}

/// Lifts a block.
pub async fn undo(State(web): State<Web>, headers: HeaderMap, body: Bytes) -> Response {
    answered(&web, async {
        let fields = Fields::read(&body);
        let session = Session::of_form(&web, &headers, &fields).await?;
        let (email, back) = bounces::undo(web.app(), fields.one("address")).await?;
        let notice = format!("The block of {email} is lifted; {back} memberships stand again.");
        html(&overview(&web, &session, Some(notice)).await?)
    })
    .await
}

async fn overview(web: &Web, session: &Session, notice: Option<String>) -> Result<AdminBounces, WebError> {
    let app = web.app();
    let settings = &app.settings.bounces;
    Ok(AdminBounces {
        shell: Shell::private(&app.site, "Bounces"),
        csrf: session.csrf(),
        notice,
        listening: settings.mailbox.is_some() || settings.hook_token.is_some() || settings.mailgun_key.is_some(),
        blocks: bounces::blocked(app, SHOWN).await?.into_iter().map(block).collect(),
        reports: bounces::list(app, &Wanted::default(), SHOWN).await?.into_iter().map(row).collect(),
    })
}

fn block(block: Block) -> AdminBlock {
    AdminBlock { address: block.email.to_string(), why: block.why, since: minute(block.at), report: block.report_id }
}

/// A report as a line of a table.
pub(super) fn row(report: Report) -> AdminReportRow {
    let undone = if report.undone_at.is_some() { " (undone)" } else { "" };
    AdminReportRow {
        at: minute(report.taken_at),
        kind: report.kind.as_str(),
        address: report.email.to_string(),
        issue: report.digest.zip(report.number).map(|(digest, number)| format!("{digest} #{number}")),
        words: report.words,
        effect: format!("{}{undone}", report.effect),
        id: report.id,
    }
}

fn minute(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M").to_string()
}
