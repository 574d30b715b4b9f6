//! A day of the groom's private life beside the wedding: his mother, a doctor, a bank's codes, a group. Nothing that they
//! write and nothing that he answers, and no number of theirs in clear, is in the database, its files, the logs, or in
//! anything that the bride is shown.

use std::{
    fmt::Write as _,
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chassis::Dice;
use http::{Method, StatusCode};
use secrecy::ExposeSecret as _;
use serde_json::json;
use storage::testing::TestDatabase;
use tracing_subscriber::fmt::MakeWriter;
use waha_simulator::{Guest, Misbehaviour};

use super::{
    setup::Setup,
    system::{System, session},
};

const ZIA: &str = "393470000001";
const MOTHER: &str = "393481112223";
const DOCTOR: &str = "393492223334";
const DOCTORS_LID: &str = "771122334455667";
const BANK: &str = "393513334445";
const CLASSMATE: &str = "393524445556";

/// All that none of our things may hold: words, and numbers as WhatsApp, people and hidden ids write them.
const PRIVATE: [&str; 17] = [
    "polpettone",
    "analisi del sangue",
    "558 231",
    "calcetto",
    "porto il pane",
    "prenoto per",
    "glicemia",
    "martedì alle sei",
    MOTHER,
    DOCTOR,
    DOCTORS_LID,
    BANK,
    CLASSMATE,
    "348 111 2223",
    "349 222 3334",
    "351 333 4445",
    "352 444 5556",
];

/// What every log line of a story ends in.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        log.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_of_it_is_kept_on_sqlite() {
    story(TestDatabase::sqlite().await).await;
}

#[tokio::test(start_paused = true)]
async fn nothing_of_it_is_kept_on_postgres() {
    story(TestDatabase::postgres().await).await;
}

async fn story(database: TestDatabase) {
    let log = Log::default();
    let everything = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    let _listening = tracing::subscriber::set_default(everything);
    let system = System::start(database, Setup::default()).await;
    zia_is_a_guest(&system).await;
    a_day(&system).await;

    let kept = [
        ("the database", system.database.dump().await.join("\n")),
        ("its files", system.database.files_as_text()),
        ("the log", log.text()),
        ("the bride's answers", shown_to(&system, "bride").await),
        (
            "the answers to a token of no spouse",
            shown_to_nobody_in_particular(&system).await,
        ),
    ];
    for (where_, text) in &kept {
        for private in PRIVATE {
            assert!(!text.contains(private), "{where_} holds {private:?}");
        }
    }
    // the searches see what is there: a guest's words, lines of a log, and who wrote, for the groom alone
    assert!(kept[0].1.contains("Veniamo in tre!"));
    assert!(kept[2].1.contains("working this session"));
    let shown = shown_to(&system, "groom").await;
    assert!(
        shown.contains("+39 348 111 2223") && shown.contains("Mamma"),
        "{shown}"
    );
    for name in ["Mamma", "Studio medico", "La Banca"] {
        assert!(!kept.iter().any(|(_, text)| text.contains(name)), "{name}");
    }
}

async fn zia_is_a_guest(system: &System) {
    let zia = json!({ "name": "Zia Pina", "phone": format!("+{ZIA}"), "side": "groom" });
    let (status, answer) = system.call(Method::POST, "/api/v1/guests", Some(zia)).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
}

/// From breakfast to night, half of it told by webhooks and the other half found in the chats.
async fn a_day(system: &System) {
    let waha = system.waha("groom");
    let mother = waha.guest(MOTHER).named("Mamma");
    let doctor = waha
        .guest(DOCTOR)
        .named("Studio medico")
        .with_lid(DOCTORS_LID);
    let bank = waha.guest(BANK).named("La Banca");
    let classmate = waha.guest(CLASSMATE).named("Beppe");
    for lost in [false, true] {
        if lost {
            waha.misbehave(Misbehaviour::WebhooksLost { chance: 1.0 }.always());
        }
        a_few_hours(system, [&mother, &doctor, &bank, &classmate]).await;
    }
    waha.behave();
    // all chats are read again, the strangers' too
    tokio::time::sleep(Duration::from_mins(6)).await;
}

async fn a_few_hours(system: &System, [mother, doctor, bank, classmate]: [&Guest; 4]) {
    let waha = system.waha("groom");
    let later = || tokio::time::sleep(Duration::from_mins(20));
    let said = mother.write("Domenica faccio il polpettone");
    mother.send_photo("il polpettone");
    later().await;
    waha.type_by_hand(MOTHER, "Sì mamma, porto il pane");
    mother.react(&said, "❤");
    mother.edit(
        &said,
        "Domenica faccio due polpettoni: il polpettone grande",
    );
    later().await;
    doctor.write("Le analisi del sangue sono pronte");
    doctor.write_from_lid("La glicemia va bene");
    doctor.write_from_hidden_lid("Ci vediamo martedì alle sei");
    waha.type_by_hand(DOCTOR, "Grazie, prenoto per martedì alle sei");
    later().await;
    bank.write("Il tuo codice di conferma è 558 231. Non comunicarlo a nessuno.");
    classmate.write_in_group("Calcetto giovedì? Chi viene a calcetto?");
    let undecrypted = classmate.write_undecrypted();
    later().await;
    classmate.decrypts(&undecrypted, "Allora calcetto alle nove");
    mother.revoke(&said);
    waha.guest(ZIA).write("Veniamo in tre!");
    later().await;
}

/// Everything that a spouse's own token is answered.
async fn shown_to(system: &System, spouse: &str) -> String {
    let name = session(spouse);
    shown_with(system, Some(&name)).await
}

async fn shown_to_nobody_in_particular(system: &System) -> String {
    shown_with(system, None).await
}

async fn shown_with(system: &System, spouse: Option<&domain::session::SessionName>) -> String {
    let scopes = queue_api::parse_scopes("read,enqueue,operate").expect("known scopes");
    let (now, dice) = (system.clock.now(), Dice::from_os());
    let token = queue_api::create_token(&system.store, "spouse", &scopes, spouse, now, &dice)
        .await
        .expect("a token");
    let mut all = String::new();
    for path in [
        "guests",
        "households",
        "messages",
        "sessions",
        "config",
        "audit",
        "tokens",
        "sessions/groom/unknown-writers",
        "sessions/bride/unknown-writers",
    ] {
        let path = format!("/api/v1/{path}");
        let (_, answer) = system
            .call_as(token.expose_secret(), Method::GET, &path, None)
            .await;
        writeln!(all, "{answer:#}").expect("a string grows");
    }
    all
}
