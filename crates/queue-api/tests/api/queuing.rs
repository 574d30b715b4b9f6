//! Queuing messages, and seeing them.

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
