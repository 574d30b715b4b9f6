//! Versions over HTTP: `ETag` says which one an answer shows, `If-Match` which one a change is meant for.

use axum::extract::FromRequestParts;
use chassis::Problem;
use http::request::Parts;
use http::{HeaderName, HeaderValue, header};

/// The version in `If-Match`; none when there is no such header, or it is `*`.
pub(crate) struct IfMatch(pub(crate) Option<i64>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else {
            return Ok(Self(None));
        };
        let text = value.to_str().map_or("", str::trim);
        if text == "*" {
            return Ok(Self(None));
        }
        let quoted = text.strip_prefix('"').and_then(|t| t.strip_suffix('"'));
        let digits = quoted.filter(|t| t.bytes().all(|byte| byte.is_ascii_digit()));
        let version = digits.and_then(|digits| digits.parse().ok()).ok_or_else(|| {
            Problem::bad_request(
                "invalid_if_match",
                "If-Match must be the ETag of an earlier answer, such as \"3\"; read it again and repeat.",
            )
        })?;
        Ok(Self(Some(version)))
    }
}

/// The `ETag` header of a version.
pub(crate) fn etag(version: i64) -> [(HeaderName, HeaderValue); 1] {
    let value = HeaderValue::try_from(format!("\"{version}\""));
    [(
        header::ETAG,
        value.unwrap_or(HeaderValue::from_static("\"0\"")),
    )]
}

/// 409 `version_conflict`: somebody else changed it meanwhile.
pub(crate) fn version_conflict(current: i64) -> Problem {
    Problem::conflict(
        "version_conflict",
        "It was changed meanwhile: read it again, look at what is new, and repeat the change.",
    )
    .with("current_version", current)
}
