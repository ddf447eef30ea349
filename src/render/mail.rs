//! The mails: an issue for its recipients, the one that asks a new subscriber to confirm, and the one that asks an
//! editor to approve.
//!
//! [`prepare`] renders and encodes an issue once; [`PreparedMessage`] then writes the message of each
//! recipient by filling in headers and a token of fixed width. Sending is [`crate::deliver`]'s.

mod confirmation;
mod draft;
mod headers;
mod letter;
mod prepared;

use askama::Template;

pub use confirmation::{Confirmation, confirmation};
pub use draft::{DraftNotice, draft};
pub use prepared::{PreparedMessage, TOKEN_LENGTH, TOKEN_PLACEHOLDER};

use super::{RenderError, Site, text, view::IssueView};
use crate::model::{Issue, digest::EmailStyle};

/// Largest mail in octets as it is sent, headers and both parts as encoded: Gmail cuts off at about 102 kB.
pub const MAX_OCTETS: usize = 95_000;

/// How many reviews listed by link are kept as long as there are quotes to leave out.
const LISTED_AT_LEAST: usize = 20;

#[derive(Template)]
#[template(path = "mail/issue.html")]
struct IssueHtml<'a> {
    issue: &'a IssueView,
    host: &'a str,
    preferences: &'a str,
    unsubscribe: &'a str,
}

#[derive(Template)]
#[template(path = "mail/issue.txt")]
struct IssueText<'a> {
    issue: &'a IssueView,
    host: &'a str,
    preferences: &'a str,
    unsubscribe: &'a str,
}

/// Renders and encodes an issue for all its recipients.
///
/// Where a mail would outgrow [`MAX_OCTETS`], whole reviews are left to the page from the end, and both parts say how
/// many. A list by link is cut before what is quoted.
///
/// # Errors
/// Where a template fails or the sender cannot stand in a header.
pub fn prepare(issue: &Issue, style: &EmailStyle, site: &Site) -> Result<PreparedMessage, RenderError> {
    let mark = prepared::placeholder(issue);
    let (quoted, listed) = (issue.quoted(), issue.more.len());
    let with = |quoted, listed| {
        let view = IssueView::new(issue, site).shortened(quoted, listed);
        let (html, text) = bodies(&view, site, &mark)?;
        PreparedMessage::new(issue, style, site, &mark, &html, &text)
    };
    let whole = with(quoted, listed)?;
    if whole.octets() <= MAX_OCTETS {
        return Ok(whole);
    }
    let short = listed.min(LISTED_AT_LEAST);
    if let Some(message) = most_that_fit(short, listed, |n| with(quoted, n))? {
        return Ok(message);
    }
    if let Some(message) = most_that_fit(1, quoted, |n| with(n, short))? {
        return Ok(message);
    }
    match most_that_fit(0, short, |n| with(1, n))? {
        Some(message) => Ok(message),
        // One review and the editor's words: nothing whole is left to leave out.
        None => with(1, 0),
    }
}

/// The message with the most items from `low` to `high` that is small enough; `None` where not even `low` is.
fn most_that_fit(
    mut low: usize,
    mut high: usize,
    with: impl Fn(usize) -> Result<PreparedMessage, RenderError>,
) -> Result<Option<PreparedMessage>, RenderError> {
    let mut best = Some(with(low)?).filter(|message| message.octets() <= MAX_OCTETS);
    while best.is_some() && low < high {
        let middle = low + (high - low).div_ceil(2);
        let message = with(middle)?;
        if message.octets() <= MAX_OCTETS {
            (low, best) = (middle, Some(message));
        } else {
            high = middle - 1;
        }
    }
    Ok(best)
}

fn bodies(view: &IssueView, site: &Site, token: &str) -> Result<(String, String), RenderError> {
    let preferences = site.preferences(token).to_string();
    let unsubscribe = site.unsubscribe(token).to_string();
    let (host, preferences, unsubscribe) = (site.host(), preferences.as_str(), unsubscribe.as_str());
    let html = IssueHtml { issue: view, host, preferences, unsubscribe }.render()?;
    let text = IssueText { issue: view, host, preferences, unsubscribe }.render()?;
    Ok((html, tidy(&text)))
}

/// A text part without blank ends of rows and with at most two empty rows in a row.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = 0;
    for row in text.lines() {
        let row = row.trim_end();
        empty = if row.is_empty() { empty + 1 } else { 0 };
        if empty <= 2 && !(row.is_empty() && out.is_empty()) {
            out.push_str(row);
            out.push('\n');
        }
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// A text filling rows of 72 columns from `indent` on.
fn fill(text: impl AsRef<str>, indent: usize) -> String {
    text::wrap(text.as_ref(), indent, 72)
}

#[cfg(test)]
mod tests;
