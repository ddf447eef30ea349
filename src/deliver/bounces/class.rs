//! What a failure means for the address: by its enhanced status code (RFC 3463), and by the words where the
//! code is missing or says too little. What is not plainly hard is never called hard.

use crate::model::bounce::{ReportKind, Status};

/// No such mailbox, no such domain, closed for good.
const GONE: [&str; 36] = [
    "user unknown",
    "unknown user",
    "user not found",
    "unknown recipient",
    "recipient unknown",
    "recipient not found",
    "invalid recipient",
    "invalid mailbox",
    "invalid address",
    "bad destination mailbox",
    "unknown address",
    "address unknown",
    "unknown local part",
    "unknown local-part",
    "unrouteable address",
    "unroutable address",
    "no such user",
    "no such recipient",
    "no such mailbox",
    "no such address",
    "no such person",
    "no such domain",
    "no mailbox here by that name",
    "mailbox not found",
    "mailbox unavailable",
    "mailbox does not exist",
    "not a valid mailbox",
    "address rejected: access denied",
    "not exist",
    "doesn't exist",
    "account has been disabled",
    "account is disabled",
    "account disabled",
    "host or domain name not found",
    "domain not found",
    "does not accept mail (nullmx)",
];

/// There, but full.
const FULL: [&str; 10] = [
    "mailbox full",
    "mailbox is full",
    "inbox is full",
    "over quota",
    "overquota",
    "quota exceeded",
    "exceeded quota",
    "out of storage",
    "insufficient storage",
    "exceeded storage",
];

/// About the sender or the content.
const POLICY: [&str; 18] = [
    "spam",
    "blacklist",
    "blocklist",
    "block list",
    "blocked",
    "dnsbl",
    "reputation",
    "dmarc",
    " spf",
    "dkim",
    "unsolicited",
    "rate limit",
    "too many",
    "policy",
    "content rejected",
    "virus",
    "unauthenticated",
    "relay",
];

/// What a final failure means, from its code and the server's words.
pub fn of_failure(status: Option<Status>, words: &str) -> ReportKind {
    let words = words.to_lowercase();
    let any = |phrases: &[&str]| phrases.iter().any(|phrase| words.contains(phrase));
    // A code in the words is the receiving server's own; one that tells only the class gives way to it.
    let status = match status {
        Some(status) if !status.is_bare() => Some(status),
        bare => Status::find(&words).filter(|found| !found.is_bare()).or(bare),
    };
    let (gone, full, policy) = (any(&GONE), any(&FULL), any(&POLICY));
    let Some(Status { class, subject, detail }) = status.filter(|status| !status.is_bare()) else {
        return by_words(gone, full, policy);
    };
    match (class, subject, detail) {
        // 4.x.x: given up after days of trying, so it may well work again.
        (4, 7, _) if policy => ReportKind::Policy,
        (4, ..) => ReportKind::Soft,
        _ if full => ReportKind::Soft,
        (_, 1, 1 | 2 | 3 | 6 | 10) | (_, 2, 1) => ReportKind::Hard,
        (_, 1, 7..=9) | (_, 6, _) => ReportKind::Policy,
        (_, 2, 2..=4) => ReportKind::Soft,
        // 5.4.4: the name of the domain leads nowhere. 5.4.310 is how Exchange says so.
        (_, 4, 4 | 310) => ReportKind::Hard,
        (_, 7, _) if gone && !policy => ReportKind::Hard,
        (_, 7, _) => ReportKind::Policy,
        _ => by_words(gone, full, policy),
    }
}

fn by_words(gone: bool, full: bool, policy: bool) -> ReportKind {
    match (gone, full, policy) {
        (true, false, false) => ReportKind::Hard,
        (false, false, true) => ReportKind::Policy,
        _ => ReportKind::Soft,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(status: &str, words: &str) -> ReportKind {
        of_failure(Status::parse(status), words)
    }

    #[test]
    fn the_code_decides_where_it_says_enough() {
        for (status, words, kind) in [
            ("5.1.1", "550 5.1.1 <a@b.org>: Recipient address rejected: User unknown", ReportKind::Hard),
            ("5.1.10", "556 5.1.10 Domain b.org does not accept mail (nullMX)", ReportKind::Hard),
            ("5.2.1", "550 5.2.1 The mailbox is closed", ReportKind::Hard),
            ("5.4.4", "Host or domain name not found. Name service error for name=b.org", ReportKind::Hard),
            ("5.2.2", "552 5.2.2 over the limit", ReportKind::Soft),
            ("5.1.1", "550 5.1.1 Mailbox full", ReportKind::Soft),
            ("4.4.1", "connect to mx.b.org[192.0.2.9]:25: Connection timed out", ReportKind::Soft),
            ("4.2.2", "452 4.2.2 The recipient's inbox is out of storage space", ReportKind::Soft),
            ("5.3.2", "the system takes no mail", ReportKind::Soft),
            (
                "5.7.1",
                "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using a list",
                ReportKind::Policy,
            ),
            ("5.7.26", "550-5.7.26 This mail is unauthenticated", ReportKind::Policy),
            ("5.6.0", "content rejected", ReportKind::Policy),
            ("5.1.8", "Sender address rejected: Domain not found", ReportKind::Policy),
        ] {
            assert_eq!(class(status, words), kind, "{status} {words}");
        }
    }

    #[test]
    fn words_decide_where_the_code_does_not_and_doubt_is_never_hard() {
        for (words, kind) in [
            ("550 Requested action not taken: mailbox unavailable", ReportKind::Hard),
            ("550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", ReportKind::Hard),
            ("Sorry, no mailbox here by that name. (#5.1.1)", ReportKind::Hard),
            ("Unrouteable address", ReportKind::Hard),
            ("550 5.7.1 Unknown user", ReportKind::Hard),
            ("550 looks like spam to us", ReportKind::Policy),
            ("550 blocked: user unknown to this filter", ReportKind::Soft),
            ("554 delivery error: dd This user is over quota", ReportKind::Soft),
            ("550 no", ReportKind::Soft),
            ("", ReportKind::Soft),
        ] {
            assert_eq!(of_failure(None, words), kind, "{words}");
        }
        assert_eq!(class("5.0.0", "smtp; 550 5.1.1 unknown"), ReportKind::Hard);
        assert_eq!(class("5.0.0", "Unrouteable address"), ReportKind::Hard);
        assert_eq!(class("5.0.0", "something"), ReportKind::Soft);
    }
}
