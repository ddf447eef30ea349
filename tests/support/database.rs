//! A database of its own for each test: an SQLite file, or a schema on the PostgreSQL server that
//! `PULLQUOTE_TEST_POSTGRES` names where `PULLQUOTE_TEST_ENGINE=postgres` asks for it.

#![allow(dead_code, reason = "every test file uses its part")]

use std::{path::Path, time::Duration};

use pullquote::{settings::Database, store::Db};
use sqlx::{
    AssertSqlSafe, Connection as _, PgConnection, PgPool, SqlitePool, postgres::PgPoolOptions,
    sqlite::SqliteConnectOptions,
};
use tempfile::TempDir;

/// A database that goes away with this.
#[derive(Debug)]
pub struct TestDatabase {
    /// Where it is.
    pub location: Database,
    schema: Option<Schema>,
    folder: TempDir,
}

/// Whether this run is to use PostgreSQL.
pub fn wants_postgres() -> bool {
    std::env::var("PULLQUOTE_TEST_ENGINE").is_ok_and(|engine| engine == "postgres")
}

/// The server for tests, if there is one.
///
/// # Panics
/// Where all tests are asked for and there is none.
pub fn postgres_server() -> Option<String> {
    let server = std::env::var("PULLQUOTE_TEST_POSTGRES").ok().filter(|url| !url.is_empty());
    if server.is_none() {
        assert!(
            std::env::var_os("PULLQUOTE_TEST_ALL").is_none() && !wants_postgres(),
            "PULLQUOTE_TEST_POSTGRES names no PostgreSQL server, and tests on it are asked for"
        );
        println!("skipped: PULLQUOTE_TEST_POSTGRES names no PostgreSQL server");
    }
    server
}

impl TestDatabase {
    /// On the engine that this run asks for.
    pub fn fresh() -> Self {
        if wants_postgres() { Self::postgres().unwrap() } else { Self::sqlite() }
    }

    /// An SQLite file.
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let location = Database::Sqlite(folder.path().join("pullquote.db"));
        Self { location, schema: None, folder }
    }

    /// A schema on the server for tests; `None`, said as skipped, where there is no server.
    pub fn postgres() -> Option<Self> {
        let server = postgres_server()?;
        let folder = tempfile::tempdir().unwrap();
        let unique = folder.path().file_name().unwrap().to_string_lossy().to_lowercase();
        let name: String = unique.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        let name = format!("test_{}_{name}", std::process::id());
        on_server(&server, format!("create schema {name}")).unwrap();
        let mark = if server.contains('?') { '&' } else { '?' };
        let location = Database::parse(&format!("{server}{mark}options[search_path]={name}")).unwrap();
        Some(Self { location, schema: Some(Schema { server, name }), folder })
    }

    /// As `store.url` names it, password included.
    pub fn url(&self) -> String {
        match &self.location {
            Database::Sqlite(path) => format!("sqlite:{}", path.display()),
            Database::Postgres(url) => url.expose().to_owned(),
        }
    }

    /// A folder that goes away with it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Opened as the product opens it.
    pub async fn open(&self) -> Db {
        Db::open(&self.location).await.unwrap()
    }

    /// Past the product, to look and to lay traps. The tables must be there.
    pub async fn sql(&self) -> Sql {
        Sql::open(&self.location).await
    }
}

#[derive(Debug)]
struct Schema {
    server: String,
    name: String,
}

impl Drop for Schema {
    fn drop(&mut self) {
        let sql =
            format!("set client_min_messages = error; set lock_timeout = '10s'; drop schema {} cascade", self.name);
        if let Err(error) = on_server(&self.server, sql) {
            eprintln!("the schema {} is left over: {error}", self.name);
        }
    }
}

/// Runs statements on a thread of its own, so that a test need not wait inside its runtime.
fn on_server(server: &str, sql: String) -> Result<(), sqlx::Error> {
    let server = server.to_owned();
    let ran = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(sqlx::Error::Io)?;
        runtime.block_on(async {
            let mut connection = PgConnection::connect(&server).await?;
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.map(|_| ())
        })
    });
    ran.join().unwrap()
}

/// Raw statements on either engine.
#[derive(Debug, Clone)]
pub enum Sql {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Sql {
    /// Connects to what has been opened before.
    pub async fn open(location: &Database) -> Self {
        match location {
            Database::Sqlite(path) => {
                let options = SqliteConnectOptions::new().filename(path).busy_timeout(Duration::from_secs(20));
                Self::Sqlite(SqlitePool::connect_with(options).await.unwrap())
            }
            Database::Postgres(url) => {
                Self::Postgres(PgPoolOptions::new().max_connections(2).connect(url.expose()).await.unwrap())
            }
        }
    }

    /// Runs statements, which hold no values from outside; gives the rows written.
    pub async fn run(&self, sql: impl Into<String>) -> u64 {
        let sql = AssertSqlSafe(sql.into());
        match self {
            Self::Sqlite(pool) => sqlx::raw_sql(sql).execute(pool).await.unwrap().rows_affected(),
            Self::Postgres(pool) => sqlx::raw_sql(sql).execute(pool).await.unwrap().rows_affected(),
        }
    }

    /// Has every statement of that kind on a table fail with a message while a condition on the new row holds:
    /// `insert on issues`, `new.number = 2`.
    pub async fn trap(&self, name: &str, statement: &str, condition: Option<&str>, message: &str) {
        let when = condition.map(|condition| format!("when ({condition})")).unwrap_or_default();
        self.run(match self {
            Self::Sqlite(_) => {
                format!("create trigger {name} before {statement} {when} begin select raise(abort, '{message}'); end")
            }
            Self::Postgres(_) => format!(
                "create function {name}() returns trigger language plpgsql as \
                 $$ begin raise exception '{message}'; end $$; \
                 create trigger {name} before {statement} for each row {when} execute function {name}()"
            ),
        })
        .await;
    }

    /// Takes a trap away.
    pub async fn untrap(&self, name: &str, statement: &str) {
        let table = statement.rsplit(' ').next().unwrap();
        self.run(match self {
            Self::Sqlite(_) => format!("drop trigger {name}"),
            Self::Postgres(_) => format!("drop trigger {name} on {table}; drop function {name}()"),
        })
        .await;
    }

    /// The one number that a statement gives.
    pub async fn number(&self, sql: impl Into<String>) -> Option<i64> {
        let sql = AssertSqlSafe(sql.into());
        match self {
            Self::Sqlite(pool) => sqlx::query_scalar(sql).fetch_one(pool).await.unwrap(),
            Self::Postgres(pool) => sqlx::query_scalar(sql).fetch_one(pool).await.unwrap(),
        }
    }

    /// Rows of a table.
    pub async fn rows(&self, table: &str) -> i64 {
        self.number(format!("select count(*) from {table}")).await.unwrap()
    }
}
