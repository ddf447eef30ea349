//! `/admin/orders`: taking back what was ordered for later.

use axum::{body::Bytes, extract::State, http::HeaderMap, response::Response};

use super::{dashboard::dashboard, session::Session};
use crate::{
    app::{
        App,
        orders::{self, Cancelled},
        send::local_time,
    },
    render::page::{AdminOrder, OneOff},
    store::orders::{OrderState, StoredOrder},
    web::{
        error::{WebError, answered, page as html},
        form::Fields,
        state::Web,
    },
};

/// Takes an order back and says whether that came in time.
pub async fn cancel(State(web): State<Web>, headers: HeaderMap, body: Bytes) -> Response {
    answered(&web, async {
        let fields = Fields::read(&body);
        let session = Session::of_form(&web, &headers, &fields).await?;
        let id = fields.one("order").parse().map_err(|_| WebError::NotFound)?;
        let notice = match orders::cancel(web.app(), id).await? {
            Cancelled::Now(_) => format!("Order {id} is taken back."),
            Cancelled::Before(_) => format!("Order {id} was taken back before."),
            Cancelled::TooLate(order) => format!("Too late: order {id} {}.", orders::fate(&order)),
        };
        html(&dashboard(web.app(), &session, Some(notice), OneOff::default()).await?)
    })
    .await
}

/// An order as the desk shows it.
pub fn row(app: &App, stored: &StoredOrder) -> AdminOrder {
    let order = &stored.order;
    let whom = if order.to.is_empty() { "the list".to_owned() } else { format!("a test to {}", order.to.join(", ")) };
    AdminOrder {
        id: stored.id,
        digest: order.digest.clone(),
        at: local_time(app, &order.digest, order.at),
        what: format!("{}, {whom}", orders::what(order)),
        note: order.note.clone(),
        fate: orders::fate(stored),
        waits: stored.state == OrderState::Waiting,
    }
}
