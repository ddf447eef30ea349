//! Whether a sentence can stand in print: whole, free of what belongs to the page, and able to open a quote.

use std::sync::LazyLock;

use super::{
    cue::{Cue, Cues},
    score::WORKS,
    sentence::{is_balanced, is_closer, is_end},
    words::{WordSet, Words},
};

/// How a whole text is written: what would be a fault in one sentence is its habit.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Habit {
    /// All in lower case.
    pub lower_case: bool,
    /// Every Word Begins With A Capital.
    pub title_case: bool,
}

impl Habit {
    /// Reads the habit of a text.
    pub fn of(body: &str) -> Self {
        Self { lower_case: !body.contains(char::is_uppercase), title_case: is_title_case(body) }
    }
}

/// Whether a sentence may be part of a quote. `last` where it ends the body: there a full stop may lack.
pub(super) fn is_clean(text: &str, words: &Words, cues: Cues, last: bool, habit: Habit) -> bool {
    is_whole(text, words, last, habit.lower_case)
        && !cues.has(Cue::Page)
        && is_balanced(text)
        && !has_remains(text, words)
        && !mixes_scripts(text)
        && !shouts(text)
        && (habit.title_case || !is_title_case(text))
}

fn is_whole(text: &str, words: &Words, last: bool, lower_case_text: bool) -> bool {
    let ended = text.trim_end_matches(is_closer).ends_with(is_end);
    let Some(first) = text.chars().find(|c| c.is_alphanumeric()) else { return false };
    let quoted = text.starts_with(['“', '"', '«', '„', '‘', '\'']);
    let begins = !first.is_lowercase() || quoted || lower_case_text || text.starts_with("i ");
    let wordless = words.len() < 3 && text.chars().count() < 16;
    let listed = text.starts_with(['-', '–', '—', '*', '•', '#', '|', '>', '/', ':', ',', ';', '…', '.']);
    (ended || (last && words.len() > 5)) && begins && !wordless && !listed
}

/// Links, addresses, ratings, labels, mark-up, signs in place of words.
fn has_remains(text: &str, words: &Words) -> bool {
    const SIGNS: &[&str] = &[
        "&lt;", "&gt;", "&amp;", "&nbsp;", "&quot;", "&#", "://", "www.", ".com", ".org", ".net", "@", "#", "★", "☆",
        "⭐", "©", "®", "™", "|", "{", "}", "<", ">", "_", "\\", "**", "[", "]", "¹", "•", "►",
    ];
    let signs = text.contains("//") || SIGNS.iter().any(|s| text.contains(s));
    signs || has_rating(text, words) || has_label(text) || has_price(text)
}

/// `9/10`, `4 out of 5`, `three and a half stars`, a bare number at the end.
fn has_rating(text: &str, words: &Words) -> bool {
    let bytes = text.as_bytes();
    let slash = memchr::memchr_iter(b'/', bytes).any(|at| {
        let digit = |b: Option<&u8>| b.is_some_and(u8::is_ascii_digit);
        at > 0 && digit(bytes.get(at - 1)) && (digit(bytes.get(at + 1)) || bytes.get(at + 1) == Some(&b' '))
    });
    let fraction = text.contains(['½', '¼', '¾', '⁄']);
    let starred = (1..words.len()).any(|at| {
        let previous = words.get(at - 1);
        matches!(
            words.get(at),
            "star" | "stars" | "sterne" | "sternen" | "étoiles" | "estrellas" | "stelle" | "estrelas"
        ) && (is_number(previous) || previous == "half")
    });
    let out_of = (2..words.len().saturating_sub(1)).any(|at| {
        words.get(at) == "of"
            && words.get(at - 1) == "out"
            && is_number(words.get(at - 2))
            && is_number(words.get(at + 1))
    });
    let last = words.get(words.len().saturating_sub(1));
    let crumb =
        last.bytes().all(|b| b.is_ascii_digit()) && last.len() < 3 && words.get(words.len().saturating_sub(2)) == "of";
    slash || fraction || starred || out_of || crumb
}

pub(super) fn is_number(word: &str) -> bool {
    const NAMES: [&str; 11] = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    (!word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())) || NAMES.contains(&word)
}

/// `Director: A. Name`, `Genre: Drama`: a capitalised label of one to three words before a colon.
fn has_label(text: &str) -> bool {
    let Some((label, rest)) = text.split_once(':') else { return false };
    let short = label.split_whitespace().count() <= 3 && label.len() < 30;
    let title_case = rest.trim_start().chars().next().is_some_and(|c| c.is_uppercase() || c.is_ascii_digit());
    short && title_case && rest.split_whitespace().count() < 12
}

fn has_price(text: &str) -> bool {
    text.contains(['$', '£', '€', '¥']) && text.contains(|c: char| c.is_ascii_digit())
}

/// Latin text with words of another script in it: what advertising slips into old pages.
fn mixes_scripts(text: &str) -> bool {
    let (latin, other) = text.chars().filter(|c| c.is_alphabetic()).fold((0, 0), |(latin, other), c| {
        // Latin with all its extensions lies below U+0250, or in U+1E00 to U+1EFF.
        let is_latin = c < '\u{250}' || ('\u{1E00}'..'\u{1F00}').contains(&c);
        (latin + usize::from(is_latin), other + usize::from(!is_latin))
    });
    other > 0 && latin > other
}

/// Mostly capitals, or a run of marks.
fn shouts(text: &str) -> bool {
    let (upper, letters) =
        text.chars().filter(|c| c.is_alphabetic()).fold((0, 0), |(u, n), c| (u + usize::from(c.is_uppercase()), n + 1));
    letters > 0 && upper * 2 > letters && letters > 8 || text.contains("!!!") || text.contains("???")
}

fn is_title_case(text: &str) -> bool {
    let (upper, all) = text
        .split_whitespace()
        .filter(|w| w.starts_with(char::is_alphabetic))
        .fold((0, 0), |(upper, all), w| (upper + usize::from(w.starts_with(char::is_uppercase)), all + 1));
    all > 8 && upper * 10 > all * 7
}

/// Words that lean on a sentence before: no quote opens with one.
const LEANING: &[&str] = &[
    "but",
    "and",
    "so",
    "also",
    "however",
    "this",
    "these",
    "those",
    "that",
    "it",
    "its",
    "it's",
    "he",
    "she",
    "they",
    "his",
    "their",
    "which",
    "who",
    "because",
    "then",
    "there",
    "here",
    "or",
    "yet",
    "thus",
    "hence",
    "secondly",
    "lastly",
    "finally",
    "furthermore",
    "moreover",
    "nor",
    "him",
    "them",
    "theirs",
    "hers",
    "he's",
    "she's",
    "they're",
    "that's",
    "there's",
    "here's",
    "therefore",
    "nevertheless",
    "nonetheless",
    "besides",
    "plus",
    "likewise",
    "similarly",
    "otherwise",
    "instead",
    "meanwhile",
    "such",
    "whereas",
    "additionally",
    "consequently",
    "accordingly",
    "conversely",
    "still",
    "again",
    "second",
    "third",
    "firstly",
    "first",
    "thirdly",
    "next",
    "afterwards",
    "later",
    "both",
    "neither",
    "same",
    "another",
    "others",
    "anyway",
    "either",
    "elsewhere",
    "indeed",
    "alas",
    "granted",
    "sure",
    "yes",
    "no",
    "except",
    "too",
    "maybe",
    "perhaps",
    "after",
    "once",
    "well",
    "ok",
    "okay",
    "oh",
    "whether",
    "especially",
    "including",
    "since",
    "to",
    "now",
    "how",
    "why",
    "where",
    "than",
    "apparently",
    "basically",
    "note",
    "ps",
    "edit",
    "update",
    "hi",
    "hello",
    "dear",
    "thanks",
    "what's",
    "speaking",
    "equally",
    "unlike",
    "did",
    "does",
    "do",
    "is",
    "was",
    "are",
    "were",
    "has",
    "have",
    "can",
    "could",
    "would",
    "thankfully",
    "luckily",
    "interestingly",
    "admittedly",
    "naturally",
    "obviously",
    "of",
    "hopefully",
    "certainly",
    "eventually",
    "er",
    "sie",
    "es",
    "dies",
    "diese",
    "dieser",
    "dieses",
    "das",
    "aber",
    "und",
    "doch",
    "auch",
    "außerdem",
    "denn",
    "dann",
    "dabei",
    "il",
    "elle",
    "ils",
    "elles",
    "ce",
    "cela",
    "c'est",
    "mais",
    "et",
    "aussi",
    "donc",
    "puis",
    "cette",
    "cet",
    "ces",
    "pero",
    "y",
    "también",
    "esto",
    "esta",
    "este",
    "eso",
    "él",
    "ella",
    "ellos",
    "además",
    "entonces",
    "ma",
    "anche",
    "questo",
    "questa",
    "lui",
    "lei",
    "inoltre",
    "mas",
    "também",
    "isso",
    "isto",
    "ele",
    "ela",
    "além",
    "maar",
    "hij",
    "zij",
    "dit",
    "dat",
    "ook",
    "en",
    "men",
    "och",
    "han",
    "hon",
    "det",
    "den",
    "mutta",
    "ja",
    "hän",
    "se",
    "ale",
    "i",
    "on",
    "ona",
];
/// Of the other languages' leaning words, those that English opens sentences with.
const ENGLISH_OPENS: &[&str] = &["i", "on", "men", "den", "se", "to", "er", "es", "esta", "mas", "dies"];
/// Openings of several words that lean, or begin an enumeration.
const LEANING_PHRASES: &[&str] = &[
    "as for",
    "as such",
    "for example",
    "for instance",
    "in addition",
    "on the other hand",
    "in other words",
    "not only that",
    "even so",
    "one of these",
    "one of those",
    "the same",
    "the other",
    "the latter",
    "the former",
    "what it also",
    "with that",
    "with this",
    "because of",
    "after that",
    "after this",
    "on top of",
    "like this",
    "like that",
    "in this",
    "in that",
    "at this",
    "at that",
    "for this",
    "for that",
    "from there",
    "from here",
    "by this",
    "by then",
    "if that",
    "if this",
    "if it",
    "if he",
    "if she",
    "if they",
    "when he",
    "when she",
    "when they",
    "when it",
    "while he",
    "while she",
    "while they",
    "while it",
    "though he",
    "though she",
    "though it",
    "although it",
    "although he",
    "although she",
    "as he",
    "as she",
    "as it",
    "as they",
    "even he",
    "even she",
    "even it",
    "not that",
    "not necessarily",
    "case in point",
    "same goes",
    "i also",
    "i too",
    "only this",
    "all this",
    "all that",
    "all of this",
    "all of these",
    "all these",
    "none of this",
    "none of these",
    "much of this",
    "many of these",
    "some of these",
    "most of these",
    "part of this",
    "each of these",
    "what this",
    "my other",
    "my only other",
    "as mentioned",
    "as i said",
    "to this",
    "to that",
    "part of that",
    "of course",
    "one thing",
    "on one hand",
    "on the one hand",
    "in fact",
    "a few of these",
    "even more so",
    "more importantly",
    "most importantly",
    "just like",
    "let me",
    "let's",
    "the first",
    "the second",
    "the third",
    "the next",
    "the following",
    "things like",
    "if you haven't",
    "in spite of this",
    "in contrast",
    "by contrast",
    "at the same time",
    "that said",
    "about it",
    "only one of",
    "even though it",
    "even though he",
    "even though she",
    "even though they",
    "for one",
    "for starters",
    "just because",
    "i say this",
    "i mean",
    "as a result",
    "at first",
    "at one point",
    "at times",
    "during this",
    "despite this",
    "despite that",
    "despite all",
    "until then",
    "half of",
    "one of the reasons",
    "the reason",
    "the only other",
    "last but not least",
    "last of all",
    "the song",
    "the track",
    "the scene",
    "the sequence",
    "the chapter",
    "the line",
    "the moment",
    "apart from",
    "aside from",
    "other than",
];

static LEANS: LazyLock<WordSet> = LazyLock::new(|| WordSet::of(&[LEANING]));

/// Whether a sentence can open a quote: nothing in its opening leans on what stood before.
pub(super) fn can_open(words: &Words, cues: Cues, english: bool) -> bool {
    let first = words.get(0);
    let stem = first.split('\'').next().unwrap_or(first);
    let contracted =
        matches!(stem, "it" | "he" | "she" | "they" | "that" | "this" | "there" | "who" | "here") && stem != first;
    let leans = contracted || (LEANS.has(words.key(0)) && !(english && ENGLISH_OPENS.contains(&first)));
    let opening = words.text();
    let at_end = |word: &str| words.get(words.len().saturating_sub(1)) == word;
    let contrasts = opening.contains(" however ")
        || at_end("though")
        || at_end("too")
        || at_end("either")
        || opening.ends_with(" as well ");
    let points = (0..words.len()).any(|at| {
        words.get(at) == "these" || (words.get(at) == "those" && !matches!(words.get(at + 1), "who" | "of" | "looking"))
    });
    !(leans
        || contrasts
        || points
        || LEANING_PHRASES.iter().any(|p| begins_with(opening, p))
        || cues.has(Cue::Backward)
        || dangles(words))
}

fn begins_with(opening: &str, phrase: &str) -> bool {
    opening.get(1..).and_then(|o| o.strip_prefix(phrase)).is_some_and(|rest| rest.starts_with(' '))
}

/// Whether "this scene", "that choice" points at something other than the work.
pub(super) fn points(words: &Words) -> bool {
    (0..words.len()).any(|at| {
        let next = words.get(at + 1);
        words.get(at) == "this"
            && !WORKS.contains(&next)
            && !WORKS.contains(&words.get(at + 2))
            && !matches!(next, "year" | "time" | "kind" | "")
    })
}

/// Whether a person stands there as `he` or `she` before any name is given.
fn dangles(words: &Words) -> bool {
    for at in 0..words.len() {
        if matches!(
            words.get(at),
            "he" | "she"
                | "him"
                | "his"
                | "hers"
                | "himself"
                | "herself"
                | "he's"
                | "she's"
                | "they"
                | "them"
                | "their"
        ) {
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

    fn clean(text: &str) -> bool {
        let words = Words::new(text);
        is_clean(text, &words, Cues::of(&words, ""), false, Habit::default())
    }

    fn opens(text: &str) -> bool {
        let words = Words::new(text);
        can_open(&words, Cues::of(&words, ""), true)
    }

    #[test]
    fn what_belongs_to_the_page_is_not_quoted() {
        for text in [
            "Read more at www.example.org.",
            "A fine film that earns its 9/10.",
            "I would call it four stars.",
            "Director: Ann Example.",
            "Genre: Drama, Romance.",
            "Thanks to the publisher for the copy.",
            "A HUGE AND LOUD SURPRISE.",
            "He calls it “the best of the year.",
            "and then nothing happens.",
            "A heading without a stop",
        ] {
            assert!(!clean(text), "{text}");
        }
        assert!(clean("A tender, funny film about growing old."));
        assert!(clean("“Tin Roof” is a tender, funny film."));
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
        ] {
            assert!(!opens(text), "{text}");
        }
        for text in [
            "The film is a delight.",
            "I loved the songs.",
            "On every level, a triumph.",
            "Watching Ines Orr lift her role is a joy.",
        ] {
            assert!(opens(text), "{text}");
        }
    }
}
