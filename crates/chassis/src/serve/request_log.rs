//! One span, one log line and one measurement per request. A path is only ever named by its
//! pattern (`/i/{token}`): the raw one holds tokens and phone numbers (design §9).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode};
use rand::RngExt;
use tokio::time::Instant;
use tracing::{Instrument, debug, error, info, info_span};

use crate::dice::Dice;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Asked for every few seconds by machines; not worth a line each.
const QUIET: [&str; 3] = ["/healthz", "/readyz", "/metrics"];

/// Names requests: a random part per process, so that ids of two runs do not meet, and a count.
/// An id that the client proposes is not taken: it would go into the logs unread.
#[derive(Clone)]
pub(super) struct RequestIds {
    run: u32,
    count: Arc<AtomicU64>,
}

impl RequestIds {
    pub(super) fn new() -> Self {
        Self {
            run: Dice::from_os().roll(RngExt::random),
            count: Arc::default(),
        }
    }

    fn next(&self) -> String {
        format!(
            "{:08x}-{}",
            self.run,
            self.count.fetch_add(1, Ordering::Relaxed)
        )
    }
}

pub(super) async fn log_request(
    State(ids): State<RequestIds>,
    request: Request,
    next: Next,
) -> Response {
    let id = ids.next();
    let method = known_method(&request);
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route
        .as_ref()
        .map_or("(none)", MatchedPath::as_str)
        .to_owned();
    let span = info_span!(
        "request",
        request.id = id,
        http.method = method,
        http.route = route
    );
    let started = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let seconds = started.elapsed().as_secs_f64();
    span.in_scope(|| log_answer(&route, response.status(), seconds));
    let status = response.status().as_u16().to_string();
    metrics::histogram!("http_request_duration_seconds",
        "method" => method, "route" => route, "status" => status)
    .record(seconds);
    if let Ok(id) = HeaderValue::try_from(id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// A method may be any word; one that we do not know would be a client's text in our logs and a
/// new time series in our metrics.
fn known_method(request: &Request) -> &'static str {
    match request.method().as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "OTHER",
    }
}

fn log_answer(route: &str, status: StatusCode, seconds: f64) {
    let http_status = status.as_u16();
    // to the microsecond: more digits are noise that can look like a phone number
    let latency_ms = (seconds * 1e6).round() / 1e3;
    if QUIET.contains(&route) {
        debug!(http.status = http_status, latency_ms, "answered");
    } else if status.is_server_error() {
        error!(
            http.status = http_status,
            latency_ms, "answered with a failure"
        );
    } else {
        info!(http.status = http_status, latency_ms, "answered");
    }
}
