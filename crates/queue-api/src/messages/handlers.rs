//! The HTTP handlers that show messages and change what becomes of one. Editing and settling have files of their own.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chassis::Problem;
use chassis::problem::{ProblemPath, ProblemQuery};
use domain::ids::{BroadcastId, ContactId, MessageId};
use domain::lane::Lane;
use domain::message_status::MessageStatus;
use domain::session::SessionName;
use domain::wait::WaitReason;
use serde::{Deserialize, Serialize};
use storage::{Actor, Changed, MessageFilter, MessageRow};
use utoipa::{IntoParams, ToSchema};

use super::compositions;
use super::in_lists::Sessions;
use super::outlook::outlook;
use super::view::{MessageDetail, MessageView};
use crate::app::{App, Shared};
use crate::auth::{Caller, Enqueue, Identity, Operate, Read};
use crate::paging::{self, PageView};
use crate::precondition::{etag, version_conflict};
use crate::problem::Answer;
use crate::schemas;

/// Which messages, and how many of them.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Only of this session.
    #[param(value_type = Option<String>)]
    session: Option<SessionName>,
    /// Only in this status.
    #[param(value_type = Option<schemas::MessageStatus>)]
    status: Option<MessageStatus>,
    /// Only queued in this lane.
    #[param(value_type = Option<schemas::Lane>)]
    lane: Option<Lane>,
    /// Only to this contact.
    #[param(value_type = Option<Uuid>)]
    contact: Option<ContactId>,
    /// Only copies of this news.
    #[param(value_type = Option<Uuid>)]
    broadcast: Option<BroadcastId>,
    /// Only with this in their text, in capitals or not.
    text: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// How many: 1 to 200, default 50.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
}

/// Lists messages, newest first.
#[utoipa::path(
    get, path = "/messages", operation_id = "listMessages", tag = "messages", security(("token" = ["read"])), params(Which),
    responses((status = OK, description = "A page of messages.", body = PageView<MessageView>)),
)]
pub(super) async fn list(
    State(app): State<Shared>,
    _: Caller<Read>,
    ProblemQuery(which): ProblemQuery<Which>,
) -> Answer<Json<PageView<MessageView>>> {
    let (limit, after) = paging::read(which.limit, which.cursor.as_deref())?;
    paging::search("text", which.text.as_deref())?;
    let filter = MessageFilter {
        session: which.session,
        status: which.status,
        lane: which.lane,
        contact: which.contact,
        broadcast: which.broadcast,
        text: which.text,
        search: None,
    };
    let page = app.store.messages(&filter, after.as_ref(), limit).await?;
    let mut sessions = Sessions::of(&app, &page.items).await?;
    Ok(Json(PageView::of(page, |row| {
        let wait = sessions.wait(&row).map(Into::into);
        MessageView::of(row, wait)
    })))
}

/// Shows a message with its whole story.
#[utoipa::path(
    get, path = "/messages/{id}", operation_id = "readMessage", tag = "messages", security(("token" = ["read"])), params(("id" = Uuid, Path)),
    responses((status = OK, description = "The message; its version is in `ETag`.", body = MessageDetail)),
)]
pub(super) async fn get(
    State(app): State<Shared>,
    _: Caller<Read>,
    ProblemPath(id): ProblemPath<MessageId>,
) -> Answer<impl IntoResponse> {
    let detail = detail(&app, id).await?;
    Ok((etag(detail.version()), Json(detail)))
}

/// The message as it is now, or 404.
pub(super) async fn detail(app: &App, id: MessageId) -> Answer<MessageDetail> {
    let now = app.now();
    let explained = app.store.explain(id, now).await?.ok_or_else(unknown)?;
    let timeline = app.store.timeline(id).await?;
    let (config, _) = app.store.config().await?;
    let found = outlook(app, config, explained, now).await;
    let wait = found.held.map(|held| held.view(now));
    Ok(MessageDetail {
        message: MessageView::of(found.explained.row, wait),
        forecast: found.forecast.map(Into::into),
        timeline: timeline.into_iter().map(Into::into).collect(),
    })
}

/// Cancels a message that has not left. After the answer it never leaves.
#[utoipa::path(
    post, path = "/messages/{id}/cancel", operation_id = "cancelMessage", tag = "messages",
    security(("token" = ["enqueue"])), params(("id" = Uuid, Path)),
    responses(
        (status = OK, description = "The message as it is now.", body = MessageDetail),
        (status = CONFLICT, description = "`not_cancellable`: it is too late."),
    ),
)]
pub(super) async fn cancel(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<MessageId>,
) -> Answer<Response> {
    cancel_message(&app, &caller.actor(), id).await?;
    shown(&app, &caller, id).await
}

/// Cancels it, and what is being typed of it right now.
pub(crate) async fn cancel_message(app: &App, actor: &Actor, id: MessageId) -> Answer<()> {
    let before = app.store.message(id).await?.ok_or_else(unknown)?;
    let composing = compositions::of_message(app, &before.session, id).await?;
    let changed = app.store.cancel(id, actor, app.now()).await?;
    done(
        changed,
        "not_cancellable",
        "only one that has not left can be cancelled",
    )?;
    compositions::cancel(app, &before.session, composing).await;
    app.nudge.about([&before.session]);
    Ok(())
}

/// Puts a failed message back into the queue.
#[utoipa::path(
    post, path = "/messages/{id}/retry", operation_id = "retryMessage", tag = "messages",
    security(("token" = ["enqueue"])), params(("id" = Uuid, Path)),
    responses(
        (status = OK, description = "The message as it is now.", body = MessageDetail),
        (status = CONFLICT, description = "`not_failed`: only a failed message can be retried."),
    ),
)]
pub(super) async fn retry(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<MessageId>,
) -> Answer<Response> {
    retry_message(&app, &caller.actor(), id).await?;
    shown(&app, &caller, id).await
}

/// Lets it wait again.
pub(crate) async fn retry_message(app: &App, actor: &Actor, id: MessageId) -> Answer<()> {
    let changed = app.store.retry(id, actor, app.now()).await?;
    let row = done(
        changed,
        "not_failed",
        "only a failed one can be tried again",
    )?;
    app.nudge.about([&row.session]);
    Ok(())
}

/// Leaves a failed message at that: it stays failed, and no longer counts among what needs a person.
#[utoipa::path(
    post, path = "/messages/{id}/leave", operation_id = "leaveMessage", tag = "messages",
    security(("token" = ["enqueue"])), params(("id" = Uuid, Path)),
    responses(
        (status = OK, description = "The message as it is now.", body = MessageDetail),
        (status = CONFLICT, description = "`not_failed`: only a failed message can be left at that."),
    ),
)]
pub(super) async fn leave(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<MessageId>,
) -> Answer<Response> {
    leave_message(&app, &caller.actor(), id).await?;
    shown(&app, &caller, id).await
}

/// Takes it out of what needs a person.
pub(crate) async fn leave_message(app: &App, actor: &Actor, id: MessageId) -> Answer<()> {
    let changed = app.store.leave_failed(id, actor, app.now()).await?;
    done(
        changed,
        "not_failed",
        "only a failed one can be left at that",
    )?;
    Ok(())
}

/// Limits that send-now lifts: the column "lifted by send-now" of design §6.
pub(crate) const LIFTED: [WaitReason; 13] = [
    WaitReason::HourLimit,
    WaitReason::DayLimit,
    WaitReason::CappingWarning,
    WaitReason::AnnouncementsCapped,
    WaitReason::ContactRefused,
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
pub(crate) const NEVER: [WaitReason; 10] = [
    WaitReason::GuestHasNotWritten,
    WaitReason::IdentityUnconfirmed,
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
    post, path = "/messages/{id}/send-now", operation_id = "sendMessageNow", tag = "messages",
    security(("token" = ["operate"])), params(("id" = Uuid, Path)),
    responses(
        (status = OK, description = "The message as it is now, and which limits still hold.", body = SendNowView),
        (status = CONFLICT, description = "`not_pending`: only a waiting message can be sent now."),
    ),
)]
pub(super) async fn send_now(
    State(app): State<Shared>,
    caller: Caller<Operate>,
    ProblemPath(id): ProblemPath<MessageId>,
) -> Answer<impl IntoResponse> {
    hurry(&app, &caller.actor(), id).await?;
    let message = detail(&app, id).await?.shown_to(&caller);
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

/// 404: no such message.
pub(crate) fn unknown() -> Problem {
    Problem::not_found("There is no message with this id.")
}

/// The changed row, or why it was not changed. `refusal` is the code for a message in the wrong status, and `needs` says
/// in which it would have to be.
pub(super) fn done(
    changed: Changed,
    refusal: &'static str,
    needs: &'static str,
) -> Result<MessageRow, Problem> {
    match changed {
        Changed::Done(row) => Ok(*row),
        Changed::Unknown => Err(unknown()),
        Changed::Conflict { current_version } => Err(version_conflict(current_version)),
        Changed::WrongStatus(status) => Err(wrong_status(status, refusal, needs)),
    }
}

/// 409: the message is not where it would have to be.
pub(super) fn wrong_status(
    status: MessageStatus,
    code: &'static str,
    needs: &'static str,
) -> Problem {
    Problem::conflict(code, format!("The message is {status}: {needs}."))
        .with("message_status", status.as_str())
}

/// Answers a change with the message as it is now.
pub(super) async fn shown(app: &App, token: &Identity, id: MessageId) -> Answer<Response> {
    let detail = detail(app, id).await?.shown_to(token);
    Ok((etag(detail.version()), Json(detail)).into_response())
}
