//! A statement that runs on either engine: one SQL text, what is bound to its placeholders, the rows it gives.
//!
//! The text uses `$1` placeholders and what SQLite and PostgreSQL have in common. Where they must differ, the text
//! says so in braces: `{for PostgreSQL|for SQLite}`; without the bar, SQLite gets nothing, as for
//! `{for update of d skip locked}`, which a database with one writer does not need. Lists of ids go as JSON:
//! `id in (select value from {json_array_elements_text(cast($1 as json))|json_each($1)})`.
//!
//! Columns are texts or 64-bit integers, and nothing else is bound or read. On PostgreSQL `sum(…)` of such a column
//! is no 64-bit integer any more: write `cast(sum(…) as bigint)`.

use std::{borrow::Cow, pin::Pin};

use sqlx::{
    Database, Decode, Encode, PgConnection, PgPool, Postgres, Row as _, SqlSafeStr, SqlStr, Sqlite, SqliteConnection,
    SqlitePool, Type, postgres::PgRow, sqlite::SqliteRow,
};

use crate::model::Line;

/// Which database it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file, one writer at a time.
    Sqlite,
    /// A server, many processes.
    Postgres,
}

impl Engine {
    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// A value bound to a placeholder.
#[derive(Debug, Clone)]
pub(crate) enum Value<'q> {
    Integer(Option<i64>),
    Text(Option<Cow<'q, str>>),
}

/// A statement with its values.
#[derive(Debug)]
#[must_use = "a statement does nothing until it is run"]
pub(crate) struct Query<'q> {
    sql: Cow<'static, str>,
    values: Vec<Value<'q>>,
}

/// A statement as written in the source.
pub(crate) fn query<'q>(sql: &'static str) -> Query<'q> {
    Query { sql: Cow::Borrowed(sql), values: Vec::new() }
}

/// A statement put together from constants: never from what somebody typed.
pub(crate) fn query_built<'q>(sql: String) -> Query<'q> {
    Query { sql: Cow::Owned(sql), values: Vec::new() }
}

/// The placeholders of many rows, for `values …`: `($first, $first+1), (…)`.
pub(crate) fn placeholders(first: usize, columns: usize, rows: usize) -> String {
    let row = |row: usize| {
        let numbers = (0..columns).map(|column| format!("${}", first + row * columns + column));
        format!("({})", numbers.collect::<Vec<_>>().join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

/// Where a statement runs: on a pool or inside a transaction.
pub(crate) enum Place<'a> {
    SqlitePool(&'a SqlitePool),
    PostgresPool(&'a PgPool),
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

/// What a statement gives once it has run. It is boxed so that the compiler need not look through it for every
/// future that awaits it.
pub(crate) type Running<'a, T, E = sqlx::Error> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'a>>;

/// Runs a query by the given method wherever it is to run, and turns what comes into what is wanted.
macro_rules! run {
    ($query:ident, $place:ident, $method:ident, $into:expr) => {
        match $place.into() {
            Place::SqlitePool(pool) => {
                let built = $query.built::<Sqlite>(Engine::Sqlite);
                Box::pin(async move { built.$method(pool).await.map($into) })
            }
            Place::PostgresPool(pool) => {
                let built = $query.built::<Postgres>(Engine::Postgres);
                Box::pin(async move { built.$method(pool).await.map($into) })
            }
            Place::Sqlite(connection) => {
                let built = $query.built::<Sqlite>(Engine::Sqlite);
                Box::pin(async move { built.$method(connection).await.map($into) })
            }
            Place::Postgres(connection) => {
                let built = $query.built::<Postgres>(Engine::Postgres);
                Box::pin(async move { built.$method(connection).await.map($into) })
            }
        }
    };
}

impl<'q> Query<'q> {
    /// Binds the next placeholder.
    ///
    /// A NUL, which no text of PostgreSQL may hold, becomes U+FFFD on both engines: one character for one, so that
    /// spans into the text stay right.
    pub(crate) fn bind(mut self, value: impl Into<Value<'q>>) -> Self {
        self.values.push(match value.into() {
            Value::Text(Some(text)) if text.contains('\0') => Value::Text(Some(text.replace('\0', "\u{FFFD}").into())),
            value => value,
        });
        self
    }

    /// Runs it and gives the number of rows it wrote.
    pub(crate) fn execute<'a>(self, place: impl Into<Place<'a>>) -> Running<'a, u64> {
        run!(self, place, execute, |done| done.rows_affected())
    }

    /// The row it gives.
    pub(crate) fn fetch_one<'a>(self, place: impl Into<Place<'a>>) -> Running<'a, Row> {
        run!(self, place, fetch_one, Row::from)
    }

    /// The row it gives, where it gives one.
    pub(crate) fn fetch_optional<'a>(self, place: impl Into<Place<'a>>) -> Running<'a, Option<Row>> {
        run!(self, place, fetch_optional, |row| row.map(Row::from))
    }

    /// All rows it gives.
    pub(crate) fn fetch_all<'a>(self, place: impl Into<Place<'a>>) -> Running<'a, Vec<Row>> {
        run!(self, place, fetch_all, |rows| rows.into_iter().map(Row::from).collect())
    }

    fn built<DB: Database>(self, engine: Engine) -> sqlx::query::Query<'static, DB, DB::Arguments>
    where
        Option<i64>: for<'t> Encode<'t, DB> + Type<DB>,
        for<'t> Option<&'t str>: Encode<'t, DB> + Type<DB>,
    {
        let mut built = sqlx::query::<DB>(text(self.sql, engine));
        for value in &self.values {
            built = match value {
                Value::Integer(number) => built.bind(*number),
                Value::Text(text) => built.bind(text.as_deref()),
            };
        }
        built
    }
}

/// The text as one engine reads it.
fn text(sql: Cow<'static, str>, engine: Engine) -> SqlStr {
    if !sql.contains('{') {
        return match sql {
            Cow::Borrowed(sql) => sql.into_sql_str(),
            Cow::Owned(sql) => sqlx::AssertSqlSafe(sql).into_sql_str(),
        };
    }
    let mut text = String::with_capacity(sql.len());
    let mut rest = &*sql;
    while let Some((before, (inside, after))) =
        rest.split_once('{').and_then(|(before, after)| Some((before, after.split_once('}')?)))
    {
        let (postgres, sqlite) = inside.split_once('|').unwrap_or((inside, ""));
        text.push_str(before);
        text.push_str(if engine == Engine::Postgres { postgres } else { sqlite });
        rest = after;
    }
    text.push_str(rest);
    sqlx::AssertSqlSafe(text).into_sql_str()
}

/// What a column can be read as: what both engines keep alike. PostgreSQL would not read a 64-bit integer as a shorter
/// one, and only when it comes to it.
pub(crate) trait Column<'r>: Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres> {}

impl Column<'_> for i64 {}
impl Column<'_> for Option<i64> {}
impl Column<'_> for String {}
impl Column<'_> for Option<String> {}
impl<'r> Column<'r> for &'r str {}
impl<'r> Column<'r> for Option<&'r str> {}
impl Column<'_> for bool {}

/// A row of either engine.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    /// A column by name.
    ///
    /// # Panics
    /// Where there is no such column, or it is of another type: a slip in a statement, which its test on both
    /// engines finds.
    pub(crate) fn get<'r, T: Column<'r>>(&'r self, column: &str) -> T {
        match self {
            Self::Sqlite(row) => row.get(column),
            Self::Postgres(row) => row.get(column),
        }
    }
}

impl From<SqliteRow> for Row {
    fn from(row: SqliteRow) -> Self {
        Self::Sqlite(row)
    }
}

impl From<PgRow> for Row {
    fn from(row: PgRow) -> Self {
        Self::Postgres(row)
    }
}

macro_rules! value_from {
    ($($type:ty => $variant:ident),+ $(,)?) => {$(
        impl<'q> From<$type> for Value<'q> {
            fn from(value: $type) -> Self {
                Self::$variant(Some(value.into()))
            }
        }
        impl<'q> From<Option<$type>> for Value<'q> {
            fn from(value: Option<$type>) -> Self {
                Self::$variant(value.map(Into::into))
            }
        }
    )+};
}

value_from!(i64 => Integer, u32 => Integer, i16 => Integer, &'q str => Text, &'q String => Text, String => Text);

impl<'q> From<&'q Line> for Value<'q> {
    fn from(line: &'q Line) -> Self {
        Self::Text(Some(line.as_str().into()))
    }
}

impl<'q> From<&'q Option<Line>> for Value<'q> {
    fn from(line: &'q Option<Line>) -> Self {
        Self::Text(line.as_deref().map(Into::into))
    }
}

impl<'q> From<&'q Option<String>> for Value<'q> {
    fn from(value: &'q Option<String>) -> Self {
        Self::Text(value.as_deref().map(Into::into))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(sql: &'static str, engine: Engine) -> String {
        text(Cow::Borrowed(sql), engine).as_str().to_owned()
    }

    #[test]
    fn what_stands_in_braces_is_for_one_engine() {
        let sql = "select value from {a($1)|b($1)} order by 1{ for update skip locked}";
        assert_eq!(read(sql, Engine::Postgres), "select value from a($1) order by 1 for update skip locked");
        assert_eq!(read(sql, Engine::Sqlite), "select value from b($1) order by 1");
        assert_eq!(read("select 1", Engine::Sqlite), "select 1");
    }

    #[test]
    fn rows_of_placeholders_count_on() {
        assert_eq!(placeholders(3, 2, 2), "($3, $4), ($5, $6)");
    }
}
