//! A mark with its scale in numbers or words: `9/10`, `9 out of 10`, `7 von 10`.

use std::sync::LazyLock;

use super::{
    super::number::{NUMBER, value},
    Form, Found, is_scale,
    label::is_labelled,
    share, stands_free,
};
use crate::{
    model::Confidence,
    read::pattern::{Sought, head, tail},
};

/// `9/10`.
pub fn fractions(text: &str, found: &mut Vec<Found>) {
    static FRACTION: LazyLock<Sought> = LazyLock::new(|| {
        Sought::new(&format!(r"(?i)(?:({NUMBER})\s?[-–]\s?)?({NUMBER})\+?\s{{0,2}}[/⁄]\s{{0,2}}(\d{{1,3}}(?:[.,]0)?)"))
    });
    for captures in FRACTION.captures_iter(text) {
        let (Some(mark), Some(best_mark)) = (captures.get(2), captures.get(3)) else { continue };
        let start = captures.get(1).unwrap_or(mark).start();
        let range = start..best_mark.end();
        if !stands_free(text, &range) {
            continue;
        }
        let (Some(high), Some(best)) = (value(mark.as_str()), value(best_mark.as_str())) else { continue };
        let low = captures.get(1).and_then(|low| value(low.as_str())).filter(|low| *low < high);
        let mark = low.map_or(high, |low| f64::midpoint(low, high));
        if is_negative(&text[..start], high, best) {
            found.push(Found {
                range,
                form: Form::Fraction,
                score: 0.0,
                best: Some(best),
                confidence: Confidence::Low,
            });
            continue;
        }
        if is_scale(best)
            && let Some((score, confidence)) = share(mark, best)
        {
            found.push(Found { range, form: Form::Fraction, score, best: Some(best), confidence });
        }
    }
}

/// `9 out of 10`, and what other languages say for it.
pub fn out_of(text: &str, found: &mut Vec<Found>) {
    static OUT_OF: LazyLock<Sought> = LazyLock::new(|| {
        Sought::new(&format!(
            r"(?i)(?:(?:between\s+)?({NUMBER})\s?(?:and|to|or|[-–])\s?)?(?:\b|[-−])({NUMBER})\s?(★|stars?|étoiles?|estrellas?|estrelas?|stelle|sternen?|stjerner|sterren|points?|punkte[n]?)?\s{{1,2}}\(?(out\s+of(?:\sa)?(?:\s(?:possible|maximum(?:\sof)?))?|of|von|sur|sobre|su|op|из|ud\s+af|van\sde|av|de|di|na|/)\s({NUMBER})(?:\b|$)"
        ))
    });
    for captures in OUT_OF.captures_iter(text) {
        let (Some(mark), Some(best_mark)) = (captures.get(2), captures.get(5)) else { continue };
        let joiner = captures.get(4).map_or(String::new(), |j| j.as_str().to_lowercase());
        let has_unit = captures.get(3).is_some();
        let counted = captures.get(0).map_or("", |m| head(&text[m.end()..], 8)).trim_start().to_lowercase();
        // "4 of 5", "4 de 5" count anything, unless stars are counted or a label says that it is a mark.
        const UNITS: [&str; 9] = ["star", "point", "★", "⭐", "estrel", "stell", "sterr", "stj", "punkt"];
        let closed = joiner != "of" && !counted.starts_with(|c: char| c.is_alphabetic() && c != 'p');
        let unit = closed && matches!(best_mark.as_str(), "10" | "5" | "6")
            || has_unit
            || UNITS.iter().any(|unit| counted.starts_with(unit));
        let vague = matches!(joiner.as_str(), "of" | "de" | "di" | "na" | "av" | "/");
        if vague && !(unit && (joiner != "of" || !has_unit) || is_labelled(tail(&text[..mark.start()], 40))) {
            continue;
        }
        let whole = captures.get(0).map_or(0..0, |m| m.range());
        let (Some(high), Some(best)) = (value(mark.as_str()), value(best_mark.as_str())) else { continue };
        let low = captures.get(1).and_then(|low| value(low.as_str())).filter(|low| *low < high);
        let start = if low.is_some() { whole.start } else { mark.start() };
        let negative = is_negative(&text[..mark.start()], high, best);
        let range = start..best_mark.end();
        if !is_scale(best) || !stands_free(text, &range) {
            continue;
        }
        if negative {
            found.push(Found { range, form: Form::OutOf, score: 0.0, best: Some(best), confidence: Confidence::Low });
            continue;
        }
        let mark = low.map_or(high, |low| f64::midpoint(low, high));
        if let Some((score, confidence)) = share(mark, best) {
            found.push(Found { range, form: Form::OutOf, score, best: Some(best), confidence });
        }
    }
}

/// `-10/10`: a minus right before at least the best mark. Less than that may be a dash.
fn is_negative(before: &str, mark: f64, best: f64) -> bool {
    before.ends_with(['-', '−']) && mark >= best
}
