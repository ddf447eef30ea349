//! Titles: out of headlines, out of labels, out of running text.
//!
//! A headline is more than a title: "Book Review: X by Y", "X, directed by Y (Studio)", "X (2013) – Site".
//! [`headline`] takes it apart; [`in_body`] finds the title that a text names again and again.

use std::{collections::HashMap, sync::LazyLock};

use regex::Regex;

use super::{
    kind,
    pattern::{head, pattern},
    people,
};
use crate::model::{
    WorkKind,
    text::{fold_space, norm},
};

/// What a headline says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Headline {
    /// The title, where something is left.
    pub title: Option<String>,
    /// The year in brackets.
    pub year: Option<i16>,
    /// Who made it.
    pub creators: Vec<String>,
    /// The kind, where a word names it.
    pub kind: Option<WorkKind>,
    /// Whether it calls itself a review, or shows title and year as reviews do.
    pub marked: bool,
    /// What stood after a dash: the title, where the first part is an artist.
    pub second: Option<String>,
    /// Whether the title stood in quotation marks.
    pub quoted: bool,
}

/// Words for "review", as they stand in headlines.
pub const REVIEW: &str = r"(?:reviews?|rezension|kritik|filmkritik|buchkritik|recenzja|recenze|recenzie|recensione|reseña|resena|resenha|crítica|critica|critique|recensie|anmeldelse|recension|análise|analise|arvostelu|обзор|рецензия|리뷰|レビュー|影评|書評)";

const KINDS: &str = r"(?:book|movie|film|game|video\s?game|album|music|anime|manga|tv|series|dvd|blu-?ray|concert|restaurant|product|novel|comic|audiobook|short|quick|mini|early|spoiler-free|advance|guest|buch|kino|livre|libro|livro|jogo|short\sfilm|krótka)";

/// Takes a headline apart. `site` is the name of the site, to be left out.
pub fn headline(line: &str, site: Option<&str>) -> Headline {
    static PREFIX: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)^\W{{0,3}}((?:{KINDS}[\s-]){{0,3}}{REVIEW})\W?\s*(?:[:–—|\-]+|of\s|on\s|zu\s|von\s|de\s|di\s)\s*"
        ))
    });
    static SUFFIX: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)(?:\s*[:–—|•(\[-]\s*|\s+)((?:(?:an?|the|my)\s)?(?:{KINDS}[\s-]){{0,3}}{REVIEW})[)\]]?(?:\s*[|–—:-]\s.*)?\W*$"
        ))
    });
    static YEAR: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\s*[(\[]((?:[^()\[\]]{0,60}\D)?)([12]\d{3})((?:\D[^()\[\]]{0,60})?)[)\]]"));
    let mut out = Headline::default();
    let mut text = strip_site(&fold_space(head(line, 300)), site);
    if let Some(c) = PREFIX.captures(&text) {
        out.marked = true;
        out.kind = c.get(1).and_then(|m| kind::named(m.as_str()));
        text = text[c.get(0).map_or(0, |m| m.end())..].to_owned();
    } else if let Some(c) = SUFFIX.captures(&text).filter(|c| c.get(0).is_some_and(|m| m.start() > 0)) {
        out.marked = true;
        out.kind = c.get(1).and_then(|m| kind::named(m.as_str()));
        let glued = text.get(..c.get(0).map_or(0, |m| m.start())).unwrap_or("").to_owned();
        text = glued;
    }
    if let Some(c) = YEAR.captures(&text) {
        let group = |at: usize| c.get(at).map_or("", |m| m.as_str());
        out.year = year(group(2));
        let range = c.get(0).map_or(0..0, |m| m.range());
        let (before, after) = (text[..range.start].trim().to_owned(), text[range.end..].trim());
        if out.year.is_some() && !before.is_empty() {
            out.marked |= after.is_empty();
            let after = after.trim_start_matches([',', '–', '—', '-', ':', ' ']);
            out.creators = after_role(after).map(people::list).unwrap_or_default();
            if out.creators.is_empty() {
                out.creators = beside_year(group(1)).or_else(|| beside_year(group(3))).unwrap_or_default();
            }
            text = before;
        }
    }
    if let Some(quoted) = whole_quote(&text) {
        out.quoted = true;
        out.title = Some(quoted.0);
        if let Some(by) = quoted.1.trim_start().strip_prefix("by ") {
            out.creators = people::list(by);
        }
        return out;
    }
    let text = makers(text, &mut out);
    let text = strip_category(&text, &mut out);
    let text = EDITION.replace(&text, "");
    out.title = tidy(&text);
    out
}

/// What stands after `by`, `dir.`, `directed by`.
fn after_role(text: &str) -> Option<&str> {
    static ROLE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^(?:(?:directed|written|a\s(?:film|novel|book|album|game))\s(?:and\s\w+\s)?by|by\b|dir(?:ector)?(?:[.:]|\sby\b|\s)|d[.:]|r[.:]|regie:?|regia:?|real\.|réal\.|reż\.|von|author:?)\s*",
        )
    });
    ROLE.find(text).filter(|role| !role.is_empty()).map(|role| text[role.end()..].trim())
}

/// The makers beside the year in brackets: `(dir. X, 2013)`, `(2013, X)`, `(X, 1969)`. Without a word for the role
/// it must be one full name, and neither a house nor a country.
fn beside_year(text: &str) -> Option<Vec<String>> {
    static HOUSE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:pictures?|bros|studios?|records?|recordings|books?|press|publish\w*|house|films?|entertainment|media|classics|games|interactive|music|verlag|editions?|éditions|cut|version|remaster\w*|series|season|vol|part|netflix|prime|disney|hbo|usa?|uk|united|kingdom|states|south|north|west|east|new|hong|republic|island|islands|released?|review|original|blu|dvd|vinyl|note)\b",
        )
    });
    let text = text.trim().trim_matches([',', ';', ' ', '/', '–', '-']);
    let named = |names: &str| Some(people::list(names)).filter(|names| !names.is_empty());
    if let Some(names) = after_role(text) {
        return named(names.split([',', ';']).next().unwrap_or(names));
    }
    let first = text.split([',', ';', '/']).map(str::trim).find(|part| part.contains(' '))?;
    (people::is_full_name(first) && !HOUSE.is_match(first)).then(|| vec![first.to_owned()])
}

/// The edition, platform or carrier in brackets after a title.
static EDITION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)\s*[(\[](?:(?:xbox|playstation|ps\s?\d|pc|mac|switch|wii|nintendo|steam|dvd|blu-?ray|3d|imax|netflix|kindle|hardcover|paperback|audiobook|audio|tv|film|movie|book|novel|game|album|ep|lp|single|remake|remaster(?:ed)?|reissue|live|demo|early\saccess|spoiler-?free|no\sspoilers)(?:\s[\w/]+){0,2}(?:\s?/\s?\w+)*)[)\]]\s*$",
    )
});

/// A year of release between the first printed books and the next decades.
pub fn year(text: &str) -> Option<i16> {
    text.parse().ok().filter(|year| (1400..=2100).contains(year))
}

/// The site's name and its separator, off either end; also after two bars or a bullet.
fn strip_site(text: &str, site: Option<&str>) -> String {
    static BAR: LazyLock<Regex> = LazyLock::new(|| pattern(r"\s+[|•·–—:«»-]+\s+|\s*[|»«]\s*"));
    let Some(site) = site.map(norm).filter(|site| !site.is_empty()) else { return text.to_owned() };
    let cuts: Vec<_> = BAR.find_iter(text).map(|m| m.range()).collect();
    for cut in &cuts {
        if norm(&text[cut.end..]) == site {
            return text[..cut.start].to_owned();
        }
    }
    for cut in cuts.iter().rev() {
        if norm(&text[..cut.start]) == site {
            return text[cut.end..].to_owned();
        }
    }
    match text.rsplit_once(", ") {
        Some((rest, last)) if norm(last) == site => rest.to_owned(),
        _ => text.to_owned(),
    }
}

/// A title in quotation marks at the start (after a short lead), with what follows it.
fn whole_quote(text: &str) -> Option<(String, String)> {
    static QUOTE: LazyLock<Regex> = LazyLock::new(|| pattern(r#"^\W{0,3}["“„«]([^"“”„«»]{2,80})["”“»](.*)$"#));
    let c = QUOTE.captures(text)?;
    let title = tidy(c.get(1)?.as_str())?;
    Some((title, c.get(2).map_or(String::new(), |m| m.as_str().to_owned())))
}

/// `X, directed by Y (Z)`, `X by Y`, `Y, X (label)`, `Y – X`: the makers go aside.
fn makers(text: String, out: &mut Headline) -> String {
    static DIRECTED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^(.+?)[,:–—\s-]+(?:directed|written|a\s(?:film|novel|book)|an?\s\w+)\sby\s+([^()]+?)\s*(?:\(([^()]*)\))?$",
        )
    });
    static BY: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^(.+?),?\s+(?:[Bb]y|BY|[Vv]on)\s+([^()\[\]:–—]+?)\s*(?:[(\[–—:|].*)?$"));
    static LABELLED: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^([^,()]{1,50}), ([^,()].{0,80}?) \(([^()]{2,40})\)$"));
    if let Some(c) = DIRECTED.captures(&text) {
        out.creators = people::list(c.get(2).map_or("", |m| m.as_str()));
        if !out.creators.is_empty() {
            out.marked = true;
            if text.to_lowercase().contains("directed by") {
                out.kind = out.kind.or(Some(WorkKind::Film));
            }
            return c.get(1).map_or(String::new(), |m| m.as_str().to_owned());
        }
    }
    if let Some(c) = LABELLED.captures(&text) {
        let (artist, title) = (c.get(1).map_or("", |m| m.as_str()), c.get(2).map_or("", |m| m.as_str()));
        if people::looks_like_name(artist) && year(c.get(3).map_or("", |m| m.as_str())).is_none() {
            out.creators = vec![artist.to_owned()];
            out.kind = out.kind.or(Some(WorkKind::Album));
            return title.to_owned();
        }
    }
    if let Some(c) = BY.captures(&text) {
        let maker = c.get(2).map_or("", |m| m.as_str()).trim();
        // "Stand by Me" is a title: a maker has two names, or stands after an earlier maker's mark.
        if maker.split_whitespace().count() >= 2 && people::looks_like_name(maker) {
            out.creators = people::list(maker);
            return c.get(1).map_or(String::new(), |m| m.as_str().to_owned());
        }
    }
    text
}

/// `Books • X`, `[Seoul] X - 2023`, `X – one of the best`: the part that is the title.
fn strip_category(text: &str, out: &mut Headline) -> String {
    static PARTS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\s+[|•·–—/]\s+|\s+-{1,2}\s+|\s*\|\s*"));
    static BRACKET: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*[\[【][^\]】]{1,20}[\]】]\s*"));
    let text = BRACKET.replace(text, "");
    let parts: Vec<&str> = PARTS.split(&text).map(str::trim).filter(|part| !part.is_empty()).collect();
    let mut rest = parts.as_slice();
    while let [first, more @ ..] = rest {
        let category = kind::named(first).filter(|_| !more.is_empty() && first.split_whitespace().count() <= 2);
        let Some(category) = category else { break };
        out.kind = out.kind.or(Some(category));
        rest = more;
    }
    out.second = rest.get(1).and_then(|part| tidy(part)).filter(|_| rest.len() == 2);
    rest.first().map_or(String::new(), |part| (*part).to_owned())
}

/// A title without quotation marks, markup signs and closing punctuation; `None` where nothing is left.
pub fn tidy(text: &str) -> Option<String> {
    let folded = fold_space(text);
    let text = folded.trim_matches(|c: char| {
        matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '*' | '_' | '`' | ' ' | ':' | '|' | '–' | '—' | ',')
    });
    let text = text.trim_end_matches(" -").trim_start_matches("- ").trim_end_matches(';');
    // A full stop closes a sentence, unless it belongs to an abbreviation or an ellipsis.
    let text = match text.strip_suffix('.') {
        Some(short) if !short.ends_with('.') && short.rsplit(' ').next().is_some_and(|w| w.len() > 3) => short,
        _ => text,
    };
    let sensible = text.chars().any(char::is_alphanumeric) && text.chars().count() <= 150;
    sensible.then(|| text.to_owned())
}

/// Pronouns and the like that are titles as well: they count only in quotes or capitalised amid a sentence.
const PRONOUNS: [&str; 12] = ["her", "it", "us", "them", "him", "she", "you", "me", "they", "we", "he", "this"];

/// How often a text names a title: in its own spelling, at word ends; pronouns only where they cannot be meant
/// otherwise.
pub fn mentions(text: &str, title: &str) -> usize {
    if PRONOUNS.contains(&norm(title).as_str()) {
        return pronoun_mentions(text, title);
    }
    let (text, title) = (format!(" {} ", norm(text)), format!(" {} ", norm(title)));
    if title.trim().is_empty() { 0 } else { text.matches(&title).count() }
}

fn pronoun_mentions(text: &str, title: &str) -> usize {
    let mut capital = title.to_lowercase();
    if let Some(first) = capital.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    let amid = text.match_indices(&capital).filter(|(at, _)| {
        let before = text[..*at].trim_end();
        let ends_word = !text[at + capital.len()..].starts_with(char::is_alphanumeric);
        ends_word && before.len() < *at && before.ends_with(|c: char| c.is_alphanumeric() || c == ',')
    });
    let lower = capital.to_lowercase();
    let quoted = [("“", "”"), ("\"", "\""), ("‘", "’"), ("„", "“"), ("«", "»")].iter().map(|(open, close)| {
        text.matches(&format!("{open}{capital}{close}")).count()
            + text.matches(&format!("{open}{lower}{close}")).count()
    });
    amid.count() + quoted.sum::<usize>()
}

/// The year in which a text says that its work came out: `it was released in 2001`, `X, which came out on 3 May 2001`.
pub fn released(text: &str, title: Option<&str>) -> Option<i16> {
    static RELEASED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)(.{0,60}?)\b(?:(?:was|were)\s(?:first\s|originally\s)?(?:released|published)|came\sout|first\sreleased|originally\s(?:released|published))\b[^.!?\n\d]{0,25}(?:\d{1,2}(?:st|nd|rd|th)?[ ,][^.!?\n\d]{0,15})?((?:18|19|20)\d{2})\b",
        )
    });
    let c = RELEASED.captures(head(text, 3000))?;
    let subject = norm(c.get(1)?.as_str());
    let last = subject.rsplit(' ').next().unwrap_or("");
    let is_work = ["it", "film", "movie", "book", "novel", "album", "record", "game", "which"].contains(&last)
        || title.is_some_and(|title| subject.ends_with(&norm(title)));
    is_work.then(|| year(c.get(2)?.as_str())).flatten()
}

/// The full title where a text opens by citing it: `Glass Harbour: A Life at Sea, by Ada Quill.`
pub fn cited(text: &str, short: &str) -> Option<Headline> {
    static CITED: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"^[“"]?([^.!?\n“”"]{4,140}?)[”"]?,?\sby\s([^,.()\n]{4,40})(?:[.,(]|\n)"#));
    let c = CITED.captures(text)?;
    let title = tidy(c.get(1)?.as_str())?;
    let by = c.get(2).map(|m| m.as_str().trim()).filter(|name| people::is_full_name(name))?;
    // The short form with or without its article, and then more: "I finished X by Y" is a sentence.
    let full = norm(&title);
    let same = [norm(short), format!("the {}", norm(short))].iter().any(|short| full.starts_with(short));
    same.then(|| Headline { title: Some(title), creators: vec![by.to_owned()], ..Headline::default() })
}

/// The title that a text names: `I watched X`, `“X”` again and again, `X (2013)`, `the game “X”`.
pub fn in_body(text: &str) -> Option<Headline> {
    static QUOTED: LazyLock<Regex> = LazyLock::new(|| pattern(r#"[“"«„]([^“”"«»„\n]{2,60})[”"»“]"#));
    static WITH_YEAR: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"((?:\p{Lu}[\p{L}’'-]*|\d+)(?:[ :](?:[\p{Lu}\d][\p{L}\d’':-]*|of|the|and|a|in|to|for)){0,7})\s\(([12]\d{3})\)",
        )
    });
    static CUE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?:\b(?:watched|watching|finished|finish|read|reading|playing|played|rented|saw|seen|bought|titled|called|entitled|film|movie|book|novel|game|album|record|series|Film|Buch|Roman|Album|Spiel|Serie|livre|roman|libro|livro|película|jeu|jogo|juego|książka|książkę)(?:\stoday)?,?\s(?:“|"|‘|‘|')?)((?:[\p{Lu}\d][\p{L}\d’'-]*)(?:[ :](?:[\p{Lu}\d][\p{L}\d’':-]*|of|the|and|a|in|to|for|on)){0,7})"#,
        )
    });
    let opening = head(text, 20_000);
    let mut scores: HashMap<String, (f64, usize, String, Option<i16>)> = HashMap::new();
    let mut add = |phrase: &str, score: f64, at: usize, year: Option<i16>| {
        let Some(title) = tidy(phrase).filter(|t| t.split_whitespace().count() <= 9) else { return };
        let key = norm(&title);
        if key.len() < 2
            || title.ends_with("’s")
            || title.ends_with("'s")
            || title.contains(['\u{2019}', '\'']) && key.split(' ').count() == 1
        {
            return;
        }
        let entry = scores.entry(key).or_insert((0.0, at, title, year));
        entry.0 += score;
        entry.3 = entry.3.or(year);
    };
    for c in QUOTED.captures_iter(opening) {
        let Some(phrase) = c.get(1) else { continue };
        let named = phrase.as_str().starts_with(char::is_uppercase);
        let pronoun = PRONOUNS.contains(&norm(phrase.as_str()).as_str());
        let ends = phrase.as_str().ends_with(['.', ',', '!', '?']);
        if !ends && !named && !pronoun && phrase.as_str().split(' ').count() <= 5 {
            add(phrase.as_str(), 0.6, phrase.start(), None);
        }
        if !ends && (named || pronoun) {
            add(phrase.as_str(), if pronoun { 1.4 } else { 1.0 }, phrase.start(), None);
        }
    }
    for c in WITH_YEAR.captures_iter(opening) {
        if let (Some(phrase), Some(printed)) = (c.get(1), c.get(2)) {
            add(phrase.as_str(), 0.6, phrase.start(), year(printed.as_str()));
        }
    }
    for c in CUE.captures_iter(head(opening, 3000)) {
        if let Some(phrase) = c.get(1) {
            let phrase_text =
                phrase.as_str().trim_end_matches(" the").trim_end_matches(" and").trim_end_matches(" for");
            let phrase_text = phrase_text
                .trim_end_matches(" in")
                .trim_end_matches(" on")
                .trim_end_matches(" to")
                .trim_end_matches(" a")
                .trim_end_matches(" of");
            let certain = phrase.start() < 600;
            add(phrase_text, if certain { 0.9 } else { 0.5 }, phrase.start(), None);
        }
    }
    // "A Studio's Some Title": the owner is no part of the title where the rest is named alone as well.
    for entry in scores.values_mut() {
        if let Some((_, rest)) =
            entry.2.split_once("’ ").or_else(|| entry.2.split_once("’s ")).or_else(|| entry.2.split_once("'s "))
            && mentions(opening, rest) > mentions(opening, &entry.2)
        {
            entry.2 = rest.to_owned();
        }
    }
    let best = scores.into_values().map(|(score, at, title, year)| {
        let near = if at < 500 { 1.0 } else { 0.0 };
        let again = mentions(opening, &title).min(6) as f64 * 0.5;
        (score.min(4.0) + again + near, at, title, year)
    });
    let best = best.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)))?;
    (best.0 >= 2.4).then(|| Headline { title: Some(best.2), year: best.3, ..Headline::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(line: &str) -> Option<String> {
        headline(line, Some("Quiet Pages")).title
    }

    #[test]
    fn a_headline_is_taken_down_to_the_title() {
        for (line, want) in [
            ("Review: Glass Harbour", "Glass Harbour"),
            ("Movie Review – Glass Harbour", "Glass Harbour"),
            ("Glass Harbour – Review", "Glass Harbour"),
            ("Glass Harbour Review | Quiet Pages", "Glass Harbour"),
            ("Glass Harbour (2013)", "Glass Harbour"),
            ("Book Review: \"Glass Harbour\" by @someone", "Glass Harbour"),
            ("Glass Harbour by Ada Quill", "Glass Harbour"),
            ("Glass Harbour, Directed By Ada Quill (Big Studio)", "Glass Harbour"),
            ("Books • Glass Harbour by Ada Quill • Quiet Pages", "Glass Harbour"),
            ("Review of Glass Harbour", "Glass Harbour"),
            ("Filmkritik: Glashafen", "Glashafen"),
            ("The Foxes, Glass Harbour (Small Label)", "Glass Harbour"),
            ("[Review] Glass Harbour", "Glass Harbour"),
            ("Glass Harbour review – a film to sleep in", "Glass Harbour"),
            ("Stand by Me", "Stand by Me"),
            ("Glass Harbour – one of the best thrillers", "Glass Harbour"),
            ("Review: Harbour 3: The Film #2 Night", "Harbour 3: The Film #2 Night"),
        ] {
            assert_eq!(title(line).as_deref(), Some(want), "{line}");
        }
    }

    #[test]
    fn makers_year_and_kind_come_along() {
        let line = headline("Glass Harbour, Directed By Ada Quill (Big Studio)", None);
        assert_eq!((line.creators, line.kind), (vec!["Ada Quill".to_owned()], Some(WorkKind::Film)));
        let line = headline("Book Review: Glass Harbour by Ada Quill", None);
        assert_eq!((line.creators, line.kind), (vec!["Ada Quill".to_owned()], Some(WorkKind::Book)));
        assert_eq!(headline("Glass Harbour (2013)", None).year, Some(2013));
    }

    #[test]
    fn a_pronoun_is_a_title_only_where_it_cannot_be_a_pronoun() {
        assert_eq!(mentions("Her eyes. I saw her. He met her.", "Her"), 0);
        assert_eq!(mentions("I think Her is fine. What I liked about “her” was the light.", "Her"), 2);
    }

    #[test]
    fn a_text_without_headline_names_its_title_itself() {
        let text = "I rented “Glass Harbour” on Sunday. The game is short. Nothing in Glass Harbour surprised me.";
        assert_eq!(in_body(text).and_then(|h| h.title).as_deref(), Some("Glass Harbour"));
        assert_eq!(in_body("A quiet day. Nothing happened at all."), None);
    }

    #[test]
    fn the_text_may_give_full_title_and_year_of_release() {
        let cited = cited("Glass Harbour: A Life at Sea, by Ada Quill. I liked it.", "Glass Harbour").unwrap();
        assert_eq!(cited.title.as_deref(), Some("Glass Harbour: A Life at Sea"));
        assert_eq!(cited.creators, ["Ada Quill"]);
        assert_eq!(released("I saw it when it came out on May 3, 2001.", None), Some(2001));
        assert_eq!(released("Glass Harbour was released in 1999.", Some("Glass Harbour")), Some(1999));
        assert_eq!(released("His son was released in 1999.", None), None);
        assert_eq!(released("He was released in 1999. I was born in 1980.", Some("Glass Harbour")), None);
    }

    #[test]
    fn what_stands_beside_the_year_may_be_the_maker() {
        for (line, maker) in [
            ("Glass Harbour (Ada M. Quill, 1969)", Some("Ada M. Quill")),
            ("Glass Harbour (dir. Ada Quill, 1969)", Some("Ada Quill")),
            ("Glass Harbour (1969, Ada Quill)", Some("Ada Quill")),
            ("Glass Harbour (1969), directed by Ada Quill", Some("Ada Quill")),
            ("Glass Harbour (Tall Ship Pictures, 1969)", None),
            ("Glass Harbour (New Zealand, 1969)", None),
            ("Glass Harbour (Director's Cut, 1969)", None),
        ] {
            let found = headline(line, None);
            assert_eq!((found.title.as_deref(), found.year), (Some("Glass Harbour"), Some(1969)), "{line}");
            assert_eq!(found.creators.first().map(String::as_str), maker, "{line}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_line_can_be_a_headline(line in "(?s).{0,120}") {
            let _ = headline(&line, Some("Site"));
            let _ = in_body(&line);
        }
    }
}
