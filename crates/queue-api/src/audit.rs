//! `GET /audit`: who changed what.

use axum::Json;
use axum::extract::State;
use chassis::problem::ProblemQuery;
use chrono::{DateTime, Utc};
use domain::ids::AuditId;
use serde::Serialize;
use storage::AuditRow;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::Shared;
use crate::auth::{Caller, Operate, Scope};
use crate::paging::{PageQuery, PageView};
use crate::problem::Answer;

pub(crate) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(list))
}

/// One change.
#[derive(Serialize, ToSchema)]
#[schema(as = Audit)]
struct AuditView {
    /// Its id.
    #[schema(value_type = Uuid)]
    id: AuditId,
    /// When.
    at: DateTime<Utc>,
    /// Who: a token's name, or `worker`.
    actor: String,
    /// What was done.
    #[schema(example = "session.pause")]
    action: String,
    /// To what: an id or a name.
    subject: String,
    /// More about it, such as the reason that was given; only shown to tokens with the scope `read`.
    detail: Option<String>,
}

/// Lists who changed what, newest first.
#[utoipa::path(
    get, path = "/audit", operation_id = "listChanges", tag = "audit", security(("token" = ["operate"])), params(PageQuery),
    responses((status = OK, description = "A page of changes.", body = PageView<AuditView>)),
)]
async fn list(
    State(app): State<Shared>,
    caller: Caller<Operate>,
    ProblemQuery(page): ProblemQuery<PageQuery>,
) -> Answer<Json<PageView<AuditView>>> {
    let (limit, after) = page.read()?;
    let page = app.store.audit(after.as_ref(), limit).await?;
    let shows_detail = caller.may(Scope::Read);
    Ok(Json(PageView::of(page, |row| {
        AuditView::of(row, shows_detail)
    })))
}

impl AuditView {
    fn of(row: AuditRow, shows_detail: bool) -> Self {
        Self {
            id: row.id,
            at: row.at,
            actor: row.actor,
            action: row.action,
            subject: row.subject,
            detail: row.detail.filter(|_| shows_detail),
        }
    }
}
