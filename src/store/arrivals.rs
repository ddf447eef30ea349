//! Arrivals: which review came to which digest, when, and whether it counts as news.

use jiff::Timestamp;

use super::{
    again::again,
    db::{Db, StoreError, Tx, failed, instant, millis},
    drafts, issues,
    reviews::{self, Change},
    statement::{Row, query, query_built},
};
use crate::{
    compose::Standing,
    model::{Review, ReviewId, digest::First},
    quote,
};

/// A digest that a place is read for.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    /// The digest.
    pub digest: &'a str,
    /// What first contact does.
    pub first: First,
    /// Categories that make a review featured, in lower case.
    pub featured_categories: &'a [String],
    /// The limit for which quotes are chosen.
    pub max_chars: usize,
}

/// What a place gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Recorded {
    /// Reviews that were not known.
    pub new: usize,
    /// Reviews whose text or rating changed.
    pub changed: usize,
    /// Arrivals, over all digests.
    pub arrived: usize,
}

/// Takes in the reviews that one place gave, for all digests that read it, in one transaction: reviews,
/// arrivals and the quotes chosen from them. Sentences are chosen where a
/// review is new or changed, or was never quoted at that length.
///
/// # Errors
/// Where the database fails; then nothing was stored.
pub async fn record(
    db: &Db,
    locator: &str,
    readers: &[Reader<'_>],
    found: &[Review],
    now: Timestamp,
) -> Result<Recorded, StoreError> {
    again(|| record_once(db, locator, readers, found, now)).await
}

async fn record_once(
    db: &Db,
    locator: &str,
    readers: &[Reader<'_>],
    found: &[Review],
    now: Timestamp,
) -> Result<Recorded, StoreError> {
    let mut tx = db.begin().await?;
    // What is taken in is written by one process at a time, since the same review or work may come by two ways;
    // and no issue is frozen meanwhile for which it would come too late.
    tx.lock("intake").await?;
    let mut digests: Vec<&str> = readers.iter().map(|reader| reader.digest).collect();
    digests.sort_unstable();
    for digest in digests {
        tx.share_lock(&issues::digest_lock(digest)).await?;
    }
    let mut recorded = Recorded::default();
    let mut seeds = Vec::with_capacity(readers.len());
    for reader in readers {
        let first_contact = contact(&mut tx, reader.digest, locator, now).await?;
        seeds.push(first_contact && reader.first == First::Seed);
    }
    for review in found {
        let marked = readers.iter().any(|reader| has_category(review, reader.featured_categories));
        let change = reviews::put(&mut tx, review, marked, now).await?;
        match change {
            Change::New => recorded.new += 1,
            Change::Changed | Change::Written => recorded.changed += 1,
            Change::Same => {}
        }
        for (reader, seeded) in readers.iter().zip(&seeds) {
            let mut arrived = arrive(&mut tx, reader.digest, review, locator, *seeded, now).await?;
            if change == Change::Written && !arrived {
                arrived = renew(&mut tx, reader.digest, &review.id, now).await?;
            }
            recorded.arrived += usize::from(arrived);
            if reviews::choice(&mut tx, review, reader.max_chars).await?.is_none() {
                let choice = quote::choose(review, reader.max_chars);
                reviews::put_choice(&mut tx, &review.id, reader.max_chars, &choice, now).await?;
            }
        }
    }
    tx.commit().await.map_err(failed("storing what a source gave"))?;
    Ok(recorded)
}

fn has_category(review: &Review, featured: &[String]) -> bool {
    review.categories.iter().any(|category| featured.contains(&category.to_lowercase()))
}

/// Notes first contact; whether it is the first.
async fn contact(db: &mut Tx, digest: &str, locator: &str, now: Timestamp) -> Result<bool, StoreError> {
    let done = query("insert into contacts (digest, locator, at) values ($1, $2, $3) on conflict do nothing")
        .bind(digest)
        .bind(locator)
        .bind(millis(now))
        .execute(db)
        .await
        .map_err(failed("noting first contact with a source"))?;
    Ok(done > 0)
}

/// Whether a digest has had first contact with a place.
///
/// # Errors
/// Where the database fails.
pub async fn has_met(db: &Db, digest: &str, locator: &str) -> Result<bool, StoreError> {
    let row = query("select 1 from contacts where digest = $1 and locator = $2")
        .bind(digest)
        .bind(locator)
        .fetch_optional(db.read())
        .await
        .map_err(failed("looking for first contact with a source"))?;
    Ok(row.is_some())
}

/// Notes an arrival; whether it is one: a review arrives at a digest once.
///
/// The time noted is never before the end of the digest's last window, nor of that of a draft that waits, whatever the
/// clock says, so that a review can fall behind no window.
async fn arrive(
    db: &mut Tx,
    digest: &str,
    review: &Review,
    locator: &str,
    seeded: bool,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let done = query_built(format!(
        "insert into arrivals (digest, review_id, locator, arrived_at, seeded) \
         select $1, $2, $3, case when w.until > $4 then w.until else $4 end, $5 from ({}) w \
         where true on conflict do nothing",
        drafts::SHOWN_UNTIL
    ))
    .bind(digest)
    .bind(review.id.as_str())
    .bind(locator)
    .bind(millis(now))
    .bind(i64::from(seeded))
    .execute(db)
    .await
    .map_err(failed("noting an arrival"))?;
    Ok(done > 0)
}

/// Makes a known review news once more, whether it was seeded or in an issue already: its text has come.
async fn renew(db: &mut Tx, digest: &str, id: &ReviewId, now: Timestamp) -> Result<bool, StoreError> {
    let done = query_built(format!(
        "update arrivals set seeded = 0, arrived_at = w.at, renewed_at = w.at from \
         (select case when u.until > $3 then u.until else $3 end as at from ({}) u) w \
         where digest = $1 and review_id = $2",
        drafts::SHOWN_UNTIL
    ))
    .bind(digest)
    .bind(id.as_str())
    .bind(millis(now))
    .execute(db)
    .await
    .map_err(failed("noting that a review got its text"))?;
    Ok(done > 0)
}

/// How many reviews arrived since a digest's last window ended, as news.
///
/// # Errors
/// Where the database fails.
pub async fn count_waiting(db: &Db, digest: &str) -> Result<u64, StoreError> {
    let row = query(
        "select count(*) as n from arrivals a where a.digest = $1 and a.seeded = 0 and a.arrived_at >= \
         (select coalesce(max(window_until), 0) from issues where digest = $1 and moves_window = 1)",
    )
    .bind(digest)
    .fetch_one(db.read())
    .await
    .map_err(failed("counting what waits for an issue"))?;
    Ok(u64::try_from(row.get::<i64>("n")).unwrap_or(0))
}

/// Where a review stands with a digest, and the source it came by.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// The digest.
    pub digest: String,
    /// The source, as written in the digest file.
    pub locator: String,
    /// Arrival, star and use.
    pub standing: Standing,
}

/// The arrivals of one review at all digests.
///
/// # Errors
/// Where the database fails.
pub async fn of_review(db: &Db, id: &ReviewId) -> Result<Vec<Arrival>, StoreError> {
    let rows = query(
        "select a.digest, a.locator, a.arrived_at, a.seeded, r.featured_at, \
         (select max(i.composed_at) from issue_reviews u join issues i on i.digest = u.digest and i.number = u.number \
          where u.review_id = a.review_id and u.digest = a.digest \
          and (a.renewed_at is null or i.composed_at > a.renewed_at)) as used_at \
         from arrivals a join reviews r on r.id = a.review_id where a.review_id = $1 order by a.digest",
    )
    .bind(id.as_str())
    .fetch_all(db.read())
    .await
    .map_err(failed("looking for arrivals"))?;
    rows.iter()
        .map(|row| {
            Ok(Arrival {
                digest: row.get("digest"),
                locator: row.get("locator"),
                standing: standing(row, &format!("arrivals/{id}"))?,
            })
        })
        .collect()
}

/// Reads arrival, star and use out of a row that has those columns.
pub(super) fn standing(row: &Row, name: &str) -> Result<Standing, StoreError> {
    let time = |column| -> Result<Option<Timestamp>, StoreError> {
        row.get::<Option<i64>>(column).map(|at| instant(name, column, at)).transpose()
    };
    Ok(Standing {
        arrived_at: instant(name, "arrived_at", row.get("arrived_at"))?,
        seeded: row.get::<i64>("seeded") != 0,
        featured_at: time("featured_at")?,
        used_at: time("used_at")?,
    })
}
