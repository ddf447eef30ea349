//! Base64 to text (RFC 4648, section 4), for Atom 0.3's `mode="base64"`.

/// The text that is coded; `None` where it is no base64, or no UTF-8 is in it.
pub fn text(coded: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(coded.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for sign in coded.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let value = match sign {
            b'A'..=b'Z' => sign - b'A',
            b'a'..=b'z' => sign - b'a' + 26,
            b'0'..=b'9' => sign - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0xFFF;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 0xFF) as u8);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn what_is_coded_is_read_and_other_text_is_none() {
        assert_eq!(text("TG93IFRpZGU=").as_deref(), Some("Low Tide"));
        assert_eq!(text(" QW3D\nqWxpZQ== ").as_deref(), Some("Amélie"));
        assert_eq!(text("").as_deref(), Some(""));
        assert_eq!(text("Low Tide!"), None);
        assert_eq!(text("/////w=="), None);
    }
}
