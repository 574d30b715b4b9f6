//! API tokens: programs and people present one with every request. A secret is shown once, when it is made.

mod create;
mod list;
mod make;
mod revoke;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::Shared;

pub use make::{BadScopes, create, parse_scopes};
pub(crate) use make::{LONGEST_NAME, Wanted, good_name, keep_new};

pub(crate) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(revoke::revoke))
}
