//! Answers that a reader may keep: strong ETag, Last-Modified, 304 where nothing changed (RFC 9110, section 13).

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use jiff::{Timestamp, fmt::rfc2822};
use sha2::{Digest as _, Sha256};

/// Bytes with what HTTP says of them.
#[derive(Debug, Clone)]
pub struct Rendered {
    bytes: Bytes,
    content_type: &'static str,
    etag: String,
    modified: Timestamp,
    max_age: u32,
}

impl Rendered {
    /// Bytes of a media type, last changed at `modified`, to be kept for `max_age` seconds.
    pub fn new(bytes: impl Into<Bytes>, content_type: &'static str, modified: Timestamp, max_age: u32) -> Self {
        let bytes = bytes.into();
        let hash = Sha256::digest(&bytes);
        let etag: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        Self { bytes, content_type, etag: format!("\"{etag}\""), modified, max_age }
    }

    /// The answer to a request: the bytes, or 304 where the reader has them.
    pub fn answer(&self, request: &HeaderMap) -> Response {
        let known = self.is_known(request);
        let mut response = Response::new(if known { Body::empty() } else { Body::from(self.bytes.clone()) });
        *response.status_mut() = if known { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
        let headers = response.headers_mut();
        let mut set = |name, value: String| {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        };
        set(header::ETAG, self.etag.clone());
        set(header::LAST_MODIFIED, http_date(self.modified));
        set(header::CACHE_CONTROL, format!("public, max-age={}", self.max_age));
        if !known {
            set(header::CONTENT_TYPE, self.content_type.to_owned());
        }
        response
    }

    /// If-None-Match wins over If-Modified-Since; its tags compare weakly, and `*` matches anything.
    fn is_known(&self, request: &HeaderMap) -> bool {
        if let Some(tags) = request.get(header::IF_NONE_MATCH) {
            let tags = tags.to_str().unwrap_or("");
            return tags.split(',').map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == self.etag);
        }
        let since = request.get(header::IF_MODIFIED_SINCE).and_then(|value| value.to_str().ok());
        let since = since.and_then(|value| rfc2822::parse(value).ok());
        since.is_some_and(|since| self.modified.as_second() <= since.timestamp().as_second())
    }
}

/// A date as HTTP writes it (RFC 9110, section 5.6.7).
fn http_date(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered() -> Rendered {
        Rendered::new("feed", "application/rss+xml", Timestamp::from_second(1_000_000_000).unwrap(), 60)
    }

    fn status(name: header::HeaderName, value: &str) -> StatusCode {
        let mut request = HeaderMap::new();
        request.insert(name, HeaderValue::from_str(value).unwrap());
        rendered().answer(&request).status()
    }

    #[test]
    fn a_reader_that_has_the_bytes_gets_304() {
        let etag = rendered().etag;
        for tags in [etag.clone(), format!("W/{etag}"), format!("\"other\", {etag}"), "*".to_owned()] {
            assert_eq!(status(header::IF_NONE_MATCH, &tags), StatusCode::NOT_MODIFIED, "{tags}");
        }
        assert_eq!(status(header::IF_NONE_MATCH, "\"other\""), StatusCode::OK);
    }

    #[test]
    fn the_date_counts_where_there_is_no_tag() {
        assert_eq!(status(header::IF_MODIFIED_SINCE, "Sun, 09 Sep 2001 01:46:40 GMT"), StatusCode::NOT_MODIFIED);
        assert_eq!(status(header::IF_MODIFIED_SINCE, "Sun, 09 Sep 2001 01:46:39 GMT"), StatusCode::OK);
        assert_eq!(http_date(rendered().modified), "Sun, 09 Sep 2001 01:46:40 GMT");
    }
}
