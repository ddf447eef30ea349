//! `/admin`: digests, issues, the one-off form, sources, recent reviews.

use axum::{extract::State, http::HeaderMap, response::Response};
use jiff::{Timestamp, tz::TimeZone};

use super::{drafts, orders as orders_page, session::Session};
use crate::{
    app::{App, orders, slots, sources},
    model::Digest,
    render::{
        page::{AdminDigest, AdminIssueRow, AdminReview, AdminSource, Dashboard, OneOff, Shell},
        text,
    },
    store::{
        arrivals,
        issues::{self, StoredIssue},
        ledger, quote_decisions,
        reviews::{self, StoredReview},
        subscribers,
    },
    web::{
        error::{WebError, answered, page as html},
        state::Web,
    },
};

/// Issues and reviews shown.
const SHOWN: i64 = 20;

/// The dashboard.
pub async fn page(State(web): State<Web>, headers: HeaderMap) -> Response {
    answered(&web, async {
        let session = Session::of(&web, &headers).await?;
        let one_off = OneOff::default();
        html(&dashboard(web.app(), &session, None, one_off).await?)
    })
    .await
}

/// The dashboard, with what has just been done or gone wrong.
pub async fn dashboard(
    app: &App,
    session: &Session,
    notice: Option<String>,
    one_off: OneOff,
) -> Result<Dashboard, WebError> {
    let one_off = OneOff { key: format!("desk-{:x}", app.fresh_id()?), ..one_off };
    let wrong = app.digest_problems();
    let notice = notice.or_else(|| {
        let lines: Vec<String> = wrong.iter().map(ToString::to_string).collect();
        let words = "Digest files with mistakes; those digests stay as they last were: ";
        (!lines.is_empty()).then(|| format!("{words}{}", lines.join("; ")))
    });
    let mut digests = Vec::new();
    for digest in app.digests() {
        digests.push(digest_row(app, &digest).await?);
    }
    let mut issues = Vec::new();
    for stored in issues::newest(&app.db, None, SHOWN).await? {
        issues.push(issue_row(app, &stored).await?);
    }
    let mut recent = Vec::new();
    for stored in reviews::newest(&app.db, None, SHOWN).await? {
        recent.push(review_row(app, &stored).await?);
    }
    let placed = orders::list(app, None).await?;
    Ok(Dashboard {
        shell: Shell::private(&app.site, "Desk"),
        csrf: session.csrf(),
        notice,
        shown: None,
        drafts: drafts::waiting(app).await?,
        digests,
        issues,
        orders: placed.iter().take(SHOWN as usize).map(|order| orders_page::row(app, order)).collect(),
        one_off,
        sources: source_rows(app).await?,
        reviews: recent,
    })
}

async fn digest_row(app: &App, digest: &Digest) -> Result<AdminDigest, WebError> {
    let name = digest.name.as_str();
    let next = digest.schedule.as_ref().and_then(|schedule| schedule.next_due(&digest.time_zone, app.clock.now()));
    let next = next.map(|at| text::stamp(at, &digest.time_zone));
    Ok(AdminDigest {
        name: name.to_owned(),
        title: digest.title.clone(),
        url: app.site.digest(&digest.name).to_string(),
        schedule: digest.schedule.as_ref().map(ToString::to_string).unwrap_or_default(),
        next,
        last: slots::past(app, digest, 1).await?.first().map(|slot| slot.words(digest)),
        subscribers: subscribers::count_of_stream(&app.db, digest).await?,
        waiting: arrivals::count_waiting(&app.db, name).await?,
    })
}

/// An issue with its books.
pub async fn issue_row(app: &App, stored: &StoredIssue) -> Result<AdminIssueRow, WebError> {
    let issue = &stored.issue;
    let zone = TimeZone::get(&issue.time_zone).unwrap_or(TimeZone::UTC);
    Ok(AdminIssueRow {
        digest: issue.digest.to_string(),
        number: issue.number,
        subject: issue.subject.clone(),
        date: issue.composed_at.to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string(),
        books: ledger::books(&app.db, &issue.digest, issue.number).await?,
    })
}

async fn review_row(app: &App, stored: &StoredReview) -> Result<AdminReview, WebError> {
    let review = &stored.review;
    let set = quote_decisions::set_quote(&app.db, review).await?;
    let quote = if set.is_some() { set } else { reviews::any_quote(&app.db, review).await? };
    let reviewer = review.reviewer.as_deref().unwrap_or("unknown reviewer");
    let link = review.url.clone().filter(|url| url.starts_with("http://") || url.starts_with("https://"));
    Ok(AdminReview {
        id: review.id.to_string(),
        title: review.work.title.as_deref().unwrap_or("(names no work)").to_owned(),
        credit: format!("{reviewer}, {}", review.source),
        rating: review.rating.as_ref().map(|rating| rating.printed.to_string()),
        url: link,
        arrived: stored.first_seen_at.strftime("%Y-%m-%d %H:%M").to_string(),
        quote: quote.map(|quote| quote.text().to_owned()),
        starred: stored.featured.is_some(),
    })
}

async fn source_rows(app: &App) -> Result<Vec<AdminSource>, WebError> {
    let minute = |at: Timestamp| at.strftime("%Y-%m-%d %H:%M").to_string();
    let row = |row: sources::Row| AdminSource {
        name: row.name,
        place: row.source,
        digests: row.digests.join(", "),
        state: row.state.as_str(),
        bad: row.state.is_bad(),
        succeeded: row.last_success.map(minute),
        next: row.next_poll.map(minute),
        error: row.last_error.map(|why| row.last_error_at.map_or(why.clone(), |at| format!("{}: {why}", minute(at)))),
        address: row.address,
        hub: row.hub,
        entries: row.entries,
        reviews: row.reviews,
    };
    Ok(sources::list(app, None).await?.into_iter().map(row).collect())
}
