//! The database: opening, migrating, one writer beside many readers.
//!
//! SQLite takes one writer at a time: the write pool has one connection, and writers start with
//! `begin immediate`, since a deferred transaction that upgrades fails at once with "busy" whatever the
//! timeout says. WAL lets readers go on; `synchronous = full` keeps an acknowledged row through a power loss.

use std::{path::Path, time::Duration};

use jiff::Timestamp;
use sqlx::{
    Sqlite, SqlitePool, SqliteTransaction,
    migrate::{Migration, MigrationType, Migrator},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

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
const MIGRATIONS: [(i64, &str, &str); 4] = [
    (1, "first edition", include_str!("migrations/0001_first_edition.sql")),
    (2, "what sources tell", include_str!("migrations/0002_what_sources_tell.sql")),
    (3, "fetching", include_str!("migrations/0003_fetching.sql")),
    (6, "bounces", include_str!("migrations/0006_bounce.sql")),
];

/// An open database.
#[derive(Debug, Clone)]
pub struct Db {
    write: SqlitePool,
    read: SqlitePool,
}

impl Db {
    /// Opens the SQLite file, making it and its folder where they are missing, and brings its tables up
    /// to date.
    ///
    /// # Errors
    /// Where the file cannot be opened or was written by a newer version.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let url = path.display().to_string();
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)
                .map_err(|error| StoreError::Open { url: url.clone(), source: sqlx::Error::Io(error) })?;
        }
        let options = SqliteConnectOptions::new().filename(path);
        Self::with_options(options, url, 4).await
    }

    async fn with_options(options: SqliteConnectOptions, url: String, readers: u32) -> Result<Self, StoreError> {
        let options = options
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10))
            .foreign_keys(true);
        let opened = |source| StoreError::Open { url: url.clone(), source };
        let write = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await.map_err(opened)?;
        let db = Self { read: write.clone(), write };
        db.migrate(&url).await?;
        let read = SqlitePoolOptions::new().max_connections(readers).connect_with(options.read_only(true));
        Ok(Self { read: read.await.map_err(opened)?, ..db })
    }

    async fn migrate(&self, url: &str) -> Result<(), StoreError> {
        let migrations = MIGRATIONS.map(|(version, name, sql)| {
            Migration::new(version, name.into(), MigrationType::Simple, sqlx::SqlSafeStr::into_sql_str(sql), false)
        });
        let migrator = Migrator::with_migrations(migrations.into());
        migrator.run(&self.write).await.map_err(|source| StoreError::Migrate { url: url.to_owned(), source })
    }

    /// Where readers ask.
    pub(crate) fn read(&self) -> &SqlitePool {
        &self.read
    }

    /// Where single statements write.
    pub(crate) fn write(&self) -> &SqlitePool {
        &self.write
    }

    /// A transaction that has the writer's lock from its start.
    pub(crate) async fn begin(&self) -> Result<SqliteTransaction<'_>, StoreError> {
        self.write.begin_with("begin immediate").await.map_err(failed("starting a transaction"))
    }

    /// Answers whether the database answers.
    ///
    /// # Errors
    /// Where it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query::<Sqlite>("select 1").execute(&self.read).await.map_err(failed("asking the database")).map(|_| ())
    }

    /// Closes all connections, the write-ahead log folded in.
    pub async fn close(self) {
        self.read.close().await;
        self.write.close().await;
    }
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
        Db::open(&path).await.unwrap().close().await;
        let db = Db::open(&path).await.unwrap();
        db.ping().await.unwrap();
        db.close().await;
    }
}
