//! Dates and times as feeds and pages spell them.
//!
//! RFC 822 and its misspellings, ISO 8601, `asctime`, the words of a dozen languages. What is read keeps the
//! offset of its source; a time without a zone is taken as UTC. Nothing is guessed where day, month or year
//! is missing.

use jiff::{
    civil::{Date, DateTime, Time},
    tz::Offset,
};

use crate::model::Published;

/// The beginnings of the names of each month, lower case: a word is the month of the longest that it begins with.
const MONTHS: [&str; 12] = [
    "jan ene gen янв sty tammi ιαν oca led",
    "feb fév fev фев lut helmi φεβ şub úno",
    "märz mär mrz maart mar mrt мар maalis már μάρ μαρ bře",
    "apr abr avr апр kwi huhti ápr απρ nis dub",
    "may mai mei mag maj мая май touko máj μάι μαϊ",
    "jun giu juin июн cze kesä jún ιούν haz",
    "juil jul lug июл lip heinä júl ιούλ tem",
    "aug ago aoû aou авг sie elo αύγ",
    "sep set сен wrz syys szep σεπ eyl zář",
    "oct okt ott окт out paź loka οκτ eki říj",
    "nov ноя lis marras νοέ kas",
    "dec dez dic déc des дек gru joulu δεκ ara",
];

/// Named zones of RFC 822 and common use, in minutes east of UTC.
const ZONES: [(&str, i32); 30] = [
    ("z", 0),
    ("ut", 0),
    ("utc", 0),
    ("gmt", 0),
    ("wet", 0),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
    ("akst", -540),
    ("akdt", -480),
    ("hst", -600),
    ("bst", 60),
    ("west", 60),
    ("cet", 60),
    ("cest", 120),
    ("mez", 60),
    ("mesz", 120),
    ("eet", 120),
    ("eest", 180),
    ("msk", 180),
    ("ist", 330),
    ("jst", 540),
    ("kst", 540),
    ("aest", 600),
    ("nzst", 720),
];

/// Reads a date, with its time where it has one.
///
/// Numbers parted by dots are day, month, year; by slashes month, day, year, unless only the other way is a
/// date. Two-digit years up to 68 are of this century (POSIX).
pub fn parse(text: &str) -> Option<Published> {
    let text = text.trim();
    if text.len() > 100 {
        return None;
    }
    let mut found = Found::default();
    for piece in pieces(text) {
        found.take(piece);
    }
    found.published()
}

/// A part of a date as written: a run of digits or of letters, with the signs around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece<'a> {
    /// The sign directly before, a space where there was any.
    before: char,
    text: &'a str,
    /// The sign directly after.
    after: char,
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut out: Vec<Piece<'_>> = Vec::new();
    let mut before = ' ';
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let digit = first.is_ascii_digit();
        if !digit && !first.is_alphabetic() {
            before = first;
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let same = |c: char| if digit { c.is_ascii_digit() } else { c.is_alphabetic() };
        let end = rest.find(|c| !same(c)).unwrap_or(rest.len());
        let after = rest[end..].chars().next().unwrap_or(' ');
        out.push(Piece { before, text: &rest[..end], after });
        before = if after.is_alphanumeric() { first } else { ' ' };
        rest = &rest[end..];
    }
    out
}

/// What has been recognised so far.
#[derive(Debug, Default)]
struct Found {
    /// Numbers that are day, month or year, with how many digits each has and the sign between.
    numbers: Vec<(i32, usize)>,
    separator: Option<char>,
    /// The month by name, and how many numbers stood before it.
    month: Option<(i8, usize)>,
    clock: Vec<i32>,
    afternoon: Option<bool>,
    offset: Option<i32>,
    /// Hours of an offset whose minutes follow, with its sign.
    open_offset: Option<(i32, i32)>,
    in_fraction: bool,
}

impl Found {
    fn take(&mut self, piece: Piece<'_>) {
        match piece.text.parse::<i32>() {
            Ok(number) => self.number(piece, number),
            Err(_) if piece.text.starts_with(|c: char| c.is_ascii_digit()) => {}
            Err(_) => self.word(piece.text),
        }
    }

    fn word(&mut self, word: &str) {
        let word = word.to_lowercase();
        match word.as_str() {
            "am" | "오전" | "上午" => self.afternoon = Some(false),
            "pm" | "오후" | "下午" => self.afternoon = Some(true),
            "t" => {}
            _ => {
                if let Some((_, minutes)) = ZONES.iter().find(|(name, _)| *name == word) {
                    // `GMT+2`: the number behind the name comes on top.
                    self.offset = Some(*minutes);
                } else if self.month.is_none() || (self.month == Some((3, 0)) && month(&word).is_some()) {
                    // `mar, 10 jun`: the beginning of a weekday in French, Spanish and Italian.
                    self.month = month(&word).map(|month| (month, self.numbers.len()));
                }
            }
        }
    }

    fn number(&mut self, piece: Piece<'_>, number: i32) {
        let digits = piece.text.len();
        let has_clock = self.clock.len() >= 2;
        if let Some((sign, hours)) = self.open_offset.take()
            && piece.before == ':'
        {
            self.offset = (number < 60).then(|| sign * (hours * 60 + number));
        } else if matches!(piece.before, '+' | '-' | '\u{2212}')
            && has_clock
            && self.offset.is_none_or(|o| o == 0)
            && digits != 3
        {
            self.offset(piece, number);
        } else if matches!(piece.after, ':' | '時' | '时') && self.clock.is_empty()
            || piece.before == ':' && matches!(self.clock.len(), 1 | 2)
        {
            self.clock.push(number);
        } else if matches!(piece.before, '.' | ',') && has_clock && piece.text.len() != 4 && !self.in_fraction {
            self.in_fraction = true;
        } else if digits == 8 && self.numbers.is_empty() {
            self.numbers.extend([(number / 10_000, 4), (number / 100 % 100, 2), (number % 100, 2)]);
            self.separator = Some('-');
        } else if digits == 6 && self.numbers.len() == 3 && self.clock.is_empty() {
            self.clock.extend([number / 10_000, number / 100 % 100, number % 100]);
        } else if self.numbers.len() < 3 {
            if !self.numbers.is_empty() && self.separator.is_none() {
                self.separator = Some(piece.before);
            }
            self.numbers.push((number, digits));
        }
    }

    fn offset(&mut self, piece: Piece<'_>, number: i32) {
        let sign = if piece.before == '+' { 1 } else { -1 };
        match piece.text.len() {
            1 | 2 => {
                self.offset = Some(sign * number * 60);
                self.open_offset = (piece.after == ':').then_some((sign, number));
            }
            4 => self.offset = Some(sign * (number / 100 * 60 + number % 100)),
            // No zone is written with more digits.
            _ => {}
        }
    }

    fn published(&self) -> Option<Published> {
        let day = self.date()?;
        let Some((time, next_day)) = self.time()? else { return Some(Published::Day(day)) };
        let day = if next_day { day.tomorrow().ok()? } else { day };
        let offset = Offset::from_seconds(self.offset.unwrap_or(0) * 60).ok()?;
        let at = offset.to_timestamp(DateTime::from_parts(day, time)).ok()?;
        Some(Published::At(at, offset))
    }

    fn date(&self) -> Option<Date> {
        if let Some((month, before)) = self.month {
            let [(first, first_digits), (second, second_digits)] = self.numbers.get(..2)?.try_into().ok()?;
            // `2026 Nov 21` begins with the year; everything else has the day first.
            let year_first = first_digits == 4 || (first > 31 && before == 1);
            let (year, digits, day) =
                if year_first { (first, first_digits, second) } else { (second, second_digits, first) };
            return date(full_year(year, digits)?, i32::from(month), day);
        }
        let [(a, a_digits), (b, _), (c, c_digits)] = self.numbers.as_slice().try_into().ok()?;
        if a_digits == 4 {
            return date(a, b, c);
        }
        let year = full_year(c, c_digits)?;
        match self.separator? {
            '/' => date(year, a, b).or_else(|| date(year, b, a)),
            '.' | '-' => date(year, b, a).or_else(|| date(year, a, b)),
            _ => None,
        }
    }

    /// The time of day, and whether it is the midnight that ends the day. `None` where it is no time.
    fn time(&self) -> Option<Option<(Time, bool)>> {
        let [hour, minute, rest @ ..] = self.clock.as_slice() else { return Some(None) };
        // A leap second is not on jiff's clock: it is the second before.
        let second = rest.first().copied().unwrap_or(0).min(59);
        let hour = match self.afternoon {
            Some(true) if *hour < 12 => *hour + 12,
            Some(false) if *hour == 12 => 0,
            _ => *hour,
        };
        let ends_day = hour == 24 && *minute == 0;
        let hour = if ends_day { 0 } else { hour };
        let [hour, minute, second] = [hour, *minute, second].map(|n| i8::try_from(n).unwrap_or(-1));
        Time::new(hour, minute, second, 0).ok().map(|time| Some((time, ends_day)))
    }
}

fn month(word: &str) -> Option<i8> {
    let numbered = (1_i8..).zip(MONTHS).flat_map(|(month, starts)| starts.split(' ').map(move |start| (start, month)));
    numbered.filter(|(start, _)| word.starts_with(start)).max_by_key(|(start, _)| start.len()).map(|(_, month)| month)
}

fn full_year(number: i32, digits: usize) -> Option<i32> {
    match digits {
        4 => Some(number),
        2 if number <= 68 => Some(2000 + number),
        2 => Some(1900 + number),
        _ => None,
    }
}

fn date(year: i32, month: i32, day: i32) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> String {
        parse(text).map_or_else(|| "nothing".to_owned(), |found| found.to_string())
    }

    #[test]
    fn rfc_822_and_its_misspellings_are_read() {
        for (text, want) in [
            ("Tue, 10 Jun 2025 04:05:06 GMT", "2025-06-10T04:05:06+00:00"),
            ("Tue, 10 Jun 2025 04:05:06 +1300", "2025-06-10T04:05:06+13:00"),
            ("10 Jun 2025 04:05 EST", "2025-06-10T04:05:00-05:00"),
            ("Tue, 10 Jun 25 04:05:06 PDT", "2025-06-10T04:05:06-07:00"),
            ("Fri, 10 June 2025 4:05:06 UT", "2025-06-10T04:05:06+00:00"),
            ("Di, 10 Juni 2025 04:05:06 +0200", "2025-06-10T04:05:06+02:00"),
            ("Tue, 10 Jun 2025 24:00:00 GMT", "2025-06-11T00:00:00+00:00"),
            ("Tue, 30 Jun 2015 23:59:60 +0000", "2015-06-30T23:59:59+00:00"),
            ("Вт, 10 июн 2025 04:05:06 +0300", "2025-06-10T04:05:06+03:00"),
            ("10 juillet 2025 16h", "2025-07-10"),
            ("Tue, 10 Jun 2025 04:05:06 GMT+2", "2025-06-10T04:05:06+02:00"),
            ("mar, 10 juin 2025 04:05:06 +0200", "2025-06-10T04:05:06+02:00"),
            ("10-Jun-2025 04:05:06", "2025-06-10T04:05:06+00:00"),
        ] {
            assert_eq!(read(text), want, "{text}");
        }
    }

    #[test]
    fn iso_8601_is_read_with_its_offset() {
        for (text, want) in [
            ("2025-06-10T04:05:06Z", "2025-06-10T04:05:06+00:00"),
            ("2025-06-10T04:05:06.789-08:00", "2025-06-10T04:05:06-08:00"),
            ("2025-06-10T04:05+0530", "2025-06-10T04:05:00+05:30"),
            ("2025-06-10 04:05:06", "2025-06-10T04:05:06+00:00"),
            ("20250610T040506Z", "2025-06-10T04:05:06+00:00"),
            ("2025-06-10", "2025-06-10"),
            ("2025/06/10", "2025-06-10"),
        ] {
            assert_eq!(read(text), want, "{text}");
        }
    }

    #[test]
    fn other_orders_are_read() {
        for (text, want) in [
            ("Tue Jun 10 04:05:06 -0800 2025", "2025-06-10T04:05:06-08:00"),
            ("Tue Jun 10 04:05:06 2025", "2025-06-10T04:05:06+00:00"),
            ("Tuesday, June 10, 2025", "2025-06-10"),
            ("June 10th, 2025 at 4:05 pm", "2025-06-10T16:05:00+00:00"),
            ("10.06.2025", "2025-06-10"),
            ("06/10/2025", "2025-06-10"),
            ("25/06/2025", "2025-06-25"),
            ("10. März 2025", "2025-03-10"),
            ("10 de junio de 2025", "2025-06-10"),
            ("2025年6月10日", "2025-06-10"),
        ] {
            assert_eq!(read(text), want, "{text}");
        }
    }

    #[test]
    fn numbers_beyond_any_zone_do_no_harm() {
        for text in
            ["10 Jun 2025 04:05 +2147483647", "10 Jun 2025 04:05 +12:2147483647", "10 Jun 2025 04:05 -999999999"]
        {
            assert_eq!(parse(text).map(|found| found.day().to_string()).as_deref(), Some("2025-06-10"), "{text}");
        }
    }

    #[test]
    fn what_names_no_day_is_no_date() {
        for text in ["", "yesterday", "2025", "June 2025", "2025-06", "31 Feb 2025", "12:30", "99/99/2025", "10 Jun"] {
            assert_eq!(read(text), "nothing", "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_failing(text in "([0-9]{1,2}:[0-9]{2} )?[0-9A-Za-zйé :+./,-]{0,40}") {
            let _ = parse(&text);
        }

        #[test]
        fn what_is_printed_is_read_back(second in 0_i64..4_000_000_000, hours in -11_i8..=13) {
            let at = jiff::Timestamp::from_second(second).unwrap();
            let published = Published::At(at, jiff::tz::offset(hours));
            prop_assert_eq!(parse(&published.to_string()), Some(published));
        }
    }
}
