//! What people are told of a session, and how they pair and steer it.

use std::time::Duration;

use domain::release::{Capping, CappingLevel};
use domain::session::{SessionProblem, SessionState};
use domain::waha_capabilities::Support;
use domain::waha_server::ServerVersion;
use domain::wire::{CappingSeen, PairingCodeReply, QrReply, SessionView};
use rstest::rstest;
use serde_json::json;
use tokio::time::sleep;
use waha_simulator::{Misbehaviour, Profile, RecordedCall, Status};

use crate::world::{Setting, World};

async fn view(world: &World) -> SessionView {
    world.get("/sessions/groom").await.json()
}

/// A session that shows its QR.
async fn unpaired(profile: Profile) -> World {
    let mut world = World::with(Setting {
        profile,
        ..Setting::default()
    });
    world.run_background();
    world.waha.until_status(Status::ScanQrCode).await;
    world
}

#[tokio::test(start_paused = true)]
async fn a_connected_session_names_its_account_and_server() {
    let world = World::new();
    let view = view(&world).await;
    assert_eq!((view.state, view.problem), (SessionState::Connected, None));
    let own = view.own.unwrap();
    assert_eq!(own.chat.phone_digits(), Some("393331112222"));
    assert_eq!(own.name.as_deref(), Some("Sposo"));
    assert_eq!(view.server.as_deref(), Some("2026.10.1 GOWS"));
    assert_eq!(view.restriction, None);
    assert_eq!(view.at, world.clock.now());
}

#[tokio::test(start_paused = true)]
async fn each_trouble_has_its_name() {
    let mut world = World::with(Setting::default());
    let missing = view(&world).await;
    assert_eq!(missing.state, SessionState::Disconnected);
    assert_eq!(missing.problem, Some(SessionProblem::SessionMissing));
    world.run_background();
    world.waha.until_status(Status::ScanQrCode).await;
    let qr = view(&world).await;
    assert_eq!((qr.state, qr.own), (SessionState::Qr, None));
    world.waha.misbehave(Misbehaviour::WrongKey.always());
    assert_eq!(view(&world).await.problem, Some(SessionProblem::KeyRefused));
    world.waha.behave();
    world.waha.misbehave(Misbehaviour::Away.always());
    let away = view(&world).await;
    assert_eq!(away.state, SessionState::Disconnected);
    assert_eq!(away.problem, Some(SessionProblem::WahaAway));
}

#[tokio::test(start_paused = true)]
async fn an_unlinked_phone_needs_a_new_scan() {
    let world = World::settled(Profile::Waha2026_10Gows).await;
    world.waha.unlink_from_phone();
    world.waha.until_status(Status::Failed).await;
    assert_eq!(view(&world).await.state, SessionState::Failed);
    let after: SessionView = world
        .post("/sessions/groom/logout", &json!({}))
        .await
        .json();
    assert_ne!(after.state, SessionState::Connected);
    world.waha.until_status(Status::ScanQrCode).await;
    world.waha.scan_qr().unwrap();
    world.waha.until_status(Status::Working).await;
    assert_eq!(view(&world).await.state, SessionState::Connected);
}

#[tokio::test(start_paused = true)]
async fn a_restriction_is_shown_while_it_is_in_force() {
    let world = World::new();
    let ends = world.clock.now() + chrono::TimeDelta::hours(6);
    world.waha.restrict(Some(ends));
    let restriction = view(&world).await.restriction.expect("it is in force");
    assert_eq!(restriction.until, Some(ends));
    world.waha.restrict(None);
    assert_eq!(view(&world).await.restriction, None);
}

#[tokio::test(start_paused = true)]
async fn a_capping_is_shown_while_it_means_something() {
    let world = World::new();
    let end = world.clock.now() + chrono::TimeDelta::hours(30);
    let capping = async || view(&world).await.capping;
    let none = Some(CappingSeen { in_force: None });
    assert_eq!(capping().await, none);
    world.waha.cap("SECOND_WARNING", 250, end.timestamp());
    let warned = Capping {
        level: CappingLevel::SecondWarning,
        until: end,
    };
    let in_force = Some(warned);
    assert_eq!(capping().await, Some(CappingSeen { in_force }));
    world.waha.cap("NOT_ELIGIBLE", 0, 1);
    assert_eq!(capping().await, None, "that says nothing");
    world.waha.cap("NONE", 250, end.timestamp());
    assert_eq!(capping().await, none);
    let noweb = World::settled(Profile::Waha2026_4_1NoWeb).await;
    assert_eq!(view(&noweb).await.capping, None, "it cannot be read");
}

#[rstest]
#[tokio::test(start_paused = true)]
async fn the_qr_comes_as_text_and_as_a_picture(
    #[values(Profile::Waha2026_4_1NoWeb, Profile::Waha2026_10Gows)] profile: Profile,
) {
    let world = unpaired(profile).await;
    let answer = world.get("/sessions/groom/qr").await;
    assert_eq!(answer.0.headers()["cache-control"], "no-store");
    assert!(answer.json::<QrReply>().text.starts_with("2@"));
    let picture = world.get("/sessions/groom/qr.png").await;
    assert_eq!(picture.0.headers()["content-type"], "image/png");
    assert!(picture.0.body().starts_with(b"\x89PNG"));
}

#[tokio::test(start_paused = true)]
async fn a_connected_session_shows_no_qr() {
    let world = World::new();
    for path in ["/sessions/groom/qr", "/sessions/groom/qr.png"] {
        let answer = world.get(path).await;
        assert_eq!(answer.problem(), (409, "not_waiting_for_scan".to_owned()));
    }
    let phone = json!({"phone": "393331112222"});
    let answer = world.post("/sessions/groom/pairing-code", &phone).await;
    assert_eq!(answer.problem(), (409, "not_waiting_for_scan".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_pairing_code_pairs() {
    let world = unpaired(Profile::Waha2026_10Gows).await;
    let nonsense = world
        .post("/sessions/groom/pairing-code", &json!({"phone": "mio"}))
        .await;
    assert_eq!(nonsense.problem(), (422, "invalid_phone".to_owned()));
    let phone = json!({"phone": "+39 333 1112222"});
    let answer = world.post("/sessions/groom/pairing-code", &phone).await;
    let code: PairingCodeReply = answer.json();
    world.waha.type_pairing_code(&code.code).unwrap();
    world.waha.until_status(Status::Working).await;
}

#[tokio::test(start_paused = true)]
async fn operations_come_one_after_another() {
    let world = World::settled(Profile::Waha2026_10Gows).await;
    sleep(Duration::from_secs(30)).await;
    let nothing = json!({});
    let (one, two) = tokio::join!(
        world.post("/sessions/groom/restart", &nothing),
        world.post("/sessions/groom/restart", &nothing)
    );
    assert_eq!((one.status(), two.status()), (200, 200));
    let restarts = world.count(|call| matches!(call, RecordedCall::SessionRestarted));
    assert_eq!(restarts, 2);
    let started = world.post("/sessions/groom/start", &nothing).await;
    assert_eq!(started.status(), 200, "starting what runs is no error");
}

/// Nobody is told to move to a release that would be a problem again.
#[rstest]
fn the_release_to_move_to_is_supported(#[values("GOWS", "NOWEB", "WEBJS", "WPP")] engine: &str) {
    let server = format!("{} {engine}", domain::waha_image::RELEASE);
    let server = ServerVersion::parse(&server).unwrap();
    assert_eq!(server.support(), Support::Supported);
}
