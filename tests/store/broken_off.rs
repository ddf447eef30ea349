//! A transaction that PostgreSQL breaks off in favour of another is run again, and nobody has to know.

use std::time::Duration;

use pullquote::{
    app::compose::{Booking, Wish, freeze},
    model::DeliveryState::{Claimed, Sent},
    store::{
        StoreError,
        issues::Frozen,
        ledger::{Mark, Settled, claim, work},
    },
};

use crate::house::{
    FRIDAY, House, collect_all,
    database::{Sql, TestDatabase},
    nth,
};
use pullquote::model::rate::Limits;

/// `deadlock_detected` and `serialization_failure`.
const BROKEN_OFF: [&str; 2] = ["40P01", "40001"];

/// Has the database break off the next so many writes of a kind, as it does where transactions wait for each other.
async fn break_off(sql: &Sql, write: &str, state: &str, times: u32) {
    // A sequence is the one thing that a transaction which is undone leaves behind.
    sql.run(format!(
        "create sequence strikes; \
         create function strike() returns trigger language plpgsql as $$ begin \
         if nextval('strikes') <= {times} then raise exception 'broken off' using errcode = '{state}'; end if; \
         return new; end $$; \
         create trigger strike before {write} for each statement execute function strike()"
    ))
    .await;
}

async fn let_be(sql: &Sql) {
    sql.run("drop sequence strikes; drop function strike() cascade").await;
}

/// Strikes so far.
async fn strikes(sql: &Sql) -> i64 {
    sql.number("select last_value from strikes").await.unwrap()
}

#[tokio::test]
async fn a_transaction_that_is_broken_off_is_run_again_whole() {
    let Some(database) = TestDatabase::postgres() else { return };
    let house = House::club_on(database);
    (0..3).for_each(|n| house.write(&format!("club/{n}.md"), &nth(n)));
    let app = house.open().await;
    crate::house::subscribe(&app, FRIDAY, "ann@readers.example").await;
    let (sql, now) = (house.sql().await, house.now());
    let later = now + Duration::from_secs(30);

    break_off(&sql, "insert on arrivals", BROKEN_OFF[1], 2).await;
    collect_all(&app).await;
    assert!(strikes(&sql).await > 2);
    let_be(&sql).await;
    assert_eq!((sql.rows("reviews").await, sql.rows("arrivals").await), (3, 3));

    // The last write of the freeze: all before it is undone, and done again.
    break_off(&sql, "update on issues", BROKEN_OFF[0], 2).await;
    let digest = app.digest(FRIDAY).unwrap();
    let frozen = freeze(&app, &digest, &Wish::default(), &Booking::default()).await.unwrap();
    assert!(matches!(frozen, Frozen::Issue { recipients: 1, .. }), "{frozen:?}");
    assert_eq!(strikes(&sql).await, 3);
    let_be(&sql).await;
    assert_eq!((sql.rows("issues").await, sql.rows("deliveries").await), (1, 1));

    break_off(&sql, "update on deliveries", BROKEN_OFF[1], 1).await;
    let claims = claim::claim(&app.db, "w", None, (5, &Limits::default()), later, now).await.unwrap().claims;
    let_be(&sql).await;
    assert_eq!((claims.len(), claims[0].attempts), (1, 0));
    break_off(&sql, "update on deliveries", BROKEN_OFF[0], 4).await;
    let mark = Mark::Sent { reply: "250 ok".to_owned() };
    let settled = [Settled { key: claims[0].key.clone(), mark, message_id: None }];
    assert_eq!(work::record(&app.db, "w", &settled, now).await.unwrap(), [true]);
    let_be(&sql).await;
    let row = pullquote::store::ledger::list(&app.db, &digest.name, 1, None, 0, 9).await.unwrap().remove(0);
    assert_eq!((row.state, row.attempts), (Sent, 1), "counted once");
}

#[tokio::test]
async fn what_is_broken_off_for_ever_or_for_another_reason_is_an_error() {
    let Some(database) = TestDatabase::postgres() else { return };
    let house = House::club_on(database);
    house.write("club/0.md", &nth(0));
    let app = house.open().await;
    crate::house::subscribe(&app, FRIDAY, "ann@readers.example").await;
    crate::house::publish(&app, FRIDAY).await;
    let (sql, now) = (house.sql().await, house.now());
    let later = now + Duration::from_secs(30);
    let limits = Limits::default();
    let claimed = async || claim::claim(&app.db, "w", None, (5, &limits), later, now).await;

    break_off(&sql, "update on deliveries", BROKEN_OFF[0], u32::MAX).await;
    let error = claimed().await.unwrap_err();
    assert!(matches!(&error, StoreError::Query { what, .. } if *what == "claiming deliveries"), "{error}");
    assert_eq!(strikes(&sql).await, 5, "not for ever");
    let_be(&sql).await;
    // A check that a row fails is no matter of chance.
    break_off(&sql, "update on deliveries", "23514", u32::MAX).await;
    assert!(claimed().await.is_err());
    assert_eq!(strikes(&sql).await, 1, "not tried again");
    let_be(&sql).await;
    assert_eq!(claimed().await.unwrap().claims.len(), 1);
    let digest = app.digest(FRIDAY).unwrap();
    let row = pullquote::store::ledger::list(&app.db, &digest.name, 1, None, 0, 9).await.unwrap().remove(0);
    assert_eq!(row.state, Claimed);
}
