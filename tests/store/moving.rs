//! Moving: everything arrives, nothing is moved twice or by halves, and the old database stays as it was.

use pullquote::{
    app::drafts,
    model::EmailAddress,
    settings::Database,
    store::{
        Db,
        transfer::{TransferError, backup, transfer},
    },
};

use crate::house::{FRIDAY, House, books, collect_all, database::TestDatabase, deliver, nth, publish, subscribe};

/// A house that has sent one issue and has another waiting, on SQLite.
async fn lived_in() -> House {
    let house = House::empty_on(Some(TestDatabase::sqlite())).with_club();
    (0..3).for_each(|n| house.write(&format!("club/{n}.md"), &nth(n)));
    let app = house.open().await;
    for name in ["ann", "ben", "cas"] {
        subscribe(&app, FRIDAY, &format!("{name}@example.org")).await;
    }
    let issue = publish(&app, FRIDAY).await;
    deliver(&app, &issue).await;
    (3..6).for_each(|n| house.write(&format!("club/{n}.md"), &nth(n)));
    publish(&app, FRIDAY).await;
    house.write("club/6.md", &nth(6));
    collect_all(&app).await;
    let (digest, editor) = (app.digest(FRIDAY).unwrap(), EmailAddress::parse("eve@example.org").unwrap());
    drafts::at_slot(&app, &digest, &editor, (house.now(), None)).await.unwrap();
    house
}

#[tokio::test]
async fn a_moved_house_goes_on_where_it_was_and_comes_back() {
    let Some(server) = TestDatabase::postgres() else { return };
    let mut house = lived_in().await;
    let before = house.sql().await;
    let sqlite = house.database_url();
    let moved = house.run(&["database", "move", "--to", &server.url()]).done();
    assert!(moved.err.contains("deliveries: 6 rows, compared"), "{moved:?}");
    assert!(moved.out.contains("Set store.url to postgres"), "{moved:?}");
    for table in ["deliveries", "subscribers", "reviews", "issues", "meta", "arrivals", "drafts"] {
        assert_eq!(before.rows(table).await, server.sql().await.rows(table).await, "{table}");
    }
    let again = house.run(&["database", "move", "--to", &server.url()]);
    assert_eq!(again.code, 1);
    assert!(again.err.contains("holds data already"), "{again:?}");

    // The moved house sends what was waiting, and nobody gets the first issue again.
    house.set("STORE__URL", &server.url());
    let app = house.open().await;
    let issue = pullquote::store::issues::get(&app.db, FRIDAY, 2).await.unwrap().unwrap().issue;
    assert_eq!(books(&app, &issue).await.waiting, 3);
    let books = deliver(&app, &issue).await;
    assert_eq!((books.sent, books.waiting), (3, 0));
    assert_eq!(house.mails_to("ann@example.org").len(), 2);
    collect_all(&app).await;
    let draft = drafts::list(&app, None, false).await.unwrap().remove(0);
    assert_eq!((draft.issue.number, draft.issue.used().count()), (3, 1));

    // And back.
    let back = house.path("back.db");
    house.run(&["database", "move", "--to", &format!("sqlite:{}", back.display())]).done();
    house.set("STORE__URL", &format!("sqlite:{}", back.display()));
    let file = house.sql_at(&Database::Sqlite(back)).await;
    assert_eq!(file.number("select count(*) from deliveries where state = 'sent'").await, Some(6));
    assert_ne!(sqlite, house.database_url());
}

#[tokio::test]
async fn nothing_is_moved_while_a_worker_holds_deliveries() {
    let Some(server) = TestDatabase::postgres() else { return };
    let house = lived_in().await;
    house
        .sql()
        .await
        .run("update deliveries set state = 'claimed', worker = 'w1', lease_until = 1 where number = 2")
        .await;
    let refused = house.run(&["database", "move", "--to", &server.url()]);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("hold 3 deliveries") && refused.err.contains("w1"), "{refused:?}");
    assert_eq!(server.sql().await.rows("deliveries").await, 0);
}

#[tokio::test]
async fn a_move_that_breaks_off_leaves_the_target_empty() {
    let Some(server) = TestDatabase::postgres() else { return };
    let house = lived_in().await;
    let target = server.open().await;
    server.sql().await.trap("full_disk", "insert on deliveries", None, "the disk is full").await;
    let source = Db::open(&Database::parse(&house.database_url()).unwrap()).await.unwrap();
    let error = transfer(&source, &target, house.now(), |_| ()).await.unwrap_err();
    assert!(matches!(&error, TransferError::Store(_)), "{error}");
    assert_eq!(server.sql().await.rows("reviews").await, 0);
    assert_eq!(house.sql().await.rows("deliveries").await, 6);
}

#[tokio::test]
async fn a_copy_is_whole_and_never_written_over() {
    let house = lived_in().await;
    let file = house.path("copy.db");
    house.run(&["database", "backup", "copy.db"]).done();
    assert_eq!(house.sql_at(&Database::Sqlite(file.clone())).await.rows("deliveries").await, 6);
    let again = house.run(&["database", "backup", "copy.db"]);
    assert_eq!(again.code, 1);
    assert!(again.err.contains("is there already"), "{again:?}");
    let db = Db::open(&Database::parse(&house.database_url()).unwrap()).await.unwrap();
    assert!(backup(&db, &file).await.is_err());
    let same =
        transfer(&db, &Db::open(&Database::Sqlite(house.path("x.db"))).await.unwrap(), house.now(), |_| ()).await;
    assert!(matches!(same, Err(TransferError::SameEngine("SQLite"))), "{same:?}");
}
