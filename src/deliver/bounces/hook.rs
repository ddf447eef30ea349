//! What mail providers post: JSON of Amazon SES, Postmark and Mailgun, and a plain form of our own.
//!
//! Reading only. Who may post is checked by [`Hook::authorised`] on what the request carries; everything else a
//! hook says is believed, since its provider sent the mail.

mod generic;
mod mailgun;
mod postmark;
mod ses;
#[cfg(test)]
mod tests;

use serde_json::Value;

use super::{Returned, Told};

/// Whose hook it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hook {
    /// Amazon SES, by way of SNS.
    Ses,
    /// Postmark.
    Postmark,
    /// Mailgun.
    Mailgun,
    /// Anything that can post JSON.
    Generic,
}

/// One report out of a hook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What names it at the provider: the same report posted again has the same.
    pub id: String,
    /// What it tells.
    pub told: Told,
    /// The mail of ours that it is about.
    pub returned: Returned,
}

/// What a hook brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Posted {
    /// Reports; none where it told something that does not concern us, such as an opened mail.
    Events(Vec<Event>),
    /// Amazon SNS asks whether this address wants its messages: whoever answers opens the URL.
    Confirm(String),
}

impl Hook {
    /// Every provider.
    pub const ALL: [Self; 4] = [Self::Ses, Self::Postmark, Self::Mailgun, Self::Generic];

    /// The word in the URL.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ses => "ses",
            Self::Postmark => "postmark",
            Self::Mailgun => "mailgun",
            Self::Generic => "generic",
        }
    }

    /// The provider of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|hook| hook.as_str() == word)
    }

    /// Reads a body.
    ///
    /// # Errors
    /// Where it is not what the provider posts, as a sentence.
    pub fn read(self, body: &[u8]) -> Result<Posted, String> {
        let json: Value = serde_json::from_slice(body).map_err(|error| format!("the body is not JSON: {error}"))?;
        match self {
            Self::Ses => ses::read(&json),
            Self::Postmark => postmark::read(&json).map(Posted::Events),
            Self::Mailgun => mailgun::read(&json).map(Posted::Events),
            Self::Generic => generic::read(&json).map(Posted::Events),
        }
    }

    /// Whether the body is signed with this key. Only Mailgun signs so that it can be checked without asking
    /// anybody.
    pub fn signed_by(self, body: &[u8], key: &str) -> bool {
        match (self, serde_json::from_slice::<Value>(body)) {
            (Self::Mailgun, Ok(json)) => mailgun::is_signed(&json, key),
            _ => false,
        }
    }
}

/// A text of a field, by its path.
fn text<'a>(json: &'a Value, path: &str) -> Option<&'a str> {
    json.pointer(path).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// A Message-ID without its angle brackets.
fn bare_id(id: &str) -> String {
    id.trim().trim_start_matches('<').trim_end_matches('>').to_owned()
}

/// What names an event that its provider did not number: all that it says.
fn fingerprint(json: &Value) -> String {
    use sha2::{Digest as _, Sha256};
    let digest = Sha256::digest(json.to_string().as_bytes());
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
