//! The passkey that WhatsApp asks of some accounts: as documented, since no server was recorded with one (WAHA §3).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use waha_simulator::{PasskeyDemand, PasskeyVerdict, Profile, RecordedCall, Status};

use crate::scene::{Answer, Scene, config};

const CHALLENGE: &str = "/api/default/auth/passkey/challenge";
const ANSWER: &str = "/api/default/auth/passkey";
const CONFIRMATION: &str = "/api/default/auth/passkey/confirmation";
const CONFIRM: &str = "/api/default/auth/passkey/confirm";

/// A session whose QR was scanned, and whose account is asked for a passkey.
async fn asked(demand: PasskeyDemand) -> Scene {
    scanned(Profile::Waha2026_10Gows, demand).await
}

async fn scanned(profile: Profile, demand: PasskeyDemand) -> Scene {
    let scene = Scene::of(profile);
    scene.sim.demand_passkey(demand);
    scene.start_with(config()).await;
    scene.sim.until_status(Status::ScanQrCode).await;
    scene.sim.scan_qr().expect("a QR is shown");
    scene.pass(1).await;
    scene
}

fn with_code() -> PasskeyDemand {
    PasskeyDemand {
        code: Some("1234".to_owned()),
        ..PasskeyDemand::default()
    }
}

async fn challenge(scene: &Scene) -> Value {
    let answer = scene.get(CHALLENGE).await;
    assert_eq!(answer.status, 200);
    answer.body
}

fn assertion(options: &Value) -> Value {
    let client = json!({"type": "webauthn.get", "challenge": options["challenge"], "origin": "https://web.whatsapp.com"});
    json!({
        "id": "AX8bTgH2",
        "rawId": "AX8bTgH2",
        "type": "public-key",
        "response": {
            "clientDataJSON": URL_SAFE_NO_PAD.encode(client.to_string()),
            "authenticatorData": "SZYN5YgO",
            "signature": "MEUCIQDA",
        },
    })
}

fn count(scene: &Scene, call: &RecordedCall) -> usize {
    let record = scene.sim.record();
    record.iter().filter(|entry| entry.what == *call).count()
}

/// The data of the statuses told so far, of this status.
fn told(scene: &Scene, status: &str) -> Vec<Value> {
    let events = scene.receiver.events("session.status").into_iter();
    events
        .map(|post| post.body["payload"].clone())
        .filter(|payload| payload["status"] == status)
        .map(|payload| payload["data"].clone())
        .collect()
}

fn refused(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{:?}", answer.body);
}

#[tokio::test(start_paused = true)]
async fn an_answer_and_a_code_link() {
    let scene = asked(with_code()).await;
    assert_eq!(scene.sim.status(), Some(Status::PasskeyRequired));
    let options = challenge(&scene).await;
    assert_eq!(
        (
            &options["timeout"],
            &options["rpId"],
            &options["userVerification"]
        ),
        (
            &json!(60_000),
            &json!("web.whatsapp.com"),
            &json!("required")
        )
    );
    assert_eq!(options["allowCredentials"][0]["type"], "public-key");
    assert_eq!(
        told(&scene, "PASSKEY_REQUIRED"),
        std::slice::from_ref(&options)
    );
    refused(&scene.get(CONFIRMATION).await, 422);

    refused(&scene.post(ANSWER, assertion(&options)).await, 201);
    scene.pass(2).await;
    assert_eq!(
        scene.sim.status(),
        Some(Status::PasskeyConfirmationRequired)
    );
    let code = json!({"code": "1234"});
    assert_eq!(scene.get(CONFIRMATION).await.body, code);
    assert_eq!(told(&scene, "PASSKEY_CONFIRMATION_REQUIRED"), [code]);
    refused(&scene.get(CHALLENGE).await, 422);

    refused(&scene.post(CONFIRM, json!({})).await, 201);
    refused(&scene.post(CONFIRM, json!({})).await, 422);
    scene.sim.until_status(Status::Working).await;
    assert_eq!(count(&scene, &RecordedCall::PasskeyAnswered), 1);
    assert_eq!(count(&scene, &RecordedCall::PasskeyConfirmed), 1);
    assert_eq!(count(&scene, &RecordedCall::PasskeyMisstep), 1);
}

#[tokio::test(start_paused = true)]
async fn most_accounts_are_linked_without_a_code() {
    let scene = asked(PasskeyDemand::default()).await;
    let options = challenge(&scene).await;
    refused(&scene.post(ANSWER, assertion(&options)).await, 201);
    scene.sim.until_status(Status::Working).await;
    refused(&scene.get(CHALLENGE).await, 422);
}

#[tokio::test(start_paused = true)]
async fn an_expired_challenge_is_followed_by_another() {
    let scene = asked(PasskeyDemand::default()).await;
    let first = challenge(&scene).await;
    scene.pass(58).await;
    assert_eq!(challenge(&scene).await, first);
    scene.pass(2).await;
    let second = challenge(&scene).await;
    assert_ne!(second["challenge"], first["challenge"]);
    assert_eq!(
        told(&scene, "PASSKEY_REQUIRED"),
        [first.clone(), second.clone()]
    );
    refused(&scene.post(ANSWER, assertion(&first)).await, 500);
    assert_eq!(count(&scene, &RecordedCall::PasskeyMisstep), 1);
    refused(&scene.post(ANSWER, assertion(&second)).await, 201);
    scene.sim.until_status(Status::Working).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_malformed_or_repeated_is_counted() {
    let scene = asked(with_code()).await;
    let options = challenge(&scene).await;
    for path in ["/type", "/response/clientDataJSON", "/response/signature"] {
        let mut broken = assertion(&options);
        *broken.pointer_mut(path).expect("a member") = json!("?");
        refused(&scene.post(ANSWER, broken).await, 400);
    }
    refused(&scene.post(ANSWER, assertion(&options)).await, 201);
    refused(&scene.post(ANSWER, assertion(&options)).await, 422);
    assert_eq!(count(&scene, &RecordedCall::PasskeyMisstep), 4);
}

#[tokio::test(start_paused = true)]
async fn whatsapp_refuses_an_answer_and_asks_again() {
    let scene = asked(PasskeyDemand {
        verdict: PasskeyVerdict::Refuse,
        ..PasskeyDemand::default()
    })
    .await;
    let options = challenge(&scene).await;
    refused(&scene.post(ANSWER, assertion(&options)).await, 500);
    assert_ne!(challenge(&scene).await["challenge"], options["challenge"]);
    assert_eq!(count(&scene, &RecordedCall::PasskeyMisstep), 0);
}

#[tokio::test(start_paused = true)]
async fn an_account_gets_stuck_after_its_answer() {
    let scene = asked(PasskeyDemand {
        verdict: PasskeyVerdict::Stuck,
        ..PasskeyDemand::default()
    })
    .await;
    let options = challenge(&scene).await;
    refused(&scene.post(ANSWER, assertion(&options)).await, 201);
    scene.pass(300).await;
    assert_eq!(scene.sim.status(), Some(Status::PasskeyRequired));
    assert_ne!(challenge(&scene).await["challenge"], options["challenge"]);
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_cannot_ends_with_its_last_qr() {
    let scene = scanned(Profile::Waha2026_10NoWeb, PasskeyDemand::default()).await;
    refused(&scene.get(CHALLENGE).await, 422);
    assert_eq!(scene.sim.status(), Some(Status::ScanQrCode));
    scene.sim.until_status(Status::Failed).await;
}

#[tokio::test(start_paused = true)]
async fn nothing_is_asked_of_other_accounts() {
    let scene = Scene::working(Profile::Waha2026_10Gows);
    for path in [CHALLENGE, CONFIRMATION] {
        refused(&scene.get(path).await, 422);
    }
    refused(&scene.post(CONFIRM, json!({})).await, 422);
    let old = Scene::working(Profile::Waha2026_4_1NoWeb);
    refused(&old.get(CHALLENGE).await, 404);
}
