//! How likely a sentence is to be what a quote wants: a critic's judgement of this work, with its reason.
//!
//! A logistic sum of features. The weights are set by hand, in round numbers, after what research
//! found to matter (docs/quotes.md); only the opinion and praise tables behind two of them are trained.

use crate::model::WorkKind;

use super::{
    aspect,
    cue::{Cue, Cues},
    polarity,
    weights::{Reading, Weights},
    words::Words,
};

/// What is known of a sentence before windows are made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judgement {
    /// Chance that it judges, 0 to 1.
    pub chance: f32,
    /// Opinion (towards 1) against plot (towards -1).
    pub opinion: f32,
    /// Praise against blame, -1 to 1.
    pub polarity: f32,
    /// It names this work, or its kind.
    pub about: bool,
    /// It sums up or advises.
    pub verdict: bool,
    /// It says why: aspect words with an evaluative word near, at most three counted.
    pub reasons: u8,
}

/// Where a sentence stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Share of the text before it, 0 to 1.
    pub share: f32,
    /// It is the text's last.
    pub last: bool,
    /// It stands in the text's last paragraph.
    pub closing: bool,
    /// The share of words known to the tables is that of English text.
    pub english: bool,
}

/// An evaluative word counts for an aspect word this near.
const NEAR: usize = 6;

/// Judges a sentence.
pub(super) fn judge(
    text: &str,
    words: &Words,
    cues: Cues,
    place: Place,
    kind: Option<WorkKind>,
    names: &[String],
) -> Judgement {
    let reading = Weights::shipped().read(words);
    let opinion = opinion(reading, words, place.english);
    let polarity = polarity::of(words, cues);
    let weights = Weights::shipped();
    let charged: Vec<usize> = (0..words.len()).filter(|&at| weights.lexicon(words.key(at)) != 0).collect();
    let aspects = (0..words.len()).filter(|&at| aspect::is_aspect_word(kind, words.key(at))).collect::<Vec<_>>();
    let idiom = cues.has(Cue::Praise) || cues.has(Cue::Blame);
    let reasons =
        aspects.iter().filter(|a| idiom || charged.iter().any(|c| a.abs_diff(*c) <= NEAR)).count().min(3) as u8;
    let density = (charged.len() as f32 + f32::from(u8::from(idiom))) / (words.len() as f32 + 4.0);
    let verdict = cues.has(Cue::Verdict);
    let pointed = speaks_of_the_work(words, names);
    let about = pointed || cues.has(Cue::Work);
    let flag = |condition: bool| f32::from(u8::from(condition));
    let self_talk =
        words.iter().filter(|w| matches!(*w, "i" | "my" | "me" | "i've" | "i'd" | "i'm" | "you" | "your")).count();
    let length = (words.len() as f32 - 22.0).abs() / 22.0;
    let sum = -1.6
        + 1.7 * opinion
        + 1.2 * place.share
        + 0.4 * flag(place.last)
        + 0.3 * flag(place.closing)
        + 3.0 * density.min(0.4)
        + 1.0 * polarity.abs()
        + 0.2 * flag(cues.has(Cue::Work))
        + 0.35 * flag(pointed)
        + 0.9 * flag(verdict)
        + 0.5 * flag(reasons > 0)
        - 0.2 * (self_talk as f32).min(3.0)
        - 0.25 * length.min(1.5)
        - 0.7 * flag(text.contains('?'))
        - 0.6 * flag(cues.has(Cue::Fact))
        - 0.5 * flag(text.get(..text.len().min(30)).is_some_and(|t| t.contains(": ")))
        - 0.9 * flag(quotes_another_title(text, names));
    Judgement { chance: 1.0 / (1.0 + (-sum).exp()), opinion, polarity, about, verdict, reasons }
}

/// Opinion against plot, brought to -1..1 whatever the length. In a language that the table does not know
/// there is nothing to be read from it, and every sentence stands at 0.3.
fn opinion(reading: Reading, words: &Words, english: bool) -> f32 {
    if !english {
        return 0.3;
    }
    (reading.opinion / (3.0 + 0.7 * words.len() as f32)).tanh()
}

/// Whether it is this work that is spoken of, by name, by its makers, or as "the film".
fn speaks_of_the_work(words: &Words, names: &[String]) -> bool {
    let titled = names.iter().any(|n| n.starts_with(' ') && words.text().contains(n));
    titled
        || (0..words.len()).any(|at| {
            let word = words.get(at);
            let pointed = at > 0 && matches!(words.get(at - 1), "the" | "this");
            (pointed && WORKS.contains(&word)) || (words.is_upper(at) && names.iter().any(|n| n == word))
        })
}

/// What a work is called where it is pointed at.
pub(super) const WORKS: &[&str] = &[
    "film",
    "movie",
    "picture",
    "documentary",
    "series",
    "show",
    "season",
    "episode",
    "book",
    "novel",
    "novella",
    "memoir",
    "story",
    "collection",
    "comic",
    "album",
    "record",
    "ep",
    "lp",
    "single",
    "game",
    "sequel",
    "adaptation",
    "remake",
    "restaurant",
    "place",
    "hotel",
    "play",
    "production",
    "release",
    "thriller",
    "comedy",
    "drama",
    "work",
    "installment",
    "entry",
    "volume",
    "title",
    "read",
];

/// Whether a title in quotation marks stands there that is not this work's: another work, or one song of
/// an album, where the whole is to be judged.
fn quotes_another_title(text: &str, names: &[String]) -> bool {
    let mut rest = text;
    while let Some(open) = rest.find(['“', '"']) {
        let inner = rest[open..].trim_start_matches(['“', '"']);
        let Some(close) = inner.find(['”', '"']) else { return false };
        let title = Words::new(&inner[..close]);
        let capital = title.len() <= 6 && title.is_upper(0) && (title.len() == 1 || title.is_upper(title.len() - 1));
        if capital && !title.iter().any(|w| names.iter().any(|n| n == w)) {
            return true;
        }
        rest = inner[close..].trim_start_matches(['”', '"']);
    }
    false
}
