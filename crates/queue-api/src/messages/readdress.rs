//! `POST /messages/{id}/recipient`: another recipient for a message that waits at a contact which had been mixed up with an own number.

use axum::extract::State;
use axum::response::Response;
use chassis::Problem;
use chassis::problem::{ProblemJson, ProblemPath};
use domain::ids::{ContactId, MessageId};
use serde::Deserialize;
use storage::{Actor, Readdressed};
use utoipa::ToSchema;

use super::handlers::{done, shown};
use crate::app::{App, Shared};
use crate::auth::{Caller, Enqueue};
use crate::problem::Answer;

/// The contact that the message is for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRecipient {
    /// The contact.
    #[schema(value_type = Uuid)]
    contact: ContactId,
}

/// Gives a message that waits at an unconfirmed contact another recipient. It leaves under the same rules as a new one.
#[utoipa::path(
    post, path = "/messages/{id}/recipient", operation_id = "readdressMessage", tag = "messages", security(("token" = ["enqueue"])),
    params(("id" = Uuid, Path)), request_body(content = NewRecipient, example = json!({ "contact": "0190b5c8-0000-7000-8000-000000000001" })),
    responses(
        (status = OK, description = "The message as it is now.", body = super::view::MessageDetail),
        (status = CONFLICT, description = "`not_unconfirmed`: it does not wait at an unconfirmed contact. `has_a_copy`: the contact gets this announcement already."),
        (status = UNPROCESSABLE_ENTITY, description = "`unknown_contact`: there is no such contact, or it is an own number."),
    ),
)]
pub(super) async fn readdress(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<MessageId>,
    ProblemJson(NewRecipient { contact }): ProblemJson<NewRecipient>,
) -> Answer<Response> {
    readdress_message(&app, &caller.actor(), id, contact).await?;
    shown(&app, &caller, id).await
}

/// Gives a message another recipient, and wakes its worker.
pub(crate) async fn readdress_message(
    app: &App,
    actor: &Actor,
    id: MessageId,
    to: ContactId,
) -> Answer<()> {
    match app.store.readdress(id, to, actor, app.now()).await? {
        Readdressed::Changed(changed) => {
            let needs = "only one that waits for a confirmation of its recipient can get another one";
            let row = done(changed, "not_unconfirmed", needs)?;
            app.nudge.about([&row.session]);
            Ok(())
        }
        Readdressed::NoSuchContact => Err(Problem::unprocessable(
            "unknown_contact",
            "Nothing was changed: choose a contact that exists and is no number of your own.",
        )
        .field("contact", "no other person\u{2019}s contact has this id")
        .into()),
        Readdressed::HasCopy => Err(Problem::conflict(
            "has_a_copy",
            "Nothing was changed: this contact gets the same announcement already. Cancel this copy.",
        )
        .into()),
    }
}
