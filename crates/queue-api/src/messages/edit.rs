//! `PATCH /messages/{id}`: another text, time or priority for a message that has not passed the point of no return.

use axum::extract::State;
use axum::response::Response;
use chassis::Problem;
use chassis::problem::{FieldError, ProblemJson, ProblemPath};
use domain::ids::MessageId;
use domain::message_text::MessageText;
use serde::Deserialize;
use storage::{Actor, Edit};
use utoipa::ToSchema;

use super::draft::{Mistakes, PRIORITIES, PRIORITY_RANGE};
use super::handlers::{done, shown, unknown};
use super::{compositions, view::MessageDetail};
use crate::app::{App, Shared};
use crate::auth::{Caller, Enqueue};
use crate::change::Change;
use crate::moment;
use crate::precondition::IfMatch;
use crate::problem::Answer;

/// What to change; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Changes {
    /// Another text.
    #[schema(value_type = Option<crate::schemas::Text>)]
    text: Option<String>,
    /// Another priority.
    #[schema(minimum = -100, maximum = 100)]
    priority: Option<i32>,
    /// Another first moment; `null` takes it away.
    #[serde(default)]
    #[schema(value_type = Option<crate::schemas::Moment>)]
    not_before: Change<String>,
    /// Another last moment; `null` takes it away.
    #[serde(default)]
    #[schema(value_type = Option<crate::schemas::Moment>)]
    not_after: Change<String>,
    /// Whether an answer cancels it.
    drop_if_answered: Option<bool>,
}

/// Changes a message that has not left.
#[utoipa::path(
    patch, path = "/messages/{id}", operation_id = "editMessage", tag = "messages", security(("token" = ["enqueue"])),
    params(("id" = Uuid, Path), ("If-Match" = Option<String>, Header, description = "The `ETag` that was seen: nothing is done when there was a change since.")),
    request_body(content = Changes, example = json!({ "text": "Ciao zia!", "not_before": "2026-12-05T18:00:00+01:00", "not_after": null })),
    responses(
        (status = OK, description = "The message as it is now.", body = MessageDetail),
        (status = CONFLICT, description = "`version_conflict`: it was changed meanwhile. `not_editable`: it is too late."),
        (status = UNPROCESSABLE_ENTITY, description = "`invalid_message`: nothing was changed; `errors` names each mistake."),
    ),
)]
pub(super) async fn edit(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<MessageId>,
    IfMatch(version): IfMatch,
    ProblemJson(changes): ProblemJson<Changes>,
) -> Answer<Response> {
    let refused = |mistakes| Problem::invalid("invalid_message", "Nothing was changed.", mistakes);
    let edit = changes.check().map_err(refused)?;
    edit_message(&app, &caller.actor(), id, version, &edit).await?;
    shown(&app, &caller, id).await
}

/// Changes it; what is being typed of it right now is typed anew.
pub(crate) async fn edit_message(
    app: &App,
    actor: &Actor,
    id: MessageId,
    version: Option<i64>,
    edit: &Edit,
) -> Answer<()> {
    let before = app.store.message(id).await?.ok_or_else(unknown)?;
    let composing = compositions::of_message(app, &before.session, id).await?;
    let outcome = app.store.edit(id, version, edit, actor, app.now()).await?;
    done(
        outcome,
        "not_editable",
        "only one that has not left can be changed",
    )?;
    compositions::cancel(app, &before.session, composing).await;
    app.nudge.about([&before.session]);
    Ok(())
}

impl Changes {
    fn check(self) -> Result<Edit, Vec<FieldError>> {
        let mut mistakes = Mistakes(Vec::new());
        let text = self.text.map(MessageText::parse);
        let text = text.and_then(|text| mistakes.keep("text", text));
        let priority = self.priority;
        if priority.is_some_and(|priority| !PRIORITIES.contains(&priority)) {
            mistakes.note("priority", PRIORITY_RANGE);
        }
        let mut moment = |field, text: String| mistakes.keep(field, moment::parse(&text));
        let edit = Edit {
            text,
            priority,
            not_before: self.not_before.read(|text| moment("not_before", text)),
            not_after: self.not_after.read(|text| moment("not_after", text)),
            drop_if_answered: self.drop_if_answered,
        };
        if mistakes.0.is_empty() {
            Ok(edit)
        } else {
            Err(mistakes.0)
        }
    }
}
