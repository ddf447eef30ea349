//! Mailgun: webhooks with an HMAC over time and token.

use hmac::{Hmac, Mac as _};
use serde_json::Value;
use sha2::Sha256;

use super::{Event, bare_id, fingerprint, text};
use crate::{
    deliver::bounces::{Returned, Told, class, delivery_status::one_line, headers::addresses},
    model::bounce::{ReportKind, Status},
};

pub(super) fn read(json: &Value) -> Result<Vec<Event>, String> {
    let data = json.get("event-data").ok_or("it has no event-data: is it a webhook of Mailgun?")?;
    let words = ["/delivery-status/message", "/delivery-status/description"].iter().filter_map(|path| text(data, path));
    let words = one_line(&words.collect::<Vec<_>>().join(" "));
    let enhanced = text(data, "/delivery-status/enhanced-code").and_then(Status::parse);
    let status = enhanced.or_else(|| Status::find(&words));
    let kind = match text(data, "/event").unwrap_or_default() {
        "failed" if text(data, "/severity") == Some("temporary") => ReportKind::Delayed,
        // What Mailgun itself holds back it had bounced, complained or left before.
        "failed" => match text(data, "/reason") {
            Some("suppress-bounce") => ReportKind::Hard,
            Some("suppress-complaint") => ReportKind::Complaint,
            Some("suppress-unsubscribe") => ReportKind::Leave,
            _ => class::of_failure(status, &words),
        },
        "complained" => ReportKind::Complaint,
        "unsubscribed" => ReportKind::Leave,
        _ => return Ok(Vec::new()),
    };
    let found = text(data, "/recipient").map(addresses).unwrap_or_default();
    if found.is_empty() {
        return Err("an event without its recipient".to_owned());
    }
    let returned = Returned {
        message_id: text(data, "/message/headers/message-id").map(bare_id),
        to: text(data, "/message/headers/to").and_then(|to| addresses(to).pop()),
        traces: text(data, "/envelope/sender").map(str::to_owned).into_iter().collect(),
    };
    let id = text(data, "/id").map_or_else(|| fingerprint(data), str::to_owned);
    Ok(vec![Event { id, told: Told { addresses: found, status, words, ..Told::new(kind) }, returned }])
}

/// Whether time and token are signed with the account's key. A repeat is harmless, so no time limit is kept:
/// Mailgun itself tries again for hours.
pub(super) fn is_signed(json: &Value, key: &str) -> bool {
    let field = |name| text(json, &format!("/signature/{name}"));
    let (Some(timestamp), Some(token), Some(signature)) = (field("timestamp"), field("token"), field("signature"))
    else {
        return false;
    };
    let (Ok(mut mac), Some(signature)) = (Hmac::<Sha256>::new_from_slice(key.as_bytes()), unhex(signature)) else {
        return false;
    };
    mac.update(timestamp.as_bytes());
    mac.update(token.as_bytes());
    mac.verify_slice(&signature).is_ok()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let pairs = digits.chunks(2).map(|pair| match pair {
        [high, low] => Some((digit(*high)? * 16 + digit(*low)?) as u8),
        _ => None,
    });
    pairs.collect()
}
