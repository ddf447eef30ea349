//! Amazon SES: notifications and published events, inside an SNS envelope or delivered raw.

use serde_json::Value;
use url::Url;

use super::{Event, Posted, bare_id, fingerprint, text};
use crate::{
    deliver::bounces::{Returned, Told, class, delivery_status::one_line, headers::addresses},
    model::bounce::{ReportKind, Status},
};

pub(super) fn read(json: &Value) -> Result<Posted, String> {
    match text(json, "/Type") {
        Some("SubscriptionConfirmation" | "UnsubscribeConfirmation") => {
            let url = text(json, "/SubscribeURL").ok_or("an SNS confirmation without SubscribeURL")?;
            confirmation(url).map(|url| Posted::Confirm(url.into()))
        }
        Some("Notification") => {
            let message = text(json, "/Message").ok_or("an SNS notification without Message")?;
            match serde_json::from_str::<Value>(message) {
                Ok(inner) => events(&inner, text(json, "/MessageId")).map(Posted::Events),
                // SES greets a new topic with a sentence.
                Err(_) => Ok(Posted::Events(Vec::new())),
            }
        }
        Some(other) => Err(format!("the SNS type `{other}` is not known")),
        None => events(json, None).map(Posted::Events),
    }
}

/// The address to open, where it is plainly Amazon's own: nobody can have us open another.
fn confirmation(url: &str) -> Result<Url, String> {
    let refused = || "its SubscribeURL does not lead to sns.REGION.amazonaws.com, so it is not opened".to_owned();
    let url = Url::parse(url).map_err(|_| refused())?;
    let host = url.host_str().unwrap_or_default();
    let region = host
        .strip_prefix("sns.")
        .and_then(|rest| rest.strip_suffix(".amazonaws.com").or_else(|| rest.strip_suffix(".amazonaws.com.cn")));
    let named = region.is_some_and(|region| {
        !region.is_empty() && region.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    });
    let asks = url.query_pairs().any(|(key, value)| key == "Action" && value == "ConfirmSubscription");
    let plain = url.scheme() == "https" && url.port().is_none() && url.username().is_empty() && url.path() == "/";
    if named && asks && plain { Ok(url) } else { Err(refused()) }
}

fn events(json: &Value, outer_id: Option<&str>) -> Result<Vec<Event>, String> {
    let kind = text(json, "/notificationType").or(text(json, "/eventType"));
    let kind = kind.ok_or("it has neither notificationType nor eventType: is it a message of SES?")?;
    let (list, field) = match kind {
        "Bounce" => ("/bounce/bouncedRecipients", "/bounce/feedbackId"),
        "Complaint" => ("/complaint/complainedRecipients", "/complaint/feedbackId"),
        _ => return Ok(Vec::new()),
    };
    let id = text(json, field).or(outer_id).map_or_else(|| fingerprint(json), str::to_owned);
    let returned = returned(json);
    let recipients =
        json.pointer(list).and_then(Value::as_array).ok_or_else(|| format!("a {kind} without recipients"))?;
    let told = recipients.iter().map(|recipient| match kind {
        "Bounce" => bounce(json, recipient),
        _ => complaint(json, recipient),
    });
    let several = recipients.len() > 1;
    Ok(told
        .enumerate()
        .map(|(at, told)| {
            let id = if several { format!("{id}/{at}") } else { id.clone() };
            Event { id, told, returned: returned.clone() }
        })
        .collect())
}

fn bounce(json: &Value, recipient: &Value) -> Told {
    let status = text(recipient, "/status").and_then(Status::parse);
    let words = one_line(text(recipient, "/diagnosticCode").unwrap_or_default());
    let kind = match (text(json, "/bounce/bounceType"), text(json, "/bounce/bounceSubType")) {
        // What SES itself holds back was hard before.
        (Some("Permanent"), Some("General" | "NoEmail" | "Suppressed" | "OnAccountSuppressionList")) => {
            match class::of_failure(status, &words) {
                ReportKind::Policy => ReportKind::Policy,
                _ => ReportKind::Hard,
            }
        }
        (Some("Transient"), Some("ContentRejected" | "AttachmentRejected")) => ReportKind::Policy,
        (Some("Transient"), _) => ReportKind::Soft,
        _ => class::of_failure(status, &words),
    };
    let reporter = text(json, "/bounce/reportingMTA").map(one_line);
    Told { kind, addresses: emails(recipient), status, words, reporter }
}

fn complaint(json: &Value, recipient: &Value) -> Told {
    let said = text(json, "/complaint/complaintFeedbackType").unwrap_or("abuse");
    let mut told = Told::new(if said == "not-spam" { ReportKind::Delivered } else { ReportKind::Complaint });
    told.addresses = emails(recipient);
    told.words = one_line(&format!("feedback type {said}"));
    told.reporter = text(json, "/complaint/userAgent").map(one_line);
    told
}

fn emails(recipient: &Value) -> Vec<crate::model::EmailAddress> {
    text(recipient, "/emailAddress").map(addresses).unwrap_or_default()
}

fn returned(json: &Value) -> Returned {
    let mut returned = Returned {
        message_id: text(json, "/mail/commonHeaders/messageId").map(bare_id),
        to: text(json, "/mail/commonHeaders/to/0").and_then(|to| addresses(to).pop()),
        traces: text(json, "/mail/source").map(str::to_owned).into_iter().collect(),
    };
    for header in json.pointer("/mail/headers").and_then(Value::as_array).into_iter().flatten() {
        match (text(header, "/name").map(str::to_ascii_lowercase).as_deref(), text(header, "/value")) {
            (Some("message-id"), Some(value)) => returned.message_id = Some(bare_id(value)),
            (Some("list-unsubscribe"), Some(value)) => returned.traces.push(value.to_owned()),
            _ => {}
        }
    }
    returned
}
