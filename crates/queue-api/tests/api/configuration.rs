//! The settings.

use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};

use crate::world::{On, World};

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn settings_are_read_changed_and_guarded_by_their_version(#[case] on: On) {
    let mut world = World::on(on).await;
    let before = world.get("/config").await;
    let mut config = before.body["config"].clone();
    config["bride_name"] = json!("Giulia");
    config["limits"]["per_hour"] = json!(7);
    config["wedding_date"] = json!("2026-12-05");
    let version = before.body["version"].clone();

    let changed = world
        .ask(
            "PUT",
            "/config",
            json!({ "version": version, "config": config }),
        )
        .await;
    let stale = world
        .ask(
            "PUT",
            "/config",
            json!({ "version": version, "config": config }),
        )
        .await;
    let etag = changed.headers["etag"].to_str().unwrap().to_owned();
    let matched = world
        .ask_with(
            &[("if-match", &etag)],
            "PUT",
            "/config",
            json!({ "config": config }),
        )
        .await;

    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    assert_eq!(changed.body["config"], config);
    assert_eq!(
        (stale.status, stale.code()),
        (StatusCode::CONFLICT, "version_conflict")
    );
    assert_eq!(stale.body["current_version"], changed.body["version"]);
    assert_eq!(matched.status, StatusCode::OK, "{}", matched.body);
    assert_eq!(world.get("/config").await.body["config"], config);
    assert!(!world.worker.nudges().await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn every_setting_out_of_range_is_named() {
    let world = World::sqlite().await;
    let before = world.get("/config").await.body;
    let mut config = before["config"].clone();
    for setting in ["per_hour", "per_day", "cool_down_minutes", "unanswered"] {
        config["limits"][setting] = json!(100_000);
    }
    config["limits"]["gap_min_secs"] = json!(19);
    config["pacing"]["typing_spread_percent"] = json!(99);
    config["groom_name"] = json!("a".repeat(81));

    let refused = world
        .ask(
            "PUT",
            "/config",
            json!({ "version": before["version"], "config": config }),
        )
        .await;

    assert_eq!(
        (refused.status, refused.code()),
        (StatusCode::UNPROCESSABLE_ENTITY, "invalid_config")
    );
    let mut fields: Vec<_> = refused.body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["field"].as_str().unwrap())
        .collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        [
            "config.groom_name",
            "config.limits.cool_down_minutes",
            "config.limits.gap_min_secs",
            "config.limits.per_day",
            "config.limits.per_hour",
            "config.limits.unanswered",
            "config.pacing.typing_spread_percent",
        ]
    );
    assert_eq!(world.get("/config").await.body, before);
}

/// Each range of design §6: its ends are taken, what lies beside them is not.
#[rstest]
#[case("per_hour", 1, 30)]
#[case("per_day", 1, 150)]
#[case("replies_per_hour", 1, 30)]
#[case("replies_per_day", 1, 150)]
#[case("cool_down_minutes", 10, 10_080)]
#[case("unanswered", 1, 5)]
#[case("unanswered_replies", 1, 5)]
#[case("gap_max_secs", 60, 7_200)]
#[tokio::test(start_paused = true)]
async fn ranges(#[case] setting: &str, #[case] least: i64, #[case] most: i64) {
    let world = World::sqlite().await;
    let put = async |value: i64| {
        let mut body = world.get("/config").await.body;
        body["config"]["limits"][setting] = json!(value);
        world.ask("PUT", "/config", body).await.status
    };

    assert_eq!(put(least - 1).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(put(least).await, StatusCode::OK);
    assert_eq!(put(most).await, StatusCode::OK);
    assert_eq!(put(most + 1).await, StatusCode::UNPROCESSABLE_ENTITY);
}

#[rstest]
#[case(json!({ "config": {} }), StatusCode::PRECONDITION_REQUIRED, "version_required")]
#[case(json!({ "version": 1, "config": { "limits": { "per_second": 1 } } }), StatusCode::UNPROCESSABLE_ENTITY, "invalid_body")]
#[case(json!({ "version": 1, "config": { "time_zone": "Europe/Nowhere" } }), StatusCode::UNPROCESSABLE_ENTITY, "invalid_body")]
#[case(json!({ "version": 1, "config": { "limits": { "quiet_from": "25:00" } } }), StatusCode::UNPROCESSABLE_ENTITY, "invalid_body")]
#[case(json!({ "version": 1 }), StatusCode::UNPROCESSABLE_ENTITY, "invalid_body")]
#[tokio::test(start_paused = true)]
async fn settings_that_cannot_be(
    #[case] body: Value,
    #[case] status: StatusCode,
    #[case] code: &str,
) {
    let world = World::sqlite().await;
    let before = world.get("/config").await.body;

    let refused = world.ask("PUT", "/config", body).await;

    assert_eq!(
        (refused.status, refused.code()),
        (status, code),
        "{}",
        refused.body
    );
    assert_eq!(world.get("/config").await.body, before);
}

#[tokio::test(start_paused = true)]
async fn the_default_country_reads_numbers_without_a_prefix() {
    let world = World::sqlite().await;
    let mut body = world.get("/config").await.body;
    body["config"]["country"] = json!("DE");
    world.ask("PUT", "/config", body).await;

    let queued = world
        .post(
            "/messages",
            json!({ "session": "groom", "to": "0170 1234567", "text": "Hallo" }),
        )
        .await;

    assert_eq!(queued.body["to"], "+49 170 1234567", "{}", queued.body);
}

/// Days and times of day are read as the description says, and no others: a day far away would end the process's arithmetic.
#[rstest]
#[case::far_away("wedding_date", json!("+262142-12-31"), "invalid_config")]
#[case::long_ago("wedding_date", json!("0001-01-01"), "invalid_config")]
#[case::one_digit("limits", json!({ "quiet_from": "9:5" }), "invalid_body")]
#[case::a_space("limits", json!({ "quiet_from": " 9:00" }), "invalid_body")]
#[case::no_hour("limits", json!({ "quiet_to": "29:00" }), "invalid_body")]
#[tokio::test(start_paused = true)]
async fn a_day_or_a_time_of_day_that_cannot_be(
    #[case] setting: &str,
    #[case] value: Value,
    #[case] code: &str,
) {
    let world = World::sqlite().await;
    let mut config = json!({});
    config[setting] = value;

    let refused = world
        .ask("PUT", "/config", json!({ "version": 1, "config": config }))
        .await;

    assert_eq!(
        (refused.status, refused.code()),
        (StatusCode::UNPROCESSABLE_ENTITY, code),
        "{}",
        refused.body
    );
}
