//! Small rules on words: dates, counts, quotation marks, wrapping, links that may be followed.
//!
//! The interface speaks English; only quotation marks follow the language of the quote.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::model::text::{clean, fold_space};

/// The zone of that name, or UTC where the database does not know it (any more).
pub fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// `Friday 20 November 2026`, in the zone.
pub fn long_date(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%A %-d %B %Y").to_string()
}

/// `20 November 2026`
pub fn date(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

/// `2026-11-20 08:00 CET`, in the zone.
pub fn stamp(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M %Z").to_string()
}

/// `Fri 2026-11-20 08:00 CET`, in the zone.
pub fn day_stamp(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%a %Y-%m-%d %H:%M %Z").to_string()
}

/// The date of RFC 822, in GMT, as RSS wants it: `Fri, 20 Nov 2026 07:00:00 GMT`.
pub fn rfc822(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// RFC 3339 in UTC, to the second.
pub fn rfc3339(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A count as a word up to twelve, as digits beyond.
pub fn number(count: usize) -> String {
    const WORDS: [&str; 13] =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    WORDS.get(count).map_or_else(|| count.to_string(), |word| (*word).to_owned())
}

/// A count with its noun: `one review`, `six reviews`.
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", number(count), noun(count as u64, one, many))
}

/// A count in digits with its noun: `1 recipient`, `200 recipients`.
pub fn tally(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", noun(count, one, many))
}

fn noun<'a>(count: u64, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
}

/// The first letter in upper case.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// `A`, `A and B`, `A, B and C`.
pub fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A name or title as one line: no control characters, white space folded, and none of the marks that turn
/// the direction of what stands beside it. Quotes never pass here: they are verbatim.
pub fn line(text: &str) -> String {
    let kept: String = clean(text).chars().filter(|c| !is_direction_mark(*c)).collect();
    fold_space(&kept)
}

fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{061C}')
}

/// The paragraphs of a text, parted by empty lines.
pub fn paragraphs(text: &str) -> Vec<String> {
    let cleaned = clean(text);
    let mut out = vec![String::new()];
    for row in cleaned.lines() {
        if row.trim().is_empty() {
            out.push(String::new());
        } else if let Some(last) = out.last_mut() {
            last.push(' ');
            last.push_str(row);
        }
    }
    out.iter().map(|paragraph| line(paragraph)).filter(|paragraph| !paragraph.is_empty()).collect()
}

/// The link, where it may be followed: http or https, with a host, without a password in it, and not
/// endless.
pub fn safe_link(text: &str) -> Option<String> {
    let url = Url::parse(text.trim()).ok()?;
    let web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty());
    let plain = url.username().is_empty() && url.password().is_none();
    (web && plain && url.as_str().len() <= 1500).then(|| url.to_string())
}

/// The quotation marks of a language, English where it is unknown.
pub fn marks(language: Option<&str>) -> (&'static str, &'static str) {
    match language.unwrap_or("en").get(..2).unwrap_or("en") {
        "de" | "cs" | "sk" | "sl" | "bg" | "is" | "lt" => ("„", "“"),
        "pl" | "ro" | "hu" | "nl" | "hr" => ("„", "”"),
        "fr" => ("«\u{202F}", "\u{202F}»"),
        "ru" | "uk" | "be" | "es" | "it" | "pt" | "no" | "nb" | "el" | "ca" => ("«", "»"),
        "sv" | "fi" => ("”", "”"),
        "ja" | "zh" => ("「", "」"),
        _ => ("“", "”"),
    }
}

/// Wraps words to rows of at most `width` characters, `indent` spaces included. A word longer than a row
/// (a URL) stands on a row of its own, unbroken.
pub fn wrap(text: &str, indent: usize, width: usize) -> String {
    let margin = " ".repeat(indent);
    let mut out = String::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > width {
            out.push('\n');
            used = 0;
        }
        if used == 0 {
            out.push_str(&margin);
            used = indent;
        } else {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += length;
    }
    out
}

/// The first `bytes` bytes of SHA-256 over the parts, in hexadecimal; parts do not run together.
pub fn fingerprint(parts: &[&str], bytes: usize) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(bytes).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_printed_in_the_digests_zone() {
        let at: Timestamp = "2026-11-19T23:30:00Z".parse().unwrap();
        assert_eq!(long_date(at, &zone("Europe/Berlin")), "Friday 20 November 2026");
        assert_eq!(long_date(at, &zone("No/Where")), "Thursday 19 November 2026");
        assert_eq!(rfc822(at), "Thu, 19 Nov 2026 23:30:00 GMT");
        assert_eq!(rfc3339(at), "2026-11-19T23:30:00Z");
    }

    #[test]
    fn only_web_links_may_be_followed() {
        assert_eq!(safe_link("https://example.org/a b").as_deref(), Some("https://example.org/a%20b"));
        for bad in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "/relative",
            "https://user:secret@example.org/",
            "vbscript:x",
            "",
        ] {
            assert_eq!(safe_link(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_row_never_outgrows_its_width_unless_one_word_does() {
        let text = "one two three four five six https://example.org/a/very/long/address seven";
        for row in wrap(text, 2, 20).lines() {
            assert!(row.chars().count() <= 20 || row.trim().starts_with("https:"), "{row:?}");
            assert!(row.starts_with("  ") && !row.ends_with(' '));
        }
        assert_eq!(fold_space(&wrap(text, 2, 20)), text);
    }

    #[test]
    fn a_name_cannot_turn_the_text_beside_it() {
        assert_eq!(line("Ann\u{202E}\u{7} \n Lee"), "Ann Lee");
    }

    #[test]
    fn counts_read_as_words() {
        assert_eq!(capital(&counted(6, "review", "reviews")), "Six reviews");
        assert_eq!(counted(1, "work", "works"), "one work");
        assert_eq!(counted(13, "work", "works"), "13 works");
        assert_eq!(list(&["A".into(), "B".into(), "C".into()]), "A, B and C");
    }

    #[test]
    fn paragraphs_are_parted_by_empty_lines() {
        assert_eq!(paragraphs("One\nline.\r\n\r\n \nTwo.\n"), ["One line.", "Two."]);
    }
}
