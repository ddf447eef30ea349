//! The mail that asks a person to approve an issue: the issue as its readers will get it, below a few words.

use askama::Template;

use super::{
    super::{RenderError, Site, text},
    TOKEN_PLACEHOLDER, fill,
    letter::Letter,
    prepare, tidy,
};
use crate::model::{Draft, digest::EmailStyle};

/// What a mail about a draft is written from.
#[derive(Debug, Clone, Copy)]
pub struct DraftNotice<'a> {
    /// The draft, with the person that it waits for.
    pub draft: &'a Draft,
    /// How its issue is mailed.
    pub style: &'a EmailStyle,
    /// The site.
    pub site: &'a Site,
    /// How many would get it.
    pub recipients: u64,
    /// When the next slot is, in words.
    pub next: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "mail/draft.html")]
struct Html<'a> {
    id: &'a str,
    title: &'a str,
    number: u32,
    readers: &'a str,
    url: &'a str,
    next: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "mail/draft.txt")]
struct Text<'a> {
    id: &'a str,
    title: &'a str,
    number: u32,
    readers: &'a str,
    url: &'a str,
    next: Option<&'a str>,
}

/// Writes the whole message, lines ending in CRLF. Its Message-ID is the draft's, so that a second hand-over of the same
/// mail can be told by the receiving side. It carries nothing of a list: it is a letter to one person.
///
/// # Errors
/// Where a template fails, or lettre refuses an address.
pub fn draft(notice: &DraftNotice<'_>) -> Result<Vec<u8>, RenderError> {
    let DraftNotice { draft, style, site, recipients, next } = notice;
    let (issue, id, next) = (&draft.issue, draft.id.as_str(), *next);
    let prepared = prepare(issue, style, site)?;
    let title = &text::line(&issue.title);
    let readers = &readers(*recipients);
    let url = &site.admin_draft(id).to_string();
    let number = issue.number;
    let above = Html { id, title, number, readers, url, next }.render()?;
    let html = below(&above, &prepared.html(TOKEN_PLACEHOLDER));
    let above = tidy(&Text { id, title, number, readers, url, next }.render()?);
    let words = format!("{above}\n{}", prepared.text(TOKEN_PLACEHOLDER));

    let letter = Letter {
        from: &style.from,
        reply_to: style.reply_to.as_ref(),
        to: &draft.mail.to,
        name: None,
        subject: format!("[Draft] {}", prepared.subject),
        at: issue.composed_at,
        id: format!("draft.{id}"),
        html: &html,
        words: &words,
    };
    letter.write()
}

/// A page with something put above all that it shows.
fn below(above: &str, html: &str) -> String {
    let body = html.find("<body").and_then(|start| Some(start + html[start..].find('>')? + 1)).unwrap_or(0);
    format!("{}\n{above}{}", &html[..body], &html[body..])
}

fn readers(recipients: u64) -> String {
    match recipients {
        0 => "nobody (there is no subscriber yet; it will stand on the site and in the feed)".to_owned(),
        1 => "its one subscriber".to_owned(),
        count => format!("its {count} subscribers"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{
            EmailAddress,
            draft::{DraftMail, DraftMailState, DraftState},
        },
        render::fixture,
    };

    fn waiting() -> Draft {
        let issue = fixture::issue();
        let to = EmailAddress::parse("editor@example.org").unwrap();
        let mail = DraftMail { to, state: DraftMailState::Due, tries: 0, at: issue.composed_at, reply: None };
        let (id, due_at) = ("0a1b2c3d4e5f".to_owned(), issue.composed_at);
        Draft { id, due_at, issue, state: DraftState::Waiting, decided: None, mail }
    }

    #[test]
    fn the_mail_holds_the_issue_byte_for_byte_below_its_own_words() {
        let (draft, style, site) = (waiting(), fixture::style(), fixture::site());
        let notice =
            DraftNotice { draft: &draft, style: &style, site: &site, recipients: 312, next: Some("Friday at 8") };
        let mail = super::draft(&notice).unwrap();
        let parsed = mail_parser::MessageParser::default().parse(&mail).unwrap();
        let issue = prepare(&draft.issue, &style, &site).unwrap();
        let (html, words) = (parsed.body_html(0).unwrap(), parsed.body_text(0).unwrap());
        let (html, words) = (html.replace("\r\n", "\n"), words.replace("\r\n", "\n"));
        assert!(words.trim_end().ends_with(issue.text(TOKEN_PLACEHOLDER).trim_end()), "{words}");
        let (head, rest) = html.split_once("\n<table role=\"presentation\"").unwrap();
        let own = rest.find("<div style=\"display:none").unwrap();
        assert_eq!(format!("{head}\n{}", &rest[own..]).trim_end(), issue.html(TOKEN_PLACEHOLDER).trim_end());
        for part in [&words, &rest[..own].to_owned()] {
            assert!(part.contains("312 subscribers") && part.contains("Friday at 8"), "{part}");
            assert!(part.contains("https://reviews.example.org/admin/drafts/0a1b2c3d4e5f"), "{part}");
        }
        assert!(parsed.subject().unwrap().starts_with("[Draft] "));
        assert_eq!(parsed.message_id(), Some("draft.0a1b2c3d4e5f@example.org"));
        assert!(parsed.header("List-Unsubscribe").is_none());
    }
}
