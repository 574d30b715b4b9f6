//! What stands in the chats.

use std::time::Duration;

use axum::Router;
use axum::routing::get;
use chrono::TimeDelta;
use domain::chat_id::ChatId;
use domain::wire::{MessageKind, ObservedMessage, ReadChatRequest, ReadChatsRequest, ReadReply};
use http::StatusCode;
use rstest::rstest;
use serde_json::json;
use tokio::time::sleep;
use waha_simulator::{Attached, Misbehaviour, Profile, Step};

use crate::world::{Answer, GUEST, Setting, World};

const OTHER: &str = "393470000002";

/// Connected, with the stores on.
fn world(profile: Profile) -> World {
    let world = World::with(Setting {
        profile,
        ..Setting::default()
    });
    world
        .waha
        .work_at_once(json!({"noweb": {"store": {"enabled": true, "fullSync": false}}}));
    world
}

async fn read_chat(world: &World, chat: ChatId) -> Answer {
    let request = ReadChatRequest {
        chat,
        limit: 20,
        since: None,
    };
    world.post("/sessions/groom/read-chat", &request).await
}

async fn messages_of(world: &World, number: &str) -> Vec<ObservedMessage> {
    let answer = read_chat(world, ChatId::Phone(number.to_owned())).await;
    answer.json::<ReadReply>().messages
}

#[rstest]
#[tokio::test(start_paused = true)]
async fn both_sides_of_a_chat_are_read_on_every_engine(
    #[values(
        Profile::Waha2026_4_1NoWeb,
        Profile::Waha2026_10NoWeb,
        Profile::Waha2026_10WebJs,
        Profile::Waha2026_10Gows
    )]
    profile: Profile,
) {
    let world = world(profile);
    let guest = world.waha.guest(GUEST).named("Zia Ada");
    let question = guest.write("A che ora?");
    let by_hand = world.waha.type_by_hand(GUEST, "Alle tre");
    sleep(Duration::from_secs(1)).await;
    let messages = messages_of(&world, GUEST).await;
    assert_eq!(messages.len(), 2);
    let find = |raw: &str| {
        messages
            .iter()
            .find(|message| message.raw_id == raw)
            .unwrap()
    };
    let (question, answer) = (find(&question), find(&by_hand));
    assert_eq!(
        (question.from_me, question.body.as_deref()),
        (false, Some("A che ora?"))
    );
    assert_eq!(question.chat, ChatId::Phone(GUEST.to_owned()));
    assert_eq!(question.kind, MessageKind::Text);
    assert_eq!(
        question.full_id,
        format!("false_{GUEST}@c.us_{}", question.raw_id)
    );
    assert_eq!(
        (answer.from_me, answer.body.as_deref()),
        (true, Some("Alle tre"))
    );
}

#[tokio::test(start_paused = true)]
async fn a_hidden_guest_is_known_by_both_names() {
    let world = world(Profile::Waha2026_10Gows);
    let guest = world.waha.guest(GUEST).with_lid("77000000000001");
    guest.write_from_lid("Sono io");
    sleep(Duration::from_secs(1)).await;
    let answer = read_chat(&world, ChatId::Lid("77000000000001".to_owned())).await;
    let messages = answer.json::<ReadReply>().messages;
    assert_eq!(messages.len(), 1);
    let names = [Some(messages[0].chat.clone()), messages[0].alt.clone()];
    assert!(names.contains(&Some(ChatId::Phone(GUEST.to_owned()))));
    assert!(names.contains(&Some(ChatId::Lid("77000000000001".to_owned()))));
}

#[tokio::test(start_paused = true)]
async fn a_photo_is_a_photo() {
    let world = world(Profile::Waha2026_10Gows);
    world.waha.guest(GUEST).send_photo("Il vestito");
    sleep(Duration::from_secs(30)).await;
    let messages = messages_of(&world, GUEST).await;
    assert_eq!(messages[0].kind, MessageKind::Photo);
    assert_eq!(messages[0].body.as_deref(), Some("Il vestito"));
}

/// A card holds somebody else's number, and an engine may put it where texts are.
#[rstest]
#[tokio::test(start_paused = true)]
async fn a_card_is_a_card_and_brings_nobodys_number(
    #[values(
        Profile::Waha2026_10NoWeb,
        Profile::Waha2026_10WebJs,
        Profile::Waha2026_10Gows
    )]
    profile: Profile,
) {
    let world = world(profile);
    world.waha.guest(GUEST).attach(Attached::Card);
    sleep(Duration::from_secs(1)).await;
    let messages = messages_of(&world, GUEST).await;
    assert_eq!(messages[0].kind, MessageKind::ContactCard);
    assert_eq!(messages[0].body, None);
}

/// Its store shows what it could not read; nobody can say what that was, or whether it was anything.
#[tokio::test(start_paused = true)]
async fn what_is_not_decrypted_is_not_read() {
    let world = world(Profile::Waha2026_10NoWeb);
    let guest = world.waha.guest(GUEST);
    let raw_id = guest.write_undecrypted();
    sleep(Duration::from_secs(1)).await;
    assert_eq!(messages_of(&world, GUEST).await, []);
    guest.decrypts(&raw_id, "Eccomi");
    sleep(Duration::from_secs(1)).await;
    let messages = messages_of(&world, GUEST).await;
    assert_eq!(messages[0].body.as_deref(), Some("Eccomi"));
}

#[rstest]
#[tokio::test(start_paused = true)]
async fn all_direct_chats_are_read_since_a_time(
    #[values(
        Profile::Waha2026_4_1NoWeb,
        Profile::Waha2026_10NoWeb,
        Profile::Waha2026_10WebJs,
        Profile::Waha2026_10Gows
    )]
    profile: Profile,
) {
    let world = world(profile);
    let now = world.clock.now();
    let (ada, bea) = (world.waha.guest(GUEST), world.waha.guest(OTHER));
    ada.write_at(now - TimeDelta::days(2), "Vecchio");
    bea.write_at(now - TimeDelta::days(3), "Vecchissimo");
    ada.write_in_group("Nel gruppo");
    let mut wanted: Vec<_> = (0..130)
        .map(|n| ada.write(&format!("Messaggio {n}")))
        .collect();
    for n in 0..3 {
        let writer = world.waha.guest(&format!("3934800000{n:02}"));
        wanted.push(writer.write("Ci sono anch'io"));
    }
    sleep(Duration::from_secs(1)).await;
    let since = now - TimeDelta::days(1);
    let answer = world
        .post("/sessions/groom/read-chats", &all_since(since))
        .await;
    let messages = answer.json::<ReadReply>().messages;
    let mut found: Vec<_> = messages.into_iter().map(|message| message.raw_id).collect();
    found.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(found, wanted);
}

fn all_since(since: domain::Timestamp) -> ReadChatsRequest {
    ReadChatsRequest {
        since,
        skip: Vec::new(),
    }
}

/// One that WAHA refuses is named, and the others are read; left out, it is not even asked for.
#[tokio::test(start_paused = true)]
async fn a_refused_chat_does_not_keep_the_others_from_being_read() {
    let world = world(Profile::Waha2026_10Gows);
    world.waha.guest(OTHER).write("Ciao");
    world.waha.guest(GUEST).write("Ciao");
    sleep(Duration::from_secs(1)).await;
    let refused = ChatId::Phone(GUEST.to_owned());
    world
        .waha
        .misbehave(Misbehaviour::ReadsFail.always().towards(GUEST));

    let mut request = all_since(world.clock.now() - TimeDelta::days(1));
    let path = "/sessions/groom/read-chats";
    let all = world.post(path, &request).await.json::<ReadReply>();
    request.skip.push(refused.clone());
    let rest = world.post(path, &request).await.json::<ReadReply>();

    assert_eq!(all.messages.len(), 1);
    assert_eq!(all.messages[0].chat, ChatId::Phone(OTHER.to_owned()));
    assert_eq!(all.unread, [refused]);
    assert_eq!((rest.messages.len(), rest.unread.len()), (1, 0));
}

/// A chat that became a guest's is read to its beginning, page by page, whatever the engine, and not further.
#[rstest]
#[tokio::test(start_paused = true)]
async fn a_whole_chat_is_read_to_its_beginning(
    #[values(
        Profile::Waha2026_4_1NoWeb,
        Profile::Waha2026_10NoWeb,
        Profile::Waha2026_10WebJs,
        Profile::Waha2026_10Gows
    )]
    profile: Profile,
    #[values(1_000, 250)] limit: u32,
) {
    let world = world(profile);
    let (now, guest) = (world.clock.now(), world.waha.guest(GUEST));
    guest.write_at(now - TimeDelta::days(31), "Prima del collegamento");
    let mut written: Vec<_> = (0..330)
        .map(|n| {
            guest.write_at(
                now - TimeDelta::minutes(1_000 - n),
                &format!("Messaggio {n}"),
            )
        })
        .collect();
    sleep(Duration::from_secs(1)).await;
    let request = ReadChatRequest {
        chat: ChatId::Phone(GUEST.to_owned()),
        limit,
        since: Some(now - TimeDelta::days(30)),
    };
    let answer = world.post("/sessions/groom/read-chat", &request).await;
    let messages = answer.json::<ReadReply>().messages;
    let mut found: Vec<_> = messages.into_iter().map(|message| message.raw_id).collect();
    found.sort_unstable();
    // the newest, when there are more than may be read
    let mut wanted = written.split_off(written.len().saturating_sub(limit as usize));
    wanted.sort_unstable();
    assert_eq!(found, wanted);
}

/// What a composition or a doubt asks for is one call, as ever.
#[tokio::test(start_paused = true)]
async fn a_few_messages_are_one_call() {
    let world = world(Profile::Waha2026_10Gows);
    world.waha.guest(GUEST).write("Ciao");
    sleep(Duration::from_secs(1)).await;
    assert_eq!(messages_of(&world, GUEST).await.len(), 1);
    let reads = |call: &waha_simulator::Recorded| {
        matches!(call.what, waha_simulator::RecordedCall::MessagesRead { .. })
    };
    assert_eq!(
        world
            .waha
            .record()
            .iter()
            .filter(|call| reads(call))
            .count(),
        1
    );
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_says_why() {
    let code = async |world: &World| {
        let chat = ChatId::Phone(GUEST.to_owned());
        read_chat(world, chat).await.problem()
    };
    let off = World::with(Setting {
        profile: Profile::Waha2026_10NoWeb,
        ..Setting::default()
    });
    off.waha.work_at_once(json!({}));
    assert_eq!(code(&off).await, (503, "store_off".to_owned()));
    let world = world(Profile::Waha2026_10Gows);
    world.waha.misbehave(Misbehaviour::WrongKey);
    assert_eq!(code(&world).await, (502, "key_refused".to_owned()));
    world.waha.misbehave(Misbehaviour::ReadsFail);
    assert_eq!(code(&world).await, (502, "waha_rejected".to_owned()));
    world.waha.unlink_from_phone();
    sleep(Duration::from_secs(1)).await;
    assert_eq!(code(&world).await, (503, "session_away".to_owned()));
    world.waha_peer.stop();
    assert_eq!(code(&world).await, (503, "waha_away".to_owned()));
}

/// The worker must not blame the chat for it, and give its messages to a person.
#[tokio::test(start_paused = true)]
async fn a_session_that_cannot_be_read_is_no_trouble_of_the_chat() {
    let world = World::new();
    let failing = get(async || StatusCode::INTERNAL_SERVER_ERROR);
    let router = Router::new().route("/api/sessions/default", failing);
    world.waha_peer.start(router);
    let away = (503, "session_away".to_owned());
    let answer = read_chat(&world, ChatId::Phone(GUEST.to_owned())).await;
    assert_eq!(answer.problem(), away);
    world.waha_peer.start(world.waha.router());
    let _unanswered = world.waha.gate(Step::SessionRead);
    let answer = read_chat(&world, ChatId::Phone(GUEST.to_owned())).await;
    assert_eq!(answer.problem(), away);
}
