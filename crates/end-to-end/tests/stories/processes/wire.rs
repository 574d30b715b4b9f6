//! The wire between worker and integration: a reverse proxy that changes nothing and can hold what passes.
//!
//! Like a network it delivers what was sent, even when the sender is dead by then; and a connection that breaks on one
//! side breaks on the other.

use std::{io, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    response::Response,
};
use bytes::Bytes;
use chassis::{Outbound, outbound::BodyStream};
use futures_util::{StreamExt as _, stream};
use http::{StatusCode, header};
use http_body_util::BodyExt as _;

use super::gates::{Place, WireGates};

/// Until the head of an answer; longer than any caller waits.
const PATIENCE: Duration = Duration::from_mins(6);

#[derive(Clone)]
struct Wire {
    integration: Outbound,
    gates: WireGates,
}

/// The wire to the integration at `base_url`, with `gates` on it.
pub(crate) fn router(base_url: &str, gates: WireGates) -> Router {
    let integration = Outbound::network(base_url).expect("a base URL");
    Router::new()
        .fallback(carry)
        .with_state(Wire { integration, gates })
}

/// In a task of its own: what was sent arrives, whoever has died meanwhile.
async fn carry(State(wire): State<Wire>, request: Request) -> Response {
    let carried = tokio::spawn(async move { wire.carry(request).await });
    carried.await.ok().flatten().unwrap_or_else(broken)
}

impl Wire {
    /// The answer; none when the connection broke.
    async fn carry(&self, request: Request) -> Option<Response> {
        let path = request.uri().path().to_owned();
        let (mut head, body) = request.into_parts();
        let body = body.collect().await.ok()?.to_bytes();
        for name in [header::HOST, header::CONTENT_LENGTH, header::CONNECTION] {
            head.headers.remove(name);
        }
        match verb(&path) {
            "read-chat" => self.gates.pass(Place::ReadChat).await,
            "send" => self.gates.pass(Place::SendRequest).await,
            _ => {}
        }
        let request = Request::from_parts(head, body);
        let answer = self.integration.stream(request, PATIENCE).await.ok()?;
        let (mut head, body) = answer.into_parts();
        head.headers.remove(header::CONTENT_LENGTH);
        head.headers.remove(header::TRANSFER_ENCODING);
        let body = match verb(&path) {
            "compose" => self.lines(body),
            "send" => self.held_answer(body).await?,
            _ => Body::from_stream(body),
        };
        Some(Response::from_parts(head, body))
    }

    /// A composition's lines as they come, but for the one that a gate holds.
    fn lines(&self, lines: BodyStream) -> Body {
        let gates = self.gates.clone();
        Body::from_stream(lines.then(move |piece| {
            let gates = gates.clone();
            async move {
                if piece.as_ref().is_ok_and(|bytes| says_ready(bytes)) {
                    gates.pass(Place::ReadyLine).await;
                }
                piece
            }
        }))
    }

    async fn held_answer(&self, answer: BodyStream) -> Option<Body> {
        let whole = Body::from_stream(answer).collect().await.ok()?.to_bytes();
        self.gates.pass(Place::SendAnswer).await;
        Some(Body::from(whole))
    }
}

fn verb(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

fn says_ready(piece: &[u8]) -> bool {
    let ready = br#""line":"ready""#;
    piece.windows(ready.len()).any(|part| part == ready)
}

/// An answer whose body fails at once: hyper closes the connection before a byte of it was written.
fn broken() -> Response {
    let reset = io::Error::from(io::ErrorKind::ConnectionReset);
    let body = stream::once(async move { Err::<Bytes, _>(reset) });
    let mut answer = Response::new(Body::from_stream(body));
    *answer.status_mut() = StatusCode::BAD_GATEWAY;
    answer
}
