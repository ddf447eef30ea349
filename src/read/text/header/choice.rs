//! Which line of a header is the title, or whether the text names a better one.

use crate::{
    model::WorkKind,
    read::{
        facts::Facts,
        kind, people,
        title::{self, Headline},
    },
};

/// The title that the header or the text gives, and the header line it came from.
pub fn choose_title(titles: &[String], text: &str, site: Option<&str>, facts: &mut Facts) -> String {
    let mut best: Option<(f64, Headline, &String)> = None;
    let lines = titles.iter().enumerate().map(|(at, line)| (at, line, title::headline(line, site)));
    // A quotation amid a headline is its title, where the text names it too.
    let quoted = titles.iter().enumerate().filter_map(|(at, line)| {
        let headline =
            title::quoted_within(line).filter(|h| h.title.as_deref().is_some_and(|t| title::mentions(text, t) > 0))?;
        Some((at, line, headline))
    });
    for (at, line, headline) in lines.chain(quoted) {
        let Some(name) = headline.title.clone() else { continue };
        let words = name.split_whitespace().count();
        let again = titles.iter().skip(at + 1).filter(|other| *other == line).count();
        let mentioned = title::mentions(text, &name).min(3) as f64;
        let mut score = mentioned;
        score += if headline.marked { 3.0 } else { 0.0 };
        score += if headline.year.is_some() { 2.0 } else { 0.0 };
        score += if headline.quoted { 1.0 } else { 0.0 };
        score += if again > 0 { 1.0 } else { 0.0 };
        score += if at == 0 { 1.5 } else { 0.0 };
        score -= if words > 10 { 2.5 } else { 0.0 };
        score -= if line.ends_with(['.', ':', '!']) && !headline.marked { 1.5 } else { 0.0 };
        if best.as_ref().is_none_or(|(held, ..)| score > *held) {
            best = Some((score, headline, line));
        }
    }
    facts.declared |= titles.iter().any(|line| title::headline(line, site).marked);
    let body = title::in_body(text);
    let line = best.as_ref().map_or(String::new(), |(_, _, line)| (*line).clone());
    let headline = match (best, body) {
        (Some((score, headline, _)), Some(body)) if score < 2.0 => {
            Headline { marked: headline.marked, kind: headline.kind, ..body }
        }
        (Some((score, headline, _)), None) if score < 1.0 && !headline.marked => Headline::default(),
        (Some((_, headline, _)), _) => headline,
        (None, Some(body)) => body,
        (None, None) => Headline::default(),
    };
    if let Some(cited) = headline.title.as_deref().and_then(|short| title::cited(text, short)) {
        facts.add_headline(cited);
    }
    let mut headline = artist_first(headline, text);
    if let Some(plain) = headline.title.as_deref().and_then(|title| title::undrawn(title, text)) {
        headline.title = Some(plain);
    }
    facts.add_headline(headline);
    line
}

/// "Artist – Album" is how albums are headed.
fn artist_first(mut headline: Headline, text: &str) -> Headline {
    let album = headline.kind == Some(WorkKind::Album) || kind::of_words(text) == Some(WorkKind::Album);
    if let (true, Some(artist), Some(album)) =
        (album && headline.creators.is_empty(), &headline.title, &headline.second)
        && people::looks_like_name(artist)
        && (headline.kind == Some(WorkKind::Album) || title::mentions(text, album) > 0)
    {
        headline.creators = vec![artist.clone()];
        headline.title = headline.second.take();
    }
    headline
}
