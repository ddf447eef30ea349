//! The units of a text without delimiters: sentences, parted where a review could begin.
//!
//! Only a single space can part two reviews. A line end or a paragraph glued to the next (`end.Next`) stays
//! within its unit: page scrapers put those inside one review.

use std::sync::LazyLock;

use regex::Regex;

use crate::read::pattern::{pattern, tail};

/// A stretch of text that starts where a review could begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unit {
    /// The first byte.
    pub start: usize,
    /// One past the last byte, white space included.
    pub end: usize,
    /// Whether the unit before it ends with a stop.
    pub punctuated: bool,
}

/// Words that begin a sentence and are no names.
const STARTERS: &str = r"(?:I|I['’](?:m|ve|d|ll)|Well|Though|Although|After|Before|When|While|This|That|What|Wow|WOW|O[Kk]|Okay|As|The|It|It['’]s|If|In|On|At|For|From|To|My|One|An?|Why|How|Where|Who|There|These|Not|No|Just|Another|Having|Being|Ever|Every|Everyone|Anyone|Most|Many|Some|Now|Oh|Hmm|Don['’]t|Do|Let|Let['’]s|We|You|Your|Once|Yes|First|Even|Of|With|Without|Despite|Definitely|Absolutely|Simply|Maybe|Perhaps|Okay)";

/// The units of a text, in order, without a gap.
pub fn units(text: &str) -> Vec<Unit> {
    static END: LazyLock<Regex> = LazyLock::new(|| pattern(r#"[.!?…][.!?…"”’')\]*]*( )["“'‘(*.-]*[\p{L}\d]"#));
    // A mark, an address, a face or a row of stars ends a text without a stop.
    static MARK: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?:\d\s?/\s?\d{1,2}\)?|(?i:out of|from) (?:\d{1,2}|ten|five|four|\*{3,10})(?: [Ss]tars?)?\)?|(?:https?://|www\.)\S{4,200}|[:;=][-o']?[()DP]|\*{2,5}\)?|\([A-F][+-]?\)|(?i:grade|rating|score):? [A-F\d][\d.]*[+-]{0,3}|(?i:\d stars|thumbs (?:up|down)))( )["“(*.-]*[\p{Lu}\d]"#,
        )
    });
    // Words without a stop before a word that only begins sentences.
    static BARE: LazyLock<Regex> = LazyLock::new(|| pattern(&format!(r#"[\p{{L}}\d"”)]( )["“(]?{STARTERS}[ ,!.]"#)));
    let mut places: Vec<(usize, bool)> = Vec::new();
    for (pattern, punctuated) in [(&END, true), (&MARK, false), (&BARE, false)] {
        let mut from = 0;
        while let Some(gap) = pattern.captures_at(text, from).and_then(|c| c.get(1)) {
            from = gap.end();
            if punctuated && is_abbreviation(&text[..gap.start()], &text[gap.end()..]) {
                continue;
            }
            // "as I", "and This": within a sentence `I` says nothing, and a name may hold the others.
            if pattern.as_str() == BARE.as_str() && !ends_without_stop(&text[..gap.start()], &text[gap.end()..]) {
                continue;
            }
            places.push((gap.end(), punctuated));
        }
    }
    places.sort_unstable_by_key(|place| (place.0, !place.1));
    places.dedup_by_key(|place| place.0);
    let mut out = vec![Unit { start: 0, end: text.len(), punctuated: true }];
    for (start, punctuated) in places {
        if let Some(last) = out.last_mut() {
            last.end = start;
        }
        out.push(Unit { start, end: text.len(), punctuated });
    }
    out
}

/// `Mr. `, `vs. `, `J. `: a stop that ends no sentence.
fn is_abbreviation(before: &str, after: &str) -> bool {
    static SHORT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?:^|[ (])(?:Mr|Mrs|Ms|Dr|St|Jr|Sr|vs|etc|e\.g|i\.e|No|Vol|Lt|Sgt|Capt|Prof|approx|\p{Lu})\.$")
    });
    let lower = after.trim_start_matches(['"', '“', '(', '.', '*', '-']).starts_with(char::is_lowercase);
    SHORT.is_match(tail(before, 12))
        || lower && (before.ends_with("...") || before.ends_with('…') || before.ends_with([')', ']']))
}

/// Whether a text may end here though no stop says so: after a line glued to what stands before it, or before
/// a word that begins sentences and is no `I`.
fn ends_without_stop(before: &str, after: &str) -> bool {
    static PLAIN: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:^|[ ,])\p{Ll}{3,}$"));
    static FIRM: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"^(?:(?:Well|Wow|WOW|O[Kk]|Okay)[,!. ]|(?:This|When|After|Although|Though|If|It['’]s|What) [^\p{Lu}])")
    });
    let first = after.starts_with("I ") || after.starts_with("I'") || after.starts_with("I’");
    let named = before
        .rsplit([' ', '.', '!', '?'])
        .next()
        .is_some_and(|last| last.starts_with(char::is_uppercase) || last.ends_with([')', '"', '”']));
    is_signed(before) && (!first || named) || PLAIN.is_match(tail(before, 40)) && FIRM.is_match(after)
}

/// A short last line without a stop, glued to the paragraph before it: a name, a place, a parting word.
pub fn is_signed(before: &str) -> bool {
    static GLUED: LazyLock<Regex> = LazyLock::new(|| pattern(r#"[\p{L}\d)][.!?]+["”)]*[^\s.!?\d)"”][^.!?]{0,40}$"#));
    GLUED.is_match(tail(before.trim_end(), 50))
}
