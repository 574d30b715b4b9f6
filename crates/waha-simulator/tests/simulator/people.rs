//! Guests and the owner: what reaches WAHA of what they do, and what their phones show.

use std::time::Duration;

use serde_json::{Value, json};
use waha_simulator::{AutoAcks, Misbehaviour, Owner, Profile, Status, WrittenBy};

use crate::scene::{Scene, ZIA, ZIA_CHAT, config};

const P2026: Profile = Profile::Waha2026_4_1NoWeb;
const GOWS: Profile = Profile::Waha2026_10Gows;

fn last(scene: &Scene, event: &str) -> Value {
    let posts = scene.receiver.events(event);
    posts.last().unwrap_or_else(|| panic!("no {event}")).body["payload"].clone()
}

#[tokio::test(start_paused = true)]
async fn the_owner_types_by_hand() {
    let scene = Scene::working(P2026);
    let raw_id = scene.sim.type_by_hand(ZIA, "dal telefono");
    scene.pass(1).await;
    let payload = last(&scene, "message.any");
    assert_eq!(payload["id"], format!("true_{ZIA_CHAT}_{raw_id}"));
    assert_eq!(
        (&payload["from"], &payload["source"]),
        (&json!(ZIA_CHAT), &json!("app"))
    );
    assert_eq!(
        (&payload["ack"], &payload["ackName"]),
        (&json!(1), &json!("SERVER"))
    );
    assert_eq!(payload["_data"]["status"], 2);
    assert_eq!(
        scene.receiver.events("message").len(),
        0,
        "own messages are message.any only"
    );
    let phone = scene.sim.phone(ZIA);
    assert_eq!((phone.len(), phone[0].written_by), (1, WrittenBy::Hand));
}

#[tokio::test(start_paused = true)]
async fn a_phone_that_is_off_shows_and_confirms_nothing_until_it_is_on() {
    let scene = Scene::working(P2026);
    scene.sim.guest(ZIA).switch_off();
    let raw_id = scene.send("grazie").await.raw_id();
    scene.pass(60).await;
    assert_eq!(scene.receiver.events("message.ack").len(), 0);
    assert_eq!(scene.sim.phone(ZIA).len(), 0);
    scene.sim.guest(ZIA).switch_on();
    scene.pass(2).await;
    assert_eq!(last(&scene, "message.ack")["ackName"], "DEVICE");
    let phone = scene.sim.phone(ZIA);
    assert_eq!(
        (phone.len(), phone[0].raw_id.as_str()),
        (1, raw_id.as_str())
    );
}

#[tokio::test(start_paused = true)]
async fn acks_come_by_themselves_and_each_level_once() {
    let scene = Scene::with(P2026, |config| {
        config.auto_acks = AutoAcks {
            read: Some(Duration::from_secs(5)),
            ..AutoAcks::default()
        };
    });
    scene.sim.work_at_once(config());
    let raw_id = scene.send("grazie").await.raw_id();
    scene.pass(2).await;
    let recorded = json!({"id":format!("true_{ZIA_CHAT}_{raw_id}"),"from":"393470000001@c.us","fromMe":true,"ack":2,"ackName":"DEVICE"});
    assert_eq!(last(&scene, "message.ack"), recorded);
    scene.pass(5).await;
    assert_eq!(last(&scene, "message.ack")["ackName"], "READ");
    scene.sim.guest(ZIA).reads(&raw_id);
    scene.sim.ack(&raw_id, -1);
    scene.pass(1).await;
    let acks: Vec<_> = scene
        .receiver
        .events("message.ack")
        .iter()
        .map(|post| post.body["payload"]["ack"].clone())
        .collect();
    assert_eq!(acks, [2, 3, -1], "an error after READ is passed on");
    assert!(!scene.sim.ack("3EB0NEVER", 2));
}

#[tokio::test(start_paused = true)]
async fn reactions_edits_and_deletions() {
    let scene = Scene::working(P2026);
    let own = scene.send("grazie").await.raw_id();
    let zia = scene.sim.guest(ZIA);
    zia.react(&own, "❤️");
    scene.pass(1).await;
    let reaction = last(&scene, "message.reaction");
    assert_eq!(
        reaction["reaction"],
        json!({"text":"❤️","messageId":format!("false_393331112222@c.us_{own}")})
    );
    assert_eq!(
        (&reaction["from"], &reaction["source"]),
        (&json!(ZIA_CHAT), &json!("app"))
    );

    let written = zia.write("siamo in 3");
    zia.edit(&written, "siamo in 4");
    scene.pass(1).await;
    let edited = last(&scene, "message.edited");
    assert_eq!(
        (&edited["editedMessageId"], &edited["body"]),
        (&json!(written), &json!("siamo in 4"))
    );
    let path = format!("/api/default/chats/{ZIA_CHAT}/messages/{written}");
    assert_eq!(scene.get(&path).await.body["body"], "siamo in 4");
    zia.revoke(&written);
    scene.pass(1).await;
    let revoked = last(&scene, "message.revoked");
    assert_eq!(
        (&revoked["revokedMessageId"], &revoked["before"]),
        (&json!(written), &Value::Null)
    );
    assert_eq!(scene.get(&path).await.status, 404);
    assert_eq!(
        scene.receiver.events("message").len(),
        1,
        "none of these is a message"
    );
}

#[tokio::test(start_paused = true)]
async fn under_a_hidden_id() {
    let scene = Scene::working(P2026);
    let zia = scene.sim.guest(ZIA).with_lid("77@lid");
    let raw_id = zia.write_from_lid("da lid");
    scene.pass(1).await;
    let payload = last(&scene, "message");
    assert_eq!(payload["id"], format!("false_77@lid_{raw_id}"));
    assert_eq!(payload["from"], "77@lid");
    let key = json!({"remoteJid":"77@lid","remoteJidAlt":"393470000001@s.whatsapp.net","addressingMode":"lid","fromMe":false,"id":raw_id});
    assert_eq!(payload["_data"]["key"], key);
    // an answer to the hidden id reaches the same phone
    let body = json!({"session": "default", "chatId": "77@lid", "text": "ciao"});
    scene.post("/api/sendText", body).await;
    assert_eq!(zia.phone().len(), 1);

    scene.receiver.forget();
    let raw_id = zia.write_under_both_names("due volte");
    scene.pass(1).await;
    let posts = scene.receiver.events("message");
    let ids: Vec<_> = posts
        .iter()
        .map(|post| post.body["payload"]["id"].clone())
        .collect();
    assert_eq!(
        ids,
        [
            json!(format!("false_77@lid_{raw_id}")),
            json!(format!("false_{ZIA_CHAT}_{raw_id}"))
        ]
    );
    assert_ne!(posts[0].body["id"], posts[1].body["id"]);

    let gows = Scene::working(GOWS);
    gows.sim.guest(ZIA).with_lid("77").write_from_lid("da lid");
    gows.pass(1).await;
    let payload = last(&gows, "message");
    assert_eq!(
        payload["_data"]["Info"]["SenderAlt"],
        "393470000001@s.whatsapp.net"
    );
}

#[tokio::test(start_paused = true)]
async fn in_a_group() {
    let scene = Scene::of(P2026);
    let mut open = config();
    open["ignore"] = json!({"groups": false});
    scene.sim.work_at_once(open.clone());
    let raw_id = scene.sim.guest(ZIA).write_in_group("nel gruppo");
    scene.pass(1).await;
    let payload = last(&scene, "message");
    assert_eq!(
        payload["id"],
        format!("false_120363000000000001@g.us_{raw_id}_{ZIA_CHAT}")
    );
    assert_eq!(
        (&payload["to"], &payload["participant"]),
        (&json!("120363000000000001@g.us"), &json!(ZIA_CHAT))
    );
    open["ignore"] = json!({"groups": true});
    scene.sim.work_at_once(open);
    scene.receiver.forget();
    scene.sim.guest(ZIA).write_in_group("nel gruppo");
    scene.pass(1).await;
    assert_eq!(scene.receiver.events("message").len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_quoted_answer_and_a_photo() {
    let scene = Scene::working(P2026);
    let own = scene.send("Venite?").await.raw_id();
    let zia = scene.sim.guest(ZIA);
    zia.reply_to(&own, "Sì!");
    scene.pass(1).await;
    let reply = &last(&scene, "message")["replyTo"];
    assert_eq!(
        (&reply["id"], &reply["participant"], &reply["body"]),
        (&json!(own), &json!("393331112222@c.us"), &json!("Venite?"))
    );

    zia.send_photo("foto");
    scene.pass(1).await;
    let photo = last(&scene, "message");
    assert_eq!(
        (&photo["hasMedia"], &photo["media"]["mimetype"]),
        (&json!(true), &json!("image/jpeg"))
    );
    scene.sim.misbehave(Misbehaviour::MediaUnreachable);
    scene.receiver.forget();
    zia.send_photo("foto");
    scene.pass(11).await;
    assert_eq!(scene.receiver.events("message").len(), 0);
    scene.pass(2).await;
    let photo = last(&scene, "message");
    assert_eq!(
        (&photo["hasMedia"], &photo["media"]["url"], &photo["body"]),
        (&json!(true), &Value::Null, &json!("foto"))
    );
}

#[tokio::test(start_paused = true)]
async fn undecrypted_first_and_readable_later() {
    let scene = Scene::working(P2026);
    let zia = scene.sim.guest(ZIA);
    let raw_id = zia.write_undecrypted();
    scene.pass(1).await;
    assert_eq!(last(&scene, "message.waiting")["body"], Value::Null);
    assert_eq!(scene.receiver.events("message").len(), 0);
    zia.decrypts(&raw_id, "ora sì");
    scene.pass(1).await;
    assert_eq!(
        last(&scene, "message")["id"],
        format!("false_{ZIA_CHAT}_{raw_id}")
    );
}

#[tokio::test(start_paused = true)]
async fn a_backlog_arrives_at_once_with_its_old_times() {
    let scene = Scene::working(P2026);
    scene.sim.lose_network(Duration::from_secs(100));
    scene.pass(3).await;
    assert_eq!(scene.sim.status(), Some(Status::Starting));
    let written = scene.clock.now().timestamp();
    scene.sim.guest(ZIA).write("mentre eri via");
    scene.sim.type_by_hand(ZIA, "a mano");
    scene.pass(60).await;
    assert_eq!(scene.receiver.events("message.any").len(), 0);
    scene.sim.until_status(Status::Working).await;
    scene.pass(1).await;
    assert_eq!(scene.receiver.events("message.any").len(), 2);
    assert_eq!(last(&scene, "message")["timestamp"], written);
    let old = scene.clock.now() - chrono::TimeDelta::hours(2);
    scene.sim.guest(ZIA).write_at(old, "due ore fa");
    scene.pass(1).await;
    assert_eq!(last(&scene, "message")["timestamp"], old.timestamp());
}

#[tokio::test(start_paused = true)]
async fn what_was_written_before_pairing_is_history_only() {
    let scene = Scene::of(P2026);
    scene.sim.guest(ZIA).write("prima");
    scene.start_with(config()).await;
    scene.sim.until_status(Status::ScanQrCode).await;
    scene.sim.scan_qr().expect("a QR");
    scene.sim.until_status(Status::Working).await;
    scene.pass(10).await;
    assert_eq!(scene.receiver.events("message").len(), 0);
    let list = scene.get("/api/default/chats/all/messages").await.body;
    assert_eq!(list[0]["body"], "prima");
}

#[tokio::test(start_paused = true)]
async fn two_sessions_have_two_owners() {
    let scene = Scene::of(GOWS);
    let owner = Owner {
        number: "393334445555".to_owned(),
        name: "Sposa".to_owned(),
        lid: "222".to_owned(),
    };
    let bride = scene.sim.for_session("bride", owner);
    scene
        .post(
            "/api/sessions",
            json!({"name": "bride", "config": config(), "start": true}),
        )
        .await;
    bride.until_status(Status::ScanQrCode).await;
    bride.scan_qr().expect("a QR");
    bride.until_status(Status::Working).await;
    bride.guest(ZIA).write("ciao sposa");
    scene.pass(1).await;
    let post = scene.receiver.events("message").pop().expect("a message");
    assert_eq!(
        (&post.body["session"], &post.body["me"]["pushName"]),
        (&json!("bride"), &json!("Sposa"))
    );
    let body = json!({"session": "bride", "chatId": ZIA_CHAT, "text": "ciao"});
    assert_eq!(scene.post("/api/sendText", body).await.status, 201);
    assert_eq!(scene.sim.phone(ZIA)[0].session, "bride");
}

/// 2026.8.1 takes everybody for the account itself (WAHA §9).
#[tokio::test(start_paused = true)]
async fn waha_2026_8_answers_the_own_number_for_every_hidden_id_and_files_under_it_what_is_typed() {
    let scene = Scene::working(Profile::Waha2026_8Gows);
    scene.sim.guest(ZIA).with_lid("77").write_from_lid("da lid");
    let lid = scene.get("/api/default/lids/77@lid").await;
    let own = "393331112222@c.us";
    assert_eq!(lid.body, json!({"lid": "77@lid", "pn": own}));
    let raw_id = scene.sim.type_by_hand(ZIA, "Arrivo");
    scene.pass(1).await;
    let typed = last(&scene, "message.any");
    assert_eq!(typed["id"], format!("true_{own}_{raw_id}"));
    assert_eq!(typed["to"], Value::Null);
    assert_eq!(scene.sim.phone(ZIA)[0].text, "Arrivo");
}
