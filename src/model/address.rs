//! Mail addresses and names that are safe to put into a header.
//!
//! A CR, LF or NUL in a display name makes the mail library panic, and a stray one in an address injects
//! headers: these newtypes refuse both at the border, so that no later room has to think of it.

use serde::{Deserialize, Serialize};

/// Why a text is no address or name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not of the form `local@domain`.
    #[error("`{0}` is not a mail address: it needs the form name@domain.example")]
    Form(String),
    /// Too long for SMTP (RFC 5321, section 4.5.3.1).
    #[error("the address `{0}` is too long: 64 octets before the @ and 254 in all are the limits")]
    Length(String),
    /// Control characters.
    #[error("a name must not hold line breaks or control characters")]
    Control,
}

/// An address as SMTP takes it, the domain in lower case and in its ASCII form (IDNA).
///
/// The local part keeps its case for sending; [`key`](Self::key) is what makes two spellings one person.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress {
    address: String,
}

impl EmailAddress {
    /// Takes an address as a person types it.
    ///
    /// # Errors
    /// Where it is not `local@domain` with a dot-atom local part (RFC 5322, section 3.4.1) or is too long.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let form = || AddressError::Form(text.chars().filter(|c| !c.is_control()).take(120).collect());
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or_else(form)?;
        if !is_dot_atom(local) {
            return Err(form());
        }
        let domain = ascii_domain(domain).ok_or_else(form)?;
        let address = format!("{local}@{domain}");
        if local.len() > 64 || address.len() > 254 {
            return Err(AddressError::Length(address));
        }
        Ok(Self { address })
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.address
    }

    /// What stands before the `@`.
    pub fn local(&self) -> &str {
        self.address.rsplit_once('@').map_or("", |(local, _)| local)
    }

    /// What stands after the `@`, in ASCII and lower case.
    pub fn domain(&self) -> &str {
        self.address.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// The address in lower case, by which a list holds each person once.
    pub fn key(&self) -> String {
        self.address.to_lowercase()
    }
}

impl std::fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.address)
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = AddressError;
    fn try_from(text: String) -> Result<Self, AddressError> {
        Self::parse(&text)
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.address
    }
}

fn is_dot_atom(local: &str) -> bool {
    let atext = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    !local.is_empty() && local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(atext))
}

fn ascii_domain(domain: &str) -> Option<String> {
    let host = url::Host::parse(domain).ok()?;
    let url::Host::Domain(name) = host else { return None };
    let label = |l: &str| {
        !l.is_empty()
            && l.len() <= 63
            && !l.starts_with('-')
            && !l.ends_with('-')
            && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let well_formed = name.split('.').all(label) && (name.contains('.') || name == "localhost");
    well_formed.then_some(name)
}

/// A person's name as it may stand in a header: no control characters, at most 100 characters, white
/// space folded.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DisplayName(String);

impl DisplayName {
    /// Takes a name in; `Ok(None)` where nothing but white space is left.
    ///
    /// # Errors
    /// Where it holds a control character.
    pub fn parse(text: &str) -> Result<Option<Self>, AddressError> {
        if text.chars().any(char::is_control) {
            return Err(AddressError::Control);
        }
        let name: String = super::text::fold_space(text).chars().take(100).collect();
        Ok((!name.is_empty()).then_some(Self(name)))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for DisplayName {
    type Error = AddressError;
    fn try_from(text: String) -> Result<Self, AddressError> {
        Self::parse(&text)?.ok_or(AddressError::Control)
    }
}

impl From<DisplayName> for String {
    fn from(name: DisplayName) -> Self {
        name.0
    }
}

/// An address with the name of its owner: `Film Club <digest@example.org>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Mailbox {
    /// The name, where one is given.
    pub name: Option<DisplayName>,
    /// The address.
    pub address: EmailAddress,
}

impl Mailbox {
    /// Reads `Name <address>`, `"Name" <address>` or a bare address.
    ///
    /// # Errors
    /// Where name or address cannot stand in a header.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        let Some((name, rest)) = text.rsplit_once('<') else {
            return Ok(Self { name: None, address: EmailAddress::parse(text)? });
        };
        let address = rest.strip_suffix('>').ok_or_else(|| AddressError::Form(text.to_owned()))?;
        let name = name.trim();
        let name = name.strip_prefix('"').and_then(|n| n.strip_suffix('"')).unwrap_or(name);
        Ok(Self { name: DisplayName::parse(name)?, address: EmailAddress::parse(address)? })
    }
}

impl std::fmt::Display for Mailbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.name {
            Some(name) => write!(f, "{} <{}>", name.as_str(), self.address),
            None => write!(f, "{}", self.address),
        }
    }
}

impl TryFrom<String> for Mailbox {
    type Error = AddressError;
    fn try_from(text: String) -> Result<Self, AddressError> {
        Self::parse(&text)
    }
}

impl From<Mailbox> for String {
    fn from(mailbox: Mailbox) -> Self {
        mailbox.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_its_local_part_and_folds_its_domain() {
        let address = EmailAddress::parse(" Ann.Lee+Films@Exämple.ORG ").unwrap();
        assert_eq!(address.as_str(), "Ann.Lee+Films@xn--exmple-cua.org");
        assert_eq!(address.key(), "ann.lee+films@xn--exmple-cua.org");
    }

    #[test]
    fn what_could_inject_a_header_is_refused() {
        for text in [
            "a@b.org\r\nBcc: c@d.org",
            "a b@c.org",
            "@c.org",
            "a@",
            "a@b@c.org x",
            "a@127.0.0.1",
            "a..b@c.org",
            "a@c,d.org",
            "<a@c.org>",
        ] {
            assert!(EmailAddress::parse(text).is_err(), "{text:?} was taken");
        }
        assert_eq!(DisplayName::parse("x\ny"), Err(AddressError::Control));
        assert!(Mailbox::parse("x\r\ny <a@b.org>").is_err());
    }

    #[test]
    fn a_mailbox_is_read_with_and_without_a_name() {
        let mailbox = Mailbox::parse("Film Club <digest@example.org>").unwrap();
        assert_eq!(mailbox.name.as_ref().unwrap().as_str(), "Film Club");
        assert_eq!(mailbox.to_string(), "Film Club <digest@example.org>");
        assert_eq!(Mailbox::parse("\"Club, Film\" <d@example.org>").unwrap().name.unwrap().as_str(), "Club, Film");
        assert_eq!(Mailbox::parse("digest@example.org").unwrap().name, None);
    }
}
