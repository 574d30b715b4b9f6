//! `Idempotency-Key`: the same key with the same body is one request, however often it is sent.

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use chassis::Problem;
use domain::ids::{AccountId, TokenId};
use http::request::Parts;
use http::{HeaderName, HeaderValue, StatusCode};
use serde::Serialize;
use sha2::{Digest, Sha256};
use storage::Idempotency;

use crate::auth::Identity;

/// Says that an answer is that of an earlier request.
const REPLAYED: (HeaderName, HeaderValue) = (
    HeaderName::from_static("idempotency-replayed"),
    HeaderValue::from_static("true"),
);

/// 201; or 200 with `Idempotency-Replayed`, when an earlier request with this key did the work.
pub(crate) fn created(repeated: bool, answer: impl IntoResponse) -> Response {
    if repeated {
        (StatusCode::OK, [REPLAYED], answer).into_response()
    } else {
        (StatusCode::CREATED, answer).into_response()
    }
}

/// The key of a request, when it has one: 1 to 255 visible ASCII characters.
pub(crate) struct IdempotencyKey(Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get("idempotency-key") else {
            return Ok(Self(None));
        };
        let key = value.to_str().unwrap_or_default();
        let fits = (1..=255).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
        if fits {
            return Ok(Self(Some(key.to_owned())));
        }
        Err(Problem::bad_request(
            "invalid_idempotency_key",
            "An Idempotency-Key is 1 to 255 visible ASCII characters; a random UUID is a good one.",
        ))
    }
}

impl IdempotencyKey {
    /// The key as it is stored: of this caller, for this operation with this body.
    pub(crate) fn of<T: Serialize>(
        self,
        caller: &Identity,
        operation: &str,
        body: &T,
    ) -> Option<Idempotency> {
        Some(keyed(self.0?, caller.id, operation, body))
    }
}

/// The key that a form of the page carries; none when it carries none. An account's keys are kept beside the tokens': an id is one
/// of either.
pub(crate) fn of_form<T: Serialize>(
    account: AccountId,
    key: &str,
    body: &T,
) -> Option<Idempotency> {
    let owner = account.to_string().parse().ok()?;
    let fits = (1..=255).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
    fits.then(|| keyed(key.to_owned(), owner, "form", body))
}

fn keyed<T: Serialize>(key: String, owner: TokenId, operation: &str, body: &T) -> Idempotency {
    // what was read out of the body, so that white space and the order of fields do not matter
    let body = serde_json::to_vec(body).unwrap_or_default();
    let digest = Sha256::new()
        .chain_update(operation)
        .chain_update([0])
        .chain_update(body)
        .finalize();
    Idempotency {
        key,
        owner,
        fingerprint: hex::encode(digest),
    }
}

/// 422 `idempotency_key_reused`.
pub(crate) fn key_reused() -> Problem {
    Problem::unprocessable(
        "idempotency_key_reused",
        "This Idempotency-Key was used for another body: nothing was done. Use a new key for a new request.",
    )
}
