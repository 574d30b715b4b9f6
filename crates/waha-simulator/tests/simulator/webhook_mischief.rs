//! Webhooks that are lost, doubled, late, shuffled, held back or badly signed.

use std::time::Duration;

use http::StatusCode;
use serde_json::json;
use waha_simulator::Misbehaviour;

use crate::scene::{Received, Scene, ZIA};
use crate::webhooks::{hmac, with_hook};

fn bodies(scene: &Scene) -> Vec<String> {
    let text = |post: Received| {
        post.body["payload"]["body"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    scene
        .receiver
        .events("message")
        .into_iter()
        .map(text)
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_burst_arrives_in_order_and_a_retry_is_overtaken() {
    let scene = with_hook(&json!({}));
    let zia = scene.sim.guest(ZIA);
    let texts: Vec<String> = (0..60).map(|n| format!("m{n}")).collect();
    for text in &texts {
        zia.write(text);
    }
    scene.pass(1).await;
    assert_eq!(bodies(&scene), texts);
    scene.receiver.forget();
    scene
        .receiver
        .answer_next(StatusCode::INTERNAL_SERVER_ERROR);
    zia.write("primo");
    zia.write("secondo");
    scene.pass(5).await;
    assert_eq!(bodies(&scene), ["primo", "secondo", "primo"]);
}

#[tokio::test(start_paused = true)]
async fn webhooks_can_be_lost_doubled_late_and_held_back() {
    let scene = with_hook(&json!({}));
    let zia = scene.sim.guest(ZIA);
    scene.sim.misbehave(
        Misbehaviour::WebhooksLost { chance: 1.0 }
            .times(1)
            .towards(ZIA),
    );
    scene.sim.guest("393470000002").write("altro");
    zia.write("perso");
    zia.write("arrivato");
    scene.pass(1).await;
    assert_eq!(bodies(&scene), ["altro", "arrivato"]);
    scene.receiver.forget();

    scene
        .sim
        .misbehave(Misbehaviour::WebhooksDoubled { chance: 1.0 });
    zia.write("doppio");
    scene.pass(1).await;
    let posts = scene.receiver.all();
    assert_eq!((posts.len(), posts[0].raw == posts[1].raw), (2, true));
    scene.receiver.forget();

    scene.sim.misbehave(Misbehaviour::WebhooksLate {
        delay: Duration::from_secs(30),
    });
    zia.write("tardi");
    zia.write("subito");
    scene.pass(31).await;
    assert_eq!(bodies(&scene), ["subito", "tardi"]);
    scene.receiver.forget();

    scene.sim.misbehave(Misbehaviour::WebhooksHeldBack.always());
    zia.write("uno");
    zia.write("due");
    scene.pass(600).await;
    assert_eq!(bodies(&scene), [""; 0]);
    scene.sim.behave();
    scene.pass(1).await;
    assert_eq!(bodies(&scene).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_first_message_of_every_chat_can_be_lost() {
    let scene = with_hook(&json!({}));
    scene
        .sim
        .misbehave(Misbehaviour::FirstMessageOfChatLost.always());
    for number in [ZIA, "393470000002"] {
        scene.sim.guest(number).write("primo");
        scene.sim.guest(number).write("secondo");
    }
    scene.pass(1).await;
    assert_eq!(bodies(&scene), ["secondo", "secondo"]);
    let all = "/api/default/chats/all/messages";
    assert_eq!(
        scene.get(all).await.body.as_array().map(Vec::len),
        Some(4),
        "reads show it"
    );
}

#[tokio::test(start_paused = true)]
async fn webhooks_can_be_shuffled_and_badly_signed() {
    let scene = with_hook(&json!({}));
    let zia = scene.sim.guest(ZIA);
    scene.sim.misbehave(
        Misbehaviour::WebhooksShuffled {
            within: Duration::from_secs(10),
        }
        .always(),
    );
    let texts: Vec<String> = (0..20).map(|n| format!("m{n}")).collect();
    for text in &texts {
        zia.write(text);
    }
    scene.pass(11).await;
    let mut arrived = bodies(&scene);
    assert_ne!(arrived, texts);
    arrived.sort();
    let mut sorted = texts.clone();
    sorted.sort();
    assert_eq!(arrived, sorted);
    scene.sim.behave();
    scene.receiver.forget();

    scene.sim.misbehave(Misbehaviour::WebhooksUnsigned);
    scene
        .sim
        .misbehave(Misbehaviour::WebhooksBadlySigned.times(2));
    zia.write("senza firma");
    zia.write("firma falsa");
    zia.write("firma vera");
    scene.pass(1).await;
    let posts = scene.receiver.all();
    let signature = |post: &Received| {
        post.headers
            .get("x-webhook-hmac")
            .map(|text| text.to_str().expect("a text").to_owned())
    };
    assert_ne!(
        signature(&posts[1]),
        Some(hmac("sess-secret", &posts[1].raw))
    );
    assert_eq!(
        signature(&posts[2]),
        Some(hmac("sess-secret", &posts[2].raw))
    );
}
