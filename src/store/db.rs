//! The database: opening, migrating, transactions.
//!
//! Two engines, the same tables and the same statements (see [`super::statement`]). SQLite takes one writer at a
//! time: the write pool has one connection, and writers start with `begin immediate`, since a deferred transaction
//! that upgrades fails at once with "busy" whatever the timeout says. WAL lets readers go on; `synchronous = full`
//! keeps an acknowledged row through a power loss. PostgreSQL has many writers: what must not run twice at once
//! takes a [lock](Tx::lock).

use std::{path::Path, time::Duration};

use jiff::Timestamp;
use sqlx::{
    PgPool, Postgres, Sqlite, SqlitePool, Transaction,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::statement::{Engine, Place, query, query_built};
use crate::settings::{Database, PostgresUrl};

/// What can go wrong with the database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be opened.
    #[error("cannot open the database {url}: {source}")]
    Open {
        /// Which.
        url: String,
        /// Why.
        source: sqlx::Error,
    },
    /// The tables cannot be brought up to date.
    #[error("cannot bring the database {url} up to date: {source}. Was it written by a newer Pullquote?")]
    Migrate {
        /// Which.
        url: String,
        /// Why.
        source: sqlx::migrate::MigrateError,
    },
    /// A statement failed.
    #[error("{what}: {source}")]
    Query {
        /// What was being done.
        what: &'static str,
        /// Why it failed.
        source: sqlx::Error,
    },
    /// A row holds what this version cannot read.
    #[error("the row {row} holds {column} `{value}`, which cannot be read")]
    Row {
        /// Table and key.
        row: String,
        /// The column.
        column: &'static str,
        /// What it holds, cut to a readable length.
        value: String,
    },
    /// The books of an issue do not balance: nothing more is written.
    #[error("the books of {issue} do not balance: {detail}. Nothing was changed; please report this")]
    Books {
        /// Digest and number.
        issue: String,
        /// The counts.
        detail: String,
    },
}

/// The error of a statement, with what was being done.
pub(crate) fn failed(what: &'static str) -> impl FnOnce(sqlx::Error) -> StoreError {
    move |source| StoreError::Query { what, source }
}

/// The error of a column that cannot be read.
pub(crate) fn bad_row(row: impl Into<String>, column: &'static str, value: &str) -> StoreError {
    StoreError::Row { row: row.into(), column, value: value.chars().take(80).collect() }
}

/// Every migration, in order. One that has shipped is never edited.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "first edition", include_str!("migrations/0001_first_edition.sql")),
    (2, "what sources tell", include_str!("migrations/0002_what_sources_tell.sql")),
    (3, "fetching", include_str!("migrations/0003_fetching.sql")),
    (4, "works", include_str!("migrations/0004_works.sql")),
    (5, "wire", include_str!("migrations/0005_wire.sql")),
    (6, "bounces", include_str!("migrations/0006_bounce.sql")),
    (7, "when", include_str!("migrations/0007_when.sql")),
    (8, "store", include_str!("migrations/0008_store.sql")),
    (9, "came back", include_str!("migrations/0009_came_back.sql")),
    (10, "drafts", include_str!("migrations/0010_drafts.sql")),
    (11, "orders", include_str!("migrations/0011_orders.sql")),
    (12, "quotations", include_str!("migrations/0012_quotations.sql")),
];

/// Connections to a PostgreSQL server that one process opens at most.
const CONNECTIONS: u32 = 10;

/// An open database.
#[derive(Debug, Clone)]
pub enum Db {
    /// A file.
    Sqlite {
        /// Its one writer.
        write: SqlitePool,
        /// Its readers.
        read: SqlitePool,
    },
    /// A server.
    Postgres(PgPool),
}

/// A database, described.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// Which engine.
    pub engine: Engine,
    /// Its version, as it says it.
    pub version: String,
    /// The last change to its tables that was made.
    pub migration: i64,
    /// Whether what is acknowledged outlasts a loss of power.
    pub keeps_through_power_loss: bool,
}

/// A transaction. Dropped without [`commit`](Tx::commit), it leaves no trace.
pub enum Tx {
    /// On SQLite, with the writer's lock from its start where it may write.
    Sqlite(Transaction<'static, Sqlite>),
    /// On PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

impl Db {
    /// Opens the database, making an SQLite file and its folder where they are missing, and brings its tables up
    /// to date. Several processes may do so at once: one of them does the work.
    ///
    /// # Errors
    /// Where it cannot be opened or was written by a newer version.
    pub async fn open(database: &Database) -> Result<Self, StoreError> {
        let db = Self::connect(database).await?;
        db.migrate(database).await?;
        Ok(db)
    }

    async fn connect(database: &Database) -> Result<Self, StoreError> {
        let opened = |source| StoreError::Open { url: database.to_string(), source };
        match database {
            Database::Sqlite(path) => Self::connect_file(path).await.map_err(opened),
            Database::Postgres(url) => {
                let pool = PgPoolOptions::new()
                    .max_connections(CONNECTIONS)
                    .acquire_timeout(Duration::from_secs(15))
                    // Asking at every turn whether the server is still there costs a round trip; after a pause it
                    // is worth one, since servers and firewalls drop idle connections.
                    .test_before_acquire(false)
                    .before_acquire(|connection, meta| {
                        Box::pin(async move {
                            if meta.idle_for > Duration::from_secs(20) {
                                sqlx::Connection::ping(connection).await?;
                            }
                            Ok(true)
                        })
                    })
                    // By a statement, since poolers in between refuse what they do not know at the start.
                    .after_connect(|connection, _| {
                        Box::pin(async move { sqlx::query(END_IDLE).execute(connection).await.map(drop) })
                    })
                    .connect_with(server_options(url).map_err(opened)?);
                Ok(Self::Postgres(pool.await.map_err(opened)?))
            }
        }
    }

    async fn connect_file(path: &Path) -> Result<Self, sqlx::Error> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(sqlx::Error::Io)?;
        }
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(30))
            .foreign_keys(true);
        let write = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        let read = SqlitePoolOptions::new().max_connections(4).connect_with(options.read_only(true)).await?;
        Ok(Self::Sqlite { write, read })
    }

    async fn migrate(&self, database: &Database) -> Result<(), StoreError> {
        let migration = |&(version, name, sql): &(i64, &'static str, &'static str)| {
            Migration::new(version, name.into(), MigrationType::Simple, sqlx::SqlSafeStr::into_sql_str(sql), false)
        };
        let migrator = Migrator::with_migrations(MIGRATIONS.iter().map(migration).collect());
        let done = match self {
            // The lock comes before the look at what is there, so that two processes that start at once do not
            // both find a table missing.
            Self::Sqlite { write, .. } => migrate_file(write, &migrator).await,
            // There the migrator takes an advisory lock.
            Self::Postgres(pool) => migrator.run(pool).await,
        };
        done.map_err(|source| StoreError::Migrate { url: database.to_string(), source })
    }

    /// Which engine it is.
    pub const fn engine(&self) -> Engine {
        match self {
            Self::Sqlite { .. } => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// Where readers ask.
    pub(crate) fn read(&self) -> Place<'_> {
        match self {
            Self::Sqlite { read, .. } => Place::SqlitePool(read),
            Self::Postgres(pool) => Place::PostgresPool(pool),
        }
    }

    /// Where single statements write.
    pub(crate) fn write(&self) -> Place<'_> {
        match self {
            Self::Sqlite { write, .. } => Place::SqlitePool(write),
            Self::Postgres(pool) => Place::PostgresPool(pool),
        }
    }

    /// A transaction that writes. On SQLite it is alone from its start; on PostgreSQL each of its statements sees
    /// what others have committed, and what must be alone takes a [lock](Tx::lock).
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        match self {
            Self::Sqlite { write, .. } => write.begin_with("begin immediate").await.map(Tx::Sqlite),
            Self::Postgres(pool) => pool.begin().await.map(Tx::Postgres),
        }
        .map_err(failed("starting a transaction"))
    }

    /// A transaction that writes rows which it finds by their keys, whatever the planner believes.
    ///
    /// PostgreSQL knows nothing of a table that was filled a moment ago. It then takes a condition on a state for a
    /// handful of rows, reads them all, and holds each against each of the rows that are given: a minute where a
    /// look into the primary key by row takes a blink. So in these transactions nothing else is on offer.
    pub(crate) async fn begin_by_key(&self) -> Result<Tx, StoreError> {
        const BEGIN: &str = "begin; set local enable_seqscan = off; set local enable_bitmapscan = off; \
             set local enable_hashjoin = off; set local enable_mergejoin = off";
        match self {
            Self::Sqlite { .. } => self.begin().await,
            Self::Postgres(pool) => {
                pool.begin_with(BEGIN).await.map(Tx::Postgres).map_err(failed("starting a transaction"))
            }
        }
    }

    /// A transaction that reads: all of its statements see the database at one moment.
    pub(crate) async fn begin_read(&self) -> Result<Tx, StoreError> {
        match self {
            Self::Sqlite { read, .. } => read.begin().await.map(Tx::Sqlite),
            Self::Postgres(pool) => {
                pool.begin_with("begin isolation level repeatable read read only").await.map(Tx::Postgres)
            }
        }
        .map_err(failed("starting to read"))
    }

    /// What the database says of itself.
    ///
    /// # Errors
    /// Where it does not answer.
    pub async fn describe(&self) -> Result<Description, StoreError> {
        const SQL: &str = "select {current_setting('server_version')|sqlite_version()} as version, \
             {current_setting('fsync') = 'on' and current_setting('synchronous_commit') <> 'off'|1 = 1} as safe, \
             (select max(version) from _sqlx_migrations) as migration";
        let row = query(SQL).fetch_one(self.read()).await.map_err(failed("asking the database"))?;
        let (engine, migration) = (self.engine(), row.get("migration"));
        Ok(Description { engine, version: row.get("version"), migration, keeps_through_power_loss: row.get("safe") })
    }

    /// Answers whether the database answers.
    ///
    /// # Errors
    /// Where it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        query("select 1").execute(self.read()).await.map_err(failed("asking the database")).map(|_| ())
    }

    /// Closes all connections, the write-ahead log of SQLite folded in.
    pub async fn close(self) {
        match self {
            Self::Sqlite { write, read } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    /// Waits until no other transaction holds the lock of that name in this database, and holds it to the end. A
    /// writer on SQLite holds it already.
    pub(crate) async fn lock(&mut self, name: &str) -> Result<(), StoreError> {
        self.advise("pg_advisory_xact_lock", name).await
    }

    /// Holds the lock of that name together with others who share it, and without anybody who [holds it
    /// alone](Self::lock).
    pub(crate) async fn share_lock(&mut self, name: &str) -> Result<(), StoreError> {
        self.advise("pg_advisory_xact_lock_shared", name).await
    }

    async fn advise(&mut self, function: &'static str, name: &str) -> Result<(), StoreError> {
        let Self::Postgres(_) = self else { return Ok(()) };
        // The schema is part of the name: two houses in one database do not wait for each other.
        let sql = format!("select {function}(hashtextextended('pullquote/' || current_schema() || '/' || $1, 0))");
        let locked = query_built(sql).bind(name).execute(self).await;
        locked.map_err(failed("waiting for another process")).map(|_| ())
    }

    /// Ends it without a trace, at once: dropped, it ends when its connection is next free to say so.
    pub(crate) async fn rollback(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(tx) => tx.rollback().await,
            Self::Postgres(tx) => tx.rollback().await,
        }
    }

    /// Makes what was written last.
    ///
    /// # Errors
    /// Where the database fails: then nothing was written.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
        }
    }
}

impl<'a> From<&'a mut Tx> for Place<'a> {
    fn from(tx: &'a mut Tx) -> Self {
        match tx {
            Tx::Sqlite(tx) => Place::Sqlite(tx),
            Tx::Postgres(tx) => Place::Postgres(tx),
        }
    }
}

async fn migrate_file(write: &SqlitePool, migrator: &Migrator) -> Result<(), MigrateError> {
    let mut tx = write.begin_with("begin immediate").await?;
    // By the connection itself: as something that a connection can be had from, it is not `Send` in every place.
    migrator.run_direct(None, &mut *tx, false).await?;
    Ok(tx.commit().await?)
}

/// A process that is frozen in the middle of a transaction holds its rows for as long as its connection stands, and all
/// others wait. The server ends such a transaction before the lease of a worker runs out; no statement of ours leaves a
/// transaction idle for as long.
const END_IDLE: &str = "set idle_in_transaction_session_timeout = '20s'";

/// How a server is reached. What the URL does not say is taken from the usual variables and files of PostgreSQL.
fn server_options(url: &PostgresUrl) -> Result<PgConnectOptions, sqlx::Error> {
    let options: PgConnectOptions = url.expose().parse()?;
    Ok(if options.get_application_name().is_none() { options.application_name("pullquote") } else { options })
}

/// An instant as the tables keep it.
pub(crate) fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// An instant out of a table.
pub(crate) fn instant(row: &str, column: &'static str, millis: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(millis).map_err(|_| bad_row(row, column, &millis.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_database_file_is_made_with_its_folder_and_opens_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/pullquote.db");
        let place = Database::Sqlite(path);
        Db::open(&place).await.unwrap().close().await;
        let db = Db::open(&place).await.unwrap();
        db.ping().await.unwrap();
        db.close().await;
    }
}
