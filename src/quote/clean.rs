//! Whether a sentence can stand in print: whole, and free of what belongs to the page.

use std::{cell::OnceCell, sync::LazyLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::{
    cue::{Cue, Cues},
    sentence::{is_balanced, is_closer, is_end},
    words::{WordSet, Words},
};

/// How a whole text is written: what would be a fault in one sentence is its habit.
#[derive(Debug)]
pub(super) struct Habit<'a> {
    body: &'a str,
    /// In English, and printed as English is.
    english: bool,
    /// All in lower case.
    lower_case: bool,
    /// Every Word Begins With A Capital; seldom asked, so told when it is.
    title_case: OnceCell<bool>,
    /// Set in quotation marks as a whole.
    speech: OnceCell<bool>,
}

impl<'a> Habit<'a> {
    /// Reads the habit of a text.
    pub fn of(body: &'a str, english: bool) -> Self {
        // Where words are set apart from their marks throughout, that is how the text is written.
        let english = english && body.matches(" , ").count() < 3;
        Self {
            body,
            english,
            lower_case: !body.contains(char::is_uppercase),
            title_case: OnceCell::new(),
            speech: OnceCell::new(),
        }
    }

    /// Whether no word was lost from a sentence, as far as English shows it.
    fn holds_together(&self, text: &str) -> bool {
        !self.english || !has_hole(text)
    }

    /// Whether the critic himself speaks, as far as quotation marks show it.
    fn speaks_for_itself(&self, text: &str) -> bool {
        !is_speech(text) || *self.speech.get_or_init(|| is_speech(self.body))
    }

    fn title_case(&self) -> bool {
        *self.title_case.get_or_init(|| is_title_case(self.body))
    }
}

/// Whether a sentence may be part of a quote. `last` where it ends the body: there a full stop may lack.
pub(super) fn is_clean(text: &str, words: &Words, cues: Cues, last: bool, habit: &Habit<'_>) -> bool {
    is_whole(text, words, last, habit.lower_case)
        && !cues.has(Cue::Page)
        && is_balanced(text)
        && !has_remains(text, words)
        && habit.holds_together(text)
        && habit.speaks_for_itself(text)
        && !breaks_off(words)
        && !mixes_scripts(text)
        && !shouts(text)
        && (!is_title_case(text) || habit.title_case())
}

/// A full stop of the body's last sentence may lack; an ellipsis there is what a feed cuts a text with.
fn is_whole(text: &str, words: &Words, last: bool, lower_case_text: bool) -> bool {
    let ended = text.trim_end_matches(is_closer).ends_with(is_end);
    let Some(first) = text.chars().find(|c| c.is_alphanumeric()) else { return false };
    let quoted = text.starts_with(['“', '"', '«', '„', '‘', '\'']);
    let begins = !first.is_lowercase() || quoted || lower_case_text || text.starts_with("i ");
    let wordless = words.len() < 3 && text.chars().count() < 16;
    let listed = text.starts_with(['-', '–', '—', '*', '•', '#', '|', '>', '/', ':', ',', ';', '…', '.']);
    let cut = last && (text.ends_with('…') || text.ends_with("..."));
    !cut && (ended || (last && words.len() > 5)) && begins && !wordless && !listed
}

/// A sentence that ends where English cannot: "engaging enough, but."
fn breaks_off(words: &Words) -> bool {
    matches!(words.last(), "but" | "and" | "because" | "although" | "the" | "a" | "an")
}

/// A space where English has none: what stood there was not text, and is gone.
fn has_hole(text: &str) -> bool {
    [" ,", " :", " ;", "( ", " )", " .", "- -"].iter().any(|hole| {
        // Three dots may stand free.
        text.match_indices(hole).any(|(at, _)| !text[at + 1..].starts_with(".."))
    })
}

/// Links, addresses, ratings, labels, mark-up, signs in place of words.
fn has_remains(text: &str, words: &Words) -> bool {
    const SIGNS: &[&str] = &[
        "&lt;", "&gt;", "&amp;", "&nbsp;", "&quot;", "&#", "//", "www.", ".com", ".org", ".net", "@", "#", "★", "☆",
        "⭐", "©", "®", "™", "|", "{", "}", "<", ">", "_", "\\", "**", "[", "]", "¹", "•", "►", ":-", "â€", "Ã",
        "\u{fffd}",
    ];
    static FINDER: LazyLock<Option<AhoCorasick>> =
        LazyLock::new(|| AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(SIGNS).ok());
    let signs = || match &*FINDER {
        Some(finder) => finder.is_match(text),
        None => SIGNS.iter().any(|sign| text.contains(sign)),
    };
    signs() || has_rating(text, words) || has_label(text) || has_price(text)
}

/// `9/10`, `4 out of 5`, `three and a half stars`, a bare number at the end.
fn has_rating(text: &str, words: &Words) -> bool {
    let bytes = text.as_bytes();
    let slash = memchr::memchr_iter(b'/', bytes).any(|at| {
        let digit = |b: Option<&u8>| b.is_some_and(u8::is_ascii_digit);
        at > 0 && digit(bytes.get(at - 1)) && (digit(bytes.get(at + 1)) || bytes.get(at + 1) == Some(&b' '))
    });
    let fraction = text.contains(['½', '¼', '¾', '⁄']);
    static STARS: LazyLock<WordSet> =
        LazyLock::new(|| WordSet::of(&["star stars sterne sternen étoiles estrellas stelle estrelas"]));
    let starred = (1..words.len()).any(|at| {
        let previous = words.get(at - 1);
        STARS.has(words.key(at)) && (is_number(previous) || previous == "half")
    });
    let out_of = (2..words.len().saturating_sub(1)).any(|at| {
        words.get(at) == "of"
            && words.get(at - 1) == "out"
            && is_number(words.get(at - 2))
            && is_number(words.get(at + 1))
    });
    let last = words.last();
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

/// Whether next to all of a text stands in quotation marks: words of the work, or of another critic.
fn is_speech(text: &str) -> bool {
    /// So few letters may be a title, or a word at arm's length.
    const FEW: usize = 30;
    if !text.contains(['"', '“', '„', '«', '»']) {
        return false;
    }
    let german = text.contains('„');
    let (mut inside, mut letters, mut open) = (0, 0, false);
    for c in text.chars() {
        match c {
            '"' | '«' | '»' => open = !open,
            '“' => open = !german,
            '„' => open = true,
            '”' => open = false,
            c if c.is_alphabetic() => {
                letters += 1;
                inside += usize::from(open);
            }
            _ => {}
        }
    }
    inside > FEW && inside * 4 > letters * 3
}

/// Latin text with words of another script in it: what advertising slips into old pages.
fn mixes_scripts(text: &str) -> bool {
    if text.is_ascii() {
        return false;
    }
    let (latin, other) = text.chars().filter(|c| c.is_alphabetic()).fold((0, 0), |(latin, other), c| {
        // Latin with all its extensions lies below U+0250, or in U+1E00 to U+1EFF.
        let is_latin = c < '\u{250}' || ('\u{1E00}'..'\u{1F00}').contains(&c);
        (latin + usize::from(is_latin), other + usize::from(!is_latin))
    });
    other > 0 && latin > other
}

/// Mostly capitals, or a run of marks.
fn shouts(text: &str) -> bool {
    // Fewer capitals than this are not mostly capitals, and most sentences have fewer.
    const FEW: usize = 5;
    let capitals = || {
        let letters = text.chars().filter(|c| c.is_alphabetic());
        letters.fold((0, 0), |(upper, all), c| (upper + usize::from(c.is_uppercase()), all + 1))
    };
    let loud = perhaps_upper(text) >= FEW && {
        let (upper, letters) = capitals();
        upper * 2 > letters && letters > 8
    };
    loud || text.contains("!!!") || text.contains("???")
}

fn is_title_case(text: &str) -> bool {
    // Of more than eight words seven in ten.
    const FEW: usize = 7;
    if perhaps_upper(text) < FEW {
        return false;
    }
    let (mut upper, mut all, mut gap) = (0, 0, true);
    for c in text.chars() {
        if gap && c.is_alphabetic() {
            all += 1;
            upper += usize::from(c.is_uppercase());
        }
        gap = c.is_whitespace();
    }
    all > 8 && upper * 10 > all * 7
}

/// At least as many as there are capitals, quickly told.
fn perhaps_upper(text: &str) -> usize {
    text.bytes().filter(|byte| byte.is_ascii_uppercase() || *byte >= 0xC0).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(text: &str) -> bool {
        let words = Words::new(text);
        is_clean(text, &words, Cues::of(&words, ""), false, &Habit::of("A text.", true))
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
            "Better than , though not by much.",
            "Like  ( aside) it is a fine game.",
            "The story is engaging enough, but.",
            "“It is the best picture of the decade and of my life,” says Orr.",
            "\"We shall never see a boat like this again, as long as we live.\"",
        ] {
            assert!(!clean(text), "{text}");
        }
        assert!(clean("A tender, funny film about growing old."));
        assert!(clean("“The best is yet to come” is a line that the film has earned by the time it is sung."));
        assert!(clean("“Tin Roof” is a tender, funny film."));
    }

    #[test]
    fn a_text_that_stands_in_quotation_marks_as_a_whole_is_its_critics_own() {
        let body = "“A tender, funny film about growing old. See it with a friend, and see it soon.”";
        let words = Words::new("“A tender, funny film about growing old.”");
        assert!(is_clean(
            "“A tender, funny film about growing old.”",
            &words,
            Cues::of(&words, ""),
            false,
            &Habit::of(body, true)
        ));
    }
}
