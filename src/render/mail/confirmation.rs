//! The mail that asks whether a subscription was meant.

use askama::Template;
use jiff::Timestamp;

use super::{
    super::{RenderError, Site, text},
    fill,
    letter::Letter,
    prepared::check_token,
    tidy,
};
use crate::model::{DisplayName, EmailAddress, Mailbox};

/// What a confirmation is written from.
#[derive(Debug, Clone, Copy)]
pub struct Confirmation<'a> {
    /// The digests asked for, by title.
    pub digests: &'a [String],
    /// The site.
    pub site: &'a Site,
    /// The token of the link, 32 URL-safe characters.
    pub token: &'a str,
    /// Who asked.
    pub to: &'a EmailAddress,
    /// How they are called.
    pub name: Option<&'a DisplayName>,
    /// The sender.
    pub from: &'a Mailbox,
    /// Where answers go.
    pub reply_to: Option<&'a Mailbox>,
    /// When it was asked for: the mail's date.
    pub at: Timestamp,
    /// For how many hours the link works.
    pub hours: u32,
}

#[derive(Template)]
#[template(path = "mail/confirmation.html")]
struct Html<'a> {
    digests: &'a str,
    host: &'a str,
    url: &'a str,
    hours: u32,
}

#[derive(Template)]
#[template(path = "mail/confirmation.txt")]
struct Text<'a> {
    digests: &'a str,
    host: &'a str,
    url: &'a str,
    hours: u32,
}

/// Writes the whole message, lines ending in CRLF.
///
/// # Errors
/// Where the token is not 32 URL-safe characters, a template fails, or lettre refuses an address.
pub fn confirmation(asked: &Confirmation<'_>) -> Result<Vec<u8>, RenderError> {
    check_token(asked.token)?;
    let titles: Vec<String> = asked.digests.iter().map(|title| text::line(title)).collect();
    let digests = &text::list(&titles);
    let url = &asked.site.confirm(asked.token).to_string();
    let (host, hours) = (asked.site.host(), asked.hours);
    let html = Html { digests, host, url, hours }.render()?;
    let words = tidy(&Text { digests, host, url, hours }.render()?);

    let derived = text::fingerprint(&["confirm", asked.token, &asked.to.key()], 16);
    let letter = Letter {
        from: asked.from,
        reply_to: asked.reply_to,
        to: asked.to,
        name: asked.name,
        subject: format!("Please confirm: {digests}"),
        at: asked.at,
        id: format!("confirm.{derived}"),
        html: &html,
        words: &words,
    };
    letter.write()
}
