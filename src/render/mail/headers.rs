//! Headers that lettre has no name for, and mailboxes as lettre wants them.

use lettre::{
    address::Envelope,
    message::{
        Mailbox as LettreMailbox, Mailboxes, MessageBuilder,
        header::{HeaderName, HeaderValue, Headers, To},
    },
};
use url::Url;

use super::super::RenderError;
use crate::model::{DigestName, DisplayName, EmailAddress, Mailbox};

/// Adds a header whose value is printable ASCII and goes out unfolded: URLs and ids must not be broken.
/// Anything else in the value is dropped.
pub(super) fn ascii(builder: MessageBuilder, name: &'static str, value: &str) -> MessageBuilder {
    let value: String = value.chars().filter(|c| matches!(c, ' '..='~')).collect();
    let name = HeaderName::new_from_ascii_str(name);
    builder.raw_header(HeaderValue::dangerous_new_pre_encoded(name, value.clone(), value))
}

/// Adds `List-Unsubscribe` (RFC 2369): the page, then mail to `address` for clients that cannot do the one-click
/// POST; its subject says which digest, and where a machine reads it, by a token who. Folded between the two, so that
/// each URI stays whole and no line grows beyond what a server takes.
pub(super) fn list_unsubscribe(
    builder: MessageBuilder,
    page: &Url,
    address: &EmailAddress,
    digest: &DigestName,
    token: Option<&str>,
) -> MessageBuilder {
    let token = token.map(|token| format!("%20{token}")).unwrap_or_default();
    let mailto = format!("mailto:{}?subject=unsubscribe%20{digest}{token}", percent_encoded(address.as_str()));
    let whole = format!("<{page}>, <{mailto}>");
    let folded = format!("<{page}>,\r\n <{mailto}>");
    let name = HeaderName::new_from_ascii_str("List-Unsubscribe");
    builder.raw_header(HeaderValue::dangerous_new_pre_encoded(name, whole, folded))
}

/// An address as RFC 6068 wants it in a URI.
fn percent_encoded(address: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"@-._~!$'*+".contains(&b);
    let encoded = |b: u8| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") };
    address.bytes().map(encoded).collect()
}

/// The value of the header `To`. An address without a name that fits on the line stands as it is; whatever
/// needs quoting, encoding or folding is lettre's to write.
pub(super) fn to(address: &EmailAddress, name: Option<&DisplayName>) -> Result<String, RenderError> {
    const FITS: usize = 60;
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"@.-_+".contains(&b);
    if name.is_none() && address.as_str().len() <= FITS && address.as_str().bytes().all(plain) {
        return Ok(address.as_str().to_owned());
    }
    let mut headers = Headers::new();
    headers.set(To::from(Mailboxes::from(recipient(address, name)?)));
    let written = headers.to_string();
    let value = written.strip_prefix("To: ").and_then(|rest| rest.strip_suffix("\r\n"));
    value.map(ToOwned::to_owned).ok_or_else(|| RenderError::Message {
        to: address.to_string(),
        reason: "the header To cannot be written".to_owned(),
    })
}

/// From whom to whom, as lettre wants it.
pub(super) fn envelope(from: &EmailAddress, to: &EmailAddress) -> Result<Envelope, RenderError> {
    let (from, to) = (recipient(from, None)?.email, recipient(to, None)?.email);
    Envelope::new(Some(from), vec![to.clone()])
        .map_err(|error| RenderError::Message { to: to.to_string(), reason: error.to_string() })
}

/// A mailbox of ours as lettre's.
pub(super) fn mailbox(mailbox: &Mailbox) -> Result<LettreMailbox, RenderError> {
    recipient(&mailbox.address, mailbox.name.as_ref())
}

/// An address with its owner's name as lettre's mailbox.
pub(super) fn recipient(address: &EmailAddress, name: Option<&DisplayName>) -> Result<LettreMailbox, RenderError> {
    let parsed = lettre::Address::new(address.local(), address.domain())
        .map_err(|error| RenderError::Message { to: address.to_string(), reason: error.to_string() })?;
    Ok(LettreMailbox::new(name.map(|name| name.as_str().to_owned()), parsed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipient_is_written_as_lettre_writes_it() {
        let longest = format!("{}@example.org", "a".repeat(48));
        for (address, name) in [
            ("a@example.org", None),
            ("first.last+tag_x-y@mail.example.org", None),
            (longest.as_str(), None),
            ("o'hara@example.org", None),
            ("zoë@example.org", None),
            ("a@example.org", Some("Ann Lee")),
            ("a@example.org", Some("Zoë \"Z\" Müller, Esq.")),
            ("a@example.org", Some("A name that is long enough to be folded over more than one line of the header")),
        ] {
            let address = EmailAddress::parse(address).unwrap();
            let name = name.map(|name| DisplayName::parse(name).unwrap().unwrap());
            let mut headers = Headers::new();
            headers.set(To::from(Mailboxes::from(recipient(&address, name.as_ref()).unwrap())));
            assert_eq!(format!("To: {}\r\n", to(&address, name.as_ref()).unwrap()), headers.to_string());
        }
    }

    #[test]
    fn an_address_in_a_uri_cannot_pass_for_another_part_of_it() {
        assert_eq!(percent_encoded("digest+film@example.org"), "digest+film@example.org");
        assert_eq!(percent_encoded("a?b&c=d#e%f/g@example.org"), "a%3Fb%26c%3Dd%23e%25f%2Fg@example.org");
        assert_eq!(percent_encoded("zoë@example.org"), "zo%C3%AB@example.org");
    }
}
