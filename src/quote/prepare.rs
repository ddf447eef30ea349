//! A review taken apart once: its sentences with all that the later rules ask of them.

use std::ops::Range;

use crate::model::{Review, Span, WorkKind, span::ScalarIndex, text::norm};

use super::{
    aspect,
    clean::{self, Habit},
    cue::Cues,
    opening,
    score::{self, Judgement, Place},
    sentence::{self, Sentence},
    spoiler,
    telling::{self, Context, Telling},
    weights::Weights,
    words::{Words, key},
};

/// One sentence with everything known about it.
pub(super) struct Item {
    /// Its place in the body.
    pub span: Span,
    /// Its paragraph.
    pub paragraph: usize,
    /// Length with white space folded, in scalar values.
    pub chars: usize,
    pub words: Words,
    pub judgement: Judgement,
    /// Which voice speaks: counted by the seams before it.
    pub voice: usize,
    /// It may be part of a quote: clean, safe, within one voice.
    pub usable: bool,
    /// It may open one.
    pub opens: bool,
    /// It points at something said before, though it does not open with it.
    pub points: bool,
    /// It speaks of "it".
    pub has_it: bool,
    /// It is kept back as a spoiler.
    pub withheld: bool,
    /// The critic marked it as summary or verdict.
    pub marked: bool,
    /// Nothing but white space parts it from the sentence before, and no other voice begins.
    pub joins: bool,
}

/// A review taken apart.
pub(super) struct Prepared {
    pub items: Vec<Item>,
    pub kind: Option<WorkKind>,
    /// Praise or blame of the whole, -1 to 1: by the rating, else by the text.
    pub stance: f32,
    /// Whether the tables know its language.
    pub english: bool,
    /// Whether the stance is the rating's.
    pub rated: bool,
}

/// From this share of known words on, a text of unstated language is taken for English.
const ENGLISH: f32 = 0.55;
/// Ratings from here up praise, and from here down blame; between they do neither.
const PRAISE: f64 = 65.0;
const BLAME: f64 = 45.0;

/// Takes a review apart.
pub(super) fn prepare(review: &Review) -> Prepared {
    let body = review.body.as_str();
    let index = ScalarIndex::new(body);
    let closed = spoiler::closed(review, &index);
    let seams: Vec<usize> = review.seams.iter().map(|&s| index.byte(s)).collect();
    let verdicts: Vec<Range<usize>> = review.verdicts.iter().map(|s| index.byte(s.start)..index.byte(s.end)).collect();
    let names = names(review);
    let title = Words::new(review.work.title.as_deref().unwrap_or("")).text().to_owned();
    let mut sentences = sentence::split(body, review.work.title.as_deref());
    for sentence in &mut sentences {
        sentence.range.start = after_label(body, sentence, &verdicts, review.work.kind);
    }
    let words: Vec<Words> = sentences.iter().map(|s| Words::new(&body[s.range.clone()])).collect();
    let english = is_english(review, &words);
    let habit = Habit::of(body);
    let closing = sentences.last().map_or(0, |s| s.paragraph);
    let mut items: Vec<Item> = Vec::with_capacity(sentences.len());
    let mut previous = 0;
    for (sentence, words) in sentences.into_iter().zip(words) {
        let range = sentence.range.clone();
        let text = &body[range.clone()];
        let last = body[range.end..].trim().is_empty();
        let share = range.start as f32 / body.len().max(1) as f32;
        let cues = Cues::of(&words, &title);
        let place = Place { share, last, closing: sentence.paragraph == closing && closing > 0, english };
        let judgement = score::judge(text, &words, cues, place, review.work.kind, &names);
        let is_closed = closed.iter().any(|c| c.start < range.end && range.start < c.end);
        let context =
            Context { kind: review.work.kind, opinion: judgement.opinion, place: share, english, known: &names };
        let telling = telling::telling(&words, cues, context);
        let crossed = seams.iter().any(|&s| range.start < s && s < range.end);
        let has_it = words.iter().any(|w| matches!(w, "it" | "it's" | "its"));
        let marked = verdicts.iter().any(|v| overlap(v, &range) * 2 > range.len());
        let voice = seams.iter().filter(|&&s| s <= range.start).count();
        let joins = items.last().is_some_and(|i| i.voice == voice) && body[previous..range.start].trim().is_empty();
        items.push(Item {
            voice,
            span: index.span(range.clone()),
            paragraph: sentence.paragraph,
            chars: folded_len(text),
            usable: (telling == Telling::Safe || (marked && telling == Telling::Plot))
                && !is_closed
                && !crossed
                && clean::is_clean(text, &words, cues, last, habit),
            opens: opening::can_open(&words, cues, english),
            points: opening::points(&words),
            has_it,
            withheld: is_closed || telling == Telling::Spoiler,
            marked,
            joins,
            words,
            judgement,
        });
        previous = range.end;
    }
    let rating = review.rating.as_ref().map(|r| r.score.value());
    Prepared {
        stance: rating.map_or_else(|| stance(&items), sign),
        rated: rating.is_some(),
        english,
        items,
        kind: review.work.kind,
    }
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
    let (sum, weight) = items.iter().fold((0.0, 0.0), |(sum, weight), item| {
        (sum + item.judgement.chance * item.judgement.polarity, weight + item.judgement.chance)
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
