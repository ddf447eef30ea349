//! What a sentence would bring to a quote: does it tell what the critic thinks, does it say why, and is it fit to be
//! printed at all?
//!
//! Three logistic sums of the same traits. Their weights are round numbers, set by hand after what readers marked in
//! sentences of many reviews (docs/quotes.md); only the tables behind some of the traits are trained.

use std::{collections::BTreeMap, sync::LazyLock};

use super::{
    table::Table,
    words::{Words, key as key_of},
};

/// What the sums look at. Shares and chances are 0 to 1; what is or is not so is 1 or 0.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Traits {
    /// Opinion (towards 1) against plot (towards -1).
    pub opinion: f32,
    /// Share of the text before it.
    pub share: f32,
    /// It stands in the last of several paragraphs.
    pub closing: f32,
    /// Evaluative words for each word.
    pub density: f32,
    /// Evaluative words, at most five counted.
    pub charged: f32,
    /// Praise against blame, -1 to 1.
    pub polarity: f32,
    /// How strongly it takes a side: praise above 0, blame below.
    pub side: f32,
    /// It names this work, or its kind.
    pub about: f32,
    /// It points at the work, or at who made it.
    pub pointed: f32,
    /// It sums up or advises.
    pub verdict: f32,
    /// It takes a side on the work as a whole.
    pub whole: f32,
    /// The critic says outright that he liked the work, or did not.
    pub liked: f32,
    /// Aspects with an evaluative word near, at most three counted.
    pub reasons: f32,
    /// It doubts its own words.
    pub hedges: f32,
    /// It speaks of another work in quotation marks.
    pub elsewhere: f32,
    /// A turn of praise or blame in a language that the tables do not know.
    pub idiom: f32,
    /// Words of one who speaks of himself or to the reader, at most three counted.
    pub self_talk: f32,
    /// It speaks of such works in general, and neither of this one nor of its rank among them.
    pub kinds: f32,
    /// What its words alone show.
    pub wording: Wording,
}

/// Traits that a sentence's words show without any table.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wording {
    /// Words in units of the usual length, at most two and a quarter.
    length: f32,
    /// Too few words to give a reason.
    short: f32,
    /// Share of words with a capital after the first: names of others, and with them plot and facts.
    capitals: f32,
    /// Words of the craft, whatever the kind of work, at most three counted.
    craft: f32,
    /// Words for what a work does to those who meet it, at most two counted.
    effect: f32,
    /// It says that the work did something to the critic.
    moved: f32,
    /// It names what is best or worst, or what it is that was liked.
    named: f32,
    /// It speaks of all of the work.
    throughout: f32,
    /// It supposes, foretells, or speaks of people and times in general.
    general: f32,
    /// Words that make what is said strong, less those that make it faint, from -1 to 1.
    strength: f32,
}

/// The usual length of a sentence, in words.
const USUAL: f32 = 22.0;
/// More words than this count for no more.
const MOST: usize = 50;
/// Fewer words than this give no reason.
const SHORT: usize = 8;
/// What stands in this share of the text is its beginning.
const BEGINNING: f32 = 0.08;
/// From this polarity on the wrong side, a sentence speaks against the review.
const AGAINST: f32 = -0.1;

impl Wording {
    /// Reads what the words show. Names of the work and of those who made it are `known`: they speak of nothing else.
    pub fn of(words: &Words, known: impl Fn(&str) -> bool) -> Self {
        let mut counts = [0u8; Sign::ALL.len()];
        let (mut capitals, mut before) = (0, Signs::default());
        let (mut moved, mut named) = (false, false);
        for (at, key) in words.keys().iter().enumerate() {
            let now = Signs::of(*key);
            for sign in Sign::ALL {
                counts[sign as usize] = counts[sign as usize].saturating_add(u8::from(now.has(sign)));
            }
            moved |= before.has(Sign::Moving) && now.has(Sign::Moved);
            named |= (before.has(Sign::Liking) && now.has(Sign::What))
                || (before.has(Sign::Foremost) && now.has(Sign::Point))
                || (before.has(Sign::Point) && now.has(Sign::Stating));
            capitals += usize::from(at > 0 && words.is_upper(at) && !known(words.get(at)));
            before = now;
        }
        let count = |sign: Sign, most: u8| f32::from(counts[sign as usize].min(most));
        Self {
            length: words.len().min(MOST) as f32 / USUAL,
            short: f32::from(u8::from(words.len() < SHORT)),
            capitals: capitals as f32 / (words.len() + 1) as f32,
            craft: count(Sign::Craft, 3),
            effect: count(Sign::Effect, 2),
            moved: f32::from(u8::from(moved)),
            named: f32::from(u8::from(named)),
            throughout: count(Sign::Throughout, 1),
            general: count(Sign::General, 2),
            strength: count(Sign::Strong, 1) - count(Sign::Faint, 1),
        }
    }
}

/// What a sentence brings, once the side is known that the review takes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Merit {
    /// Chance that a reader learns from it what the critic thinks of the work.
    pub tells: f32,
    /// Chance that a reader learns from it why.
    pub explains: f32,
    /// Chance that it is a critic's judgement of this work on the side that the review takes.
    pub fit: f32,
}

impl Traits {
    /// What the sentence brings to a review that takes a side: -1 for blame to 1 for praise.
    pub fn merit(&self, stance: f32) -> Merit {
        let sided = stance * self.side;
        Merit {
            tells: logistic(self.telling() + 0.6 * sided),
            explains: logistic(self.explaining() + 0.2 * sided),
            fit: logistic(self.fitting(stance * self.polarity) + 0.25 * sided),
        }
    }

    /// Whether it stands at the text's beginning, where many a critic says what he thinks, and few say why.
    fn early(&self) -> f32 {
        f32::from(u8::from(self.share < BEGINNING))
    }

    fn telling(&self) -> f32 {
        -3.6 + 1.5 * self.opinion
            + 0.9 * self.early()
            + 1.3 * self.closing
            + 3.8 * self.density
            + 0.7 * self.about
            + 1.0 * self.verdict
            + 0.75 * self.whole
            + 0.7 * self.liked
            + 1.0 * self.idiom
            + 0.7 * self.wording.moved
            + 0.3 * self.wording.strength
            - 0.7 * self.kinds
            - 1.0 * self.elsewhere
    }

    fn explaining(&self) -> f32 {
        let wording = &self.wording;
        -3.2 + 1.0 * self.opinion
            + 0.7 * self.polarity.abs()
            + 0.75 * self.reasons
            + 0.15 * self.charged
            + 1.0 * self.idiom
            + 0.7 * wording.length
            + 0.4 * wording.craft
            + 0.7 * wording.effect
            + 0.7 * wording.named
            + 1.0 * wording.throughout
            - 0.5 * self.early()
            - 0.5 * self.self_talk
            - 0.4 * wording.short
            - 0.6 * wording.general
            - 6.0 * wording.capitals
    }

    fn fitting(&self, sided: f32) -> f32 {
        let against = f32::from(u8::from(sided < AGAINST));
        -1.7 + 1.2 * self.opinion
            + 0.2 * self.share
            + 0.9 * self.closing
            + 3.0 * self.density
            + 0.75 * sided
            + 0.15 * self.charged
            + 0.3 * self.about
            + 0.2 * self.pointed
            + 0.3 * self.verdict
            + 0.2 * self.whole
            + 0.3 * self.reasons
            + 1.0 * self.idiom
            + 0.4 * self.wording.length
            + 0.1 * self.wording.craft
            - 0.2 * against
            - 0.3 * self.hedges
            - 0.5 * self.kinds
            - 1.0 * self.elsewhere
            - 0.15 * self.self_talk
            - 2.5 * self.wording.capitals
    }
}

/// The chance that log odds stand for.
pub(super) fn logistic(odds: f32) -> f32 {
    1.0 / (1.0 + (-odds).exp())
}

/// What a word may be a sign of; a word may be one of several things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// The craft, whatever the kind of work.
    Craft,
    /// What a work does to those who meet it.
    Effect,
    /// All of the work is meant.
    Throughout,
    /// One supposes, foretells, or speaks of people and times in general.
    General,
    /// What is said is strong.
    Strong,
    /// What is said is faint.
    Faint,
    /// With [`Moved`](Self::Moved) after it, "left me", "keeps us": what the work did to the critic.
    Moving,
    Moved,
    /// With [`What`](Self::What) after it, "I loved how", "I liked that": what it was that was liked.
    Liking,
    What,
    /// With [`Point`](Self::Point) after it, "my biggest complaint": the point on which it turns.
    Foremost,
    /// With [`Stating`](Self::Stating) after it, "the problem with".
    Point,
    Stating,
}

impl Sign {
    const ALL: [Self; 13] = [
        Self::Craft,
        Self::Effect,
        Self::Throughout,
        Self::General,
        Self::Strong,
        Self::Faint,
        Self::Moving,
        Self::Moved,
        Self::Liking,
        Self::What,
        Self::Foremost,
        Self::Point,
        Self::Stating,
    ];

    /// The words that are a sign of it.
    const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Craft => &[
                "tone idea ideas emotion emotions emotional moment moments narrative theme themes atmosphere concept",
                "execution depth detail details structure style sense tension dialogue dialog writing character characters",
                "world scene scenes story stories plot visuals score soundtrack music lyrics melody melodies vocals",
                "production performance performances acting prose author direction cinematography mechanics gameplay",
                "controls combat puzzles levels graphics animation pacing pace humor humour jokes arc arcs development",
                "relationship relationships twist sound vibe energy chemistry imagery language voice storytelling premise",
                "message setting choices design experience approach length",
            ],
            Self::Effect => &[
                "feel feels feeling felt seem seems lack lacks lacking fails fail manages delivers captures makes make keeps",
                "gives offers brings adds",
            ],
            Self::Throughout => &["throughout completely constantly entirely"],
            Self::General => &["people if will i'll fan fans anyone everyone readers viewers audience year years ago"],
            Self::Strong => {
                &["very really so too quite extremely incredibly absolutely truly thoroughly utterly simply wholly"]
            }
            Self::Faint => &["bit somewhat rather little kind sort kinda"],
            Self::Moving => {
                &["made makes make making left leaves kept keeps hooked gripped floored bored moved captivated"]
            }
            Self::Moved => &["me us you"],
            Self::Liking => &[
                "love loved like liked enjoy enjoyed appreciate appreciated admire admired hate hated dislike disliked",
            ],
            Self::What => &["how that the"],
            Self::Foremost => &["biggest main only core real one major greatest my"],
            Self::Point => &[
                "complaint complaints problem problems flaw flaws issue issues gripe gripes criticism criticisms",
                "weakness weaknesses strength strengths highlight highlights downside drawback shortcoming shortcomings",
            ],
            Self::Stating => &["is was are were with lies"],
        }
    }
}

/// The signs of a word, a bit for each.
#[derive(Debug, Clone, Copy, Default)]
struct Signs(u16);

impl Signs {
    /// Looked up once a word.
    fn of(key: u32) -> Self {
        static KNOWN: LazyLock<Table<u16>> = LazyLock::new(|| {
            let mut known: BTreeMap<u32, u16> = BTreeMap::new();
            for sign in Sign::ALL {
                for word in sign.words().iter().flat_map(|line| line.split(' ')) {
                    *known.entry(key_of(word)).or_default() |= 1 << sign as u16;
                }
            }
            let mut table = Table::with_capacity(known.len());
            known.into_iter().for_each(|(key, signs)| table.set(key, signs));
            table
        });
        Self(KNOWN.get(key).unwrap_or(0))
    }

    const fn has(self, sign: Sign) -> bool {
        self.0 & (1 << sign as u16) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explains(text: &str) -> f32 {
        Traits { wording: Wording::of(&Words::new(text), |_| false), ..Traits::default() }.merit(0.0).explains
    }

    #[test]
    fn what_is_said_of_the_craft_explains_more_than_talk_of_people_and_names() {
        let craft = explains("The pacing lacks energy throughout, and the dialogue never feels like talk.");
        for other in [
            "People will go and see it anyway, if they have the time for that.",
            "Ines Orr, Paul Quay and Marta Lind met in Oslo in the spring.",
            "Careful and refined.",
        ] {
            assert!(craft > 2.0 * explains(other), "{other}");
        }
    }

    #[test]
    fn a_point_that_is_named_explains_more() {
        let named = explains("The biggest problem with it lies somewhere in the middle.");
        assert!(named > explains("The biggest house in it lies somewhere in the middle."));
        assert!(explains("I loved how she turns at the door.") > explains("I saw how she turns at the door."));
    }

    #[test]
    fn what_moved_the_critic_tells_more_and_so_do_strong_words() {
        let tells =
            |text| Traits { wording: Wording::of(&Words::new(text), |_| false), ..Traits::default() }.merit(0.0).tells;
        assert!(tells("The last song left me in tears.") > tells("The last song left home in tears."));
        assert!(tells("An utterly lovely film.") > tells("A somewhat lovely film."));
    }

    #[test]
    fn talk_of_such_works_in_general_tells_less_and_fits_less() {
        let of = |kinds| Traits { kinds, opinion: 0.5, ..Traits::default() }.merit(1.0);
        assert!(of(1.0).tells < of(0.0).tells && of(1.0).fit < of(0.0).fit);
    }

    #[test]
    fn a_sentence_on_the_reviews_side_is_fitter_than_one_against_it() {
        let praise = Traits { polarity: 0.8, side: 1.0, opinion: 0.5, ..Traits::default() };
        assert!(praise.merit(1.0).fit > praise.merit(0.0).fit && praise.merit(0.0).fit > praise.merit(-1.0).fit);
    }
}
