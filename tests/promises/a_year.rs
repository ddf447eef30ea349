//! The promise: over a year of three digests in three zones, with outages at random and two processes on one database,
//! no window has a gap or an overlap, no review is lost or repeated, and every issue that is expected is there.

use std::{collections::BTreeSet, sync::Arc};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use pullquote::{
    app::App,
    model::{Issue, schedule::Schedule},
    schedule::run_due,
    store::issues,
};

use crate::house::{House, at, database::TestDatabase, distinct};

const START: &str = "2026-11-22T12:00:00Z";

/// A digest, and what is expected of it by a rule of this file's own.
struct Expected {
    name: &'static str,
    schedule: Schedule,
    zone: TimeZone,
    missed: &'static str,
    last: Timestamp,
    used: usize,
    issues: Vec<Timestamp>,
}

impl Expected {
    fn new(house: &House, name: &'static str, schedule: &str, zone: &str, missed: &'static str) -> Self {
        house.digest(
            name,
            &format!("title = \"{name}\"\nschedule = \"{schedule}\"\ntime_zone = \"{zone}\"\nmissed = \"{missed}\"\n[[source]]\nfolder = \"club\"\n"),
        );
        let (schedule, zone) = (Schedule::parse(schedule).unwrap(), TimeZone::get(zone).unwrap());
        Self { name, schedule, zone, missed, last: at(START), used: 0, issues: Vec::new() }
    }

    fn next(&self, after: Timestamp) -> Timestamp {
        self.schedule.next_due(&self.zone, after).unwrap()
    }

    /// What a tick at that time must make, with so many reviews written by then.
    fn tick(&mut self, now: Timestamp, written: usize) {
        let Some(newest) = self.schedule.upcoming(&self.zone, self.last, 10_000).take_while(|due| *due <= now).last()
        else {
            return;
        };
        let on_time = now.duration_since(newest) <= SignedDuration::from_mins(15);
        if (on_time || self.missed != "skip") && written > self.used {
            self.issues.push(now);
            self.used = written;
        }
        self.last = newest;
    }
}

/// The same throws on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

async fn all(app: &Arc<App>, name: &str) -> Vec<Issue> {
    let stored = issues::newest(&app.db, Some(name), 10_000).await.unwrap();
    let mut all: Vec<Issue> = stored.into_iter().map(|stored| stored.issue).collect();
    all.sort_by_key(|issue| issue.number);
    all
}

/// Reviews that lie in the folder at a time: as in a feed, what is older was taken in long ago, and at most one comes
/// between two ticks.
const KEPT: usize = 4;

/// A folder to which reviews come and from which the oldest go.
#[derive(Default)]
struct Folder {
    written: usize,
    gone: usize,
}

impl Folder {
    fn write(&mut self, house: &House) {
        house.write(&format!("club/{}.md", self.written), &distinct(self.written));
        self.written += 1;
        if self.written - self.gone > KEPT {
            house.remove(&format!("club/{}.md", self.gone));
            self.gone += 1;
        }
    }
}

/// A tick of one process, of the other, or of both at the same moment.
async fn tick(one: &Arc<App>, two: &Arc<App>, who: u64) {
    let both = [Arc::clone(one), Arc::clone(two)];
    let ticking: Vec<_> = (0..).zip(both).filter(|(which, _)| who >= BOTH || *which == who).collect();
    let racing = ticking.into_iter().map(|(_, app)| tokio::spawn(async move { run_due::run_due(&app).await.unwrap() }));
    for racer in racing.collect::<Vec<_>>() {
        let done = racer.await.unwrap();
        assert!(done.failed.is_empty(), "{done:?}");
    }
}

/// Three digests in three zones, each with a rule of its own for missed runs.
fn three_digests(house: &House) -> [Expected; 3] {
    house.remove("friday.toml");
    [
        Expected::new(house, "berlin", "every day at 02:30", "Europe/Berlin", "once"),
        Expected::new(house, "new-york", "weekdays at 7:30", "America/New_York", "skip"),
        Expected::new(house, "auckland", "every Sunday at 02:30 and 18:00", "Pacific/Auckland", "all"),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_year_of_three_digests_with_outages_has_no_gap_no_overlap_no_repeat_and_every_issue() {
    simulate_a_year(&House::club(), |dice| dice.roll(4)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgresql_two_processes_race_for_every_slot_of_a_year() {
    let Some(database) = TestDatabase::postgres() else { return };
    simulate_a_year(&House::club_on(database), |_| BOTH).await;
}

/// Both processes at the same moment.
const BOTH: u64 = 2;

/// A year in which the dice say who is there at each slot, checked against the laws.
async fn simulate_a_year(house: &House, who: impl Fn(&mut Dice) -> u64) {
    let mut digests = three_digests(house);
    house.go_to(START);
    let (one, two) = (house.open().await, house.open().await);
    let mut dice = Dice(2026);
    let (mut folder, mut down_until) = (Folder::default(), at(START));
    let end = at("2027-11-22T12:00:00Z");
    while house.now() < end {
        let slot = digests.iter().map(|digest| digest.next(house.now())).min().unwrap();
        if dice.roll(3) == 0 {
            folder.write(house);
        }
        if dice.roll(25) == 0 {
            down_until = slot + SignedDuration::from_mins(dice.roll(6 * 24 * 60) as i64);
        }
        // A few seconds to some minutes late, or whenever the processes are back.
        let now = (slot + SignedDuration::from_secs(1 + dice.roll(600) as i64)).max(down_until);
        house.clock.set(now);
        tick(&one, &two, who(&mut dice)).await;
        for digest in &mut digests {
            digest.tick(now, folder.written);
        }
    }
    // A last quiet fortnight, so that every open window ends.
    folder.write(house);
    for _ in 0..14 {
        let now = digests.iter().map(|digest| digest.next(house.now())).max().unwrap();
        house.clock.set(now);
        tick(&one, &two, BOTH).await;
        for digest in &mut digests {
            digest.tick(now, folder.written);
        }
    }
    for digest in &digests {
        assert_the_laws_hold(&one, digest, folder.written).await;
    }
}

async fn assert_the_laws_hold(app: &Arc<App>, digest: &Expected, written: usize) {
    let (name, issues) = (digest.name, all(app, digest.name).await);
    assert_eq!(issues[0].window.from, at(START), "{name}");
    for pair in issues.windows(2) {
        assert_eq!(pair[0].window.until, pair[1].window.from, "{name} #{}", pair[1].number);
        assert_eq!(pair[0].number + 1, pair[1].number, "{name}");
    }
    let used: Vec<_> = issues.iter().flat_map(Issue::used).collect();
    assert_eq!(used.iter().collect::<BTreeSet<_>>().len(), used.len(), "{name}: a review comes once");
    assert_eq!(used.len(), written, "{name}: every review comes");
    let made: Vec<Timestamp> = issues.iter().map(|issue| issue.composed_at).collect();
    if digest.missed == "all" {
        let made: BTreeSet<_> = made.into_iter().collect();
        assert_eq!(made, digest.issues.iter().copied().collect(), "{name}");
    } else {
        assert_eq!(made, digest.issues, "{name}");
    }
    assert!(issues.len() > 40, "{name}: {}", issues.len());
}
