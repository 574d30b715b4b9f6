//! Which address is answered by which function.

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use chassis::health::Health;
use chassis::serve::{Limits, with_layers};
use chassis::service_auth::{BearerToken, require_bearer};

use crate::app::App;
use crate::{compositions, reading, sessions, webhooks};

/// What the worker and queue-api call (`domain::wire`, composing and sessions), and the two health addresses.
pub(crate) fn service(app: &Arc<App>, token: BearerToken) -> Router {
    let calls = Router::new()
        .route("/sessions/{session}/fence", post(compositions::fence))
        .route("/sessions/{session}/compose", post(compositions::compose))
        .route("/sessions/{session}/send", post(compositions::send))
        .route("/sessions/{session}/cancel", post(compositions::cancel))
        .route("/attempts/{attempt}", get(compositions::attempt))
        .route("/sessions/{session}/read-chat", post(reading::read_chat))
        .route("/sessions/{session}/read-chats", post(reading::read_chats))
        .route("/sessions/{session}", get(sessions::session))
        .route("/sessions/{session}/qr", get(sessions::qr))
        .route("/sessions/{session}/qr.png", get(sessions::qr_png))
        .route(
            "/sessions/{session}/pairing-code",
            post(sessions::pairing_code),
        )
        .route("/sessions/{session}/link", post(sessions::link))
        .route(
            "/sessions/{session}/passkey",
            get(sessions::passkey).post(sessions::answer),
        )
        .route(
            "/sessions/{session}/passkey/confirm",
            post(sessions::confirm),
        )
        .route("/sessions/{session}/start", post(sessions::start))
        .route("/sessions/{session}/restart", post(sessions::restart))
        .route("/sessions/{session}/logout", post(sessions::logout))
        .route_layer(require_bearer(token))
        .with_state(Arc::clone(app));
    with_layers(calls.merge(health(app).router()), Limits::default())
}

/// What the WAHAs call.
pub(crate) fn webhooks(app: &Arc<App>) -> Router {
    let calls = Router::new()
        .route("/webhooks/{session}/{secret}", post(webhooks::receive))
        .with_state(Arc::clone(app));
    with_layers(calls, Limits::default())
}

/// A WAHA that is away is a named state of its session, not a reason to call the whole service unready.
fn health(app: &Arc<App>) -> Health {
    let app = Arc::clone(app);
    Health::new().check("queue-api", move || {
        let queue_api = Arc::clone(&app.queue_api);
        async move { queue_api.answers().await }
    })
}
