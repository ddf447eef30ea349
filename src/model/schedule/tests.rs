//! What a schedule promises: both notations, due times over changes of the clocks, and words that read back.

use jiff::{
    SignedDuration, Timestamp, ToSpan as _,
    civil::{DateTime, date},
    tz::TimeZone,
};
use proptest::prelude::*;

use super::{DstNote, Schedule};

fn schedule(text: &str) -> Schedule {
    Schedule::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The local due times after midnight of a date.
fn due(text: &str, zone_name: &str, from: &str, count: usize) -> Vec<String> {
    let tz = zone(zone_name);
    let after = format!("{from}T00:00").parse::<DateTime>().unwrap();
    let after = tz.to_timestamp(after).unwrap().checked_sub(1.second()).unwrap();
    let zoned = schedule(text).upcoming(&tz, after, count).map(|at| at.to_zoned(tz.clone())).collect::<Vec<_>>();
    zoned.iter().map(|z| z.strftime("%a %Y-%m-%d %H:%M%:z").to_string()).collect()
}

/// The first due dates from 2026 in UTC, as `MM-DD HH:MM`.
fn in_2026(text: &str, count: usize) -> Vec<String> {
    let all = schedule(text).upcoming(&TimeZone::UTC, at("2025-12-31T23:59:59Z"), count).collect::<Vec<_>>();
    all.iter().map(|t| t.strftime("%m-%d %H:%M").to_string()).collect()
}

#[test]
fn words_and_cron_that_say_the_same_are_due_at_the_same_times() {
    for (words, cron) in [
        ("every Friday at 08:00", "0 8 * * FRI"),
        ("Fridays at 8", "0 8 * * 5"),
        ("every day at 7", "0 7 * * *"),
        ("daily at 18:30", "30 18 * * *"),
        ("weekdays at 7:30", "30 7 * * MON-FRI"),
        ("Monday to Friday at 7:30", "30 7 * * 1-5"),
        ("weekends at 9", "0 9 * * SAT,SUN"),
        ("every weekend at noon", "0 12 * * 6-7"),
        ("fri-mon at 12am", "0 0 * * FRI-MON"),
        ("every Monday and Thursday at 8am", "0 8 * * MON,THU"),
        ("every Mon, Wed, and Fri at 8:15 pm", "15 20 * * 1,3,5"),
        ("at 8 every Friday", "0 0 8 ? * FRI"),
        ("daily 08:00", "0 8 * * 0-7"),
        ("every day at 8 and 20", "0 8,20 * * *"),
        ("first Saturday of the month at 9", "0 9 * * SAT#1"),
        ("monthly on the first Saturday at 9", "0 9 * * 6#1"),
        ("last Friday of the month at 17:00", "0 17 * * FRIL"),
        ("last Friday of every month at 5pm", "0 17 * * 5#L"),
        ("first and third Monday of the month at 8", "0 8 * * MON#1,MON#3"),
        ("monthly on the 15th at 8", "0 8 15 * *"),
        ("on the 1st and 15th at 08:00", "0 8 1,15 * *"),
        ("every month on the last day at 8", "0 8 L * *"),
        ("first Saturday of the month at 9 in March and September", "0 9 * mar,sep SAT#1"),
        ("1st of January at midnight", "@yearly"),
        ("every day at midnight", "@daily"),
        ("every Friday at 8 o'clock.", "0 8 * * FRI"),
        ("hourly", "@hourly"),
        ("every 30 minutes", "*/30 * * * *"),
        ("every 6 hours", "0 */6 * * *"),
        ("weekdays every hour", "0 * * * 1-5"),
        ("every Sunday at 00:00", "@weekly"),
        ("the 1st of each month at 0:00", "@monthly"),
    ] {
        assert_eq!(in_2026(words, 60), in_2026(cron, 60), "{words:?} and {cron:?}");
        assert!(in_2026(words, 60).len() >= 60, "{words:?} comes too seldom");
    }
}

#[test]
fn cron_fields_take_lists_ranges_steps_and_the_last_day() {
    assert_eq!(
        in_2026("*/20 9-10 1 1 *", 6),
        ["01-01 09:00", "01-01 09:20", "01-01 09:40", "01-01 10:00", "01-01 10:20", "01-01 10:40"]
    );
    assert_eq!(in_2026("5/25 0 * * *", 3), ["01-01 00:05", "01-01 00:30", "01-01 00:55"]);
    assert_eq!(in_2026("0 8 L * *", 3), ["01-31 08:00", "02-28 08:00", "03-31 08:00"]);
    assert_eq!(in_2026("0 8 L-2,10 2 *", 2), ["02-10 08:00", "02-26 08:00"]);
    assert_eq!(in_2026("@hourly", 2), ["01-01 00:00", "01-01 01:00"]);
    let seconds =
        schedule("*/30 0 8 * * *").upcoming(&TimeZone::UTC, at("2026-01-01T00:00:00Z"), 3).collect::<Vec<_>>();
    assert_eq!(seconds, [at("2026-01-01T08:00:00Z"), at("2026-01-01T08:00:30Z"), at("2026-01-02T08:00:00Z")]);
}

#[test]
fn a_day_of_month_and_a_day_of_week_mean_either() {
    // January 2026: Mondays on 5, 12, 19, 26.
    assert_eq!(in_2026("0 8 13 * MON", 5), ["01-05 08:00", "01-12 08:00", "01-13 08:00", "01-19 08:00", "01-26 08:00"]);
    // A field that begins with a star does not count as given (crontab(5)): odd days that are Mondays.
    assert_eq!(in_2026("0 8 */2 * MON", 3), ["01-05 08:00", "01-19 08:00", "02-09 08:00"]);
}

#[test]
fn alternating_weeks_are_counted_from_the_date_given_or_from_the_fixed_monday() {
    let given = "every 2 weeks on Monday at 8 from 2026-01-12";
    assert_eq!(in_2026(given, 3), ["01-12 08:00", "01-26 08:00", "02-09 08:00"]);
    // 2024-01-01 plus 104 weeks is Monday, 29 December 2025.
    for text in ["every 2 weeks on Monday at 8", "every other Monday at 8", "fortnightly on Monday at 8"] {
        assert_eq!(in_2026(text, 2), ["01-12 08:00", "01-26 08:00"], "{text:?}");
    }
    // The date may lie within its week: what is before it is left out, the weeks are counted all the same.
    let within = "every 2 weeks on Monday and Friday at 8 from 2026-01-07";
    assert_eq!(in_2026(within, 3), ["01-09 08:00", "01-19 08:00", "01-23 08:00"]);
    assert_eq!(in_2026("every 10 days at 8 from 2026-01-03", 3), ["01-03 08:00", "01-13 08:00", "01-23 08:00"]);
    assert_eq!(in_2026("every Friday at 8 from 2026-03-01", 1), ["03-06 08:00"]);
}

#[test]
fn alternating_weeks_do_not_drift_at_a_year_of_53_weeks() {
    let all: Vec<_> =
        schedule("every 2 weeks on Monday at 8").upcoming(&TimeZone::UTC, at("2020-06-01T00:00:00Z"), 400).collect();
    assert!(all.windows(2).all(|pair| pair[1].duration_since(pair[0]) == SignedDuration::from_hours(14 * 24)));
}

#[test]
fn an_impossible_date_is_never_due() {
    for text in ["0 8 30 2 *", "0 8 31 4,6,9,11 *", "on the 30th at 8 in February"] {
        assert_eq!(schedule(text).next_due(&TimeZone::UTC, at("2026-01-01T00:00:00Z")), None, "{text:?}");
    }
    assert_eq!(schedule("daily at 8").next_due(&TimeZone::UTC, Timestamp::MAX), None);
}

#[test]
fn the_rarest_dates_are_found() {
    let next = |text: &str, after: &str| schedule(text).next_due(&TimeZone::UTC, at(after)).unwrap().to_string();
    assert_eq!(next("0 8 29 2 *", "2096-03-01T00:00:00Z"), "2104-02-29T08:00:00Z");
    // A fifth Sunday in February: 2088 is a leap year beginning it on a Sunday, 2100 is none, 2128 is the next.
    assert_eq!(next("0 8 * 2 SUN#5", "2088-03-01T00:00:00Z"), "2128-02-29T08:00:00Z");
}

#[test]
fn a_time_that_does_not_exist_fires_once_later_by_the_gap() {
    assert_eq!(
        due("daily at 02:30", "Europe/Berlin", "2026-03-28", 3),
        ["Sat 2026-03-28 02:30+01:00", "Sun 2026-03-29 03:30+02:00", "Mon 2026-03-30 02:30+02:00"]
    );
    assert_eq!(due("daily at 01:30", "Europe/Dublin", "2026-03-29", 1), ["Sun 2026-03-29 02:30+01:00"]);
    assert_eq!(due("daily at 02:30", "America/New_York", "2026-03-08", 1), ["Sun 2026-03-08 03:30-04:00"]);
    // Lord Howe moves by half an hour.
    assert_eq!(due("daily at 02:15", "Australia/Lord_Howe", "2026-10-04", 1), ["Sun 2026-10-04 02:45+11:00"]);
    // Morocco goes back to summer time after Ramadan.
    assert_eq!(due("daily at 02:30", "Africa/Casablanca", "2026-03-22", 1), ["Sun 2026-03-22 03:30+01:00"]);
}

#[test]
fn a_time_that_exists_twice_fires_once_at_the_first() {
    assert_eq!(
        due("daily at 02:30", "Europe/Berlin", "2026-10-25", 2),
        ["Sun 2026-10-25 02:30+02:00", "Mon 2026-10-26 02:30+01:00"]
    );
    assert_eq!(
        due("daily at 01:30", "America/New_York", "2026-11-01", 2),
        ["Sun 2026-11-01 01:30-04:00", "Mon 2026-11-02 01:30-05:00"]
    );
    assert_eq!(
        due("daily at 01:45", "Australia/Lord_Howe", "2026-04-05", 2),
        ["Sun 2026-04-05 01:45+11:00", "Mon 2026-04-06 01:45+10:30"]
    );
    assert_eq!(
        due("daily at 02:30", "Africa/Casablanca", "2026-02-15", 2),
        ["Sun 2026-02-15 02:30+01:00", "Mon 2026-02-16 02:30+00:00"]
    );
}

#[test]
fn a_schedule_keeps_its_local_time_over_a_change_of_the_clocks() {
    assert_eq!(
        due("every Friday at 08:00", "Europe/Berlin", "2026-03-27", 2),
        ["Fri 2026-03-27 08:00+01:00", "Fri 2026-04-03 08:00+02:00"]
    );
    assert_eq!(due("every Friday at 08:00", "Asia/Kathmandu", "2026-01-01", 1), ["Fri 2026-01-02 08:00+05:45"]);
}

#[test]
fn a_shifted_time_does_not_overtake_an_earlier_one() {
    assert_eq!(
        due("daily at 02:30 and 03:05", "Europe/Berlin", "2026-03-29", 3),
        ["Sun 2026-03-29 03:05+02:00", "Sun 2026-03-29 03:30+02:00", "Mon 2026-03-30 02:30+02:00"]
    );
}

#[test]
fn a_day_that_a_country_skipped_does_not_lose_its_run() {
    // Samoa had no Friday, 30 December 2011.
    assert_eq!(
        due("every Friday at 08:00", "Pacific/Apia", "2011-12-29", 2),
        ["Sat 2011-12-31 08:00+14:00", "Fri 2012-01-06 08:00+14:00"]
    );
    assert_eq!(
        due("daily at 08:00", "Pacific/Apia", "2011-12-29", 3),
        ["Thu 2011-12-29 08:00-10:00", "Sat 2011-12-31 08:00+14:00", "Sun 2012-01-01 08:00+14:00"]
    );
}

#[test]
fn each_local_time_of_a_frequent_schedule_fires_once() {
    let hours = |from: &str, count| -> Vec<String> {
        let all = due("*/30 * * * *", "Europe/Berlin", from, count);
        all.iter().map(|line| line[15..].to_owned()).collect()
    };
    // The repeated hour is passed over, 03:00 comes an hour and a half after the first 02:30.
    assert_eq!(hours("2026-10-25", 8)[4..], ["02:00+02:00", "02:30+02:00", "03:00+01:00", "03:30+01:00"]);
    // In spring the skipped slots coincide with those of the next hour.
    assert_eq!(
        hours("2026-03-29", 7)[2..],
        ["01:00+01:00", "01:30+01:00", "03:00+02:00", "03:30+02:00", "04:00+02:00"]
    );
}

#[test]
fn a_due_time_says_what_a_change_of_the_clocks_did_to_it() {
    let tz = zone("Europe/Berlin");
    let note = |text: &str, due: &str| schedule(text).dst_note(&tz, at(due));
    assert_eq!(note("daily at 02:30", "2026-03-29T01:30:00Z"), Some(DstNote::Shifted));
    assert_eq!(note("daily at 02:30", "2026-10-25T00:30:00Z"), Some(DstNote::FirstOfTwo));
    assert_eq!(note("daily at 02:00 and 03:00", "2026-03-29T01:00:00Z"), Some(DstNote::Together));
    assert_eq!(note("daily at 02:00 and 03:30", "2026-03-29T01:30:00Z"), None);
    assert_eq!(note("daily at 02:30", "2026-03-28T01:30:00Z"), None);
    assert_eq!(note("daily at 08:00", "2026-03-29T06:00:00Z"), None);
    // 03:30 is on schedule itself, and so was 02:30.
    assert_eq!(note("*/30 * * * *", "2026-03-29T01:30:00Z"), Some(DstNote::Together));
    assert_eq!(note("*/30 * * * *", "2026-03-29T02:00:00Z"), None);
}

#[test]
fn what_is_not_understood_is_named_with_examples() {
    for (text, said) in [
        ("every Firday at 8", "did you mean `friday`?"),
        ("every Friday", "no time of day is given"),
        ("at 8", "no day is named"),
        ("", "no day is named"),
        ("every Friday at 25:00", "`25:00` is not a time of day"),
        ("every Friday at", "`nothing` is not a time of day"),
        ("every Friday at 13pm", "`13pm` is not a time of day"),
        ("every 2 weeks at 8", "no weekday is named"),
        ("every 0 days at 8", "1 to 500 are allowed"),
        ("biweekly on Monday at 8", "read in two ways"),
        ("every second Monday at 8", "read in two ways"),
        ("monthly at 8", "on which day?"),
        ("last of the month at 8", "`last` what?"),
        ("6th Friday of the month at 8", "no month has 6"),
        ("every Friday at 8 from May", "as in `from 2026-01-05`"),
        ("every Friday at 8 in Mai", "`mai` is not a month"),
        ("every Friday at 8 at 9", "already given"),
        ("on 15 at 8", "could be a day or an hour"),
        ("every 7 minutes", "60 must be a multiple"),
        ("every Friday at 8 UTC", "it is set by time_zone"),
        ("yearly at 8", "as in `1st of January and July at 9`"),
        ("0 8 * * FRI 2026", "(of 6 fields the first is the second)"),
        ("xyzzy", "`xyzzy` is not understood"),
        ("0 8 * *", "this has 4"),
        ("60 8 * * *", "minute `60` is not known; 0 to 59 are"),
        ("0 8 * * FRO", "0 to 7 are, or SUN to SAT"),
        ("0 8 * 13 *", "1 to 12 are, or JAN to DEC"),
        ("0 8 15W * *", "W, the nearest working day, is not supported"),
        ("0 8 * * L", "name the weekday"),
        ("0 8 * * MON#6", "1 to 5"),
        ("*/0 8 * * *", "a step is a number from 1"),
        ("0 20-8 * * *", "runs backwards"),
        ("0 8 +1 * *", "day of month `+1`"),
        ("@dayly", "did you mean `@daily`?"),
        ("@reboot", "cron has no `@reboot`"),
    ] {
        let error = Schedule::parse(text).expect_err(text).to_string();
        assert!(error.contains(said), "{text:?}: {error}");
        assert!(error.contains("every Friday at 08:00") && error.contains("0 8 * * FRI"), "{error}");
    }
}

#[test]
fn a_schedule_is_described_in_words() {
    for (text, words) in [
        ("0 8 * * FRI", "every Friday at 08:00"),
        ("Fridays at 8am", "every Friday at 08:00"),
        ("@daily", "every day at 00:00"),
        ("30 7 * * 1-5", "weekdays at 07:30"),
        ("0 9 * * 0,6", "weekends at 09:00"),
        ("0 9 * * SAT#1,FRIL", "last Friday and first Saturday of the month at 09:00"),
        ("0 8,18 1,15 * *", "the 1st and 15th of the month at 08:00 and 18:00"),
        ("0 8 L * *", "the last day of the month at 08:00"),
        ("0 8 13 * FRI", "the 13th of the month or every Friday at 08:00"),
        ("0 8 1 1 *", "the 1st of the month in January at 08:00"),
        ("every other Monday at 8 from 2026-01-05", "every 2 weeks on Monday at 08:00 from 2026-01-05"),
        ("every 3 days at 8", "every 3 days at 08:00"),
        ("*/30 * * * *", "every 30 minutes"),
        ("0 * * * 1-5", "every hour, weekdays"),
        ("*/10 9-17 * * *", "every 10 minutes in hour 9 to 17"),
        ("0,5 * * * *", "at minute 0 and 5"),
        ("* * * * * *", "every second of every minute"),
    ] {
        assert_eq!(schedule(text).describe(), words, "{text:?}");
    }
}

#[test]
fn a_description_reads_back_as_the_same_schedule() {
    for text in [
        "every Friday at 08:00",
        "weekdays at 7:30",
        "every Monday and Thursday at 8am and 6pm",
        "first and third Tuesday of the month at 9:05:30",
        "second Monday and last Friday of the month at noon",
        "on the 1st, 15th and last day at 08:00",
        "the 3rd of the month at 8 in May and June",
        "every 3 weeks on Tuesday and Sunday at 8 from 2026-02-03",
        "every 5 days at 8 from 2026-02-03",
        "0 9 * * SAT#1,FRIL",
    ] {
        let first = schedule(text);
        let again = schedule(&first.describe());
        assert_eq!(again.describe(), first.describe());
        assert_eq!(in_2026(&again.text, 40), in_2026(text, 40), "{text:?} as {:?}", again.text);
    }
}

/// Schedules to the minute, many of them in the hours in which clocks change.
fn any_schedule() -> impl Strategy<Value = String> {
    let minutes = prop::sample::select(vec!["0", "30", "15,45", "*/30", "*/7", "*"]);
    let hours = prop::sample::select(vec!["*", "0", "1", "2", "3", "0-4", "8,23"]);
    let month_days = prop::sample::select(vec!["*", "*/2", "L", "1,15", "25-31"]);
    let weekdays = prop::sample::select(vec!["*", "SUN", "MON-FRI", "SUN#1", "SUNL", "SUN#2,SUN#4"]);
    let cron = (minutes, hours, month_days, weekdays).prop_map(|(m, h, d, w)| format!("{m} {h} {d} * {w}"));
    let words = prop::collection::vec((0..4_u8, 0..60_u8), 2..6).prop_map(|times| {
        let times: Vec<_> = times.iter().map(|(hour, minute)| format!("{hour:02}:{minute:02}")).collect();
        format!("daily at {}", times.join(" and "))
    });
    prop_oneof![cron, words]
}

/// A zone, and an instant within three days of one of its changes from 2020 to 2040, if it has any.
fn near_a_change() -> impl Strategy<Value = (TimeZone, Timestamp)> {
    let zones: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
    let start = at("2020-01-01T00:00:00Z");
    (prop::sample::select(zones), 0..20 * 365 * 86_400_i64, -3 * 86_400_i64..3 * 86_400).prop_filter_map(
        "zone without data",
        move |(name, base, shift)| {
            let tz = TimeZone::get(&name).ok()?;
            let base = start.checked_add(SignedDuration::from_secs(base)).ok()?;
            let change = tz.following(base).next().map_or(base, |change| change.timestamp());
            let near = if change.duration_since(base).as_hours() > 24 * 400 { base } else { change };
            Some((tz, near.checked_add(SignedDuration::from_secs(shift)).ok()?))
        },
    )
}

/// Every due time in the days around `after`, the slow way: minute by minute, each slot asked for its instant.
fn all_due(schedule: &Schedule, tz: &TimeZone, after: Timestamp, days: i64) -> Vec<Timestamp> {
    let first = tz.to_datetime(after).date().checked_sub(2.days()).unwrap().at(0, 0, 0, 0);
    let mut found: Vec<_> = (0..(days + 4) * 1440)
        .map(|minute| first.checked_add(minute.minutes()).unwrap())
        .filter(|slot| schedule.days.has(slot.date()) && schedule.times.at_or_after(slot.time()) == Some(slot.time()))
        .map(|slot| tz.to_ambiguous_timestamp(slot).compatible().unwrap())
        .collect();
    found.sort();
    found.dedup();
    let end = after.checked_add(SignedDuration::from_hours(days * 24)).unwrap();
    found.retain(|at| *at > after && *at <= end);
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_slot_is_missed_doubled_or_out_of_order(text in any_schedule(), (tz, after) in near_a_change()) {
        let schedule = schedule(&text);
        let expected = all_due(&schedule, &tz, after, 4);
        let found: Vec<_> = schedule.upcoming(&tz, after, expected.len()).collect();
        prop_assert!(found.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn the_next_due_time_lies_after_and_on_schedule(text in any_schedule(), (tz, after) in near_a_change()) {
        let schedule = schedule(&text);
        let due = schedule.next_due(&tz, after).unwrap();
        prop_assert!(due > after);
        let local = tz.to_datetime(due);
        let on = schedule.days.has(local.date()) && schedule.times.at_or_after(local.time()) == Some(local.time());
        prop_assert!(on || schedule.dst_note(&tz, due) == Some(DstNote::Shifted));
        // Any moment between gives the same answer.
        let between = after.checked_add(due.duration_since(after) / 2).unwrap();
        prop_assert_eq!(schedule.next_due(&tz, between), Some(due));
    }

    #[test]
    fn no_text_makes_the_reader_fail(text in "([a-z0-9*,/#@:. -]|every |first |monday |at |of |and |last |L){0,12}") {
        if let Ok(schedule) = Schedule::parse(&text) {
            let _ = schedule.next_due(&TimeZone::UTC, at("2026-01-01T00:00:00Z"));
            prop_assert!(!schedule.describe().is_empty());
        }
    }
}

#[test]
fn the_fixed_anchor_is_the_monday_that_is_documented() {
    assert_eq!(super::rule::ANCHOR.weekday(), jiff::civil::Weekday::Monday);
    assert_eq!(super::rule::ANCHOR, date(2024, 1, 1));
}
