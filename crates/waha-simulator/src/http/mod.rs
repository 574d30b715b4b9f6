//! WAHA's HTTP API: one file per group of routes, and the manners all of them share.

mod answer;
mod broken;
mod call;
mod chats;
mod contacts;
mod front;
mod hold;
mod lids;
mod login;
mod messages;
mod passkey;
mod presence;
mod refusal;
mod seen;
mod sending;
mod server;
mod sessions;

use std::sync::Arc;

use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use axum::{Extension, Router};

pub use self::broken::BrokenConnection;
use self::call::Call;
use self::refusal::Refusal;
use crate::waha::Waha;

/// Every route, behind the key check and the rest of [`front`].
pub(crate) fn router(waha: &Arc<Waha>) -> Router {
    let newest = waha.profile().is_newest();
    let passkey = if newest {
        passkey::routes()
    } else {
        Router::new()
    };
    Router::new()
        .merge(passkey)
        .merge(server::routes())
        .merge(sessions::routes(newest))
        .merge(login::routes())
        .merge(sending::routes(newest))
        .merge(presence::routes())
        .merge(chats::routes())
        .merge(contacts::routes())
        .merge(lids::routes())
        .route("/api/sendSeen", post(seen::send_seen))
        .route(
            "/api/{session}/chats/{chat}/messages/read",
            post(seen::read_chat),
        )
        .route("/api/{session}/chats/{chat}/messages", get(messages::list))
        .route(
            "/api/{session}/chats/{chat}/messages/{id}",
            get(messages::one),
        )
        .fallback(unknown_route)
        .method_not_allowed_fallback(unknown_route)
        .with_state(Arc::clone(waha))
        .layer(from_fn_with_state(Arc::clone(waha), front::serve))
}

async fn unknown_route(Extension(call): Extension<Call>) -> Refusal {
    Refusal::not_found(format!("Cannot {} {}", call.method, call.target))
}
