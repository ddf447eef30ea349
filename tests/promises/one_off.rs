//! The promise: an issue by hand is one act, whether from the shell, by program or by the button. A test uses
//! nothing up, an order repeated is carried out once, and nobody without the word gets in.

use std::sync::Arc;

use jiff::Span;
use pullquote::{
    app::{
        App,
        send::{self, Order, Sent},
    },
    store::{
        issues,
        reviews::{self},
    },
};
use serde_json::{Value, json};

use crate::{
    house::{
        Answer, Door, FRIDAY, House, collect_all, count, deliver, freeze, nth, parts, preview, publish, subscribe,
        titles,
    },
    site::{Reply, Site},
};

const TOKEN: &str = "a-token-of-sixteen-or-more";
const PASSWORD: &str = "correct horse";

async fn issues_made(app: &Arc<App>) -> usize {
    issues::newest(&app.db, None, 100).await.unwrap().len()
}

#[tokio::test]
async fn a_dry_run_and_a_test_use_nothing_up() {
    let house = House::club();
    house.write("club/0.md", &nth(0));
    let app = house.open().await;
    subscribe(&app, FRIDAY, "ann@example.org").await;
    collect_all(&app).await;
    let before = preview(&app, FRIDAY).await;
    let dry = Order { dry_run: true, to: vec!["me@example.org".to_owned()], ..Order::default() };
    let Sent::Shown(shown) = send::send(&app, FRIDAY, &dry).await.unwrap() else { panic!("a dry run sends nothing") };
    assert_eq!(*shown, before);
    assert!(house.mails().is_empty());
    let test = Order { to: vec!["me@example.org".to_owned(), "you@example.org".to_owned()], ..Order::default() };
    for _ in 0..2 {
        let Sent::Tested { to, .. } = send::send(&app, FRIDAY, &test).await.unwrap() else { panic!("a test") };
        assert_eq!(to, ["me@example.org", "you@example.org"]);
    }
    let mails = house.mails();
    assert!(mails.iter().all(|mail| mail.contains("Subject: [Test] Friday Reviews #1")));
    assert!(house.mails_to("ann@example.org").is_empty(), "the list gets no test");
    assert_eq!((issues_made(&app).await, preview(&app, FRIDAY).await), (0, before));
}

#[tokio::test]
async fn picked_reviews_come_alone_by_id_by_path_or_by_address() {
    let mut house = House::club();
    house.set("COLLECT__ALLOW", "127.0.0.1");
    for n in 0..4 {
        house.write(
            &format!("club/{n}.md"),
            &nth(n).replace("rating:", &format!("url: https://a.example/{n}\nrating:")),
        );
    }
    let page = Site::start(|_| {
        Reply::document(
            "text/html",
            "<html lang=\"en\"><head><title>Ghost Audit review</title><script type=\"application/ld+json\">{\"@context\":\
             \"https://schema.org\",\"@type\":\"Review\",\"author\":{\"@type\":\"Person\",\"name\":\"Eve Walker\"},\
             \"itemReviewed\":{\"@type\":\"Movie\",\"name\":\"Ghost Audit\"}}</script></head><body><article>\
             <h1>Ghost Audit review</h1><p>Half ghost story, half tax return, and wholly original. It asks a lot of your \
             attention and pays it back with interest. The sound design deserves a prize of its own.</p></article></body></html>",
        )
    })
    .await;
    let app = house.open().await;
    subscribe(&app, FRIDAY, "ann@example.org").await;
    collect_all(&app).await;
    let known = reviews::newest(&app.db, None, 10).await.unwrap();
    let marble = known.iter().find(|stored| stored.review.source == "club/2.md").unwrap().review.id.to_string();
    let picks = vec!["club/0.md".to_owned(), "https://a.example/1".to_owned(), marble, page.url("/ghost")];
    let wish =
        pullquote::app::compose::Wish { picks, note: Some("Four for the road.".to_owned()), ..Default::default() };
    let issue = freeze(&app, FRIDAY, &wish).await;
    let mut found = titles(&issue);
    found.sort();
    assert_eq!(found, ["Ghost Audit", "Harbour", "Laughter Lane", "Marble"]);
    deliver(&app, &issue).await;
    let (text, html) = parts(&house.mails()[0]);
    assert!(text.contains("Four for the road.") && html.contains("Four for the road."));
    // A used review can be picked again by hand.
    let again = Order {
        wish: pullquote::app::compose::Wish { picks: vec!["club/0.md".to_owned()], ..Default::default() },
        ..Order::default()
    };
    assert!(matches!(send::send(&app, FRIDAY, &again).await.unwrap(), Sent::Frozen { .. }));
}

#[tokio::test]
async fn a_one_off_can_leave_the_next_window_where_it_would_have_started() {
    let house = House::club();
    for n in 0..2 {
        house.write(&format!("club/{n}.md"), &nth(n));
    }
    let app = house.open().await;
    collect_all(&app).await;
    house.wait(Span::new().hours(1));
    let order = Order {
        keep_window: Some(true),
        wish: pullquote::app::compose::Wish { picks: vec!["club/0.md".to_owned()], ..Default::default() },
        ..Order::default()
    };
    send::send(&app, FRIDAY, &order).await.unwrap();
    house.wait(Span::new().hours(1));
    let next = publish(&app, FRIDAY).await;
    assert_eq!(titles(&next), ["Laughter Lane"], "what was waiting still is; what was used is not");
}

#[tokio::test]
async fn picked_reviews_leave_the_window_to_what_waits_unless_it_is_asked_to_move() {
    let house = House::club();
    for n in 0..3 {
        house.write(&format!("club/{n}.md"), &nth(n));
    }
    let app = house.open().await;
    collect_all(&app).await;
    let wish = pullquote::app::compose::Wish { picks: vec!["club/0.md".to_owned()], ..Default::default() };
    let picked = Order { wish, ..Order::default() };
    house.wait(Span::new().hours(1));
    send::send(&app, FRIDAY, &picked).await.unwrap();
    assert_eq!(preview(&app, FRIDAY).await.used().count(), 2);
    send::send(&app, FRIDAY, &Order { keep_window: Some(false), ..picked }).await.unwrap();
    house.write("club/3.md", &nth(3));
    house.wait(Span::new().hours(1));
    assert_eq!(titles(&publish(&app, FRIDAY).await), ["Chalk"]);
}

#[tokio::test]
async fn a_placed_order_keeps_what_its_picks_held_and_a_mistake_shows_at_once() {
    let house = House::club();
    let app = house.open().await;
    let file = house.path("apart.md");
    std::fs::write(&file, nth(5)).unwrap();
    let order = |pick: &str, files| Order {
        wish: pullquote::app::compose::Wish { picks: vec![pick.to_owned()], ..Default::default() },
        at: Some((house.now() + jiff::SignedDuration::from_hours(2)).into()),
        files,
        ..Order::default()
    };
    let path = file.display().to_string();
    assert!(send::send(&app, FRIDAY, &order("nowhere.md", true)).await.is_err());
    let refused = send::send(&app, FRIDAY, &order(&path, false)).await;
    assert!(refused.is_err(), "what comes over the network names no file of this machine");
    send::send(&app, FRIDAY, &order(&path, true)).await.unwrap();
    std::fs::remove_file(&file).unwrap();
    house.wait(Span::new().hours(2));
    assert_eq!(crate::house::tick(&app).await, 1);
    assert_eq!(titles(&issues::get(&app.db, FRIDAY, 1).await.unwrap().unwrap().issue), ["Creak"]);
}

#[test]
fn the_command_asks_for_yes_before_it_writes_to_a_list() {
    let house = House::club();
    house.write("club/0.md", &nth(0));
    house.run(&["subscribers", "add", FRIDAY, "ann@example.org"]).done();
    house.run(&["collect"]).done();
    let ran = house.run(&["send", FRIDAY]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("1 subscriber;") && ran.err.contains("--yes"), "{}", ran.err);
    let ran = house.run(&["send", FRIDAY, "--dry-run", "-o", "out.json", "--note", "Hello."]).done();
    assert!(ran.out.contains("nothing was sent"), "{}", ran.out);
    let written: Value = serde_json::from_str(&std::fs::read_to_string(house.path("out.json")).unwrap()).unwrap();
    assert_eq!(written["digest"], FRIDAY);
    house.run(&["send", FRIDAY, "--to", "me@example.org"]).done();
    assert_eq!(house.mails().len(), 1);
    let path = house.path("digests/club/0.md").display().to_string();
    house.run(&["send", FRIDAY, "--review", &path, "--yes"]).done();
    assert_eq!(house.mails_to("ann@example.org").len(), 1);
    let books = house.run(&["issues", "--json"]).done().json();
    assert_eq!((books.len(), &books[0]["sent"], &books[0]["recipients"]), (1, &json!(1), &json!(1)));
    let ran = house.run(&["send", FRIDAY, "--yes", "--to", "not an address"]);
    assert!(ran.code == 1 && ran.err.contains("not an address"), "{}", ran.err);
}

async fn api(door: &Door, token: Option<&str>, key: Option<&str>, body: &Value) -> (u16, Value) {
    let bearer = token.map(|token| format!("Bearer {token}"));
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
    headers.extend(key.map(|key| ("idempotency-key", key)));
    let answer = door.ask("POST", "/api/digests/friday/issues", &headers, &body.to_string()).await;
    let parsed = serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("no JSON: {answer:?}"));
    (answer.status, parsed)
}

#[tokio::test]
async fn the_api_is_off_without_a_token_and_shut_without_the_right_one() {
    let mut house = House::club();
    house.write("club/0.md", &nth(0));
    let app = house.open().await;
    collect_all(&app).await;
    assert_eq!(api(&Door::open(&app).await, Some(""), None, &json!({})).await.0, 403);
    house.set("API__TOKEN", TOKEN);
    let app = house.open().await;
    let door = Door::open(&app).await;
    for wrong in [None, Some(""), Some("wrong"), Some(&TOKEN[1..]), Some("a-token-of-sixteen-or-more ")] {
        let (status, body) = api(&door, wrong, None, &json!({})).await;
        if wrong == Some("a-token-of-sixteen-or-more ") {
            continue; // White space at the end of a header is not part of it.
        }
        assert_eq!(status, 401, "{wrong:?}");
        assert!(body["error"].as_str().unwrap().contains("Bearer"));
    }
    assert_eq!(door.ask("GET", "/api/digests/friday/issues", &[], "").await.status, 405);
}

#[tokio::test]
async fn an_order_by_program_is_carried_out_once_by_its_key() {
    let mut house = House::club();
    house.set("API__TOKEN", TOKEN);
    house.write("club/0.md", &nth(0));
    let app = house.open().await;
    subscribe(&app, FRIDAY, "ann@example.org").await;
    collect_all(&app).await;
    let door = Door::open(&app).await;
    let order = json!({"note": "By program."});
    let (status, shown) = api(&door, Some(TOKEN), None, &json!({"dry_run": true})).await;
    assert_eq!((status, &shown["works"][0]["work"]["title"]), (200, &json!("Harbour")));
    let (status, tested) = api(&door, Some(TOKEN), None, &json!({"to": ["me@example.org"]})).await;
    assert_eq!((status, &tested["tested"]), (200, &json!(["me@example.org"])));
    assert_eq!(issues_made(&app).await, 0);

    let (status, made) = api(&door, Some(TOKEN), Some("key-1"), &order).await;
    assert_eq!(status, 201);
    let expected =
        json!({"digest": "friday", "number": 1, "recipients": 1, "url": "https://reviews.example.org/d/friday/1"});
    assert_eq!(made, expected);
    house.write("club/1.md", &nth(1));
    collect_all(&app).await;
    let (status, again) = api(&door, Some(TOKEN), Some("key-1"), &order).await;
    assert_eq!((status, &again["number"], &again["repeated"]), (200, &json!(1), &json!(true)));
    assert_eq!(issues_made(&app).await, 1);
    let (status, other) = api(&door, Some(TOKEN), Some("key-2"), &order).await;
    assert_eq!((status, &other["number"]), (201, &json!(2)));
    let (status, _) = api(&door, Some(TOKEN), Some("key-3"), &json!({"at": "2026-11-22T18:00:00Z"})).await;
    assert_eq!((status, issues_made(&app).await), (202, 2));
}

#[tokio::test]
async fn an_order_that_cannot_be_carried_out_says_why() {
    let mut house = House::club();
    house.set("API__TOKEN", TOKEN);
    let app = house.open().await;
    collect_all(&app).await;
    let door = Door::open(&app).await;
    let cases = [
        (json!({}), 422, "select.minimum"),
        (json!({"to": ["nobody"]}), 422, "nobody"),
        (json!({"reviews": ["0123456789abcdef"]}), 404, "0123456789abcdef"),
        (json!({"remark": "x"}), 400, "remark"),
        (json!([1]), 400, "expected"),
    ];
    for (body, expected, words) in cases {
        let (status, answer) = api(&door, Some(TOKEN), None, &body).await;
        let error = answer["error"].as_str().unwrap_or_default();
        assert_eq!(status, expected, "{body}: {answer}");
        assert!(error.contains(words), "{body}: {error}");
    }
    assert_eq!(issues_made(&app).await, 0);
}

async fn login(door: &Door, password: &str) -> Answer {
    door.post("/admin/login", &[("secret", password)]).await
}

#[tokio::test]
async fn the_button_works_behind_a_login_and_only_from_our_own_form() {
    let mut house = House::club();
    house.set("ADMIN__PASSWORD", PASSWORD);
    house.write("club/0.md", &nth(0));
    let app = house.open().await;
    subscribe(&app, FRIDAY, "ann@example.org").await;
    collect_all(&app).await;
    let door = Door::open(&app).await;
    let order = [("digest", FRIDAY), ("note", "By the button."), ("reviews", "club/0.md")];
    for (path, method) in
        [("/admin", "GET"), ("/admin/send", "POST"), ("/admin/reviews", "POST"), ("/admin/d/friday/1", "GET")]
    {
        let answer = door.ask(method, path, &[], "").await;
        assert_eq!((answer.status, answer.header("location")), (303, Some("/admin/login")), "{path}");
    }
    assert_eq!(login(&door, "wrong").await.status, 401);
    let answer = login(&door, PASSWORD).await;
    assert_eq!(answer.status, 303);
    let cookie = answer.header("set-cookie").unwrap().to_owned();
    for guard in ["HttpOnly", "Secure", "SameSite=Strict"] {
        assert!(cookie.contains(guard), "{cookie}");
    }
    let cookie = [("cookie", cookie.split(';').next().unwrap())];

    for csrf in [None, Some(""), Some("0123")] {
        let fields: Vec<_> = order.into_iter().chain(csrf.map(|csrf| ("csrf", csrf))).collect();
        assert_eq!(door.post_as("/admin/send", &cookie, &fields).await.status, 403, "{csrf:?}");
    }
    assert_eq!(issues_made(&app).await, 0);

    let desk = door.ask("GET", "/admin", &cookie, "").await.body;
    assert!(count(&desk, "name=\"csrf\"") > 0, "{desk}");
    let csrf = desk.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let key = desk.split("name=\"key\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let fields: Vec<_> = order.into_iter().chain([("csrf", csrf), ("key", key)]).collect();
    let dry: Vec<_> = fields.iter().copied().chain([("dry_run", "on")]).collect();
    assert!(door.post_as("/admin/send", &cookie, &dry).await.body.contains("dry run"));
    assert_eq!(issues_made(&app).await, 0);
    let answer = door.post_as("/admin/send", &cookie, &fields).await;
    assert!(answer.status == 200 && answer.body.contains("frozen"), "{answer:?}");
    let stored = issues::get(&app.db, FRIDAY, 1).await.unwrap().unwrap();
    assert_eq!((stored.recipients, stored.issue.note.as_deref()), (1, Some("By the button.")));
    let again = door.post_as("/admin/send", &cookie, &fields).await;
    assert!(again.body.contains("carried out before"), "a form that is sent twice is one order: {again:?}");
    assert_eq!(issues_made(&app).await, 1);

    assert_eq!(door.post_as("/admin/logout", &cookie, &[("csrf", csrf)]).await.status, 303);
    assert_eq!(door.ask("GET", "/admin", &cookie, "").await.status, 303, "the cookie is worth nothing any more");
}

#[tokio::test]
async fn guessing_the_password_shuts_the_door_for_a_minute() {
    let mut house = House::club();
    house.set("ADMIN__PASSWORD", PASSWORD);
    let app = house.open().await;
    let door = Door::open(&app).await;
    for n in 0..5 {
        assert_eq!(login(&door, &format!("guess {n}")).await.status, 401);
    }
    assert_eq!(login(&door, PASSWORD).await.status, 429);
    house.wait(Span::new().seconds(61));
    assert_eq!(login(&door, PASSWORD).await.status, 303);
}

#[tokio::test]
async fn without_a_password_there_is_no_desk() {
    let house = House::club();
    let app = house.open().await;
    let door = Door::open(&app).await;
    assert_eq!(login(&door, "").await.status, 401);
    assert!(door.get("/admin/login").await.body.contains("admin.password"));
}
