//! `POST /sessions/{name}/link`: the one operation that brings a session to its QR code or back to its connection, in every state.
//!
//! The rule that must hold: a number that may be restricted or banned is never logged out by it, unless a person who looked at the phone says
//! that it is not.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use chassis::outbound::CallError;
use chassis::problem::{ProblemJson, ProblemPath};
use domain::linking::{LinkStep, LinkWait, LogOutPermission, next_step};
use domain::session::{SessionName, SessionProblem};
use domain::waha_image;
use domain::wire::LinkRequest;
use serde::{Deserialize, Serialize};
use storage::{Actor, SessionRow};
use tokio::time::timeout;
use utoipa::ToSchema;

use super::find;
use super::operation::{Work, begin};
use super::standing::{is_failed_untold, link_problem, without_expired_lock};
use super::view::SessionView;
use crate::app::Shared;
use crate::auth::{Caller, Operate};
use crate::integration::CallFailed;
use crate::problem::Answer;
use crate::schemas;

/// A person sees what comes of a press within this. The operation goes on.
const ANSWERS_WITHIN: Duration = Duration::from_secs(14);

/// What a person knows about the phone. It may be left out.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = LinkRequest)]
pub(super) struct LinkBody {
    /// A person looked at WhatsApp on the phone, and it shows no restriction or ban. Then a session that failed without a cause may be logged
    /// out, if it fails again after a restart: send it after the answer `phone`. A locked number is not logged out even so.
    #[schema(default = false)]
    phone_shows_no_restriction: bool,
}

/// What came of *link*.
#[derive(Serialize, ToSchema)]
#[schema(as = Linking)]
pub(super) struct LinkView {
    /// What the session waits for now. `phone`: the cause is not told, so a person looks at the phone. `press`: nothing runs any more.
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
/// banned is never logged out: where WAHA does not say why the session failed, a person must look at the phone and say so.
#[utoipa::path(
    post, path = "/sessions/{name}/link", operation_id = "linkSession", tag = "sessions",
    security(("token" = ["operate"])), params(("name" = String, Path)),
    request_body(content = Option<LinkBody>, example = json!({ "phone_shows_no_restriction": true })),
    responses((status = OK, description = "What the session waits for now. While that is `waha` the operation goes on, for 6 minutes at most.", body = LinkView)),
)]
pub(super) async fn link(
    State(app): State<Shared>,
    caller: Caller<Operate>,
    ProblemPath(name): ProblemPath<String>,
    body: Option<ProblemJson<Option<LinkBody>>>,
) -> Answer<Json<LinkView>> {
    let body = body.and_then(|ProblemJson(body)| body).unwrap_or_default();
    let session = find(&app, &name).await?.name;
    let unrestricted = body.phone_shows_no_restriction;
    let waits_for = link_session(&app, caller.actor(), &session, unrestricted).await?;
    let row = without_expired_lock(find(&app, &name).await?, app.now());
    let has_defect = matches!(
        row.problem,
        Some(SessionProblem::KnownBad | SessionProblem::VersionUnknown)
    );
    let image = is_failed_untold(&row).then(|| waha_image::instead_of(row.server.as_deref()));
    let session = SessionView::of(&app, row, &caller).await?;
    // a phone that scans needs no other advice, unless the release has a defect
    let advice = session
        .advice()
        .filter(|_| has_defect || waits_for != LinkWait::Scan);
    Ok(Json(LinkView {
        waits_for,
        sentence: sentence(waits_for, advice, image.as_deref()),
        uncertain: session.uncertain(),
        session,
    }))
}

pub(super) const SCAN: &str =
    "Scan the QR code with the phone: WhatsApp, Settings, Linked devices, Link a device.";

/// `newer_image`: the image to move to, where the session is FAILED and nothing says why.
fn sentence(waits_for: LinkWait, advice: Option<&str>, newer_image: Option<&str>) -> String {
    let and_advice = |sentence: &str| {
        let parts = [Some(sentence), advice];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    let sentence = match (waits_for, newer_image) {
        (LinkWait::Scan, _) => return and_advice(SCAN),
        (LinkWait::Nothing, _) => return and_advice("The phone is linked."),
        (LinkWait::Waha, _) => {
            "Wait: WAHA has not answered, or has not shown a QR code yet. A message that is being sent ends first, within 90 s. WAHA may hold a code back for 10 s; a start that is stuck is restarted once after 150 s. After 6 minutes nothing runs any more: link again then."
        }
        (LinkWait::Phone, _) => {
            "The session failed again after a restart, and WAHA does not say why: the phone may have unlinked it, WhatsApp may have restricted or banned the number, or WAHA may be too old. Look at WhatsApp on the phone. While it shows a restriction or a ban, do not link; else link again with `phone_shows_no_restriction`."
        }
        (LinkWait::Press, _) => {
            "No QR code came, and nothing runs any more: read WAHA's log, then link again."
        }
        (LinkWait::Person, Some(image)) => {
            return format!(
                "The session fails also without its login, and WAHA does not say why: read WAHA's log. Where it calls the client outdated, set WAHA_IMAGE to {image} or a newer release and start the containers again. docs/waha.md names the images for ARM."
            );
        }
        (LinkWait::Passkey | LinkWait::Person, _) => advice
            .unwrap_or("Look at WAHA's log: the session is in a state that it does not explain."),
    };
    sentence.to_owned()
}

/// Does what the session's state needs, and gives what it waits for then. `unrestricted`: a person says that the phone shows no restriction.
pub(crate) async fn link_session(
    app: &Shared,
    actor: Actor,
    session: &SessionName,
    unrestricted: bool,
) -> Answer<LinkWait> {
    // one deadline for the look and the operation
    timeout(ANSWERS_WITHIN, press(app, actor, session, unrestricted))
        .await
        .unwrap_or(Ok(LinkWait::Waha))
}

async fn press(
    app: &Shared,
    actor: Actor,
    session: &SessionName,
    unrestricted: bool,
) -> Answer<LinkWait> {
    let is_seen = match app.integration.session(session).await {
        Ok(view) => {
            app.store.record_session(session, &view, app.now()).await?;
            true
        }
        // a WAHA that hangs
        Err(CallFailed::Away(CallError::TimedOut)) => false,
        Err(failed) => return Err(failed.into()),
    };
    let row = without_expired_lock(find(app, session.as_str()).await?, app.now());
    match next_step(row.state, link_problem(&row)) {
        LinkStep::Waits(LinkWait::Waha) => {}
        // "linked" and "scan" may be over by now: the operation looks again
        LinkStep::Waits(wait) if is_seen || wait == LinkWait::Person => return Ok(wait),
        _ => {}
    }
    let log_out = log_out_permission(&row, unrestricted);
    begin(app, actor, session, Work::Link(LinkRequest { log_out })).await
}

fn log_out_permission(row: &SessionRow, unrestricted: bool) -> LogOutPermission {
    if row.lock.is_some() {
        LogOutPermission::Never
    } else if unrestricted || row.problem == Some(SessionProblem::Unlinked) {
        LogOutPermission::Untold
    } else {
        LogOutPermission::ToldUnlinked
    }
}
