//! Several critics on one page without any markup that says so: blocks alike, one beside the other, most of them with
//! a rating of their own, that together make up the page.
//!
//! A page of one critic with rated remarks below it is none, nor a list whose blocks lead on to other pages.

use std::collections::HashMap;

use super::{marked::Marked, render};
use crate::read::{
    markup::tree::{Node, Tree},
    people,
    rating::{self, Scale},
    text,
};

/// Fewer blocks are no row of critics.
const FEWEST: usize = 3;
/// More blocks are a catalogue.
const MOST: usize = 100;
/// A block says at least so much, in bytes.
const SHORTEST: usize = 80;
/// And no more than this.
const LONGEST: usize = 8_000;
/// Rows looked at on one page.
const ROWS: usize = 40;

/// The reviews in the row of rated blocks that makes up a page whose main text is `main`.
pub fn reviews(page: &Tree, main: &str) -> Vec<Marked> {
    let mut best: Vec<Marked> = Vec::new();
    for row in rows(page) {
        let found = row_of_reviews(&row, main.len());
        if told(&found) > told(&best) {
            best = found;
        }
    }
    if is_enough(told(&best), main.len()) { best } else { Vec::new() }
}

/// Whether a row tells most of a page: what it leaves out must be less.
fn is_enough(told: usize, main: usize) -> bool {
    told * 10 >= main * 6
}

fn told(reviews: &[Marked]) -> usize {
    reviews.iter().filter_map(|review| review.body.as_deref()).map(str::len).sum()
}

/// Blocks of one kind in one parent.
fn rows(page: &Tree) -> Vec<Vec<Node<'_>>> {
    let mut rows: HashMap<_, Vec<Node<'_>>> = HashMap::new();
    let blocks = |node: &Node<'_>| {
        matches!(node.element().name, "div" | "li" | "article" | "section" | "blockquote" | "tr" | "td" | "figure")
    };
    for node in page.document().elements().filter(blocks) {
        let Some(parent) = node.parent() else { continue };
        rows.entry((parent.id, node.element().name, node.classes().next())).or_default().push(node);
    }
    let mut rows: Vec<Vec<Node<'_>>> =
        rows.into_values().filter(|row| (FEWEST..=MOST).contains(&row.len()) && !leads_on(row)).collect();
    rows.sort_by_key(|row| row[0].id);
    rows.truncate(ROWS);
    rows
}

/// Whether most blocks have a heading that is a link.
fn leads_on(row: &[Node<'_>]) -> bool {
    let headed = |block: &&Node<'_>| {
        let mut headings = block.elements().filter(|inner| matches!(inner.element().name, "h1" | "h2" | "h3" | "h4"));
        headings.any(|heading| heading.elements().any(|inner| inner.attribute("href").is_some()))
    };
    row.iter().filter(headed).count() * 2 > row.len()
}

/// The reviews of a row, where most of its blocks are rated.
fn row_of_reviews(row: &[Node<'_>], main: usize) -> Vec<Marked> {
    let texts: Vec<String> = row.iter().map(|block| render::marked(*block)).collect();
    let sized: Vec<&String> = texts.iter().filter(|text| (SHORTEST..=LONGEST).contains(&text.len())).collect();
    let most = sized.len() >= FEWEST && sized.len() * 3 >= row.len() * 2;
    if !most || !is_enough(sized.iter().map(|text| text.len()).sum(), main) || !sized.iter().all(|text| may_rate(text))
    {
        return Vec::new();
    }
    let found: Vec<Marked> = sized.iter().map(|text| review(text)).collect();
    let rated = found.iter().filter(|review| review.rating.is_some()).count();
    let named = found.iter().filter(|review| review.author.is_some()).count();
    // A rating alone may be that of another work in each block; a name in most makes it a row of critics.
    let critics = rated * 3 >= found.len() * 2 && named * 2 > found.len();
    if critics { found } else { Vec::new() }
}

/// Whether there is any sign of a rating in a text, found cheaply.
fn may_rate(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit() || matches!(c, '★' | '☆' | '⭐' | '*' | '½')) || text.contains("star")
}

/// One block: its rating, the name on one of its short lines, and the rest.
fn review(block: &str) -> Marked {
    let rating = rating::in_text(block, None, Scale::default());
    let mut author = None;
    let mut body: Vec<&str> = Vec::new();
    for line in block.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let short = line.chars().count() < 60;
        if author.is_none()
            && short
            && let Some(name) = name(line)
        {
            author = Some(name);
            continue;
        }
        let is_rating = rating
            .as_ref()
            .is_some_and(|rating| line.len() <= rating.printed.len() + 16 && line.contains(rating.printed.as_str()));
        if !(short && is_rating) {
            body.push(line);
        }
    }
    Marked { body: Some(body.join("\n\n")), rating, author, ..Marked::default() }
}

/// The person that a line names, alone, behind "by", or before a paper's name.
fn name(line: &str) -> Option<String> {
    let first = line.trim_start_matches(['—', '–', '-', '~', ' ']);
    let first = first.split([',', '|', '(', '·', '/']).next().unwrap_or(first).trim();
    let first = ["by ", "By ", "BY "].iter().find_map(|by| first.strip_prefix(by)).unwrap_or(first);
    text::reviewer(first).filter(|name| people::is_full_name(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::markup::token::Syntax;

    fn block(name: &str, mark: &str, says: &str) -> String {
        format!(
            "<div class='panel row'><h4>{name}, The Quiet Paper</h4><p>{says} It has the sea, the light and a cast that never puts a foot wrong.</p><b>{mark}</b></div>"
        )
    }

    #[test]
    fn a_row_of_rated_blocks_is_read_block_by_block() {
        let row = [
            block("Jo Reader", "4/5", "I loved it."),
            block("Ada Quill", "★★☆☆☆", "I was bored by it."),
            block("Ben Moss", "9/10", "It is a wonder."),
        ]
        .concat();
        let page = Tree::parse(&format!("<h1>Glass Harbour: the panel</h1><main>{row}</main>"), Syntax::Html);
        let found = reviews(&page, &render::text(page.document()));
        let brief: Vec<_> =
            found.iter().map(|r| (r.author.as_deref().unwrap(), r.rating.as_ref().unwrap().score.value())).collect();
        assert_eq!(brief, [("Jo Reader", 80.0), ("Ada Quill", 40.0), ("Ben Moss", 90.0)]);
        assert!(
            found[0].body.as_deref().unwrap().starts_with("I loved it.")
                && found[0].body.as_deref().unwrap().ends_with("wrong.")
        );
        let essay = "The sea is grey in every frame of this film. ".repeat(60);
        assert_eq!(reviews(&page, &essay), [], "they are remarks below a long text");
    }

    #[test]
    fn blocks_that_lead_on_or_name_nobody_are_no_critics() {
        let linked = block("<a href='/x'>Jo Reader</a>", "4/5", "I loved it.").repeat(4);
        let nameless = block("The camera", "4/5", "I loved it.").repeat(4);
        for row in [linked, nameless] {
            let page = Tree::parse(&row, Syntax::Html);
            assert_eq!(reviews(&page, &render::text(page.document())), []);
        }
    }
}
