//! Works: one row for all reviews of one thing, found by what a review says of it.

use sqlx::{Row as _, SqliteConnection};

use super::db::{StoreError, bad_row, failed};
use crate::model::{Work, WorkKind, text::slug};

/// The id (and URL part) of the work that a review describes: a known one that is
/// [the same](Work::same_as), or a new one. `None` where the review names none.
///
/// What the review knows and the row does not is added to the row.
pub(super) async fn resolve(db: &mut SqliteConnection, work: &Work) -> Result<Option<String>, StoreError> {
    let (Some(title), Some(key)) = (&work.title, work.title_key()) else { return Ok(None) };
    for (id, mut known) in with_title_key(db, &key).await? {
        if known.same_as(work) {
            let before = known.clone();
            known.fill_from(work);
            if known != before {
                update(db, &id, &known).await?;
            }
            return Ok(Some(id));
        }
    }
    let id = free_slug(db, title, work.year).await?;
    sqlx::query("insert into works (id, title_key, title, year, kind, creators) values ($1, $2, $3, $4, $5, $6)")
        .bind(&id)
        .bind(key)
        .bind(title)
        .bind(work.year)
        .bind(work.kind.map(WorkKind::as_str))
        .bind(creators(work))
        .execute(db)
        .await
        .map_err(failed("storing a work"))?;
    Ok(Some(id))
}

async fn with_title_key(db: &mut SqliteConnection, key: &str) -> Result<Vec<(String, Work)>, StoreError> {
    let rows = sqlx::query("select id, title, year, kind, creators from works where title_key = $1 order by id")
        .bind(key)
        .fetch_all(db)
        .await
        .map_err(failed("looking for a work"))?;
    rows.iter().map(from_row).collect()
}

async fn update(db: &mut SqliteConnection, id: &str, work: &Work) -> Result<(), StoreError> {
    sqlx::query("update works set year = $2, kind = $3, creators = $4 where id = $1")
        .bind(id)
        .bind(work.year)
        .bind(work.kind.map(WorkKind::as_str))
        .bind(creators(work))
        .execute(db)
        .await
        .map_err(failed("adding to a work"))
        .map(|_| ())
}

/// A slug that no work has yet: the title, then with the year, then counted.
async fn free_slug(db: &mut SqliteConnection, title: &str, year: Option<i16>) -> Result<String, StoreError> {
    let plain = slug(title, "work");
    let dated = year.map(|year| format!("{plain}-{year}"));
    let counted = (2..).map(|n| format!("{plain}-{n}"));
    for candidate in std::iter::once(plain.clone()).chain(dated).chain(counted) {
        let taken = sqlx::query("select 1 from works where id = $1")
            .bind(&candidate)
            .fetch_optional(&mut *db)
            .await
            .map_err(failed("looking for a free address of a work"))?;
        if taken.is_none() {
            return Ok(candidate);
        }
    }
    Ok(plain)
}

fn creators(work: &Work) -> String {
    serde_json::json!(work.creators).to_string()
}

fn from_row(row: &sqlx::sqlite::SqliteRow) -> Result<(String, Work), StoreError> {
    let id: String = row.get("id");
    let creators: String = row.get("creators");
    let work = Work {
        title: Some(row.get("title")),
        year: row.get("year"),
        kind: row.get::<Option<&str>, _>("kind").and_then(WorkKind::parse),
        creators: serde_json::from_str(&creators).map_err(|_| bad_row(format!("works/{id}"), "creators", &creators))?,
    };
    Ok((id, work))
}
