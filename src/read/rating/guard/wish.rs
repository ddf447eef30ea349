//! Marks that are not given: wished for, conditional, denied, asked about, or on a scale of the reviewer's own.

use std::sync::LazyLock;

use regex::Regex;

use super::{any, patterns};
use crate::read::pattern::pattern;

/// Whether a mark is only spoken of. `sentence` is what stands before it.
pub fn is_hypothetical(sentence: &str, after: &str) -> bool {
    static DUTY: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?:would|should|might|could)\shave\sto\b"));
    static AFTER: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        patterns(&[
            // "on my fright scale", and a mark that would be too much.
            r"(?i)^\s*(?:stars?\s)?on\s(?:my|the|our|his|her)\s[\w’'-]+(?:\s[\w’'-]+)?\s(?:scale|meter|o-meter|ometer)",
            r"(?i)^\W*(?:(?:rating|score)\s)?(?:(?:would|might|could)\s(?:be|have|seem)|is\sthe\s(?:highest|maximum|best|most|lowest))\b",
            // As far as some point of the story.
            r"(?i)^\W*(?:up\s)?(?:to|until)\s(?:that|this)\spoint\b",
        ])
    });
    static ASKED: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[\x22”)]?\?"));
    static OWN: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)\b(?:i|my|we)\b|^\W*why\W*$"));
    let asked = ASKED.is_match(after) && !OWN.is_match(sentence);
    asked || is_on_own_scale(sentence) || any(&AFTER, after) || might(sentence) && !DUTY.is_match(sentence)
}

fn might(sentence: &str) -> bool {
    static MIGHT: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        patterns(&[
            r"(?i)\b(?:would|could|should|might|may)(?:\shave|['’]ve|n['’]t)\b|\b(?:could|might)\sbe\b",
            r"(?i)\b(?:could|might|may)\s(?:perhaps\s|maybe\s|easily\s|almost\s|well\s)?(?:give|rate|score)\b",
            r"(?i)\bif\b.{0,80}\b(?:i|we|it|this|that)(?:['’]d|\swould)\b|\b(?:it|this|that|which|film|movie|book|one)(?:\swould|['’]d)\s(?:\w+ly\s)?be\s(?:an?\s)?$",
            // Denied.
            r"(?i)\bnot\s(?:quite\s|exactly\s|really\s)?an?\s*$|n['’]t\s(?:quite\s|exactly\s|really\s)?an?\s*$|\b(?:almost|nearly|hardly|barely)\san?\s*$",
            r"(?i)\b(?:no\sway|nowhere\snear|far\sfrom|anything\sbut|away\sfrom)\s(?:an?\s|being\san?\s)?$|\b(?:saves?|saved|saving|keeps?|kept|keeping|prevents?)\s[^.!?\n]{0,30}\bfrom\s(?:being\s)?(?:an?\s)?$",
            r"(?i)(?:\bnot|n['’]t|\bnever|\bunable|\bhard)\b[^.!?\n]{0,18}\bgiv(?:e|ing)\b|(?:\bnot|n['’]t|\bnever)\b[^.!?\n]{0,18}\b(?:award|rate|deserve|merit|worth|worthy\sof)\s(?:(?:even|more\sthan)\s)?(?:an?\s)?$|(?:\bnot|n['’]t|\bnever)\b[^.!?\n]{0,18}\b(?:award|rate)\s",
            // Weighed and not done.
            r"(?i)\bwant(?:ed)?\sto\s(?:give|rate|love)\b|\bwanted\s\w+\sto\sbe\b|\b(?:almost|nearly)\s(?:gave|rated|scored)\b|\b(?:think(?:ing)?|thought)\sabout\sgiving\b|\btempted\s|\bought\sto\sgive\b|\bwas\sgoing\sto\s(?:give|rate)\b",
            r"(?i)\b(?:option|opportunity|ability|chance|possible|impossible|allowed)\s(?:\w+\s)?to\s(?:give|rate|vote|score)\b|\b(?:expect(?:ed|ing)|anticipat(?:ed|ing)|hop(?:ed|ing)\sfor)\s(?:an?\s)?(?:\w+\sof\s)?$",
            // Compared with.
            r"(?i)\binstead\sof\b|\brather\sthan\b|\b(?:upwards?\sof|more\sthan|over|at\sleast|less\sthan|fewer\sthan|up\sto|above|below|under)\s+(?:(?:only|just|merely)\s+)?$",
            r"(?i)\bup\s(?:to|until)\s(?:here|this|that|now|then)\W*$",
        ])
    });
    any(&MIGHT, sentence)
}

/// "On a scare scale I give it a 6" is a scale of one's own, "on a ten-point scale" is not.
fn is_on_own_scale(sentence: &str) -> bool {
    static OWN_SCALE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\bon\s(?:an?|the|my|our)\s(?:[\w-]+\s)?(\w+)[\s-](?:rating\s)?(?:scale|meter|o-meter|ometer)\b[^.!?\n]{0,40}$",
        )
    });
    let usual = |word: &str| {
        let word = word.to_lowercase();
        ["rating", "point", "star", "stars", "imdb", "ten", "five", "four", "10", "5", "4", "100"]
            .contains(&word.as_str())
    };
    OWN_SCALE.captures(sentence).and_then(|c| c.get(1)).is_some_and(|word| !usual(word.as_str()))
}
