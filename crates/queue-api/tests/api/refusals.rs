//! What cannot be is refused with a 4xx problem whose code is stable and whose sentence says what to do, and nothing is
//! stored.

use axum::body::Body;
use http::{Request, StatusCode};
use rstest::rstest;
use serde_json::{Value, json};

use crate::world::{Answer, On, World, to_anna};

pub(crate) fn changed(field: &str, value: Value) -> Value {
    let mut body = to_anna("Ciao!");
    body[field] = value;
    body
}

fn without(field: &str) -> Value {
    let mut body = to_anna("Ciao!");
    body.as_object_mut().unwrap().remove(field);
    body
}

pub(crate) fn assert_problem(answer: &Answer, status: StatusCode, code: &str) {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(answer.code(), code, "{}", answer.body);
    assert_eq!(answer.headers["content-type"], "application/problem+json");
    let detail = answer.body["detail"].as_str().unwrap();
    assert!(
        detail.split_whitespace().count() >= 4,
        "not a sentence: {detail}"
    );
}

#[rstest]
#[case::unknown_field(changed("texte", json!("x")), "invalid_body", "")]
#[case::wrong_type(changed("text", json!(5)), "invalid_body", "text")]
#[case::wrong_type_of_flag(changed("drop_if_answered", json!("yes")), "invalid_body", "drop_if_answered")]
#[case::missing_text(without("text"), "invalid_body", "")]
#[case::no_recipient(without("to"), "invalid_message", "to")]
#[case::two_recipients(changed("contact", json!("0190b5c8-0000-7000-8000-000000000000")), "invalid_message", "to")]
#[case::bad_phone(changed("to", json!("not a number")), "invalid_message", "to")]
#[case::impossible_phone(changed("to", json!("+39 347 12")), "invalid_message", "to")]
#[case::bad_contact(changed_contact("x"), "invalid_message", "contact")]
#[case::unknown_contact(
    changed_contact("0190b5c8-0000-7000-8000-000000000000"),
    "invalid_message",
    "contact"
)]
#[case::empty_text(changed("text", json!(" \n")), "invalid_message", "text")]
#[case::long_text(changed("text", json!("a".repeat(65_537))), "invalid_message", "text")]
#[case::nul_in_text(changed("text", json!("a\0b")), "invalid_message", "text")]
#[case::unknown_session(changed("session", json!("priest")), "invalid_message", "session")]
#[case::bad_session(changed("session", json!("Groom!")), "invalid_message", "session")]
#[case::unknown_lane(changed("lane", json!("fast")), "invalid_body", "lane")]
#[case::priority(changed("priority", json!(101)), "invalid_message", "priority")]
#[case::bad_time(changed("not_before", json!("tomorrow")), "invalid_message", "not_before")]
#[case::other_century(changed("not_before", json!("0000-01-01T00:00:00+01:00")), "invalid_message", "not_before")]
#[case::no_offset(changed("not_before", json!("2026-06-02T10:00:00")), "invalid_message", "not_before")]
#[case::times_reversed(times_reversed(), "invalid_message", "not_after")]
#[case::broadcast_alone(changed("lane", json!("broadcast")), "invalid_message", "broadcast")]
#[case::broadcast_lane(changed("broadcast", json!("0190b5c8-0000-7000-8000-000000000000")), "invalid_message", "broadcast")]
#[tokio::test(start_paused = true)]
async fn a_message_that_cannot_be(#[case] body: Value, #[case] code: &str, #[case] field: &str) {
    let world = World::sqlite().await;

    let answer = world.post("/messages", body).await;

    assert_problem(&answer, StatusCode::UNPROCESSABLE_ENTITY, code);
    if !field.is_empty() {
        assert_eq!(answer.body["errors"][0]["field"], field, "{}", answer.body);
    }
    world.assert_nothing_stored().await;
}

fn changed_contact(id: &str) -> Value {
    let mut body = without("to");
    body["contact"] = json!(id);
    body
}

fn times_reversed() -> Value {
    let mut body = changed("not_before", json!("2026-06-03T10:00:00Z"));
    body["not_after"] = json!("2026-06-02T10:00:00Z");
    body
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_longest_text_and_nothing_longer(#[case] on: On) {
    let world = World::on(on).await;

    let fits = world.post("/messages", to_anna(&"è".repeat(65_536))).await;
    let too_long = world.post("/messages", to_anna(&"è".repeat(65_537))).await;

    assert_eq!(fits.status, StatusCode::CREATED, "{}", fits.body);
    assert_problem(
        &too_long,
        StatusCode::UNPROCESSABLE_ENTITY,
        "invalid_message",
    );
    assert_eq!(world.count("whatsapp_message_queue").await, 1);
}

#[tokio::test(start_paused = true)]
async fn broken_json() {
    let world = World::sqlite().await;

    let answer = world
        .post_raw("/messages", r#"{"session":"groom","to":"+39 347"#)
        .await;

    assert_problem(&answer, StatusCode::BAD_REQUEST, "invalid_json");
    world.assert_nothing_stored().await;
}

#[rstest]
#[case("/messages")]
#[case("/messages/batch")]
#[tokio::test(start_paused = true)]
async fn a_body_of_17_mib(#[case] path: &str) {
    let world = World::sqlite().await;
    let body = to_anna(&"a".repeat(17 * 1024 * 1024)).to_string();

    let announced = world.post_raw(path, body.clone()).await;
    let pieces = body
        .into_bytes()
        .chunks(65_536)
        .map(|piece| Ok::<_, std::io::Error>(piece.to_vec()))
        .collect::<Vec<_>>();
    let streamed = world
        .post_raw(path, Body::from_stream(futures_util::stream::iter(pieces)))
        .await;

    assert_problem(&announced, StatusCode::PAYLOAD_TOO_LARGE, "body_too_large");
    assert_problem(&streamed, StatusCode::PAYLOAD_TOO_LARGE, "body_too_large");
    world.assert_nothing_stored().await;
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_not_json() {
    let world = World::sqlite().await;
    let token = world.token("enqueue").await;
    let request = Request::post("/api/v1/messages")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "text/plain");

    let answer = world
        .send(request.body(Body::from(to_anna("x").to_string())).unwrap())
        .await;

    assert_problem(
        &answer,
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "unsupported_media_type",
    );
    world.assert_nothing_stored().await;
}

#[rstest]
#[case("DELETE", "/messages")]
#[case("PUT", "/messages/0190b5c8-0000-7000-8000-000000000000")]
#[case("GET", "/sessions/groom/pause")]
#[case("GET", "/guests/import")]
#[case("PUT", "/households")]
#[tokio::test(start_paused = true)]
async fn a_wrong_method(#[case] method: &str, #[case] path: &str) {
    let world = World::sqlite().await;

    let answer = world.ask(method, path, Value::Null).await;

    assert_problem(
        &answer,
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
    );
    assert!(answer.headers.contains_key("allow"));
    world.assert_nothing_stored().await;
}

#[rstest]
#[case("/messages?cursor=nonsense", "invalid_cursor")]
#[case("/guests?cursor=%00", "invalid_cursor")]
#[case("/guests?search=%00", "invalid_query")]
#[case("/guests?household=x", "invalid_query")]
#[case("/messages?text=a%00b", "invalid_query")]
#[case("/households?search=%00", "invalid_query")]
#[case("/households?cursor=nonsense", "invalid_cursor")]
#[case("/households?limit=0", "invalid_query")]
#[case("/households/rossi", "invalid_path")]
#[case("/audit?cursor=AAAA", "invalid_cursor")]
#[case("/messages?limit=0", "invalid_query")]
#[case("/messages?limit=201", "invalid_query")]
#[case("/messages?limit=many", "invalid_query")]
#[case("/messages?status=gone", "invalid_query")]
#[case("/messages?session=Groom", "invalid_query")]
#[case("/messages?contact=anna", "invalid_query")]
#[case("/messages?colour=red", "invalid_query")]
#[case("/messages/anna", "invalid_path")]
#[case(&format!("/messages?text={}", "a".repeat(201)), "invalid_query")]
#[case(&format!("/guests?search={}", "a".repeat(201)), "invalid_query")]
#[case(&format!("/households?search={}", "a".repeat(201)), "invalid_query")]
#[tokio::test(start_paused = true)]
async fn an_address_that_cannot_be(#[case] path: &str, #[case] code: &str) {
    let world = World::sqlite().await;

    let answer = world.get(path).await;

    assert_problem(&answer, StatusCode::BAD_REQUEST, code);
}

#[rstest]
#[case("/messages/0190b5c8-0000-7000-8000-000000000000", "not_found")]
#[case("/guests/0190b5c8-0000-7000-8000-000000000000", "not_found")]
#[case("/contacts/0190b5c8-0000-7000-8000-000000000000", "not_found")]
#[case("/households/0190b5c8-0000-7000-8000-000000000000", "not_found")]
#[case("/sessions/priest", "unknown_session")]
#[case("/nowhere", "not_found")]
#[tokio::test(start_paused = true)]
async fn something_that_is_not_there(#[case] path: &str, #[case] code: &str) {
    let world = World::sqlite().await;

    let answer = world.get(path).await;

    assert_problem(&answer, StatusCode::NOT_FOUND, code);
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_batch_with_mistakes_names_them_all_and_stores_nothing(#[case] on: On) {
    let world = World::on(on).await;
    let batch = json!({ "messages": [
        to_anna("fine"),
        changed("text", json!("")),
        to_anna("fine too"),
        { "session": "priest", "to": "nobody", "text": "x" },
    ]});

    let answer = world.post("/messages/batch", batch).await;

    assert_problem(&answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid_message");
    let fields: Vec<_> = answer.body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["field"].clone())
        .collect();
    assert_eq!(
        fields,
        ["messages[1].text", "messages[3].session", "messages[3].to"]
    );
    world.assert_nothing_stored().await;
}

#[rstest]
#[case(0)]
#[case(10_001)]
#[tokio::test(start_paused = true)]
async fn a_batch_of_the_wrong_size(#[case] size: usize) {
    let world = World::sqlite().await;
    let messages = vec![to_anna("x"); size];

    let answer = world
        .post("/messages/batch", json!({ "messages": messages }))
        .await;

    assert_problem(
        &answer,
        StatusCode::UNPROCESSABLE_ENTITY,
        "invalid_batch_size",
    );
    world.assert_nothing_stored().await;
}

#[tokio::test(start_paused = true)]
async fn a_wrong_type_inside_a_batch_is_named() {
    let world = World::sqlite().await;
    let batch = json!({ "messages": [to_anna("fine"), changed("priority", json!("high"))] });

    let answer = world.post("/messages/batch", batch).await;

    assert_problem(&answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid_body");
    assert_eq!(answer.body["errors"][0]["field"], "messages[1].priority");
    world.assert_nothing_stored().await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_to_a_message_that_nobody_wrote() {
    let world = World::sqlite().await;
    let body = changed("reply_to", json!("0190b5c8-0000-7000-8000-000000000000"));

    let answer = world.post("/messages", body).await;

    assert_problem(&answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid_message");
    assert_eq!(answer.body["errors"][0]["field"], "reply_to");
    world.assert_nothing_stored().await;
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_batch_to_somebody_who_is_not_there(#[case] on: On) {
    let world = World::on(on).await;
    let nobody = changed_contact("0190b5c8-0000-7000-8000-000000000000");
    let batch = json!({ "messages": [to_anna("fine"), nobody] });

    let answer = world.post("/messages/batch", batch).await;

    assert_problem(&answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid_message");
    assert_eq!(answer.body["errors"][0]["field"], "messages[1].contact");
    world.assert_nothing_stored().await;
}
