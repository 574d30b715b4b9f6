//! Three hundred guests write while webhooks are lost, doubled and shuffled, the first of each chat always lost. Each is
//! tied once, every word of theirs is stored once, and every receipt ends where the guests' phones say.

use std::{collections::BTreeSet, time::Duration};

use domain::{
    config::{Language, PaceProfile},
    invitation::{InvitationToken, prefilled_text},
};
use serde_json::{Value, json};
use storage::testing::TestDatabase;
use waha_simulator::{Guest, Misbehaviour};

use super::{setup::Setup, system::System};

const GUESTS: usize = 300;
/// All chats are read again every five minutes; whoever wrote must be there after the reading that follows.
const ONE_CYCLE: Duration = Duration::from_mins(6);
/// Webhooks come at a random moment within this time.
const SHUFFLED: Duration = Duration::from_mins(2);

/// One of the three hundred.
#[derive(Clone, Copy)]
struct Writer(usize);

impl Writer {
    fn all() -> impl Iterator<Item = Self> {
        (0..GUESTS).map(Self)
    }

    const fn side(self) -> &'static str {
        if self.0.is_multiple_of(2) {
            "groom"
        } else {
            "bride"
        }
    }

    fn number(self) -> String {
        format!("39349{:07}", self.0)
    }

    fn name(self) -> String {
        format!("Guest {:03}", self.0)
    }

    /// Every second couple of guests is on the list with a number; the others are known by their invitation only.
    const fn is_on_the_list_with_a_number(self) -> bool {
        (self.0 / 2).is_multiple_of(2)
    }

    /// Some engines show a chat by its hidden id.
    const fn has_a_hidden_id(self) -> bool {
        self.0.is_multiple_of(3)
    }

    const fn reads(self) -> bool {
        self.0 % 5 < 2
    }

    fn phone(self, system: &System) -> Guest {
        let guest = system.waha(self.side()).guest(&self.number());
        if self.has_a_hidden_id() {
            return guest.with_lid(&format!("88{:013}", self.0));
        }
        guest
    }

    async fn is_invited(self, system: &System) {
        let mut person = json!({ "name": self.name(), "side": self.side() });
        if self.is_on_the_list_with_a_number() {
            person["phone"] = json!(format!("+{}", self.number()));
        }
        let (status, answer) = system
            .call(http::Method::POST, "/api/v1/guests", Some(person))
            .await;
        assert_eq!(status, http::StatusCode::CREATED, "{answer}");
    }

    /// The token is on paper, so the story may look it up.
    async fn token(self, system: &System) -> InvitationToken {
        let name = self.name();
        let sql = format!(
            "SELECT i.token AS value FROM invitation i JOIN guest g ON g.household_id = i.household_id
             WHERE g.name = '{name}'"
        );
        let rows = system.database.texts(&sql).await;
        let token = rows[0].clone().expect("a token");
        token.parse().expect("a token")
    }

    /// Three messages; the first is the one of the invitation where nothing else tells who this is.
    async fn words(self, system: &System) -> [String; 3] {
        let first = if self.is_on_the_list_with_a_number() {
            format!("Ciao, sono {}!", self.name())
        } else {
            prefilled_text(
                Language::Italian,
                "Giulia e Marco",
                &self.token(system).await,
            )
        };
        [
            first,
            format!("{} viene volentieri", self.name()),
            format!("{} porta il vino", self.name()),
        ]
    }

    fn writes(self, system: &System, text: &str) {
        let phone = self.phone(system);
        if self.has_a_hidden_id() {
            phone.write_from_lid(text);
        } else {
            phone.write(text);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn each_guest_is_tied_once_and_every_word_and_receipt_counts_once_on_sqlite() {
    story(TestDatabase::sqlite().await).await;
}

#[tokio::test(start_paused = true)]
async fn each_guest_is_tied_once_and_every_word_and_receipt_counts_once_on_postgres() {
    story(TestDatabase::postgres().await).await;
}

async fn story(database: TestDatabase) {
    let setup = Setup {
        pace: PaceProfile::Simulated,
        ..Setup::default()
    };
    let system = System::start(database, setup).await;
    for writer in Writer::all() {
        writer.is_invited(&system).await;
    }
    for side in ["groom", "bride"] {
        let waha = system.waha(side);
        waha.misbehave(Misbehaviour::FirstMessageOfChatLost.always());
        waha.misbehave(Misbehaviour::WebhooksLost { chance: 0.3 }.always());
        waha.misbehave(Misbehaviour::WebhooksDoubled { chance: 0.3 }.always());
        waha.misbehave(Misbehaviour::WebhooksShuffled { within: SHUFFLED }.always());
    }
    let written = everybody_writes(&system).await;
    tokio::time::sleep(SHUFFLED + ONE_CYCLE).await;
    each_is_tied_once(&system).await;
    every_word_is_stored_once(&system, &written).await;
    let ids = everybody_gets_an_answer(&system).await;
    some_read_it(&system).await;
    tokio::time::sleep(SHUFFLED + ONE_CYCLE).await;
    receipts_are_as_the_phones_say(&system, &ids).await;
}

async fn everybody_writes(system: &System) -> BTreeSet<String> {
    let mut written = BTreeSet::new();
    for (index, writer) in Writer::all().enumerate() {
        for text in writer.words(system).await {
            writer.writes(system, &text);
            written.insert(text);
        }
        if index % 10 == 9 {
            tokio::time::sleep(Duration::from_secs(20)).await;
        }
    }
    written
}

async fn count(system: &System, of: &str) -> i64 {
    let sql = format!("SELECT CAST(count(*) AS BIGINT) AS value FROM {of}");
    system.database.ints(&sql).await[0].expect("a count")
}

async fn each_is_tied_once(system: &System) {
    let everybody = i64::try_from(GUESTS).expect("a small number");
    assert_eq!(count(system, "contact").await, everybody);
    assert_eq!(
        count(system, "contact WHERE phone IS NOT NULL").await,
        everybody
    );
    assert_eq!(
        count(system, "invitation WHERE tied_at IS NOT NULL").await,
        everybody
    );
    assert_eq!(count(system, "unknown_writer").await, 0);
    // each guest's own number, and evidence on the session they wrote to and no other
    for writer in Writer::all() {
        let (name, number, side) = (writer.name(), writer.number(), writer.side());
        let of = format!(
            "guest g JOIN contact c ON c.id = g.contact_id JOIN contact_session s ON s.contact_id = c.id
             WHERE g.name = '{name}' AND c.phone = '{number}' AND s.evidence_id IS NOT NULL AND s.session = '{side}'"
        );
        assert_eq!(count(system, &of).await, 1, "{name}");
    }
    assert_eq!(
        count(system, "contact_session WHERE evidence_id IS NOT NULL").await,
        everybody
    );
}

async fn every_word_is_stored_once(system: &System, written: &BTreeSet<String>) {
    let sql = "SELECT body AS value FROM conversation_message WHERE direction = 'inbound'";
    let stored = system.database.texts(sql).await;
    assert_eq!(stored.len(), written.len());
    let stored: BTreeSet<String> = stored.into_iter().flatten().collect();
    assert_eq!(&stored, written);
}

fn answer_to(writer: Writer) -> String {
    format!("Grazie, {}!", writer.name())
}

/// The ids of the messages, in the order of the guests.
async fn everybody_gets_an_answer(system: &System) -> Vec<String> {
    let messages: Vec<_> = Writer::all()
        .map(|w| json!({ "session": w.side(), "to": format!("+{}", w.number()), "text": answer_to(w) }))
        .collect();
    let body = Some(json!({ "messages": messages }));
    let (status, answer) = system
        .call(http::Method::POST, "/api/v1/messages/batch", body)
        .await;
    assert_eq!(status, http::StatusCode::CREATED, "{answer}");
    let ids: Vec<String> = serde_json::from_value(answer["ids"].clone()).expect("ids");
    for id in &ids {
        system.until(id, "sent", Duration::from_hours(2)).await;
    }
    ids
}

async fn some_read_it(system: &System) {
    for writer in Writer::all().filter(|writer| writer.reads()) {
        let phone = writer.phone(system);
        let [shown] = phone.phone().try_into().expect("one message");
        phone.reads(&shown.raw_id);
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
}

async fn receipts_are_as_the_phones_say(system: &System, ids: &[String]) {
    for (writer, id) in Writer::all().zip(ids) {
        let texts: Vec<_> = writer
            .phone(system)
            .phone()
            .into_iter()
            .map(|m| m.text)
            .collect();
        assert_eq!(texts, [answer_to(writer)], "{}", writer.name());
        let message = system.message(id).await;
        assert_eq!(message["status"], "sent", "{message:#}");
        assert_ne!(message["delivered_at"], Value::Null, "{message:#}");
        assert_eq!(
            message["read_at"] != Value::Null,
            writer.reads(),
            "{message:#}"
        );
    }
}
