//! Whether a sentence can open a quote: nothing in it may lean on what stood before.

use std::sync::LazyLock;

use super::{
    cue::{Cue, Cues},
    score::WORKS,
    words::{WordSet, Words},
};

/// Words that lean on a sentence before: no quote opens with one.
const LEANING: &[&str] = &[
    "but and so also however this these those that it its it's he she they his their which who because then there",
    "here or yet thus hence secondly lastly finally furthermore moreover nor him them theirs hers he's she's",
    "they're that's there's here's therefore nevertheless nonetheless besides plus likewise similarly otherwise",
    "instead meanwhile such whereas additionally consequently accordingly conversely still again second third",
    "firstly first thirdly next afterwards later both neither same another others anyway either elsewhere indeed",
    "alas granted sure yes no except too maybe perhaps after once well ok okay oh whether especially including",
    "since to now how why where than apparently basically note ps edit update hi hello dear thanks what's",
    "speaking equally unlike did does do is was are were has have can could would thankfully luckily",
    "interestingly admittedly naturally obviously of hopefully certainly eventually er sie es dies diese dieser",
    "dieses das aber und doch auch außerdem denn dann dabei il elle ils elles ce cela c'est mais et aussi donc",
    "puis cette cet ces pero y también esto esta este eso él ella ellos además entonces ma anche questo questa",
    "lui lei inoltre mas também isso isto ele ela além maar hij zij dit dat ook en men och han hon det den mutta",
    "ja hän se ale i on ona",
];
/// Of the other languages' leaning words, those that English opens sentences with.
const ENGLISH_OPENS: &[&str] = &["i", "on", "men", "den", "se", "to", "er", "es", "esta", "mas", "dies"];
/// Openings of several words that lean, or begin an enumeration.
const LEANING_PHRASES: &[&str] = &[
    "as for|as such|for example|for instance|in addition|on the other hand|in other words|not only that|even so",
    "one of these|one of those|the same|the other|the latter|the former|what it also|with that|with this",
    "because of|after that|after this|on top of|like this|like that|in this|in that|at this|at that|for this",
    "for that|from there|from here|by this|by then|if that|if this|if it|if he|if she|if they|when he|when she",
    "when they|when it|while he|while she|while they|while it|though he|though she|though it|although it",
    "although he|although she|as he|as she|as it|as they|even he|even she|even it|not that|not necessarily",
    "case in point|same goes|i also|i too|only this|all this|all that|all of this|all of these|all these",
    "none of this|none of these|much of this|many of these|some of these|most of these|part of this",
    "each of these|what this|my other|my only other|as mentioned|as i said|to this|to that|part of that",
    "of course|one thing|on one hand|on the one hand|in fact|a few of these|even more so|more importantly",
    "most importantly|just like|let me|let's|the first|the second|the third|the next|the following|things like",
    "if you haven't|in spite of this|in contrast|by contrast|at the same time|that said|about it|only one of",
    "even though it|even though he|even though she|even though they|for one|for starters|just because",
    "i say this|i mean|as a result|at first|at one point|at times|during this|despite this|despite that",
    "despite all|until then|half of|one of the reasons|the reason|the only other|last but not least|last of all",
    "the song|the track|the scene|the sequence|the chapter|the line|the moment|apart from|aside from|other than",
];

static LEANS: LazyLock<WordSet> = LazyLock::new(|| WordSet::of(LEANING));

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
        || LEANING_PHRASES.iter().flat_map(|line| line.split('|')).any(|p| begins_with(opening, p))
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

    fn opens(text: &str) -> bool {
        let words = Words::new(text);
        can_open(&words, Cues::of(&words, ""), true)
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
