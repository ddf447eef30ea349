//! What `html` promises.

use super::*;
use crate::model::Body;

#[test]
fn paragraphs_and_lines_are_kept_and_white_space_is_folded() {
    let html = "<p>One\n  two.</p><div>Three<br>four<br/><br/>five</div><ul><li>a</li><li>b</li></ul>six";
    assert_eq!(plain(html).text, "One two.\n\nThree\nfour\n\nfive\n\na\nb\n\nsix");
}

#[test]
fn a_text_without_tags_keeps_its_own_paragraphs() {
    assert_eq!(plain("One &amp; two.\n\nThree, I <3 it.\nFour.").text, "One & two.\n\nThree, I <3 it.\nFour.");
}

#[test]
fn the_cells_of_a_row_stay_apart() {
    assert_eq!(
        plain("<table><tr><td>Sound</td><td>8/10</td></tr><tr><th>Story</th></tr></table>").text,
        "Sound 8/10\nStory"
    );
}

#[test]
fn scripts_pictures_and_captions_are_no_text() {
    let html = "<script>var a = '<p>no</p>'</script><figure><img alt='x'><figcaption>cap</figcaption></figure>\
        <p>Good <img class='wp-smiley' alt='🙂' src='x'> film</p><style>p{}</style>";
    assert_eq!(plain(html).text, "Good 🙂 film");
}

#[test]
fn what_the_markup_hides_is_marked_to_its_end() {
    let html = "<p>Fine.</p><details><summary>More</summary>He dies.</details><p>Good \
        <span class='bb_spoiler'>she lives</span> end</p>";
    let found = plain(html);
    let hidden: Vec<_> = found.spoilers.iter().map(|range| &found.text[range.clone()]).collect();
    assert_eq!(hidden, ["More\n\nHe dies.", "she lives"]);
    let open = plain("a <details>b<p>c");
    assert_eq!(&open.text[open.spoilers[0].clone()], "b\n\nc");
}

#[test]
fn a_warning_in_a_box_that_is_no_text_still_warns() {
    for warning in
        ["<aside>Spoiler warning</aside>", "<img alt='Spoilers ahead' src='b.png'>", "<button>Show spoiler</button>"]
    {
        let found = plain(&format!("<p>Fine.</p>{warning}<p>He dies.</p><details>x</details>"));
        assert!(found.spoilers.contains(&(7..found.text.len())), "{warning}: {found:?}");
    }
}

#[test]
fn quotations_of_others_are_told() {
    let found = plain("<p>Mine.</p><blockquote><p>Theirs.</p>And more.</blockquote><p>Mine again.</p>");
    let theirs: Vec<_> = found.quotations.iter().map(|range| &found.text[range.clone()]).collect();
    assert_eq!(theirs, ["Theirs.\n\nAnd more."]);
}

#[test]
fn the_text_is_a_body_already() {
    let found = plain("<p>a\u{7}\r\nb&#7;&nbsp;c &#8232; d</p><pre>x\r\n  y</pre>");
    assert_eq!(Body::new(&found.text).as_str(), found.text);
    assert_eq!(found.text, "a b c d\n\nx\ny");
}

#[test]
fn a_title_may_hold_marks_and_lone_brackets() {
    assert_eq!(one_line("  <em>Her</em> &amp; Him "), "Her & Him");
    assert_eq!(one_line("1 < 2 and I <3 it"), "1 < 2 and I <3 it");
}

#[test]
fn deep_html_is_read_like_any_other() {
    let html = format!("{}deep{}<p>after", "<div><b>".repeat(50_000), "</b></div>".repeat(50_000));
    assert_eq!(plain(&html).text, "deep\n\nafter");
}
