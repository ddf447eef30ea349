//! Feeds exchanged with other readers as OPML 2.0: sources of digests out, `[[source]]` tables in.
//!
//! A digest file belongs to the person who writes it. Taking in adds tables at its end and touches nothing else,
//! and only if the file is sound with them.

use std::path::{Path, PathBuf};

use url::Url;

use super::{App, AppError};
use crate::{
    model::{
        Digest,
        digest::{Place, file},
    },
    read::{charset, feed::opml},
};

/// The feeds of some digests as OPML, one folder a digest. Pages and folders are no feeds: they are left out, and
/// named.
pub fn export(digests: &[Digest], title: &str) -> (String, Vec<String>) {
    let mut left_out = Vec::new();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  <head>\n");
    out.push_str(&format!("    <title>{}</title>\n  </head>\n  <body>\n", escaped(title)));
    for digest in digests {
        let name = escaped(&digest.title);
        out.push_str(&format!("    <outline text=\"{name}\" title=\"{name}\">\n"));
        for source in &digest.sources {
            let Place::Feed(url) = &source.place else {
                left_out.push(source.locator.clone());
                continue;
            };
            let name = escaped(&digest.source_name(&source.locator));
            let url = escaped(url.as_str());
            out.push_str(&format!("      <outline type=\"rss\" text=\"{name}\" title=\"{name}\" xmlUrl=\"{url}\"/>\n"));
        }
        out.push_str("    </outline>\n");
    }
    out.push_str("  </body>\n</opml>\n");
    left_out.dedup();
    (out, left_out)
}

/// Text as it may stand in XML, between tags or quotes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// What a list comes to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Import {
    /// The `[[source]]` tables of the new ones.
    pub tables: String,
    /// How many they are.
    pub added: usize,
    /// Feeds that are there already.
    pub known: usize,
    /// What could not be taken, each with its line.
    pub refused: Vec<String>,
}

/// Reads a list into `[[source]]` tables, leaving out feeds that are `known` or come twice.
///
/// # Errors
/// Where the bytes are no list.
pub fn import(bytes: &[u8], known: &[Url]) -> Result<Import, AppError> {
    let list = opml::read(&charset::decode(bytes, Some("application/xml")).text);
    if !list.is_list {
        return Err(AppError::Input("this is no OPML: there is neither <opml> nor <outline> in it".to_owned()));
    }
    let mut known: Vec<Url> = known.to_vec();
    let mut import = Import::default();
    for outline in list.outlines {
        let called = outline.title.as_deref().or(outline.page.as_deref()).unwrap_or("an outline without a name");
        let url = match outline.feed.as_deref().map(web_url) {
            Some(Ok(url)) => url,
            Some(Err(why)) => {
                import.refused.push(format!("line {}: {called}: {why}", outline.line));
                continue;
            }
            None => {
                import.refused.push(format!("line {}: {called}: it names no feed (xmlUrl)", outline.line));
                continue;
            }
        };
        if known.contains(&url) {
            import.known += 1;
            continue;
        }
        import.tables.push_str(&table(&url, outline.title.as_deref(), &outline.categories));
        import.added += 1;
        known.push(url);
    }
    if list.cut {
        import.refused.push("the list is longer than any is read; the rest was left out".to_owned());
    }
    Ok(import)
}

fn web_url(text: &str) -> Result<Url, String> {
    // Some readers write the scheme of feeds that browsers once knew.
    let text = text.strip_prefix("feed:").map_or(text, |rest| rest.trim_start_matches("//"));
    let full = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    let mut url = Url::parse(&full).map_err(|error| format!("`{}` is no address ({error})", cut(text)))?;
    url.set_fragment(None);
    match url.scheme() {
        "http" | "https" if url.host_str().is_some_and(|host| !host.is_empty()) => Ok(url),
        _ => Err(format!("`{}` is no web address", cut(text))),
    }
}

fn cut(text: &str) -> String {
    text.chars().take(100).collect()
}

/// A source as a digest file says it; the folders stand in a comment, since a digest has none.
fn table(url: &Url, title: Option<&str>, categories: &[String]) -> String {
    let mut table = String::from("\n[[source]]\n");
    if !categories.is_empty() {
        table.push_str(&format!("# {}\n", one_line(&categories.join(" / "))));
    }
    table.push_str(&format!("feed = {}\n", quoted(url.as_str())));
    if let Some(title) = title.map(one_line).filter(|title| !title.is_empty()) {
        table.push_str(&format!("name = {}\n", quoted(&title)));
    }
    table
}

/// Without control characters, cut to what a name may be.
fn one_line(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(120).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The file of a digest.
pub fn digest_file(app: &App, digest: &Digest) -> PathBuf {
    app.settings.paths.digests.join(format!("{}.toml", digest.name))
}

/// The feeds that a digest reads.
pub fn feeds(digest: &Digest) -> Vec<Url> {
    let url = |place: &Place| if let Place::Feed(url) = place { Some(url.clone()) } else { None };
    digest.sources.iter().filter_map(|source| url(&source.place)).collect()
}

/// Adds tables at the end of a digest's file, if it is sound with them.
///
/// # Errors
/// Where the file cannot be read or written, or would not be sound; then it is as it was.
pub fn append(path: &Path, digest: &Digest, tables: &str) -> Result<(), AppError> {
    let failed = |source| AppError::File { path: path.to_owned(), source };
    let before = std::fs::read_to_string(path).map_err(failed)?;
    let newline = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
    let after = format!("{before}{newline}{tables}");
    file::parse(&path.display().to_string(), digest.name.as_str(), &after).map_err(AppError::Problems)?;
    // Written beside and moved over, so that the file is never half there.
    let beside = path.with_extension("toml.new");
    std::fs::write(&beside, after).map_err(failed)?;
    if let Ok(metadata) = std::fs::metadata(path) {
        // Only a nicety: the file is the person's own either way.
        let _ = std::fs::set_permissions(&beside, metadata.permissions());
    }
    std::fs::rename(&beside, path).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(sources: &str) -> Digest {
        file::parse("friday.toml", "friday", &format!("title = \"Film & \\\"more\\\"\"\n{sources}")).unwrap()
    }

    #[test]
    fn what_is_given_out_is_taken_in_again() {
        let text = "[[source]]\nfeed = \"https://a.example/feed?x=1&y=%22\"\nname = \"Ann \\\\ <b> \\\"quoted\\\"\"\n\
            [[source]]\npage = \"https://b.example/\"\n[[source]]\nfeed = \"http://c.example/\"\n";
        let digest = digest(text);
        let (list, left_out) = export(std::slice::from_ref(&digest), "Mine");
        assert_eq!(left_out, ["https://b.example/"]);
        let import = import(list.as_bytes(), &[]).unwrap();
        assert_eq!((import.added, import.known, import.refused.len()), (2, 0, 0));
        let again = file::parse("x", "x", &format!("title = \"X\"\n{}", import.tables)).unwrap();
        assert_eq!(feeds(&again), feeds(&digest));
        assert_eq!(again.sources[0].name, digest.sources[0].name);
        assert_eq!(super::import(list.as_bytes(), &feeds(&digest)).unwrap().known, 2);
    }

    #[test]
    fn what_cannot_be_taken_is_told_with_its_line() {
        let list = "<opml>\n<outline text='Page' htmlUrl='https://a.example/'/>\n<outline text='Bad' xmlUrl='file:///etc/passwd'/>\n\
            <outline text='Old' xmlUrl='feed://b.example/rss'/>\n<outline text='Twice' xmlUrl='http://b.example/rss'/>\n\
            <outline text='Empty' xmlUrl='http://'/></opml>";
        let import = import(list.as_bytes(), &[]).unwrap();
        assert_eq!((import.added, import.known), (1, 1));
        let lines: Vec<_> = import.refused.iter().map(|why| why.split(':').next().unwrap()).collect();
        assert_eq!(lines, ["line 2", "line 3", "line 6"]);
        assert!(super::import(b"<html>", &[]).is_err());
    }

    #[test]
    fn a_name_cannot_break_out_of_its_line() {
        let list = "<opml><outline text='a&quot;&#10;[[source]]&#10;feed = &quot;http://evil.example/' xmlUrl='http://a.example/'/>\
            <outline text='x&#10;]'><outline text='\\' xmlUrl='http://b.example/'/></outline></opml>";
        let tables = import(list.as_bytes(), &[]).unwrap().tables;
        let parsed = file::parse("x", "x", &format!("title = \"X\"\n{tables}")).unwrap();
        assert_eq!(parsed.sources.len(), 2);
    }
}
