//! How the sources do: what the command lists and the desk shows.

use jiff::Timestamp;
use serde::Serialize;
use url::Url;

use super::{App, AppError};
use crate::{
    model::{Digest, digest::Source},
    store::sources::{
        self, Health,
        hubs::{self, Subscription},
    },
};

/// How a source does, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Never visited.
    New,
    /// The last visit went well.
    Fine,
    /// The last visit did not; it is tried again.
    Failing,
    /// It is gone for good, and is not asked until `sources retry`.
    Stopped,
}

impl State {
    /// As listed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Fine => "fine",
            Self::Failing => "failing",
            Self::Stopped => "stopped",
        }
    }

    /// Whether a person should look at it.
    pub const fn is_bad(self) -> bool {
        matches!(self, Self::Failing | Self::Stopped)
    }

    fn of(health: Option<&Health>) -> Self {
        match health {
            None => Self::New,
            Some(health) if health.stopped_at.is_some() => Self::Stopped,
            Some(health) if health.last_error.is_some() => Self::Failing,
            Some(health) if health.last_success_at.is_none() => Self::New,
            Some(_) => Self::Fine,
        }
    }
}

/// A source and how it does; as JSON what `pullquote sources --json` prints.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// URL or folder, as in the digest file.
    pub source: String,
    /// The name for readers.
    pub name: String,
    /// `feed`, `page` or `folder`.
    pub kind: &'static str,
    /// The digests that read it.
    pub digests: Vec<String>,
    /// In a word.
    pub state: State,
    /// Where it is asked instead: it moved there, or its page named it as the feed.
    pub address: Option<String>,
    /// Where it may be moving to, not yet believed.
    pub moving_to: Option<String>,
    /// The last time all went well.
    pub last_success: Option<Timestamp>,
    /// The last time it did not.
    pub last_error_at: Option<Timestamp>,
    /// What went wrong since the last success, with the address.
    pub last_error: Option<String>,
    /// Failures since the last success.
    pub failures: u32,
    /// When it is asked next by routine.
    pub next_poll: Option<Timestamp>,
    /// Entries or documents at the last success.
    pub entries: u64,
    /// Reviews among them.
    pub reviews: u64,
    /// The hub that tells of its news: `active until …`, `pending` or why not.
    pub hub: Option<String>,
}

/// Every source of one digest, or of all, by its place.
///
/// # Errors
/// Where the database fails.
pub async fn list(app: &App, only: Option<&Digest>) -> Result<Vec<Row>, AppError> {
    let known = sources::all(&app.db).await?;
    let told = hubs::all(&app.db).await?;
    let mut rows: Vec<Row> = Vec::new();
    for digest in app.lists() {
        for source in &digest.sources {
            if let Some(row) = rows.iter_mut().find(|row| row.source == source.locator) {
                row.digests.push(digest.name.to_string());
                continue;
            }
            let health = known.iter().find(|health| health.locator == source.locator);
            let hub = told.iter().find(|hub| hub.locator == source.locator);
            rows.push(row(app, &digest, source, health, hub));
        }
    }
    rows.retain(|row| only.is_none_or(|only| row.digests.iter().any(|digest| digest == only.list.as_str())));
    rows.sort_by(|a, b| a.source.cmp(&b.source));
    Ok(rows)
}

fn row(app: &App, digest: &Digest, source: &Source, health: Option<&Health>, hub: Option<&Subscription>) -> Row {
    let unknown = Health::unknown(&source.locator, source.place.kind());
    let state = State::of(health);
    let health = health.unwrap_or(&unknown).clone();
    Row {
        source: source.locator.clone(),
        name: digest.source_name(&source.locator),
        kind: source.place.kind(),
        digests: vec![digest.name.to_string()],
        state,
        next_poll: health.next_poll_at.max(health.not_before_at),
        address: health.address,
        moving_to: health.moving_to,
        last_success: health.last_success_at,
        last_error_at: health.last_error_at,
        last_error: health.last_error,
        failures: health.failures,
        entries: health.items,
        reviews: health.entries,
        hub: hub.map(|hub| in_words(hub, app.clock.now())),
    }
}

fn in_words(hub: &Subscription, now: Timestamp) -> String {
    match (&hub.lease_until, &hub.note) {
        (Some(until), _) if hub.is_live(now) => format!("active until {until}"),
        (_, Some(why)) => format!("{}: {why}", hub.state.as_str()),
        (Some(until), None) => format!("ran out {until}"),
        (None, None) => hub.state.as_str().to_owned(),
    }
}

/// Has a source visited by the next routine, whatever held it back: a stop, failures, or what it asked for.
/// Gives its place as written.
///
/// # Errors
/// Where no digest names it, or the database fails.
pub async fn retry(app: &App, place: &str) -> Result<String, AppError> {
    let meant = |source: &Source| source.locator == place || source.place.locator() == place || same_url(source, place);
    let digests = app.digests();
    let source = digests.iter().flat_map(|digest| &digest.sources).find(|source| meant(source));
    let locator = match source {
        Some(source) => source.locator.clone(),
        None => {
            return Err(AppError::Input(format!(
                "no digest names the source `{place}`; `pullquote sources` lists them all"
            )));
        }
    };
    // Whoever means the same address is held back by the same row.
    let all = sources::all(&app.db).await?;
    let address = all.iter().find(|health| health.locator == locator).map(Health::asked_where);
    for health in all.iter().filter(|health| Some(health.asked_where()) == address) {
        sources::wake(&app.db, &health.locator).await?;
    }
    Ok(locator)
}

fn same_url(source: &Source, place: &str) -> bool {
    Url::parse(place).is_ok_and(|url| url.as_str() == source.place.locator())
}
