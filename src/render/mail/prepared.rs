//! A message encoded once, written for each recipient.
//!
//! Quoted-printable encoding is three quarters of the work on a mail, and the body differs between
//! recipients in one token only. So the body is encoded once, the places of the token's characters are
//! noted (soft line breaks may run through it). The headers are written once, too, with marks for what differs;
//! each recipient costs a copy with the marks replaced.

use std::{ops::Range, time::SystemTime};

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

/// Room for a recipient's name and address at their longest, and for what a server adds (DKIM, Received).
const RESERVE: usize = 4_000;

/// An issue's mail, complete but for the recipient.
#[derive(Debug, Clone)]
pub struct PreparedMessage {
    /// The subject, one line.
    pub subject: String,
    /// The sender.
    pub from: Mailbox,
    digest: DigestName,
    number: u32,
    mark: String,
    html: String,
    text: String,
    octets: usize,
    pieces: Vec<Piece>,
    wire_ready: bool,
}

/// A stretch of the message that is the same for everybody, and what follows it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    fixed: String,
    then: Slot,
}

/// What differs between recipients.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Slot {
    /// The value of the header `To`.
    To,
    /// The Message-ID, without angle brackets.
    MessageId,
    /// These characters of the token.
    Token(Range<usize>),
    /// Nothing: the message ends here.
    End,
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
        let whole = Head { issue, style, site, mark, boundary: &boundary }.with(body)?;
        Ok(Self {
            subject: text::line(&issue.subject),
            from: style.from.clone(),
            digest: issue.digest.clone(),
            number: issue.number,
            mark: mark.to_owned(),
            html: html.to_owned(),
            text: text.to_owned(),
            octets: RESERVE + whole.len(),
            wire_ready: is_wire_ready(&whole),
            pieces: pieces(&whole, mark),
        })
    }

    /// The most octets that a recipient's message has as it travels: headers at their longest, and both
    /// parts as encoded.
    pub fn octets(&self) -> usize {
        self.octets
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
    /// # Errors
    /// As [`Self::write`].
    pub fn for_recipient(
        &self,
        to: &EmailAddress,
        name: Option<&DisplayName>,
        token: &str,
    ) -> Result<Vec<u8>, RenderError> {
        let mut message = String::new();
        self.write(to, name, token, &mut message)?;
        Ok(message.into_bytes())
    }

    /// Appends the whole message for one recipient (RFC 5322), lines ending in CRLF, and gives its Message-ID
    /// without angle brackets.
    ///
    /// The Message-ID depends on digest, number, token and address alone, so that a second hand-over of the
    /// same delivery can be told by the receiving side.
    ///
    /// # Errors
    /// Where the token is not 32 letters, digits, hyphens or underscores, or lettre refuses the address.
    pub fn write(
        &self,
        to: &EmailAddress,
        name: Option<&DisplayName>,
        token: &str,
        message: &mut String,
    ) -> Result<String, RenderError> {
        check_token(token)?;
        let recipient = headers::to(to, name)?;
        let id = self.message_id(to, token);
        for piece in &self.pieces {
            message.push_str(&piece.fixed);
            message.push_str(match &piece.then {
                Slot::To => &recipient,
                Slot::MessageId => &id,
                Slot::Token(part) => token.get(part.clone()).unwrap_or_default(),
                Slot::End => "",
            });
        }
        Ok(id)
    }

    /// The body alone, without the headers before it: stretches that are the same for everybody, each with the
    /// characters of the token that follow it.
    pub fn body(&self) -> Vec<(&str, Range<usize>)> {
        let (mut inside, mut stretches) = (false, Vec::new());
        for piece in &self.pieces {
            let mut fixed = piece.fixed.as_str();
            if !inside {
                let Some((_, body)) = fixed.split_once("\r\n\r\n") else { continue };
                (inside, fixed) = (true, body);
            }
            let token = if let Slot::Token(part) = &piece.then { part.clone() } else { 0..0 };
            stretches.push((fixed, token));
        }
        stretches
    }

    /// Whether every message can go on the wire as it is: all line ends are CR LF, and no line begins with a
    /// dot, whatever the recipient.
    pub fn is_wire_ready(&self) -> bool {
        self.wire_ready
    }

    fn message_id(&self, to: &EmailAddress, token: &str) -> String {
        let derived = text::fingerprint(&["message-id", token, &to.key()], 16);
        format!("{}.{}.{derived}@{}", self.digest, self.number, self.from.address.domain())
    }
}

/// What stands before the body, with marks where recipients differ.
struct Head<'a> {
    issue: &'a Issue,
    style: &'a EmailStyle,
    site: &'a Site,
    mark: &'a str,
    boundary: &'a str,
}

/// Stands for the recipient while the headers are written.
const SOMEBODY: &str = "recipient@recipient.invalid";

impl Head<'_> {
    /// The whole message for nobody in particular.
    fn with(&self, body: Vec<u8>) -> Result<String, RenderError> {
        let Self { issue, style, site, mark, boundary } = self;
        let mut builder = Message::builder().from(headers::mailbox(&style.from)?);
        builder = headers::ascii(builder, "To", SOMEBODY);
        builder = builder.subject(text::line(&issue.subject)).date(SystemTime::from(issue.composed_at));
        builder = headers::ascii(builder, "Message-ID", &format!("<{SOMEBODY}>"));
        if let Some(reply_to) = &style.reply_to {
            builder = builder.reply_to(headers::mailbox(reply_to)?);
        }
        builder = headers::ascii(builder, "List-Id", &list_id(&issue.digest, &text::line(&issue.title), site));
        let answers = style.reply_to.as_ref().unwrap_or(&style.from);
        let unsubscribe = site.unsubscribe(mark);
        let (wishes, machine) = site.wishes_to(&answers.address);
        let token = machine.then_some(*mark);
        builder = headers::list_unsubscribe(builder, &unsubscribe, wishes, &issue.digest, token);
        if site.one_click() {
            builder = headers::ascii(builder, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }
        builder = headers::ascii(builder, "Feedback-ID", &feedback_id(issue, site));
        builder = headers::ascii(builder, "Precedence", "bulk");
        builder = headers::ascii(builder, "Auto-Submitted", "auto-generated");
        builder = headers::ascii(builder, "MIME-Version", "1.0");
        let kind = format!("multipart/alternative; boundary=\"{boundary}\"");
        builder = headers::ascii(builder, "Content-Type", &kind);
        // The builder wants an envelope; the one that goes out is the recipient's own.
        let somebody = EmailAddress::parse(SOMEBODY).map_err(|error| refused(SOMEBODY, error))?;
        builder = builder.envelope(headers::envelope(&style.from.address, &somebody)?);
        let body = Body::dangerous_pre_encoded(body, ContentTransferEncoding::SevenBit);
        let message = builder.body(body).map_err(|error| refused(style.from.address.as_str(), error))?;
        String::from_utf8(message.formatted()).map_err(|error| refused(style.from.address.as_str(), error))
    }
}

/// Cuts a message at everything that differs between recipients.
fn pieces(whole: &str, mark: &str) -> Vec<Piece> {
    let body = whole.find("\r\n\r\n").unwrap_or(whole.len());
    let mut slots: Vec<(Range<usize>, Slot)> = Vec::new();
    for (header, slot) in [("\r\nTo: ", Slot::To), ("\r\nMessage-ID: <", Slot::MessageId)] {
        if let Some(at) = whole.get(..body).and_then(|head| head.find(&format!("{header}{SOMEBODY}"))) {
            let start = at + header.len();
            slots.push((start..start + SOMEBODY.len(), slot));
        }
    }
    for (nth, run) in runs(&places(whole.as_bytes(), mark.as_bytes()), mark.len()) {
        let length = run.len();
        slots.push((run, Slot::Token(nth..nth + length)));
    }
    slots.sort_by_key(|(at, _)| at.start);
    let mut from = 0;
    let mut pieces = Vec::with_capacity(slots.len() + 1);
    for (at, then) in slots {
        pieces.push(Piece { fixed: whole.get(from..at.start).unwrap_or_default().to_owned(), then });
        from = at.end;
    }
    pieces.push(Piece { fixed: whole.get(from..).unwrap_or_default().to_owned(), then: Slot::End });
    pieces
}

/// Places in a row, joined: each run with the number of its first character in the token.
fn runs(places: &[usize], length: usize) -> Vec<(usize, Range<usize>)> {
    let mut runs: Vec<(usize, Range<usize>)> = Vec::new();
    for (nth, place) in places.iter().enumerate() {
        let nth = nth % length.max(1);
        match runs.last_mut() {
            Some((_, run)) if nth > 0 && run.end == *place => run.end += 1,
            _ => runs.push((nth, *place..*place + 1)),
        }
    }
    runs
}

fn is_wire_ready(message: &str) -> bool {
    let bytes = message.as_bytes();
    memchr::memchr2_iter(b'\r', b'\n', bytes).all(|at| match bytes[at] {
        b'\r' => bytes.get(at + 1) == Some(&b'\n'),
        _ => at > 0 && bytes[at - 1] == b'\r' && bytes.get(at + 1) != Some(&b'.'),
    }) && !message.starts_with('.')
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

/// By which large providers count complaints: issue, digest, kind of mail, and who sends, in 5 to 15 characters.
fn feedback_id(issue: &Issue, site: &Site) -> String {
    let sender = text::fingerprint(&["feedback", site.host()], 6);
    format!("{}:{}:digest:{sender}", issue.number, issue.digest)
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
