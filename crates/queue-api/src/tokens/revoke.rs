//! `DELETE /tokens/{id}`.

use axum::extract::State;
use chassis::Problem;
use chassis::problem::ProblemPath;
use domain::ids::TokenId;
use http::StatusCode;

use crate::app::Shared;
use crate::auth::{Caller, Operate};
use crate::problem::Answer;

/// Revokes a token and those that were made with it: from now on they open nothing.
#[utoipa::path(
    delete,
    path = "/tokens/{id}",
    operation_id = "revokeToken",
    tag = "tokens",
    security(("token" = ["operate"])),
    params(("id" = Uuid, Path)),
    responses(
        (status = NO_CONTENT, description = "It opens nothing any more."),
        (status = NOT_FOUND, description = "There is no such token, or it was revoked before.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn revoke(
    State(app): State<Shared>,
    caller: Caller<Operate>,
    ProblemPath(id): ProblemPath<TokenId>,
) -> Answer<StatusCode> {
    if app
        .store
        .revoke_token(id, &caller.actor(), app.now())
        .await?
    {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Problem::not_found("There is no token with this id that could be revoked.").into())
}
