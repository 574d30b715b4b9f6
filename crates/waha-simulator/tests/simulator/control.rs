//! The human side over HTTP, as other processes use it.

use std::time::Duration;

use bytes::Bytes;
use chassis::Outbound;
use chassis::outbound::InProcessPeer;
use http::{Request, StatusCode};
use serde_json::{Value, json};
use waha_simulator::Profile;

use crate::scene::{Scene, ZIA, config};

struct Controlled {
    scene: Scene,
    control: Outbound,
}

impl Controlled {
    fn new(profile: Profile) -> Self {
        let scene = Scene::of(profile);
        let peer = InProcessPeer::down();
        peer.start(scene.sim.control_router());
        Self {
            scene,
            control: Outbound::in_process(peer),
        }
    }

    async fn call(&self, method: &str, path: &str, body: Value) -> (StatusCode, Value) {
        let request = Request::builder()
            .method(method)
            .uri(format!("/control/{path}"))
            .header("content-type", "application/json")
            .body(Bytes::from(body.to_string()))
            .expect("a request");
        let answer = self
            .control
            .call(request, Duration::from_hours(1))
            .await
            .expect("an answer");
        (
            answer.status(),
            serde_json::from_slice(answer.body()).unwrap_or(Value::Null),
        )
    }

    async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        self.call("POST", path, body).await
    }

    async fn get(&self, path: &str) -> Value {
        self.call("GET", path, json!({})).await.1
    }
}

#[tokio::test(start_paused = true)]
async fn a_demo_by_remote_control() {
    let demo = Controlled::new(Profile::Waha2026_4_1NoWeb);
    assert_eq!(demo.post("scan", json!({})).await.0, StatusCode::CONFLICT);
    demo.scene.start_with(config()).await;
    demo.scene.pass(1).await;
    assert_eq!(demo.post("scan", json!({})).await.0, StatusCode::NO_CONTENT);
    demo.scene.pass(3).await;
    assert_eq!(demo.get("status").await, json!({"status": "WORKING"}));

    let (_, written) = demo
        .post(
            &format!("guests/{ZIA}/write"),
            json!({"text": "ciao", "name": "Zia", "lid": "77", "under": "lid"}),
        )
        .await;
    demo.scene.pass(1).await;
    let event = demo
        .scene
        .receiver
        .events("message")
        .pop()
        .expect("an event")
        .body;
    let raw_id = written["raw_id"].as_str().expect("an id");
    assert_eq!(event["payload"]["id"], format!("false_77@lid_{raw_id}"));
    assert_eq!(event["payload"]["_data"]["pushName"], "Zia");
}

#[tokio::test(start_paused = true)]
async fn a_passkey_by_remote_control() {
    let demo = Controlled::new(Profile::Waha2026_10Gows);
    let demand = json!({"rp_id": "localhost", "verdict": "stuck"});
    assert_eq!(demo.post("passkey", demand).await.0, StatusCode::NO_CONTENT);
    demo.scene.start_with(config()).await;
    demo.scene.pass(1).await;
    demo.post("scan", json!({})).await;
    assert_eq!(
        demo.get("status").await,
        json!({"status": "PASSKEY_REQUIRED"})
    );
    let challenge = demo.scene.get("/api/default/auth/passkey/challenge").await;
    assert_eq!(challenge.body["rpId"], "localhost");
    let gone = demo.call("DELETE", "passkey", json!({})).await;
    assert_eq!(gone.0, StatusCode::NO_CONTENT);
    let restart = "/api/sessions/default/restart";
    demo.scene.post(restart, json!({})).await;
    demo.scene.pass(1).await;
    demo.post("scan", json!({})).await;
    demo.scene.pass(3).await;
    assert_eq!(demo.get("status").await, json!({"status": "WORKING"}));
}

#[tokio::test(start_paused = true)]
async fn gates_acks_and_the_record_by_remote_control() {
    let demo = Controlled::new(Profile::Waha2026_4_1NoWeb);
    demo.scene.sim.work_at_once(config());
    let (_, placed) = demo
        .post("gates", json!({"step": "send_after_accept"}))
        .await;
    let gate = format!("gates/{}", placed["id"]);
    let hold = async {
        assert_eq!(
            demo.get(&format!("{gate}/reached")).await,
            json!({"reached": true})
        );
        assert_eq!(
            demo.get(&format!("phone/{ZIA}")).await[0]["text"],
            "ciao zia"
        );
        assert_eq!(
            demo.call("DELETE", &gate, json!({})).await.0,
            StatusCode::NO_CONTENT
        );
    };
    let (answer, ()) = tokio::join!(demo.scene.send("ciao zia"), hold);
    let own = answer.raw_id();
    assert_eq!(
        demo.post("ack", json!({"raw_id": own, "level": 3})).await.0,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        demo.post("ack", json!({"raw_id": "NOPE", "level": 3}))
            .await
            .0,
        StatusCode::NOT_FOUND
    );
    assert_eq!(demo.get("deliveries").await[0]["written_by"], "waha");
    let record = demo.get("record").await;
    let calls: Vec<_> = record
        .as_array()
        .expect("a list")
        .iter()
        .map(|entry| entry["what"]["call"].clone())
        .collect();
    assert!(calls.contains(&json!("send_arrived")) && calls.contains(&json!("send_answered")));
    assert!(
        !demo
            .get("posted")
            .await
            .as_array()
            .expect("a list")
            .is_empty()
    );
}

#[tokio::test(start_paused = true)]
async fn trouble_by_remote_control() {
    let demo = Controlled::new(Profile::Waha2026_10Gows);
    demo.scene.sim.work_at_once(config());
    let switch = json!({"kind": "slow_to_answer", "delay_ms": 5000, "times": 2, "towards": ZIA});
    assert_eq!(
        demo.post("misbehave", switch).await.0,
        StatusCode::NO_CONTENT
    );
    assert!(demo.scene.send("x").await.seconds >= 5.0);
    assert_eq!(
        demo.call("DELETE", "misbehave", json!({})).await.0,
        StatusCode::NO_CONTENT
    );
    assert!(demo.scene.send("x").await.seconds < 1.0);
    demo.post(
        "misbehave",
        json!({"kind": "fail_before_accepting", "message": "Timed Out"}),
    )
    .await;
    assert_eq!(demo.scene.send("x").await.status, 500);
    assert_eq!(
        demo.scene.send("x").await.status,
        201,
        "absent times is once"
    );

    demo.post("restrict", json!({"until": "2026-12-01T00:00:00Z"}))
        .await;
    assert_eq!(demo.scene.send("x").await.status, 500);
    demo.post("restrict", json!({"until": null})).await;
    let cap = json!({"status": "CAPPED", "total_quota": 250, "cycle_end": 1_796_083_200});
    assert_eq!(demo.post("cap", cap).await.0, StatusCode::NO_CONTENT);
    demo.post("lose-network", json!({"for_ms": 3000})).await;
    demo.scene.pass(3).await;
    assert_eq!(demo.get("status").await, json!({"status": "STARTING"}));
    demo.scene.pass(5).await;
    demo.post("restart", json!({})).await;
    demo.scene.pass(1).await;
    assert_eq!(demo.get("status").await, json!({"status": "WORKING"}));
    let by_hand = json!({"number": ZIA, "text": "a mano"});
    let (_, typed) = demo.post("type-by-hand", by_hand).await;
    assert!(typed["raw_id"].is_string());
    demo.post("unlink", json!({})).await;
    assert_eq!(demo.get("status").await, json!({"status": "FAILED"}));
    assert_eq!(
        demo.get("status?session=nobody").await,
        json!({"status": null})
    );
}
