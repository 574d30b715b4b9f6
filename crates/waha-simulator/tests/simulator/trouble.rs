//! Sends that go wrong, in each way and on each engine, and sessions that do.

use std::time::Duration;

use chassis::outbound::CallError;
use rstest::rstest;
use serde_json::{Value, json};
use waha_simulator::{Misbehaviour as M, Profile, RecordedCall, Status};

use crate::scene::{Scene, ZIA, ZIA_CHAT};

const P2026: Profile = Profile::Waha2026_4_1NoWeb;
const NEWEST: Profile = Profile::Waha2026_10NoWeb;
const GOWS: Profile = Profile::Waha2026_10Gows;

pub(crate) fn shown(scene: &Scene) -> usize {
    scene.sim.phone(ZIA).len()
}

fn words() -> String {
    "Timed Out".to_owned()
}

#[rstest]
#[case(M::DropBeforeAccepting, 0)]
#[case(M::DropAfterAccepting, 1)]
#[tokio::test(start_paused = true)]
async fn a_connection_breaks(#[case] how: M, #[case] delivered: usize) {
    let scene = Scene::working(P2026);
    scene.sim.misbehave(how);
    let outcome = scene.try_send("x").await;
    assert!(
        matches!(outcome, Err(CallError::Broken { .. })),
        "{outcome:?}"
    );
    assert_eq!(shown(&scene), delivered);
    assert_eq!(
        scene.sim.record().pop().expect("an entry").what,
        RecordedCall::SendBroken
    );
    assert_eq!(scene.send("y").await.status, 201, "once only");
}

#[rstest]
#[case(M::HangBeforeAccepting, 0)]
#[case(M::HangAfterAccepting, 1)]
#[tokio::test(start_paused = true)]
async fn nobody_answers(#[case] how: M, #[case] delivered: usize) {
    let scene = Scene::working(P2026);
    scene.sim.misbehave(how);
    let hour = Duration::from_hours(1);
    assert!(
        tokio::time::timeout(hour, scene.try_send("x"))
            .await
            .is_err()
    );
    assert_eq!(shown(&scene), delivered);
    assert_eq!(
        scene.get("/api/sessions/default").await.status,
        200,
        "others are answered"
    );
}

#[rstest]
#[case(M::FailBeforeAccepting { message: words() }, 0)]
#[case(M::FailAfterAccepting { message: words() }, 1)]
#[tokio::test(start_paused = true)]
async fn a_500_does_not_tell_whether_it_went_out(#[case] how: M, #[case] delivered: usize) {
    let scene = Scene::working(P2026);
    scene.sim.misbehave(how);
    let answer = scene.send("fallisce").await;
    assert_eq!(answer.status, 500);
    let exception = json!({"message":"Timed Out","data":null,"isBoom":true,"isServer":false,"output":{},"name":"Error","stack":"Error: Timed Out"});
    assert_eq!(answer.body["exception"], exception);
    assert_eq!(answer.body["request"]["body"]["text"], "fallisce");
    assert_eq!(shown(&scene), delivered);
}

#[rstest]
#[case(400)]
#[case(403)]
#[case(422)]
#[case(429)]
#[tokio::test(start_paused = true)]
async fn a_send_can_be_refused_with_any_status(#[case] status: u16) {
    let scene = Scene::working(P2026);
    scene
        .sim
        .misbehave(M::RefuseBeforeAccepting { status }.always());
    for _ in 0..2 {
        let answer = scene.send("rifiutato").await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.body["expected"].is_array(), status == 422);
    }
    assert_eq!(shown(&scene), 0);
    let session = scene.get("/api/sessions/default").await;
    assert_eq!(session.body["status"], "WORKING", "only sends are refused");
    scene.sim.behave();
    assert_eq!(scene.send("accettato").await.status, 201);
}

#[rstest]
#[case(M::Restricted)]
#[case(M::RefusedByWhatsApp)]
#[tokio::test(start_paused = true)]
async fn noweb_learns_of_a_refusal_by_an_ack(#[case] how: M) {
    let scene = Scene::working(NEWEST);
    scene.sim.misbehave(how);
    let answer = scene.send("x").await;
    assert_eq!(answer.status, 201);
    scene.pass(60).await;
    let acks = scene.receiver.events("message.ack");
    assert_eq!(acks.len(), 1);
    assert_eq!(
        (
            &acks[0].body["payload"]["ack"],
            &acks[0].body["payload"]["ackName"]
        ),
        (&json!(-1), &json!("ERROR"))
    );
    assert_eq!(shown(&scene), 0);
    let path = format!("/api/default/chats/{ZIA_CHAT}/messages?filter.ack=ERROR");
    assert_eq!(
        scene.get(&path).await.body.as_array().map(Vec::len),
        Some(1)
    );
}

#[tokio::test(start_paused = true)]
async fn a_send_can_stay_pending_and_a_number_can_be_unreachable() {
    let scene = Scene::working(GOWS);
    scene.sim.misbehave(M::StaysPending);
    assert_eq!(scene.send("x").await.status, 201);
    scene.pass(3600).await;
    assert_eq!(
        (shown(&scene), scene.receiver.events("message.ack").len()),
        (0, 0)
    );
    assert_eq!(scene.sim.swallowed(), ["x"]);
    assert_eq!(scene.send("shown").await.status, 201);
    assert_eq!(scene.sim.swallowed(), ["x"]);
    scene.sim.misbehave(M::NoLid.always().towards(ZIA));
    let message = scene.send("x").await.body["exception"]["message"].clone();
    assert_eq!(
        message,
        "2 UNKNOWN: no LID found for 393470000001@s.whatsapp.net from server"
    );
    let other = json!({"session": "default", "chatId": "393470000002", "text": "x"});
    assert_eq!(scene.post("/api/sendText", other).await.status, 201);
}

#[tokio::test(start_paused = true)]
async fn an_answer_can_come_without_an_id() {
    let scene = Scene::working(GOWS);
    scene.sim.misbehave(M::AnswerWithoutId);
    let answer = scene.send("x").await;
    assert_eq!((answer.status.as_u16(), answer.body), (201, json!({})));
    assert_eq!(shown(&scene), 1);
}

#[tokio::test(start_paused = true)]
async fn slow_is_carried_out_even_when_the_caller_has_gone() {
    let scene = Scene::working(P2026);
    scene.sim.misbehave(M::SlowToAccept {
        delay: Duration::from_secs(90),
    });
    let patience = Duration::from_mins(1);
    assert!(
        tokio::time::timeout(patience, scene.try_send("x"))
            .await
            .is_err()
    );
    assert_eq!(shown(&scene), 0);
    scene.pass(31).await;
    assert_eq!(shown(&scene), 1);
    let answered = RecordedCall::SendAnswered {
        status: 201,
        raw_id: Some(scene.sim.phone(ZIA)[0].raw_id.clone()),
    };
    assert_eq!(scene.sim.record().pop().expect("an entry").what, answered);
}

#[tokio::test(start_paused = true)]
async fn a_restart_breaks_what_is_in_hand() {
    let scene = Scene::working(P2026);
    scene.sim.misbehave(M::SlowToAccept {
        delay: Duration::from_secs(30),
    });
    let kill = async {
        scene.pass(10).await;
        scene.sim.restart();
    };
    let (outcome, ()) = tokio::join!(scene.try_send("x"), kill);
    assert!(
        matches!(outcome, Err(CallError::Broken { .. })),
        "{outcome:?}"
    );
    scene.pass(60).await;
    assert_eq!(shown(&scene), 0);
}

#[tokio::test(start_paused = true)]
async fn away_means_no_answer_at_all() {
    let scene = Scene::working(P2026);
    scene.sim.misbehave(M::Away.times(2));
    for _ in 0..2 {
        assert!(scene.try_call("GET", "/ping", None).await.is_err());
    }
    assert_eq!(scene.get("/ping").await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_network_drop_as_recorded() {
    let scene = Scene::working(P2026);
    scene.pass(1).await;
    scene.receiver.forget();
    scene.sim.lose_network(Duration::from_secs(13));
    let dropped = scene.clock.now();
    assert_eq!(
        scene.get("/api/sessions/default").await.body["status"],
        "WORKING"
    );
    let during = scene.send("durante").await;
    assert_eq!(during.body["exception"]["message"], "Connection Closed");
    scene.pass(3).await;
    let held = scene.send("tenuto").await;
    assert_eq!(
        (held.status.as_u16(), &held.body["status"]),
        (422, &json!("STARTING"))
    );
    scene.sim.until_status(Status::Working).await;
    scene.pass(1).await;
    let told: Vec<(Value, f64)> = scene
        .receiver
        .events("session.status")
        .iter()
        .map(|post| {
            (
                post.body["payload"]["status"].clone(),
                (post.at - dropped).as_seconds_f64(),
            )
        })
        .collect();
    let starting = told.iter().filter(|(status, _)| status == "STARTING");
    let times: Vec<f64> = starting.map(|(_, at)| *at).collect();
    assert!(
        (times[0] - 2.0).abs() < 0.01 && (times[1] - 4.3).abs() < 0.01,
        "{times:?}"
    );
    assert_eq!(
        told.last().map(|(status, _)| status.clone()),
        Some(json!("WORKING"))
    );
    assert_eq!(shown(&scene), 0);
}

#[tokio::test(start_paused = true)]
async fn a_flap_is_waited_out() {
    let scene = Scene::working(P2026);
    scene.sim.lose_network(Duration::from_secs(4));
    scene.pass(3).await;
    let held = scene.send("tenuto").await;
    assert_eq!(held.status, 201, "WORKING came in time");
    assert_eq!(shown(&scene), 1);
}

#[tokio::test(start_paused = true)]
async fn stuck_until_somebody_restarts_it() {
    let scene = Scene::working(P2026);
    scene.sim.get_stuck();
    scene.pass(3600).await;
    assert_eq!(scene.sim.status(), Some(Status::Starting));
    scene.post("/api/sessions/default/restart", json!({})).await;
    scene.sim.until_status(Status::Working).await;
}

#[tokio::test(start_paused = true)]
async fn signs_can_fail_without_harm_to_sends() {
    let scene = Scene::working(P2026);
    scene.sim.misbehave(M::SignsFail.times(2));
    let chat = json!({"session": "default", "chatId": ZIA_CHAT});
    assert_eq!(
        scene.post("/api/startTyping", chat.clone()).await.status,
        500
    );
    assert_eq!(
        scene
            .post("/api/default/presence", json!({"presence": "online"}))
            .await
            .status,
        500
    );
    assert_eq!(scene.send("x").await.status, 201);
    assert_eq!(scene.post("/api/startTyping", chat).await.status, 201);
}

#[tokio::test(start_paused = true)]
async fn going_offline_alone_can_fail() {
    let scene = Scene::working(P2026);
    scene.sim.misbehave(M::OfflineFails);
    let presence = async |presence: &str| {
        let body = json!({ "presence": presence });
        scene.post("/api/default/presence", body).await.status
    };
    assert_eq!(presence("online").await, 201);
    assert_eq!(presence("offline").await, 500);
    assert!(scene.sim.is_online());
    assert_eq!(presence("offline").await, 201);
    assert!(!scene.sim.is_online());
}
