//! Promise: SQLite and PostgreSQL keep the same, by the same statements; several processes on one database do each
//! other no harm; and what is in one can be taken to the other. Every test runs on both engines, on PostgreSQL where
//! `PULLQUOTE_TEST_POSTGRES` names a server.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should stop")]

#[path = "../support/house.rs"]
mod house;

/// Makes each test of a file, which takes a database, one on each engine.
macro_rules! on_each_engine {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(crate::house::database::TestDatabase::sqlite()).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                if let Some(database) = crate::house::database::TestDatabase::postgres() {
                    super::$name(database).await;
                }
            })+
        }
    };
}

mod broken_off;
mod contract;
mod drafts;
mod fresh_list;
mod moving;
mod reviews;
mod several;
