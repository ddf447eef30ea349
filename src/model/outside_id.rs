//! Ids under which catalogues know a work: what ties two reviews for certain, whatever their titles say.

use serde::{Deserialize, Serialize};

/// A catalogue of works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Catalogue {
    /// The Movie Database, films.
    TmdbMovie,
    /// The Movie Database, series.
    TmdbTv,
    /// The Internet Movie Database.
    Imdb,
    /// International Standard Book Number, kept as 13 digits (ISO 2108).
    Isbn,
    /// Goodreads, one id an edition.
    Goodreads,
    /// The Internet Game Database, by the name in its addresses.
    Igdb,
}

impl Catalogue {
    /// Every catalogue.
    pub const ALL: [Self; 6] = [Self::TmdbMovie, Self::TmdbTv, Self::Imdb, Self::Isbn, Self::Goodreads, Self::Igdb];

    /// The word before the colon of an id.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TmdbMovie => "tmdb-movie",
            Self::TmdbTv => "tmdb-tv",
            Self::Imdb => "imdb",
            Self::Isbn => "isbn",
            Self::Goodreads => "goodreads",
            Self::Igdb => "igdb",
        }
    }

    /// Whether a work has one id there; where editions have ids of their own, two may mean one work.
    pub const fn one_per_work(self) -> bool {
        !matches!(self, Self::Isbn | Self::Goodreads)
    }

    /// The id in its canonical spelling; `None` where it is none of this catalogue.
    fn canonical(self, printed: &str) -> Option<String> {
        let printed = printed.trim();
        let short = (1..=80).contains(&printed.len());
        let number = || {
            let digits = printed.trim_start_matches('0');
            (!digits.is_empty() && digits.len() <= 12 && digits.bytes().all(|b| b.is_ascii_digit()))
                .then(|| digits.to_owned())
        };
        match self {
            Self::TmdbMovie | Self::TmdbTv | Self::Goodreads => number(),
            Self::Isbn => isbn_13(printed),
            Self::Imdb => {
                let digits = printed.strip_prefix("tt")?;
                let sized = (5..=10).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
                sized.then(|| printed.to_owned())
            }
            Self::Igdb => {
                let slug = printed.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
                (short && slug).then(|| printed.to_ascii_lowercase())
            }
        }
    }
}

/// The id of a work in a catalogue, in its canonical spelling. Written `isbn:9780306406157`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct OutsideId {
    catalogue: Catalogue,
    id: String,
}

impl OutsideId {
    /// The id as printed; `None` where it is none of that catalogue, so that no two works meet in a typing error.
    pub fn new(catalogue: Catalogue, printed: &str) -> Option<Self> {
        Some(Self { catalogue, id: catalogue.canonical(printed)? })
    }

    /// The id that an address of a catalogue's page holds.
    pub fn of_url(url: &str) -> Option<Self> {
        let url = url::Url::parse(url.trim()).ok()?;
        let host = url.host_str()?.trim_start_matches("www.").trim_start_matches("m.");
        let mut path = url.path_segments()?;
        let (first, second, third) = (path.next()?, path.next().unwrap_or_default(), path.next().unwrap_or_default());
        // `550-fight-club`, `12345.A_Title`: the number comes first.
        let number = |text: &'static str, segment: &str| {
            let digits: String = segment.chars().take_while(char::is_ascii_digit).collect();
            (first == text).then_some(digits)
        };
        match host {
            "themoviedb.org" => number("movie", second)
                .and_then(|id| Self::new(Catalogue::TmdbMovie, &id))
                .or_else(|| number("tv", second).and_then(|id| Self::new(Catalogue::TmdbTv, &id))),
            "imdb.com" if first == "title" => Self::new(Catalogue::Imdb, second),
            "goodreads.com" if second == "show" => {
                number("book", third).and_then(|id| Self::new(Catalogue::Goodreads, &id))
            }
            "igdb.com" if first == "games" => Self::new(Catalogue::Igdb, second),
            _ => None,
        }
    }

    /// Whose id it is.
    pub const fn catalogue(&self) -> Catalogue {
        self.catalogue
    }
}

impl std::fmt::Display for OutsideId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.catalogue.as_str(), self.id)
    }
}

impl From<OutsideId> for String {
    fn from(id: OutsideId) -> Self {
        id.to_string()
    }
}

impl TryFrom<String> for OutsideId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let parts = text.split_once(':');
        let known = parts.and_then(|(word, id)| {
            let catalogue = Catalogue::ALL.into_iter().find(|catalogue| catalogue.as_str() == word)?;
            Self::new(catalogue, id)
        });
        known.ok_or_else(|| format!("`{text}` is no id of a known catalogue"))
    }
}

/// An ISBN of either length as 13 digits, its check digit checked. Spreadsheets cost an ISBN-10 its leading zeros:
/// they are put back.
fn isbn_13(printed: &str) -> Option<String> {
    let digits: Vec<u32> = printed
        .chars()
        .filter(|c| !matches!(c, '-' | ' ' | '\u{2010}'))
        .map(|c| if matches!(c, 'x' | 'X') { Some(10) } else { c.to_digit(10) })
        .collect::<Option<_>>()?;
    let print = |digits: &[u32]| digits.iter().map(u32::to_string).collect::<String>();
    match digits.len() {
        13 => {
            let prefixed = digits[..2] == [9, 7] && matches!(digits[2], 8 | 9);
            let whole = digits.iter().all(|digit| *digit < 10) && digits[12] == check_13(&digits[..12]);
            (prefixed && whole).then(|| print(&digits))
        }
        // Fewer are more likely some other number.
        7..=10 => {
            let padded: Vec<u32> = std::iter::repeat_n(0, 10 - digits.len()).chain(digits).collect();
            let sum: u32 = padded.iter().zip((1..=10).rev()).map(|(digit, weight)| digit * weight).sum();
            let x_last = padded[..9].iter().all(|digit| *digit < 10);
            if !sum.is_multiple_of(11) || sum == 0 || !x_last {
                return None;
            }
            let mut long: Vec<u32> = [9, 7, 8].into_iter().chain(padded[..9].iter().copied()).collect();
            long.push(check_13(&long));
            Some(print(&long))
        }
        _ => None,
    }
}

fn check_13(twelve: &[u32]) -> u32 {
    let sum: u32 = twelve.iter().zip([1, 3].into_iter().cycle()).map(|(digit, weight)| digit * weight).sum();
    (10 - sum % 10) % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(catalogue: Catalogue, printed: &str) -> Option<String> {
        OutsideId::new(catalogue, printed).map(|id| id.to_string())
    }

    #[test]
    fn every_spelling_of_an_isbn_is_one_id() {
        let want = Some("isbn:9780306406157".to_owned());
        for printed in ["0306406152", "306406152", "0-306-40615-2", "978-0-306-40615-7"] {
            assert_eq!(id(Catalogue::Isbn, printed), want, "{printed}");
        }
        assert_eq!(id(Catalogue::Isbn, "080442957x"), Some("isbn:9780804429573".into()));
        for none in ["", "0", "0000000000", "0306406153", "9780306406158", "1234567890123", "978030640615x"] {
            assert_eq!(id(Catalogue::Isbn, none), None, "{none}");
        }
    }

    #[test]
    fn numbers_are_kept_without_leading_zeros_and_zero_is_none() {
        assert_eq!(id(Catalogue::TmdbMovie, " 550 "), Some("tmdb-movie:550".into()));
        assert_eq!(id(Catalogue::Goodreads, "0"), None);
        assert_eq!(id(Catalogue::TmdbTv, "12a"), None);
        assert_eq!(id(Catalogue::Imdb, "tt0137523"), Some("imdb:tt0137523".into()));
        assert_eq!(id(Catalogue::Imdb, "nm0000093"), None);
    }

    #[test]
    fn the_address_of_a_catalogues_page_holds_an_id() {
        for (url, want) in [
            ("https://www.themoviedb.org/movie/550-a-title", Some("tmdb-movie:550")),
            ("https://themoviedb.org/tv/1399", Some("tmdb-tv:1399")),
            ("https://m.imdb.com/title/tt0137523/?ref_=x", Some("imdb:tt0137523")),
            ("https://www.goodreads.com/book/show/12345.A_Title", Some("goodreads:12345")),
            ("https://www.igdb.com/games/a-title--1", Some("igdb:a-title--1")),
            ("https://www.imdb.com/name/nm0000093/", None),
            ("https://example.org/movie/550", None),
            ("not an address", None),
        ] {
            assert_eq!(OutsideId::of_url(url).map(|id| id.to_string()).as_deref(), want, "{url}");
        }
    }

    #[test]
    fn an_id_is_written_and_read_back() {
        for catalogue in Catalogue::ALL {
            let printed = match catalogue {
                Catalogue::Imdb => "tt0137523",
                Catalogue::Isbn => "9780306406157",
                _ => "42",
            };
            let id = OutsideId::new(catalogue, printed).unwrap();
            let json = serde_json::to_string(&id).unwrap();
            assert_eq!(serde_json::from_str::<OutsideId>(&json).unwrap(), id);
        }
        assert!(serde_json::from_str::<OutsideId>("\"isbn:1\"").is_err());
        assert!(serde_json::from_str::<OutsideId>("\"shelf:1\"").is_err());
    }
}
