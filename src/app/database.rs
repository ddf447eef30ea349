//! The database as a whole: moving it to the other engine, copying it.

use std::path::Path;

use super::AppError;
use crate::{
    clock::Clock,
    settings::Database,
    store::{
        Db,
        transfer::{self, Step},
    },
};

/// Moves everything in `from` to the empty database `to`, and gives the number of rows. The source stays as it is.
///
/// # Errors
/// Where one cannot be opened, or it may not be done now; then the target is as it was.
pub async fn relocate(
    from: &Database,
    to: &Database,
    clock: &Clock,
    progress: impl FnMut(Step),
) -> Result<u64, AppError> {
    if let Database::Sqlite(path) = from
        && !path.is_file()
    {
        return Err(AppError::Input(format!("there is no database {from} to be moved: store.url names it")));
    }
    let source = Db::open(from).await?;
    let target = Db::open(to).await?;
    let moved = transfer::transfer(&source, &target, clock.now(), progress).await;
    source.close().await;
    target.close().await;
    moved.map_err(|error| AppError::Input(format!("{from} to {to}: {error}")))
}

/// Writes a copy of the SQLite database to a new file.
///
/// # Errors
/// Where the file is there already or cannot be written, or the database is not SQLite.
pub async fn backup(database: &Database, file: &Path) -> Result<(), AppError> {
    let shown = file.display();
    if file.exists() {
        return Err(AppError::Input(format!("{shown} is there already, and is not written over")));
    }
    if let Database::Sqlite(path) = database
        && !path.is_file()
    {
        return Err(AppError::Input(format!("there is no database {database} to be copied: store.url names it")));
    }
    let db = Db::open(database).await?;
    let copied = transfer::backup(&db, file).await;
    db.close().await;
    match copied? {
        Some(()) => Ok(()),
        None => Err(AppError::Input(format!(
            "{database} is on a PostgreSQL server, which has its own way: pg_dump --format=custom --file={shown} URL"
        ))),
    }
}
