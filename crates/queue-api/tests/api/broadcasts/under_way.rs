//! A broadcast that is under way: paused, cancelled, and tried on a phone of one's own before.

use super::*;

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_pause_stops_what_is_being_typed_and_a_cancellation_the_rest(#[case] on: On) {
    let mut world = World::on(on).await;
    world.groom_connects().await;
    world.anna_is_a_guest().await;
    world.anna_writes("IN1", "Ciao").await;
    let path = world.draft("Ciao {name}").await;
    let early = world.act(&path, "pause").await;
    assert_eq!(
        refused(&early),
        (StatusCode::CONFLICT, "wrong_broadcast_state")
    );
    world.act(&path, "start").await;
    let work = world.worker_claims().await;

    let paused = world.act(&path, "pause").await;

    assert_eq!(paused.status, StatusCode::OK, "{}", paused.body);
    assert_eq!(
        (&paused.body["state"], &paused.body["committed"]),
        (&json!("paused"), &json!([]))
    );
    let calls = world.integration.calls();
    assert_eq!(calls.len(), 1);
    assert!(
        calls[0].starts_with("POST groom/cancel ") && calls[0].contains(&work.attempt.to_string()),
        "{calls:?}"
    );
    assert!(matches!(
        world.worker_commits(&work).await,
        storage::Commit::Back(_)
    ));
    let copy = world.copies(&path).await.remove(0);
    assert_eq!(copy["wait"]["reason"], "broadcast_paused");
    assert_eq!(
        copy["wait"]["ends"],
        json!({ "person": "resume_broadcast" })
    );
    let detail = world
        .get(&format!("/messages/{}", copy["id"].as_str().unwrap()))
        .await
        .body;
    assert_eq!(detail["wait"], copy["wait"]);
    assert!(detail["forecast"].is_null());
    let changed = world.ask("PATCH", &path, json!({ "title": "x" })).await;
    assert_eq!(refused(&changed), (StatusCode::CONFLICT, "not_a_draft"));
    let deleted = world.ask("DELETE", &path, Value::Null).await;
    assert_eq!(refused(&deleted), (StatusCode::CONFLICT, "not_a_draft"));

    let resumed = world.act(&path, "resume").await;
    assert_eq!(resumed.body["state"], "started");
    assert!(world.copies(&path).await[0]["wait"].is_null());
    let work = world.worker_is_sending().await;
    let cancelled = world.act(&path, "cancel").await;
    assert_eq!(
        (&cancelled.body["state"], &cancelled.body["committed"]),
        (&json!("cancelled"), &json!([work.message]))
    );
    let resumed = world.act(&path, "resume").await;
    assert_eq!(
        refused(&resumed),
        (StatusCode::CONFLICT, "wrong_broadcast_state")
    );
    let started = world.act(&path, "start").await;
    assert_eq!(
        refused(&started),
        (StatusCode::CONFLICT, "wrong_broadcast_state")
    );
}

/// A row that a claim has not looked at yet says so too, in lists and alone: by its broadcast's state.
#[tokio::test(start_paused = true)]
async fn a_copy_says_that_its_broadcast_is_paused_before_anybody_has_looked() {
    let world = World::sqlite().await;
    world.groom_connects().await;
    world.anna_is_a_guest().await;
    world.anna_writes("IN1", "Ciao").await;
    let path = world.draft("Ciao").await;
    world.act(&path, "start").await;
    world.act(&path, "pause").await;
    world
        .database
        .execute("UPDATE whatsapp_message_queue SET due = 1, wait_reason = NULL, wait_ends = NULL")
        .await
        .unwrap();

    let copy = world.copies(&path).await.remove(0);
    let detail = world
        .get(&format!("/messages/{}", copy["id"].as_str().unwrap()))
        .await
        .body;

    assert_eq!(copy["wait"]["reason"], "broadcast_paused");
    assert_eq!(detail["wait"], copy["wait"]);
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_copy_is_sent_to_yourself_first(#[case] on: On) {
    let world = World::on(on).await;
    world.groom_connects().await;
    let zia = world
        .guest(json!({ "name": "Zia Pina", "phone": "+39 347 000 0002" }))
        .await;
    let own = world.anna_is_a_guest().await["contact"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = world.draft("Ciao {first_name}").await;
    let body = json!({ "of": zia, "to": own });

    let silent = world.post(&format!("{path}/try"), body.clone()).await;
    world.anna_writes("IN1", "Sono io").await;
    let tried = world.post(&format!("{path}/try"), body).await;
    let of_nobody = world
        .post(&format!("{path}/try"), json!({ "of": SOME_ID, "to": own }))
        .await;
    let to_nobody = world
        .post(&format!("{path}/try"), json!({ "of": zia, "to": SOME_ID }))
        .await;

    assert_eq!(
        refused(&silent),
        (StatusCode::CONFLICT, "contact_has_not_written")
    );
    let sentence = silent.body["detail"].as_str().unwrap();
    assert!(
        sentence.contains("to the number of groom or bride"),
        "{sentence}"
    );
    assert_eq!(tried.status, StatusCode::CREATED, "{}", tried.body);
    assert_eq!(tried.body["session"], "groom");
    let message = format!("/messages/{}", tried.body["message"].as_str().unwrap());
    assert_eq!(
        tried.headers["location"],
        format!("/api/v1{message}").as_str()
    );
    let message = world.get(&message).await.body;
    assert_eq!(
        (&message["text"], &message["contact"]),
        (&json!("Ciao Zia"), &json!(own))
    );
    assert_eq!(
        (&message["lane"], &message["broadcast"]),
        (&json!("manual"), &Value::Null)
    );
    assert_eq!(
        refused(&of_nobody),
        (StatusCode::UNPROCESSABLE_ENTITY, "not_in_audience")
    );
    assert_eq!(
        refused(&to_nobody),
        (StatusCode::UNPROCESSABLE_ENTITY, "unknown_contact")
    );
}

#[rstest]
#[case("GET", "")]
#[case("GET", "/audience")]
#[case("POST", "/start")]
#[case("POST", "/pause")]
#[case("POST", "/resume")]
#[case("POST", "/cancel")]
#[case("DELETE", "")]
#[tokio::test(start_paused = true)]
async fn what_is_not_there_is_not_found(#[case] method: &str, #[case] rest: &str) {
    let world = World::sqlite().await;

    let answer = world
        .ask(method, &format!("/broadcasts/{SOME_ID}{rest}"), Value::Null)
        .await;

    assert_eq!(refused(&answer), (StatusCode::NOT_FOUND, "not_found"));
}
