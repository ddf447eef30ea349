//! What speaks for a new voice at a gap: how the left side ends, how the right side begins, and what the two share.
//!
//! The patterns are made by argument from what such sentences do. An ending gives a mark, advises, sums up, signs or
//! says good-bye. An opening tells how the reviewer met the work, who the reviewer is and what was expected, points
//! at the work that was not yet spoken of (`this film`), places it (`one of the best`), answers other reviewers, or
//! begins to talk (`Well`). A pronoun, a connective or an ordinal goes on. Five coarse grades in round numbers, to
//! be read as log likelihood ratios. The first list of these patterns was drawn up with user reviews in view; what no
//! such reason covers has been taken out, and no grade rests on a count. Counted words are in [`super::gap`].

use std::{collections::HashSet, sync::LazyLock};

use regex::Regex;

use crate::{model::text::norm, read::pattern::pattern};

/// Words for what is reviewed, as reviewers call it.
const WORK: &str = r"(?:movie|film|flick|book|novel|album|record|game|series|show|documentary|picture|one|sequel|comedy|thriller|drama)";

/// Parts two voices by itself.
pub const SURE: f64 = 2.2;
/// Parts them beside something clear on the other side.
const STRONG: f64 = 1.6;
/// Speaks for a new voice.
const CLEAR: f64 = 1.1;
/// Is found there more often than elsewhere.
const SOME: f64 = 0.8;
/// Barely says anything.
const FAINT: f64 = 0.3;

type Weighed = Vec<(Regex, f64)>;

/// Compiles patterns in which `WORK` stands for [`WORK`].
fn weighed(patterns: &[(&str, f64)]) -> Weighed {
    patterns.iter().map(|(source, weight)| (pattern(&source.replace("WORK", WORK)), *weight)).collect()
}

fn strongest(patterns: &Weighed, text: &str) -> f64 {
    patterns.iter().filter(|(pattern, _)| pattern.is_match(text)).map(|(_, weight)| *weight).fold(0.0, f64::max)
}

/// How much the left side sounds like an end.
pub fn closing(left: &str) -> f64 {
    static CLOSERS: LazyLock<Weighed> = LazyLock::new(|| {
        weighed(&[
            // A mark, and nothing after it.
            (
                r"(?i)(?:\b\d{1,2}(?:[.,]\d)?\s?/\s?(?:10|5|4|100)\W*|\b(?:\d{1,2}(?:[.,]\d)?|zero|one|two|three|four|five|six|seven|eight|nine|ten)\s(?:stars?\s)?out\sof\s\W{0,3}(?:10|5|4|ten|five|four)(?:\sstars?)?\W*|\bgrade:?\s[A-DF][+-]?\W*|\b(?:\d|one|two|three|four|five|ten)\sstars?\W*)$",
                SURE,
            ),
            (r"(?:https?://|www\.)\S+$", SURE),
            (
                r"(?i)(?:^|[\s(.])\*{1,5}(?:\s?1/2|½)?(?:\s?(?:out\sof|of|from|/)\s?(?:\*+|\d+))?\)?\W*$|\([A-DF][+-]?\)\W*$|\bgrade:?\s[A-DF][+-]{0,3}\W*$|\b\d(?:\.\d)?\s(?:stars?|points?)\W*$|\bthumbs\s(?:up|down)\W*$|\bgive\s(?:it|this(?:\s\w+)?)\san?\s\d{1,2}\W*$",
                SURE,
            ),
            (r"[:;=][-o']?[()DP]\W*$", CLEAR),
            // Advice to the reader.
            (
                r"(?i)\b(?:recommend(?:ed|s|ing)?|must[\s-](?:see|watch|read|play|have)|check\s(?:this|it)\s(?:one\s)?out|worth\s(?:a|the|your|it|seeing|watching|reading|checking)|(?:go|please)\s(?:and\s)?(?:see|watch|read|rent|buy)|(?:watch|see|seeing|read|rent|buy|skip|miss|avoid)\s(?:it|this)\b|don['’]t\s(?:miss|waste|bother)|avoid|for\syourself|stay\saway|steer\sclear|give\s(?:it|this)\sa\s(?:try|chance|miss)|waste\s(?:of\s|your\s)(?:time|money))\b",
                CLEAR,
            ),
            // A verdict on the whole.
            (
                r"(?i)\b(?:masterpiece|(?:best|favou?rite|greatest|finest|worst)\s(?:\w+\s){0,2}WORKs?|of\sall\stime|of\sthe\syear|overall|in\sconclusion|all\sin\sall|to\ssum\sup|in\sshort|bottom\sline|(?:loved|hated|enjoyed)\sit|(?:beautiful|brilliant|excellent|great|good|fine|perfect|wonderful|amazing|special|fantastic|awful|terrible|horrible|bad|entertaining|fun|enjoyable)\s(?:WORK|work))\b",
                CLEAR,
            ),
            (r"(?i)^(?:enjoy|thanks?|thank\syou|cheers|peace)\b.{0,25}$", SOME),
            (r"\.{3,}$|…$", FAINT),
            (r"!$", FAINT),
        ])
    });
    strongest(&CLOSERS, left)
}

/// How much the right side sounds like a beginning; negative where it goes on.
pub fn opening(right: &str) -> f64 {
    static OPENERS: LazyLock<Weighed> = LazyLock::new(|| {
        weighed(&[
            // How the reviewer came to the work.
            (
                r"^(?:I|We)(?:['’](?:ve|d)|\shave|\shad)?\s(?:(?:just|recently|finally|first|only|really|never|already|actually|originally)\s)*(?:saw|seen|watched|caught|rented|bought|read|played|finished|stumbled|came\sacross|picked\sup|got\s(?:back|to\ssee)|went\s(?:to\ssee|into|in)|first\sheard|knew\s(?:this|the)\sWORK)\b",
                STRONG,
            ),
            (
                r"^(?:Just|Recently|Finally)\s(?:saw|watched|got|came|finished)\b|^(?:Saw|Watched|Rented|Caught|Bought)\s(?:this|it|the)\b",
                STRONG,
            ),
            (
                r"^(?:When\sI|After|Before|Having)\s(?:first\s|just\s|finally\s)?(?:saw|heard|watched|watching|seeing|seen|read|reading|went)\b",
                SOME,
            ),
            (
                r"^It(?:['’]s|\shas)\sbeen\s(?:\w+\s){1,4}since\sI\b|^I(?:['’]ve|\shave)\s(?:always\s|long\s)?been\sa\s(?:\w+\s)?fan\b",
                STRONG,
            ),
            (r"^It(?:['’]s|\shas)\sbeen\s(?:a\s(?:long\s)?(?:while|time)|\w+\syears)\b", STRONG),
            // Who the reviewer is, and what was thought at first.
            (
                r"^I(?:['’]m|\sam)\s(?:an?\s(?:big|huge|fan)|not\s(?:an?|usually|really\sa|normally)|usually|so\s|normally)",
                STRONG,
            ),
            (r"^I(?:['’]ve|\shave)\s(?:always|never|long)\s(?:been|loved|liked|wanted|enjoyed|thought|felt)\b", CLEAR),
            (
                r"^(?:As|Being)\s(?:someone|an?\s(?:[\w-]+\s){0,3}(?:fan|lover|buff|reader|viewer|player|gamer|parent|mother|father|teacher|student|kid|child|girl|guy|woman|man|person|veteran|programmer|writer|musician))\b",
                CLEAR,
            ),
            (r"^I\s(?:thought|found|consider|expected)\s(?:that\s)?(?:this|the)\s(?:\w+\s)?WORK\b", STRONG),
            (
                r"^I\s(?:really\s|absolutely\s|totally\s|just\s)?(?:loved?|liked?|enjoyed|hated?|adore)\s(?:this|the|\w+\s\w+)\s(?:\w+\s)?WORKs?\b",
                STRONG,
            ),
            (
                r"^I\s(?:really\s|honestly\s)?(?:can['’]?t|cannot|couldn['’]t|don['’]t)\s(?:believe|understand|imagine)\b",
                CLEAR,
            ),
            // The work brought in anew.
            (
                r"^This\s(?:\w+\s){0,2}WORK\s(?:is|was|has|had|features|tells|takes|tries|tried|starred|stars|made|struck|shows|contains?|deserves|really|left|blew|must|could|should)\b",
                STRONG,
            ),
            (r"(?i)^This\sreview\b", STRONG),
            (
                r"^(?:One\sof|Of\sall|By\sfar|Possibly|Hands\sdown|Quite\spossibly|Easily)\b[^.!?]{0,60}\bWORKs?\b",
                STRONG,
            ),
            (r"^(?:An?|Absolute|What\san?|Another)\s(?:[\w-]+\s){1,4}WORK\b|^Another\sWORK\b", CLEAR),
            (r"^(?:Despite|Based\son|Set\sin|From\s(?:the\s)?(?:director|creators?|makers))\b", SOME),
            (r"^(?:Though|Although|While)\s(?:\w+\s)?\p{Lu}", CLEAR),
            (
                r"^This\s(?:is|was|has\sto\sbe|must\sbe|might\sbe)\s(?:\w+\s){0,5}(?:the|an?|one|by\sfar)\b[^.!?]{0,60}\bWORK\b",
                SOME,
            ),
            (
                r#"^(?:(?:Director|Writer|Author)\s)?\p{Lu}[\p{L}.-]+\s\p{Lu}[\p{L}-]+(?:['’]s\s|\s(?:is|has)\s(?:such\s|one\s|an?\s))"#,
                CLEAR,
            ),
            (
                r"^(?:To\s(?:start|begin)\b|OK,?\sto\sstart|Where\s(?:to|do\sI|should\sI)\s(?:start|begin)|Oh\s(?:dear|my|boy|man|God)\b|Why\s(?:is|was|did|do|does|oh|on|would)\b[^.!?]{0,60}\b(?:this|WORK)\b)",
                STRONG,
            ),
            (r"^For\s(?:an?|those|anyone|most|some)\b[^.!?]{0,60}\bWORKs?\b", CLEAR),
            (
                r"^(?:Surprisingly|Simply|Absolutely|Truly|Very|Really|Quite|Pretty|Incredibly|Not\s(?:a|the|bad))\b[^.!?]{0,50}(?:$|\bWORK\b)",
                SOME,
            ),
            (
                r"^(?:Great|Good|Excellent|Wonderful|Brilliant|Awful|Terrible|Bad|Horrible|Fantastic|Superb|Amazing|Awesome|Interesting|Decent|Lovely|Funny|Beautiful|Disappointing|Boring)\b",
                SOME,
            ),
            (
                r"(?i)^(?:don['’]t\s(?:waste|bother|rent|see|watch)|avoid|(?:possible\s|warning:?\s|contains\s)?spoilers?\b)",
                SOME,
            ),
            // Words to start talking with.
            (
                r"^(?:O[kK](?:ay)?(?:,|\s(?:let|this|where|first|I|here)\b)|Wow|WOW|Let\sme\s(?:start|begin)|Where\sdo\sI\s(?:start|begin)|What\scan\s(?:I|you)\ssay)",
                CLEAR,
            ),
            (r"^(?:Well,|Oh,|Hmm|First\soff|First\sof\sall,\sI|Let\sme\s(?:just|first)|In\sall\shonesty)", SOME),
            (r"^If\syou(?:['’](?:re|ve)|\sare|\sliked?|\sloved?|\senjoy(?:ed)?|\scame|\swant)\b", FAINT),
        ])
    });
    static FOLLOWS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r#"^["“(]?(?:He|She|It(?:['’]s)?|They|And|But|Also|However|So|Then|There|These|Those|That|His|Its|Their|For|Because|Plus|Which|At|In\saddition|To|First(?:ly)?,|Second(?:ly)?|Third(?:ly)?|Last(?:ly)?|Finally,|Overall|Here|Or|Nor|Yet|Still|Maybe|Instead|Another\s(?:thing|aspect|reason|problem)|Not|Even|Now|By|Both|Of\scourse|With|Like|Just\sas|Everything|Some|What\s(?:about|does|do|makes|follows)|The\s(?:other|rest|only|second|third|last|next|same|former|latter)|I\s(?:also|mean|did|suggest|do|would|could|will|certainly|recommend|give))\b"#,
        )
    });
    static MARK: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)^(?:\d{1,2}(?:\.\d)?\s?/\s?\d{1,2}|\d{1,2}\s(?:out\sof|stars)|\*{1,5}|(?:overall|my|final)?\s?(?:rating|score|grade)\b|overall\b)",
        )
    });
    if MARK.is_match(right) {
        return -2.0;
    }
    let open = strongest(&OPENERS, right);
    if open == 0.0 && FOLLOWS.is_match(right) { -2.0 } else { open }
}

/// The two sides speak of the same things.
pub fn shared_words(left: &str, right: &str) -> f64 {
    let words = |text: &str| -> HashSet<String> {
        norm(text).split(' ').filter(|word| word.len() > 5).map(str::to_owned).collect()
    };
    let shared = words(left).intersection(&words(right)).count();
    0.2 * shared.min(3) as f64
}

/// A mark for one part of the work (`Story: 8/10`) or for another work (`Some Title (8/10)`) closes nothing.
pub fn is_partial(left: &str) -> bool {
    static PART: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"^\W*\p{L}+(?:\s(?:and|&)\s\p{L}+)?\s?[:=–-]\s?\d{1,2}(?:[.,]\d)?\s?/\s?\d{1,3}\W*$")
    });
    static WHOLE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?i)\b(?:overall|total|final|verdict|rating|score|grade)\b"));
    static BRACKETED: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"[\p{L}'’"”]\s?[(\[][^()]{0,10}\d\s?/\s?\d{1,3}[)\]]\W*$"#));
    PART.is_match(left) && !WHOLE.is_match(left) || BRACKETED.is_match(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_closes_more_than_advice_and_advice_more_than_a_cry() {
        let weights = ["It was fine. 8/10.", "I recommend it.", "What a day!", "He opens a window."].map(closing);
        assert!(weights.windows(2).all(|pair| pair[0] > pair[1]), "{weights:?}");
    }

    #[test]
    fn a_reviewer_who_arrives_opens_and_a_pronoun_goes_on() {
        for right in
            ["I just saw this film.", "This movie was a mess.", "As a long-time fan, I hoped.", "Okay, this one hurt."]
        {
            assert!(opening(right) > 0.8, "{right}");
        }
        for right in ["He goes on.", "As a result, it drags.", "The other half is better.", "I also liked the dog."] {
            assert!(opening(right) <= 0.0, "{right}");
        }
    }

    #[test]
    fn marks_of_parts_and_of_other_works_are_partial() {
        assert!(is_partial("Story: 8/10.") && is_partial("Better than Glass Harbour (7/10)."));
        assert!(!is_partial("Rating: 8/10.") && !is_partial("A perfect 10/10."));
    }
}
