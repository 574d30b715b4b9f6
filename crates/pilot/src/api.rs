//! The calls of the HTTP API that a run needs. Nothing is repeated by itself.

use std::time::Duration;

use bytes::Bytes;
use chassis::Outbound;
use http::{Method, Request, StatusCode, header};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::failure::Failure;

/// Linking may wait for open attempts before it answers.
const PATIENCE: Duration = Duration::from_mins(2);

/// The API of queue-api, with a token that has the scopes `read`, `enqueue` and `operate`.
pub struct Api {
    outbound: Outbound,
    token: SecretString,
}

impl Api {
    /// `outbound` leads to the listener that serves `/api/v1`.
    pub const fn new(outbound: Outbound, token: SecretString) -> Self {
        Self { outbound, token }
    }

    pub(crate) async fn get(&self, operation: &'static str, path: &str) -> Result<Value, Failure> {
        self.call(operation, Method::GET, path, None).await
    }

    pub(crate) async fn post(
        &self,
        operation: &'static str,
        path: &str,
        body: Option<Value>,
    ) -> Result<Value, Failure> {
        self.call(operation, Method::POST, path, body).await
    }

    pub(crate) async fn delete(
        &self,
        operation: &'static str,
        path: &str,
    ) -> Result<Value, Failure> {
        self.call(operation, Method::DELETE, path, None).await
    }

    async fn call(
        &self,
        operation: &'static str,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<Value, Failure> {
        let authorization = format!("Bearer {}", self.token.expose_secret());
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header(header::AUTHORIZATION, authorization)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Bytes::from(
                body.map(|body| body.to_string()).unwrap_or_default(),
            ))
            .map_err(|_| Failure::Unfit("an id of the API does not fit into an address"))?;
        let answer = self.outbound.call(request, PATIENCE).await?;
        let (status, body) = (answer.status(), answer.into_body());
        let value = serde_json::from_slice(&body).unwrap_or(Value::Null);
        if status.is_success() {
            return Ok(value);
        }
        Err(refused(operation, status, &value))
    }
}

fn refused(operation: &'static str, status: StatusCode, problem: &Value) -> Failure {
    let code = problem["code"].as_str().unwrap_or_default();
    // A proxy may answer with anything: only what looks like a code is kept.
    let plain = code.len() <= 64 && code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    let code = if plain { code } else { "" };
    Failure::Refused {
        operation,
        status,
        code: code.to_owned(),
    }
}
