//! Praise or blame: the sign of a sentence, and of a stretch of it.

use std::{ops::Range, sync::LazyLock};

use super::{
    cue::{Cue, Cues},
    phrase::Phrases,
    valence::{Valence, under_negation},
    weights::Weights,
    words::{WordSet, Words},
};

/// Lexicon words that say nothing of a work: what it is about, or a mere noun of the trade.
const MUTE: &[&str] = &[
    "plot thriller horror funny dark mystery crime death dead kill killer war fiction like well work lead leads",
    "right love loved drama tragic sad lonely loneliness villain enemy evil fall falls falling break heavy metal",
    "hard rock cold cheap odd strange fear fears pain murder sorrow grief loss desperate crazy wild slow twist",
    "twisted dust mar protest warning super enough",
];

/// Turns of phrase that a sum over words misreads, with what they are worth. The longest that fits is taken, and the
/// words inside count for nothing else.
const IDIOMS: &[(f32, &str)] = &[
    (
        1.6,
        "can't fault|cannot fault|hard to fault|no complaints|can't complain|nothing to complain|nothing short of|can't recommend it enough|\
         can't recommend this enough|couldn't be better|could not be better|can't go wrong|never a dull moment|not a dull moment|never dull|\
         never boring|not to be missed|don't miss|do not miss|second to none|nothing but praise|no weak link|without a weak|not one weak|\
         not a single weak|blew me away|blown away|on point|spot on|to die for|must see|must read|must have|must hear|hits the mark|\
         lives up to|lived up to|better than expected|better than i expected|exceeded my expectations|steals the show|steals every scene|\
         stole the show|stands out|holds up|pays off|kicks ass|kick ass|bad ass|killer|of the year|one of the best|one of the finest|\
         one of the greatest|the best|at its best|at his best|at her best|at their best|top notch|top marks|first rate|worth every|\
         well worth|can't wait|couldn't put it down|could not put it down|keeps you guessing|edge of your seat|edge of my seat|none better|\
         no better|never better|never been better|nothing wrong with|cream of the crop|a cut above|out of the park|best of the bunch|head and shoulders above|breath of fresh air|labour of love|labor of love|does not disappoint|doesn't disappoint|did not disappoint|\
         didn't disappoint|never disappoints|never gets old|never overstays|not overstay|insanely good|wickedly|terribly good",
    ),
    (
        0.8,
        "not bad|isn't bad|wasn't bad|not half bad|not without merit|not too shabby|none too shabby|doesn't hurt|not the worst|could be worse|\
         held my attention|held my interest|decent enough|good enough|solid enough|works well|does the job|gets the job done|worth a look|\
         worth a watch|worth a read|worth a listen",
    ),
    (
        -0.9,
        "nothing special|nothing new|nothing original|not great|isn't great|wasn't great|not very good|not that good|not so good|not all that|\
         not good enough|not enough|hardly a masterpiece|not a masterpiece|far from perfect|leaves something to be desired|by the numbers|\
         paint by numbers|seen it before|seen before|seen it all before|falls short|fell short|comes up short|runs out of|ran out of|\
         could have been|could've been|had potential|had the potential|should have been|should've been|might have been|if only|would have liked|would have been better|\
         would've been better|i wish|too long|too much|too many|too slow|too short|too loud|too easy|too predictable|less than|not up to|\
         the weakest|weakest part|weak point|lets it down|let down by|takes away from|at times|hit and miss|hit or miss|not as good|\
         not nearly as|supposed to|meant to be funny|only complaint|one complaint|my complaint|to be desired|on the nose|one note",
    ),
    (
        -1.6,
        "falls flat|fell flat|fall flat|waste of|wasted|phoned in|going through the motions|left me cold|leaves me cold|couldn't care less|\
         didn't care|don't care|stop caring|stopped caring|hard to care|not funny|isn't funny|wasn't funny|doesn't work|does not work|\
         didn't work|did not work|fails to|failed to|never quite|never really|doesn't quite|one of the worst|the worst|at its worst|\
         worst part|lost interest|loses interest|fell asleep|walk out|walked out|wooden|paper thin|razor thin|cookie cutter|cut and paste|\
         bog standard|not worth|isn't worth|wasn't worth|avoid|skip it|steer clear|save your money|overstays its welcome|nails on a chalkboard|\
         tries too hard|trying too hard|too little|nowhere near|overpriced|leaves a lot to be desired|leaves much to be desired|so bad|pretty bad|\
         bad acting|none of it works|makes no sense|made no sense|no sense|no chemistry|no idea|no point|full of holes|plot holes|plot hole",
    ),
    // Words of criticism that the lexicon does not have.
    (
        0.8,
        "gripping|compelling|engrossing|immersive|riveting|absorbing|nuanced|unforgettable|catchy|hilarious|layered|haunting|mesmerizing|mesmerising|hypnotic|inventive|understated|\
         well researched|well written|well acted|well made|well crafted|well paced|well shot|well drawn|well played|well cast|well done|tightly plotted|\
         beautifully written|beautifully shot|laugh out loud|thought provoking|good value|great value|value for money|worth every penny|page turner",
    ),
    (
        -0.8,
        "clunky|cliched|clichéd|predictable|derivative|formulaic|tedious|bland|generic|uneven|overlong|forgettable|underwhelming|repetitive|\
         muddy|stilted|padded|miscast|hammy|cheesy|corny|dated|rushed|half baked|undercooked|overcooked|over the top|heavy handed|ham fisted|\
         overwritten|overwrought|sub par|subpar|one dimensional|two dimensional|run of the mill|second rate|third rate|uninspired|goes nowhere|go nowhere|went nowhere|too much filler|poorly written|badly written|needs more|needed more",
    ),
    // Words of judgement that judge nothing here.
    (
        0.0,
        "hit man|hit song|no doubt|not only|no wonder|no less|at least|the good guys|good guys|bad guys|bad guy|best friend|best friends|\
         good night|good morning|well known|as well as|as well|best known|best selling|best seller|last but not least|good luck|good and evil|\
         love story|love interest|love triangle|fall in love|falls in love|in love with|super hero|like that|bad dream|sort of|kind of|\
         the great war|black humor|black humour|black comedy|dark comedy|no longer|from start to finish|from beginning to end|start to finish|more or less|trust me|to be fair|to be honest",
    ),
];

static MUTED: LazyLock<WordSet> = LazyLock::new(|| WordSet::of(MUTE));

/// What a sentence is worth, taken apart once so that its stretches can be asked as well.
pub(super) struct Valued<'a> {
    words: &'a Words,
    negation: Vec<bool>,
    /// Idioms in order, none within another.
    idioms: Vec<(Range<usize>, f32)>,
    /// Which words are part of one.
    in_idiom: Vec<bool>,
}

impl<'a> Valued<'a> {
    /// Takes a sentence apart.
    pub fn new(words: &'a Words) -> Self {
        let idioms = idioms(words);
        let mut in_idiom = vec![false; words.len()];
        for (at, _) in &idioms {
            in_idiom[at.clone()].fill(true);
        }
        Self { words, negation: under_negation(words), idioms, in_idiom }
    }

    /// Praise (towards 1) or blame (towards -1) of a stretch; near 0 where it cannot be told.
    pub fn of(&self, range: Range<usize>) -> f32 {
        squashed(self.sum(range))
    }

    fn sum(&self, range: Range<usize>) -> f32 {
        let first = self.idioms.partition_point(|(at, _)| at.start < range.start);
        let inside = self.idioms[first..].iter().take_while(|(at, _)| at.end <= range.end);
        let idioms: f32 = inside.map(|(_, worth)| worth).sum();
        let learnt = Valence::shipped().read(self.words, &self.negation, &self.in_idiom, range.clone());
        let lexicon: f32 = range.map(|at| self.lexicon(at)).sum();
        0.6 * lexicon + 0.45 * learnt + idioms
    }

    /// The lexicon's word on a place, turned by a negation shortly before it.
    fn lexicon(&self, at: usize) -> f32 {
        let key = self.words.key(at);
        let sign = if self.in_idiom[at] { 0 } else { Weights::shipped().lexicon(key) };
        if sign == 0 || MUTED.has(key) {
            return 0.0;
        }
        let sign = f32::from(sign);
        // "Not good" blames; "not bad" praises, but faintly.
        match (self.negation[at], sign > 0.0) {
            (false, _) => sign,
            (true, true) => -sign,
            (true, false) => -0.7 * sign,
        }
    }
}

fn squashed(sum: f32) -> f32 {
    (0.5 * sum).tanh()
}

/// The idioms of a sentence, none within another.
fn idioms(words: &Words) -> Vec<(Range<usize>, f32)> {
    static FINDER: LazyLock<Phrases<f32>> =
        LazyLock::new(|| Phrases::of(IDIOMS.iter().map(|(worth, line)| (*line, *worth))));
    let mut hits: Vec<(Range<usize>, f32)> = Vec::new();
    FINDER.find(words, |range, worth| hits.push((words.at_byte(range.start + 1)..words.at_byte(range.end), worth)));
    // In the order of their ends, so that only the last ones kept can overlap the next; of those, the longest stays.
    hits.sort_by_key(|(at, _)| (at.end, at.start));
    let mut found: Vec<(Range<usize>, f32)> = Vec::new();
    for (at, worth) in hits {
        let mut longest = true;
        while let Some((known, _)) = found.last().filter(|(known, _)| known.end > at.start) {
            longest = known.len() < at.len();
            if !longest {
                break;
            }
            found.pop();
        }
        if longest {
            found.push((at, worth));
        }
    }
    found
}

/// The lines of all idioms.
#[cfg(test)]
pub(super) fn lines() -> impl Iterator<Item = &'static str> {
    IDIOMS.iter().map(|(_, line)| *line)
}

/// Praise (towards 1) or blame (towards -1) of a sentence; near 0 where it cannot be told.
pub(super) fn of(words: &Words, cues: Cues) -> f32 {
    let cued = f32::from(i8::from(cues.has(Cue::Praise)) - i8::from(cues.has(Cue::Blame)));
    squashed(Valued::new(words).sum(0..words.len()) + 0.5 * cued)
}

/// How far praise is told from blame before it counts as either.
pub(super) const DECIDED: f32 = 0.25;

#[cfg(test)]
mod tests {
    use super::*;

    fn polarity(text: &str) -> f32 {
        let words = Words::new(text);
        of(&words, Cues::of(&words, ""))
    }

    #[test]
    fn a_negation_turns_the_sign() {
        assert!(polarity("The acting is superb.") > DECIDED);
        assert!(polarity("The acting is not good.") < -DECIDED);
        assert!(polarity("The plot is dull and predictable.") < -DECIDED);
    }

    #[test]
    fn turns_of_phrase_are_known_whatever_their_words() {
        for praise in [
            "I can't fault the film.",
            "There is never a dull moment.",
            "It is not bad at all.",
            "The finale is not to be missed.",
            "Nothing short of astonishing.",
            "I couldn't put it down.",
        ] {
            assert!(polarity(praise) > DECIDED, "{praise} {}", polarity(praise));
        }
        for blame in [
            "It is nothing special.",
            "The jokes fall flat.",
            "It could have been so much better.",
            "The villain is hardly a masterpiece of writing.",
            "It fails to convince.",
            "The second half tries too hard.",
            "It left me cold.",
        ] {
            assert!(polarity(blame) < -DECIDED, "{blame} {}", polarity(blame));
        }
    }

    #[test]
    fn what_a_story_is_about_is_neither_praise_nor_blame() {
        for neutral in ["He falls in love with his best friend.", "The film is set during the war."] {
            assert!(polarity(neutral).abs() < DECIDED, "{neutral} {}", polarity(neutral));
        }
    }

    #[test]
    fn an_idiom_within_a_longer_one_does_not_count() {
        let words = Words::new("It is one of the best.");
        let found = idioms(&words);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, 2..6);
    }
}
