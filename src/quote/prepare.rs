//! A review taken apart once: its sentences with all that the later rules ask of them.

use std::{ops::Range, sync::LazyLock};

use crate::model::{Review, Span, WorkKind, span::ScalarIndex, text::norm};

use super::{
    aspect,
    clean::{self, Habit},
    cue::Cues,
    opening::{self, Tongue},
    polarity,
    score::{self, Judgement, Place},
    sentence::{self, Sentence},
    spoiler,
    telling::{self, Context, Telling},
    weights::Weights,
    words::{WordSet, Words, key},
};

/// One sentence with everything known about it.
pub(super) struct Item {
    /// Its place in the body.
    pub span: Span,
    /// Its paragraph.
    pub paragraph: usize,
    /// Length with white space folded, in scalar values; 0 where it is not usable.
    pub chars: usize,
    pub words: Words,
    pub judgement: Judgement,
    /// Which voice speaks: counted by the seams before it.
    pub voice: usize,
    /// It may be part of a quote: clean, safe, the critic's own, within one voice.
    pub usable: bool,
    /// It is usable, and may open one.
    pub opens: bool,
    /// It is usable, and may go on where something was left out after the work was spoken of.
    pub follows: bool,
    /// It is usable, and sets the work against what was said before: it may go on after a doubt or a praise of the
    /// other side.
    pub turns: bool,
    /// It is usable and points at something said before, though it does not open with it.
    pub points: bool,
    /// It is usable, and but a few words without a verb.
    pub fragment: bool,
    /// It is usable and speaks of "it".
    pub has_it: bool,
    /// The sentence after it sets the work apart from what it says: without that, it would be said of the work.
    pub foil: bool,
    /// It is kept back as a spoiler.
    pub withheld: bool,
    /// Somebody else says it, in a quotation that the critic did not mark as verdict.
    pub quoted: bool,
    /// It is a question: it takes no side.
    pub asks: bool,
    /// Which stretch that the critic marked as summary or verdict it stands in.
    pub verdict: Option<usize>,
    /// Nothing but white space parts it from the sentence before, and no other voice begins.
    pub joins: bool,
}

/// Whether the gates against spoilers are shut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gate {
    /// Nothing marked, and nothing that gives away, may be used: the rule.
    Shut,
    /// Both may: for what is shown to those alone who ask for it.
    Open,
}

/// A review taken apart.
pub(super) struct Prepared {
    pub items: Vec<Item>,
    pub kind: Option<WorkKind>,
    /// Praise or blame of the whole, -1 to 1: by the rating, else by the text.
    pub stance: f32,
    /// The critic is of two minds: by the rating, else by the text.
    pub torn: bool,
    /// Whether the tables know its language.
    pub english: bool,
}

/// From this share of known words on, a text of unstated language is taken for English.
const ENGLISH: f32 = 0.55;
/// Ratings from here up praise, and from here down blame; between they do neither.
const PRAISE: f64 = 65.0;
const BLAME: f64 = 45.0;
/// A rating from [`BLAME`] to below this stands for two minds; without one, a text whose stance is nearer to 0 than this.
const TORN: f64 = 70.0;
const EVEN: f32 = 0.15;

/// The work, where it was named before.
static IT: LazyLock<WordSet> = LazyLock::new(|| WordSet::of(&["it it's its"]));

/// What is the same for all sentences of a review.
struct Frame<'a> {
    body: &'a str,
    index: ScalarIndex,
    kind: Option<WorkKind>,
    /// In order, and apart.
    closed: Vec<Span>,
    /// In order, and apart.
    quotations: &'a [Span],
    /// In order.
    seams: Vec<usize>,
    verdicts: Vec<Range<usize>>,
    names: Vec<String>,
    makers: Vec<String>,
    title: String,
    tongue: Tongue<'a>,
    habit: Habit<'a>,
    gate: Gate,
    /// Number of the last paragraph.
    closing: usize,
}

/// Takes a review apart.
pub(super) fn prepare(review: &Review, gate: Gate) -> Prepared {
    let body = review.body.as_str();
    let index = ScalarIndex::new(body);
    let kind = review.work.kind;
    let verdicts: Vec<Range<usize>> = review.verdicts.iter().map(|s| index.byte(s.start)..index.byte(s.end)).collect();
    let mut sentences = sentence::split(body, review.work.title.as_deref());
    for sentence in &mut sentences {
        sentence.range.start = after_label(body, sentence, &verdicts, kind);
    }
    let words: Vec<Words> = sentences.iter().map(|s| Words::new(&body[s.range.clone()])).collect();
    let english = is_english(review, &words);
    let frame = Frame {
        closed: spoiler::closed(review, &index),
        quotations: &review.quotations,
        seams: seams(review, &index),
        names: names(review),
        makers: makers(review),
        title: Words::new(review.work.title.as_deref().unwrap_or("")).text().to_owned(),
        tongue: if english { Tongue::English } else { Tongue::Other(review.language.as_deref()) },
        habit: Habit::of(body, english),
        gate,
        closing: sentences.last().map_or(0, |s| s.paragraph),
        body,
        index,
        kind,
        verdicts,
    };
    let mut items: Vec<Item> = Vec::with_capacity(sentences.len());
    let mut previous = 0;
    for (sentence, words) in sentences.into_iter().zip(words) {
        let mut item = frame.item(&sentence, words);
        let gap = &body[previous..sentence.range.start];
        if let Some(last) = items.last_mut() {
            last.foil = opening::sets_apart(&item.words);
        }
        item.joins = items.last().is_some_and(|last| last.voice == item.voice) && gap.trim().is_empty();
        items.push(item);
        previous = sentence.range.end;
    }
    let rating = review.rating.as_ref().map(|r| r.score.value());
    let stance = rating.map_or_else(|| stance(&items), sign);
    let torn = rating.map_or_else(|| stance.abs() < EVEN, |score| (BLAME..TORN).contains(&score));
    for item in &mut items {
        item.judgement.settle(stance);
    }
    Prepared { stance, torn, english: frame.tongue == Tongue::English, items, kind }
}

impl Frame<'_> {
    /// Judges one sentence. Whether it joins the one before is for the caller to say.
    fn item(&self, sentence: &Sentence, words: Words) -> Item {
        let range = sentence.range.clone();
        let text = &self.body[range.clone()];
        let last = self.body[range.end..].trim().is_empty();
        let share = range.start as f32 / self.body.len().max(1) as f32;
        let cues = Cues::of(&words, &self.title);
        let closing = sentence.paragraph == self.closing && self.closing > 0;
        let place = Place { share, last, closing, english: self.tongue == Tongue::English };
        let judgement = score::judge(text, &words, cues, place, self.kind, (&self.makers, &self.title));
        let telling = self.telling(&words, cues, &judgement, share);
        let span = self.index.span(range.clone());
        let is_closed = is_within(&self.closed, span);
        let voice = self.seams.partition_point(|&s| s <= range.start);
        let crossed = self.seams.get(voice).is_some_and(|&s| s < range.end);
        let verdict = self.verdicts.iter().position(|v| overlap(v, &range) * 2 > range.len());
        let marked = verdict.is_some();
        let quoted = !marked && is_within(self.quotations, span);
        // The critic's own summary may tell the premise, but never the outcome.
        let safe = match self.gate {
            Gate::Shut => !is_closed && (telling == Telling::Safe || (marked && telling == Telling::Plot)),
            // Plot told late is no spoiler any more, but plot it is still.
            Gate::Open => {
                let early = self.telling(&words, cues, &judgement, 0.0);
                (marked || early != Telling::Plot) && !spoiler::has_mark(text)
            }
        };
        let alone = self.tongue == Tongue::English && opening::is_left_alone(text, &words);
        let usable = safe && !crossed && !quoted && !alone && clean::is_clean(text, &words, cues, last, &self.habit);
        let has_it = usable && words.keys().iter().any(|key| IT.has(*key));
        Item {
            span,
            paragraph: sentence.paragraph,
            chars: if usable { folded_len(text) } else { 0 },
            voice,
            usable,
            // What cannot be used is not asked whether it could open.
            opens: usable && !text.starts_with('(') && opening::can_open(&words, cues, self.tongue),
            follows: usable && self.tongue == Tongue::English && opening::takes_up(&words),
            turns: usable && self.tongue == Tongue::English && opening::turns(&words, &self.title),
            points: usable && opening::points(&words),
            fragment: usable && self.tongue == Tongue::English && opening::is_fragment(&words),
            has_it,
            foil: false,
            quoted,
            withheld: is_closed || telling == Telling::Spoiler,
            asks: text.contains('?'),
            verdict,
            joins: false,
            words,
            judgement,
        }
    }

    fn telling(&self, words: &Words, cues: Cues, judgement: &Judgement, place: f32) -> Telling {
        let opinion = judgement.traits.opinion;
        let judging = judgement.traits.polarity.abs() >= polarity::DECIDED;
        let context = Context {
            kind: self.kind,
            opinion,
            judging,
            place,
            english: self.tongue == Tongue::English,
            known: &self.names,
        };
        telling::telling(words, cues, context)
    }
}

/// Whether a sentence touches one of these stretches, which are in order and apart.
fn is_within(stretches: &[Span], sentence: Span) -> bool {
    let next = stretches.get(stretches.partition_point(|stretch| stretch.end <= sentence.start));
    next.is_some_and(|stretch| stretch.start < sentence.end)
}

/// Where other voices may begin, in bytes, in order.
fn seams(review: &Review, index: &ScalarIndex) -> Vec<usize> {
    let mut seams: Vec<usize> = review.seams.iter().map(|&seam| index.byte(seam)).collect();
    seams.sort_unstable();
    seams
}

fn sign(score: f64) -> f32 {
    if score >= PRAISE {
        1.0
    } else if score <= BLAME {
        -1.0
    } else {
        0.0
    }
}

/// What the sentences that judge amount to.
fn stance(items: &[Item]) -> f32 {
    let (sum, weight) = items.iter().filter(|item| !item.quoted).fold((0.0, 0.0), |(sum, weight), item| {
        (sum + item.judgement.chance * item.judgement.traits.side, weight + item.judgement.chance)
    });
    if weight > 0.0 { (3.0 * sum / weight).clamp(-1.0, 1.0) } else { 0.0 }
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> usize {
    a.end.min(b.end).saturating_sub(a.start.max(b.start))
}

fn folded_len(text: &str) -> usize {
    let (mut count, mut gap) = (0, false);
    for c in text.chars() {
        if c.is_whitespace() {
            gap = true;
        } else {
            count += 1 + usize::from(gap && count > 0);
            gap = false;
        }
    }
    count
}

/// Words of the names of those who made the work, and of its title: what they do is no plot.
fn names(review: &Review) -> Vec<String> {
    let named = review.people.iter().chain(&review.work.creators).chain(&review.reviewer).chain(&review.work.title);
    let mut names: Vec<String> =
        named.flat_map(|n| norm(n).split(' ').map(String::from).collect::<Vec<_>>()).filter(|n| n.len() > 2).collect();
    // A title of several words is looked for as a whole: its words alone may be common ones.
    let title = Words::new(review.work.title.as_deref().unwrap_or(""));
    if title.len() > 1 {
        names.push(title.text().to_owned());
    }
    names.sort();
    names.dedup();
    names
}

/// Words of the names of those who made the work, and a title of one word: where one stands, the work is meant.
fn makers(review: &Review) -> Vec<String> {
    let title = review.work.title.iter().filter(|title| Words::new(title).len() == 1);
    let named = review.people.iter().chain(&review.work.creators).chain(title);
    let words = named.flat_map(|name| norm(name).split(' ').map(String::from).collect::<Vec<_>>());
    words.filter(|word| word.len() > 2 && word != "the" && word != "and").collect()
}

fn is_english(review: &Review, sentences: &[Words]) -> bool {
    if let Some(language) = &review.language {
        return language.starts_with("en");
    }
    let weights = Weights::shipped();
    let keys = sentences.iter().flat_map(Words::keys).take(400);
    let (known, all) =
        keys.fold((0usize, 0usize), |(known, all), key| (known + usize::from(weights.get(*key).is_some()), all + 1));
    all == 0 || known as f32 / all as f32 >= ENGLISH
}

/// Where a sentence begins once a label such as `TL;DR –` or `Verdict:` is passed over.
fn after_label(body: &str, sentence: &Sentence, verdicts: &[Range<usize>], kind: Option<WorkKind>) -> usize {
    const LABELS: [&str; 20] = [
        "tl;dr",
        "tldr",
        "tl; dr",
        "verdict",
        "the verdict",
        "final verdict",
        "my verdict",
        "bottom line",
        "the bottom line",
        "summary",
        "in summary",
        "conclusion",
        "final thoughts",
        "final thought",
        "the good",
        "the bad",
        "overall",
        "fazit",
        "conclusión",
        "oordeel",
    ];
    let range = &sentence.range;
    if let Some(verdict) =
        verdicts.iter().find(|v| range.start < v.start && v.start < range.end && v.start - range.start < 40)
    {
        let rest = &body[verdict.start..range.end];
        return range.end - rest.trim_start_matches(|c: char| c.is_whitespace() || ":–—-".contains(c)).len();
    }
    let text = &body[range.clone()];
    let Some(at) = text.find([':', '–', '—', '-', ',']).filter(|at| *at < 20) else { return range.start };
    let label = text[..at].trim().to_lowercase();
    // `Gameplay: The controls are tight.` : what is spoken of, not part of what is said.
    let aspect = text[at..].starts_with(':')
        && label.split(' ').count() <= 2
        && label.split(' ').any(|word| aspect::is_aspect_word(kind, key(word)));
    if text[at..].starts_with(',') || !(aspect || LABELS.contains(&label.as_str())) {
        return range.start;
    }
    let rest = text[at..].trim_start_matches(|c: char| c.is_whitespace() || ":–—-".contains(c));
    if rest.is_empty() { range.start } else { range.end - rest.len() }
}
