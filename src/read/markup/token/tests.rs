//! What `token` promises.

use proptest::prelude::*;

use super::*;

fn xml(text: &str) -> Vec<Token<'_>> {
    Tokens::new(text, Syntax::Xml).collect()
}

#[test]
fn markup_is_cut_into_tags_and_text() {
    let tokens = xml("<a x='1' y=2 z><b/>t &amp; u<![CDATA[<i>]]></a>");
    assert_eq!(
        tokens,
        [
            Token::Start { name: "a", empty: false },
            Token::Start { name: "b", empty: true },
            Token::Text("t &amp; u"),
            Token::Verbatim("<i>"),
            Token::End("a"),
        ]
    );
    let mut first = Tokens::new("<a x='1' y=2 z>", Syntax::Xml);
    first.next();
    assert_eq!(first.attributes(), [("x", "1"), ("y", "2"), ("z", "")]);
}

#[test]
fn a_lone_angle_bracket_is_text() {
    let texts = |t| xml(t).into_iter().filter(|t| matches!(t, Token::Text(_))).count();
    assert_eq!(xml("1 < 2 <3 <"), [Token::Text("1 < 2 <3 <")]);
    assert_eq!(texts("<t>x < y</t>"), 1);
}

#[test]
fn a_document_type_defines_nothing_and_hides_nothing() {
    let text = "<!DOCTYPE r [<!ENTITY a \"]><x>\"><!ENTITY b SYSTEM 'file:///etc/passwd'>]><r>&a;</r>";
    let names = xml(text).into_iter().filter(|t| matches!(t, Token::Start { .. })).count();
    assert_eq!(names, 1);
    assert!(matches!(xml("<!DOCTYPE r [ <r>lost</r>")[0], Token::Start { name: "r", .. }));
}

#[test]
fn a_script_in_html_holds_no_markup() {
    let tokens: Vec<_> = Tokens::new("<script>if (a<b) '<p>'</SCRIPT><p>", Syntax::Html).collect();
    assert_eq!(tokens[1], Token::Verbatim("if (a<b) '<p>'"));
    assert_eq!(tokens.len(), 4);
    let title: Vec<_> = Tokens::new("<title>a <b> &amp; c</title>", Syntax::Html).collect();
    assert_eq!(title[1], Token::Text("a <b> &amp; c"));
}

#[test]
fn remarks_of_old_browsers_hide_nothing() {
    let tokens: Vec<_> = Tokens::new("<![endif]-->don't <!-->b<!---->c <p>'", Syntax::Html).collect();
    assert_eq!(tokens[0], Token::Text("don't "));
    assert_eq!(tokens[1..3], [Token::Text("b"), Token::Text("c ")]);
}

#[test]
fn attributes_beyond_the_cap_are_passed_over() {
    let many: String = (0..5000).map(|n| format!(" a{n}='v'")).collect();
    let text = format!("<r{many}>x</r>");
    let mut tokens = Tokens::new(&text, Syntax::Xml);
    tokens.next();
    assert_eq!(tokens.attributes().len(), ATTRIBUTES);
    assert_eq!(xml(&text)[1], Token::Text("x"));
}

#[test]
fn unclosed_constructs_cost_linear_time() {
    for piece in ["<!--", "<![CDATA[", "<?", "<a b=\"", "<!DOCTYPE [", "</", "<a b='", "<!DOCTYPE a [ \"", "<!D [>"] {
        let text = piece.repeat(200_000);
        assert!(Tokens::new(&text, Syntax::Xml).count() <= 400_000);
    }
}

proptest! {
    #[test]
    fn any_text_is_cut_without_failing(text in "[<>/!?\\[\\]a-c\"'= &;é-]{0,80}") {
        for syntax in [Syntax::Xml, Syntax::Html] {
            let length: usize = Tokens::new(&text, syntax).map(|t| match t {
                Token::Text(t) | Token::Verbatim(t) | Token::End(t) => t.len(),
                Token::Start { name, .. } => name.len(),
            }).sum();
            prop_assert!(length <= text.len());
        }
    }
}
