//! Reviews marked up inside content: hReview (microformats.org/wiki/hreview) and h-review (h-review).
//!
//! Only the first one of an entry is read.

use super::{
    html::{self, Plain},
    stars,
};
use crate::read::markup::{
    token::Syntax,
    tree::{Node, NodeId, Tree},
};
use crate::{
    model::{Details, OutsideId, Published, Rating, text::fold_space},
    read::date,
};

/// A review as marked up.
#[derive(Debug, Clone, PartialEq)]
pub struct Marked {
    /// The thing reviewed.
    pub name: Option<String>,
    /// Who wrote it.
    pub reviewer: Option<String>,
    /// The rating, with its scale; of five where none is stated (hReview 0.4).
    pub rating: Option<Rating>,
    /// The text of the review; empty where only the rest is marked.
    pub text: Plain,
    /// The thing's id in a catalogue, where its address is a page of one.
    pub id: Option<OutsideId>,
    /// When it was seen or read, and the thing's picture.
    pub details: Details,
}

/// The review marked up in a fragment of HTML.
pub fn in_html(markup: &str) -> Option<Marked> {
    // Cheap, and true of nearly all content: no such word, no review.
    if !markup.contains("review") {
        return None;
    }
    let tree = Tree::parse(markup, Syntax::Html);
    in_tree(&tree, tree.root())
}

/// The review marked up inside an element.
pub fn in_tree(tree: &Tree, id: NodeId) -> Option<Marked> {
    let review = within(tree, id, &["hreview", "h-review"])?;
    let item = within(tree, review, &["item", "p-item"]);
    let name = item.and_then(|item| within(tree, item, &["fn", "p-name"]).or(Some(item)));
    let reviewer = within(tree, review, &["reviewer", "p-author"]);
    let reviewer = reviewer.and_then(|reviewer| within(tree, reviewer, &["fn", "p-name"]).or(Some(reviewer)));
    let text = within(tree, review, &["description", "e-content"]).map(|text| html::of_node(tree, text));
    let line = |id| Some(fold_space(&html::of_node(tree, id).text)).filter(|text| !text.is_empty());
    Some(Marked {
        name: name.and_then(line),
        reviewer: reviewer.and_then(line),
        rating: rating(tree, review),
        text: text.unwrap_or_default(),
        id: item.and_then(|item| addresses(tree, item).find_map(|url| OutsideId::of_url(&url))),
        details: details(tree, review, item),
    })
}

fn details(tree: &Tree, review: NodeId, item: Option<NodeId>) -> Details {
    let day = within(tree, review, &["dtreviewed", "dt-reviewed"]);
    let day = day.map(|id| {
        let node = tree.node(id);
        let stated = node.attribute("datetime").or_else(|| node.attribute("title")).or_else(|| node.attribute("value"));
        stated.map_or_else(|| tree.text(id), str::to_owned)
    });
    let photo = item.and_then(|item| within(tree, item, &["photo", "u-photo"]));
    let image = photo.and_then(|photo| tree.node(photo).attribute("src").map(str::to_owned));
    Details { consumed: day.and_then(|day| date::parse(&day)).map(Published::day), image, ..Details::default() }
}

/// The addresses of a thing: its own, and of what is inside it.
fn addresses(tree: &Tree, item: NodeId) -> impl Iterator<Item = String> {
    let item = tree.node(item);
    std::iter::once(item).chain(item.elements()).filter_map(|node| node.attribute("href").map(str::to_owned))
}

fn rating(tree: &Tree, review: NodeId) -> Option<Rating> {
    let rating = within(tree, review, &["rating", "p-rating"])?;
    let value = |id: NodeId| {
        let node = tree.node(id);
        let stated = node.attribute("value").or_else(|| node.attribute("title")).map(str::to_owned);
        let text = fold_space(&tree.text(id));
        if text.is_empty() { stated.unwrap_or_default() } else { text }
    };
    let best = within(tree, review, &["best", "p-best"]).and_then(|best| value(best).parse().ok()).unwrap_or(5.0);
    let inner = within(tree, rating, &["value"]).unwrap_or(rating);
    stars::field(&value(inner), best).or_else(|| stars::in_title(&value(rating)))
}

/// The first element inside, in document order, with one of these classes.
fn within(tree: &Tree, id: NodeId, classes: &[&str]) -> Option<NodeId> {
    let wanted = |node: &Node<'_>| classes.iter().any(|class| node.has_class(class));
    tree.node(id).elements().find(wanted).map(|node| node.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marked_up_review_gives_work_rating_reviewer_and_text() {
        let html = "<p>Hello.</p><div class='hreview'><span class='item'><b class='fn'>Low Tide</b></span> by \
            <span class='reviewer vcard'><i class='fn'>Ann Lee</i></span>, <abbr class='rating'><span class='value'>4</span> of \
            <span class='best'>8</span></abbr><div class='description'><p>Salt and wind.</p></div></div>";
        let found = in_html(html).unwrap();
        assert_eq!((found.name.as_deref(), found.reviewer.as_deref()), (Some("Low Tide"), Some("Ann Lee")));
        assert_eq!(found.rating.unwrap().score.value(), 50.0);
        assert_eq!(found.text.text, "Salt and wind.");
        assert_eq!(found.details, Details::default());
    }

    #[test]
    fn the_newer_format_is_read_too_and_other_content_is_not() {
        let html = "<article class='h-review'><a class='p-item h-item' href='https://www.themoviedb.org/movie/550-x'>\
            <img class='u-photo' src='p.jpg'>Low Tide</a><time class='dt-reviewed' datetime='2026-05-09T20:00Z'>in May</time><data class='p-rating' value='3'></data>\
            <div class='e-content'>Fine.</div></article>";
        let found = in_html(html).unwrap();
        assert_eq!((found.name.as_deref(), found.rating.unwrap().score.value()), (Some("Low Tide"), 60.0));
        assert_eq!(found.id.unwrap().to_string(), "tmdb-movie:550");
        assert_eq!(found.details.consumed.unwrap().to_string(), "2026-05-09");
        assert_eq!(found.details.image.as_deref(), Some("p.jpg"));
        assert_eq!(in_html("<p class='preview'>A review.</p>"), None);
    }
}
