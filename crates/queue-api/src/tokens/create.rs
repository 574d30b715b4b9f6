//! `POST /tokens`.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use chassis::Problem;
use chassis::problem::ProblemJson;
use domain::ids::TokenId;
use http::{StatusCode, header};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::make::keep_new;
use crate::app::Shared;
use crate::auth::{Caller, Operate, Scope};
use crate::problem::Answer;

/// The longest name of a token, in characters.
const LONGEST: usize = 100;

/// A token to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenRequest {
    /// What it is for; the audit log names it so.
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// What it may do. No scope includes another.
    #[schema(min_items = 1)]
    scopes: Vec<Scope>,
}

/// A token that was made.
#[derive(Serialize, ToSchema)]
#[schema(as = NewToken)]
pub(super) struct NewTokenView {
    /// Its id, to revoke it.
    #[schema(value_type = Uuid)]
    id: TokenId,
    /// What it is for.
    name: String,
    /// What it may do.
    scopes: Vec<Scope>,
    /// The secret. It is shown this once and stored nowhere.
    token: String,
}

/// Makes a token.
#[utoipa::path(
    post,
    path = "/tokens",
    operation_id = "createToken",
    tag = "tokens",
    security(("token" = ["operate"])),
    request_body = TokenRequest,
    responses(
        (status = CREATED, description = "The token, shown this once.", body = NewTokenView),
        (status = "4XX", description = "No token was made.", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn create(
    State(app): State<Shared>,
    caller: Caller<Operate>,
    ProblemJson(TokenRequest { name, mut scopes }): ProblemJson<TokenRequest>,
) -> Answer<impl IntoResponse> {
    let name = name.trim().to_owned();
    if name.is_empty() || name.chars().count() > LONGEST || name.contains('\0') {
        return Err(refused("name", "a name has 1 to 100 characters").into());
    }
    scopes.sort_unstable_by_key(|scope| *scope as u8);
    scopes.dedup();
    if scopes.is_empty() {
        return Err(refused("scopes", "give at least one of read, enqueue, operate").into());
    }
    let (actor, now) = (caller.actor(), app.now());
    let (id, secret) = keep_new(&app.store, &name, &scopes, &actor, now, app.dice()).await?;
    let token = secret.expose_secret().to_owned();
    let view = NewTokenView {
        id,
        name,
        scopes,
        token,
    };
    Ok((
        StatusCode::CREATED,
        [(header::CACHE_CONTROL, "no-store")],
        Json(view),
    ))
}

fn refused(field: &str, message: &str) -> Problem {
    Problem::unprocessable(
        "invalid_token",
        format!("No token was made. `{field}`: {message}."),
    )
    .field(field, message)
}
