//! Which keys sign which sender's mail: `DOMAIN:SELECTOR:FILE`.

use std::path::PathBuf;

use crate::model::EmailAddress;

/// A key to sign with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DkimKey {
    /// The senders' domain.
    pub domain: String,
    /// Where below `_domainkey` the public key stands in the DNS.
    pub selector: String,
    /// The private key, PEM.
    pub file: PathBuf,
}

impl DkimKey {
    /// Reads `DOMAIN:SELECTOR:FILE`.
    ///
    /// # Errors
    /// Where a part is missing or cannot be what it should, as a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let form = "write DOMAIN:SELECTOR:FILE, as `pullquote dkim generate` prints it";
        let mut parts = text.splitn(3, ':');
        let (Some(domain), Some(selector), Some(file)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(format!("`{text}` is no key; {form}"));
        };
        let domain = domain_name(domain).map_err(|why| format!("{why}; {form}"))?;
        let selector = selector_name(selector).map_err(|why| format!("{why}; {form}"))?;
        match file.trim() {
            "" => Err(format!("`{text}` names no file; {form}")),
            file => Ok(Self { domain, selector, file: file.into() }),
        }
    }
}

/// A domain in ASCII and lower case.
///
/// # Errors
/// Where it is none, as a sentence.
pub fn domain_name(text: &str) -> Result<String, String> {
    let address = EmailAddress::parse(&format!("x@{}", text.trim()));
    address.map(|address| address.domain().to_owned()).map_err(|_| format!("`{text}` is no domain"))
}

/// A selector: one or more labels (RFC 6376, section 3.1).
///
/// # Errors
/// Where it is none, as a sentence.
pub fn selector_name(text: &str) -> Result<String, String> {
    let text = text.trim().to_ascii_lowercase();
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    if text.len() <= 100 && text.split('.').all(label) { Ok(text) } else { Err(format!("`{text}` is no selector")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_and_a_path_may_hold_colons() {
        let key = DkimKey::parse("Exämple.org:s1:C:/keys/a.pem").unwrap();
        assert_eq!((key.domain.as_str(), key.selector.as_str()), ("xn--exmple-cua.org", "s1"));
        assert_eq!(key.file, PathBuf::from("C:/keys/a.pem"));
        for bad in
            ["example.org", "example.org:s1", "example.org:s1:", "exa mple:s:f", "example.org:s 1:f", "example.org::f"]
        {
            assert!(DkimKey::parse(bad).is_err(), "{bad}");
        }
    }
}
