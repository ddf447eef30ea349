//! The promise: a digest at several cadences is several streams of issues over the same reviews, each subscriber has
//! one, nothing repeats within a stream, and who switches loses nothing.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::Span;
use pullquote::{
    app::{
        App,
        subscribe::{self, Choice},
    },
    model::{EmailAddress, Issue, ReviewId},
    store::{issues, ledger, subscribers},
};

use crate::house::{
    Door, FRIDAY, House, collect_all, deliver, distinct, header, nth, parts, publish, seen, subscribe as join, tick,
    titles,
};

const STREAMS: [&str; 3] = ["friday", "friday-weekly", "friday-monthly"];

const DIGEST: &str = r#"
title = "Film Club"
schedule = "every day at 08:00"
[[source]]
folder = "club"
[email]
from = "Film Club <digest@example.org>"
[select]
maximum = 3
[[cadence]]
name = "weekly"
schedule = "every Monday at 09:00"
[[cadence]]
name = "monthly"
title = "The month in films"
schedule = "first Monday of the month at 10"
maximum = 20
"#;

fn house() -> House {
    let house = House::club();
    house.digest(FRIDAY, DIGEST);
    house
}

async fn all(app: &Arc<App>, stream: &str) -> Vec<Issue> {
    let mut all: Vec<Issue> =
        issues::newest(&app.db, Some(stream), 1000).await.unwrap().into_iter().map(|stored| stored.issue).collect();
    all.sort_by_key(|issue| issue.number);
    all
}

/// Every review that a subscriber's issues held, with how often each came.
async fn received(app: &Arc<App>, address: &str) -> BTreeMap<ReviewId, usize> {
    let mut held = BTreeMap::new();
    for stream in STREAMS {
        for issue in all(app, stream).await {
            let rows = ledger::list(&app.db, &issue.digest, issue.number, None, 0, 1000).await.unwrap();
            if rows.iter().any(|row| row.email.as_str() == address) {
                for review in issue.used() {
                    *held.entry(review.clone()).or_default() += 1;
                }
            }
        }
    }
    held
}

async fn choose(app: &Arc<App>, address: &str, cadence: &str) {
    let email = EmailAddress::parse(address).unwrap();
    let stored = subscribers::by_email(&app.db, FRIDAY, &email).await.unwrap().unwrap();
    let token = app.tokens.leave(stored.subscriber.id);
    let choice = Choice { digest: FRIDAY, cadence: Some(cadence) };
    subscribe::choose(app, &token, &[choice]).await.unwrap().unwrap();
}

/// Goes on by days, with a tick after every full hour of the morning.
async fn days(house: &House, app: &Arc<App>, days: usize) {
    for _ in 0..days {
        house.wait(Span::new().hours(18));
        for _ in 0..6 {
            house.wait(Span::new().hours(1));
            tick(app).await;
        }
    }
}

#[tokio::test]
async fn each_cadence_has_numbers_windows_and_a_feed_of_its_own_over_the_same_reviews() {
    let house = house();
    house.go_to("2026-11-02T06:00:00Z");
    let app = house.open().await;
    tick(&app).await;
    for n in 0..40 {
        house.write(&format!("club/{n}.md"), &distinct(n));
        days(&house, &app, 1).await;
    }
    let mut used = Vec::new();
    for stream in STREAMS {
        let issues = all(&app, stream).await;
        assert!(issues.windows(2).all(|pair| pair[0].window.until == pair[1].window.from), "{stream}");
        assert_eq!(issues.first().map(|issue| issue.number), Some(1), "{stream}");
        let reviews: Vec<ReviewId> = issues.iter().flat_map(Issue::used).cloned().collect();
        let once: BTreeSet<&ReviewId> = reviews.iter().collect();
        assert_eq!(once.len(), reviews.len(), "nothing repeats within {stream}");
        used.push((issues.len(), once.len()));
    }
    assert_eq!(used[0], (40, 40));
    assert!(used[1].0 == 6 && used[1].1 > 34 && used[2].0 == 2 && used[2].1 > 34, "{used:?}");
    let monthly = &all(&app, "friday-monthly").await[1];
    assert_eq!((monthly.title.as_str(), monthly.quoted()), ("The month in films", 20), "its own title and maximum");

    let door = Door::open(&app).await;
    assert_eq!(door.get("/d/friday-weekly/3").await.status, 200);
    assert_eq!(door.get("/d/friday-weekly/feed.xml").await.body.matches("<item>").count(), 6);
    let page = door.get("/d/friday").await.body;
    assert!(page.contains("/d/friday-monthly\">first Monday of the month at 10:00"), "{page}");
    assert_eq!(door.get("/").await.body.matches("class=\"card\"").count(), 1, "a digest is one card");
}

#[tokio::test]
async fn only_those_of_a_cadence_get_its_issues_and_a_cadence_taken_away_falls_back_to_the_digests_own() {
    let house = house();
    let app = house.open().await;
    join(&app, "friday", "day@example.org").await;
    join(&app, "friday-weekly", "week@example.org").await;
    join(&app, "friday-monthly", "month@example.org").await;
    house.write("club/0.md", &nth(0));
    let daily = publish(&app, "friday").await;
    let weekly = publish(&app, "friday-weekly").await;
    assert_eq!((deliver(&app, &daily).await.sent, deliver(&app, &weekly).await.sent), (1, 1));
    let mails = house.mails_to("week@example.org");
    assert_eq!(mails.len(), 1);
    assert_eq!(header(&mails[0], "List-Id").unwrap(), "\"Film Club (weekly)\" <friday-weekly.reviews.example.org>");
    assert_eq!(header(&mails[0], "Subject").unwrap(), "Film Club (weekly) #1: Harbour");
    assert!(parts(&mails[0]).0.contains("https://reviews.example.org/d/friday-weekly/1"));
    assert!(house.mails_to("month@example.org").is_empty());

    house.digest(FRIDAY, DIGEST.split("[[cadence]]").next().unwrap());
    let app = house.open().await;
    house.write("club/1.md", &nth(1));
    house.wait(Span::new().hours(2));
    let issue = publish(&app, "friday").await;
    assert_eq!(deliver(&app, &issue).await.sent, 3);
}

#[tokio::test]
async fn who_wants_fewer_issues_gets_the_next_one_of_the_new_cadence_and_none_of_the_old() {
    let house = house();
    let app = house.open().await;
    join(&app, "friday", "ann@example.org").await;
    house.write("club/0.md", &nth(0));
    house.wait(Span::new().hours(1));
    publish(&app, "friday").await;
    choose(&app, "ann@example.org", "weekly").await;
    house.write("club/1.md", &nth(1));
    house.wait(Span::new().hours(1));
    publish(&app, "friday").await;
    publish(&app, "friday-weekly").await;
    let received = received(&app, "ann@example.org").await;
    let mut times: Vec<usize> = received.values().copied().collect();
    times.sort_unstable();
    assert_eq!(times, [1, 2], "what the weekly window already held is repeated, and nothing is lost");
}

#[tokio::test]
async fn who_wants_more_issues_gets_them_at_once_and_the_old_cadence_once_more() {
    let house = house();
    let app = house.open().await;
    join(&app, "friday-monthly", "ann@example.org").await;
    for n in 0..3 {
        house.write(&format!("club/{n}.md"), &nth(n));
        house.wait(Span::new().hours(1));
        publish(&app, "friday").await;
        if n == 1 {
            choose(&app, "ann@example.org", "").await;
        }
    }
    publish(&app, "friday-monthly").await;
    let held = received(&app, "ann@example.org").await;
    assert_eq!(held.len(), 3, "the first two went out daily before the switch, and come by the last monthly issue");
    house.write("club/3.md", &nth(3));
    house.wait(Span::new().hours(1));
    publish(&app, "friday-monthly").await;
    assert_eq!(received(&app, "ann@example.org").await, held, "and no further one");
}

#[tokio::test]
async fn whatever_is_switched_and_when_no_review_is_lost_and_one_window_a_switch_is_repeated_at_most() {
    let house = house();
    house.go_to("2026-11-02T06:00:00Z");
    let app = house.open().await;
    tick(&app).await;
    let people = ["a@example.org", "b@example.org", "c@example.org", "d@example.org"];
    for person in people {
        join(&app, "friday", person).await;
    }
    // A small generator, so that the same switches come on every machine.
    let mut dice = 7_u64;
    let mut roll = |sides: u64| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) % sides
    };
    let mut switches = BTreeMap::new();
    let mut written = 0;
    for _ in 0..75 {
        for person in people {
            if roll(9) == 0 {
                let cadence = ["", "weekly", "monthly"][roll(3) as usize];
                choose(&app, person, cadence).await;
                *switches.entry(person).or_insert(0) += 1;
            }
        }
        for _ in 0..roll(3) {
            house.write(&format!("club/{written}.md"), &distinct(written));
            written += 1;
        }
        days(&house, &app, 1).await;
    }
    // Two months without news but one review a month: every stream's open window ends.
    for _ in 0..2 {
        house.write(&format!("club/{written}.md"), &distinct(written));
        written += 1;
        days(&house, &app, 35).await;
    }
    for person in people {
        let held = received(&app, person).await;
        assert!(switches[person] > 3, "{switches:?}");
        assert!(held.len() >= written - 1, "{person} got {} of {written}", held.len());
        let most = held.values().max().unwrap();
        assert!(*most <= 1 + switches[person], "{person}: {most}");
    }
}

#[tokio::test]
async fn a_cadence_that_is_added_later_knows_what_the_digest_knows() {
    let house = house();
    house.digest(FRIDAY, DIGEST.split("[[cadence]]").next().unwrap());
    let app = house.open().await;
    for n in 0..2 {
        house.write(&format!("club/{n}.md"), &nth(n));
    }
    publish(&app, "friday").await;
    house.wait(Span::new().hours(3));
    house.write("club/2.md", &nth(2));
    collect_all(&app).await;
    house.wait(Span::new().hours(3));
    house.digest(FRIDAY, DIGEST);
    let app = house.open().await;
    house.write("club/3.md", &nth(3));
    let mut weekly = titles(&publish(&app, "friday-weekly").await);
    weekly.sort();
    assert_eq!(weekly, ["Chalk", "Marble"], "what waits for the digest's next issue waits for the cadence's first");
}

#[tokio::test]
async fn the_form_and_the_preferences_page_offer_the_cadences() {
    let house = house();
    let app = house.open().await;
    let door = Door::open(&app).await;
    let form = door.get("/subscribe").await.body;
    for option in ["every day at 08:00", "every Monday at 09:00", "first Monday of the month at 10:00"] {
        assert!(form.contains(&format!(">{option}</option>")), "{form}");
    }
    assert!(door.get("/d/friday-weekly").await.body.contains("value=\"weekly\" selected"));
    let asked = [("email", "ann@example.org"), ("digest", FRIDAY), ("cadence-friday", "weekly")];
    door.post("/subscribe", &asked).await;
    while house.mails().is_empty() {
        tokio::task::yield_now().await;
    }
    let (text, _) = parts(&house.mails()[0]);
    let link = text.split_whitespace().find(|word| word.contains("/confirm/")).unwrap().to_owned();
    door.post(&link, &[]).await;
    let of_ann = || async {
        let email = EmailAddress::parse("ann@example.org").unwrap();
        subscribers::by_email(&app.db, FRIDAY, &email).await.unwrap().unwrap().subscriber
    };
    assert_eq!(of_ann().await.cadence, "weekly");
    // Whoever types in an address that is on the list changes nothing.
    door.post("/subscribe", &[("email", "ann@example.org"), ("digest", FRIDAY), ("cadence-friday", "monthly")]).await;
    let page = format!("/preferences/{}", app.tokens.leave(of_ann().await.id));
    let shown = door.get(&page).await.body;
    assert!(shown.contains("value=\"weekly\" selected") && seen(&shown).contains("Another rhythm"), "{shown}");
    let fields = [("act", "save"), ("digest", FRIDAY), ("cadence-friday", "monthly")];
    assert!(door.post(&page, &fields).await.body.contains("value=\"monthly\" selected"));
    assert_eq!(of_ann().await.cadence, "monthly");
    // A form of an earlier day that knows no cadence, or one that is not offered, leaves it as it is.
    for fields in [&[("act", "save"), ("digest", FRIDAY)][..], &[("digest", FRIDAY), ("cadence-friday", "hourly")][..]]
    {
        door.post(&page, fields).await;
        assert_eq!(of_ann().await.cadence, "monthly");
    }
}

#[test]
fn the_list_is_kept_from_the_shell_by_cadence() {
    let house = house();
    house.run(&["subscribers", "add", "friday-weekly", "ann@example.org"]).done();
    house.run(&["subscribers", "add", "friday", "ben@example.org"]).done();
    assert!(house.run(&["subscribers", "list", "friday"]).done().out.contains("friday (weekly)  ann@example.org"));
    assert!(!house.run(&["subscribers", "list", "friday-weekly"]).done().out.contains("ben@"));
    house.run(&["subscribers", "add", "friday", "ann@example.org"]).done();
    assert!(house.run(&["subscribers", "list", "friday"]).done().out.contains("friday (weekly)  ann@"), "as she chose");
    assert!(house.run(&["subscribers", "add", "friday-monthly", "ann@example.org"]).done().out.contains("from now on"));
    let csv = house.run(&["subscribers", "export", "friday"]).done().out;
    assert!(csv.contains("ann@example.org,,active,monthly,"), "{csv}");
    let wrong = "email,cadence\ncas@example.org,hourly\ndot@example.org,weekly\n";
    let ran = house.run_with(&["subscribers", "import", "friday", "-"], wrong);
    assert!(ran.code == 1 && ran.err.contains("friday offers no cadence `hourly`"), "{}", ran.err);
    assert!(house.run(&["subscribers", "list", "friday-weekly"]).done().out.contains("dot@example.org"));
    let runs = house.run(&["schedule", "--from", "2026-12-01T00:00:00Z", "--count", "1"]).done().out;
    for line in ["friday: every day at 08:00", "friday-weekly: every Monday at 09:00", "friday-monthly: first Monday"] {
        assert!(runs.contains(line), "{runs}");
    }
    house.run(&["collect"]).done();
    assert_eq!(house.run(&["sources", "--json"]).done().json()[0]["digests"], serde_json::json!(["friday"]));
}

#[test]
fn a_cadence_does_not_take_the_name_of_another_digest() {
    let house = house();
    house.digest("friday-weekly", "title = \"Other\"\n[[source]]\nfolder = \"club\"\n");
    let ran = house.run(&["check", "--offline"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.err.contains("friday.toml: cadence: the cadence `weekly` makes issues under the name `friday-weekly`"),
        "{}",
        ran.err
    );
}
