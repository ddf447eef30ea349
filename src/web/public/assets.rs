//! The style sheet, and what crawlers are told.

use axum::{
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;

use crate::{render::page::STYLE, web::cached::Rendered};

/// `/assets/style.css`
pub async fn style(headers: HeaderMap) -> Response {
    Rendered::new(STYLE, "text/css; charset=utf-8", Timestamp::UNIX_EPOCH, 3600).answer(&headers)
}

/// `/robots.txt`: personal and admin pages are nobody's business.
pub async fn robots() -> Response {
    const RULES: &str = "User-agent: *\nDisallow: /admin\nDisallow: /api/\nDisallow: /confirm/\nDisallow: /preferences/\nDisallow: /unsubscribe/\n";
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], RULES).into_response()
}
