//! The rating that front matter states, and its scale.

use serde_json::Value;

use super::printed;
use crate::{
    model::Rating,
    read::{
        rating::{self, Scale},
        text::yaml,
    },
};

/// Keys of a reviewer's own mark, in the languages most met.
const KEYS: [&str; 38] = [
    "rating",
    "my_rating",
    "myrating",
    "score",
    "my_score",
    "stars",
    "star",
    "grade",
    "my_grade",
    "rating_value",
    "star_rating",
    "overall",
    "overall_rating",
    "overall_score",
    "final_score",
    "final_rating",
    "review_rating",
    "review_score",
    "book_rating",
    "movie_rating",
    "film_rating",
    "album_rating",
    "game_rating",
    "personal_rating",
    "note",
    "nota",
    "voto",
    "bewertung",
    "wertung",
    "valoracion",
    "puntuacion",
    "calificacion",
    "avaliacao",
    "ocena",
    "betyg",
    "waardering",
    "оценка",
    "評価",
];

/// The rating among the keys of a map.
pub fn of(data: &Value) -> Option<Rating> {
    for key in KEYS {
        let Some(value) = data.get(key) else { continue };
        let nested = value.as_object().and_then(|map| {
            ["value", "score", "rating", "rating_value", "overall"].iter().find_map(|key| printed(map.get(*key)?))
        });
        let Some(text) = nested.or_else(|| printed(value)) else { continue };
        let hint = data.get(format!("{key}{}", yaml::COMMENT)).and_then(Value::as_str);
        let best = best_of(data, value).or_else(|| hint.and_then(scale_of_comment));
        if let Some(rating) = rating::field(text.trim(), Scale { best, language: None }) {
            return Some(rating);
        }
    }
    None
}

/// A key of a rating with a word instead of a mark ("abandoned") says that there is none.
pub fn is_stated(data: &Value) -> bool {
    KEYS.iter().take(8).any(|key| data.get(*key).is_some_and(|value| !value.is_null()))
}

/// The best mark, where a key beside the rating or inside it says.
fn best_of(data: &Value, value: &Value) -> Option<f64> {
    let keys = [
        "rating_max",
        "max_rating",
        "best_rating",
        "rating_scale",
        "scale",
        "out_of",
        "max",
        "best",
        "score_max",
        "max_score",
        "rating_out_of",
    ];
    let found = keys.iter().find_map(|key| value.get(*key).or_else(|| data.get(*key)).and_then(printed))?;
    let last = found.rsplit(|c: char| !(c.is_ascii_digit() || c == '.')).find(|part| !part.is_empty())?;
    last.parse().ok().filter(|best| *best > 0.0)
}

/// `# out of 10`, `# 1-5`, `# /10`, `# 0, 1, 2, 3`: the highest number of a comment that states a scale.
fn scale_of_comment(comment: &str) -> Option<f64> {
    let numbers: Vec<f64> =
        comment.split(|c: char| !(c.is_ascii_digit() || c == '.')).filter_map(|part| part.parse().ok()).collect();
    let lower = comment.to_lowercase();
    let states = numbers.len() >= 2 || ["out of", "/", "max", "von"].iter().any(|word| lower.contains(word));
    numbers.into_iter().reduce(f64::max).filter(|best| states && *best > 0.0)
}
