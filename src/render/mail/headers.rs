//! Headers that lettre has no name for, and mailboxes as lettre wants them.

use lettre::message::{
    Mailbox as LettreMailbox, MessageBuilder,
    header::{HeaderName, HeaderValue},
};

use super::super::RenderError;
use crate::model::{DisplayName, EmailAddress, Mailbox};

/// Adds a header whose value is printable ASCII and goes out unfolded: URLs and ids must not be broken.
/// Anything else in the value is dropped.
pub(super) fn ascii(builder: MessageBuilder, name: &'static str, value: &str) -> MessageBuilder {
    let value: String = value.chars().filter(|c| matches!(c, ' '..='~')).collect();
    let name = HeaderName::new_from_ascii_str(name);
    builder.raw_header(HeaderValue::dangerous_new_pre_encoded(name, value.clone(), value))
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
