//! DKIM: signing messages so that receivers know whose they are (RFC 6376; RFC 8463 for Ed25519).
//!
//! Canonicalisation is relaxed/relaxed. The canonical body is made once for an issue, and hashed as far as it is the
//! same for everybody; each recipient costs the rest of the hash, the headers and the signature. Every signed header
//! is named once more than it occurs, so that nobody can put another one before it.

mod key;
mod relaxed;
#[cfg(test)]
mod tests;

use std::{ops::Range, path::PathBuf, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use ring::digest::{Context, SHA256};

pub use key::{Kind, PrivateKey, generate};

use crate::settings::DkimKey;

/// The headers that are signed: what a reader or a mail client acts on.
const SIGNED: [&str; 14] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Reply-To",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Feedback-ID",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
];

/// A key that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the DKIM key {file} (dkim.keys) cannot be used: {why}")]
pub struct KeyError {
    /// The file.
    pub file: PathBuf,
    /// Why, as a sentence.
    pub why: String,
}

/// The keys that mail is signed with, by the domain of the sender.
#[derive(Debug, Clone, Default)]
pub struct Signers(Vec<Arc<Signer>>);

/// A key with the name under which its public half stands in the DNS.
#[derive(Debug)]
pub struct Signer {
    /// The domain that answers for the mail.
    pub domain: String,
    /// Where below `_domainkey` the public key stands.
    pub selector: String,
    /// The key.
    pub key: PrivateKey,
}

impl Signer {
    /// The name under which the public key stands in the DNS.
    pub fn record_name(&self) -> String {
        format!("{}._domainkey.{}", self.selector, self.domain)
    }
}

impl Signers {
    /// Reads the keys that the settings name.
    ///
    /// # Errors
    /// Where a file cannot be read or holds no key to sign with.
    pub fn load(keys: &[DkimKey]) -> Result<Self, KeyError> {
        let load = |key: &DkimKey| {
            let failed = |why: String| KeyError { file: key.file.clone(), why };
            let pem = std::fs::read_to_string(&key.file).map_err(|error| failed(error.to_string()))?;
            let private = PrivateKey::from_pem(&pem).map_err(failed)?;
            Ok(Arc::new(Signer { domain: key.domain.clone(), selector: key.selector.clone(), key: private }))
        };
        keys.iter().map(load).collect::<Result<_, _>>().map(Self)
    }

    /// The keys of a sender's domain. Receivers want the domains alike, so no key of a parent domain is taken.
    #[must_use]
    pub fn of_domain(&self, domain: &str) -> Self {
        Self(self.0.iter().filter(|signer| signer.domain.eq_ignore_ascii_case(domain)).cloned().collect())
    }

    /// Whether nothing is signed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every key.
    pub fn iter(&self) -> impl Iterator<Item = &Signer> {
        self.0.iter().map(Arc::as_ref)
    }

    /// Signs a whole message (RFC 5322, line ends of CR and LF), whose body has this hash: its signature headers go
    /// before it, one a key.
    ///
    /// # Errors
    /// Where a key fails to sign, as a sentence.
    pub fn sign(&self, message: &mut String, body: &BodyHash, now: Timestamp) -> Result<(), String> {
        if self.is_empty() {
            return Ok(());
        }
        let head = message.find("\r\n\r\n").map_or(message.as_str(), |end| &message[..end + 2]);
        let headers = relaxed::Headers::read(head);
        let mut signatures = String::with_capacity(self.0.len() * 1024);
        for signer in &self.0 {
            signatures.push_str(&signer.signature(&headers, body, now)?);
        }
        message.insert_str(0, &signatures);
        Ok(())
    }
}

impl Signer {
    /// The signature header, folded, with its line end.
    fn signature(&self, headers: &relaxed::Headers<'_>, body: &BodyHash, now: Timestamp) -> Result<String, String> {
        let (names, mut signed) = headers.signed(&SIGNED);
        let body = STANDARD.encode(body.0);
        let Self { domain, selector, key } = self;
        let mut header = format!(
            "DKIM-Signature: v=1; a={}; c=relaxed/relaxed; d={domain};\r\n s={selector}; t={}; bh={body};\r\n h={names};\r\n b=",
            key.kind().algorithm(),
            now.as_second(),
        );
        // The header itself is signed last, its b= empty, and without a line end (RFC 6376, section 3.7).
        relaxed::header(&header, &mut signed);
        let end = signed.trim_end_matches("\r\n").len();
        let signature = STANDARD.encode(key.sign(&signed.as_bytes()[..end])?);
        for (at, line) in signature.as_bytes().chunks(72).enumerate() {
            header.push_str(if at == 0 { "" } else { "\r\n " });
            header.extend(line.iter().map(|byte| char::from(*byte)));
        }
        header.push_str("\r\n");
        Ok(header)
    }
}

/// The hash of a message's canonical body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyHash([u8; 32]);

impl BodyHash {
    /// Of a whole message.
    pub fn of_message(message: &str) -> Self {
        let body = message.find("\r\n\r\n").map_or("", |end| &message[end + 4..]);
        Body::new([(body, 0..0)]).hash("")
    }
}

/// The body of an issue's mail in canonical form: what is the same for everybody, and where a token stands between.
#[derive(Clone)]
pub struct Body {
    /// The hash up to the first token.
    begun: Context,
    /// From there on: characters of the token, and what follows them.
    rest: Vec<(Range<usize>, Vec<u8>)>,
}

impl Body {
    /// Takes the stretches of a body that are the same for everybody, each with the characters of the token that
    /// follow it. A token holds no white space, so stretches are made canonical one by one.
    pub fn new<'a>(stretches: impl IntoIterator<Item = (&'a str, Range<usize>)>) -> Self {
        let (mut stretches, mut parts) = (stretches.into_iter().peekable(), Vec::new());
        while let Some((text, token)) = stretches.next() {
            parts.push((relaxed::body(text, stretches.peek().is_none()), token));
        }
        let mut begun = Context::new(&SHA256);
        let mut rest = Vec::with_capacity(parts.len());
        let mut before: Option<Range<usize>> = None;
        for (text, token) in parts {
            match before {
                None => begun.update(text.as_bytes()),
                Some(before) => rest.push((before, text.into_bytes())),
            }
            before = Some(token);
        }
        Self { begun, rest }
    }

    /// The hash for one recipient's token.
    pub fn hash(&self, token: &str) -> BodyHash {
        let mut hash = self.begun.clone();
        for (part, text) in &self.rest {
            hash.update(token.get(part.clone()).unwrap_or_default().as_bytes());
            hash.update(text);
        }
        let mut bytes = [0; 32];
        bytes.copy_from_slice(hash.finish().as_ref());
        BodyHash(bytes)
    }
}
