//! Everything that `chassis` promises, one module per promise.

mod auth;
mod body_budget;
mod clock;
mod closing;
mod dice;
mod extractors;
mod health;
mod in_process;
mod layers;
mod lifecycle;
mod metrics;
mod network;
mod problem;
mod serve;
mod virtual_time;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use http::Request;
use http_body_util::BodyExt;
use tower::ServiceExt;

/// Sends one request through `router`, without a network.
async fn ask(router: &Router, request: Request<Body>) -> Response {
    router
        .clone()
        .oneshot(request)
        .await
        .expect("a router always answers")
}

async fn text(response: Response) -> String {
    let bytes = response
        .into_body()
        .collect()
        .await
        .expect("the whole body")
        .to_bytes();
    String::from_utf8(bytes.to_vec()).expect("text")
}

async fn json(response: Response) -> serde_json::Value {
    serde_json::from_str(&text(response).await).expect("JSON")
}

fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).expect("a request")
}
