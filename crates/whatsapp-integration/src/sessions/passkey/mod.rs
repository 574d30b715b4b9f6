//! Linking an account that WhatsApp asks for a passkey: read what is asked, hand the answer on, confirm the code.
//!
//! A malformed or repeated step is said to endanger the number, so each step is made at most once, and only for what is pending
//! (WAHA §3). Challenge and answer are login secrets: never logged, stored or cached.

mod progress;

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chassis::Problem;
use chassis::problem::{ProblemJson, ProblemPath};
use domain::session::SessionName;
use domain::waha_capabilities::Capability;
use domain::waha_image;
use domain::wire::{
    PasskeyAnswerRequest, PasskeyChallenge, PasskeyConfirmRequest, PasskeyConfirmation,
    PasskeyReply,
};
use http::StatusCode;
use http::header::CACHE_CONTROL;
use waha::{PasskeyAssertion, SessionStatus, WahaError};

pub(crate) use self::progress::PasskeyProgress;
use super::view::server;
use crate::app::{App, Session};
use crate::problem::of_waha;

/// `GET /sessions/{session}/passkey`.
pub(crate) async fn passkey(
    State(app): State<Arc<App>>,
    ProblemPath(name): ProblemPath<SessionName>,
) -> Result<Response, Problem> {
    let session = app.session(&name)?;
    check_support(session).await?;
    let reply = pending(session).await?;
    Ok(([(CACHE_CONTROL, "no-store")], Json(reply)).into_response())
}

/// `POST /sessions/{session}/passkey`.
pub(crate) async fn answer(
    State(app): State<Arc<App>>,
    ProblemPath(name): ProblemPath<SessionName>,
    ProblemJson(request): ProblemJson<PasskeyAnswerRequest>,
) -> Result<StatusCode, Problem> {
    let session = app.session(&name)?;
    check_support(session).await?;
    let assertion = PasskeyAssertion::parse(&request.assertion).map_err(|_| malformed())?;
    let pending = session.waha.passkey_challenge().await.map_err(of_waha)?;
    let pending = pending.ok_or_else(not_pending)?;
    let seen = session.passkey.see(pending.challenge());
    if !assertion.answers(&pending) {
        return Err(other_challenge());
    }
    if seen.uncertain {
        return Err(uncertain());
    }
    if seen.age >= Duration::from_millis(pending.timeout_ms()) {
        return Err(expired());
    }
    if !session.passkey.begin_answer(pending.challenge()) {
        return Err(already_made());
    }
    let taken = session.waha.submit_passkey(&assertion).await;
    session.nudge.notify_one();
    if taken.map_err(refused)? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(expired())
    }
}

/// `POST /sessions/{session}/passkey/confirm`.
pub(crate) async fn confirm(
    State(app): State<Arc<App>>,
    ProblemPath(name): ProblemPath<SessionName>,
    ProblemJson(request): ProblemJson<PasskeyConfirmRequest>,
) -> Result<StatusCode, Problem> {
    let session = app.session(&name)?;
    let pending = session.waha.passkey_confirmation().await.map_err(of_waha)?;
    let code = pending.ok_or_else(not_pending)?;
    if request.code != code {
        return Err(other_code());
    }
    if !session.passkey.begin_confirm(&code) {
        return Err(already_made());
    }
    let taken = session.waha.confirm_passkey().await;
    session.nudge.notify_one();
    if taken.map_err(refused)? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(not_pending())
    }
}

async fn pending(session: &Session) -> Result<PasskeyReply, Problem> {
    let info = session.waha.session().await.map_err(of_waha)?;
    let mut reply = PasskeyReply::default();
    match info.map(|info| info.status) {
        Some(SessionStatus::PasskeyRequired) => reply.challenge = challenge(session).await?,
        Some(SessionStatus::PasskeyConfirmationRequired) => {
            let code = session.waha.passkey_confirmation().await.map_err(of_waha)?;
            reply.confirmation = code.map(|code| PasskeyConfirmation {
                confirmed: session.passkey.is_confirmed(&code),
                code,
            });
        }
        _ => {}
    }
    Ok(reply)
}

async fn challenge(session: &Session) -> Result<Option<PasskeyChallenge>, Problem> {
    let pending = session.waha.passkey_challenge().await.map_err(of_waha)?;
    Ok(pending.map(|pending| {
        let seen = session.passkey.see(pending.challenge());
        let left = Duration::from_millis(pending.timeout_ms()).saturating_sub(seen.age);
        PasskeyChallenge {
            options: pending.options().to_owned(),
            expires_in_ms: u64::try_from(left.as_millis()).unwrap_or(u64::MAX),
            answered: seen.answered,
            asked_again: seen.asked_again,
            uncertain: seen.uncertain,
        }
    }))
}

/// Refuses where the server is known to be one that cannot do it.
async fn check_support(session: &Session) -> Result<(), Problem> {
    match server(session).await {
        Some(server) if !server.can(Capability::Passkey) => {
            let image = waha_image::with_passkey();
            let detail = format!(
                "WAHA {server} cannot link an account that WhatsApp asks for a passkey. Set WAHA_IMAGE to {image}, start the containers again, and link the phone anew. docs/waha.md names the images for ARM."
            );
            Err(Problem::conflict("passkey_not_supported", detail).with("waha_image", image))
        }
        _ => Ok(()),
    }
}

fn malformed() -> Problem {
    let detail =
        "This is not the answer of a passkey. Copy all of it, from the first brace to the last.";
    Problem::unprocessable("invalid_passkey_answer", detail).field("assertion", "not an assertion")
}

fn not_pending() -> Problem {
    let detail =
        "WhatsApp waits for no passkey step now. Read the session, and go on with what it asks.";
    Problem::conflict("no_passkey_pending", detail)
}

fn other_challenge() -> Problem {
    let detail = "The answer belongs to another challenge and was not sent. Sign the challenge that is pending now.";
    Problem::conflict("other_passkey_challenge", detail)
}

fn expired() -> Problem {
    let detail =
        "The challenge expired. Wait for the new one, which comes by itself, and sign that.";
    Problem::conflict("passkey_expired", detail)
}

fn uncertain() -> Problem {
    let detail = "This service was started after the challenge was made, which may be answered already. Wait for the new one, which comes by itself, and sign that.";
    Problem::conflict("passkey_uncertain", detail)
}

fn already_made() -> Problem {
    let detail = "This step was made before and is not repeated. Wait for what WhatsApp asks next.";
    Problem::conflict("passkey_step_made", detail)
}

fn other_code() -> Problem {
    let detail = "This is not the code that WhatsApp shows now. Read it again and compare it with the phone.";
    Problem::conflict("other_passkey_code", detail)
}

/// What WAHA says is left out: it may quote the answer.
fn refused(error: WahaError) -> Problem {
    if !matches!(error, WahaError::Rejected { .. }) {
        return of_waha(error);
    }
    let detail = "WhatsApp did not accept the answer. Wait for the new challenge, and sign it with the passkey of this account.";
    Problem::new(StatusCode::BAD_GATEWAY, "passkey_refused").detail(detail)
}
