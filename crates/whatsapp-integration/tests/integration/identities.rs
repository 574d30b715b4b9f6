//! Whose message a webhook tells of: hidden ids, and events that WAHA files under the own number.

use std::time::Duration;

use domain::chat_id::ChatId;
use domain::wire::Fact;
use rstest::rstest;
use serde_json::{Value, json};
use tokio::time::sleep;
use waha_simulator::Profile;

use super::webhooks::{message, signed};
use crate::world::{GUEST, World};

#[tokio::test(start_paused = true)]
async fn a_hidden_writer_is_looked_up() {
    let world = World::settled(Profile::Waha2026_10Gows).await;
    let guest = world.waha.guest(GUEST).with_lid("77000000000001");
    guest.write_from_lid("Con il numero accanto");
    let raw = guest.write_from_hidden_lid("Senza numero");
    let is_it = |fact: &Fact| matches!(fact, Fact::Message(m) if m.raw_id == raw);
    let Fact::Message(message) = world.queue_api.until_stored(is_it).await else {
        panic!("a message");
    };
    assert_eq!(message.chat, ChatId::Lid("77000000000001".to_owned()));
    assert_eq!(message.alt, Some(ChatId::Phone(GUEST.to_owned())));
}

/// WAHA 2026.8.1 answers the own number for everybody (#2299), and files under it what is typed on the phone (#2241).
#[tokio::test(start_paused = true)]
async fn nobody_is_taken_for_the_account_itself() {
    let world = World::settled(Profile::Waha2026_8Gows).await;
    sleep(Duration::from_secs(30)).await;
    let guest = world.waha.guest(GUEST).with_lid("77000000000001");
    for _ in 0..2 {
        let raw = guest.write_from_hidden_lid("Sono io");
        let is_it = |fact: &Fact| matches!(fact, Fact::Message(m) if m.raw_id == raw);
        let Fact::Message(message) = world.queue_api.until_stored(is_it).await else {
            panic!("a message");
        };
        assert_eq!(message.chat, ChatId::Lid("77000000000001".to_owned()));
        assert_eq!(message.alt, None);
    }
    let raw = world.waha.type_by_hand(GUEST, "Arrivo");
    let is_it = |fact: &Fact| matches!(fact, Fact::Message(m) if m.raw_id == raw);
    let Fact::Message(typed) = world.queue_api.until_stored(is_it).await else {
        panic!("a message");
    };
    // nothing tells whose chat it is in: it is nobody's, unless its id is known
    assert_eq!(
        (typed.chat.to_string(), typed.alt),
        ("393331112222@c.us".to_owned(), None)
    );
}

/// What the event tells beside its chat is believed, but for the account's own number and hidden id.
#[rstest]
#[case::to(json!({"to": "393470000001@c.us"}), Some("393470000001@c.us"))]
#[case::chat(json!({"_data": {"Info": {"Chat": "77:3@lid"}}}), Some("77@lid"))]
#[case::own_lid(json!({"_data": {"Info": {"Chat": "888@lid", "RecipientAlt": "77@lid"}}}), Some("77@lid"))]
#[case::nothing(json!({"to": "393331112222@c.us"}), Some("393331112222@c.us"))]
#[tokio::test(start_paused = true)]
async fn a_message_filed_under_the_own_number_is_where_its_event_says(
    #[case] told: Value,
    #[case] chat: Option<&str>,
) {
    let world = World::new();
    let mut event = message("true_393331112222@c.us_3EB0");
    event["me"] = json!({"id": "393331112222@c.us", "lid": "888@lid"});
    event["payload"]["from"] = json!("393331112222@c.us");
    event["payload"]["fromMe"] = json!(true);
    for (key, value) in told.as_object().unwrap() {
        event["payload"][key] = value.clone();
    }
    assert_eq!(signed(&world, &event).await, 200);
    let stored = world.queue_api.stored();
    let found = stored.iter().find_map(|fact| match fact {
        Fact::Message(message) => Some(message.chat.to_string()),
        _ => None,
    });
    assert_eq!(found.as_deref(), chat);
}
