//! What guests see: the back of the letter, its QR code, and nothing else. No token of ours is asked for here and nothing
//! can be changed; whoever comes is a stranger until they present an invitation's token in the address.
//!
//! The rule that must hold: of an invitation that is not in force nobody learns whether it ever was. A token that is wrong,
//! malformed, revoked or expired is the same work here and gets the same bytes.

mod door;
mod headers;
mod letter;
mod page;
mod qr;
mod words;

use std::time::Duration;

use axum::Router;
use axum::middleware::map_response;
use chassis::serve::{Limits, with_layers};
use http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::Shared;
use crate::by_client::{self, Pace};
use crate::config::TrustedProxies;
use crate::openapi;

/// Nobody has anything to post here.
const LIMITS: Limits = Limits { body_bytes: 1024 };

/// A token cannot be guessed at any pace (50 bits); this keeps one client from taking the database away from the others.
const PACE: Pace = Pace {
    burst: 60,
    period: Duration::from_secs(1),
    too_many: page::too_many,
    failed: || page::failed(StatusCode::INTERNAL_SERVER_ERROR),
};

/// What guests may ask for, with its description.
pub(crate) fn pages() -> OpenApiRouter<Shared> {
    OpenApiRouter::with_openapi(openapi::guests_head())
        .routes(routes!(letter::letter))
        .routes(routes!(qr::svg))
        .routes(routes!(qr::png))
}

/// The public router, complete with its layers. `health` is limited like everything else.
pub(crate) fn router(app: &Shared, health: Router, proxies: TrustedProxies) -> Router {
    let (pages, _) = pages().split_for_parts();
    let pages = pages.fallback(door::nothing_here).with_state(app.clone());
    let limited = by_client::limit(pages.merge(health), proxies, PACE);
    with_layers(limited, LIMITS).layer(map_response(headers::guard))
}
