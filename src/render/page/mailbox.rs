//! The demonstration's mailbox: what its own SMTP server took in.

use askama::Template;

use super::Shell;

/// `/mailbox`: the mails, newest first.
#[derive(Debug, Clone, Template)]
#[template(path = "web/mailbox.html")]
pub struct Mailbox {
    /// What is around it.
    pub shell: Shell,
    /// The mails.
    pub mails: Vec<MailRow>,
}

/// A mail in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailRow {
    /// Its page.
    pub url: String,
    /// From whom.
    pub from: String,
    /// To whom.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// When it came in.
    pub at: String,
}

/// `/mailbox/{id}`: one mail, its HTML in a frame that may run nothing.
///
/// The frame inherits the page's Content-Security-Policy: for this page it must allow inline styles.
#[derive(Debug, Clone, Template)]
#[template(path = "web/mail.html")]
pub struct MailPage {
    /// What is around it.
    pub shell: Shell,
    /// The subject.
    pub subject: String,
    /// The headers in order.
    pub headers: Vec<(String, String)>,
    /// The HTML part, if there is one; see [`MailPage::framed`].
    pub html: Option<String>,
    /// The text part, if there is one.
    pub text: Option<String>,
}

impl MailPage {
    /// An HTML part as it is put into the frame: its links open in the whole window.
    pub fn framed(html: &str) -> String {
        html.replacen("<head>", "<head><base target=\"_top\">", 1)
    }
}
