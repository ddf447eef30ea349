//! Bounces that are written for people: qmail's, Exim's, Exchange's, and others that say so in their subject.
//!
//! Read as far as can honestly be told: the address, the code where one is printed, the words around it.

use super::{
    Told, class,
    delivery_status::one_line,
    headers::{Headers, addresses},
};
use crate::model::bounce::{ReportKind, Status};

/// Where the copy of the mail begins, on a line of its own.
const COPY: [&str; 9] = [
    "--- below this line is a copy of the message",
    "------ this is a copy of the message",
    "------ this is a copy of your message",
    "--- original message",
    "-----original message",
    "---- unsent message below",
    "--- returned message",
    "original message headers:",
    "----- message header follows",
];

/// Subjects of bounces.
const SUBJECTS: [&str; 14] = [
    "undeliver",
    "undelivered mail",
    "delivery status notification",
    "delivery failure",
    "delivery failed",
    "delivery has failed",
    "mail delivery failed",
    "mail delivery system",
    "mail system error",
    "failure notice",
    "returned mail",
    "returned to sender",
    "could not be delivered",
    "message status - undeliverable",
];

/// Phrases of notes that it is only late.
const LATE: [&str; 9] = [
    "(delay)",
    "delayed",
    "not yet been delivered",
    "has not been delivered yet",
    "warning message only",
    "will be retried",
    "will keep trying",
    "no action is required",
    "do not need to resend",
];

/// A mail cut where the returned copy begins.
pub(super) struct Parted<'a> {
    pub says: &'a str,
    pub copy: Option<&'a str>,
}

/// Parts what a bounce says from the copy that it returns.
pub(super) fn part(text: &str) -> Parted<'_> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim().to_lowercase();
        if COPY.iter().any(|mark| bare.starts_with(mark)) {
            let rest = &text[at + line.len()..];
            return Parted { says: &text[..at], copy: Some(rest.trim_start()) };
        }
        at += line.len();
    }
    Parted { says: text, copy: None }
}

/// Whether a mail is a bounce for people: from a machine, and it says so.
pub(super) fn is_bounce(headers: &Headers, text: &str) -> bool {
    if headers.get("X-Failed-Recipients").is_some() || text.trim_start().starts_with("Hi. This is the qmail-send") {
        return true;
    }
    let from = headers.get("From").unwrap_or_default().to_lowercase();
    let machine = ["mailer-daemon", "postmaster", "mail delivery", "microsoftexchange"].iter();
    let nobody = headers.get("Return-Path").is_some_and(|path| path.trim() == "<>");
    let subject = headers.get("Subject").unwrap_or_default().to_lowercase();
    (nobody || machine.clone().any(|word| from.contains(word))) && SUBJECTS.iter().any(|word| subject.contains(word))
}

/// What it says; one for each address named, or one without an address.
pub(super) fn read(headers: &Headers, says: &str) -> Vec<Told> {
    let subject = headers.get("Subject").unwrap_or_default();
    let lower = says.to_lowercase();
    let late = LATE.iter().any(|word| lower.contains(word)) || subject.to_lowercase().contains("delay");
    let listed = headers.all("X-Failed-Recipients").flat_map(addresses).collect::<Vec<_>>();
    let own: Vec<_> = headers.all("To").chain(headers.all("From")).flat_map(addresses).collect();
    let named = if listed.is_empty() { addresses(says) } else { listed };
    let mut told: Vec<Told> = named
        .into_iter()
        .filter(|address| !own.contains(address))
        .take(20)
        .map(|address| {
            let words = around(says, address.as_str());
            Told { addresses: vec![address], ..judged(late, &words) }
        })
        .collect();
    if told.is_empty() {
        told.push(judged(late, &one_line(says)));
    }
    told
}

fn judged(late: bool, words: &str) -> Told {
    let status = Status::find(words);
    let kind = if late { ReportKind::Delayed } else { class::of_failure(status, words) };
    Told { status, words: one_line(words), ..Told::new(kind) }
}

/// The words that go with an address: from its last mention to the end of the paragraph, or the next one where
/// that is empty.
fn around(says: &str, address: &str) -> String {
    let lower = says.to_ascii_lowercase();
    let Some(at) = lower.rfind(&address.to_ascii_lowercase()) else { return one_line(says) };
    let rest = says[at + address.len()..].trim_start_matches(['>', ':', ' ', ')']).trim_start();
    let end = ["\n\n", "\r\n\r\n"].iter().filter_map(|gap| rest.find(gap)).min().unwrap_or(rest.len());
    one_line(&rest[..end])
}
