//! The description of the API. It is generated from the handlers, checked in as `docs/openapi.json`, and served.

use std::sync::LazyLock;

use axum::response::IntoResponse;
use http::header;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::Shared;
use crate::auth::{Caller, Read};

const ABOUT: &str = "Enqueue WhatsApp messages, see why each waits and when it goes, and steer the sessions that send them.\n\n\
    Every address needs an API token (`Authorization: Bearer wq_…`) with the scope named at the operation. Errors are \
    problem documents (RFC 9457): programs look at `code`, people read `detail`. Times are RFC 3339. Lists are paged: \
    pass `next` of a page as `cursor` of the following one.";

/// The whole description, as JSON with a line break at its end: what `docs/openapi.json` holds.
pub fn document() -> String {
    let (_, description) = crate::router::api().split_for_parts();
    // a description is made of maps and texts, which always serialize
    let mut json = serde_json::to_string_pretty(&description).unwrap_or_default();
    json.push('\n');
    json
}

/// What stands above the operations.
pub(crate) fn head() -> OpenApi {
    let token = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Wedding message queue")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(ABOUT)),
        )
        .components(Some(
            ComponentsBuilder::new()
                .security_scheme("token", token)
                .build(),
        ))
        .build()
}

pub(crate) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(description))
}

/// This description.
#[utoipa::path(
    get,
    path = "/openapi.json",
    operation_id = "readDescription",
    tag = "description",
    security(("token" = ["read"])),
    responses((status = OK, description = "An OpenAPI 3.1 document.", content_type = "application/json", body = Object)),
)]
async fn description(_: Caller<Read>) -> impl IntoResponse {
    static DOCUMENT: LazyLock<String> = LazyLock::new(document);
    (
        [(header::CONTENT_TYPE, "application/json")],
        DOCUMENT.as_str(),
    )
}
