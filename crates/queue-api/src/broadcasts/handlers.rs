//! The HTTP handlers of `/broadcasts`. What they do is in `drafting` and `steering`.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chassis::problem::{ProblemJson, ProblemPath, ProblemQuery};
use domain::ids::{BroadcastId, ContactId, MessageId};
use domain::session::SessionName;
use http::{StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::audience_view::AudienceView;
use super::draft::{Changes, Draft};
use super::drafting::{self, find, plan};
use super::steering::{self, Tried};
use super::view::{BroadcastView, StartedView, SteeredView};
use crate::app::Shared;
use crate::auth::{Caller, Enqueue, Read};
use crate::idempotency::{IdempotencyKey, created};
use crate::paging::{PageQuery, PageView};
use crate::precondition::{IfMatch, etag};
use crate::problem::Answer;

/// Writes a broadcast down as a draft. Nothing is queued before it is started.
#[utoipa::path(
    post, path = "/broadcasts", operation_id = "createBroadcast", tag = "broadcasts", security(("token" = ["enqueue"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "For 30 days, repeating a request with the same key and body does nothing more.")),
    request_body(content = Draft, example = json!({ "title": "Dove dormire", "template": "{Ciao|Salve} {first_name}!", "session": "groom" })),
    responses(
        (status = CREATED, description = "The draft is there.", body = BroadcastView),
        (status = OK, description = "An earlier request with this key wrote it.", body = BroadcastView),
        (status = NOT_FOUND, description = "`not_found`: an earlier request with this key made it, and it was deleted since."),
        (status = UNPROCESSABLE_ENTITY, description = "`invalid_broadcast`: nothing was stored; `errors` names each mistake; of one in the template `template_mistake` is its code and `template_at` how many characters stand before it."),
    ),
)]
pub(super) async fn create(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    key: IdempotencyKey,
    ProblemJson(draft): ProblemJson<Draft>,
) -> Answer<Response> {
    let key = key.of(&caller, "broadcast", &draft);
    let (row, repeated) = drafting::create(&app, &caller.actor(), key.as_ref(), draft).await?;
    let location = [(header::LOCATION, format!("/api/v1/broadcasts/{}", row.id))];
    let answer = (location, etag(row.version), Json(BroadcastView::from(row)));
    Ok(created(repeated, answer))
}

/// Lists broadcasts, newest first, with how their copies stand.
#[utoipa::path(
    get, path = "/broadcasts", operation_id = "listBroadcasts", tag = "broadcasts", security(("token" = ["read"])), params(PageQuery),
    responses((status = OK, description = "A page of broadcasts.", body = PageView<BroadcastView>)),
)]
pub(super) async fn list(
    State(app): State<Shared>,
    _: Caller<Read>,
    ProblemQuery(page): ProblemQuery<PageQuery>,
) -> Answer<Json<PageView<BroadcastView>>> {
    let (limit, after) = page.read()?;
    let page = app.store.broadcasts(after.as_ref(), limit).await?;
    Ok(Json(PageView::of(page, BroadcastView::from)))
}

/// Shows a broadcast with how its copies stand.
#[utoipa::path(
    get, path = "/broadcasts/{id}", operation_id = "readBroadcast", tag = "broadcasts", security(("token" = ["read"])), params(("id" = Uuid, Path)),
    responses((status = OK, description = "The broadcast; its version is in `ETag`.", body = BroadcastView)),
)]
pub(super) async fn get(
    State(app): State<Shared>,
    _: Caller<Read>,
    ProblemPath(id): ProblemPath<BroadcastId>,
) -> Answer<impl IntoResponse> {
    let row = find(&app, id).await?;
    Ok((etag(row.version), Json(BroadcastView::from(row))))
}

/// Changes a draft.
#[utoipa::path(
    patch, path = "/broadcasts/{id}", operation_id = "editBroadcast", tag = "broadcasts",
    security(("token" = ["enqueue"])), params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "The `ETag` that was seen: nothing is done when there was a change since.")),
    request_body(content = Changes, example = json!({ "template": "Ciao {first_name}!", "not_before": null })),
    responses(
        (status = OK, description = "The draft as it is now.", body = BroadcastView),
        (status = CONFLICT, description = "`version_conflict`: it was changed meanwhile. `not_a_draft`: it was started."),
        (status = UNPROCESSABLE_ENTITY, description = "`invalid_broadcast`: nothing was changed; `errors` names each mistake."),
    ),
)]
pub(super) async fn edit(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<BroadcastId>,
    IfMatch(version): IfMatch,
    ProblemJson(changes): ProblemJson<Changes>,
) -> Answer<impl IntoResponse> {
    let row = drafting::edit(&app, &caller.actor(), id, version, changes).await?;
    Ok((etag(row.version), Json(BroadcastView::from(row))))
}

/// Throws a draft away. What was started can only be cancelled.
#[utoipa::path(
    delete, path = "/broadcasts/{id}", operation_id = "deleteBroadcast", tag = "broadcasts",
    security(("token" = ["enqueue"])), params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "The `ETag` that was seen: nothing is done when there was a change since.")),
    responses(
        (status = NO_CONTENT, description = "It is gone."),
        (status = CONFLICT, description = "`version_conflict`: it was changed meanwhile. `not_a_draft`: it was started."),
    ),
)]
pub(super) async fn delete(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<BroadcastId>,
    IfMatch(version): IfMatch,
) -> Answer<StatusCode> {
    drafting::delete(&app, &caller.actor(), id, version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Shows who gets which text from whom, who is left out and why, and what is advised: what a start would queue now. All at
/// once. Of a broadcast that was started: who of its audience has no copy.
#[utoipa::path(
    get, path = "/broadcasts/{id}/audience", operation_id = "readBroadcastAudience", tag = "broadcasts",
    security(("token" = ["read"])), params(("id" = Uuid, Path)),
    responses((status = OK, description = "The audience; the broadcast's version is in `ETag`.", body = AudienceView)),
)]
pub(super) async fn audience(
    State(app): State<Shared>,
    _: Caller<Read>,
    ProblemPath(id): ProblemPath<BroadcastId>,
) -> Answer<impl IntoResponse> {
    let planned = plan(&app, id).await?;
    let version = planned.row.version;
    Ok((etag(version), Json(AudienceView::from(planned.plan))))
}

/// Starts a broadcast: a copy for each contact it is for, or none at all. Started twice, the second does nothing.
#[utoipa::path(
    post, path = "/broadcasts/{id}/start", operation_id = "startBroadcast", tag = "broadcasts",
    security(("token" = ["enqueue"])), params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "The `ETag` that was seen: nothing is done when there was a change since.")),
    responses(
        (status = OK, description = "It is under way; `started_now` says whether by this request.", body = StartedView),
        (status = CONFLICT, description = "`version_conflict`: it was changed meanwhile. `wrong_broadcast_state`: it was cancelled."),
        (status = UNPROCESSABLE_ENTITY, description = "`missing_values`: some copies cannot be written, `missing` lists whose. `nobody_to_write_to`: nobody whom it is for can get it. `broadcast_expired`: its last moment has passed."),
    ),
)]
pub(super) async fn start(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<BroadcastId>,
    IfMatch(version): IfMatch,
) -> Answer<impl IntoResponse> {
    let started = steering::start(&app, &caller.actor(), id, version).await?;
    Ok((etag(started.row.version), Json(StartedView::from(started))))
}

/// Pauses a broadcast, also what is being typed. After the answer nothing of it leaves but the copies it names.
#[utoipa::path(
    post, path = "/broadcasts/{id}/pause", operation_id = "pauseBroadcast", tag = "broadcasts",
    security(("token" = ["enqueue"])), params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "The `ETag` that was seen: nothing is done when there was a change since.")),
    responses(
        (status = OK, description = "It is paused, or was.", body = SteeredView),
        (status = CONFLICT, description = "`version_conflict`: it was changed meanwhile. `wrong_broadcast_state`: it is a draft or cancelled."),
    ),
)]
pub(super) async fn pause(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<BroadcastId>,
    IfMatch(version): IfMatch,
) -> Answer<impl IntoResponse> {
    let steered = steering::pause(&app, &caller.actor(), id, version).await?;
    Ok((etag(steered.row.version), Json(SteeredView::from(steered))))
}

/// Lets a paused broadcast go on. Resuming one that is not paused changes nothing.
#[utoipa::path(
    post, path = "/broadcasts/{id}/resume", operation_id = "resumeBroadcast", tag = "broadcasts",
    security(("token" = ["enqueue"])), params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "The `ETag` that was seen: nothing is done when there was a change since.")),
    responses(
        (status = OK, description = "It goes on.", body = SteeredView),
        (status = CONFLICT, description = "`version_conflict`: it was changed meanwhile. `wrong_broadcast_state`: it is a draft or cancelled."),
    ),
)]
pub(super) async fn resume(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<BroadcastId>,
    IfMatch(version): IfMatch,
) -> Answer<impl IntoResponse> {
    let steered = steering::resume(&app, &caller.actor(), id, version).await?;
    Ok((etag(steered.row.version), Json(SteeredView::from(steered))))
}

/// Cancels the rest of a broadcast, for good. After the answer nothing of it leaves but the copies it names.
#[utoipa::path(
    post, path = "/broadcasts/{id}/cancel", operation_id = "cancelBroadcast", tag = "broadcasts",
    security(("token" = ["enqueue"])), params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "The `ETag` that was seen: nothing is done when there was a change since.")),
    responses(
        (status = OK, description = "It is cancelled, or was.", body = SteeredView),
        (status = CONFLICT, description = "`version_conflict`: it was changed meanwhile. `wrong_broadcast_state`: it is a draft: delete it."),
    ),
)]
pub(super) async fn cancel(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<BroadcastId>,
    IfMatch(version): IfMatch,
) -> Answer<impl IntoResponse> {
    let steered = steering::cancel(&app, &caller.actor(), id, version).await?;
    Ok((etag(steered.row.version), Json(SteeredView::from(steered))))
}

/// Whose copy, and who looks at it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BroadcastTrial)]
pub(super) struct Trial {
    /// The contact whose copy it is.
    #[schema(value_type = Uuid)]
    of: ContactId,
    /// The contact who gets it: one that has written, such as the other spouse's own phone.
    #[schema(value_type = Uuid)]
    to: ContactId,
}

/// A copy that is on its way to be looked at.
#[derive(Serialize, ToSchema)]
#[schema(as = TriedBroadcast)]
pub(super) struct TriedView {
    /// The message, which belongs to no broadcast.
    #[schema(value_type = Uuid)]
    message: MessageId,
    /// Whose WhatsApp sends it.
    #[schema(value_type = String)]
    session: SessionName,
}

/// Sends one contact's copy of a draft to another contact, as a message of its own, to see it on a phone first.
#[utoipa::path(
    post, path = "/broadcasts/{id}/try", operation_id = "tryBroadcast", tag = "broadcasts",
    security(("token" = ["enqueue"])), params(("id" = Uuid, Path)), request_body(content = Trial, example = json!({ "of": "0190b5c8-7e1a-7000-8000-3f5d2a9c41be", "to": "0190b5c8-7e1b-7000-8000-3f5d2a9c41bf" })),
    responses(
        (status = CREATED, description = "It is queued, and goes by the usual rules.", body = TriedView),
        (status = CONFLICT, description = "`contact_has_not_written`: write a word from that phone first. `contact_opted_out`: this contact wants no messages. `not_a_draft`: it was started."),
        (status = UNPROCESSABLE_ENTITY, description = "`not_in_audience`: this contact gets no copy. `missing_values`: the copy cannot be written. `unknown_contact`: there is no contact with the id in `to`."),
    ),
)]
pub(super) async fn try_out(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<BroadcastId>,
    ProblemJson(Trial { of, to }): ProblemJson<Trial>,
) -> Answer<impl IntoResponse> {
    let Tried { message, session } = steering::try_out(&app, &caller.actor(), id, of, to).await?;
    let location = [(header::LOCATION, format!("/api/v1/messages/{message}"))];
    let view = Json(TriedView { message, session });
    Ok((StatusCode::CREATED, location, view))
}
