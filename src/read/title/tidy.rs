//! A title without what stands around it: marks of emphasis, quotation marks, closing signs, letters drawn out.

use super::mentions;
use crate::model::text::fold_space;

/// A title whose letters are drawn out, as the text writes it: `Glasssss!` where the text speaks of `Glass`.
pub fn undrawn(title: &str, text: &str) -> Option<String> {
    let drawn = |c: &char, run: usize| c.is_alphabetic() && run >= 3;
    let mut runs: Vec<(char, usize)> = Vec::new();
    for c in title.chars() {
        match runs.last_mut() {
            Some((held, run)) if *held == c => *run += 1,
            _ => runs.push((c, 1)),
        }
    }
    if !runs.iter().any(|(c, run)| drawn(c, *run)) || mentions(text, title) > 0 {
        return None;
    }
    let with = |most: usize| {
        let letters = runs.iter().flat_map(|(c, run)| {
            let times = if drawn(c, *run) { most } else { *run };
            std::iter::repeat_n(*c, times)
        });
        let plain: String = letters.collect();
        Some(plain.trim_end_matches(['!', ' ']).to_owned()).filter(|plain| mentions(text, plain) > 1)
    };
    with(1).or_else(|| with(2))
}

/// Emphasis that closes before the end leaves its words: `_Glass Harbour_ (Season 2)`.
fn unmarked(text: &str) -> String {
    for sign in ["**", "__", "*", "_"] {
        if let Some((inside, rest)) = text.strip_prefix(sign).and_then(|text| text.split_once(sign))
            && !inside.is_empty()
            && !rest.starts_with(char::is_alphanumeric)
        {
            return format!("{inside}{rest}");
        }
    }
    text.to_owned()
}

/// A title without quotation marks, markup signs and closing punctuation; `None` where nothing is left.
pub fn tidy(text: &str) -> Option<String> {
    let folded = unmarked(&fold_space(text));
    let text = folded.trim_matches(|c: char| {
        matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '*' | '_' | '`' | ' ' | ':' | '|' | '–' | '—' | ',')
    });
    let text = text.trim_end_matches(" -").trim_start_matches("- ").trim_end_matches(';');
    // A full stop closes a sentence, unless it belongs to an abbreviation or an ellipsis.
    let text = match text.strip_suffix('.') {
        Some(short) if !short.ends_with('.') && short.rsplit(' ').next().is_some_and(|w| w.len() > 3) => short,
        _ => text,
    };
    // What is left of "La recensione" or "The review" names nothing.
    const ARTICLES: [&str; 20] = [
        "la", "le", "the", "a", "an", "il", "lo", "una", "une", "un", "el", "der", "die", "das", "eine", "ein", "my",
        "de", "een", "uma",
    ];
    if ARTICLES.contains(&text.to_lowercase().as_str()) {
        return None;
    }
    let sensible = text.chars().any(char::is_alphanumeric) && text.chars().count() <= 150;
    sensible.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{tidy, undrawn};

    #[test]
    fn marks_of_emphasis_go_and_signs_within_a_title_stay() {
        for (text, want) in [
            ("_Glass Harbour_ (Season 2)", "Glass Harbour (Season 2)"),
            ("**Glass Harbour**", "Glass Harbour"),
            ("M*A*S*H", "M*A*S*H"),
            ("“Glass Harbour”,", "Glass Harbour"),
        ] {
            assert_eq!(tidy(text).as_deref(), Some(want), "{text}");
        }
        assert_eq!(tidy("The"), None);
    }

    #[test]
    fn letters_drawn_out_give_way_to_the_word_that_the_text_uses() {
        let text = "Harbour is loud. I saw Harbour twice, and Doom too. Doom!";
        assert_eq!(undrawn("Harbourrrr!", text).as_deref(), Some("Harbour"));
        assert_eq!(undrawn("Dooooom", text).as_deref(), Some("Doom"));
        assert_eq!(undrawn("Harbour", text), None);
        assert_eq!(undrawn("Brrrr", text), None);
    }
}
