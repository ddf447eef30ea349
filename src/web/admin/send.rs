//! `/admin/send`: a one-off by the button.

use axum::{body::Bytes, extract::State, http::HeaderMap, response::Response};

use super::{dashboard::dashboard, session::Session};
use crate::{
    app::{
        compose::Wish,
        send::{self, Order, Sent},
    },
    render::{page::OneOff, view::IssueView},
    web::{
        error::{answered, page as html},
        form::Fields,
        state::Web,
    },
};

/// Carries the form out and says what was done.
pub async fn send(State(web): State<Web>, headers: HeaderMap, body: Bytes) -> Response {
    answered(&web, async {
        let fields = Fields::read(&body);
        let session = Session::of_form(&web, &headers, &fields).await?;
        let app = web.app();
        let one_off = OneOff {
            digest: fields.one("digest").to_owned(),
            note: fields.one("note").to_owned(),
            reviews: fields.one("reviews").to_owned(),
            to: fields.one("to").to_owned(),
            dry_run: !fields.one("dry_run").is_empty(),
            key: fields.one("key").to_owned(),
        };
        let order = Order {
            wish: Wish {
                picks: fields.rows("reviews"),
                note: Some(one_off.note.clone()).filter(|note| !note.is_empty()),
                ..Wish::default()
            },
            to: fields.rows("to"),
            dry_run: one_off.dry_run,
            // Loading the answer again must not send again.
            idempotency_key: Some(one_off.key.clone()).filter(|key| !key.is_empty()),
            ..Order::default()
        };
        let sent = match send::send(app, &one_off.digest, &order).await {
            Ok(sent) => sent,
            Err(error) => return html(&dashboard(app, &session, Some(format!("Not sent. {error}")), one_off).await?),
        };
        web.nudge();
        let notice = in_words(&sent);
        let again = OneOff::default();
        let form = if order.dry_run { one_off } else { again };
        let mut page = dashboard(app, &session, Some(notice), form).await?;
        if let Sent::Shown(issue) = &sent {
            page.shown = Some(IssueView::new(issue, &app.site));
        }
        html(&page)
    })
    .await
}

/// What was done, as a sentence.
fn in_words(sent: &Sent) -> String {
    match sent {
        Sent::Shown(issue) => format!(
            "A dry run: #{} would be “{}”, with {} quoted. Nothing was sent or used.",
            issue.number,
            issue.subject,
            counted(issue.quoted() as u64, "review", "reviews")
        ),
        Sent::Tested { issue, to } => {
            format!("A test of “{}” went to {}. Nothing was used.", issue.subject, to.join(", "))
        }
        Sent::Frozen { issue, recipients } => {
            let recipients = counted(*recipients, "recipient", "recipients");
            format!("Issue #{} “{}” is frozen and goes out to {recipients}.", issue.number, issue.subject)
        }
        Sent::Already(number) => format!("This order was carried out before, as issue #{number}."),
        Sent::Placed { at } => format!("The order is placed for {at}."),
    }
}

fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
