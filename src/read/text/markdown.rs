//! Markdown with or without front matter: its words as plain text.
//!
//! Marks are taken off, images and shortcodes dropped, soft line breaks closed; what hides spoilers becomes the
//! room's own marks.

use std::{borrow::Cow, sync::LazyLock};

use regex::Regex;

use super::{byline, front_matter, header};
use crate::model::Line;
use crate::read::{
    Document, Reading, boilerplate,
    facts::Facts,
    judge, language,
    marks::{HIDDEN, QUOTED, SHOWN, UNQUOTED, is_mark},
    pattern::pattern,
    rating::{self, Scale},
    title,
};

/// Whether a text is Markdown: by its file name, or by front matter.
pub fn is_markdown(source: &str, content_type: Option<&str>, text: &str) -> bool {
    let path = source.split(['?', '#']).next().unwrap_or(source).to_lowercase();
    [".md", ".markdown", ".mdx", ".mkd"].iter().any(|end| path.ends_with(end))
        || content_type.is_some_and(|kind| kind.contains("markdown"))
        || front_matter::split(text).is_some()
}

/// Reads a Markdown file.
pub fn read(document: &Document, text: &str) -> Reading {
    let split = front_matter::split(text).or_else(|| front_matter::split_loose(text));
    let (data, rest) = split.unwrap_or((serde_json::Value::Null, text));
    let mut facts = front_matter::facts(&data);
    facts.names_release = true;
    facts.url = document.url.clone().or(facts.url);
    let blocks = blocks(rest);
    let lines: Vec<&str> = blocks.iter().flat_map(|block| block.lines().chain([""])).collect();
    let (first, titles) = if data.is_null() { header::read(&lines, &mut facts) } else { leading(&lines, &mut facts) };
    let kept = boilerplate::cut(&lines[first..]);
    let mut kept_lines = &lines[first..first + kept];
    while let [rest @ .., last] = kept_lines
        && (last.is_empty() || header::rating_line(last).is_some())
    {
        kept_lines = rest;
    }
    let body = joined(kept_lines);
    let headline = if let Some(title) = facts.work.title.as_ref().filter(|_| facts.declared) {
        title.to_string()
    } else {
        let mut own = Facts::default();
        let headline = header::choose_title(&titles, &body, None, &mut own);
        facts.declared |= own.declared;
        let unsupported = facts.work.title.as_deref().is_none_or(|title| title::mentions(&body, title) == 0);
        if unsupported && (own.work.title.is_some() || facts.work.title.is_none()) {
            facts.work.title = own.work.title.take().or(facts.work.title.take());
        }
        facts.work.fill_from(&own.work);
        headline
    };
    if let Some(printed) = facts.work.title.as_deref().and_then(|title| as_spelled(&data, title, &body)) {
        facts.work.title = Line::new(printed);
    }
    // A file is often called by what it is about; a headline that shows itself a title goes before.
    if facts.work.title.is_none() || data.get("title").is_none() && !facts.declared {
        facts.work.title = title::in_address(&document.source, &body).and_then(Line::new).or(facts.work.title.take());
    }
    byline::settle(&mut facts, &headline, &body);
    facts.language = facts.language.take().or_else(|| language::guess(&body));
    if facts.rating.is_none() && !front_matter::states_rating(&data) {
        let scale = Scale { best: facts.best, language: facts.language.as_deref() };
        facts.rating = rating::in_text(&joined(&lines), facts.work.title.as_deref(), scale);
    }
    if let Some(objection) = judge::objection(&headline, &body, &facts) {
        return Reading { reviews: Vec::new(), notes: vec![format!("no review: {objection}")] };
    }
    Reading { reviews: vec![facts.review(document, "0", &body, None)], notes: Vec::new() }
}

/// The title as the text spells it: a slug has lost its apostrophes, a playful headline draws letters out.
fn as_spelled(data: &serde_json::Value, title: &str, body: &str) -> Option<String> {
    let only_slug = data.get("title").is_none() && data.get("slug").is_some();
    let printed = if only_slug { title::as_printed(title, body) } else { None };
    printed.or_else(|| title::undrawn(title, body))
}

/// With front matter the text starts at once, but for warnings and a repeated title.
fn leading(lines: &[&str], facts: &mut Facts) -> (usize, Vec<String>) {
    let mut titles = Vec::new();
    for (at, line) in lines.iter().enumerate().take(12) {
        if line.is_empty() {
            continue;
        }
        if crate::read::spoiler_marks::warns(line) && line.chars().count() < 80 {
            facts.spoilers = true;
            continue;
        }
        if line.starts_with(QUOTED) {
            return (at, titles);
        }
        if boilerplate::is_noise(line) || line.chars().count() < 50 && !line.ends_with(['.', '!', '?']) {
            titles.push((*line).to_owned());
            continue;
        }
        return (at, titles);
    }
    (0, titles)
}

fn joined(lines: &[&str]) -> String {
    let mut out = String::new();
    for line in lines {
        if line.is_empty() {
            if !out.is_empty() && !out.ends_with("\n\n") {
                out.push_str(if out.ends_with('\n') { "\n" } else { "\n\n" });
            }
        } else if !boilerplate::is_noise(line) {
            if !out.is_empty() && !out.ends_with('\n') {
                out.push('\n');
            }
            out.push_str(line);
        }
    }
    out.trim_end().to_owned()
}

/// The blocks of a Markdown text, as plain text each: paragraphs, headings, list items.
fn blocks(source: &str) -> Vec<String> {
    let source = hidden(source);
    let mut out: Vec<String> = Vec::new();
    let mut paragraph = Paragraph::default();
    for raw in source.lines() {
        let line = raw.trim();
        if line.is_empty() || line.starts_with("```") || line.starts_with("~~~") || is_rule(line) {
            out.extend(paragraph.end());
            continue;
        }
        if is_quotation(line) && !paragraph.quoted {
            out.extend(paragraph.end());
            paragraph.quoted = true;
        }
        let (own, text) = own_block(line);
        let breaks = raw.ends_with("  ") || raw.ends_with('\\');
        if own {
            out.extend(paragraph.end());
        }
        if !paragraph.text.is_empty() && !paragraph.text.ends_with('\n') {
            paragraph.text.push(' ');
        }
        paragraph.text.push_str(text.trim_end_matches('\\'));
        if breaks {
            paragraph.text.push('\n');
        }
        if own && line.starts_with('#') {
            out.extend(paragraph.end());
        }
    }
    out.extend(paragraph.end());
    out
}

/// A paragraph while its lines are read.
#[derive(Default)]
struct Paragraph {
    text: String,
    /// Another says it.
    quoted: bool,
}

impl Paragraph {
    /// Ends it, for the next to begin; none where there is nothing to read in it.
    fn end(&mut self) -> Option<String> {
        let Self { text, quoted } = std::mem::take(self);
        let text = inline(&text);
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let says = |line: &&str| line.chars().any(|c| c.is_alphanumeric() || is_mark(c) || "★⭐☆".contains(c));
        let text = lines.iter().any(says).then(|| lines.join("\n"))?;
        Some(if quoted { format!("{QUOTED}{text}{UNQUOTED}") } else { text })
    }
}

fn is_rule(line: &str) -> bool {
    let bare: String = line.chars().filter(|c| !c.is_whitespace()).collect();
    let table = bare.chars().all(|c| matches!(c, '|' | '-' | ':')) && bare.contains('-');
    bare.len() >= 3 && (table || ['-', '*', '_', '='].iter().any(|mark| bare.chars().all(|c| c == *mark)))
}

/// Whether a line opens a block of its own (heading, item, quotation), and the line without its mark.
fn own_block(line: &str) -> (bool, &str) {
    static ITEM: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?"));
    static QUOTE: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?:>\s?)+"));
    if let Some(heading) = line.strip_prefix('#') {
        let text = heading.trim_start_matches('#');
        if text.starts_with([' ', '\t']) {
            return (true, text.trim().trim_end_matches('#').trim_end());
        }
    }
    if let Some(mark) = ITEM.find(line) {
        return (true, &line[mark.end()..]);
    }
    if is_quotation(line) {
        return (false, QUOTE.find(line).map_or(line, |mark| &line[mark.end()..]));
    }
    (false, line)
}

fn is_quotation(line: &str) -> bool {
    line.starts_with('>') && !line.starts_with(">!")
}

/// What hides a spoiler or quotes another, as the room's marks; comments and shortcodes go.
fn hidden(source: &str) -> String {
    static COMMENT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?s)<!--.*?-->"));
    static SHORTCODE_OPEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\{\{[<%]\s*(?:spoilers?|details|hidden|collapse)\b[^}]*\}\}|\{%\s*(?:spoilers?|details|hidden)\b[^%]*%\}|\[spoilers?(?:=[^\]]*)?\]|>!|<details[^>]*>|^:::\s?spoiler.*$",
        )
    });
    static SHORTCODE_CLOSE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\{\{[<%]\s*/\s*(?:spoilers?|details|hidden|collapse)\s*[>%]\}\}|\{%\s*end\s?(?:spoilers?|details|hidden)\s*%\}|\[/spoilers?\]|!<|</details>|^:::$",
        )
    });
    static ELEMENT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"(?is)<(p|div|span|section|aside|del|s)\b[^>]*\b(?:class|id|data-spoiler)\s*=\s*["']?[^"'>]*spoiler[^>]*>(.*?)</(?:p|div|span|section|aside|del|s)>"#,
        )
    });
    static QUOTE_OPEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)<blockquote\b[^>]*>|\{\{[<%]\s*(?:block)?quote\b[^}]*\}\}|\{%\s*(?:block)?quote\b[^%]*%\}")
    });
    static QUOTE_CLOSE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)</blockquote\s*>|\{\{[<%]\s*/\s*(?:block)?quote\s*[>%]\}\}|\{%\s*end\s?(?:block)?quote\s*%\}")
    });
    static BARS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\|\|([^|\n]{2,600})\|\|"));
    // One amid words stands for words that only the site's own generator knows: it stays, so that no sentence is
    // quoted with a hole in it. At the edges of a line it is lay-out.
    static SHORTCODE: LazyLock<Regex> = LazyLock::new(|| {
        const ANY: &str = r"(?:\{\{[<%].*?[>%]\}\}|\{%.*?%\}|\{:[^}]*\})";
        pattern(&format!(r"(?m)^(?:[ \t]*{ANY})+|(?:{ANY}[ \t]*)+$|\{{:[^}}]*\}}"))
    });
    static SCRIPT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?is)<(?:script|style)\b.*?</(?:script|style)>"));
    let text = COMMENT.replace_all(source, "");
    let text = SCRIPT.replace_all(&text, "");
    let text = ELEMENT.replace_all(&text, |c: &regex::Captures| format!("{HIDDEN}{}{SHOWN}", &c[2]));
    let text = SHORTCODE_OPEN.replace_all(&text, HIDDEN.to_string());
    let text = SHORTCODE_CLOSE.replace_all(&text, SHOWN.to_string());
    let text = quotations(&text, &QUOTE_OPEN, &QUOTE_CLOSE);
    let text = BARS.replace_all(&text, |c: &regex::Captures| format!("{HIDDEN}{}{SHOWN}", &c[1]));
    SHORTCODE.replace_all(&text, "").into_owned()
}

/// Quotations in mark-up as the room's marks, where as many end as begin: a shortcode without an end is a quotation
/// of which the text is an attribute, and goes with it.
fn quotations<'a>(text: &'a str, open: &Regex, close: &Regex) -> Cow<'a, str> {
    if open.find_iter(text).count() != close.find_iter(text).count() {
        return Cow::Borrowed(text);
    }
    let opened = open.replace_all(text, QUOTED.to_string());
    Cow::Owned(close.replace_all(&opened, UNQUOTED.to_string()).into_owned())
}

/// The words of a stretch without the marks of emphasis, links, images and tags.
fn inline(text: &str) -> String {
    static IMAGE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"!\[[^\]]{0,300}\](?:\([^)]{0,500}\)|\[[^\]]{0,100}\])?"));
    static LINK: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"\[([^\[\]]{0,500})\](?:\([^()]{0,500}(?:\([^()]{0,100}\)[^()]{0,200})?\)|\[[^\]]{0,100}\])")
    });
    static EMBED: LazyLock<Regex> = LazyLock::new(|| pattern(r"!\[\[[^\[\]]{0,300}\]\]"));
    static WIKI: LazyLock<Regex> = LazyLock::new(|| pattern(r"\[\[(?:[^\[\]|]{0,200}\|)?([^\[\]|]{1,200})\]\]"));
    static NOTE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\[\^[^\]]{1,40}\]:?"));
    static AUTO: LazyLock<Regex> = LazyLock::new(|| pattern(r"<(https?://[^>\s]+)>"));
    static TAG: LazyLock<Regex> = LazyLock::new(|| pattern(r"</?[a-zA-Z][^<>]{0,800}>"));
    static STRONG: LazyLock<Regex> = LazyLock::new(|| pattern(r"\*{1,3}([^\s*](?:[^*\n]*[^\s*])?)\*{1,3}"));
    static EMPHASIS: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(^|[^\p{L}\p{N}_])_{1,3}([^\s_](?:[^_\n]*[^\s_])?)_{1,3}($|[^\p{L}\p{N}_])"));
    static ESCAPE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\\([!-/:-@\[-`{-~])"));
    let text = EMBED.replace_all(text, "");
    let text = WIKI.replace_all(&text, "$1");
    let text = IMAGE.replace_all(&text, "");
    let text = LINK.replace_all(&text, "$1");
    let text = NOTE.replace_all(&text, "");
    let text = AUTO.replace_all(&text, "$1");
    let text = TAG.replace_all(&text, "");
    let text = STRONG.replace_all(&text, "$1");
    let text = EMPHASIS.replace_all(&text, "$1$2$3");
    let text = EMPHASIS.replace_all(&text, "$1$2$3");
    let text = text.replace('`', "").replace("~~", "");
    let text = ESCAPE.replace_all(&text, "$1");
    entities(&text)
}

/// The character references that prose holds.
fn entities(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    const NAMED: [(&str, &str); 16] = [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&ndash;", "–"),
        ("&mdash;", "—"),
        ("&hellip;", "…"),
        ("&rsquo;", "’"),
        ("&lsquo;", "‘"),
        ("&ldquo;", "“"),
        ("&rdquo;", "”"),
        ("&eacute;", "é"),
        ("&frac12;", "½"),
        ("&amp;", "&"),
    ];
    NAMED.iter().fold(text.to_owned(), |text, (name, sign)| text.replace(name, sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Reading {
        read(&Document { source: "a.md".into(), url: None, content_type: None, bytes: Vec::new() }, text)
    }

    #[test]
    fn marks_go_and_words_stay() {
        let text = "# Sea\n\nA *very* good [film](http://x.example/a_(b)), with\nsoft breaks and __force__.\n\n![still](a.png)\n\n- one_two_three\n- `two` &amp; three\n\n{{<notice>}}\n<b>Bold</b><!-- no -->";
        assert_eq!(
            blocks(text),
            ["Sea", "A very good film, with soft breaks and force.", "one_two_three", "two & three", "Bold"]
        );
    }

    #[test]
    fn a_shortcode_at_the_edge_of_a_line_goes_and_one_in_place_of_words_stays() {
        let text = "{{< lead >}}A film for winter.{{< /lead >}}\n\nIt owes a lot to {% film 'Glass Harbour' %}.\n\n{% still 1 %}\n\nSee it.{: .end}";
        assert_eq!(blocks(text), ["A film for winter.", "It owes a lot to {% film 'Glass Harbour' %}.", "See it."]);
    }

    #[test]
    fn a_review_with_front_matter_is_read() {
        let reading = read_text(
            "---\ntitle: \"Glass Harbour\"\nmovie: Glass Harbour\nrating: 4\n---\n\nA quiet film about the sea, and a good one.\n\nI loved the light.",
        );
        let review = &reading.reviews[0];
        assert_eq!(review.body.as_str(), "A quiet film about the sea, and a good one.\n\nI loved the light.");
        assert_eq!(review.work.title.as_deref(), Some("Glass Harbour"));
        assert_eq!(review.extent, None);
    }

    #[test]
    fn quotations_are_marked_as_somebody_elses() {
        let reading = read_text(
            "---\ntitle: Glass Harbour\nrating: 4\n---\n> A stunning film!\n> Go now.\n\nThat is what the poster says, and it is a good film.\n\n\
             <blockquote>\n\nWhere the sea ends.\n\n</blockquote>\n\nSee it, I say, and take your friends along with you.\n\n{{< quote >}}Waves.{{< /quote >}}",
        );
        let review = &reading.reviews[0];
        let theirs: Vec<_> = review.quotations.iter().map(|s| review.body.slice(*s).unwrap().trim()).collect();
        assert_eq!(theirs, ["A stunning film! Go now.", "Where the sea ends.", "Waves."]);
        assert!(!review.body.as_str().contains("\n\n\n"), "{}", review.body.as_str());
    }

    #[test]
    fn hidden_stretches_stay_marked() {
        let reading = read_text(
            "---\ntitle: Glass Harbour\nrating: 4\n---\nA good film.\n\n<p class=\"spoilers\">He leaves.</p>\n\nSee it, >!he leaves!<, twice.",
        );
        let review = &reading.reviews[0];
        let marked: Vec<_> = review.spoiler_spans.iter().map(|s| review.body.slice(*s).unwrap()).collect();
        assert_eq!(marked, ["He leaves.", "he leaves"]);
        assert!(review.spoilers);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_stumble(text in "(?s)(?:[ -~]|\n|---\n|é|[*_#>|!\\[\\]()]){0,200}") {
            let _ = read_text(&text);
        }
    }
}
