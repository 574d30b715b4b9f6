//! What every request goes through: CORS, the body, the key, and being carried out to its end.
//!
//! A request once read is carried out even when its caller has gone, as Node does; only the end of the process ends it.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::SecondsFormat;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use serde_json::json;

use super::answer;
use super::broken::broken_connection;
use super::call::Call;
use super::refusal::{Refusal, Uncaught};
use crate::misbehaviour::Misbehaviour;
use crate::record::RecordedCall;
use crate::shapes::session_info::environment;
use crate::waha::Waha;

/// WAHA's limit on bodies; beyond it the answer is a 500, not a 413 (recorded).
const MAX_BODY: usize = 50 * 1024 * 1024;

pub(super) async fn serve(State(waha): State<Arc<Waha>>, request: Request, next: Next) -> Response {
    let life = waha.life();
    let work =
        tokio::spawn(async move { life.run_until_cancelled(handle(&waha, request, next)).await });
    match work.await {
        Ok(Some(answer)) => answer,
        // the process ended, or a handler panicked
        Ok(None) | Err(_) => broken_connection(),
    }
}

async fn handle(waha: &Arc<Waha>, request: Request, next: Next) -> Response {
    if waha.takes(None, |m| *m == Misbehaviour::Away).is_some() {
        return broken_connection();
    }
    if request.method() == Method::OPTIONS {
        return preflight(request.headers());
    }
    let (head, body) = request.into_parts();
    let mut answer = match read(waha, &head, body).await {
        Ok((call, body)) => carry_out(waha, head, call, body, next).await,
        Err(refusal) => refusal.into_response(),
    };
    answer
        .headers_mut()
        .insert("access-control-allow-origin", HeaderValue::from_static("*"));
    answer
}

/// The body is read before the key is looked at: bad JSON is a 400 even without a key (recorded).
async fn read(waha: &Waha, head: &Parts, body: Body) -> Result<(Call, Body), Refusal> {
    let bytes = to_bytes(body, MAX_BODY)
        .await
        .map_err(|_| Refusal::error("request entity too large"))?;
    let call = Call::read(head, &bytes)?;
    check_key(waha, head, &call)?;
    Ok((call, Body::from(bytes)))
}

async fn carry_out(waha: &Waha, mut head: Parts, call: Call, body: Body, next: Next) -> Response {
    head.extensions.insert(call.clone());
    let answer = next.run(Request::from_parts(head, body)).await;
    match answer.extensions().get::<Uncaught>() {
        Some(uncaught) => echo(waha, &call, uncaught),
        None => answer,
    }
}

fn check_key(waha: &Waha, head: &Parts, call: &Call) -> Result<(), Refusal> {
    let covered = call.path.starts_with("/api/") || call.path == "/health";
    if !covered {
        return Ok(());
    }
    let refused = waha.takes(None, |m| *m == Misbehaviour::WrongKey).is_some();
    let right = given_key(waha, head, call) == Some(&waha.config.api_key);
    if right && !refused {
        return Ok(());
    }
    waha.note("", RecordedCall::KeyRefused);
    Err(Refusal::Unauthorized)
}

/// The header wins over the query, which newer versions take too (WAHA §1.1).
fn given_key<'a>(waha: &Waha, head: &'a Parts, call: &'a Call) -> Option<&'a str> {
    let header = head
        .headers
        .get("x-api-key")
        .and_then(|key| key.to_str().ok())
        .map(str::trim);
    let query = || call.query.get("x-api-key").map(String::as_str);
    header.or_else(|| {
        if waha.profile().is_newest() {
            query()
        } else {
            None
        }
    })
}

fn echo(waha: &Waha, call: &Call, uncaught: &Uncaught) -> Response {
    let mut request = json!({
        "path": call.target,
        "method": call.method.as_str(),
        "query": call.query,
    });
    if call.has_body {
        request["body"] = call.body.clone();
    }
    let timestamp = waha.now().to_rfc3339_opts(SecondsFormat::Millis, true);
    uncaught.with_echo(&timestamp, &request, &environment(waha.profile()))
}

fn preflight(headers: &HeaderMap) -> Response {
    let mut answer = answer::empty(StatusCode::NO_CONTENT);
    let allowed = answer.headers_mut();
    allowed.insert("access-control-allow-origin", HeaderValue::from_static("*"));
    allowed.insert(
        "access-control-allow-methods",
        HeaderValue::from_static("GET,HEAD,PUT,PATCH,POST,DELETE"),
    );
    if let Some(asked) = headers.get("access-control-request-headers") {
        allowed.insert("access-control-allow-headers", asked.clone());
    }
    answer
}
