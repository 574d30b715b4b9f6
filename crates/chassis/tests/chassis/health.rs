use std::future::pending;

use chassis::health::Health;
use http::StatusCode;
use serde_json::json;

use crate::{ask, get, json as read};

#[tokio::test]
async fn alive_whatever_the_checks_say() {
    let router = Health::new()
        .check("database", || async { Err("away") })
        .router();

    let answer = ask(&router, get("/healthz")).await;

    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(read(answer).await, json!({ "status": "ok" }));
}

#[tokio::test]
async fn ready_when_every_check_is() {
    let router = Health::new()
        .check("database", || async { Ok::<_, String>(()) })
        .check("integration", || async { Ok::<_, String>(()) })
        .router();

    let answer = ask(&router, get("/readyz")).await;

    assert_eq!(answer.status(), StatusCode::OK);
    let checks = json!({ "database": "ok", "integration": "ok" });
    assert_eq!(
        read(answer).await,
        json!({ "status": "ok", "checks": checks })
    );
}

#[tokio::test(start_paused = true)]
async fn not_ready_with_the_reasons() {
    let router = Health::new()
        .check("database", || async { Ok::<_, String>(()) })
        .check("integration", || async { Err("connection refused") })
        .check("waha-groom", pending::<Result<(), String>>)
        .router();

    let answer = ask(&router, get("/readyz")).await;

    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    let checks = json!({
        "database": "ok",
        "integration": "connection refused",
        "waha-groom": "no answer in time",
    });
    assert_eq!(
        read(answer).await,
        json!({ "status": "not_ready", "checks": checks })
    );
}
