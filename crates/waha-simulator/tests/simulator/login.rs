//! QRs, pairing codes, scanning and unlinking (recordings C of 2026.4.1).

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use waha_simulator::{Profile, Simulator, Status};

use crate::scene::{Answer, KEY, Scene, config};

const P2026: Profile = Profile::Waha2026_4_1NoWeb;

async fn showing_qr(profile: Profile) -> Scene {
    let scene = Scene::of(profile);
    scene.start_with(config()).await;
    scene.sim.until_status(Status::ScanQrCode).await;
    scene
}

async fn qr(scene: &Scene, query: &str, accept: &str) -> Answer {
    let request = Request::builder()
        .uri(format!("/api/default/auth/qr{query}"))
        .header("x-api-key", KEY)
        .header("accept", accept)
        .body(Bytes::new())
        .expect("a request");
    scene.raw(request).await.expect("an answer")
}

fn not_as_expected(status: &str, expected: &str) -> Value {
    json!({"error":"Session status is not as expected. Try again later or restart the session","session":"default","status":status,"expected":[expected]})
}

#[tokio::test(start_paused = true)]
async fn a_qr_in_three_forms() {
    let scene = showing_qr(P2026).await;
    let raw = qr(&scene, "?format=raw", "image/png").await;
    let text = raw.body["value"].as_str().expect("a text").to_owned();
    assert!(text.starts_with("2@"));
    assert_eq!(text.split(',').count(), 4);
    for accept in [
        "*/*",
        "application/json, text/plain, */*",
        "application/json;q=1",
    ] {
        let picture = qr(&scene, "", accept).await;
        assert_eq!(picture.headers["content-type"], "image/png");
        assert_eq!(&picture.bytes[..8], b"\x89PNG\r\n\x1a\n");
        assert_eq!(picture.bytes[16..20], picture.bytes[20..24]);
        let side = u32::from_be_bytes(picture.bytes[16..20].try_into().expect("four bytes"));
        assert_eq!(side, 276, "as recorded");
    }
    let json_form = qr(&scene, "?format=image", "application/json").await;
    assert_eq!(json_form.body["mimetype"], "image/png");
    assert!(
        json_form.body["data"]
            .as_str()
            .expect("base64")
            .starts_with("iVBORw0KGgo")
    );
}

#[tokio::test(start_paused = true)]
async fn a_working_session_has_no_qr() {
    let scene = Scene::working(P2026);
    let answer = qr(&scene, "?format=raw", "*/*").await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.body, not_as_expected("WORKING", "SCAN_QR_CODE"));
    assert!((answer.seconds - 10.0).abs() < 0.01, "{}", answer.seconds);
}

#[tokio::test(start_paused = true)]
async fn a_stopped_session_has_no_qr() {
    let answer = qr(&Scene::of(P2026), "?format=raw", "*/*").await;
    assert_eq!(answer.body, not_as_expected("STOPPED", "SCAN_QR_CODE"));
    assert!((answer.seconds - 5.0).abs() < 0.01, "{}", answer.seconds);
}

#[tokio::test(start_paused = true)]
async fn six_qrs_and_then_failed() {
    let scene = showing_qr(P2026).await;
    let first = qr(&scene, "?format=raw", "*/*").await.body;
    scene.pass(59).await;
    assert_eq!(qr(&scene, "?format=raw", "*/*").await.body, first);
    scene.pass(2).await;
    assert_ne!(qr(&scene, "?format=raw", "*/*").await.body, first);
    scene.pass(98).await;
    assert_eq!(scene.sim.status(), Some(Status::ScanQrCode));
    scene.pass(2).await;
    assert_eq!(scene.sim.status(), Some(Status::Failed));
    let told = scene.receiver.events("session.status");
    let shown = told
        .iter()
        .filter(|post| post.body["payload"]["status"] == "SCAN_QR_CODE");
    assert_eq!(shown.count(), 6);
    let start = scene.post("/api/sessions/default/start", json!({})).await;
    assert_eq!(start.status, 422);
    let code = scene
        .post("/api/default/auth/request-code", json!({}))
        .await;
    assert_eq!(
        code.body["message"],
        "Can request code only in SCAN_QR_CODE status. The current status is FAILED"
    );
    scene.post("/api/sessions/default/restart", json!({})).await;
    scene.sim.until_status(Status::ScanQrCode).await;
}

#[tokio::test(start_paused = true)]
async fn scanning_leads_to_working() {
    let scene = showing_qr(P2026).await;
    scene.receiver.forget();
    let began = scene.clock.now();
    scene.sim.scan_qr().expect("a QR is shown");
    assert!(scene.sim.scan_qr().is_err(), "nobody scans twice");
    scene.sim.until_status(Status::Working).await;
    let seconds = (scene.clock.now() - began).as_seconds_f64();
    assert!((seconds - 2.3).abs() < 0.01, "{seconds}");
    scene.pass(1).await;
    let told = scene.receiver.events("session.status");
    let last = &told.last().expect("an event").body;
    assert_eq!(
        last["me"],
        json!({"id":"393331112222@c.us","pushName":"Sposo","lid":"111222333444555@lid"})
    );
    let statuses = last["payload"]["statuses"].as_array().expect("a list");
    let names: Vec<_> = statuses.iter().map(|status| &status["status"]).collect();
    assert_eq!(names, ["SCAN_QR_CODE", "STARTING", "WORKING"]);
    assert_eq!(last["payload"].get("data"), None, "newer than this version");
}

#[tokio::test(start_paused = true)]
async fn a_pairing_code_is_as_good() {
    let scene = showing_qr(P2026).await;
    let asked = json!({"phoneNumber": "+39 333 111 2222"});
    let answer = scene
        .post("/api/default/auth/request-code", asked.clone())
        .await;
    let code = answer.body["code"].as_str().expect("a code").to_owned();
    assert_eq!((answer.status.as_u16(), code.len()), (201, 9));
    let me = scene.get("/api/sessions/default/me").await.body;
    assert_eq!(
        me,
        json!({"id":"393331112222@c.us","pushName":"~","lid":""})
    );
    let with_method = json!({"phoneNumber": "393331112222", "method": "sms"});
    let refused = scene
        .post("/api/default/auth/request-code", with_method)
        .await;
    assert_eq!(
        refused.body["message"],
        "NOWEB engine doesn't support any 'method', remove it and try again"
    );
    assert!(scene.sim.type_pairing_code("AAAA-BBBB").is_err());
    scene.sim.type_pairing_code(&code).expect("the right code");
    scene.sim.until_status(Status::Working).await;
    let late = scene.post("/api/default/auth/request-code", asked).await;
    assert_eq!(
        late.body["message"],
        "Can request code only in SCAN_QR_CODE status. The current status is WORKING"
    );
}

#[tokio::test(start_paused = true)]
async fn before_the_login_me_has_no_bytes() {
    let scene = showing_qr(P2026).await;
    let me = scene.get("/api/sessions/default/me").await;
    assert_eq!((me.status.as_u16(), me.bytes.len()), (200, 0));
    let stopped = Scene::of(P2026).get("/api/sessions/default/me").await;
    assert_eq!(stopped.status, 404);
}

async fn restarted(sim: &Simulator, scene: &Scene, verb: &str) {
    scene
        .post(&format!("/api/sessions/default/{verb}"), json!({}))
        .await;
    assert_eq!(sim.status(), Some(Status::Starting));
}

#[tokio::test(start_paused = true)]
async fn unlinked_on_the_phone_only_a_logout_helps() {
    let scene = Scene::working(P2026);
    scene.sim.unlink_from_phone();
    let get = scene.get("/api/sessions/default").await.body;
    assert_eq!(get["status"], "FAILED");
    assert_eq!(get["me"]["pushName"], "Sposo");
    assert_eq!(
        scene
            .post("/api/sessions/default/start", json!({}))
            .await
            .status,
        422
    );
    restarted(&scene.sim, &scene, "restart").await;
    scene.sim.until_status(Status::Failed).await;
    restarted(&scene.sim, &scene, "logout").await;
    scene.sim.until_status(Status::ScanQrCode).await;
}

#[tokio::test(start_paused = true)]
async fn a_simulator_can_scan_by_itself() {
    let scene = Scene::with(P2026, |config| {
        config.scans_itself_after = Some(std::time::Duration::from_secs(2));
    });
    scene.start_with(config()).await;
    scene.sim.until_status(Status::Working).await;
    assert_eq!(scene.send("ciao").await.status, 201);
}
