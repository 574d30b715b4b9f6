//! Errors as HTTP answers: RFC 9457 problem documents with a stable `code` (design §9). The
//! details are sentences for the caller and hold nothing that the caller sent, because they are
//! stored and logged in places we do not know.

mod extract;
mod redact;

use std::borrow::Cow;
use std::error::Error;
use std::time::Duration;

use anyhow::Chain;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use http_body_util::LengthLimitError;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::serve::{OverBudget, TooSlow};

/// When bodies that are being read now are mostly through.
const OTHER_BODIES: Duration = Duration::from_secs(5);

pub use self::extract::{ProblemJson, ProblemPath, ProblemQuery};

/// The media type of a problem document (RFC 9457 §6.1).
pub const PROBLEM_JSON: &str = "application/problem+json";

/// One problem. A pointer wide, so that `Result<T, Problem>` stays small.
#[derive(Clone, Debug, Serialize, Deserialize, thiserror::Error)]
#[error("{} {}: {}", .0.status, .0.code, .0.detail)]
#[serde(transparent)]
pub struct Problem(Box<Document>);

/// A problem document (RFC 9457). Programs look at `code`, people read `detail`.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
struct Document {
    /// Always `about:blank`: what kind of problem it is, `code` says.
    #[serde(rename = "type")]
    #[schema(example = "about:blank")]
    kind: Cow<'static, str>,
    /// The words of the status code.
    #[schema(example = "Not Found")]
    title: Cow<'static, str>,
    /// The HTTP status code.
    #[schema(example = 404)]
    status: u16,
    /// What happened and what to do about it, in a sentence.
    detail: Cow<'static, str>,
    /// What happened, for programs. Codes never change their meaning.
    #[schema(example = "not_found")]
    code: Cow<'static, str>,
    /// Which fields of the request are wrong, and how.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
    /// Members that belong to this `code`.
    #[serde(flatten)]
    #[schema(value_type = Object, additional_properties)]
    extra: Map<String, Value>,
    #[serde(skip)]
    #[schema(ignore)]
    headers: HeaderMap,
}

/// One field of a request that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldError {
    /// Where: a path into the body (`guests[2].name`), or the name of a parameter.
    #[schema(example = "guests[2].name")]
    pub field: String,
    /// What is wrong with it, without its value.
    #[schema(example = "missing field `name`")]
    pub message: String,
}

fn has_cause<C: Error + 'static>(error: &(dyn Error + 'static)) -> bool {
    Chain::new(error).any(<dyn Error>::is::<C>)
}

impl Problem {
    /// A problem with nothing but its status and code, in `snake_case`.
    pub fn new(status: StatusCode, code: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Document {
            kind: Cow::Borrowed("about:blank"),
            title: Cow::Borrowed(status.canonical_reason().unwrap_or("Error")),
            status: status.as_u16(),
            detail: Cow::Borrowed(""),
            code: code.into(),
            errors: Vec::new(),
            extra: Map::new(),
            headers: HeaderMap::new(),
        }))
    }

    /// 400: the request cannot be understood.
    pub fn bad_request(
        code: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code).detail(detail)
    }

    /// 401 `unauthorized`, asking for a bearer token.
    pub fn unauthorized(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized")
            .detail(detail)
            .header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
    }

    /// 403 `forbidden`: we know who asks, and they may not.
    pub fn forbidden(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden").detail(detail)
    }

    /// 404 `not_found`.
    pub fn not_found(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found").detail(detail)
    }

    /// 409: not in the present state of things.
    pub fn conflict(
        code: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::new(StatusCode::CONFLICT, code).detail(detail)
    }

    /// 413 `body_too_large`.
    pub fn body_too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large")
            .detail("The body is longer than this service takes; send less at once.")
    }

    /// A body that could not be read: 413 `body_too_large`, 408 `body_too_slow`, 503 `too_many_bodies`, or 400 `incomplete_body`, which is also one that is no
    /// HTTP.
    pub fn unread_body(error: &(dyn Error + 'static)) -> Self {
        if has_cause::<LengthLimitError>(error) {
            Self::body_too_large()
        } else if has_cause::<TooSlow>(error) {
            Self::new(StatusCode::REQUEST_TIMEOUT, "body_too_slow")
                .detail("The body came too slowly; send it again over a better connection.")
        } else if has_cause::<OverBudget>(error) {
            Self::unavailable(
                "too_many_bodies",
                "Other large requests are being read; send it again in a moment.",
            )
            .retry_after(OTHER_BODIES)
        } else {
            Self::bad_request(
                "incomplete_body",
                "The body ended before it was complete; send it again.",
            )
        }
    }

    /// 422: understood, but it cannot be so.
    pub fn unprocessable(
        code: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code).detail(detail)
    }

    /// 422 with every field that is wrong. `consequence`: what was not done.
    pub fn invalid(
        code: impl Into<Cow<'static, str>>,
        consequence: &str,
        fields: Vec<FieldError>,
    ) -> Self {
        let first = fields.first();
        let first = first.map_or_else(String::new, |m| format!(" `{}`: {}.", m.field, m.message));
        let mut problem = Self::unprocessable(code, format!("{consequence}{first}"));
        problem.0.errors = fields;
        problem
    }

    /// 500 `internal_error`: our fault. What it was is in the log, not in the answer.
    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_error")
            .detail("Something went wrong here; it is in this service's log.")
    }

    /// 503: not now. Say when with [`Problem::retry_after`].
    pub fn unavailable(
        code: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code).detail(detail)
    }

    /// Says in a sentence what happened and what to do.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<Cow<'static, str>>) -> Self {
        self.0.detail = detail.into();
        self
    }

    /// Adds a field that is wrong. `message` must not hold its value.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>, message: impl Into<String>) -> Self {
        self.0.errors.push(FieldError {
            field: field.into(),
            message: message.into(),
        });
        self
    }

    /// Adds a member of its own to the document.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.0.extra.insert(name.into(), value.into());
        self
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.insert(name, value);
        self
    }

    /// Says when to try again (`Retry-After`), in whole seconds, rounded up.
    #[must_use]
    pub fn retry_after(self, wait: Duration) -> Self {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        self.header(header::RETRY_AFTER, HeaderValue::from(seconds))
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// What happened, for programs.
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// The fields that are wrong.
    pub fn errors(&self) -> &[FieldError] {
        &self.0.errors
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let headers = self.0.headers.clone();
        // a document is a map with text keys, which always serializes
        let body = serde_json::to_vec(&self).unwrap_or_default();
        (
            status,
            headers,
            [(header::CONTENT_TYPE, PROBLEM_JSON)],
            body,
        )
            .into_response()
    }
}

impl PartialSchema for Problem {
    fn schema() -> RefOr<Schema> {
        Document::schema()
    }
}

impl ToSchema for Problem {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Problem")
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        Document::schemas(schemas);
    }
}
