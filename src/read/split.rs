//! Reviews run together: where a new voice begins in a text without delimiters.
//!
//! Page scrapers join user reviews by one space and their paragraphs by nothing or a line end, so a boundary can
//! only be a single space. What decides is who speaks, and that shows over a whole stretch rather than at a gap:
//! [`manner`] follows the habits of a writer, [`vocabulary`] the words he comes back to, [`once`] what a reviewer says
//! but once, [`evidence`] and [`gap`] how a review ends and opens, and [`decode`] weighs every way of parting the text. Two thresholds on the probability
//! of a boundary: above the high one a new voice begins; between the two lies a seam, which no quote may cross.

mod decode;
mod evidence;
pub mod gap;
mod manner;
mod once;
mod unit;
mod vocabulary;

use std::ops::Range;

use super::pattern::{head, tail};
use unit::Unit;

/// The probability from which on a new voice begins. On user reviews of one film joined by a space, which nothing here
/// was trained on, about five in six such cuts are right.
const NEW_VOICE: f64 = 0.75;
/// The probability from which on no quote may cross: there about half the places are boundaries.
const SEAM: f64 = 0.25;
/// A voice has at least so many bytes.
const SHORTEST: usize = 250;
/// Only a line this long can be several reviews run together.
const RUN_TOGETHER: usize = 3000;
/// A text of more sentences is not weighed as a whole: each opening in it is a seam.
const MOST: usize = 6000;

/// One voice: its stretch in bytes, and the byte positions inside (relative to the stretch) where another may begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voice {
    /// The stretch.
    pub range: Range<usize>,
    /// Possible further cuts, relative to its start.
    pub seams: Vec<usize>,
}

/// The voices of a text: one, unless it is run together and new voices are plain.
pub fn voices(text: &str) -> Vec<Voice> {
    let longest = text.lines().map(str::len).max().unwrap_or(0);
    if longest < RUN_TOGETHER || longest * 2 < text.len() && text.lines().filter(|l| !l.is_empty()).count() > 12 {
        return vec![Voice { range: 0..text.len(), seams: Vec::new() }];
    }
    let likely = boundaries(text);
    let cuts = chosen(&likely, text.len());
    let ends = cuts.iter().copied().chain([text.len()]);
    let voice = |(start, end): (usize, usize)| {
        let seams = likely.iter().filter(|(at, p)| *p >= SEAM && start < *at && *at < end).map(|(at, _)| at - start);
        Voice { range: start..start + text[start..end].trim_end().len(), seams: seams.collect() }
    };
    [0].into_iter().chain(cuts.iter().copied()).zip(ends).map(voice).collect()
}

/// The certain boundaries, the likeliest first, none too near another or an end; in order.
fn chosen(likely: &[(usize, f64)], length: usize) -> Vec<usize> {
    let mut ranked: Vec<(usize, f64)> = likely.iter().copied().filter(|(_, p)| *p >= NEW_VOICE).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut cuts = std::collections::BTreeSet::from([0, length]);
    for (at, _) in ranked {
        let before = cuts.range(..=at).next_back().is_none_or(|cut| at - cut >= SHORTEST);
        let after = cuts.range(at..).next().is_none_or(|cut| cut - at >= SHORTEST);
        if before && after {
            cuts.insert(at);
        }
    }
    cuts.into_iter().filter(|cut| *cut > 0 && *cut < length).collect()
}

/// Every place where a new voice is possible, with its probability.
pub fn boundaries(text: &str) -> Vec<(usize, f64)> {
    let units = unit::units(text);
    let opens: Vec<f64> = (0..units.len()).map(|at| opens(text, &units, at)).collect();
    let places = units.iter().map(|unit| unit.start);
    if units.len() > MOST {
        let doubtful = |open: &f64| if *open > 0.0 { SEAM } else { 0.0 };
        return places.zip(opens.iter().map(doubtful)).skip(1).collect();
    }
    let pieces = || units.iter().map(|unit| &text[unit.start..unit.end]);
    let manner = manner::Manner::of(pieces());
    let vocabulary = vocabulary::Vocabulary::of(pieces());
    let starts: Vec<usize> = places.clone().chain([text.len()]).collect();
    let said = once::said(text, &units);
    let likely = decode::posterior(&decode::Text {
        starts: &starts,
        opens: &opens,
        said: &said,
        manner: &|from, to| manner.likelihood(from, to),
        words: &|from, to| vocabulary.stretches(from, to),
    });
    places.zip(likely).skip(1).collect()
}

/// The evidence of the two sentences at a gap that a review begins after it: a log likelihood ratio.
fn opens(text: &str, units: &[Unit], at: usize) -> f64 {
    // An ordinary gap, with nothing to be said for it, is likelier within a review than between two.
    const ORDINARY: f64 = -1.5;
    // The words count half: what was learned from critics holds less for others.
    const WORDS: f64 = 0.5;
    const NO_STOP: f64 = -2.5;
    const SIGNED: f64 = 1.0;
    const SMALL_LETTER: f64 = -0.5;
    let Some(before) = at.checked_sub(1).and_then(|before| units.get(before)) else { return 0.0 };
    let left = tail(&text[before.start..before.end], 400).trim_end();
    let right = head(&text[units[at].start..units[at].end], 400).trim_end();
    let closing = if evidence::is_partial(left) { 0.0 } else { evidence::closing(left) };
    let stop = match units[at].punctuated {
        true => 0.0,
        false if closing >= evidence::SURE => 0.0,
        false if unit::is_signed(left) => SIGNED,
        false => NO_STOP,
    };
    let small = if right.starts_with(char::is_lowercase) { SMALL_LETTER } else { 0.0 };
    ORDINARY + closing + evidence::opening(right) + stop + small - evidence::shared_words(left, right)
        + WORDS * gap::evidence(left, right)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filler(subject: &str) -> String {
        format!("{subject} moves slowly through the rooms of the old house and nobody says a word for minutes. He opens a window. She closes it again. The light is grey. ").repeat(10)
    }

    fn loud() -> String {
        "The movie isn't for kids (mine left) but who cares!!! You'll laugh & you'll cry, trust me. I LOVED the dog in it! ".repeat(12)
    }

    #[test]
    fn a_new_voice_begins_after_a_mark_and_an_opener() {
        let text = format!(
            "I watched Glass Harbour last night. {}Highly recommended, 9/10. I recently saw this movie with my sister! {}A must see!!! 10/10. This film is one of the best of the year. {}",
            filler("A man"),
            loud(),
            filler("A woman")
        );
        let found = voices(&text);
        let starts: Vec<&str> = found.iter().map(|voice| head(&text[voice.range.clone()], 17)).collect();
        assert_eq!(starts, ["I watched Glass H", "I recently saw th", "This film is one "]);
    }

    #[test]
    fn a_long_review_by_one_writer_stays_whole() {
        let text = format!("{}I saw it twice. {}8/10.", filler("A man"), filler("A woman"));
        assert_eq!(voices(&text).len(), 1);
    }

    #[test]
    fn a_text_without_measure_is_read_in_time() {
        for piece in ["I saw it. 9/10. ", "9/10 ", "Anna Keller. ", "a.B ", "** ", "(A) I "] {
            let text = piece.repeat(60_000 / piece.len());
            assert!(!voices(&text).is_empty(), "{piece}");
        }
    }

    #[test]
    fn a_text_in_paragraphs_is_one_voice() {
        let text =
            format!("{}\n\n9/10. I saw this film twice.\n\n{}", filler("A man").trim(), filler("A woman").trim())
                .replace(". He", ".\n\nHe");
        assert_eq!(voices(&text).len(), 1);
        assert_eq!(voices("").len(), 1);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(40))]
        #[test]
        fn voices_cover_the_text_in_order(text in "(?s)(?:[a-zA-Z]{1,9} |\\. I saw |10/10\\. Well, |é\\. ){0,200}") {
            let text = text.repeat(4);
            let found = voices(&text);
            proptest::prop_assert_eq!(found[0].range.start, 0);
            proptest::prop_assert!(found.windows(2).all(|w| w[0].range.end <= w[1].range.start));
            proptest::prop_assert!(found.iter().all(|v| text.get(v.range.clone()).is_some() && v.seams.iter().all(|s| *s < v.range.len())));
        }
    }
}
