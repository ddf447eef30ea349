//! Return paths that tell whom and which issue a mail was for (VERP): `bounces+TOKEN@example.org`.
//!
//! The token is the subscriber's id (8 bytes), the issue's number (4) and the first 8 bytes of an HMAC over both, in
//! base32 (RFC 4648, section 6) in lower case: 32 characters, always. Mail servers may change the case of a local
//! part, so no letter stands for two things. Who does not hold the mail cannot make one up.

use subtle::ConstantTimeEq as _;

use super::Tokens;
use crate::model::EmailAddress;

/// Characters of a token.
pub const LENGTH: usize = 32;

/// Stands where an issue's number would, in the return path of a mail that is of no issue: a confirmation.
pub const NO_ISSUE: u32 = 0;

const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
const ID: usize = 8;
const NUMBER: usize = 4;
const BYTES: usize = ID + NUMBER + 8;

/// The return path of an issue's mail to a subscriber, or with [`NO_ISSUE`] of another mail.
///
/// The settings see to it that a token fits behind `base`; a base too long for one is given as it is.
pub fn address(tokens: &Tokens, base: &EmailAddress, subscriber_id: i64, number: u32) -> EmailAddress {
    let text = format!("{}+{}@{}", base.local(), token(tokens, subscriber_id, number), base.domain());
    EmailAddress::parse(&text).unwrap_or_else(|_| base.clone())
}

/// The token alone.
pub fn token(tokens: &Tokens, subscriber_id: i64, number: u32) -> String {
    let mut bytes = [0; BYTES];
    bytes[..ID].copy_from_slice(&subscriber_id.to_be_bytes());
    bytes[ID..ID + NUMBER].copy_from_slice(&number.to_be_bytes());
    let seal = seal(tokens, &bytes[..ID + NUMBER]);
    bytes[ID + NUMBER..].copy_from_slice(&seal);
    encode(&bytes)
}

/// The subscriber and the issue of the first token of ours that stands in a text, in any case, as the end of a local
/// part (`bounces+TOKEN@…`).
pub fn find(tokens: &Tokens, text: &str) -> Option<(i64, u32)> {
    let ends = text.match_indices('@').map(|(at, _)| at);
    ends.filter_map(|end| text.get(end.checked_sub(LENGTH)?..end)).find_map(|token| check(tokens, token))
}

fn check(tokens: &Tokens, token: &str) -> Option<(i64, u32)> {
    let bytes = decode(token)?;
    let (named, seal) = bytes.split_at(ID + NUMBER);
    if !bool::from(seal.ct_eq(&self::seal(tokens, named))) {
        return None;
    }
    let id = i64::from_be_bytes(std::array::from_fn(|at| named[at]));
    let number = u32::from_be_bytes(std::array::from_fn(|at| named[ID + at]));
    Some((id, number))
}

fn seal(tokens: &Tokens, named: &[u8]) -> [u8; 8] {
    tokens.seal(&[b"pullquote return path 1\0", named])
}

fn encode(bytes: &[u8; BYTES]) -> String {
    let mut text = String::with_capacity(LENGTH);
    for five in bytes.chunks_exact(5) {
        let word = five.iter().fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
        text.extend((0..8).rev().map(|place| char::from(ALPHABET[(word >> (5 * place) & 31) as usize])));
    }
    text
}

fn decode(text: &str) -> Option<[u8; BYTES]> {
    if text.len() != LENGTH {
        return None;
    }
    let mut bytes = [0; BYTES];
    for (five, eight) in bytes.chunks_exact_mut(5).zip(text.as_bytes().chunks_exact(8)) {
        let mut word = 0_u64;
        for character in eight {
            let place = ALPHABET.iter().position(|known| *known == character.to_ascii_lowercase())?;
            word = word << 5 | place as u64;
        }
        five.copy_from_slice(&word.to_be_bytes()[3..]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tokens() -> Tokens {
        Tokens::new(b"secret")
    }

    #[test]
    fn a_return_path_fits_a_local_part_and_is_found_in_any_case_and_dress() {
        let base = EmailAddress::parse("bounces@lists.example.org").unwrap();
        let address = address(&tokens(), &base, 7, 12);
        assert_eq!(address.as_str(), "bounces+aaaaaaaaaaaaoaaaaaglz5oh7n72s72h@lists.example.org");
        for text in
            [address.as_str().to_uppercase(), format!("<{address}>, other@x.org"), format!("x@y.org <{address}>")]
        {
            assert_eq!(find(&tokens(), &text), Some((7, 12)), "{text}");
        }
        assert_eq!(find(&tokens(), &address.as_str().replace("lists.", "")), Some((7, 12)), "the domain may differ");
    }

    #[test]
    fn nobody_makes_one_up() {
        let made = token(&tokens(), 7, 12);
        assert_eq!(find(&Tokens::new(b"other"), &format!("b+{made}@x.org")), None);
        for at in 0..LENGTH {
            let mut other = made.clone();
            let letter = if &other[at..=at] == "a" { "b" } else { "a" };
            other.replace_range(at..=at, letter);
            assert_eq!(find(&tokens(), &format!("b+{other}@x.org")), None, "{other}");
        }
        for text in ["", "@", "ann@x.org", "é@x.org", &made, &format!("ééééééééééééééééb+{made}")] {
            assert_eq!(find(&tokens(), text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn id_and_number_come_back(id: i64, number: u32) {
            let made = token(&tokens(), id, number);
            prop_assert_eq!(made.len(), LENGTH);
            prop_assert_eq!(find(&tokens(), &format!("b+{made}@x.org")), Some((id, number)));
        }

        #[test]
        fn any_text_is_searched_without_panic(text in ".{0,80}@.{0,40}") {
            prop_assert_eq!(find(&tokens(), &text), None);
        }
    }
}
