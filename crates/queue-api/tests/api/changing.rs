//! Changing messages: edit, cancel, retry, send now.

use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};

use crate::world::{ANNA, On, World, to_anna};

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn an_edit_changes_what_was_seen_and_nothing_newer(#[case] on: On) {
    let world = World::on(on).await;
    let id = world.post("/messages", to_anna("Ciao!")).await.id();
    let path = format!("/messages/{id}");
    let change = json!({ "text": "Salve!", "priority": 5, "not_after": "2026-06-12T12:00:00Z", "drop_if_answered": true });

    let edited = world
        .ask_with(&[("if-match", "\"1\"")], "PATCH", &path, change)
        .await;
    let late = world
        .ask_with(
            &[("if-match", "\"1\"")],
            "PATCH",
            &path,
            json!({ "text": "Hey" }),
        )
        .await;
    let taken_away = world
        .ask("PATCH", &path, json!({ "not_after": null }))
        .await;

    assert_eq!(edited.status, StatusCode::OK, "{}", edited.body);
    assert_eq!(
        (&edited.body["text"], &edited.body["priority"]),
        (&json!("Salve!"), &json!(5))
    );
    assert_eq!(
        edited.headers["etag"],
        format!("\"{}\"", edited.body["version"]).as_str()
    );
    assert_eq!(
        (late.status, late.code()),
        (StatusCode::CONFLICT, "version_conflict")
    );
    assert_eq!(late.body["current_version"], edited.body["version"]);
    assert!(taken_away.body["not_after"].is_null());
    assert_eq!(taken_away.body["text"], "Salve!");
}

#[rstest]
#[case(json!({ "text": "" }), "invalid_message", "text")]
#[case(json!({ "priority": 1000 }), "invalid_message", "priority")]
#[case(json!({ "not_before": "soon" }), "invalid_message", "not_before")]
#[case(json!({ "session": "bride" }), "invalid_body", "")]
#[tokio::test(start_paused = true)]
async fn a_bad_edit_changes_nothing(
    #[case] change: Value,
    #[case] code: &str,
    #[case] field: &str,
) {
    let world = World::sqlite().await;
    let id = world.post("/messages", to_anna("Ciao!")).await.id();

    let answer = world.ask("PATCH", &format!("/messages/{id}"), change).await;

    assert_eq!(
        (answer.status, answer.code()),
        (StatusCode::UNPROCESSABLE_ENTITY, code),
        "{}",
        answer.body
    );
    if !field.is_empty() {
        assert_eq!(answer.body["errors"][0]["field"], field);
    }
    assert_eq!(
        world.get(&format!("/messages/{id}")).await.body["version"],
        1
    );
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn cancelling_one_that_is_being_typed_ends_the_typing(#[case] on: On) {
    let mut world = World::on(on).await;
    let id = world.ready_message().await;
    let work = world.worker_claims().await;

    let cancelled = world
        .post(&format!("/messages/{id}/cancel"), Value::Null)
        .await;

    assert_eq!(cancelled.status, StatusCode::OK, "{}", cancelled.body);
    assert_eq!(cancelled.body["status"], "cancelled");
    assert_eq!(cancelled.body["cancel_reason"], "person");
    let calls = world.integration.calls();
    assert_eq!(calls.len(), 1, "{calls:?}");
    assert!(
        calls[0].starts_with("POST groom/cancel") && calls[0].contains(&work.attempt.to_string()),
        "{calls:?}"
    );
    assert!(!matches!(
        world.worker_commits(&work).await,
        storage::Commit::Committed
    ));
}

#[tokio::test(start_paused = true)]
async fn editing_one_that_is_being_typed_types_it_anew() {
    let mut world = World::sqlite().await;
    let id = world.ready_message().await;
    let work = world.worker_claims().await;

    let edited = world
        .ask(
            "PATCH",
            &format!("/messages/{id}"),
            json!({ "text": "Salve!" }),
        )
        .await;

    assert_eq!(edited.status, StatusCode::OK, "{}", edited.body);
    assert_eq!(world.integration.calls().len(), 1);
    assert!(!matches!(
        world.worker_commits(&work).await,
        storage::Commit::Committed
    ));
}

#[tokio::test(start_paused = true)]
async fn an_integration_that_is_away_does_not_keep_anybody_from_cancelling() {
    let mut world = World::sqlite().await;
    let id = world.ready_message().await;
    world.worker_claims().await;
    world.integration.goes_away();

    let cancelled = world
        .post(&format!("/messages/{id}/cancel"), Value::Null)
        .await;

    assert_eq!(cancelled.body["status"], "cancelled", "{}", cancelled.body);
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn past_the_point_of_no_return_nothing_can_be_changed(#[case] on: On) {
    let mut world = World::on(on).await;
    let id = world.ready_message().await;
    world.worker_is_sending().await;

    let edit = world
        .ask("PATCH", &format!("/messages/{id}"), json!({ "text": "x" }))
        .await;
    let cancel = world
        .post(&format!("/messages/{id}/cancel"), Value::Null)
        .await;
    let retry = world
        .post(&format!("/messages/{id}/retry"), Value::Null)
        .await;
    let send_now = world
        .post(&format!("/messages/{id}/send-now"), Value::Null)
        .await;

    for (answer, code) in [
        (edit, "not_editable"),
        (cancel, "not_cancellable"),
        (retry, "not_failed"),
        (send_now, "not_pending"),
    ] {
        assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, code));
        assert_eq!(answer.body["message_status"], "sending");
    }
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_failed_message_can_be_tried_again(#[case] on: On) {
    let mut world = World::on(on).await;
    let id = world.ready_message().await;
    let work = world.worker_is_sending().await;
    world
        .worker_finishes(&work, domain::outcome::SendAnswer::BadRequest)
        .await;
    let _ = world.worker.nudges().await;
    let failed = world.get(&format!("/messages/{id}")).await.body;

    let retried = world
        .post(&format!("/messages/{id}/retry"), Value::Null)
        .await;

    assert_eq!(
        (&failed["status"], &failed["last_error"]),
        (&json!("failed"), &json!("bad_request"))
    );
    assert_eq!(
        (retried.status, &retried.body["status"]),
        (StatusCode::OK, &json!("pending"))
    );
    assert_eq!(world.worker.nudges().await, [json!(["groom"])]);
}

#[tokio::test(start_paused = true)]
async fn a_message_that_whatsapp_took_after_all_is_sent_and_cannot_be_tried_again() {
    let mut world = World::sqlite().await;
    let id = world.ready_message().await;
    let work = world.worker_is_sending().await;
    let raw_id = Some("OUT1".to_owned());
    world
        .worker_finishes(&work, domain::outcome::SendAnswer::Accepted { raw_id })
        .await;
    for level in [-1, 2] {
        let ack =
            json!({ "fact": "ack", "raw_id": "OUT1", "ack": level, "at": "2026-06-01T10:00:05Z" });
        world.report("groom", json!([ack])).await;
    }

    let retried = world
        .post(&format!("/messages/{id}/retry"), Value::Null)
        .await;

    assert_eq!(
        (retried.status, retried.code()),
        (StatusCode::CONFLICT, "not_failed"),
        "{}",
        retried.body
    );
    let message = world.get(&format!("/messages/{id}")).await.body;
    assert_eq!(message["status"], "sent", "{message}");
    assert!(message["last_error"].is_null(), "{message}");
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn send_now_says_which_limits_it_lifts(#[case] on: On) {
    let world = World::on(on).await;
    world.ready_message().await;
    let later = json!({ "session": "groom", "to": ANNA, "text": "x", "not_before": "2026-06-09T10:00:00Z" });
    let id = world.post("/messages", later).await.id();

    let answer = world
        .post(&format!("/messages/{id}/send-now"), Value::Null)
        .await;

    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.body["send_now"], true);
    let lists = |name: &str, reason: &str| {
        answer.body[name]
            .as_array()
            .unwrap()
            .contains(&json!(reason))
    };
    assert!(lists("lifted", "quiet_hours") && lists("lifted", "hour_limit"));
    assert!(lists("never_lifted", "guest_has_not_written") && lists("never_lifted", "cool_down"));
    let audit = world.get("/audit").await.body;
    assert_eq!(
        audit["items"][0]["subject"],
        id.to_string().as_str(),
        "{audit}"
    );
    assert_eq!(audit["items"][0]["actor"], "test");
}

#[tokio::test(start_paused = true)]
async fn what_send_now_says_is_what_the_rules_do() {
    use domain::wait::WaitReason;
    let world = World::sqlite().await;
    let id = world.ready_message().await;

    let answer = world
        .post(&format!("/messages/{id}/send-now"), Value::Null)
        .await
        .body;

    let names: Vec<&str> = ["lifted", "never_lifted"]
        .iter()
        .flat_map(|list| answer[list].as_array().unwrap())
        .map(|r| r.as_str().unwrap())
        .collect();
    for reason in WaitReason::ALL {
        // a session that is away or whose number is linked twice is no limit, nor is the message's last moment, and a person ends the
        // other two by saying "now"
        let elsewhere = matches!(
            reason,
            WaitReason::SessionNeedsScan
                | WaitReason::SessionConnecting
                | WaitReason::SessionAway
                | WaitReason::KeyRefused
                | WaitReason::SameNumber
                | WaitReason::ClockUncertain
                | WaitReason::Abandoned
                | WaitReason::PutAside
        );
        assert_eq!(
            names
                .iter()
                .filter(|name| **name == reason.as_str())
                .count(),
            usize::from(!elsewhere),
            "{reason}"
        );
    }
}
