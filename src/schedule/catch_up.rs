//! Which slots of a schedule are due now, and what becomes of those that were missed.
//!
//! Pure: the caller hands in the last slot dealt with and the time. Every slot ends up either run or passed
//! over, so that none is dealt with twice and none is forgotten.

use std::time::Duration;

use jiff::Timestamp;

use crate::model::{Digest, digest::Missed, schedule::Schedule};

/// At most this many missed slots are dealt with one by one; where there are more, the older ones are forgotten.
const MOST: usize = 10_000;

/// What is to be done about the slots up to now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// Slots to run, in order.
    pub run: Vec<Timestamp>,
    /// Missed slots that a later run makes up for.
    pub merged: Vec<Timestamp>,
    /// Missed slots that are left out.
    pub skipped: Vec<Timestamp>,
}

/// Plans the slots of a digest after `last` up to and including `now`. A slot is on time as long as no more than
/// `grace` has passed: a tick can be late, a machine can be busy.
///
/// Of the slots of a digest that waits for approval the newest alone is run: each draft takes the place of the one
/// before, so that the others would only be mailed in vain.
pub fn plan(schedule: &Schedule, digest: &Digest, grace: Duration, last: Timestamp, now: Timestamp) -> Plan {
    let zone = &digest.time_zone;
    let missed = match digest.missed {
        Missed::All if digest.approve.is_some() => Missed::Once,
        missed => missed,
    };
    let mut due = schedule.latest(zone, last, now, MOST);
    let mut plan = Plan::default();
    match missed {
        Missed::All => plan.run = due,
        Missed::Once => {
            plan.run.extend(due.pop());
            plan.merged = due;
        }
        Missed::Skip => {
            let on_time = |slot: &Timestamp| now.duration_since(*slot).unsigned_abs() <= grace;
            plan.run.extend(due.pop_if(|slot| on_time(slot)));
            plan.skipped = due;
        }
    }
    plan
}

#[cfg(test)]
mod tests {
    use super::*;

    fn daily() -> Schedule {
        Schedule::parse("every day at 08:00").unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn planned(missed: Missed, last: &str, now: &str) -> Plan {
        let text = "title = \"T\"\nsource = [{ folder = \"f\" }]";
        let digest = Digest { missed, ..crate::model::digest::file::parse("t.toml", "t", text).unwrap() };
        plan(&daily(), &digest, Duration::from_secs(15 * 60), at(last), at(now))
    }

    #[test]
    fn nothing_is_due_before_its_time() {
        let plan = planned(Missed::Once, "2026-11-20T08:00:00Z", "2026-11-21T07:59:59Z");
        assert_eq!(plan, Plan::default());
    }

    #[test]
    fn a_slot_is_run_at_its_time_whatever_the_rule() {
        for missed in [Missed::Once, Missed::Skip, Missed::All] {
            let plan = planned(missed, "2026-11-20T08:00:00Z", "2026-11-21T08:00:00Z");
            assert_eq!(plan.run, [at("2026-11-21T08:00:00Z")]);
            assert!(plan.merged.is_empty() && plan.skipped.is_empty());
        }
    }

    #[test]
    fn once_makes_up_for_all_missed_runs_with_one() {
        let plan = planned(Missed::Once, "2026-11-17T08:00:00Z", "2026-11-21T12:00:00Z");
        assert_eq!(plan.run, [at("2026-11-21T08:00:00Z")]);
        assert_eq!(plan.merged.len(), 3);
    }

    #[test]
    fn skip_leaves_missed_runs_out_but_keeps_one_that_is_hardly_late() {
        let plan = planned(Missed::Skip, "2026-11-18T08:00:00Z", "2026-11-21T12:00:00Z");
        assert_eq!((plan.run.len(), plan.skipped.len()), (0, 3));
        let plan = planned(Missed::Skip, "2026-11-18T08:00:00Z", "2026-11-21T08:10:00Z");
        assert_eq!((plan.run.len(), plan.skipped.len()), (1, 2));
    }

    #[test]
    fn once_is_once_however_many_were_missed() {
        let text = "title = \"T\"\nsource = [{ folder = \"f\" }]";
        let digest = crate::model::digest::file::parse("t.toml", "t", text).unwrap();
        let (schedule, grace) = (Schedule::parse("* * * * *").unwrap(), Duration::from_secs(15 * 60));
        // A clock that was wrong by half a century when the digest was first seen.
        let plan = plan(&schedule, &digest, grace, Timestamp::UNIX_EPOCH, at("2026-11-21T12:00:30Z"));
        assert_eq!(plan.run, [at("2026-11-21T12:00:00Z")]);
        assert!((MOST / 2..MOST).contains(&(plan.merged.len() + 1)), "{}", plan.merged.len());
        assert_eq!(plan.merged.last(), Some(&at("2026-11-21T11:59:00Z")));
    }

    #[test]
    fn all_makes_up_for_each_in_order() {
        let plan = planned(Missed::All, "2026-11-18T08:00:00Z", "2026-11-21T12:00:00Z");
        assert_eq!(plan.run.len(), 3);
        assert!(plan.run.is_sorted());
    }

    #[test]
    fn what_waits_for_approval_is_made_once_whatever_was_missed() {
        let text = "title = \"T\"\napprove = \"eve@example.org\"\nmissed = \"all\"\nschedule = \"every day at 08:00\"\n\
                    source = [{ folder = \"f\" }]\nemail = { from = \"a@example.org\" }";
        let digest = crate::model::digest::file::parse("t.toml", "t", text).unwrap();
        let (last, now) = (at("2026-11-18T08:00:00Z"), at("2026-11-21T12:00:00Z"));
        let plan = plan(&daily(), &digest, Duration::from_secs(15 * 60), last, now);
        assert_eq!((plan.run, plan.merged.len()), (vec![at("2026-11-21T08:00:00Z")], 2));
    }
}
