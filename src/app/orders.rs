//! Orders placed for later: placing, listing, taking back, and carrying out what is due.

use std::sync::Arc;

use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;

use super::{
    App, AppError,
    compose::{self, Booking, Wish},
    send::{self, Order},
};
use crate::{
    model::{Digest, EmailAddress, Issue},
    store::{
        issues::Frozen,
        orders::{self, OrderState, PlacedOrder, StoredOrder},
    },
};

/// Orders that are listed at most.
const LISTED: i64 = 500;

/// What taking an order back came to.
#[derive(Debug)]
pub enum Cancelled {
    /// It will not be carried out.
    Now(Box<StoredOrder>),
    /// It had been taken back before.
    Before(Box<StoredOrder>),
    /// It was carried out, or given up.
    TooLate(Box<StoredOrder>),
}

/// What was placed for later, of one digest or of all: what waits first.
///
/// # Errors
/// Where the database fails.
pub async fn list(app: &App, digest: Option<&str>) -> Result<Vec<StoredOrder>, AppError> {
    Ok(orders::list(&app.db, digest, LISTED).await?)
}

/// Takes an order back, unless its time came first.
///
/// # Errors
/// Where there is no such order, or the database fails.
pub async fn cancel(app: &App, id: i64) -> Result<Cancelled, AppError> {
    let now = orders::cancel(&app.db, id, app.clock.now()).await?;
    let order = Box::new(orders::get(&app.db, id).await?.ok_or(AppError::NoOrder(id))?);
    if now {
        tracing::info!(order = id, digest = order.order.digest, "an order was taken back");
        return Ok(Cancelled::Now(order));
    }
    Ok(if order.state == OrderState::Cancelled { Cancelled::Before(order) } else { Cancelled::TooLate(order) })
}

/// An order as programs read it; the names are those of the order's own body.
#[derive(Debug, Serialize)]
pub struct OrderLine<'a> {
    id: i64,
    digest: &'a str,
    at: String,
    state: OrderState,
    reviews: &'a [String],
    note: Option<&'a str>,
    to: &'a [String],
    keep_window: bool,
    placed_at: Timestamp,
    finished_at: Option<Timestamp>,
    number: Option<u32>,
    url: Option<String>,
    why: Option<&'a str>,
}

/// An order for programs.
pub fn line<'a>(app: &App, stored: &'a StoredOrder) -> OrderLine<'a> {
    let StoredOrder { id, order, placed_at, state, number, why, finished_at } = stored;
    let zone = app.digest(&order.digest).map_or(TimeZone::UTC, |digest| digest.time_zone);
    OrderLine {
        id: *id,
        digest: &order.digest,
        at: order.at.display_with_offset(zone.to_offset(order.at)).to_string(),
        state: *state,
        reviews: &order.picks,
        note: order.note.as_deref(),
        to: &order.to,
        keep_window: order.keep_window,
        placed_at: *placed_at,
        finished_at: *finished_at,
        number: *number,
        url: number.map(|number| app.site.at(&["d", &order.digest, &number.to_string()]).to_string()),
        why: why.as_deref(),
    }
}

/// What became of an order, as words that follow "order 3 …".
pub fn fate(order: &StoredOrder) -> String {
    match (order.state, order.number, &order.why) {
        (OrderState::Waiting, ..) => "waits".to_owned(),
        (OrderState::Sent, Some(number), _) => format!("was sent as #{number}"),
        (OrderState::Sent, None, _) => "was sent as a test".to_owned(),
        (OrderState::Failed, _, Some(why)) => format!("failed: {why}"),
        (OrderState::Failed, _, None) => "failed".to_owned(),
        (OrderState::Cancelled, ..) => "was cancelled".to_owned(),
    }
}

/// What an order asks for, in a few words.
pub fn what(order: &PlacedOrder) -> String {
    match order.picks.len() {
        0 => "what is new".to_owned(),
        1 => "1 picked review".to_owned(),
        picks => format!("{picks} picked reviews"),
    }
}

/// Places an order; `None` where its key was used before.
pub(super) async fn place(
    app: &App,
    digest: &Digest,
    order: &Order,
    to: &[EmailAddress],
    at: Timestamp,
) -> Result<Option<StoredOrder>, AppError> {
    // Links and files are read now, while somebody is there to see a mistake; the order keeps what they held.
    let picks = compose::keep_picks(app, digest, &order.wish.picks).await?;
    let key = match &order.idempotency_key {
        Some(key) => key.clone(),
        None => format!("order-{:x}", app.fresh_id()?),
    };
    let placed = PlacedOrder {
        digest: digest.name.to_string(),
        key,
        at,
        picks,
        note: order.wish.note.clone(),
        to: to.iter().map(ToString::to_string).collect(),
        keep_window: order.keeps_window(),
        fingerprint: Some(order.fingerprint()),
    };
    let Some(id) = orders::place(&app.db, &placed, app.clock.now()).await? else { return Ok(None) };
    tracing::info!(digest = %digest.name, order = id, %at, "a one-off is placed");
    Ok(orders::get(&app.db, id).await?)
}

/// The orders whose time has come.
///
/// # Errors
/// Where the database fails.
pub async fn due(app: &App, now: Timestamp) -> Result<Vec<StoredOrder>, AppError> {
    Ok(orders::due(&app.db, now).await?)
}

/// Carries out an order whose time has come, and gives whether it made an issue. One that cannot be carried out is
/// noted as failed, unless the house is to blame: then it waits for the next tick.
///
/// # Errors
/// Where the database fails.
pub async fn carry_out(app: &Arc<App>, placed: &StoredOrder) -> Result<bool, AppError> {
    let late = app.clock.now().duration_since(placed.order.at);
    if late.unsigned_abs() > app.settings.grace {
        let (digest, order) = (&placed.order.digest, placed.id);
        tracing::warn!(digest, order, minutes_late = late.as_mins(), "an order is carried out late");
    }
    let error = match attempt(app, placed).await {
        Ok(made) => return Ok(made),
        Err(error @ AppError::Store(_)) => return Err(error),
        Err(error) => error,
    };
    tracing::error!(digest = placed.order.digest, order = placed.id, %error, "an order could not be carried out");
    orders::fail(&app.db, placed.id, OrderState::Waiting, &error.to_string(), app.clock.now()).await?;
    Ok(false)
}

async fn attempt(app: &Arc<App>, placed: &StoredOrder) -> Result<bool, AppError> {
    let digest = app.digest(&placed.order.digest)?;
    if !placed.order.to.is_empty() {
        test(app, &digest, placed).await?;
        return Ok(false);
    }
    let booking = Booking {
        order: Some(placed.id),
        keep_window: placed.order.keep_window,
        idempotency_key: Some(placed.order.key.clone()),
        fingerprint: placed.order.fingerprint.clone(),
        ..Booking::default()
    };
    match compose::freeze(app, &digest, &wish(placed), &booking).await? {
        Frozen::Issue { .. } => Ok(true),
        Frozen::Already(Some(number)) => {
            orders::made_before(&app.db, placed.id, number, app.clock.now()).await?;
            Ok(false)
        }
        Frozen::Already(None) => Ok(false),
        Frozen::TooFew { found, minimum } => Err(AppError::TooFew { digest: digest.name.to_string(), found, minimum }),
    }
}

fn wish(placed: &StoredOrder) -> Wish {
    Wish { picks: placed.order.picks.clone(), note: placed.order.note.clone(), ..Wish::default() }
}

/// Sends the test that was ordered; `None` where it was sent or taken back meanwhile. It is taken before the first
/// mail goes out, so that a crash leaves a test that did not arrive rather than one that arrives twice.
pub(super) async fn test(
    app: &Arc<App>,
    digest: &Digest,
    placed: &StoredOrder,
) -> Result<Option<Box<Issue>>, AppError> {
    let parse = |text: &String| EmailAddress::parse(text).map_err(|error| AppError::Input(error.to_string()));
    let to = placed.order.to.iter().map(parse).collect::<Result<Vec<_>, _>>()?;
    if !orders::take_test(&app.db, placed.id, app.clock.now()).await? {
        return Ok(None);
    }
    let sent = send::write_test(app, digest, &wish(placed), &to).await;
    if let Err(error) = &sent {
        orders::fail(&app.db, placed.id, OrderState::Sent, &error.to_string(), app.clock.now()).await?;
    }
    sent.map(Some)
}
