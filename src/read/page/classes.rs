//! Reviews in microdata (`itemprop`), RDFa Lite (`property`) and microformats (hReview, h-review).

use super::{
    marked::{Marked, date, kind, named, stated},
    render,
};
use crate::{
    model::{Line, text::fold_space},
    read::{
        markup::tree::{Node, Tree},
        title,
    },
};

/// The most reviews read of one page in each format.
const MOST: usize = 500;

/// How many elements inside a review are looked at: reviews within reviews would be looked at many times.
const PARTS: usize = 5_000;

fn inside(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    node.elements().take(PARTS)
}

/// The reviews that a page marks up in its elements.
pub fn reviews(page: &Tree) -> Vec<Marked> {
    let elements = || page.document().elements();
    let stated = |node: &Node<'_>| types(*node).any(|kind| kind.ends_with("Review") && kind != "ClaimReview");
    let mut found: Vec<Marked> = elements().filter(stated).take(MOST).map(from_properties).collect();
    let formats = elements().filter(|node| node.has_class("hreview") || node.has_class("h-review"));
    found.extend(formats.take(MOST).map(from_classes));
    found
}

/// The value of an element: what is stated for machines, else its text.
fn value(node: Node<'_>) -> String {
    for attribute in ["content", "datetime", "value", "title"] {
        if let Some(stated) = node.attribute(attribute).filter(|stated| !stated.trim().is_empty()) {
            return fold_space(stated);
        }
    }
    fold_space(&node.text())
}

/// The types that an item says to be of, without their vocabulary.
fn types(node: Node<'_>) -> impl Iterator<Item = &str> {
    let microdata = node.attribute("itemtype").filter(|_| node.attribute("itemscope").is_some());
    let written = microdata.into_iter().chain(node.attribute("typeof"));
    written.flat_map(str::split_ascii_whitespace).map(bare)
}

/// A name without its vocabulary: of an address, or of a prefix.
fn bare(name: &str) -> &str {
    name.rsplit(['/', '#', ':']).next().unwrap_or(name)
}

fn has_prop(node: Node<'_>, name: &str) -> bool {
    let microdata = || node.has_word("itemprop", name);
    let rdfa =
        || node.attribute("property").is_some_and(|names| names.split_ascii_whitespace().any(|n| bare(n) == name));
    microdata() || rdfa()
}

fn prop<'a>(node: Node<'a>, name: &str) -> Option<Node<'a>> {
    inside(node).find(|inner| has_prop(*inner, name))
}

/// A review by its properties. What is said of the item reviewed is not said of the review: its ratings are an
/// audience's, its people are no reviewers.
fn from_properties(node: Node<'_>) -> Marked {
    let mut marked = Marked::default();
    let of_item = |up: Node<'_>| {
        let names = ["itemReviewed", "aggregateRating"];
        names.iter().any(|name| has_prop(up, name)) || types(up).any(|kind| kind == "AggregateRating")
    };
    let outside = |inner: &Node<'_>, name: &str| {
        let mut around = std::iter::once(*inner).chain(inner.ancestors()).take_while(|up| up.id != node.id);
        has_prop(*inner, name) && !around.any(of_item)
    };
    let own = |name: &str| inside(node).find(|inner| outside(inner, name));
    if let Some(rating) = own("reviewRating").or_else(|| own("ratingValue")).or_else(|| prop(node, "reviewRating")) {
        let mark = prop(rating, "ratingValue").map_or_else(|| value(rating), value);
        let best = prop(rating, "bestRating").or_else(|| own("bestRating")).map(value);
        marked.rating = stated(&mark, best.as_deref());
    }
    marked.author = own("author").map(|author| prop(author, "name").map_or_else(|| value(author), value));
    marked.published = own("datePublished").and_then(|stated| date(&value(stated)));
    marked.body = own("reviewBody").or_else(|| own("description")).map(render::marked);
    let around = node.ancestors().take(8).find(|up| types(*up).any(|name| kind(name).is_some()));
    if let Some(item) = prop(node, "itemReviewed").or(around) {
        let name = prop(item, "name").map_or_else(|| value(item), value);
        marked.work.title = named(&name).and_then(Line::new);
        marked.work.kind = types(item).find_map(kind);
        let maker = ["director", "byArtist", "author", "creator", "brand"]
            .iter()
            .find_map(|role| prop(item, role).filter(|maker| maker.id != node.id));
        let maker = maker.map(|maker| prop(maker, "name").map_or_else(|| value(maker), value));
        marked.work.creators = Line::all(maker.filter(|name| name.chars().count() < 80));
        marked.work.year = prop(item, "datePublished").and_then(|stated| title::year(value(stated).get(..4)?));
    }
    marked
}

fn classed<'a>(node: Node<'a>, names: &[&str]) -> Option<Node<'a>> {
    inside(node).find(|inner| names.iter().any(|name| inner.has_class(name)))
}

fn from_classes(node: Node<'_>) -> Marked {
    let mut marked = Marked::default();
    if let Some(rating) = classed(node, &["p-rating", "rating"]) {
        let inner = classed(rating, &["value", "p-value", "average"]);
        let mark = inner.map_or_else(|| value(rating), value);
        let best = classed(rating, &["best"]).or_else(|| classed(node, &["p-best", "best"])).map(value);
        marked.rating = stated(&mark, best.as_deref());
    }
    let author = classed(node, &["reviewer", "p-author", "p-reviewer"]);
    marked.author = author.map(|author| classed(author, &["fn", "p-name"]).map_or_else(|| value(author), value));
    marked.published = classed(node, &["dtreviewed", "dt-reviewed", "dt-published"]).and_then(|stated| {
        date(&value(stated)).or_else(|| {
            let states = |inner: &Node<'_>| inner.attribute("title").or(inner.attribute("datetime")).is_some();
            stated.elements().find(states).and_then(|inner| date(&value(inner)))
        })
    });
    marked.body = classed(node, &["description", "e-content", "p-content", "e-description"]).map(render::marked);
    if let Some(item) = classed(node, &["item", "p-item", "h-item", "h-product"]) {
        let name =
            classed(item, &["fn", "p-name"]).map_or_else(|| fold_space(&item.text()), |name| fold_space(&name.text()));
        marked.work.title = named(&name).and_then(Line::new);
        marked.work.creators = Line::all(classed(item, &["p-author", "p-director", "p-artist"]).map(value));
    }
    marked
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::markup::token::Syntax;

    #[test]
    fn microdata_keeps_reviewer_and_director_apart() {
        let page = Tree::parse(
            r#"<div itemscope itemtype="https://schema.org/Review">
            <div itemprop="itemReviewed" itemscope itemtype="https://schema.org/Movie"><span itemprop="name">Glass Harbour</span>
              <span itemprop="director">Ada Quill</span><span itemprop="author">Script Writer</span></div>
            <span itemprop="author" itemscope><b itemprop="name">Jo Reader</b></span>
            <span itemprop="reviewRating" itemscope><meta itemprop="ratingValue" content="7"><meta itemprop="bestRating" content="10"></span>
            <time itemprop="datePublished" datetime="2020-01-02">today</time><div itemprop="reviewBody"><p>Fine.</p><p>Go.</p></div></div>"#,
            Syntax::Html,
        );
        let review = &reviews(&page)[0];
        assert_eq!(review.author.as_deref(), Some("Jo Reader"));
        assert_eq!(review.work.creators, ["Ada Quill"]);
        assert_eq!(review.rating.as_ref().map(|r| r.score.value()), Some(70.0));
        assert_eq!(review.body.as_deref(), Some("Fine.\n\nGo."));
    }

    #[test]
    fn rdfa_lite_is_read_and_the_audience_is_no_reviewer() {
        let page = Tree::parse(
            r#"<div vocab="https://schema.org/" typeof="Review"><div property="itemReviewed" typeof="Movie"><b property="name">Glass Harbour</b>
              <span property="director" typeof="Person"><i property="name">Ada Quill</i></span>
              <span property="aggregateRating" typeof="AggregateRating"><meta property="ratingValue" content="1.2"></span></div>
            By <span property="author" typeof="Person"><i property="name">Jo Reader</i></span>
            <span property="reviewRating" typeof="Rating"><b property="ratingValue">3</b>/<b property="bestRating">4</b></span>
            <meta property="datePublished" content="2020-01-02"><div property="reviewBody">Fine.</div></div>
            <div vocab="http://schema.org/" typeof="schema:Review"><div property="schema:itemReviewed" typeof="schema:Book">Sea
              <meta property="schema:ratingValue" content="2"></div><p property="schema:reviewBody">Good.</p></div>"#,
            Syntax::Html,
        );
        let found = reviews(&page);
        let first = &found[0];
        assert_eq!((first.author.as_deref(), first.body.as_deref()), (Some("Jo Reader"), Some("Fine.")));
        assert_eq!(
            (first.work.title.as_deref(), first.work.creators.as_slice()),
            (Some("Glass Harbour"), &["Ada Quill".into()][..])
        );
        assert_eq!(first.rating.as_ref().map(|r| r.score.value()), Some(75.0));
        assert_eq!(first.published.map(|day| day.to_string()).as_deref(), Some("2020-01-02"));
        assert_eq!((found.len(), found[1].rating.is_none(), found[1].body.as_deref()), (2, true, Some("Good.")));
    }

    #[test]
    fn both_microformats_are_read() {
        let page = Tree::parse(
            r#"<div class="hreview"><span class="item"><span class="fn">Glass Harbour</span></span> by <span class="reviewer vcard"><span class="fn">Jo</span></span>
            <abbr class="rating" title="4">four</abbr><abbr class="dtreviewed" title="2020-01-02">Jan</abbr><div class="description">Fine.</div></div>
            <div class="h-review"><a class="p-item h-product"><b class="p-name">Night Train</b></a><data class="p-rating" value="9">9</data><data class="p-best" value="10"></data>
            <span class="p-author">Bo</span><div class="e-content">Good.</div></div>"#,
            Syntax::Html,
        );
        let found = reviews(&page);
        let brief: Vec<_> = found
            .iter()
            .map(|r| {
                (
                    r.work.title.as_deref().unwrap(),
                    r.rating.as_ref().unwrap().score.value(),
                    r.author.as_deref().unwrap(),
                )
            })
            .collect();
        assert_eq!(brief, [("Glass Harbour", 80.0, "Jo"), ("Night Train", 90.0, "Bo")]);
    }
}
