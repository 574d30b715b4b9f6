//! `PATCH /guests/{id}`.

use axum::Json;
use axum::extract::State;
use chassis::Problem;
use chassis::problem::{ProblemJson, ProblemPath};
use domain::config::Language;
use domain::ids::GuestId;
use domain::phone_number::Country;
use serde::Deserialize;
use storage::{Actor, GuestEdit, GuestRow};
use utoipa::ToSchema;

use super::checks::Checks;
use super::view::GuestView;
use crate::app::{App, Shared};
use crate::auth::{Caller, Enqueue};
use crate::change::Change;
use crate::problem::Answer;
use crate::schemas;

/// What to change of a person; what is left out stays, `null` takes a value away.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PersonChanges)]
pub(crate) struct Changes {
    /// Another name; it cannot be taken away.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub(crate) name: Change<String>,
    /// Another phone number. What was said with the old one stays with the old contact.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "+39 347 000 0001")]
    pub(crate) phone: Change<String>,
    /// Whose guest they are, by session.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "bride")]
    pub(crate) side: Change<String>,
    /// The language they are written to in.
    #[serde(default)]
    #[schema(value_type = Option<schemas::GuestLanguage>)]
    pub(crate) language: Change<Language>,
    /// With whom they are invited, by the household's name, which is made when there is none; `null`: alone. The household
    /// that they were the last guest of goes, with its invitations.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200)]
    pub(crate) household: Change<String>,
}

/// Changes a guest.
#[utoipa::path(
    patch,
    path = "/guests/{id}",
    operation_id = "editGuest",
    tag = "guests",
    security(("token" = ["enqueue"])),
    params(("id" = Uuid, Path)),
    request_body = Changes,
    responses(
        (status = OK, description = "The guest as they are now.", body = GuestView),
        (status = NOT_FOUND, description = "There is no such guest.", body = Problem, content_type = "application/problem+json"),
        (status = "4XX", description = "Nothing was changed.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn edit(
    State(app): State<Shared>,
    caller: Caller<Enqueue>,
    ProblemPath(id): ProblemPath<GuestId>,
    ProblemJson(changes): ProblemJson<Changes>,
) -> Answer<Json<GuestView>> {
    let row = edit_guest(&app, &caller.actor(), id, changes).await?;
    Ok(Json(row.into()))
}

/// Changes a guest.
pub(crate) async fn edit_guest(
    app: &App,
    actor: &Actor,
    id: GuestId,
    changes: Changes,
) -> Answer<GuestRow> {
    let (config, _) = app.store.config().await?;
    let edit = changes.check(app, config.country)?;
    let row = app.store.edit_guest(id, &edit, actor, app.now()).await?;
    let row = row.ok_or_else(super::unknown)?;
    // whoever has the new number may have written before
    app.nudge.about(app.sessions());
    Ok(row)
}

impl Changes {
    fn check(self, app: &App, country: Country) -> Result<GuestEdit, Problem> {
        let mut checks = Checks::new(app, country);
        let name = match self.name {
            Change::Stays => None,
            Change::Becomes(name) => checks.name(&name),
            Change::TakenAway => {
                checks.note("name", "a guest has a name: write one, or leave it out");
                None
            }
        };
        let household = match self.household {
            Change::Becomes(name) if name.trim().is_empty() => Change::TakenAway,
            other => other,
        };
        let edit = GuestEdit {
            name,
            phone: self.phone.read(|phone| checks.phone(&phone)),
            side: self.side.read(|side| checks.side(&side)),
            language: self.language.read(Some),
            household: household.read(|name| checks.household(&name)),
        };
        checks.end("Nothing was changed.")?;
        Ok(edit)
    }
}
