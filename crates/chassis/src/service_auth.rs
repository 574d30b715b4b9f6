//! Bearer tokens between services: each service accepts one, held only by those who call it
//! (design §2). Tokens of people and programs, with scopes, are not here.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, Request, header};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tower_http::validate_request::{ValidateRequest, ValidateRequestHeaderLayer};

use crate::problem::Problem;

/// The shortest secret that is accepted, in bytes.
pub const SHORTEST_SECRET: usize = 16;

/// A secret too weak to protect anything.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeakToken {
    /// Nothing is configured.
    #[error("the token is empty: set one, for example with `openssl rand -hex 32`")]
    Empty,
    /// Something that can be guessed.
    #[error(
        "the token is shorter than {SHORTEST_SECRET} characters: make a longer one, for example \
         with `openssl rand -hex 32`"
    )]
    Short,
    /// Something that no `Authorization` header can carry.
    #[error("the token holds spaces or characters outside ASCII")]
    Unspeakable,
}

/// The token of one service, as it expects it or as it presents it.
#[derive(Clone, Debug)]
pub struct BearerToken(SecretString);

impl BearerToken {
    /// Refuses what cannot protect or cannot travel.
    pub fn new(secret: SecretString) -> Result<Self, WeakToken> {
        let text = secret.expose_secret();
        if text.trim().is_empty() {
            return Err(WeakToken::Empty);
        }
        if text.len() < SHORTEST_SECRET {
            return Err(WeakToken::Short);
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(WeakToken::Unspeakable);
        }
        Ok(Self(secret))
    }

    /// Whether `presented` is this token, in a time that tells nothing about either.
    pub fn matches(&self, presented: &str) -> bool {
        // hashes are equally long, so not even the length shows
        let expected = Sha256::digest(self.0.expose_secret());
        Sha256::digest(presented).ct_eq(&expected).into()
    }

    /// The value of the `Authorization` header for those who call with this token. Marked
    /// sensitive, so that no library prints it.
    pub fn header_value(&self) -> HeaderValue {
        let text = format!("Bearer {}", self.0.expose_secret());
        let mut value = HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("Bearer"));
        value.set_sensitive(true);
        value
    }

    fn is_in(&self, headers: &HeaderMap) -> bool {
        presented(headers).is_some_and(|presented| self.matches(presented))
    }
}

/// The token that a request presents: RFC 6750 §2.1, the scheme in any case (RFC 9110 §11.1).
pub fn presented(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Lets only those through who present `token`; others get 401 `unauthorized`.
///
/// Put it on with `Router::route_layer`, so that unknown addresses stay 404.
pub fn require_bearer(token: BearerToken) -> ValidateRequestHeaderLayer<RequireBearer> {
    ValidateRequestHeaderLayer::custom(RequireBearer(token))
}

/// The check behind [`require_bearer`].
#[derive(Clone, Debug)]
pub struct RequireBearer(BearerToken);

impl<B> ValidateRequest<B> for RequireBearer {
    type ResponseBody = Body;

    fn validate(&mut self, request: &mut Request<B>) -> Result<(), Response> {
        if self.0.is_in(request.headers()) {
            return Ok(());
        }
        Err(
            Problem::unauthorized("Present this service's token: `Authorization: Bearer …`.")
                .into_response(),
        )
    }
}
