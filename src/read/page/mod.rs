//! Pages: reviews from their markup where they state them, from their main text where they do not.

mod blocks;
mod classes;
mod content;
mod furniture;
mod json_ld;
mod marked;
mod meta;
mod parts;
mod readable;
mod render;

use super::{
    Document, Reading,
    facts::Facts,
    judge, language,
    markup::{token::Syntax, tree::Tree},
    rating::{self, Scale},
    text,
};
use crate::model::text::norm;
use marked::Marked;
use meta::Meta;

/// A review in markup is read by itself where its text has at least this many characters.
const LEAST: usize = 40;

/// What stands beyond so many bytes of a page is left out: no review does.
const LONGEST: usize = 6_000_000;

/// What a page holds, before it is decided whose reviews these are.
struct Parsed {
    head: Meta,
    marked: Vec<Marked>,
    main: String,
    /// Whether it lists articles.
    list: bool,
}

/// Reads a page.
pub fn read(document: &Document, html: &str) -> Reading {
    decide(document, &parsed(html))
}

/// Reads the pages over which one review is spread, the first one first.
///
/// What the first page states holds; a rating may stand on the last. Pages that are headed otherwise are left out.
pub fn read_parts(document: &Document, pages: &[String]) -> Reading {
    let mut parts = pages.iter().map(|html| parsed(html));
    let Some(mut whole) = parts.next() else { return Reading::default() };
    let mut texts = vec![std::mem::take(&mut whole.main)];
    let mut foreign = 0;
    for part in parts {
        if !parts::belongs(&whole.head, &part.head) {
            foreign += 1;
            continue;
        }
        // Markup is repeated on every part, with the review's full text on none.
        let news = part.marked.into_iter().filter(|m| m.body.is_none() && m.rating.is_some());
        if whole.marked.iter().all(|m| m.rating.is_none()) {
            whole.marked.extend(news);
        }
        texts.push(part.main);
    }
    whole.main = parts::joined(&texts);
    let mut reading = decide(document, &whole);
    if foreign > 0 {
        reading.notes.push(format!("{foreign} of the pages that follow are headed otherwise and were left out"));
    }
    reading
}

pub use parts::next as next_part;

/// The main text of a page, before headers and closing lines are taken off.
pub fn main_text(html: &str) -> String {
    content::main_text(&tree(html))
}

/// A page as a tree.
fn tree(html: &str) -> Tree {
    Tree::parse(&html[..html.floor_char_boundary(LONGEST)], Syntax::Html)
}

fn parsed(html: &str) -> Parsed {
    let page = tree(html);
    let scripts = json_ld::Scripts::of(&page);
    let head = meta::read(&page, &scripts);
    let mut marked = scripts.reviews();
    marked.extend(classes::reviews(&page));
    let (main, list) = (content::main_text(&page), parts::is_list(&page));
    if !list && marked.iter().all(|marked| marked.body.is_none()) {
        marked.extend(blocks::reviews(&page, &main));
    }
    Parsed { head, marked, main, list }
}

fn decide(document: &Document, parsed: &Parsed) -> Reading {
    let Parsed { head, marked, main, list } = parsed;
    let own = own_review(marked, main);
    let bodies = distinct(marked);
    match own {
        // A single excerpt in the markup of a long page is a summary of its main text.
        None if bodies.len() >= 2 => several(document, head, &bodies),
        None if *list && marked.is_empty() => {
            Reading { reviews: Vec::new(), notes: vec!["no review: it is a list of other texts".into()] }
        }
        None => one(document, head, None, main),
        Some(own) => one(document, head, Some(own), &without_others(main, marked, own)),
    }
}

/// The markup of the page's own review: the one whose text is the page's, or the only one.
fn own_review<'a>(marked: &'a [Marked], main: &str) -> Option<&'a Marked> {
    let whole = norm(main);
    let length = |marked: &Marked| marked.body.as_deref().map_or(0, str::len);
    let starts = |marked: &Marked| {
        let start: String = marked.body.as_deref().map(norm).unwrap_or_default().chars().take(60).collect();
        !start.is_empty() && whole.contains(&start)
    };
    let mut bare = marked.iter().filter(|m| m.body.is_none());
    let bare = bare.next().filter(|_| bare.next().is_none());
    let bodies = distinct(marked);
    if let [only] = bodies[..] {
        let covers = starts(only) || bare.is_none() && marked.len() == 1;
        return if covers { Some(only) } else { bare };
    }
    if bodies.is_empty() {
        return bare.or_else(|| marked.first().filter(|_| marked.len() == 1));
    }
    // One text with short ones below it is a review and what its readers add.
    let longest = bodies.iter().max_by_key(|m| length(m)).filter(|longest| {
        let others = bodies.iter().filter(|m| length(m) * 3 >= length(longest)).count();
        starts(longest) && others == 1 && length(longest) * 2 >= whole.len()
    });
    let told: usize = bodies.iter().filter(|m| starts(m)).map(|m| length(m)).sum();
    longest.copied().or_else(|| bare.filter(|_| main.len() > told + 400))
}

/// The main text without what other marked reviews of the page say.
fn without_others(main: &str, marked: &[Marked], own: &Marked) -> String {
    let others = marked.iter().filter(|m| !std::ptr::eq(*m, own)).filter_map(|m| m.body.as_deref());
    let others: Vec<String> = others.filter(|body| own.body.as_deref() != Some(body)).map(norm).collect();
    if others.is_empty() {
        return main.to_owned();
    }
    let told = |part: &&str| {
        let part = norm(part);
        part.len() > 30 && others.iter().any(|other| other.contains(&part))
    };
    main.split("\n\n").filter(|part| !told(part)).collect::<Vec<_>>().join("\n\n")
}

/// The marked reviews that bring their own text, each text once.
fn distinct(marked: &[Marked]) -> Vec<&Marked> {
    let mut seen = std::collections::HashSet::new();
    let long = marked.iter().filter(|m| m.body.as_deref().is_some_and(|body| body.chars().count() >= LEAST));
    long.filter(|m| seen.insert(m.body.as_deref().map(norm))).collect()
}

fn several(document: &Document, head: &Meta, marked: &[&Marked]) -> Reading {
    let mut reading = Reading::default();
    for (at, one) in marked.iter().enumerate() {
        let mut facts = Facts { declared: true, language: head.language.clone(), ..Facts::default() };
        take(one, &mut facts);
        if facts.work.title.is_none() {
            title_from(head, one.body.as_deref().unwrap_or(""), &mut facts);
        }
        facts.url = document.url.clone().or_else(|| head.canonical.clone());
        let body = one.body.clone().unwrap_or_default();
        let identity = one.url.clone().unwrap_or_else(|| format!("{}#{at}", facts.url.clone().unwrap_or_default()));
        reading.reviews.push(facts.review(document, &identity, &body, None));
    }
    reading
}

fn take(marked: &Marked, facts: &mut Facts) {
    facts.declared = true;
    facts.work.fill_from(&marked.work);
    facts.rating = facts.rating.take().or_else(|| marked.rating.clone());
    facts.reviewer = facts.reviewer.take().or_else(|| marked.author.as_deref().and_then(text::reviewer));
    facts.published = facts.published.or(marked.published);
}

fn title_from(head: &Meta, body: &str, facts: &mut Facts) -> String {
    let mut own = Facts { work: facts.work.clone(), ..Facts::default() };
    own.work.title = None;
    let line = text::choose_title(&head.headlines, body, head.site.as_deref(), &mut own);
    facts.declared |= own.declared;
    facts.work.fill_from(&own.work);
    line
}

/// The review of the main text.
fn one(document: &Document, head: &Meta, marked: Option<&Marked>, main: &str) -> Reading {
    let mut facts = Facts { names_release: true, ..Facts::default() };
    if let Some(marked) = marked {
        take(marked, &mut facts);
    }
    facts.url = document.url.clone().or_else(|| head.canonical.clone());
    let mut inner = Facts::default();
    let cleaned = text::cleaned(main, &mut inner);
    let mut head = head.clone();
    head.headlines.extend(inner.headlines.iter().take(3).cloned());
    let body = cleaned.body;
    facts.language = head.language.clone().or_else(|| language::guess(&body));
    facts.work.fill_from(&inner.work);
    let headline = title_from(&head, &body, &mut facts);
    inner.work.fill_from(&facts.work);
    text::settle(&mut inner, &headline, &body);
    facts.work.fill_from(&inner.work);
    facts.spoilers |= inner.spoilers;
    facts.people.extend(inner.people);
    facts.categories = head.categories.clone();
    facts.reviewer =
        facts.reviewer.take().or(inner.reviewer).or_else(|| head.author.as_deref().and_then(text::reviewer));
    facts.published = facts.published.or(inner.published).or(head.published);
    if facts.rating.is_none() {
        let scale = Scale { best: None, language: facts.language.as_deref() };
        facts.rating = inner.rating.or_else(|| rating::in_text(&cleaned.whole, facts.work.title.as_deref(), scale));
    }
    if let Some(objection) = judge::objection(&headline, &body, &facts) {
        return Reading { reviews: Vec::new(), notes: vec![format!("no review: {objection}")] };
    }
    let identity = facts.url.clone().unwrap_or_else(|| "0".into());
    Reading { reviews: vec![facts.review(document, &identity, &body, None)], notes: Vec::new() }
}

#[cfg(test)]
mod tests;
