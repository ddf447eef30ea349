//! What stands around a text and is not the text: comments, forms, sharing bars, author boxes, tag lists.
//!
//! Works on lines of plain text. A strong anchor (a comment section) ends the text wherever it stands after
//! some prose; a weak one (share, tags, related) only after two fifths of the prose, because such lines also
//! stand in the middle of pages.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern::pattern;

/// A line of prose has at least this many characters.
pub const PROSE: usize = 90;

/// So much prose must stand before a strong anchor.
const BEFORE_STRONG: usize = 150;

/// No more than this many times the prose before a strong anchor stands below it.
const MOST_BELOW: usize = 12;

/// Whether a line opens the comment section or form.
pub fn opens_comments(line: &str) -> bool {
    static STRONG: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\W{0,3}(?:\d+\s(?:comments?|responses?|replies|thoughts|kommentare?|commentaires?|comentarios?|comentários?|komentarz[ey]?|reacties)\b(?:\s(?:on|to|so|zu|sur|en|for)\b.*|\W*)|leave\s(?:a|your)\s(?:reply|comment|response).*|be\sthe\sfirst\sto\s(?:comment|review|reply).*|(?:post|add|write)\s(?:a|your)\s(?:comment|reply).*|speak\syour\smind|comments?\W{0,3}\d*\W*|trackbacks?.*|pingbacks?.*|fill\sin\syour\sdetails\sbelow.*|you\sare\scommenting\susing.*|komentarze.*|kommentare?(?:\s\(\d+\))?|commentaires?|comentarios?|comentários?|reacties|deixe\s(?:um|o\sseu)\scoment.*|laisser\sun\scommentaire.*|schreibe?\seinen\skommentar.*|hinterlasse\s.*|deja\suna?\s(?:respuesta|comentario).*|lascia\sun\scommento.*|\d+\s?(?:개의\s)?댓글.*|this\ssite\suses\sakismet.*|discussion\W*)$",
        )
    });
    line.chars().count() < 120 && STRONG.is_match(line)
}

/// Whether a line opens what usually follows a text: author box, tags, sharing, related posts.
fn is_weak(line: &str) -> bool {
    static WEAK: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\W{0,3}(?:share(?:\s(?:this|on|via|with|it)\b.*|\s*:.*|\W*)|like\sthis\W*|like\sloading.*|related(?:\s(?:posts?|articles?|reviews?|stories|reading|content))?\W*|you\s(?:may|might)\s(?:also\s)?(?:like|enjoy).*|more\s(?:from|in|by|reviews|posts)\b.*|read\s(?:more|next|also)\b.*|recommended\sfor\syou.*|up\snext\W*|next\sup\W*|tags?\s*:.*|tagged(?:\s(?:with|as|in)\b.*|\s*:.*)|tagi\s*:.*|filed\s(?:under|in)\b.*|posted\s(?:in|under)\b.*|categor(?:y|ies|ías?|ie[sn]?)\s*:.*|kategorien?\s*:.*|schlagw(?:ort|örter)\s*:.*|mots?-clés?\s*:.*|etiquetas\s*:.*|about\s(?:the\s)?(?:author|reviewer|writer|critic)\b.*|about\s\p{Lu}.{2,40}|written\sby\W*|(?:review(?:ed)?|words|rezension|kritik|critique|recensione|reseña|crítica|resenha|recensie|recenzja)\s(?:by|von|par|di|de|por|door):?\s\S.{1,40}|author\s?bio\W*|privacy\s(?:&|and|policy)\b.*|cookie\spolicy.*|subscribe\b.{0,60}|sign\sup\b.{0,60}|newsletter\b.{0,60}|follow\s(?:us|me|on)\b.{0,60}|advertisements?\W*|previous\s(?:post|article|review)\b.*|next\s(?:post|article|review)\b.*|older\sposts?.*|newer\sposts?.*|back\sto\s(?:top|home|reviews?)\b.*|copyright\b.*|©.*|all\srights\sreserved.*|image\s(?:sources?|credits?)\b.*|photo\scredits?\b.*|print(?:\sthis)?|email(?:\sthis)?|facebook|twitter|pinterest|tumblr|reddit|whatsapp|\[?disclosure\b.*|affiliate\b.*)$",
        )
    });
    static BUTTONS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\W*(?:(?:facebook|twitter|email|e-mail|print|pinterest|reddit|tumblr|linkedin|whatsapp|telegram|google\+?|share|tweet|pocket|mastodon|bluesky|threads|x)\W*){2,}$",
        )
    });
    static BIOGRAPHY: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^\p{Lu}[\p{L}.’'-]+(?:\s\p{Lu}[\p{L}.’'-]+){1,2}\s(?:is|lives|writes|has\sbeen|works)\b.{0,200}\b(?:freelance|contribut(?:or|es)|co-?editor|editor\s(?:of|at)|blogs?\sat|blogger|film\scritic|(?:can\s)?follow\s(?:him|her|them)|writes\s(?:for|about))\b",
        )
    });
    let length = line.chars().count();
    let tags = length < 1000 && line.to_lowercase().starts_with("tag");
    (length < 300 || tags) && WEAK.is_match(line)
        || length < 400 && (BUTTONS.is_match(line) || BIOGRAPHY.is_match(line))
}

/// Whether a line is noise wherever it stands: an advertisement's label, a button.
pub fn is_noise(line: &str) -> bool {
    static NOISE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\W*(?:advertisements?|anzeige|werbung|publicité|publicidad(?:e)?|share|tweet|pin\sit|like|print|email|skip\sto\s(?:main\s)?content|menu|search|full\sarticle|don['’]t\smiss|continue\sreading.{0,40}|read\smore|\[read\smore.*|click\sto\s(?:share|enlarge|tweet).*|report\sthis\sad)\W*$",
        )
    });
    line.chars().count() < 80 && NOISE.is_match(line)
}

/// Whether a paragraph at the edge of a text speaks for the site and not for its writer: asks to subscribe, to log in or
/// to write in, says who may copy what, answers for nobody's opinions, or owns up to advertising.
fn is_notice(paragraph: &str) -> bool {
    static NOTICE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)
            ^\W*(?:please\s|to\s[^.!?]{2,40},\s(?:please\s)?)?(?:subscribe|sign\s?up|register|log\s?in|download|submit\s(?:your|a)|send\s(?:your|us)|support\s(?:us|our)|donate|become\sa\s(?:member|subscriber|patron)|follow\sus|contact\sus|join\sour|click\shere\sto|(?:did\syou\s)?(?:enjoy(?:ed)?|like[d]?)\sthis\s(?:story|article|post|review)|abonnieren\ssie|melden\ssie\ssich|folgen\ssie\suns|abonnez-vous|inscrivez-vous|suscr[ií]b(?:a|e)te|suscríbase)\b
            |\b(?:already|not\s(?:yet\s)?|become|our|all|digital|print|paid)\s(?:an?\s|our\s)?subscribers?\b
            |\bfor\sthe\s(?:latest|full)\s[^.!?]{0,60}\b(?:download|subscribe|sign\s?up|follow|join)\b
            |\b(?:is|are)\snot\s(?:necessarily\s)?(?:responsible|liable)\sfor\s(?:the\s|any\s)?(?:opinions?|views?|content|statements?|comments?)\b
            |\b(?:views?|opinions?)\s(?:and\s\w+\s)?(?:expressed|presented)\b[^.!?]{0,80}\b(?:do\snot|are\s(?:those|solely|not)|not\snecessarily)\b
            |\b(?:copyrighted\s(?:property|material)|all\srights\sreserved|alle\srechte\svorbehalten|tous\sdroits\sréservés)\b
            |\b(?:written|prior|without)\s(?:written\s)?(?:permission|consent)\b[^.!?]{0,60}\b(?:obtained|required|prohibited|reprint|reproduced?|republish)
            |^\W*(?:disclosure\W|this\s(?:post|article|page|review)\s(?:contains?|may\scontain|includes?)\s(?:affiliate|sponsored))
            ",
        )
    });
    paragraph.chars().count() < 400 && NOTICE.is_match(paragraph)
}

/// A text of paragraphs without the site's notices before and behind it.
pub fn without_notices(text: &str) -> &str {
    let mut text = text.trim();
    while let Some((_, rest)) = text.split_once("\n\n").filter(|(first, _)| is_notice(first)) {
        text = rest.trim_start();
    }
    let closes = |last: &str| is_notice(last) || is_weak(last) || is_noise(last) || opens_comments(last);
    while let Some((rest, _)) = text.rsplit_once("\n\n").filter(|(_, last)| closes(last)) {
        text = rest.trim_end();
    }
    text
}

/// How many of the lines belong to the text: those before the first anchor that counts.
pub fn cut(lines: &[&str]) -> usize {
    let prose = |line: &str| {
        let length = line.chars().count();
        if length >= PROSE { length } else { 0 }
    };
    let mut before = 0;
    let mut end = lines.len();
    let whole: usize = lines.iter().map(|line| prose(line)).sum();
    for (at, line) in lines.iter().enumerate() {
        // Comments may be longer than the text, but a counter under the headline has nearly all of it below.
        if before >= BEFORE_STRONG && before * MOST_BELOW >= whole && opens_comments(line) {
            end = at;
            break;
        }
        before += prose(line).max(if line.chars().count() >= 45 { line.chars().count() / 2 } else { 0 });
    }
    let all: usize = lines[..end].iter().map(|line| prose(line)).sum();
    let mut seen = 0;
    for (at, line) in lines[..end].iter().enumerate() {
        if seen * 5 >= all * 2 && seen > 0 && is_weak(line) {
            return at;
        }
        seen += prose(line);
    }
    end
}

/// What a line without a sentence costs a run of text, in hundreds of characters of prose.
const SCRAP: f64 = 0.8;
/// A line of prose counts at most this many characters, so that no single notice outweighs a text.
const MOST: usize = 300;

/// The stretch of lines that holds the text, between menus, banners and lists of other texts: the run of lines with
/// the most prose, when every line that is no sentence is counted against it.
pub fn main_run(lines: &[&str]) -> std::ops::Range<usize> {
    let (mut best, mut sum, mut start) = ((0.0, 0..lines.len()), 0.0, 0);
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_empty()) {
        if sum <= 0.0 {
            (sum, start) = (0.0, at);
        }
        sum += worth(line);
        if sum > best.0 {
            best = (sum, start..at + 1);
        }
    }
    best.1
}

fn worth(line: &str) -> f64 {
    let length = line.chars().count();
    let sentence = line.ends_with(['.', '!', '?', '…', '”', '"', '’', ')', ':', '。', '！', '？', '」'])
        && (line.split_whitespace().count() >= 4 || length >= 15 && line.chars().all(|c| !c.is_whitespace()));
    match length {
        PROSE.. => length.min(MOST) as f64 / 100.0,
        _ if sentence => length as f64 / 150.0,
        _ => -SCRAP,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: &str = "The sea is grey in every frame of this picture, and the people who look at it are greyer still, yet it never bores.";

    #[test]
    fn comments_and_forms_end_the_text() {
        for anchor in [
            "11 comments on “Glass",
            "Leave a Reply",
            "Be the first to comment!",
            "4 Responses to “Glass Harbour”",
            "Komentarze do wpisu",
            "Comments",
        ] {
            assert_eq!(cut(&[LONG, LONG, anchor, LONG]), 2, "{anchor}");
        }
    }

    #[test]
    fn a_sharing_bar_before_the_text_does_not_end_it() {
        assert_eq!(cut(&[LONG, "Share this:", LONG, LONG, LONG, "Tags: sea, grey", "Related"]), 5);
    }

    #[test]
    fn sharing_buttons_and_an_author_box_end_it_once_it_is_told() {
        let bio = "Jo Reader is a freelance writer from Bristol. You can follow her everywhere.";
        for anchor in ["Facebook Twitter Email", bio, "About the author"] {
            assert_eq!(cut(&[LONG, LONG, anchor, "x"]), 2, "{anchor}");
        }
    }

    #[test]
    fn menus_and_lists_around_the_text_are_left_out() {
        let banner =
            "We use small files to remember you and to count how often you come back, which you may allow or not.";
        let menu = ["Home", "Films", "Books", "About", "Search", "Log in"];
        let other = ["Night Train", "The Lake", "Snow", "Dust", "Amber", "The Attic"];
        let text = [LONG, "The light", LONG, "It never bores me.", LONG];
        let lines: Vec<&str> = [&[banner][..], &menu, &text, &other, &[LONG]].concat();
        assert_eq!(main_run(&lines), 7..12);
        assert_eq!(main_run(&["Snow", "falls", "on me"]), 0..3, "a text all of short lines stays whole");
    }

    #[test]
    fn what_speaks_for_the_site_is_taken_off_the_edges() {
        let notices = [
            "This post contains affiliate links.",
            "To view the full story, please subscribe to Quiet Pages.",
            "For the latest news download our app.",
            "Quiet Pages is not responsible for the opinions of its writers.",
            "No part may be reproduced. All rights reserved.",
            "Already a subscriber? Log in here.",
        ];
        for notice in notices {
            assert_eq!(
                without_notices(&format!("{notice}\n\n{LONG}\n\nStay.\n\n{notice}\n\n{notice}")),
                format!("{LONG}\n\nStay.")
            );
            assert_eq!(
                without_notices(&format!("{LONG}\n\n{notice}\n\n{LONG}")).matches(notice).count(),
                1,
                "{notice}"
            );
        }
        for text in ["I could not subscribe to its view of the sea.", "His opinions are not mine.", "Follow the light."]
        {
            assert_eq!(without_notices(&format!("{LONG}\n\n{text}")), format!("{LONG}\n\n{text}"));
        }
    }

    #[test]
    fn a_sentence_about_comments_stays() {
        assert_eq!(cut(&[LONG, LONG, "Comments on class are everywhere in this film, and I liked them.", LONG]), 4);
    }
}
