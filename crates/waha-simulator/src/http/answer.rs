//! Successful answers.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use serde_json::Value;

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");

pub(super) fn ok(body: &Value) -> Response {
    with(StatusCode::OK, body)
}

pub(super) fn created(body: &Value) -> Response {
    with(StatusCode::CREATED, body)
}

/// 200 or 201 with no bytes at all, as several calls answer.
pub(super) fn empty(status: StatusCode) -> Response {
    status.into_response()
}

pub(super) fn with(status: StatusCode, body: &Value) -> Response {
    let mut answer = Response::new(Body::from(body.to_string()));
    *answer.status_mut() = status;
    answer.headers_mut().insert(CONTENT_TYPE, JSON);
    answer
}
