//! Postmark: the webhooks `Bounce`, `SpamComplaint` and `SubscriptionChange`.

use serde_json::Value;

use super::{Event, fingerprint, text};
use crate::{
    deliver::bounces::{Returned, Told, class, delivery_status::one_line, headers::addresses},
    model::bounce::{ReportKind, Status},
};

pub(super) fn read(json: &Value) -> Result<Vec<Event>, String> {
    let record = text(json, "/RecordType").ok_or("it has no RecordType: is it a webhook of Postmark?")?;
    let words = ["/Details", "/Description"].iter().filter_map(|path| text(json, path)).collect::<Vec<_>>().join(" ");
    let words = one_line(&words);
    let status = Status::find(&words);
    let kind = match (record, text(json, "/Type").unwrap_or_default()) {
        ("SpamComplaint", _) | ("Bounce", "SpamComplaint") => ReportKind::Complaint,
        ("Bounce", "HardBounce" | "BadEmailAddress") => ReportKind::Hard,
        ("Bounce", "SoftBounce" | "Transient" | "DnsError") => ReportKind::Soft,
        ("Bounce", "SpamNotification" | "Blocked" | "DMARCPolicy" | "VirusNotification" | "SMTPApiError") => {
            ReportKind::Policy
        }
        ("Bounce", "AutoResponder" | "AddressChange" | "ChallengeVerification" | "OpenRelayTest") => {
            ReportKind::Autoreply
        }
        ("Bounce", "Unsubscribe") => ReportKind::Leave,
        ("Bounce", _) => class::of_failure(status, &words),
        ("SubscriptionChange", _) if json["SuppressSending"] == true => suppressed(json),
        // Opened, clicked, delivered: nothing that concerns a list.
        _ => return Ok(Vec::new()),
    };
    let found = text(json, "/Email").or(text(json, "/Recipient")).map(addresses).unwrap_or_default();
    if found.is_empty() {
        return Err(format!("a {record} without the address (Email)"));
    }
    let id = json.get("ID").and_then(Value::as_i64).filter(|id| *id != 0);
    let id = id.map_or_else(|| fingerprint(json), |id| format!("{record}/{id}"));
    let told = Told { addresses: found, status, words, ..Told::new(kind) };
    let returned =
        Returned { traces: text(json, "/From").map(str::to_owned).into_iter().collect(), ..Returned::default() };
    Ok(vec![Event { id, told, returned }])
}

fn suppressed(json: &Value) -> ReportKind {
    match text(json, "/SuppressionReason") {
        Some("HardBounce") => ReportKind::Hard,
        Some("SpamComplaint") => ReportKind::Complaint,
        _ => ReportKind::Leave,
    }
}
