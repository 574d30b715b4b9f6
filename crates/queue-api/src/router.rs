//! Which address leads where. On the couple's router everything under `/api` answers nothing but 401 to whoever has no
//! token, the pages have their own guard, and the two health addresses are for everybody; the inner one takes facts from whoever holds this service's own token; the public one shows
//! invitations to whoever has theirs, and knows no other address.

use axum::Router;
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::Response;
use axum::routing::{any, post};
use chassis::health::Health;
use chassis::serve::{Limits, with_layers};
use chassis::service_auth::{BearerToken, require_bearer};
use futures_util::future::BoxFuture;
use http::{HeaderValue, header};
use utoipa_axum::router::OpenApiRouter;

use crate::app::{App, Deps, Shared};
use crate::config::Config;
use crate::pages::PageRoute;
use crate::{
    audit, auth, broadcasts, configuration, contacts, facts, guests, households, invitation,
    messages, openapi, pages, public, sessions, tokens, unknown_writers,
};

/// One router for each kind of caller, complete with its layers.
pub struct Routers {
    /// The API and the pages, for the couple and their programs.
    pub couple: Router,
    /// Which pages there are.
    pub pages: Vec<PageRoute>,
    /// Tells open pages what happens; to be run beside the routers, until they end.
    pub live: BoxFuture<'static, ()>,
    /// The facts, for whatsapp-integration.
    pub inner: Router,
    /// The invitations, for guests.
    pub public: Router,
}

/// All routers of this service.
///
/// The sessions of `config` must be in the store: `run` sees to it.
pub fn routers(config: Config, deps: Deps) -> Routers {
    let internal_token = config.internal_token.clone();
    let public_trusted_proxies = config.public_trusted_proxies.clone();
    let app = App::new(config, deps);
    let (couple, pages) = couple(&app);
    Routers {
        couple,
        pages,
        live: Box::pin(pages::follow(app.clone())),
        inner: inner(&app, internal_token),
        public: public::router(&app, health(&app), public_trusted_proxies),
    }
}

/// Every address of the API, with its description.
pub(crate) fn api() -> OpenApiRouter<Shared> {
    let v1 = OpenApiRouter::new()
        .merge(messages::routes())
        .merge(broadcasts::routes())
        .merge(contacts::routes())
        .merge(guests::routes())
        .merge(invitation::routes())
        .merge(households::routes())
        .merge(sessions::routes())
        .merge(unknown_writers::routes())
        .merge(configuration::routes())
        .merge(tokens::routes())
        .merge(audit::routes())
        .merge(openapi::routes());
    OpenApiRouter::with_openapi(openapi::head()).nest("/api/v1", v1)
}

fn couple(app: &Shared) -> (Router, Vec<PageRoute>) {
    let (api, _) = api().split_for_parts();
    let guarded = api
        .route("/api", any(nothing))
        .route("/api/", any(nothing))
        .route("/api/{*rest}", any(nothing))
        .layer(from_fn_with_state(app.clone(), auth::authenticate))
        .layer(map_response(for_the_caller_alone))
        .with_state(app.clone());
    let (pages, listed) = pages::router(app);
    let all = guarded.merge(pages).merge(health(app));
    let all = with_layers(all, Limits::default());
    let keep_https = from_fn_with_state(app.clone(), pages::keep_https);
    (all.layer(keep_https), listed)
}

/// No cache keeps an answer of the API.
async fn for_the_caller_alone(mut response: Response) -> Response {
    response
        .headers_mut()
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

async fn nothing() -> http::StatusCode {
    http::StatusCode::NOT_FOUND
}

fn inner(app: &Shared, token: BearerToken) -> Router {
    let guarded = Router::new()
        .route("/facts", post(facts::report))
        .route_layer(require_bearer(token))
        .with_state(app.clone());
    with_layers(guarded.merge(health(app)), Limits::default())
}

fn health(app: &Shared) -> Router {
    let store = app.store.clone();
    Health::new()
        .check("database", move || {
            let store = store.clone();
            // what exactly failed is for the log, not for whoever asks
            async move {
                store.ping().await.map_err(|error| match error {
                    storage::Error::Full(_) => "cannot write: disk full",
                    _ => "the database does not answer",
                })
            }
        })
        .router()
}
