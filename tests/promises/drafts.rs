//! The promise: where a digest waits for approval, a due slot stops as one draft with one mail, whatever crashes; what a
//! person approves is what was shown, byte for byte; and what nobody decides on is lost to nobody.

use std::{collections::BTreeSet, sync::Arc};

use jiff::Span;
use pullquote::{
    app::{
        App, AppError,
        compose::Wish,
        drafts::{self, Approved},
        send::{self, Order},
    },
    model::{Draft, Issue, draft::DraftState},
    render::mail::{self, TOKEN_PLACEHOLDER},
    schedule::run_due,
    store::issues,
};

use crate::house::{
    FRIDAY, House, collect_all, deliver, distinct, folded, header, nth, parts, praise, preview, subscribe, tick, titles,
};

/// The editor.
pub const EVE: &str = "eve@example.org";

/// A digest that waits for her.
pub const DIGEST: &str = r#"
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

/// The one draft that waits.
pub async fn waiting(app: &App) -> Draft {
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
    assert!(shown.0.trim_end().ends_with(sent.0.replace(&token, TOKEN_PLACEHOLDER).trim_end()));
    let (head, body) = sent.1.split_once("<div style=\"display:none").unwrap();
    assert!(shown.1.contains(&body.replace(&token, TOKEN_PLACEHOLDER)) && shown.1.starts_with(head.trim_end()));
    assert_eq!(header(&house.mails_to("ben@example.org")[0], "Subject").unwrap(), issue.subject);

    // Once more is the same issue; what came later is in the next.
    assert!(matches!(drafts::approve(&app, &draft.id, "a test").await.unwrap(), Approved::Already { number: 1, .. }));
    next_slot(&house, &app, 0..0).await;
    let next = approve(&app, &waiting(&app).await.id).await;
    assert_eq!((titles(&next), next.number), (vec!["Creak".to_owned()], 2));
    assert_eq!(next.window.from, issue.window.until);
}

async fn id_of(app: &App, address: &str) -> i64 {
    let email = pullquote::model::EmailAddress::parse(address).unwrap();
    pullquote::store::subscribers::by_email(&app.db, FRIDAY, &email).await.unwrap().unwrap().subscriber.id
}

#[tokio::test]
async fn a_draft_that_is_discarded_or_left_alone_loses_nothing_and_gives_way_at_the_next_slot() {
    let (house, app) = house().await;
    next_slot(&house, &app, 0..2).await;
    let first = waiting(&app).await;
    next_slot(&house, &app, 2..3).await;
    let second = waiting(&app).await;
    assert_eq!((second.issue.number, second.issue.used().count()), (1, 3), "all since the last issue");
    let refused = drafts::approve(&app, &first.id, "a test").await.unwrap_err();
    assert!(refused.to_string().contains("is replaced"), "{refused}");
    drafts::discard(&app, &second.id, "a test").await.unwrap();
    assert!(drafts::list(&app, None, false).await.unwrap().is_empty());
    let refused = [
        drafts::approve(&app, &second.id, "a test").await.unwrap_err(),
        drafts::discard(&app, &second.id, "a test").await.unwrap_err(),
    ];
    assert!(refused.iter().all(|refused| refused.to_string().contains("is discarded")), "{refused:?}");
    next_slot(&house, &app, 3..4).await;
    let third = waiting(&app).await;
    assert_eq!((third.issue.used().count(), third.issue.window.from), (4, first.issue.window.from));
    assert_eq!(house.mails_to(EVE).len(), 3);
    approve(&app, &third.id).await;
    // Nothing new: no draft, and no mail.
    next_slot(&house, &app, 0..0).await;
    assert!(drafts::list(&app, None, false).await.unwrap().is_empty());
    assert_eq!((house.mails_to(EVE).len(), all(&app).await.len()), (3, 1));
}

#[tokio::test]
async fn what_waits_goes_where_the_next_slot_finds_too_little_by_the_rules_of_then() {
    let (house, app) = house().await;
    next_slot(&house, &app, 0..2).await;
    let draft = waiting(&app).await;
    house.digest(FRIDAY, &format!("{DIGEST}\n[select]\nminimum = 5\n"));
    next_slot(&house, &app, 2..3).await;
    assert!(drafts::list(&app, None, false).await.unwrap().is_empty());
    let refused = drafts::approve(&app, &draft.id, "a test").await.unwrap_err();
    assert!(refused.to_string().contains("is gone"), "{refused}");
}

#[tokio::test]
async fn a_draft_outlives_its_digest_file_and_can_be_discarded_then_but_not_sent() {
    let (house, app) = house().await;
    next_slot(&house, &app, 0..2).await;
    let draft = waiting(&app).await;
    house.remove("friday.toml");
    tick(&app).await;
    for refused in [
        drafts::approve(&app, &draft.id, "a test").await.unwrap_err(),
        drafts::again(&app, &draft.id, "a test").await.unwrap_err(),
    ] {
        assert!(refused.to_string().contains("bring it back, or discard the draft"), "{refused}");
    }
    drafts::discard(&app, &draft.id, "a test").await.unwrap();
    assert!(all(&app).await.is_empty());
}

#[tokio::test]
async fn composed_anew_it_holds_what_there_is_now_under_an_id_and_a_mail_of_its_own() {
    let (house, app) = house().await;
    next_slot(&house, &app, 0..1).await;
    let first = waiting(&app).await;
    house.write("club/1.md", &nth(1));
    house.wait(Span::new().hours(1));
    let second = drafts::again(&app, &first.id, "a test").await.unwrap();
    assert_ne!(second.id, first.id);
    assert_eq!((second.issue.used().count(), second.due_at), (2, first.due_at));
    assert!(drafts::again(&app, &first.id, "a test").await.unwrap_err().to_string().contains("is replaced"));
    tick(&app).await;
    let mails = house.mails_to(EVE);
    assert_eq!(mails.iter().filter(|mail| parts(mail).0.contains(&second.id)).count(), 1);
    assert_eq!(mails.len(), 2);
    assert_eq!(approve(&app, &waiting(&app).await.id).await, second.issue);
}

#[tokio::test]
async fn an_issue_by_hand_that_moves_the_window_leaves_nothing_of_a_draft_and_any_other_has_it_composed_anew() {
    let (house, app) = house().await;
    next_slot(&house, &app, 0..3).await;
    let first = waiting(&app).await;
    house.wait(Span::new().hours(1));
    let wish = Wish { picks: vec!["club/0.md".to_owned()], ..Wish::default() };
    send::send(&app, FRIDAY, &Order { wish, ..Order::default() }).await.unwrap();
    let refused = drafts::approve(&app, &first.id, "a test").await.unwrap_err().to_string();
    assert!(refused.contains("is overtaken") && refused.contains("took its number"), "{refused}");
    tick(&app).await;
    let second = waiting(&app).await;
    assert_eq!((second.state, second.issue.number, second.issue.used().count()), (DraftState::Waiting, 2, 2));
    assert_eq!(house.mails_to(EVE).len(), 2);

    house.wait(Span::new().hours(1));
    send::send(&app, FRIDAY, &Order::default()).await.unwrap();
    let refused = drafts::approve(&app, &second.id, "a test").await.unwrap_err();
    assert!(refused.to_string().contains("is gone"), "{refused}");
    next_slot(&house, &app, 5..6).await;
    let third = approve(&app, &waiting(&app).await.id).await;
    assert_eq!((third.number, titles(&third)), (3, vec!["Creak".to_owned()]));
    let used: Vec<_> = all(&app).await.iter().flat_map(Issue::used).cloned().collect();
    assert_eq!((used.iter().collect::<BTreeSet<_>>().len(), used.len()), (4, 4), "each of the four comes once");
}

#[tokio::test]
async fn a_review_that_changed_or_was_closed_since_keeps_a_draft_from_being_approved_until_it_is_composed_anew() {
    let (house, app) = house().await;
    next_slot(&house, &app, 0..2).await;
    let draft = waiting(&app).await;
    let review = draft.issue.works.iter().find(|work| work.work.title.as_deref() == Some("Harbour")).unwrap();
    let review = review.reviews[0].id.to_string();
    let changed = nth(0).replace(praise(0), praise(3));
    let marked = nth(0).replace("title: Harbour", "title: Harbour\nspoilers: true");
    let rated = nth(0).replace("8/10", "3/10");
    for (text, words) in [
        (changed, "does not stand in it any more"),
        (marked, "stands behind a spoiler mark by now"),
        (rated, "its rating was changed"),
    ] {
        house.write("club/0.md", &text);
        house.wait(Span::new().hours(1));
        collect_all(&app).await;
        let refused = drafts::approve(&app, &draft.id, "a test").await.unwrap_err();
        assert!(matches!(refused, AppError::Draft { .. }));
        let refused = refused.to_string();
        for part in [words, "nothing was frozen", "Harbour, Ann Walker", &review, &format!("again {}", draft.id)] {
            assert!(refused.contains(part), "{part}: {refused}");
        }
    }
    assert!(all(&app).await.is_empty());
    let fresh = drafts::again(&app, &draft.id, "a test").await.unwrap();
    assert_eq!(approve(&app, &fresh.id).await, fresh.issue);
}

#[tokio::test]
async fn two_who_approve_at_once_make_one_issue_and_two_processes_one_draft_and_one_mail() {
    let (house, app) = house().await;
    let other = house.open().await;
    for n in 0..2 {
        house.write(&format!("club/{n}.md"), &nth(n));
    }
    house.go_to("2026-11-23T08:01:00Z");
    let done = tokio::join!(run_due::run_due(&app), run_due::run_due(&other));
    assert!(done.0.unwrap().failed.is_empty() && done.1.unwrap().failed.is_empty());
    let draft = waiting(&app).await;
    assert_eq!(drafts::list(&app, None, true).await.unwrap().len(), 1);
    tick(&app).await;
    assert_eq!(house.mails_to(EVE).len(), 1);
    let (one, two) = tokio::join!(drafts::approve(&app, &draft.id, "one"), drafts::approve(&other, &draft.id, "two"));
    let made = [one.unwrap(), two.unwrap()];
    assert_eq!(made.iter().filter(|done| matches!(done, Approved::Issue { recipients: 1, .. })).count(), 1, "{made:?}");
    assert_eq!(made.iter().filter(|done| matches!(done, Approved::Already { number: 1, .. })).count(), 1, "{made:?}");
    assert_eq!(all(&app).await.len(), 1);
}

#[tokio::test]
async fn each_cadence_waits_with_a_draft_of_its_own() {
    let (house, _) = house().await;
    let weekly = "[[cadence]]\nname = \"weekly\"\nschedule = \"every Monday at 09:00\"\n";
    house.digest(FRIDAY, &format!("{DIGEST}{weekly}"));
    let app = house.open().await;
    subscribe(&app, "friday-weekly", "wim@example.org").await;
    house.write("club/0.md", &nth(0));
    house.go_to("2026-11-23T09:01:00Z");
    tick(&app).await;
    assert_eq!(drafts::list(&app, None, false).await.unwrap().len(), 2);
    assert_eq!(house.mails_to(EVE).len(), 2);
    let weekly = drafts::list(&app, Some("friday-weekly"), false).await.unwrap().remove(0);
    let issue = approve(&app, &weekly.id).await;
    assert_eq!(deliver(&app, &issue).await.sent, 1);
    assert_eq!((house.mails_to("wim@example.org").len(), house.mails_to("ann@example.org").len()), (1, 0));
    assert_eq!(waiting(&app).await.issue.digest.as_str(), FRIDAY, "the other stream's draft waits on");
}

/// The same throws on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

#[tokio::test]
async fn over_nine_weeks_with_decisions_at_random_no_window_has_a_gap_or_overlap_and_every_review_comes_once() {
    let (house, app) = house().await;
    let other = house.open().await;
    let mut dice = Dice(7);
    let mut written = 0;
    let mut decided = [0; 6];
    let write = |written: &mut usize| {
        house.write(&format!("club/{written}.md"), &distinct(*written));
        *written += 1;
    };
    for _ in 0..63 {
        house.wait(Span::new().hours(23).minutes(30 + dice.roll(60) as i64));
        for _ in 0..dice.roll(3) {
            write(&mut written);
        }
        let (a, b) = tokio::join!(run_due::run_due(&app), run_due::run_due(&other));
        assert!(a.unwrap().failed.is_empty() && b.unwrap().failed.is_empty());
        house.wait(Span::new().minutes(dice.roll(20) as i64));
        let Some(draft) = drafts::list(&app, None, false).await.unwrap().pop() else { continue };
        let choice = dice.roll(6) as usize;
        match choice {
            0 => drop(drafts::discard(&app, &draft.id, "a test").await.unwrap()),
            // The clock is set back, and a review comes while what was shown waits.
            1 => {
                house.wait(Span::new().minutes(-20));
                write(&mut written);
                collect_all(&app).await;
                approve(&app, &draft.id).await;
            }
            2 => drop(drafts::again(&app, &draft.id, "a test").await.unwrap()),
            3 => drop(send::send(&app, FRIDAY, &Order::default()).await.unwrap()),
            4 => drop(approve(&app, &draft.id).await),
            _ => {}
        }
        decided[choice] += 1;
    }
    assert!(decided.iter().all(|count| *count > 2), "{decided:?}");
    write(&mut written);
    next_slot(&house, &app, 0..0).await;
    approve(&app, &waiting(&app).await.id).await;
    let issues = all(&app).await;
    assert!(issues.len() > 15, "{}", issues.len());
    for pair in issues.windows(2) {
        assert_eq!(pair[0].window.until, pair[1].window.from, "#{}", pair[1].number);
        assert_eq!(pair[0].number + 1, pair[1].number);
    }
    let used: Vec<_> = issues.iter().flat_map(Issue::used).collect();
    assert_eq!(used.iter().collect::<BTreeSet<_>>().len(), used.len(), "a review comes once");
    assert_eq!(used.len(), written, "every review comes");
}
