//! Reviews in microdata (`itemprop`) and microformats (hReview, h-review).

use super::{
    marked::{Marked, date, kind, named, stated},
    render,
};
use crate::{
    model::text::fold_space,
    read::{
        markup::tree::{Node, Tree},
        title,
    },
};

/// The most reviews read of one page in each format.
const MOST: usize = 500;

/// The reviews that a page marks up in its elements.
pub fn reviews(page: &Tree) -> Vec<Marked> {
    let elements = || page.document().elements();
    let stated = |node: &Node<'_>| {
        let kind = node.attribute("itemtype").unwrap_or_default();
        kind.contains("Review") && !kind.contains("Aggregate") && node.attribute("itemscope").is_some()
    };
    let mut found: Vec<Marked> = elements().filter(stated).take(MOST).map(from_microdata).collect();
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

fn has_prop(node: Node<'_>, name: &str) -> bool {
    node.has_word("itemprop", name)
}

fn prop<'a>(node: Node<'a>, name: &str) -> Option<Node<'a>> {
    node.elements().find(|inner| has_prop(*inner, name))
}

fn from_microdata(node: Node<'_>) -> Marked {
    let mut marked = Marked::default();
    if let Some(rating) = prop(node, "reviewRating").or_else(|| prop(node, "ratingValue")) {
        let mark = prop(rating, "ratingValue").map_or_else(|| value(rating), |mark| value(mark));
        let best = prop(rating, "bestRating").or_else(|| prop(node, "bestRating")).map(|best| value(best));
        marked.rating = stated(&mark, best.as_deref());
    }
    // A person inside the item reviewed (its director, its author) is not the reviewer.
    let outside = |inner: &Node<'_>, name: &str| {
        has_prop(*inner, name)
            && !inner.ancestors().take_while(|up| up.id != node.id).any(|up| has_prop(up, "itemReviewed"))
    };
    marked.author = node
        .elements()
        .find(|inner| outside(inner, "author"))
        .map(|author| prop(author, "name").map_or_else(|| value(author), |name| value(name)));
    marked.published = prop(node, "datePublished").and_then(|stated| date(&value(stated)));
    marked.body = prop(node, "reviewBody")
        .or_else(|| node.elements().find(|inner| outside(inner, "description")))
        .map(|body| render::text(body));
    let around = node
        .ancestors()
        .take(8)
        .find(|up| up.attribute("itemscope").and(up.attribute("itemtype")).and_then(kind).is_some());
    if let Some(item) = prop(node, "itemReviewed").or(around) {
        let name = prop(item, "name").map_or_else(|| value(item), |name| value(name));
        marked.work.title = named(&name);
        marked.work.kind = item.attribute("itemtype").and_then(kind);
        let maker = ["director", "byArtist", "author", "creator", "brand"]
            .iter()
            .find_map(|role| prop(item, role).filter(|maker| maker.id != node.id));
        marked.work.creators = maker
            .map(|maker| prop(maker, "name").map_or_else(|| value(maker), |name| value(name)))
            .into_iter()
            .filter(|name| !name.is_empty() && name.chars().count() < 80)
            .collect();
        marked.work.year = prop(item, "datePublished").and_then(|stated| title::year(value(stated).get(..4)?));
    }
    marked
}

fn classed<'a>(node: Node<'a>, names: &[&str]) -> Option<Node<'a>> {
    node.elements().find(|inner| names.iter().any(|name| inner.has_class(name)))
}

fn from_classes(node: Node<'_>) -> Marked {
    let mut marked = Marked::default();
    if let Some(rating) = classed(node, &["p-rating", "rating"]) {
        let inner = classed(rating, &["value", "p-value", "average"]);
        let mark = inner.map_or_else(|| value(rating), |mark| value(mark));
        let best = classed(rating, &["best"]).or_else(|| classed(node, &["p-best", "best"])).map(|best| value(best));
        marked.rating = stated(&mark, best.as_deref());
    }
    let author = classed(node, &["reviewer", "p-author", "p-reviewer"]);
    marked.author =
        author.map(|author| classed(author, &["fn", "p-name"]).map_or_else(|| value(author), |name| value(name)));
    marked.published = classed(node, &["dtreviewed", "dt-reviewed", "dt-published"]).and_then(|stated| {
        date(&value(stated)).or_else(|| {
            let states = |inner: &Node<'_>| inner.attribute("title").or(inner.attribute("datetime")).is_some();
            stated.elements().find(states).and_then(|inner| date(&value(inner)))
        })
    });
    marked.body =
        classed(node, &["description", "e-content", "p-content", "e-description"]).map(|body| render::text(body));
    if let Some(item) = classed(node, &["item", "p-item", "h-item", "h-product"]) {
        let name =
            classed(item, &["fn", "p-name"]).map_or_else(|| fold_space(&item.text()), |name| fold_space(&name.text()));
        marked.work.title = named(&name);
        marked.work.creators =
            classed(item, &["p-author", "p-director", "p-artist"]).map(|maker| value(maker)).into_iter().collect();
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
