//! The switches, outages and restarts, over HTTP.

use std::time::Duration;

use axum::extract::{Query, State};
use axum::routing::post;
use axum::{Json, Router};
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::Deserialize;

use super::{About, Control};
use crate::misbehaviour::Switch;
use crate::world::session::Refused;

pub(super) fn routes() -> Router<Control> {
    Router::new()
        .route("/control/misbehave", post(misbehave).delete(behave))
        .route("/control/lose-network", post(lose_network))
        .route("/control/get-stuck", post(get_stuck))
        .route("/control/flap", post(flap))
        .route("/control/refuse", post(refuse))
        .route("/control/refuse-store", post(refuse_store))
        .route("/control/restrict", post(restrict))
        .route("/control/cap", post(cap))
        .route("/control/restart", post(restart))
}

/// `{"kind": "drop_after_accepting", "times": 2, "towards": "39…"}`; `times` null is always, absent is once.
async fn misbehave(State(control): State<Control>, Json(switch): Json<Switch>) -> StatusCode {
    control.simulator.misbehave(switch);
    StatusCode::NO_CONTENT
}

async fn behave(State(control): State<Control>) -> StatusCode {
    control.simulator.behave();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct Outage {
    for_ms: u64,
}

async fn lose_network(
    State(control): State<Control>,
    Query(about): Query<About>,
    Json(outage): Json<Outage>,
) -> StatusCode {
    control
        .on(&about)
        .lose_network(Duration::from_millis(outage.for_ms));
    StatusCode::NO_CONTENT
}

async fn get_stuck(State(control): State<Control>, Query(about): Query<About>) -> StatusCode {
    control.on(&about).get_stuck();
    StatusCode::NO_CONTENT
}

async fn flap(
    State(control): State<Control>,
    Query(about): Query<About>,
    Json(outage): Json<Outage>,
) -> StatusCode {
    control
        .on(&about)
        .flap(Duration::from_millis(outage.for_ms));
    StatusCode::NO_CONTENT
}

/// `{"refused": "banned", "told": true}`.
#[derive(Deserialize)]
struct Refusing {
    refused: Refused,
    told: bool,
}

async fn refuse(
    State(control): State<Control>,
    Query(about): Query<About>,
    Json(Refusing { refused, told }): Json<Refusing>,
) -> StatusCode {
    control.on(&about).refuse(refused, told);
    StatusCode::NO_CONTENT
}

async fn refuse_store(State(control): State<Control>, Query(about): Query<About>) -> StatusCode {
    control.on(&about).refuse_store();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct Restriction {
    /// Null lifts it.
    until: Option<DateTime<Utc>>,
}

async fn restrict(
    State(control): State<Control>,
    Query(about): Query<About>,
    Json(restriction): Json<Restriction>,
) -> StatusCode {
    control.on(&about).restrict(restriction.until);
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct Capping {
    status: String,
    total_quota: i64,
    /// Unix seconds.
    cycle_end: i64,
}

async fn cap(
    State(control): State<Control>,
    Query(about): Query<About>,
    Json(capping): Json<Capping>,
) -> StatusCode {
    control
        .on(&about)
        .cap(&capping.status, capping.total_quota, capping.cycle_end);
    StatusCode::NO_CONTENT
}

async fn restart(State(control): State<Control>) -> StatusCode {
    control.simulator.restart();
    StatusCode::NO_CONTENT
}
