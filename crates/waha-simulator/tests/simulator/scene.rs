//! A simulator in virtual time, a caller of its API, and a receiver of its webhooks, all in this process.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use chassis::outbound::{CallError, InProcessPeer};
use chassis::{Clock, Dice, Outbound};
use chrono::{DateTime, TimeZone, Utc};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use waha_simulator::{Delivery, Peers, Profile, Simulator, SimulatorConfig};

pub(crate) const KEY: &str = "groom-key-0123456789";
pub(crate) const HOOK: &str = "http://receiver:8080/waha";
pub(crate) const ZIA: &str = "393470000001";
pub(crate) const ZIA_CHAT: &str = "393470000001@c.us";

pub(crate) struct Scene {
    pub(crate) sim: Simulator,
    pub(crate) clock: Clock,
    pub(crate) receiver: Receiver,
    peer: InProcessPeer,
}

impl Scene {
    pub(crate) fn of(profile: Profile) -> Self {
        Self::with(profile, |_| {})
    }

    pub(crate) fn with(profile: Profile, adjust: impl FnOnce(&mut SimulatorConfig)) -> Self {
        let start = Utc
            .with_ymd_and_hms(2026, 11, 23, 0, 20, 0)
            .single()
            .expect("a moment");
        let (clock, _) = Clock::virtual_from(start);
        let receiver = Receiver::default();
        let peers = Peers::new();
        let receiving = InProcessPeer::down();
        receiving.start(receiver.router(clock.clone()));
        peers.connect("http://receiver:8080", Outbound::in_process(receiving));
        let mut config = SimulatorConfig::new(profile, KEY);
        config.delivery = Delivery::InProcess(peers);
        adjust(&mut config);
        let sim = Simulator::new(config, clock.clone(), Dice::seeded(7));
        let peer = InProcessPeer::down();
        peer.start(sim.router());
        Self {
            sim,
            clock,
            receiver,
            peer,
        }
    }

    /// Configures the session `default` and starts it.
    pub(crate) async fn start_with(&self, config: Value) {
        let body = json!({"name": "default", "config": config, "start": true});
        if self.post("/api/sessions", body).await.status == 201 {
            return;
        }
        // free versions before 2026.6.1 have it from the start
        let body = json!({"config": config});
        let put = self.put("/api/sessions/default", body).await;
        assert_eq!(put.status, 200);
        let start = "/api/sessions/default/start";
        assert_eq!(self.post(start, json!({})).await.status, 201);
    }

    /// A session that is configured for [`HOOK`] and WORKING.
    pub(crate) fn working(profile: Profile) -> Self {
        let scene = Self::of(profile);
        scene.sim.work_at_once(config());
        scene
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.call("POST", path, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.call("PUT", path, Some(body)).await
    }

    pub(crate) async fn send(&self, text: &str) -> Answer {
        self.try_send(text).await.expect("an answer")
    }

    pub(crate) async fn try_send(&self, text: &str) -> Result<Answer, CallError> {
        let body = json!({"session": "default", "chatId": ZIA_CHAT, "text": text});
        self.try_call("POST", "/api/sendText", Some(body)).await
    }

    pub(crate) async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.try_call(method, path, body).await.expect("an answer")
    }

    pub(crate) async fn try_call(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Result<Answer, CallError> {
        let mut request = http::Request::builder()
            .method(method)
            .uri(path)
            .header("x-api-key", KEY);
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        self.raw(request.body(Bytes::from(body)).expect("a request"))
            .await
    }

    pub(crate) async fn raw(&self, request: http::Request<Bytes>) -> Result<Answer, CallError> {
        let began = self.clock.now();
        let day = Duration::from_hours(24);
        let answer = Outbound::in_process(self.peer.clone())
            .call(request, day)
            .await?;
        let (head, bytes) = answer.into_parts();
        Ok(Answer {
            status: head.status,
            headers: head.headers,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
            bytes,
            seconds: (self.clock.now() - began).as_seconds_f64(),
        })
    }

    /// Lets virtual time pass.
    pub(crate) async fn pass(&self, seconds: u64) {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
    }
}

pub(crate) fn config() -> Value {
    config_with(&json!({}))
}

/// The usual configuration with other fields in its only webhook.
pub(crate) fn config_with(hook: &Value) -> Value {
    let mut webhook = json!({
        "url": HOOK,
        "events": ["session.status", "message", "message.any", "message.ack", "message.reaction",
            "message.revoked", "message.edited", "message.waiting"],
        "hmac": {"key": "sess-secret"},
    });
    for (name, value) in hook.as_object().expect("an object") {
        webhook[name] = value.clone();
    }
    json!({
        "metadata": {"who": "sposo"},
        "noweb": {"store": {"enabled": true, "fullSync": false}, "markOnline": false},
        "webhooks": [webhook],
    })
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
    pub(crate) bytes: Bytes,
    /// How long it took, in virtual time.
    pub(crate) seconds: f64,
}

impl Answer {
    pub(crate) fn raw_id(&self) -> String {
        self.body["key"]["id"].as_str().expect("an id").to_owned()
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) at: DateTime<Utc>,
    pub(crate) method: http::Method,
    pub(crate) headers: HeaderMap,
    pub(crate) raw: Bytes,
    pub(crate) body: Value,
}

/// Answers every webhook, with 200 unless told otherwise, and keeps it.
#[derive(Clone, Default)]
pub(crate) struct Receiver {
    got: Arc<Mutex<Vec<Received>>>,
    answers: Arc<Mutex<Vec<Response>>>,
    always: Arc<Mutex<Option<StatusCode>>>,
}

impl Receiver {
    pub(crate) fn all(&self) -> Vec<Received> {
        self.got.lock().expect("not poisoned").clone()
    }

    pub(crate) fn events(&self, event: &str) -> Vec<Received> {
        self.all()
            .into_iter()
            .filter(|post| post.body["event"] == event)
            .collect()
    }

    pub(crate) fn forget(&self) {
        self.got.lock().expect("not poisoned").clear();
    }

    pub(crate) fn answer_next(&self, answer: impl IntoResponse) {
        self.answers
            .lock()
            .expect("not poisoned")
            .push(answer.into_response());
    }

    pub(crate) fn answer_always(&self, status: StatusCode) {
        *self.always.lock().expect("not poisoned") = Some(status);
    }

    fn router(&self, clock: Clock) -> Router {
        Router::new()
            .fallback(receive)
            .with_state((self.clone(), clock))
    }
}

async fn receive(State((receiver, clock)): State<(Receiver, Clock)>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let raw = axum::body::to_bytes(body, usize::MAX)
        .await
        .expect("a body");
    receiver.got.lock().expect("not poisoned").push(Received {
        at: clock.now(),
        method: head.method,
        headers: head.headers,
        body: serde_json::from_slice(&raw).unwrap_or(Value::Null),
        raw,
    });
    let mut answers = receiver.answers.lock().expect("not poisoned");
    if !answers.is_empty() {
        return answers.remove(0);
    }
    let status = receiver
        .always
        .lock()
        .expect("not poisoned")
        .unwrap_or(StatusCode::OK);
    (status, Body::empty()).into_response()
}
