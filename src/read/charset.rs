//! Bytes to text: which encoding a document really is in.
//!
//! Labels lie. A label is believed where the bytes bear it out; what comes after is in [`decode`]. Fetching,
//! and what a text means, live elsewhere.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// A document as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without a byte order mark.
    pub text: String,
    /// The encoding it was read in, by its name in the Encoding Standard; `UTF-32` has none there.
    pub encoding: &'static str,
    /// Whether bytes were lost: they stand as U+FFFD.
    pub lossy: bool,
}

/// How much the detector is shown, in bytes.
const SAMPLE: usize = 100_000;

/// How far into a document a declaration is looked for, in bytes.
const HEAD: usize = 1024;

/// Decodes a document, in this order: byte order mark; the patterns that UTF-16 and UTF-32 leave in markup;
/// UTF-8 where the bytes are valid and hold more than ASCII (no other encoding yields that by chance); the
/// charset of the media type, then that of the XML declaration or `<meta>`, each where it decodes without
/// error; UTF-8 with a few broken bytes; the detector; windows-1252.
pub fn decode(bytes: &[u8], content_type: Option<&str>) -> Decoded {
    if let Some(decoded) = by_mark(bytes).or_else(|| by_pattern(bytes)) {
        return decoded;
    }
    let stateful = declared(bytes, content_type).any(|label| escapes(label) && bytes.contains(&0x1b));
    if !stateful && let Ok(text) = std::str::from_utf8(bytes) {
        return Decoded { text: text.to_owned(), encoding: UTF_8.name(), lossy: false };
    }
    for encoding in declared(bytes, content_type) {
        if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) {
            return Decoded { text: text.into_owned(), encoding: encoding.name(), lossy: false };
        }
    }
    let encoding = if mostly_utf8(bytes) { UTF_8 } else { detect(bytes) };
    let (text, lossy) = encoding.decode_without_bom_handling(bytes);
    Decoded { text: text.into_owned(), encoding: encoding.name(), lossy }
}

/// The encodings a document claims, the media type's first. UTF-16 is never believed: it would have shown.
fn declared<'a>(bytes: &'a [u8], content_type: Option<&'a str>) -> impl Iterator<Item = &'static Encoding> + use<'a> {
    let head = bytes.get(..HEAD.min(bytes.len())).unwrap_or_default();
    let labels = [content_type.and_then(|value| parameter(value.as_bytes(), b"charset")), in_document(head)];
    let known = labels.into_iter().flatten().filter_map(Encoding::for_label);
    known.filter(|encoding| *encoding != UTF_16BE && *encoding != UTF_16LE)
}

/// Whether an encoding switches by escape sequences, so that its bytes look like ASCII.
fn escapes(encoding: &'static Encoding) -> bool {
    encoding == encoding_rs::ISO_2022_JP
}

fn in_document(head: &[u8]) -> Option<&[u8]> {
    let start = memchr::memmem::find(head, b"<?xml");
    let xml = start.and_then(|at| {
        let declaration = &head[at..];
        let end = memchr::memchr(b'>', declaration).unwrap_or(declaration.len());
        parameter(&declaration[..end], b"encoding")
    });
    xml.or_else(|| {
        let at = memchr::memmem::find(head, b"<meta").or_else(|| memchr::memmem::find(head, b"<META"))?;
        parameter(&head[at..], b"charset")
    })
}

/// The value of `name=value`, bare or in quotes, the name in any case.
fn parameter<'a>(text: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let at = text.windows(name.len()).position(|window| window.eq_ignore_ascii_case(name))?;
    let rest = text[at + name.len()..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
    let end = rest.iter().position(|b| !(b.is_ascii_alphanumeric() || b"-_.:+".contains(b))).unwrap_or(rest.len());
    (end > 0).then_some(&rest[..end])
}

fn by_mark(bytes: &[u8]) -> Option<Decoded> {
    // The UTF-32 marks begin with UTF-16's: they are tried first.
    if let Some(rest) = bytes.strip_prefix(&[0xFF, 0xFE, 0, 0]) {
        return Some(utf32(rest, u32::from_le_bytes));
    }
    if let Some(rest) = bytes.strip_prefix(&[0, 0, 0xFE, 0xFF]) {
        return Some(utf32(rest, u32::from_be_bytes));
    }
    let (encoding, length) = Encoding::for_bom(bytes)?;
    let rest = &bytes[length..];
    if encoding == UTF_8 && std::str::from_utf8(rest).is_err() && !mostly_utf8(rest) {
        return None;
    }
    let (text, lossy) = encoding.decode_without_bom_handling(rest);
    Some(Decoded { text: text.into_owned(), encoding: encoding.name(), lossy })
}

/// Markup without a mark begins with `<`: the zeros around it tell width and order (XML 1.0, appendix F).
fn by_pattern(bytes: &[u8]) -> Option<Decoded> {
    let utf16 = |encoding: &'static Encoding| {
        let (text, lossy) = encoding.decode_without_bom_handling(bytes);
        Some(Decoded { text: text.into_owned(), encoding: encoding.name(), lossy })
    };
    match bytes.get(..4)? {
        [b'<', 0, 0, 0] => Some(utf32(bytes, u32::from_le_bytes)),
        [0, 0, 0, b'<'] => Some(utf32(bytes, u32::from_be_bytes)),
        [b'<', 0, _, 0] => utf16(UTF_16LE),
        [0, b'<', 0, _] => utf16(UTF_16BE),
        _ => None,
    }
}

fn utf32(bytes: &[u8], number: fn([u8; 4]) -> u32) -> Decoded {
    let (units, rest) = bytes.as_chunks::<4>();
    let mut lossy = !rest.is_empty();
    let text = units.iter().map(|unit| {
        char::from_u32(number(*unit)).unwrap_or_else(|| {
            lossy = true;
            char::REPLACEMENT_CHARACTER
        })
    });
    let text = text.collect();
    Decoded { text, encoding: "UTF-32", lossy }
}

/// Whether the text is UTF-8 with a few broken bytes: more characters came through than broke.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut whole, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    whole > 2 * broken
}

fn detect(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    // What tells is the first text beyond ASCII; a sample of it tells as much as all.
    let start = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
    let sample = &bytes[start..bytes.len().min(start + SAMPLE)];
    detector.feed(sample, true);
    let guess = detector.guess(None, chardetng::Utf8Detection::Deny);
    let unbroken = guess.decode_without_bom_handling_and_without_replacement(bytes).is_some();
    if unbroken { guess } else { WINDOWS_1252 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8], content_type: Option<&str>) -> String {
        decode(bytes, content_type).text
    }

    #[test]
    fn a_wrong_label_does_not_garble() {
        let utf8 = "<?xml version='1.0' encoding='ISO-8859-1'?><t>Amélie</t>";
        assert!(text(utf8.as_bytes(), None).contains("Amélie"));
        let latin1 = b"<?xml version='1.0' encoding='UTF-8'?><t>Caf\xe9, Am\xe9lie</t>";
        assert!(text(latin1, Some("application/xml; charset=utf-8")).contains("Café, Amélie"));
        let cp1252 = b"<?xml version='1.0' encoding='ISO-8859-1'?><t>It\x92s \x93good\x94</t>";
        assert!(text(cp1252, None).contains("It’s “good”"));
    }

    #[test]
    fn the_media_type_goes_before_the_declaration() {
        let koi8 = b"<?xml version='1.0' encoding='windows-1252'?><t>\xc6\xc9\xcc\xd8\xcd</t>";
        assert!(text(koi8, Some("text/xml; charset=\"KOI8-R\"")).contains("фильм"));
    }

    #[test]
    fn wide_encodings_are_known_with_and_without_a_mark() {
        let wanted = "<t>Amélie 🎬</t>";
        let be: Vec<u8> = wanted.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let le: Vec<u8> = wanted.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let wide: Vec<u8> = wanted.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
        for bytes in [be.clone(), le.clone(), wide.clone()] {
            assert_eq!(text(&bytes, None), wanted);
        }
        assert_eq!(text(&[vec![0xFE, 0xFF], be].concat(), None), wanted);
        assert_eq!(text(&[vec![0xFF, 0xFE], le].concat(), None), wanted);
        assert_eq!(text(&[vec![0, 0, 0xFE, 0xFF], wide].concat(), None), wanted);
    }

    #[test]
    fn one_broken_byte_does_not_cost_the_accents() {
        let mut bytes = "Éric a vu Amélie à Orléans, très ému".as_bytes().to_vec();
        bytes.push(0xFF);
        let decoded = decode(&bytes, None);
        assert!(decoded.lossy && decoded.text.starts_with("Éric a vu Amélie"));
    }

    #[test]
    fn unlabelled_text_in_an_old_encoding_is_guessed() {
        let (bytes, _, _) =
            encoding_rs::WINDOWS_1251.encode("Это очень хороший фильм, и его стоит посмотреть ещё раз.");
        assert!(text(&bytes, None).contains("хороший фильм"));
    }
}
