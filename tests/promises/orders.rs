//! The promise: what was ordered for later can be seen and taken back, from the shell, by program and on the desk. An
//! order is carried out once or not at all, and a key never stands for two orders.

use std::sync::Arc;

use jiff::{SignedDuration, Span, Timestamp};
use pullquote::{
    app::{
        App,
        compose::Wish,
        orders::{self, Cancelled},
        send::{self, Order, Sent},
    },
    schedule::run_due,
    store::{
        issues,
        orders::{OrderState, StoredOrder},
    },
};
use serde_json::{Value, json};

use crate::house::{Answer, CLUB, Door, FRIDAY, House, at, collect_all, count, nth, seen, subscribe, tick};

const TOKEN: &str = "a-token-of-sixteen-or-more";
const PASSWORD: &str = "correct horse";

/// A house with two reviews and one reader, of a digest that is sent by hand only.
async fn house_of_two() -> (House, Arc<App>) {
    let mut house = House::club();
    house.set("API__TOKEN", TOKEN);
    house.set("ADMIN__PASSWORD", PASSWORD);
    let by_hand = CLUB.replace("schedule = \"every Friday at 08:00\"", "time_zone = \"Europe/Berlin\"");
    house.digest(FRIDAY, &by_hand);
    for n in 0..2 {
        house.write(&format!("club/{n}.md"), &nth(n));
    }
    let app = house.open().await;
    subscribe(&app, FRIDAY, "ann@example.org").await;
    collect_all(&app).await;
    (house, app)
}

fn picked(note: &str) -> Wish {
    Wish { picks: vec!["club/0.md".to_owned()], note: Some(note.to_owned()), ..Wish::default() }
}

async fn place(app: &Arc<App>, order: &Order) -> StoredOrder {
    match send::send(app, FRIDAY, order).await.unwrap() {
        Sent::Placed { order, .. } => *order,
        other => panic!("not placed: {other:?}"),
    }
}

async fn state(app: &Arc<App>, id: i64) -> (OrderState, Option<u32>) {
    let listed = orders::list(app, None).await.unwrap();
    let order = listed.into_iter().find(|order| order.id == id).unwrap();
    (order.state, order.number)
}

async fn issues_made(app: &Arc<App>) -> usize {
    issues::newest(&app.db, None, 1000).await.unwrap().len()
}

#[test]
fn the_commands_place_list_and_take_back() {
    let house = House::club();
    house.write("club/0.md", &nth(0));
    house.run(&["collect"]).done();
    let none = house.run(&["orders"]).done();
    assert!(none.out.is_empty() && none.err.contains("send DIGEST --at"), "{none:?}");
    let placed = house.run(&["send", FRIDAY, "--at", "2199-12-24T09:00", "--note", "Holidays.", "--yes"]).done();
    assert!(placed.out.contains("Order 1") && placed.out.contains("2199-12-24 09:00 UTC"), "{placed:?}");
    house.run(&["send", FRIDAY, "--at", "2199-12-24T09:00:00+02:00", "--to", "me@example.org"]).done();
    assert_eq!(house.mails().len(), 0, "a test for later is not sent now");

    let listed = house.run(&["orders"]).done().out;
    assert!(listed.contains("2  friday  Tue 2199-12-24 07:00 UTC  what is new, a test to me@example.org: waits"));
    assert!(listed.contains("what is new, the list: waits\n    note: Holidays."), "{listed}");
    let lines = house.run(&["orders", FRIDAY, "--json"]).done().json();
    let ids: Vec<_> = lines.iter().map(|line| line["id"].as_i64().unwrap()).collect();
    assert_eq!(ids, [2, 1], "the next one first");
    assert_eq!((&lines[1]["at"], &lines[1]["state"]), (&json!("2199-12-24T09:00:00+00:00"), &json!("waiting")));
    assert_eq!((&lines[0]["to"], &lines[1]["note"]), (&json!(["me@example.org"]), &json!("Holidays.")));

    assert!(house.run(&["orders", "cancel", "1"]).done().out.contains("taken back"));
    assert!(house.run(&["orders", "cancel", "1"]).done().out.contains("taken back before"));
    let states: Vec<_> = house.run(&["orders", "--json"]).done().json();
    assert_eq!(states.iter().map(|line| &line["state"]).collect::<Vec<_>>(), [&json!("waiting"), &json!("cancelled")]);
    let unknown = house.run(&["orders", "cancel", "7"]);
    assert!(unknown.code == 1 && unknown.err.contains("no order 7"), "{unknown:?}");
    let unknown = house.run(&["orders", "fridya"]);
    assert!(unknown.code == 1 && unknown.err.contains("did you mean `friday`"), "{unknown:?}");
}

#[test]
fn an_order_for_later_needs_no_news_yet_and_writes_no_file() {
    let house = House::club();
    let later = ["send", FRIDAY, "--at", "2199-12-24T09:00"];
    let asked = house.run(&later);
    assert!(asked.code == 1 && asked.err.contains("By now there are 0 new reviews"), "{asked:?}");
    assert!(asked.err.contains("--yes"), "{asked:?}");
    let written = house.run(&[&later[..], &["--yes", "-o", "issue.html"]].concat());
    assert!(written.code == 1 && written.err.contains("not known yet"), "{written:?}");
    let year = house.run(&["send", FRIDAY, "--at", "2019-12-24T09:00", "--yes"]);
    assert!(year.code == 1 && year.err.contains("has gone by"), "{year:?}");
    assert_eq!(house.run(&["send", FRIDAY, "--at", "Christmas", "--yes"]).code, 2);
    assert!(house.run(&["orders"]).done().out.is_empty());
    house.run(&[&later[..], &["--yes"]].concat()).done();
    assert_eq!(house.run(&["orders", "--json"]).done().json().len(), 1);
}

#[tokio::test]
async fn an_order_that_has_run_cannot_be_taken_back_and_a_cancelled_one_never_runs() {
    let (house, app) = house_of_two().await;
    let later = |hours| Some((house.now() + SignedDuration::from_hours(hours)).into());
    let runs = place(&app, &Order { at: later(1), wish: picked("First."), ..Order::default() }).await;
    let gone = place(&app, &Order { at: later(1), wish: picked("Second."), ..Order::default() }).await;
    assert!(matches!(orders::cancel(&app, gone.id).await.unwrap(), Cancelled::Now(_)));
    house.wait(Span::new().hours(2));
    assert_eq!(tick(&app).await, 1);
    assert_eq!(state(&app, runs.id).await, (OrderState::Sent, Some(1)));
    assert_eq!(state(&app, gone.id).await, (OrderState::Cancelled, None));
    let issue = issues::get(&app.db, FRIDAY, 1).await.unwrap().unwrap().issue;
    assert_eq!(issue.note.as_deref(), Some("First."));
    let late = house.run(&["orders", "cancel", &runs.id.to_string()]);
    assert!(late.code == 1 && late.err.contains("was sent as #1 and cannot be taken back"), "{late:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn two_processes_and_a_cancellation_at_the_moment_it_is_due_make_one_issue_or_none() {
    let (house, one) = house_of_two().await;
    let two = house.open().await;
    for round in 0..16 {
        let due_at = house.now() + SignedDuration::from_mins(1);
        let order = Order { at: Some(due_at.into()), wish: picked("At once."), ..Order::default() };
        let id = place(&one, &order).await.id;
        let before = issues_made(&one).await;
        house.clock.set(due_at);
        let ticks = [&one, &two].map(|app| {
            let app = Arc::clone(app);
            tokio::spawn(async move { run_due::run_due(&app).await.unwrap() })
        });
        for _ in 0..round * 12 {
            tokio::task::yield_now().await;
        }
        let cancelled = matches!(orders::cancel(&two, id).await.unwrap(), Cancelled::Now(_));
        for tick in ticks {
            assert!(tick.await.unwrap().failed.is_empty());
        }
        let made = issues_made(&one).await - before;
        let expected = if cancelled { (0, OrderState::Cancelled) } else { (1, OrderState::Sent) };
        assert_eq!((made, state(&one, id).await.0), expected, "round {round}");
        assert_eq!(tick(&two).await, 0, "nor does the next tick make one");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_for_later_goes_to_its_addresses_once() {
    let (house, one) = house_of_two().await;
    let two = house.open().await;
    let due_at = house.now() + SignedDuration::from_hours(1);
    let order = Order { at: Some(due_at.into()), to: vec!["me@example.org".to_owned()], ..Order::default() };
    let id = place(&one, &order).await.id;
    house.clock.set(due_at);
    let (a, b) = tokio::join!(run_due::run_due(&one), run_due::run_due(&two));
    assert!(a.unwrap().failed.is_empty() && b.unwrap().failed.is_empty());
    assert_eq!((house.mails_to("me@example.org").len(), house.mails().len()), (1, 1));
    assert_eq!((state(&one, id).await, issues_made(&one).await), ((OrderState::Sent, None), 0));
}

#[tokio::test]
async fn an_order_that_finds_too_little_says_so_and_one_that_the_house_failed_waits() {
    let (house, app) = house_of_two().await;
    let sql = house.sql().await;
    let soon = Some((house.now() + SignedDuration::from_mins(10)).into());
    let id = place(&app, &Order { at: soon, ..Order::default() }).await.id;
    house.wait(Span::new().minutes(10));
    sql.trap("shut", "insert on issues", None, "no room").await;
    let done = run_due::run_due(&app).await.unwrap();
    assert!(done.failed.len() == 1 && done.failed[0].1.contains("no room"), "{done:?}");
    assert_eq!(state(&app, id).await, (OrderState::Waiting, None), "it is the house that failed");
    sql.untrap("shut", "insert on issues").await;
    assert_eq!(tick(&app).await, 1);
    assert_eq!(state(&app, id).await, (OrderState::Sent, Some(1)));

    let soon = Some((house.now() + SignedDuration::from_mins(10)).into());
    let id = place(&app, &Order { at: soon, ..Order::default() }).await.id;
    house.wait(Span::new().minutes(10));
    assert_eq!(tick(&app).await, 0);
    let failed = orders::list(&app, None).await.unwrap().into_iter().find(|order| order.id == id).unwrap();
    assert_eq!(failed.state, OrderState::Failed);
    assert!(orders::fate(&failed).contains("0 of at least 1 reviews"), "{failed:?}");
}

#[tokio::test]
async fn a_time_that_has_gone_by_sends_nothing() {
    let (house, app) = house_of_two().await;
    let order = |at: &str| Order { at: Some(at.parse().unwrap()), ..Order::default() };
    let error = send::send(&app, FRIDAY, &order("2025-12-24T09:00")).await.unwrap_err().to_string();
    assert!(error.contains("has gone by"), "{error}");
    assert_eq!((issues_made(&app).await, house.mails().len()), (0, 0));
    // What was meant as now, with some seconds on the way, is sent.
    let now = order(&(house.now() - SignedDuration::from_secs(30)).to_string());
    assert!(matches!(send::send(&app, FRIDAY, &now).await.unwrap(), Sent::Frozen { .. }));
}

async fn ask(door: &Door, method: &str, path: &str, key: Option<&str>, body: &Value) -> Answer {
    let bearer = format!("Bearer {TOKEN}");
    let mut headers = vec![("authorization", bearer.as_str())];
    headers.extend(key.map(|key| ("idempotency-key", key)));
    let body = if body.is_null() { String::new() } else { body.to_string() };
    door.ask(method, path, &headers, &body).await
}

async fn json(door: &Door, method: &str, path: &str, key: Option<&str>, body: &Value) -> (u16, Value) {
    let answer = ask(door, method, path, key, body).await;
    (answer.status, serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("no JSON: {answer:?}")))
}

const ISSUES: &str = "/api/digests/friday/issues";

#[tokio::test]
async fn a_program_lists_orders_and_takes_them_back() {
    let (house, app) = house_of_two().await;
    let door = Door::open(&app).await;
    for (method, path) in [("GET", "/api/orders"), ("DELETE", "/api/orders/1")] {
        assert_eq!(door.ask(method, path, &[], "").await.status, 401, "{path}");
    }
    let body = json!({"at": "2026-12-24T09:00", "reviews": ["club/1.md"], "note": "Later."});
    let (status, placed) = json(&door, "POST", ISSUES, None, &body).await;
    assert_eq!((status, &placed["id"], &placed["at"]), (202, &json!(1), &json!("2026-12-24T09:00:00+01:00")));
    assert_eq!(json(&door, "POST", ISSUES, None, &body).await.1["id"], 2, "without a key each is an order of its own");
    let (status, listed) = json(&door, "GET", "/api/orders", None, &Value::Null).await;
    let (len, first) = (listed.as_array().unwrap().len(), &listed[0]);
    assert_eq!((status, len, &first["state"], &first["note"]), (200, 2, &json!("waiting"), &json!("Later.")));
    assert_eq!(json(&door, "GET", "/api/orders?digest=other", None, &Value::Null).await.1, json!([]));
    for _ in 0..2 {
        let (status, taken) = json(&door, "DELETE", "/api/orders/1", None, &Value::Null).await;
        assert_eq!((status, &taken["state"]), (200, &json!("cancelled")));
    }
    house.go_to("2026-12-24T08:00:00Z");
    tick(&app).await;
    let (status, late) = json(&door, "DELETE", "/api/orders/2", None, &Value::Null).await;
    assert_eq!((status, &late["state"], &late["number"]), (409, &json!("sent"), &json!(1)), "{late}");
    assert!(late["error"].as_str().unwrap().contains("was sent as #1"));
    for id in ["7", "x", "-1"] {
        assert_eq!(json(&door, "DELETE", &format!("/api/orders/{id}"), None, &Value::Null).await.0, 404, "{id}");
    }
}

#[tokio::test]
async fn a_key_never_stands_for_two_orders() {
    let (house, app) = house_of_two().await;
    let door = Door::open(&app).await;
    let order = json!({"reviews": ["club/0.md"], "note": "One."});
    assert_eq!(json(&door, "POST", ISSUES, Some("k"), &order).await.0, 201);
    let same = json!({"note": "One.", "reviews": ["club/0.md"], "dry_run": false});
    let (status, again) = json(&door, "POST", ISSUES, Some("k"), &same).await;
    assert_eq!((status, &again["number"], &again["repeated"]), (200, &json!(1), &json!(true)));
    let others = [
        json!({}),
        json!({"reviews": ["club/0.md"], "note": "Two."}),
        json!({"reviews": ["club/1.md"], "note": "One."}),
        json!({"reviews": ["club/0.md"], "note": "One.", "keep_window": false}),
        json!({"reviews": ["club/0.md"], "note": "One.", "to": ["me@example.org"]}),
        json!({"reviews": ["club/0.md"], "note": "One.", "at": "2026-12-24T09:00"}),
    ];
    for other in &others {
        let (status, refused) = json(&door, "POST", ISSUES, Some("k"), other).await;
        assert_eq!(status, 422, "{other}: {refused}");
        assert!(refused["error"].as_str().unwrap().contains("key `k` was used for another order"), "{refused}");
    }
    assert_eq!((issues_made(&app).await, house.mails().len()), (1, 0));

    // One placed for later is the same order before and after its time.
    let later = json!({"at": "2026-11-22T18:00:00Z", "reviews": ["club/1.md"]});
    assert_eq!(json(&door, "POST", ISSUES, Some("l"), &later).await.0, 202);
    let (status, waits) = json(&door, "POST", ISSUES, Some("l"), &later).await;
    assert_eq!((status, &waits["state"], &waits["repeated"]), (200, &json!("waiting"), &json!(true)));
    assert_eq!(json(&door, "POST", ISSUES, Some("l"), &json!({"reviews": ["club/1.md"]})).await.0, 422);
    house.go_to("2026-11-22T19:00:00Z");
    assert_eq!(tick(&app).await, 1);
    let (status, ran) = json(&door, "POST", ISSUES, Some("l"), &later).await;
    assert_eq!((status, &ran["number"]), (200, &json!(2)));
    assert_eq!(json(&door, "POST", ISSUES, Some("l"), &json!({"reviews": ["club/1.md"]})).await.0, 422);
    assert_eq!(issues_made(&app).await, 2);
}

#[tokio::test]
async fn a_keyed_test_is_mailed_once_and_a_keyed_order_that_was_cancelled_stays_so() {
    let (house, app) = house_of_two().await;
    let door = Door::open(&app).await;
    let test = json!({"to": ["me@example.org"]});
    assert_eq!(json(&door, "POST", ISSUES, Some("t"), &test).await.1["tested"], json!(["me@example.org"]));
    let (status, again) = json(&door, "POST", ISSUES, Some("t"), &test).await;
    assert_eq!((status, &again["state"], house.mails().len()), (200, &json!("sent"), 1));
    assert_eq!(json(&door, "POST", ISSUES, Some("t"), &json!({})).await.0, 422);
    assert_eq!(json(&door, "GET", "/api/orders", None, &Value::Null).await.1, json!([]), "nothing was for later");

    let later = json!({"at": "2026-12-24T09:00"});
    let id = json(&door, "POST", ISSUES, Some("c"), &later).await.1["id"].clone();
    assert_eq!(json(&door, "DELETE", &format!("/api/orders/{id}"), None, &Value::Null).await.0, 200);
    let (status, gone) = json(&door, "POST", ISSUES, Some("c"), &later).await;
    assert_eq!((status, &gone["id"], &gone["state"]), (200, &id, &json!("cancelled")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_key_at_two_doors_at_once_makes_one_issue() {
    let (house, one) = house_of_two().await;
    let two = house.open().await;
    let (first, second) = (Door::open(&one).await, Door::open(&two).await);
    let orders = [json!({"reviews": ["club/0.md"]}), json!({"reviews": ["club/0.md"]}), json!({"note": "Another."})];
    for round in 0..4 {
        let key = format!("key-{round}");
        let (a, b, c) = tokio::join!(
            json(&first, "POST", ISSUES, Some(&key), &orders[0]),
            json(&second, "POST", ISSUES, Some(&key), &orders[1]),
            json(&first, "POST", ISSUES, Some(&key), &orders[2]),
        );
        let statuses = [a.0, b.0, c.0];
        assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
        assert!(statuses.contains(&422), "the two orders cannot both stand: {statuses:?}");
        assert_eq!(issues_made(&one).await, round + 1);
    }
}

#[tokio::test]
async fn a_dry_run_by_program_answers_in_any_form() {
    let (_house, app) = house_of_two().await;
    let door = Door::open(&app).await;
    let forms = [
        ("html", "text/html", "<!DOCTYPE html>"),
        ("text", "text/plain", "Friday Reviews"),
        ("eml", "message/rfc822", "From: "),
        ("page", "text/html", "<!DOCTYPE html>"),
        ("rss", "application/rss+xml", "<rss"),
        ("atom", "application/atom+xml", "<feed"),
        ("jsonfeed", "application/feed+json", "jsonfeed.org"),
        ("json", "application/json", "\"works\""),
    ];
    let plain = ask(&door, "POST", ISSUES, None, &json!({"dry_run": true})).await.body;
    for (form, media, start) in forms {
        let answer = ask(&door, "POST", ISSUES, None, &json!({"dry_run": true, "format": form})).await;
        assert_eq!(answer.status, 200, "{form}: {answer:?}");
        assert!(answer.header("content-type").unwrap().starts_with(media), "{form}: {answer:?}");
        let body = answer.body.to_lowercase();
        assert!(body.contains(&start.to_lowercase()) && body.contains("harbour"), "{form}: {}", answer.body);
        assert!(form != "json" || answer.body == plain);
    }
    let (status, refused) = json(&door, "POST", ISSUES, None, &json!({"format": "html"})).await;
    assert!(status == 422 && refused["error"].as_str().unwrap().contains("dry_run"), "{refused}");
    assert_eq!(json(&door, "POST", ISSUES, None, &json!({"dry_run": true, "format": "pdf"})).await.0, 400);
    assert_eq!(json(&door, "POST", ISSUES, None, &json!({"at": "tomorrow"})).await.0, 400);
    assert_eq!(issues_made(&app).await, 0);
}

/// The desk, signed in.
struct Desk {
    door: Door,
    cookie: String,
}

impl Desk {
    async fn open(app: &Arc<App>) -> Self {
        let door = Door::open(app).await;
        let answer = door.post("/admin/login", &[("secret", PASSWORD)]).await;
        let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
        Self { door, cookie }
    }

    async fn page(&self, path: &str) -> String {
        let answer = self.door.ask("GET", path, &[("cookie", &self.cookie)], "").await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.body
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let desk = self.page("/admin").await;
        let value =
            |name: &str| desk.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap().split('"').next().unwrap();
        let hidden = [("csrf", value("csrf")), ("key", value("key"))];
        self.door.post_as(path, &[("cookie", &self.cookie)], &[&hidden, fields].concat()).await.body
    }
}

#[tokio::test]
async fn the_desk_places_lists_and_takes_back() {
    let (house, app) = house_of_two().await;
    let desk = Desk::open(&app).await;
    let order = [("digest", FRIDAY), ("whom", "list"), ("at", "2027-03-28T02:30"), ("note", "Spring."), ("to", "")];
    let placed = seen(&desk.post("/admin/send", &order).await);
    assert!(placed.contains("Order 1 is placed for Sun 2027-03-28 03:30 CEST"), "{placed}");
    assert!(placed.contains("the clocks skip the time"), "{placed}");
    let listed = seen(&desk.page("/admin").await);
    assert!(listed.contains("Ordered for later") && listed.contains("what is new, the listSpring.waits"), "{listed}");

    for csrf in ["", "0123"] {
        let fields = [("csrf", csrf), ("order", "1")];
        let answer = desk.door.post_as("/admin/orders", &[("cookie", &desk.cookie)], &fields).await;
        assert_eq!(answer.status, 403);
    }
    assert_eq!(desk.door.post("/admin/orders", &[("order", "1")]).await.status, 303, "nobody is signed in");
    assert_eq!(state(&app, 1).await.0, OrderState::Waiting);
    assert!(seen(&desk.post("/admin/orders", &[("order", "1")]).await).contains("Order 1 is taken back."));
    assert_eq!(state(&app, 1).await.0, OrderState::Cancelled);
    let page = desk.page("/admin").await;
    assert_eq!(count(&page, "aria-label=\"Take back order"), 0, "there is nothing to take back any more");

    // The second hour of a night that has two of them is the first one.
    let order = [("digest", FRIDAY), ("whom", "list"), ("at", "2027-10-31T02:30"), ("reviews", "club/0.md")];
    assert!(seen(&desk.post("/admin/send", &order).await).contains("2027-10-31 02:30 CEST"));
    house.go_to("2027-10-31T00:30:00Z");
    tick(&app).await;
    let desk = Desk::open(&app).await;
    let late = seen(&desk.post("/admin/orders", &[("order", "2")]).await);
    assert!(late.contains("Too late: order 2 was sent as #"), "{late}");
}

#[tokio::test]
async fn the_desk_sends_to_whom_it_says_and_moves_the_window_as_it_says() {
    let (house, app) = house_of_two().await;
    let desk = Desk::open(&app).await;
    let to = [("digest", FRIDAY), ("to", "me@example.org")];
    let mixed = seen(&desk.post("/admin/send", &[&to[..], &[("whom", "list")]].concat()).await);
    assert!(mixed.contains("Not sent.") && mixed.contains("choose one"), "{mixed}");
    let nobody = seen(&desk.post("/admin/send", &[("digest", FRIDAY), ("whom", "addresses")]).await);
    assert!(nobody.contains("Not sent.") && nobody.contains("Give the addresses"), "{nobody}");
    let never = seen(&desk.post("/admin/send", &[("digest", FRIDAY), ("whom", "list"), ("at", "soon")]).await);
    assert!(never.contains("Not sent.") && never.contains("`soon` is not a time"), "{never}");
    assert_eq!((issues_made(&app).await, house.mails().len()), (0, 0));

    let dry = desk.post("/admin/send", &[("digest", FRIDAY), ("whom", "list"), ("note", "Hello."), ("dry_run", "on")]);
    let dry = dry.await;
    assert!(seen(&dry).contains("Harbour") && seen(&dry).contains("Hello."), "a dry run shows the issue: {dry}");
    let test = seen(&desk.post("/admin/send", &[&to[..], &[("whom", "addresses")]].concat()).await);
    assert!(test.contains("went to me@example.org"), "{test}");
    assert_eq!((house.mails_to("me@example.org").len(), issues_made(&app).await), (1, 0));

    let windows = [("keep", at(crate::house::START)), ("move", house.now() + SignedDuration::from_hours(2))];
    for (window, from) in windows {
        house.wait(Span::new().hours(1));
        let fields = [("digest", FRIDAY), ("whom", "list"), ("reviews", "club/0.md"), ("window", window)];
        assert!(seen(&desk.post("/admin/send", &fields).await).contains("is frozen"));
        let next: Option<Timestamp> = issues::next_window_from(&app.db, FRIDAY).await.unwrap();
        assert_eq!(next, Some(from), "{window}");
    }
}
