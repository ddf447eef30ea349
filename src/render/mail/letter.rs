//! A mail to one person that no list stands behind: a confirmation, a draft to approve.

use std::time::SystemTime;

use jiff::Timestamp;
use lettre::{
    Message,
    message::{MultiPart, header::ContentType},
};

use super::{
    super::{RenderError, text},
    headers,
    prepared::{encoded, refused},
};
use crate::model::{DisplayName, EmailAddress, Mailbox};

/// What a letter is written from.
pub(super) struct Letter<'a> {
    /// The sender.
    pub from: &'a Mailbox,
    /// Where answers go.
    pub reply_to: Option<&'a Mailbox>,
    /// Whom it is for.
    pub to: &'a EmailAddress,
    /// How they are called.
    pub name: Option<&'a DisplayName>,
    /// The subject.
    pub subject: String,
    /// Its date.
    pub at: Timestamp,
    /// The Message-ID before the `@`; behind it stands the sender's domain.
    pub id: String,
    /// The HTML part.
    pub html: &'a str,
    /// The text part.
    pub words: &'a str,
}

impl Letter<'_> {
    /// The whole message, lines ending in CRLF. What it is made of decides every byte, the boundary too.
    ///
    /// # Errors
    /// Where lettre refuses an address.
    pub(super) fn write(self) -> Result<Vec<u8>, RenderError> {
        let mut builder = Message::builder()
            .from(headers::mailbox(self.from)?)
            .to(headers::recipient(self.to, self.name)?)
            .subject(self.subject)
            .date(SystemTime::from(self.at))
            .message_id(Some(format!("<{}@{}>", self.id, self.from.address.domain())));
        if let Some(reply_to) = self.reply_to {
            builder = builder.reply_to(headers::mailbox(reply_to)?);
        }
        builder = headers::ascii(builder, "Auto-Submitted", "auto-generated");
        let boundary = format!("=_{}", text::fingerprint(&["boundary", self.html, self.words], 15));
        let parts = MultiPart::alternative()
            .boundary(boundary)
            .singlepart(encoded(self.words, ContentType::TEXT_PLAIN)?)
            .singlepart(encoded(self.html, ContentType::TEXT_HTML)?);
        let message = builder.multipart(parts).map_err(|error| refused(self.to.as_str(), error))?;
        Ok(message.formatted())
    }
}
