//! Invitations, as the couple handles them: the token, the links that carry it, and what is still missing before they work.
//! What guests see of them is in `public`.
//!
//! Every call here needs `enqueue`, reading too: whoever has a token is taken for a guest, and whoever writes to guests
//! may know who they are. `read` alone must not see it.

mod handlers;
mod letter;
mod qr;
mod trouble;
mod view;

use chassis::Problem;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::Shared;

pub(crate) use handlers::{prolong_invitation, renew_invitation, revoke_invitation};
pub(crate) use letter::Letter;
pub(crate) use qr::{link_of, picture, png_of, svg_of};
pub(crate) use trouble::Trouble;

pub(crate) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(
            handlers::get,
            handlers::renew,
            handlers::prolong,
            handlers::revoke
        ))
        .routes(routes!(qr::svg))
        .routes(routes!(qr::png))
}

fn unknown() -> Problem {
    Problem::not_found("There is no household with this id.")
}

fn none_in_force() -> Problem {
    Problem::conflict(
        "no_invitation_in_force",
        "This household's invitation is revoked: make a new one with POST.",
    )
}
