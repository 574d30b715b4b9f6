//! *Link* in every state of a session: a QR code, a connection, or what the session waits for.

use std::time::Duration;

use axum::Router;
use axum::routing::post;
use domain::linking::{LinkWait, LogOutPermission};
use domain::session::{SessionProblem, SessionState};
use domain::wire::{LinkReply, SessionView};
use http::StatusCode;
use rstest::rstest;
use serde_json::json;
use tokio::time::{Instant, sleep, timeout};
use waha_simulator::{Misbehaviour, Profile, RecordedCall, Refused, Status};

use crate::world::{Setting, World};

use LogOutPermission::{Never, ToldUnlinked, Untold};

const GOWS: Profile = Profile::Waha2026_10Gows;

/// How a session came to need a link.
#[derive(Clone, Copy, Debug)]
enum InitialState {
    Missing,
    StoppedUnlinked,
    Unlinked,
    CodesUsedUp,
    ForgottenAndUnlinked,
    Banned,
    Outdated,
    Qr,
}

impl InitialState {
    /// WAHA does not say why the session is FAILED, and a restart does not help.
    const UNTOLD: [Self; 5] = [
        Self::StoppedUnlinked,
        Self::Unlinked,
        Self::ForgottenAndUnlinked,
        Self::Banned,
        Self::Outdated,
    ];
}

/// A WAHA in which the session is as `before` says. Nothing but the link itself works on it.
async fn world_where(before: InitialState, profile: Profile) -> World {
    let world = World::with(Setting {
        profile,
        ..Setting::default()
    });
    let waha = &world.waha;
    match before {
        InitialState::Missing => {}
        InitialState::StoppedUnlinked => {
            waha.work_at_once(json!({}));
            waha.unlink_from_phone();
            waha.stop().await;
        }
        InitialState::Unlinked => {
            waha.work_at_once(json!({}));
            waha.unlink_from_phone();
        }
        InitialState::CodesUsedUp => {
            link(&world, ToldUnlinked).await;
            waha.until_status(Status::Failed).await;
        }
        InitialState::ForgottenAndUnlinked => {
            waha.work_at_once(json!({}));
            waha.unlink_from_phone();
            waha.restart();
        }
        InitialState::Banned => {
            waha.work_at_once(json!({}));
            waha.refuse(Refused::Banned, false);
        }
        InitialState::Outdated => {
            waha.work_at_once(json!({}));
            waha.refuse(Refused::Outdated, false);
        }
        InitialState::Qr => {
            link(&world, ToldUnlinked).await;
        }
    }
    world
}

async fn link(world: &World, log_out: LogOutPermission) -> LinkReply {
    let request = json!({"log_out": log_out});
    world.post("/sessions/groom/link", &request).await.json()
}

fn logged_out(call: &RecordedCall) -> bool {
    matches!(call, RecordedCall::SessionLoggedOut)
}

#[rstest]
#[tokio::test(start_paused = true)]
async fn shows_a_qr_code_within_15_seconds_of_the_press(
    #[values(InitialState::Missing, InitialState::CodesUsedUp, InitialState::Qr)]
    initial: InitialState,
    #[values(Profile::Waha2026_4_1NoWeb, GOWS)] profile: Profile,
) {
    let world = world_where(initial, profile).await;
    shows_a_qr_code(&world, ToldUnlinked).await;
    assert_eq!(world.count(logged_out), 0, "{initial:?}");
    if matches!(initial, InitialState::Missing) {
        assert!(world.waha.configuration()["webhooks"].is_array());
    }
}

async fn shows_a_qr_code(world: &World, log_out: LogOutPermission) {
    let pressed = Instant::now();
    let reply = link(world, log_out).await;
    let qr = world.get("/sessions/groom/qr").await;
    let took = pressed.elapsed();
    assert_eq!(reply.waits_for, LinkWait::Scan, "{reply:?}");
    assert_eq!(qr.status(), 200);
    assert!(took <= Duration::from_secs(15), "{took:?}");
}

/// It may be a ban: nothing is logged out until a person says what the phone shows.
#[rstest]
#[tokio::test(start_paused = true)]
async fn asks_for_a_look_at_the_phone_where_waha_does_not_say_why(
    #[values(Profile::Waha2026_4_1NoWeb, GOWS)] profile: Profile,
) {
    for initial in InitialState::UNTOLD {
        let world = world_where(initial, profile).await;
        for _press in 1..=2 {
            let pressed = Instant::now();
            let reply = link(&world, ToldUnlinked).await;
            assert_eq!(reply.waits_for, LinkWait::Phone, "{initial:?}: {reply:?}");
            let view = reply.view.expect("it was read");
            assert_eq!((view.state, view.problem), (SessionState::Failed, None));
            assert!(pressed.elapsed() <= Duration::from_secs(15), "{initial:?}");
        }
        assert_eq!(world.count(logged_out), 0, "{initial:?}");
        if matches!(initial, InitialState::Outdated) {
            // it is not the login: nothing more is done, and nothing twice
            let reply = link(&world, Untold).await;
            assert_eq!(reply.waits_for, LinkWait::Person, "{reply:?}");
        } else {
            shows_a_qr_code(&world, Untold).await;
        }
        assert_eq!(world.count(logged_out), 1, "{initial:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn logs_out_in_one_press_where_waha_says_that_the_phone_was_unlinked() {
    let world = World::settled(GOWS).await;
    world.waha.misbehave(Misbehaviour::FailuresSayWhy.always());
    world.waha.unlink_from_phone();
    sleep(Duration::from_secs(1)).await;
    shows_a_qr_code(&world, ToldUnlinked).await;
    assert_eq!(world.count(logged_out), 1);
}

#[tokio::test(start_paused = true)]
async fn says_that_nothing_runs_after_three_refusals() {
    let world = World::settled(GOWS).await;
    world.waha.unlink_from_phone();
    let refusing = Router::new()
        .route(
            "/api/sessions/default/restart",
            post(StatusCode::INTERNAL_SERVER_ERROR),
        )
        .fallback_service(world.waha.router());
    world.waha_peer.start(refusing);
    assert_eq!(link(&world, ToldUnlinked).await.waits_for, LinkWait::Press);
    world.waha_peer.start(world.waha.router());
    // the next press begins anew
    assert_eq!(link(&world, ToldUnlinked).await.waits_for, LinkWait::Phone);
}

#[tokio::test(start_paused = true)]
async fn keeps_a_login_that_is_good() {
    let world = World::new();
    assert_eq!(
        link(&world, ToldUnlinked).await.waits_for,
        LinkWait::Nothing
    );
    world.waha.stop().await;
    assert_eq!(
        link(&world, ToldUnlinked).await.waits_for,
        LinkWait::Nothing
    );
    assert_eq!(world.waha.status(), Some(Status::Working));
    assert_eq!(world.count(logged_out), 0);
}

#[rstest]
#[case::banned(Refused::Banned, SessionProblem::Restricted)]
#[case::outdated(Refused::Outdated, SessionProblem::ClientOutdated)]
#[tokio::test(start_paused = true)]
async fn touches_nothing_where_waha_says_that_a_person_must_act(
    #[case] refused: Refused,
    #[case] problem: SessionProblem,
) {
    let world = World::settled(GOWS).await;
    world.waha.refuse(refused, true);
    sleep(Duration::from_secs(1)).await;
    let before = world.waha.record().len();
    let reply = link(&world, ToldUnlinked).await;
    assert_eq!(reply.waits_for, LinkWait::Person, "{reply:?}");
    let view = reply.view.expect("it was read");
    assert_eq!(
        (view.state, view.problem),
        (SessionState::Failed, Some(problem))
    );
    let record = world.waha.record().split_off(before);
    let reads = record
        .iter()
        .filter(|entry| matches!(entry.what, RecordedCall::SessionRead));
    assert_eq!(reads.count(), record.len(), "{record:?}");
}

#[tokio::test(start_paused = true)]
async fn logs_nothing_out_that_may_be_banned() {
    let world = World::settled(GOWS).await;
    world.waha.unlink_from_phone();
    let reply = link(&world, Never).await;
    assert_eq!(reply.waits_for, LinkWait::Person, "{reply:?}");
    assert_eq!(world.count(logged_out), 0);
}

#[tokio::test(start_paused = true)]
async fn restarts_a_start_that_is_stuck_once_and_answers_meanwhile() {
    let world = World::settled(GOWS).await;
    sleep(Duration::from_mins(1)).await;
    world.waha.get_stuck();
    let restarts = || world.count(|call| matches!(call, RecordedCall::SessionRestarted));
    let (before, pressed) = (restarts(), Instant::now());
    let reply = link(&world, ToldUnlinked).await;
    assert_eq!(reply.waits_for, LinkWait::Waha, "{reply:?}");
    assert!(pressed.elapsed() <= Duration::from_secs(15));
    // a second press changes nothing, and is answered at once
    assert_eq!(link(&world, ToldUnlinked).await.waits_for, LinkWait::Waha);
    assert!(pressed.elapsed() <= Duration::from_secs(15));
    let working = world.waha.until_status(Status::Working);
    let restarted = timeout(Duration::from_mins(5), working).await;
    restarted.expect("it is restarted");
    let took = pressed.elapsed().as_secs();
    assert!((120..=180).contains(&took), "{took} s");
    assert_eq!(restarts() - before, 1);
}

#[rstest]
#[case::key(Misbehaviour::WrongKey, SessionProblem::KeyRefused)]
#[case::away(Misbehaviour::Away, SessionProblem::WahaAway)]
#[tokio::test(start_paused = true)]
async fn names_what_keeps_waha_from_being_asked(
    #[case] trouble: Misbehaviour,
    #[case] problem: SessionProblem,
) {
    let world = World::settled(GOWS).await;
    world.waha.misbehave(trouble.always());
    let reply = link(&world, ToldUnlinked).await;
    assert_eq!(reply.waits_for, LinkWait::Person, "{reply:?}");
    assert_eq!(reply.view.and_then(|view| view.problem), Some(problem));
}

/// The cause is told by the event alone, and forgotten as soon as the session is in another state.
#[tokio::test(start_paused = true)]
async fn forgets_the_cause_with_the_failure() {
    let world = World::settled(GOWS).await;
    world.waha.refuse(Refused::Banned, true);
    sleep(Duration::from_secs(1)).await;
    let view = async || -> SessionView { world.get("/sessions/groom").await.json() };
    assert_eq!(view().await.problem, Some(SessionProblem::Restricted));
    world.post("/sessions/groom/logout", &json!({})).await;
    world.waha.until_status(Status::ScanQrCode).await;
    assert_eq!(view().await.problem, None);
    world.waha.until_status(Status::Failed).await;
    assert_eq!(view().await.problem, None);
}

fn started(call: &RecordedCall) -> bool {
    matches!(call, RecordedCall::SessionStarted)
}

/// Recorded several times an hour: STOPPED for 1 to 3 s.
#[tokio::test(start_paused = true)]
async fn waits_for_a_session_that_flaps_and_starts_one_that_stays_stopped() {
    let world = World::settled(GOWS).await;
    sleep(Duration::from_mins(10)).await;
    let before = world.count(started);
    for seconds in [1, 2, 3] {
        world.waha.flap(Duration::from_secs(seconds));
        sleep(Duration::from_mins(2)).await;
        assert_eq!(world.waha.status(), Some(Status::Working));
    }
    assert_eq!(world.count(started), before, "a flap ends by itself");
    for stopped in 1..=2 {
        world.waha.stop().await;
        sleep(Duration::from_secs(50)).await;
        assert_eq!(world.waha.status(), Some(Status::Stopped), "not yet");
        world.waha.until_status(Status::Working).await;
        assert_eq!(world.count(started), before + stopped);
    }
    let record = world.waha.record();
    let starts: Vec<_> = record.iter().filter(|entry| started(&entry.what)).collect();
    let [.., one, two] = starts.as_slice() else {
        panic!("{starts:?}");
    };
    assert!(
        two.at - one.at >= chrono::TimeDelta::minutes(5),
        "{starts:?}"
    );
    world.waha.unlink_from_phone();
    sleep(Duration::from_mins(20)).await;
    assert_eq!(world.count(started), before + 2, "never a FAILED one");
}

/// One restart is made by itself. Where it does not help, the problem stays, and no other restart is made for it.
#[rstest]
#[case::a_restart_helps(0, None)]
#[case::no_restart_helps(1, Some(SessionProblem::StoreOff))]
#[tokio::test(start_paused = true)]
async fn names_a_store_that_waha_refuses_and_restarts_the_session_once(
    #[case] starts: u32,
    #[case] then: Option<SessionProblem>,
) {
    let world = World::settled(GOWS).await;
    sleep(Duration::from_mins(1)).await;
    world.waha.restart();
    world.waha.until_status(Status::Working).await;
    world.waha.refuse_store(starts);
    let restarts = || world.count(|call| matches!(call, RecordedCall::SessionRestarted));
    let before = restarts();
    let told = |problem: Option<SessionProblem>| {
        world.queue_api.until_stored(move |fact| {
            matches!(fact, domain::wire::Fact::Session(view)
                if view.state == SessionState::Connected && view.problem == problem)
        })
    };
    told(Some(SessionProblem::StoreOff)).await;
    sleep(Duration::from_mins(10)).await;
    assert_eq!(restarts() - before, 1);
    let view: SessionView = world.get("/sessions/groom").await.json();
    assert_eq!((view.state, view.problem), (SessionState::Connected, then));
}
