//! Whom front matter names: the makers of the work, its reviewer, its cast.

use serde_json::Value;

use super::texts;
use crate::{
    model::{Line, WorkKind},
    read::{facts::Facts, people, text::byline},
};

/// Keys of makers, with the kind of work that has such makers.
const MAKERS: [(&str, Option<WorkKind>); 47] = [
    ("director", Some(WorkKind::Film)),
    ("directors", Some(WorkKind::Film)),
    ("directed_by", Some(WorkKind::Film)),
    ("movie_director", Some(WorkKind::Film)),
    ("film_director", Some(WorkKind::Film)),
    ("regie", Some(WorkKind::Film)),
    ("regisseur", Some(WorkKind::Film)),
    ("regisseurin", Some(WorkKind::Film)),
    ("regia", Some(WorkKind::Film)),
    ("regista", Some(WorkKind::Film)),
    ("realisateur", Some(WorkKind::Film)),
    ("realisatrice", Some(WorkKind::Film)),
    ("realisation", Some(WorkKind::Film)),
    ("direccion", Some(WorkKind::Film)),
    ("diretor", Some(WorkKind::Film)),
    ("direcao", Some(WorkKind::Film)),
    ("realizador", Some(WorkKind::Film)),
    ("rezyser", Some(WorkKind::Film)),
    ("rezyseria", Some(WorkKind::Film)),
    ("режиссер", Some(WorkKind::Film)),
    ("監督", Some(WorkKind::Film)),
    ("artist", Some(WorkKind::Album)),
    ("artists", Some(WorkKind::Album)),
    ("album_artist", Some(WorkKind::Album)),
    ("band", Some(WorkKind::Album)),
    ("interpret", Some(WorkKind::Album)),
    ("artista", Some(WorkKind::Album)),
    ("artiste", Some(WorkKind::Album)),
    ("zespol", Some(WorkKind::Album)),
    ("исполнитель", Some(WorkKind::Album)),
    ("developer", Some(WorkKind::Game)),
    ("developers", Some(WorkKind::Game)),
    ("game_developer", Some(WorkKind::Game)),
    ("entwickler", Some(WorkKind::Game)),
    ("desenvolvedora", Some(WorkKind::Game)),
    ("desarrollador", Some(WorkKind::Game)),
    ("developpeur", Some(WorkKind::Game)),
    ("book_author", Some(WorkKind::Book)),
    ("bookauthor", Some(WorkKind::Book)),
    ("book_authors", Some(WorkKind::Book)),
    ("author_of_book", Some(WorkKind::Book)),
    ("autor_libro", Some(WorkKind::Book)),
    ("schrijver", Some(WorkKind::Book)),
    ("著者", Some(WorkKind::Book)),
    ("studio", None),
    ("creator", None),
    ("creators", None),
];

/// Keys that say outright who reviewed.
const REVIEWERS: [&str; 10] = [
    "reviewer",
    "reviewed_by",
    "reviewedby",
    "review_by",
    "critic",
    "review_author",
    "rezensent",
    "recensore",
    "critico",
    "recensent",
];

/// Whether a key says outright who reviewed: then it is a review.
pub fn names_reviewer(data: &Value) -> bool {
    REVIEWERS.iter().any(|key| data.get(*key).and_then(name).is_some())
}

/// Keys of an author, who may be that of a book or of the text.
const AUTHORS: [&str; 10] =
    ["author", "authors", "autor", "autorin", "autores", "auteur", "auteurs", "autore", "автор", "by"];

/// Keys that only the data sheet of a book has: its author stands beside them.
const SHEET: [&str; 20] = [
    "isbn",
    "isbn13",
    "isbn_13",
    "isbn10",
    "asin",
    "pages",
    "page_count",
    "num_pages",
    "publisher",
    "publish_year",
    "publication_year",
    "translator",
    "goodreads",
    "goodreads_id",
    "goodreads_url",
    "book_title",
    "booktitle",
    "bookid",
    "book_id",
    "narrator",
];

/// Takes the names over; the kind of the work is known from other keys, where they say it.
pub fn read(data: &Value, facts: &mut Facts) {
    for (key, kind) in MAKERS {
        if facts.work.creators.is_empty() {
            facts.work.creators = Line::all(texts(data.get(key)).iter().flat_map(|names| people::list(names)));
            if !facts.work.creators.is_empty() {
                facts.work.kind = facts.work.kind.or(kind);
            }
        }
    }
    let review = data.get("review").unwrap_or(&Value::Null);
    let named = REVIEWERS.iter().find_map(|key| name(data.get(*key)?));
    let named = named.or_else(|| name(review.get("author")?)).or_else(|| name(review.get("reviewer")?));
    let author = AUTHORS.iter().find_map(|key| Some(data.get(*key)?).filter(|value| is_someone(value)));
    if let Some(named) = named {
        facts.reviewer = byline::reviewer(&named);
        if facts.work.creators.is_empty() {
            facts.work.add_creators(author.map(all).unwrap_or_default());
        }
    } else if let Some(author) = author {
        own_or_maker(data, author, facts);
    }
    for key in ["cast", "starring", "actors", "writer", "writers", "darsteller", "schauspieler", "reparto", "elenco"] {
        facts.people.extend(texts(data.get(key)).iter().flat_map(|names| people::list(names)));
    }
}

/// `author: X`: the maker beside the data of a book; the reviewer where makers are named or of another kind of
/// work; else the text decides by whether it speaks of them.
fn own_or_maker(data: &Value, author: &Value, facts: &mut Facts) {
    facts.sheet |= !facts.work.creators.is_empty();
    let sheet = SHEET.iter().any(|key| data.get(*key).is_some_and(|value| !value.is_null()))
        || ["layout", "type"].iter().any(|key| data.get(*key).and_then(Value::as_str).is_some_and(is_book));
    let reviewer = || name(author).and_then(|name| byline::reviewer(&name));
    if !facts.work.creators.is_empty() || byline::has_other_makers(facts.work.kind) {
        facts.reviewer = reviewer();
    } else if sheet {
        facts.sheet = true;
        facts.work.add_creators(all(author));
        facts.work.kind = facts.work.kind.or(Some(WorkKind::Book));
    } else {
        facts.hints.by = reviewer();
        facts.hints.author = facts.hints.by.is_some();
    }
}

fn is_someone(value: &Value) -> bool {
    name(value).is_some_and(|name| name.chars().any(char::is_alphabetic))
}

fn is_book(word: &str) -> bool {
    matches!(word.to_lowercase().trim_end_matches('s'), "book" | "novel" | "audiobook" | "libro" | "livre" | "buch")
}

/// All the names in a value.
fn all(value: &Value) -> Vec<String> {
    match value {
        Value::Array(list) => list.iter().filter_map(name).collect(),
        value => name(value).map(|names| people::list(&names)).unwrap_or_default(),
    }
}

/// The name that a value holds: a text, the `name` of a map, the first of a list.
pub fn name(value: &Value) -> Option<String> {
    match value {
        Value::String(name) => Some(name.clone()),
        Value::Object(map) => map.get("name")?.as_str().map(str::to_owned),
        Value::Array(list) => list.first().and_then(name),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{facts, split};
    use crate::read::facts::Facts;

    fn read(keys: &str) -> Facts {
        facts(&split(&format!("---\n{keys}\n---\nText.")).unwrap().0)
    }

    #[test]
    fn an_author_beside_the_data_of_a_book_made_it() {
        for keys in [
            "title: Glass Harbour\nauthor: Ada Quill\nisbn: 123\nrating: 4",
            "bookTitle: Glass Harbour\nauthor: Ada Quill\npublishYear: 1991",
            "layout: book\ntitle: Glass Harbour\nauthor: \"[[Ada Quill]]\"\nstars: 3",
            "title: Glass Harbour\nbookAuthor: Ada Quill\nauthor: Jo Reader",
        ] {
            let found = read(keys);
            assert_eq!(found.work.creators, ["Ada Quill"], "{keys}");
            assert_eq!(found.reviewer.is_some(), keys.contains("Jo Reader"), "{keys}");
        }
    }

    #[test]
    fn an_author_beside_other_makers_reviewed() {
        for keys in [
            "title: Glass Harbour\nauthor: Jo Reader\nréalisateur: Ada Quill",
            "title: Glass Harbour\nauthor:\n  name: Jo Reader\nartist: Ada Quill",
            "title: Glass Harbour\nauthor: Jo Reader\nRegisseur: Ada Quill",
        ] {
            let found = read(keys);
            assert_eq!((found.reviewer.as_deref(), found.work.creators), (Some("Jo Reader"), vec!["Ada Quill".into()]));
        }
        assert_eq!(
            read("title: Glass Harbour\nauthor: Jo Reader\ncategory: movies").reviewer.as_deref(),
            Some("Jo Reader")
        );
    }

    #[test]
    fn an_author_without_more_is_left_to_the_text() {
        let found = read("title: Glass Harbour\nauthor: Ada Quill\ntags: [books]");
        assert_eq!((found.reviewer, found.work.creators.is_empty()), (None, true));
        assert_eq!(found.hints.by.as_deref(), Some("Ada Quill"));
    }
}
