//! Complaints in the Abuse Reporting Format (RFC 5965).

use super::{
    Told,
    delivery_status::one_line,
    headers::{Headers, addresses},
};
use crate::model::bounce::ReportKind;

/// The complaint, and what may hold a token of ours. `None` where the report is none: `not-spam` takes one back,
/// `auth-failure` (RFC 6591) is about our DNS.
pub(super) fn read(text: &str) -> Option<(Told, Vec<String>)> {
    // Fields stand in one block; a blank line between them is a habit of some.
    let joined: String = text.lines().filter(|line| !line.trim().is_empty()).flat_map(|line| [line, "\n"]).collect();
    let fields = Headers::read(&joined);
    let kind = fields.get("Feedback-Type").unwrap_or("abuse").trim().to_ascii_lowercase();
    if !matches!(kind.as_str(), "abuse" | "fraud" | "other" | "opt-out" | "opt-out-list" | "miscategorized") {
        return None;
    }
    let mut told = Told::new(if kind.starts_with("opt-out") { ReportKind::Leave } else { ReportKind::Complaint });
    for name in ["Original-Rcpt-To", "Removal-Recipient"] {
        told.addresses.extend(fields.all(name).flat_map(addresses));
    }
    told.addresses.dedup();
    told.words = one_line(&format!("feedback type {kind}"));
    told.reporter = fields.get("Reporting-MTA").or(fields.get("User-Agent")).map(one_line);
    let traces = fields.all("Original-Mail-From").map(str::to_owned).collect();
    Some((told, traces))
}
