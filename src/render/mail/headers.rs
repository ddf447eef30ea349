//! Headers that lettre has no name for, and mailboxes as lettre wants them.

use lettre::message::{
    Mailbox as LettreMailbox, MessageBuilder,
    header::{HeaderName, HeaderValue},
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
/// POST. Folded between the two, so that each URI stays whole and no line grows beyond what a server takes.
pub(super) fn list_unsubscribe(
    builder: MessageBuilder,
    page: &Url,
    address: &EmailAddress,
    digest: &DigestName,
) -> MessageBuilder {
    let mailto = format!("mailto:{}?subject=unsubscribe%20{digest}", percent_encoded(address.as_str()));
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
    fn an_address_in_a_uri_cannot_pass_for_another_part_of_it() {
        assert_eq!(percent_encoded("digest+film@example.org"), "digest+film@example.org");
        assert_eq!(percent_encoded("a?b&c=d#e%f/g@example.org"), "a%3Fb%26c%3Dd%23e%25f%2Fg@example.org");
        assert_eq!(percent_encoded("zoë@example.org"), "zo%C3%AB@example.org");
    }
}
