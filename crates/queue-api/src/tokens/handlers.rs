//! The HTTP handlers of `/tokens`.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use chassis::Problem;
use chassis::problem::{ProblemJson, ProblemPath};
use chrono::{DateTime, Utc};
use domain::ids::TokenId;
use domain::session::SessionName;
use http::{StatusCode, header};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use storage::{TokenMaker, TokenRow};
use utoipa::ToSchema;

use super::make::{Wanted, good_name, keep_new};
use crate::app::{App, Shared};
use crate::auth::{Caller, Identity, Operate, Scope, unauthorized};
use crate::problem::Answer;

/// A token, without its secret.
#[derive(Serialize, ToSchema)]
#[schema(as = Token)]
pub(super) struct TokenView {
    /// Its id.
    #[schema(value_type = Uuid)]
    id: TokenId,
    /// What it is for.
    name: String,
    /// What it may do.
    #[schema(value_type = Vec<crate::auth::Scope>)]
    scopes: Vec<String>,
    /// The session of the spouse whose token it is.
    #[schema(value_type = Option<String>)]
    session: Option<SessionName>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    used_at: Option<DateTime<Utc>>,
    /// Since when it opens nothing.
    revoked_at: Option<DateTime<Utc>>,
}

/// Every token.
#[derive(Serialize, ToSchema)]
#[schema(as = Tokens)]
pub(super) struct TokensView {
    /// Newest first, revoked ones too.
    items: Vec<TokenView>,
}

/// Lists the tokens, without their secrets.
#[utoipa::path(
    get, path = "/tokens", operation_id = "listTokens", tag = "tokens", security(("token" = ["operate"])),
    responses((status = OK, description = "Every token.", body = TokensView)),
)]
pub(super) async fn list(
    State(app): State<Shared>,
    _: Caller<Operate>,
) -> Answer<Json<TokensView>> {
    let tokens = app.store.tokens().await?;
    let items = tokens.into_iter().map(Into::into).collect();
    Ok(Json(TokensView { items }))
}

impl From<TokenRow> for TokenView {
    fn from(row: TokenRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            scopes: row.scopes,
            session: row.session,
            created_at: row.created_at,
            used_at: row.used_at,
            revoked_at: row.revoked_at,
        }
    }
}

/// A token to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenRequest {
    /// What it is for; the audit log names it so.
    #[schema(value_type = crate::schemas::TokenName)]
    name: String,
    /// What it may do: only what the token may that makes it. No scope includes another.
    #[schema(min_items = 1)]
    scopes: Vec<Scope>,
    /// The session of the spouse whose token it is: only such a token is shown who wrote there without being on the list. Only a
    /// token of that session makes another one of it; the command line makes the first.
    #[schema(value_type = Option<crate::schemas::SessionName>)]
    session: Option<String>,
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
    /// The session of the spouse whose token it is.
    #[schema(value_type = Option<String>)]
    session: Option<SessionName>,
    /// The secret. It is shown this once and stored nowhere.
    token: String,
}

/// Makes a token. It ends when the token is revoked that made it, and with what that one rests on.
#[utoipa::path(
    post, path = "/tokens", operation_id = "createToken", tag = "tokens", security(("token" = ["operate"])),
    request_body(content = TokenRequest, example = json!({ "name": "seating plan", "scopes": ["read"] })),
    responses(
        (status = CREATED, description = "The token, shown this once.", body = NewTokenView),
        (status = FORBIDDEN, description = "`not_a_spouses_token`: the session is another's than this token's."),
        (status = UNPROCESSABLE_ENTITY, description = "`invalid_token`: no token was made; `errors` says why."),
    ),
)]
pub(super) async fn create(
    State(app): State<Shared>,
    caller: Caller<Operate>,
    ProblemJson(request): ProblemJson<TokenRequest>,
) -> Answer<impl IntoResponse> {
    let TokenRequest {
        name,
        mut scopes,
        session,
    } = request;
    let name = good_name(&name).ok_or_else(|| refused("name", "a name has 1 to 100 characters"))?;
    let name = name.to_owned();
    scopes.sort_unstable_by_key(|scope| *scope as u8);
    scopes.dedup();
    if scopes.is_empty() {
        return Err(refused("scopes", "give at least one of read, enqueue, operate").into());
    }
    // a token hands out only what it may do itself
    for scope in &scopes {
        caller.require(*scope)?;
    }
    let session = session_of(&app, &caller, session)?;
    let (actor, now) = (caller.actor(), app.now());
    let wanted = Wanted {
        name: &name,
        scopes: &scopes,
        session: session.as_ref(),
        made_by: TokenMaker::Token(caller.id),
    };
    let made = keep_new(&app.store, wanted, &actor, now, app.dice()).await?;
    let (id, secret) = made.ok_or_else(unauthorized)?;
    let token = secret.expose_secret().to_owned();
    let view = NewTokenView {
        id,
        name,
        scopes,
        session,
        token,
    };
    Ok((
        StatusCode::CREATED,
        [(header::CACHE_CONTROL, "no-store")],
        Json(view),
    ))
}

/// Whose token it will be. One spouse's token does not open the other's chats by way of another token.
fn session_of(app: &App, caller: &Identity, asked: Option<String>) -> Answer<Option<SessionName>> {
    let asked = match asked {
        None => return Ok(caller.session.clone()),
        Some(asked) => SessionName::parse(&asked)
            .ok()
            .filter(|name| app.knows(name)),
    };
    let Some(asked) = asked else {
        let message = format!("unknown session: use one of {}", app.session_list());
        return Err(refused("session", &message).into());
    };
    match &caller.session {
        Some(own) if *own != asked => {
            let message = format!("a token of `{own}` makes tokens of `{own}` only");
            Err(refused("session", &message).into())
        }
        Some(_) => Ok(Some(asked)),
        // else whoever runs this could read who wrote to the spouses
        None => Err(not_a_spouses(&asked).into()),
    }
}

/// 403 `not_a_spouses_token`.
fn not_a_spouses(session: &SessionName) -> Problem {
    let detail = format!(
        "No token was made: only a token of `{session}` makes another one of it. On the machine itself \
         `queue-api create-token --session {session} …` makes the first."
    );
    Problem::new(StatusCode::FORBIDDEN, "not_a_spouses_token")
        .detail(detail)
        .with("session", session.as_str())
}

fn refused(field: &str, message: &str) -> Problem {
    Problem::unprocessable(
        "invalid_token",
        format!("No token was made. `{field}`: {message}."),
    )
    .field(field, message)
}

/// Revokes a token and those that were made with it: from now on they open nothing.
#[utoipa::path(
    delete, path = "/tokens/{id}", operation_id = "revokeToken", tag = "tokens", security(("token" = ["operate"])), params(("id" = Uuid, Path)),
    responses((status = NO_CONTENT, description = "It opens nothing any more.")),
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
