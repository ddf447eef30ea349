//! Plain text: header, body, and what follows it. Run-together reviews are parted.

use crate::{
    model::{Line, Span, span::ScalarIndex, text::is_xml_char},
    read::{
        Document, Reading, boilerplate,
        facts::Facts,
        judge, language,
        marks::is_mark,
        people,
        rating::{self, Scale},
        split, title,
    },
};

use super::{byline, header};

/// Reads a plain text.
pub fn read(document: &Document, text: &str) -> Reading {
    let mut facts = Facts { url: None, ..Facts::default() };
    let lines = lines(text);
    let trimmed: Vec<&str> = lines.iter().map(|line| line.0).collect();
    let (first, mut titles) = header::read(&trimmed, &mut facts);
    // Title, maker and the data of a book or film above a text: that is how reviews are kept.
    facts.declared |= facts.sheet && facts.work.title.is_some() && !facts.work.creators.is_empty();
    let kept = boilerplate::cut(&trimmed[first..]);
    let run = boilerplate::main_run(&trimmed[first..first + kept]);
    titles.extend(header::skipped(&trimmed[first..first + run.start], &mut facts));
    let below_cut = first + kept;
    let (first, kept) = (first + run.start, run.len());
    let end = first + without_tail(&trimmed[first..first + kept]);
    let Some(range) = extent(&lines, first, end) else {
        return Reading { reviews: Vec::new(), notes: vec!["no review: there is no running text in it".into()] };
    };
    let body = paragraphs(&text[range.clone()]);
    byline::late(&trimmed[first..end], &mut facts);
    let headline = header::choose_title(&titles, &body, None, &mut facts);
    if facts.work.title.is_none() {
        facts.work.title =
            title::in_address(document.url.as_deref().unwrap_or(&document.source), &body).and_then(Line::new);
    }
    byline::footer(below(&trimmed[end..]), &mut facts);
    byline::settle(&mut facts, &headline, &body);
    facts.language = language::guess(&body);
    let whole = extent(&lines, first, below_cut).map_or(range.clone(), |whole| whole);
    if facts.rating.is_none() {
        let scale = Scale { best: facts.best, language: facts.language.as_deref() };
        facts.rating = rating::in_text(&text[whole], facts.work.title.as_deref(), scale);
    }
    let marks = judge::explains_marks(text).then_some("it explains what its marks mean");
    if let Some(objection) = marks.or_else(|| judge::objection(&named_review(headline, &titles), &body, &facts)) {
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
        facts.work.add_creators(people::makers(raw, facts.work.title.as_deref()));
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

/// The scalar positions in `body` of the characters that stand at these bytes of `raw`, counting only what is no white
/// space: one walk through either text, whatever the number of places.
fn places(raw: &str, at: &[usize], body: &str) -> Vec<usize> {
    let mut wanted = at.to_vec();
    wanted.sort_unstable();
    // What the body leaves out is not counted.
    let came = |c: char| !(c.is_whitespace() || c.is_control() || !is_xml_char(c) || c == '\u{FEFF}' || is_mark(c));
    let before: Vec<usize> = raw.char_indices().filter(|(_, c)| came(*c)).map(|(at, _)| at).collect();
    let after: Vec<usize> =
        body.chars().enumerate().filter(|(_, c)| !c.is_whitespace()).map(|(position, _)| position).collect();
    wanted.iter().filter_map(|at| after.get(before.partition_point(|solid| solid < at)).copied()).collect()
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

#[cfg(test)]
mod tests {
    use super::places;

    #[test]
    fn places_are_found_again_where_white_space_was_folded() {
        let raw = "It  rains.\n\n\nÄnd stops. Ends.";
        let body = "It rains.\n\nÄnd stops. Ends.";
        let at = [raw.find("Ends").unwrap(), raw.find("Änd").unwrap()];
        let found: Vec<String> =
            places(raw, &at, body).iter().map(|p| body.chars().skip(*p).take(3).collect()).collect();
        assert_eq!(found, ["Änd", "End"]);
        assert!(places(raw, &[raw.len()], body).is_empty());
    }
}
