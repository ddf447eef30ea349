//! One issue for one recipient: its states, the edges between them, and the books that must balance.
//!
//! The ledger that keeps them is [`crate::deliver`]'s and [`crate::store`]'s.

use serde::{Deserialize, Serialize};

/// Where the delivery of one issue to one recipient stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryState {
    /// Frozen, not tried yet.
    Waiting,
    /// A worker holds it, under a lease; its message may be on the wire.
    Claimed,
    /// Put off by the server or the network; has a time for the next try.
    Deferred,
    /// Accepted by the server.
    Sent,
    /// Refused for good, with the reason.
    Failed,
    /// Not sent on purpose, with the reason: left, blocked or cancelled.
    Excluded,
    /// Nobody can know: the connection or the process was lost while the message was handed over.
    Uncertain,
}

impl DeliveryState {
    /// Every state.
    pub const ALL: [Self; 7] =
        [Self::Waiting, Self::Claimed, Self::Deferred, Self::Sent, Self::Failed, Self::Excluded, Self::Uncertain];

    /// The word in table, JSON and pages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Claimed => "claimed",
            Self::Deferred => "deferred",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Excluded => "excluded",
            Self::Uncertain => "uncertain",
        }
    }

    /// The state of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether the ledger may move from here to there.
    ///
    /// What was sent stays sent. An uncertain delivery moves by a person's decision: to waiting (resend), to
    /// sent or to failed (leave); or by knowledge: an answer that comes late, or its worker's journal that proves
    /// that it was not begun. A failed one may be sent again by a person's decision too.
    pub const fn may_become(self, next: Self) -> bool {
        use DeliveryState::{Claimed, Deferred, Excluded, Failed, Sent, Uncertain, Waiting};
        match self {
            Waiting | Deferred => matches!(next, Claimed | Excluded),
            Claimed => matches!(next, Waiting | Sent | Failed | Deferred | Uncertain),
            Uncertain => matches!(next, Waiting | Sent | Failed),
            Failed => matches!(next, Waiting),
            Sent | Excluded => false,
        }
    }
}

/// The count of an issue's deliveries by what became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Books {
    /// Recipients frozen into the issue.
    pub recipients: u64,
    /// Accepted by the server.
    pub sent: u64,
    /// Refused for good.
    pub failed: u64,
    /// Left out on purpose.
    pub excluded: u64,
    /// Nobody can know.
    pub uncertain: u64,
    /// Still to do: waiting, claimed or deferred.
    pub waiting: u64,
}

impl Books {
    /// Adds `count` deliveries in a state.
    pub fn add(&mut self, state: DeliveryState, count: u64) {
        use DeliveryState::{Claimed, Deferred, Excluded, Failed, Sent, Uncertain, Waiting};
        match state {
            Sent => self.sent += count,
            Failed => self.failed += count,
            Excluded => self.excluded += count,
            Uncertain => self.uncertain += count,
            Waiting | Claimed | Deferred => self.waiting += count,
        }
    }

    /// Whether the recipients stored at freezing are all accounted for.
    pub const fn balance(&self) -> bool {
        self.recipients == self.sent + self.failed + self.excluded + self.uncertain + self.waiting
    }

    /// Whether nothing is left to do.
    pub const fn done(&self) -> bool {
        self.waiting == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_is_never_sent_again() {
        for next in DeliveryState::ALL {
            assert!(!DeliveryState::Sent.may_become(next));
        }
    }

    #[test]
    fn an_uncertain_delivery_is_never_claimed_blindly() {
        assert!(!DeliveryState::Uncertain.may_become(DeliveryState::Claimed));
        assert!(!DeliveryState::Uncertain.may_become(DeliveryState::Deferred));
    }

    #[test]
    fn what_a_worker_holds_is_nobody_elses_to_exclude_or_to_claim() {
        assert!(!DeliveryState::Claimed.may_become(DeliveryState::Excluded));
        assert!(!DeliveryState::Claimed.may_become(DeliveryState::Claimed));
    }

    #[test]
    fn books_count_every_state_once() {
        let mut books = Books { recipients: 7, ..Books::default() };
        for state in DeliveryState::ALL {
            books.add(state, 1);
        }
        assert_eq!(books.waiting, 3);
        assert!(books.balance());
        assert!(!books.done());
    }
}
