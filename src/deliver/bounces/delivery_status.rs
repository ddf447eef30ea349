//! The machine-readable part of a delivery report (RFC 3464; RFC 6533 for addresses beyond ASCII).

use super::{
    Told, class,
    headers::{Headers, addresses},
};
use crate::model::{
    bounce::{ReportKind, Status},
    text::fold_space,
};

/// The longest that words are kept.
pub(super) const WORDS: usize = 400;

/// What it says of each recipient it names.
pub(super) fn read(text: &str) -> Vec<Told> {
    let blocks = Headers::blocks(text);
    let reporter = blocks.iter().find_map(|block| block.get("Reporting-MTA")).map(after_type);
    blocks
        .iter()
        .filter(|block| block.get("Final-Recipient").or(block.get("Action")).is_some())
        .map(|block| {
            // The address as it was written to comes first.
            let named = ["Original-Recipient", "Final-Recipient"];
            let mut found = named.iter().filter_map(|name| block.get(name)).flat_map(addresses).collect::<Vec<_>>();
            found.dedup();
            let status = block.get("Status").and_then(Status::parse);
            let words = one_line(block.get("Diagnostic-Code").map(after_type).unwrap_or_default());
            let kind = kind(block.get("Action").unwrap_or_default(), status, &words);
            Told { kind, addresses: found, status: exact(status, &words), words, reporter: reporter.map(str::to_owned) }
        })
        .collect()
}

fn kind(action: &str, status: Option<Status>, words: &str) -> ReportKind {
    // A comment may follow the word (RFC 3464, section 2.3.3).
    let word: String = action.chars().take_while(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
    match (word.as_str(), status.map(|status| status.class)) {
        ("delayed", _) => ReportKind::Delayed,
        ("delivered" | "relayed" | "expanded", _) => ReportKind::Delivered,
        ("failed", _) | (_, Some(5)) => class::of_failure(status, words),
        (_, Some(2)) => ReportKind::Delivered,
        // Neither an action nor a final code: nothing is known to have failed for good.
        _ => ReportKind::Delayed,
    }
}

/// The code that says most.
fn exact(status: Option<Status>, words: &str) -> Option<Status> {
    match status {
        Some(status) if !status.is_bare() => Some(status),
        bare => Status::find(words).filter(|found| !found.is_bare()).or(bare),
    }
}

/// A value without its type, as in `smtp; 550 no`.
fn after_type(value: &str) -> &str {
    match value.split_once(';') {
        Some((kind, rest)) if kind.trim().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') => rest.trim(),
        _ => value.trim(),
    }
}

/// Words as one printable line of bounded length.
pub(super) fn one_line(text: &str) -> String {
    let printable: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    fold_space(&printable).chars().take(WORDS).collect()
}
