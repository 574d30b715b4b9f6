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

#[rstest]
#[case("read", &[true, false, false])]
#[case("enqueue", &[false, true, false])]
#[case("operate", &[false, false, true])]
#[tokio::test(start_paused = true)]
async fn nobody_hands_out_more_than_they_hold(#[case] asked: &str, #[case] held_by: &[bool]) {
    let world = World::sqlite().await;
    let holders = ["read", "enqueue", "operate"];
    for (holder, holds) in holders.into_iter().zip(held_by) {
        let scopes = if holder == "operate" {
            holder.to_owned()
        } else {
            format!("{holder},operate")
        };
        let secret = world.token(&scopes).await;
        let body = json!({ "name": "x", "scopes": [asked] });
        let before = world.count("api_token").await;

        let answer = world.ask_as(&secret, "POST", "/tokens", &[], body).await;

        let made = *holds || asked == "operate";
        if made {
            assert_eq!(answer.status, StatusCode::CREATED, "{holder}");
        } else {
            assert_eq!(
                (answer.status, answer.code()),
                (StatusCode::FORBIDDEN, "missing_scope"),
                "{holder}: {}",
                answer.body
            );
            assert_eq!(world.count("api_token").await, before);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_ends_with_the_one_that_made_it() {
    let world = World::sqlite().await;
    let parent = world
        .post(
            "/tokens",
            json!({ "name": "one", "scopes": ["read", "operate"] }),
        )
        .await
        .body;
    let secret = parent["token"].as_str().unwrap().to_owned();
    let body = json!({ "name": "two", "scopes": ["read"] });
    let child = world
        .ask_as(&secret, "POST", "/tokens", &[], body)
        .await
        .body;
    let child = child["token"].as_str().unwrap().to_owned();
    let ask = async || {
        world
            .ask_as(&child, "GET", "/messages", &[], Value::Null)
            .await
    };
    assert_eq!(ask().await.status, StatusCode::OK);

    let path = format!("/tokens/{}", parent["id"].as_str().unwrap());
    world.ask("DELETE", &path, Value::Null).await;

    assert_eq!(ask().await.status, StatusCode::UNAUTHORIZED);
}

/// When a token was last used only informs.
#[tokio::test(start_paused = true)]
async fn a_read_is_answered_when_its_use_cannot_be_written() {
    let world = World::sqlite().await;
    let secret = world.token("read").await;
    let refuse =
        "CREATE TRIGGER no_use BEFORE UPDATE ON api_token BEGIN SELECT RAISE(ABORT, 'no'); END";
    world.database.execute(refuse).await.unwrap();

    let answer = world
        .ask_as(&secret, "GET", "/messages", &[], Value::Null)
        .await;

    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}

#[tokio::test(start_paused = true)]
async fn answers_are_for_the_caller_alone() {
    let world = World::sqlite().await;
    let refused = world
        .ask_as("wq_nothing", "GET", "/messages", &[], Value::Null)
        .await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    for answer in [
        world.get("/messages").await,
        world.get("/nothing").await,
        refused,
    ] {
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    }
}

/// Reasons tell of guests, as messages do.
#[tokio::test(start_paused = true)]
async fn the_reasons_in_the_audit_log_need_the_scope_to_read() {
    let world = World::sqlite().await;
    let guest = json!({ "name": "Anna", "phone": "+393470000001", "side": "groom" });
    let id = world.post("/guests", guest).await.body["id"].clone();
    let path = format!("/guests/{}/erase", id.as_str().unwrap());
    world
        .post(&path, json!({ "reason": "asked at the dinner" }))
        .await;

    for (scopes, shown) in [
        ("operate", json!(null)),
        ("read,operate", json!("asked at the dinner")),
    ] {
        let secret = world.token(scopes).await;
        let answer = world
            .ask_as(&secret, "GET", "/audit", &[], json!(null))
            .await;
        let items = answer.body["items"].as_array().unwrap();
        let erased = items.iter().find(|item| item["action"] == "guest.erase");
        assert_eq!(erased.unwrap()["detail"], shown, "{scopes}");
    }
}

#[rstest]
#[case("operate", "send-now")]
#[case("enqueue", "cancel")]
#[tokio::test(start_paused = true)]
async fn who_changes_a_message_does_not_read_it(#[case] scope: &str, #[case] change: &str) {
    let world = World::sqlite().await;
    let id = world.ready_message().await;
    let secret = world.token(scope).await;

    let path = format!("/messages/{id}/{change}");
    let answer = world.ask_as(&secret, "POST", &path, &[], Value::Null).await;

    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let shown = ["text", "to", "guests"].map(|field| answer.body[field].clone());
    assert_eq!(shown, [Value::Null, Value::Null, json!([])]);
    let whole = world.get(&format!("/messages/{id}")).await.body;
    assert!(whole["text"].is_string() && whole["to"].is_string());
    let writer = world.token("enqueue").await;
    let body = crate::world::to_anna("Ciao!");
    let queued = world.ask_as(&writer, "POST", "/messages", &[], body).await;
    assert_eq!(queued.status, StatusCode::CREATED, "{}", queued.body);
    let shown = ["text", "to", "guests"].map(|field| queued.body[field].clone());
    assert_eq!(shown, [Value::Null, Value::Null, json!([])]);
}
