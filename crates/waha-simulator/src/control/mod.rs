//! The human side and the switches over HTTP, for tests of real binaries and for demos. Plain JSON; never exposed where WAHA's own API is.
//! Every route takes `?session=` for another session than the simulator's own.

mod gates;
mod guests;
mod trouble;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::gates::Gate;
use crate::lifecycle::{NothingToScan, PasskeyDemand};
use crate::record::{Delivered, Posted, Recorded};
use crate::simulator::Simulator;

#[derive(Clone)]
struct Control {
    simulator: Simulator,
    gates: Arc<Mutex<BTreeMap<u64, Arc<Gate>>>>,
}

/// Which session a call is about.
#[derive(Debug, Deserialize)]
struct About {
    session: Option<String>,
}

pub(crate) fn router(simulator: &Simulator) -> Router {
    let control = Control {
        simulator: simulator.clone(),
        gates: Arc::default(),
    };
    Router::new()
        .route("/control/status", get(status))
        .route("/control/scan", post(scan))
        .route("/control/pairing-code", post(type_pairing_code))
        .route(
            "/control/passkey",
            post(demand_passkey).delete(demand_no_passkey),
        )
        .route("/control/unlink", post(unlink))
        .route("/control/type-by-hand", post(type_by_hand))
        .route("/control/ack", post(ack))
        .route("/control/phone/{number}", get(phone))
        .route("/control/deliveries", get(deliveries))
        .route("/control/record", get(record))
        .route("/control/posted", get(posted))
        .merge(guests::routes())
        .merge(trouble::routes())
        .merge(gates::routes())
        .with_state(control)
}

impl Control {
    fn on(&self, about: &About) -> Simulator {
        match &about.session {
            Some(session) => self.simulator.on(session),
            None => self.simulator.clone(),
        }
    }
}

async fn status(State(control): State<Control>, Query(about): Query<About>) -> Json<Value> {
    Json(json!({"status": control.on(&about).status()}))
}

async fn scan(State(control): State<Control>, Query(about): Query<About>) -> Response {
    paired(control.on(&about).scan_qr())
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

async fn type_pairing_code(
    State(control): State<Control>,
    Query(about): Query<About>,
    Json(typed): Json<Code>,
) -> Response {
    paired(control.on(&about).type_pairing_code(&typed.code))
}

/// `{}` is as documented; `{"rp_id": "localhost", "timeout_ms": 60000, "code": "1234", "verdict": "refuse"}` differs.
async fn demand_passkey(
    State(control): State<Control>,
    Query(about): Query<About>,
    Json(demand): Json<PasskeyDemand>,
) -> StatusCode {
    control.on(&about).demand_passkey(demand);
    StatusCode::NO_CONTENT
}

async fn demand_no_passkey(
    State(control): State<Control>,
    Query(about): Query<About>,
) -> StatusCode {
    control.on(&about).demand_passkey(None);
    StatusCode::NO_CONTENT
}

async fn unlink(State(control): State<Control>, Query(about): Query<About>) -> StatusCode {
    control.on(&about).unlink_from_phone();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct ByHand {
    number: String,
    text: String,
}

async fn type_by_hand(
    State(control): State<Control>,
    Query(about): Query<About>,
    Json(typed): Json<ByHand>,
) -> Json<Value> {
    Json(json!({"raw_id": control.on(&about).type_by_hand(&typed.number, &typed.text)}))
}

#[derive(Deserialize)]
struct Ack {
    raw_id: String,
    level: i8,
}

async fn ack(State(control): State<Control>, Json(ack): Json<Ack>) -> Response {
    if control.simulator.ack(&ack.raw_id, ack.level) {
        return StatusCode::NO_CONTENT.into_response();
    }
    refusal(StatusCode::NOT_FOUND, "no such message was ever sent")
}

async fn phone(State(control): State<Control>, Path(number): Path<String>) -> Json<Vec<Delivered>> {
    Json(control.simulator.phone(&number))
}

async fn deliveries(State(control): State<Control>) -> Json<Vec<Delivered>> {
    Json(control.simulator.all_deliveries())
}

async fn record(State(control): State<Control>) -> Json<Vec<Recorded>> {
    Json(control.simulator.record())
}

async fn posted(State(control): State<Control>) -> Json<Vec<Posted>> {
    Json(control.simulator.posted())
}

fn paired(outcome: Result<(), NothingToScan>) -> Response {
    match outcome {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(nothing) => refusal(StatusCode::CONFLICT, &nothing.to_string()),
    }
}

fn refusal(status: StatusCode, error: &str) -> Response {
    (status, Json(json!({"error": error}))).into_response()
}
