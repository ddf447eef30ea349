//! The promise: nobody gets mail without having asked and confirmed, nobody gets any after leaving, and looking at
//! a link does nothing: link scanners open every one.

use std::sync::Arc;

use jiff::Span;
use pullquote::{
    app::{App, subscribe as lists},
    model::{EmailAddress, SubscriberState},
    store::subscribers,
};

use crate::house::{CLUB, Door, FRIDAY, House, deliver, header, nth, parts, publish, seen, subscribe as join};

const ANN: &str = "ann@example.org";

async fn state(app: &Arc<App>, address: &str) -> Option<SubscriberState> {
    let email = EmailAddress::parse(address).unwrap();
    let stored = subscribers::by_email(&app.db, FRIDAY, &email).await.unwrap();
    stored.map(|stored| stored.subscriber.state)
}

/// Asks by the form and waits for what is done behind the answer: the mail, or the row where none is due.
async fn ask(house: &House, door: &Door, address: &str) -> (u16, String) {
    let before = house.mails().len();
    let answer = door.post("/subscribe", &[("email", address), ("digest", FRIDAY)]).await;
    for _ in 0..2_000 {
        if house.mails().len() > before {
            break;
        }
        tokio::task::yield_now().await;
    }
    (answer.status, answer.body)
}

/// Waits until a condition holds on what goes on behind an answer.
async fn mails(house: &House, count: usize) -> Vec<String> {
    let arrived = async {
        loop {
            let mails = house.mails();
            if mails.len() >= count {
                break mails;
            }
            tokio::task::yield_now().await;
        }
    };
    let mails = tokio::time::timeout(std::time::Duration::from_secs(20), arrived).await;
    let mails = mails.unwrap_or_else(|_| panic!("{count} mails were to come"));
    assert_eq!(mails.len(), count);
    mails
}

/// The path of a link in a mail.
fn link(mail: &str, kind: &str) -> String {
    let (text, _) = parts(mail);
    let start = format!("https://reviews.example.org/{kind}/");
    let at = text.find(&start).unwrap_or_else(|| panic!("no {kind} link in {text}"));
    text[at..].split_whitespace().next().unwrap().to_owned()
}

#[tokio::test]
async fn asking_leads_to_a_mail_and_only_the_button_in_it_confirms() {
    let house = House::club();
    let app = house.open().await;
    let door = Door::open(&app).await;
    assert_eq!(ask(&house, &door, ANN).await.0, 200);
    let mail = mails(&house, 1).await.remove(0);
    let confirm = link(&mail, "confirm");
    for _ in 0..5 {
        assert_eq!(door.get(&confirm).await.status, 200);
        assert_eq!(door.ask("HEAD", &confirm, &[], "").await.status, 200);
    }
    assert_eq!(state(&app, ANN).await, Some(SubscriberState::Pending));
    let answer = door.post(&confirm, &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(state(&app, ANN).await, Some(SubscriberState::Active));
}

#[tokio::test]
async fn who_has_not_confirmed_gets_no_issue() {
    let house = House::club();
    house.write("club/0.md", &nth(0));
    let app = house.open().await;
    let door = Door::open(&app).await;
    ask(&house, &door, ANN).await;
    mails(&house, 1).await;
    let issue = publish(&app, FRIDAY).await;
    assert_eq!(deliver(&app, &issue).await.recipients, 0);
    assert_eq!(house.mails().len(), 1);
}

#[tokio::test]
async fn looking_at_personal_links_changes_nothing() {
    let house = House::club();
    house.write("club/0.md", &nth(0));
    let app = house.open().await;
    join(&app, FRIDAY, ANN).await;
    let issue = publish(&app, FRIDAY).await;
    deliver(&app, &issue).await;
    let mail = house.mails().remove(0);
    let door = Door::open(&app).await;
    for kind in ["unsubscribe", "preferences"] {
        let link = link(&mail, kind);
        for path in [link.clone(), format!("{link}?act=leave&digest="), format!("{link}?List-Unsubscribe=One-Click")] {
            for method in ["GET", "HEAD"] {
                assert_eq!(door.ask(method, &path, &[], "").await.status, 200, "{method} {path}");
            }
        }
    }
    assert_eq!(state(&app, ANN).await, Some(SubscriberState::Active));
}

#[tokio::test]
async fn the_one_click_post_leaves_at_once_and_no_mail_comes_after() {
    let house = House::club();
    house.write("club/0.md", &nth(0));
    let app = house.open().await;
    join(&app, FRIDAY, ANN).await;
    let issue = publish(&app, FRIDAY).await;
    deliver(&app, &issue).await;
    let mail = house.mails().remove(0);
    // RFC 8058: both headers, an https address, a POST without cookie or form token.
    let target = header(&mail, "List-Unsubscribe").unwrap();
    let (target, by_mail) = target.split_once(',').unwrap();
    let target = target.strip_prefix('<').unwrap().strip_suffix('>').unwrap();
    assert!(target.starts_with("https://reviews.example.org/unsubscribe/"), "{target}");
    assert!(by_mail.trim().starts_with("<mailto:") && by_mail.contains("unsubscribe%20friday"), "{by_mail}");
    assert_eq!(header(&mail, "List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"));
    let door = Door::open(&app).await;
    for _ in 0..2 {
        let answer = door.post(target, &[("List-Unsubscribe", "One-Click")]).await;
        assert_eq!(answer.status, 200, "leaving twice is fine");
    }
    assert_eq!(state(&app, ANN).await, Some(SubscriberState::Left));
    house.write("club/1.md", &nth(1));
    house.wait(Span::new().hours(1));
    let next = publish(&app, FRIDAY).await;
    assert_eq!(deliver(&app, &next).await.recipients, 0);
    assert_eq!(house.mails().len(), 1);
    // Nor does taking the list in again bring anybody back.
    let digest = app.digest(FRIDAY).unwrap();
    let imported = lists::import(&app, &digest, "email\nann@example.org\n").await.unwrap();
    assert_eq!((imported.added, imported.kept), (0, 1));
    assert_eq!(state(&app, ANN).await, Some(SubscriberState::Left));
}

#[tokio::test]
async fn a_forged_or_damaged_link_does_nothing() {
    let house = House::club();
    house.write("club/0.md", &nth(0));
    let app = house.open().await;
    join(&app, FRIDAY, ANN).await;
    let issue = publish(&app, FRIDAY).await;
    deliver(&app, &issue).await;
    let link = link(&house.mails()[0], "unsubscribe");
    let door = Door::open(&app).await;
    let (start, token) = link.rsplit_once('/').unwrap();
    let mut other = token.to_owned();
    let last = other.pop().unwrap();
    other.push(if last == 'A' { 'B' } else { 'A' });
    for token in [other.as_str(), &token[1..], "x", "%00", &"A".repeat(32), &"A".repeat(5000)] {
        let answer = door.post(&format!("{start}/{token}"), &[]).await;
        assert!((400..500).contains(&answer.status), "{token}: {}", answer.status);
    }
    assert_eq!(state(&app, ANN).await, Some(SubscriberState::Active));
}

#[tokio::test]
async fn preferences_keep_what_is_ticked_and_leave_the_rest() {
    let house = House::club();
    house.digest("monday", &CLUB.replace("Friday Reviews", "Monday Reviews"));
    house.write("club/0.md", &nth(0));
    let app = house.open().await;
    join(&app, FRIDAY, ANN).await;
    join(&app, "monday", ANN).await;
    let issue = publish(&app, FRIDAY).await;
    deliver(&app, &issue).await;
    let link = link(&house.mails()[0], "preferences");
    let door = Door::open(&app).await;
    let shown = door.get(&link).await.body;
    assert!(shown.contains("Friday Reviews") && shown.contains("Monday Reviews"), "{shown}");
    let states = async || {
        let of = lists::memberships(&app, link.rsplit('/').next().unwrap()).await.unwrap().unwrap();
        of.iter().filter(|member| member.state == SubscriberState::Active).map(|m| m.digest.clone()).collect::<Vec<_>>()
    };
    assert_eq!(door.post(&link, &[("digest", "monday"), ("act", "save")]).await.status, 200);
    assert_eq!(states().await, ["monday"]);
    assert_eq!(door.post(&link, &[("digest", "monday"), ("digest", FRIDAY), ("act", "save")]).await.status, 200);
    assert_eq!(states().await.len(), 2, "who left by choice may come back by the same link");
    // The second button means all, whatever is ticked.
    assert_eq!(door.post(&link, &[("digest", "monday"), ("digest", FRIDAY), ("act", "leave")]).await.status, 200);
    assert_eq!(states().await, Vec::<String>::new());
}

#[tokio::test]
async fn the_answer_is_the_same_for_known_and_unknown_addresses() {
    let house = House::club();
    let app = house.open().await;
    join(&app, FRIDAY, ANN).await;
    let door = Door::open(&app).await;
    let known = ask(&house, &door, ANN).await;
    let unknown = ask(&house, &door, "ben@example.org").await;
    assert_eq!(known, unknown);
    let mails = mails(&house, 1).await;
    assert!(mails[0].contains("ben@example.org"), "who is on the list is not asked again");
}

#[tokio::test]
async fn one_confirmation_a_day_is_sent_and_only_the_newest_works() {
    let house = House::club();
    let app = house.open().await;
    let door = Door::open(&app).await;
    let digest = app.digest(FRIDAY).unwrap();
    let again = async || lists::ask(&app, &digest, EmailAddress::parse(ANN).unwrap(), None).await.unwrap();
    for _ in 0..4 {
        again().await;
        house.wait(Span::new().hours(5));
    }
    let first = link(&mails(&house, 1).await[0], "confirm");
    house.wait(Span::new().hours(5));
    again().await;
    let newer = mails(&house, 2).await.iter().map(|mail| link(mail, "confirm")).find(|link| *link != first).unwrap();
    assert!(door.post(&first, &[]).await.status >= 400);
    assert_eq!(state(&app, ANN).await, Some(SubscriberState::Pending));
    assert_eq!(door.post(&newer, &[]).await.status, 200);
    assert_eq!(state(&app, ANN).await, Some(SubscriberState::Active));
}

#[tokio::test]
async fn a_link_to_confirm_runs_out_and_does_not_undo_leaving() {
    let mut house = House::club();
    house.set("SUBSCRIBE__CONFIRM_WITHIN", "2h");
    let app = house.open().await;
    let door = Door::open(&app).await;
    ask(&house, &door, ANN).await;
    let confirm = link(&mails(&house, 1).await[0], "confirm");
    house.wait(Span::new().hours(2).seconds(1));
    assert!(door.get(&confirm).await.status >= 400);
    assert!(door.post(&confirm, &[]).await.status >= 400);
    assert_eq!(state(&app, ANN).await, Some(SubscriberState::Pending));

    house.wait(Span::new().hours(24));
    ask(&house, &door, ANN).await;
    let all = mails(&house, 2).await;
    let newer = all.iter().map(|mail| link(mail, "confirm")).find(|link| *link != confirm).unwrap();
    assert_eq!(door.post(&newer, &[]).await.status, 200);
    let digest = app.digest(FRIDAY).unwrap();
    lists::remove(&app, &digest, &EmailAddress::parse(ANN).unwrap()).await.unwrap();
    assert!(door.post(&newer, &[]).await.status >= 400);
    assert_eq!(state(&app, ANN).await, Some(SubscriberState::Left));
}

#[tokio::test]
async fn a_machine_that_fills_in_every_field_is_thanked_and_ignored() {
    let house = House::club();
    let app = house.open().await;
    let door = Door::open(&app).await;
    let honest = door.post("/subscribe", &[("email", "ben@example.org"), ("digest", FRIDAY), ("website", "")]).await;
    mails(&house, 1).await;
    let fields = [("email", ANN), ("digest", FRIDAY), ("website", "https://spam.example")];
    let answer = door.post("/subscribe", &fields).await;
    assert_eq!((answer.status, answer.body), (honest.status, honest.body));
    assert_eq!(state(&app, ANN).await, None);
}

#[tokio::test]
async fn names_and_addresses_that_would_add_headers_are_refused() {
    let house = House::club();
    let app = house.open().await;
    let door = Door::open(&app).await;
    let bad = [
        ("name", "Ann\r\nBcc: all@example.org"),
        ("name", "Ann\nX: y"),
        ("email", "ann@example.org\r\nBcc: all@example.org"),
        ("email", "ann@example.org, ben@example.org"),
        ("email", "<ann@example.org>"),
        ("email", "ann"),
    ];
    for (key, value) in bad {
        let email = if key == "email" { value } else { ANN };
        let name = if key == "name" { value } else { "" };
        let answer = door.post("/subscribe", &[("email", email), ("name", name), ("digest", FRIDAY)]).await;
        assert_eq!(answer.status, 422, "{value:?}");
    }
    assert_eq!(subscribers::list(&app.db, None, None).await.unwrap().len(), 0);
    let answer = door.post("/subscribe", &[("email", ANN), ("digest", "no-such-digest")]).await;
    assert_eq!(answer.status, 422);
}

#[tokio::test]
async fn every_mail_parses_with_both_parts() {
    let house = House::club();
    house.write("club/0.md", &nth(0));
    let app = house.open().await;
    let door = Door::open(&app).await;
    let name = "Änn \"the\" Keller, Ltd.";
    door.post("/subscribe", &[("email", ANN), ("name", name), ("digest", FRIDAY)]).await;
    let asked = mails(&house, 1).await.remove(0);
    door.post(&link(&asked, "confirm"), &[]).await;
    let issue = publish(&app, FRIDAY).await;
    deliver(&app, &issue).await;
    for mail in mails(&house, 2).await {
        let parsed = mail_parser::MessageParser::default().parse(mail.as_bytes()).unwrap();
        let to = parsed.to().unwrap().first().unwrap();
        assert_eq!((to.address(), to.name()), (Some(ANN), Some(name)));
        assert_eq!((parsed.text_body_count(), parsed.html_body_count()), (1, 1));
        let (text, html) = parts(&mail);
        assert!(text.contains("Friday") && seen(&html).contains("Friday"));
        assert!(parsed.message_id().is_some() && parsed.date().is_some());
        assert!(mail.lines().all(|line| line.len() <= 998) && mail.is_ascii());
    }
}
