//! The picture of an entry: poster, cover, or the first one of its text. Never the author's portrait.

use super::{Feed, Item, Markup};
use crate::read::markup::{
    entity,
    namespace::Vocabulary,
    token::{Syntax, Token, Tokens},
    tree::{Node, NodeId, Tree},
};

/// The picture that an element of the entry names, as written: Media RSS, a podcast's image, an enclosure, or the
/// entry's own `<image>`.
pub fn named(tree: &Tree, id: NodeId) -> Option<String> {
    let media = tree.elements(id).flat_map(|child| {
        let group = tree.node(child).is("group") && tree.node(child).vocabulary() == Vocabulary::Media;
        let inside: Vec<NodeId> = if group { tree.elements(child).collect() } else { vec![child] };
        inside
    });
    let found: Vec<(u8, String)> = media.filter_map(|child| address(tree, child)).collect();
    found.into_iter().min_by_key(|(rank, _)| *rank).map(|(_, url)| url)
}

/// The address that an element gives a picture by, and its rank among others: the full picture before its thumbnail.
fn address(tree: &Tree, id: NodeId) -> Option<(u8, String)> {
    let node = tree.node(id);
    let attribute = |name| node.attribute(name).map(str::to_owned);
    let (rank, url) = match node.vocabulary() {
        Vocabulary::Media if node.is("content") && shows(node) => (0, attribute("url")),
        Vocabulary::Media if node.is("thumbnail") => (1, attribute("url")),
        Vocabulary::Itunes if node.is("image") => (1, attribute("href")),
        Vocabulary::Oku if node.is("cover") => (0, attribute("url").or_else(|| Some(tree.text(id)))),
        Vocabulary::Plain if node.is("enclosure") && shows(node) => (2, attribute("url")),
        Vocabulary::Atom if node.is("link") && node.attribute("rel") == Some("enclosure") && shows(node) => {
            (2, attribute("href"))
        }
        Vocabulary::Plain if node.is("image") => {
            let url = tree.named(id, Vocabulary::Plain, "url").next();
            (1, Some(url.map_or_else(|| tree.text(id), |url| tree.text(url))))
        }
        // Shelves give one book in several sizes; the name tells which.
        Vocabulary::Plain if node.is("book_large_image_url") => (0, Some(tree.text(id))),
        Vocabulary::Plain if node.is("book_medium_image_url") => (1, Some(tree.text(id))),
        Vocabulary::Plain if node.is("book_image_url") => (2, Some(tree.text(id))),
        _ => return None,
    };
    let url = url?.trim().to_owned();
    (!url.is_empty() && !is_portrait(&url)).then_some((rank, url))
}

/// Whether an element with a type is a picture.
fn shows(node: Node<'_>) -> bool {
    let kind = node.attribute("type").unwrap_or_default();
    let medium = node.attribute("medium").unwrap_or_default();
    kind.starts_with("image/") || medium.eq_ignore_ascii_case("image") || (kind.is_empty() && medium.is_empty())
}

/// Whether an address is that of a portrait: blog hosts put the author's before the pictures of the entry.
fn is_portrait(url: &str) -> bool {
    url.contains("avatar")
}

/// The first picture in the text of an entry, as written; signs of one pixel and emoji left out.
pub fn in_text(feed: &Feed, item: &Item) -> Option<String> {
    [&item.content, &item.summary].into_iter().flatten().find_map(|markup| match markup {
        Markup::Plain(_) => None,
        Markup::Html(html) => in_html(html),
        Markup::Node(node) => in_node(feed.tree.as_ref()?, *node),
    })
}

fn in_html(html: &str) -> Option<String> {
    let mut tokens = Tokens::new(html, Syntax::Html);
    while let Some(token) = tokens.next() {
        if matches!(token, Token::Start { name, .. } if name.eq_ignore_ascii_case("img"))
            && let Some(url) = source(|name| tokens.attribute(name))
        {
            return Some(entity::decode(&url).into_owned());
        }
    }
    None
}

fn in_node(tree: &Tree, id: NodeId) -> Option<String> {
    let mut pictures = tree.node(id).elements().filter(|node| node.is("img"));
    pictures.find_map(|node| source(|name| node.attribute(name)))
}

/// The address of an `<img>` that shows something.
fn source<'a>(attribute: impl Fn(&str) -> Option<&'a str>) -> Option<String> {
    let pixel = ["width", "height"].iter().any(|name| matches!(attribute(name).map(str::trim), Some("0" | "1")));
    let emoji = attribute("class").is_some_and(|class| class.contains("smiley") || class.contains("emoji"));
    let url = attribute("src")?.trim();
    (!pixel && !emoji && !url.is_empty() && !url.starts_with("data:") && !is_portrait(url)).then(|| url.to_owned())
}

#[cfg(test)]
mod tests {
    use crate::read::feed::dialect::tests::only;

    fn image(fields: &str, html: &str) -> Option<String> {
        let item = format!(
            "<item><title>Review: Low Tide 4/5</title><link>https://blog.example/low-tide</link>{fields}\
             <description><![CDATA[<p>Salt and wind.</p>{html}]]></description></item>"
        );
        only("Reviews", &item).details.image
    }

    #[test]
    fn the_cover_goes_before_the_thumbnail_and_never_the_authors_portrait() {
        let portrait = "<media:content url='https://2.host.example/avatar/ab12?s=96' medium='image'><media:title>ann</media:title></media:content>";
        let cover = "<media:content url='https://img.example/cover.jpg' medium='image'/>";
        let thumbnail = "<media:thumbnail url='https://img.example/small.jpg'/>";
        let fields = format!("{thumbnail}{portrait}{cover}");
        assert_eq!(image(&fields, "").as_deref(), Some("https://img.example/cover.jpg"));
        assert_eq!(image(&format!("{portrait}{thumbnail}"), "").as_deref(), Some("https://img.example/small.jpg"));
        assert_eq!(image("<media:content url='x.mp3' type='audio/mpeg'/>", ""), None);
        let grouped = format!("<media:group>{cover}</media:group>");
        assert_eq!(image(&grouped, "").as_deref(), Some("https://img.example/cover.jpg"));
    }

    #[test]
    fn without_one_the_first_picture_of_the_text_counts() {
        let html = "<img src='https://stat.example/t.gif' width='1' height='1'><img src='data:image/gif;base64,x'>\
            <img class='wp-smiley' src='https://img.example/smile.png'><img src='/poster.jpg?a=1&amp;b=2'>";
        assert_eq!(image("", html).as_deref(), Some("https://blog.example/poster.jpg?a=1&b=2"));
        assert_eq!(image("", "<img src='javascript:alert(1)'>"), None);
    }
}
