//! The due times of a schedule in a zone.

use jiff::{
    SignedDuration, Timestamp, ToSpan as _,
    civil::{DateTime, Time},
    tz::{AmbiguousOffset, TimeZone},
};

use super::Schedule;

/// The longest time that clocks have ever been put forward by: a day, at the date line (Samoa, 2011).
const LONGEST_GAP: SignedDuration = SignedDuration::from_hours(25);

/// What a change of the clocks did to a due time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DstNote {
    /// The local time on schedule is skipped that day; it became a later one.
    Shifted,
    /// The local time comes twice that day; this is the first.
    FirstOfTwo,
    /// Another local time on schedule is skipped that day; its run and this one are one.
    Together,
}

impl DstNote {
    /// For people.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shifted => "the clocks skip the time on schedule that day, so the run is later by as much",
            Self::FirstOfTwo => "this local time comes twice that day, the run is at the first",
            Self::Together => "the clocks skip another time on schedule that day, and its run is one with this",
        }
    }
}

impl std::fmt::Display for DstNote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Schedule {
    /// The first due time strictly after `after`; `None` where the schedule is never due again, such as on
    /// 30 February.
    pub fn next_due(&self, tz: &TimeZone, after: Timestamp) -> Option<Timestamp> {
        let mut best: Option<(Timestamp, DateTime)> = None;
        let mut next = self.slot_at_or_after(search_start(tz, after));
        while let Some(slot) = next {
            // A slot's own instant is never earlier, in local time, than the slot: beyond the best
            // candidate no better one can come. Before it one can: 02:30 skipped becomes 03:30, and 03:00 is next.
            if best.is_some_and(|(_, local)| slot > local) {
                break;
            }
            let Ok(at) = tz.to_ambiguous_timestamp(slot).compatible() else { break };
            if at > after && best.is_none_or(|(earliest, _)| at < earliest) {
                best = Some((at, tz.to_datetime(at)));
            }
            next = slot.checked_add(1.second()).ok().and_then(|from| self.slot_at_or_after(from));
        }
        best.map(|(at, _)| at)
    }

    /// The due times strictly after `after`, in order; at most `count`.
    pub fn upcoming(&self, tz: &TimeZone, after: Timestamp, count: usize) -> impl Iterator<Item = Timestamp> {
        std::iter::successors(self.next_due(tz, after), |at| self.next_due(tz, *at)).take(count)
    }

    /// What a change of the clocks did to `due`, which is a due time of this schedule in that zone.
    pub fn dst_note(&self, tz: &TimeZone, due: Timestamp) -> Option<DstNote> {
        let offset = |local| tz.to_ambiguous_timestamp(local).offset();
        let local = tz.to_datetime(due);
        let is_slot = self.is_slot(local);
        if is_slot && matches!(offset(local), AmbiguousOffset::Fold { .. }) {
            return Some(DstNote::FirstOfTwo);
        }
        // What the clock would have shown without the change: where that was skipped, it became this local time.
        let before = |gap: Gap| gap.before.to_datetime(due);
        let skipped = |local| self.is_slot(local) && matches!(offset(local), AmbiguousOffset::Gap { .. });
        let note = if is_slot { DstNote::Together } else { DstNote::Shifted };
        gaps_before(tz, due).map(before).any(skipped).then_some(note)
    }

    /// The newest due times after `after` up to and including `until`, in order: at least half of `most` of them where
    /// there are so many, and never more.
    pub fn latest(&self, tz: &TimeZone, after: Timestamp, until: Timestamp, most: usize) -> Vec<Timestamp> {
        let mut from = after;
        loop {
            let due: Vec<_> = self.upcoming(tz, from, most + 1).take_while(|due| *due <= until).collect();
            if due.len() <= most {
                return due;
            }
            // Too many to look at one by one: the later half of the time holds the newest.
            let half = until.duration_since(from) / 2;
            from = until.checked_sub(half).unwrap_or(until);
        }
    }

    fn is_slot(&self, local: DateTime) -> bool {
        self.slot_at_or_after(local) == Some(local)
    }

    fn slot_at_or_after(&self, local: DateTime) -> Option<DateTime> {
        let local = match self.from {
            Some(from) if local.date() < from => from.to_datetime(Time::midnight()),
            _ => local,
        };
        let date = self.days.at_or_after(local.date())?;
        if date == local.date()
            && let Some(time) = self.times.at_or_after(local.time())
        {
            return Some(date.to_datetime(time));
        }
        let date = if date == local.date() { self.days.at_or_after(date.tomorrow().ok()?)? } else { date };
        Some(date.to_datetime(self.times.at_or_after(Time::midnight())?))
    }
}

/// A change that put the clocks forward.
struct Gap {
    /// The offset until then.
    before: jiff::tz::Offset,
    /// The first local time that was skipped.
    start: DateTime,
}

/// The changes forward that can still matter at `at`, the one at that very second included.
fn gaps_before(tz: &TimeZone, at: Timestamp) -> impl Iterator<Item = Gap> {
    let second_later = at.checked_add(1.second()).unwrap_or(at);
    tz.preceding(second_later).take_while(move |change| at.duration_since(change.timestamp()) < LONGEST_GAP).filter_map(
        |change| {
            let change_at = change.timestamp();
            let before = tz.to_offset(change_at.checked_sub(1.second()).ok()?);
            (change.offset() > before).then(|| Gap { before, start: before.to_datetime(change_at) })
        },
    )
}

/// A local time before which no slot is due after `after`: `after`'s own, or the start of a gap shortly
/// before it, since what was skipped there is due later.
fn search_start(tz: &TimeZone, after: Timestamp) -> DateTime {
    let local = tz.to_datetime(after);
    gaps_before(tz, after).map(|gap| gap.start).fold(local, DateTime::min)
}
