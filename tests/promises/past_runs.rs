//! The promise: what became of each slot of a schedule can be seen afterwards, with the rule that decided it, from the
//! shell and on the desk; and a slot is missed only where no process was there.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use pullquote::{
    app::{
        App,
        slots::{self, Fate},
    },
    clock::Clock,
    model::digest::Missed,
    schedule::run_due,
};
use serde_json::{Value, json};

use crate::{
    house::{Door, FRIDAY, House, at, nth, seen, tick},
    site::{Reply, Site},
};

fn daily(missed: &str) -> String {
    format!(
        "title = \"Daily\"\nschedule = \"every day at 08:00\"\ntime_zone = \"Europe/Berlin\"\nmissed = \"{missed}\"\n\
         [[source]]\nfolder = \"club\"\n"
    )
}

/// A week: Monday on time, Tuesday without news, then nobody until Friday afternoon, Saturday on time.
async fn a_week(missed: &str) -> (House, Arc<App>) {
    let mut house = House::club();
    house.set("ADMIN__PASSWORD", "correct horse");
    house.digest(FRIDAY, &daily(missed));
    let app = house.open().await;
    house.write("club/0.md", &nth(0));
    for (time, review) in [
        ("2026-11-23T07:00:20Z", None),
        ("2026-11-24T07:00:20Z", Some(1)),
        ("2026-11-27T14:30:00Z", Some(2)),
        ("2026-11-28T07:00:20Z", None),
    ] {
        house.go_to(time);
        tick(&app).await;
        if let Some(n) = review {
            house.write(&format!("club/{n}.md"), &nth(n));
        }
    }
    (house, app)
}

async fn told(app: &Arc<App>, count: usize) -> Vec<String> {
    let digest = app.digest(FRIDAY).unwrap();
    let slots = slots::past(app, &digest, count).await.unwrap();
    let day = |at: Timestamp| at.strftime("%a").to_string();
    slots.iter().map(|slot| format!("{}: {}", day(slot.due_at), slot.words(&digest))).collect()
}

const EMPTY: &str = "no issue: 0 of at least 1 reviews (select.minimum), the window stayed open; on time";

#[tokio::test]
async fn one_run_makes_up_for_those_that_were_missed() {
    let (_house, app) = a_week("once").await;
    let expected = [
        "Sat: issue #3, on time",
        "Fri: issue #2, missed, and made up for 7 h 30 min later (missed = \"once\")",
        "Thu: missed, and left to the slot of Fri 2026-11-27 08:00 CET (missed = \"once\")",
        "Wed: missed, and left to the slot of Fri 2026-11-27 08:00 CET (missed = \"once\")",
        &format!("Tue: {EMPTY}"),
        "Mon: issue #1, on time",
    ];
    assert_eq!(told(&app, 10).await, expected);
    assert_eq!(told(&app, 2).await, expected[..2], "the newest first, and no more than asked for");
}

#[tokio::test]
async fn a_missed_run_that_is_skipped_leaves_its_window_open() {
    let (_house, app) = a_week("skip").await;
    let skipped = "missed, and skipped (missed = \"skip\"); its window stayed open";
    let expected = [
        "Sat: issue #2, on time".to_owned(),
        format!("Fri: {skipped}"),
        format!("Thu: {skipped}"),
        format!("Wed: {skipped}"),
        format!("Tue: {EMPTY}"),
        "Mon: issue #1, on time".to_owned(),
    ];
    assert_eq!(told(&app, 10).await, expected);
}

#[tokio::test]
async fn each_missed_run_is_made_up_for_where_all_are() {
    let (_house, app) = a_week("all").await;
    let told = told(&app, 10).await;
    let all = "missed, and made up for";
    assert!(told[1].contains(&format!("{all} 7 h 30 min later (missed = \"all\")")), "{told:?}");
    assert!(told[2].contains(&format!("{all} 1 d 7 h later (missed = \"all\")")), "{told:?}");
    assert!(told[3].contains(&format!("{all} 2 d 7 h later (missed = \"all\")")), "{told:?}");
}

#[tokio::test]
async fn a_slot_that_nobody_has_dealt_with_is_shown_as_such() {
    let (house, app) = a_week("once").await;
    house.go_to("2026-11-29T09:30:00Z");
    let slots = slots::past(&app, &app.digest(FRIDAY).unwrap(), 1).await.unwrap();
    assert_eq!((&slots[0].fate, slots[0].late), (&Fate::Open, SignedDuration::from_mins(150)));
    assert!(told(&app, 1).await[0].contains("not dealt with for 2 h 30 min: does `pullquote serve` run"));
    house.write("club/5.md", &nth(5));
    tick(&app).await;
    assert!(told(&app, 1).await[0].contains("issue #4, missed, and made up for 2 h 30 min later"));
}

#[tokio::test]
async fn the_command_tells_it_in_words_and_as_json() {
    let (house, _app) = a_week("once").await;
    let ran = house.run(&["schedule", FRIDAY, "--past", "10000"]).done();
    assert!(ran.out.starts_with("friday: every day at 08:00 (Europe/Berlin)\n"), "{}", ran.out);
    let line =
        "    Fri 2026-11-27 08:00 CET   issue #2, missed, and made up for 7 h 30 min later (missed = \"once\")\n";
    assert!(ran.out.contains(line), "{}", ran.out);
    let lines = house.run(&["schedule", FRIDAY, "--past", "10000", "--json"]).done().json();
    // The command has the system's clock: days that went by since then are open.
    let known: Vec<&Value> = lines.iter().filter(|line| line["outcome"] != "open").collect();
    assert_eq!(known.len(), 6);
    let line = |at: &str, more: Value| {
        let mut line = json!({"digest": FRIDAY, "at": at, "time_zone": "Europe/Berlin", "outcome": null, "on_time": null,
            "late_seconds": null, "rule": null, "number": null, "left_to": null, "found": null, "minimum": null});
        line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        line
    };
    let expected = [
        line(
            "2026-11-28T08:00:00+01:00",
            json!({"outcome": "issue", "on_time": true, "late_seconds": 20, "number": 3}),
        ),
        line(
            "2026-11-27T08:00:00+01:00",
            json!({"outcome": "issue", "on_time": false, "late_seconds": 27000, "rule": "once", "number": 2}),
        ),
        line(
            "2026-11-26T08:00:00+01:00",
            json!({"outcome": "merged", "on_time": false, "late_seconds": 113_400, "rule": "once",
                "left_to": "2026-11-27T08:00:00+01:00"}),
        ),
    ];
    assert_eq!(known[..3], expected.iter().collect::<Vec<_>>());
    let empty = json!({"outcome": "too-few", "on_time": true, "late_seconds": 20, "found": 0, "minimum": 1});
    assert_eq!(*known[4], line("2026-11-24T08:00:00+01:00", empty));
    let wrong = house.run(&["schedule", FRIDAY, "--past", "3", "--count", "3"]);
    assert_eq!(wrong.code, 2);
    let unknown = house.run(&["schedule", "fridya", "--past", "3"]);
    assert!(unknown.code == 1 && unknown.err.contains("did you mean `friday`"), "{unknown:?}");
}

#[tokio::test]
async fn the_desk_shows_it() {
    let (_house, app) = a_week("skip").await;
    let door = Door::open(&app).await;
    assert_eq!(door.get("/admin/d/friday").await.status, 303, "nobody is signed in");
    let answer = door.post("/admin/login", &[("secret", "correct horse")]).await;
    let cookie = [("cookie", answer.header("set-cookie").unwrap().split(';').next().unwrap())];
    let desk = seen(&door.ask("GET", "/admin", &cookie, "").await.body);
    assert!(desk.contains("issue #2, on time"), "{desk}");
    let runs = seen(&door.ask("GET", "/admin/d/friday", &cookie, "").await.body);
    assert!(runs.contains("Thu 2026-11-26 08:00 CETmissed, and skipped (missed = \"skip\")"), "{runs}");
    assert!(runs.contains("Sun 2026-11-29 08:00 CET"), "the next one: {runs}");
    assert_eq!(door.ask("GET", "/admin/d/nothing", &cookie, "").await.status, 404);
}

#[tokio::test]
async fn a_slow_source_of_one_digest_makes_no_other_one_late() {
    let mut house = House::club();
    house.set("COLLECT__ALLOW", "127.0.0.1");
    let clock: Clock = house.clock.clone();
    // Whoever asks it waits for twenty minutes, which is more than the time of grace.
    let slow = Site::start(move |_| {
        clock.set(clock.now() + SignedDuration::from_mins(20));
        Reply::document("application/rss+xml", "<rss version=\"2.0\"><channel><title>x</title></channel></rss>")
    })
    .await;
    house.digest("a-slow", &daily("skip").replace("folder = \"club\"", &format!("feed = \"{}\"", slow.url("/feed"))));
    house.digest(FRIDAY, &daily("skip"));
    house.write("club/0.md", &nth(0));
    let app = house.open().await;
    house.go_to("2026-11-23T07:00:00Z");
    let done = run_due::run_due(&app).await.unwrap();
    assert!(house.now() > at("2026-11-23T07:15:00Z"), "the source was slow");
    assert_eq!((done.issues, done.failed), (1, vec![]));
    let slots = slots::past(&app, &app.digest(FRIDAY).unwrap(), 5).await.unwrap();
    assert_eq!(
        slots.iter().map(|slot| (&slot.fate, slot.rule)).collect::<Vec<_>>(),
        [(&Fate::Issue { number: Some(1) }, None::<Missed>)]
    );
}
