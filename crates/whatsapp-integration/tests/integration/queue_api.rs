//! A queue-api that remembers every report and can be in trouble.

use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use chassis::Outbound;
use chassis::outbound::InProcessPeer;
use domain::wire::{Fact, FactReport};
use http::{HeaderMap, StatusCode};
use tokio::sync::watch;
use tokio::time::Instant;

/// The token it takes.
pub(crate) const TOKEN: &str = "queue-api-token-0123456789";

#[derive(Clone)]
pub(crate) struct QueueApi {
    pub(crate) peer: InProcessPeer,
    memory: Arc<Memory>,
}

struct Memory {
    answer: Mutex<StatusCode>,
    unavailable: Mutex<u32>,
    calls: Mutex<Vec<Instant>>,
    stored: watch::Sender<Vec<Fact>>,
}

impl QueueApi {
    pub(crate) fn start() -> Self {
        let memory = Arc::new(Memory {
            answer: Mutex::new(StatusCode::NO_CONTENT),
            unavailable: Mutex::default(),
            calls: Mutex::default(),
            stored: watch::Sender::default(),
        });
        let queue_api = Self {
            peer: InProcessPeer::down(),
            memory,
        };
        queue_api.come_back();
        queue_api
    }

    pub(crate) fn outbound(&self) -> Outbound {
        Outbound::in_process(self.peer.clone())
    }

    pub(crate) fn come_back(&self) {
        let router = Router::new()
            .route("/facts", post(facts))
            .route("/healthz", get(async || "ok"))
            .with_state(Arc::clone(&self.memory));
        self.peer.start(router);
    }

    /// Every report is answered so from now on; 204 stores.
    pub(crate) fn answer(&self, status: StatusCode) {
        *self.memory.answer.lock().unwrap() = status;
    }

    /// The next report is answered 503.
    pub(crate) fn refuse_next(&self) {
        *self.memory.unavailable.lock().unwrap() += 1;
    }

    /// When reports came, whatever they were answered.
    pub(crate) fn calls(&self) -> Vec<Instant> {
        self.memory.calls.lock().unwrap().clone()
    }

    /// What was stored, in order.
    pub(crate) fn stored(&self) -> Vec<Fact> {
        self.memory.stored.borrow().clone()
    }

    /// Waits until a stored fact `is_it`, and returns it.
    pub(crate) async fn until_stored(&self, is_it: impl Fn(&Fact) -> bool) -> Fact {
        let mut stored = self.memory.stored.subscribe();
        let facts = stored
            .wait_for(|facts| facts.iter().any(&is_it))
            .await
            .expect("the queue-api lives");
        facts.iter().find(|fact| is_it(fact)).cloned().unwrap()
    }
}

async fn facts(
    State(memory): State<Arc<Memory>>,
    headers: HeaderMap,
    Json(report): Json<FactReport>,
) -> StatusCode {
    assert_eq!(headers["authorization"], format!("Bearer {TOKEN}"));
    memory.calls.lock().unwrap().push(Instant::now());
    let mut unavailable = memory.unavailable.lock().unwrap();
    if *unavailable > 0 {
        *unavailable -= 1;
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    let answer = *memory.answer.lock().unwrap();
    if answer.is_success() {
        memory
            .stored
            .send_modify(|stored| stored.extend(report.facts));
    }
    answer
}
