//! A message encoded once, written for each recipient.
//!
//! Quoted-printable encoding is three quarters of the work on a mail, and the body differs between
//! recipients in one token only. So the body is encoded once, the places of the token's characters are
//! noted (soft line breaks may run through it), and each recipient costs a copy and the headers.

use std::time::SystemTime;

use jiff::Timestamp;
use lettre::{
    Message,
    message::{
        Body, MultiPart, SinglePart,
        header::{ContentTransferEncoding, ContentType},
    },
};

use super::{
    super::{RenderError, Site, text},
    headers,
};
use crate::model::{DigestName, DisplayName, EmailAddress, Issue, Mailbox, digest::EmailStyle};

/// Length of a token in characters.
pub const TOKEN_LENGTH: usize = 32;

/// A token that belongs to nobody: for previews.
pub const TOKEN_PLACEHOLDER: &str = "preview-preview-preview-preview-";

/// Room for the headers of a message: the longest that we write, and what a server adds by signing (DKIM).
const HEADERS: usize = 6_000;

/// An issue's mail, complete but for the recipient.
#[derive(Debug, Clone)]
pub struct PreparedMessage {
    /// The subject, one line.
    pub subject: String,
    /// The sender.
    pub from: Mailbox,
    /// Where answers go.
    pub reply_to: Option<Mailbox>,
    site: Site,
    digest: DigestName,
    number: u32,
    list: String,
    composed_at: Timestamp,
    mark: String,
    html: String,
    text: String,
    boundary: String,
    body: Vec<u8>,
    places: Vec<usize>,
}

/// What stands for the token while an issue is rendered: derived from the whole issue, so that no review in
/// it can hold it.
pub(super) fn placeholder(issue: &Issue) -> String {
    // The stored form, so that a later version with more fields gives the same mark to the same issue.
    let stored = serde_json::to_string(issue).unwrap_or_else(|_| format!("{issue:?}"));
    text::fingerprint(&["token", &stored], TOKEN_LENGTH / 2)
}

impl PreparedMessage {
    pub(super) fn new(
        issue: &Issue,
        style: &EmailStyle,
        site: &Site,
        mark: &str,
        html: &str,
        text: &str,
    ) -> Result<Self, RenderError> {
        // No quoted-printable text holds `=_`, so no line of a part can pass for the boundary.
        let boundary = format!("=_{}", text::fingerprint(&["boundary", mark, html, text], 15));
        let html_part = encoded(html, ContentType::TEXT_HTML)?;
        let body = multipart_body(&boundary, encoded(text, ContentType::TEXT_PLAIN)?, html_part);
        let places = places(&body, mark.as_bytes());
        headers::mailbox(&style.from)?;
        Ok(Self {
            subject: text::line(&issue.subject),
            from: style.from.clone(),
            reply_to: style.reply_to.clone(),
            site: site.clone(),
            digest: issue.digest.clone(),
            number: issue.number,
            list: list_id(&issue.digest, &text::line(&issue.title), site),
            composed_at: issue.composed_at,
            mark: mark.to_owned(),
            html: html.to_owned(),
            text: text.to_owned(),
            boundary,
            body,
            places,
        })
    }

    /// The most octets that a recipient's message has as it travels: both parts as encoded, and headers at their
    /// longest.
    pub fn octets(&self) -> usize {
        HEADERS + self.body.len()
    }

    /// The HTML part with a token in its links.
    pub fn html(&self, token: &str) -> String {
        self.html.replace(&self.mark, token)
    }

    /// The text part with a token in its links.
    pub fn text(&self, token: &str) -> String {
        self.text.replace(&self.mark, token)
    }

    /// The whole message for one recipient (RFC 5322), lines ending in CRLF.
    ///
    /// Its Message-ID depends on digest, number, token and address alone, so that a second hand-over of the
    /// same delivery can be told by the receiving side.
    ///
    /// # Errors
    /// Where the token is not 32 letters, digits, hyphens or underscores, or lettre refuses the address.
    pub fn for_recipient(
        &self,
        to: &EmailAddress,
        name: Option<&DisplayName>,
        token: &str,
    ) -> Result<Vec<u8>, RenderError> {
        check_token(token)?;
        let unsubscribe = self.site.unsubscribe(token);
        let mut builder = Message::builder()
            .from(headers::mailbox(&self.from)?)
            .to(headers::recipient(to, name)?)
            .subject(&self.subject)
            .date(SystemTime::from(self.composed_at))
            .message_id(Some(self.message_id(to, token)));
        if let Some(reply_to) = &self.reply_to {
            builder = builder.reply_to(headers::mailbox(reply_to)?);
        }
        builder = headers::ascii(builder, "List-Id", &self.list);
        let answers = self.reply_to.as_ref().unwrap_or(&self.from);
        builder = headers::list_unsubscribe(builder, &unsubscribe, &answers.address, &self.digest);
        if self.site.one_click() {
            builder = headers::ascii(builder, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }
        builder = headers::ascii(builder, "Precedence", "bulk");
        builder = headers::ascii(builder, "Auto-Submitted", "auto-generated");
        builder = headers::ascii(builder, "MIME-Version", "1.0");
        let kind = format!("multipart/alternative; boundary=\"{}\"", self.boundary);
        builder = headers::ascii(builder, "Content-Type", &kind);
        let body = Body::dangerous_pre_encoded(self.body_for(token), ContentTransferEncoding::SevenBit);
        let message = builder.body(body).map_err(|error| refused(to.as_str(), error))?;
        Ok(message.formatted())
    }

    fn body_for(&self, token: &str) -> Vec<u8> {
        let mut body = self.body.clone();
        for (place, byte) in self.places.iter().zip(token.bytes().cycle()) {
            if let Some(slot) = body.get_mut(*place) {
                *slot = byte;
            }
        }
        body
    }

    fn message_id(&self, to: &EmailAddress, token: &str) -> String {
        let derived = text::fingerprint(&["message-id", token, &to.key()], 16);
        format!("<{}.{}.{derived}@{}>", self.digest, self.number, self.from.address.domain())
    }
}

/// Whether a token fits the places kept for it: 32 characters that quoted-printable leaves alone.
pub(super) fn check_token(token: &str) -> Result<(), RenderError> {
    let safe = token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if safe && token.len() == TOKEN_LENGTH { Ok(()) } else { Err(RenderError::Token(token.to_owned())) }
}

pub(super) fn refused(to: &str, error: impl std::fmt::Display) -> RenderError {
    RenderError::Message { to: to.to_owned(), reason: error.to_string() }
}

/// A part in quoted-printable, whatever its text: the token's characters then stand for themselves.
pub(super) fn encoded(text: &str, kind: ContentType) -> Result<SinglePart, RenderError> {
    let body = Body::new_with_encoding(text.to_owned(), ContentTransferEncoding::QuotedPrintable)
        .map_err(|_| refused("everybody", "the text cannot be encoded as quoted-printable"))?;
    Ok(SinglePart::builder().header(kind).body(body))
}

/// Both parts between their boundaries, without the headers of the whole.
fn multipart_body(boundary: &str, text: SinglePart, html: SinglePart) -> Vec<u8> {
    let whole = MultiPart::alternative().boundary(boundary).singlepart(text).singlepart(html).formatted();
    let start = whole.windows(4).position(|four| four == b"\r\n\r\n").map_or(0, |at| at + 4);
    whole.get(start..).unwrap_or_default().to_vec()
}

/// The places of every character of every `mark` in an encoded body, in order, soft line breaks between
/// them allowed.
fn places(body: &[u8], mark: &[u8]) -> Vec<usize> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < body.len() {
        match mark_at(body, at, mark) {
            Some(found) => {
                at = found.last().map_or(at + 1, |last| last + 1);
                out.extend(found);
            }
            None => at += 1,
        }
    }
    out
}

fn mark_at(body: &[u8], start: usize, mark: &[u8]) -> Option<Vec<usize>> {
    let mut found = Vec::with_capacity(mark.len());
    let mut at = start;
    for byte in mark {
        if !found.is_empty() && body.get(at..at + 3) == Some(b"=\r\n") {
            at += 3;
        }
        if body.get(at) != Some(byte) {
            return None;
        }
        found.push(at);
        at += 1;
    }
    Some(found)
}

/// RFC 2919: the digest below the host, with its title where that is plain ASCII.
fn list_id(digest: &DigestName, title: &str, site: &Site) -> String {
    let id = format!("<{digest}.{}>", site.host());
    let plain = title.chars().all(|c| matches!(c, ' '..='~') && c != '"' && c != '\\');
    if plain && !title.is_empty() { format!("\"{title}\" {id}") } else { id }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_found_across_a_soft_line_break() {
        assert_eq!(places(b"xxab=\r\ncdyab=\r\nzabcd", b"abcd"), [2, 3, 7, 8, 16, 17, 18, 19]);
        assert_eq!(places(b"aabcd", b"abcd"), [1, 2, 3, 4]);
        assert!(places(b"abc", b"abcd").is_empty());
    }

    #[test]
    fn a_token_that_would_change_the_encoding_is_refused() {
        assert!(check_token(TOKEN_PLACEHOLDER).is_ok());
        for bad in [
            "",
            "short",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaé",
            "../aaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ] {
            assert!(check_token(bad).is_err(), "{bad}");
        }
    }
}
