//! Guests write first: the invitation's token through a lost webhook, a link that was forwarded, and somebody unknown whom a
//! spouse recognises.

use std::time::Duration;

use chassis::Dice;
use domain::{config::Language, invitation::prefilled_text};
use http::{Method, StatusCode};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use storage::testing::TestDatabase;
use waha_simulator::{Misbehaviour, Profile};

use super::{
    setup::Setup,
    system::{System, session},
};

const ZIA: &str = "393470000001";
const OTHER: &str = "393470000002";
/// All chats are read again within this; a little more for the reading itself.
const ONE_CYCLE: Duration = Duration::from_secs(5 * 60 + 10);
const WRITERS: &str = "/api/v1/sessions/groom/unknown-writers";

/// Zia Pina is invited; nobody knows her number. Her guest's path, and what her button prefills.
async fn invited(system: &System) -> (String, String) {
    let body = json!({ "name": "Zia Pina", "household": "Rossi" });
    let (status, guest) = system
        .call(Method::POST, "/api/v1/guests", Some(body))
        .await;
    assert_eq!(status, StatusCode::CREATED, "{guest}");
    let tokens = "SELECT token AS value FROM invitation";
    let token = system.database.texts(tokens).await[0].clone();
    let token = token.expect("an invitation").parse().expect("a token");
    let words = prefilled_text(Language::Italian, "Giulia e Marco", &token);
    let id = guest["id"].as_str().expect("an id");
    (format!("/api/v1/guests/{id}"), words)
}

async fn get(system: &System, path: &str) -> Value {
    let (status, answer) = system.call(Method::GET, path, None).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    answer
}

/// A token of one spouse.
async fn token_of(system: &System, name: &str) -> String {
    let scopes = queue_api::parse_scopes("read,enqueue").expect("known scopes");
    let (now, dice) = (system.clock.now(), Dice::from_os());
    queue_api::create_token(
        &system.store,
        name,
        &scopes,
        Some(&session(name)),
        now,
        &dice,
    )
    .await
    .expect("a token")
    .expose_secret()
    .to_owned()
}

/// Whom the groom is shown as unknown.
async fn unknown(system: &System) -> Vec<Value> {
    let token = token_of(system, "groom").await;
    let (status, page) = system.call_as(&token, Method::GET, WRITERS, None).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    page["items"].as_array().expect("a page").clone()
}

/// The texts of everything that guests wrote, as stored.
async fn stored(system: &System) -> Vec<String> {
    let texts = "SELECT body AS value FROM conversation_message WHERE direction = 'inbound' ORDER BY at, raw_id";
    let texts = system.database.texts(texts).await;
    texts.into_iter().flatten().collect()
}

/// A message to the guest's contact is sent and shown once.
async fn is_written_to(system: &System, contact: &Value, number: &str) {
    let body = json!({ "session": "groom", "contact": contact, "text": "Grazie!" });
    let id = system.enqueue_with(body).await;
    system.until(&id, "sent", Duration::from_mins(5)).await;
    let phone = system.waha("groom").phone(number);
    let texts: Vec<_> = phone.iter().map(|message| &*message.text).collect();
    assert_eq!(texts, ["Grazie!"]);
}

async fn the_first_word_ties_though_no_webhook_told_it(profile: Profile) {
    let setup = Setup {
        profile,
        ..Setup::default()
    };
    let system = System::start(TestDatabase::sqlite().await, setup).await;
    let (guest, words) = invited(&system).await;
    let waha = system.waha("groom");
    waha.misbehave(Misbehaviour::FirstMessageOfChatLost.always());
    waha.guest(ZIA).named("Pina").write(&words);

    tokio::time::sleep(ONE_CYCLE).await;
    let zia = get(&system, &guest).await;
    assert_eq!(zia["phone"], "+39 347 000 0001", "{zia}");
    assert_eq!(stored(&system).await, [words]);
    assert!(unknown(&system).await.is_empty());
    is_written_to(&system, &zia["contact"], ZIA).await;
    let asked = "SELECT chat_id AS value FROM chat_reading";
    assert!(system.database.texts(asked).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_lost_first_word_ties_within_one_cycle_on_noweb() {
    the_first_word_ties_though_no_webhook_told_it(Profile::Waha2026_10NoWeb).await;
}

#[tokio::test(start_paused = true)]
async fn a_lost_first_word_ties_within_one_cycle_on_gows() {
    the_first_word_ties_though_no_webhook_told_it(Profile::Waha2026_10Gows).await;
}

#[tokio::test(start_paused = true)]
async fn a_lost_first_word_ties_within_one_cycle_on_webjs() {
    the_first_word_ties_though_no_webhook_told_it(Profile::Waha2026_10WebJs).await;
}

/// She forwards her link: whoever uses it after her is a stranger with a hint, and is never written to.
#[tokio::test(start_paused = true)]
async fn a_forwarded_link_ties_nobody_else() {
    let system = System::start(TestDatabase::sqlite().await, Setup::default()).await;
    let (guest, words) = invited(&system).await;
    let waha = system.waha("groom");
    waha.guest(ZIA).write(&words);
    tokio::time::sleep(Duration::from_secs(5)).await;
    waha.guest(OTHER).named("Un amico").write(&words);
    waha.guest(OTHER).write("Chi siete?");

    tokio::time::sleep(ONE_CYCLE).await;
    let zia = get(&system, &guest).await;
    assert_eq!(zia["phone"], "+39 347 000 0001", "{zia}");
    assert_eq!(stored(&system).await, [words]);
    let unknown = unknown(&system).await;
    assert_eq!(unknown.len(), 1, "{unknown:?}");
    assert_eq!(unknown[0]["number"], "+39 347 000 0002");
    assert_eq!(unknown[0]["name"], "Un amico");
    assert_eq!(unknown[0]["suggested_household"]["name"], "Rossi");
    let brides = token_of(&system, "bride").await;
    let (status, _) = system.call_as(&brides, Method::GET, WRITERS, None).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    is_written_to(&system, &zia["contact"], ZIA).await;
    assert!(system.waha("groom").phone(OTHER).is_empty());
}

/// She writes without her invitation. The groom recognises her: her chat is read from its first message, though WAHA is away
/// at first, and what waited for her goes.
#[tokio::test(start_paused = true)]
async fn somebody_recognised_is_read_back_and_written_to() {
    let system = System::start(TestDatabase::sqlite().await, Setup::default()).await;
    let (guest, _) = invited(&system).await;
    let waha = system.waha("groom");
    let written: Vec<_> = (0..120).map(|n| format!("Messaggio {n:03}")).collect();
    for text in &written {
        waha.guest(ZIA).named("Pina").write(text);
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    let unknown = unknown(&system).await;
    assert_eq!(unknown.len(), 1, "{unknown:?}");
    assert!(stored(&system).await.is_empty());

    waha.misbehave(Misbehaviour::ReadsFail.always());
    let (token, id) = (token_of(&system, "groom").await, &unknown[0]["id"]);
    let path = format!("{WRITERS}/{}/tie", id.as_str().expect("an id"));
    let zia = guest.rsplit('/').next().expect("an id");
    let body = Some(json!({ "guest": zia }));
    let (status, tied) = system.call_as(&token, Method::POST, &path, body).await;
    assert_eq!(status, StatusCode::OK, "{tied}");
    let body = json!({ "session": "groom", "contact": tied["contact"], "text": "Ciao zia!" });
    let waiting = system.enqueue_with(body).await;
    tokio::time::sleep(Duration::from_mins(10)).await;
    assert_eq!(
        system.message(&waiting).await["wait"]["reason"],
        "guest_has_not_written"
    );

    waha.behave();
    system.until(&waiting, "sent", Duration::from_mins(3)).await;
    assert_eq!(stored(&system).await, written);
    let phone = system.waha("groom").phone(ZIA);
    let texts: Vec<_> = phone.iter().map(|message| &*message.text).collect();
    assert_eq!(texts, ["Ciao zia!"]);
    let zia = get(&system, &guest).await;
    assert_eq!(zia["phone"], "+39 347 000 0001", "{zia}");
}
