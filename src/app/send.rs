//! A one-off by hand: command line, API and desk are the same act. What is placed for later is in [`super::orders`].

use std::sync::Arc;

use jiff::{Timestamp, tz::TimeZone};
use sha2::{Digest as _, Sha256};

use super::{
    App, AppError, collect,
    compose::{self, Booking, Wish},
    deliver, orders,
};
use crate::{
    model::{Digest, EmailAddress, Issue, moment::Moment, schedule::DstNote},
    render::text::day_stamp,
    store::{
        issues::{self, Frozen},
        orders::{self as stored, StoredOrder},
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
    pub at: Option<Moment>,
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

/// Longest idempotency key, in bytes.
const LONGEST_KEY: usize = 200;

impl Order {
    pub(super) fn keeps_window(&self) -> bool {
        self.keep_window.unwrap_or(!self.wish.picks.is_empty())
    }

    /// A hash of all that is ordered, as asked for: two orders of one key are the same where it is.
    pub(super) fn fingerprint(&self) -> String {
        let Wish { since, until, picks, note } = &self.wish;
        let all = serde_json::json!([since, until, picks, note, self.to, self.at, self.keep_window]);
        Sha256::digest(all.to_string()).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
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
        /// The order.
        order: Box<StoredOrder>,
        /// What a change of the clocks did to its time.
        note: Option<DstNote>,
    },
    /// The order had been placed, and this is what became of it so far.
    PlacedBefore(Box<StoredOrder>),
}

/// Carries an order out, or places it where its time lies ahead.
///
/// # Errors
/// Where the digest is not known, there is too little news, an address, a time or a picked review cannot be used,
/// the key stands for another order, or a part of the house fails.
pub async fn send(app: &Arc<App>, digest: &str, order: &Order) -> Result<Sent, AppError> {
    let digest = app.digest(digest)?;
    let to = addresses(&order.to)?;
    check_lengths(order)?;
    if !order.files {
        compose::refuse_files(app, &order.wish.picks).await?;
    }
    if !order.dry_run
        && let Some(earlier) = carried_out_before(app, &digest, order).await?
    {
        return Ok(earlier);
    }
    let at = order.at.map(|at| time_of(app, &digest, at)).transpose()?;
    if !order.dry_run && !to.is_empty() && digest.email.is_none() {
        return Err(AppError::NoMail(digest.name.to_string()));
    }
    if !order.dry_run {
        if let Some((at, note)) = at.filter(|(at, _)| *at > app.clock.now()) {
            return match orders::place(app, &digest, order, &to, at).await? {
                Some(placed) => Ok(Sent::Placed { order: Box::new(placed), note }),
                None => repeated(app, &digest, order).await,
            };
        }
        if !to.is_empty() {
            return test_now(app, &digest, order, &to).await;
        }
    }
    if order.wish.picks.is_empty() {
        collect::before_composing(app, &[&digest]).await?;
    }
    if order.dry_run {
        let outcome = compose::preview(app, &digest, &order.wish).await?;
        return Ok(Sent::Shown(Box::new(compose::issue_or_why(&digest, outcome)?)));
    }
    let fingerprint = order.idempotency_key.as_ref().map(|_| order.fingerprint());
    let booking = Booking {
        keep_window: order.keeps_window(),
        idempotency_key: order.idempotency_key.clone(),
        fingerprint,
        ..Booking::default()
    };
    match compose::freeze(app, &digest, &order.wish, &booking).await? {
        Frozen::Issue { issue, recipients } => Ok(Sent::Frozen { issue, recipients }),
        Frozen::Already(_) => repeated(app, &digest, order).await,
        Frozen::TooFew { found, minimum } => Err(AppError::TooFew { digest: digest.name.to_string(), found, minimum }),
    }
}

fn check_lengths(order: &Order) -> Result<(), AppError> {
    if order.wish.note.as_ref().is_some_and(|note| note.chars().count() > LONGEST_NOTE) {
        return Err(AppError::Input(format!("the note is longer than {LONGEST_NOTE} characters")));
    }
    if order.idempotency_key.as_ref().is_some_and(|key| key.len() > LONGEST_KEY) {
        return Err(AppError::Input(format!("the Idempotency-Key is longer than {LONGEST_KEY} bytes")));
    }
    Ok(())
}

/// When an order is for. A time that lies back is refused where it cannot be meant as now: a year mistyped would send
/// to the whole list at once.
fn time_of(app: &App, digest: &Digest, at: Moment) -> Result<(Timestamp, Option<DstNote>), AppError> {
    let beyond = || AppError::Input(format!("{at} lies beyond what can be reckoned with"));
    let (time, note) = at.in_zone(&digest.time_zone).ok_or_else(beyond)?;
    let now = app.clock.now();
    if time < now && now.duration_since(time).unsigned_abs() > app.settings.grace {
        let now = now.strftime("%Y-%m-%dT%H:%MZ");
        return Err(AppError::Input(format!("{at} has gone by (it is {now}): leave the time out to send now")));
    }
    Ok((time, note))
}

fn addresses(texts: &[String]) -> Result<Vec<EmailAddress>, AppError> {
    texts.iter().map(|text| EmailAddress::parse(text).map_err(|error| AppError::Input(error.to_string()))).collect()
}

/// What the key of an order has led to.
async fn carried_out_before(app: &App, digest: &Digest, order: &Order) -> Result<Option<Sent>, AppError> {
    let Some(key) = &order.idempotency_key else { return Ok(None) };
    let name = digest.name.as_str();
    let issue = issues::by_key(&app.db, name, key).await?;
    let placed = stored::by_key(&app.db, name, key).await?;
    let ordered = match (&issue, &placed) {
        // The order knows what was asked for, its issue only what it became.
        (_, Some(placed)) => placed.order.fingerprint.as_ref(),
        (Some((_, fingerprint)), None) => fingerprint.as_ref(),
        (None, None) => return Ok(None),
    };
    if ordered.is_some_and(|ordered| *ordered != order.fingerprint()) {
        return Err(AppError::KeyTaken { digest: name.to_owned(), key: key.clone() });
    }
    let became = issue.map(|(number, _)| Sent::Already(number));
    Ok(became.or_else(|| placed.map(|placed| Sent::PlacedBefore(Box::new(placed)))))
}

/// What came of an order of the same key that another process was carrying out at the same time.
async fn repeated(app: &App, digest: &Digest, order: &Order) -> Result<Sent, AppError> {
    let before = carried_out_before(app, digest, order).await?;
    before.ok_or_else(|| AppError::Input("this order was carried out before, without an issue".to_owned()))
}

/// Sends a test now. One with a key is noted first, so that nobody gets it twice by that key.
async fn test_now(app: &Arc<App>, digest: &Digest, order: &Order, to: &[EmailAddress]) -> Result<Sent, AppError> {
    if order.idempotency_key.is_some() {
        return match orders::place(app, digest, order, to, app.clock.now()).await? {
            Some(placed) => orders::test(app, digest, &placed).await?.map_or_else(
                || Err(AppError::Input("this test was sent or taken back meanwhile".to_owned())),
                |issue| Ok(tested(issue, to)),
            ),
            None => repeated(app, digest, order).await,
        };
    }
    Ok(tested(write_test(app, digest, &order.wish, to).await?, to))
}

fn tested(issue: Box<Issue>, to: &[EmailAddress]) -> Sent {
    Sent::Tested { issue, to: to.iter().map(ToString::to_string).collect() }
}

/// Sends what would be the issue to addresses of one's own.
pub(super) async fn write_test(
    app: &Arc<App>,
    digest: &Digest,
    wish: &Wish,
    to: &[EmailAddress],
) -> Result<Box<Issue>, AppError> {
    if wish.picks.is_empty() {
        collect::before_composing(app, &[digest]).await?;
    }
    let outcome = compose::preview(app, digest, wish).await?;
    let issue = Box::new(compose::issue_or_why(digest, outcome)?);
    deliver::send_test(app, &issue, to).await?;
    Ok(issue)
}

/// A time as people read it: in the zone of a digest, where that is known.
pub fn local_time(app: &App, digest: &str, at: Timestamp) -> String {
    let zone = app.digest(digest).map_or(TimeZone::UTC, |digest| digest.time_zone);
    day_stamp(at, &zone)
}
