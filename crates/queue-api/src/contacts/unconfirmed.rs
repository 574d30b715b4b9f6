//! `GET /unconfirmed-contacts` and `POST /contacts/{id}/confirm`: contacts whose chats WAHA had mixed up with the account's own.

use axum::Json;
use axum::extract::State;
use chassis::Problem;
use chassis::problem::ProblemPath;
use domain::ids::ContactId;
use http::StatusCode;
use storage::{Actor, ContactRow};

use super::contact::{ContactView, unknown};
use crate::app::{App, Shared};
use crate::auth::{Caller, Enqueue, Read};
use crate::problem::Answer;

/// So many are listed at most; the next ones come when these are confirmed.
const MOST: u32 = 50;

/// Lists contacts whose chats WAHA had mixed up with the account's own number: their messages wait until they write again, or a
/// person confirms who they are.
#[utoipa::path(
    get, path = "/unconfirmed-contacts", operation_id = "listUnconfirmedContacts", tag = "contacts", security(("token" = ["read"])),
    responses((status = OK, description = "At most 50 contacts: confirm these to see more.", body = Vec<ContactView>)),
)]
pub(super) async fn list(
    State(app): State<Shared>,
    _: Caller<Read>,
) -> Answer<Json<Vec<ContactView>>> {
    let contacts = unconfirmed(&app).await?;
    Ok(Json(contacts.into_iter().map(Into::into).collect()))
}

/// Confirms that a contact is who it is known as: its messages go on. Repeating changes nothing.
#[utoipa::path(
    post, path = "/contacts/{id}/confirm", operation_id = "confirmContact", tag = "contacts",
    security(("token" = ["enqueue"])), params(("id" = Uuid, Path)),
    responses(
        (status = NO_CONTENT, description = "The contact is confirmed."),
        (status = CONFLICT, description = "`own_number`: messages wait at an own number. Give each another recipient, or cancel it."),
    ),
)]
pub(super) async fn confirm(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<ContactId>,
) -> Answer<StatusCode> {
    confirm_contact(&app, &caller.actor(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The contacts that wait for a person's word.
pub(crate) async fn unconfirmed(app: &App) -> Result<Vec<ContactRow>, storage::Error> {
    let mut contacts = Vec::new();
    for id in app.store.unconfirmed_contacts(MOST).await? {
        contacts.extend(app.store.contact(id).await?);
    }
    Ok(contacts)
}

/// Confirms a contact and wakes the worker; 404 when there is no such contact, 409 while messages wait at an own number.
pub(crate) async fn confirm_contact(app: &App, actor: &Actor, id: ContactId) -> Answer<()> {
    if app.store.confirm_contact(id, actor, app.now()).await? {
        app.nudge.about(app.sessions());
    } else if app.store.contact(id).await?.is_none() {
        return Err(unknown().into());
    } else if !app.store.stranded_messages(id).await?.is_empty() {
        return Err(Problem::conflict(
            "own_number",
            "This is a number of your own, and messages for others wait there: give each another recipient, or cancel it.",
        )
        .into());
    }
    Ok(())
}
