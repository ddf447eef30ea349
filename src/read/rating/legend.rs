//! Legends: where a text says once how long its scale is.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    notation::{is_scale, line},
    number::value,
};
use crate::read::pattern::{Sought, pattern};

/// The best mark, where a legend states it and no other legend says otherwise.
pub fn stated(text: &str) -> Option<f64> {
    static SCALE: LazyLock<Sought> = LazyLock::new(|| {
        Sought::new(
            r"(?i)(?:\b(?:on|use|uses|using)\s(?:a|my|our|the)\s(?:rating\s)?scale\s(?:of|from|that\sgoes\sfrom)\s(?:zero|one|half|0|0\.5|1)\s?(?:to|-|–|through)\s?(4|5|6|10|20|100|four|five|six|ten)\b|\bon\s(?:a|my|our|the)\s(?:1|one|0|zero)[\s-](?:to[\s-])?(4|5|6|10|20|100|four|five|six|ten)\s(?:rating\s)?scale\b|\b(?:rating\s)?scale\s?[:=]\s?(?:0|0\.5|1)\s?(?:to|-|–)\s?(4|5|6|10|20|100)\b|\b(?:ratings?|scores?|grades?|marks|stars|films|movies|books|albums|games|everything|reviews?)\s(?:is|are|here\sare)\s(?:all\s)?(?:given\s|graded\s|rated\s|scored\s|awarded\s)?(?:out\sof|on\sa\sscale\sof)\s(?:a\s(?:possible|maximum\sof)\s)?(4|5|6|10|20|100|four|five|six|ten)\b|\bof\sa\s(?:possible|maximum(?:\sof)?)\s(4|5|6|10|20|100|four|five|six|ten)\b)",
        )
    });
    // A row of the key: as many stars as there can be, and what they mean.
    static KEY: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?m)^[ \t]*([★⭐*]{4,6})[ \t]*[=:–—-][ \t]*\p{L}"));
    static LOWER: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?m)^[ \t]*[★⭐*]{1,3}[ \t]*[=:–—-][ \t]*\p{L}"));
    let numbers = SCALE.captures_iter(text).filter_map(|c| c.taken().next().and_then(|m| value(m.as_str())));
    let mut best: Vec<f64> = numbers.filter(|best| is_scale(*best)).collect();
    if best.is_empty() && LOWER.find_iter(text).count() >= 2 {
        best.extend(KEY.captures_iter(text).filter_map(|c| c.get(1)).map(|m| m.as_str().chars().count() as f64));
        best.sort_by(f64::total_cmp);
        return best.last().copied();
    }
    best.dedup();
    match best[..] {
        [one] => Some(one),
        _ => None,
    }
}

/// Whether a row of stars stands in a key printed on one line: `***** superb **** good *** fair`.
pub fn in_key(text: &str, range: &Range<usize>) -> bool {
    static ROW: LazyLock<Regex> = LazyLock::new(|| pattern(r"([*]{1,6}|[★⭐]{1,6}) ?[=:–-]? ?\p{L}"));
    let (before, after) = line(text, range);
    let around = &text[range.start - before.len()..range.end + after.len()];
    let lengths: Vec<usize> =
        ROW.captures_iter(around).filter_map(|c| c.get(1)).map(|row| row.as_str().chars().count()).collect();
    lengths
        .windows(3)
        .any(|row| row[0] == row[1] + 1 && row[1] == row[2] + 1 || row[1] == row[0] + 1 && row[2] == row[1] + 1)
}

#[cfg(test)]
mod tests {
    use super::stated;

    #[test]
    fn a_legend_states_the_scale_once() {
        for (text, want) in [
            ("I rate films on a scale of one to four.", Some(4.0)),
            ("Scale: 0-10", Some(10.0)),
            ("All ratings are out of five stars.", Some(5.0)),
            ("**** = excellent\n*** = good\n** = poor\n* = bad", Some(4.0)),
            ("On a scale of 1 to 10 it is loud, on a scale of 1 to 5 it is long.", None),
            ("He weighs fish on a scale of bronze.", None),
        ] {
            assert_eq!(stated(text), want, "{text}");
        }
    }
}
