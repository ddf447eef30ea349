//! The language of a text, as an ISO 639-1 code.
//!
//! What the source declares wins. A text too short to tell is left open.

use whatlang::Lang;

/// Below this many characters nothing is guessed.
const SHORTEST: usize = 60;

/// The language: declared (`en`, `en-GB`, `de_AT`), else told from the text where that is long enough.
pub fn tell(declared: Option<&str>, text: &str) -> Option<String> {
    declared.and_then(tag).or_else(|| guess(text))
}

/// The language of a feed's entry. A feed declares one language for all its entries, often the one its software came
/// with: a declaration that the text clearly contradicts gives way.
pub fn of_feed(declared: Option<&str>, text: &str) -> Option<String> {
    let declared = declared.and_then(tag);
    let told = if declared.is_some() { certain(text) } else { guess(text) };
    told.or(declared)
}

/// The language of a text where there is no doubt: long enough, and far ahead of any other.
fn certain(text: &str) -> Option<String> {
    let sample = super::pattern::head(text, 6000);
    if sample.chars().filter(|c| c.is_alphabetic()).count() < 3 * SHORTEST {
        return east_asian(sample);
    }
    let info = whatlang::detect(sample)?;
    info.is_reliable().then(|| code(info.lang())).flatten().map(str::to_owned)
}

/// The language part of a tag, where it is a two-letter code.
pub fn tag(declared: &str) -> Option<String> {
    let primary = declared.trim().split(['-', '_']).next()?.to_lowercase();
    (primary.len() == 2 && primary.bytes().all(|b| b.is_ascii_lowercase())).then_some(primary)
}

/// The language of a text, where it is long and clear enough.
pub fn guess(text: &str) -> Option<String> {
    let sample = super::pattern::head(text, 6000);
    if sample.chars().filter(|c| c.is_alphabetic()).count() < SHORTEST {
        return east_asian(sample);
    }
    let info = whatlang::detect(sample)?;
    (info.confidence() > 0.3 || info.is_reliable()).then(|| code(info.lang())).flatten().map(str::to_owned)
}

/// Scripts that belong to one language are clear in fewer characters.
fn east_asian(text: &str) -> Option<String> {
    let count = |range: std::ops::RangeInclusive<char>| text.chars().filter(|c| range.contains(c)).count();
    if count('가'..='힣') >= 15 {
        return Some("ko".into());
    }
    (count('ぁ'..='ヿ') >= 15).then(|| "ja".into())
}

const fn code(lang: Lang) -> Option<&'static str> {
    Some(match lang {
        Lang::Eng => "en",
        Lang::Deu => "de",
        Lang::Fra => "fr",
        Lang::Spa => "es",
        Lang::Por => "pt",
        Lang::Ita => "it",
        Lang::Nld => "nl",
        Lang::Pol => "pl",
        Lang::Rus => "ru",
        Lang::Ukr => "uk",
        Lang::Ces => "cs",
        Lang::Slk => "sk",
        Lang::Swe => "sv",
        Lang::Dan => "da",
        Lang::Nob => "nb",
        Lang::Fin => "fi",
        Lang::Hun => "hu",
        Lang::Ron => "ro",
        Lang::Bul => "bg",
        Lang::Hrv => "hr",
        Lang::Srp => "sr",
        Lang::Slv => "sl",
        Lang::Ell => "el",
        Lang::Tur => "tr",
        Lang::Jpn => "ja",
        Lang::Cmn => "zh",
        Lang::Kor => "ko",
        Lang::Ara => "ar",
        Lang::Heb => "he",
        Lang::Hin => "hi",
        Lang::Mal => "ml",
        Lang::Tam => "ta",
        Lang::Tel => "te",
        Lang::Kan => "kn",
        Lang::Ben => "bn",
        Lang::Mar => "mr",
        Lang::Tha => "th",
        Lang::Vie => "vi",
        Lang::Ind => "id",
        Lang::Pes => "fa",
        Lang::Cat => "ca",
        Lang::Est => "et",
        Lang::Lav => "lv",
        Lang::Lit => "lt",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declared_language_wins() {
        let german = "Ein stiller Film, der sich Zeit nimmt und am Ende genau weiß, was er von seinen Figuren will.";
        assert_eq!(tell(None, german).as_deref(), Some("de"));
        assert_eq!(tell(Some("en-GB"), german).as_deref(), Some("en"));
    }

    #[test]
    fn a_feeds_language_gives_way_to_a_text_that_clearly_contradicts_it() {
        let german = "Ein stiller Film, der sich Zeit nimmt und am Ende genau weiß, was er von seinen Figuren will. \
            Die Kamera bleibt nah an den Gesichtern, und die Musik hält sich klug zurück. Selten war das Meer so grau \
            und so freundlich zugleich; wer Geduld hat, wird reich belohnt.";
        assert_eq!(of_feed(Some("en-US"), german).as_deref(), Some("de"));
        assert_eq!(of_feed(Some("en-US"), "Sehr schön.").as_deref(), Some("en"));
        assert_eq!(of_feed(None, german).as_deref(), Some("de"));
        assert_eq!(of_feed(Some("de"), german).as_deref(), Some("de"));
    }

    #[test]
    fn a_short_text_is_left_open() {
        assert_eq!(tell(None, "Quite good."), None);
        assert_eq!(tell(Some("english"), "Quite good."), None);
    }
}
