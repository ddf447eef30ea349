//! Praise or blame: the sign of a sentence, and of a stretch of it.

use std::sync::LazyLock;

use super::{
    cue::{Cue, Cues},
    weights::{Reading, Weights},
    words::{WordSet, Words},
};

/// A negation turns what follows within this many words.
const REACH: usize = 3;

const NEGATIONS: &[&str] = &[
    "not no never nor neither without hardly barely scarcely cannot can't don't doesn't didn't isn't wasn't",
    "aren't weren't won't wouldn't couldn't lacks lack nothing nobody little",
];

/// Lexicon words that say nothing of a work: what it is about, or a mere noun of the trade.
const MUTE: &[&str] = &[
    "plot thriller horror funny dark mystery crime death dead kill killer war fiction like well work lead leads",
    "right love loved drama tragic sad lonely loneliness villain enemy evil fall falls falling break heavy metal",
    "hard rock cold cheap odd strange fear fears pain murder sorrow grief loss desperate crazy wild slow twist",
    "twisted dust mar protest warning",
];

static NEGATING: LazyLock<WordSet> = LazyLock::new(|| WordSet::of(NEGATIONS));
static MUTED: LazyLock<WordSet> = LazyLock::new(|| WordSet::of(MUTE));

/// Lexicon sum over the words of a range, each turned by a negation shortly before it.
pub(super) fn lexicon(words: &Words, range: std::ops::Range<usize>) -> f32 {
    let weights = Weights::shipped();
    let mut sum = 0.0;
    for at in range {
        let sign = weights.lexicon(words.key(at));
        if sign == 0 || MUTED.has(words.key(at)) {
            continue;
        }
        let turned = (at.saturating_sub(REACH)..at).any(|before| {
            // "not only good" praises.
            NEGATING.has(words.key(before)) && words.get(before + 1) != "only"
        });
        sum += if turned { -f32::from(sign) } else { f32::from(sign) };
    }
    sum
}

/// Praise (towards 1) or blame (towards -1) of a sentence; near 0 where it cannot be told.
pub(super) fn of(words: &Words, cues: Cues, reading: Reading) -> f32 {
    let idioms = f32::from(i8::from(cues.has(Cue::Praise)) - i8::from(cues.has(Cue::Blame)));
    let learnt = 0.45 * reading.praise / (1.0 + words.len() as f32 / 12.0);
    (0.5 * (0.7 * lexicon(words, 0..words.len()) + 1.2 * idioms + learnt)).tanh()
}

/// How far praise is told from blame before it counts as either.
pub(super) const DECIDED: f32 = 0.25;

#[cfg(test)]
mod tests {
    use super::*;

    fn polarity(text: &str) -> f32 {
        let words = Words::new(text);
        of(&words, Cues::of(&words, ""), Weights::shipped().read(&words))
    }

    #[test]
    fn a_negation_turns_the_sign() {
        assert!(polarity("The acting is superb.") > DECIDED);
        assert!(polarity("The acting is not good.") < 0.0);
        assert!(polarity("The plot is dull and predictable.") < -DECIDED);
        assert!(polarity("I can't fault the film.") > 0.0);
    }
}
