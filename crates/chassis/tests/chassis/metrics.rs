use axum::Router;
use axum::routing::get as route_get;
use chassis::metrics::Metrics;
use chassis::serve::{Limits, with_layers};
use http::StatusCode;

use crate::{ask, get, text};

#[tokio::test]
async fn two_services_in_one_process_share_one_recorder() {
    let first = Metrics::install().expect("the first");
    let second = Metrics::install().expect("the second");

    metrics::counter!("chassis_test_total").increment(3);

    for metrics in [first, second] {
        let answer = ask(&metrics.router(), get("/metrics")).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let page = text(answer).await;
        assert!(page.contains("chassis_test_total 3"), "{page}");
    }
}

#[tokio::test]
async fn requests_are_measured_by_their_pattern() {
    let metrics = Metrics::install().unwrap();
    let router = Router::new().route("/measured/{token}", route_get(async || "in"));
    let router = with_layers(router, Limits::default());

    ask(&router, get("/measured/SECRET")).await;

    let page = text(ask(&metrics.router(), get("/metrics")).await).await;
    let count = r#"http_request_duration_seconds_count{method="GET",route="/measured/{token}",status="200"} 1"#;
    assert!(page.contains(count), "{page}");
    assert!(page.contains(r#"le="0.005""#), "{page}");
    assert!(!page.contains("SECRET"), "{page}");
}
