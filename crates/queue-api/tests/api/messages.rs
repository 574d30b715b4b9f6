//! Queuing, seeing and changing messages.

use std::time::Duration;

use chrono::TimeDelta;
use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};

use crate::world::{ANNA, On, World, noon, to_anna};

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_message_is_queued_and_says_why_it_waits(#[case] on: On) {
    let mut world = World::on(on).await;
    world.groom_connects().await;
    let _ = world.worker.nudges().await;

    let queued = world.post("/messages", to_anna("Ciao!")).await;

    assert_eq!(queued.status, StatusCode::CREATED, "{}", queued.body);
    let location = format!("/api/v1/messages/{}", queued.id());
    assert_eq!(queued.headers["location"], location.as_str());
    assert_eq!(queued.headers["etag"], "\"1\"");
    assert_eq!(queued.body["status"], "pending");
    assert_eq!(queued.body["lane"], "manual");
    assert_eq!(queued.body["to"], ANNA);
    assert_eq!(queued.body["wait"]["reason"], "guest_has_not_written");
    assert_eq!(
        queued.body["wait"]["ends"],
        json!({ "event": "contact_writes" })
    );
    assert!(queued.body["forecast"].is_null());
    assert_eq!(queued.body["timeline"][0]["phase"], "queued");
    assert_eq!(world.worker.nudges().await, [json!(["groom"])]);
    let read = world.get(&format!("/messages/{}", queued.id())).await;
    assert_eq!(read.body, queued.body);
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn once_the_guest_has_written_there_is_a_forecast(#[case] on: On) {
    let world = World::on(on).await;
    let id = world.ready_message().await;

    let message = world.get(&format!("/messages/{id}")).await.body;

    assert!(message["wait"].is_null(), "{message}");
    let time = |edge: &str| {
        message["forecast"][edge]
            .as_str()
            .unwrap()
            .parse::<domain::Timestamp>()
            .unwrap()
    };
    assert!(
        noon() <= time("from") && time("from") < time("to"),
        "{message}"
    );
    assert_eq!(message["guests"], json!(["Anna"]));
}

#[tokio::test(start_paused = true)]
async fn a_second_message_waits_behind_the_first() {
    let world = World::sqlite().await;
    world.ready_message().await;

    let second = world
        .post(
            "/messages",
            json!({ "session": "groom", "to": ANNA, "text": "And you?" }),
        )
        .await;

    assert_eq!(
        second.body["wait"]["reason"], "others_first",
        "{}",
        second.body
    );
    assert!(second.body["wait"]["ends"]["at"].is_string());
}

#[tokio::test(start_paused = true)]
async fn every_field_is_kept() {
    let world = World::sqlite().await;
    let body = json!({
        "session": "bride", "to": "347 000 0001", "text": "Notizie", "lane": "broadcast", "priority": -7,
        "not_before": "2026-06-02T12:00:00.1239+02:00", "not_after": "2026-06-12T12:00:00+02:00", "drop_if_answered": true,
        "broadcast": "0190b5c8-0000-7000-8000-000000000001", "link_preview": true, "send_now": true,
    });

    let message = world.post("/messages", body).await.body;

    assert_eq!(message["session"], "bride");
    assert_eq!(message["to"], ANNA);
    assert_eq!(message["lane"], "broadcast");
    assert_eq!(message["priority"], -7);
    assert_eq!(message["not_before"], "2026-06-02T10:00:00.123Z");
    assert_eq!(message["not_after"], "2026-06-12T10:00:00Z");
    assert_eq!(message["drop_if_answered"], true);
    assert_eq!(message["broadcast"], "0190b5c8-0000-7000-8000-000000000001");
    assert_eq!(message["link_preview"], true);
    assert_eq!(message["send_now"], true);
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn nobody_gets_the_same_news_twice(#[case] on: On) {
    let world = World::on(on).await;
    let news = json!({
        "session": "groom", "to": ANNA, "text": "News", "lane": "broadcast", "not_after": "2026-06-12T12:00:00Z",
        "broadcast": "0190b5c8-0000-7000-8000-000000000001",
    });

    let first = world.post("/messages", news.clone()).await;
    let again = world.post("/messages", news.clone()).await;
    let batch = world
        .post(
            "/messages/batch",
            json!({ "messages": [news.clone(), news] }),
        )
        .await;

    assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
    assert_eq!(
        (again.status, again.code()),
        (StatusCode::CONFLICT, "broadcast_already_queued")
    );
    assert_eq!(
        (batch.status, batch.body),
        (StatusCode::CREATED, json!({ "ids": [] }))
    );
    assert_eq!(world.count("whatsapp_message_queue").await, 1);
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_whole_batch_is_queued_in_its_order(#[case] on: On) {
    let world = World::on(on).await;
    let messages: Vec<Value> = (0..10_000)
        .map(|i| json!({ "session": "groom", "to": format!("+39 347 {:07}", 1_000_000 + i % 700), "text": format!("number {i}") }))
        .collect();

    let batch = world
        .post("/messages/batch", json!({ "messages": messages }))
        .await;

    assert_eq!(batch.status, StatusCode::CREATED, "{}", batch.body);
    let ids = batch.body["ids"].as_array().unwrap().clone();
    assert_eq!(ids.len(), 10_000);
    assert!(ids.is_sorted_by(|a, b| a.as_str() < b.as_str()));
    let last = world
        .get(&format!("/messages/{}", ids[9_999].as_str().unwrap()))
        .await
        .body;
    assert_eq!(last["text"], "number 9999");
    assert_eq!(world.count("contact").await, 700);
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn lists_are_filtered_and_paged_newest_first(#[case] on: On) {
    let world = World::on(on).await;
    for i in 0..5 {
        world
            .post("/messages", to_anna(&format!("Evviva {i}")))
            .await;
    }
    let bride = world
        .post(
            "/messages",
            json!({ "session": "bride", "to": "+39 347 000 0002", "text": "Évviva" }),
        )
        .await
        .body;

    let all = world.get("/messages?limit=4").await.body;
    let rest = world
        .get(&format!(
            "/messages?limit=4&cursor={}",
            all["next"].as_str().unwrap()
        ))
        .await
        .body;
    let texts = |page: &Value| -> Vec<String> {
        page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|m| m["text"].as_str().unwrap().to_owned())
            .collect()
    };

    assert_eq!(texts(&all), ["Évviva", "Evviva 4", "Evviva 3", "Evviva 2"]);
    assert_eq!(texts(&rest), ["Evviva 1", "Evviva 0"]);
    assert!(rest["next"].is_null());
    let contact = bride["contact"].as_str().unwrap();
    for (filter, found) in [
        ("session=bride", 1),
        ("session=groom", 5),
        ("status=pending", 6),
        ("status=sent", 0),
        ("lane=manual", 6),
        ("lane=reply", 0),
        ("text=VVIVA%203", 1),
        ("text=%25", 0),
        (format!("contact={contact}").as_str(), 1),
        ("broadcast=0190b5c8-0000-7000-8000-000000000001", 0),
    ] {
        let page = world.get(&format!("/messages?{filter}")).await.body;
        assert_eq!(
            page["items"].as_array().map(Vec::len),
            Some(found),
            "{filter}: {page}"
        );
    }
}

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
        // being away is not a limit, and a person ends the other two by saying "now"
        let elsewhere = matches!(
            reason,
            WaitReason::SessionNeedsScan
                | WaitReason::SessionConnecting
                | WaitReason::SessionAway
                | WaitReason::KeyRefused
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

#[tokio::test(start_paused = true)]
async fn nudges_that_pile_up_become_one() {
    let mut world = World::sqlite().await;
    for i in 0..20 {
        let session = if i % 2 == 0 { "groom" } else { "bride" };
        world
            .post(
                "/messages",
                json!({ "session": session, "to": ANNA, "text": "x" }),
            )
            .await;
    }

    let nudges = world.worker.nudges().await;

    assert!((1..20).contains(&nudges.len()), "{nudges:?}");
    let all: std::collections::BTreeSet<_> = nudges
        .iter()
        .flat_map(|n| n.as_array().unwrap().clone())
        .map(|n| n.to_string())
        .collect();
    assert_eq!(all.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_is_away_is_nobodys_problem() {
    let world = World::sqlite().await;
    world.worker.goes_away();

    let queued = world.post("/messages", to_anna("Ciao!")).await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    let again = world.post("/messages", to_anna("Ciao!")).await;

    assert_eq!(
        (queued.status, again.status),
        (StatusCode::CREATED, StatusCode::CREATED)
    );
    assert!(world.clock.now() - noon() >= TimeDelta::seconds(5));
}

#[tokio::test(start_paused = true)]
async fn a_message_whose_time_has_passed_says_that_it_never_goes() {
    let world = World::sqlite().await;
    world.ready_message().await;
    let late =
        json!({ "session": "groom", "to": ANNA, "text": "x", "not_after": "2026-06-01T09:00:00Z" });

    let message = world.post("/messages", late).await.body;

    assert_eq!(message["wait"]["reason"], "expired", "{message}");
    assert!(message["forecast"].is_null());
}
