//! What `tree` promises.

use super::*;

fn names(tree: &Tree) -> Vec<String> {
    let depth = |id| tree.ancestors(id).count();
    tree.all().map(|id| format!("{}{}", "-".repeat(depth(id) - 1), tree.node(id).name())).collect()
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
    let of = |n: u32| (tree.node(NodeId(n)).vocabulary(), tree.namespace(NodeId(n)).clone());
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

#[test]
fn html_is_built_as_browsers_build_it() {
    for (html, want) in [
        // An end tag that crosses a block ends a link, but not the block.
        ("<div><a>b<p>c</a>d</p>e</div>f", "div(a(b p(c d)) e) f"),
        ("<b><p>x</b>y</p>z", "b(p(x y)) z"),
        ("<div><span><p>x</span>y</div>z", "div(span(p(x y))) z"),
        // Cells keep the end tags of their inside to themselves.
        ("<div><table><tr><td>a</div>b<td>c</table>d</div>e", "div(table(tr(td(a b) td(c))) d) e"),
        ("<ul><li><p>a<li>b<ul><li>c</ul>d</ul>", "ul(li(p(a)) li(b ul(li(c)) d))"),
        ("<dl><dt>a<dd>b<dt>c</dl>", "dl(dt(a) dd(b) dt(c))"),
        ("<p><b>a<div>b</div>", "p(b(a)) div(b)"),
        ("<h2>a<h3>b</h2>c", "h2(a) h3(b) c"),
        ("<h2>a</h3>b", "h2(a) b"),
        ("<a>x<a>y</a>z", "a(x) a(y) z"),
        ("<head><title>a<b></title><p>c</head></p>d", "head(title(a<b>)) p(c) d"),
        ("<body>a</body></html>b", "body(a b)"),
    ] {
        let tree = Tree::parse(html, Syntax::Html);
        let mut out = String::new();
        for step in tree.document().walk() {
            match step {
                Step::Enter(node) => out += &format!("{}( ", node.name()),
                Step::Leave(_) => out = format!("{}) ", out.trim_end_matches(' ')),
                Step::Text(text) => out += &format!("{} ", text.words()),
            }
        }
        let want: String = want.split(' ').map(|word| word.replace('(', "( ") + " ").collect();
        assert_eq!(out, want, "{html}");
    }
}

#[test]
fn a_text_knows_whether_a_link_is_open() {
    let tree = Tree::parse("<a>x<div>y</a>z</div>w", Syntax::Html);
    let linked: String = tree.document().inside().filter(|node| node.is_linked()).map(|node| node.words()).collect();
    assert_eq!(linked, "xy");
}

#[test]
fn nesting_of_any_kind_costs_linear_time_in_html() {
    for piece in ["<div><b>", "<a>", "<p><i>", "<li><span>", "<table><td>", "<b></p></div></a>", "<span><p><i></span>"]
    {
        let tree = Tree::parse(&piece.repeat(100_000), Syntax::Html);
        assert!(tree.len() <= 400_002, "{piece}");
    }
}
