//! The switches, outages and restarts, over HTTP.

use std::time::Duration;

use axum::extract::{Query, State};
use axum::routing::{MethodRouter, post};
use axum::{Json, Router};
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{About, Control};
use crate::misbehaviour::Switch;
use crate::simulator::Simulator;
use crate::world::session::Refused;

pub(super) fn routes() -> Router<Control> {
    Router::new()
        .route("/control/misbehave", switch(misbehave).delete(behave))
        .route("/control/lose-network", switch(lose_network))
        .route("/control/get-stuck", press(Simulator::get_stuck))
        .route("/control/flap", switch(flap))
        .route("/control/refuse", switch(refuse))
        .route("/control/refuse-store", switch(refuse_store))
        .route("/control/restrict", switch(restrict))
        .route("/control/cap", switch(cap))
        .route("/control/restart", press(Simulator::restart))
}

/// Does to the session's phone what the body says.
fn switch<B: DeserializeOwned + Send + 'static>(act: fn(&Simulator, B)) -> MethodRouter<Control> {
    let call = move |State(control): State<Control>, Query(about): Query<About>, Json(body)| async move {
        act(&control.on(&about), body);
        StatusCode::NO_CONTENT
    };
    post(call)
}

/// The same without a body.
fn press(act: fn(&Simulator)) -> MethodRouter<Control> {
    let call = move |State(control): State<Control>, Query(about): Query<About>| async move {
        act(&control.on(&about));
        StatusCode::NO_CONTENT
    };
    post(call)
}

/// `{"kind": "drop_after_accepting", "times": 2, "towards": "39…"}`; `times` null is always, absent is once.
fn misbehave(waha: &Simulator, switch: Switch) {
    waha.misbehave(switch);
}

async fn behave(State(control): State<Control>) -> StatusCode {
    control.simulator.behave();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct Outage {
    for_ms: u64,
}

fn lose_network(waha: &Simulator, Outage { for_ms }: Outage) {
    waha.lose_network(Duration::from_millis(for_ms));
}

fn flap(waha: &Simulator, Outage { for_ms }: Outage) {
    waha.flap(Duration::from_millis(for_ms));
}

/// `{"refused": "banned", "told": true}`.
#[derive(Deserialize)]
struct Refusing {
    refused: Refused,
    told: bool,
}

fn refuse(waha: &Simulator, Refusing { refused, told }: Refusing) {
    waha.refuse(refused, told);
}

/// `{"starts": 2}`: a restart does not help, the third does.
#[derive(Deserialize)]
struct StoreRefusal {
    starts: u32,
}

fn refuse_store(waha: &Simulator, StoreRefusal { starts }: StoreRefusal) {
    waha.refuse_store(starts);
}

#[derive(Deserialize)]
struct Restriction {
    /// Null lifts it.
    until: Option<DateTime<Utc>>,
}

fn restrict(waha: &Simulator, Restriction { until }: Restriction) {
    waha.restrict(until);
}

#[derive(Deserialize)]
struct Capping {
    status: String,
    total_quota: i64,
    /// Unix seconds.
    cycle_end: i64,
}

fn cap(
    waha: &Simulator,
    Capping {
        status,
        total_quota,
        cycle_end,
    }: Capping,
) {
    waha.cap(&status, total_quota, cycle_end);
}
