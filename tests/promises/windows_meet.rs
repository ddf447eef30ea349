//! The promise: an issue's window starts where the last one ended, whatever the clock, the schedule and the number
//! of processes do; every review is in one issue, or a rule says why it is in none.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use jiff::Span;
use pullquote::{
    app::{
        App,
        compose::{self, Booking, Wish},
        feature,
        send::{self, Order},
    },
    model::Issue,
    store::{
        issues::{self, Frozen},
        reviews,
    },
};

use crate::{
    house::{CLUB, FRIDAY, House, START, at, collect_all, freeze, nth, praise, publish, tick, titles},
    site::{Reply, Site},
};

const DAILY: &str = r#"
title = "Daily"
schedule = "every day at 08:00"
time_zone = "UTC"
[[source]]
folder = "club"
"#;

/// All issues of the digest, oldest first.
async fn all(app: &Arc<App>) -> Vec<Issue> {
    let mut all: Vec<Issue> = Vec::new();
    for stored in issues::newest(&app.db, Some(FRIDAY), 1000).await.unwrap() {
        all.push(stored.issue);
    }
    all.sort_by_key(|issue| issue.number);
    all
}

#[track_caller]
fn assert_windows_meet(issues: &[Issue]) {
    for pair in issues.windows(2) {
        assert_eq!(pair[0].window.until, pair[1].window.from, "#{} and #{}", pair[0].number, pair[1].number);
    }
}

#[tokio::test]
async fn windows_meet_over_many_runs_and_every_review_is_in_exactly_one_issue() {
    let house = House::club();
    house.digest(FRIDAY, DAILY);
    let app = house.open().await;
    house.write("club/0.md", &nth(0));
    // A tick every 5 hours and 7 minutes for a fortnight; a review comes before every fifth.
    let mut written = 1;
    for step in 0..66 {
        house.wait(Span::new().hours(5).minutes(7));
        if step % 6 == 5 && written < 12 {
            house.write(&format!("club/{written}.md"), &nth(written));
            written += 1;
        }
        tick(&app).await;
    }
    house.wait(Span::new().hours(24));
    tick(&app).await;
    let issues = all(&app).await;
    assert!(issues.len() >= 8, "{}", issues.len());
    assert_windows_meet(&issues);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for id in issues.iter().flat_map(Issue::used) {
        *seen.entry(id.to_string()).or_default() += 1;
    }
    assert_eq!((seen.len(), seen.values().max()), (written, Some(&1)));
}

#[tokio::test]
async fn too_little_news_makes_no_issue_and_keeps_the_window_open() {
    let house = House::club();
    house.digest(FRIDAY, &format!("{DAILY}[select]\nminimum = 3\n"));
    let app = house.open().await;
    for n in 0..2 {
        house.write(&format!("club/{n}.md"), &nth(n));
    }
    house.go_to("2026-11-23T08:00:00Z");
    assert_eq!(tick(&app).await, 0);
    house.write("club/2.md", &nth(2));
    house.go_to("2026-11-24T08:00:00Z");
    assert_eq!(tick(&app).await, 1);
    let issues = all(&app).await;
    assert_eq!((issues[0].number, issues[0].used().count()), (1, 3), "the first two were not lost");
    assert_eq!(issues[0].window.from, at(START));
}

#[tokio::test]
async fn a_late_review_lands_in_the_next_issue() {
    let house = House::club();
    house.write("club/0.md", &nth(0));
    let app = house.open().await;
    publish(&app, FRIDAY).await;
    // It was written long before the issue, and comes after it.
    house.write("club/1.md", &nth(1).replace("2026-11-20", "2019-01-01"));
    let next = publish(&app, FRIDAY).await;
    assert_eq!(titles(&next), ["Laughter Lane"]);
    assert_windows_meet(&all(&app).await);
}

/// A feed of the reviews of these numbers.
fn feed(numbers: impl IntoIterator<Item = usize>) -> String {
    let items = numbers.into_iter().map(|n| {
        format!(
            "<item><title>Review: Film Number {n} (2024) 8/10</title><link>https://a.example/{n}</link><guid>https://a.example/{n}</guid>\
             <category>{}</category><dc:creator>Ann Walker</dc:creator><description>&lt;p&gt;{} {}&lt;/p&gt;</description></item>",
            if n == 7 { "Essential" } else { "Reviews" },
            praise(n),
            praise(n)
        )
    });
    format!(
        "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>Film reviews</title>\
         <link>https://a.example/</link><description>Reviews</description>{}</channel></rss>",
        items.collect::<String>()
    )
}

#[tokio::test]
async fn first_contact_seeds_a_feed_and_takes_a_folder_in() {
    let mut house = House::club();
    house.set("COLLECT__ALLOW", "127.0.0.1");
    let held = Arc::new(Mutex::new(vec![1, 2]));
    let shown = Arc::clone(&held);
    let site =
        Site::start(move |_| Reply::document("application/rss+xml", feed(shown.lock().unwrap().iter().copied()))).await;
    let source = format!("[[source]]\nfeed = \"{}\"\nfeatured_categories = [\"essential\"]\n", site.url("/feed"));
    house.digest(FRIDAY, &format!("{DAILY}{source}"));
    house.digest("eager", &format!("title = \"Eager\"\n{source}first = \"include\"\n"));
    house.write("club/0.md", &nth(0));
    let app = house.open().await;
    let first = publish(&app, FRIDAY).await;
    assert_eq!(titles(&first), ["Harbour"], "the folder is news, the back catalogue of the feed is not");
    assert_eq!(freeze(&app, "eager", &Wish::default()).await.used().count(), 2);

    // What comes later is news; a featured category makes it come first.
    held.lock().unwrap().extend([3, 7]);
    house.wait(Span::new().hours(2));
    let second = publish(&app, FRIDAY).await;
    let stars: Vec<bool> = second.works.iter().flat_map(|work| &work.reviews).map(|review| review.featured).collect();
    assert_eq!(stars, [true, false], "{:?}", titles(&second));
}

/// A shelf with one book: its rating, and the reader's words.
fn shelf(rating: u8, words: &str) -> String {
    format!(
        "<rss version=\"2.0\"><channel><title>Ann's bookshelf: read</title><link>https://books.example/</link>\
         <description>x</description><item><guid>https://books.example/review/show/7?utm_source=rss</guid>\
         <title>Salt and Wind (Tides, #2)</title><link>https://books.example/review/show/7</link><book_id>9</book_id>\
         <author_name>Maria Santos</author_name><user_rating>{rating}</user_rating>\
         <user_review><![CDATA[{words}]]></user_review></item></channel></rss>"
    )
}

/// The titles and quotes of an issue; none where there was too little news.
async fn news(house: &House, app: &Arc<App>) -> Vec<(String, Option<String>)> {
    house.wait(Span::new().hours(3));
    collect_all(app).await;
    let digest = app.digest(FRIDAY).unwrap();
    match compose::freeze(app, &digest, &Wish::default(), &Booking::default()).await.unwrap() {
        Frozen::Issue { issue, .. } => {
            let reviews = issue.works.iter().flat_map(|work| work.reviews.iter().map(move |review| (work, review)));
            let line = |(work, review): (&pullquote::model::WorkBlock, &pullquote::model::IssueReview)| {
                (
                    work.work.title.as_deref().unwrap_or_default().to_owned(),
                    review.quote.as_ref().map(|quote| quote.text().to_owned()),
                )
            };
            reviews.map(line).collect()
        }
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn a_book_is_news_when_it_is_rated_and_once_more_when_its_review_is_written() {
    let mut house = House::club();
    house.set("COLLECT__ALLOW", "127.0.0.1");
    let held = Arc::new(Mutex::new(shelf(0, "")));
    let shown = Arc::clone(&held);
    let site = Site::start(move |_| Reply::document("application/rss+xml", shown.lock().unwrap().clone())).await;
    let sources = format!("folder = \"club\"\n[[source]]\nfeed = \"{}\"", site.url("/shelf"));
    house.digest(FRIDAY, &DAILY.replace("folder = \"club\"", &sources));
    let app = house.open().await;
    let of_shelf = |news: Vec<(String, Option<String>)>| -> Vec<Option<String>> {
        news.into_iter().filter(|(title, _)| title == "Salt and Wind").map(|(_, quote)| quote).collect()
    };
    house.write("club/0.md", &nth(0));
    assert_eq!(of_shelf(news(&house, &app).await), [], "a book put on a shelf");
    *held.lock().unwrap() = shelf(4, "");
    assert_eq!(news(&house, &app).await, [], "a rating came under the same GUID, and makes no issue by itself");
    house.write("club/1.md", &nth(1));
    assert_eq!(of_shelf(news(&house, &app).await), [None], "beside a review it is shown");
    house.write("club/2.md", &nth(2));
    assert_eq!(of_shelf(news(&house, &app).await), [], "nothing changed");
    *held.lock().unwrap() = shelf(4, praise(7));
    let written = of_shelf(news(&house, &app).await);
    assert!(matches!(&written[..], [Some(_)]), "the review came under the same GUID: {written:?}");
    *held.lock().unwrap() = shelf(5, &format!("{} Five stars after all.", praise(7)));
    assert_eq!(news(&house, &app).await, [], "a text that changes is no news");
    assert_windows_meet(&all(&app).await);
}

#[tokio::test]
async fn a_rated_book_of_the_back_catalogue_is_news_when_its_review_is_written() {
    let mut house = House::empty();
    house.set("COLLECT__ALLOW", "127.0.0.1");
    let held = Arc::new(Mutex::new(shelf(4, "")));
    let shown = Arc::clone(&held);
    let site = Site::start(move |_| Reply::document("application/rss+xml", shown.lock().unwrap().clone())).await;
    house.digest(FRIDAY, &DAILY.replace("folder = \"club\"", &format!("feed = \"{}\"", site.url("/shelf"))));
    let app = house.open().await;
    assert_eq!(news(&house, &app).await, [], "what was there at first contact");
    *held.lock().unwrap() = shelf(4, praise(1));
    assert_eq!(news(&house, &app).await.len(), 1);
    let stored = &reviews::newest(&app.db, Some(FRIDAY), 10).await.unwrap()[0].review;
    let ids: Vec<String> = stored.work.ids.iter().map(ToString::to_string).collect();
    assert_eq!((ids, stored.details.series.as_deref()), (vec!["goodreads:9".to_owned()], Some("Tides, #2")));
}

#[tokio::test]
async fn a_star_makes_a_used_review_eligible_once_more_and_only_once() {
    let house = House::club();
    for n in 0..2 {
        house.write(&format!("club/{n}.md"), &nth(n));
    }
    let app = house.open().await;
    let first = publish(&app, FRIDAY).await;
    let old =
        first.works.iter().find(|work| work.work.title.as_deref() == Some("Harbour")).unwrap().reviews[0].id.clone();
    house.wait(Span::new().hours(24 * 90));
    feature::feature(&app, old.as_str(), true).await.unwrap();
    house.write("club/2.md", &nth(2));
    house.wait(Span::new().hours(1));
    let second = publish(&app, FRIDAY).await;
    assert_eq!(titles(&second), ["Harbour", "Marble"], "the star comes first");
    house.write("club/3.md", &nth(3));
    house.wait(Span::new().hours(1));
    assert_eq!(titles(&publish(&app, FRIDAY).await), ["Chalk"], "the star has been honoured");
}

#[tokio::test]
async fn a_star_makes_a_seeded_review_eligible_and_taking_it_away_takes_that_back() {
    let house = House::club();
    house.digest(FRIDAY, &DAILY.replace("folder = \"club\"", "folder = \"club\"\nfirst = \"seed\""));
    for n in 0..2 {
        house.write(&format!("club/{n}.md"), &nth(n));
    }
    let app = house.open().await;
    collect_all(&app).await;
    let digest = app.digest(FRIDAY).unwrap();
    let none = compose::freeze(&app, &digest, &Wish::default(), &Booking::default()).await.unwrap();
    assert!(matches!(none, Frozen::TooFew { .. }));
    let known = reviews::newest(&app.db, Some(FRIDAY), 10).await.unwrap();
    for stored in &known {
        feature::feature(&app, stored.review.id.as_str(), true).await.unwrap();
    }
    feature::feature(&app, known[1].review.id.as_str(), false).await.unwrap();
    let issue = freeze(&app, FRIDAY, &Wish::default()).await;
    assert_eq!(issue.used().collect::<Vec<_>>(), [&known[0].review.id]);
}

#[tokio::test]
async fn two_processes_on_one_database_make_one_issue_of_a_slot() {
    let house = House::club();
    house.digest(FRIDAY, DAILY);
    house.write("club/0.md", &nth(0));
    let (one, two) = (house.open().await, house.open().await);
    house.go_to("2026-11-23T08:00:30Z");
    let (a, b) = tokio::join!(pullquote::schedule::run_due::run_due(&one), pullquote::schedule::run_due::run_due(&two));
    assert_eq!(a.unwrap().issues + b.unwrap().issues, 1);
    assert_eq!(all(&one).await.len(), 1);
    assert_eq!(tick(&two).await, 0, "nor does the next tick make another");
}

/// Issues and reviews in them after three days without a process, by the rule for missed runs.
async fn after_three_days_off(missed: &str) -> (usize, usize) {
    let house = House::club();
    house.digest(FRIDAY, &DAILY.replace("time_zone", &format!("missed = \"{missed}\"\ntime_zone")));
    let app = house.open().await;
    house.go_to("2026-11-23T08:00:00Z");
    tick(&app).await;
    drop(app);
    for n in 0..3 {
        house.write(&format!("club/{n}.md"), &nth(n));
    }
    house.go_to("2026-11-26T12:00:00Z");
    let app = house.open().await;
    tick(&app).await;
    tick(&app).await;
    let issues = all(&app).await;
    assert_windows_meet(&issues);
    (issues.len(), issues.iter().flat_map(Issue::used).count())
}

#[tokio::test]
async fn missed_runs_are_made_up_for_as_the_digest_says() {
    assert_eq!(after_three_days_off("once").await, (1, 3));
    assert_eq!(after_three_days_off("all").await, (1, 3), "the first takes all there is, the others have too little");
    assert_eq!(after_three_days_off("skip").await, (0, 0));
}

#[tokio::test]
async fn a_clock_set_back_neither_doubles_nor_loses_anything() {
    let house = House::club();
    house.digest(FRIDAY, DAILY);
    let app = house.open().await;
    house.write("club/0.md", &nth(0));
    house.go_to("2026-11-24T08:00:00Z");
    assert_eq!(tick(&app).await, 1);
    // Somebody sets the clock back by a day, and time goes on from there.
    house.go_to("2026-11-23T07:00:00Z");
    house.write("club/1.md", &nth(1));
    collect_all(&app).await;
    assert_eq!(tick(&app).await, 0);
    house.go_to("2026-11-23T08:00:00Z");
    assert_eq!(tick(&app).await, 0, "that slot lies behind");
    house.go_to("2026-11-25T08:00:00Z");
    assert_eq!(tick(&app).await, 1);
    let issues = all(&app).await;
    assert_eq!(titles(&issues[1]), ["Laughter Lane"]);
    assert_windows_meet(&issues);
}

#[tokio::test]
async fn a_placed_order_is_carried_out_once_when_its_time_comes() {
    let house = House::club();
    house.write("club/0.md", &nth(0));
    let app = house.open().await;
    collect_all(&app).await;
    let order = Order { at: Some(at("2026-11-22T18:00:00Z").into()), ..Order::default() };
    send::send(&app, FRIDAY, &order).await.unwrap();
    assert_eq!(tick(&app).await, 0);
    house.go_to("2026-11-22T18:00:00Z");
    let other = house.open().await;
    let (a, b) =
        tokio::join!(pullquote::schedule::run_due::run_due(&app), pullquote::schedule::run_due::run_due(&other));
    a.unwrap();
    b.unwrap();
    house.wait(Span::new().minutes(1));
    tick(&app).await;
    assert_eq!(all(&app).await.len(), 1);
}

/// The local days on which a digest "every day at 02:30" in Berlin makes an issue, ticking every ten minutes.
async fn days_of_issues(from: &str, until: &str) -> Vec<String> {
    let house = House::club();
    house.digest(
        FRIDAY,
        &CLUB.replace("every Friday at 08:00\"", "every day at 02:30\"\ntime_zone = \"Europe/Berlin\""),
    );
    house.go_to(from);
    let app = house.open().await;
    let mut written = 0;
    while house.now() < at(until) {
        if all(&app).await.len() == written {
            house.write(&format!("club/{written}.md"), &nth(written));
            written += 1;
        }
        tick(&app).await;
        house.wait(Span::new().minutes(10));
    }
    let zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
    let local = |issue: &Issue| issue.composed_at.to_zoned(zone.clone()).strftime("%F").to_string();
    all(&app).await.iter().map(local).collect()
}

#[tokio::test]
async fn a_daily_digest_comes_once_a_day_where_clocks_go_forward() {
    let days = days_of_issues("2027-03-26T12:00:00Z", "2027-03-30T12:00:00Z").await;
    assert_eq!(days, ["2027-03-27", "2027-03-28", "2027-03-29", "2027-03-30"]);
}

#[tokio::test]
async fn a_daily_digest_comes_once_a_day_where_clocks_go_back() {
    let days = days_of_issues("2027-10-29T12:00:00Z", "2027-11-02T12:00:00Z").await;
    assert_eq!(days, ["2027-10-30", "2027-10-31", "2027-11-01", "2027-11-02"]);
}
