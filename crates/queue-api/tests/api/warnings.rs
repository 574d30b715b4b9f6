//! What is amiss with a session that says it is connected.

use std::time::Duration;

use domain::outcome::SendAnswer;
use domain::unread_chats::UnreadChats;
use rstest::rstest;
use serde_json::{Value, json};

use crate::neighbours::session_view;
use crate::pages::browser::Browser;
use crate::world::{On, World, groom};

impl World {
    async fn warnings(&self) -> Value {
        self.get("/sessions/groom").await.body["warnings"].clone()
    }
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn sends_that_nobody_confirms_are_a_warning_until_one_is(#[case] on: On) {
    let mut world = World::on(on).await;
    world.ready_message().await;
    let work = world.worker_is_sending().await;
    let raw_id = Some("OUT1".to_owned());
    world
        .worker_finishes(&work, SendAnswer::Accepted { raw_id })
        .await;
    let left = world.clock.now();

    tokio::time::sleep(Duration::from_secs(599)).await;
    let early = world.warnings().await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let late = world.warnings().await;
    let listed = world.get("/sessions").await.body["items"].clone();
    let ack = json!({ "fact": "ack", "raw_id": "OUT1", "ack": 1, "at": world.clock.now() });
    world.report("groom", json!([ack])).await;
    let confirmed = world.warnings().await;

    assert_eq!(early, json!([]));
    assert_eq!(
        (&late[0]["code"], &late[0]["messages"], &late[0]["since"]),
        (&json!("no_receipts"), &json!(1), &json!(left)),
        "{late}"
    );
    assert!(late[0]["sentence"].as_str().unwrap().ends_with("anew."));
    let of_lists = listed.as_array().unwrap().iter();
    let warned: Vec<_> = of_lists
        .map(|session| session["warnings"].clone())
        .collect();
    assert_eq!(warned, [json!([]), late], "bride, groom");
    assert_eq!(confirmed, json!([]));
}

/// How long is too long is the couple's to say.
#[tokio::test(start_paused = true)]
async fn the_time_can_be_set() {
    let mut world = World::sqlite().await;
    world.ready_message().await;
    let work = world.worker_is_sending().await;
    world
        .worker_finishes(&work, SendAnswer::Accepted { raw_id: None })
        .await;
    let mut config = world.get("/config").await.body;
    config["config"]["limits"]["receipts_minutes"] = json!(30);
    let put = world.ask("PUT", "/config", config).await;

    tokio::time::sleep(Duration::from_mins(29)).await;
    let early = world.warnings().await;
    tokio::time::sleep(Duration::from_mins(1)).await;
    let late = world.warnings().await;

    assert!(put.status.is_success(), "{}", put.body);
    assert_eq!(
        (
            early.as_array().unwrap().len(),
            late.as_array().unwrap().len()
        ),
        (0, 1)
    );
}

/// Chats that WAHA refuses to read: shown while the session is connected, on the page in the couple's words.
#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn chats_that_cannot_be_read_are_a_warning(#[case] on: On) {
    let world = World::on(on).await;
    world.groom_connects().await;
    let since = world.clock.now();
    let unread = Some(UnreadChats { since, chats: 2 });
    let session = groom();
    let record = world.store.record_unread_chats(&session, unread);
    record.await.unwrap();

    let warned = world.warnings().await;
    let page = Browser::of_groom(&world).await.get(&world, "/").await;
    world
        .store
        .record_unread_chats(&groom(), None)
        .await
        .unwrap();
    let mended = world.warnings().await;

    assert_eq!(
        (&warned[0]["code"], &warned[0]["chats"], &warned[0]["since"]),
        (&json!("chats_unread"), &json!(2), &json!(since)),
        "{warned}"
    );
    assert!(warned[0]["messages"].is_null(), "{warned}");
    let page = page.text();
    assert!(
        page.contains("chat non si riescono a leggere (la prima"),
        "{page}"
    );
    assert!(
        page.contains("guarda sul telefono se gli invitati"),
        "{page}"
    );
    assert_eq!(mended, json!([]));
}

/// A session's view, connected with that number.
pub(crate) fn linked(number: &str, at: chrono::DateTime<chrono::Utc>) -> Value {
    let mut view = session_view("connected");
    view["fact"] = json!("session");
    view["at"] = json!(at);
    view["own"]["chat"] = json!(format!("{number}@c.us"));
    view
}

/// Said once for the session, in the API and on the page, and no more after a week.
#[tokio::test(start_paused = true)]
async fn another_number_is_a_warning_for_a_week() {
    let world = World::sqlite().await;
    world.groom_connects().await;
    assert_eq!(world.warnings().await, json!([]));
    tokio::time::sleep(Duration::from_mins(1)).await;
    let since = world.clock.now();
    let other = linked("393339999999", since);
    world.report("groom", json!([other])).await;

    let warned = world.warnings().await;
    let page = Browser::of_groom(&world).await.get(&world, "/").await;
    tokio::time::sleep(Duration::from_hours(7 * 24)).await;
    let later = world.warnings().await;

    assert_eq!(
        (&warned[0]["code"], &warned[0]["since"]),
        (&json!("number_changed"), &json!(since)),
        "{warned}"
    );
    let page = page.text();
    assert_eq!(page.matches("È collegato un altro numero").count(), 1);
    assert_eq!(later, json!([]));
}

/// The guests of the old number have written to it, and the printed codes hold it.
#[tokio::test(start_paused = true)]
async fn the_old_number_linked_again_is_no_warning() {
    let world = World::sqlite().await;
    world.groom_connects().await;
    for number in ["393339999999", "393331112222"] {
        tokio::time::sleep(Duration::from_mins(1)).await;
        let view = linked(number, world.clock.now());
        world.report("groom", json!([view])).await;
    }

    let warned = world.warnings().await;
    let page = Browser::of_groom(&world).await.get(&world, "/").await;

    assert_eq!(warned, json!([]));
    let page = page.text();
    assert!(!page.contains("È collegato un altro numero"), "{page}");
}

/// Logged out, it is no number that anybody has to write to.
#[tokio::test(start_paused = true)]
async fn another_number_is_no_warning_when_it_was_logged_out() {
    let world = World::sqlite().await;
    world.groom_connects().await;
    tokio::time::sleep(Duration::from_mins(1)).await;
    let other = linked("393339999999", world.clock.now());
    world.report("groom", json!([other])).await;
    world.store.record_log_out(&groom()).await.unwrap();
    assert_eq!(world.warnings().await, json!([]));
}

/// A week old on one session, it is no new number on the other: the whole hour is its.
#[tokio::test(start_paused = true)]
async fn a_number_that_moved_to_the_other_session_is_not_called_new() {
    let world = World::sqlite().await;
    world.groom_connects().await;
    tokio::time::sleep(Duration::from_hours(8 * 24)).await;
    let now = world.clock.now();
    let (other, same) = (linked("393339999999", now), linked("393331112222", now));
    world.report("groom", json!([other])).await;
    world.report("bride", json!([same])).await;
    let page = Browser::of_operator(&world).await.get(&world, "/").await;
    let new = page.text().matches("This number is new here").count();
    assert_eq!(new, 1, "only the groom's: {}", page.text());
}

#[tokio::test(start_paused = true)]
async fn one_number_on_two_sessions_is_a_problem_of_both() {
    let world = World::sqlite().await;
    world.groom_connects().await;
    tokio::time::sleep(Duration::from_mins(1)).await;
    let same = linked("393331112222", world.clock.now());
    world.report("bride", json!([same])).await;

    for name in ["groom", "bride"] {
        let session = world.get(&format!("/sessions/{name}")).await.body;
        assert_eq!(session["problem"], "same_number", "{session}");
        let advice = session["advice"].as_str().unwrap();
        assert!(advice.contains("log one of them out"), "{advice}");
    }
    let page = Browser::of_groom(&world).await.get(&world, "/").await;
    assert!(
        page.text()
            .contains("Questo numero è collegato qui due volte")
    );
}

/// A WAHA that is gone keeps no number for ever; should it be linked still, the next look shows it.
#[tokio::test(start_paused = true)]
async fn logging_out_without_an_answer_ends_that_one_number_is_on_two_sessions() {
    let world = World::sqlite().await;
    world.groom_connects().await;
    let problem = async |world: &World| {
        let same = linked("393331112222", world.clock.now());
        world.report("bride", json!([same])).await;
        world.get("/sessions/groom").await.body["problem"].clone()
    };
    tokio::time::sleep(Duration::from_mins(1)).await;
    assert_eq!(problem(&world).await, "same_number");
    world.integration.goes_away();

    let failed = world.post("/sessions/bride/logout", Value::Null).await;

    assert_eq!(failed.code(), "integration_away");
    let groom = world.get("/sessions/groom").await.body;
    assert!(groom["problem"].is_null(), "{groom}");
    let bride = world.get("/sessions/bride").await.body;
    assert!(
        bride["own_number"].is_null() && bride["paused"].is_null(),
        "{bride}"
    );
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert_eq!(problem(&world).await, "same_number");
}

/// A restart of the worker takes less than two minutes. Without one nothing is sent, and people are told.
#[tokio::test(start_paused = true)]
async fn a_session_without_a_worker_is_a_problem() {
    let mut world = World::sqlite().await;
    world.ready_message().await;
    world.worker_loses_composition().await;

    // its lease lasts an hour
    tokio::time::sleep(Duration::from_mins(62)).await;
    let early = world.get("/sessions/groom").await.body;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let late = world.get("/sessions/groom").await.body;
    let page = Browser::of_groom(&world).await.get(&world, "/").await;
    world.worker_loses_composition().await;
    let back = world.get("/sessions/groom").await.body;

    assert_eq!(early["problem"], Value::Null, "{early}");
    assert_eq!(late["problem"], "worker_away", "{late}");
    let advice = late["advice"].as_str().unwrap();
    assert!(advice.contains("whatsapp-worker"), "{advice}");
    let page = page.text();
    assert!(page.contains("avvisa chi gestisce il sistema"), "{page}");
    assert_eq!(back["problem"], Value::Null, "{back}");
    // The lease was taken while the clock was ahead, and no worker has renewed it since the clock was corrected.
    for minutes in [50, 2 * 24 * 60] {
        let ahead = format!(
            "UPDATE whatsapp_session_status
             SET lease_expires_at = lease_expires_at + {0}, lease_renewed_at = lease_renewed_at + {0}",
            minutes * 60_000
        );
        world.database.execute(&ahead).await.unwrap();
        let ahead = world.get("/sessions/groom").await.body;
        assert_eq!(ahead["problem"], "worker_away", "{ahead}");
    }
}
