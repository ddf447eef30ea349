//! Bytes to text: byte order mark, declared charset, valid UTF-8, else a guess.

use encoding_rs::{Encoding, UTF_8};

/// The text of a document. Never fails: what cannot be decoded becomes U+FFFD.
pub fn text(bytes: &[u8], content_type: Option<&str>) -> String {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0.into_owned();
    }
    if let Some(encoding) = content_type.and_then(charset_parameter) {
        return encoding.decode(bytes).0.into_owned();
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let start = &bytes[..bytes.len().min(2048)];
    if let Some(encoding) = charset_parameter(&String::from_utf8_lossy(start)) {
        return encoding.decode(bytes).0.into_owned();
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, chardetng::Utf8Detection::Allow);
    encoding.decode(bytes).0.into_owned()
}

/// The encoding named by `charset=…` in a media type or in the head of a page. A page that says UTF-16 in ASCII
/// is not UTF-16.
fn charset_parameter(text: &str) -> Option<&'static Encoding> {
    let lower = text.to_ascii_lowercase();
    let at = lower.find("charset=")? + "charset=".len();
    let label = lower.get(at..)?.trim_start_matches(['"', '\'', ' ']);
    let label: &str = label.split(['"', '\'', ';', ' ', '>', '/']).next()?;
    let encoding = Encoding::for_label(label.as_bytes())?;
    Some(if encoding.name().starts_with("UTF-16") { UTF_8 } else { encoding })
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn bytes_are_decoded_as_marked_declared_or_guessed() {
        assert_eq!(text("für".as_bytes(), None), "für");
        assert_eq!(text(b"f\xfcr", Some("text/plain; charset=iso-8859-1")), "für");
        assert_eq!(text(b"<meta charset=\"windows-1252\">f\xfcr", None), "<meta charset=\"windows-1252\">für");
        assert_eq!(text(b"\xff\xfeh\0i\0", None), "hi");
        assert!(text(b"Das M\xe4rchen f\xfcr die K\xfcche ist sch\xf6n", None).contains("Märchen"));
    }
}
