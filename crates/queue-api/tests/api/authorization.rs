//! Who may do what: every operation of the document, with no token, a wrong one, and one that lacks the scope.

use axum::body::Body;
use http::{Request, StatusCode};
use rstest::rstest;
use serde_json::Value;

use crate::world::World;

/// Every operation: method, path with its parameters filled in, scope.
fn operations() -> Vec<(String, String, String)> {
    let document: Value = serde_json::from_str(&queue_api::document()).unwrap();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let scope = operation["security"][0]["token"][0].as_str();
            let scope = scope.unwrap_or_else(|| panic!("{method} {path} names no scope"));
            let path = path
                .replace("{id}", "0190b5c8-0000-7000-8000-000000000000")
                .replace("{name}", "groom");
            found.push((method.to_uppercase(), path, scope.to_owned()));
        }
    }
    assert!(found.len() > 25, "only {} operations", found.len());
    found
}

fn request(method: &str, path: &str, authorization: Option<&str>) -> Request<Body> {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", "application/json");
    if let Some(value) = authorization {
        request = request.header("authorization", value);
    }
    request.body(Body::from("{}")).unwrap()
}

#[tokio::test(start_paused = true)]
async fn without_a_good_token_nothing_but_401() {
    let world = World::sqlite().await;
    let good = world.token("read,enqueue,operate").await;
    let nearly = format!("Bearer {}", &good[..good.len() - 1]);
    let other = "Bearer wq_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let wrong = [
        None,
        Some("Bearer "),
        Some(nearly.as_str()),
        Some(other),
        Some("Basic d3E6d3E="),
    ];
    let nowhere = [
        (
            "GET".to_owned(),
            "/api/v1/nowhere".to_owned(),
            String::new(),
        ),
        ("GET".to_owned(), "/api/".to_owned(), String::new()),
    ];

    for (method, path, _) in operations().into_iter().chain(nowhere) {
        for authorization in wrong {
            let answer = world.send(request(&method, &path, authorization)).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}");
            assert_eq!(answer.code(), "unauthorized");
            assert_eq!(answer.headers["www-authenticate"], "Bearer");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_stranger_learns_nothing_from_a_long_body() {
    let world = World::sqlite().await;
    let request = Request::post("/api/v1/messages")
        .header("content-type", "application/json")
        .header("content-length", 17 * 1024 * 1024)
        .body(Body::from(vec![b' '; 17 * 1024 * 1024]))
        .unwrap();

    let answer = world.send(request).await;

    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[rstest]
#[case("read")]
#[case("enqueue")]
#[case("operate")]
#[tokio::test(start_paused = true)]
async fn a_scope_opens_its_own_operations_and_no_others(#[case] scope: &str) {
    let world = World::sqlite().await;
    let authorization = format!("Bearer {}", world.token(scope).await);

    for (method, path, needed) in operations() {
        let answer = world
            .send(request(&method, &path, Some(&authorization)))
            .await;
        let refused = answer.status == StatusCode::FORBIDDEN && answer.code() == "missing_scope";
        assert_eq!(
            refused,
            needed != scope,
            "{method} {path}: {} {}",
            answer.status,
            answer.body
        );
        assert_ne!(answer.status, StatusCode::UNAUTHORIZED);
        if refused {
            assert_eq!(answer.body["scope"], needed.as_str());
        }
    }
}

#[rstest]
#[case("/healthz")]
#[case("/readyz")]
#[tokio::test(start_paused = true)]
async fn health_needs_no_token(#[case] path: &str) {
    let world = World::sqlite().await;

    let answer = world
        .send(Request::get(path).body(Body::empty()).unwrap())
        .await;

    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.body["status"], "ok");
}

#[tokio::test(start_paused = true)]
async fn send_now_needs_operate_when_queuing_too() {
    let world = World::sqlite().await;
    let token = world.token("read,enqueue").await;
    let mut body = crate::world::to_anna("now!");
    body["send_now"] = true.into();

    let one = world
        .ask_as(&token, "POST", "/messages", &[], body.clone())
        .await;
    let many = serde_json::json!({ "messages": [body] });
    let batch = world
        .ask_as(&token, "POST", "/messages/batch", &[], many)
        .await;

    assert_eq!(
        (one.status, one.code()),
        (StatusCode::FORBIDDEN, "missing_scope")
    );
    assert_eq!(
        (batch.status, batch.code()),
        (StatusCode::FORBIDDEN, "missing_scope")
    );
    world.assert_nothing_stored().await;
}
