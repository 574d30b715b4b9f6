//! `GET /tokens`.

use axum::Json;
use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::ids::TokenId;
use domain::session::SessionName;
use serde::Serialize;
use storage::TokenRow;
use utoipa::ToSchema;

use crate::app::Shared;
use crate::auth::{Caller, Operate};
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
    get,
    path = "/tokens",
    operation_id = "listTokens",
    tag = "tokens",
    security(("token" = ["operate"])),
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
