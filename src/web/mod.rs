//! The site: public pages and feeds, the admin pages, the API. One handler per file.
//!
//! A handler loads, checks, calls [`crate::app`] and fills a page of [`crate::render::page`]. No GET acts.
//! The listener has TCP_NODELAY, since without it small answers wait for acknowledgements.

mod admin;
mod api;
mod cached;
mod error;
mod form;
mod health;
mod mailbox;
mod public;
mod state;

use std::{future::Future, net::SocketAddr, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::Response,
    routing::{MethodRouter, delete, get, post},
    serve::ListenerExt as _,
};
use tokio::net::TcpListener;
use tower_http::{catch_panic::CatchPanicLayer, timeout::TimeoutLayer};

pub use state::Web;

/// Bodies larger than this are refused: the largest form is a one-off with its note.
const LARGEST_BODY: usize = 256 * 1024;

/// Every route of the site.
pub fn router(web: Web) -> Router {
    let mut router = Router::new()
        .route("/", get(public::home::page))
        .route("/assets/style.css", get(public::assets::style))
        .route("/robots.txt", get(public::assets::robots))
        .route("/d/{digest}", get(public::digest::page))
        .route("/d/{digest}/feed.xml", get(public::feeds::rss))
        .route("/d/{digest}/atom.xml", get(public::feeds::atom))
        .route("/d/{digest}/feed.json", get(public::feeds::json))
        .route("/d/{digest}/reviews.xml", get(public::feeds::reviews))
        .route("/d/{digest}/{number}", get(public::issue::page))
        .route("/w/{work}", get(public::work::page))
        .route("/subscribe", get(public::subscribe::page).post(public::subscribe::ask))
        .route("/confirm/{token}", get(public::confirm::page).post(public::confirm::confirm))
        .route("/preferences/{token}", get(public::preferences::page).post(public::preferences::save))
        .route("/unsubscribe/{token}", get(public::unsubscribe::page).post(public::unsubscribe::leave))
        .route("/websub/{token}", websub_routes())
        .route("/admin", get(admin::dashboard::page))
        .route("/admin/login", get(admin::login::page).post(admin::login::enter))
        .route("/admin/logout", post(admin::login::leave))
        .route("/admin/send", post(admin::send::send))
        .route("/admin/orders", post(admin::orders::cancel))
        .route("/admin/d/{digest}", get(admin::schedule::page))
        .route("/admin/reviews", post(admin::reviews::star))
        .route("/admin/reviews/{id}", get(admin::quote::page).post(admin::quote::decide))
        .route("/admin/d/{digest}/{number}", get(admin::issue::page).post(admin::issue::decide))
        .route("/admin/drafts", get(admin::drafts::list))
        .route("/admin/drafts/{id}", get(admin::drafts::page).post(admin::drafts::decide))
        .route("/admin/bounces", get(admin::bounces::page).post(admin::bounces::undo))
        .route("/admin/bounces/{id}", get(admin::bounces::report))
        .route("/api/hooks/bounces/{provider}", hook_routes())
        .route("/api/digests/{digest}/issues", post(api::issues::create))
        .route("/api/orders", get(api::orders::list))
        .route("/api/orders/{id}", delete(api::orders::cancel))
        .route("/api/drafts", get(api::drafts::list))
        .route("/api/drafts/{id}", get(api::drafts::show))
        .route("/api/drafts/{id}/{act}", post(api::drafts::decide))
        .route("/health", get(health::health));
    if web.mailbox().is_some() {
        router = router.route("/mailbox", get(mailbox::list)).route("/mailbox/{id}", get(mailbox::mail));
    }
    router
        .fallback(error::no_such_page)
        .method_not_allowed_fallback(error::no_such_method)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, Duration::from_secs(120)))
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn(guard_headers))
        .layer(middleware::from_fn(log))
        .with_state(web)
}

/// What mail providers call.
fn hook_routes() -> MethodRouter<Web> {
    post(api::bounces::take).layer(DefaultBodyLimit::max(api::bounces::LARGEST))
}

/// What hubs call; the documents that they push are larger than any form.
fn websub_routes() -> MethodRouter<Web> {
    get(public::websub::verify).post(public::websub::push).layer(DefaultBodyLimit::max(public::websub::LARGEST_PUSH))
}

/// Serves until `stop` comes, then lets open answers finish.
///
/// # Errors
/// Where the listener fails.
pub async fn serve(
    listener: TcpListener,
    web: Web,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
    });
    axum::serve(listener, router(web)).with_graceful_shutdown(stop).await
}

/// Opens the listener.
///
/// # Errors
/// Where the address cannot be had.
pub async fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    TcpListener::bind(address).await
}

/// The pages run no script, load nothing from elsewhere, tell no other site where a reader came from (personal
/// links are secrets), and cannot be framed by others.
async fn guard_headers(request: Request, next: Next) -> Response {
    const HEADERS: [(HeaderName, &str); 4] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; form-action 'self'; \
             frame-src 'self'; frame-ancestors 'self'; base-uri 'self'",
        ),
    ];
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// One line a request: method, route, status and time. Personal links are secrets, so the path of one is not
/// logged.
async fn log(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request.extensions().get::<axum::extract::MatchedPath>().map(|path| path.as_str().to_owned());
    let started = std::time::Instant::now();
    let response = next.run(request).await;
    let route = route.unwrap_or_else(|| "(none)".to_owned());
    let took_ms = started.elapsed().as_secs_f64() * 1000.0;
    tracing::debug!(%method, route, status = response.status().as_u16(), took_ms, "request answered");
    response
}
