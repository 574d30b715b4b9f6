//! A metric as Prometheus would read it.

use axum::body::Body;
use chassis::metrics::Metrics;
use http::Request;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

/// The value of the metric with that name and labels; `None`: it is not told yet.
pub(super) async fn metric(name: &str) -> Option<u64> {
    let metrics = Metrics::install().expect("a recorder");
    let request = Request::get("/metrics").body(Body::empty());
    let answer = metrics.router().oneshot(request.expect("a request")).await;
    let body = answer.expect("an answer").into_body();
    let bytes = body.collect().await.expect("a body").to_bytes();
    let text = String::from_utf8(bytes.to_vec()).expect("text");
    let mut values = text
        .lines()
        .filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    Some(values.next()?.parse().expect("a number"))
}
