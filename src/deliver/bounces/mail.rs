//! One mail out of the mailbox that reports come to.

use std::borrow::Cow;

use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders as _, PartType};

use super::{
    Returned, Told, delivery_status, feedback,
    headers::{Headers, addresses},
    prose,
};
use crate::model::{
    EmailAddress,
    bounce::ReportKind,
    text::{clean, fold_space},
};

/// The most that is read of a mail: reports are small, and what they return is of use in its headers only.
pub const LARGEST: usize = 1024 * 1024;

/// Characters of the token in a wish's subject.
const WISH_TOKEN: usize = 32;

/// What a mail holds for us.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mail {
    /// Texts that name the address it came to.
    pub came_to: Vec<String>,
    /// Who wrote it, as it says.
    pub from: Option<EmailAddress>,
    /// The mail of ours that it is about.
    pub returned: Returned,
    /// What it reports. Empty where it is no report: then a person may have written it.
    pub told: Vec<Told>,
    /// The wish to be taken off a list.
    pub wish: Option<Wish>,
}

/// A wish to leave, as our own `mailto:` link writes it: the subject `unsubscribe DIGEST TOKEN`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Which digest, where it says.
    pub digest: Option<String>,
    /// The token, where one is there. To be checked.
    pub token: Option<String>,
}

/// Reads a mail. Whatever it holds, something comes out; what is not understood is no report.
pub fn read(raw: &[u8]) -> Mail {
    let raw = &raw[..raw.len().min(LARGEST)];
    let top = Headers::read(&clean(&String::from_utf8_lossy(raw)));
    let mut mail = Mail {
        came_to: ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Cc"]
            .iter()
            .flat_map(|name| top.all(name).map(str::to_owned))
            .collect(),
        from: top.get("From").and_then(|from| addresses(from).pop()),
        ..Mail::default()
    };
    let parsed = MessageParser::default().parse(raw);
    if let Some(message) = &parsed {
        read_parts(message, &mut mail);
        if mail.told.is_empty() {
            read_prose(message, &top, &mut mail);
        }
    }
    if mail.told.is_empty() && is_automatic(&top) {
        mail.told.push(Told { addresses: mail.from.iter().cloned().collect(), ..Told::new(ReportKind::Autoreply) });
    }
    if mail.told.is_empty() {
        let subject = parsed.as_ref().and_then(|message| message.subject()).unwrap_or_default();
        mail.wish = wish(subject, &top);
    }
    mail
}

/// The parts that are made for machines.
fn read_parts(message: &Message<'_>, mail: &mut Mail) {
    for part in &message.parts {
        match kind_of(part).as_str() {
            "message/delivery-status" | "message/global-delivery-status" => {
                mail.told.extend(delivery_status::read(&text_of(part)));
            }
            "message/feedback-report" => {
                if let Some((told, traces)) = feedback::read(&text_of(part)) {
                    mail.told.push(told);
                    mail.returned.traces.extend(traces);
                }
            }
            "message/rfc822" | "message/global" | "text/rfc822-headers" | "message/global-headers" => {
                read_returned(&text_of(part), &mut mail.returned);
            }
            _ => {}
        }
    }
}

/// A bounce that is written for people.
fn read_prose(message: &Message<'_>, top: &Headers, mail: &mut Mail) {
    let text = clean(&message.body_text(0).unwrap_or_default());
    if !prose::is_bounce(top, &text) {
        return;
    }
    let parted = prose::part(&text);
    if let Some(copy) = parted.copy {
        read_returned(copy, &mut mail.returned);
    }
    mail.told = prose::read(top, parted.says);
}

/// The headers of the mail that is returned.
fn read_returned(text: &str, returned: &mut Returned) {
    let headers = Headers::read(&clean(text));
    let id = headers.get("Message-ID").map(|id| id.trim().trim_start_matches('<').trim_end_matches('>').to_owned());
    returned.message_id = returned.message_id.take().or(id.filter(|id| !id.is_empty()));
    let to = headers.get("To").and_then(|to| addresses(to).into_iter().next_back());
    returned.to = returned.to.take().or(to);
    for name in ["Return-Path", "List-Unsubscribe"] {
        returned.traces.extend(headers.all(name).map(str::to_owned));
    }
}

fn kind_of(part: &MessagePart<'_>) -> String {
    let kind = part.content_type();
    let whole = kind.map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()));
    whole.unwrap_or_default().to_ascii_lowercase()
}

fn text_of<'a>(part: &'a MessagePart<'_>) -> Cow<'a, str> {
    match &part.body {
        PartType::Text(text) | PartType::Html(text) => Cow::Borrowed(text),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => String::from_utf8_lossy(bytes),
        PartType::Message(message) => String::from_utf8_lossy(message.raw_message()),
        PartType::Multipart(_) => Cow::Borrowed(""),
    }
}

/// Whether a machine answers (RFC 3834, and what was usual before).
fn is_automatic(top: &Headers) -> bool {
    let submitted = top.get("Auto-Submitted").is_some_and(|value| !value.trim().to_lowercase().starts_with("no"));
    let named = ["X-Autoreply", "X-Autorespond", "X-Autoresponder"];
    submitted
        || named.iter().any(|name| top.get(name).is_some())
        || top.begins("Precedence", &["auto_reply", "auto-reply"])
        || top.begins("Subject", &["out of office", "automatic reply", "auto-reply", "autoreply", "abwesenheit"])
}

fn wish(subject: &str, top: &Headers) -> Option<Wish> {
    // What a list or a newsletter says is nobody's wish.
    if top.begins("Precedence", &["bulk", "list", "junk"]) || top.get("List-Id").is_some() {
        return None;
    }
    let subject = fold_space(subject);
    let mut words = subject.split(' ');
    let (first, digest, token) = (words.next()?, words.next(), words.next());
    // More words, or a third that is no token, are a person's own.
    let own = words.next().is_some() || token.is_some_and(|token| token.len() != WISH_TOKEN);
    let asks = first.eq_ignore_ascii_case("unsubscribe") && !own;
    asks.then(|| Wish { digest: digest.map(str::to_lowercase), token: token.map(str::to_owned) })
}
