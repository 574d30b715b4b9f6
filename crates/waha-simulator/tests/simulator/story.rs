//! The shortest whole story: configure, scan, a guest writes, an answer goes out.

use rstest::rstest;
use waha_simulator::{Profile, RecordedCall, Status};

use crate::scene::{Scene, ZIA, ZIA_CHAT, config};

#[rstest]
#[case(Profile::Waha2026_4_1NoWeb)]
#[case(Profile::Waha2026_10NoWeb)]
#[case(Profile::Waha2026_10Gows)]
#[case(Profile::Waha2026_10WebJs)]
#[tokio::test(start_paused = true)]
async fn a_guest_writes_and_is_answered(#[case] profile: Profile) {
    let scene = Scene::of(profile);
    scene.start_with(config()).await;
    scene.sim.until_status(Status::ScanQrCode).await;
    scene.sim.scan_qr().unwrap();
    scene.sim.until_status(Status::Working).await;

    let zia = scene.sim.guest(ZIA).named("Zia Pina");
    let raw_id = zia.write("Ciao àè 💍");
    scene.pass(1).await;
    let messages = scene.receiver.events("message");
    assert_eq!(messages.len(), 1);
    let payload = &messages[0].body["payload"];
    assert_eq!(payload["id"], format!("false_{ZIA_CHAT}_{raw_id}"));
    assert_eq!(payload["body"], "Ciao àè 💍");

    let answer = scene.send("Ciao Zia").await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let phone = zia.phone();
    assert_eq!(phone.len(), 1);
    assert_eq!(phone[0].text, "Ciao Zia");
    let own = scene.receiver.events("message.any");
    assert_eq!(own.last().unwrap().body["payload"]["fromMe"], true);
    let accepted = scene.sim.record().into_iter().any(|entry| {
        matches!(entry.what, RecordedCall::SendAccepted { raw_id, .. } if raw_id == phone[0].raw_id)
    });
    assert!(accepted);
}
