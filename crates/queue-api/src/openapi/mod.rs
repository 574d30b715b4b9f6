//! The description of the API. It is generated from the handlers, checked in as `docs/openapi.json`, and served.

mod responses;

use std::sync::LazyLock;

use axum::response::IntoResponse;
use chassis::Problem;
use chassis::problem::FieldError;
use http::header;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::server::Server;
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::Shared;
use crate::auth::{Caller, Read};

const ABOUT: &str = "Enqueue WhatsApp messages, see why each waits and when it goes, and steer the sessions that send them.\n\n\
    Every address needs an API token (`Authorization: Bearer wq_…`) with the scope named at the operation. Errors are \
    problem documents (RFC 9457): programs look at `code`, people read `detail`. Times are RFC 3339, integers are written without a fraction. Lists are paged: \
    pass `next` of a page as `cursor` of the following one.";

const ABOUT_GUESTS: &str = "What guests reach: the page of an invitation and its QR code. The token in the address is all that they need. \
    Answers are pages for people, refusals too.";

/// The whole description, as JSON with a line break at its end: what `docs/openapi.json` holds.
pub fn document() -> String {
    printed(crate::router::api().into_openapi(), responses::complete)
}

/// The same of what guests reach: `docs/openapi-guests.json`.
pub fn guests_document() -> String {
    let pages = crate::public::pages().into_openapi();
    printed(pages, |_, page| responses::complete_page(page))
}

fn printed(mut description: OpenApi, complete: fn(&str, &mut Operation)) -> String {
    for (path, item) in &mut description.paths.paths {
        let PathItem {
            get,
            put,
            post,
            delete,
            patch,
            ..
        } = item;
        for operation in [get, put, post, delete, patch].into_iter().flatten() {
            complete(path, operation);
        }
    }
    // a description is made of maps and texts, which always serialize
    let mut json = serde_json::to_string_pretty(&description).unwrap_or_default();
    json.push('\n');
    json
}

/// What stands above the operations.
pub(crate) fn head() -> OpenApi {
    let token = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    let components = ComponentsBuilder::new()
        .security_scheme("token", token)
        .schema_from::<Problem>()
        .schema_from::<FieldError>();
    titled("Wedding message queue", ABOUT, "http://127.0.0.1:8080")
        .components(Some(components.build()))
        .build()
}

/// What stands above the guests' addresses.
pub(crate) fn guests_head() -> OpenApi {
    titled("Wedding invitations", ABOUT_GUESTS, "http://127.0.0.1:8090").build()
}

/// `url`: where it listens when nothing else is configured.
fn titled(title: &str, about: &str, url: &str) -> OpenApiBuilder {
    let info = InfoBuilder::new()
        .title(title)
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(about));
    OpenApiBuilder::new()
        .info(info)
        .servers(Some([Server::new(url)]))
}

pub(crate) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(description))
}

/// This description.
#[utoipa::path(
    get, path = "/openapi.json", operation_id = "readDescription", tag = "description", security(("token" = ["read"])),
    responses((status = OK, description = "An OpenAPI 3.1 document.", content_type = "application/json", body = Object)),
)]
async fn description(_: Caller<Read>) -> impl IntoResponse {
    static DOCUMENT: LazyLock<String> = LazyLock::new(document);
    (
        [(header::CONTENT_TYPE, "application/json")],
        DOCUMENT.as_str(),
    )
}
