//! What each version forgets when its process is restarted (recordings H of 2026.4.1), and what the program remembers.

use chassis::Dice;
use http::StatusCode;
use serde_json::{Value, json};
use waha_simulator::{Profile, Simulator, SimulatorConfig, Snapshot, Status};

use crate::scene::{KEY, Scene, ZIA, config};

const ALL: &str = "/api/default/chats/all/messages?downloadMedia=false";

#[tokio::test(start_paused = true)]
async fn free_2026_forgets_the_configuration_and_keeps_login_and_messages() {
    let scene = Scene::working(Profile::Waha2026_4_1NoWeb);
    scene.send("mio prima").await;
    scene.sim.restart();
    assert_eq!(scene.get("/api/sessions").await.body, json!([]));
    let stopped = scene.get("/api/sessions/default").await.body;
    assert_eq!(
        (&stopped["status"], &stopped["config"]),
        (&json!("STOPPED"), &Value::Null)
    );
    scene.post("/api/sessions/default/start", json!({})).await;
    scene.sim.until_status(Status::Working).await;
    assert_eq!(
        scene.get(ALL).await.status,
        StatusCode::BAD_REQUEST,
        "the store is off"
    );
    scene
        .put("/api/sessions/default", json!({"config": config()}))
        .await;
    scene.sim.until_status(Status::Working).await;
    let list = scene.get(ALL).await.body;
    assert_eq!(
        (&list[0]["body"], &list[0]["source"]),
        (&json!("mio prima"), &json!("app"))
    );
}

#[tokio::test(start_paused = true)]
async fn the_newest_goes_on_by_itself() {
    let scene = Scene::working(Profile::Waha2026_10Gows);
    scene.send("mio prima").await;
    scene.sim.restart();
    assert_eq!(scene.sim.status(), Some(Status::Starting));
    scene.sim.until_status(Status::Working).await;
    assert_eq!(
        scene.get("/api/sessions/default").await.body["config"],
        config()
    );
    assert_eq!(scene.get(ALL).await.body[0]["body"], "mio prima");
}

#[tokio::test(start_paused = true)]
async fn start_session_starts_it_without_its_configuration() {
    let scene = Scene::with(Profile::Waha2026_4_1NoWeb, |config| {
        config.start_session = true;
    });
    scene.sim.work_at_once(config());
    scene.sim.restart();
    scene.sim.until_status(Status::Working).await;
    assert_eq!(
        scene.get("/api/sessions/default").await.body["config"],
        Value::Null
    );
}

#[tokio::test(start_paused = true)]
async fn retries_die_with_the_process() {
    let scene = Scene::working(Profile::Waha2026_4_1NoWeb);
    scene
        .receiver
        .answer_always(StatusCode::INTERNAL_SERVER_ERROR);
    scene.sim.guest(ZIA).write("in sospeso");
    scene.pass(5).await;
    let before = scene.receiver.events("message").len();
    assert_eq!(before, 3);
    scene.sim.restart();
    scene.pass(60).await;
    assert_eq!(scene.receiver.events("message").len(), before);
}

#[tokio::test(start_paused = true)]
async fn what_guests_wrote_meanwhile_waits_for_the_device() {
    let scene = Scene::working(Profile::Waha2026_10Gows);
    scene.sim.restart();
    scene.sim.guest(ZIA).write("mentre ripartivi");
    scene.sim.until_status(Status::Working).await;
    scene.pass(1).await;
    assert_eq!(scene.receiver.events("message").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_program_itself_can_remember() {
    let scene = Scene::working(Profile::Waha2026_10Gows);
    scene.sim.guest(ZIA).write("ciao");
    scene.send("ciao a te").await;
    let text = serde_json::to_string(&scene.sim.snapshot()).expect("json");
    let snapshot: Snapshot = serde_json::from_str(&text).expect("a snapshot");
    let later = Simulator::resume(
        SimulatorConfig::new(Profile::Waha2026_10Gows, KEY),
        scene.clock.clone(),
        Dice::seeded(8),
        snapshot,
    );
    later.until_status(Status::Working).await;
    assert!(later.guest(ZIA).has_written());
    assert_eq!(later.phone(ZIA), scene.sim.phone(ZIA));
    assert!(!later.guest("393470000002").has_written());
}
