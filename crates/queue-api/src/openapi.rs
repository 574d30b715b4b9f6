//! The description of the API. It is generated from the handlers, checked in as `docs/openapi.json`, and served.

use std::sync::LazyLock;

use axum::response::IntoResponse;
use chassis::Problem;
use chassis::problem::FieldError;
use http::header;
use utoipa::openapi::path::{Operation, Parameter, PathItem};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{
    ComponentsBuilder, Content, InfoBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, ResponseBuilder,
};
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
    let (_, mut description) = crate::router::api().split_for_parts();
    for (path, item) in &mut description.paths.paths {
        let PathItem {
            get,
            put,
            post,
            delete,
            patch,
            ..
        } = item;
        let operations = [get, put, post, delete, patch].into_iter().flatten();
        for operation in operations {
            describe_problems(path, operation);
            add_what_any_may_answer(operation);
        }
    }
    // a description is made of maps and texts, which always serialize
    let mut json = serde_json::to_string_pretty(&description).unwrap_or_default();
    json.push('\n');
    json
}

/// What every operation may answer besides what its handler says.
const ANY: [(&str, &str); 4] = [
    (
        "401",
        "`unauthorized`: there is no token with the request, or none of this system.",
    ),
    (
        "403",
        "`missing_scope`: the token may not do that; `scope` is the one that it needs.",
    ),
    (
        "500",
        "`internal_error`: it is our fault; the log says more.",
    ),
    (
        "503",
        "`database_unavailable`: the change may or may not have been stored; `database_busy`, `disk_full`: nothing was changed. Try again after `Retry-After`.",
    ),
];

/// Gives each refusal of a handler its content, and adds the 404 of an address with an id in it.
fn describe_problems(path: &str, operation: &mut Operation) {
    let listed = &mut operation.responses.responses;
    if !listed.contains_key("4XX")
        && let Some(thing) = thing_at(path)
    {
        let text = format!("There is no such {thing}.");
        let unknown = || RefOr::T(problem(&text));
        listed.entry("404".to_owned()).or_insert_with(unknown);
    }
    for (status, answer) in listed {
        if status.starts_with(['4', '5'])
            && let RefOr::T(answer) = answer
        {
            *answer = problem(&answer.description);
        }
    }
}

/// What an address with an id in it is about.
fn thing_at(path: &str) -> Option<&'static str> {
    if path.contains("/unknown-writers/{id}") {
        return Some("writer");
    }
    if path.ends_with("/unknown-writers") {
        return None;
    }
    [
        "broadcast",
        "contact",
        "guest",
        "household",
        "message",
        "session",
    ]
    .into_iter()
    .find(|thing| path.contains(&format!("/{thing}s/{{")))
}

fn add_what_any_may_answer(operation: &mut Operation) {
    let listed = &mut operation.responses.responses;
    for (status, text) in ANY {
        listed
            .entry(status.to_owned())
            .or_insert_with(|| RefOr::T(problem(text)));
    }
    let if_match = |parameter: &RefOr<Parameter>| matches!(parameter, RefOr::T(known) if known.name == "If-Match");
    let versioned = operation.parameters.iter().flatten().any(if_match);
    if versioned && !listed.contains_key("4XX") {
        let text = "`invalid_if_match`: it is not the `ETag` of an earlier answer.";
        listed
            .entry("400".to_owned())
            .or_insert_with(|| RefOr::T(problem(text)));
    }
}

fn problem(text: &str) -> utoipa::openapi::Response {
    let content = Content::new(Some(Ref::from_schema_name("Problem")));
    ResponseBuilder::new()
        .description(text)
        .content("application/problem+json", content)
        .build()
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
                .schema_from::<Problem>()
                .schema_from::<FieldError>()
                .build(),
        ))
        .build()
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
