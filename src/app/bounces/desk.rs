//! What a person sees of reports and blocks, and lifting a block.

use super::super::{App, AppError};
use crate::{
    model::{DigestName, EmailAddress},
    store::{
        bounces::{self, Block, Report, Wanted},
        ledger::Delivery,
    },
};

/// Reports, newest first.
///
/// # Errors
/// Where the database fails.
pub async fn list(app: &App, wanted: &Wanted<'_>, limit: i64) -> Result<Vec<Report>, AppError> {
    Ok(bounces::newest(&app.db, wanted, limit).await?)
}

/// What came back of deliveries of one issue that follow each other in a list: for each the reports about it, the
/// oldest first.
///
/// # Errors
/// Where the database fails.
pub async fn of_deliveries(app: &App, deliveries: &[Delivery]) -> Result<Vec<Vec<Report>>, AppError> {
    let (Some(first), Some(last)) = (deliveries.first(), deliveries.last()) else { return Ok(Vec::new()) };
    let range = (first.key.subscriber_id, last.key.subscriber_id);
    let mut reports = bounces::of_issue(&app.db, &first.key.digest, first.key.number, range).await?;
    Ok(deliveries.iter().map(|one| reports.remove(&one.key.subscriber_id).unwrap_or_default()).collect())
}

/// How many reports of each kind came back of an issue, such as `2 hard, 1 complaint`; empty where none did.
///
/// # Errors
/// Where the database fails.
pub async fn summary_of_issue(app: &App, digest: &DigestName, number: u32) -> Result<String, AppError> {
    let counts = bounces::count_of_issue(&app.db, digest, number).await?;
    let told: Vec<String> = counts.iter().map(|(kind, count)| format!("{count} {}", kind.as_str())).collect();
    Ok(told.join(", "))
}

/// Blocked addresses, the newest first.
///
/// # Errors
/// Where the database fails.
pub async fn blocked(app: &App, limit: i64) -> Result<Vec<Block>, AppError> {
    Ok(bounces::blocks(&app.db, limit).await?)
}

/// A report with its mail.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Shown {
    /// The report.
    #[serde(flatten)]
    pub report: Report,
    /// The mail or the hook's body, as it came, cut to a bounded size.
    pub raw: String,
    /// Whether it is cut.
    pub cut: bool,
    /// The block that stands on the address.
    pub block: Option<Block>,
}

/// A report by its id or the beginning of it, with its mail; or what led to the block of an address.
///
/// # Errors
/// Where there is none or there are several, or the database fails.
pub async fn show(app: &App, what: &str) -> Result<Shown, AppError> {
    let id = match EmailAddress::parse(what) {
        Ok(email) => match bounces::block_on(&app.db, &email).await? {
            Some(block) => block.report_id,
            None => {
                let about = Wanted { email: Some(&email), ..Wanted::default() };
                let newest = bounces::newest(&app.db, &about, 1).await?;
                let newest = newest.into_iter().next();
                newest
                    .ok_or_else(|| AppError::Input(format!("{email} is not blocked, and nothing was reported of it")))?
                    .id
            }
        },
        Err(_) => what.to_owned(),
    };
    let mut found = bounces::get(&app.db, &id).await?;
    if found.len() > 1 && found.iter().all(|(report, ..)| report.id != id) {
        return Err(AppError::Input(format!("several reports begin with `{id}`; give more of the id")));
    }
    found.sort_by_key(|(report, ..)| report.id != id);
    let Some((report, raw, cut)) = found.into_iter().next() else {
        return Err(AppError::Input(format!(
            "no report is known by `{what}`: give an id as `pullquote bounces list` shows them, or an address"
        )));
    };
    let block = bounces::block_on(&app.db, &report.email).await?;
    Ok(Shown { report, raw, cut, block })
}

/// Lifts the block of an address, given itself or by a report. Gives the address and the number of memberships that
/// stand again as before.
///
/// # Errors
/// Where there is no block, or the database fails.
pub async fn undo(app: &App, what: &str) -> Result<(EmailAddress, u64), AppError> {
    let email = match EmailAddress::parse(what) {
        Ok(email) => email,
        Err(_) => show(app, what).await?.report.email,
    };
    match bounces::undo(&app.db, &email, app.clock.now()).await? {
        Some(back) => {
            tracing::info!(memberships = back, "a block was lifted by the operator");
            Ok((email, back))
        }
        None => Err(AppError::Input(format!("{email} is not blocked by a report"))),
    }
}

/// Whether an address is blocked by a report.
///
/// # Errors
/// Where the database fails.
pub async fn is_blocked(app: &App, email: &EmailAddress) -> Result<bool, AppError> {
    Ok(bounces::block_on(&app.db, email).await?.is_some())
}
