//! When a source wants to be asked again: `Cache-Control`, `Expires`, `Retry-After` (RFC 9110, RFC 9111).

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{AGE, CACHE_CONTROL, DATE, EXPIRES, HeaderMap, HeaderName, RETRY_AFTER};

use crate::{model::Published, read::date};

/// The longest wait that a source can ask for: beyond a week it is a mistake or a trick.
const LONGEST: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The earliest time for the next poll, by an answer's freshness. `None` where it says nothing of use.
pub fn next_poll(headers: &HeaderMap, now: Timestamp) -> Option<Timestamp> {
    let directives = text(headers, &CACHE_CONTROL).unwrap_or_default().to_ascii_lowercase();
    let mut directives = directives.split(',').map(str::trim);
    if directives.clone().any(|directive| matches!(directive, "no-cache" | "no-store")) {
        return None;
    }
    let max_age =
        directives.find_map(|directive| directive.strip_prefix("max-age=")?.trim_matches('"').parse::<i64>().ok());
    let lifetime = match max_age {
        Some(seconds) => seconds.saturating_sub(number(headers, &AGE).unwrap_or(0)),
        None => {
            let expires = instant(text(headers, &EXPIRES)?)?;
            let sent = text(headers, &DATE).and_then(instant).unwrap_or(now);
            expires.as_second().saturating_sub(sent.as_second())
        }
    };
    after(lifetime, now)
}

/// The earliest time for the next poll, by `Retry-After`: seconds, or a date.
pub fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Timestamp> {
    let seconds = number(headers, &RETRY_AFTER).or_else(|| {
        let at = instant(text(headers, &RETRY_AFTER)?)?;
        Some(at.as_second().saturating_sub(now.as_second()))
    })?;
    after(seconds, now)
}

fn after(seconds: i64, now: Timestamp) -> Option<Timestamp> {
    let wait = SignedDuration::from_secs(seconds).min(LONGEST);
    if wait <= SignedDuration::ZERO { None } else { now.checked_add(wait).ok() }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Option<i64> {
    text(headers, name)?.trim().parse().ok()
}

/// An HTTP date, in any of its three formats (RFC 9110, section 5.6.7) or as servers misspell them.
fn instant(text: &str) -> Option<Timestamp> {
    match date::parse(text)? {
        Published::At(at, _) => Some(at),
        Published::Day(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-05-09T12:00:00Z";

    fn headers(pairs: &[(HeaderName, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect()
    }

    fn poll(pairs: &[(HeaderName, &str)]) -> Option<String> {
        next_poll(&headers(pairs), NOW.parse().unwrap()).map(|at| at.to_string())
    }

    #[test]
    fn max_age_goes_before_expires_and_age_is_taken_off() {
        let expires = (EXPIRES, "Sat, 09 May 2026 18:00:00 GMT");
        assert_eq!(
            poll(&[(CACHE_CONTROL, "public, max-age=3600"), expires.clone()]).as_deref(),
            Some("2026-05-09T13:00:00Z")
        );
        assert_eq!(poll(&[(CACHE_CONTROL, "max-age=3600"), (AGE, "600")]).as_deref(), Some("2026-05-09T12:50:00Z"));
        assert_eq!(poll(&[(DATE, "Sat, 09 May 2026 17:00:00 GMT"), expires]).as_deref(), Some("2026-05-09T13:00:00Z"));
    }

    #[test]
    fn an_answer_that_is_stale_at_once_asks_for_no_wait() {
        assert_eq!(poll(&[(CACHE_CONTROL, "no-cache, max-age=3600")]), None);
        assert_eq!(poll(&[(CACHE_CONTROL, "max-age=0")]), None);
        assert_eq!(poll(&[(EXPIRES, "0")]), None);
        assert_eq!(poll(&[]), None);
    }

    #[test]
    fn no_source_can_silence_itself_for_more_than_a_week() {
        assert_eq!(poll(&[(CACHE_CONTROL, "max-age=9999999999")]).as_deref(), Some("2026-05-16T12:00:00Z"));
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = NOW.parse().unwrap();
        let retry = |value| retry_after(&headers(&[(RETRY_AFTER, value)]), now).map(|at| at.to_string());
        assert_eq!(retry("120").as_deref(), Some("2026-05-09T12:02:00Z"));
        assert_eq!(retry("Sat, 09 May 2026 12:30:00 GMT").as_deref(), Some("2026-05-09T12:30:00Z"));
        assert_eq!(retry("soon"), None);
    }
}
