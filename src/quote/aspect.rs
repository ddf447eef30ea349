//! What reviews speak about, by kind of work, and where a sentence speaks of it. What stands for an aspect is in
//! [`lists`]. Agreement is counted in English alone (see [`super::agree`]).

mod lists;

use std::{ops::Range, sync::LazyLock};

use lists::{ALBUM, BOOK, FILM, GAME, MASKS, OTHER};

use super::{
    phrase::Phrases,
    words::{WordSet, Words},
};
use crate::model::WorkKind;

/// An aspect and what stands for it.
#[derive(Debug)]
pub(super) struct Aspect {
    /// Its name, as the agreement prints it.
    pub name: &'static str,
    /// Words that always mean it.
    words: &'static [&'static str],
    /// Phrases that mean it, parted by `|`; one that ends in `*` is the beginning of a word.
    phrases: &'static [&'static str],
}

/// The aspects by which a kind of work is judged. An unknown kind is taken for a film.
pub(super) const fn of(kind: Option<WorkKind>) -> &'static [&'static Aspect] {
    match kind {
        None | Some(WorkKind::Film) => FILM,
        Some(WorkKind::Book) => BOOK,
        Some(WorkKind::Game) => GAME,
        Some(WorkKind::Album) => ALBUM,
        Some(WorkKind::Other) => OTHER,
    }
}

/// The place of a kind among the tables below.
fn index(kind: Option<WorkKind>) -> usize {
    kind.map_or(0, |k| k as usize)
}

/// Whether the word of a key stands for any aspect of the kind.
pub(super) fn is_aspect_word(kind: Option<WorkKind>, key: u32) -> bool {
    static SETS: LazyLock<[WordSet; 5]> = LazyLock::new(|| {
        WorkKind::ALL.map(|kind| {
            WordSet::of(&of(Some(kind)).iter().flat_map(|aspect| aspect.words).copied().collect::<Vec<_>>())
        })
    });
    SETS[index(kind)].has(key)
}

/// A place in a sentence where an aspect is spoken of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mention {
    /// Which, counted in [`of`].
    pub aspect: usize,
    /// The words that say so.
    pub at: Range<usize>,
}

/// Where a sentence speaks of which aspects, in order. Nothing inside the work's title (words with a space at both
/// ends) counts, nor a capitalised word amid others: a name.
pub(super) fn mentions(kind: Option<WorkKind>, words: &Words, title: &str) -> Vec<Mention> {
    static FINDERS: LazyLock<[Phrases<Option<usize>>; 5]> = LazyLock::new(|| WorkKind::ALL.map(finder));
    let mut masked: Vec<Range<usize>> = match title.trim() {
        "" => Vec::new(),
        _ => words.text().match_indices(title).map(|(at, text)| at..at + text.len()).collect(),
    };
    let mut hits = Vec::new();
    FINDERS[index(kind)].find(words, |range, meaning| match meaning {
        None => masked.push(range),
        Some(aspect) => hits.push((aspect, range)),
    });
    let shouted = (0..words.len()).filter(|&at| words.is_upper(at)).count() * 2 > words.len() + 2;
    let mut found: Vec<Mention> = Vec::new();
    for (aspect, range) in hits {
        if masked.iter().any(|m| m.start <= range.start && range.end <= m.end && m.len() > range.len()) {
            continue;
        }
        let at = words.at_byte(range.start + 1)..words.at_byte(range.end).max(words.at_byte(range.start + 1) + 1);
        let named = at.start > 0 && words.is_upper(at.start) && words.is_upper(at.start - 1) && !shouted;
        if !named {
            found.push(Mention { aspect, at });
        }
    }
    found.sort_by_key(|mention| (mention.at.start, mention.aspect));
    found.dedup();
    found
}

/// Finds what stands for an aspect, by its number, and what stands for nothing: a mask.
fn finder(kind: WorkKind) -> Phrases<Option<usize>> {
    let aspects = || of(Some(kind)).iter().enumerate();
    let words = aspects().flat_map(|(at, aspect)| aspect.words.iter().map(move |line| (line.replace(' ', "|"), at)));
    let words: Vec<(String, usize)> = words.collect();
    let phrases = aspects().flat_map(|(at, aspect)| aspect.phrases.iter().map(move |line| (*line, Some(at))));
    let words = words.iter().map(|(line, at)| (line.as_str(), Some(*at)));
    Phrases::of(words.chain(phrases).chain(MASKS.iter().map(|line| (*line, None))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(kind: WorkKind, text: &str, title: &str) -> Vec<&'static str> {
        let words = Words::new(text);
        let mut names: Vec<&str> =
            mentions(Some(kind), &words, title).into_iter().map(|m| of(Some(kind))[m.aspect].name).collect();
        names.dedup();
        names
    }

    #[test]
    fn words_and_phrases_name_aspects_where_they_stand() {
        assert_eq!(named(WorkKind::Film, "The acting and the running time.", ""), ["acting", "pace"]);
        let words = Words::new("Beautifully shot, with a fine score.");
        let found = mentions(Some(WorkKind::Film), &words, "");
        assert_eq!(found.iter().map(|m| m.at.clone()).collect::<Vec<_>>(), [0..2, 1..2, 5..6]);
    }

    #[test]
    fn what_only_looks_like_an_aspect_names_none() {
        for text in [
            "It tells the story of a miner.",
            "A perfect score of ten from me.",
            "He gets shot in the leg.",
            "It sounds like a good idea.",
            "Marta Story wrote to me.",
        ] {
            assert_eq!(named(WorkKind::Film, text, ""), [""; 0], "{text}");
        }
        assert_eq!(named(WorkKind::Film, "The Music Room is a marvel.", " the music room "), [""; 0]);
    }
}
