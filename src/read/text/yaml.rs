//! The part of YAML that front matter uses: maps, lists, quoted and plain scalars, block scalars, flow lists.
//!
//! Scalars stay strings, as printed: `5.0` is a rating of "5.0", `2023-03-11` a date. Anchors, tags and
//! flow maps over several lines are not read. Comments are kept, since they often explain a rating's scale.

use serde_json::{Map, Value};

/// Nesting beyond this is left out.
const DEEPEST: usize = 16;

/// The comment of a key is stored under the key with this ending.
pub const COMMENT: &str = "#";

struct Line<'a> {
    indent: usize,
    text: &'a str,
}

/// Reads front matter. What cannot be read is left out; the result is a map.
pub fn parse(source: &str) -> Value {
    let lines: Vec<Line> = source
        .lines()
        .map(|line| Line { indent: line.len() - line.trim_start().len(), text: line.trim() })
        .filter(|line| !line.text.starts_with('#') && line.text != "---")
        .collect();
    let mut at = 0;
    block(&lines, &mut at, 0, 0)
}

/// The lines of at least this indent, as a map or a list.
fn block(lines: &[Line], at: &mut usize, indent: usize, depth: usize) -> Value {
    let mut map = Map::new();
    let mut list = Vec::new();
    while let Some(line) = lines.get(*at) {
        if line.text.is_empty() {
            *at += 1;
            continue;
        }
        if line.indent < indent {
            break;
        }
        let own = line.indent;
        if let Some(item) = line.text.strip_prefix("- ").or((line.text == "-").then_some("")) {
            *at += 1;
            let item = item.trim();
            if let Some((key, value)) = pair(item) {
                let mut entry = Map::new();
                put(lines, at, own + 2, depth, key, value, &mut entry);
                if let Value::Object(more) = nested(lines, at, own + 1, depth) {
                    entry.extend(more);
                }
                list.push(Value::Object(entry));
            } else if item.is_empty() {
                list.push(nested(lines, at, own + 1, depth));
            } else {
                list.push(Value::String(continued(lines, at, own, item)));
            }
        } else if let Some((key, value)) = pair(line.text) {
            if !list.is_empty() {
                break;
            }
            *at += 1;
            put(lines, at, own, depth, key, value, &mut map);
        } else {
            *at += 1;
        }
    }
    if list.is_empty() { Value::Object(map) } else { Value::Array(list) }
}

fn nested(lines: &[Line], at: &mut usize, indent: usize, depth: usize) -> Value {
    if depth < DEEPEST {
        return block(lines, at, indent, depth + 1);
    }
    while lines.get(*at).is_some_and(|line| line.text.is_empty() || line.indent >= indent) {
        *at += 1;
    }
    Value::Null
}

/// Stores a key with its value, which may go on in the lines below.
fn put(lines: &[Line], at: &mut usize, own: usize, depth: usize, key: &str, value: &str, map: &mut Map<String, Value>) {
    let (value, comment) = without_comment(value);
    if let Some(comment) = comment {
        map.insert(format!("{key}{COMMENT}"), Value::String(comment.to_owned()));
    }
    let read = match value {
        "" | "!!null" => {
            let next = lines[(*at).min(lines.len())..].iter().find(|line| !line.text.is_empty());
            match next {
                Some(next) if next.indent > own || next.indent == own && next.text.starts_with("- ") => {
                    let indent = next.indent;
                    if pair(next.text).is_some() || next.text.starts_with('-') {
                        nested(lines, at, indent, depth)
                    } else {
                        Value::String(folded(lines, at, own, " "))
                    }
                }
                _ => Value::Null,
            }
        }
        value if value.starts_with('|') => Value::String(folded(lines, at, own, "\n")),
        value if value.starts_with('>') => Value::String(folded(lines, at, own, " ")),
        value => scalar(&continued(lines, at, own, value)),
    };
    map.insert(key.to_owned(), read);
}

/// A plain value with the deeper lines that go on with it.
fn continued(lines: &[Line], at: &mut usize, own: usize, value: &str) -> String {
    let mut value = value.to_owned();
    while let Some(line) = lines.get(*at) {
        if line.text.is_empty()
            || line.indent <= own
            || line.text.starts_with("- ")
            || pair(line.text).is_some() && !open_quote(&value)
        {
            break;
        }
        value.push(' ');
        value.push_str(line.text);
        *at += 1;
    }
    unquoted(&value)
}

fn open_quote(value: &str) -> bool {
    let first = value.chars().next();
    matches!(first, Some('"' | '\'')) && (value.len() < 2 || !value.ends_with(first.unwrap_or('"')))
}

/// The deeper lines as one text.
fn folded(lines: &[Line], at: &mut usize, own: usize, glue: &str) -> String {
    let mut parts = Vec::new();
    while let Some(line) = lines.get(*at) {
        if !line.text.is_empty() && line.indent <= own {
            break;
        }
        parts.push(line.text);
        *at += 1;
    }
    parts.join(glue).trim().to_owned()
}

/// `key: value`; the key is short and holds no quotes inside.
fn pair(text: &str) -> Option<(&str, &str)> {
    let (key, value) = match text.strip_suffix(':') {
        Some(key) if !key.contains(": ") => (key, ""),
        _ => text.split_once(": ")?,
    };
    let key = key.trim().trim_matches(['"', '\'']);
    let fits =
        !key.is_empty() && key.len() <= 60 && !key.starts_with(['[', '{', '"', '\'']) && key.split(' ').count() <= 3;
    fits.then_some((key, value.trim()))
}

fn without_comment(value: &str) -> (&str, Option<&str>) {
    let value = value.trim();
    if value.starts_with('#') {
        return ("", Some(value.trim_start_matches('#').trim()));
    }
    let from = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value[1..].find(quote).map_or(value.len(), |end| end + 2),
        _ => 0,
    };
    match value.get(from..).and_then(|rest| rest.find(" #")) {
        Some(at) => (value[..from + at].trim(), Some(value[from + at + 2..].trim())),
        None => (value, None),
    }
}

fn scalar(value: &str) -> Value {
    if let Some(inner) = value.strip_prefix('[').and_then(|v| v.strip_suffix(']')) {
        let items = inner.split(',').map(unquoted).filter(|item| !item.is_empty());
        return Value::Array(items.map(Value::String).collect());
    }
    match value {
        "null" | "~" => Value::Null,
        "true" | "True" | "yes" => Value::Bool(true),
        "false" | "False" | "no" => Value::Bool(false),
        value => Value::String(value.to_owned()),
    }
}

fn unquoted(value: &str) -> String {
    let value = value.trim();
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote).and_then(|v| v.strip_suffix(quote)) {
            return if quote == '"' {
                inner.replace("\\\"", "\"").replace("\\n", "\n")
            } else {
                inner.replace("''", "'")
            };
        }
    }
    value.to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::parse;

    #[test]
    fn front_matter_is_read_as_printed() {
        let source = "title: \"Glass: Harbour\"\nrating: 5.0 # out of 10\ntags: [sea, 'grey']\nbook:\n  author: Ada Quill\n  tags:\n  - quiet\n  year: '1901'\nreview:\n  date_read:\n  - 2020-06-04\nlinks:\n- book: other\n  text: Goes on\n    and on.\nnote: |\n  One.\n  Two.\nfeatured: true\n";
        assert_eq!(
            parse(source),
            json!({"title": "Glass: Harbour", "rating": "5.0", "rating#": "out of 10", "tags": ["sea", "grey"],
                   "book": {"author": "Ada Quill", "tags": ["quiet"], "year": "1901"},
                   "review": {"date_read": ["2020-06-04"]},
                   "links": [{"book": "other", "text": "Goes on and on."}], "note": "One.\nTwo.", "featured": true})
        );
    }

    proptest::proptest! {
        #[test]
        fn no_source_makes_it_stumble(source in "(?s)(?:[ -~]|\n|\n  |\n- |: |# |\"|'){0,120}") {
            let _ = parse(&source);
        }

        #[test]
        fn deep_nesting_is_cut(depth in 0usize..2000) {
            let source: String = (0..depth.min(400)).map(|d| format!("{}k:\n", " ".repeat(d))).collect();
            let _ = parse(&source);
        }
    }
}
