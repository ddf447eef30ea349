//! What holds for every input, however hostile: the laws of reading and quoting, as functions that panic where
//! one is broken.
//!
//! Each takes raw bytes. The fuzz targets (`fuzz/`) call them on bytes that a fuzzer makes up, the test
//! `stored_inputs` on bytes kept in `tests/stored_inputs/`, so that both check the same.

use pullquote::{
    model::{
        Published, Rating, Review, Span,
        quote::OMISSION,
        text::{clean, is_xml_char},
    },
    quote,
    read::{self, Document, ReadError, Reading, date, feed, rating},
};

/// The most entries that are taken of a feed, as `docs/architecture.md` promises.
const MOST_ENTRIES: usize = 2_000;
/// The lengths for which quotes are chosen: the usual one, and one that leaves hardly any room.
const LENGTHS: [usize; 2] = [300, 41];

/// The feed reader. The first byte chooses how the bytes after it are declared; they are also read undeclared.
pub fn feed(input: &[u8]) {
    const TYPES: [&str; 8] = [
        "application/rss+xml",
        "application/atom+xml; charset=utf-8",
        "application/feed+json",
        "text/xml; charset=iso-8859-1",
        "text/xml; charset=utf-16",
        "text/html; charset=shift_jis",
        "text/plain",
        "application/rdf+xml; charset=\"windows-1252\"",
    ];
    let (kind, bytes) = chosen(input, &TYPES);
    for content_type in [None, Some(kind)] {
        let document = document("https://example.org/feed", content_type, bytes);
        let entries = read::entries(&document);
        assert_eq!(entries, read::entries(&document), "entries read twice differ");
        let reading = whole(&document);
        if feed::is_feed(&document) {
            assert_eq!(reading.is_ok(), entries.is_ok(), "reviews and entries disagree on what a feed is");
            let most = entries.as_ref().map_or(0, Vec::len);
            assert!(most <= MOST_ENTRIES, "{most} entries");
            assert!(reading.map_or(0, |reading| reading.reviews.len()) <= most, "more reviews than entries");
        }
        for entry in entries.into_iter().flatten() {
            let addresses = [entry.id.as_deref(), entry.link.as_deref()];
            for field in addresses.into_iter().chain([entry.title.as_deref(), entry.author.as_deref()]).flatten() {
                one_line(field, "an entry's field");
            }
            entry.published.into_iter().for_each(published);
        }
    }
}

/// The page reader, and the search for feeds that a page names.
pub fn page(input: &[u8]) {
    let (kind, bytes) = chosen(input, &["text/html", "text/html; charset=utf-8", "text/html; charset=gbk", ""]);
    // Named as a page, so that whatever the bytes are they are read as one, unless they begin a feed.
    let document = Document {
        source: "https://example.org/2014/03/19/page.html".into(),
        url: Some("https://example.org/2014/03/19/page.html".into()),
        content_type: (!kind.is_empty()).then(|| kind.to_owned()),
        bytes: bytes.to_vec(),
    };
    let _ = whole(&document);
    let base = "https://example.org/a/b".parse().expect("a constant address");
    for found in feed::discover::feeds(&String::from_utf8_lossy(bytes), &base) {
        assert!(matches!(found.scheme(), "http" | "https"), "{found} is named as a feed");
    }
}

/// The readers of plain text and of Markdown; and the quotes made of what they read.
pub fn text(input: &[u8]) {
    let (name, bytes) = chosen(input, &["review.txt", "review.md", "2014-03-19-review", "review.markdown"]);
    let document = document(name, None, bytes);
    let Ok(reading) = whole(&document) else { return };
    let length = read::charset::decode(bytes, None).text.chars().count();
    let mut last = 0;
    for review in &reading.reviews {
        if let Some(extent) = review.extent {
            assert!(extent.start <= extent.end && extent.end <= length, "{extent:?} of {length}");
            assert!(extent.start >= last, "reviews of one text overlap");
            last = extent.end;
        }
    }
    // Three voices are the fewest that can agree.
    let voices: Vec<&Review> = reading.reviews.iter().collect();
    for agreement in quote::agree(&voices) {
        assert_eq!(agreement.positive + agreement.negative, agreement.quotes.len());
        for said in &agreement.quotes {
            let review = voices.iter().find(|review| review.id == said.review).expect("a quote has its review");
            verbatim(review, &said.quote);
        }
    }
}

/// The rating reader: running text, stated fields and bare numbers.
pub fn rating(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let folded = fold(&clean(&text));
    let title = text.lines().next();
    let scales = [(None, None), (Some(5.0), Some("en")), (Some(10.0), Some("de")), (Some(100.0), Some("fr"))];
    for (best, language) in scales {
        let scale = rating::Scale { best, language };
        for title in [None, title] {
            let found = rating::in_text(&text, title, scale);
            assert_eq!(found, rating::in_text(&text, title, scale), "a rating read twice differs");
            if let Some(found) = found {
                assert!(folded.contains(&*found.printed), "{:?} is not printed there", found.printed);
                assert!(!found.printed.is_empty(), "a rating that is printed nowhere");
                rated(&found);
            }
        }
        rating::field(&text, scale).iter().for_each(rated);
    }
    if let Some(number) = rating::number(&text) {
        assert!(number.is_finite(), "{number} is no number");
        for best in [None, Some(0.0), Some(-1.0), Some(4.0), Some(f64::NAN), Some(f64::INFINITY)] {
            rating::of_numbers(&text, number, best).iter().for_each(rated);
        }
    }
}

/// The date readers: the timestamps of feeds and markup, and days in prose, front matter and addresses.
pub fn date(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let found = date::parse(&text);
    assert_eq!(found, date::parse(&text), "a date read twice differs");
    found.into_iter().for_each(published);
    // Days in prose are read where they stand: in header, front matter and name of a text.
    let review = "The cast is superb and the film is a joy to watch. The story is good, and I loved the music.";
    let line = text.lines().next().unwrap_or_default();
    let header = format!("Review: Low Tide\nBy Ann Walker\n{line}\n\n{review}\n");
    let front = format!("---\ntitle: Low Tide\ndate: {line}\n---\n{review}\n");
    for (name, written) in [("a.txt", &header), ("a.md", &front), (&*format!("reviews/{line}.txt"), &header)] {
        let reading = read::read(&document(name, None, written.as_bytes()));
        for review in reading.map_or(Vec::new(), |reading| reading.reviews) {
            review.published.into_iter().for_each(published);
        }
    }
}

/// Reads a document of any kind twice and checks all that came of it.
fn whole(document: &Document) -> Result<Reading, ReadError> {
    let reading = read::read(document);
    match (&reading, read::read(document)) {
        (Ok(first), Ok(second)) => {
            assert_eq!(first.reviews, second.reviews, "a document read twice differs");
            assert_eq!(first.notes, second.notes, "the notes of a document read twice differ");
            first.notes.iter().for_each(|note| one_line(note, "a note"));
            first.reviews.iter().for_each(reviewed);
            assert!(!first.reviews.is_empty() || !first.notes.is_empty(), "nothing was read, and nothing says why");
        }
        (Err(first), Err(second)) => assert_eq!(*first, second),
        (first, second) => panic!("read once as {first:?}, once as {second:?}"),
    }
    reading
}

/// What holds for every review.
fn reviewed(review: &Review) {
    let body = review.body.as_str();
    let length = review.body.len();
    assert!(body.chars().all(|c| c == '\n' || c == '\t' || is_xml_char(c) && !c.is_control()), "{body:?}");
    let inside = |span: &Span| span.start < span.end && span.end <= length && review.body.slice(*span).is_some();
    for (spans, what) in
        [(&review.spoiler_spans, "spoiler"), (&review.quotations, "quotation"), (&review.verdicts, "verdict")]
    {
        assert!(spans.iter().all(inside), "{what} spans {spans:?} of {length}");
    }
    for pair in review.spoiler_spans.windows(2) {
        assert!(pair[0].end <= pair[1].start, "spoiler spans out of order: {pair:?}");
    }
    assert!(review.spoilers || review.spoiler_spans.is_empty(), "spoilers are marked, and the review denies it");
    assert!(review.seams.iter().all(|seam| *seam <= length), "seams {:?} of {length}", review.seams);
    review.rating.iter().for_each(rated);
    review.published.into_iter().for_each(published);
    let work = &review.work;
    let details = &review.details;
    let lines = [&work.title, &review.reviewer, &details.series].into_iter().flatten();
    let lists = [&work.creators, &review.people, &review.categories].into_iter().flatten();
    let addresses = [&review.language, &review.url, &details.image].into_iter().flatten();
    lines.chain(lists).map(|line| line.as_str()).for_each(|field| one_line(field, "a field"));
    addresses.for_each(|field| one_line(field, "an address"));
    assert!(work.title.as_ref().is_none_or(|title| !title.trim().is_empty()), "an empty title");
    assert!(review.reviewer.as_ref().is_none_or(|name| !name.trim().is_empty()), "an empty name");
    let line = serde_json::to_value(review.line()).expect("a review can be printed");
    assert_eq!(line["body"], body);
    quoted(review);
}

/// What holds for the quotes of every review.
fn quoted(review: &Review) {
    let mut last = 0;
    for sentence in quote::sentences(review.body.as_str()) {
        assert!(last <= sentence.start, "sentences overlap");
        assert!(review.body.slice(sentence).is_some_and(|text| !text.is_empty() && text.trim() == text));
        last = sentence.end;
    }
    assert_eq!(quote::choose(review, LENGTHS[0]), quote::choose(review, LENGTHS[0]), "a quote chosen twice differs");
    for most in LENGTHS {
        let choice = quote::choose(review, most);
        if let Some(chosen) = &choice.quote {
            verbatim(review, chosen);
            assert!(chosen.text().chars().count() <= most, "{:?} is longer than {most}", chosen.text());
            let closed = |span: &Span| review.spoiler_spans.iter().any(|closed| closed.overlaps(*span));
            let theirs = |span: &Span| review.quotations.iter().any(|theirs| theirs.overlaps(*span));
            let marked = |span: &Span| review.verdicts.iter().any(|verdict| verdict.overlaps(*span));
            assert!(
                !chosen.spans().iter().any(|span| theirs(span) && !marked(span)),
                "{:?} is another's",
                chosen.text()
            );
            assert!(!chosen.spans().iter().any(closed), "{:?} is marked as a spoiler", chosen.text());
            assert!(!review.spoilers || !review.spoiler_spans.is_empty(), "all of it is marked, and it is quoted");
        }
    }
    if let Some(hidden) = quote::choose_hidden(review, LENGTHS[0]) {
        verbatim(review, &hidden);
        assert!(hidden.text().chars().count() <= LENGTHS[0], "{:?} is longer than asked for", hidden.text());
    }
}

/// A quote stands in its review word for word, in one voice; what is left out is shown.
fn verbatim(review: &Review, quote: &pullquote::model::Quote) {
    assert_eq!(quote.verify(&review.body), Ok(()));
    // The same again without the type's own means.
    let chars: Vec<char> = review.body.as_str().chars().collect();
    let mut text = String::new();
    let mut last = None;
    for span in quote.spans() {
        if let Some(last) = last {
            let between: String = chars[last..span.start].iter().collect();
            text.push_str(if between.trim().is_empty() { " " } else { OMISSION });
        }
        text.push_str(&fold(&chars[span.start..span.end].iter().collect::<String>()));
        last = Some(span.end);
    }
    assert_eq!(quote.text(), text);
    let (first, end) = (quote.spans()[0].start, last.unwrap_or(0));
    assert!(!review.seams.iter().any(|seam| first < *seam && *seam < end), "{text:?} crosses into another voice");
}

fn rated(rating: &Rating) {
    assert!((0.0..=100.0).contains(&rating.score.value()), "{rating:?}");
    one_line(&rating.printed, "a rating");
}

/// What is printed of a date is read as the same date.
fn published(published: Published) {
    assert_eq!(Published::parse(&published.to_string()), Some(published), "{published}");
}

/// A field fits a mail header and an XML attribute as it is.
fn one_line(text: &str, what: &str) {
    assert!(!text.chars().any(|c| c.is_control() || !is_xml_char(c)), "{what} holds control characters: {text:?}");
}

fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn document(source: &str, content_type: Option<&str>, bytes: &[u8]) -> Document {
    Document { source: source.into(), url: None, content_type: content_type.map(str::to_owned), bytes: bytes.to_vec() }
}

/// What the first byte chooses (in stored inputs a digit), and the bytes after it.
fn chosen<'a>(input: &'a [u8], choices: &[&'static str]) -> (&'static str, &'a [u8]) {
    let (first, rest) = input.split_first().unwrap_or((&b'0', &[]));
    (choices[usize::from(*first) % choices.len()], rest)
}
