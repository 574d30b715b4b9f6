//! The guest list, and contacts.

use domain::outcome::SendAnswer;
use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};

use crate::refusals::assert_problem;
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
    for search in ["MARC", "rossi"] {
        let found = world.get(&format!("/guests?search={search}")).await.body;
        assert_eq!(found["items"], json!([marco.body]));
    }
    assert_eq!(marco.body["household"], "Rossi");
    assert_eq!(anna["household"], Value::Null, "{anna}");
    assert_ne!(marco.body["household_id"], anna["household_id"]);
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
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_guest_is_changed_field_by_field(#[case] on: On) {
    let world = World::on(on).await;
    let anna = world.anna_is_a_guest().await;
    let path = format!("/guests/{}", anna["id"].as_str().unwrap());
    let change = |body: Value| world.ask("PATCH", &path, body);

    let filled = json!({ "name": " Anna Bassi ", "side": "bride", "language": "en", "household": " Villa " });
    let filled = change(filled).await;
    assert_eq!(filled.status, StatusCode::OK, "{}", filled.body);
    assert_eq!(filled.body["name"], "Anna Bassi");
    assert_eq!(filled.body["household"], "Villa");
    assert_eq!(filled.body["phone"], ANNA, "what is left out stays");
    let moved = change(json!({ "phone": "348 000 0002" })).await.body;
    assert_eq!(moved["phone"], "+39 348 000 0002", "shown internationally");
    assert_ne!(moved["contact"], anna["contact"]);
    assert_eq!(
        (&moved["side"], &moved["language"]),
        (&json!("bride"), &json!("en"))
    );
    let nothing = json!({ "phone": null, "side": null, "language": null, "household": null });
    let emptied = change(nothing).await.body;
    for field in ["phone", "contact", "side", "language", "household"] {
        assert_eq!(emptied[field], Value::Null, "{field}");
    }
    assert_eq!(world.get(&path).await.body, emptied);
    assert_eq!(
        world.count("household").await,
        1,
        "nobody is left in the villa"
    );
    // an empty field of a form is as good as null
    let same = change(json!({ "household": " " })).await.body;
    assert_eq!(same, emptied);

    let edits = "SELECT detail AS value FROM audit_log WHERE action = 'guest.edit' ORDER BY id";
    let edits: Vec<_> = world
        .database
        .texts(edits)
        .await
        .into_iter()
        .flatten()
        .collect();
    assert_eq!(
        edits,
        [
            "name, side, language, household",
            "phone",
            "phone, side, language, household"
        ]
    );
}

#[rstest]
#[case(json!({ "name": null }), "invalid_guest", "name")]
#[case(json!({ "name": " " }), "invalid_guest", "name")]
#[case(json!({ "name": "a".repeat(201) }), "invalid_guest", "name")]
#[case(json!({ "name": "a\0b" }), "invalid_guest", "name")]
#[case(json!({ "phone": "12" }), "invalid_guest", "phone")]
#[case(json!({ "phone": "" }), "invalid_guest", "phone")]
#[case(json!({ "side": "priest" }), "invalid_guest", "side")]
#[case(json!({ "household": "a".repeat(201) }), "invalid_guest", "household")]
#[case(json!({ "language": "fr" }), "invalid_body", "language")]
#[case(json!({ "phone": 39 }), "invalid_body", "phone")]
#[case(json!({ "contact": null }), "invalid_body", "")]
#[tokio::test(start_paused = true)]
async fn a_change_that_cannot_be(#[case] body: Value, #[case] code: &str, #[case] field: &str) {
    let world = World::sqlite().await;
    let anna = world.anna_is_a_guest().await;
    let path = format!("/guests/{}", anna["id"].as_str().unwrap());

    let refused = world.ask("PATCH", &path, body).await;

    assert_problem(&refused, StatusCode::UNPROCESSABLE_ENTITY, code);
    if !field.is_empty() {
        assert_eq!(refused.body["errors"][0]["field"], field);
    }
    assert_eq!(world.get(&path).await.body, anna);
    assert_eq!(
        world.count("audit_log WHERE action = 'guest.edit'").await,
        0
    );
}

#[tokio::test(start_paused = true)]
async fn nobody_cannot_be_changed() {
    let world = World::sqlite().await;
    let path = "/guests/0190b5c8-0000-7000-8000-000000000000";
    let refused = world.ask("PATCH", path, json!({ "name": "Anna" })).await;
    assert_problem(&refused, StatusCode::NOT_FOUND, "not_found");
}

#[rstest]
#[case(json!({ "name": "" }), "invalid_guest", "name")]
#[case(json!({ "name": "a".repeat(201) }), "invalid_guest", "name")]
#[case(json!({ "name": "Anna", "phone": "12" }), "invalid_guest", "phone")]
#[case(json!({ "name": "Anna", "side": "priest" }), "invalid_guest", "side")]
#[case(json!({ "name": "Anna", "household": "a\0" }), "invalid_guest", "household")]
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
        assert_eq!(
            refused.body["errors"][0]["field"], field,
            "{}",
            refused.body
        );
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

#[tokio::test(start_paused = true)]
async fn a_guest_is_erased_for_a_reason() {
    let mut world = World::sqlite().await;
    let id = world.ready_message().await;
    let guests = world.get("/guests").await.body["items"].clone();
    let path = format!("/guests/{}/erase", guests[0]["id"].as_str().unwrap());
    let silent = world.post(&path, json!({ "reason": " " })).await;
    assert_problem(&silent, StatusCode::UNPROCESSABLE_ENTITY, "reason_missing");

    let work = world.worker_is_sending().await;
    let why = json!({ "reason": "They asked for it." });
    let early = world.post(&path, why.clone()).await;
    assert_problem(&early, StatusCode::CONFLICT, "message_under_way");
    assert!(
        early.body["detail"]
            .as_str()
            .unwrap()
            .contains(&id.to_string()),
        "{}",
        early.body
    );
    world.worker_finishes(&work, SendAnswer::NoLid).await;

    let erased = world.post(&path, why.clone()).await;
    assert_eq!(erased.status, StatusCode::NO_CONTENT);
    assert_eq!(world.count("guest").await, 0);
    let gone = world.post(&path, why).await;
    assert_problem(&gone, StatusCode::NOT_FOUND, "not_found");
}
