//! Works: one row for all reviews of one thing, found by what a review says of it.

use super::{
    db::{StoreError, Tx, bad_row, failed},
    statement::{Row, query},
};
use crate::model::{Line, OutsideId, Work, WorkKind, text::slug};

/// The id (and URL part) of the work that a review describes: a known one that is
/// [the same](Work::same_as), or a new one. `None` where the review names none.
///
/// What the review knows and the row does not is added to the row.
pub(super) async fn resolve(db: &mut Tx, work: &Work) -> Result<Option<String>, StoreError> {
    let (Some(title), Some(key)) = (&work.title, work.title_key()) else { return Ok(None) };
    for (id, mut known) in candidates(db, &key, &work.ids).await? {
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
    query("insert into works (id, title_key, title, year, kind, creators) values ($1, $2, $3, $4, $5, $6)")
        .bind(&id)
        .bind(key)
        .bind(title)
        .bind(work.year)
        .bind(work.kind.map(WorkKind::as_str))
        .bind(creators(work))
        .execute(&mut *db)
        .await
        .map_err(failed("storing a work"))?;
    put_ids(db, &id, work).await?;
    Ok(Some(id))
}

/// The works that may be meant: those that have one of the ids, then those of that title.
async fn candidates(db: &mut Tx, key: &str, ids: &[OutsideId]) -> Result<Vec<(String, Work)>, StoreError> {
    let mut found = Vec::new();
    for outside in ids {
        let row = query(
            "select w.id, w.title, w.year, w.kind, w.creators from works w join work_ids i on i.work_id = w.id \
             where i.id = $1",
        )
        .bind(outside.to_string())
        .fetch_optional(&mut *db)
        .await
        .map_err(failed("looking for a work by its id"))?;
        found.extend(row.as_ref().map(from_row).transpose()?);
    }
    found.extend(with_title_key(db, key).await?);
    for (id, work) in &mut found {
        work.ids = ids_of(db, id).await?;
    }
    Ok(found)
}

async fn ids_of(db: &mut Tx, work: &str) -> Result<Vec<OutsideId>, StoreError> {
    let rows = query("select id from work_ids where work_id = $1 order by id")
        .bind(work)
        .fetch_all(db)
        .await
        .map_err(failed("looking for the ids of a work"))?;
    let mut known = Work::default();
    for row in &rows {
        let id: String = row.get("id");
        let id = OutsideId::try_from(id).map_err(|id| bad_row(format!("work_ids/{work}"), "id", &id))?;
        known.add_id(Some(id));
    }
    Ok(known.ids)
}

/// Notes the ids of a work; one that another work has stays with it.
async fn put_ids(db: &mut Tx, id: &str, work: &Work) -> Result<(), StoreError> {
    for outside in &work.ids {
        query("insert into work_ids (id, work_id) values ($1, $2) on conflict (id) do nothing")
            .bind(outside.to_string())
            .bind(id)
            .execute(&mut *db)
            .await
            .map_err(failed("storing the id of a work"))?;
    }
    Ok(())
}

async fn with_title_key(db: &mut Tx, key: &str) -> Result<Vec<(String, Work)>, StoreError> {
    let rows = query("select id, title, year, kind, creators from works where title_key = $1 order by id")
        .bind(key)
        .fetch_all(db)
        .await
        .map_err(failed("looking for a work"))?;
    rows.iter().map(from_row).collect()
}

async fn update(db: &mut Tx, id: &str, work: &Work) -> Result<(), StoreError> {
    query("update works set year = $2, kind = $3, creators = $4 where id = $1")
        .bind(id)
        .bind(work.year)
        .bind(work.kind.map(WorkKind::as_str))
        .bind(creators(work))
        .execute(&mut *db)
        .await
        .map_err(failed("adding to a work"))?;
    put_ids(db, id, work).await
}

/// A slug that no work has yet: the title, then with the year, then counted.
async fn free_slug(db: &mut Tx, title: &str, year: Option<i16>) -> Result<String, StoreError> {
    let plain = slug(title, "work");
    let dated = year.map(|year| format!("{plain}-{year}"));
    let counted = (2..).map(|n| format!("{plain}-{n}"));
    for candidate in std::iter::once(plain.clone()).chain(dated).chain(counted) {
        let taken = query("select 1 from works where id = $1")
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

fn from_row(row: &Row) -> Result<(String, Work), StoreError> {
    let id: String = row.get("id");
    let creators: String = row.get("creators");
    let work = Work {
        title: Line::new(row.get::<&str>("title")),
        year: row.get::<Option<i64>>("year").and_then(|year| i16::try_from(year).ok()),
        kind: row.get::<Option<&str>>("kind").and_then(WorkKind::parse),
        creators: serde_json::from_str(&creators).map_err(|_| bad_row(format!("works/{id}"), "creators", &creators))?,
        ids: Vec::new(),
    };
    Ok((id, work))
}
