//! WAHA 2026.8.1 to 2026.9 takes guests for the account itself (#2241, #2299): nobody becomes the couple, nothing is lost, and a database
//! where it had happened is mended at the next start.

use std::time::Duration;

use domain::{
    chat_id::ChatId,
    wire::{MessageKind, ObservedMessage},
};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use storage::testing::TestDatabase;
use waha_simulator::Profile;

use super::{
    setup::Setup,
    system::{System, session},
};

/// Numbers and hidden ids of guests. Of these numbers nothing ever tells us.
const GUESTS: [(&str, &str); 3] = [
    ("393470000001", "77000000000001"),
    ("393470000002", "77000000000002"),
    ("393470000003", "77000000000003"),
];
const STRANGER: (&str, &str) = ("393470000009", "77000000000009");
/// As `system` numbers the groom's simulator.
const GROOMS_OWN: &str = "393331112220";

async fn started(database: TestDatabase, profile: Profile) -> System {
    let setup = Setup {
        profile,
        ..Setup::default()
    };
    System::start(database, setup).await
}

/// One household with one guest for each of [`GUESTS`]: their API paths, with the codes of their invitations.
async fn invited(system: &System) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for n in 1..=GUESTS.len() {
        let body = json!({ "name": format!("Ospite {n}"), "household": format!("Casa {n}") });
        let (status, guest) = system
            .call(Method::POST, "/api/v1/guests", Some(body))
            .await;
        assert_eq!(status, StatusCode::CREATED, "{guest}");
        let sql = format!(
            "SELECT token AS value FROM invitation i JOIN household h ON h.id = i.household_id WHERE h.name = 'Casa {n}'"
        );
        let code = system.database.texts(&sql).await[0].clone();
        let id = guest["id"].as_str().expect("an id");
        all.push((format!("/api/v1/guests/{id}"), code.expect("a code")));
    }
    all
}

async fn get(system: &System, path: &str) -> Value {
    let (status, answer) = system.call(Method::GET, path, None).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    answer
}

/// The contacts of the guests.
async fn contacts(system: &System, invited: &[(String, String)]) -> Vec<Value> {
    let mut contacts = Vec::new();
    for (path, _) in invited {
        contacts.push(get(system, path).await["contact"].clone());
    }
    contacts
}

fn texts(system: &System, number: &str) -> Vec<String> {
    let phone = system.waha("groom").phone(number).into_iter();
    phone.map(|shown| shown.text).collect()
}

async fn nobody_becomes_the_couple(database: TestDatabase) {
    let system = started(database, Profile::Waha2026_8Gows).await;
    let invited = invited(&system).await;
    let waha = system.waha("groom");
    for ((number, lid), (_, code)) in GUESTS.iter().zip(&invited) {
        let guest = waha.guest(number).with_lid(lid);
        guest.write_from_hidden_lid(&format!("Ciao! {code}"));
    }
    let stranger = waha.guest(STRANGER.0).with_lid(STRANGER.1);
    stranger.write_from_hidden_lid("Ciao, sono io");
    tokio::time::sleep(Duration::from_secs(10)).await;
    waha.type_by_hand(GUESTS[0].0, "Scrivo dal telefono");
    // every chat is read again, that with oneself too
    tokio::time::sleep(Duration::from_mins(6)).await;

    let contacts = contacts(&system, &invited).await;
    let mut sent = Vec::new();
    for (n, contact) in contacts.iter().enumerate() {
        let text = format!("Per te {n}");
        let body = json!({ "session": "groom", "contact": contact, "text": text });
        sent.push(system.enqueue_with(body).await);
    }
    for id in &sent {
        system.until(id, "sent", Duration::from_hours(1)).await;
    }
    for (n, (number, _)) in GUESTS.iter().enumerate() {
        let mut expected = vec![format!("Per te {n}")];
        if n == 0 {
            expected.insert(0, "Scrivo dal telefono".to_owned());
        }
        assert_eq!(texts(&system, number), expected);
        let contact = contacts[n].as_str().expect("a contact");
        assert_eq!(system.conversation(contact).await.len(), 2);
    }
    assert!(texts(&system, STRANGER.0).is_empty());
    let own = format!("SELECT id AS value FROM contact WHERE phone = '{GROOMS_OWN}'");
    assert!(system.database.texts(&own).await.is_empty());
    assert_eq!(system.shown_session("groom").await["problem"], "known_bad");
}

#[tokio::test(start_paused = true)]
async fn nobody_becomes_the_couple_on_sqlite() {
    nobody_becomes_the_couple(TestDatabase::sqlite().await).await;
}

#[tokio::test(start_paused = true)]
async fn nobody_becomes_the_couple_on_postgres() {
    nobody_becomes_the_couple(TestDatabase::postgres().await).await;
}

/// What an earlier version had made of such a server's answers: all guests are one contact, with the groom's own number. They are built
/// under another number, which this version would refuse under his.
async fn all_guests_are_one_contact(system: &System, invited: &[(String, String)]) {
    let (groom, other) = (session("groom"), "393999999999");
    for ((_, lid), (_, code)) in GUESTS.iter().zip(invited) {
        let message = ObservedMessage {
            raw_id: format!("RAW{lid}"),
            full_id: format!("false_{lid}@lid_RAW{lid}"),
            own_number: None,
            read_in_chat: false,
            chat: ChatId::Lid((*lid).to_owned()),
            alt: Some(ChatId::Phone(other.to_owned())),
            from_me: false,
            at: system.clock.now(),
            kind: MessageKind::Text,
            body: Some(format!("Ciao! {code}")),
            reply_to: None,
            push_name: None,
            ack: None,
        };
        let recorded = system
            .store
            .record_message(&groom, &message, system.clock.now());
        recorded.await.expect("recorded");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let mix = format!("UPDATE contact SET phone = '{GROOMS_OWN}' WHERE phone = '{other}'");
    system.database.execute(&mix).await.expect("mixed");
}

#[tokio::test(start_paused = true)]
async fn a_database_where_it_had_happened_is_mended_at_start() {
    let system = started(TestDatabase::sqlite().await, Profile::Waha2026_10Gows).await;
    let invited = invited(&system).await;
    for (number, lid) in GUESTS {
        let _known = system.waha("groom").guest(number).with_lid(lid);
    }
    all_guests_are_one_contact(&system, &invited).await;
    let names = [session("groom"), session("bride")];
    let now = system.clock.now();
    queue_api::prepare(&system.store, &names, now)
        .await
        .expect("prepared");

    let contacts = contacts(&system, &invited).await;
    let mut waiting = Vec::new();
    for (n, contact) in contacts.iter().enumerate() {
        let body = json!({ "session": "groom", "contact": contact, "text": format!("Per te {n}") });
        waiting.push(system.enqueue_with(body).await);
    }
    tokio::time::sleep(Duration::from_mins(10)).await;
    for id in &waiting {
        let message = system.message(id).await;
        assert_eq!(
            message["wait"]["reason"], "identity_unconfirmed",
            "{message:#}"
        );
    }
    let asked = get(&system, "/api/v1/unconfirmed-contacts").await;
    let asked: Vec<_> = asked.as_array().expect("contacts").iter().collect();
    let listed = |contact: &Value| asked.iter().any(|one| one["id"] == *contact);
    assert!(contacts.iter().all(listed), "{asked:#?}");

    // One writes again, one is confirmed, and of one nobody says anything.
    let first = system.waha("groom").guest(GUESTS[0].0);
    first.write_from_hidden_lid("Ci siete?");
    let confirm = format!(
        "/api/v1/contacts/{}/confirm",
        contacts[1].as_str().expect("an id")
    );
    let (status, answer) = system.call(Method::POST, &confirm, None).await;
    assert_eq!(status, StatusCode::NO_CONTENT, "{answer}");
    for id in &waiting[..2] {
        system.until(id, "sent", Duration::from_hours(1)).await;
    }
    tokio::time::sleep(Duration::from_hours(1)).await;
    let shown: Vec<_> = GUESTS
        .iter()
        .map(|(number, _)| texts(&system, number))
        .collect();
    assert_eq!(
        shown,
        [
            vec!["Per te 0".to_owned()],
            vec!["Per te 1".to_owned()],
            vec![]
        ]
    );
    assert_eq!(texts(&system, GROOMS_OWN), Vec::<String>::new());
}
