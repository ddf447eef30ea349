//! Marks that are somebody else's, or another work's.

use std::sync::LazyLock;

use regex::Regex;

use super::{any, patterns};
use crate::{model::text::norm, read::pattern::pattern};

/// Whether a mark is not this reviewer's of this work. `sentence` is what stands before it, `title` the work's.
pub fn is_anothers(sentence: &str, after: &str, title: Option<&str>) -> bool {
    static BEFORE: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        patterns(&[
            // Sites, and what the crowd says.
            r"(?i)\b(?:imdb|metacritic|metascore|rotten\s?tomatoes|tomatometer|certified|cinemascore|(?:users?|customers?|guests?|buyers?|audiences?|viewers?|readers?|community|critics?['’]?s?|average|avg\.?|press|public|members?)\s(?:has|have|ratings?|scores?|votes?|average|gave|give|rate[sd]?|reviews?))\b|\baverages?(?:\s(?:of|rating|score))?\s*:?\s*$|\bhas\sit\sat\b",
            // What a page asks its visitors for.
            r"(?i)\b(?:rate\s(?:this|us)|your\s(?:rating|score|vote)|click\sto\srate|leave\sa\srating)\b[^.!?\n]{0,30}$",
            // "(which I rate 8/10)", "for which I gave 8/10" speak of another work.
            r"(?i)\b(?:which|that)\s(?:i|we)(?:['’](?:d|ve))?\s(?:\w+\s)?(?:gave|give|rated?|score[ds]?)\s[^.!?\n]{0,20}$",
            // What amazes the reviewer is not the reviewer's.
            r"(?i)\b(?:believe|understand|shocked|surprised|amazed|wonder|baffled|puzzled)\b[^.!?\n]{0,90}$|\b(?:the|this|its|current|such\sa)\s(?:\w+\s)?(?:rating|score)\sof\s$",
            r"(?i)\b(?:currently|presently)\s(?:rated|at|stands\sat|has|holds)\s(?:an?\s)?$",
            r"(?i)^\W*(?:how|why)\s(?:\w+\s){1,4}?(?:gets?|got|has|have|earned|receive[sd]|scored|deserved)\s(?:an?\s)?$",
            // Several works, each with its own.
            r"(?i)\beach\s(?:\w+\s)?(?:rat(?:es?|ing)|gets?|getting|earn(?:s|ing)?|scor(?:es?|ing)|out\sof)\b[^.!?\n]{0,20}$",
            // Parts of a work, and works beside it, earn marks of their own.
            r"(?i)\b(?:books?|novel|original|first\s(?:one|film|movie|part)|trailer|dvd|disc|soundtrack|audio|narration|score|acting|cast|script|story|plot|effects|visuals|music|direction|cinematography)\s(?:gets?|earns?|deserves?|receives?|scores?)\s[^.!?\n]{0,25}$|\b(?:trailer|soundtrack|acting|cast|effects|visuals|music|direction|cinematography|audio|narration|costumes)\s(?:was|is|were|are)\s(?:an?\s)?$",
            // Earlier works of the row.
            r"(?i)\b(?:gave|rated)\s(?:the|its)\s(?:first|original|previous|last|second|prequel|sequel|predecessor)\b|\b(?:the|its)\s(?:first|original|previous|prequel|predecessor)(?:\s\w+){0,2}\s(?:was|is|got|gets|earned|scored)\s(?:an?\s|about\s)?$|\b(?:his|her|their)\s(?:last|first|previous|debut)\s\w+\s(?:was|is|got)\b|\b(?:gave|rated)\s(?:book|part|volume|season)\s(?:one|two|three|\d)|\blast\s(?:year|time|week|month)(?:['’]s)?\b",
        ])
    });
    static AFTER: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        patterns(&[
            r"(?i)^\s*(?:from|by)\s(?:the\s|most\s|many\s|all\s)?(?:critics?|audiences?|users?|viewers?|readers?|reviewers?|press|fans)\b",
            r"(?i)^\s*from\s(?:over|more\sthan|about|some|nearly|almost)?\s?\d",
            r"(?i)^[\s,)]*(?:the\s)?(?:viewers|voters|users|imdb|average|as\sof)\b|^[,.!?]?[\x22”]\s\w+\s(?:said|says|cried|replied|shouted|wrote|told)\b|^[^.!?\n]{0,60}\bfool\syou\b",
        ])
    });
    any(&BEFORE, sentence)
        || any(&AFTER, after)
        || in_brackets_after_another(sentence, after, title)
        || is_of_the_crowd(sentence)
        || is_given_by_another(sentence, after)
        || is_given_to_another(sentence, title)
}

/// `the 163 people that rated it`, `another user, who says`: with no `I` or `my` after them, the mark is theirs.
fn is_of_the_crowd(sentence: &str) -> bool {
    static CROWD: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)(?:\b(?:any(?:one|body)|no(?:body|\sone)|every(?:one|body)|some(?:one|body)|people|persons?|idiots?|folks|those|whoever|guide|newspaper|magazine)|\d\s?%)(?:\s[^.!?\n]{0,80})?\s(?:giv(?:e|es|ing|en)|gave|rat(?:e|es|ed|ing)|vot(?:e|es|ed|ing)|claim(?:s|ed|ing)?|say(?:s|ing)?|said|scor(?:e|es|ed|ing))\b[^.!?\n:;]{0,50}$|\b(?:another|other|previous|some|one|many|most|these|those)\s(?:\w+\s)?(?:users?|reviewers?|commenters?|comments?|reviews?|critics?|posters?)\b[^.!?\n:;]{0,90}$|\bin\sa\s(?:\w+\s)?(?:magazine|newspaper|paper)\b[^.!?\n:;]{0,60}$",
        )
    });
    static OWN: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?:i|i['’]\w+|we|my|mine|our|me)\b"));
    CROWD.find_iter(sentence).any(|crowd| !OWN.is_match(&sentence[crowd.start()..]))
}

fn is_given_by_another(sentence: &str, after: &str) -> bool {
    static GIVER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?:^|[^\p{L}'’])([\p{L}'’]+)[,)]?\s(?:(?:would|will|have|has|had|just|to|can|could|must|should|also|only|now|even|actually|really|still|probably|generously|originally|is|are|was|were|am|be|been|keeps?|kept)\s){0,3}(?:gives?|gave|given|giving|awards?|awarded|rates?|rated|scored|says?|said|calls?|called)\s[^.!?\n]{0,60}$",
        )
    });
    let Some(captures) = GIVER.captures(sentence) else { return false };
    let giver = captures.get(1).map_or("", |m| m.as_str());
    let owner = sentence[..captures.get(1).map_or(0, |m| m.start())].trim_end().rsplit(' ').next().unwrap_or("");
    let owner = owner.to_lowercase();
    let kin = ["my", "his", "her", "their", "our"].contains(&owner.as_str());
    let several = ["some", "those", "these", "most", "many", "other"].contains(&owner.as_str()) && giver.ends_with('s');
    let ours =
        ["rating", "score", "verdict", "vote", "heart", "head", "conscience"].contains(&giver.to_lowercase().as_str());
    if names_another(giver) || (kin || several) && !ours {
        return true;
    }
    let to = after.trim_start().to_lowercase();
    let this = ["to this", "to it", "to the film", "to the movie", "to the book", "to the album", "to the game"];
    to.starts_with("to ") && !this.iter().any(|start| to.starts_with(start))
}

/// `I gave “Other Film” 9/10`.
fn is_given_to_another(sentence: &str, title: Option<&str>) -> bool {
    static OTHER_WORK: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"\b(?:gave|rated|given)\s["“‘'_*]*(\p{Lu}[^.!?\n]{0,60})$"#));
    OTHER_WORK.captures(sentence).is_some_and(|captures| {
        let named = norm(captures.get(1).map_or("", |m| m.as_str()));
        !title.is_some_and(|title| named.starts_with(&norm(title)))
    })
}

/// `Other Film (8/10)`: a mark in brackets belongs to the name before it.
fn in_brackets_after_another(sentence: &str, after: &str, title: Option<&str>) -> bool {
    let bracketed = after.trim_start().starts_with([')', ']']);
    let Some(named) = sentence.trim_end().strip_suffix(['(', '[']).filter(|_| bracketed) else { return false };
    let own = title.is_some_and(|title| norm(named).ends_with(&norm(title)));
    let last = named.trim_end().rsplit(' ').next().unwrap_or("");
    let name =
        last.trim_matches(|c: char| !c.is_alphanumeric()).starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    // A whole sentence may be in capitals, and a label ("Rating") begins with one.
    name && !own && named.split_whitespace().count() > 1
}

/// Whether the subject of "gives it" is somebody other than the reviewer.
fn names_another(giver: &str) -> bool {
    const OTHERS: &str = "viewers users audiences fans voter those anyone anybody whoever voters majority reviewer who they people everyone everybody some others he she critics you friends reviewers someone many folks wife nobody somebody idiots reviews comments critic critique guide newspaper paper magazine website site commenter commenters poster";
    const OURS: [&str; 12] =
        ["I", "We", "I'd", "I’d", "I'll", "I’ll", "I've", "I’ve", "Would", "To", "Gotta", "Overall"];
    let giver = giver.split(['\'', '’']).next().unwrap_or(giver);
    let lower = giver.to_lowercase();
    OTHERS.split(' ').any(|other| other == lower)
        || giver.starts_with(char::is_uppercase) && !OURS.contains(&giver) && !giver.starts_with("Im")
}
