//! A list that was filled a moment ago, of which PostgreSQL knows nothing yet, costs no more than one it knows well.

use std::time::Duration;

use jiff::Timestamp;
use pullquote::{
    model::{Books, DigestName, rate::Limits},
    settings::Database,
    store::{
        Db,
        ledger::{self, Claim, Mark, Settled, claim, work},
    },
};
use sqlx::postgres::PgPoolOptions;

use crate::house::database::{Sql, TestDatabase};

const RECIPIENTS: usize = 50_000;
const GROUP: usize = 100;
/// More than the uses after which PostgreSQL plans a statement without looking at its values.
const TURNS: usize = 8;
/// Rows that may be fetched for one that goes from waiting to sent. By key it takes four: what is due, its subscriber,
/// the claim, the record. A plan that walks through the issue fetches a hundred times as many.
const FETCHED_EACH: usize = 12;

#[tokio::test]
async fn a_list_without_statistics_is_read_by_key_alone() {
    let Some(database) = TestDatabase::postgres() else { return };
    let Database::Postgres(url) = &database.location else { unreachable!() };
    database.open().await.close().await;
    // One connection does it all, since what a connection did is told when it is at rest.
    let pool = PgPoolOptions::new().max_connections(1).connect(url.expose()).await.unwrap();
    let db = Db::Postgres(pool.clone());
    let sql = database.sql().await;
    sql.run(format!(
        "alter table deliveries set (autovacuum_enabled = false);
         alter table subscribers set (autovacuum_enabled = false);
         insert into subscribers (id, digest, email, email_key, state, created_at)
         select n, 'friday', 'reader' || n || '@example.org', 'reader' || n || '@example.org', 'active', 0
         from generate_series(1, {RECIPIENTS}) n"
    ))
    .await;
    freeze(&sql, "friday", "waiting").await;
    let before = fetched(&pool).await;
    send(&db, TURNS).await;
    within_bounds(fetched(&pool).await - before, TURNS);
    let books = ledger::books(&db, &DigestName::parse("friday").unwrap(), 1).await.unwrap();
    let (recipients, sent) = (RECIPIENTS as u64, (TURNS * GROUP * 9 / 10) as u64);
    assert_eq!(books, Books { recipients, sent, waiting: recipients - sent, ..Books::default() });

    // Known well, and then a digest comes that was not there before: whatever is looked for is not in it.
    sql.run("analyze").await;
    freeze(&sql, "monday", "sent").await;
    let before = fetched(&pool).await;
    send(&db, 2).await;
    within_bounds(fetched(&pool).await - before, 2);
    db.close().await;
}

/// An issue for all, in one state.
async fn freeze(sql: &Sql, digest: &str, state: &str) {
    sql.run(format!(
        "insert into issues (digest, number, kind, window_from, window_until, moves_window, composed_at, content,
         recipients, state) values ('{digest}', 1, 'scheduled', 0, 0, 1, 0, '{{}}', {RECIPIENTS}, 'sending');
         insert into deliveries (digest, number, subscriber_id, email, state, attempts, next_try_at, updated_at)
         select '{digest}', 1, id, email, '{state}', 0, 1, 1 from subscribers"
    ))
    .await;
    // What this connection read is told now, not in the middle of what is measured.
    sql.run("select pg_stat_force_next_flush()").await;
}

/// Claims and records so many times, a tenth given back each time.
async fn send(db: &Db, turns: usize) {
    let now = Timestamp::from_second(1_700_000_000).unwrap();
    let lease_until = now + Duration::from_secs(30);
    let limits = Limits::default();
    for _ in 0..turns {
        let limit = (u32::try_from(GROUP).unwrap(), &limits);
        let claims = claim::claim(db, "worker", None, limit, lease_until, now).await.unwrap().claims;
        assert_eq!(claims.len(), GROUP);
        let (back, gone) = claims.split_at(GROUP / 10);
        let settled: Vec<Settled> =
            back.iter().map(|claim| settled(claim, Mark::Released)).chain(gone.iter().map(sent)).collect();
        let recorded = work::record(db, "worker", &settled, now).await.unwrap();
        assert!(recorded.iter().all(|recorded| *recorded));
    }
}

fn within_bounds(fetched: i64, turns: usize) {
    println!("{fetched} rows fetched for {} messages", turns * GROUP);
    assert!(fetched <= (FETCHED_EACH * turns * GROUP) as i64, "{fetched} rows were fetched");
}

fn settled(claim: &Claim, mark: Mark) -> Settled {
    Settled { key: claim.key.clone(), mark, message_id: None }
}

fn sent(claim: &Claim) -> Settled {
    settled(claim, Mark::Sent { reply: "250 ok".to_owned() })
}

/// Rows of the ledger and of the list that were fetched so far, by whatever plan.
async fn fetched(pool: &sqlx::PgPool) -> i64 {
    sqlx::query("select pg_stat_force_next_flush()").execute(pool).await.unwrap();
    sqlx::query_scalar(
        "select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::bigint from pg_stat_user_tables
         where schemaname = current_schema() and relname in ('deliveries', 'subscribers')",
    )
    .fetch_one(pool)
    .await
    .unwrap()
}
