//! Requests that are refused for how they are written: a NUL, a precondition that is no `ETag`, an array for an object.

use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};

use crate::refusals::{assert_problem, changed};
use crate::world::{On, World};

/// PostgreSQL takes no NUL, so that one in a text would be an error of the server.
#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_text_with_a_nul_is_refused_at_every_address(#[case] on: On) {
    let world = World::on(on).await;
    let guest = world.anna_is_a_guest().await;
    let (contact, id) = (text(&guest["contact"]), text(&guest["id"]));
    let nul = json!({ "reason": "a\0b" });
    let draft = json!({ "title": "a\0b", "template": "x", "session": "groom" });
    let audience = json!({ "title": "x", "template": "x", "session": "groom", "audience": { "search": "a\0b" } });
    let requests = [
        (format!("/contacts/{contact}/opt-out"), nul.clone()),
        (format!("/contacts/{contact}/opt-in"), nul.clone()),
        (format!("/guests/{id}/erase"), nul),
        ("/guests".to_owned(), json!({ "name": "a\0b" })),
        (
            "/guests".to_owned(),
            json!({ "name": "x", "household": "a\0b" }),
        ),
        ("/households".to_owned(), json!({ "name": "a\0b" })),
        ("/broadcasts".to_owned(), draft),
        ("/broadcasts".to_owned(), audience),
        (
            "/tokens".to_owned(),
            json!({ "name": "a\0b", "scopes": ["read"] }),
        ),
        ("/messages".to_owned(), changed("text", json!("a\0b"))),
    ];
    assert_refused(&world, requests).await;
}

async fn assert_refused(world: &World, requests: impl IntoIterator<Item = (String, Value)>) {
    for (path, body) in requests {
        let answer = world.post(&path, body).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{path}: {}",
            answer.body
        );
    }
}

/// The description counts the characters that are sent.
#[tokio::test(start_paused = true)]
async fn white_space_around_a_text_counts() {
    let world = World::sqlite().await;
    let guest = world.anna_is_a_guest().await;
    let (contact, id) = (text(&guest["contact"]), text(&guest["id"]));
    let long = |most: usize| format!(" {}", "x".repeat(most));
    let name = long(200);
    let requests = [
        (
            format!("/contacts/{contact}/opt-out"),
            json!({ "reason": long(500) }),
        ),
        (format!("/guests/{id}/erase"), json!({ "reason": name })),
        ("/guests".to_owned(), json!({ "name": name })),
        (
            "/guests".to_owned(),
            json!({ "name": "x", "household": name }),
        ),
        ("/households".to_owned(), json!({ "name": name })),
        (
            "/broadcasts".to_owned(),
            json!({ "title": name, "template": "x", "session": "groom" }),
        ),
        (
            "/tokens".to_owned(),
            json!({ "name": long(100), "scopes": ["read"] }),
        ),
    ];
    assert_refused(&world, requests).await;
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[rstest]
#[case("3")]
#[case("\"3")]
#[case("\"+3\"")]
#[case("\"\"3\"\"")]
#[case("W/\"3\"")]
#[tokio::test(start_paused = true)]
async fn a_precondition_that_is_no_etag(#[case] seen: &str) {
    let world = World::sqlite().await;
    let id = world.ready_message().await;

    let answer = world
        .ask_with(
            &[("if-match", seen)],
            "PATCH",
            &format!("/messages/{id}"),
            json!({ "text": "x" }),
        )
        .await;

    assert_problem(&answer, StatusCode::BAD_REQUEST, "invalid_if_match");
}

/// serde reads a struct from an array, too: by the order of its fields, which no description says.
#[rstest]
#[case("POST", "/guests", json!(["Anna", null, null, null, null]), "")]
#[case("POST", "/households", json!(["Famiglia Rossi"]), "")]
#[case("POST", "/messages/batch", json!({ "messages": [["groom", "+39 347 000 0001", null, "Ciao!"]] }), "messages[0]")]
#[case("POST", "/broadcasts", json!({ "title": "x", "template": "x", "session": "groom", "audience": [] }), "audience")]
#[case("PUT", "/config", json!({ "version": 1, "config": [] }), "config")]
#[case("PUT", "/config", json!({ "version": 1, "config": { "limits": [] } }), "config.limits")]
#[case("PUT", "/config", json!({ "version": 1, "config": { "pacing": [] } }), "config.pacing")]
#[tokio::test(start_paused = true)]
async fn an_array_where_an_object_is_expected(
    #[case] method: &str,
    #[case] path: &str,
    #[case] body: Value,
    #[case] field: &str,
) {
    let world = World::sqlite().await;

    let answer = world.ask(method, path, body).await;

    assert_problem(&answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid_body");
    if !field.is_empty() {
        assert_eq!(answer.body["errors"][0]["field"], field, "{}", answer.body);
    }
    world.assert_nothing_stored().await;
}
