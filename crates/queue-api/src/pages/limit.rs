//! How often one client may try a secret: signing in, a one-time link, a password.

use std::time::Duration;

use axum::Router;
use axum::response::{IntoResponse, Response};
use chassis::Problem;
use http::StatusCode;

use super::registry::Pages;
use crate::app::Shared;
use crate::by_client::{self, Pace};

/// Ten at once, then one each fifteen seconds: some six thousand a day from one address.
const PACE: Pace = Pace {
    burst: 10,
    period: Duration::from_secs(15),
    too_many,
    failed: || Problem::internal().into_response(),
};

/// Adds pages whose forms try a secret.
pub(super) fn tries(pages: Pages, routes: fn(Pages) -> Pages) -> Pages {
    let proxies = pages.app().trusted_proxies().clone();
    pages.with(routes, |router: Router<Shared>| {
        by_client::limit(router, proxies, PACE)
    })
}

/// Before any guard: it costs nothing to be refused here, so it is plain text in both languages.
fn too_many() -> Response {
    let text =
        "Troppi tentativi: riprovate tra un minuto.\nToo many attempts: try again in a minute.\n";
    (StatusCode::TOO_MANY_REQUESTS, text).into_response()
}
