//! The dates of front matter: when the review appeared, and in which year the work did.

use serde_json::Value;

use super::{printed, texts};
use crate::{
    model::Published,
    read::{day, title},
};

/// Keys of the day of the review: first when it was published, then when the work was read or seen.
const PUBLISHED: [&str; 33] = [
    "date",
    "published",
    "date_published",
    "pub_date",
    "pubdate",
    "publish_date",
    "published_at",
    "published_on",
    "posted",
    "date_reviewed",
    "review_date",
    "reviewed",
    "reviewed_on",
    "created",
    "created_at",
    "date_created",
    "datum",
    "fecha",
    "data",
    "дата",
    "date_read",
    "read_on",
    "date_finished",
    "finished",
    "finished_on",
    "date_completed",
    "completed_date",
    "date_watched",
    "watched",
    "watched_on",
    "watched_date",
    "seen",
    "data_leitura",
];

/// Keys of the year in which the work came out.
const RELEASED: [&str; 27] = [
    "year",
    "release_year",
    "publication_year",
    "publish_year",
    "published_year",
    "year_published",
    "year_released",
    "year_of_release",
    "original_year",
    "first_published",
    "book_published",
    "movie_year",
    "film_year",
    "released",
    "release_date",
    "release",
    "jahr",
    "erscheinungsjahr",
    "annee",
    "ano",
    "anio",
    "anno",
    "rok",
    "jaar",
    "год",
    "ano_original",
    "date_released",
];

/// When the review appeared.
pub fn published(data: &Value, review: &Value) -> Option<Published> {
    let direct = PUBLISHED.iter().flat_map(|key| texts(data.get(*key)).into_iter().chain(texts(review.get(*key))));
    let other = data.as_object().into_iter().flatten().filter(|(key, _)| {
        let no = ["update", "lastmod", "modified", "release", "added", "expiry", "start", "birth", "due"];
        key.ends_with("date") && !no.iter().any(|no| key.contains(no))
    });
    let other = other.flat_map(|(_, value)| texts(Some(value)));
    direct.chain(other).find_map(|text| Published::parse(text.trim()).or_else(|| day::field(&text).map(Published::Day)))
}

/// The year of the work. `published: 1901` is one, since a day has more to it.
pub fn released(data: &Value) -> Option<i16> {
    let stated = RELEASED.iter().find_map(|key| data.get(*key).and_then(year));
    stated.or_else(|| {
        ["published", "publication_date", "date_published"].iter().find_map(|key| {
            let text = printed(data.get(*key)?)?;
            title::year(Some(text.trim()).filter(|text| text.len() == 4)?)
        })
    })
}

/// The year that a value begins or ends with; of several, the first edition's.
pub fn year(value: &Value) -> Option<i16> {
    if let Value::Array(list) = value {
        return list.iter().filter_map(year).min();
    }
    let text = printed(value)?;
    let text = text.trim();
    let starts = text.get(..4).filter(|_| !text[4..].starts_with(|c: char| c.is_ascii_digit()));
    let ends = || text.len().checked_sub(4).and_then(|at| text.get(at..));
    starts.and_then(title::year).or_else(|| ends().and_then(title::year))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_year_is_the_works_and_a_day_the_reviews() {
        let data = json!({"published": "1901", "finished_on": "2024-03-02", "title": "Glass"});
        assert_eq!(released(&data), Some(1901));
        assert_eq!(published(&data, &Value::Null).map(|p| p.to_string()).as_deref(), Some("2024-03-02"));
        let data = json!({"year": ["2017", "2013"], "last_modified_date": "2024-03-02"});
        assert_eq!((released(&data), published(&data, &Value::Null)), (Some(2013), None));
        assert_eq!(year(&json!("10 May 1999")), Some(1999));
        assert_eq!(year(&json!("12345")), None);
    }
}
