//! API tokens: shown once, kept hashed, revoked at once.

use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};

use crate::world::{On, World, groom};

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_token_is_made_used_and_revoked(#[case] on: On) {
    let world = World::on(on).await;

    let made = world
        .post(
            "/tokens",
            json!({ "name": "phone", "scopes": ["enqueue", "read", "read"] }),
        )
        .await;
    let secret = made.body["token"].as_str().unwrap().to_owned();
    let id = made.body["id"].as_str().unwrap().to_owned();
    let used = world
        .ask_as(&secret, "GET", "/messages", &[], Value::Null)
        .await;
    let listed = world.get("/tokens").await;
    let revoked = world
        .ask("DELETE", &format!("/tokens/{id}"), Value::Null)
        .await;
    let after = world
        .ask_as(&secret, "GET", "/messages", &[], Value::Null)
        .await;

    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    assert_eq!(made.headers["cache-control"], "no-store");
    assert_eq!(made.body["scopes"], json!(["read", "enqueue"]));
    assert!(
        secret.starts_with("wq_") && secret.len() == 46,
        "{}",
        secret.len()
    );
    assert_eq!(used.status, StatusCode::OK);
    let listed = listed.body["items"].as_array().unwrap().clone();
    let mine = listed
        .iter()
        .find(|token| token["id"] == id.as_str())
        .expect("it is listed");
    assert_eq!(mine["name"], "phone");
    assert_eq!(revoked.status, StatusCode::NO_CONTENT);
    assert_eq!(after.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        world
            .ask("DELETE", &format!("/tokens/{id}"), Value::Null)
            .await
            .status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test(start_paused = true)]
async fn the_secret_is_nowhere_but_in_the_answer() {
    let world = World::sqlite().await;

    let secret = world.token("read").await;
    let listed = world.get("/tokens").await.body.to_string();
    let audit = world.get("/audit").await.body.to_string();

    assert!(!listed.contains(&secret) && !audit.contains(&secret));
    let stored = world
        .database
        .texts("SELECT name || hash || scopes AS value FROM api_token")
        .await;
    assert!(!stored.is_empty() && stored.iter().flatten().all(|row| !row.contains(&secret)));
    let (one, two) = (world.token("read").await, world.token("read").await);
    assert_ne!(one, two);
}

#[rstest]
#[case(json!({ "name": "", "scopes": ["read"] }), "invalid_token")]
#[case(json!({ "name": "x", "scopes": [] }), "invalid_token")]
#[case(json!({ "name": "x", "scopes": ["admin"] }), "invalid_body")]
#[case(json!({ "name": "x" }), "invalid_body")]
#[tokio::test(start_paused = true)]
async fn a_token_that_cannot_be(#[case] body: Value, #[case] code: &str) {
    let world = World::sqlite().await;
    let before = world.count("api_token").await;

    let refused = world.post("/tokens", body).await;

    assert_eq!(
        (refused.status, refused.code()),
        (StatusCode::UNPROCESSABLE_ENTITY, code),
        "{}",
        refused.body
    );
    assert_eq!(world.count("api_token").await, before);
}

/// Only such a token is shown who wrote to that spouse; one spouse's makes none of the other's.
#[tokio::test(start_paused = true)]
async fn a_token_may_be_a_spouses() {
    let world = World::sqlite().await;
    let wanted =
        |session: Value| json!({ "name": "phone", "scopes": ["operate"], "session": session });

    let first = world.token_of(Some(&groom()), "operate").await;
    let body = wanted(json!("groom"));
    let grooms = world.ask_as(&first, "POST", "/tokens", &[], body).await;
    let secret = grooms.body["token"].as_str().unwrap().to_owned();
    let make = async |session| {
        let body = wanted(session);
        world.ask_as(&secret, "POST", "/tokens", &[], body).await
    };
    let (own, inherited, other) = (
        make(json!("groom")).await,
        make(Value::Null).await,
        make(json!("bride")).await,
    );
    let nobodys = world.post("/tokens", wanted(json!("priest"))).await;

    assert_eq!(grooms.body["session"], "groom", "{}", grooms.body);
    assert_eq!(own.body["session"], "groom");
    assert_eq!(inherited.body["session"], "groom");
    for refused in [other, nobodys] {
        assert_eq!(
            (refused.status, refused.code()),
            (StatusCode::UNPROCESSABLE_ENTITY, "invalid_token"),
            "{}",
            refused.body
        );
        assert_eq!(refused.body["errors"][0]["field"], "session");
    }
    let listed = world.get("/tokens").await.body;
    let sessions: Vec<_> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| &t["session"])
        .collect();
    assert_eq!(
        sessions.iter().filter(|s| **s == "groom").count(),
        4,
        "{listed}"
    );
}

/// Whoever runs the system without being a spouse does not come to what is a spouse's by way of a token.
#[tokio::test(start_paused = true)]
async fn nobodys_token_makes_no_spouses() {
    let world = World::sqlite().await;
    let before = world.count("api_token").await;

    let wanted = json!({ "name": "phone", "scopes": ["read"], "session": "groom" });
    let refused = world.post("/tokens", wanted).await;

    assert_eq!(
        (refused.status, refused.code()),
        (StatusCode::FORBIDDEN, "not_a_spouses_token"),
        "{}",
        refused.body
    );
    let detail = refused.body["detail"].as_str().unwrap();
    assert!(detail.contains("create-token --session groom"), "{detail}");
    assert_eq!(world.count("api_token").await, before);
}

#[rstest]
#[case("read", Ok(1))]
#[case("read,enqueue,operate", Ok(3))]
#[case(" read , read ", Ok(1))]
#[case("", Err(queue_api::BadScopes::None))]
#[case("admin", Err(queue_api::BadScopes::Unknown))]
fn scopes_of_the_command_line(
    #[case] text: &str,
    #[case] expected: Result<usize, queue_api::BadScopes>,
) {
    assert_eq!(
        queue_api::parse_scopes(text).map(|scopes| scopes.len()),
        expected
    );
}
