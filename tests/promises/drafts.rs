//! The promise: where a digest waits for approval, a due slot stops as one draft with one mail, whatever crashes; what a
//! person approves is what was shown, byte for byte; and what nobody decides on is lost to nobody.

use std::{collections::BTreeSet, sync::Arc};

use jiff::Span;
use pullquote::{
    app::{
        App, AppError,
        drafts::{self, Approved},
        send::{self, Order},
    },
    model::{Draft, Issue, draft::DraftState},
    render::mail::{self, TOKEN_PLACEHOLDER},
    schedule::run_due,
    store::issues,
};

use crate::house::{
    Door, FRIDAY, House, collect_all, deliver, distinct, folded, header, nth, parts, preview, subscribe, tick, titles,
};

/// The editor.
const EVE: &str = "eve@example.org";

const DIGEST: &str = r#"
title = "Friday Reviews"
schedule = "every day at 08:00"
approve = "eve@example.org"
[[source]]
folder = "club"
name = "The Club"
[email]
from = "Film Club <digest@example.org>"
"#;

/// A house whose digest waits for Eve, with a subscriber, on the eve of a slot.
async fn house() -> (House, Arc<App>) {
    let house = House::club();
    house.digest(FRIDAY, DIGEST);
    let app = house.open().await;
    subscribe(&app, FRIDAY, "ann@example.org").await;
    (house, app)
}

/// Ticks a minute after the next slot, with so many new reviews.
async fn next_slot(house: &House, app: &Arc<App>, reviews: std::ops::Range<usize>) {
    for n in reviews {
        house.write(&format!("club/{n}.md"), &nth(n));
    }
    let next = app.digest(FRIDAY).unwrap();
    let next = next.schedule.unwrap().next_due(&next.time_zone, house.now()).unwrap();
    house.clock.set(next + jiff::SignedDuration::from_mins(1));
    assert_eq!(tick(app).await, 0, "nothing is frozen by a tick");
}

async fn waiting(app: &App) -> Draft {
    let mut open = drafts::list(app, None, false).await.unwrap();
    assert_eq!(open.len(), 1, "{open:?}");
    open.remove(0)
}

async fn all(app: &App) -> Vec<Issue> {
    let mut all: Vec<Issue> =
        issues::newest(&app.db, None, 1000).await.unwrap().into_iter().map(|stored| stored.issue).collect();
    all.sort_by_key(|issue| issue.number);
    all
}

async fn approve(app: &App, id: &str) -> Issue {
    match drafts::approve(app, id, "a test").await.unwrap() {
        Approved::Issue { issue, .. } => *issue,
        other => panic!("not approved: {other:?}"),
    }
}

#[tokio::test]
async fn a_due_slot_stops_as_a_draft_and_the_editor_gets_one_mail_that_holds_it() {
    let (house, app) = house().await;
    next_slot(&house, &app, 0..3).await;
    for _ in 0..3 {
        house.wait(Span::new().minutes(1));
        assert_eq!(tick(&app).await, 0);
        tick(&house.open().await).await;
    }
    let draft = waiting(&app).await;
    assert_eq!((draft.state, draft.issue.number, draft.issue.quoted()), (DraftState::Waiting, 1, 3));
    assert!(all(&app).await.is_empty());
    let mails = house.mails();
    assert_eq!(mails.len(), 1, "one mail, and none to the list");
    let mail = &house.mails_to(EVE)[0];
    assert!(header(mail, "Subject").unwrap().starts_with("[Draft] Friday Reviews #1: "));
    let (text, html) = parts(mail);
    let style = app.digest(FRIDAY).unwrap().email.unwrap();
    let issue = mail::prepare(&draft.issue, &style, &app.site).unwrap();
    assert!(folded(&text).contains(&folded(&issue.text(TOKEN_PLACEHOLDER))), "{text}");
    let url = format!("https://reviews.example.org/admin/drafts/{}", draft.id);
    for part in [text, html] {
        assert!(part.contains(&url) && folded(&part).contains("its one subscriber"), "{part}");
    }
    // The window is open: the preview goes on, and a draft uses nothing.
    assert_eq!(preview(&app, FRIDAY).await.used().count(), 3);
}

#[tokio::test]
async fn what_is_approved_is_what_was_shown_byte_for_byte_for_the_subscribers_of_that_moment() {
    let (house, app) = house().await;
    next_slot(&house, &app, 0..2).await;
    let draft = waiting(&app).await;
    subscribe(&app, FRIDAY, "ben@example.org").await;
    house.write("club/5.md", &nth(5));
    house.wait(Span::new().hours(3));
    collect_all(&app).await;
    let issue = approve(&app, &draft.id).await;
    assert_eq!(issue, draft.issue);
    assert_eq!(deliver(&app, &issue).await.sent, 2, "also for who came after it was composed");
    let (shown, sent) = (parts(&house.mails_to(EVE)[0]), parts(&house.mails_to("ben@example.org")[0]));
    let token = app.tokens.leave(id_of(&app, "ben@example.org").await);
    assert!(
        shown.0.ends_with(sent.0.replace(&token, TOKEN_PLACEHOLDER).trim_end_matches('\n')) || {
            shown.0.trim_end().ends_with(sent.0.replace(&token, TOKEN_PLACEHOLDER).trim_end())
        }
    );
    let (head, body) = sent.1.split_once("<div style=\"display:none").unwrap();
    assert!(shown.1.contains(&body.replace(&token, TOKEN_PLACEHOLDER)) && shown.1.starts_with(head.trim_end()));
    assert_eq!(header(&house.mails_to("ben@example.org")[0], "Subject").unwrap(), issue.subject);

    // Once more is the same issue; what came later is in the next.
    assert!(matches!(drafts::approve(&app, &draft.id, "a test").await.unwrap(), Approved::Already(_, 1)));
    next_slot(&house, &app, 0..0).await;
    let next = approve(&app, &waiting(&app).await.id).await;
    assert_eq!((titles(&next), next.number), (vec!["Creak".to_owned()], 2));
    assert_eq!(next.window.from, issue.window.until);
}

async fn id_of(app: &App, address: &str) -> i64 {
    let email = pullquote::model::EmailAddress::parse(address).unwrap();
    pullquote::store::subscribers::by_email(&app.db, FRIDAY, &email).await.unwrap().unwrap().subscriber.id
}
