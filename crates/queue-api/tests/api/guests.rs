//! The guest list, and contacts.

use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};

use crate::world::{ANNA, On, World};

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn guests_come_and_go(#[case] on: On) {
    let world = World::on(on).await;
    let anna = world.anna_is_a_guest().await;
    let marco = json!({ "name": " Marco ", "phone": ANNA, "side": "bride", "language": "it", "household": "Rossi" });
    let marco = world.post("/guests", marco).await;
    let path = format!("/guests/{}", marco.body["id"].as_str().unwrap());

    assert_eq!(marco.headers["location"], format!("/api/v1{path}").as_str());
    assert_eq!(marco.body["name"], "Marco");
    assert_eq!(
        marco.body["contact"], anna["contact"],
        "a household may share a phone"
    );
    assert_eq!(world.get(&path).await.body, marco.body);
    let found = world.get("/guests?search=MARC").await.body;
    assert_eq!(found["items"], json!([marco.body]));
    let contact = world
        .get(&format!("/contacts/{}", anna["contact"].as_str().unwrap()))
        .await
        .body;
    assert_eq!(contact["phone"], ANNA);
    assert_eq!(contact["guests"].as_array().map(Vec::len), Some(2));

    assert_eq!(
        world.ask("DELETE", &path, Value::Null).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        world.ask("DELETE", &path, Value::Null).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        world.get("/guests").await.body["items"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
}

#[rstest]
#[case(json!({ "name": "" }), "invalid_guest", "name")]
#[case(json!({ "name": "a".repeat(201) }), "invalid_guest", "name")]
#[case(json!({ "name": "Anna", "phone": "12" }), "invalid_guest", "phone")]
#[case(json!({ "name": "Anna", "side": "priest" }), "invalid_guest", "side")]
#[case(json!({ "name": "Anna", "language": "fr" }), "invalid_body", "language")]
#[case(json!({ "name": "Anna", "email": "a@b.c" }), "invalid_body", "")]
#[case(json!({}), "invalid_body", "")]
#[tokio::test(start_paused = true)]
async fn a_guest_that_cannot_be(#[case] body: Value, #[case] code: &str, #[case] field: &str) {
    let world = World::sqlite().await;

    let refused = world.post("/guests", body).await;

    assert_eq!(
        (refused.status, refused.code()),
        (StatusCode::UNPROCESSABLE_ENTITY, code),
        "{}",
        refused.body
    );
    if !field.is_empty() {
        assert_eq!(refused.body["errors"][0]["field"], field);
    }
    world.assert_nothing_stored().await;
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_contact_shows_what_passed(#[case] on: On) {
    let world = World::on(on).await;
    world.groom_connects().await;
    let anna = world.anna_is_a_guest().await;
    world.anna_writes("IN1", "hello").await;

    let contact = world
        .get(&format!("/contacts/{}", anna["contact"].as_str().unwrap()))
        .await
        .body;

    assert_eq!(contact["sessions"][0]["session"], "groom", "{contact}");
    assert_eq!(contact["sessions"][0]["last_in_at"], "2026-06-01T10:00:00Z");
    assert_eq!(contact["sessions"][0]["unanswered"], 0);
}
