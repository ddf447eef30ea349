//! Bylines: who wrote a review and when, in the shapes that headers and closing lines have.
//!
//! `Reviewed by X` and `Posted on D by X` name the reviewer. A bare `by X` may as well name the maker of the
//! work, so it is kept as a hint until the whole header and the text are known; [`settle`] decides.

use std::sync::LazyLock;

use regex::Regex;

use crate::{
    model::{Line, Published, WorkKind, text::norm},
    read::{
        day,
        facts::{Facts, Hints},
        kind,
        pattern::{head, pattern},
        people, title,
    },
};

/// A byline is shorter than this many characters.
const LONGEST: usize = 110;

/// Words that say: this person wrote the review.
const STATED: &str = r"(?:(?:an?\s|the\s)?(?:(?:film|movie|book|album|music|game|video\sgame|guest|quick|short|mini|full)\s)?review(?:ed)?|words|text|rezension|rezensiert|besprochen|filmkritik|buchkritik|kritik|critique|chronique|recensione|reseña|crítica|resenha|recensie|recenzja|anmeldt|recension)";
/// Words that say: this person put the text there.
const POSTED: &str = r"(?:posted|published|written|submitted|added|contributed|veröffentlicht|geschrieben|verfasst|publié|écrit|rédigé|publicado|escrito|pubblicato|scritto|geplaatst|geschreven|skrevet|skriven|opublikowa\w+|napisa\w+)";
/// "by".
const BY: &str = r"(?:by|von|par|por|da|di|de|door|av|af|przez)";

/// Whether a line is a byline by its shape.
pub fn is_byline(line: &str) -> bool {
    static BYLINE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)^\W*(?:(?:(?:this\s)?(?:film\s|movie\s|book\s)?review\s(?:was\s)?)?{POSTED}\b.{{0,90}}|{STATED}\s{BY}:?\s.{{2,60}}|{BY}\s?:\s\S.{{1,60}}|by\s.{{2,70}})$"
        ))
    });
    line.chars().count() < LONGEST && BYLINE.is_match(line)
}

/// Takes a byline or a dated line over. Whether the line is one.
pub fn byline(line: &str, facts: &mut Facts) -> bool {
    static NAMED: LazyLock<Regex> = LazyLock::new(|| pattern(&format!(r"(?i)^(.*?)\b{BY}\b:?\s+(\S.*)$")));
    let dated = day::find(line).filter(|_| line.chars().count() < LONGEST);
    if let Some((date, _)) = &dated {
        facts.published = facts.published.or(Some(Published::Day(*date)));
    }
    if is_byline(line) {
        let Some(c) = NAMED.captures(line) else { return true };
        let (lead, rest) = (c.get(1).map_or("", |m| m.as_str()), c.get(2).map_or("", |m| m.as_str()));
        let bare = !lead.chars().any(char::is_alphabetic);
        if let Some(name) = name(rest) {
            if bare { bare_by(rest, name, dated.is_some(), facts) } else { stated(lead, name, facts) }
        }
        return true;
    }
    let Some((_, range)) = dated else { return false };
    beside_date(line, range, facts);
    true
}

/// `by X`: who made the work, where a year follows; else a hint, or the reviewer where one was only posted.
fn bare_by(rest: &str, name: String, dated: bool, facts: &mut Facts) {
    static YEAR: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[^()\d]+[(\[]([12]\d{3})[)\]]\W*$"));
    if let Some(year) = YEAR.captures(rest).and_then(|c| title::year(c.get(1)?.as_str())) {
        facts.work.add_creators(people::list(&name));
        facts.work.year = facts.work.year.or(Some(year));
    } else if dated || facts.reviewer.is_some() {
        facts.reviewer = Some(name);
    } else {
        facts.hints.by = facts.hints.by.take().or(Some(name));
    }
}

/// `Reviewed by X` says more than `Posted by X`.
fn stated(lead: &str, name: String, facts: &mut Facts) {
    static POSTS: LazyLock<Regex> = LazyLock::new(|| pattern(&format!(r"(?i)^\W*{POSTED}\b")));
    // "Review by a friend" names nobody; an account may be one small word.
    let named = !name.contains(' ') || people::looks_like_name(&name);
    if named && (!POSTS.is_match(lead) || facts.reviewer.is_none()) {
        facts.reviewer = Some(name);
    }
}

/// `X | 12 March 2024`, `March 3, 2014 · X · Reviews`, `12 March 2024, X`, a date alone.
fn beside_date(line: &str, range: std::ops::Range<usize>, facts: &mut Facts) {
    static BETWEEN: LazyLock<Regex> = LazyLock::new(|| pattern(r"\s*[|·•–—/,;]\s*|\s+-+\s+|\s{2,}"));
    let (before, after) = (&line[..range.start], &line[range.end..]);
    let parts = || BETWEEN.split(before).chain(BETWEEN.split(after)).map(str::trim).filter(|part| !part.is_empty());
    static ACCOUNT: LazyLock<Regex> = LazyLock::new(|| pattern(r"[|·•—]"));
    static LED: LazyLock<Regex> = LazyLock::new(|| pattern(&format!(r"(?i)^{BY}:?\s+(\S.*)$")));
    if facts.reviewer.is_none() {
        let led = parts().find_map(|part| LED.captures(part).and_then(|c| name(c.get(1)?.as_str())));
        // An account's name is known by its place: between the date and something more.
        let accounts: Vec<&str> = ACCOUNT.split(after).map(str::trim).filter(|part| !part.is_empty()).collect();
        let account = (accounts.len() > 1 && ACCOUNT.is_match(head(after.trim_start(), 3))).then(|| accounts[0]);
        let full = || parts().find(|part| people::is_full_name(part)).or(account).and_then(reviewer);
        facts.reviewer = led.or_else(full);
    }
    if let Some(last) = BETWEEN.split(after).map(str::trim).filter(|part| !part.is_empty()).last() {
        facts.work.kind = facts.work.kind.or_else(|| kind::named(last));
        facts.declared |= norm(last).ends_with("reviews");
    }
}

/// The person whom a labelled value or the rest of a byline names: without place, date, house and role.
pub fn name(value: &str) -> Option<String> {
    static END: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"\s*[|·•/(\[;–—]|,(?:\s|$)|\s-+\s|\s(?:on|in|at|for|of|posted|published|updated)(?:\s|$)|\s\d|:\s")
    });
    static PARTICLE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\s(?:le|el|il|am|op|on|em|den|the|w|dnia)$"));
    let undated = day::find(value).map_or(value, |(_, range)| &value[..range.start]);
    let cut = END.find(undated).map_or(undated, |end| &undated[..end.start()]);
    reviewer(&PARTICLE.replace(cut.trim_end(), ""))
}

/// A reviewer's name as printed, without account names that name nobody.
pub fn reviewer(name: &str) -> Option<String> {
    let name = name.trim().trim_end_matches([',', '.', ':']).trim_start_matches(['@', ':', ' ']).trim();
    let restored = if name.ends_with(|c: char| c.is_uppercase())
        && name.contains(' ')
        && name.rsplit(' ').next().is_some_and(|w| w.chars().count() == 1)
    {
        format!("{name}.")
    } else {
        name.to_owned()
    };
    let nobody =
        ["admin", "administrator", "editor", "staff", "guest", "webmaster", "in", "on", "unknown", "anonymous"];
    let fits = (2..=60).contains(&restored.chars().count()) && restored.split_whitespace().count() <= 5;
    let dated = restored.chars().any(|c| c.is_ascii_digit()) && day::field(&restored).is_some();
    (fits && !dated && !nobody.contains(&norm(&restored).as_str())).then_some(restored)
}

/// `Personal blog of X`, `X's film reviews`: whose site it is.
pub fn keeper(line: &str) -> Option<String> {
    static OF: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:blog|weblog|website|web\ssite|home\s?page|journal|diary|notebook|musings|ramblings|reviews|thoughts|writings?)\s(?:of|by|from)\s(\S.{3,40})$",
        )
    });
    static OWNED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\W*(.{4,40}?)['’]s?\s(?:(?:personal|film|movie|book|music|game|little|own)\s)?(?:blog|weblog|website|home\s?page|journal|notebook|reviews)\W*$",
        )
    });
    let found = OF.captures(line).or_else(|| OWNED.captures(line))?;
    found.get(1).map(|m| m.as_str().trim()).filter(|name| people::is_full_name(name)).and_then(reviewer)
}

/// A byline below a summary: among the first lines of the text, short and nothing but reviewer or date.
pub fn late(lines: &[&str], facts: &mut Facts) {
    if facts.reviewer.is_some() || facts.published.is_some() {
        return;
    }
    for line in lines.iter().filter(|line| !line.is_empty()).take(6).filter(|line| line.chars().count() < 70) {
        let is_date = day::find(line).is_some_and(|(_, range)| range.len() * 2 > line.len());
        if is_date || is_byline(line) {
            let mut own = Facts::default();
            byline(line, &mut own);
            facts.published = facts.published.or(own.published);
            let by = own.reviewer.filter(|name| people::looks_like_name(name));
            facts.reviewer = facts.reviewer.take().or(by);
        }
    }
}

/// Reviewer and date that stand below the text: a signature, a byline, an author box.
pub fn footer(lines: &[&str], facts: &mut Facts) {
    static BOX: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)^\W*(?:(?:{STATED}|{POSTED})(?:\s{BY})?|(?:about\sthe\s)?(?:author|reviewer|critic|writer)|autorin|autor|auteur|autore)\W*$"
        ))
    });
    static SIGNED: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^(?:[–—~]|--?|\*)\s?(\p{Lu}[^,|(]{2,40})(?:[,|(].*)?$"));
    static BIOGRAPHY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"^(\p{Lu}[\p{L}.’'-]+(?:\s\p{Lu}[\p{L}.’'-]*){1,3})\s(?:is|lives|writes|has\sbeen|works)\s")
    });
    let mut after_box = 0;
    for line in lines.iter().filter(|line| !line.is_empty()).take(16) {
        let signed =
            SIGNED.captures(line).and_then(|c| Some(c.get(1)?.as_str().trim())).filter(|n| people::looks_like_name(n));
        let told = BIOGRAPHY.captures(line).and_then(|c| Some(c.get(1)?.as_str())).filter(|n| people::is_full_name(n));
        let boxed = Some(*line).filter(|line| after_box > 0 && people::is_full_name(line));
        if facts.reviewer.is_none() && facts.hints.by.is_none() {
            facts.reviewer = signed.or(told).or(boxed).and_then(name);
        }
        after_box = if BOX.is_match(line) { 4 } else { usize::saturating_sub(after_box, 1) };
        let mut own = Facts::default();
        if is_byline(line) && byline(line, &mut own) || signed.is_some() || after_box > 0 {
            let by = own.reviewer.take().or(own.hints.by.take()).filter(|by| people::looks_like_name(by));
            facts.reviewer = facts.reviewer.take().or(by);
            facts.published = facts.published.or_else(|| day::field(line).map(Published::Day));
        }
    }
}

/// Decides what header and text left open: whether `by X` made the work or reviewed it, who else signs, and which
/// part of `Artist – Album` is the title.
pub fn settle(facts: &mut Facts, headline: &str, body: &str) {
    let Hints { by, keeper, near_date, author, second } = std::mem::take(&mut facts.hints);
    if let Some(album) = second {
        artist_first(facts, album, body);
    }
    if let Some(name) = by {
        let another = facts.reviewer.as_ref().is_some_and(|reviewer| norm(reviewer) != norm(&name));
        let others = author && has_other_makers(facts.work.kind.or_else(|| kind::of_words(body)));
        let maker = facts.work.creators.is_empty() && !others && (another || is_subject(&name, body));
        if maker {
            facts.work.add_creators(people::list(&name));
        } else if !facts.work.creators.iter().any(|maker| norm(maker) == norm(&name)) {
            facts.reviewer = facts.reviewer.take().or(Some(name));
        }
    }
    let beside = near_date.filter(|name| name != headline && title::mentions(body, name) == 0);
    facts.reviewer = facts.reviewer.take().or_else(|| beside.as_deref().and_then(reviewer)).or(keeper);
}

/// "Artist – Album" is how albums are headed: the first part is the title only where the whole is no album.
fn artist_first(facts: &mut Facts, album: String, body: &str) {
    let stated = facts.work.kind == Some(WorkKind::Album);
    if !stated && (facts.work.kind.is_some() || kind::of_words(body) != Some(WorkKind::Album)) {
        return;
    }
    let Some(first) = facts.work.title.clone().filter(|_| facts.work.creators.is_empty()) else { return };
    let artist = first.rsplit(": ").next().unwrap_or(&first);
    let named = stated || title::mentions(body, artist) > 0 || title::mentions(body, &album) > 0;
    if named && people::looks_like_name(artist) {
        facts.work.creators = Line::all([artist]);
        facts.work.title = Line::new(album);
        facts.work.kind = Some(WorkKind::Album);
    }
}

/// Whether a text speaks of a person: reviewers seldom name themselves.
fn is_subject(name: &str, body: &str) -> bool {
    let opening = &body[..body.floor_char_boundary(body.len() / 3 * 2)];
    let family = name.rsplit(' ').next().unwrap_or(name);
    let word = |at: usize| !body[at + family.len()..].starts_with(char::is_alphanumeric);
    let named = body.match_indices(family).filter(|(at, _)| word(*at)).take(2).count();
    name.contains(' ') && opening.contains(name) || family.chars().count() > 3 && named == 2
}

/// `Written by X` amid the credits of a film names its writer.
pub fn is_credit(line: &str, before: Option<&str>, after: Option<&str>) -> bool {
    static WRITTEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)^\W*(?:screenplay|story|script|written|writing|produced|edited|music|score)\sby\b")
    });
    static CREDIT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\W*(?:(?:directed|screenplay|produced|edited|music|score|cinematography|photographed)\sby\b|(?:director|directors|starring|stars|cast|producers?|genre|runtime|running\stime|rated|distributor|studio)\s*:|starring\b)",
        )
    });
    let beside = |line: Option<&str>| line.is_some_and(|line| CREDIT.is_match(line));
    let dated = after.is_some_and(|line| line.chars().count() < 40 && day::find(line).is_some());
    WRITTEN.is_match(line) && day::find(line).is_none() && !dated && (beside(before) || beside(after))
}

/// The kind of work whose labelled author is the reviewer: its makers have other labels.
pub fn has_other_makers(kind: Option<WorkKind>) -> bool {
    kind.is_some_and(|kind| kind != WorkKind::Book)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> (Option<String>, Option<String>) {
        let mut facts = Facts::default();
        byline(line, &mut facts);
        settle(&mut facts, "", "");
        (facts.reviewer, facts.published.map(|p| p.to_string()))
    }

    #[test]
    fn bylines_of_many_shapes_name_reviewer_and_day() {
        for (line, name, day) in [
            ("By Jo Reader, 7 November 2026", "Jo Reader", Some("2026-11-07")),
            ("Jo Reader | 12 March 2024", "Jo Reader", Some("2024-03-12")),
            ("12 March 2024 – Jo Reader", "Jo Reader", Some("2024-03-12")),
            ("March 12, 2024 • Jo Reader • Film", "Jo Reader", Some("2024-03-12")),
            ("Review by Jo Reader – March 12, 2024", "Jo Reader", Some("2024-03-12")),
            ("A film review by Jo Reader", "Jo Reader", None),
            ("posted by Jo Reader on 2024-03-12", "Jo Reader", Some("2024-03-12")),
            ("Posted on Tuesday, 12 March 2024 by Jo Reader in Reviews", "Jo Reader", Some("2024-03-12")),
            ("Reviewed by Jo Reader for the Harbour Post", "Jo Reader", None),
            ("Published March 12th, 2024 at 10:30 by jreader", "jreader", Some("2024-03-12")),
            ("Publié par Jo Lecteur le 12 mars 2024", "Jo Lecteur", Some("2024-03-12")),
            ("Rezensiert von Jo Leser am 12. März 2024", "Jo Leser", Some("2024-03-12")),
            ("Publicado por Jo Lector el 12 de marzo de 2024", "Jo Lector", Some("2024-03-12")),
            ("3 March 2021, by Jo Reader", "Jo Reader", Some("2021-03-03")),
            ("March 12, 2024 · jreader99 · Film Reviews", "jreader99", Some("2024-03-12")),
            ("by Jo van Reader", "Jo van Reader", None),
        ] {
            assert_eq!(told(line), (Some(name.to_owned()), day.map(str::to_owned)), "{line}");
        }
    }

    #[test]
    fn a_line_without_a_person_names_nobody() {
        for line in [
            "Posted on by",
            "Posted by in Reviews | 5 comments",
            "March 12, 2024 | Film Reviews",
            "12 March 2024",
            "Game review by a non-gamer",
        ] {
            assert_eq!(told(line).0, None, "{line}");
        }
    }

    #[test]
    fn a_bare_by_names_the_maker_where_the_text_speaks_of_them() {
        let mut facts = Facts::default();
        byline("by Ada Quill (1969)", &mut facts);
        assert_eq!((facts.work.creators, facts.work.year), (Line::all(["Ada Quill"]), Some(1969)));
        for (body, maker) in
            [("Quill writes well. I like what Quill does.", true), ("I like the light and the sea.", false)]
        {
            let mut facts = Facts::default();
            byline("by Ada Quill", &mut facts);
            settle(&mut facts, "Glass Harbour", body);
            assert_eq!((facts.reviewer.is_none(), !facts.work.creators.is_empty()), (maker, maker), "{body}");
        }
        let mut facts = Facts::default();
        byline("by Ada Quill", &mut facts);
        byline("Posted on 6 November 2026 by Jo Reader", &mut facts);
        settle(&mut facts, "Glass Harbour", "");
        assert_eq!((facts.reviewer.as_deref(), facts.work.creators), (Some("Jo Reader"), Line::all(["Ada Quill"])));
    }

    #[test]
    fn a_signature_or_an_author_box_below_the_text_is_read() {
        for lines in [
            &["– Jo Reader"][..],
            &["~ Jo Reader, 12 March 2024"],
            &["Written By:", "", "Jo Reader", "Freelance Contributor"],
            &["About the author", "Jo Reader is a teacher and sails."],
            &["Rating: 4/5", "Reviewed by Jo Reader"],
        ] {
            let mut facts = Facts::default();
            footer(lines, &mut facts);
            assert_eq!(facts.reviewer.as_deref(), Some("Jo Reader"), "{lines:?}");
        }
    }

    #[test]
    fn a_byline_below_a_summary_is_read() {
        let mut facts = Facts::default();
        late(&["A harbour, a girl, a boat.", "", "Reviewed by Jo Reader, 12 March 2024", "", "It rains."], &mut facts);
        assert_eq!(facts.reviewer.as_deref(), Some("Jo Reader"));
        assert_eq!(facts.published.map(|p| p.to_string()).as_deref(), Some("2024-03-12"));
        let mut facts = Facts::default();
        late(&["In March 2024 it rained by the sea, and then by the lake.", "By and by it stopped."], &mut facts);
        assert_eq!((facts.reviewer, facts.published), (None, None));
    }

    #[test]
    fn the_keeper_of_a_site_is_known_by_its_motto() {
        assert_eq!(keeper("Personal blog of Jo Reader").as_deref(), Some("Jo Reader"));
        assert_eq!(keeper("Jo Reader’s Film Reviews").as_deref(), Some("Jo Reader"));
        assert_eq!(keeper("A blog of books and films"), None);
    }
}
