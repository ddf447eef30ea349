//! Reviews, works, arrivals and issues, by the use cases that write them.

use pullquote::{
    app::compose::{Booking, Wish, freeze},
    model::Review,
    store::{
        arrivals,
        issues::{self, Frozen, IssueState},
        reviews, runs,
    },
};

use crate::house::{FRIDAY, House, collect_all, database::TestDatabase, nth, preview, publish, subscribe};

on_each_engine!(
    what_was_read_comes_back_and_is_in_the_issue_that_was_previewed,
    a_slot_gives_one_issue_and_a_key_one_order,
    picked_reviews_go_out_and_a_star_brings_one_back,
    the_state_of_an_issue_moves_from_where_it_may,
);

async fn what_was_read_comes_back_and_is_in_the_issue_that_was_previewed(database: TestDatabase) {
    let house = House::club_on(database);
    (0..3).for_each(|n| house.write(&format!("club/{n}.md"), &nth(n)));
    let app = house.open().await;
    assert!(issues::first_seen(&app.db, FRIDAY).await.unwrap().is_some());
    subscribe(&app, FRIDAY, "ann@example.org").await;
    collect_all(&app).await;
    let known: Vec<Review> =
        reviews::newest(&app.db, Some(FRIDAY), 9).await.unwrap().into_iter().map(|stored| stored.review).collect();
    assert_eq!(known.len(), 3);
    for review in &known {
        assert_eq!(reviews::get(&app.db, &review.id).await.unwrap().unwrap().review, *review);
        assert!(reviews::by_place(&app.db, &review.source).await.unwrap().iter().any(|one| one.review.id == review.id));
        assert!(reviews::any_quote(&app.db, review).await.unwrap().is_some());
        assert_eq!(arrivals::of_review(&app.db, &review.id).await.unwrap().len(), 1);
    }
    assert_eq!(arrivals::count_waiting(&app.db, FRIDAY).await.unwrap(), 3);
    let previewed = preview(&app, FRIDAY).await;
    let issue = publish(&app, FRIDAY).await;
    assert_eq!(serde_json::json!(previewed.works), serde_json::json!(issue.works));
    let stored = issues::get(&app.db, FRIDAY, issue.number).await.unwrap().unwrap();
    assert_eq!((&stored.issue, stored.recipients, stored.state), (&issue, 1, IssueState::Sending));
    assert_eq!(issues::newest(&app.db, Some(FRIDAY), 5).await.unwrap().len(), 1);
    assert_eq!(issues::newest_time(&app.db, FRIDAY).await.unwrap(), Some((issue.composed_at, 1)));
    assert_eq!(issues::next_window_from(&app.db, FRIDAY).await.unwrap(), Some(issue.window.until));
    let slug = reviews::get(&app.db, &known[0].id).await.unwrap().unwrap().work_slug.unwrap();
    assert_eq!(issues::about_work(&app.db, &slug, 5).await.unwrap().len(), 1);
    assert_eq!(issues::decisions(&app.db, &known[0].id).await.unwrap().len(), 1);
    assert_eq!(arrivals::count_waiting(&app.db, FRIDAY).await.unwrap(), 0);
}

async fn a_slot_gives_one_issue_and_a_key_one_order(database: TestDatabase) {
    let house = House::club_on(database);
    (0..3).for_each(|n| house.write(&format!("club/{n}.md"), &nth(n)));
    let app = house.open().await;
    collect_all(&app).await;
    let digest = app.digest(FRIDAY).unwrap();
    let booking = Booking { due_at: Some(house.now()), ..Booking::default() };
    let first = freeze(&app, &digest, &Wish::default(), &booking).await.unwrap();
    assert!(matches!(first, Frozen::Issue { .. }), "{first:?}");
    let again = freeze(&app, &digest, &Wish::default(), &booking).await.unwrap();
    assert_eq!(again, Frozen::Already(Some(1)));
    assert_eq!(runs::last(&app.db, FRIDAY).await.unwrap(), Some(house.now()));
    house.write("club/more.md", &nth(5));
    collect_all(&app).await;
    let booking = Booking { idempotency_key: Some("once".into()), ..Booking::default() };
    let ordered = freeze(&app, &digest, &Wish::default(), &booking).await.unwrap();
    assert!(matches!(ordered, Frozen::Issue { .. }), "{ordered:?}");
    assert_eq!(freeze(&app, &digest, &Wish::default(), &booking).await.unwrap(), Frozen::Already(Some(2)));
}

async fn picked_reviews_go_out_and_a_star_brings_one_back(database: TestDatabase) {
    let house = House::club_on(database);
    (0..3).for_each(|n| house.write(&format!("club/{n}.md"), &nth(n)));
    let app = house.open().await;
    let issue = publish(&app, FRIDAY).await;
    let used: Vec<_> = issue.used().cloned().collect();
    let picks = vec![used[0].to_string(), used[2].to_string()];
    let (digest, wish) = (app.digest(FRIDAY).unwrap(), Wish { picks, ..Wish::default() });
    let picked = freeze(&app, &digest, &wish, &Booking::default()).await.unwrap();
    let Frozen::Issue { issue: picked, .. } = picked else { panic!("nothing was frozen") };
    assert_eq!(picked.used().count(), 2);
    house.wait(jiff::Span::new().minutes(1));
    assert!(reviews::set_featured(&app.db, &used[1], Some(house.now())).await.unwrap());
    let starred = preview(&app, FRIDAY).await;
    assert_eq!(starred.used().collect::<Vec<_>>(), [&used[1]]);
    assert!(reviews::set_featured(&app.db, &used[1], None).await.unwrap());
}

async fn the_state_of_an_issue_moves_from_where_it_may(database: TestDatabase) {
    let house = House::club_on(database);
    (0..3).for_each(|n| house.write(&format!("club/{n}.md"), &nth(n)));
    let app = house.open().await;
    publish(&app, FRIDAY).await;
    let set = |from: &'static [IssueState], to| issues::set_state(&app.db, FRIDAY, 1, from, to);
    assert!(!set(&[IssueState::Paused, IssueState::Cancelled], IssueState::Sending).await.unwrap());
    assert!(set(&[IssueState::Sending, IssueState::Paused], IssueState::Paused).await.unwrap());
    assert_eq!(issues::get(&app.db, FRIDAY, 1).await.unwrap().unwrap().state, IssueState::Paused);
}
