//! A plain form of our own, for everything else that can post JSON.
//!
//! One object, or a list of them: `{"kind": "hard", "email": "ann@example.org", "message_id": "…", "status":
//! "5.1.1", "words": "…", "id": "…"}`. `kind` is hard, soft, policy, delayed, autoreply, complaint or leave, or
//! `bounce` to have it judged by status and words; `email` or `message_id` must be there.

use serde::Deserialize;
use serde_json::Value;

use super::{Event, bare_id, fingerprint};
use crate::{
    deliver::bounces::{Returned, Told, class, delivery_status::one_line},
    model::{
        EmailAddress,
        bounce::{ReportKind, Status},
    },
};

/// The most of one request.
const MOST: usize = 1000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    kind: String,
    email: Option<String>,
    message_id: Option<String>,
    status: Option<String>,
    #[serde(default)]
    words: String,
    id: Option<String>,
}

pub(super) fn read(json: &Value) -> Result<Vec<Event>, String> {
    let items = match json {
        Value::Array(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    if items.len() > MOST {
        return Err(format!("it holds {} reports; {MOST} a request are the most", items.len()));
    }
    items.iter().map(event).collect()
}

fn event(json: &Value) -> Result<Event, String> {
    let item: Item = Item::deserialize(json).map_err(|error| format!("a report is not what is expected: {error}"))?;
    let status = match item.status.as_deref() {
        None | Some("") => None,
        Some(text) => {
            let read = Status::parse(text);
            Some(read.ok_or_else(|| format!("`{text}` is no enhanced status code; write for example 5.1.1"))?)
        }
    };
    let words = one_line(&item.words);
    let kind = match (item.kind.as_str(), ReportKind::parse(&item.kind)) {
        ("bounce", _) => class::of_failure(status, &words),
        (_, Some(kind)) => kind,
        (other, None) => {
            let known = ReportKind::ALL.map(ReportKind::as_str).join(", ");
            return Err(format!("`{other}` is no kind; there are bounce, {known}"));
        }
    };
    let address = item.email.as_deref().map(EmailAddress::parse).transpose().map_err(|error| error.to_string())?;
    if address.is_none() && item.message_id.is_none() {
        return Err("a report needs email or message_id".to_owned());
    }
    let told = Told { addresses: address.into_iter().collect(), status, words, ..Told::new(kind) };
    let returned = Returned { message_id: item.message_id.as_deref().map(bare_id), ..Returned::default() };
    Ok(Event { id: item.id.unwrap_or_else(|| fingerprint(json)), told, returned })
}
