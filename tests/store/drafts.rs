//! Drafts, on each engine: a slot has one, whoever makes it; what is decided at once is decided once; a mail is taken by
//! one process.

use std::{collections::BTreeSet, sync::Arc};

use jiff::SignedDuration;
use pullquote::{
    app::{
        App, AppError,
        drafts::{self, Approved},
    },
    model::{Draft, EmailAddress, Issue, draft::DraftState},
    store::{
        drafts::{Handed, claim_mail, get, settle_mail},
        issues,
    },
};
use tokio::task::JoinSet;

use crate::house::{FRIDAY, House, collect_all, database::TestDatabase, nth, publish};

on_each_engine!(
    a_slot_that_many_make_a_draft_of_has_one,
    what_many_decide_at_once_is_decided_once,
    a_mail_is_taken_once_and_given_up_to_the_next_after_a_while,
);

/// Two processes on a house with news.
async fn two(database: TestDatabase) -> (House, [Arc<App>; 2]) {
    let house = House::club_on(database);
    (0..3).for_each(|n| house.write(&format!("club/{n}.md"), &nth(n)));
    let apps = [house.open().await, house.open().await];
    collect_all(&apps[0]).await;
    (house, apps)
}

async fn stop(app: &App, due_at: jiff::Timestamp) {
    let editor = EmailAddress::parse("eve@example.org").unwrap();
    drafts::at_slot(app, &app.digest(FRIDAY).unwrap(), &editor, (due_at, None)).await.unwrap();
}

async fn waiting(app: &App) -> Draft {
    let mut open = drafts::list(app, None, false).await.unwrap();
    assert_eq!(open.len(), 1, "{open:?}");
    open.remove(0)
}

async fn a_slot_that_many_make_a_draft_of_has_one(database: TestDatabase) {
    let (house, apps) = two(database).await;
    let mut making = JoinSet::new();
    for n in 0..8 {
        let (app, now) = (apps[n % 2].clone(), house.now());
        making.spawn(async move { stop(&app, now).await });
    }
    making.join_all().await;
    assert_eq!(house.sql().await.rows("drafts").await, 1);
    // It comes out as it went in.
    let draft = waiting(&apps[1]).await;
    assert_eq!(get(&apps[0].db, &draft.id).await.unwrap(), Some(draft.clone()));
    assert_eq!((draft.state, draft.due_at, draft.decided), (DraftState::Waiting, house.now(), None));
    assert_eq!(draft.issue.used().count(), 3);
}

async fn what_many_decide_at_once_is_decided_once(database: TestDatabase) {
    let (house, apps) = two(database).await;
    for round in 0..6 {
        house.clock.set(house.now() + SignedDuration::from_hours(1));
        house.write(&format!("club/{}.md", round + 3), &nth(round + 3));
        collect_all(&apps[0]).await;
        stop(&apps[0], house.now()).await;
        let draft = waiting(&apps[0]).await;
        let mut deciding = JoinSet::new();
        for n in 0..8 {
            let (app, id) = (apps[n % 2].clone(), draft.id.clone());
            deciding.spawn(async move {
                match n / 2 {
                    0 | 1 => {
                        drafts::approve(&app, &id, "a test").await.map(|done| matches!(done, Approved::Issue { .. }))
                    }
                    2 => drafts::discard(&app, &id, "a test").await.map(|_| true),
                    _ if round % 2 == 0 => drafts::again(&app, &id, "a test").await.map(|_| true),
                    _ => {
                        publish(&app, FRIDAY).await;
                        Ok(false)
                    }
                }
            });
        }
        // An issue by hand may find nothing left.
        let mut decided = 0;
        while let Some(done) = deciding.join_next().await {
            match done {
                Ok(Ok(done)) => decided += usize::from(done),
                Ok(Err(AppError::Draft { .. })) => {}
                Ok(Err(error)) => panic!("{error}"),
                Err(error) => assert!(round % 2 == 1 && error.is_panic(), "{error}"),
            }
        }
        assert!(decided <= 1, "round {round}: {decided} decisions");
        assert_ne!(drafts::find(&apps[0], &draft.id).await.unwrap().state, DraftState::Waiting, "round {round}");
    }
    if let Some(left) = drafts::list(&apps[0], None, false).await.unwrap().pop() {
        drafts::discard(&apps[0], &left.id, "a test").await.unwrap();
    }
    house.clock.set(house.now() + SignedDuration::from_hours(1));
    house.write("club/9.md", &nth(9));
    publish(&apps[0], FRIDAY).await;
    let stored = issues::newest(&apps[0].db, None, 100).await.unwrap();
    let used: Vec<_> = stored.iter().flat_map(|stored| Issue::used(&stored.issue)).collect();
    assert_eq!((used.iter().collect::<BTreeSet<_>>().len(), used.len()), (10, 10), "each review is in one issue");
}

async fn a_mail_is_taken_once_and_given_up_to_the_next_after_a_while(database: TestDatabase) {
    let (house, apps) = two(database).await;
    stop(&apps[0], house.now()).await;
    let draft = waiting(&apps[0]).await;
    let (now, later) = (house.now(), house.now() + SignedDuration::from_mins(15));
    let mut taking = JoinSet::new();
    for n in 0..8 {
        let app = apps[n % 2].clone();
        taking.spawn(async move { claim_mail(&app.db, now, later).await.unwrap() });
    }
    let taken = taking.join_all().await;
    let taken: Vec<String> = taken.into_iter().flatten().map(|draft| draft.id).collect();
    assert_eq!(taken, std::slice::from_ref(&draft.id));
    let db = &apps[0].db;
    assert_eq!(claim_mail(db, later - SignedDuration::from_secs(1), later).await.unwrap(), None);
    let taken = claim_mail(db, later, later + SignedDuration::from_mins(15)).await.unwrap().unwrap();
    assert_eq!((taken.id.as_str(), taken.mail.tries), (draft.id.as_str(), 1));
    settle_mail(db, &draft.id, &Handed::Sent, "250 2.0.0 kept", later).await.unwrap();
    assert_eq!(claim_mail(db, later + SignedDuration::from_hours(9), later).await.unwrap(), None);
    let mail = get(db, &draft.id).await.unwrap().unwrap().mail;
    assert_eq!((mail.tries, mail.at, mail.reply.as_deref()), (2, later, Some("250 2.0.0 kept")));
}
