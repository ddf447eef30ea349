//! A review as a page's markup states it, whatever the format.

use serde_json::Value;

use crate::{
    model::{Published, Rating, Work, WorkKind, text::fold_space},
    read::{day, rating, title},
};

/// What one review node says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Marked {
    /// The text, where the markup holds it.
    pub body: Option<String>,
    /// The reviewer's rating; never an aggregate.
    pub rating: Option<Rating>,
    /// Who wrote it.
    pub author: Option<String>,
    /// When.
    pub published: Option<Published>,
    /// The item reviewed.
    pub work: Work,
    /// The review's own address.
    pub url: Option<String>,
}

/// A date as markup prints it.
pub fn date(text: &str) -> Option<Published> {
    Published::parse(text.trim()).or_else(|| day::field(text).map(Published::Day))
}

/// The kind that a schema.org type names.
pub fn kind(of: &str) -> Option<WorkKind> {
    let name = of.rsplit(['/', '#', ':']).next().unwrap_or(of);
    match name {
        "Movie" | "TVSeries" | "TVSeason" | "TVEpisode" | "Episode" | "Film" | "MovieSeries" => Some(WorkKind::Film),
        "Book" | "BookSeries" | "ComicIssue" | "ComicSeries" | "Audiobook" => Some(WorkKind::Book),
        "MusicAlbum" | "MusicRecording" | "MusicRelease" | "MusicEvent" => Some(WorkKind::Album),
        "Game" | "VideoGame" => Some(WorkKind::Game),
        "Product"
        | "Restaurant"
        | "LocalBusiness"
        | "Hotel"
        | "FoodEstablishment"
        | "BarOrPub"
        | "SoftwareApplication"
        | "Place"
        | "Event" => Some(WorkKind::Other),
        _ => None,
    }
}

/// A stated mark with its best; best is 5 where the markup does not say and the mark allows it.
pub fn stated(value: &str, best: Option<&str>) -> Option<Rating> {
    let best_number = best.and_then(rating::number);
    let printed = match best_number {
        Some(_) if !value.contains('/') => format!("{}/{}", value.trim(), best.unwrap_or_default().trim()),
        _ => value.trim().to_owned(),
    };
    match rating::number(value) {
        Some(number) => rating::of_numbers(&printed, number, best_number),
        None => rating::field(value, rating::Scale { best: best_number, language: None }),
    }
}

/// A title as markup states it.
pub fn named(text: &str) -> Option<String> {
    title::tidy(&unescaped(text))
}

/// Text of JSON-LD, in which pages leave character references and tags.
pub fn unescaped(text: &str) -> String {
    if text.contains(['&', '<']) {
        return super::render::of_html(text);
    }
    text.to_owned()
}

/// The same for a review's text, in which hidden spoilers are marked.
pub fn unescaped_text(text: &str) -> String {
    if text.contains(['&', '<']) { super::render::marked_html(text) } else { text.to_owned() }
}

/// A JSON value printed as one line.
pub fn printed(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(fold_space(text)).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(list) => list.iter().find_map(printed),
        Value::Object(map) => ["name", "@value", "value"].iter().find_map(|key| printed(map.get(*key)?)),
        _ => None,
    }
}
