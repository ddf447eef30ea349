//! Numbers as reviewers write them: `7.5`, `7,5`, `3½`, `3 1/2`, `two and a half`.

/// What a number looks like, for use inside other patterns. Holds no capture group.
pub const NUMBER: &str = r"(?:\d{1,3}(?:[.,]\d{1,2})?(?:\s?[½¼¾]|[ -]1/2\b|[ -]and[ -]a[ -]half\b)?|(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|null|ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|deux|trois|quatre|cinq|huit|neuf|dix|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez)\b(?:[ -]and[ -]a[ -]half\b)?)";

const WORDS: [(&str, f64); 39] = [
    ("zero", 0.0),
    ("null", 0.0),
    ("one", 1.0),
    ("ein", 1.0),
    ("two", 2.0),
    ("zwei", 2.0),
    ("deux", 2.0),
    ("dos", 2.0),
    ("three", 3.0),
    ("drei", 3.0),
    ("trois", 3.0),
    ("tres", 3.0),
    ("four", 4.0),
    ("vier", 4.0),
    ("quatre", 4.0),
    ("cuatro", 4.0),
    ("five", 5.0),
    ("fünf", 5.0),
    ("cinq", 5.0),
    ("cinco", 5.0),
    ("six", 6.0),
    ("sechs", 6.0),
    ("seis", 6.0),
    ("seven", 7.0),
    ("sieben", 7.0),
    ("siete", 7.0),
    ("eight", 8.0),
    ("acht", 8.0),
    ("huit", 8.0),
    ("ocho", 8.0),
    ("nine", 9.0),
    ("neun", 9.0),
    ("neuf", 9.0),
    ("nueve", 9.0),
    ("ten", 10.0),
    ("zehn", 10.0),
    ("dix", 10.0),
    ("diez", 10.0),
    ("half", 0.5),
];

/// The value of a text that is one number and nothing else.
pub fn value(text: &str) -> Option<f64> {
    let text = text.trim().to_lowercase();
    let digits = text.bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b',')).count();
    if digits == 0 {
        return word(&text);
    }
    let (number, rest) = text.split_at(digits);
    let number: f64 = number.replace(',', ".").parse().ok()?;
    match rest.trim_start_matches([' ', '-', '\u{a0}']).trim() {
        "" => Some(number),
        "½" | "1/2" | "and a half" | "and-a-half" => Some(number + 0.5),
        "¼" => Some(number + 0.25),
        "¾" => Some(number + 0.75),
        _ => None,
    }
}

fn word(text: &str) -> Option<f64> {
    let text = text.replace('-', " ");
    let (base, half) = match text.strip_suffix("and a half") {
        Some(base) => (base.trim(), 0.5),
        None => (text.trim(), 0.0),
    };
    WORDS.iter().find(|(word, _)| *word == base).map(|(_, value)| value + half)
}

#[cfg(test)]
mod tests {
    use super::value;

    #[test]
    fn numbers_are_read_with_points_commas_halves_and_words() {
        for (text, want) in
            [("7.5", 7.5), ("7,5", 7.5), ("3½", 3.5), ("3 1/2", 3.5), ("two and a half", 2.5), ("ten", 10.0)]
        {
            assert_eq!(value(text), Some(want), "{text}");
        }
        assert_eq!(value("many"), None);
        assert_eq!(value("1.2.3"), None);
    }
}
