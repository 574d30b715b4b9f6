//! The HTTP handlers that show a session, pause it and let it send again, and start, restart or log out its WAHA.

use axum::Json;
use axum::extract::State;
use chassis::problem::ProblemPath;
use domain::ids::MessageId;
use serde::Serialize;
use utoipa::ToSchema;

use super::operation::{OperationView, operated};
use super::view::SessionView;
use super::{find, steering};
use crate::app::{App, Shared};
use crate::auth::{Caller, Identity, Operate, Read};
use crate::integration::Operation;
use crate::problem::Answer;

/// Every session.
#[derive(Serialize, ToSchema)]
#[schema(as = Sessions)]
pub(super) struct SessionsView {
    /// By name.
    items: Vec<SessionView>,
}

/// Lists the sessions.
#[utoipa::path(
    get, path = "/sessions", operation_id = "listSessions", tag = "sessions", security(("token" = ["read"])),
    responses((status = OK, description = "Every session.", body = SessionsView)),
)]
pub(super) async fn list(
    State(app): State<Shared>,
    caller: Caller<Read>,
) -> Answer<Json<SessionsView>> {
    let mut items = Vec::new();
    for row in app.store.sessions().await? {
        items.push(SessionView::of(&app, row, &caller).await?);
    }
    Ok(Json(SessionsView { items }))
}

/// Shows a session.
#[utoipa::path(
    get, path = "/sessions/{name}", operation_id = "readSession", tag = "sessions", security(("token" = ["read"])), params(("name" = String, Path)),
    responses((status = OK, description = "The session.", body = SessionView)),
)]
pub(super) async fn get(
    State(app): State<Shared>,
    caller: Caller<Read>,
    ProblemPath(name): ProblemPath<String>,
) -> Answer<Json<SessionView>> {
    shown(&app, &name, &caller).await
}

/// The session as it is now, or 404.
pub(super) async fn shown(app: &App, name: &str, caller: &Identity) -> Answer<Json<SessionView>> {
    let row = find(app, name).await?;
    Ok(Json(SessionView::of(app, row, caller).await?))
}

/// What had passed the point of no return before the pause.
#[derive(Serialize, ToSchema)]
#[schema(as = Paused)]
pub(super) struct PausedView {
    /// Messages that may still arrive.
    #[schema(value_type = Vec<Uuid>)]
    committed: Vec<MessageId>,
}

/// Pauses a session. After the answer nothing leaves but the messages it names.
#[utoipa::path(
    post, path = "/sessions/{name}/pause", operation_id = "pauseSession", tag = "sessions",
    security(("token" = ["operate"])), params(("name" = String, Path)),
    responses((status = OK, description = "It is paused.", body = PausedView)),
)]
pub(super) async fn pause(
    State(app): State<Shared>,
    caller: Caller<Operate>,
    ProblemPath(name): ProblemPath<String>,
) -> Answer<Json<PausedView>> {
    let session = find(&app, &name).await?.name;
    let committed = steering::pause(&app, &session, &caller.actor()).await?;
    Ok(Json(PausedView { committed }))
}

/// Ends a pause. Resuming a session that is not paused changes nothing.
#[utoipa::path(
    post, path = "/sessions/{name}/resume", operation_id = "resumeSession", tag = "sessions",
    security(("token" = ["operate"])), params(("name" = String, Path)),
    responses((status = OK, description = "The session as it is now.", body = SessionView)),
)]
pub(super) async fn resume(
    State(app): State<Shared>,
    caller: Caller<Operate>,
    ProblemPath(name): ProblemPath<String>,
) -> Answer<Json<SessionView>> {
    let session = find(&app, &name).await?.name;
    steering::resume(&app, &session, &caller.actor()).await?;
    shown(&app, &name, &caller).await
}

/// Ends a lock after a restriction. Unlocking a session that is not locked changes nothing.
#[utoipa::path(
    post, path = "/sessions/{name}/unlock", operation_id = "unlockSession", tag = "sessions",
    security(("token" = ["operate"])), params(("name" = String, Path)),
    responses((status = OK, description = "The session as it is now.", body = SessionView)),
)]
pub(super) async fn unlock(
    State(app): State<Shared>,
    caller: Caller<Operate>,
    ProblemPath(name): ProblemPath<String>,
) -> Answer<Json<SessionView>> {
    let session = find(&app, &name).await?.name;
    steering::unlock(&app, &session, &caller.actor()).await?;
    shown(&app, &name, &caller).await
}

/// Lets one message be tried although the last sends failed. When it is sent, sending goes on.
#[utoipa::path(
    post, path = "/sessions/{name}/try-again", operation_id = "tryAgain", tag = "sessions",
    security(("token" = ["operate"])), params(("name" = String, Path)),
    responses((status = OK, description = "The session as it is now.", body = SessionView)),
)]
pub(super) async fn try_again(
    State(app): State<Shared>,
    caller: Caller<Operate>,
    ProblemPath(name): ProblemPath<String>,
) -> Answer<Json<SessionView>> {
    let session = find(&app, &name).await?.name;
    steering::try_again(&app, &session, &caller.actor()).await?;
    shown(&app, &name, &caller).await
}

/// Starts the session inside its WAHA. Needed after WAHA was restarted or the session stopped.
#[utoipa::path(
    post, path = "/sessions/{name}/start", operation_id = "startSession", tag = "sessions",
    security(("token" = ["operate"])), params(("name" = String, Path)),
    responses((status = OK, description = "It is done; sending was paused meanwhile.", body = OperationView)),
)]
pub(super) async fn start(
    State(app): State<Shared>,
    caller: Caller<Operate>,
    ProblemPath(name): ProblemPath<String>,
) -> Answer<Json<OperationView>> {
    Ok(Json(operated(app, &caller, name, Operation::Start).await?))
}

/// Restarts the session inside its WAHA; a linked phone stays linked.
#[utoipa::path(
    post, path = "/sessions/{name}/restart", operation_id = "restartSession", tag = "sessions",
    security(("token" = ["operate"])), params(("name" = String, Path)),
    responses((status = OK, description = "It is done; sending was paused meanwhile.", body = OperationView)),
)]
pub(super) async fn restart(
    State(app): State<Shared>,
    caller: Caller<Operate>,
    ProblemPath(name): ProblemPath<String>,
) -> Answer<Json<OperationView>> {
    Ok(Json(
        operated(app, &caller, name, Operation::Restart).await?,
    ))
}

/// Unlinks the phone, after the chats of uncertain messages were read. A running session then shows a new QR code, and sending goes on by
/// itself when a phone is linked, unless a person paused it. To another number guests have to write first.
///
/// When WAHA does not answer, the session counts as linked to no number until it is seen connected
/// again, so another session with the same number can send.
#[utoipa::path(
    post, path = "/sessions/{name}/logout", operation_id = "logOutSession", tag = "sessions",
    security(("token" = ["operate"])), params(("name" = String, Path)),
    responses(
        (status = OK, description = "It is done; sending was paused meanwhile.", body = OperationView),
        (status = CONFLICT, description = "`message_being_sent`: the worker did not finish a message within 90 s, and only the phone's chats tell whether it left. Nothing was done: start the worker first."),
    ),
)]
pub(super) async fn logout(
    State(app): State<Shared>,
    caller: Caller<Operate>,
    ProblemPath(name): ProblemPath<String>,
) -> Answer<Json<OperationView>> {
    Ok(Json(operated(app, &caller, name, Operation::Logout).await?))
}
