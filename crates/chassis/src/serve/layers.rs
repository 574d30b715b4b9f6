//! What surrounds every handler of every service: request log, panics, refusals as problems, and
//! the limit on bodies.

use std::any::Any;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use tower_http::catch_panic::CatchPanicLayer;

use super::request_log::{RequestIds, log_request};
use crate::problem::Problem;

/// How much a client may ask of us at once.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The longest request body, in bytes.
    pub body_bytes: usize,
}

impl Default for Limits {
    /// Bodies up to 16 MiB (design §9).
    fn default() -> Self {
        Self {
            body_bytes: 16 * 1024 * 1024,
        }
    }
}

/// Wraps `router`, which must be complete: routes added afterwards are not wrapped.
///
/// - each request has an id (`x-request-id` in the answer), a log line with its *matched* path,
///   and a place in the `http_request_duration_seconds` histogram;
/// - a panic answers 500 `internal_error`;
/// - no answer is guessed, framed or loads anything, unless its handler says otherwise;
/// - 404, 405 and 413 without a body of their own answer `not_found`, `method_not_allowed` (with
///   `Allow`) and `body_too_large`.
pub fn with_layers(router: Router, limits: Limits) -> Router {
    router
        // holds where a body is read, so that whoever may not ask at all learns that first
        .layer(DefaultBodyLimit::max(limits.body_bytes))
        .layer(map_response(refusals_become_problems))
        .layer(CatchPanicLayer::custom(|_: Box<dyn Any + Send>| {
            Problem::internal().into_response()
        }))
        .layer(map_response(with_defaults))
        .layer(from_fn_with_state(RequestIds::new(), log_request))
}

/// ASVS 5.0, 3.4.3, 3.4.4 and 3.4.6.
const DEFAULTS: [(HeaderName, HeaderValue); 2] = [
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
    ),
];

async fn with_defaults(mut response: Response) -> Response {
    for (name, value) in DEFAULTS {
        response.headers_mut().entry(name).or_insert(value);
    }
    response
}

/// The refusals that the router and the body limit make by themselves are bare; this dresses them.
/// `Allow` is added by the router after this.
async fn refusals_become_problems(response: Response) -> Response {
    let refusal = match response.status() {
        StatusCode::NOT_FOUND => {
            Problem::not_found("There is nothing at this address; check how it is written.")
        }
        StatusCode::METHOD_NOT_ALLOWED => {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed")
                .detail("This address does not take this method; `Allow` names those it takes.")
        }
        StatusCode::PAYLOAD_TOO_LARGE => Problem::body_too_large(),
        _ => return response,
    };
    if is_dressed(&response) {
        return response;
    }
    let mut dressed = refusal.into_response();
    for (name, value) in response.headers() {
        if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
            dressed.headers_mut().insert(name, value.clone());
        }
    }
    dressed
}

/// Whether a handler wrote this answer for somebody: a problem, a page, JSON. Plain text is what
/// the libraries write.
fn is_dressed(response: &Response) -> bool {
    let kind = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| !kind.starts_with("text/plain"))
}
