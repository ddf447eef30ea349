//! Whether a sentence can open a quote: nothing in it may lean on what stood before.

mod lists;

use std::{collections::HashSet, sync::LazyLock};

use lists::{FOREIGN, JOINED, LEANING, LEANING_PHRASES, PERSONS, THOSE, WORKS_ABROAD};

use super::{
    cue::{Cue, Cues},
    score::{WORKS, mention_of_work},
    words::{WordSet, Words},
};

/// Verbs by which a short sentence says something of its subject.
static STATES: LazyLock<WordSet> = LazyLock::new(|| {
    WordSet::of(&[
        "is isn't are aren't was wasn't were weren't be has have had hasn't haven't do does did doesn't didn't don't will would",
        "can can't cannot could couldn't should must makes make made feels felt feel looks sounds works plays keeps gets goes",
        "loved love loves liked like enjoyed enjoy hated hate recommend delivers remains lacks fails shines steals i'm i've",
        "it's that's there's",
    ])
});
/// Persons of whom it stands before who they are.
static PRONOUNS: LazyLock<WordSet> =
    LazyLock::new(|| WordSet::of(&["he she him his her hers himself herself he's she's they them their"]));
/// What points at something, in other languages.
static DEMONSTRATIVES: LazyLock<WordSet> = LazyLock::new(|| {
    WordSet::of(&[
        "diesem diesen dieser dieses diese cette cet ces esta este eso esa ese essa esse isso questo questa deze dit denna detta",
    ])
});
/// What a work is called besides its kind: "this is one of the best", "this is a fine product".
static CALLED: LazyLock<WordSet> = LazyLock::new(|| {
    WordSet::of(&[
        "best worst favorite favourite finest weakest strongest greatest masterpiece classic gem must",
        "product item purchase deal service spot",
    ])
});
static LEANS: LazyLock<WordSet> = LazyLock::new(|| WordSet::of(LEANING));
static NAMES_WORK: LazyLock<WordSet> = LazyLock::new(|| WordSet::of(WORKS_ABROAD));
static LEANS_ABROAD: LazyLock<Vec<(&str, WordSet)>> =
    LazyLock::new(|| FOREIGN.iter().map(|(code, words)| (*code, WordSet::of(words))).collect());

/// The words of the longest of [`LEANING_PHRASES`].
const LONGEST_PHRASE: usize = 5;
static PHRASES: LazyLock<HashSet<&str>> =
    LazyLock::new(|| LEANING_PHRASES.iter().flat_map(|line| line.split('|')).collect());

/// The language in which a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tongue<'a> {
    English,
    /// By its code, where it is known.
    Other(Option<&'a str>),
}

impl Tongue<'_> {
    /// Whether what belongs to the language of `code` is looked for: a language not known may be any.
    fn may_be(self, code: &str) -> bool {
        match self {
            Self::English => false,
            Self::Other(language) => language.is_none_or(|known| known.starts_with(code)),
        }
    }
}

/// Whether a sentence can open a quote: nothing in its opening leans on what stood before.
pub(super) fn can_open(words: &Words, cues: Cues, tongue: Tongue<'_>) -> bool {
    if tongue == Tongue::English { opens_in_english(words, cues) } else { opens_abroad(words, tongue) }
}

fn opens_abroad(words: &Words, tongue: Tongue<'_>) -> bool {
    let first = words.get(0);
    let named = NAMES_WORK.has(words.key(1)) && first.chars().count() > 1;
    let leans = !named && LEANS_ABROAD.iter().any(|(code, set)| tongue.may_be(code) && set.has(words.key(0)));
    let person = PERSONS.iter().filter(|(code, _)| tongue.may_be(code)).any(|(_, list)| {
        let at = (0..words.len().min(8)).find(|&at| list.split(' ').any(|pronoun| pronoun == words.get(at)));
        at.is_some_and(|at| !(1..at).any(|before| words.is_upper(before)))
    });
    // "Aus diesem Grund", "por esta razón": which, stands before.
    let shows = DEMONSTRATIVES.has(words.key(1)) && !NAMES_WORK.has(words.key(2)) && first.chars().count() < 5;
    !(leans || person || shows || JOINED.iter().any(|beginning| first.starts_with(beginning)))
}

fn opens_in_english(words: &Words, cues: Cues) -> bool {
    let first = words.get(0);
    let stem = first.split('\'').next().unwrap_or(first);
    let contracted =
        matches!(stem, "it" | "he" | "she" | "they" | "that" | "this" | "there" | "who" | "here") && stem != first;
    let leans = contracted || LEANS.has(words.key(0));
    let opening = words.text();
    let at_end = |word: &str| words.last() == word;
    let contrasts = opening.contains(" however ")
        || at_end("though")
        || at_end("too")
        || at_end("either")
        // "The sound too, it was": more was said before of the kind.
        || (1..4).any(|at| words.get(at) == "too" && matches!(words.get(at + 1), "it" | "is" | "was" | "are" | "were" | "has"))
        || opening.ends_with(" as well ");
    // "The book also has" goes on with a list.
    let goes_on = (1..5).any(|at| words.get(at) == "also");
    let points = (0..words.len())
        .any(|at| words.get(at) == "these" || (words.get(at) == "those" && !THOSE.contains(&words.get(at + 1))));
    // "No film achieves that." : what it is stands before.
    let object = matches!(words.last(), "that" | "this");
    // "I can say that this is a reasonable decision": which one, stands before, unless the work is named by what it is.
    let named = || words.iter().any(|word| WORKS.contains(&word)) || words.keys().iter().any(|key| CALLED.has(*key));
    let is_this = |at: usize| words.get(at) == "this" && matches!(words.get(at + 1), "is" | "was" | "isn't" | "wasn't");
    let pronoun = (1..10).any(|at| is_this(at) && (at < 4 || words.get(at - 1) == "that")) && !named();
    // "Sometimes this means", "I think that's what": what is meant stands before.
    let meant =
        (1..4).any(|at| words.get(at) == "that's" || words.get(at) == "this" && !is_this(at) && points_at(words, at));
    // "Unfortunately, that language": which, stands before.
    let shows = SENTENCE_ADVERBS.contains(&first) && words.get(1) == "that";
    !(leans
        || shows
        || pronoun
        || contrasts
        || points
        || goes_on
        || object
        || meant
        || (1..=LONGEST_PHRASE).any(|count| PHRASES.contains(words.beginning(count)))
        || cues.has(Cue::Backward)
        || dangles(words))
}

/// Words that say how the whole sentence is meant, after which a "that" points.
const SENTENCE_ADVERBS: [&str; 8] =
    ["unfortunately", "fortunately", "sadly", "happily", "regrettably", "surprisingly", "overall", "ultimately"];

/// Whether a sentence turns against what was said, and would open a quote but for that: it begins with the work. "Still,
/// this is a fine film", "But even so, Harbour Lights soars."
pub(super) fn turns(words: &Words, title: &str) -> bool {
    /// The work stands within so many words.
    const BEGINNING: usize = 5;
    let this_is =
        || words.get(1) == "this" && matches!(words.get(2), "is" | "was") && matches!(words.get(3), "a" | "an");
    matches!(words.get(0), "but" | "still" | "yet" | "nevertheless" | "nonetheless" | "however")
        && (this_is() || mention_of_work(words, title).is_some_and(|at| at < BEGINNING))
}

/// Whether a sentence is but a subordinate clause that its writer left alone: "While I was not there."
pub(super) fn is_left_alone(text: &str, words: &Words) -> bool {
    let mut depth = 0;
    let parted = text.chars().any(|c| {
        depth += i32::from(matches!(c, '(' | '[')) - i32::from(matches!(c, ')' | ']'));
        depth == 0 && matches!(c, ',' | ';' | ':' | '–' | '—')
    });
    !parted && matches!(words.get(0), "while" | "although" | "though" | "whereas" | "because" | "unless")
}

/// Whether a sentence opens with the work itself ("This film", "The book"): it may follow where the work was spoken of.
pub(super) fn takes_up(words: &Words) -> bool {
    matches!(words.get(0), "this" | "the") && WORKS.contains(&words.get(1))
}

/// Whether a sentence says that what was said of others just before does not hold here: "This one is not."
pub(super) fn sets_apart(words: &Words) -> bool {
    let at = usize::from(matches!(words.get(0), "but" | "yet" | "well" | "and"));
    matches!((words.get(at), words.get(at + 1)), ("this", "one") | ("not", "this" | "so" | "here" | "with"))
}

/// Whether a few words stand there without a verb that would make a sentence of them, nor the work's name: "Careful and
/// refined." In print they hang in the air.
pub(super) fn is_fragment(words: &Words) -> bool {
    const FEW: usize = 8;
    words.len() < FEW
        && !words.keys().iter().any(|key| STATES.has(*key))
        && !words.iter().any(|word| WORKS.contains(&word))
}

/// Whether "this scene", "that choice" points at something other than the work.
pub(super) fn points(words: &Words) -> bool {
    (0..words.len()).any(|at| words.get(at) == "this" && points_at(words, at))
}

/// Whether the "this" at a place points at something other than the work.
fn points_at(words: &Words, at: usize) -> bool {
    let next = words.get(at + 1);
    !WORKS.contains(&next) && !WORKS.contains(&words.get(at + 2)) && !matches!(next, "year" | "time" | "kind" | "")
}

/// Whether a person stands there as `he` or `she` before any name is given.
fn dangles(words: &Words) -> bool {
    for at in 0..words.len() {
        // "Her" may be a title.
        let titled = words.get(at) == "her" && words.is_upper(at);
        if PRONOUNS.has(words.key(at)) && !titled {
            // A plural noun before `they` may be what it means.
            let plural = words.get(at).starts_with("the")
                && (0..at).any(|b| words.get(b).len() > 3 && words.get(b).ends_with('s'));
            return !plural;
        }
        if at > 0 && words.is_upper(at) && words.get(at).len() > 2 {
            return false;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opens(text: &str) -> bool {
        let words = Words::new(text);
        can_open(&words, Cues::of(&words, ""), Tongue::English)
    }

    #[test]
    fn an_opening_that_leans_opens_no_quote() {
        for text in [
            "It is a delight.",
            "But the music is fine.",
            "He acts well.",
            "As for the songs, they shine.",
            "When she smiles, the room warms.",
            "Watching him work is a joy.",
            "No other film this year can do that.",
            "Sometimes this means a scene too many.",
            "I think that's what's so great about the show.",
            "If we leave aside the above, the film works.",
            "Not to mention the score, which is superb.",
            "The sound too, it was so clear.",
            "Unfortunately, that language creates a distance.",
            "Watching her work is a joy.",
            "I can say that this is a reasonable decision.",
            "At the time I enjoyed it quite a lot.",
        ] {
            assert!(!opens(text), "{text}");
        }
        for text in [
            "The film is a delight.",
            "I loved the songs.",
            "On every level, a triumph.",
            "Watching Ines Orr lift her role is a joy.",
            "Her is a delight.",
            "I think this is a film for everyone.",
            "I can say that this is one of the best.",
        ] {
            assert!(opens(text), "{text}");
        }
    }

    #[test]
    fn a_turn_on_the_work_would_open_a_quote_but_for_the_turn() {
        for text in ["Still, this is a beautiful film.", "But the film soars.", "Yet this book never bores."] {
            assert!(turns(&Words::new(text), ""), "{text}");
        }
        for text in ["But he is good.", "Still, it works.", "But this is what happens.", "The film soars."] {
            assert!(!turns(&Words::new(text), ""), "{text}");
        }
    }

    #[test]
    fn a_turn_on_the_work_by_its_title_is_one_too() {
        assert!(turns(&Words::new("But even so, Harbour Lights soars."), " harbour lights "));
        assert!(!turns(&Words::new("Harbour Lights soars."), " harbour lights "));
    }

    #[test]
    fn a_foil_is_told_by_the_sentence_after_it() {
        for text in ["This one is not.", "But this one soars.", "Not so here.", "Not this film."] {
            assert!(sets_apart(&Words::new(text)), "{text}");
        }
        assert!(!sets_apart(&Words::new("This film is not.")));
    }

    #[test]
    fn no_leaning_phrase_is_longer_than_looked_for() {
        assert!(PHRASES.iter().all(|phrase| phrase.split(' ').count() <= LONGEST_PHRASE));
    }

    #[test]
    fn openings_lean_in_other_languages_too() {
        let opens = |language, text: &str| {
            let words = Words::new(text);
            can_open(&words, Cues::default(), Tongue::Other(Some(language)))
        };
        for (language, text) in [
            ("de", "Er spielt die Rolle großartig."),
            ("de", "Dabei ist der Film sehr schön."),
            ("de", "Aus diesem Grund ist der Film sehr schön."),
            ("fr", "Elle joue magnifiquement."),
            ("fr", "C'est une réussite."),
            ("es", "Ella está magnífica en el papel."),
            ("es", "Pero la música es estupenda."),
            ("it", "Lui recita benissimo."),
            ("it", "Questo rende il film noioso."),
            ("pt", "Ele é um ótimo personagem."),
            ("pt", "Nele a música é excelente."),
            ("pt", "Não pense que com isso o jogo ficou mais curto."),
            ("nl", "Hij speelt geweldig."),
            ("nl", "Bovendien is de muziek prachtig."),
            ("sv", "Hon är underbar i rollen."),
            ("sv", "Dessutom är musiken vacker."),
            ("ja", "それは素晴らしい映画だった。"),
            ("ru", "Он играет великолепно."),
        ] {
            assert!(!opens(language, text), "{text}");
        }
        for (language, text) in [
            ("de", "Der Film ist ein großartiges Stück Kino."),
            ("de", "In diesem Film stimmt alles."),
            ("fr", "Le film est une réussite."),
            ("es", "La película es estupenda."),
            ("it", "Il film è un capolavoro."),
            ("it", "I personaggi sono splendidi."),
            ("pt", "O jogo é excelente."),
            ("nl", "De film is prachtig."),
            ("sv", "Filmen är ett mästerverk."),
            ("de", "Dieser Film ist ein Ereignis."),
            ("es", "Esta película es estupenda."),
            ("ja", "この映画は素晴らしい。"),
        ] {
            assert!(opens(language, text), "{text}");
        }
    }
}
