//! The four passkey calls (WAHA §3). A step that is malformed, repeated or about another challenge is recorded: WhatsApp must never see one.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use serde_json::{Value, json};

use super::answer::{empty, ok};
use super::call::{Call, session_name};
use super::refusal::Refusal;
use crate::lifecycle::PasskeyMisstep;
use crate::record::RecordedCall;
use crate::waha::Waha;
use crate::world::session::Status;

pub(super) fn routes() -> Router<Arc<Waha>> {
    Router::new()
        .route("/api/{session}/auth/passkey/challenge", get(challenge))
        .route("/api/{session}/auth/passkey", post(answer))
        .route(
            "/api/{session}/auth/passkey/confirmation",
            get(confirmation),
        )
        .route("/api/{session}/auth/passkey/confirm", post(confirm))
}

async fn challenge(
    State(waha): State<Arc<Waha>>,
    Path(name): Path<String>,
) -> Result<Response, Refusal> {
    in_status(&waha, &name, Status::PasskeyRequired)?;
    waha.note(&name, RecordedCall::PasskeyRead);
    let options = waha.look(&name, |session| {
        session
            .passkey
            .as_ref()
            .map(|pending| pending.options.clone())
    });
    Ok(ok(&options.flatten().unwrap_or_default()))
}

async fn answer(
    State(waha): State<Arc<Waha>>,
    Path(name): Path<String>,
    Extension(call): Extension<Call>,
) -> Result<Response, Refusal> {
    let Some(signed_for) = challenge_of(&call.body) else {
        waha.note(&name, RecordedCall::PasskeyMisstep);
        return Err(Refusal::bad_request("The passkey assertion is malformed"));
    };
    let taken = in_status(&waha, &name, Status::PasskeyRequired)
        .map_err(|refusal| (refusal, true))
        .and_then(|()| {
            waha.answer_passkey(&name, &signed_for)
                .map_err(|misstep| (refusal(misstep), misstep != PasskeyMisstep::Refused))
        });
    finish(&waha, &name, RecordedCall::PasskeyAnswered, taken)
}

async fn confirmation(
    State(waha): State<Arc<Waha>>,
    Path(name): Path<String>,
) -> Result<Response, Refusal> {
    in_status(&waha, &name, Status::PasskeyConfirmationRequired)?;
    waha.note(&name, RecordedCall::PasskeyRead);
    let code = waha.look(&name, |session| {
        session
            .passkey
            .as_ref()
            .and_then(|pending| pending.code.clone())
    });
    Ok(ok(&json!({"code": code.flatten()})))
}

async fn confirm(
    State(waha): State<Arc<Waha>>,
    Path(name): Path<String>,
) -> Result<Response, Refusal> {
    let taken = in_status(&waha, &name, Status::PasskeyConfirmationRequired)
        .map_err(|refusal| (refusal, true))
        .and_then(|()| {
            waha.confirm_passkey(&name)
                .map_err(|misstep| (refusal(misstep), true))
        });
    finish(&waha, &name, RecordedCall::PasskeyConfirmed, taken)
}

/// Records the step as what it was.
fn finish(
    waha: &Waha,
    name: &str,
    step: RecordedCall,
    taken: Result<(), (Refusal, bool)>,
) -> Result<Response, Refusal> {
    let is_misstep = matches!(taken, Err((_, true)));
    waha.note(
        name,
        if is_misstep {
            RecordedCall::PasskeyMisstep
        } else {
            step
        },
    );
    taken.map_err(|(refusal, _)| refusal)?;
    Ok(empty(StatusCode::CREATED))
}

fn in_status(waha: &Waha, name: &str, expected: Status) -> Result<(), Refusal> {
    session_name(waha.profile(), Some(name))?;
    if waha.status(name) == Some(expected) {
        return Ok(());
    }
    Err(Refusal::unprocessable("No passkey step is pending"))
}

fn refusal(misstep: PasskeyMisstep) -> Refusal {
    match misstep {
        PasskeyMisstep::NothingPending => Refusal::unprocessable("No passkey step is pending"),
        PasskeyMisstep::OtherChallenge => Refusal::grpc("passkey: challenge mismatch"),
        PasskeyMisstep::Refused => Refusal::grpc("passkey: assertion not accepted"),
    }
}

/// The challenge that a complete assertion was signed for.
fn challenge_of(assertion: &Value) -> Option<String> {
    let text = |path| assertion.pointer(path)?.as_str();
    let bytes = |path| URL_SAFE_NO_PAD.decode(text(path)?).ok();
    for path in [
        "/id",
        "/rawId",
        "/response/authenticatorData",
        "/response/signature",
    ] {
        bytes(path).filter(|bytes| !bytes.is_empty())?;
    }
    let client: Value = serde_json::from_slice(&bytes("/response/clientDataJSON")?).ok()?;
    let is_get = text("/type")? == "public-key" && client.get("type")? == "webauthn.get";
    let challenge = client.get("challenge")?.as_str()?;
    is_get.then(|| challenge.to_owned())
}
