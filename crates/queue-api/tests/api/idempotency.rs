//! `Idempotency-Key`.

use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};

use crate::world::{On, World, to_anna};

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn the_same_request_queues_once(#[case] on: On) {
    let world = World::on(on).await;
    let key = [("idempotency-key", "order-66")];

    let first = world
        .ask_with(&key, "POST", "/messages", to_anna("Ciao!"))
        .await;
    let spaced = format!("  {}", to_anna("Ciao!"));
    let again = world
        .ask_with(
            &key,
            "POST",
            "/messages",
            serde_json::from_str(&spaced).unwrap(),
        )
        .await;

    assert_eq!(
        (first.status, again.status),
        (StatusCode::CREATED, StatusCode::OK)
    );
    assert!(!first.headers.contains_key("idempotency-replayed"));
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(first.body, again.body);
    assert_eq!(again.headers["location"], first.headers["location"]);
    assert_eq!(world.count("whatsapp_message_queue").await, 1);
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn another_body_or_operation_is_refused(#[case] on: On) {
    let world = World::on(on).await;
    let key = [("idempotency-key", "order-66")];
    world
        .ask_with(&key, "POST", "/messages", to_anna("Ciao!"))
        .await;

    let other = world
        .ask_with(&key, "POST", "/messages", to_anna("Salve!"))
        .await;
    let batch = json!({ "messages": [to_anna("Ciao!")] });
    let elsewhere = world.ask_with(&key, "POST", "/messages/batch", batch).await;

    for answer in [other, elsewhere] {
        assert_eq!(
            (answer.status, answer.code()),
            (StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused")
        );
    }
    assert_eq!(world.count("whatsapp_message_queue").await, 1);
}

#[tokio::test(start_paused = true)]
async fn a_batch_is_repeated_as_a_whole() {
    let world = World::sqlite().await;
    let key = [("idempotency-key", "batch")];
    let batch = json!({ "messages": [to_anna("one"), to_anna("two")] });

    let first = world
        .ask_with(&key, "POST", "/messages/batch", batch.clone())
        .await;
    let again = world.ask_with(&key, "POST", "/messages/batch", batch).await;

    assert_eq!(
        (first.status, again.status),
        (StatusCode::CREATED, StatusCode::OK)
    );
    assert_eq!(first.body, again.body);
    assert_eq!(world.count("whatsapp_message_queue").await, 2);
}

#[tokio::test(start_paused = true)]
async fn two_tokens_may_choose_the_same_key() {
    let world = World::sqlite().await;
    let key = [("idempotency-key", "order-66")];
    let other = world.token("enqueue").await;

    let mine = world
        .ask_with(&key, "POST", "/messages", to_anna("Ciao!"))
        .await;
    let theirs = world
        .ask_as(&other, "POST", "/messages", &key, to_anna("Ciao!"))
        .await;

    assert_eq!(
        (mine.status, theirs.status),
        (StatusCode::CREATED, StatusCode::CREATED)
    );
    assert_ne!(mine.id(), theirs.id());
}

#[rstest]
#[case("", false)]
#[case("with space", false)]
#[case("è", false)]
#[case(&"k".repeat(256), false)]
#[case(&"k".repeat(255), true)]
#[case("!~", true)]
#[tokio::test(start_paused = true)]
async fn a_key_is_visible_ascii(#[case] key: &str, #[case] accepted: bool) {
    let world = World::sqlite().await;

    let answer = world
        .ask_with(
            &[("idempotency-key", key)],
            "POST",
            "/messages",
            to_anna("Ciao!"),
        )
        .await;

    if accepted {
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    } else {
        assert_eq!(
            (answer.status, answer.code()),
            (StatusCode::BAD_REQUEST, "invalid_idempotency_key")
        );
        world.assert_nothing_stored().await;
    }
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn the_same_request_at_the_same_time_queues_once(#[case] on: On) {
    let world = World::on(on).await;
    let key = [("idempotency-key", "twice")];
    let ask = || world.ask_with(&key, "POST", "/messages", to_anna("Ciao!"));

    let (one, two, three) = tokio::join!(ask(), ask(), ask());

    let mut statuses = [one.status, two.status, three.status];
    statuses.sort_unstable();
    assert_eq!(
        statuses,
        [StatusCode::OK, StatusCode::OK, StatusCode::CREATED]
    );
    assert_eq!(world.count("whatsapp_message_queue").await, 1);
}

#[rstest]
#[case::guest(On::Sqlite, "/guests", json!({ "name": "Anna", "phone": "+39 347 000 0001" }), json!({ "name": "Ada" }))]
#[case::guest_on_postgres(On::Postgres, "/guests", json!({ "name": "Anna" }), json!({ "name": "Ada" }))]
#[case::broadcast(On::Sqlite, "/broadcasts", json!({ "title": "One", "template": "Ciao", "session": "groom" }), json!({ "title": "Two", "template": "Ciao", "session": "groom" }))]
#[case::broadcast_on_postgres(On::Postgres, "/broadcasts", json!({ "title": "One", "template": "Ciao", "session": "groom" }), json!({ "title": "Two", "template": "Ciao", "session": "groom" }))]
#[case::household(On::Sqlite, "/households", json!({ "name": "Rossi" }), json!({ "name": "Bianchi" }))]
#[case::household_on_postgres(On::Postgres, "/households", json!({ "name": "Rossi" }), json!({ "name": "Bianchi" }))]
#[tokio::test(start_paused = true)]
async fn whatever_is_added_is_added_once_and_by_somebody(
    #[case] on: On,
    #[case] path: &str,
    #[case] body: Value,
    #[case] other: Value,
) {
    let world = World::on(on).await;
    let key = [("idempotency-key", "once")];
    let ask = |body: &Value| world.ask_with(&key, "POST", path, body.clone());

    let first = ask(&body).await;
    let again = ask(&body).await;
    let reused = ask(&other).await;

    assert_eq!(
        (first.status, again.status),
        (StatusCode::CREATED, StatusCode::OK),
        "{}",
        again.body
    );
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(first.body, again.body);
    assert_eq!(again.headers["location"], first.headers["location"]);
    assert_eq!(
        (reused.status, reused.code()),
        (StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused")
    );
    let table = path.trim_matches(['/', 's']);
    let action = match table {
        "broadcast" => "broadcast.create".to_owned(),
        other => format!("{other}.add"),
    };
    assert_eq!(world.count(table).await, 1);
    let audit = world.get("/audit").await.body;
    let added = audit["items"].as_array().unwrap().iter();
    let added: Vec<_> = added.filter(|line| line["action"] == action).collect();
    assert_eq!(added.len(), 1, "{audit}");
    assert_eq!(added[0]["subject"], first.body["id"]);
}

/// Every call that creates takes a key, but those that are meant to make a new one each time: a trial, another code of an
/// invitation, and a token, whose secret a repeated answer could not hold.
#[test]
fn whatever_creates_takes_a_key() {
    let document: Value = serde_json::from_str(&queue_api::document()).unwrap();
    let mut without = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        let post = &operations["post"];
        let creates = post["responses"]["201"].is_object();
        let parameters = post["parameters"].as_array().cloned().unwrap_or_default();
        let takes = parameters.iter().any(|p| p["name"] == "Idempotency-Key");
        if creates && !takes {
            without.push(path.as_str());
        }
    }
    without.sort_unstable();
    assert_eq!(
        without,
        [
            "/api/v1/broadcasts/{id}/try",
            "/api/v1/households/{id}/invitation",
            "/api/v1/tokens"
        ]
    );
}

/// The world's own check finds that the description says so.
#[rstest]
#[case::guest("/guests", json!({ "name": "Anna" }))]
#[case::household("/households", json!({ "name": "Famiglia Rossi" }))]
#[case::broadcast("/broadcasts", json!({ "title": "x", "template": "x", "session": "groom" }))]
#[tokio::test(start_paused = true)]
async fn what_an_earlier_request_made_may_be_deleted_since(
    #[case] path: &str,
    #[case] body: Value,
) {
    let world = World::sqlite().await;
    let key = [("idempotency-key", "order-67")];
    let made = world.ask_with(&key, "POST", path, body.clone()).await;
    let id = made.body["id"].as_str().unwrap();
    let deleted = world
        .ask("DELETE", &format!("{path}/{id}"), Value::Null)
        .await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);

    let again = world.ask_with(&key, "POST", path, body).await;

    assert_eq!(
        (again.status, again.code()),
        (StatusCode::NOT_FOUND, "not_found")
    );
}
