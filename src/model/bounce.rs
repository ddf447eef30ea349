//! What comes back after a mail has gone out: bounces, complaints, wishes to leave, and what follows from them.
//!
//! Pure rules. Reading mails and hooks is [`crate::deliver::bounces`]'s, keeping reports [`crate::store`]'s.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a report says of one recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReportKind {
    /// Mail for this address will never arrive: no such mailbox, no such domain.
    Hard,
    /// It did not arrive this time, or nobody can tell whether it ever will: mailbox full, server out of order.
    Soft,
    /// It was refused for what was sent or who sent it, whoever the recipient is. Never held against an address.
    Policy,
    /// It is late, and still being tried.
    Delayed,
    /// It arrived, or went on to where nothing more will be told.
    Delivered,
    /// A machine answers for the person: away, ticket opened.
    Autoreply,
    /// The person called it spam.
    Complaint,
    /// The person asks by mail to be taken off.
    Leave,
}

impl ReportKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Hard,
        Self::Soft,
        Self::Policy,
        Self::Delayed,
        Self::Delivered,
        Self::Autoreply,
        Self::Complaint,
        Self::Leave,
    ];

    /// The word in table, JSON and pages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hard => "hard",
            Self::Soft => "soft",
            Self::Policy => "policy",
            Self::Delayed => "delayed",
            Self::Delivered => "delivered",
            Self::Autoreply => "autoreply",
            Self::Complaint => "complaint",
            Self::Leave => "leave",
        }
    }

    /// The kind of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// How a report was tied to its recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// By a token of ours: in the address it came to, or in the links of the mail that it returns.
    Token,
    /// By the Message-ID of the mail that it returns, which only who got that mail can know.
    MessageId,
    /// By a provider that showed it may tell.
    Provider,
    /// By the reply of the server that we sent to.
    Ledger,
    /// By the address that it was sent from: enough for a wish of that address, and no proof of anything else.
    Sender,
    /// By an address that it names. Anybody can write that.
    Address,
}

impl Proof {
    /// Every way.
    pub const ALL: [Self; 6] =
        [Self::Token, Self::MessageId, Self::Provider, Self::Ledger, Self::Sender, Self::Address];

    /// The word in table, JSON and pages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::MessageId => "message-id",
            Self::Provider => "provider",
            Self::Ledger => "ledger",
            Self::Sender => "sender",
            Self::Address => "address",
        }
    }

    /// The way of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|proof| proof.as_str() == word)
    }

    /// Whether a stranger could not have made the report up.
    pub const fn holds(self) -> bool {
        !matches!(self, Self::Sender | Self::Address)
    }
}

/// An enhanced status code (RFC 3463): class, subject, detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Status {
    /// 2 success, 4 not now, 5 never.
    pub class: u8,
    /// What it is about: 1 address, 2 mailbox, 3 system, 4 network, 5 protocol, 6 content, 7 policy.
    pub subject: u16,
    /// More exactly.
    pub detail: u16,
}

impl Status {
    /// Reads `5.1.1`, alone or at the beginning of a text.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim_start();
        let end = text.bytes().position(|b| !b.is_ascii_digit() && b != b'.').unwrap_or(text.len());
        // What goes on with a letter or a hyphen is a version or a host name.
        if text[end..].starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_') {
            return None;
        }
        let mut parts = text[..end].trim_end_matches('.').split('.');
        let (class, subject, detail) = (parts.next()?, parts.next()?, parts.next()?);
        let fits = |part: &str| (1..=3).contains(&part.len());
        if parts.next().is_some() || !matches!(class, "2" | "4" | "5") || !fits(subject) || !fits(detail) {
            return None;
        }
        Some(Self { class: class.parse().ok()?, subject: subject.parse().ok()?, detail: detail.parse().ok()? })
    }

    /// The first code in a text, such as a server's reply. Addresses of machines are none.
    pub fn find(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let starts = bytes.iter().enumerate().filter(|(at, byte)| {
            let before = at.checked_sub(1).map(|before| bytes[before]);
            matches!(byte, b'2' | b'4' | b'5') && before.is_none_or(|b| !b.is_ascii_alphanumeric() && b != b'.')
        });
        starts.filter_map(|(at, _)| Self::parse(&text[at..])).next()
    }

    /// Whether it only tells the class: `5.0.0`.
    pub const fn is_bare(self) -> bool {
        self.subject == 0
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

/// What became of one issue for an address, as far as it is known: the newest first makes a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    /// When the server took it.
    pub at: Timestamp,
    /// Whether a soft bounce came of it that still counts.
    pub bounced: bool,
}

/// How long servers try before they send a soft bounce: an issue younger than this that did not bounce says
/// nothing yet (RFC 5321, section 4.5.4.1, has them try for four to five days).
pub const UNSETTLED: Duration = Duration::from_secs(5 * 86_400);

/// How many issues in a row bounced softly, and over what time: `history` is newest first.
///
/// An issue that came through, and is old enough that no bounce can follow, ends the row.
pub fn soft_streak(history: &[Sent], now: Timestamp) -> (u32, Duration) {
    let settled = |sent: &&Sent| sent.bounced || now.duration_since(sent.at).unsigned_abs() >= UNSETTLED;
    let row: Vec<_> = history.iter().filter(settled).take_while(|sent| sent.bounced).collect();
    let span = match (row.first(), row.last()) {
        (Some(newest), Some(oldest)) => newest.at.duration_since(oldest.at).unsigned_abs(),
        _ => Duration::ZERO,
    };
    (u32::try_from(row.len()).unwrap_or(u32::MAX), span)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: i64) -> Timestamp {
        Timestamp::from_second(n * 86_400).unwrap()
    }

    fn history(days: &[(i64, bool)]) -> Vec<Sent> {
        days.iter().map(|(at, bounced)| Sent { at: day(*at), bounced: *bounced }).collect()
    }

    #[test]
    fn a_code_is_told_from_addresses_of_machines_versions_and_lengths() {
        let find = |text: &str| Status::find(text).map(|status| status.to_string());
        assert_eq!(find("550 5.1.1 <a@b.org>: User unknown").as_deref(), Some("5.1.1"));
        assert_eq!(find("said: 550-5.1.1 The email account").as_deref(), Some("5.1.1"));
        assert_eq!(find("[192.0.2.5] said: 451 4.7.1 later").as_deref(), Some("4.7.1"));
        assert_eq!(find("#5.4.310 smtp;550 5.4.310 DNS domain does not exist").as_deref(), Some("5.4.310"));
        assert_eq!(find("(#5.1.1)").as_deref(), Some("5.1.1"));
        assert_eq!(find("from 5.1.1.7 via 5.9.12-beta, exim 4.96.1a, host-5.1.1.example"), None);
        assert_eq!(find("It is gone. 5.1.1."), Some("5.1.1".to_owned()));
        assert_eq!(Status::parse("3.1.1"), None);
        assert_eq!(Status::parse("5.1"), None);
    }

    #[test]
    fn only_issues_in_a_row_count_and_one_that_came_through_ends_the_row() {
        let streak = |days: &[(i64, bool)]| soft_streak(&history(days), day(100));
        assert_eq!(streak(&[]), (0, Duration::ZERO));
        assert_eq!(streak(&[(90, true), (83, true), (76, true)]), (3, Duration::from_secs(14 * 86_400)));
        assert_eq!(streak(&[(90, true), (83, false), (76, true)]).0, 1);
        assert_eq!(streak(&[(90, false), (83, true)]).0, 0);
    }

    #[test]
    fn an_issue_too_young_to_tell_neither_counts_nor_ends_the_row() {
        assert_eq!(soft_streak(&history(&[(99, false), (98, true), (97, false), (91, true)]), day(100)).0, 2);
        assert_eq!(soft_streak(&history(&[(99, false), (98, true), (95, false), (91, true)]), day(100)).0, 1);
    }

    #[test]
    fn words_are_read_back() {
        assert!(ReportKind::ALL.into_iter().all(|kind| ReportKind::parse(kind.as_str()) == Some(kind)));
        assert!(Proof::ALL.into_iter().all(|proof| Proof::parse(proof.as_str()) == Some(proof)));
    }
}
