//! queue-api as a program of the couple's uses it.

use std::time::Duration;

use anyhow::ensure;
use bytes::Bytes;
use chassis::Outbound;
use http::{Method, Request};
use serde_json::Value;

use super::{Places, Program, until_ready};

/// Far more than any call takes.
const PATIENCE: Duration = Duration::from_mins(1);

/// A caller with a token that may do everything.
#[derive(Clone)]
pub(crate) struct Api {
    service: Outbound,
    token: String,
}

impl Api {
    /// Waits for the service and makes a token, with the command an operator would use.
    pub(crate) async fn of(
        program: &Program,
        places: &Places,
        database_url: &str,
    ) -> anyhow::Result<Self> {
        let service = Outbound::network(&format!("http://{}", places.api))?;
        until_ready(&service, program).await?;
        let arguments = [
            "create-token",
            "--name=benchmarks",
            "--scopes=read,enqueue,operate",
        ];
        let settings = vec![("DATABASE_URL".to_owned(), database_url.to_owned())];
        let token = Program::ask("queue-api", &arguments, settings).await?;
        Ok(Self { service, token })
    }

    /// POSTs JSON; the answer's JSON.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        self.call(Method::POST, path, body.to_string().into()).await
    }

    /// POSTs a body that is JSON already.
    pub(crate) async fn post_bytes(&self, path: &str, body: Bytes) -> anyhow::Result<Value> {
        self.call(Method::POST, path, body).await
    }

    async fn call(&self, method: Method, path: &str, body: Bytes) -> anyhow::Result<Value> {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json")
            .body(body)?;
        let answer = self.service.call(request, PATIENCE).await?;
        let text = String::from_utf8_lossy(answer.body());
        ensure!(
            answer.status().is_success(),
            "{path} answered {}: {text}",
            answer.status()
        );
        Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
    }
}
