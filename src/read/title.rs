//! Titles out of headlines and labels; out of running text in [`body`].
//!
//! A headline is more than a title: "Book Review: X by Y", "X, directed by Y (Studio)", "X (2013) – Site".
//! [`headline`] takes it apart; [`in_body`] finds the title that a text names again and again.

mod address;
mod body;
mod quoted;
mod tidy;

use std::sync::LazyLock;

pub use address::{as_printed, in_address};
pub use body::{cited, in_body, mentions, released};
pub use quoted::within as quoted_within;
pub use tidy::{tidy, undrawn};

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
            r"(?i)(?:\s*[:–—|•(\[-]\s*|\s+)((?:(?:an?|the|my|la|le|une?|die|der|eine?|el|il|uma?|de|een)\s)?(?:{KINDS}[\s-]){{0,3}}{REVIEW})[)\]]?(?:\s*[|–—:-]\s.*)?\W*$"
        ))
    });
    // "Festival Review: “X” (Belgium)": what is quoted after the word is the title.
    static LED_QUOTE: LazyLock<Regex> =
        LazyLock::new(|| pattern(&format!(r#"(?i)^.{{0,80}}?\b{REVIEW}\s*[:–—-]\s*([“"„«‘].{{2,}})$"#)));
    // "Some festival: _X_": what is set apart by emphasis is the title.
    static LED_EMPHASIS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"^[^_*]{1,60}[:–—-]\s*(?:_{1,2}([^_*]{2,80})_{1,2}|\*{1,2}([^_*]{2,80})\*{1,2})\W*$")
    });
    static YEAR: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\s*[(\[]((?:[^()\[\]]{0,60}\D)?)([12]\d{3})((?:\D[^()\[\]]{0,60})?)[)\]]"));
    let mut out = Headline::default();
    let mut text = strip_site(&fold_space(head(line, 300)), site);
    if let Some(led) = LED_QUOTE.captures(&text).and_then(|c| c.get(1)) {
        out.marked = true;
        out.kind = kind::named(&text[..led.start()]);
        text = led.as_str().to_owned();
    } else if let Some(led) = LED_EMPHASIS.captures(&text).and_then(|c| c.get(1).or(c.get(2))) {
        out.kind = kind::named(&text[..led.start()]);
        text = led.as_str().to_owned();
    } else if let Some(c) = PREFIX.captures(&text) {
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
    // After a comma `de` and its kin name the maker: "Glass Harbour, de Ada Quill".
    static OF: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"^(.+?),\s+(?:de|di|da|do|van|av|af|door|von|por)\s+([^()\[\]:–—,]+?)\s*(?:[(\[–—:|].*)?$")
    });
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
    if let Some(c) = BY.captures(&text).or_else(|| OF.captures(&text)) {
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
    static CATEGORY: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*\(([^()]{2,20})\)\s+"));
    static CARRIER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r#"(?i)\s+(?:cd|lp|ep|mlp|vinyl|cassette|tape|7”|12”|7"|12")(?:\s?/\s?(?:cd|lp|ep))?\s*$"#)
    });
    let text = BRACKET.replace(text, "");
    let text = match CATEGORY.captures(&text).and_then(|c| Some((kind::named(c.get(1)?.as_str())?, c.get(0)?.end()))) {
        Some((kind, end)) => {
            out.kind = out.kind.or(Some(kind));
            text[end..].to_owned()
        }
        None => text.into_owned(),
    };
    let text = match CARRIER
        .find(&text)
        .filter(|carrier| text[..carrier.start()].contains(" - ") || text[..carrier.start()].contains(" – "))
    {
        Some(carrier) => {
            out.kind = out.kind.or(Some(WorkKind::Album));
            text[..carrier.start()].to_owned()
        }
        None => text,
    };
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
            ("2013 Bay Film Festival Review: “Glass Harbour” (Norway)", "Glass Harbour"),
            ("Bay Festival 2010: _Glass Harbour_", "Glass Harbour"),
            ("On the shelf – *Tin Roof*", "Tin Roof"),
            ("(movie) Glass Harbour", "Glass Harbour"),
            ("Glass Harbour, de Ada Quill", "Glass Harbour"),
            ("_Glass Harbour_ (Season 2)", "Glass Harbour (Season 2)"),
            ("_Glass Harbour_", "Glass Harbour"),
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
    fn a_carrier_says_album_and_an_article_alone_is_no_title() {
        let line = headline("The Foxes – Glass Harbour LP (2012)", None);
        assert_eq!((line.title.as_deref(), line.second.as_deref()), (Some("The Foxes"), Some("Glass Harbour")));
        assert_eq!((line.kind, line.year), (Some(WorkKind::Album), Some(2012)));
        assert_eq!(headline("La recensione", None).title, None);
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
