//! API tokens: programs and people present one with every request. A secret is shown once, when it is made.

mod handlers;
mod make;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::Shared;

pub use make::{BadScopes, create, parse_scopes};
pub(crate) use make::{LONGEST_NAME, Wanted, good_name, keep_new};

pub(crate) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(handlers::list, handlers::create))
        .routes(routes!(handlers::revoke))
}
