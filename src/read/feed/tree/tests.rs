//! What `tree` promises.

use super::*;

fn names(tree: &Tree) -> Vec<String> {
    let depth = |id| tree.ancestors(id).count();
    tree.all().map(|id| format!("{}{}", "-".repeat(depth(id) - 1), tree.node(id).name)).collect()
}

#[test]
fn end_tags_that_fit_nothing_are_passed_over() {
    let tree = Tree::parse("<r><t>one</ttl></r><s/></q>", Syntax::Xml);
    assert_eq!(names(&tree), ["r", "-t", "s"]);
}

#[test]
fn an_item_without_an_end_ends_at_the_next() {
    let tree = Tree::parse("<rss><item><title>a<item><title>b</title></item></rss>", Syntax::Xml);
    assert_eq!(names(&tree), ["rss", "-item", "--title", "-item", "--title"]);
}

#[test]
fn depth_is_capped_and_what_follows_is_not_lost() {
    let deep = format!("<rss><item>{}text{}</item><item>b</item></rss>", "<a>".repeat(9000), "</a>".repeat(9000));
    let tree = Tree::parse(&deep, Syntax::Xml);
    let items: Vec<_> = tree.all().filter(|id| tree.node(*id).is("item")).collect();
    assert_eq!(items.len(), 2);
    assert_eq!((tree.text(items[0]), tree.text(items[1])), ("text".into(), "b".into()));
    assert!(tree.flattened);
    let cut = format!("<rss><item>{}</item><item>b</item></rss>", "<a>".repeat(9000));
    let tree = Tree::parse(&cut, Syntax::Xml);
    assert_eq!(tree.all().filter(|id| tree.node(*id).is("item")).count(), 2);
}

#[test]
fn a_prefix_is_known_by_its_namespace_or_kept_undeclared() {
    let text = "<r xmlns:z='http://purl.org/dc/elements/1.1/'><z:creator/><foo:bar/><dc:creator/></r>";
    let tree = Tree::parse(text, Syntax::Xml);
    let of = |n: u32| (tree.node(NodeId(n)).vocabulary, tree.namespace(NodeId(n)).clone());
    assert_eq!(of(2), (Vocabulary::Dublin, Namespace::Uri("http://purl.org/dc/elements/1.1/".into())));
    assert_eq!(of(3), (Vocabulary::Other, Namespace::Undeclared("foo".into())));
    assert_eq!(of(4), (Vocabulary::Dublin, Namespace::Undeclared("dc".into())));
}

#[test]
fn many_wrong_end_tags_in_a_deep_document_cost_linear_time() {
    let text = format!("{}{}", "<a>".repeat(100_000), "</b>".repeat(100_000));
    assert!(Tree::parse(&text, Syntax::Xml).flattened);
}

#[test]
fn html_closes_paragraphs_and_void_elements_itself() {
    let tree = Tree::parse("<p>a<br>b<p>c<ul><li>d<li>e</ul><img src=x>f", Syntax::Html);
    assert_eq!(names(&tree), ["p", "-br", "p", "ul", "-li", "-li", "img"]);
}
