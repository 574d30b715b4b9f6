//! `POST /sessions/{name}/link`: the one operation that brings a session to its QR code or back to its connection, in every state.
//!
//! The rule that must hold: a number that may be restricted or banned is never logged out by it.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use chassis::outbound::CallError;
use chassis::problem::ProblemPath;
use domain::linking::{LinkStep, LinkWait, next_step};
use domain::session::SessionName;
use domain::wire::LinkRequest;
use serde::Serialize;
use storage::Actor;
use tokio::time::timeout;
use utoipa::ToSchema;

use super::find;
use super::operation::{Work, begin};
use super::standing::{link_problem, without_expired_lock};
use super::view::SessionView;
use crate::app::Shared;
use crate::auth::{Caller, Operate};
use crate::integration::CallFailed;
use crate::problem::Answer;
use crate::schemas;

/// A person sees what comes of a press within this. The operation goes on.
const ANSWERS_WITHIN: Duration = Duration::from_secs(14);

/// What came of *link*.
#[derive(Serialize, ToSchema)]
#[schema(as = Linking)]
pub(super) struct LinkView {
    /// What the session waits for now.
    #[schema(value_type = schemas::LinkWait)]
    waits_for: LinkWait,
    /// The same for people: what to do, or what to wait for.
    sentence: String,
    /// The session as it is now.
    session: SessionView,
    /// Messages of which nobody can say whether they left.
    uncertain: u32,
}

/// Brings the session to its QR code, or back to its connection, whatever its state needs.
///
/// A stopped or missing session is created, configured and started; one whose QR codes were used up is restarted; a login that
/// WhatsApp revoked is logged out; a start that is stuck for 150 s is restarted once. A session that is connected or shows a QR code is
/// left as it is. Sending is paused meanwhile and goes on by itself, unless a person paused it. A number that may be restricted or
/// banned is never logged out.
#[utoipa::path(
    post, path = "/sessions/{name}/link", operation_id = "linkSession", tag = "sessions",
    security(("token" = ["operate"])), params(("name" = String, Path)),
    responses((status = OK, description = "What the session waits for now. The operation goes on while that is `waha`.", body = LinkView)),
)]
pub(super) async fn link(
    State(app): State<Shared>,
    caller: Caller<Operate>,
    ProblemPath(name): ProblemPath<String>,
) -> Answer<Json<LinkView>> {
    let session = find(&app, &name).await?.name;
    let waits_for = link_session(&app, caller.actor(), &session).await?;
    let row = find(&app, &name).await?;
    let session = SessionView::of(&app, row, &caller).await?;
    Ok(Json(LinkView {
        waits_for,
        sentence: sentence(waits_for, session.advice()),
        uncertain: session.uncertain(),
        session,
    }))
}

fn sentence(waits_for: LinkWait, advice: Option<&str>) -> String {
    let sentence = match waits_for {
        LinkWait::Nothing => "The phone is linked.",
        LinkWait::Waha => {
            "Wait: WAHA has not shown a QR code yet. It may hold one back for 10 s; a start that is stuck is restarted once after 150 s."
        }
        LinkWait::Scan | LinkWait::Passkey | LinkWait::Person => advice
            .unwrap_or("Look at WAHA's log: the session is in a state that it does not explain."),
    };
    sentence.to_owned()
}

/// Does what the session's state needs, and gives what it waits for then.
pub(crate) async fn link_session(
    app: &Shared,
    actor: Actor,
    session: &SessionName,
) -> Answer<LinkWait> {
    match app.integration.session(session).await {
        Ok(view) => {
            app.store.record_session(session, &view, app.now()).await?;
        }
        // A WAHA that hangs: what was seen last decides.
        Err(CallFailed::Away(CallError::TimedOut)) => {}
        Err(failed) => return Err(failed.into()),
    }
    let row = without_expired_lock(find(app, session.as_str()).await?, app.now());
    match next_step(row.state, link_problem(&row)) {
        LinkStep::Waits(wait) if wait != LinkWait::Waha => return Ok(wait),
        _ => {}
    }
    let may_log_out = row.lock.is_none();
    let work = Work::Link(LinkRequest { may_log_out });
    let linked = timeout(ANSWERS_WITHIN, begin(app, actor, session, work)).await;
    linked.unwrap_or(Ok(LinkWait::Waha))
}
