//! The promise: what was previewed is what is mailed, what the feed carries and what the archive shows, for ever.

use std::sync::Arc;

use pullquote::{
    app::{
        App,
        compose::{self, Booking, Wish},
        subscribe,
    },
    model::EmailAddress,
    render::{
        feed::{self, FeedMeta},
        mail,
    },
    store::{issues, runs},
    subscribers::tokens::Tokens,
};

use crate::house::{
    Door, FRIDAY, House, at, books, collect_all, deliver, freeze, header, nth, parts, preview, publish,
    subscribe as join,
};

fn four_reviews(house: &House) {
    for n in 0..4 {
        house.write(&format!("club/{n}.md"), &nth(n));
    }
}

/// The secret that signs the links, so that a test can write the links of a recipient.
const SECRET: &str = "a secret that is long enough to sign links";

fn token_of(mail: &str) -> String {
    let link = header(mail, "List-Unsubscribe").unwrap();
    let page = link.split('>').next().unwrap();
    page.rsplit('/').next().unwrap().to_owned()
}

#[tokio::test]
async fn what_is_previewed_is_what_is_mailed_and_published_byte_for_byte() {
    let mut house = House::club();
    house.set("SECRET", SECRET);
    four_reviews(&house);
    let app = house.open().await;
    join(&app, FRIDAY, "ann@example.org").await;
    collect_all(&app).await;
    let seen = preview(&app, FRIDAY).await;
    assert_eq!(preview(&app, FRIDAY).await, seen, "a preview uses nothing up");

    let digest = app.digest(FRIDAY).unwrap();
    let frozen = freeze(&app, FRIDAY, &Wish::default()).await;
    assert_eq!(frozen, seen);
    deliver(&app, &frozen).await;
    let mail = &house.mails()[0];
    let token = token_of(mail);
    assert!(Tokens::new(SECRET.as_bytes()).check_leave(&token).is_some());
    let prepared = mail::prepare(&seen, digest.email.as_ref().unwrap(), &app.site).unwrap();
    let to = EmailAddress::parse("ann@example.org").unwrap();
    assert_eq!(mail.as_bytes(), prepared.for_recipient(&to, None, &token).unwrap());
    let (text, html) = parts(mail);
    assert_eq!(text.replace("\r\n", "\n").trim_end(), prepared.text(&token).trim_end());
    assert_eq!(html.replace("\r\n", "\n").trim_end(), prepared.html(&token).trim_end());

    let door = Door::open(&app).await;
    let (meta, issues) = (FeedMeta::from(&digest), std::slice::from_ref(&seen));
    assert_eq!(door.get("/d/friday/feed.xml").await.body, feed::rss(&meta, issues, &app.site).unwrap());
    assert_eq!(door.get("/d/friday/atom.xml").await.body, feed::atom(&meta, issues, &app.site).unwrap());
    assert_eq!(door.get("/d/friday/feed.json").await.body, feed::json_feed(&meta, issues, &app.site).unwrap());
}

#[test]
fn the_commands_preview_and_send_show_the_same_mail() {
    let house = House::club();
    four_reviews(&house);
    house.run(&["subscribers", "add", FRIDAY, "ann@example.org"]).done();
    house.run(&["collect"]).done();
    let today = jiff::Timestamp::now().strftime("%F").to_string();
    let text = house.run(&["preview", FRIDAY, "--format", "text"]).done().out;
    let html = house.run(&["preview", FRIDAY]).done().out;
    house.run(&["send", FRIDAY, "--yes"]).done();
    if jiff::Timestamp::now().strftime("%F").to_string() != today {
        return; // Midnight went by between, and an issue carries its date.
    }
    let mail = &house.mails()[0];
    let token = token_of(mail);
    let (mailed_text, mailed_html) = parts(mail);
    let placeholder = mail::TOKEN_PLACEHOLDER;
    let plain = |text: &str| text.replace("\r\n", "\n").replace(&token, placeholder).trim_end().to_owned();
    assert_eq!(plain(&mailed_text), text.trim_end());
    assert_eq!(plain(&mailed_html), html.trim_end());
}

/// Every public rendering and the mail that goes to a recipient now.
async fn renderings(app: &Arc<App>) -> Vec<String> {
    let door = Door::open(app).await;
    let mut all = Vec::new();
    for path in ["1", "feed.xml", "atom.xml", "feed.json", "reviews.xml"] {
        all.push(door.get(&format!("/d/friday/{path}")).await.body);
    }
    all
}

#[tokio::test]
async fn what_becomes_of_the_sources_afterwards_changes_nothing() {
    let house = House::club();
    four_reviews(&house);
    let app = house.open().await;
    join(&app, FRIDAY, "ann@example.org").await;
    let issue = publish(&app, FRIDAY).await;
    let before = renderings(&app).await;
    for n in 0..3 {
        house.write(&format!("club/{n}.md"), &nth(n).replace("film", "rewritten film").replace("8/10", "1/10"));
    }
    house.remove("club/3.md");
    house.wait(jiff::Span::new().hours(1));
    collect_all(&app).await;
    assert_eq!(renderings(&app).await, before);
    deliver(&app, &issue).await;
    assert!(!house.mails()[0].contains("rewritten"), "the mail goes out after the change, as it was frozen");
    assert_eq!(issues::get(&app.db, FRIDAY, 1).await.unwrap().unwrap().issue, issue);
}

#[tokio::test]
async fn a_restart_renders_the_same_bytes() {
    let house = House::club();
    four_reviews(&house);
    let app = house.open().await;
    publish(&app, FRIDAY).await;
    let before = renderings(&app).await;
    drop(app);
    house.wait(jiff::Span::new().hours(24 * 400));
    assert_eq!(renderings(&house.open().await).await, before);
}

#[tokio::test]
async fn freezing_is_whole_or_not_at_all() {
    let house = House::club();
    four_reviews(&house);
    let app = house.open().await;
    join(&app, FRIDAY, "ann@example.org").await;
    collect_all(&app).await;
    let digest = app.digest(FRIDAY).unwrap();
    let sql = house.sql().await;
    let booking = Booking { due_at: Some(house.now()), ..Booking::default() };
    let steps =
        ["insert on issues", "insert on issue_reviews", "insert on deliveries", "update on issues", "update on runs"];
    for (n, step) in steps.into_iter().enumerate() {
        let name = format!("trap{n}");
        sql.trap(&name, step, None, "on purpose").await;
        let frozen = compose::freeze(&app, &digest, &Wish::default(), &booking).await;
        assert!(frozen.is_err(), "{step}");
        for table in ["issues", "issue_reviews", "drops", "deliveries", "runs"] {
            assert_eq!(sql.rows(table).await, 0, "{table} after a failure at {step}");
        }
        assert_eq!(runs::last(&app.db, FRIDAY).await.unwrap(), None);
        sql.untrap(&name, step).await;
    }
    compose::freeze(&app, &digest, &Wish::default(), &booking).await.unwrap();
    assert_eq!((sql.rows("issues").await, sql.rows("deliveries").await), (1, 1), "the slot was still free");
}

#[tokio::test]
async fn who_leaves_after_freezing_is_excluded_and_the_books_balance() {
    let house = House::club();
    four_reviews(&house);
    let app = house.open().await;
    for name in ["ann", "ben", "cas"] {
        join(&app, FRIDAY, &format!("{name}@example.org")).await;
    }
    let issue = publish(&app, FRIDAY).await;
    let digest = app.digest(FRIDAY).unwrap();
    let ben = EmailAddress::parse("ben@example.org").unwrap();
    assert!(subscribe::remove(&app, &digest, &ben).await.unwrap());
    // Who joins after freezing waits for the next issue.
    join(&app, FRIDAY, "dot@example.org").await;
    assert_eq!(books(&app, &issue).await.recipients, 3);
    let books = deliver(&app, &issue).await;
    assert_eq!((books.recipients, books.sent, books.excluded, books.waiting), (3, 2, 1, 0));
    assert_eq!(house.mails().len(), 2);
    assert!(house.mails_to("ben@example.org").is_empty() && house.mails_to("dot@example.org").is_empty());
    assert_eq!(issue.composed_at, at(crate::house::START));
}
