//! Sessions that fail, stop for a moment or cannot be read, and what leads out of it.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::sleep;
use waha_simulator::{Misbehaviour, Profile, Refused, Status};

use crate::scene::Scene;

const GOWS: Profile = Profile::Waha2026_10Gows;

/// The statuses that were told, each with its data.
async fn told(scene: &Scene) -> Vec<(Value, Value)> {
    sleep(Duration::from_secs(1)).await;
    let events = scene.receiver.events("session.status").into_iter();
    let payloads = events.map(|post| post.body["payload"].clone());
    payloads
        .map(|payload| (payload["status"].clone(), payload["data"].clone()))
        .collect()
}

async fn operate(scene: &Scene, verb: &str) {
    let path = format!("/api/sessions/default/{verb}");
    assert_eq!(scene.post(&path, json!({})).await.status, 201, "{verb}");
    sleep(Duration::from_secs(1)).await;
}

#[tokio::test(start_paused = true)]
async fn a_banned_account_fails_until_it_is_logged_out() {
    let scene = Scene::working(GOWS);
    scene.sim.refuse(Refused::Banned, true);
    assert_eq!(scene.sim.status(), Some(Status::Failed));
    let told = told(&scene).await;
    let (status, data) = told.last().expect("it is told");
    assert_eq!(status, "FAILED");
    assert!(
        data["reason"].as_str().expect("why").contains("banned"),
        "{data}"
    );
    operate(&scene, "restart").await;
    assert_eq!(scene.sim.status(), Some(Status::Failed));
    operate(&scene, "logout").await;
    assert_eq!(scene.sim.status(), Some(Status::ScanQrCode));
}

#[tokio::test(start_paused = true)]
async fn an_outdated_engine_fails_whatever_is_done_and_may_not_say_why() {
    let scene = Scene::working(GOWS);
    scene.sim.refuse(Refused::Outdated, false);
    for verb in ["restart", "logout"] {
        operate(&scene, verb).await;
        assert_eq!(scene.sim.status(), Some(Status::Failed), "{verb}");
    }
    let told = told(&scene).await;
    assert!(told.iter().all(|(_, data)| data.is_null()), "{told:?}");
}

/// As recorded, nothing says why; with the switch both say it, on the releases that have `data`.
#[tokio::test(start_paused = true)]
async fn an_unlinked_phone_and_used_up_codes_say_why_only_when_asked_to() {
    for says_why in [false, true] {
        let scene = Scene::working(GOWS);
        if says_why {
            scene.sim.misbehave(Misbehaviour::FailuresSayWhy.always());
        }
        scene.sim.unlink_from_phone();
        operate(&scene, "restart").await;
        operate(&scene, "logout").await;
        scene.sim.until_status(Status::Failed).await;
        let told = told(&scene).await.into_iter();
        let told: Vec<_> = told
            .filter(|(status, _)| status == "FAILED")
            .map(|(_, data)| data["event"].clone())
            .collect();
        let expected = if says_why {
            json!(["LoggedOut", "LoggedOut", "timeout"])
        } else {
            json!([null, null, null])
        };
        assert_eq!(json!(told), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_flap_ends_by_itself_and_a_store_is_read_again_after_so_many_starts() {
    let scene = Scene::working(GOWS);
    scene.sim.flap(Duration::from_secs(2));
    assert_eq!(scene.sim.status(), Some(Status::Stopped));
    sleep(Duration::from_secs(3)).await;
    assert_eq!(scene.sim.status(), Some(Status::Working));
    scene.sim.refuse_store(1);
    let overview = "/api/default/chats/overview";
    for _ in 0..2 {
        let refused = scene.get(overview).await;
        assert_eq!(refused.status, 422, "{}", refused.body);
        operate(&scene, "restart").await;
    }
    assert_eq!(scene.get(overview).await.status, 200);
}
