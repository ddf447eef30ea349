//! People: full names in running text, and the names in a list.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern::pattern;
use crate::model::text::{fold_space, norm};

/// A text of any length names at most this many people for us.
const MOST: usize = 80;

/// Words that begin or fill capitalised phrases which name nobody.
const NOBODY: &str = "the a an in on at of and or but if is it its this that these those he she they we you i my his her their our what when where who why how not no yes so as for from with to by there here then now also after before while although though because since until new los san las united st north south east west january february march april may june july august september october november december monday tuesday wednesday thursday friday saturday sunday best academy award awards oscar oscars golden globe globes picture original screenplay festival university film films movie movies book review reviews rating score star stars director directed writer starring cast genre released release blu dvd full read more leave posted written comments comment wordpress google twitter facebook operating system american british french german english video game games two three four five six seven eight nine ten one first last overall definitely moon song beauty love story life city day night world man woman set science fiction mr mrs ms dr god internet hollywood";

/// The full names in a text, in order, each once: two to four capitalised words.
pub fn in_text(text: &str) -> Vec<String> {
    static NAME: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\p{Lu}[\p{Ll}’'-]+(?:\p{Lu}\p{Ll}+)?(?:[ \u{a0}](?:\p{Lu}\.|de|van|von|der|den|la|le|del|di|da|bin|al)){0,2}[ \u{a0}]\p{Lu}[\p{L}’'-]*\p{Ll}(?:[ \u{a0}]\p{Lu}[\p{Ll}’'-]+)?",
        )
    });
    let mut names: Vec<String> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for found in NAME.find_iter(text) {
        let name = bare(found.as_str());
        if is_name(&name) && seen.insert(norm(&name)) {
            names.push(name);
            if names.len() == MOST {
                break;
            }
        }
    }
    names
}

/// Single names that a text speaks of again and again amid its sentences, as it does of characters: not the words
/// of the full names that it holds.
pub fn characters(text: &str) -> std::collections::HashSet<String> {
    static AMID: LazyLock<Regex> = LazyLock::new(|| pattern(r"[\p{Ll},;]\s(\p{Lu}\p{Ll}{3,})"));
    static NOT: LazyLock<std::collections::HashSet<&str>> = LazyLock::new(|| NOBODY.split(' ').collect());
    let full: std::collections::HashSet<String> =
        in_text(text).iter().flat_map(|name| norm(name).split(' ').map(str::to_owned).collect::<Vec<_>>()).collect();
    let mut times = std::collections::HashMap::new();
    for c in AMID.captures_iter(text) {
        *times.entry(norm(&c[1])).or_insert(0_usize) += 1;
    }
    let often = times.into_iter().filter(|(name, times)| *times >= 2 && !NOT.contains(name.as_str()));
    often.map(|(name, _)| name).filter(|name| !full.contains(name)).collect()
}

/// A name without possessive and surrounding signs.
fn bare(name: &str) -> String {
    let name = fold_space(name);
    let name = name.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '.');
    name.strip_suffix("'s").or_else(|| name.strip_suffix("’s")).unwrap_or(name).to_owned()
}

/// Whether a phrase is a full name and nothing else: two to four words that [`in_text`] would take for one person.
pub fn is_full_name(phrase: &str) -> bool {
    (2..=4).contains(&phrase.split_whitespace().count())
        && !phrase.chars().any(|c| c.is_ascii_digit())
        && looks_like_name(phrase)
        && is_name(phrase)
}

fn is_name(name: &str) -> bool {
    static NOT: LazyLock<std::collections::HashSet<&str>> = LazyLock::new(|| NOBODY.split(' ').collect());
    let words = norm(name);
    let words: Vec<&str> = words.split(' ').collect();
    words.len() >= 2 && words.len() <= 5 && !words.iter().any(|word| NOT.contains(word))
}

/// Whether a phrase looks like the name of one person or band: one to four words, capitalised, no sentence.
pub fn looks_like_name(phrase: &str) -> bool {
    let words: Vec<&str> = phrase.split_whitespace().collect();
    (1..=5).contains(&words.len())
        && phrase.chars().count() <= 50
        && words.iter().all(|word| {
            word.starts_with(|c: char| c.is_uppercase() || !c.is_alphabetic() || is_caseless(c))
                || matches!(
                    *word,
                    "de" | "van" | "von" | "der" | "den" | "la" | "le" | "del" | "di" | "da" | "and" | "al" | "bin"
                )
        })
        && phrase.chars().any(char::is_alphabetic)
        && !phrase.contains(['!', '?', ':', '"', '“'])
}

fn is_caseless(c: char) -> bool {
    c.is_alphabetic() && !c.is_uppercase() && !c.is_lowercase()
}

/// The names in a list: `A, B and C`, `A - B - C`, `A / B`.
pub fn list(text: &str) -> Vec<String> {
    static BETWEEN: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\s*(?:[,;/|&•·]|\s[-–—]\s|\s(?:and|und|et|y|e|with|feat\.?)\s)\s*"));
    let names = BETWEEN.split(text).map(|name| spoken(&fold_space(name.trim_matches(['.', '*', '_', ' ']))));
    names.filter(|name| looks_like_name(name)).take(MOST).collect()
}

/// The name that a handle runs together: `@AdaMQuill` is Ada M Quill, `@quill` nobody else.
fn spoken(name: &str) -> String {
    let Some(handle) = name.strip_prefix('@').filter(|handle| handle.chars().all(char::is_alphabetic)) else {
        return name.to_owned();
    };
    let mut out = String::new();
    for c in handle.chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push(' ');
        }
        out.push(c);
    }
    let words: Vec<&str> = out.split(' ').collect();
    let named = (2..=4).contains(&words.len()) && words.iter().filter(|word| word.chars().count() > 1).count() >= 2;
    if named { out } else { name.to_owned() }
}

/// The makers that a text names: `“Title” by X`, `X’s Title`, `directed by X`, `directors X and Y`. The first words
/// go first; a role further down counts where it is given to the same person twice.
pub fn makers(text: &str, title: Option<&str>) -> Vec<String> {
    static ROLE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"\b(?:[Dd]irected|[Hh]elmed|[Dd]eveloped|[Rr]éalisée?|[Dd]irigid[ao]|[Ii]nszeniert|[Gg]eregisseerd|[Rr]egisserad|[Ww]yreżyserowan\p{L}+)\s(?:by|par|por|von|door|av|przez)\s(?:director\s)?(NAME(?:(?:,\s|\sand\s|\s&\s|\set\s|\sund\s|\sy\s|\se\s)NAME)?)|\b(?:[Dd]irectors?|[Aa]uthors?|[Ff]ilm-?maker|[Rr]egisseur(?:in)?|[Rr]éalisat(?:eur|rice)|[Rr]egista|[Dd]iretora?|[Rr]eżyser(?:ka)?|[Rr]egissör(?:en)?|[Rr]ealizadora?|[Aa]utor(?:in|a)?|[Aa]uteure?|[Aa]utrice|[Aa]utore|[Рр]ежисс[её]р|[Аа]втор)\s(NAME(?:\sand\sNAME)?)|(NAME)\s(?:directs|(?:wrote\sand\s|has\s)directed|realizes|dirige|réalise|inszeniert|regisseert|reżyseruje)\b"
                .replace("NAME", r"\p{Lu}[\p{L}’'-]*\.?(?:\s(?:\p{Lu}\.\s?|\p{Lu}[\p{L}’'-]*)){0,2}")
                .as_str(),
        )
    });
    let opening = super::pattern::head(text, 2500);
    let titled = title.filter(|title| title.chars().count() > 2);
    if let Some(name) = titled.and_then(|title| beside_title(opening, title)) {
        return vec![name];
    }
    let named = |text: &str| -> Vec<Vec<String>> {
        let found = ROLE.captures_iter(text).take(40).map(|c| {
            let names = c.get(1).or(c.get(2)).or(c.get(3)).map_or("", |m| m.as_str());
            let names = list(names).into_iter().map(|name| bare(&name));
            names.filter(|name| c.get(1).is_some() || name.contains(' ')).collect::<Vec<_>>()
        });
        found.filter(|names| !names.is_empty()).collect()
    };
    if let Some(first) = named(opening).into_iter().next() {
        return first;
    }
    if let Some(name) = titled.and_then(|title| beside_title(text, title)) {
        return vec![name];
    }
    let all = named(text);
    all.iter().find(|names| all.iter().filter(|other| other == names).count() > 1).cloned().unwrap_or_default()
}

/// `“Title” by X` and `X’s “Title”`.
fn beside_title(text: &str, title: &str) -> Option<String> {
    const SIGNS: [char; 10] = ['”', '"', '’', '\'', '*', '_', ')', '-', '–', '—'];
    static OWNER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"((?:\p{Lu}[\p{L}-]*\.?\s){1,3}\p{Lu}[\p{L}-]+)(?:['’]s|s['’])\s(?:(?:new|latest|first|own|\d{4})\s(?:(?:film|movie|book|novel|game|album)\W{1,3})?)?[“"‘'*_]?$"#,
        )
    });
    for (at, found) in text.match_indices(title).take(40) {
        if text[at + found.len()..].starts_with(char::is_alphanumeric) {
            continue;
        }
        let after = text[at + found.len()..].trim_start_matches(|c| SIGNS.contains(&c) || c == ' ' || c == ',');
        let by = after.strip_prefix("by ").and_then(leading_name);
        let before = super::pattern::tail(&text[..at], 90);
        let owner = OWNER.captures(before).and_then(|c| c.get(1)).map(|name| {
            let plural = before[name.end()..].starts_with("s’") || before[name.end()..].starts_with("s'");
            if plural { format!("{}s", name.as_str()) } else { name.as_str().to_owned() }
        });
        let owner = owner.and_then(|name| without_lead(&name)).filter(|name| looks_like_name(name));
        if let Some(name) = by.or(owner) {
            return Some(name);
        }
    }
    None
}

/// A name without the word that a sentence began with (`When`, `In`, `Director`).
fn without_lead(name: &str) -> Option<String> {
    static LEAD: LazyLock<std::collections::HashSet<&str>> = LazyLock::new(|| NOBODY.split(' ').collect());
    let mut words: Vec<&str> = name.split(' ').collect();
    while words.first().is_some_and(|word| LEAD.contains(norm(word).as_str())) {
        words.remove(0);
    }
    (words.len() >= 2).then(|| words.join(" "))
}

/// The full name that a text begins with.
fn leading_name(text: &str) -> Option<String> {
    static LEADING: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^\p{Lu}[\p{L}’'-]*\.?(?:\s?\p{Lu}\.)*(?:\s\p{Lu}[\p{L}’'-]*){1,3}"));
    LEADING.find(text).map(|name| bare(name.as_str())).filter(|name| looks_like_name(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_names_are_found_once_and_without_possessive() {
        let text =
            "Ada Lovelace’s film stars Bo de Vries. The Film is fine, and Ada Lovelace knows it. Two Hours pass.";
        assert_eq!(in_text(text), ["Ada Lovelace", "Bo de Vries"]);
    }

    #[test]
    fn characters_are_named_again_and_again_without_family_name() {
        let text = "Then Tamsin sails, and Orla waits. When Orla calls, only Tamsin hears. Ada Quill films Ada at sea, as Ada can. I saw Rome.";
        let mut found: Vec<_> = characters(text).into_iter().collect();
        found.sort();
        assert_eq!(found, ["orla", "tamsin"]);
    }

    #[test]
    fn makers_are_named_by_role_or_after_the_title() {
        assert_eq!(makers("A film directed by Ada Quill. It is fine.", None), ["Ada Quill"]);
        assert_eq!(makers("The new film of directors Ada Quill and Bo Stone’s team.", None), ["Ada Quill", "Bo Stone"]);
        assert_eq!(makers("I read “Glass Harbour” by Ada M. Quill today.", Some("Glass Harbour")), ["Ada M. Quill"]);
        assert_eq!(makers("I bought Tall Ship Games’ Glass Harbour.", Some("Glass Harbour")), ["Tall Ship Games"]);
        assert_eq!(makers("In Ada Quill’s new film “Her” it rains.", Some("Her")), ["Ada Quill"]);
        assert!(makers("I like Bo Stone’s Hermit.", Some("Her")).is_empty());
        assert!(makers("The director knows, by and large, what to do.", Some("Glass")).is_empty());
    }

    #[test]
    fn a_handle_in_capitals_is_a_name() {
        assert_eq!(list("@AdaMQuill, @quill, @NASAx"), ["Ada M Quill", "@quill", "@NASAx"]);
    }

    #[test]
    fn a_list_of_names_is_parted() {
        assert_eq!(
            list("Ada Lovelace - Bo de Vries, Cy Young and Di Ore"),
            ["Ada Lovelace", "Bo de Vries", "Cy Young", "Di Ore"]
        );
    }
}
