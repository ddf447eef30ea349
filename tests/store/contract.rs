//! What is put in comes out: sources, hosts, hubs, subscribers, logins, orders, runs.

use jiff::{SignedDuration, Timestamp};
use pullquote::{
    model::{DisplayName, EmailAddress, Subscriber, SubscriberState, digest::Missed},
    read::feed::hints::Wishes,
    store::{
        orders::{self, OrderState, PlacedOrder},
        runs::{self, RunOutcome},
        sessions,
        sources::{self, Health, hosts, hubs},
        subscribers::{self, StoredSubscriber},
    },
};

use crate::house::database::TestDatabase;

on_each_engine!(
    all_that_is_known_of_a_place_comes_back,
    a_host_is_left_alone_after_two_refusals_in_a_row,
    a_subscription_at_a_hub_is_found_by_source_and_by_token,
    subscribers_are_found_by_address_list_and_id,
    a_login_runs_out_and_can_be_ended,
    a_fact_that_is_kept_is_the_first_one,
    an_order_is_placed_once_and_settled_once,
    a_slot_is_passed_over_once,
    a_text_with_a_nul_is_kept_with_a_mark_in_its_place,
);

fn second(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn at(at: i64) -> Option<Timestamp> {
    Some(second(at))
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

async fn all_that_is_known_of_a_place_comes_back(database: TestDatabase) {
    let db = database.open().await;
    let health = Health {
        locator: "https://a.example/feed".into(),
        kind: "feed".into(),
        etag: text("W/\"x\""),
        last_modified: text("yesterday"),
        validators_url: text("https://a.example/final"),
        plain: true,
        content_hash: text("abc"),
        entries: 3,
        items: 4,
        asked_at: at(1),
        last_success_at: at(2),
        last_error_at: at(3),
        last_error: text("it broke"),
        failures: 5,
        failing_since: at(4),
        stopped_at: at(5),
        next_poll_at: at(6),
        not_before_at: at(7),
        address: text("https://b.example/feed"),
        moving_to: text("https://c.example/feed"),
        moving_since: at(8),
        wishes: Wishes { every: Some(SignedDuration::from_mins(9)), skip_hours: 1 << 23, skip_days: 1 << 6 },
    };
    sources::put(&db, &health).await.unwrap();
    sources::put(&db, &health).await.unwrap();
    assert_eq!(sources::get(&db, &health.locator).await.unwrap().as_ref(), Some(&health));
    sources::hasten(&db, &health.locator, second(9)).await.unwrap();
    assert_eq!(sources::all(&db).await.unwrap(), std::slice::from_ref(&health), "one that stopped is not hastened");
    assert!(sources::wake(&db, &health.locator).await.unwrap());
    let woken = sources::get(&db, &health.locator).await.unwrap().unwrap();
    assert_eq!((woken.stopped_at, woken.next_poll_at, woken.not_before_at, woken.failures), (None, None, None, 0));
    assert_eq!(woken.address, health.address);
    assert!(!sources::wake(&db, "https://nowhere.example/").await.unwrap());
}

async fn a_host_is_left_alone_after_two_refusals_in_a_row(database: TestDatabase) {
    let db = database.open().await;
    hosts::note_busy(&db, "a.example", second(100)).await.unwrap();
    assert_eq!(hosts::not_before(&db, "a.example").await.unwrap(), None);
    hosts::note_busy(&db, "a.example", second(50)).await.unwrap();
    hosts::note_busy(&db, "a.example", second(40)).await.unwrap();
    assert_eq!(hosts::not_before(&db, "a.example").await.unwrap(), at(50));
    assert_eq!(hosts::not_before(&db, "b.example").await.unwrap(), None);
    hosts::note_well(&db, "a.example").await.unwrap();
    hosts::note_busy(&db, "a.example", second(200)).await.unwrap();
    assert_eq!(hosts::not_before(&db, "a.example").await.unwrap(), None);
}

async fn a_subscription_at_a_hub_is_found_by_source_and_by_token(database: TestDatabase) {
    let db = database.open().await;
    let first = hubs::Subscription {
        locator: "https://a.example/feed".into(),
        token: "token".into(),
        secret: "secret".into(),
        hub: "https://hub.example/".into(),
        topic: "https://a.example/feed".into(),
        state: hubs::State::Pending,
        asked_at: second(1),
        lease_until: None,
        pushed_at: None,
        note: None,
    };
    hubs::put(&db, &first).await.unwrap();
    let (state, note) = (hubs::State::Active, text("well"));
    let renewed = hubs::Subscription { state, lease_until: at(9), pushed_at: at(3), note, ..first };
    hubs::put(&db, &renewed).await.unwrap();
    assert_eq!(hubs::get(&db, &renewed.locator).await.unwrap().as_ref(), Some(&renewed));
    assert_eq!(hubs::by_token(&db, "token").await.unwrap().as_ref(), Some(&renewed));
    assert_eq!(hubs::by_token(&db, "other").await.unwrap(), None);
    assert_eq!(hubs::all(&db).await.unwrap(), [renewed]);
}

fn person(id: i64, digest: &str, address: &str, state: SubscriberState) -> StoredSubscriber {
    let subscriber = Subscriber {
        id,
        digest: digest.into(),
        cadence: String::new(),
        email: EmailAddress::parse(address).unwrap(),
        name: DisplayName::parse("Zoë Ångström").unwrap(),
        state,
        created_at: second(1),
        confirmed_at: at(2),
        left_at: None,
    };
    StoredSubscriber { subscriber, confirm_sent_at: at(1) }
}

async fn subscribers_are_found_by_address_list_and_id(database: TestDatabase) {
    use SubscriberState::{Active, Left, Pending};
    let db = database.open().await;
    let zoe = person(7, "friday", "Zoe@Example.org", Active);
    let many = [
        zoe.clone(),
        person(i64::MAX, "weekly", "zoe@example.org", Pending),
        person(8, "friday", "ann@example.org", Active),
    ];
    subscribers::put(&db, &many).await.unwrap();
    let email = EmailAddress::parse("zoe@EXAMPLE.org").unwrap();
    let found = subscribers::by_email(&db, "friday", &email).await.unwrap().unwrap();
    assert_eq!((&found.subscriber, found.confirm_sent_at), (&zoe.subscriber, zoe.confirm_sent_at));
    let ids = |found: Vec<StoredSubscriber>| found.iter().map(|one| one.subscriber.id).collect::<Vec<_>>();
    assert_eq!(ids(subscribers::of_address(&db, &email).await.unwrap()), [7, i64::MAX]);
    assert_eq!(ids(subscribers::list(&db, Some("friday"), None).await.unwrap()), [8, 7]);
    assert_eq!(ids(subscribers::list(&db, None, Some(Pending)).await.unwrap()), [i64::MAX]);
    assert_eq!(subscribers::count_active(&db, "friday").await.unwrap(), 2);
    subscribers::put(&db, &[person(7, "friday", "Zoe@Example.org", Left)]).await.unwrap();
    assert_eq!(subscribers::by_id(&db, 7).await.unwrap().unwrap().subscriber.state, Left);
    assert!(subscribers::by_id(&db, 9).await.unwrap().is_none());
    let twice = [person(20, "friday", "new@example.org", Active), person(21, "friday", "ann@example.org", Active)];
    assert!(subscribers::put(&db, &twice).await.is_err(), "an address is on a list once");
    assert!(subscribers::by_id(&db, 20).await.unwrap().is_none(), "all or none");
}

async fn a_login_runs_out_and_can_be_ended(database: TestDatabase) {
    let db = database.open().await;
    sessions::open(&db, "a", second(1), second(10)).await.unwrap();
    sessions::open(&db, "b", second(2), second(20)).await.unwrap();
    assert!(sessions::is_open(&db, "a", second(9)).await.unwrap());
    assert!(!sessions::is_open(&db, "a", second(10)).await.unwrap());
    sessions::close(&db, "b").await.unwrap();
    assert!(!sessions::is_open(&db, "b", second(3)).await.unwrap());
}

async fn a_fact_that_is_kept_is_the_first_one(database: TestDatabase) {
    let db = database.open().await;
    assert_eq!(sessions::keep(&db, "secret", "first").await.unwrap(), "first");
    assert_eq!(sessions::keep(&db, "secret", "second").await.unwrap(), "first");
}

fn an_order(key: &str) -> PlacedOrder {
    PlacedOrder {
        digest: "friday".into(),
        key: key.into(),
        at: second(5),
        picks: vec!["a \"b\"".into()],
        note: text("hello"),
        to: vec!["me@example.org".into()],
        keep_window: true,
        fingerprint: text("f00d"),
    }
}

async fn an_order_is_placed_once_and_settled_once(database: TestDatabase) {
    let db = database.open().await;
    let order = an_order("k");
    assert_eq!(orders::place(&db, &order, second(1)).await.unwrap(), Some(1));
    assert_eq!(orders::place(&db, &PlacedOrder { note: None, ..order.clone() }, second(1)).await.unwrap(), None);
    assert_eq!(orders::place(&db, &an_order("l"), second(2)).await.unwrap(), Some(2));
    assert_eq!(orders::due(&db, second(4)).await.unwrap(), []);
    let due = orders::due(&db, second(5)).await.unwrap();
    assert_eq!(due.iter().map(|due| (due.id, &due.order)).collect::<Vec<_>>(), [(1, &order), (2, &an_order("l"))]);
    assert!(orders::take_test(&db, 1, second(6)).await.unwrap());
    assert!(!orders::take_test(&db, 1, second(6)).await.unwrap() && !orders::cancel(&db, 1, second(6)).await.unwrap());
    assert!(orders::cancel(&db, 2, second(6)).await.unwrap() && !orders::cancel(&db, 2, second(6)).await.unwrap());
    assert!(!orders::take_test(&db, 2, second(6)).await.unwrap());
    orders::fail(&db, 1, OrderState::Sent, "no server", second(7)).await.unwrap();
    orders::fail(&db, 2, OrderState::Waiting, "never seen", second(7)).await.unwrap();
    assert_eq!(orders::due(&db, second(9)).await.unwrap(), []);
    let listed = orders::list(&db, Some("friday"), 10).await.unwrap();
    let became: Vec<_> = listed.iter().map(|order| (order.id, order.state, order.why.as_deref())).collect();
    assert_eq!(became, [(1, OrderState::Failed, Some("no server")), (2, OrderState::Cancelled, None)]);
    assert_eq!(orders::by_key(&db, "friday", "l").await.unwrap(), orders::get(&db, 2).await.unwrap());
}

async fn a_slot_is_passed_over_once(database: TestDatabase) {
    let db = database.open().await;
    assert_eq!(runs::last(&db, "friday").await.unwrap(), None);
    assert!(
        runs::pass_over(&db, "friday", &[second(1), second(2)], RunOutcome::Skipped, Missed::Skip, second(3))
            .await
            .unwrap()
    );
    assert!(!runs::pass_over(&db, "friday", &[second(2)], RunOutcome::Skipped, Missed::Skip, second(3)).await.unwrap());
    assert_eq!(runs::last(&db, "friday").await.unwrap(), at(2));
    let newest = runs::newest(&db, "friday", 1).await.unwrap();
    let skipped = |run: &runs::Run| (run.due_at, run.decided_at, run.outcome, run.rule);
    assert_eq!(
        newest.iter().map(skipped).collect::<Vec<_>>(),
        [(second(2), second(3), Some(RunOutcome::Skipped), Some(Missed::Skip))]
    );
}

async fn a_text_with_a_nul_is_kept_with_a_mark_in_its_place(database: TestDatabase) {
    let db = database.open().await;
    assert_eq!(sessions::keep(&db, "fact", "a\0b").await.unwrap(), "a\u{FFFD}b");
}
