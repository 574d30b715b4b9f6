//! Who wrote to a spouse without being on the list. Only a token of that spouse is answered, whatever its scopes: what others
//! write to somebody is theirs.

mod handlers;
mod view;

use chassis::Problem;
use domain::session::SessionName;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::Shared;
use crate::auth::Identity;

pub(crate) use handlers::{ignore_writer, tie_writer};

pub(crate) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(handlers::list))
        .routes(routes!(handlers::tie))
        .routes(routes!(handlers::ignore))
}

/// The session of that name, when it is the caller's own. Nobody else learns whether there is such a session.
fn own(caller: &Identity, name: &str) -> Result<SessionName, Problem> {
    let parsed = SessionName::parse(name).map_err(|error| {
        Problem::new(http::StatusCode::NOT_FOUND, "unknown_session")
            .detail(format!("There can be no such session: {error}."))
    })?;
    caller.require_own(&parsed)?;
    Ok(parsed)
}

pub(crate) fn unknown() -> Problem {
    Problem::not_found(
        "There is no such writer on this session, or not any more: whoever becomes a guest is none, and after 30 days \
         without a word they are forgotten.",
    )
}
