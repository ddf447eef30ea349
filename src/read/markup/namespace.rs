//! Namespaces, and the vocabularies that feeds are written in.
//!
//! An element is known by its namespace URI; where the prefix was never declared, or stands for a URI that
//! nobody knows, by the prefix that everybody uses.

/// Where an element's name comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Namespace {
    /// None.
    None,
    /// A URI, as written.
    Uri(String),
    /// A prefix that was never declared.
    Undeclared(String),
}

impl Namespace {
    /// The namespace of a declaration; an empty one takes the default back.
    pub fn of_uri(uri: &str) -> Self {
        let uri = uri.trim();
        if uri.is_empty() { Self::None } else { Self::Uri(uri.to_owned()) }
    }
}

impl std::fmt::Display for Namespace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::None => f.write_str("no namespace"),
            Self::Uri(uri) => write!(f, "namespace {uri}"),
            Self::Undeclared(prefix) => write!(f, "undeclared prefix {prefix}"),
        }
    }
}

/// The vocabularies read here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Vocabulary {
    /// RSS of any version, CDF, and names without a namespace.
    Plain,
    /// Atom, 0.3 and 1.0.
    Atom,
    /// Dublin Core, elements and terms.
    Dublin,
    /// RSS 1.0 content module: `content:encoded`.
    Content,
    /// HTML.
    Xhtml,
    /// RDF syntax.
    Rdf,
    /// Media RSS.
    Media,
    /// iTunes podcasts.
    Itunes,
    /// Letterboxd.
    Letterboxd,
    /// The Movie Database.
    Tmdb,
    /// Backloggd.
    Backloggd,
    /// Oku.
    Oku,
    /// Any other.
    Other,
}

/// Namespace URIs without scheme, `www.` and trailing `/` or `#`, in lower case.
const URIS: [(&str, Vocabulary); 25] = [
    ("blogs.law.harvard.edu/tech/rss", Vocabulary::Plain),
    ("purl.org/rss/1.0", Vocabulary::Plain),
    ("my.netscape.com/rdf/simple/0.9", Vocabulary::Plain),
    ("channel.netscape.com/rdf/simple/0.9", Vocabulary::Plain),
    ("my.netscape.com/publish/formats/rss-0.91.dtd", Vocabulary::Plain),
    ("purl.org/net/rss1.1", Vocabulary::Plain),
    ("w3.org/2005/atom", Vocabulary::Atom),
    ("purl.org/atom/ns", Vocabulary::Atom),
    ("purl.org/echo", Vocabulary::Atom),
    ("purl.org/pie", Vocabulary::Atom),
    ("purl.org/dc/elements/1.1", Vocabulary::Dublin),
    ("purl.org/dc/elements/1.0", Vocabulary::Dublin),
    ("purl.org/dc/terms", Vocabulary::Dublin),
    ("purl.org/rss/1.0/modules/content", Vocabulary::Content),
    ("w3.org/1999/xhtml", Vocabulary::Xhtml),
    ("w3.org/1999/02/22-rdf-syntax-ns", Vocabulary::Rdf),
    ("search.yahoo.com/mrss", Vocabulary::Media),
    ("rssboard.org/media-rss", Vocabulary::Media),
    ("itunes.com/dtds/podcast-1.0.dtd", Vocabulary::Itunes),
    ("itunes.com/dtds/porcast-1.0.dtd", Vocabulary::Itunes),
    ("letterboxd.com", Vocabulary::Letterboxd),
    ("themoviedb.org", Vocabulary::Tmdb),
    ("backloggd.com", Vocabulary::Backloggd),
    ("oku.club", Vocabulary::Oku),
    ("w3.org/xml/1998/namespace", Vocabulary::Other),
];

/// The prefixes that everybody uses.
const PREFIXES: [(&str, Vocabulary); 18] = [
    ("", Vocabulary::Plain),
    ("rss", Vocabulary::Plain),
    ("atom", Vocabulary::Atom),
    ("atom10", Vocabulary::Atom),
    ("a10", Vocabulary::Atom),
    ("dc", Vocabulary::Dublin),
    ("dcterms", Vocabulary::Dublin),
    ("content", Vocabulary::Content),
    ("xhtml", Vocabulary::Xhtml),
    ("html", Vocabulary::Xhtml),
    ("rdf", Vocabulary::Rdf),
    ("media", Vocabulary::Media),
    ("itunes", Vocabulary::Itunes),
    ("letterboxd", Vocabulary::Letterboxd),
    ("tmdb", Vocabulary::Tmdb),
    ("backloggd", Vocabulary::Backloggd),
    ("oku", Vocabulary::Oku),
    ("xml", Vocabulary::Other),
];

impl Vocabulary {
    /// The vocabulary of a namespace; the prefix decides where the namespace does not.
    pub fn of(namespace: &Namespace, prefix: &str) -> Self {
        if let Namespace::Uri(uri) = namespace {
            let uri = bare(uri);
            // RSS 2.0 went by several: rss, rss2, rss091.
            if uri.starts_with("backend.userland.com/rss") {
                return Self::Plain;
            }
            if let Some((_, known)) = URIS.iter().find(|(known, _)| *known == uri) {
                return *known;
            }
        }
        let prefix = prefix.to_ascii_lowercase();
        PREFIXES.iter().find(|(known, _)| *known == prefix).map_or(Self::Other, |(_, known)| *known)
    }
}

fn bare(uri: &str) -> String {
    let uri = uri.to_ascii_lowercase();
    let uri = uri.split_once("://").map_or(uri.as_str(), |(_, rest)| rest);
    let uri = uri.strip_prefix("www.").unwrap_or(uri);
    uri.trim_end_matches(['/', '#']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(uri: &str, prefix: &str) -> Vocabulary {
        Vocabulary::of(&Namespace::of_uri(uri), prefix)
    }

    #[test]
    fn spelling_variants_of_a_namespace_are_one_vocabulary() {
        for uri in ["http://purl.org/atom/ns#", "http://www.w3.org/2005/Atom", "https://www.w3.org/2005/Atom/"] {
            assert_eq!(of(uri, "x"), Vocabulary::Atom, "{uri}");
        }
        assert_eq!(of("http://search.yahoo.com/mrss", "m"), of("http://www.rssboard.org/media-rss", "n"));
    }

    #[test]
    fn an_unknown_namespace_goes_by_its_prefix() {
        assert_eq!(of("http://example.org/typo", "dc"), Vocabulary::Dublin);
        assert_eq!(of("http://example.org/own", "own"), Vocabulary::Other);
        assert_eq!(of("", ""), Vocabulary::Plain);
    }
}
