//! A line of printed text: a title, a name, a category as its source printed it.
//!
//! What readers find passes through [`Line`] on its way into a review, so that no title or name brings a control
//! character, a line break or nothing at all into a mail header, an XML attribute or a page. Texts of several lines
//! are [`Body`](super::Body)'s.

use std::{fmt, ops::Deref};

use serde::{Deserialize, Deserializer, Serialize};

use super::text::{clean, fold_space, is_xml_char};

/// Printed text on one line: at least one visible character, no control character, nothing that XML 1.0 forbids, no
/// white space at its ends.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Line(String);

impl Line {
    /// The text as a line: what may not stand in one is dropped, a break becomes a space. `None` where nothing is left.
    pub fn new(text: impl AsRef<str>) -> Option<Self> {
        let text = text.as_ref();
        let unfit = |c: char| c.is_control() || !is_xml_char(c) || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}');
        let fit = if text.chars().any(unfit) {
            fold_space(&clean(text).replace(char::is_control, " "))
        } else {
            text.trim().to_owned()
        };
        (!fit.is_empty()).then_some(Self(fit))
    }

    /// The lines that are left of several texts, in their order.
    pub fn all<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Vec<Self> {
        texts.into_iter().filter_map(Self::new).collect()
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Line {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Line {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl From<Line> for String {
    fn from(line: Line) -> Self {
        line.0
    }
}

impl PartialEq<str> for Line {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<String> for Line {
    fn eq(&self, other: &String) -> bool {
        self.0 == *other
    }
}

impl PartialEq<&str> for Line {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(&text).ok_or_else(|| serde::de::Error::custom("a text that has to be printed is blank"))
    }
}

/// Reads a stored field in which a blank text means none.
///
/// # Errors
/// Where the field is neither a text nor null.
pub fn read_one<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Line>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.and_then(Line::new))
}

/// Reads a stored list, without its blank texts.
///
/// # Errors
/// Where the field is no list of texts.
pub fn read_all<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Line>, D::Error> {
    Ok(Line::all(Vec::<String>::deserialize(deserializer)?))
}

/// For the tests of the house, which know what they write.
#[cfg(test)]
impl From<&str> for Line {
    fn from(text: &str) -> Self {
        Self::new(text).expect("a test prints something")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_holds_no_control_character_and_no_break() {
        let line = |text: &str| Line::new(text).map(String::from);
        assert_eq!(line("Low T\u{10}de").as_deref(), Some("Low Tde"));
        assert_eq!(line(" Low\r\n\tTide\u{85}again\u{FFFF} ").as_deref(), Some("Low Tide again"));
        assert_eq!(line("Low\u{2028}Tide").as_deref(), Some("Low Tide"));
        assert_eq!(line("Low  Tide").as_deref(), Some("Low  Tide"), "what is printed on one line stays as printed");
    }

    #[test]
    fn nothing_visible_is_no_line() {
        for blank in ["", "  ", "\u{0}", "\u{FEFF}\n"] {
            assert_eq!(Line::new(blank), None, "{blank:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_comes_a_line_fits_a_header_and_an_attribute_and_is_its_own_line(text in "\\PC{0,8}[\u{0}-\u{A0}\u{2028}\u{FEFF}]{0,6}\\PC{0,8}") {
            if let Some(line) = Line::new(&text) {
                proptest::prop_assert!(!line.is_empty() && line.trim() == line.as_str());
                proptest::prop_assert!(line.chars().all(|c| !c.is_control() && is_xml_char(c)));
                proptest::prop_assert_eq!(Line::new(&line), Some(line));
            }
        }
    }
}
