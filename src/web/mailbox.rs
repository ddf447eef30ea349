//! `/mailbox`: the demo's own mail, read from the Maildir it was delivered to. Only there when the demo runs.

use std::path::Path;

use axum::{
    extract::{self, State},
    response::Response,
};
use mail_parser::{HeaderName, MessageParser, MimeHeaders as _};

use super::{
    error::{WebError, answered, page as html},
    state::Web,
};
use crate::{
    deliver::maildir,
    render::page::{MailPage, MailRow, Mailbox, Shell},
};

/// The mails, newest first.
pub async fn list(State(web): State<Web>) -> Response {
    answered(&web, async {
        let site = &web.app().site;
        let root = web.mailbox().ok_or(WebError::NotFound)?;
        let mut mails = Vec::new();
        for (id, bytes) in read_all(root)? {
            let Some(message) = MessageParser::default().parse(&bytes) else { continue };
            let address = |list: Option<&mail_parser::Address<'_>>| {
                let first = list.and_then(|list| list.first());
                first.and_then(|a| a.name().or(a.address())).unwrap_or_default().to_owned()
            };
            mails.push(MailRow {
                url: site.mail(&id).path().to_owned(),
                from: address(message.from()),
                to: address(message.to()),
                subject: message.subject().unwrap_or_default().to_owned(),
                at: message.date().map(|date| date.to_rfc822()).unwrap_or_default(),
            });
        }
        html(&Mailbox { shell: Shell::private(site, "Mailbox"), mails })
    })
    .await
}

/// One mail.
pub async fn mail(State(web): State<Web>, extract::Path(id): extract::Path<String>) -> Response {
    answered(&web, async {
        let root = web.mailbox().ok_or(WebError::NotFound)?;
        let found = read_all(root)?.into_iter().find(|(name, _)| *name == id);
        let (_, bytes) = found.ok_or(WebError::NotFound)?;
        let message = MessageParser::default().parse(&bytes).ok_or(WebError::NotFound)?;
        let part = |wanted: &str| {
            let parts = message.parts.iter();
            let mut matching = parts.filter(|part| {
                part.content_type().is_some_and(|kind| kind.subtype() == Some(wanted) && kind.ctype() == "text")
            });
            matching.next().and_then(|part| part.text_contents()).map(str::to_owned)
        };
        let raw = |name: &HeaderName<'_>| message.header_raw(name.as_str()).unwrap_or_default().trim().to_owned();
        let headers = message.headers().iter().map(|header| (header.name().to_owned(), raw(&header.name)));
        html(&MailPage {
            shell: Shell::private(&web.app().site, message.subject().unwrap_or("A mail")),
            subject: message.subject().unwrap_or_default().to_owned(),
            headers: headers.collect(),
            html: part("html").map(|html| MailPage::framed(&html)),
            text: part("plain"),
        })
    })
    .await
}

/// Every mail of a Maildir with the name of its file, newest first.
fn read_all(root: &Path) -> Result<Vec<(String, Vec<u8>)>, WebError> {
    let failed = |source| WebError::App(crate::app::AppError::File { path: root.to_owned(), source });
    maildir::read_all(root).map_err(failed)
}
