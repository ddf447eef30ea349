//! The thing reviewed: film, book, album, game or other.
//!
//! Two reviewers rarely print the same title line. [`Work::same_as`] says when two descriptions mean
//! one work; finding a title in a text is [`crate::read`]'s.

use serde::{Deserialize, Serialize};

use super::{
    line::{self, Line},
    outside_id::OutsideId,
    text::norm,
};

/// What kind of thing a work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WorkKind {
    /// A film or a series.
    Film,
    /// A book, comic or story.
    Book,
    /// An album, single or concert.
    Album,
    /// A game, on a screen or a table.
    Game,
    /// Anything else: a place, a device, a play.
    Other,
}

impl WorkKind {
    /// Every kind, in the order of the contract.
    pub const ALL: [Self; 5] = [Self::Film, Self::Book, Self::Album, Self::Game, Self::Other];

    /// The word of the JSON contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Film => "film",
            Self::Book => "book",
            Self::Album => "album",
            Self::Game => "game",
            Self::Other => "other",
        }
    }

    /// The kind named by a word of the contract.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// What a review says of the work it is about. A field that the text does not state is `None` or empty.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Work {
    /// The title as printed, without year and site name.
    #[serde(deserialize_with = "line::read_one")]
    pub title: Option<Line>,
    /// The year of release, 1000 to 2999.
    pub year: Option<i16>,
    /// The kind.
    pub kind: Option<WorkKind>,
    /// Directors, authors, artists, studios: who made it.
    #[serde(deserialize_with = "line::read_all")]
    pub creators: Vec<Line>,
    /// Its ids in catalogues, in order. The JSON contract of a work has no place for them: they are kept in columns
    /// of their own.
    #[serde(skip)]
    pub ids: Vec<OutsideId>,
}

/// Release years differ by a year between countries; more than that is another work.
const YEARS_APART: i16 = 1;

impl Work {
    /// A work of which only the title is known. A blank one is none.
    pub fn titled(title: impl AsRef<str>) -> Self {
        Self { title: Line::new(title), ..Self::default() }
    }

    /// The title as it is compared: [`norm`], without a leading article.
    pub fn title_key(&self) -> Option<String> {
        let title = norm(self.title.as_deref()?);
        const ARTICLES: [&str; 14] =
            ["the", "a", "an", "der", "die", "das", "la", "le", "les", "el", "los", "il", "lo", "o"];
        let bare = match title.split_once(' ') {
            Some((first, rest)) if ARTICLES.contains(&first) => rest.to_owned(),
            _ => title,
        };
        (!bare.is_empty()).then_some(bare)
    }

    /// Whether both descriptions mean one work: an id in common; else the same title, years at most one apart,
    /// kinds that do not contradict, and where both name creators and no year ties them, a creator in common.
    /// Two ids of one catalogue are two works.
    pub fn same_as(&self, other: &Self) -> bool {
        if let Some(same) = self.same_by_id(other) {
            return same;
        }
        let (Some(a), Some(b)) = (self.title_key(), other.title_key()) else { return false };
        if a != b || self.kinds_contradict(other) {
            return false;
        }
        match (self.year, other.year) {
            (Some(a), Some(b)) => (a - b).abs() <= YEARS_APART,
            _ => self.creators.is_empty() || other.creators.is_empty() || self.shares_creator(other),
        }
    }

    /// What the ids alone say; `None` where they say nothing.
    fn same_by_id(&self, other: &Self) -> Option<bool> {
        if self.ids.iter().any(|id| other.ids.contains(id)) {
            return Some(true);
        }
        let rivals = |a: &OutsideId, b: &OutsideId| a.catalogue() == b.catalogue() && a.catalogue().one_per_work();
        self.ids.iter().any(|a| other.ids.iter().any(|b| rivals(a, b))).then_some(false)
    }

    /// Names makers beside those that are named already.
    pub fn add_creators<T: AsRef<str>>(&mut self, names: impl IntoIterator<Item = T>) {
        self.creators.extend(Line::all(names));
    }

    /// Adds an id that is not known yet.
    pub fn add_id(&mut self, id: Option<OutsideId>) {
        if let Some(id) = id
            && let Err(at) = self.ids.binary_search(&id)
        {
            self.ids.insert(at, id);
        }
    }

    /// Whether a creator of one is named by the other, a family name alone counting as a match.
    pub fn shares_creator(&self, other: &Self) -> bool {
        self.creators.iter().any(|a| other.creators.iter().any(|b| same_person(a, b)))
    }

    fn kinds_contradict(&self, other: &Self) -> bool {
        matches!((self.kind, other.kind), (Some(a), Some(b)) if a != b)
    }

    /// Fills what is unknown here from another description of the same work. A stated value stays.
    pub fn fill_from(&mut self, other: &Self) {
        self.title = self.title.take().or_else(|| other.title.clone());
        self.year = self.year.or(other.year);
        self.kind = self.kind.or(other.kind);
        if self.creators.is_empty() {
            self.creators.clone_from(&other.creators);
        }
        other.ids.iter().for_each(|id| self.add_id(Some(id.clone())));
    }
}

/// Whether two printed names can mean one person: all words of the shorter are in the longer.
pub fn same_person(a: &str, b: &str) -> bool {
    let (a, b) = (norm(a), norm(b));
    let (a, b): (Vec<_>, Vec<_>) = (a.split(' ').collect(), b.split(' ').collect());
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    !short[0].is_empty() && short.iter().all(|word| long.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Catalogue;

    fn work(title: &str, year: Option<i16>, creators: &[&str]) -> Work {
        Work { title: Line::new(title), year, kind: None, creators: Line::all(creators), ids: Vec::new() }
    }

    #[test]
    fn release_years_one_apart_are_one_work() {
        assert!(work("Her", Some(2013), &[]).same_as(&work("her", Some(2014), &[])));
        assert!(!work("It", Some(1990), &[]).same_as(&work("It", Some(2017), &[])));
    }

    #[test]
    fn an_article_or_accent_does_not_part_a_work() {
        assert!(work("The Thing", None, &[]).same_as(&work("Thing", Some(1982), &[])));
        assert!(work("Amélie", None, &[]).same_as(&work("Amelie", None, &[])));
    }

    #[test]
    fn one_title_by_different_makers_is_two_works() {
        assert!(!work("Solaris", None, &["Andrei Tarkovsky"]).same_as(&work("Solaris", None, &["Steven Soderbergh"])));
        assert!(work("Dune", None, &["Villeneuve"]).same_as(&work("Dune", None, &["Denis Villeneuve"])));
    }

    #[test]
    fn a_film_is_not_the_book_of_the_same_name() {
        let mut film = work("Howl", None, &[]);
        let mut book = film.clone();
        film.kind = Some(WorkKind::Film);
        book.kind = Some(WorkKind::Book);
        assert!(!film.same_as(&book));
    }

    #[test]
    fn an_id_ties_two_titles_and_parts_two_works_of_one_title() {
        let with = |title: &str, catalogue, id: &str| {
            let mut work = work(title, None, &[]);
            work.add_id(OutsideId::new(catalogue, id));
            work
        };
        let film = |title: &str, id: &str| with(title, Catalogue::TmdbMovie, id);
        assert!(film("Spirited Away", "129").same_as(&film("Chihiros Reise", "129")));
        assert!(!film("Crash", "1640").same_as(&film("Crash", "884")));
        assert!(film("Crash", "884").same_as(&work("Crash", None, &[])));
        let edition = |id: &str| with("Salt", Catalogue::Goodreads, id);
        assert!(edition("1").same_as(&edition("2")), "two editions are one work");
        let mut known = work("Crash", None, &[]);
        known.fill_from(&film("Crash", "884"));
        known.fill_from(&film("Crash", "884"));
        assert_eq!(known.ids.len(), 1);
    }

    #[test]
    fn an_untitled_work_is_like_no_other() {
        assert!(!Work::default().same_as(&Work::default()));
    }
}
