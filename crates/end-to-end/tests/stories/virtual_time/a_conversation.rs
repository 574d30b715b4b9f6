//! All that passes between a guest and a spouse, on every engine and in whatever order its webhooks come: the conversation is the one
//! that the two phones show.

use std::time::Duration;

use rstest::rstest;
use serde_json::{Value, json};
use storage::testing::TestDatabase;
use waha_simulator::{Attached, Guest, Misbehaviour, Profile};

use super::{setup::Setup, system::System};

const ZIA: &str = "393470000001";

async fn system_with(profile: Profile) -> (System, String) {
    let setup = Setup {
        profile,
        ..Setup::default()
    };
    let system = System::start(TestDatabase::sqlite().await, setup).await;
    let contact = system.on_the_list("Zia Pina", ZIA).await;
    (system, contact)
}

async fn a_while() {
    tokio::time::sleep(Duration::from_secs(3)).await;
}

/// Of each message: who, what it is made of, what it says.
fn summary(conversation: &[Value]) -> Vec<(&str, &str, Option<&str>)> {
    conversation
        .iter()
        .map(|message| {
            (
                message["origin"].as_str().expect("an origin"),
                message["kind"].as_str().expect("a kind"),
                message["text"].as_str(),
            )
        })
        .collect()
}

/// They write, answer, react, correct themselves and take back; the groom types by hand and does the same.
async fn they_talk(system: &System, zia: &Guest) {
    let waha = system.waha("groom");
    zia.write("Ciao");
    a_while().await;
    let typed = waha.type_by_hand(ZIA, "Ciao zia!");
    a_while().await;
    zia.reply_to(&typed, "Veniamo in due");
    a_while().await;
    zia.react(&typed, "👍");
    a_while().await;
    zia.react(&typed, "❤");
    let wrong = zia.write("Alle sete");
    a_while().await;
    zia.edit(&wrong, "Alle sei?");
    a_while().await;
    zia.edit(&wrong, "Alle sette");
    let gone = zia.write("Un segreto");
    a_while().await;
    zia.revoke(&gone);
    a_while().await;
}

const ENGINES: [Profile; 3] = [
    Profile::Waha2026_10Gows,
    Profile::Waha2026_10NoWeb,
    Profile::Waha2026_10WebJs,
];

#[rstest]
#[tokio::test(start_paused = true)]
async fn a_conversation_is_shown_as_the_phones_show_it_in_whatever_order_it_is_told(
    #[values(0, 1, 2)] engine: usize,
    #[values(false, true)] shuffled: bool,
) {
    let (system, contact) = system_with(ENGINES[engine]).await;
    let waha = system.waha("groom");
    if shuffled {
        waha.misbehave(Misbehaviour::WebhooksDoubled { chance: 1.0 }.always());
        waha.misbehave(
            Misbehaviour::WebhooksShuffled {
                within: Duration::from_mins(1),
            }
            .always(),
        );
    }
    they_talk(&system, &waha.guest(ZIA)).await;
    tokio::time::sleep(Duration::from_mins(3)).await;
    let said = system.conversation(&contact).await;
    let expected = [
        ("guest", "text", Some("Ciao")),
        ("phone", "text", Some("Ciao zia!")),
        ("guest", "text", Some("Veniamo in due")),
        ("guest", "text", Some("Alle sette")),
        ("guest", "text", None),
    ];
    assert_eq!(summary(&said), expected, "{said:#?}");
    assert_eq!(said[1]["their_reaction"], "❤", "{said:#?}");
    assert_eq!(said[2]["quotes"]["id"], said[1]["id"], "{said:#?}");
    assert!(said[3]["edited_at"].is_string(), "{said:#?}");
    assert!(said[4]["revoked_at"].is_string(), "{said:#?}");
    let kept = system.database.dump().await;
    let secret = kept.iter().find(|row| row.contains("Un segreto"));
    assert_eq!(secret, None, "what was taken back is kept");
    // A reaction, an edit and a deletion are no words: the last word is the one before them.
    let last_in = format!("/api/v1/contacts/{contact}");
    let (_, shown) = system.call(http::Method::GET, &last_in, None).await;
    assert_eq!(
        shown["sessions"][0]["last_in_at"], said[4]["at"],
        "{shown:#}"
    );
}

/// Nothing is downloaded: what they send is known by its kind, in events and in reads alike.
#[rstest]
#[tokio::test(start_paused = true)]
async fn what_they_send_besides_text_is_named(
    #[values(0, 1, 2)] engine: usize,
    #[values(false, true)] webhooks_lost: bool,
) {
    let (system, contact) = system_with(ENGINES[engine]).await;
    let waha = system.waha("groom");
    if webhooks_lost {
        waha.misbehave(Misbehaviour::WebhooksLost { chance: 1.0 }.always());
    }
    let sent = [
        Attached::Photo,
        Attached::Video,
        Attached::Voice,
        Attached::Sticker,
        Attached::Document,
        Attached::Place,
        Attached::Card,
    ];
    for what in sent {
        waha.guest(ZIA).attach(what);
        a_while().await;
    }
    waha.guest(ZIA).send_photo("Il vestito");
    tokio::time::sleep(Duration::from_mins(6)).await;
    let said = system.conversation(&contact).await;
    let expected = [
        ("guest", "photo", None),
        ("guest", "video", None),
        ("guest", "voice", None),
        ("guest", "sticker", None),
        ("guest", "document", None),
        ("guest", "location", None),
        ("guest", "contact_card", None),
        ("guest", "photo", Some("Il vestito")),
    ];
    assert_eq!(summary(&said), expected, "{said:#?}");
    let kept = system.database.dump().await;
    let others = kept.iter().find(|row| row.contains("393470009999"));
    assert_eq!(others, None, "somebody's card is kept");
}

/// Nobody could read it: it is no word of hers, and nothing is sent because of it. When it becomes readable, it is.
#[rstest]
#[tokio::test(start_paused = true)]
async fn a_message_that_cannot_be_read_counts_when_it_can(
    #[values(0, 1, 2)] engine: usize,
    #[values(false, true)] told: bool,
) {
    let (system, contact) = system_with(ENGINES[engine]).await;
    let waha = system.waha("groom");
    let id = system
        .enqueue("groom", &format!("+{ZIA}"), "Benvenuta!")
        .await;
    let raw_id = waha.guest(ZIA).write_undecrypted();
    tokio::time::sleep(Duration::from_mins(12)).await;
    assert_eq!(system.conversation(&contact).await, [] as [Value; 0]);
    let waiting = system.message(&id).await;
    assert_eq!(
        waiting["wait"]["reason"], "guest_has_not_written",
        "{waiting:#}"
    );
    assert_eq!(waha.phone(ZIA), []);
    if !told {
        waha.misbehave(Misbehaviour::WebhooksLost { chance: 1.0 }.always());
    }
    waha.guest(ZIA).decrypts(&raw_id, "Eccomi");
    system.until(&id, "sent", Duration::from_mins(8)).await;
    let said = system.conversation(&contact).await;
    assert_eq!(said[0]["text"], "Eccomi", "{said:#?}");
}

/// What a spouse types counts: the queue holds back, and the budget knows.
#[tokio::test(start_paused = true)]
async fn what_a_spouse_types_by_hand_is_shown_and_counts() {
    let (system, contact) = system_with(Profile::Waha2026_10Gows).await;
    let waha = system.waha("groom");
    waha.guest(ZIA).write("Ciao");
    a_while().await;
    waha.type_by_hand(ZIA, "Ti chiamo dopo");
    a_while().await;
    let id = system.enqueue("groom", &format!("+{ZIA}"), "Novità").await;
    tokio::time::sleep(Duration::from_mins(5)).await;
    let held = system.message(&id).await;
    assert_eq!(held["wait"]["reason"], "hand_typed", "{held:#}");
    let session = system.shown_session("groom").await;
    assert_eq!(
        session["budget"]["hour"]["hand_typed"],
        json!(1),
        "{session:#}"
    );
    system.until(&id, "sent", Duration::from_mins(40)).await;
    let said = system.conversation(&contact).await;
    let expected = [
        ("guest", "text", Some("Ciao")),
        ("phone", "text", Some("Ti chiamo dopo")),
        ("queue", "text", Some("Novità")),
    ];
    assert_eq!(summary(&said), expected, "{said:#?}");
    assert_eq!(said[2]["message"], Value::from(id), "{said:#?}");
    assert!(said[2]["delivered_at"].is_string(), "{said:#?}");
}
