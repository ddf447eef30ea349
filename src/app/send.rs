//! A one-off by hand: command line, API and button are the same act.

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    App, AppError, collect,
    compose::{self, Booking, Wish},
    deliver,
};
use crate::{
    model::{Digest, EmailAddress, Issue},
    store::{
        issues::Frozen,
        orders::{self, PlacedOrder},
    },
};

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct Order {
    /// What should be in it.
    pub wish: Wish,
    /// Test addresses: with any, nothing is used up and nobody else gets it.
    pub to: Vec<String>,
    /// When; now where `None`.
    pub at: Option<Timestamp>,
    /// Whether the next window stays where it would have started; `None` keeps it for picked reviews, which say
    /// nothing of the others that wait.
    pub keep_window: Option<bool>,
    /// Whether picks may be files of this machine: only for whoever sits at it.
    pub files: bool,
    /// Only tells what would be sent.
    pub dry_run: bool,
    /// A key by which a repeated order is recognised.
    pub idempotency_key: Option<String>,
}

/// Longest word from the editor, in characters: the issue's mail has room for little more beside its quotes.
const LONGEST_NOTE: usize = 10_000;

impl Order {
    fn keeps_window(&self) -> bool {
        self.keep_window.unwrap_or(!self.wish.picks.is_empty())
    }
}

/// What was done.
#[derive(Debug)]
pub enum Sent {
    /// A dry run: what would be sent.
    Shown(Box<Issue>),
    /// A test went to these addresses.
    Tested {
        /// The issue as it would be.
        issue: Box<Issue>,
        /// Who got it.
        to: Vec<String>,
    },
    /// An issue was frozen; its deliveries are in the ledger.
    Frozen {
        /// The issue.
        issue: Box<Issue>,
        /// Its recipients.
        recipients: u64,
    },
    /// The order had been carried out, as this issue.
    Already(u32),
    /// The order will be carried out by the scheduler.
    Placed {
        /// When.
        at: Timestamp,
    },
}

/// Carries an order out.
///
/// # Errors
/// Where the digest is not known, there is too little news, an address or a picked review cannot be used, or
/// a part of the house fails.
pub async fn send(app: &Arc<App>, digest: &str, order: &Order) -> Result<Sent, AppError> {
    let digest = app.digest(digest)?;
    let to = addresses(&order.to)?;
    if order.wish.note.as_ref().is_some_and(|note| note.chars().count() > LONGEST_NOTE) {
        return Err(AppError::Input(format!("the note is longer than {LONGEST_NOTE} characters")));
    }
    if !order.files {
        compose::refuse_files(app, &order.wish.picks).await?;
    }
    if let Some(at) = order.at.filter(|at| *at > app.clock.now() && !order.dry_run && to.is_empty()) {
        return place(app, &digest, order, at).await;
    }
    if order.wish.picks.is_empty() {
        collect::before_composing(app, &digest).await?;
    }
    if order.dry_run || !to.is_empty() {
        let outcome = compose::preview(app, &digest, &order.wish).await?;
        let issue = Box::new(compose::issue_or_why(&digest, outcome)?);
        if order.dry_run {
            return Ok(Sent::Shown(issue));
        }
        deliver::send_test(app, &issue, &to).await?;
        return Ok(Sent::Tested { issue, to: to.iter().map(ToString::to_string).collect() });
    }
    let booking =
        Booking { due_at: None, keep_window: order.keeps_window(), idempotency_key: order.idempotency_key.clone() };
    match compose::freeze(app, &digest, &order.wish, &booking).await? {
        Frozen::Issue { issue, recipients } => Ok(Sent::Frozen { issue, recipients }),
        Frozen::Already(Some(number)) => Ok(Sent::Already(number)),
        Frozen::Already(None) => Err(AppError::Input("this order was carried out before, without an issue".to_owned())),
        Frozen::TooFew { found, minimum } => Err(AppError::TooFew { digest: digest.name.to_string(), found, minimum }),
    }
}

fn addresses(texts: &[String]) -> Result<Vec<EmailAddress>, AppError> {
    texts.iter().map(|text| EmailAddress::parse(text).map_err(|error| AppError::Input(error.to_string()))).collect()
}

async fn place(app: &App, digest: &Digest, order: &Order, at: Timestamp) -> Result<Sent, AppError> {
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
        keep_window: order.keeps_window(),
    };
    orders::place(&app.db, &placed, app.clock.now()).await?;
    tracing::info!(digest = %digest.name, %at, "a one-off is placed");
    Ok(Sent::Placed { at })
}

/// Carries out the orders whose time has come. One that fails is noted as failed and does not stop the others.
///
/// # Errors
/// Where the database fails.
pub async fn send_due(app: &Arc<App>) -> Result<usize, AppError> {
    let mut sent = 0;
    for placed in orders::due(&app.db, app.clock.now()).await? {
        let order = Order {
            wish: Wish { picks: placed.picks.clone(), note: placed.note.clone(), ..Wish::default() },
            keep_window: Some(placed.keep_window),
            idempotency_key: Some(placed.key.clone()),
            // An order of an earlier version may name a file.
            files: true,
            ..Order::default()
        };
        // The key makes a second try after a crash find the issue of the first.
        let outcome = match send(app, &placed.digest, &order).await {
            Ok(_) => {
                sent += 1;
                "done".to_owned()
            }
            Err(error) => {
                tracing::error!(digest = placed.digest, %error, "a placed one-off could not be sent");
                error.to_string()
            }
        };
        orders::finish(&app.db, &placed, &outcome, app.clock.now()).await?;
    }
    Ok(sent)
}
