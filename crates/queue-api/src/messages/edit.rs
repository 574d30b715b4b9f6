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

use super::draft::{PRIORITIES, PRIORITY_RANGE};
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
    #[schema(min_length = 1, max_length = 65536)]
    text: Option<String>,
    /// Another priority.
    #[schema(minimum = -100, maximum = 100)]
    priority: Option<i32>,
    /// Another first moment; `null` takes it away.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    not_before: Change<String>,
    /// Another last moment; `null` takes it away.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    not_after: Change<String>,
    /// Whether an answer cancels it.
    drop_if_answered: Option<bool>,
}

/// Changes a message that has not left.
#[utoipa::path(
    patch, path = "/messages/{id}", operation_id = "editMessage", tag = "messages", security(("token" = ["enqueue"])),
    params(
        ("id" = Uuid, Path),
        ("If-Match" = Option<String>, Header, description = "The `ETag` that was seen: nothing is changed when the message was changed since."),
    ),
    request_body = Changes,
    responses(
        (status = OK, description = "The message as it is now.", body = MessageDetail),
        (status = CONFLICT, description = "`version_conflict`: it was changed meanwhile. `not_editable`: it is too late."),
        (status = "4XX", description = "Nothing was changed."),
    ),
)]
pub(super) async fn edit(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<MessageId>,
    IfMatch(version): IfMatch,
    ProblemJson(changes): ProblemJson<Changes>,
) -> Answer<Response> {
    let edit = changes.check().map_err(refused)?;
    edit_message(&app, &caller.actor(), id, version, &edit).await?;
    shown(&app, id).await
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
        let mut mistakes = Vec::new();
        let mut note = |field: &str, message: String| {
            mistakes.push(FieldError {
                field: field.to_owned(),
                message,
            });
        };
        let text = self.text.and_then(|text| {
            MessageText::parse(text)
                .map_err(|e| note("text", e.to_string()))
                .ok()
        });
        let priority = self.priority;
        if priority.is_some_and(|priority| !PRIORITIES.contains(&priority)) {
            note("priority", PRIORITY_RANGE.to_owned());
        }
        let mut moment = |field: &str, text: String| {
            moment::parse(&text)
                .map_err(|e| note(field, e.to_owned()))
                .ok()
        };
        let not_before = self.not_before.read(|text| moment("not_before", text));
        let not_after = self.not_after.read(|text| moment("not_after", text));
        if mistakes.is_empty() {
            let drop_if_answered = self.drop_if_answered;
            Ok(Edit {
                text,
                priority,
                not_before,
                not_after,
                drop_if_answered,
            })
        } else {
            Err(mistakes)
        }
    }
}

fn refused(mistakes: Vec<FieldError>) -> Problem {
    let first = mistakes
        .first()
        .map_or_else(String::new, |m| format!("`{}`: {}", m.field, m.message));
    let problem =
        Problem::unprocessable("invalid_message", format!("Nothing was changed. {first}."));
    mistakes
        .into_iter()
        .fold(problem, |problem, m| problem.field(m.field, m.message))
}
