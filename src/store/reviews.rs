//! Reviews: as they were read, with the quotes chosen from them and the stars they carry.
//!
//! How reviews come to a digest is in [`super::arrivals`].

use jiff::Timestamp;

use super::{
    db::{Db, StoreError, Tx, bad_row, failed, instant, millis},
    statement::{Row, query, query_built},
    works,
};
use crate::{
    model::{Body, Line, Published, Quote, Review, ReviewId, Span, Work},
    quote::Choice,
};

/// A review as the store keeps it.
#[derive(Debug, Clone)]
pub struct StoredReview {
    /// The review.
    pub review: Review,
    /// The URL part of its work.
    pub work_slug: Option<String>,
    /// When it was first read.
    pub first_seen_at: Timestamp,
    /// When it was starred, and by whom: `editor` or `source`.
    pub featured: Option<(Timestamp, String)>,
}

/// What storing a review changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It was not known.
    New,
    /// Text or rating are not what they were.
    Changed,
    /// It had no text, only a rating, and has one now: that is news.
    Written,
    /// Nothing that readers see.
    Same,
}

/// Every column of a review that [`from_row`] reads.
pub(super) const COLUMNS: &str = "r.id, r.source, r.identity, r.url, r.work_id, r.work, r.reviewer, r.published, r.rating, \
     r.language, r.spoilers, r.spoiler_spans, r.extent, r.body, r.verdicts, r.quotations, r.seams, r.people, r.categories, r.ids, r.details, \
     r.first_seen_at, r.featured_at, r.featured_by";

/// Stores a review, or what changed of it. A mark of the source (`featured`, or a category that the digest
/// names) counts as a star from the moment it is first seen.
pub(super) async fn put(
    db: &mut Tx,
    review: &Review,
    featured_by_source: bool,
    now: Timestamp,
) -> Result<Change, StoreError> {
    let known = query("select content_hash, body, ids, details from reviews where id = $1")
        .bind(review.id.as_str())
        .fetch_optional(&mut *db)
        .await
        .map_err(failed("looking for a review"))?;
    let hash = review.content_hash();
    let starred = (review.featured || featured_by_source).then_some(now);
    let change = match &known {
        None => Change::New,
        Some(row) if row.get::<&str>("content_hash") == hash => Change::Same,
        Some(row) if row.get::<&str>("body").is_empty() && !review.body.is_empty() => Change::Written,
        Some(_) => Change::Changed,
    };
    if matches!(change, Change::Changed | Change::Written) {
        query("delete from quotes where review_id = $1")
            .bind(review.id.as_str())
            .execute(&mut *db)
            .await
            .map_err(failed("dropping the quote of a changed review"))?;
    }
    let (ids, details) = (json(&review.work.ids), json(&review.details));
    let told = known.is_some_and(|row| row.get::<&str>("ids") != ids || row.get::<&str>("details") != details);
    if change != Change::Same || told {
        let work_id = works::resolve(db, &review.work).await?;
        write(db, review, work_id, &hash, now).await?;
    }
    if let Some(starred) = starred {
        query("update reviews set featured_at = $2, featured_by = 'source' where id = $1 and featured_at is null and featured_by is null")
            .bind(review.id.as_str())
            .bind(millis(starred))
            .execute(db)
            .await
            .map_err(failed("storing a source's star"))?;
    }
    Ok(change)
}

async fn write(
    db: &mut Tx,
    review: &Review,
    work_id: Option<String>,
    hash: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    query(
        "insert into reviews (id, source, identity, url, work_id, work, reviewer, published, rating, language, \
         spoilers, spoiler_spans, extent, body, verdicts, seams, people, categories, content_hash, \
         first_seen_at, updated_at, ids, details, quotations) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $20, $21, $22, $23) \
         on conflict (id) do update set url = excluded.url, work_id = excluded.work_id, work = excluded.work, \
         reviewer = excluded.reviewer, published = excluded.published, rating = excluded.rating, \
         language = excluded.language, spoilers = excluded.spoilers, spoiler_spans = excluded.spoiler_spans, \
         extent = excluded.extent, body = excluded.body, verdicts = excluded.verdicts, seams = excluded.seams, \
         people = excluded.people, categories = excluded.categories, content_hash = excluded.content_hash, \
         updated_at = excluded.updated_at, ids = excluded.ids, details = excluded.details, \
         quotations = excluded.quotations",
    )
    .bind(review.id.as_str())
    .bind(&review.source)
    .bind(&review.identity)
    .bind(&review.url)
    .bind(work_id)
    .bind(json(&review.work))
    .bind(&review.reviewer)
    .bind(review.published.map(|p| p.to_string()))
    .bind(review.rating.as_ref().map(json))
    .bind(&review.language)
    .bind(i64::from(review.spoilers))
    .bind(json(&review.spoiler_spans))
    .bind(review.extent.as_ref().map(json))
    .bind(review.body.as_str())
    .bind(json(&review.verdicts))
    .bind(json(&review.seams))
    .bind(json(&review.people))
    .bind(json(&review.categories))
    .bind(hash)
    .bind(millis(now))
    .bind(json(&review.work.ids))
    .bind(json(&review.details))
    .bind(json(&review.quotations))
    .execute(db)
    .await
    .map_err(failed("storing a review"))
    .map(|_| ())
}

/// JSON of plain data, which has a JSON form by construction.
fn json(value: &impl serde::Serialize) -> String {
    serde_json::json!(value).to_string()
}

/// Reads a row that has [`COLUMNS`].
pub(super) fn from_row(row: &Row) -> Result<StoredReview, StoreError> {
    let id: String = row.get("id");
    let name = format!("reviews/{id}");
    let id = ReviewId::parse(&id).ok_or_else(|| bad_row(&name, "id", &id))?;
    let published: Option<String> = row.get("published");
    let published =
        published.map(|p| Published::parse(&p).ok_or_else(|| bad_row(&name, "published", &p))).transpose()?;
    let featured_at: Option<i64> = row.get("featured_at");
    let featured_at = featured_at.map(|at| instant(&name, "featured_at", at)).transpose()?;
    let featured_by: Option<String> = row.get("featured_by");
    let review = Review {
        id,
        source: row.get("source"),
        identity: row.get("identity"),
        url: row.get("url"),
        work: Work { ids: parsed(row, &name, "ids")?, ..parsed(row, &name, "work")? },
        reviewer: row.get::<Option<&str>>("reviewer").and_then(Line::new),
        published,
        rating: optional(row, &name, "rating")?,
        language: row.get("language"),
        spoilers: row.get::<i64>("spoilers") != 0,
        spoiler_spans: parsed::<Vec<Span>>(row, &name, "spoiler_spans")?,
        extent: optional(row, &name, "extent")?,
        body: Body::new(row.get("body")),
        verdicts: parsed(row, &name, "verdicts")?,
        quotations: parsed(row, &name, "quotations")?,
        seams: parsed(row, &name, "seams")?,
        people: parsed(row, &name, "people")?,
        categories: parsed(row, &name, "categories")?,
        featured: featured_at.is_some(),
        details: parsed(row, &name, "details")?,
    };
    Ok(StoredReview {
        review,
        work_slug: row.get("work_id"),
        first_seen_at: instant(&name, "first_seen_at", row.get("first_seen_at"))?,
        featured: featured_at.map(|at| (at, featured_by.unwrap_or_default())),
    })
}

fn parsed<T: serde::de::DeserializeOwned>(row: &Row, name: &str, column: &'static str) -> Result<T, StoreError> {
    let text: String = row.get(column);
    serde_json::from_str(&text).map_err(|_| bad_row(name, column, &text))
}

fn optional<T: serde::de::DeserializeOwned>(
    row: &Row,
    name: &str,
    column: &'static str,
) -> Result<Option<T>, StoreError> {
    let text: Option<String> = row.get(column);
    text.map(|text| serde_json::from_str(&text).map_err(|_| bad_row(name, column, &text))).transpose()
}

/// A review by its id.
///
/// # Errors
/// Where the database fails.
pub async fn get(db: &Db, id: &ReviewId) -> Result<Option<StoredReview>, StoreError> {
    let row = query_built(format!("select {COLUMNS} from reviews r where r.id = $1"))
        .bind(id.as_str())
        .fetch_optional(db.read())
        .await
        .map_err(failed("looking for a review"))?;
    row.as_ref().map(from_row).transpose()
}

/// As [`get`], within a transaction.
pub(super) async fn get_in(db: &mut Tx, id: &ReviewId) -> Result<Option<StoredReview>, StoreError> {
    let row = query_built(format!("select {COLUMNS} from reviews r where r.id = $1"))
        .bind(id.as_str())
        .fetch_optional(db)
        .await
        .map_err(failed("looking for a review"))?;
    row.as_ref().map(from_row).transpose()
}

/// The reviews whose URL or source is the text given.
///
/// # Errors
/// Where the database fails.
pub async fn by_place(db: &Db, place: &str) -> Result<Vec<StoredReview>, StoreError> {
    let sql = format!("select {COLUMNS} from reviews r where r.url = $1 or r.source = $1 order by r.id");
    let rows =
        query_built(sql).bind(place).fetch_all(db.read()).await.map_err(failed("looking for reviews by place"))?;
    rows.iter().map(from_row).collect()
}

/// The newest reviews, of one digest or of all.
///
/// # Errors
/// Where the database fails.
pub async fn newest(db: &Db, digest: Option<&str>, limit: i64) -> Result<Vec<StoredReview>, StoreError> {
    let sql = format!(
        "select {COLUMNS} from reviews r where $1 is null or exists \
         (select 1 from arrivals a where a.review_id = r.id and a.digest = $1) \
         order by r.first_seen_at desc, r.id limit $2"
    );
    let rows =
        query_built(sql).bind(digest).bind(limit).fetch_all(db.read()).await.map_err(failed("listing reviews"))?;
    rows.iter().map(from_row).collect()
}

/// Stars a review, or takes the star away. Whether there is such a review.
///
/// # Errors
/// Where the database fails.
pub async fn set_featured(db: &Db, id: &ReviewId, at: Option<Timestamp>) -> Result<bool, StoreError> {
    let done = query("update reviews set featured_at = $2, featured_by = 'editor' where id = $1")
        .bind(id.as_str())
        .bind(at.map(millis))
        .execute(db.write())
        .await
        .map_err(failed("starring a review"))?;
    Ok(done > 0)
}

/// Keeps the sentences chosen from a review for one limit of length.
pub(super) async fn put_choice(
    db: &mut Tx,
    id: &ReviewId,
    max_chars: usize,
    choice: &Choice,
    now: Timestamp,
) -> Result<(), StoreError> {
    query(
        "insert into quotes (review_id, max_chars, spans, withheld, chosen_at, passages) values ($1, $2, $3, $4, $5, $6) \
         on conflict (review_id, max_chars) do update set spans = excluded.spans, withheld = excluded.withheld, \
         chosen_at = excluded.chosen_at, passages = excluded.passages",
    )
    .bind(id.as_str())
    .bind(max_chars as i64)
    .bind(choice.quote.as_ref().map(|quote| json(&quote.spans())))
    .bind(choice.withheld as i64)
    .bind(millis(now))
    .bind(json(&choice.passages))
    .execute(db)
    .await
    .map_err(failed("storing a quote"))
    .map(|_| ())
}

/// The sentences chosen beforehand, their spans checked against the body once more; `None` where none
/// were chosen for that limit, or where they do not hold any longer.
pub(super) async fn choice(db: &mut Tx, review: &Review, max_chars: usize) -> Result<Option<Choice>, StoreError> {
    let row = query("select spans, withheld, passages from quotes where review_id = $1 and max_chars = $2")
        .bind(review.id.as_str())
        .bind(max_chars as i64)
        .fetch_optional(db)
        .await
        .map_err(failed("looking for a quote"))?;
    let Some(row) = row else { return Ok(None) };
    let withheld = usize::try_from(row.get::<i64>("withheld")).unwrap_or(0);
    let Some(spans) = row.get::<Option<String>>("spans") else {
        return Ok(Some(Choice { withheld, ..Choice::default() }));
    };
    let name = format!("quotes/{}", review.id);
    let spans: Vec<Span> = serde_json::from_str(&spans).map_err(|_| bad_row(&name, "spans", &spans))?;
    // An older version kept no passages.
    let passages = row.get::<Option<String>>("passages").unwrap_or_else(|| "[]".to_owned());
    let passages = serde_json::from_str(&passages).map_err(|_| bad_row(&name, "passages", &passages))?;
    Ok(Quote::new(&review.body, spans).ok().map(|quote| Choice { quote: Some(quote), withheld, passages }))
}

/// The sentences chosen beforehand for a limit of length, whatever an editor set; `None` where none were chosen for it.
///
/// # Errors
/// Where the database fails.
pub async fn chosen(db: &Db, review: &Review, max_chars: usize) -> Result<Option<Choice>, StoreError> {
    let mut tx = db.begin_read().await?;
    choice(&mut tx, review, max_chars).await
}

/// The quote chosen from a review, for whatever length; `None` where none was safe.
///
/// # Errors
/// Where the database fails.
pub async fn any_quote(db: &Db, review: &Review) -> Result<Option<Quote>, StoreError> {
    let row = query("select spans from quotes where review_id = $1 and spans is not null order by max_chars limit 1")
        .bind(review.id.as_str())
        .fetch_optional(db.read())
        .await
        .map_err(failed("looking for a quote"))?;
    let Some(row) = row else { return Ok(None) };
    let spans: String = row.get("spans");
    let name = format!("quotes/{}", review.id);
    let spans: Vec<Span> = serde_json::from_str(&spans).map_err(|_| bad_row(name, "spans", &spans))?;
    Ok(Quote::new(&review.body, spans).ok())
}
