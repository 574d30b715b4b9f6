//! `PUT /config`: checked as a whole, so that one answer names everything that is wrong.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use chassis::Problem;
use chassis::problem::ProblemJson;
use domain::config::{BadSetting, GlobalConfig};
use http::StatusCode;
use serde::Deserialize;
use storage::{Actor, ConfigUpdate};
use utoipa::ToSchema;

use super::ConfigView;
use crate::app::{App, Shared};
use crate::auth::{Caller, Operate};
use crate::precondition::{IfMatch, etag, version_conflict};
use crate::problem::Answer;
use crate::schemas;

/// New settings.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewConfig {
    /// The version that was seen; `If-Match` may say it instead.
    version: Option<i64>,
    /// Every setting; what is left out goes back to its default.
    #[serde(deserialize_with = "domain::object::object")]
    #[schema(value_type = schemas::Settings)]
    config: GlobalConfig,
}

/// Replaces the settings.
#[utoipa::path(
    put, path = "/config", operation_id = "replaceSettings", tag = "settings", security(("token" = ["operate"])),
    params(("If-Match" = Option<String>, Header, description = "The `ETag` that was seen: nothing is done when there was a change since.")), request_body(content = NewConfig, example = json!({ "version": 1, "config": { "groom_name": "Marco", "bride_name": "Giulia", "wedding_date": "2027-06-12" } })),
    responses(
        (status = OK, description = "The settings as they are now.", body = ConfigView),
        (status = CONFLICT, description = "`version_conflict`: they were changed meanwhile."),
        (status = UNPROCESSABLE_ENTITY, description = "`invalid_config`: nothing was changed; `errors` names every setting that is out of its range."),
        (status = PRECONDITION_REQUIRED, description = "`version_required`: say which version was seen."),
    ),
)]
pub(super) async fn put(
    State(app): State<Shared>,
    caller: Caller<Operate>,
    IfMatch(seen): IfMatch,
    ProblemJson(new): ProblemJson<NewConfig>,
) -> Answer<impl IntoResponse> {
    let config = new.config;
    let problems = config.problems();
    if !problems.is_empty() {
        return Err(refused(problems).into());
    }
    let version = seen.or(new.version).ok_or_else(version_required)?;
    match replace(&app, &config, version, &caller.actor()).await? {
        ConfigUpdate::Done { version } => Ok((etag(version), Json(ConfigView { version, config }))),
        ConfigUpdate::Conflict { current } => Err(version_conflict(current).into()),
    }
}

/// Replaces the settings, which have no problems, if they are still those of `version`.
pub(crate) async fn replace(
    app: &App,
    config: &GlobalConfig,
    version: i64,
    actor: &Actor,
) -> Result<ConfigUpdate, storage::Error> {
    let update = app
        .store
        .update_config(config, version, actor, app.now())
        .await?;
    if matches!(update, ConfigUpdate::Done { .. }) {
        // other limits may let messages go at once
        app.nudge.about(app.sessions());
    }
    Ok(update)
}

fn version_required() -> Problem {
    Problem::new(StatusCode::PRECONDITION_REQUIRED, "version_required").detail(
        "Say which version of the settings you saw, as `version` or in If-Match, so that nobody's change is lost.",
    )
}

fn refused(problems: Vec<BadSetting>) -> Problem {
    let detail = "Nothing was changed: `errors` names the settings that are out of their range, and the ranges.";
    problems.into_iter().fold(
        Problem::unprocessable("invalid_config", detail),
        |problem, bad| problem.field(format!("config.{}", bad.field), bad.message),
    )
}
