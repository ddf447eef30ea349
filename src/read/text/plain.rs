//! Plain text: header, body, and what follows it. Run-together reviews are parted.

use crate::{
    model::{Span, span::ScalarIndex},
    read::{
        Document, Reading, boilerplate,
        facts::Facts,
        judge, language, people,
        rating::{self, Scale},
        split,
    },
};

use super::{byline, header};

/// Reads a plain text.
pub fn read(document: &Document, text: &str) -> Reading {
    let mut facts = Facts { url: None, ..Facts::default() };
    let lines = lines(text);
    let trimmed: Vec<&str> = lines.iter().map(|line| line.0).collect();
    let (first, titles) = header::read(&trimmed, &mut facts);
    let kept = boilerplate::cut(&trimmed[first..]);
    let end = first + without_tail(&trimmed[first..first + kept]);
    let Some(range) = extent(&lines, first, end) else {
        return Reading { reviews: Vec::new(), notes: vec!["no review: there is no running text in it".into()] };
    };
    let body = paragraphs(&text[range.clone()]);
    let headline = header::choose_title(&titles, &body, None, &mut facts);
    byline::footer(below(&trimmed[end..]), &mut facts);
    byline::settle(&mut facts, &headline, &body);
    facts.language = language::guess(&body);
    let whole = extent(&lines, first, first + kept).map_or(range.clone(), |whole| whole);
    if facts.rating.is_none() {
        let scale = Scale { best: facts.best, language: facts.language.as_deref() };
        facts.rating = rating::in_text(&text[whole], facts.work.title.as_deref(), scale);
    }
    if let Some(objection) = judge::objection(&named_review(headline, &titles), &body, &facts) {
        return Reading { reviews: Vec::new(), notes: vec![format!("no review: {objection}")] };
    }
    reviews(document, text, range, facts)
}

/// A text taken out of its surroundings.
#[derive(Debug, Clone, Default)]
pub struct Cleaned {
    /// The text.
    pub body: String,
    /// The text with the closing lines, where ratings stand.
    pub whole: String,
}

/// Takes header lines into `facts` and what surrounds the text off, for text that a page yielded.
pub fn cleaned(text: &str, facts: &mut Facts) -> Cleaned {
    let lines = lines(text);
    let trimmed: Vec<&str> = lines.iter().map(|line| line.0).collect();
    let (first, titles) = header::read(&trimmed, facts);
    facts.headlines = titles;
    let kept = boilerplate::cut(&trimmed[first..]);
    let end = first + without_tail(&trimmed[first..first + kept]);
    byline::footer(below(&trimmed[end..]), facts);
    let of = |end: usize| extent(&lines, first, end).map_or(String::new(), |range| paragraphs(&text[range]));
    Cleaned { body: of(end), whole: of(first + kept) }
}

/// The headline, or the header line that calls the text a review.
fn named_review(headline: String, titles: &[String]) -> String {
    titles
        .iter()
        .find(|line| line.chars().count() < 100 && judge::calls_itself_review(line))
        .cloned()
        .unwrap_or(headline)
}

/// What stands between a text and its comments, whose authors are others.
fn below<'a, 'b>(lines: &'a [&'b str]) -> &'a [&'b str] {
    let end = lines.iter().position(|line| boilerplate::opens_comments(line));
    &lines[..end.unwrap_or(lines.len())]
}

/// One review, or several where voices change in a text run together.
fn reviews(document: &Document, text: &str, range: std::ops::Range<usize>, facts: Facts) -> Reading {
    let index = ScalarIndex::new(text);
    let raw = &text[range.clone()];
    let voices = split::voices(raw);
    let mut reading = Reading::default();
    if voices.len() > 1 {
        reading.notes.push(format!("{} reviews run together were parted where a new voice begins", voices.len()));
    }
    let mut facts = facts;
    // All voices speak of one work: what one says of its makers holds for the others.
    if facts.work.creators.is_empty() {
        facts.work.creators = people::makers(raw, facts.work.title.as_deref());
    }
    for (at, voice) in voices.iter().enumerate() {
        let piece = &raw[voice.range.clone()];
        let mut facts = Facts { names_release: voices.len() == 1, ..facts.clone() };
        if voices.len() > 1 {
            let scale = Scale { best: facts.best, language: facts.language.as_deref() };
            facts.rating = rating::in_text(piece, facts.work.title.as_deref(), scale);
        }
        let start = range.start + voice.range.start;
        let span: Span = index.span(start..start + piece.len());
        let body = paragraphs(piece);
        let mut review = facts.review(document, &at.to_string(), &body, Some(span));
        // Seams are found in the raw piece; white space may have been folded on the way into the body.
        review.seams = places(piece, &voice.seams, review.body.as_str());
        reading.reviews.push(review);
    }
    reading
}

/// The scalar positions in `body` of the characters that stand at the given bytes of `raw`, which are in order,
/// counting only what is no white space. One pass over each: a long text may have thousands.
fn places(raw: &str, at: &[usize], body: &str) -> Vec<usize> {
    let mut wanted = at.iter().copied().peekable();
    let mut ranks = Vec::with_capacity(at.len());
    let mut solid = 0;
    for (byte, c) in raw.char_indices() {
        while wanted.next_if(|at| *at <= byte).is_some() {
            ranks.push(solid);
        }
        solid += usize::from(!c.is_whitespace());
    }
    let mut ranks = ranks.into_iter().peekable();
    let mut found = Vec::with_capacity(at.len());
    for (rank, (position, _)) in body.chars().enumerate().filter(|(_, c)| !c.is_whitespace()).enumerate() {
        while ranks.next_if(|wanted| *wanted == rank).is_some() {
            found.push(position);
        }
    }
    found
}

/// The lines of a text, trimmed, with the byte range of what is left.
fn lines(text: &str) -> Vec<(&str, std::ops::Range<usize>)> {
    let mut out = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let trimmed = line.trim();
        let from = start + (line.len() - line.trim_start().len());
        out.push((trimmed, from..from + trimmed.len()));
        start += line.len();
    }
    out
}

fn extent(lines: &[(&str, std::ops::Range<usize>)], first: usize, end: usize) -> Option<std::ops::Range<usize>> {
    let filled = |line: &&(&str, std::ops::Range<usize>)| !line.0.is_empty();
    let start = lines.get(first..end)?.iter().find(filled)?.1.start;
    let end = lines.get(first..end)?.iter().rev().find(filled)?.1.end;
    Some(start..end)
}

/// How many lines are left when closing scraps (a rating alone, link words, "Up next") are taken off.
fn without_tail(lines: &[&str]) -> usize {
    let mut end = lines.len();
    while end > 1 {
        let line = lines[end - 1];
        let bare = line.trim_end_matches(['\u{E0F0}', '\u{E0F1}']);
        let short = line.chars().count() < 45 && !bare.ends_with(['.', '!', '?', '…', '”', '"', ')', '。', '다']);
        let mark = line.chars().count() < 60 && rating::in_text(line, None, Scale::default()).is_some();
        if !(line.is_empty() || short || mark || boilerplate::is_noise(line)) {
            break;
        }
        end -= 1;
    }
    // A text all of short lines (verse, lists) keeps its end.
    if end <= 1 && lines.len() > 2 && lines[0].chars().count() < boilerplate::PROSE { lines.len() } else { end }
}

/// The text with paragraphs parted by one empty line, lines trimmed, noise lines left out.
fn paragraphs(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut gap = false;
    for line in raw.lines().map(str::trim) {
        if line.is_empty() || boilerplate::is_noise(line) {
            gap = !out.is_empty();
            continue;
        }
        if !out.is_empty() {
            out.push_str(if gap { "\n\n" } else { "\n" });
        }
        gap = false;
        out.push_str(line);
    }
    out
}
