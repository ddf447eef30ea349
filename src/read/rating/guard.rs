//! The traps: what looks like a rating and is a date, a count, a part number, somebody else's or a joke.

use std::sync::LazyLock;

use regex::Regex;

use super::notation::{Form, Found, line};
use crate::{
    model::text::norm,
    read::pattern::{head, pattern, tail},
};

/// What the words around a candidate say about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judgement {
    /// It is not the reviewer's overall rating of this work.
    Reject,
    /// Nothing speaks for or against.
    Loose,
    /// It stands alone on its line.
    OwnLine,
    /// A label or "I give it" announces it.
    Announced,
    /// A label for the whole announces it: overall, final, verdict.
    Overall,
}

/// Judges a candidate by its surroundings. `title` is the work's, where known.
pub fn judge(text: &str, found: &Found, title: Option<&str>) -> Judgement {
    let (line_before, line_after) = line(text, &found.range);
    let sentence = sentence_before(text, found.range.start);
    let after = head(&text[found.range.end..], 80);
    if is_count(line_before, sentence, after, found)
        || is_anothers(sentence, after, title)
        || is_hypothetical(sentence, after)
    {
        return Judgement::Reject;
    }
    if is_part_of_speech(line_before, after, found) {
        return Judgement::Reject;
    }
    let announced = announcement(line_before, sentence, found);
    if announced == Judgement::Reject || announced == Judgement::Overall {
        return announced;
    }
    if is_aspect(line_before, after) {
        return Judgement::Reject;
    }
    let quiet = |c: char| !c.is_alphanumeric();
    let alone = line_before.trim_matches(quiet).is_empty() && line_after.trim_matches(quiet).is_empty();
    match announced {
        Judgement::Announced => Judgement::Announced,
        _ if alone => Judgement::OwnLine,
        _ => Judgement::Loose,
    }
}

/// The text from the start of the sentence to `at`, at most 200 bytes. A line end counts as an end.
fn sentence_before(text: &str, at: usize) -> &str {
    static END: LazyLock<Regex> = LazyLock::new(|| pattern(r#"[.!?…]["”’)]*\s|\n"#));
    let window = tail(&text[..at], 200);
    END.find_iter(window).last().map_or(window, |end| &window[end.end()..])
}

fn is_count(line_before: &str, sentence: &str, after: &str, found: &Found) -> bool {
    static COUNTED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\)?\s*(?:of\s|(?:were|are|(?:and|to|or|-)\s\d+/\d+\sof|the\s(?:size|height|weight|length|way|time|cost|price)|critics|people|friends|times|episodes|chapters|tracks|songs|levels|scenes|jokes|(?:on|in)\s(?:the\s|his\s|her\s|a\s)?(?:test|exam|quiz|maths?|class|school)|dentists|doctors|users|voters|viewers|readers|households|women|men|americans|players|fans|cats|reviews?|ratings|votes|comments|total)\b|years?[\s-]old|:?\s*\(?\d[\d,.]*\s?%|[\s(]*\d[\d.,]*\s*(?:ratings|votes|reviews|users|bewertungen|stimmen|votos|voti)\b)",
        )
    });
    static DATED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:on|published|posted|updated|released|dated|opens|airs|since|until|till|after|before|by|from|part|parts|episodes?|chapters?|vol\.?|volumes?|disc|page|season|issue|day|week|round|step|lesson|level|stage|phase|track|no\.|number|#)\s*$",
        )
    });
    static NUMBERED: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)(?:\b(?:vol|no|ep|ch|pt|nr)\.|[(\[](?:book|part|film|movie|title))\s*$"));
    if COUNTED.is_match(after) {
        return true;
    }
    // A stop after "Vol." ends no sentence, so the line is asked too.
    // A date has no half days.
    let whole = !text_has_half(found);
    found.form == Form::Fraction && whole && (DATED.is_match(sentence) || NUMBERED.is_match(line_before))
}

fn text_has_half(found: &Found) -> bool {
    found.best.is_some_and(|best| (found.score * best / 100.0).fract() > 0.01)
}

/// Words right beside it that make it a fraction of something, an adjective or a name.
fn is_part_of_speech(line_before: &str, after: &str, found: &Found) -> bool {
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^[\s-]*(?:hotels?|generals?|admirals?|resorts?|restaurants?|recruits?|players?|movies?|spirits?|trek|wars|cast|studded|of\s+(?:the|this)\b)",
        )
    });
    static SPOILER: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^\s*spoiler|spoilers?\W*$"));
    // "Two stars collide" are in the sky.
    static GOES_ON: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\s*(?:$|[^\s\p{L}]|(?:for|from|because|cause|cuz|cos|coz|out|and|but|as|if|on|overall|rating|ratings?|reviews?|in|to|this|due|only|just|at|since|though|although|is|instead|with|simply|would|i|we|my|it|the|or|not|so|when|maybe|based|merely|when|read|film|movie|book|novel|game|album|record|show|von|sur|de|su|by|max|tops|at)\b|(?-i:\p{Lu}))",
        )
    });
    match found.form {
        Form::StarWords => {
            let plural = !after.starts_with('-');
            let verbless = LINE_SUBJECT.is_match(line_before);
            !plural || NAMED.is_match(after) || verbless || found.best.is_none() && !GOES_ON.is_match(after)
        }
        Form::Fraction if found.best == Some(4.0) || found.best == Some(5.0) => {
            // "only 3/4 serious", "1/4 cup": a quarter of something, unless the sentence ends or goes on freely.
            static FREELY: LazyLock<Regex> = LazyLock::new(|| {
                pattern(
                    r"(?i)^\s*(?:$|[^\s\p{L}]|\n|[🍅🍿⭐★]|(?:stars?|for|and|but|because|as|from|if|would|will|on|with|overall|rating|score|sterne|étoiles|estrellas|points?|though|although|since|popcorns?|tomatoes|full|i|it|this|the|solely|in|à|a|al|au|ce|pour|para|per|für|von|to|bien)\b|(?-i:\p{Lu}))",
                )
            });
            !FREELY.is_match(after)
        }
        Form::Asterisks => SPOILER.is_match(after) || SPOILER.is_match(line_before),
        Form::Percent => {
            let after = after.trim_start().to_lowercase();
            ["of ", "off", "discount", "chance", "more", "less"].iter().any(|start| after.starts_with(start))
        }
        _ => false,
    }
}

static LINE_SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)(?:\b(?:the|these|those|its|their|our|all|as|with|of|by|upwards?\sof|starring|both|about|has|have|had)|['’]s)\s+$",
    )
});

fn is_anothers(sentence: &str, after: &str, title: Option<&str>) -> bool {
    static SITES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:imdb|metacritic|metascore|rotten\s?tomatoes|tomatometer|certified|cinemascore|(?:users?|customers?|guests?|buyers?|audiences?|viewers?|readers?|community|critics?['’]?s?|average|avg\.?|press|public|members?)\s(?:has|have|ratings?|scores?|votes?|average|gave|give|rate[sd]?|reviews?))\b|\baverages?(?:\s(?:of|rating|score))?\s*:?\s*$|\bhas\sit\sat\b",
        )
    });
    static GIVER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?:^|[^\p{L}'’])([\p{L}'’]+)(?:,)?\s(?:(?:would|will|have|has|had|just|to|can|could|must|should|also|only|now|even|really|still|probably|generously|originally|is|are|was|were|am|be|been|keeps?|kept)\s){0,3}(?:gives?|gave|given|giving|awards?|awarded|rates?|rated|scored|says?|said|calls?|called)\s[^.!?\n]{0,60}$",
        )
    });
    static OTHER_WORK: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"\b(?:gave|rated|given)\s["“‘'_*]*(\p{Lu}[^.!?\n]{0,60})$"#));
    static FROM_OTHERS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\s*(?:from|by)\s(?:the\s|most\s|many\s|all\s)?(?:critics?|audiences?|users?|viewers?|readers?|reviewers?|press|fans)\b",
        )
    });
    // "(which I rate 8/10)", "for which I gave 8/10" speak of another work.
    static CLAUSE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:which|that)\s(?:i|we)(?:['’](?:d|ve))?\s(?:\w+\s)?(?:gave|give|rated?|score[ds]?)\s[^.!?\n]{0,20}$",
        )
    });
    // Parts of a work, and works beside it, earn marks of their own.
    static OF_OTHERS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:believe|understand|shocked|surprised|amazed|wonder|baffled|puzzled)\b[^.!?\n]{0,90}$|\b(?:the|this|its|current|such\sa)\s(?:\w+\s)?(?:rating|score)\sof\s$",
        )
    });
    static EACH: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\beach\s(?:\w+\s)?(?:rat(?:es?|ing)|gets?|getting|earn(?:s|ing)?|scor(?:es?|ing)|out\sof)\b[^.!?\n]{0,20}$",
        )
    });
    static RECEIVER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:books?|novel|original|first\s(?:one|film|movie|part)|trailer|dvd|disc|soundtrack|audio|narration|score|acting|cast|script|story|plot|effects|visuals|music|direction|cinematography)\s(?:gets?|earns?|deserves?|receives?|scores?)\s[^.!?\n]{0,25}$|\b(?:trailer|soundtrack|acting|cast|effects|visuals|music|direction|cinematography|audio|narration|costumes)\s(?:was|is|were|are)\s(?:an?\s)?$",
        )
    });
    static CROWD: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^[\s,)]*(?:the\s)?(?:viewers|voters|users|imdb|average|as\sof)\b|^[,.!?]?[\x22”]\s\w+\s(?:said|says|cried|replied|shouted|wrote|told)\b|^[^.!?\n]{0,60}\bfool\syou\b",
        )
    });
    static EARLIER_WORK: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:gave|rated)\s(?:the|its)\s(?:first|original|previous|last|second|prequel|sequel|predecessor)\b|\b(?:the|its)\s(?:first|original|previous|prequel|predecessor)(?:\s\w+){0,2}\s(?:was|is|got|gets|earned|scored)\s(?:an?\s|about\s)?$|\b(?:his|her|their)\s(?:last|first|previous|debut)\s\w+\s(?:was|is|got)\b|\b(?:gave|rated)\s(?:book|part|volume|season)\s(?:one|two|three|\d)|\blast\s(?:year|time|week|month)(?:['’]s)?\b",
        )
    });
    if SITES.is_match(sentence) || FROM_OTHERS.is_match(after) || EARLIER_WORK.is_match(sentence) {
        return true;
    }
    if in_brackets_after_another(sentence, after, title) {
        return true;
    }
    // What a page asks its visitors for.
    static ASKED: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:rate\s(?:this|us)|your\s(?:rating|score|vote)|click\sto\srate|leave\sa\srating)\b[^.!?\n]{0,30}$",
        )
    });
    if ASKED.is_match(sentence)
        || CLAUSE.is_match(sentence)
        || OF_OTHERS.is_match(sentence)
        || EACH.is_match(sentence)
        || RECEIVER.is_match(sentence)
        || CROWD.is_match(after)
    {
        return true;
    }
    if let Some(captures) = GIVER.captures(sentence) {
        let giver = captures.get(1).map_or("", |m| m.as_str());
        let owner = sentence[..captures.get(1).map_or(0, |m| m.start())].trim_end().rsplit(' ').next().unwrap_or("");
        let kin = ["my", "his", "her", "their", "our"].contains(&owner.to_lowercase().as_str());
        let ours = ["rating", "score", "verdict", "vote", "heart", "head", "conscience"]
            .contains(&giver.to_lowercase().as_str());
        if names_another(giver) || kin && !ours {
            return true;
        }
        let to = after.trim_start().to_lowercase();
        let this = ["to this", "to it", "to the film", "to the movie", "to the book", "to the album", "to the game"];
        if to.starts_with("to ") && !this.iter().any(|start| to.starts_with(start)) {
            return true;
        }
    }
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
    const OTHERS: [&str; 29] = [
        "viewers",
        "users",
        "audiences",
        "fans",
        "voter",
        "those",
        "anyone",
        "anybody",
        "whoever",
        "voters",
        "majority",
        "reviewer",
        "who",
        "they",
        "people",
        "everyone",
        "everybody",
        "some",
        "others",
        "he",
        "she",
        "critics",
        "you",
        "friends",
        "reviewers",
        "someone",
        "many",
        "folks",
        "wife",
    ];
    const OURS: [&str; 12] =
        ["I", "We", "I'd", "I’d", "I'll", "I’ll", "I've", "I’ve", "Would", "To", "Gotta", "Overall"];
    let giver = giver.split(['\'', '’']).next().unwrap_or(giver);
    let lower = giver.to_lowercase();
    OTHERS.contains(&lower.as_str())
        || giver.starts_with(char::is_uppercase) && !OURS.contains(&giver) && !giver.starts_with("Im")
}

fn is_hypothetical(sentence: &str, after: &str) -> bool {
    static MIGHT: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:would|could|should|might|may)(?:\shave|['’]ve|n['’]t)\b|\b(?:could|might)\sbe\b|\bnot\s(?:quite\s|exactly\s|really\s)?an?\s*$|\b(?:almost|nearly|hardly|barely)\san?\s*$|\bif\b.{0,80}\b(?:i|we|it|this|that)(?:['’]d|\swould)\b|\bwanted\sto\s(?:give|rate|love)\b|\bwanted\s\w+\sto\sbe\b|\b(?:it|this|that|which|film|movie|book|one)(?:\swould|['’]d)\s(?:\w+ly\s)?be\s(?:an?\s)?$|\b(?:almost|nearly)\s(?:gave|rated|scored)\b|n['’]t\s(?:quite\s|exactly\s|really\s)?an?\s*$|\bthink(?:ing)?\sabout\sgiving\b|\bthought\sabout\sgiving\b|(?:\bnot|n['’]t|\bnever|\bunable|\bhard)\b[^.!?\n]{0,18}\bgiv(?:e|ing)\b|(?:\bnot|n['’]t|\bnever)\b[^.!?\n]{0,18}\b(?:award|rate)\s|\btempted\s|\binstead\sof\b|\brather\sthan\b|\b(?:upwards?\sof|more\sthan|over|at\sleast|less\sthan|fewer\sthan|up\sto|above|below|under)\s+$",
        )
    });
    static DUTY: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?:would|should|might|could)\shave\sto\b"));
    static JOKE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\s*(?:stars?\s)?on\s(?:my|the|our|his|her)\s[\w’'-]+(?:\s[\w’'-]+)?\s(?:scale|meter|o-meter|ometer)",
        )
    });
    static TOO_MUCH: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\W*(?:(?:rating|score)\s)?(?:(?:would|might|could)\s(?:be|have|seem)|is\sthe\s(?:highest|maximum|best|most|lowest))\b",
        )
    });
    // "On a scare scale I give it a 6" is a scale of one's own, "on a ten-point scale" is not.
    static OWN_SCALE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"(?i)\bon\s(?:an?|the|my|our)\s(?:\w+\s)?(\w+)[\s-](?:scale|meter|o-meter|ometer)\b[^.!?\n]{0,40}$")
    });
    let usual = |word: &str| {
        ["rating", "point", "star", "stars", "imdb", "ten", "five", "four"].contains(&word.to_lowercase().as_str())
    };
    if OWN_SCALE.captures(sentence).and_then(|c| c.get(1)).is_some_and(|word| !usual(word.as_str())) {
        return true;
    }
    TOO_MUCH.is_match(after) || JOKE.is_match(after) || MIGHT.is_match(sentence) && !DUTY.is_match(sentence)
}

const WHOLE: &str = r"overall|in\stotal|total|total\sscore|final|verdict|final\s(?:score|rating|grade|mark|verdict|thoughts?)|overall\s(?:score|rating|grade|mark)|my\s(?:rating|score|grade|verdict|final\sscore)|gesamt\w*|fazit|média\sfinal|media\sfinal|nota\sfinal|note\s(?:finale|globale|générale)|voto\sfinale|puntuación\sfinal|all\sin\sall|bottom\sline|tl;?dr";

fn announcement(line_before: &str, sentence: &str, found: &Found) -> Judgement {
    static WHOLE_LABEL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)(?:^|[^\p{{L}}])(?:{WHOLE})(?:\sis|\swas|\sof)?[^\p{{L}}\d]{{0,6}}(?:an?\s|ein(?:e)?\s)?(?:solid\s)?$"
        ))
    });
    static LABEL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(&format!(
            r"(?i)(?:^|[^\p{{L}}])([\p{{L}}&]+\s)?{}(?:\sis|\swas|\sof|\sit)?[^\p{{L}}\d]{{0,6}}(?:an?\s)?(?:solid\s)?$",
            super::notation::LABELS
        ))
    });
    static GIVEN: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:(?:i|we)(?:['’](?:d|ll|m|ve))?\b[^.!?\n]{0,40}\b(?:giv(?:e|ing)|gave|rat(?:e|ed|ing)|scor(?:e|ed|ing)|award(?:ed|ing)?)|gets|earns|receives|deserves|scores|giving\s(?:it|this)|give\s(?:it|this))\b[^.!?\n]{0,50}$",
        )
    });
    if WHOLE_LABEL.is_match(line_before) {
        return Judgement::Overall;
    }
    if let Some(captures) = LABEL.captures(line_before) {
        let aspect = captures.get(1).is_some_and(|word| ASPECTS.contains(&norm(word.as_str()).as_str()));
        return if aspect { Judgement::Reject } else { Judgement::Announced };
    }
    // "He gets to keep 10 %" awards nothing.
    let rated = ["rate it", "rate this", "score it", "score this", "give it", "give this"]
        .iter()
        .any(|verb| sentence.to_lowercase().contains(verb));
    let counts = matches!(found.form, Form::Percent | Form::Points) && !rated;
    if GIVEN.is_match(sentence) && !counts || found.form == Form::Labelled {
        return Judgement::Announced;
    }
    Judgement::Loose
}

/// What part of a work a mark can be for, in the languages most met.
const ASPECTS: [&str; 78] = [
    "soundtrack",
    "narration",
    "narrator",
    "sfx",
    "setting",
    "costumes",
    "themes",
    "story",
    "plot",
    "acting",
    "direction",
    "directing",
    "graphics",
    "sound",
    "music",
    "gameplay",
    "visuals",
    "cast",
    "script",
    "screenplay",
    "cinematography",
    "effects",
    "characters",
    "character",
    "pacing",
    "originality",
    "replay",
    "replayability",
    "presentation",
    "design",
    "performance",
    "performances",
    "writing",
    "prose",
    "worldbuilding",
    "food",
    "service",
    "ambience",
    "atmosphere",
    "value",
    "video",
    "audio",
    "picture",
    "extras",
    "lyrics",
    "vocals",
    "production",
    "spice",
    "steam",
    "humor",
    "humour",
    "dialogue",
    "ending",
    "beginning",
    "romance",
    "suspense",
    "handlung",
    "grafik",
    "spannung",
    "anspruch",
    "action",
    "erotik",
    "scenario",
    "graphismes",
    "historia",
    "musica",
    "graficos",
    "enredo",
    "jogabilidade",
    "diversao",
    "som",
    "trilha",
    "entertainment",
    "rewatchability",
    "gore",
    "technical",
    "enjoyment",
    "cover",
];

fn is_aspect(line_before: &str, after: &str) -> bool {
    static WORD: LazyLock<Regex> = LazyLock::new(|| pattern(r"([\p{L}-]+)[^\p{L}\d\n]{1,6}$"));
    static FOR: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)^\s*(?:stars?\s)?for\s"));
    static WHOLE_FOR: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^\s*(?:stars?\s)?for\s(?:me|this|what|now|sure|being|an?|anyone|fans|kids|the\s(?:film|movie|book|novel|album|record|game|show|series|whole))\b",
        )
    });
    let labelled = WORD
        .captures(line_before)
        .and_then(|captures| captures.get(1))
        .is_some_and(|word| ASPECTS.contains(&norm(word.as_str()).as_str()));
    // `Acting 4/5, Script 2/5, Blood 0/5`: a row of marks with a word each marks parts.
    static ROW_BEFORE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"\d\s?/\s?\d{1,3}\s?[,;|]\s?(\p{L}+)(?:\s(?:&|and)\s\p{L}+)?\s?[:=–-]?\s?$"));
    let in_row = ROW_BEFORE.captures(line_before).and_then(|c| c.get(1)).is_some_and(|word| {
        !["or", "and", "but", "so", "my", "rating", "maybe", "no", "overall"].contains(&norm(word.as_str()).as_str())
    });
    static NEXT: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s(\p{L}+)"));
    let names_part = NEXT
        .captures(after)
        .and_then(|c| c.get(1))
        .is_some_and(|word| ASPECTS.contains(&norm(word.as_str()).as_str()) && word.as_str() != "value");
    labelled || in_row || names_part || FOR.is_match(after) && !WHOLE_FOR.is_match(after)
}
