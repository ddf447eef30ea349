//! The tone of a text: a veto against marks whose scale is only guessed.
//!
//! `I give it a 4` is good of five and bad of ten. Where the text is plainly of the other mind, no mark is better
//! than a wrong one. The words are everyday praise and blame, chosen by hand.

use std::sync::LazyLock;

use regex::Regex;

use crate::read::pattern::pattern;

/// Words that must stand on one side more than on the other to contradict a mark.
const PLAIN: usize = 2;

/// Nobody excuses a better mark.
const MODEST: f64 = 80.0;

/// Whether the words are plainly against a score: mostly blame under a good one, mostly praise under a bad one.
pub fn contradicts(text: &str, score: f64) -> bool {
    static PRAISE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:great|excellent|loved?|brilliant|amazing|wonderful(?:ly)?|perfect(?:ly)?|beautiful(?:ly)?|fantastic|superb|masterpiece|enjoy(?:ed|able)?|hilarious|touching|outstanding|favou?rite|gem|terrific|delightful|must[- ]see)\b",
        )
    });
    static BLAME: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:bad(?:ly)?|worst|worse|awful|terrible|boring|bored|waste[ds]?|horrible|poor(?:ly)?|stupid|lame|dull|ridiculous|annoying|crap(?:py)?|mess|disappoint(?:ed|ing|ment)|unfunny|pointless|pathetic|garbage|trash|drivel|sucks?|sucked|avoid|mediocre|weak|fails?|dreadful|rubbish|unwatchable)\b",
        )
    });
    // Who excuses a mark gives a low one: "the only reason I gave it 3 stars", "3 instead of 1".
    static EXCUSED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:only|sole)\sreason\b|\breason\s(?:why\s|that\s)?(?:i|we|this|it)(?:['’]m|\s\w+)?\s(?:giv|gave|rat|get)\w*|\binstead\sof\s(?:an?\s)?(?:0|1|2|zero|one|two)\b|\b(?:being|too)\sgenerous\b|\bonly\s(?:gets?|gives?|gave|because)\b",
        )
    });
    let praise = PRAISE.find_iter(text).count();
    let blame = BLAME.find_iter(text).count();
    let excused = if score <= MODEST && EXCUSED.is_match(text) { PLAIN } else { 0 };
    if score >= 60.0 { blame + excused >= praise + PLAIN } else { praise >= blame + PLAIN && score < 50.0 }
}
