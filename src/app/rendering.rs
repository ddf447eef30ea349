//! An issue in each of its forms, as it is sent but for the recipient: what a preview, a dry run and a file hold.

use serde::Deserialize;

use super::{App, AppError};
use crate::{
    model::{Digest, EmailAddress, Issue},
    render::{
        feed::{self, FeedMeta},
        json,
        mail::{self, TOKEN_PLACEHOLDER},
        page::{IssuePage, html},
    },
};

/// A rendering of an issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// The HTML part of the mail.
    Html,
    /// The text part of the mail.
    Text,
    /// The whole mail.
    Eml,
    /// The page on the site.
    Page,
    /// RSS 2.0 with the issue as its one item.
    Rss,
    /// Atom 1.0.
    Atom,
    /// JSON Feed 1.1.
    Jsonfeed,
    /// The issue itself.
    Json,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::Html, Self::Text, Self::Eml, Self::Page, Self::Rss, Self::Atom, Self::Jsonfeed, Self::Json];

    /// The word on the command line and in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Text => "text",
            Self::Eml => "eml",
            Self::Page => "page",
            Self::Rss => "rss",
            Self::Atom => "atom",
            Self::Jsonfeed => "jsonfeed",
            Self::Json => "json",
        }
    }

    /// The media type, as in `Content-Type`.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Html | Self::Page => "text/html; charset=utf-8",
            Self::Text => "text/plain; charset=utf-8",
            Self::Eml => "message/rfc822",
            Self::Rss => "application/rss+xml; charset=utf-8",
            Self::Atom => "application/atom+xml; charset=utf-8",
            Self::Jsonfeed => "application/feed+json",
            Self::Json => "application/json",
        }
    }
}

/// An issue in a form.
///
/// # Errors
/// Where the form is a mail and the digest sends none, or a template fails.
pub fn render(app: &App, digest: &Digest, issue: &Issue, format: Format) -> Result<Vec<u8>, AppError> {
    let mail = || {
        let style = digest.email.as_ref().ok_or_else(|| AppError::NoMail(digest.name.to_string()))?;
        Ok::<_, AppError>((mail::prepare(issue, style, &app.site)?, style))
    };
    let meta = FeedMeta::from(digest);
    let issues = std::slice::from_ref(issue);
    Ok(match format {
        Format::Html => mail()?.0.html(TOKEN_PLACEHOLDER).into_bytes(),
        Format::Text => mail()?.0.text(TOKEN_PLACEHOLDER).into_bytes(),
        Format::Eml => {
            let (prepared, style) = mail()?;
            let to = EmailAddress::parse(&format!("subscriber@{}", style.from.address.domain()));
            let to = to.map_err(|error| AppError::Input(error.to_string()))?;
            prepared.for_recipient(&to, None, TOKEN_PLACEHOLDER)?
        }
        Format::Page => html(&IssuePage::new(issue, issue.number, None, &app.site))?.into_bytes(),
        Format::Rss => feed::rss(&meta, issues, &app.site)?.into_bytes(),
        Format::Atom => feed::atom(&meta, issues, &app.site)?.into_bytes(),
        Format::Jsonfeed => feed::json_feed(&meta, issues, &app.site)?.into_bytes(),
        Format::Json => {
            let line = serde_json::to_string(&json::issue(issue));
            let line = line.map_err(|error| AppError::Input(format!("the issue cannot be put as JSON: {error}")))?;
            format!("{line}\n").into_bytes()
        }
    })
}
