//! Joining and leaving: which step is allowed from where, as pure rules.
//!
//! Whoever asks gets the same answer, so that nobody learns who is on a list; a person gets at most one
//! confirmation mail a day, so that the form cannot be used to pester anyone.

use std::time::Duration;

use jiff::Timestamp;

use crate::{
    model::{Digest, DisplayName, EmailAddress, Subscriber, SubscriberState},
    store::subscribers::StoredSubscriber,
};

/// No second confirmation mail before this has passed.
pub const BETWEEN_CONFIRMATIONS: Duration = Duration::from_secs(24 * 60 * 60);

/// What asking to join leads to.
#[derive(Debug, Clone)]
pub enum Asked {
    /// Store this and send a confirmation mail.
    Confirm(StoredSubscriber),
    /// Do nothing: the person is on the list, was asked within a day, or is blocked.
    Nothing,
}

/// A person asks to join a digest's list at one of its cadences. `fresh_id` is used where the address is new.
///
/// Who is on the list already keeps the cadence: anybody can type in an address, and only the links in its mails
/// change what it gets.
pub fn ask(
    known: Option<StoredSubscriber>,
    fresh_id: i64,
    digest: &Digest,
    email: EmailAddress,
    name: Option<DisplayName>,
    now: Timestamp,
) -> Asked {
    let Some(mut known) = known else {
        return Asked::Confirm(StoredSubscriber {
            subscriber: Subscriber {
                id: fresh_id,
                digest: digest.list.to_string(),
                cadence: digest.cadence_key().to_owned(),
                email,
                name,
                state: SubscriberState::Pending,
                created_at: now,
                confirmed_at: None,
                left_at: None,
            },
            confirm_sent_at: Some(now),
        });
    };
    let asked_lately =
        known.confirm_sent_at.is_some_and(|sent| now.duration_since(sent).unsigned_abs() < BETWEEN_CONFIRMATIONS);
    match known.subscriber.state {
        SubscriberState::Active | SubscriberState::Blocked => Asked::Nothing,
        SubscriberState::Pending | SubscriberState::Left if asked_lately => Asked::Nothing,
        SubscriberState::Pending | SubscriberState::Left => {
            known.confirm_sent_at = Some(now);
            known.subscriber.name = name.or(known.subscriber.name);
            digest.cadence_key().clone_into(&mut known.subscriber.cadence);
            Asked::Confirm(known)
        }
    }
}

/// Why a confirmation does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotConfirmed {
    /// The link is older than the limit, or a newer one was sent.
    #[error("this link has run out; please subscribe again to get a new one")]
    RunOut,
    /// The operator blocked the address.
    #[error("this address cannot be subscribed")]
    Blocked,
}

/// A person confirms by the link that was sent at `asked_at`.
///
/// # Errors
/// Where the link has run out or the address is blocked.
pub fn confirm(
    mut known: StoredSubscriber,
    asked_at: Timestamp,
    within: Duration,
    now: Timestamp,
) -> Result<StoredSubscriber, NotConfirmed> {
    if known.subscriber.state == SubscriberState::Blocked {
        return Err(NotConfirmed::Blocked);
    }
    if known.confirm_sent_at != Some(asked_at) || now.duration_since(asked_at).unsigned_abs() > within {
        return Err(NotConfirmed::RunOut);
    }
    if known.subscriber.state != SubscriberState::Active {
        known.subscriber.state = SubscriberState::Active;
        known.subscriber.confirmed_at = Some(now);
    }
    Ok(known)
}

/// A person leaves. `None` where there is nothing to change. An old confirmation link does not bring them
/// back.
pub fn leave(mut known: StoredSubscriber, now: Timestamp) -> Option<StoredSubscriber> {
    match known.subscriber.state {
        SubscriberState::Active | SubscriberState::Pending => {
            known.subscriber.state = SubscriberState::Left;
            known.subscriber.left_at = Some(now);
            known.confirm_sent_at = None;
            Some(known)
        }
        SubscriberState::Left | SubscriberState::Blocked => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WITHIN: Duration = Duration::from_secs(48 * 3600);

    fn hour(n: i64) -> Timestamp {
        Timestamp::from_second(n * 3600).unwrap()
    }

    fn asked(known: Option<StoredSubscriber>, now: Timestamp) -> Asked {
        let text = "title = \"Friday\"\nsource = [{ folder = \"f\" }]";
        let digest = crate::model::digest::file::parse("friday.toml", "friday", text).unwrap();
        ask(known, 1, &digest, EmailAddress::parse("ann@example.org").unwrap(), None, now)
    }

    fn pending() -> StoredSubscriber {
        match asked(None, hour(0)) {
            Asked::Confirm(stored) => stored,
            Asked::Nothing => panic!("a new address was not asked to confirm"),
        }
    }

    #[test]
    fn nobody_is_on_the_list_before_confirming() {
        assert_eq!(pending().subscriber.state, SubscriberState::Pending);
        let active = confirm(pending(), hour(0), WITHIN, hour(1)).unwrap();
        assert_eq!(active.subscriber.state, SubscriberState::Active);
    }

    #[test]
    fn an_address_gets_one_confirmation_mail_a_day() {
        assert!(matches!(asked(Some(pending()), hour(23)), Asked::Nothing));
        assert!(matches!(asked(Some(pending()), hour(24)), Asked::Confirm(_)));
    }

    #[test]
    fn a_link_runs_out_and_a_newer_one_replaces_it() {
        assert_eq!(confirm(pending(), hour(0), WITHIN, hour(49)).err(), Some(NotConfirmed::RunOut));
        let Asked::Confirm(again) = asked(Some(pending()), hour(30)) else { panic!("not asked again") };
        assert_eq!(confirm(again, hour(0), WITHIN, hour(31)).err(), Some(NotConfirmed::RunOut));
    }

    #[test]
    fn who_left_comes_back_only_by_confirming_anew() {
        let active = confirm(pending(), hour(0), WITHIN, hour(1)).unwrap();
        let left = leave(active, hour(2)).unwrap();
        assert_eq!(confirm(left.clone(), hour(0), WITHIN, hour(3)).err(), Some(NotConfirmed::RunOut));
        assert!(leave(left.clone(), hour(3)).is_none(), "leaving twice changes nothing");
        assert!(matches!(asked(Some(left), hour(3)), Asked::Confirm(_)));
    }

    #[test]
    fn a_blocked_address_stays_blocked() {
        let mut blocked = pending();
        blocked.subscriber.state = SubscriberState::Blocked;
        assert!(matches!(asked(Some(blocked.clone()), hour(99)), Asked::Nothing));
        assert_eq!(confirm(blocked.clone(), hour(0), WITHIN, hour(1)).err(), Some(NotConfirmed::Blocked));
        assert!(leave(blocked, hour(1)).is_none());
    }
}
