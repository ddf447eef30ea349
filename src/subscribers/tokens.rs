//! The tokens in a subscriber's links: who it is, and a proof that we made the link.
//!
//! A token is the subscriber's id (8 bytes) and the first 16 bytes of an HMAC-SHA256 over purpose and id,
//! in URL-safe base64: 32 characters, always, so that a mail can be encoded once and the tokens put in
//! afterwards. Nothing about tokens is stored. A link for one purpose is worth nothing for another.

use hmac::{Hmac, Mac};
use jiff::Timestamp;
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Characters in every token.
pub const TOKEN_LEN: usize = 32;

const ID: usize = 8;
const PROOF: usize = 16;
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// What a link is for. The words go into the proof: never change one.
#[derive(Debug, Clone, Copy)]
enum Purpose {
    Leave,
    Preferences,
    Confirm(Timestamp),
}

/// Makes and checks tokens with the instance's secret.
#[derive(Clone)]
pub struct Tokens {
    keyed: Hmac<Sha256>,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens(…)")
    }
}

impl Tokens {
    /// Tokens under a secret, which should be 32 random bytes. Another secret voids all links.
    pub fn new(secret: &[u8]) -> Self {
        #[expect(clippy::expect_used, reason = "HMAC takes a key of any length (RFC 2104, section 3)")]
        let keyed = Hmac::new_from_slice(secret).expect("a key of any length");
        Self { keyed }
    }

    /// The token of the link that leaves the list.
    pub fn leave(&self, subscriber_id: i64) -> String {
        self.token(Purpose::Leave, subscriber_id)
    }

    /// The token of the link to the preferences.
    pub fn preferences(&self, subscriber_id: i64) -> String {
        self.token(Purpose::Preferences, subscriber_id)
    }

    /// The token of the link that confirms a request made then: a newer request, or leaving, voids it.
    pub fn confirm(&self, subscriber_id: i64, asked_at: Timestamp) -> String {
        self.token(Purpose::Confirm(asked_at), subscriber_id)
    }

    /// Whose leaving link it is; `None` where we did not make it.
    pub fn check_leave(&self, token: &str) -> Option<i64> {
        self.check(Purpose::Leave, token)
    }

    /// Whose preferences link it is; `None` where we did not make it.
    pub fn check_preferences(&self, token: &str) -> Option<i64> {
        self.check(Purpose::Preferences, token)
    }

    /// Whose confirmation of the request made then it is; `None` where we did not make it, or for another
    /// request. Look the request up by [`Self::claimed_id`] first.
    pub fn check_confirm(&self, token: &str, asked_at: Timestamp) -> Option<i64> {
        self.check(Purpose::Confirm(asked_at), token)
    }

    /// The id that a token claims to be for. Proves nothing.
    pub fn claimed_id(token: &str) -> Option<i64> {
        decode(token).map(|bytes| id_of(&bytes))
    }

    /// The first 8 bytes of an HMAC over a text that says for what it is: for [`super::return_path`].
    pub(super) fn seal(&self, parts: &[&[u8]]) -> [u8; 8] {
        let mut mac = self.keyed.clone();
        parts.iter().for_each(|part| mac.update(part));
        let whole = mac.finalize().into_bytes();
        std::array::from_fn(|at| whole[at])
    }

    fn token(&self, purpose: Purpose, subscriber_id: i64) -> String {
        let mut bytes = [0; ID + PROOF];
        bytes[..ID].copy_from_slice(&subscriber_id.to_be_bytes());
        bytes[ID..].copy_from_slice(&self.proof(purpose, subscriber_id));
        encode(&bytes)
    }

    fn check(&self, purpose: Purpose, token: &str) -> Option<i64> {
        let bytes = decode(token)?;
        let id = id_of(&bytes);
        bool::from(bytes[ID..].ct_eq(&self.proof(purpose, id))).then_some(id)
    }

    fn proof(&self, purpose: Purpose, subscriber_id: i64) -> [u8; PROOF] {
        let mut mac = self.keyed.clone();
        let (word, asked_at) = match purpose {
            Purpose::Leave => ("leave", 0),
            Purpose::Preferences => ("preferences", 0),
            Purpose::Confirm(asked_at) => ("confirm", asked_at.as_millisecond()),
        };
        mac.update(b"pullquote token 1\0");
        mac.update(word.as_bytes());
        mac.update(b"\0");
        mac.update(&subscriber_id.to_be_bytes());
        mac.update(&asked_at.to_be_bytes());
        let whole = mac.finalize().into_bytes();
        std::array::from_fn(|at| whole[at])
    }
}

fn id_of(bytes: &[u8; ID + PROOF]) -> i64 {
    i64::from_be_bytes(std::array::from_fn(|at| bytes[at]))
}

/// URL-safe base64 (RFC 4648, section 5) of 24 bytes: 32 characters, no padding.
fn encode(bytes: &[u8; ID + PROOF]) -> String {
    let mut text = String::with_capacity(TOKEN_LEN);
    for three in bytes.chunks_exact(3) {
        let word = three.iter().fold(0_usize, |word, byte| word << 8 | usize::from(*byte));
        text.extend([18, 12, 6, 0].map(|shift| char::from(ALPHABET[word >> shift & 63])));
    }
    text
}

fn decode(text: &str) -> Option<[u8; ID + PROOF]> {
    if text.len() != TOKEN_LEN {
        return None;
    }
    let mut bytes = [0; ID + PROOF];
    for (three, four) in bytes.chunks_exact_mut(3).zip(text.as_bytes().chunks_exact(4)) {
        let mut word = 0_u32;
        for character in four {
            word = word << 6 | u32::try_from(ALPHABET.iter().position(|c| c == character)?).ok()?;
        }
        three.copy_from_slice(&word.to_be_bytes()[1..]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_link_for_one_purpose_is_worth_nothing_for_another() {
        let tokens = Tokens::new(b"secret");
        assert_eq!(tokens.check_leave(&tokens.leave(7)), Some(7));
        assert_eq!(tokens.check_preferences(&tokens.leave(7)), None);
        assert_eq!(tokens.check_leave(&tokens.preferences(7)), None);
        assert_eq!(tokens.check_leave(&tokens.confirm(7, at(0))), None);
        assert_eq!(tokens.check_confirm(&tokens.leave(7), at(0)), None);
    }

    #[test]
    fn a_newer_request_voids_an_old_confirmation() {
        let tokens = Tokens::new(b"secret");
        let old = tokens.confirm(7, at(100));
        assert_eq!(tokens.check_confirm(&old, at(100)), Some(7));
        assert_eq!(tokens.check_confirm(&old, at(101)), None);
    }

    #[test]
    fn another_secret_voids_all_links() {
        assert_eq!(Tokens::new(b"other").check_leave(&Tokens::new(b"secret").leave(7)), None);
    }

    #[test]
    fn tokens_stay_what_they_are_for_links_in_old_mails_must_go_on_working() {
        assert_eq!(Tokens::new(b"secret").leave(7), "AAAAAAAAAAdOb9esL0Gn46Od5WZHtHEb");
    }

    proptest! {
        #[test]
        fn a_token_has_32_url_safe_characters_and_gives_its_id_back(id: i64, secret: [u8; 32]) {
            let tokens = Tokens::new(&secret);
            let token = tokens.leave(id);
            prop_assert_eq!(token.len(), TOKEN_LEN);
            prop_assert!(token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
            prop_assert_eq!(tokens.check_leave(&token), Some(id));
            prop_assert_eq!(Tokens::claimed_id(&token), Some(id));
        }

        #[test]
        fn a_token_with_one_changed_character_is_refused(id: i64, place in 0..TOKEN_LEN, letter in "[A-Za-z0-9_-]") {
            let tokens = Tokens::new(b"secret");
            let mut token = tokens.leave(id);
            prop_assume!(token[place..=place] != letter);
            token.replace_range(place..=place, &letter);
            prop_assert_eq!(tokens.check_leave(&token), None);
        }

        #[test]
        fn any_text_is_taken_without_panic(text in ".{0,40}") {
            prop_assert_eq!(Tokens::new(b"secret").check_leave(&text), None);
        }
    }
}
