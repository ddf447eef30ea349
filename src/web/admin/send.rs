//! `/admin/send`: a one-off by the button.

use axum::{body::Bytes, extract::State, http::HeaderMap, response::Response};

use super::{dashboard::dashboard, session::Session};
use crate::{
    app::{
        App,
        compose::Wish,
        orders::fate,
        send::{self, Order, Sent, local_time},
    },
    model::moment::Moment,
    render::{page::OneOff, text::tally, view::IssueView},
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
            whom: fields.one("whom").to_owned(),
            at: fields.one("at").to_owned(),
            window: fields.one("window").to_owned(),
            dry_run: !fields.one("dry_run").is_empty(),
            key: fields.one("key").to_owned(),
        };
        let order = match order(&fields, &one_off) {
            Ok(order) => order,
            Err(why) => return html(&dashboard(app, &session, Some(format!("Not sent. {why}")), one_off).await?),
        };
        let sent = match send::send(app, &one_off.digest, &order).await {
            Ok(sent) => sent,
            Err(error) => return html(&dashboard(app, &session, Some(format!("Not sent. {error}")), one_off).await?),
        };
        web.nudge();
        let notice = in_words(app, &sent);
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

/// What a form orders, or what in it cannot be meant.
fn order(fields: &Fields, one_off: &OneOff) -> Result<Order, String> {
    let to = fields.rows("to");
    match (one_off.whom.as_str(), to.is_empty()) {
        ("list", false) => return Err("It is set to go to the whole list, but addresses are given: choose one.".into()),
        ("addresses", true) => return Err("Give the addresses that the test is for.".into()),
        _ => {}
    }
    let at = Some(&one_off.at).filter(|at| !at.is_empty()).map(|at| at.parse::<Moment>()).transpose();
    Ok(Order {
        wish: Wish {
            picks: fields.rows("reviews"),
            note: Some(one_off.note.clone()).filter(|note| !note.is_empty()),
            ..Wish::default()
        },
        to,
        at: at.map_err(|error| error.to_string())?,
        keep_window: match one_off.window.as_str() {
            "keep" => Some(true),
            "move" => Some(false),
            _ => None,
        },
        dry_run: one_off.dry_run,
        // Loading the answer again must not send again.
        idempotency_key: Some(one_off.key.clone()).filter(|key| !key.is_empty()),
        files: false,
    })
}

/// What was done, as a sentence.
fn in_words(app: &App, sent: &Sent) -> String {
    match sent {
        Sent::Shown(issue) => format!(
            "A dry run: #{} would be “{}”, with {} quoted. Nothing was sent or used.",
            issue.number,
            issue.subject,
            tally(issue.quoted() as u64, "review", "reviews")
        ),
        Sent::Tested { issue, to } => {
            format!("A test of “{}” went to {}. Nothing was used.", issue.subject, to.join(", "))
        }
        Sent::Frozen { issue, recipients } => {
            let recipients = tally(*recipients, "recipient", "recipients");
            format!("Issue #{} “{}” is frozen and goes out to {recipients}.", issue.number, issue.subject)
        }
        Sent::Already(number) => format!("This order was carried out before, as issue #{number}."),
        Sent::Placed { order, note } => {
            let at = local_time(app, &order.order.digest, order.order.at);
            let clocks = note.map(|note| format!(" Note that {note}.")).unwrap_or_default();
            format!("Order {} is placed for {at}.{clocks}", order.id)
        }
        Sent::PlacedBefore(order) => format!("This order was placed before, as {}: it {}.", order.id, fate(order)),
    }
}
