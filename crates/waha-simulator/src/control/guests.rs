//! What guests do, over HTTP.

use axum::extract::{Path, Query, State};
use axum::routing::post;
use axum::{Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{About, Control};
use crate::people::Guest;

pub(super) fn routes() -> Router<Control> {
    Router::new()
        .route("/control/guests/{number}/write", post(write))
        .route("/control/guests/{number}/reply", post(reply))
        .route("/control/guests/{number}/react", post(react))
        .route("/control/guests/{number}/edit", post(edit))
        .route("/control/guests/{number}/revoke", post(revoke))
        .route("/control/guests/{number}/photo", post(photo))
        .route("/control/guests/{number}/leave", post(leave))
}

/// Under which name a guest writes.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Under {
    #[default]
    Number,
    Lid,
    HiddenLid,
    BothNames,
    Group,
}

#[derive(Debug, Deserialize)]
struct Written {
    text: String,
    name: Option<String>,
    lid: Option<String>,
    #[serde(default)]
    under: Under,
}

/// Something about an earlier message, by raw id.
#[derive(Debug, Deserialize)]
struct Later {
    raw_id: String,
    #[serde(default)]
    text: String,
}

#[derive(Debug, Deserialize)]
struct Photo {
    #[serde(default)]
    caption: String,
}

async fn write(
    State(control): State<Control>,
    Path(number): Path<String>,
    Query(about): Query<About>,
    Json(written): Json<Written>,
) -> Json<Value> {
    let mut guest = control.guest(&number, &about);
    if let Some(name) = &written.name {
        guest = guest.named(name);
    }
    if let Some(lid) = &written.lid {
        guest = guest.with_lid(lid);
    }
    let text = written.text.as_str();
    let raw_id = match written.under {
        Under::Number => guest.write(text),
        Under::Lid => guest.write_from_lid(text),
        Under::HiddenLid => guest.write_from_hidden_lid(text),
        Under::BothNames => guest.write_under_both_names(text),
        Under::Group => guest.write_in_group(text),
    };
    Json(json!({"raw_id": raw_id}))
}

async fn reply(
    State(control): State<Control>,
    Path(number): Path<String>,
    Query(about): Query<About>,
    Json(later): Json<Later>,
) -> Json<Value> {
    let guest = control.guest(&number, &about);
    Json(json!({"raw_id": guest.reply_to(&later.raw_id, &later.text)}))
}

async fn react(
    State(control): State<Control>,
    Path(number): Path<String>,
    Query(about): Query<About>,
    Json(later): Json<Later>,
) -> StatusCode {
    control
        .guest(&number, &about)
        .react(&later.raw_id, &later.text);
    StatusCode::NO_CONTENT
}

async fn edit(
    State(control): State<Control>,
    Path(number): Path<String>,
    Query(about): Query<About>,
    Json(later): Json<Later>,
) -> StatusCode {
    control
        .guest(&number, &about)
        .edit(&later.raw_id, &later.text);
    StatusCode::NO_CONTENT
}

async fn revoke(
    State(control): State<Control>,
    Path(number): Path<String>,
    Query(about): Query<About>,
    Json(later): Json<Later>,
) -> StatusCode {
    control.guest(&number, &about).revoke(&later.raw_id);
    StatusCode::NO_CONTENT
}

async fn photo(
    State(control): State<Control>,
    Path(number): Path<String>,
    Query(about): Query<About>,
    Json(photo): Json<Photo>,
) -> Json<Value> {
    Json(json!({"raw_id": control.guest(&number, &about).send_photo(&photo.caption)}))
}

async fn leave(
    State(control): State<Control>,
    Path(number): Path<String>,
    Query(about): Query<About>,
) -> StatusCode {
    control.guest(&number, &about).leave_whatsapp();
    StatusCode::NO_CONTENT
}

impl Control {
    fn guest(&self, number: &str, about: &About) -> Guest {
        self.on(about).guest(number)
    }
}
