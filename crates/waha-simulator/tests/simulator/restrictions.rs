//! Restrictions of the account: error 463, time-locks, cappings, and messages that stay at the server.

use rstest::rstest;
use serde_json::{Value, json};
use waha_simulator::{Misbehaviour as M, Profile};

use crate::scene::{Scene, ZIA};
use crate::trouble::shown;

const NEWEST: Profile = Profile::Waha2026_10NoWeb;
const GOWS: Profile = Profile::Waha2026_10Gows;
const WEBJS: Profile = Profile::Waha2026_10WebJs;

#[rstest]
#[case(GOWS, "2 UNKNOWN: server returned error 463")]
#[case(WEBJS, "server returned error 463")]
#[tokio::test(start_paused = true)]
async fn error_463(#[case] profile: Profile, #[case] message: &str) {
    let scene = Scene::working(profile);
    scene.sim.misbehave(M::Restricted);
    let answer = scene.send("x").await;
    assert_eq!(answer.status, 500);
    assert_eq!(answer.body["exception"]["message"], message);
    assert_eq!(shown(&scene), 0);
}

#[tokio::test(start_paused = true)]
async fn a_restricted_account_still_answers_those_who_wrote() {
    let scene = Scene::working(GOWS);
    let ends = scene.clock.now() + chrono::TimeDelta::hours(6);
    scene.sim.restrict(Some(ends));
    scene.pass(1).await;
    let lock = json!({"enforcementType":"RESTRICT_ALL_COMPANIONS","isActive":true,"timeEnforcementEnds":ends.timestamp()});
    let told = scene
        .receiver
        .events("session.status")
        .pop()
        .expect("an event")
        .body;
    assert_eq!(
        (
            &told["payload"]["status"],
            &told["payload"]["data"]["reachoutTimelock"]
        ),
        (&json!("WORKING"), &lock)
    );
    assert_eq!(
        scene.get("/api/sessions/default").await.body["me"]["reachoutTimelock"],
        lock
    );
    assert_eq!(scene.get("/api/sessions/default/timelock").await.body, lock);
    assert_eq!(scene.send("freddo").await.status, 500);
    scene.sim.guest(ZIA).write("ciao");
    assert_eq!(scene.send("risposta").await.status, 201);
    scene.sim.restrict(None);
    let lifted = scene.get("/api/sessions/default/timelock").await.body;
    assert_eq!(lifted["isActive"], false);
}

#[rstest]
#[case(404)]
#[case(500)]
#[tokio::test(start_paused = true)]
async fn restrictions_that_cannot_be_read(#[case] status: u16) {
    let scene = Scene::working(GOWS);
    let unreadable = M::RestrictionsUnreadable { status };
    scene.sim.misbehave(unreadable.times(2));
    for route in ["timelock", "capping"] {
        let answer = scene.get(&format!("/api/sessions/default/{route}")).await;
        assert_eq!(answer.status, status, "{route}");
    }
    assert_eq!(
        scene.get("/api/sessions/default/timelock").await.body,
        Value::Null
    );
}

#[tokio::test(start_paused = true)]
async fn a_capping_is_shown_and_told_with_the_status() {
    let scene = Scene::working(GOWS);
    let ends = scene.clock.now().timestamp() + 3600;
    scene.sim.cap("FIRST_WARNING", 250, ends);
    scene.pass(1).await;
    let told = scene.receiver.events("session.status").pop();
    let told = &told.expect("an event").body["payload"];
    let capping = &told["data"]["messageCapping"];
    assert_eq!(told["status"], "WORKING");
    assert_eq!(
        (&capping["cappingStatus"], &capping["cycleEnd"]),
        (&json!("FIRST_WARNING"), &json!(ends))
    );
    assert_eq!(
        scene.get("/api/sessions/default/capping").await.body,
        *capping
    );
    let info = scene.get("/api/sessions/default").await.body;
    assert_eq!(info["me"]["messageCapping"], *capping);
}

#[tokio::test(start_paused = true)]
async fn a_message_that_stays_at_server_is_confirmed_and_never_delivered() {
    let scene = Scene::working(NEWEST);
    scene.sim.misbehave(M::StaysAtServer.always().towards(ZIA));
    assert_eq!(scene.send("x").await.status, 201);
    scene.pass(3600).await;
    let acks = scene.receiver.events("message.ack");
    let acks: Vec<_> = acks.iter().map(|ack| &ack.body["payload"]["ack"]).collect();
    assert_eq!(acks, [&json!(1)]);
    assert_eq!(shown(&scene), 0);
}
