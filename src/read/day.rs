//! Civil dates in prose and front matter: ISO, `d.m.y`, `October 24, 2011`, `24 octobre 2011`.
//!
//! Timestamps of feeds are the feed room's.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use super::pattern::pattern;

/// Month names by their first letters, without accents: English, German, French, Spanish, Portuguese, Italian, Dutch,
/// Polish, Scandinavian, Czech, Russian, Ukrainian, Finnish, Hungarian, Turkish, Romanian, Indonesian, Greek.
const MONTHS: [&[&str]; 12] = [
    &["jan", "gen", "ene", "styc", "led", "янв", "січ", "tammi", "oca", "ian", "ιαν"],
    &["feb", "fev", "lut", "unor", "фев", "лют", "helmi", "sub", "φεβ"],
    &["mar", "mrt", "maerz", "brez", "мар", "бер", "maalis", "μαρ"],
    &["apr", "avr", "abr", "kwi", "dub", "апр", "кві", "huhti", "nis", "απρ"],
    &["may", "mai", "mag", "mei", "maj", "kvet", "мая", "маи", "май", "трав", "touko", "μαι", "μαϊ"],
    &["jun", "juin", "giu", "czerw", "cervn", "июн", "черв", "kesa", "haz", "iun", "ιουν"],
    &["jul", "juil", "lug", "lip", "cervenc", "июл", "лип", "heina", "tem", "iul", "ιουλ"],
    &["aug", "aou", "ago", "sier", "srp", "авг", "сер", "elo", "agu", "αυγ"],
    &["sep", "set", "wrz", "zari", "сен", "вер", "syys", "szept", "eyl", "σεπ"],
    &["oct", "okt", "out", "ott", "paz", "rij", "окт", "жов", "loka", "eki", "οκτ"],
    &["nov", "lis", "ноя", "лист", "marras", "kas", "noi", "νοε"],
    &["dec", "dez", "dic", "gru", "des", "pros", "дек", "груд", "joulu", "ara", "δεκ"],
];

fn month(name: &str) -> Option<i8> {
    let name = crate::model::text::norm(name);
    let best = MONTHS.iter().enumerate().filter_map(|(at, starts)| {
        let longest = starts.iter().filter(|start| name.starts_with(**start)).map(|start| start.len()).max()?;
        Some((longest, at))
    });
    best.max().and_then(|(_, at)| i8::try_from(at + 1).ok())
}

/// The first date printed in a text, with its byte range.
pub fn find(text: &str) -> Option<(Date, std::ops::Range<usize>)> {
    static ISO: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b([12]\d{3})[-/.]\s?(\d{1,2})[-/.]\s?(\d{1,2})(?:\b|T)"));
    static DAY_FIRST: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\b(\d{1,2})([./-])\s?(\d{1,2})[./-]\s?([12]\d{3})\b"));
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?:\b(\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?[\s/-]+(?:de\s+|of\s+)?(\p{L}{3,12})\.?,?[\s/-]+(?:del?\s+)?([12]\d{3})\b)|(?:\b(\p{L}{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+([12]\d{3})\b)|(?:\b([12]\d{3}),?[\s-]+(\p{L}{3,12})\.?[\s-]+(\d{1,2})\b)",
        )
    });
    static EAST: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"([12]\d{3})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]"));
    let number = |m: Option<regex::Match>| m.and_then(|m| m.as_str().parse::<i16>().ok());
    let date = |y: Option<i16>, m: Option<i16>, d: Option<i16>| {
        Date::new(y?, i8::try_from(m?).ok()?, i8::try_from(d?).ok()?).ok()
    };
    let mut first: Option<(Date, std::ops::Range<usize>)> = None;
    let mut offer = |found: Option<Date>, range: std::ops::Range<usize>| {
        if let Some(found) = found
            && first.as_ref().is_none_or(|(_, held)| range.start < held.start)
        {
            first = Some((found, range));
        }
    };
    for pattern in [&ISO, &EAST] {
        if let Some(c) = pattern.captures(text) {
            offer(date(number(c.get(1)), number(c.get(2)), number(c.get(3))), c.get(0).map_or(0..0, |m| m.range()));
        }
    }
    if let Some(c) = DAY_FIRST.captures(text) {
        let (a, b, y) = (number(c.get(1)), number(c.get(3)), number(c.get(4)));
        // With slashes and a second part above 12, the month comes first, as in the United States.
        let found = if b.is_some_and(|b| b > 12) { date(y, a, b) } else { date(y, b, a) };
        offer(found, c.get(0).map_or(0..0, |m| m.range()));
    }
    for c in NAMED.captures_iter(text).take(50) {
        let (name, day, year) = if c.get(1).is_some() {
            (c.get(2), c.get(1), c.get(3))
        } else if c.get(4).is_some() {
            (c.get(4), c.get(5), c.get(6))
        } else {
            (c.get(8), c.get(9), c.get(7))
        };
        let found = name.and_then(|n| month(n.as_str())).and_then(|m| date(number(year), Some(m.into()), number(day)));
        if found.is_some() {
            offer(found, c.get(0).map_or(0..0, |m| m.range()));
            break;
        }
    }
    first
}

/// A value that the source states as a date.
pub fn field(text: &str) -> Option<Date> {
    find(text).map(|(date, _)| date)
}

/// The date in an address or file name: `/2014/03/19/some-title`, `/2014/mar/19/`, `2014-03-19-some-title.md`,
/// `20140319_some_title.md`.
pub fn in_address(address: &str) -> Option<Date> {
    static DATED: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?:^|/)((?:19|20)\d{2})[/_.-](\d{1,2}|[A-Za-z]{3,9})[/_.-](\d{1,2})(?:[/_. -]|$)"));
    static JOINED: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?:^|/)((?:19|20)\d{2})([01]\d)([0-3]\d)(?:[/_. -]|$)"));
    let found = DATED.captures(address).or_else(|| JOINED.captures(address))?;
    let part = |at: usize| found.get(at).map_or("", |m| m.as_str());
    let number = part(2).parse().ok().or_else(|| month(part(2)))?;
    Date::new(part(1).parse().ok()?, number, part(3).parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::{field, in_address};

    #[test]
    fn dates_are_read_in_the_spellings_of_several_languages() {
        for (text, want) in [
            ("October 24, 2011", "2011-10-24"),
            ("Posted November 29th, 1999 by", "1999-11-29"),
            ("18.04.2009, 18:27", "2009-04-18"),
            ("22/10/2015", "2015-10-22"),
            ("10/24/2011", "2011-10-24"),
            ("28-01-2026", "2026-01-28"),
            ("2023-03-11", "2023-03-11"),
            ("2014-05-25T19:54:06.000Z", "2014-05-25"),
            ("3. März 2019", "2019-03-03"),
            ("12 août 2010", "2010-08-12"),
            ("4 de outubro de 2011", "2011-10-04"),
            ("2 stycznia 2020", "2020-01-02"),
            ("2021年3月4日", "2021-03-04"),
            ("19 марта 2014 г.", "2014-03-19"),
            ("3 maja 2014 r.", "2014-05-03"),
            ("den 3 augusti 2014", "2014-08-03"),
            ("19. 3. 2014", "2014-03-19"),
            ("2014. 3. 19.", "2014-03-19"),
            ("19-Mar-2014", "2014-03-19"),
            ("2014 March 19", "2014-03-19"),
            ("3 de mayo del 2014", "2014-05-03"),
            ("Sabtu, 23 Juli 2011", "2011-07-23"),
            ("19 maaliskuuta 2014", "2014-03-19"),
        ] {
            assert_eq!(field(text).map(|d| d.to_string()).as_deref(), Some(want), "{text}");
        }
    }

    #[test]
    fn an_address_may_hold_the_date() {
        assert_eq!(
            in_address("https://example.org/2014/03/19/glass/").map(|d| d.to_string()).as_deref(),
            Some("2014-03-19")
        );
        assert_eq!(in_address("reviews/2014-03-19-glass.md").map(|d| d.to_string()).as_deref(), Some("2014-03-19"));
        for address in ["https://example.org/2014/mar/19/glass/", "x/20140319_glass.md", "2014_03_19_glass.txt"] {
            assert_eq!(in_address(address).map(|d| d.to_string()).as_deref(), Some("2014-03-19"), "{address}");
        }
        for address in ["https://example.org/films/2014/glass", "x/20149919.md", "2014-glass-19.md", "v/2014/of/12/"] {
            assert_eq!(in_address(address), None, "{address}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "room 12, 2011", "31.02.2011", "99/99/2011", "in 2013"] {
            assert_eq!(field(text), None, "{text}");
        }
    }
}
