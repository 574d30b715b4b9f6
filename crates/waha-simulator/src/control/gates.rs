//! Gates over HTTP: place one, wait until it is reached, release it.

use std::sync::{Arc, MutexGuard, PoisonError};

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Control, refusal};
use crate::gates::{Gate, Step};

pub(super) fn routes() -> Router<Control> {
    Router::new()
        .route("/control/gates", post(place))
        .route("/control/gates/{id}", get(look).delete(release))
        .route("/control/gates/{id}/reached", get(reached))
}

#[derive(Deserialize)]
struct Placing {
    step: Step,
}

async fn place(State(control): State<Control>, Json(placing): Json<Placing>) -> Json<Value> {
    let gate = Arc::new(control.simulator.gate(placing.step));
    let mut gates = control.gates();
    let id = gates.last_key_value().map_or(1, |(last, _)| last + 1);
    gates.insert(id, gate);
    Json(json!({"id": id}))
}

async fn look(State(control): State<Control>, Path(id): Path<u64>) -> Response {
    match control.gate(id) {
        Some(gate) => Json(json!({"reached": gate.was_reached()})).into_response(),
        None => refusal(StatusCode::NOT_FOUND, "no such gate"),
    }
}

/// Answers when the simulator has stopped at the gate.
async fn reached(State(control): State<Control>, Path(id): Path<u64>) -> Response {
    match control.gate(id) {
        Some(gate) => {
            gate.reached().await;
            Json(json!({"reached": true})).into_response()
        }
        None => refusal(StatusCode::NOT_FOUND, "no such gate"),
    }
}

async fn release(State(control): State<Control>, Path(id): Path<u64>) -> Response {
    match control.gates().remove(&id) {
        Some(gate) => {
            gate.release();
            StatusCode::NO_CONTENT.into_response()
        }
        None => refusal(StatusCode::NOT_FOUND, "no such gate"),
    }
}

impl Control {
    fn gate(&self, id: u64) -> Option<Arc<Gate>> {
        self.gates().get(&id).cloned()
    }

    fn gates(&self) -> MutexGuard<'_, std::collections::BTreeMap<u64, Arc<Gate>>> {
        self.gates.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
