//! Linking with a passkey: `GET` and `POST /sessions/{name}/passkey`, and `POST …/passkey/confirm`. Challenge and answer are login
//! secrets: they pass through unchanged, and are never logged, stored or cached. The audit log says only that a step was made.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use chassis::problem::{ProblemJson, ProblemPath};
use domain::session::SessionName;
use domain::wire::{PasskeyAnswerRequest, PasskeyConfirmRequest, PasskeyReply};
use http::{StatusCode, header};
use serde::{Deserialize, Serialize};
use storage::{Actor, PasskeyStep};
use utoipa::ToSchema;

use super::find;
use crate::app::{App, Shared};
use crate::auth::{Caller, Operate};
use crate::problem::Answer;

/// What WhatsApp asks for now; both absent while it asks nothing.
#[derive(Serialize, ToSchema)]
#[schema(as = Passkey)]
pub(super) struct PasskeyView {
    /// A challenge to sign on `https://web.whatsapp.com`.
    challenge: Option<ChallengeView>,
    /// A code to compare with the phone's.
    confirmation: Option<ConfirmationView>,
}

/// A challenge.
#[derive(Serialize, ToSchema)]
#[schema(as = PasskeyChallenge)]
struct ChallengeView {
    /// The options of `navigator.credentials.get` as JSON text (`PublicKeyCredentialRequestOptionsJSON`). Give them to the browser unchanged.
    options: String,
    /// How long an answer is still taken. Then a new challenge comes by itself.
    expires_in_ms: u64,
    /// An answer was handed on: wait for what WhatsApp asks next.
    answered: bool,
    /// WhatsApp asks again although an answer was handed on. Some Business accounts on iPhones stay so.
    asked_again: bool,
    /// A service was started after the challenge was made, so an answer may have been handed on: no answer is taken. Wait for the next challenge.
    uncertain: bool,
}

/// A code.
#[derive(Serialize, ToSchema)]
#[schema(as = PasskeyConfirmation)]
struct ConfirmationView {
    /// As the phone must show it too.
    #[schema(example = "1234")]
    code: String,
    /// It was confirmed: wait until the session is connected.
    confirmed: bool,
}

/// The answer of a passkey.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PasskeyAnswer)]
pub(super) struct PasskeyAnswer {
    /// `JSON.stringify(credential.toJSON())` (`AuthenticationResponseJSON`), unchanged.
    assertion: String,
}

/// The code that was compared.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PasskeyCode)]
pub(super) struct PasskeyCode {
    /// As it was read.
    #[schema(example = "1234")]
    code: String,
}

/// Shows what WhatsApp asks for while the session's problem is `passkey_required` or `passkey_confirmation_required`.
#[utoipa::path(
    get, path = "/sessions/{name}/passkey", operation_id = "readPasskey", tag = "sessions", security(("token" = ["operate"])),
    params(("name" = String, Path)),
    responses(
        (status = OK, description = "What is asked for.", body = PasskeyView),
        (status = CONFLICT, description = "`passkey_not_supported`: this WAHA cannot do it. The detail and `waha_image` name the image that can."),
    ),
)]
pub(super) async fn get(
    State(app): State<Shared>,
    _: Caller<Operate>,
    ProblemPath(name): ProblemPath<String>,
) -> Answer<impl IntoResponse> {
    let session = find(&app, &name).await?.name;
    let reply = read_passkey(&app, &session).await?;
    let view = PasskeyView {
        challenge: reply.challenge.map(|challenge| ChallengeView {
            options: challenge.options,
            expires_in_ms: challenge.expires_in_ms,
            answered: challenge.answered,
            asked_again: challenge.asked_again,
            uncertain: challenge.uncertain,
        }),
        confirmation: reply.confirmation.map(|confirmation| ConfirmationView {
            code: confirmation.code,
            confirmed: confirmation.confirmed,
        }),
    };
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(view)))
}

/// Hands the answer of a passkey on, at most once for each challenge.
#[utoipa::path(
    post, path = "/sessions/{name}/passkey", operation_id = "answerPasskey", tag = "sessions", security(("token" = ["operate"])),
    params(("name" = String, Path)), request_body(content = PasskeyAnswer, example = json!({ "assertion": "{\"id\":\"AX8b\",\"rawId\":\"AX8b\",\"type\":\"public-key\",\"response\":{}}" })),
    responses(
        (status = NO_CONTENT, description = "WAHA took it. Wait for the session's next state."),
        (status = CONFLICT, description = "It was not handed on. `other_passkey_challenge`, `passkey_expired`: wait for the new challenge; `passkey_uncertain`: this one may be answered, wait for the next; `passkey_step_made`: this one is answered; `no_passkey_pending`; `passkey_not_supported`."),
        (status = UNPROCESSABLE_ENTITY, description = "`invalid_passkey_answer`: it is not the answer of a passkey, and was not handed on."),
        (status = BAD_GATEWAY, description = "`passkey_refused`: WhatsApp did not accept it. Wait for the new challenge."),
    ),
)]
pub(super) async fn answer(
    State(app): State<Shared>,
    caller: Caller<Operate>,
    ProblemPath(name): ProblemPath<String>,
    ProblemJson(answer): ProblemJson<PasskeyAnswer>,
) -> Answer<StatusCode> {
    let session = find(&app, &name).await?.name;
    answer_passkey(&app, &caller.actor(), &session, answer.assertion).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Says that the phone shows the same code, at most once. Where the codes differ, restart the session instead.
#[utoipa::path(
    post, path = "/sessions/{name}/passkey/confirm", operation_id = "confirmPasskey", tag = "sessions",
    security(("token" = ["operate"])), params(("name" = String, Path)), request_body(content = PasskeyCode, example = json!({ "code": "1234" })),
    responses(
        (status = NO_CONTENT, description = "WAHA took it. Wait until the session is connected."),
        (status = CONFLICT, description = "It was not handed on. `other_passkey_code`: another code is shown now; `passkey_step_made`; `no_passkey_pending`."),
        (status = BAD_GATEWAY, description = "`passkey_refused`: WhatsApp did not accept it."),
    ),
)]
pub(super) async fn confirm(
    State(app): State<Shared>,
    caller: Caller<Operate>,
    ProblemPath(name): ProblemPath<String>,
    ProblemJson(compared): ProblemJson<PasskeyCode>,
) -> Answer<StatusCode> {
    let session = find(&app, &name).await?.name;
    confirm_passkey(&app, &caller.actor(), &session, compared.code).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What WhatsApp asks for now.
pub(crate) async fn read_passkey(app: &App, session: &SessionName) -> Answer<PasskeyReply> {
    Ok(app.integration.passkey(session).await?)
}

/// Hands the answer of a passkey on.
pub(crate) async fn answer_passkey(
    app: &App,
    actor: &Actor,
    session: &SessionName,
    assertion: String,
) -> Answer<()> {
    let request = PasskeyAnswerRequest { assertion };
    app.integration.answer_passkey(session, &request).await?;
    note(app, actor, session, PasskeyStep::Answered).await
}

/// Confirms the code.
pub(crate) async fn confirm_passkey(
    app: &App,
    actor: &Actor,
    session: &SessionName,
    code: String,
) -> Answer<()> {
    let request = PasskeyConfirmRequest { code };
    app.integration.confirm_passkey(session, &request).await?;
    note(app, actor, session, PasskeyStep::Confirmed).await
}

async fn note(app: &App, actor: &Actor, session: &SessionName, step: PasskeyStep) -> Answer<()> {
    app.store
        .record_passkey_step(session, actor, step, app.now())
        .await?;
    Ok(())
}
