//! Gates: the simulator stops inside a step until it is let go.

use rstest::rstest;
use serde_json::json;
use waha_simulator::{Profile, Step};

use crate::scene::{Scene, ZIA, ZIA_CHAT};

const P2026: Profile = Profile::Waha2026_4_1NoWeb;

#[rstest]
#[case(Step::SendBeforeAccept, 0)]
#[case(Step::SendAfterAccept, 1)]
#[tokio::test(start_paused = true)]
async fn a_send_is_held_at_a_step(#[case] step: Step, #[case] shown: usize) {
    let scene = Scene::working(P2026);
    let gate = scene.sim.gate(step);
    let look = async {
        gate.reached().await;
        scene.pass(600).await;
        assert_eq!(scene.sim.phone(ZIA).len(), shown);
        gate.release();
    };
    let (answer, ()) = tokio::join!(scene.send("x"), look);
    assert_eq!(answer.status, 201);
    assert!(answer.seconds >= 600.0);
    assert!(
        scene.send("y").await.seconds < 1.0,
        "a gate holds one arrival"
    );
}

#[rstest]
#[case(Step::Typing, "/api/startTyping", json!({"session": "default", "chatId": ZIA_CHAT}))]
#[case(Step::TypingStopped, "/api/stopTyping", json!({"session": "default", "chatId": ZIA_CHAT}))]
#[case(Step::Seen, "/api/sendSeen", json!({"session": "default", "chatId": ZIA_CHAT}))]
#[case(Step::Online, "/api/default/presence", json!({"presence": "online"}))]
#[case(Step::Offline, "/api/default/presence", json!({"presence": "offline"}))]
#[tokio::test(start_paused = true)]
async fn the_other_steps(#[case] step: Step, #[case] path: &str, #[case] body: serde_json::Value) {
    let scene = Scene::working(P2026);
    let gate = scene.sim.gate(step);
    assert!(!gate.was_reached());
    let look = async {
        gate.reached().await;
        scene.pass(7).await;
        gate.release();
    };
    let (answer, ()) = tokio::join!(scene.post(path, body), look);
    assert_eq!(answer.status, 201);
    assert!(answer.seconds >= 7.0);
}

#[tokio::test(start_paused = true)]
async fn reads_are_held_and_a_dropped_gate_holds_nobody() {
    let scene = Scene::working(P2026);
    for (step, path) in [
        (Step::SessionRead, "/api/sessions/default"),
        (Step::MessagesRead, "/api/default/chats/all/messages"),
    ] {
        let gate = scene.sim.gate(step);
        let look = async {
            gate.reached().await;
            scene.pass(7).await;
            drop(gate);
        };
        let (answer, ()) = tokio::join!(scene.get(path), look);
        assert!(answer.seconds >= 7.0);
        drop(scene.sim.gate(step));
        assert!(scene.get(path).await.seconds < 1.0);
    }
}
