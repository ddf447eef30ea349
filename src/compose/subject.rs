//! The subject line of an issue's mail.

use jiff::tz::TimeZone;

use crate::model::{Issue, text::fold_space};

/// A header line longer than this would have to be folded inside a word by some servers.
const LONGEST: usize = 150;

/// Fills `{title}`, `{number}`, `{date}`, `{count}` and `{first_work}`; white space and control characters
/// fold into single spaces, and an overlong subject is cut at a word.
pub(super) fn fill(template: &str, issue: &Issue, zone: &TimeZone) -> String {
    let first_work = issue.works.iter().find_map(|block| block.work.title.as_deref()).unwrap_or("new reviews");
    let date = issue.composed_at.to_zoned(zone.clone()).strftime("%-d %B %Y").to_string();
    let filled = template
        .replace("{number}", &issue.number.to_string())
        .replace("{date}", &date)
        .replace("{count}", &issue.quoted().to_string())
        .replace("{title}", &issue.title)
        .replace("{first_work}", first_work);
    let visible: String = filled.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    cut(&fold_space(&visible))
}

fn cut(subject: &str) -> String {
    if subject.chars().count() <= LONGEST {
        return subject.to_owned();
    }
    let kept: String = subject.chars().take(LONGEST - 1).collect();
    let kept = kept.rsplit_once(' ').map_or(kept.as_str(), |(head, _)| head);
    format!("{kept}…")
}
