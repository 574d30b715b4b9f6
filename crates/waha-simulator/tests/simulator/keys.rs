//! The key check and the manners of every route (recordings A of 2026.4.1).

use bytes::Bytes;
use http::{Request, StatusCode};
use rstest::rstest;
use serde_json::json;
use waha_simulator::{Misbehaviour, Profile};

use crate::scene::{Answer, KEY, Scene};

const P2026: Profile = Profile::Waha2026_4_1NoWeb;

async fn ask(scene: &Scene, method: &str, path: &str, key: Option<&str>, body: &str) -> Answer {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", "application/json");
    if let Some(key) = key {
        request = request.header("X-Api-Key", key);
    }
    let request = request
        .body(Bytes::from(body.to_owned()))
        .expect("a request");
    scene.raw(request).await.expect("an answer")
}

#[rstest]
#[case("GET", "/api/sessions")]
#[case("GET", "/health")]
#[case("GET", "/api/nope")]
#[case("DELETE", "/api/sendText")]
#[tokio::test(start_paused = true)]
async fn without_the_right_key_everything_is_401(#[case] method: &str, #[case] path: &str) {
    let scene = Scene::of(P2026);
    for key in [None, Some("wrong"), Some(""), Some("GROOM-KEY-0123456789")] {
        let answer = ask(&scene, method, path, key, "").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(
            answer.body,
            json!({"message": "Unauthorized", "statusCode": 401})
        );
    }
    assert_ne!(ask(&scene, method, path, Some(KEY), "").await.status, 401);
}

#[tokio::test(start_paused = true)]
async fn ping_is_open_and_bad_json_comes_before_the_key() {
    let scene = Scene::of(P2026);
    let ping = ask(&scene, "GET", "/ping", None, "").await;
    assert_eq!(ping.body, json!({"message": "pong"}));
    let bad = ask(&scene, "POST", "/api/sendText", None, "{\"session\":").await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
    let recorded = json!({"message": "Unexpected end of JSON input", "error": "Bad Request", "statusCode": 400});
    assert_eq!(bad.body, recorded);
}

#[rstest]
#[case(P2026, 401)]
#[case(Profile::Waha2026_10Gows, 200)]
#[tokio::test(start_paused = true)]
async fn the_key_in_the_query_is_newer(#[case] profile: Profile, #[case] status: u16) {
    let scene = Scene::of(profile);
    let path = format!("/api/sessions?x-api-key={KEY}");
    assert_eq!(ask(&scene, "GET", &path, None, "").await.status, status);
}

#[tokio::test(start_paused = true)]
async fn unknown_routes_and_methods() {
    let scene = Scene::of(P2026);
    let unknown = scene.get("/api/nope").await;
    let recorded =
        json!({"message": "Cannot GET /api/nope", "error": "Not Found", "statusCode": 404});
    assert_eq!((unknown.status.as_u16(), unknown.body), (404, recorded));
    let put = scene.put("/api/sendText", json!({})).await;
    assert_eq!(put.body["message"], "Cannot PUT /api/sendText");
    let missing = scene.get("/api/default/new-message-id").await;
    assert_eq!(
        missing.body["message"],
        "Cannot GET /api/default/new-message-id"
    );
    let lock = scene.get("/api/sessions/default/timelock").await;
    assert_eq!(
        lock.body["message"],
        "Cannot GET /api/sessions/default/timelock"
    );
}

#[tokio::test(start_paused = true)]
async fn a_preflight_needs_no_key() {
    let scene = Scene::of(P2026);
    let request = Request::builder()
        .method("OPTIONS")
        .uri("/api/sendText")
        .header("Access-Control-Request-Headers", "x-api-key,content-type")
        .body(Bytes::new())
        .expect("a request");
    let answer = scene.raw(request).await.expect("an answer");
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(
        answer.headers["access-control-allow-headers"],
        "x-api-key,content-type"
    );
}

#[tokio::test(start_paused = true)]
async fn the_server_tells_its_version_and_its_secrets() {
    let scene = Scene::of(P2026);
    let version = scene.get("/api/server/version").await;
    let recorded = json!({"version":"2026.4.1","engine":"NOWEB","tier":"CORE","browser":null,"platform":"linux/x64","worker":{"id":null}});
    assert_eq!(version.body, recorded);
    let variables = scene.get("/api/server/environment").await;
    assert_eq!(variables.body["WAHA_API_KEY"], KEY);
    let health = scene.get("/health").await;
    assert_eq!(
        health.body["message"],
        "The feature is available only in Plus version for 'NOWEB' engine. Check this out: https://waha.devlike.pro/"
    );
    assert_eq!(
        Scene::of(Profile::Waha2026_10Gows)
            .get("/health")
            .await
            .status,
        200
    );
}

#[tokio::test(start_paused = true)]
async fn a_key_can_become_wrong() {
    let scene = Scene::of(P2026);
    scene.sim.misbehave(Misbehaviour::WrongKey.always());
    assert_eq!(scene.get("/api/sessions").await.status, 401);
    scene.sim.behave();
    assert_eq!(scene.get("/api/sessions").await.status, 200);
}
