//! The stretches that a reviewer marks as summary or verdict: "TL;DR – …", "Verdict: …", a heading "Conclusion".

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::pattern::pattern;

/// The marked stretches, in bytes, without their labels.
pub fn marked(text: &str) -> Vec<Range<usize>> {
    static LABEL: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?im)^[ \t]*(?:the\s|my\s|final\s)?(?:tl;?\s?dr|verdict|bottom\sline|final\sthoughts|conclusion|in\sshort|overall\sthoughts|(?:mein\s)?fazit|urteil|en\s(?:résumé|bref)|veredicto|conclusión|en\sresumen|veredito|conclusão|em\sresumo|conclusioni|verdetto|in\sbreve|oordeel|conclusie|kortom|omdöme|sammanfattning|slutsats|podsumowanie|werdykt|вывод|итог|вердикт|総評|まとめ|총평|一言)\s*(?:[:–—-]+[ \t]*\n*|\n+)",
        )
    });
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for label in LABEL.find_iter(text) {
        let start = label.end();
        if ranges.last().is_some_and(|last| start < last.end) {
            continue;
        }
        let end = text[start..].find("\n\n").map_or(text.len(), |at| start + at);
        let range = start..start + text[start..end].trim_end().len();
        if !range.is_empty() {
            ranges.push(range);
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    #[test]
    fn labels_are_known_in_other_languages() {
        for label in ["Fazit:", "En résumé :", "Veredicto:", "Verdetto –", "Oordeel:", "Sammanfattning:", "Вердикт:"]
        {
            let text = format!("Es regnet.\n\n{label} Ein guter Film.");
            let found: Vec<_> = super::marked(&text).into_iter().map(|range| text[range].to_owned()).collect();
            assert_eq!(found, ["Ein guter Film."], "{label}");
        }
    }

    #[test]
    fn a_summary_is_marked_by_its_label_or_heading() {
        let text = "TL;DR – Quiet and good.\n\nIt starts at sea.\n\nVerdict\n\nSee it.";
        let found: Vec<_> = super::marked(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["Quiet and good.", "See it."]);
    }
}
