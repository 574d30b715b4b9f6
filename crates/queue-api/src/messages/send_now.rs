//! `POST /messages/{id}/send-now`: a person's word against the limits that a person may lift (design §6).

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use chassis::Problem;
use chassis::problem::ProblemPath;
use domain::ids::MessageId;
use domain::wait::WaitReason;
use serde::Serialize;
use storage::Actor;
use utoipa::ToSchema;

use super::changed::done;
use super::view::MessageDetail;
use crate::app::{App, Shared};
use crate::auth::{Caller, Operate};
use crate::precondition::etag;
use crate::problem::Answer;

/// Limits that send-now lifts: the column "lifted by send-now" of design §6.
pub(crate) const LIFTED: [WaitReason; 10] = [
    WaitReason::HourLimit,
    WaitReason::DayLimit,
    WaitReason::Gap,
    WaitReason::ContactCold,
    WaitReason::QuietHours,
    WaitReason::HandTyped,
    WaitReason::EarlierUncertain,
    WaitReason::NotBefore,
    WaitReason::ContactSuspended,
    WaitReason::BackOff,
];

/// Limits that nobody lifts.
pub(crate) const NEVER: [WaitReason; 9] = [
    WaitReason::GuestHasNotWritten,
    WaitReason::SessionPaused,
    WaitReason::SessionLocked,
    WaitReason::SendsRefused,
    WaitReason::CoolDown,
    WaitReason::ContactHourLimit,
    WaitReason::UnansweredLimit,
    WaitReason::EarlierOpen,
    WaitReason::BroadcastPaused,
];

/// A message that goes as soon as it may.
#[derive(Serialize, ToSchema)]
#[schema(as = SendNow)]
pub(super) struct SendNowView {
    #[serde(flatten)]
    message: MessageDetail,
    /// The wait reasons that no longer hold it.
    #[schema(value_type = Vec<String>)]
    lifted: [WaitReason; LIFTED.len()],
    /// The wait reasons that hold it all the same. It also needs a connected session, a contact who has not opted out,
    /// and its own `not_after`.
    #[schema(value_type = Vec<String>)]
    never_lifted: [WaitReason; NEVER.len()],
}

/// Lets a pending message go before all others, without the limits that a person may lift.
#[utoipa::path(
    post,
    path = "/messages/{id}/send-now",
    operation_id = "sendMessageNow",
    tag = "messages",
    security(("token" = ["operate"])),
    params(("id" = Uuid, Path)),
    responses(
        (status = OK, description = "The message as it is now, and which limits still hold.", body = SendNowView),
        (status = CONFLICT, description = "`not_pending`: only a waiting message can be sent now.", body = Problem, content_type = "application/problem+json"),
        (status = NOT_FOUND, description = "There is no such message.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn send_now(
    State(app): State<Shared>,
    caller: Caller<Operate>,
    ProblemPath(id): ProblemPath<MessageId>,
) -> Answer<impl IntoResponse> {
    hurry(&app, &caller.actor(), id).await?;
    let message = super::get::detail(&app, id).await?;
    let view = SendNowView {
        message,
        lifted: LIFTED,
        never_lifted: NEVER,
    };
    Ok((etag(view.message.version()), Json(view)))
}

/// Lifts the limits that a person may lift from a message that waits.
pub(crate) async fn hurry(app: &App, actor: &Actor, id: MessageId) -> Answer<()> {
    let changed = app.store.send_now(id, actor, app.now()).await?;
    let row = done(changed, "not_pending", "only a waiting one can be sent now")?;
    app.nudge.about([&row.session]);
    Ok(())
}
