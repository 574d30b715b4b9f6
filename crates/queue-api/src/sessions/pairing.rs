//! Linking a phone: `GET /sessions/{name}/qr`, `/qr.png` and `POST /sessions/{name}/pairing-code`. A QR code is a login: it is never
//! stored or cached.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use chassis::Problem;
use chassis::problem::{ProblemJson, ProblemPath};
use domain::phone_number::PhoneNumber;
use domain::session::SessionName;
use domain::wire::PairingCodeRequest;
use http::header;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::find;
use crate::app::{App, Shared};
use crate::auth::{Caller, Operate};
use crate::problem::Answer;

/// The text of a QR code.
#[derive(Serialize, ToSchema)]
#[schema(as = Qr)]
pub(super) struct QrView {
    /// Encode it as it is. It changes every few seconds.
    text: String,
}

/// Gives the QR code's text.
#[utoipa::path(
    get, path = "/sessions/{name}/qr", operation_id = "readQrText", tag = "sessions", security(("token" = ["operate"])),
    params(("name" = String, Path)),
    responses(
        (status = OK, description = "The text to encode.", body = QrView),
        (status = CONFLICT, description = "`not_waiting_for_scan`: there is no code now."),
    ),
)]
pub(super) async fn text(
    State(app): State<Shared>,
    _: Caller<Operate>,
    ProblemPath(name): ProblemPath<String>,
) -> Answer<impl IntoResponse> {
    let row = find(&app, &name).await?;
    let text = app.integration.qr(&row.name).await?.text;
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(QrView { text })))
}

/// Gives the QR code as a picture.
#[utoipa::path(
    get, path = "/sessions/{name}/qr.png", operation_id = "readQrPicture", tag = "sessions",
    security(("token" = ["operate"])), params(("name" = String, Path)),
    responses(
        (status = OK, description = "The picture to scan.", body = [u8], content_type = "image/png"),
        (status = CONFLICT, description = "`not_waiting_for_scan`: there is no code now."),
    ),
)]
pub(super) async fn png(
    State(app): State<Shared>,
    _: Caller<Operate>,
    ProblemPath(name): ProblemPath<String>,
) -> Answer<impl IntoResponse> {
    let row = find(&app, &name).await?;
    let picture = app.integration.qr_png(&row.name).await?;
    let headers = [
        (header::CONTENT_TYPE, "image/png"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, picture))
}

/// Whose phone.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PairingRequest {
    /// The own number of the phone that is to be linked.
    #[schema(value_type = crate::schemas::PhoneNumber)]
    phone: String,
}

/// A pairing code.
#[derive(Serialize, ToSchema)]
#[schema(as = PairingCode)]
pub(super) struct PairingCodeView {
    /// To be typed on the phone: WhatsApp, Linked devices, Link with phone number.
    #[schema(example = "ABCD-EFGH")]
    code: String,
}

/// Asks for a code to type on the phone.
#[utoipa::path(
    post, path = "/sessions/{name}/pairing-code", operation_id = "requestPairingCode", tag = "sessions",
    security(("token" = ["operate"])), params(("name" = String, Path)), request_body(content = PairingRequest, example = json!({ "phone": "+39 333 111 2222" })),
    responses(
        (status = OK, description = "The code.", body = PairingCodeView),
        (status = CONFLICT, description = "`not_waiting_for_scan`: there is no code now."),
        (status = UNPROCESSABLE_ENTITY, description = "`invalid_phone`: no such number can exist."),
    ),
)]
pub(super) async fn pairing_code(
    State(app): State<Shared>,
    _: Caller<Operate>,
    ProblemPath(name): ProblemPath<String>,
    ProblemJson(wanted): ProblemJson<PairingRequest>,
) -> Answer<impl IntoResponse> {
    let session = find(&app, &name).await?.name;
    let code = code_for(&app, &session, &wanted.phone).await?;
    Ok((
        [(header::CACHE_CONTROL, "no-store")],
        Json(PairingCodeView { code }),
    ))
}

/// A code for the phone with that number, as people write it.
pub(crate) async fn code_for(app: &App, session: &SessionName, phone: &str) -> Answer<String> {
    let (config, _) = app.store.config().await?;
    let phone = PhoneNumber::parse(phone, config.country).map_err(|e| {
        Problem::unprocessable("invalid_phone", format!("`phone`: {e}."))
            .field("phone", e.to_string())
    })?;
    let request = PairingCodeRequest {
        phone: phone.digits().to_owned(),
    };
    let reply = app.integration.pairing_code(session, &request).await?;
    Ok(reply.code)
}
