//! `/admin/d/{digest}/{number}`: an issue's deliveries, and decisions about them.

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};

use super::{dashboard::issue_row, session::Session};
use crate::{
    app::deliver::{self, Command},
    app::digest_name,
    model::{DeliveryState, DigestName},
    render::page::{AdminDelivery, AdminIssue, Shell},
    store::{
        issues,
        ledger::{self, Delivery, acts::Decision},
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
        let subscriber = fields.one("delivery").parse().ok();
        let command = match (fields.one("act"), subscriber) {
            ("resend", Some(id)) => Command::Decide(Decision::ResendUncertain, Some(id)),
            ("leave", Some(id)) => Command::Decide(Decision::Leave, Some(id)),
            _ => return Err(WebError::BadRequest("Choose what to do with which delivery.".to_owned())),
        };
        let moved = deliver::command(web.app(), &digest, number, command).await?;
        web.nudge();
        let notice = match moved {
            0 => "Nothing was changed: that delivery is not uncertain any longer.",
            _ => "Done.",
        };
        html(&issue_page(&web, &session, &digest, number, Some(notice.to_owned())).await?)
    })
    .await
}

async fn issue_page(
    web: &Web,
    session: &Session,
    digest: &DigestName,
    number: u32,
    notice: Option<String>,
) -> Result<AdminIssue, WebError> {
    const FIRST: [DeliveryState; 8] = [
        DeliveryState::Uncertain,
        DeliveryState::Failed,
        DeliveryState::Deferred,
        DeliveryState::Handing,
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
        deliveries.extend(listed.into_iter().map(delivery_row));
    }
    let hidden = row.books.recipients.saturating_sub(deliveries.len() as u64);
    Ok(AdminIssue {
        shell: Shell::private(&app.site, format!("{digest} #{number}")),
        csrf: session.csrf(),
        notice,
        url: app.site.issue(digest, number).to_string(),
        row,
        deliveries,
        hidden,
    })
}

fn delivery_row(delivery: Delivery) -> AdminDelivery {
    AdminDelivery {
        id: delivery.key.subscriber_id.to_string(),
        to: delivery.email.to_string(),
        state: delivery.state,
        reply: delivery.reply.unwrap_or_default(),
        at: delivery.updated_at.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        attempts: delivery.attempts,
    }
}
