//! Starting, restarting and logging out a session: what is paused, waited for and read before it.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use domain::outcome::SendAnswer;
use http::{Request, StatusCode};
use rstest::rstest;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tower::ServiceExt;

use crate::neighbours::session_view;
use crate::pages::browser::Browser;
use crate::world::{On, World, groom, test_config};

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_restart_pauses_meanwhile_and_resumes(#[case] on: On) {
    let world = World::on(on).await;
    world.groom_connects().await;

    let restarted = world.post("/sessions/groom/restart", Value::Null).await;

    assert_eq!(restarted.status, StatusCode::OK, "{}", restarted.body);
    assert_eq!(restarted.body["session"]["state"], "connecting");
    assert!(restarted.body["session"]["paused"].is_null());
    assert_eq!(restarted.body["uncertain"], 0);
    assert_eq!(world.integration.calls(), ["POST groom/restart"]);
}

#[tokio::test(start_paused = true)]
async fn a_session_that_was_paused_stays_paused() {
    let world = World::sqlite().await;
    world.post("/sessions/groom/pause", Value::Null).await;

    let started = world.post("/sessions/groom/start", Value::Null).await;

    assert_eq!(
        started.body["session"]["paused"]["by"], "test",
        "{}",
        started.body
    );
}

#[tokio::test(start_paused = true)]
async fn an_operation_that_fails_leaves_the_pause_as_it_was() {
    let world = World::sqlite().await;
    world.integration.goes_away();

    let failed = world.post("/sessions/groom/restart", Value::Null).await;

    assert_eq!(
        (failed.status, failed.code()),
        (StatusCode::SERVICE_UNAVAILABLE, "integration_away")
    );
    assert!(world.get("/sessions/groom").await.body["paused"].is_null());
}

/// Once it is logged out, no chat shows any more whether an uncertain message arrived.
#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn reads_the_chats_of_uncertain_messages_before_a_log_out(
    #[case] on: On,
    #[values(true, false)] arrived: bool,
) {
    let mut world = World::on(on).await;
    let (id, _) = world.uncertain_message().await;
    let shown = world.get(&format!("/messages/{id}")).await.body;
    if arrived {
        let text = shown["text"].as_str().unwrap();
        world
            .integration
            .chat_shows(world.message("OUT1", text, true));
    }

    let out = world.post("/sessions/groom/logout", Value::Null).await;

    assert_eq!(out.status, StatusCode::OK, "{}", out.body);
    let calls = world.integration.calls();
    let [read, log_out] = calls.as_slice() else {
        panic!("{calls:?}");
    };
    assert!(read.starts_with("POST groom/read-chat"), "{calls:?}");
    assert_eq!(log_out, "POST groom/logout");
    assert_eq!(out.body["uncertain"], u32::from(!arrived));
    assert!(out.body["session"]["paused"].is_null(), "{}", out.body);
    assert!(out.body["session"]["own_number"].is_null());
}

/// The database takes no end of an operation's pause until [`takes_ends`].
async fn refuses_ends(world: &World, on: On) {
    let table = "BEFORE UPDATE ON whatsapp_session_status";
    let ends = "WHEN (OLD.paused_by = 'operation' AND NEW.paused_by IS NULL)";
    let statements = match on {
        On::Sqlite => vec![format!(
            "CREATE TRIGGER refuses {table} {ends} BEGIN SELECT RAISE(ABORT, 'away'); END"
        )],
        On::Postgres => vec![
            "CREATE FUNCTION away() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'away'; END $$".to_owned(),
            format!("CREATE TRIGGER refuses {table} FOR EACH ROW {ends} EXECUTE FUNCTION away()"),
        ],
    };
    for statement in statements {
        world.database.execute(&statement).await.unwrap();
    }
}

async fn takes_ends(world: &World, on: On) {
    let drop = match on {
        On::Sqlite => "DROP TRIGGER refuses",
        On::Postgres => "DROP TRIGGER refuses ON whatsapp_session_status",
    };
    world.database.execute(drop).await.unwrap();
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn a_pause_that_cannot_be_ended_is_ended_when_the_database_is_back(#[case] on: On) {
    let world = World::on(on).await;
    world.groom_connects().await;
    refuses_ends(&world, on).await;
    let restarted = world.post("/sessions/groom/restart", Value::Null).await;
    assert_eq!(restarted.status, StatusCode::OK, "{}", restarted.body);
    let paused = &restarted.body["session"]["paused"];
    assert_eq!(paused["by"], "operation", "{}", restarted.body);
    tokio::time::sleep(Duration::from_mins(10)).await;
    takes_ends(&world, on).await;
    tokio::time::sleep(Duration::from_secs(10)).await;
    let session = world.get("/sessions/groom").await.body;
    assert!(session["paused"].is_null(), "{session}");
    // the next operation is not kept waiting
    let next = world.post("/sessions/groom/restart", Value::Null).await;
    assert!(next.body["session"]["paused"].is_null(), "{}", next.body);
}

/// The part of the integration panics in the caller's task, as a defect of our own would.
#[tokio::test(start_paused = true)]
async fn a_panic_does_not_leave_the_session_paused() {
    let world = World::sqlite().await;
    let mut failed = session_view("failed");
    failed["at"] = json!(world.clock.now());
    world.integration.shows(failed);
    let died = world.post("/sessions/groom/link", Value::Null).await;
    assert_eq!(
        (died.status, died.code()),
        (StatusCode::INTERNAL_SERVER_ERROR, "internal_error")
    );
    let session = world.get("/sessions/groom").await.body;
    assert!(session["paused"].is_null(), "{session}");
}

#[rstest]
#[case::sqlite(On::Sqlite)]
#[case::postgres(On::Postgres)]
#[tokio::test(start_paused = true)]
async fn the_start_of_the_service_ends_the_pause_of_an_operation_that_it_did_not_survive(
    #[case] on: On,
) {
    let world = World::on(on).await;
    let (name, actor, now) = (groom(), storage::Actor::worker(), world.clock.now());
    let begun = world
        .store
        .begin_operation(&name, &actor, "session.link", now);
    begun.await.unwrap();
    let session = world.get("/sessions/groom").await.body;
    assert_eq!(session["paused"]["by"], "operation", "{session}");
    let sessions = test_config().sessions;
    queue_api::prepare(&world.store, &sessions, now)
        .await
        .unwrap();
    let session = world.get("/sessions/groom").await.body;
    assert!(session["paused"].is_null(), "{session}");
}

#[tokio::test(start_paused = true)]
async fn an_operation_waits_for_the_attempt_that_is_open() {
    let mut world = World::sqlite().await;
    world.ready_message().await;
    let work = world.worker_is_sending().await;
    let started = world.clock.now();
    let restart = restart_begins(&world).await;

    tokio::time::sleep(Duration::from_secs(10)).await;
    assert!(!restart.is_finished() && world.integration.calls().is_empty());
    world
        .worker_finishes(
            &work,
            SendAnswer::Accepted {
                raw_id: Some("OUT1".to_owned()),
            },
        )
        .await;
    let answer = restart.await.unwrap().unwrap();

    assert_eq!(answer.status(), StatusCode::OK);
    let took = (world.clock.now() - started).num_seconds();
    assert!((10..15).contains(&took), "{took}");
}

/// The groom's session is asked to restart; the answer comes when it is done.
async fn restart_begins(world: &World) -> JoinHandle<Result<Response, Infallible>> {
    let token = world.token("operate").await;
    let request = Request::post("/api/v1/sessions/groom/restart")
        .header("authorization", format!("Bearer {token}"));
    tokio::spawn(world.couple().oneshot(request.body(Body::empty()).unwrap()))
}

#[tokio::test(start_paused = true)]
async fn a_pause_that_somebody_makes_meanwhile_is_not_ended_by_the_operation() {
    let mut world = World::sqlite().await;
    world.ready_message().await;
    let work = world.worker_is_sending().await;
    let restart = restart_begins(&world).await;
    tokio::time::sleep(Duration::from_secs(5)).await;

    world.post("/sessions/groom/pause", Value::Null).await;
    let accepted = SendAnswer::Accepted {
        raw_id: Some("OUT1".to_owned()),
    };
    world.worker_finishes(&work, accepted).await;
    let answer = restart.await.unwrap().unwrap();

    assert_eq!(answer.status(), StatusCode::OK);
    assert!(world.get("/sessions/groom").await.body["paused"].is_object());
}

/// The pause of an operation ends by itself: no page offers to end it, and no press does.
#[tokio::test(start_paused = true)]
async fn the_pause_of_an_operation_cannot_be_ended_by_a_person() {
    let mut world = World::sqlite().await;
    world.ready_message().await;
    let work = world.worker_is_sending().await;
    let restart = restart_begins(&world).await;
    tokio::time::sleep(Duration::from_secs(5)).await;

    let mut groom = Browser::of_groom(&world).await;
    let home = groom.get(&world, "/").await;
    assert!(!home.text().contains("/resume\""), "{}", home.text());
    let resumed = world.post("/sessions/groom/resume", Value::Null).await;
    assert_eq!(resumed.status, StatusCode::OK, "{}", resumed.body);
    assert!(resumed.body["paused"].is_object(), "{}", resumed.body);

    let accepted = SendAnswer::Accepted {
        raw_id: Some("OUT1".to_owned()),
    };
    world.worker_finishes(&work, accepted).await;
    assert_eq!(restart.await.unwrap().unwrap().status(), StatusCode::OK);
    assert!(world.get("/sessions/groom").await.body["paused"].is_null());
}

#[tokio::test(start_paused = true)]
async fn an_operation_goes_on_when_the_caller_hangs_up() {
    let mut world = World::sqlite().await;
    world.ready_message().await;
    let work = world.worker_is_sending().await;
    let restart = restart_begins(&world).await;
    tokio::time::sleep(Duration::from_secs(5)).await;

    restart.abort();
    let accepted = SendAnswer::Accepted {
        raw_id: Some("OUT1".to_owned()),
    };
    world.worker_finishes(&work, accepted).await;
    tokio::time::sleep(Duration::from_secs(5)).await;

    assert_eq!(world.integration.calls(), ["POST groom/restart"]);
    assert!(world.get("/sessions/groom").await.body["paused"].is_null());
}

#[tokio::test(start_paused = true)]
async fn after_90_seconds_an_open_attempt_is_nobodys() {
    let mut world = World::sqlite().await;
    world.ready_message().await;
    world.worker_claims().await;
    let started = world.clock.now();

    let restarted = world.post("/sessions/groom/restart", Value::Null).await;

    assert_eq!(restarted.status, StatusCode::OK, "{}", restarted.body);
    let took = (world.clock.now() - started).num_seconds();
    assert!((90..95).contains(&took), "{took}");
}

/// Its chat tells whether the message left, and a log-out takes the chat away.
#[tokio::test(start_paused = true)]
async fn a_phone_is_not_unlinked_while_a_message_is_open_that_a_dead_worker_committed() {
    let mut world = World::sqlite().await;
    world.ready_message().await;
    let work = world.worker_is_sending().await;

    let refused = world.post("/sessions/groom/logout", Value::Null).await;

    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.body);
    assert_eq!(refused.body["code"], "message_being_sent");
    assert_eq!(world.integration.calls(), Vec::<String>::new());
    assert!(world.get("/sessions/groom").await.body["paused"].is_null());

    let accepted = SendAnswer::Accepted {
        raw_id: Some("OUT1".to_owned()),
    };
    world.worker_finishes(&work, accepted).await;
    let done = world.post("/sessions/groom/logout", Value::Null).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
}
