//! What is known about a review beside its text, gathered while reading, and the review made of both.

use super::{
    Document, day, kind, language, marks, people, quotation, spoiler_marks,
    title::{self, Headline},
    verdict,
};
use crate::model::{Body, Line, Published, Rating, Review, Span, Work, span::ScalarIndex, text::clean};

/// What header, front matter or markup state.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The work.
    pub work: Work,
    /// Who wrote the review.
    pub reviewer: Option<String>,
    /// When it appeared.
    pub published: Option<Published>,
    /// The stated rating.
    pub rating: Option<Rating>,
    /// The best mark of the source's scale, where it says.
    pub best: Option<f64>,
    /// The declared language.
    pub language: Option<String>,
    /// Categories and tags.
    pub categories: Vec<String>,
    /// Whether the source features it.
    pub featured: bool,
    /// Whether the header warns of spoilers.
    pub spoilers: bool,
    /// People named in header fields.
    pub people: Vec<String>,
    /// Where anyone can read it.
    pub url: Option<String>,
    /// Whether the text may name makers and release; not where several voices share one title.
    pub names_release: bool,
    /// Lines of the header that may be headlines.
    pub headlines: Vec<String>,
    /// What is not decided yet.
    pub hints: Hints,
    /// Whether the source says that this is a review.
    pub declared: bool,
    /// Whether the text stands under the data of its work, as reviews do (and shop pages).
    pub sheet: bool,
}

/// What a header suggests and the whole text decides.
#[derive(Debug, Clone, Default)]
pub struct Hints {
    /// Who stands after a bare `by`: reviewer or maker.
    pub by: Option<String>,
    /// Whose site it is.
    pub keeper: Option<String>,
    /// A full name on the line above or below a date.
    pub near_date: Option<String>,
    /// Whether [`Hints::by`] stood as the author among other keys, without `by`.
    pub author: bool,
    /// What stood after a dash in the headline that gave the title.
    pub second: Option<String>,
}

impl Facts {
    /// Takes over what a headline says and is not yet known.
    pub fn add_headline(&mut self, headline: Headline) {
        self.declared |= headline.marked;
        if self.work.title.is_none() && headline.creators.is_empty() {
            self.hints.second = headline.second;
        }
        let work = Work {
            title: headline.title.and_then(Line::new),
            year: headline.year,
            kind: headline.kind,
            creators: Line::all(headline.creators),
            ..Work::default()
        };
        self.work.fill_from(&work);
    }

    /// The review of these facts and a text in which renderers may have left [marks].
    pub fn review(self, document: &Document, identity: &str, text: &str, extent: Option<Span>) -> Review {
        // Cleaned before places are counted: what the body drops must not shift them.
        let marked = marks::take(&clean(text));
        let mut spoiler_spans = spoiler_marks::with(marked.hidden, &marked.text);
        let body = Body::new(&marked.text);
        if self.spoilers && !body.is_empty() {
            spoiler_spans = vec![Span::new(0, body.len())];
        }
        let index = ScalarIndex::new(body.as_str());
        let verdicts = verdict::marked(body.as_str()).into_iter().map(|range| index.span(range)).collect();
        let mut work = self.work;
        if work.creators.is_empty() && self.names_release {
            work.add_creators(people::makers(body.as_str(), work.title.as_deref()));
        }
        if self.names_release {
            work.year = work.year.or_else(|| title::released(body.as_str(), work.title.as_deref()));
        }
        let mut named = Line::all(self.people);
        named.extend(work.creators.iter().cloned());
        named.extend(Line::all(people::in_text(body.as_str())));
        let mut seen = std::collections::HashSet::new();
        named.retain(|name| seen.insert(crate::model::text::norm(name)));
        work.kind = work.kind.or_else(|| kind::of_words(body.as_str()));
        let mut review = Review::new(document.source.clone(), identity, body);
        review.work = work;
        review.reviewer = self.reviewer.and_then(Line::new);
        let address = self.url.as_deref().unwrap_or(&document.source);
        review.published = self.published.or_else(|| day::in_address(address).map(Published::Day));
        review.url = self.url.and_then(Line::new).map(String::from);
        review.rating = self.rating;
        review.language = language::tell(self.language.as_deref(), review.body.as_str());
        review.spoilers = self.spoilers || !spoiler_spans.is_empty();
        review.spoiler_spans = spoiler_spans;
        review.extent = extent;
        review.quotations = quotation::of_another(marked.quoted, &review.body);
        review.verdicts = verdicts;
        review.people = named;
        review.categories = Line::all(self.categories);
        review.featured = self.featured;
        review
    }
}
