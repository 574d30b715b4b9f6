//! Sessions, their configuration and their operations (recordings B and I of 2026.4.1).

use rstest::rstest;
use serde_json::{Value, json};
use waha_simulator::{Profile, Status};

use crate::scene::{Answer, Scene, config};

const P2026: Profile = Profile::Waha2026_4_1NoWeb;

fn store_on() -> Value {
    json!({"noweb": {"store": {"enabled": true, "fullSync": false}}})
}

fn is(answer: &Answer, status: u16, body: &Value) {
    assert_eq!((answer.status.as_u16(), &answer.body), (status, body));
}

fn took(answer: &Answer, seconds: f64) {
    assert!(
        (answer.seconds - seconds).abs() < 0.05,
        "{} s, not {seconds} s",
        answer.seconds
    );
}

#[tokio::test(start_paused = true)]
async fn default_exists_from_the_start() {
    let scene = Scene::of(P2026);
    is(&scene.get("/api/sessions").await, 200, &json!([]));
    let all = json!([{"name":"default","status":"STOPPED","config":null,"me":null,"presence":null,"timestamps":{"activity":null}}]);
    is(&scene.get("/api/sessions?all=true").await, 200, &all);
    let one = json!({"name":"default","status":"STOPPED","config":null,"me":null,"presence":null,"timestamps":{"activity":null},"engine":{}});
    is(&scene.get("/api/sessions/default").await, 200, &one);
    let bad =
        json!({"message":["all must be a boolean value"],"error":"Bad Request","statusCode":400});
    is(&scene.get("/api/sessions?all=maybe").await, 400, &bad);
    let create = scene
        .post("/api/sessions", json!({"name": "default", "start": true}))
        .await;
    let exists = json!({"message":"Session 'default' already exists. Use PUT to update it.","error":"Unprocessable Entity","statusCode":422});
    is(&create, 422, &exists);
}

#[tokio::test(start_paused = true)]
async fn other_names_are_refused_by_the_free_tier() {
    let scene = Scene::of(P2026);
    let recorded = json!({"message":"WAHA Core support only 'default' session. You tried to access 'groom' session (base64: Z3Jvb20=). If you want to run more then one WhatsApp account - please get WAHA PLUS version. Check this out: https://waha.devlike.pro/","error":"Unprocessable Entity","statusCode":422});
    is(&scene.get("/api/sessions/groom").await, 422, &recorded);
    is(
        &scene
            .post("/api/sessions", json!({"name": "groom", "start": true}))
            .await,
        422,
        &recorded,
    );
    is(
        &scene
            .put("/api/sessions/groom", json!({"config": {}}))
            .await,
        422,
        &recorded,
    );
    is(
        &scene.get("/api/groom/auth/qr?format=raw").await,
        422,
        &recorded,
    );
    is(&scene.get("/api/groom/chats").await, 422, &recorded);
    let send = json!({"session": "groom", "chatId": "393470000001@c.us", "text": "x"});
    is(&scene.post("/api/sendText", send).await, 422, &recorded);
}

#[tokio::test(start_paused = true)]
async fn the_newest_has_any_number_of_sessions() {
    let scene = Scene::of(Profile::Waha2026_10Gows);
    is(&scene.get("/api/sessions?all=true").await, 200, &json!([]));
    for name in ["groom", "bride"] {
        let made = scene
            .post("/api/sessions", json!({"name": name, "config": config()}))
            .await;
        assert_eq!(
            (made.status.as_u16(), made.body["status"].as_str()),
            (201, Some("STOPPED"))
        );
    }
    let started = scene.post("/api/sessions/bride/start", json!({})).await;
    assert_eq!(started.body["status"], "STARTING");
    let running = scene.get("/api/sessions").await.body;
    assert_eq!(running.as_array().map(Vec::len), Some(1));
    assert_eq!(running[0]["name"], "bride");
}

#[rstest]
#[case::types(json!({"name":5,"start":"yes"}), json!(["name must be a string","name must be shorter than or equal to 54 characters","Session name can only contain alphanumeric characters, hyphens, and underscores (a-z, A-Z, 0-9, -, _) or be empty","start must be a boolean value"]))]
#[case::characters(json!({"name":"a b/ü","start":true}), json!(["Session name can only contain alphanumeric characters, hyphens, and underscores (a-z, A-Z, 0-9, -, _) or be empty"]))]
#[tokio::test(start_paused = true)]
async fn a_bad_create_is_told_why(#[case] body: Value, #[case] message: Value) {
    let answer = Scene::of(P2026).post("/api/sessions", body).await;
    is(
        &answer,
        400,
        &json!({"message": message, "error": "Bad Request", "statusCode": 400}),
    );
}

const EVENTS: &str = "config.webhooks.0.each value in events must be one of the following values: session.status, message, message.reaction, message.any, message.ack, message.ack.group, message.waiting, message.revoked, message.edited, state.change, group.join, group.leave, group.v2.join, group.v2.leave, group.v2.update, group.v2.participants, presence.update, poll.vote, poll.vote.failed, chat.archive, call.received, call.accepted, call.rejected, label.upsert, label.deleted, label.chat.added, label.chat.deleted, event.response, event.response.failed, engine.event, *";

#[rstest]
#[case(json!({"webhooks":[{"url":"http://127.0.0.1:3991/s","events":["message","nope"]}]}), json!([EVENTS]))]
#[case(json!({"webhooks":[{"url":"not a url","events":["message"]}]}), json!(["config.webhooks.0.url must be a URL address"]))]
#[case(json!({"webhooks":[{"url":"http://127.0.0.1:3991/s"}]}), json!(["config.webhooks.0.events must be an array", EVENTS]))]
#[case(json!({"webhooks":[{"url":"http://127.0.0.1:3991/s","events":["message"],"retries":{"policy":"fast","attempts":"x","delaySeconds":-1}}]}), json!(["config.webhooks.0.retries.attempts must be a number conforming to the specified constraints","config.webhooks.0.retries.policy must be one of the following values: linear, exponential, constant"]))]
#[case(json!({"metadata":{"a":1}}), json!(["config.metadata accepts string key-value pairs only"]))]
#[tokio::test(start_paused = true)]
async fn a_bad_config_is_told_why(#[case] config: Value, #[case] message: Value) {
    let answer = Scene::of(P2026)
        .put("/api/sessions/default", json!({"config": config}))
        .await;
    is(
        &answer,
        400,
        &json!({"message": message, "error": "Bad Request", "statusCode": 400}),
    );
}

#[tokio::test(start_paused = true)]
async fn a_deleted_session_is_gone() {
    let scene = Scene::of(P2026);
    for _ in 0..2 {
        let deleted = scene.call("DELETE", "/api/sessions/default", None).await;
        assert_eq!((deleted.status.as_u16(), deleted.bytes.len()), (200, 0));
    }
    let not_found = json!({"message":"Session not found","error":"Not Found","statusCode":404});
    is(&scene.get("/api/sessions/default").await, 404, &not_found);
    for verb in ["start", "restart", "logout"] {
        let path = format!("/api/sessions/default/{verb}");
        is(&scene.post(&path, json!({})).await, 404, &not_found);
    }
    let stop = scene.post("/api/sessions/default/stop", json!({})).await;
    assert_eq!((stop.status.as_u16(), stop.bytes.len()), (201, 0));
    let send = scene.send("x").await;
    is(
        &send,
        422,
        &json!({"error":"Session \"default\" does not exist","session":"default"}),
    );
    took(&send, 5.0);

    let unstarted = scene
        .post("/api/sessions", json!({"name": "default"}))
        .await;
    assert_eq!((unstarted.status.as_u16(), unstarted.bytes.len()), (201, 0));
    assert_eq!(scene.sim.status(), None);
    let body = json!({"name":"default","start":true,"config":{"metadata":{"who":"sposo"},"noweb":{"store":{"enabled":true,"fullSync":false}}}});
    let made = scene.post("/api/sessions", body).await;
    let recorded = json!({"name":"default","status":"STARTING","config":{"metadata":{"who":"sposo"},"noweb":{"markOnline":true,"store":{"enabled":true,"fullSync":false}}},"me":null,"presence":null,"timestamps":{},"engine":{"engine":"NOWEB"}});
    is(&made, 201, &recorded);
}

#[tokio::test(start_paused = true)]
async fn what_waha_does_not_know_is_dropped() {
    let scene = Scene::of(P2026);
    let body = json!({"config":{"foo":1,"noweb":{"store":{"enabled":true,"fullSync":false},"bar":2}},"baz":3});
    let put = scene.put("/api/sessions/default", body).await;
    assert_eq!(
        put.body["config"],
        json!({"noweb":{"markOnline":true,"store":{"enabled":true,"fullSync":false}}})
    );
    took(&put, 0.0);
    scene.post("/api/sessions/default/start", json!({})).await;
    let put = scene
        .put("/api/sessions/default", json!({"config": config()}))
        .await;
    took(&put, 3.0);
    assert_eq!(put.body["config"], config(), "secrets in clear, as stored");
}

#[tokio::test(start_paused = true)]
async fn operations_take_their_time() {
    let scene = Scene::working(P2026);
    let restart = scene.post("/api/sessions/default/restart", json!({})).await;
    assert_eq!(restart.body["status"], "STARTING");
    took(&restart, 3.0);
    scene.sim.until_status(Status::Working).await;
    let started = scene.post("/api/sessions/default/start", json!({})).await;
    assert_eq!(
        started.body["message"],
        "Session 'default' is already started."
    );
    let stop = scene.post("/api/sessions/default/stop", json!({})).await;
    assert_eq!(
        (stop.status.as_u16(), &stop.body["status"]),
        (201, &json!("STOPPED"))
    );
    took(&stop, 3.0);
    took(
        &scene.post("/api/sessions/default/stop", json!({})).await,
        0.0,
    );
    scene.post("/api/sessions/default/start", json!({})).await;
    scene.sim.until_status(Status::Working).await;
    let out = scene.post("/api/sessions/default/logout", json!({})).await;
    assert_eq!((out.status.as_u16(), &out.body["me"]), (201, &Value::Null));
    took(&out, 4.0);
    scene.sim.until_status(Status::ScanQrCode).await;
}

#[tokio::test(start_paused = true)]
async fn a_send_during_a_restart_is_held_and_goes_out() {
    let scene = Scene::working(P2026);
    let restart = scene.post("/api/sessions/default/restart", json!({}));
    let send = async {
        scene.pass(1).await;
        let get = scene.get("/api/sessions/default").await;
        assert_eq!(get.body["status"], "STOPPED");
        scene.send("nel riavvio").await
    };
    let (restart, send) = tokio::join!(restart, send);
    assert_eq!((restart.status.as_u16(), send.status.as_u16()), (201, 201));
    assert!(send.seconds > 2.0 && send.seconds < 3.0, "{}", send.seconds);
}

#[tokio::test(start_paused = true)]
async fn the_third_operation_at_once_is_refused() {
    let scene = Scene::working(P2026);
    let restart = || scene.post("/api/sessions/default/restart", json!({}));
    let (first, second, third) = tokio::join!(restart(), restart(), restart());
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (201, 201));
    assert_eq!(third.status, 500);
    assert_eq!(
        third.body["exception"]["message"],
        "async-lock timed out in queue default"
    );
    took(&third, 5.0);
}

#[tokio::test(start_paused = true)]
async fn a_working_session_shows_its_account() {
    let scene = Scene::of(P2026);
    scene.sim.work_at_once(store_on());
    let recorded = json!({"name":"default","status":"WORKING","config":{"noweb":{"store":{"enabled":true,"fullSync":false}}},"me":{"id":"393331112222@c.us","pushName":"Sposo","lid":"111222333444555@lid"},"presence":null,"timestamps":{},"engine":{"engine":"NOWEB"}});
    is(&scene.get("/api/sessions/default").await, 200, &recorded);
    scene.send("ciao").await;
    let after = scene.get("/api/sessions/default").await.body;
    assert_eq!(after["presence"], "online");
    assert!(after["timestamps"]["activity"].is_i64());
}
