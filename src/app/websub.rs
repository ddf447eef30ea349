//! Hubs that tell of a feed's news (WebSub, W3C Recommendation): subscribing, verifying, renewing, hearing.
//!
//! What a hub pushes is never read as a review: rightly signed, it has the source asked at once, by the same
//! guarded way as always. So a hub can neither put words into a critic's mouth nor hide any. Polling goes on,
//! only slower, as long as a hub tells.

use jiff::SignedDuration;
use url::Url;

use super::{App, AppError, collect::FRESH, fresh_secret};
use crate::{
    collect::signature,
    store::{
        sources::hubs::{State, Subscription},
        sources::{self, hubs},
    },
};

/// The lease asked for.
const LEASE: SignedDuration = SignedDuration::from_hours(10 * 24);
/// The longest that is believed.
const LONGEST_LEASE: SignedDuration = SignedDuration::from_hours(90 * 24);
/// A lease is renewed when less than this is left of it, and half of it is over.
const RENEWED_BEFORE: SignedDuration = SignedDuration::from_hours(24);
/// A hub that did not come to verify, or said no, is asked again after this.
const ASKED_AGAIN_AFTER: SignedDuration = SignedDuration::from_hours(24);
/// The longest interval of polling while a hub tells of news.
const SLOWEST: SignedDuration = SignedDuration::from_hours(24);

/// The interval of polling while a hub tells of news: six times the usual one, at most a day.
pub fn slower(every: SignedDuration) -> SignedDuration {
    every.checked_mul(6).unwrap_or(SLOWEST).min(SLOWEST).max(every)
}

/// Subscribes at the hub that a feed names, where that is not done yet and the hub can reach us. What kept it
/// from being done is no failure of the source: it is returned in words.
///
/// # Errors
/// Where the database fails.
pub async fn offer(app: &App, locator: &str, hub: &Url, topic: &Url) -> Result<Result<(), String>, AppError> {
    if !app.site.is_public() {
        return Ok(Ok(()));
    }
    let now = app.clock.now();
    let known = hubs::get(&app.db, locator).await?;
    // A feed that names another hub each time gets no more requests sent out by it than any.
    if known.as_ref().is_some_and(|known| now.duration_since(known.asked_at) < ASKED_AGAIN_AFTER) {
        return Ok(Ok(()));
    }
    let same = known.filter(|known| known.hub == hub.as_str() && known.topic == topic.as_str());
    if same.as_ref().is_some_and(|same| same.is_live(now)) {
        return Ok(Ok(()));
    }
    let subscription = match same {
        Some(known) => Subscription { state: State::Pending, ..known },
        None => Subscription {
            locator: locator.to_owned(),
            token: fresh_secret()?,
            secret: fresh_secret()?,
            hub: hub.to_string(),
            topic: topic.to_string(),
            state: State::Pending,
            asked_at: now,
            lease_until: None,
            pushed_at: None,
            note: None,
        },
    };
    ask(app, subscription).await
}

/// Renews the leases that end soon, of sources that are still read.
///
/// # Errors
/// Where the database fails.
pub async fn renew(app: &App) -> Result<(), AppError> {
    if !app.site.is_public() {
        return Ok(());
    }
    let now = app.clock.now();
    let digests = app.digests();
    let is_read = |locator: &str| digests.iter().any(|digest| digest.sources.iter().any(|s| s.locator == locator));
    for known in hubs::all(&app.db).await? {
        let Some(until) = known.lease_until.filter(|_| known.state == State::Active) else { continue };
        let left = until.duration_since(now);
        let half = until.duration_since(known.asked_at) / 2;
        if left < RENEWED_BEFORE && left < half && left > SignedDuration::ZERO && is_read(&known.locator) {
            let (source, hub) = (known.locator.clone(), known.hub.clone());
            if let Err(why) = ask(app, known).await? {
                tracing::warn!(source, hub, why, "a subscription could not be renewed; polling goes on");
            }
        }
    }
    Ok(())
}

/// Asks the hub. The subscription is stored first, since a hub may come to verify before it answers.
async fn ask(app: &App, subscription: Subscription) -> Result<Result<(), String>, AppError> {
    let subscription = Subscription { asked_at: app.clock.now(), ..subscription };
    hubs::put(&app.db, &subscription).await?;
    let callback = app.site.websub(&subscription.token).to_string();
    let lease = LEASE.as_secs().to_string();
    let fields = [
        ("hub.mode", "subscribe"),
        ("hub.topic", subscription.topic.as_str()),
        ("hub.callback", callback.as_str()),
        ("hub.lease_seconds", lease.as_str()),
        ("hub.secret", subscription.secret.as_str()),
    ];
    let why = match Url::parse(&subscription.hub) {
        Err(error) => error.to_string(),
        Ok(hub) => match app.fetcher.post(&hub, &fields).await {
            Ok((200..=299, _)) => return Ok(Ok(())),
            Ok((status, words)) => format!("the hub {hub} answered {status} {}", words.trim()).trim().to_owned(),
            Err(error) => format!("the hub: {error}"),
        },
    };
    // A lease that still runs goes on to its end.
    let state = if subscription.is_live(app.clock.now()) { State::Active } else { State::Refused };
    hubs::put(&app.db, &Subscription { state, note: Some(why.clone()), ..subscription }).await?;
    Ok(Err(why))
}

/// What a hub asks or tells by a GET to the callback (WebSub, section 5.3).
#[derive(Debug, Clone, Default)]
pub struct Verification {
    /// `hub.mode`: subscribe, unsubscribe or denied.
    pub mode: String,
    /// `hub.topic`.
    pub topic: String,
    /// `hub.challenge`, to be sent back.
    pub challenge: String,
    /// `hub.lease_seconds`.
    pub lease_seconds: Option<i64>,
    /// `hub.reason`, of a denial.
    pub reason: Option<String>,
}

/// What is answered to a hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Yes, it was us: the challenge goes back.
    Confirmed(String),
    /// Heard.
    Heard,
    /// Nothing is known of that.
    Unknown,
}

/// Answers a hub that verifies a subscription. The address is a secret of ours and the hub's; all that can change
/// is whether our own request counts as verified.
///
/// # Errors
/// Where the database fails.
pub async fn verify(app: &App, token: &str, asked: &Verification) -> Result<Verdict, AppError> {
    let now = app.clock.now();
    let Some(known) = hubs::by_token(&app.db, token).await?.filter(|known| known.topic == asked.topic) else {
        return Ok(Verdict::Unknown);
    };
    match asked.mode.as_str() {
        "subscribe" if now.duration_since(known.asked_at) < ASKED_AGAIN_AFTER && !asked.challenge.is_empty() => {
            let lease = asked.lease_seconds.filter(|seconds| *seconds > 0).map_or(LEASE, SignedDuration::from_secs);
            let lease_until = now.checked_add(lease.min(LONGEST_LEASE)).ok();
            hubs::put(&app.db, &Subscription { state: State::Active, lease_until, note: None, ..known }).await?;
            Ok(Verdict::Confirmed(asked.challenge.clone()))
        }
        "denied" => {
            let reason = asked.reason.clone().unwrap_or_else(|| "no reason given".to_owned());
            let note = Some(format!("the hub denied it: {}", reason.chars().take(200).collect::<String>()));
            hubs::put(&app.db, &Subscription { state: State::Refused, lease_until: None, note, ..known }).await?;
            Ok(Verdict::Heard)
        }
        // We never ask to be left out; a lease is let run out instead.
        _ => Ok(Verdict::Unknown),
    }
}

/// Hears of news: has the source asked, within a minute where the scheduler runs. What is not rightly signed
/// changes nothing, and the hub is not told so (WebSub, section 8.1).
///
/// # Errors
/// Where the database fails.
pub async fn hear(app: &App, token: &str, signature: Option<&str>, body: &[u8]) -> Result<Verdict, AppError> {
    let Some(known) = hubs::by_token(&app.db, token).await? else { return Ok(Verdict::Unknown) };
    let (now, source) = (app.clock.now(), known.locator.clone());
    if !signature.is_some_and(|signature| signature::holds(signature, &known.secret, body)) {
        tracing::warn!(source, "a push without the right signature was left out");
        return Ok(Verdict::Heard);
    }
    if !known.is_live(now) {
        return Ok(Verdict::Unknown);
    }
    hubs::put(&app.db, &Subscription { pushed_at: Some(now), ..known }).await?;
    let all = sources::all(&app.db).await?;
    let Some(told) = all.iter().find(|health| health.locator == source) else { return Ok(Verdict::Heard) };
    for health in all.iter().filter(|health| health.asked_where() == told.asked_where()) {
        let at = health.asked_at.map_or(now, |asked| now.max(asked + FRESH));
        sources::hasten(&app.db, &health.locator, at).await?;
    }
    tracing::info!(source, "a hub tells of news");
    Ok(Verdict::Heard)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polling_goes_on_slower_while_a_hub_tells() {
        let hours = SignedDuration::from_hours;
        assert_eq!(slower(hours(1)), hours(6));
        assert_eq!(slower(hours(12)), hours(24));
        assert_eq!(slower(hours(48)), hours(48));
    }
}
