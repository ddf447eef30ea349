//! A person on a digest's list, and the states of that membership.
//!
//! Opt-in, tokens and import are in [`crate::subscribers`].

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::address::{DisplayName, EmailAddress};

/// Where a person stands with one digest's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SubscriberState {
    /// Asked to be on the list, has not confirmed. Gets nothing but the confirmation.
    Pending,
    /// Confirmed. Gets issues.
    Active,
    /// Left. Gets nothing; may come back by confirming anew.
    Left,
    /// Taken off by the operator. Gets nothing and cannot come back alone.
    Blocked,
}

impl SubscriberState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Active, Self::Left, Self::Blocked];

    /// The word in table, JSON and pages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Left => "left",
            Self::Blocked => "blocked",
        }
    }

    /// The state of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// One person on the list of one digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Subscriber {
    /// Made by us; names the person in tokens and deliveries.
    pub id: i64,
    /// The digest's stem.
    pub digest: String,
    /// The cadence chosen, by its name; empty for the digest's own.
    pub cadence: String,
    /// Where issues go.
    pub email: EmailAddress,
    /// How the person is called, where given.
    pub name: Option<DisplayName>,
    /// Where the person stands.
    pub state: SubscriberState,
    /// First asked.
    pub created_at: Timestamp,
    /// Last confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// Last left.
    pub left_at: Option<Timestamp>,
}
