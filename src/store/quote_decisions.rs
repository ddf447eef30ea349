//! An editor's decisions on quotes: kept one after the other, the newest holding.

use super::{
    db::{Db, StoreError, Tx, bad_row, failed, instant, millis},
    statement::{Row, query},
};
use crate::{
    model::{Quote, QuoteDecision, Review, ReviewId, Span, quote_decision::SetSentences},
    quote::{self, Choice},
};

/// Keeps a decision after those before it.
///
/// # Errors
/// Where the database fails, or there is no such review.
pub async fn keep(db: &Db, id: &ReviewId, decision: &QuoteDecision) -> Result<(), StoreError> {
    let mut tx = db.begin().await?;
    tx.lock("quote decisions").await?;
    let set = decision.set.as_ref();
    query(
        "insert into quote_decisions (review_id, number, spans, words, spoilers_allowed, reason, decided_by, decided_at) \
         select $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6, $7 from quote_decisions where review_id = $1",
    )
    .bind(id.as_str())
    .bind(set.map(|set| serde_json::json!(set.spans).to_string()))
    .bind(set.map(|set| set.words.clone()))
    .bind(i64::from(set.is_some_and(|set| set.spoilers_allowed)))
    .bind(&decision.reason)
    .bind(&decision.by)
    .bind(millis(decision.at))
    .execute(&mut tx)
    .await
    .map_err(failed("keeping a decision on a quote"))?;
    tx.commit().await.map_err(failed("keeping a decision on a quote"))
}

/// All decisions on the quote of a review, oldest first.
///
/// # Errors
/// Where the database fails.
pub async fn of_review(db: &Db, id: &ReviewId) -> Result<Vec<QuoteDecision>, StoreError> {
    let mut tx = db.begin_read().await?;
    all(&mut tx, id).await
}

/// What stands to be quoted from a review: the sentences that an editor set, where they still hold and fit, else what
/// was chosen.
///
/// # Errors
/// Where the database fails.
pub async fn standing(db: &Db, review: &Review, max_chars: usize, chosen: Choice) -> Result<Choice, StoreError> {
    let mut tx = db.begin_read().await?;
    over(&mut tx, review, max_chars, chosen).await
}

/// The quote that an editor set, whatever its length; `None` where none is set, or it does not hold any longer.
///
/// # Errors
/// Where the database fails.
pub async fn set_quote(db: &Db, review: &Review) -> Result<Option<Quote>, StoreError> {
    let newest = of_review(db, &review.id).await?.pop();
    Ok(newest.and_then(|decision| decision.set).and_then(|set| held(review, &set, usize::MAX)))
}

/// As [`standing`], within a transaction.
pub(super) async fn over(db: &mut Tx, review: &Review, max_chars: usize, chosen: Choice) -> Result<Choice, StoreError> {
    let newest = all(db, &review.id).await?.pop();
    let set = newest.and_then(|decision| decision.set).and_then(|set| held(review, &set, max_chars));
    Ok(match set {
        Some(quote) => Choice { quote: Some(quote), passages: Vec::new(), ..chosen },
        None => chosen,
    })
}

/// The quote of sentences set by hand, checked as when they were set; `None` where they do not hold any longer: the
/// review changed, a mark came to close them, or the limit is shorter now.
pub fn held(review: &Review, set: &SetSentences, max_chars: usize) -> Option<Quote> {
    let quote = quote::by_hand(review, &set.spans, max_chars, set.spoilers_allowed).ok()?;
    (quote.text() == set.words).then_some(quote)
}

/// As [`of_review`], within a transaction.
pub(super) async fn all(db: &mut Tx, id: &ReviewId) -> Result<Vec<QuoteDecision>, StoreError> {
    let rows = query(
        "select number, spans, words, spoilers_allowed, reason, decided_by, decided_at from quote_decisions \
         where review_id = $1 order by number",
    )
    .bind(id.as_str())
    .fetch_all(db)
    .await
    .map_err(failed("looking for decisions on a quote"))?;
    rows.iter().map(|row| from_row(row, id)).collect()
}

fn from_row(row: &Row, id: &ReviewId) -> Result<QuoteDecision, StoreError> {
    let name = format!("quote_decisions/{id}/{}", row.get::<i64>("number"));
    let (spans, words): (Option<String>, Option<String>) = (row.get("spans"), row.get("words"));
    let set = match (spans, words) {
        (Some(spans), Some(words)) => {
            let spans: Vec<Span> = serde_json::from_str(&spans).map_err(|_| bad_row(&name, "spans", &spans))?;
            Some(SetSentences { spans, words, spoilers_allowed: row.get::<i64>("spoilers_allowed") != 0 })
        }
        _ => None,
    };
    Ok(QuoteDecision {
        set,
        reason: row.get("reason"),
        by: row.get("decided_by"),
        at: instant(&name, "decided_at", row.get("decided_at"))?,
    })
}
