//! Extractors whose refusals are problems that say what to do, without quoting what was sent.

use std::error::Error;
use std::iter;

use axum::extract::path::ErrorKind;
use axum::extract::rejection::{BytesRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, OptionalFromRequest, Path, Query, Request};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use tracing::error;

use super::Problem;
use super::redact::{field, without_values};

/// A JSON body. Refuses with 415 `unsupported_media_type`, 413 `body_too_large`, 408
/// `body_too_slow`, 400 `incomplete_body` or `invalid_json` (with line and column) or 422 `invalid_body` (with the path to the field).
#[derive(Clone, Copy, Debug, Default)]
pub struct ProblemJson<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for ProblemJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(not_json());
        }
        let body = whole(request, state).await?;
        parse(&body).map(Self)
    }
}

/// A body that may be left out.
impl<S: Send + Sync, T: DeserializeOwned> OptionalFromRequest<S> for ProblemJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Problem> {
        let is_json = is_json(request.headers());
        let body = whole(request, state).await?;
        if body.is_empty() {
            return Ok(None);
        }
        if !is_json {
            return Err(not_json());
        }
        parse(&body).map(|body| Some(Self(body)))
    }
}

async fn whole<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    let body = Bytes::from_request(request, state).await;
    body.map_err(|rejection| unread(&rejection))
}

fn not_json() -> Problem {
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type")
        .detail("Send the body as JSON, with `Content-Type: application/json`.")
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let essence = kind
        .and_then(|kind| kind.split(';').next())
        .unwrap_or_default();
    let essence = essence.trim().to_ascii_lowercase();
    essence
        .strip_prefix("application/")
        .is_some_and(|kind| kind == "json" || kind.ends_with("+json"))
}

/// The rejection of a body that is too long hides its cause.
fn unread(rejection: &BytesRejection) -> Problem {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::body_too_large();
    }
    Problem::unread_body(rejection)
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    if body.is_empty() {
        return Err(Problem::bad_request(
            "invalid_json",
            "The body is empty; send JSON.",
        ));
    }
    // serde would read the fields in their order, which no description of an API says
    if body.trim_ascii_start().starts_with(b"[") {
        let (status, code) = (StatusCode::UNPROCESSABLE_ENTITY, "invalid_body");
        return Err(misfit(status, code, "The body", "", "expected an object"));
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut json)
        .map_err(|e| refused(e.inner(), &field(e.path())))?;
    json.end().map_err(|e| refused(&e, ""))?;
    Ok(value)
}

fn refused(error: &serde_json::Error, field: &str) -> Problem {
    if !error.is_data() {
        let (line, column) = (error.line(), error.column());
        let complaint = without_values(&error.to_string());
        let detail = format!(
            "The body is not JSON: {complaint} at line {line}, column {column}. Correct it there and send it again."
        );
        return Problem::bad_request("invalid_json", detail)
            .with("line", line)
            .with("column", column);
    }
    misfit(
        StatusCode::UNPROCESSABLE_ENTITY,
        "invalid_body",
        "The body",
        field,
        &error.to_string(),
    )
}

/// The query string. Refuses with 400 `invalid_query`.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProblemQuery<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for ProblemQuery<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Query(value) = Query::try_from_uri(&parts.uri).map_err(|e| misread(&e))?;
        Ok(Self(value))
    }
}

fn misread(rejection: &QueryRejection) -> Problem {
    let misfit = |field: &str, complaint: &str| {
        misfit(
            StatusCode::BAD_REQUEST,
            "invalid_query",
            "The query",
            field,
            complaint,
        )
    };
    // axum's own words join the parameter's name and the complaint; the error below has both apart
    iter::successors(rejection.source(), |e| (*e).source())
        .find_map(|e| e.downcast_ref::<serde_path_to_error::Error<serde::de::value::Error>>())
        .map_or_else(
            || misfit("", "a parameter is missing or wrong"),
            |e| misfit(&field(e.path()), &e.inner().to_string()),
        )
}

/// Parameters in the path. Refuses with 400 `invalid_path`.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProblemPath<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for ProblemPath<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(value)) => Ok(Self(value)),
            Err(PathRejection::FailedToDeserializePathParams(e)) => Err(mislaid(e.kind())),
            Err(_) => Err(asked_wrongly("a path parameter where the route has none")),
        }
    }
}

fn mislaid(kind: &ErrorKind) -> Problem {
    let misfit = |field: &str, complaint: &str| {
        misfit(
            StatusCode::BAD_REQUEST,
            "invalid_path",
            "The address",
            field,
            complaint,
        )
    };
    let not_a = |expected: &str| format!("not a valid {expected}");
    match kind {
        ErrorKind::ParseErrorAtKey {
            key, expected_type, ..
        } => misfit(key, &not_a(expected_type)),
        ErrorKind::ParseErrorAtIndex { expected_type, .. }
        | ErrorKind::ParseError { expected_type, .. } => misfit("", &not_a(expected_type)),
        ErrorKind::InvalidUtf8InPathParam { key } => misfit(key, "not UTF-8"),
        ErrorKind::DeserializeError { key, message, .. } => misfit(key, plainly(message)),
        ErrorKind::Message(message) => misfit("", message),
        _ => asked_wrongly("path parameters that the route does not have"),
    }
}

/// The parser of ids tells which character it did not like; people need to hear where a good one is found.
fn plainly(complaint: &str) -> &str {
    if complaint.starts_with("UUID parsing failed") {
        return "not an id; take it as it is from an earlier answer";
    }
    complaint
}

/// The handler and its route do not fit each other.
fn asked_wrongly(what: &'static str) -> Problem {
    error!("a handler asks for {what}");
    Problem::internal()
}

fn misfit(
    status: StatusCode,
    code: &'static str,
    what: &str,
    field: &str,
    complaint: &str,
) -> Problem {
    let complaint = without_values(complaint);
    let problem = Problem::new(status, code);
    if field.is_empty() {
        return problem.detail(format!("{what} does not fit: {complaint}."));
    }
    problem
        .detail(format!("{what} does not fit at `{field}`: {complaint}."))
        .field(field, complaint)
}
