//! The promises of the mails.

use lettre::message::Mailbox as LettreMailbox;
use mail_parser::{MessageParser, MimeHeaders};

use super::*;
use crate::{
    model::{DisplayName, EmailAddress},
    render::fixture,
};

const TOKEN: &str = "aB3_-9xyzQWERTYuiopASDFGHjklZX12";

fn prepared() -> PreparedMessage {
    prepare(&fixture::issue(), &fixture::style(), &fixture::site()).unwrap()
}

fn message() -> Vec<u8> {
    let name = DisplayName::parse("Zoë \"Z\" Müller").unwrap();
    prepared().for_recipient(&EmailAddress::parse("zoe@example.net").unwrap(), name.as_ref(), TOKEN).unwrap()
}

/// Every value of an attribute in HTML.
pub(crate) fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let opening = format!(" {name}=\"");
    html.split(&opening).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn the_html_part_is_golden() {
    insta::assert_snapshot!(prepared().html(TOKEN_PLACEHOLDER));
}

#[test]
fn the_text_part_is_golden() {
    insta::assert_snapshot!(prepared().text(TOKEN_PLACEHOLDER));
}

#[test]
fn the_headers_are_golden() {
    let message = String::from_utf8(message()).unwrap();
    insta::assert_snapshot!(message.split("\r\n\r\n").next().unwrap().replace("\r\n", "\n"));
}

#[test]
fn the_message_parses_with_both_parts_and_both_one_click_headers() {
    let bytes = message();
    let mail = MessageParser::default().parse(&bytes).unwrap();
    let (html, text) = (mail.body_html(0).unwrap(), mail.body_text(0).unwrap());
    assert_eq!(html.replace("\r\n", "\n"), prepared().html(TOKEN));
    assert_eq!(text.replace("\r\n", "\n"), prepared().text(TOKEN));
    assert_eq!(mail.parts.len(), 3);
    assert!(mail.parts[0].content_type().unwrap().subtype() == Some("alternative"));
    assert_eq!(mail.subject().unwrap(), fixture::issue().subject);
    assert_eq!(mail.to().unwrap().first().unwrap().name().unwrap(), "Zoë \"Z\" Müller");
    let raw = String::from_utf8(bytes).unwrap();
    let page = format!("<https://reviews.example.org/unsubscribe/{TOKEN}>");
    let mailto = "<mailto:editor@example.org?subject=unsubscribe%20friday-reviews>";
    assert!(raw.contains(&format!("\r\nList-Unsubscribe: {page},\r\n {mailto}\r\n")));
    assert!(raw.contains("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
    assert!(raw.contains("\r\nDate: Fri, 20 Nov 2026 07:00:00 +0000\r\n"));
}

#[test]
fn without_a_reply_address_leaving_by_mail_goes_to_the_sender() {
    let style = EmailStyle { reply_to: None, ..fixture::style() };
    let prepared = prepare(&fixture::issue(), &style, &fixture::site()).unwrap();
    let raw = prepared.for_recipient(&EmailAddress::parse("a@example.net").unwrap(), None, TOKEN).unwrap();
    assert!(String::from_utf8(raw).unwrap().contains(">,\r\n <mailto:digest@example.org?subject=unsubscribe%20"));
}

#[test]
fn one_click_is_not_offered_over_plain_http() {
    let site = Site::new("http://reviews.example.org".parse().unwrap()).unwrap();
    let prepared = prepare(&fixture::issue(), &fixture::style(), &site).unwrap();
    let raw = prepared.for_recipient(&EmailAddress::parse("a@example.net").unwrap(), None, TOKEN).unwrap();
    let raw = String::from_utf8(raw).unwrap();
    assert!(raw.contains("\r\nList-Unsubscribe: <http://") && !raw.contains("List-Unsubscribe-Post"));
}

#[test]
fn the_same_issue_gives_the_same_bytes_and_only_the_token_differs() {
    assert_eq!(message(), message());
    let to = EmailAddress::parse("zoe@example.net").unwrap();
    let prepared = prepared();
    let other = prepared.for_recipient(&to, None, "00000000000000000000000000000000").unwrap();
    let other = String::from_utf8(other).unwrap();
    assert!(!other.contains(TOKEN));
    let mail = MessageParser::default().parse(other.as_bytes()).unwrap();
    assert_eq!(mail.body_text(0).unwrap().matches("00000000000000000000000000000000").count(), 2);
    assert_eq!(mail.body_html(0).unwrap().matches("00000000000000000000000000000000").count(), 2);
}

#[test]
fn lines_are_crlf_ascii_and_short() {
    let bytes = message();
    assert!(bytes.is_ascii());
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    for line in text.split("\r\n") {
        assert!(line.len() <= 998, "{} octets", line.len());
    }
}

#[test]
fn nothing_is_loaded_from_elsewhere_and_only_web_links_are_made() {
    let html = prepared().html(TOKEN);
    for forbidden in ["<img", "<script", "<link", "<iframe", "@import", "url(", " src=\"", " background=\""] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
    let hrefs = attributes(&html, "href");
    assert!(hrefs.len() > 8);
    assert!(hrefs.iter().all(|href| href.starts_with("https://")), "{hrefs:?}");
    assert!(!html.contains("javascript:"));
}

#[test]
fn a_hostile_name_is_shown_not_run() {
    let html = prepared().html(TOKEN);
    assert!(html.contains("&#60;script&#62;alert(&#39;reviewer&#39;)&#60;/script&#62;"));
    assert!(!html.contains('\u{202E}'));
}

#[test]
fn the_text_part_keeps_to_72_columns() {
    let text = prepared().text(TOKEN);
    for row in text.lines() {
        assert!(row.chars().count() <= 72 || row.trim().starts_with("https://"), "{row:?}");
        assert!(!row.starts_with('>') && row == row.trim_end());
    }
}

#[test]
fn a_huge_issue_is_cut_by_whole_reviews_and_says_so() {
    let mut issue = fixture::issue();
    let words = "Ein langer Satz über Züge, Möwen und Türme. ".repeat(40);
    let reviews: Vec<_> =
        (0..60).map(|n| fixture::review(&format!("big-{n}"), "Somebody", "Somewhere", words.trim())).collect();
    issue.works.push(fixture::block("Big", "big", crate::model::Work::default(), reviews));
    issue.more = vec![issue.more[0].clone(); 2000];
    let prepared = prepare(&issue, &fixture::style(), &fixture::site()).unwrap();
    let to = EmailAddress::parse(&format!("{}@example.net", "a".repeat(60))).unwrap();
    let name = crate::model::DisplayName::parse(&"Ж".repeat(60)).unwrap();
    let sent = prepared.for_recipient(&to, name.as_ref(), TOKEN).unwrap().len();
    assert!(sent <= MAX_OCTETS && prepared.octets() >= sent, "{sent}");
    assert!(sent > MAX_OCTETS * 85 / 100, "no more is left out than must be: {sent}");
    assert!(prepared.text(TOKEN).contains("more reviews of this issue in the browser"));
    assert!(prepared.html(TOKEN).contains("more reviews of this issue in the browser"));
}

#[test]
fn a_hostile_sender_or_subject_injects_no_header() {
    let mut issue = fixture::issue();
    issue.subject = "Hello\r\nBcc: victim@example.org\r\n\r\nbody".into();
    issue.title = "A\r\nX-Evil: 1".into();
    let prepared = prepare(&issue, &fixture::style(), &fixture::site()).unwrap();
    let raw = prepared.for_recipient(&EmailAddress::parse("a@example.net").unwrap(), None, TOKEN).unwrap();
    let raw = String::from_utf8(raw).unwrap();
    assert!(!raw.contains("\r\nBcc:") && !raw.contains("\r\nX-Evil"));
    assert_eq!(
        MessageParser::default().parse(raw.as_bytes()).unwrap().subject(),
        Some("Hello Bcc: victim@example.org body")
    );
}

#[test]
fn a_confirmation_carries_its_link_in_both_parts() {
    let (to, style, site) = (EmailAddress::parse("zoe@example.net").unwrap(), fixture::style(), fixture::site());
    let asked = Confirmation {
        digests: &["Friday Reviews".into(), "Books & <Co>".into()],
        site: &site,
        token: TOKEN,
        to: &to,
        name: None,
        from: &style.from,
        reply_to: None,
        at: fixture::issue().composed_at,
        hours: 48,
    };
    let bytes = confirmation(&asked).unwrap();
    assert_eq!(bytes, confirmation(&asked).unwrap());
    let mail = MessageParser::default().parse(&bytes).unwrap();
    let link = format!("https://reviews.example.org/confirm/{TOKEN}");
    assert!(mail.body_text(0).unwrap().contains(&link) && mail.body_html(0).unwrap().contains(&link));
    assert_eq!(mail.subject(), Some("Please confirm: Friday Reviews and Books & <Co>"));
    assert!(!mail.body_html(0).unwrap().contains("<Co>"));
    insta::assert_snapshot!(mail.body_text(0).unwrap().replace("\r\n", "\n"));
}

#[test]
fn every_address_of_ours_is_one_of_lettres() {
    for address in ["a@example.org", "Ann.Lee+x@xn--exmple-cua.org", "o'neil@example.org", "a@localhost"] {
        let ours = EmailAddress::parse(address).unwrap();
        let theirs: LettreMailbox = headers::recipient(&ours, None).unwrap();
        assert_eq!(theirs.email.to_string(), address);
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_a_source_writes_the_message_holds_together(words in "(\\PC|[\r\n\t<>&\"'=\u{0}\u{7}\u{202E}\u{85}\u{2028}]){0,60}") {
        let prepared = prepare(&fixture::strange(&words), &fixture::style(), &fixture::site()).unwrap();
        let raw = prepared.for_recipient(&EmailAddress::parse("a@example.net").unwrap(), None, TOKEN).unwrap();
        let raw = String::from_utf8(raw).unwrap();
        assert!(raw.is_ascii() && raw.split("\r\n").all(|line| line.len() <= 998));
        assert_eq!(raw.matches('\n').count(), raw.matches("\r\n").count());
        let mail = MessageParser::default().parse(raw.as_bytes()).unwrap();
        assert_eq!(mail.parts.len(), 3);
        assert_eq!(mail.body_html(0).unwrap().replace("\r\n", "\n"), prepared.html(TOKEN));
        assert_eq!(mail.body_text(0).unwrap().replace("\r\n", "\n"), prepared.text(TOKEN));
        assert_eq!(prepared.html(TOKEN).matches(TOKEN).count(), 2);
        let header = raw.split("\r\n\r\n").next().unwrap();
        assert_eq!(header.matches("\r\nList-Unsubscribe: <https://").count(), 1);
        let names = header.split("\r\n").filter(|line| !line.starts_with([' ', '\t'])).count();
        assert_eq!(names, 15);
    }
}
