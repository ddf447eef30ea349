//! The promise: sources are asked politely over time. What a server says about caching, pauses and moves is heeded,
//! and is remembered over restarts.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use jiff::{SignedDuration, Span, Timestamp};
use pullquote::{
    app::{
        App,
        collect::{self, Collected, Occasion, Report},
        sources::{self, State},
    },
    model::Issue,
    store::{arrivals, reviews},
};

use crate::{
    house::{House, START, at, collect_all, freeze, praise, preview, titles},
    site::{Asked, Reply, Site},
};

const DAILY: &str = "title = \"Daily\"\n";

fn source(url: &str) -> String {
    format!("[[source]]\nfeed = \"{url}\"\n")
}

/// A feed with reviews by number.
fn feed(numbers: std::ops::Range<usize>) -> String {
    let item = |n: usize| {
        format!(
            "<item><title>Review: Work {n} (2024) 8/10</title><guid isPermaLink=\"false\">review-{n}</guid>\
             <description>{}</description></item>",
            praise(n)
        )
    };
    let items: String = numbers.map(item).collect();
    format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Film reviews</title>{items}</channel></rss>")
}

fn rss(numbers: std::ops::Range<usize>) -> Reply {
    Reply::document("application/rss+xml", feed(numbers))
}

/// A house that may reach the test's own sites, without pauses of the real clock.
fn house() -> House {
    let mut house = House::empty();
    house.set("COLLECT__ALLOW", "127.0.0.1, localhost");
    house.set("COLLECT__SPACING", "0s");
    house
}

/// What a site does now; a test changes it on the way.
#[derive(Clone, Default)]
struct Behaviour(Arc<Mutex<u8>>);

impl Behaviour {
    fn now(&self) -> u8 {
        *self.0.lock().unwrap()
    }

    fn becomes(&self, what: u8) {
        *self.0.lock().unwrap() = what;
    }
}

async fn routine(app: &Arc<App>) -> Vec<Report> {
    collect::collect(app, None, Occasion::Routine, |_| ()).await.unwrap()
}

/// Visits by routine for so many days, every 30 minutes.
async fn live(house: &House, app: &Arc<App>, days: i64) {
    for _ in 0..days * 48 {
        house.wait(Span::new().minutes(30));
        routine(app).await;
    }
}

async fn known(app: &Arc<App>) -> usize {
    reviews::newest(&app.db, None, 1_000).await.unwrap().len()
}

/// Reviews that are news to a digest.
async fn news(app: &Arc<App>, digest: &str) -> u64 {
    arrivals::count_waiting(&app.db, digest).await.unwrap()
}

async fn row(app: &Arc<App>, url: &str) -> sources::Row {
    sources::list(app, None).await.unwrap().into_iter().find(|row| row.source == url).unwrap()
}

#[tokio::test]
async fn a_permanent_move_is_adopted_after_a_week_and_no_review_becomes_new() {
    let state = Behaviour::default();
    let seen = state.clone();
    let new = Site::start(move |_| rss(0..3 + usize::from(seen.now()))).await;
    let target = new.url("/feed");
    let to = target.clone();
    let old = Site::start(move |_| Reply::redirect(301, &to)).await;
    let house = house();
    house.digest("daily", &format!("{DAILY}{}", source(&old.url("/feed"))));
    let app = house.open().await;
    routine(&app).await;
    live(&house, &app, 6).await;
    assert_eq!(row(&app, &old.url("/feed")).await.address, None, "six days prove nothing");
    assert_eq!(row(&app, &old.url("/feed")).await.moving_to.as_deref(), Some(target.as_str()));
    live(&house, &app, 2).await;
    let row_now = row(&app, &old.url("/feed")).await;
    assert_eq!((row_now.address.as_deref(), row_now.moving_to), (Some(target.as_str()), None));
    let asked = old.asked().len();
    state.becomes(1);
    live(&house, &app, 1).await;
    assert_eq!(old.asked().len(), asked, "the old address is not asked any more");
    assert_eq!((known(&app).await, news(&app, "daily").await), (4, 1), "the three are known, the fourth is news");
    let app = house.open().await;
    assert_eq!(row(&app, &old.url("/feed")).await.address.as_deref(), Some(target.as_str()));
}

#[tokio::test]
async fn a_temporary_move_is_never_adopted() {
    let new = Site::start(|_| rss(0..3)).await;
    let to = new.url("/feed");
    let old = Site::start(move |_| Reply::redirect(302, &to)).await;
    let house = house();
    house.digest("daily", &format!("{DAILY}{}", source(&old.url("/feed"))));
    let app = house.open().await;
    live(&house, &app, 20).await;
    let row = row(&app, &old.url("/feed")).await;
    assert_eq!((row.address, row.moving_to), (None, None));
}

#[tokio::test]
async fn where_the_old_address_dies_the_move_is_adopted_at_once_and_taken_back_where_the_new_one_dies() {
    let state = Behaviour::default();
    let (of_new, of_old) = (state.clone(), state.clone());
    let new = Site::start(move |_| if of_new.now() == 2 { Reply::status(404) } else { rss(0..3) }).await;
    let target = new.url("/feed");
    let to = target.clone();
    let old = Site::start(move |_| match of_old.now() {
        0 => Reply::redirect(308, &to),
        1 => Reply::status(410),
        _ => rss(0..3),
    })
    .await;
    let house = house();
    house.digest("daily", &format!("{DAILY}{}", source(&old.url("/feed"))));
    let app = house.open().await;
    live(&house, &app, 1).await;
    assert_eq!(row(&app, &old.url("/feed")).await.address, None);
    state.becomes(1);
    live(&house, &app, 1).await;
    let row_now = row(&app, &old.url("/feed")).await;
    assert_eq!((row_now.state, row_now.address), (State::Fine, Some(target)));
    state.becomes(2);
    live(&house, &app, 1).await;
    let row_now = row(&app, &old.url("/feed")).await;
    assert_eq!((row_now.state, row_now.address), (State::Fine, None));
    assert_eq!((known(&app).await, news(&app, "daily").await), (3, 0));
}

#[tokio::test]
async fn a_feed_that_a_page_named_is_asked_itself_from_then_on() {
    let site = Site::start(|asked| match asked.path.as_str() {
        "/" => Reply::document(
            "text/html",
            "<html><head><link rel=alternate type='application/rss+xml' href=/feed></head></html>",
        ),
        _ => rss(0..3),
    })
    .await;
    let house = house();
    house.digest("daily", &format!("{DAILY}{}", source(&site.url("/"))));
    let app = house.open().await;
    live(&house, &app, 2).await;
    assert_eq!(site.count("/"), 1, "the page is not fetched each time");
    assert!(site.count("/feed") > 10);
    assert_eq!((known(&app).await, news(&app, "daily").await), (3, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_that_is_gone_is_not_asked_again_until_a_person_says_so() {
    let state = Behaviour::default();
    let of_site = state.clone();
    let site = Site::start(move |_| if of_site.now() == 1 { Reply::status(410) } else { rss(0..3) }).await;
    let mut house = house();
    house.set("ADMIN__PASSWORD", "a long password");
    house.digest("daily", &format!("{DAILY}{}", source(&site.url("/feed"))));
    let app = house.open().await;
    routine(&app).await;
    state.becomes(1);
    live(&house, &app, 1).await;
    let (asked, row_now) = (site.asked().len(), row(&app, &site.url("/feed")).await);
    assert_eq!((row_now.state, row_now.next_poll), (State::Stopped, None));
    assert!(row_now.last_error.unwrap().contains("410"));
    live(&house, &app, 30).await;
    assert_eq!(collect_all(&app).await[0].result, Ok(Collected::Stopped), "not even when an issue is due");
    let app = house.open().await;
    routine(&app).await;
    assert_eq!(site.asked().len(), asked);

    let listed = house.run(&["sources"]).done().out;
    assert!(listed.contains("stopped") && listed.contains("gone for good"), "{listed}");
    state.becomes(0);
    house.run(&["sources", "retry", &site.url("/feed")]).done();
    routine(&app).await;
    assert_eq!(row(&app, &site.url("/feed")).await.state, State::Fine);
    assert_eq!(house.run(&["sources", "retry", "https://nowhere.example/"]).code, 1);
}

#[tokio::test]
async fn a_failing_source_is_left_alone_longer_each_time_also_over_a_restart() {
    for (status, days) in [(403, 3), (404, 3), (500, 30)] {
        let site = Site::start(move |_| Reply::status(status)).await;
        let house = house();
        house.digest("daily", &format!("{DAILY}{}", source(&site.url("/feed"))));
        let mut times: Vec<Timestamp> = Vec::new();
        let mut app = house.open().await;
        for step in 0..days * 48 {
            // A process that starts anew every hour polls no more often.
            if step % 2 == 0 && step < 3 * 48 {
                app = house.open().await;
            }
            let before = site.asked().len();
            routine(&app).await;
            collect_all(&app).await;
            if site.asked().len() > before {
                times.push(house.now());
            }
            house.wait(Span::new().minutes(30));
        }
        let hours: Vec<i64> = times.windows(2).map(|pair| pair[1].duration_since(pair[0]).as_hours()).collect();
        // From one interval, doubled, with a quarter of spread and half an hour between looks.
        for (waited, least) in hours.iter().zip([1, 2, 4, 8, 16, 24, 24]) {
            assert!((least..=least + least / 4 + 1).contains(waited), "{status}: {hours:?}");
        }
        assert!(hours.len() >= 5, "{hours:?}");
        if days == 30 {
            assert!(*hours.last().unwrap() >= 168, "after a fortnight once a week: {hours:?}");
            assert!(times.len() < 26, "{}", times.len());
        }
    }
}

#[tokio::test]
async fn a_pause_asked_for_is_about_the_address_and_after_a_second_time_about_the_host() {
    let site = Site::start(|asked| match asked.path.as_str() {
        "/a" | "/b" => Reply::status(429).with("retry-after", "7200"),
        "/down" => Reply::status(503).with("retry-after", "36000"),
        _ => rss(0..2),
    })
    .await;
    let house = house();
    // In the order in which they are visited: one 429, a success, then two in a row.
    house.digest("daily", &format!("{DAILY}{}{}", source(&site.url("/a")), source(&site.url("/c"))));
    let app = house.open().await;
    routine(&app).await;
    assert_eq!((site.count("/a"), site.count("/c")), (1, 1), "the first 429 is about its address alone");
    house.wait(Span::new().minutes(70));
    collect_all(&app).await;
    assert_eq!((site.count("/a"), site.count("/c")), (1, 2));

    let all: String = ["/a", "/b", "/c", "/down"].iter().map(|path| source(&site.url(path))).collect();
    house.digest("daily", &format!("{DAILY}{all}"));
    house.wait(Span::new().minutes(60));
    let app = house.open().await;
    routine(&app).await;
    assert_eq!((site.count("/a"), site.count("/b"), site.count("/c"), site.count("/down")), (2, 1, 2, 0));
    house.wait(Span::new().minutes(121));
    collect_all(&app).await;
    assert!(site.count("/c") == 2, "a, asked again, said 429 for the third time in a row");
}

#[tokio::test]
async fn a_503_says_how_long_as_well() {
    let site = Site::start(|_| Reply::status(503).with("retry-after", "36000")).await;
    let house = house();
    house.digest("daily", &format!("{DAILY}{}", source(&site.url("/feed"))));
    let app = house.open().await;
    for _ in 0..19 {
        collect_all(&app).await;
        house.wait(Span::new().minutes(30));
    }
    assert_eq!(site.asked().len(), 1);
    house.wait(Span::new().minutes(31));
    collect_all(&app).await;
    assert_eq!(site.asked().len(), 2);
}

#[tokio::test]
async fn a_feed_says_itself_how_often_it_wants_to_be_asked_also_by_a_304() {
    let site = Site::start(|asked| {
        let body = feed(0..2).replacen("<title>Film", "<ttl>240</ttl><title>Film", 1);
        match asked.header("if-none-match") {
            Some(_) => Reply::status(304),
            None => Reply::document("application/rss+xml", body).with("etag", "\"a\""),
        }
    })
    .await;
    let house = house();
    house.digest("daily", &format!("{DAILY}{}", source(&site.url("/feed"))));
    let app = house.open().await;
    live(&house, &app, 4).await;
    assert!((18..=24).contains(&site.asked().len()), "{}", site.asked().len());
}

#[tokio::test]
async fn a_url_of_several_digests_is_fetched_once_and_a_new_digest_is_given_what_is_there() {
    let site = Site::start(|asked| match asked.header("if-none-match") {
        Some("\"a\"") => Reply::status(304),
        _ => rss(0..3).with("etag", "\"a\""),
    })
    .await;
    let house = house();
    let include = format!("{DAILY}{}first = \"include\"\n", source(&site.url("/feed")));
    house.digest("one", &include);
    house.digest("two", &include);
    let app = house.open().await;
    let digests = app.digests();
    for digest in &digests {
        collect::before_composing(&app, &[digest]).await.unwrap();
    }
    assert_eq!(site.asked().len(), 1, "two digests due in the same minute");
    for name in ["one", "two"] {
        assert_eq!(titles(&preview(&app, name).await).len(), 3);
    }
    house.digest("three", &include);
    house.wait(Span::new().minutes(70));
    let app = house.open().await;
    routine(&app).await;
    assert_eq!(titles(&preview(&app, "three").await).len(), 3, "a server that answers 304 keeps nothing from it");
}

#[tokio::test]
async fn sources_that_come_to_mean_one_address_are_one_fetch_and_one_identity() {
    let state = Behaviour::default();
    let of_new = state.clone();
    let new = Site::start(move |_| rss(0..3 + usize::from(of_new.now()))).await;
    let to = new.url("/feed");
    let old = Site::start(move |_| Reply::redirect(301, &to)).await;
    let house = house();
    let both = format!("{}{}", source(&old.url("/feed")), source(&new.url("/feed")));
    house.digest("both", &format!("{DAILY}{both}"));
    house.digest("old", &format!("{DAILY}{}", source(&old.url("/feed"))));
    let app = house.open().await;
    live(&house, &app, 8).await;
    assert_eq!((news(&app, "both").await, news(&app, "old").await), (0, 0));
    let (of_old, of_new) = (old.asked().len(), new.asked().len());
    state.becomes(1);
    house.wait(Span::new().hours(3));
    routine(&app).await;
    assert_eq!((old.asked().len(), new.asked().len()), (of_old, of_new + 1), "one fetch");
    assert_eq!((news(&app, "both").await, news(&app, "old").await), (1, 1), "the new one, once for each");
    let issue: Issue = freeze(&app, "both", &Default::default()).await;
    assert_eq!(titles(&issue), ["Work 3"]);
}

/// The rules of the public score test for feed readers (rachelbythebay.com/fs), over thirty simulated days: a feed
/// that changes twice a day, says `max-age`, and now and then asks for a pause.
#[tokio::test]
async fn thirty_days_with_a_strict_server() {
    let now = Arc::new(Mutex::new(at(START)));
    let faults: Arc<Mutex<Vec<String>>> = Arc::default();
    let log: Arc<Mutex<Vec<(Timestamp, bool)>>> = Arc::default();
    let open_from: Arc<Mutex<Timestamp>> = Arc::new(Mutex::new(at(START)));
    let (clock, noted, kept, gate) = (Arc::clone(&now), Arc::clone(&faults), Arc::clone(&log), Arc::clone(&open_from));
    let site = Site::start(move |asked: &Asked| {
        let now = *clock.lock().unwrap();
        let version = now.duration_since(at(START)).as_hours() / 12;
        let fault = |what: String| noted.lock().unwrap().push(format!("{now}: {what}"));
        let (tag, date) = (format!("W/\"version-{version}-gzip\""), format!("date of version {version}"));
        let (sent_tag, sent_date) = (asked.header("if-none-match"), asked.header("if-modified-since"));
        let earlier = (0..=version)
            .map(|version| (format!("W/\"version-{version}-gzip\""), format!("date of version {version}")));
        if let (Some(tag), Some(date)) = (sent_tag, sent_date)
            && !earlier.into_iter().any(|(t, d)| (t.as_str(), d.as_str()) == (tag, date))
        {
            fault(format!("validators that were never given: {tag} {date}"));
        }
        if sent_tag.is_some() != sent_date.is_some() {
            fault("one validator of two".into());
        }
        for name in ["cookie", "referer", "authorization", "origin", "dnt"] {
            if asked.header(name).is_some() {
                fault(format!("a header {name}"));
            }
        }
        if asked.path != "/feed" {
            fault(format!("another address: {}", asked.path));
        }
        if !asked
            .header("user-agent")
            .is_some_and(|agent| agent.starts_with("Pullquote/") && agent.contains("(+https://"))
        {
            fault("no name".into());
        }
        if now < *gate.lock().unwrap() {
            fault("asked before it was time".into());
        }
        let mut kept = kept.lock().unwrap();
        kept.push((now, sent_tag.is_some()));
        let pause = |seconds: i64| *gate.lock().unwrap() = now + SignedDuration::from_secs(seconds);
        if kept.len() % 25 == 0 {
            pause(30_000);
            return Reply::status(if kept.len() % 50 == 0 { 503 } else { 429 }).with("retry-after", "30000");
        }
        pause(5_400);
        let reply = if sent_tag == Some(&tag) { Reply::status(304) } else { rss(0..3).with("set-cookie", "track=me") };
        reply.with("etag", &tag).with("last-modified", &date).with("cache-control", "max-age=5400")
    })
    .await;
    let house = house();
    house.digest("daily", &format!("{DAILY}schedule = \"every day at 08:00\"\n{}", source(&site.url("/feed"))));
    let mut app = house.open().await;
    // A look every quarter of an hour; a restart each day; a person who is impatient at noon.
    for step in 0..30 * 96 {
        *now.lock().unwrap() = house.now();
        routine(&app).await;
        if step % 96 == 48 {
            collect_all(&app).await;
        }
        if step % 96 == 95 {
            app = house.open().await;
        }
        house.wait(Span::new().minutes(15));
    }
    assert_eq!(*faults.lock().unwrap(), Vec::<String>::new());
    let log = log.lock().unwrap();
    let unconditional = log.iter().filter(|(_, conditional)| !conditional).count();
    assert!((350..490).contains(&log.len()), "{} requests in thirty days", log.len());
    assert_eq!(unconditional, 1, "unconditional requests");
    let minutes: BTreeSet<_> = log.iter().map(|(at, _)| at.as_second() / 60 % 1_440).collect();
    assert!(minutes.len() > 24, "not always at the same times");
}

#[tokio::test]
async fn a_feed_in_pages_is_read_on_at_first_contact_and_where_a_page_holds_nothing_known() {
    // Two reviews a page, newest first; what is there grows.
    let state = Behaviour::default();
    let of_site = state.clone();
    let site = Site::start(move |asked| {
        let there = usize::from(of_site.now());
        let page: usize = asked.path.split("page=").nth(1).map_or(1, |page| page.parse().unwrap());
        let until = there.saturating_sub(2 * (page - 1));
        rss(until.saturating_sub(2)..until)
    })
    .await;
    state.becomes(5);
    let url = site.url("/shelf?page=1");
    let house = house();
    house.digest("daily", &format!("{DAILY}{}", source(&url)));
    let app = house.open().await;
    routine(&app).await;
    assert_eq!((known(&app).await, news(&app, "daily").await), (5, 0), "all that is there is known");
    assert_eq!(site.asked().len(), 4, "three pages, and the one that is empty");
    live(&house, &app, 1).await;
    assert_eq!(site.asked().len() - 4, site.count("/shelf?page=1") - 1, "what holds known reviews is not read on");
    state.becomes(9);
    house.wait(Span::new().hours(2));
    routine(&app).await;
    assert_eq!((known(&app).await, news(&app, "daily").await), (9, 4), "nothing falls between two visits");
    assert_eq!((site.count("/shelf?page=2"), site.count("/shelf?page=4")), (2, 1));
    let row = row(&app, &url).await;
    assert_eq!(row.state, State::Fine);
}

#[tokio::test]
async fn pages_that_never_end_are_left_after_ten() {
    let site = Site::start(|asked| {
        let page: usize = asked.path.split("page=").nth(1).unwrap().parse().unwrap();
        rss(2 * page..2 * page + 2)
    })
    .await;
    let house = house();
    house.digest("daily", &format!("{DAILY}{}", source(&site.url("/shelf?page=1"))));
    let app = house.open().await;
    routine(&app).await;
    assert_eq!((site.asked().len(), known(&app).await), (10, 20));
}

/// A page of a review in parts; the last one has the verdict.
fn part(asked: &Asked, last: usize) -> Reply {
    let number: usize = asked.path.split("page=").nth(1).map_or(1, |page| page.parse().unwrap());
    let next =
        if number < last { format!("<link rel=\"next\" href=\"/review?page={}\">", number + 1) } else { String::new() };
    let body = format!(
        "<html lang=\"en\"><head><title>Review: Low Tide (2024)</title>{next}</head><body><article>\
         <h1>Review: Low Tide (2024)</h1><p>By Ann Walker</p><p>{}</p><p>This is part {number} of it. {}</p></article></body></html>",
        praise(number),
        praise(number + 5)
    );
    Reply::document("text/html; charset=utf-8", body)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_over_several_pages_is_one_review() {
    let site = Site::start(|asked| part(asked, 3)).await;
    let house = house();
    let url = site.url("/review");
    house.digest("daily", &format!("{DAILY}[[source]]\npage = \"{url}\"\nfirst = \"include\"\n"));
    let app = house.open().await;
    routine(&app).await;
    let found = reviews::newest(&app.db, None, 10).await.unwrap();
    assert_eq!((found.len(), site.asked().len()), (1, 3));
    let body = found[0].review.body.as_str();
    assert!((1..=3).all(|number| body.contains(&format!("part {number} of it"))), "{body}");
    let read = house.run(&["read", "--json", &url]).done().json();
    assert_eq!((read.len(), read[0]["body"].as_str()), (1, Some(body)));
}

#[tokio::test]
async fn parts_without_end_are_left_after_twenty_and_half_a_review_is_none() {
    let site = Site::start(|asked| part(asked, 1_000)).await;
    let broken =
        Site::start(|asked| if asked.path.contains("page=2") { Reply::status(500) } else { part(asked, 2) }).await;
    let house = house();
    let [endless, half] = [site.url("/review"), broken.url("/review")];
    house.digest("daily", &format!("{DAILY}[[source]]\npage = \"{endless}\"\n[[source]]\npage = \"{half}\"\n"));
    let app = house.open().await;
    routine(&app).await;
    assert_eq!(site.asked().len(), 20);
    assert_eq!(row(&app, &half).await.state, State::Failing);
    assert_eq!(known(&app).await, 1);
}

#[tokio::test]
async fn a_site_that_changes_its_links_makes_no_review_new() {
    let state = Behaviour::default();
    let of_site = state.clone();
    let site = Site::start(move |_| {
        let (base, count) = match of_site.now() {
            0 => ("http://www.blog.example", 3),
            1 => ("https://blog.example", 3),
            _ => ("https://blog.example", 4),
        };
        let items: String = (0..count)
            .map(|n| {
                let title = format!("Review: Work {n} (2024) 8/10");
                let link = format!("{base}/work-{n}");
                format!("<item><title>{title}</title><guid>{link}</guid><link>{link}</link><description>{}</description></item>", praise(n))
            })
            .collect();
        Reply::document("application/rss+xml", format!("<rss><channel><title>Film reviews</title>{items}</channel></rss>"))
    })
    .await;
    let house = house();
    house.digest("daily", &format!("{DAILY}{}", source(&site.url("/feed"))));
    let app = house.open().await;
    for (what, reviews, fresh) in [(0, 3, 0), (1, 3, 0), (2, 4, 1)] {
        state.becomes(what);
        house.wait(Span::new().hours(2));
        routine(&app).await;
        assert_eq!((known(&app).await, news(&app, "daily").await), (reviews, fresh), "{what}");
    }
}
