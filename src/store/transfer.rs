//! All that a database holds, taken to one on the other engine; and a copy of an SQLite file.
//!
//! Tables, their columns and their order are asked of the SQLite side, so that none can be forgotten. Everything is
//! written in one transaction of the target and read back before that is committed: a move that is cut short leaves
//! the target as empty as it was. The source is locked for writers meanwhile, and nothing in it changes.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::Path,
};

use jiff::Timestamp;

use super::{
    db::{Db, StoreError, Tx, failed, millis},
    statement::{Engine, Row, Value, placeholders, query, query_built},
};

/// Rows read at a time.
const PAGE: i64 = 2000;

/// Values bound to one statement at most: SQLite takes 32,766.
const VALUES: usize = 30_000;

/// What can keep a database from being moved.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// Both sides are of the same engine.
    #[error("both databases are {0}; `pullquote database move` goes from one engine to the other")]
    SameEngine(&'static str),
    /// There is something in the target already.
    #[error("the target holds data already (in the table {table}): give an empty database, or drop its tables first")]
    NotEmpty {
        /// The first table with rows.
        table: String,
    },
    /// Workers hold deliveries.
    #[error(
        "workers hold {held} deliveries at this moment ({workers}): stop every `pullquote serve` and `send`, which \
         lets them finish, then try again. If none is running, one was killed: start `pullquote serve` once, so that \
         it takes back what that one held"
    )]
    Held {
        /// How many.
        held: u64,
        /// By whom.
        workers: String,
    },
    /// What was read back is not what was written.
    #[error("the table {table} did not arrive as it was ({sent} rows sent, {arrived} arrived): nothing was moved")]
    Differs {
        /// Which.
        table: String,
        /// Rows in the source.
        sent: u64,
        /// Rows in the target.
        arrived: u64,
    },
    /// A column of a kind that no table of ours has.
    #[error("the column {table}.{column} is of the type {kind}, which cannot be moved")]
    Column {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// Its declared type.
        kind: String,
    },
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A table that is being moved, and how far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The table.
    pub table: String,
    /// Rows written so far.
    pub rows: u64,
    /// Whether all of it was written, and read back.
    pub verified: bool,
}

struct Column {
    name: String,
    is_text: bool,
}

struct Table {
    name: String,
    columns: Vec<Column>,
}

impl Table {
    fn column_list(&self) -> String {
        self.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ")
    }

    fn values(&self, row: &Row) -> Vec<Value<'static>> {
        let value = |column: &Column| match column.is_text {
            true => row.get::<Option<String>>(&column.name).into(),
            false => row.get::<Option<i64>>(&column.name).into(),
        };
        self.columns.iter().map(value).collect()
    }
}

/// What a table holds, whatever the order of its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Sum {
    rows: u64,
    hash: u64,
}

impl Sum {
    fn add(&mut self, values: &[Value<'_>]) {
        let mut hasher = DefaultHasher::new();
        for value in values {
            match value {
                Value::Integer(number) => number.hash(&mut hasher),
                // As it is bound: a NUL does not arrive as one.
                Value::Text(text) => text.as_deref().map(|text| text.replace('\0', "\u{FFFD}")).hash(&mut hasher),
            }
        }
        self.rows += 1;
        self.hash = self.hash.wrapping_add(hasher.finish());
    }
}

/// Takes everything from one database to the other, and gives the number of rows.
///
/// # Errors
/// Where it may not be done now, or fails: then the target is as it was.
pub async fn transfer(
    from: &Db,
    to: &Db,
    now: Timestamp,
    mut progress: impl FnMut(Step),
) -> Result<u64, TransferError> {
    let engine = from.engine();
    if engine == to.engine() {
        return Err(TransferError::SameEngine(engine.name()));
    }
    let mut source = from.begin().await?;
    let mut target = to.begin().await?;
    let tables = match engine {
        Engine::Sqlite => tables(&mut source).await?,
        Engine::Postgres => tables(&mut target).await?,
    };
    lock(&mut source, &tables).await?;
    lock(&mut target, &tables).await?;
    refuse_held(&mut source, now).await?;
    for table in &tables {
        let sql = format!("select 1 from {} limit 1", table.name);
        let row = query_built(sql).fetch_optional(&mut target).await.map_err(failed("looking into the target"))?;
        if row.is_some() {
            return Err(TransferError::NotEmpty { table: table.name.clone() });
        }
    }
    let mut all = 0;
    for table in &tables {
        let mut step = |rows, verified| progress(Step { table: table.name.clone(), rows, verified });
        let sent = copy(&mut source, &mut target, table, |rows| step(rows, false)).await?;
        let arrived = read(&mut target, table).await?;
        if sent != arrived {
            let (sent, arrived) = (sent.rows, arrived.rows);
            return Err(TransferError::Differs { table: table.name.clone(), sent, arrived });
        }
        step(sent.rows, true);
        all += sent.rows;
    }
    // A fresh database knows nothing of its rows, and would search them the wrong way. The tables are named, since
    // others may live in the same database.
    let names = tables.iter().map(|table| table.name.as_str()).collect::<Vec<_>>().join(", ");
    let sql = format!("analyze{{ {names}}}");
    query_built(sql).execute(&mut target).await.map_err(failed("taking stock of the target"))?;
    target.commit().await.map_err(failed("moving a database"))?;
    Ok(all)
}

/// The tables of the SQLite side, those that others refer to first.
async fn tables(sqlite: &mut Tx) -> Result<Vec<Table>, TransferError> {
    const TABLES: &str = "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' \
         and name <> '_sqlx_migrations' order by name";
    const COLUMNS: &str = "select name, type from pragma_table_info($1) order by cid";
    const REFERS: &str = "select distinct \"table\" as name from pragma_foreign_key_list($1)";
    let asked = || failed("asking for the tables");
    let names = query(TABLES).fetch_all(&mut *sqlite).await.map_err(asked())?;
    let names: Vec<String> = names.iter().map(|row| row.get("name")).collect();
    let (mut waiting, mut refers) = (Vec::new(), HashMap::new());
    for name in names {
        let mut columns = Vec::new();
        for row in query(COLUMNS).bind(&name).fetch_all(&mut *sqlite).await.map_err(asked())? {
            let (column, kind): (String, String) = (row.get("name"), row.get("type"));
            let is_text = match kind.to_ascii_lowercase().as_str() {
                "text" => true,
                "bigint" | "integer" => false,
                _ => return Err(TransferError::Column { table: name, column, kind }),
            };
            columns.push(Column { name: column, is_text });
        }
        let to = query(REFERS).bind(&name).fetch_all(&mut *sqlite).await.map_err(asked())?;
        refers.insert(name.clone(), to.iter().map(|row| row.get("name")).collect::<Vec<String>>());
        waiting.push(Table { name, columns });
    }
    let mut ordered: Vec<Table> = Vec::new();
    while !waiting.is_empty() {
        let known = |name: &String, ordered: &[Table]| ordered.iter().any(|table| table.name == *name);
        let ready = waiting.iter().position(|table| {
            refers.get(&table.name).is_none_or(|to| to.iter().all(|to| *to == table.name || known(to, &ordered)))
        });
        // Tables that refer to each other in a ring have no right order; ours do not.
        ordered.push(waiting.remove(ready.unwrap_or(0)));
    }
    Ok(ordered)
}

/// Keeps other writers out; on SQLite the transaction does so already.
async fn lock(tx: &mut Tx, tables: &[Table]) -> Result<(), StoreError> {
    let Tx::Postgres(_) = tx else { return Ok(()) };
    let names = tables.iter().map(|table| table.name.as_str()).collect::<Vec<_>>().join(", ");
    let sql = format!("lock table {names} in share row exclusive mode");
    query_built(sql).execute(tx).await.map_err(failed("keeping writers out")).map(|_| ())
}

async fn refuse_held(source: &mut Tx, now: Timestamp) -> Result<(), TransferError> {
    const SQL: &str = "select worker, count(*) as number_of from deliveries \
         where state = 'claimed' group by worker order by worker";
    let rows = query(SQL).fetch_all(source).await.map_err(failed("looking for what workers hold"))?;
    let held = rows.iter().map(|row| row.get::<i64>("number_of").unsigned_abs()).sum();
    if held == 0 {
        return Ok(());
    }
    let workers: Vec<String> = rows.iter().filter_map(|row| row.get("worker")).collect();
    tracing::debug!(at = millis(now), held, "deliveries are held");
    Err(TransferError::Held { held, workers: workers.join(", ") })
}

async fn copy(
    source: &mut Tx,
    target: &mut Tx,
    table: &Table,
    mut progress: impl FnMut(u64),
) -> Result<Sum, StoreError> {
    let columns = table.columns.len();
    let (name, list) = (&table.name, table.column_list());
    let mut sum = Sum::default();
    let mut pages = Pages::open(source, table).await?;
    loop {
        let rows = pages.next(source).await?;
        if rows.is_empty() {
            break;
        }
        for some in rows.chunks((VALUES / columns).max(1)) {
            let sql = format!("insert into {name} ({list}) values {}", placeholders(1, columns, some.len()));
            let mut insert = query_built(sql);
            for values in some {
                sum.add(values);
                insert = values.iter().cloned().fold(insert, |insert, value| insert.bind(value));
            }
            insert.execute(&mut *target).await.map_err(failed("writing to the target"))?;
        }
        progress(sum.rows);
    }
    pages.close(source).await?;
    Ok(sum)
}

async fn read(tx: &mut Tx, table: &Table) -> Result<Sum, StoreError> {
    let mut sum = Sum::default();
    let mut pages = Pages::open(tx, table).await?;
    loop {
        let rows = pages.next(tx).await?;
        if rows.is_empty() {
            break;
        }
        rows.iter().for_each(|values| sum.add(values));
    }
    pages.close(tx).await?;
    Ok(sum)
}

/// A table, a page at a time: by a cursor on PostgreSQL, by the number of the row on SQLite.
struct Pages<'t> {
    table: &'t Table,
    after: i64,
}

impl<'t> Pages<'t> {
    async fn open(tx: &mut Tx, table: &'t Table) -> Result<Self, StoreError> {
        if let Tx::Postgres(_) = tx {
            let sql = format!(
                "declare {} no scroll cursor for select {} from {}",
                cursor(table),
                table.column_list(),
                table.name
            );
            query_built(sql).execute(tx).await.map_err(failed("reading a table"))?;
        }
        Ok(Self { table, after: i64::MIN })
    }

    async fn next(&mut self, tx: &mut Tx) -> Result<Vec<Vec<Value<'static>>>, StoreError> {
        let rows = match tx {
            Tx::Postgres(_) => query_built(format!("fetch {PAGE} from {}", cursor(self.table))).fetch_all(tx).await,
            Tx::Sqlite(_) => {
                let (list, name) = (self.table.column_list(), &self.table.name);
                let sql =
                    format!("select {list}, rowid as row_number_ from {name} where rowid > $1 order by rowid limit $2");
                query_built(sql).bind(self.after).bind(PAGE).fetch_all(tx).await
            }
        };
        let rows = rows.map_err(failed("reading a table"))?;
        if let Some(last @ Row::Sqlite(_)) = rows.last() {
            self.after = last.get("row_number_");
        }
        Ok(rows.iter().map(|row| self.table.values(row)).collect())
    }

    async fn close(self, tx: &mut Tx) -> Result<(), StoreError> {
        if let Tx::Postgres(_) = tx {
            query_built(format!("close {}", cursor(self.table)))
                .execute(tx)
                .await
                .map_err(failed("reading a table"))?;
        }
        Ok(())
    }
}

/// A name of its own for each table, since a statement that was prepared for one is not right for another.
fn cursor(table: &Table) -> String {
    format!("moving_{}", table.name)
}

/// Writes a copy of an SQLite database, whole and of one moment, while others go on using it.
///
/// # Errors
/// Where it is no SQLite database (`None`), or the file cannot be written.
pub async fn backup(db: &Db, file: &Path) -> Result<Option<()>, StoreError> {
    if db.engine() != Engine::Sqlite {
        return Ok(None);
    }
    let path = file.display().to_string();
    query("vacuum into $1").bind(path).execute(db.write()).await.map_err(failed("writing a copy of the database"))?;
    Ok(Some(()))
}
