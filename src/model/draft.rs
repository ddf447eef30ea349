//! A scheduled issue that waits for a person: composed and shown, not frozen.
//!
//! A draft is no issue: it uses no review, and the window that it covers stays open. What was decided on it stays
//! known, so that whoever comes late is told what became of it.

use jiff::Timestamp;

use super::{EmailAddress, Issue};

/// An issue that waits for a person, or did.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// What names it: 12 hexadecimal digits.
    pub id: String,
    /// The slot of the schedule that it was made for.
    pub due_at: Timestamp,
    /// The issue as it would be frozen.
    pub issue: Issue,
    /// What became of it.
    pub state: DraftState,
    /// When that was decided, and by whom: `desk`, `command line`, `API` or `schedule`.
    pub decided: Option<(Timestamp, String)>,
    /// The mail about it.
    pub mail: DraftMail,
}

/// What became of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DraftState {
    /// It waits for a person.
    Waiting,
    /// Another issue took its number: it is composed anew at the next tick.
    Overtaken,
    /// It was frozen as an issue.
    Approved,
    /// A person took it away.
    Discarded,
    /// A newer draft took its place.
    Replaced,
    /// There was no issue to be made any more: another one took its window in, or too little was left.
    Gone,
}

impl DraftState {
    /// Every state.
    pub const ALL: [Self; 6] =
        [Self::Waiting, Self::Overtaken, Self::Approved, Self::Discarded, Self::Replaced, Self::Gone];

    /// The word in table, JSON and pages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Overtaken => "overtaken",
            Self::Approved => "approved",
            Self::Discarded => "discarded",
            Self::Replaced => "replaced",
            Self::Gone => "gone",
        }
    }

    /// The state of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether anything is still to be decided: a stream has one such draft at most.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Overtaken)
    }

    /// Whether a person may do that with a draft in this state.
    pub const fn allows(self, act: DraftAct) -> bool {
        match act {
            DraftAct::Approve => matches!(self, Self::Waiting),
            DraftAct::Discard | DraftAct::Again => self.is_open(),
        }
    }

    /// What became of it, as a sentence that also says what to do.
    pub const fn explain(self) -> &'static str {
        match self {
            Self::Waiting => "It waits for a decision.",
            Self::Overtaken => {
                "Another issue took its number meanwhile. It is composed anew at the next tick of `pullquote serve`, \
                 or now by `again`."
            }
            Self::Approved => "It was approved, and is an issue now.",
            Self::Discarded => "It was discarded. Its window stays open until the next slot.",
            Self::Replaced => "A newer draft took its place: look at that one.",
            Self::Gone => {
                "Another issue took its window in, or what was left made no issue. What is new waits for the next slot."
            }
        }
    }
}

/// What a person may do with a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DraftAct {
    /// Freeze it as it stands.
    Approve,
    /// Take it away.
    Discard,
    /// Compose it anew.
    Again,
}

impl DraftAct {
    /// Every act.
    pub const ALL: [Self; 3] = [Self::Approve, Self::Discard, Self::Again];

    /// The word in forms, addresses and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Discard => "discard",
            Self::Again => "again",
        }
    }

    /// The act of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.as_str() == word)
    }
}

/// The mail that tells a person of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftMail {
    /// To whom.
    pub to: EmailAddress,
    /// Where it stands.
    pub state: DraftMailState,
    /// Tries so far.
    pub tries: u32,
    /// When it went out or was given up; while it waits, when it is tried next.
    pub at: Timestamp,
    /// What the server said last, or what stood in the way.
    pub reply: Option<String>,
}

impl DraftMail {
    /// What keeps the mail from its reader, where something does.
    pub fn trouble(&self) -> Option<String> {
        let reply = self.reply.as_deref()?;
        match self.state {
            DraftMailState::Sent => None,
            DraftMailState::Due => Some(format!("the mail to {} is not out yet: {reply}", self.to)),
            DraftMailState::Failed => {
                Some(format!("the mail to {} did not go out, and is not tried again: {reply}", self.to))
            }
        }
    }
}

/// Where the mail about a draft stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DraftMailState {
    /// It is to go out.
    Due,
    /// The server took it.
    Sent,
    /// The server refuses it for good, or took it too long.
    Failed,
}

impl DraftMailState {
    /// The word in table, JSON and pages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Sent => "sent",
            Self::Failed => "failed",
        }
    }

    /// The state of a word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Due, Self::Sent, Self::Failed].into_iter().find(|state| state.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_and_act_has_its_word() {
        for state in DraftState::ALL {
            assert_eq!(DraftState::parse(state.as_str()), Some(state));
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
        for act in DraftAct::ALL {
            assert_eq!(DraftAct::parse(act.as_str()), Some(act));
        }
    }

    #[test]
    fn only_what_still_waits_can_be_approved_and_nothing_is_decided_twice() {
        for state in DraftState::ALL {
            assert_eq!(state.allows(DraftAct::Approve), state == DraftState::Waiting);
            assert_eq!(state.allows(DraftAct::Discard), state.is_open());
            assert_eq!(state.allows(DraftAct::Again), state.is_open());
        }
    }
}
