//! Full stops that end no sentence: abbreviations, initials, ordinal numbers, in several languages.

/// Always followed by what they belong to.
const LEADING: &[&str] = &[
    "mr", "mrs", "ms", "mx", "dr", "prof", "st", "ste", "rev", "gen", "col", "capt", "sgt", "lt", "hon", "pres", "gov",
    "sen", "rep", "mt", "ft", "feat", "vs", "no", "nos", "vol", "vols", "pp", "ch", "chap", "ed", "eds", "dir", "prod",
    "approx", "ca", "cf", "fig", "figs", "ep", "eps", "pt", "op", "arr", "e.g", "i.e", "messrs", "mme", "mmes", "mlle",
    "sra", "srta", "dra", "sig", "dott", "nr", "bd", "hrsg", "bzw", "z.b", "d.h", "u.a", "s.o", "v.a", "evtl", "ggf",
    "bijv", "dhr", "mevr", "resp", "p.ex", "ej", "núm", "pág", "str", "hr", "fr",
];

/// May end a sentence: they do where what follows begins one.
const TRAILING: &[&str] = &[
    "etc", "jr", "sr", "inc", "ltd", "co", "corp", "bros", "al", "esq", "dept", "a.m", "p.m", "u.s", "u.k", "l.a",
    "n.y", "d.c", "ph.d", "b.a", "m.a", "usw", "est", "min", "max", "jan", "feb", "aug", "sept", "oct", "nov", "dec",
    "m",
];

/// Words that begin a sentence rather than go on with a name.
const STARTERS: &[&str] = &[
    "the", "a", "an", "this", "that", "these", "those", "it", "its", "it's", "he", "she", "they", "we", "you", "i",
    "i'm", "i've", "there", "but", "and", "so", "if", "in", "on", "at", "for", "with", "while", "when", "what", "his",
    "her", "their", "my", "our", "as", "after", "although", "though", "however", "not", "all", "one", "no", "yes",
    "to", "by", "from", "is", "was", "some", "der", "die", "das", "ein", "eine", "es", "und", "aber", "le", "la",
    "les", "un", "une", "el", "los", "il", "ce", "c'est",
];

/// Starters that also stand in names.
const PARTICLES: &[&str] = &["le", "la", "les", "el", "los", "der", "die"];

/// German words before an ordinal: `der 2. Teil`.
const BEFORE_ORDINAL: &[&str] = &[
    "der", "die", "das", "dem", "den", "des", "im", "am", "vom", "zum", "beim", "zur", "ein", "einem", "einen",
    "seinem",
];

/// Whether the full stop after `before` belongs to its last word; `after` is what follows, without space.
pub(super) fn holds(before: &str, after: &str) -> bool {
    let word = before.rsplit(|c: char| c.is_whitespace() || "(\"'“‘«[—–/-".contains(c)).next().unwrap_or("");
    let next = || first_word(after);
    let starts = || STARTERS.contains(&next().as_str());
    if word.is_empty() {
        return false;
    }
    if word.len() <= 2 && word.bytes().all(|b| b.is_ascii_digit()) {
        return is_ordinal(before, word);
    }
    let mut letters = word.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        // "z. B.", "d. h.": letters with a gap between.
        let mut following = after.chars();
        let spaced = following.next().is_some_and(char::is_alphabetic) && following.next() == Some('.');
        if letter.is_lowercase() {
            return spaced;
        }
        // "Ursula K. Le Guin": after a name and an initial, such a word goes on with the name.
        let named = || before[..before.len() - word.len()].split_whitespace().last().is_some_and(starts_upper);
        return letter.is_uppercase() && (!starts() || (PARTICLES.contains(&next().as_str()) && named()));
    }
    if word.contains('.') && word.split('.').all(|part| part.chars().count() <= 1) {
        return !starts();
    }
    if word.len() > 6 {
        return false;
    }
    let lower = word.to_lowercase();
    // "No." ends a sentence unless a number follows; the others lead to a name or a number.
    if matches!(lower.as_str(), "no" | "nos" | "ed" | "op" | "pt" | "ch" | "str") {
        return after.starts_with(|c: char| c.is_ascii_digit() || c == '#');
    }
    LEADING.contains(&lower.as_str()) || (TRAILING.contains(&lower.as_str()) && !starts())
}

fn starts_upper(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

fn is_ordinal(before: &str, digits: &str) -> bool {
    let ahead = before[..before.len() - digits.len()].trim_end();
    let word = ahead.rsplit(char::is_whitespace).next().unwrap_or("").to_lowercase();
    BEFORE_ORDINAL.contains(&word.as_str())
}

fn first_word(text: &str) -> String {
    text.chars()
        .take_while(|c| c.is_alphanumeric() || matches!(c, '\'' | '’'))
        .flat_map(char::to_lowercase)
        .collect::<String>()
        .replace('’', "'")
}
