//! The worker and the integration, as far as this service sees them: they remember what they were told.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Json, Router};
use chassis::outbound::InProcessPeer;
use chassis::{Outbound, Problem};
use domain::ids::AttemptId;
use domain::wire::{AttemptState, AttemptView};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::sync::mpsc;

/// A worker that keeps its nudges.
pub(crate) struct Worker {
    nudges: mpsc::UnboundedReceiver<Value>,
    peer: InProcessPeer,
}

impl Worker {
    pub(crate) fn new() -> Self {
        let (sender, nudges) = mpsc::unbounded_channel();
        let peer = InProcessPeer::down();
        peer.start(Router::new().route(
            "/nudge",
            post(async move |Json(nudge): Json<Value>| {
                // a worker takes a moment, so that nudges can pile up meanwhile
                tokio::time::sleep(Duration::from_millis(10)).await;
                let _ = sender.send(nudge["sessions"].clone());
                StatusCode::NO_CONTENT
            }),
        ));
        Self { nudges, peer }
    }

    pub(crate) fn outbound(&self) -> Outbound {
        Outbound::in_process(self.peer.clone())
    }

    pub(crate) fn goes_away(&self) {
        self.peer.stop();
    }

    /// The sessions of each nudge since the last look.
    pub(crate) async fn nudges(&mut self) -> Vec<Value> {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let mut seen = Vec::new();
        while let Ok(nudge) = self.nudges.try_recv() {
            seen.push(nudge);
        }
        seen
    }
}

/// An integration that answers what it is told to, and keeps the calls it got.
#[derive(Clone)]
pub(crate) struct Integration {
    memory: Arc<Mutex<Memory>>,
    peer: InProcessPeer,
}

#[derive(Default)]
struct Memory {
    calls: Vec<String>,
    attempts: HashMap<AttemptId, AttemptState>,
    refusal: Option<Problem>,
    /// What is seen of a session at a look, and what its link leads to.
    view: Option<Value>,
    link: Option<Value>,
    /// Looks and links are never answered.
    hangs: bool,
    /// What chats show.
    chat: Vec<Value>,
    passkey: Value,
}

impl Integration {
    pub(crate) fn new() -> Self {
        let this = Self {
            memory: Arc::default(),
            peer: InProcessPeer::down(),
        };
        this.peer.start(
            Router::new()
                .route("/attempts/{id}", get(attempt))
                .route("/sessions/{session}", get(look))
                .route("/sessions/{session}/{*operation}", any(operate))
                .with_state(this.clone()),
        );
        this
    }

    pub(crate) fn outbound(&self) -> Outbound {
        Outbound::in_process(self.peer.clone())
    }

    pub(crate) fn goes_away(&self) {
        self.peer.stop();
    }

    pub(crate) fn knows(&self, attempt: AttemptId, state: AttemptState) {
        self.memory.lock().unwrap().attempts.insert(attempt, state);
    }

    pub(crate) fn refuses(&self, problem: Problem) {
        self.memory.lock().unwrap().refusal = Some(problem);
    }

    /// A look at a session shows that.
    pub(crate) fn shows(&self, view: Value) {
        self.memory.lock().unwrap().view = Some(view);
    }

    /// A link ends so.
    pub(crate) fn links_to(&self, waits_for: &str, view: &Value) {
        let reply = json!({ "waits_for": waits_for, "view": view });
        self.memory.lock().unwrap().link = Some(reply);
    }

    /// A WAHA that does not answer keeps looks and links from their answers.
    pub(crate) fn hangs(&self) {
        self.memory.lock().unwrap().hangs = true;
    }

    fn is_hanging(&self) -> bool {
        self.memory.lock().unwrap().hangs
    }

    /// Every chat shows that.
    pub(crate) fn chat_shows(&self, message: Value) {
        self.memory.lock().unwrap().chat.push(message);
    }

    /// It refuses no more.
    pub(crate) fn agrees(&self) {
        self.memory.lock().unwrap().refusal = None;
    }

    /// What WhatsApp asks for from now on.
    pub(crate) fn asks(&self, passkey: Value) {
        self.memory.lock().unwrap().passkey = passkey;
    }

    /// The calls about sessions, as `POST groom/cancel {…}`.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.memory.lock().unwrap().calls.clone()
    }
}

async fn attempt(State(this): State<Integration>, Path(id): Path<AttemptId>) -> Response {
    let state = this.memory.lock().unwrap().attempts.get(&id).cloned();
    match state {
        Some(state) => Json(AttemptView { attempt: id, state }).into_response(),
        None => Problem::not_found("This attempt is not known.").into_response(),
    }
}

async fn look(State(this): State<Integration>) -> Response {
    if this.is_hanging() {
        return std::future::pending().await;
    }
    let memory = this.memory.lock().unwrap();
    if let Some(problem) = &memory.refusal {
        return problem.clone().into_response();
    }
    let view = memory.view.clone();
    Json(view.unwrap_or_else(|| session_view("connected"))).into_response()
}

async fn operate(
    State(this): State<Integration>,
    Path((session, operation)): Path<(String, String)>,
    request: Request,
) -> Response {
    let method = request.method().clone();
    let body = axum::body::to_bytes(request.into_body(), 10_000)
        .await
        .unwrap();
    let body = String::from_utf8(body.to_vec()).unwrap();
    if this.is_hanging() {
        return std::future::pending().await;
    }
    let mut memory = this.memory.lock().unwrap();
    memory.calls.push(
        format!("{method} {session}/{operation} {body}")
            .trim_end()
            .to_owned(),
    );
    if let Some(problem) = &memory.refusal {
        return problem.clone().into_response();
    }
    match operation.as_str() {
        "link" => Json(memory.link.clone().expect("a link")).into_response(),
        "read-chat" => Json(json!({ "messages": memory.chat })).into_response(),
        "passkey" if method == Method::GET && memory.passkey.is_null() => {
            Json(json!({ "challenge": null, "confirmation": null })).into_response()
        }
        "passkey" if method == Method::GET => Json(memory.passkey.clone()).into_response(),
        "cancel" | "passkey" | "passkey/confirm" => StatusCode::NO_CONTENT.into_response(),
        "qr" => Json(json!({ "text": "2@secret" })).into_response(),
        "qr.png" => (
            [("content-type", "image/png")],
            vec![0x89, b'P', b'N', b'G'],
        )
            .into_response(),
        "pairing-code" => Json(json!({ "code": "ABCD-EFGH" })).into_response(),
        _ => Json(session_view("connecting")).into_response(),
    }
}

/// A `domain::wire::SessionView` in that state, of a phone of our own.
pub(crate) fn session_view(state: &str) -> Value {
    json!({
        "state": state,
        "problem": null,
        "own": { "chat": "393331112222@c.us", "name": "Luca" },
        "restriction": null,
        "server": "2026.10.1 GOWS",
        "at": "2026-06-01T10:00:00Z",
    })
}
