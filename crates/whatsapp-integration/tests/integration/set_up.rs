//! Each WAHA is configured and started by itself, and touched only when it must be.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use domain::session::{SessionProblem, SessionState};
use domain::wire::{Fact, SessionView};
use http::StatusCode;
use rstest::rstest;
use serde_json::{Value, json};
use tokio::time::sleep;
use waha_simulator::{Profile, RecordedCall, Status};

use crate::world::{GUEST, Setting, World, compose_request};

fn view(fact: &Fact) -> Option<&SessionView> {
    match fact {
        Fact::Session(view) => Some(view),
        _ => None,
    }
}

async fn until_view(world: &World, is_it: impl Fn(&SessionView) -> bool) {
    world
        .queue_api
        .until_stored(|fact| view(fact).is_some_and(&is_it))
        .await;
}

fn configured(call: &RecordedCall) -> bool {
    matches!(call, RecordedCall::SessionConfigured)
}

fn restarted(call: &RecordedCall) -> bool {
    matches!(
        call,
        RecordedCall::SessionStarted | RecordedCall::SessionRestarted
    )
}

#[rstest]
#[tokio::test(start_paused = true)]
async fn a_linked_session_is_configured_once_and_then_left_alone(
    #[values(
        Profile::Waha2026_4_1NoWeb,
        Profile::Waha2026_10NoWeb,
        Profile::Waha2026_10WebJs,
        Profile::Waha2026_10Gows
    )]
    profile: Profile,
) {
    let mut world = World::with(Setting {
        profile,
        ..Setting::default()
    });
    world.waha.remember_login();
    world.run_background();
    world.waha.until_listened_to().await;
    until_view(&world, |view| view.state == SessionState::Connected).await;
    sleep(Duration::from_mins(31)).await;
    assert_eq!(world.count(configured), 1, "written once");
    assert_eq!(world.count(restarted), 1, "started once");

    let raw = world.waha.guest(GUEST).write("Ciao");
    let is_it = |fact: &Fact| matches!(fact, Fact::Message(message) if message.raw_id == raw);
    world.queue_api.until_stored(is_it).await;
}

#[tokio::test(start_paused = true)]
async fn a_new_waha_is_brought_to_its_qr_and_from_there_to_work() {
    let mut world = World::with(Setting::default());
    world.run_background();
    until_view(&world, |view| view.state == SessionState::Qr).await;
    world.waha.scan_qr().unwrap();
    until_view(&world, |view| {
        view.state == SessionState::Connected && view.own.is_some()
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_a_restart_forgets_is_set_again_without_a_scan() {
    let world = World::settled(Profile::Waha2026_4_1NoWeb).await;
    sleep(Duration::from_mins(1)).await;
    world.waha.restart();
    assert_eq!(world.waha.status(), Some(Status::Stopped));
    world.waha.until_listened_to().await;
    assert_eq!(world.count(configured), 2);
    assert_eq!(world.count(|call| matches!(call, RecordedCall::QrRead)), 0);
    world.shutdown.trigger();
}

#[tokio::test(start_paused = true)]
async fn nothing_is_written_while_an_attempt_is_open() {
    let mut world = World::with(Setting {
        profile: Profile::Waha2026_10NoWeb,
        ..Setting::default()
    });
    world.waha.work_at_once(json!({}));
    let attempt = world.attempt();
    let mut lines = world.open(&compose_request(attempt, 1)).await;
    world.run_background();
    // meanwhile the store, which the configuration did not switch on, is a named problem
    until_view(&world, |view| {
        view.problem == Some(SessionProblem::StoreOff)
    })
    .await;
    lines.until_ready().await;
    assert_eq!(world.count(configured), 0);
    world.send(attempt, 1).await;
    world.waha.until_listened_to().await;
    assert_eq!(world.count(configured), 1);
    assert_eq!(world.waha.phone(GUEST).len(), 1);
    until_view(&world, |view| view.problem.is_none()).await;
}

#[tokio::test(start_paused = true)]
async fn queue_api_hears_of_the_session_every_five_minutes() {
    let world = World::settled(Profile::Waha2026_10Gows).await;
    sleep(Duration::from_mins(1)).await;
    let before = world.queue_api.stored().len();
    sleep(Duration::from_mins(20)).await;
    let told = world.queue_api.stored().len() - before;
    assert!((4..=5).contains(&told), "{told} reports in twenty minutes");
}

#[tokio::test(start_paused = true)]
async fn a_refused_key_and_an_absent_waha_are_named() {
    let mut world = World::with(Setting {
        key: "another-key-0123456789",
        ..Setting::default()
    });
    world.run_background();
    until_view(&world, |view| {
        view.problem == Some(SessionProblem::KeyRefused)
    })
    .await;
    world.waha_peer.stop();
    until_view(&world, |view| {
        view.problem == Some(SessionProblem::WahaAway)
    })
    .await;
    assert_eq!(world.count(configured), 0);
}

/// A session that works, whatever is written.
#[derive(Clone, Default)]
struct Server(Arc<Mutex<Value>>);

impl Server {
    fn router(&self) -> Router {
        self.of_release("2026.10.1")
    }

    fn of_release(&self, release: &str) -> Router {
        let version = json!({"version": release, "engine": "GOWS", "tier": "CORE"});
        let read = async |State(Self(config)): State<Self>| {
            let config = config.lock().unwrap().clone();
            Json(json!({"name": "default", "status": "WORKING", "config": config}))
        };
        let write = async |State(Self(config)): State<Self>, Json(mut body): Json<Value>| {
            *config.lock().unwrap() = body["config"].take();
        };
        Router::new()
            .route("/api/server/version", get(async || Json(version)))
            .route("/api/sessions/default", get(read).put(write))
            .with_state(self.clone())
    }
}

/// A WAHA that takes every configuration and drops a part of it.
#[derive(Clone, Default)]
struct Stubborn(Arc<Mutex<(Value, u32)>>);

impl Stubborn {
    fn router(&self) -> Router {
        let version = json!({"version": "2026.10.1", "engine": "GOWS", "tier": "CORE"});
        let read = async |State(stubborn): State<Self>| Json(stubborn.session());
        let write =
            async |State(stubborn): State<Self>, Json(body): Json<Value>| stubborn.put(body);
        Router::new()
            .route("/api/server/version", get(async || Json(version)))
            .route("/api/sessions/default", get(read).put(write))
            .with_state(self.clone())
    }

    fn session(&self) -> Value {
        let config = self.0.lock().unwrap().0.clone();
        json!({"name": "default", "status": "WORKING", "config": config})
    }

    fn put(&self, mut body: Value) {
        let mut memory = self.0.lock().unwrap();
        let webhook = body["config"]["webhooks"][0].as_object_mut().unwrap();
        webhook.remove("retries");
        memory.0 = body["config"].take();
        memory.1 += 1;
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_keeps_what_it_likes_is_not_restarted_for_ever() {
    let stubborn = Stubborn::default();
    let mut world = World::with(Setting::default());
    world.waha_peer.start(stubborn.router());
    world.run_background();
    sleep(Duration::from_hours(1)).await;
    let (config, writes) = stubborn.0.lock().unwrap().clone();
    assert_eq!(writes, 1);
    assert_eq!(config["ignore"]["groups"], true);
}

/// This service and WAHA were down together, and WAHA lost its webhooks: what came since is only in the chats. This server shows no
/// restart: that it was written to is all that tells of it, then and later.
#[tokio::test(start_paused = true)]
async fn a_configuration_that_was_lost_is_told_as_a_connection_that_ended() {
    let server = Server::default();
    let mut world = World::with(Setting::default());
    world.waha_peer.start(server.router());
    world.run_background();
    until_view(&world, |view| view.state == SessionState::Connected).await;
    let states = || {
        let facts = world.queue_api.stored();
        let views = facts.iter().filter_map(view);
        views.map(|view| view.state).collect::<Vec<_>>()
    };
    let told = [SessionState::Connecting, SessionState::Connected];
    assert_eq!(states(), told);
    *server.0.lock().unwrap() = Value::Null;
    sleep(Duration::from_secs(15)).await;
    assert_eq!(states()[2..], told);
}

/// A look is one small GET every ten seconds; everything else is asked every five minutes.
#[tokio::test(start_paused = true)]
async fn a_look_costs_one_reading_of_the_session() {
    let world = World::settled(Profile::Waha2026_10Gows).await;
    sleep(Duration::from_mins(1)).await;
    let reads = |call: &RecordedCall| matches!(call, RecordedCall::SessionRead);
    let chats = |call: &RecordedCall| matches!(call, RecordedCall::ChatsRead);
    let (read, listed) = (world.count(reads), world.count(chats));
    sleep(Duration::from_mins(20)).await;
    let (read, listed) = (world.count(reads) - read, world.count(chats) - listed);
    // 120 looks, and four passes of two readings
    assert!((118..=130).contains(&read), "{read} readings");
    assert!((4..=5).contains(&listed), "{listed} lists of chats");
}

#[tokio::test(start_paused = true)]
async fn a_configuration_that_was_lost_is_written_after_the_open_attempt() {
    let world = World::settled(Profile::Waha2026_10Gows).await;
    sleep(Duration::from_mins(1)).await;
    let attempt = world.attempt();
    let mut lines = world.open(&compose_request(attempt, 1)).await;
    world.waha.forget_configuration_for(json!({}));
    lines.until_ready().await;
    assert_eq!(world.count(configured), 1, "not while it is open");
    assert_eq!(world.send(attempt, 1).await.status(), 200);
    sleep(Duration::from_secs(15)).await;
    assert_eq!(world.count(configured), 2);
    assert_eq!(world.waha.phone(GUEST).len(), 1);
}

/// Each try fails: nothing was restarted, so the worker has nothing to read again.
#[tokio::test(start_paused = true)]
async fn a_server_that_refuses_what_is_written_is_not_told_as_one_that_restarts() {
    let session = json!({"name": "default", "status": "WORKING", "config": {}});
    let version = json!({"version": "2026.10.1", "engine": "GOWS", "tier": "CORE"});
    let refuse = async || StatusCode::INTERNAL_SERVER_ERROR;
    let router = Router::new()
        .route("/api/server/version", get(async || Json(version)))
        .route(
            "/api/sessions/default",
            get(async || Json(session)).put(refuse),
        );
    let mut world = World::with(Setting::default());
    world.waha_peer.start(router);
    world.run_background();
    sleep(Duration::from_mins(10)).await;
    let facts = world.queue_api.stored();
    let states: Vec<_> = facts
        .iter()
        .filter_map(view)
        .map(|view| view.state)
        .collect();
    assert!((2..=4).contains(&states.len()), "{states:?}");
    assert!(
        states.iter().all(|state| *state == SessionState::Connected),
        "{states:?}"
    );
}

/// The states and problems that queue-api was told.
fn told(world: &World) -> Vec<(SessionState, Option<SessionProblem>)> {
    let facts = world.queue_api.stored();
    let views = facts.iter().filter_map(view);
    views.map(|view| (view.state, view.problem)).collect()
}

/// An operator starts the container with an older image, and then with a newer one.
#[tokio::test(start_paused = true)]
async fn a_server_that_is_too_old_is_named_and_left_alone_until_it_is_replaced() {
    let too_old = (SessionState::Disconnected, Some(SessionProblem::TooOld));
    let server = Server::default();
    let mut world = World::with(Setting::default());
    world.waha_peer.start(server.of_release("2025.12.3"));
    world.run_background();
    sleep(Duration::from_mins(30)).await;
    assert_eq!(told(&world).first(), Some(&too_old));
    assert!(told(&world).iter().all(|told| *told == too_old));
    assert_eq!(*server.0.lock().unwrap(), Value::Null, "nothing is written");

    world.waha_peer.stop();
    sleep(Duration::from_secs(30)).await;
    world.waha_peer.start(server.router());
    sleep(Duration::from_mins(1)).await;
    assert_eq!(told(&world).last(), Some(&(SessionState::Connected, None)));
    assert!(server.0.lock().unwrap()["webhooks"].is_array());

    let before = told(&world).len();
    world.waha_peer.stop();
    sleep(Duration::from_secs(30)).await;
    world.waha_peer.start(server.of_release("2025.12.3"));
    // a webhook may ask for the view before the next look
    let view: SessionView = world.get("/sessions/groom").await.json();
    assert_eq!((view.state, view.problem), too_old);
    sleep(Duration::from_mins(1)).await;
    let connected = |told: &(SessionState, _)| told.0 == SessionState::Connected;
    assert!(!told(&world)[before..].iter().any(connected), "never used");
    assert_eq!(told(&world).last(), Some(&too_old));
}

/// Nothing is claimed of such a server; it is configured and used.
#[tokio::test(start_paused = true)]
async fn a_server_that_tells_no_release_is_named_and_used() {
    let unknown = (
        SessionState::Connected,
        Some(SessionProblem::VersionUnknown),
    );
    let server = Server::default();
    let mut world = World::with(Setting::default());
    world.waha_peer.start(server.of_release("nightly"));
    world.run_background();
    sleep(Duration::from_mins(30)).await;
    let mut known = told(&world);
    known.retain(|(state, _)| *state == SessionState::Connected);
    assert!(known.iter().all(|told| *told == unknown), "{known:?}");
    assert!(server.0.lock().unwrap()["webhooks"].is_array());
    let view: SessionView = world.get("/sessions/groom").await.json();
    assert_eq!(view.server, None);

    world.waha_peer.stop();
    sleep(Duration::from_secs(30)).await;
    world.waha_peer.start(server.router());
    sleep(Duration::from_mins(1)).await;
    assert_eq!(told(&world).last(), Some(&(SessionState::Connected, None)));

    // replaced so quickly that no look found it away
    world.waha_peer.start(server.of_release("nightly"));
    sleep(Duration::from_mins(6)).await;
    assert_eq!(told(&world).last(), Some(&unknown));
}

/// The server may be one that tells its release: no problem is made of a slow answer.
#[tokio::test(start_paused = true)]
async fn a_release_that_is_not_answered_yet_is_no_problem() {
    let server = Server::default();
    let silent = Router::new()
        .route("/api/server/version", get(std::future::pending::<()>))
        .fallback_service(server.router());
    let mut world = World::with(Setting::default());
    world.waha_peer.start(silent);
    world.run_background();
    until_view(&world, |view| view.state == SessionState::Connected).await;
    assert_eq!(told(&world).last(), Some(&(SessionState::Connected, None)));
}

#[tokio::test(start_paused = true)]
async fn a_release_with_a_known_defect_is_named_and_used() {
    let world = World::settled(Profile::Waha2026_8Gows).await;
    until_view(&world, |view| {
        view.state == SessionState::Connected && view.problem == Some(SessionProblem::KnownBad)
    })
    .await;
    assert_eq!(world.count(configured), 1);
}
