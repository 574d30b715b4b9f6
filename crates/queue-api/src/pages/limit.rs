//! How often one client may try a secret: signing in, a one-time link, a password.

use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use chassis::Problem;
use http::StatusCode;

use super::cookie;
use super::registry::Pages;
use super::site::is_https;
use crate::app::Shared;
use crate::auth::hash;
use crate::by_client::{self, KnownBrowser, Pace};

/// Ten at once, then one each fifteen seconds: some six thousand a day from one address.
const PACE: Pace = Pace {
    burst: 10,
    period: Duration::from_secs(15),
    too_many,
    failed: || Problem::internal().into_response(),
};

/// Adds pages whose forms try a secret.
pub(super) fn tries(pages: Pages, routes: fn(Pages) -> Pages) -> Pages {
    let app = pages.app().clone();
    pages.with(routes, |router: Router<Shared>| {
        let limited = by_client::limit(router, app.trusted_proxies().clone(), PACE);
        limited.layer(from_fn_with_state(app, know_browser))
    })
}

/// A browser in which an account was signed in before has a limit of its own, so that strangers at its address do not use it up.
async fn know_browser(State(app): State<Shared>, mut request: Request, next: Next) -> Response {
    let secure = is_https(&request, &app);
    if let Some(secret) = cookie::signed_in_before(request.headers(), secure) {
        let hash = hash(&secret);
        // without an answer of the database it is counted like a stranger's
        if app.store.remembers_browser(&hash).await.unwrap_or(false) {
            request.extensions_mut().insert(KnownBrowser(hash));
        }
    }
    next.run(request).await
}

/// Before any guard: it costs little to be refused here, so it is plain text in both languages.
fn too_many() -> Response {
    let text =
        "Troppi tentativi: riprovate tra un minuto.\nToo many attempts: try again in a minute.\n";
    (StatusCode::TOO_MANY_REQUESTS, text).into_response()
}
