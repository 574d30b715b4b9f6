//! A guest of whom WhatsApp tells nothing but a hidden id (a user name): from the first word to the receipt, and until they are erased.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use storage::testing::TestDatabase;
use waha_simulator::{Misbehaviour, Profile};

use super::{setup::Setup, system::System};

const ZIA: &str = "393470000001";
const LID: &str = "77000000000001";

/// Zia Pina has come in by her code, under her hidden id alone; her guest's API path.
async fn came_in(system: &System) -> String {
    let body = json!({ "name": "Zia Pina" });
    let (status, guest) = system
        .call(Method::POST, "/api/v1/guests", Some(body))
        .await;
    assert_eq!(status, StatusCode::CREATED, "{guest}");
    let code = system
        .database
        .texts("SELECT token AS value FROM invitation")
        .await;
    let code = code[0].clone().expect("a code");
    let zia = system.waha("groom").guest(ZIA).named("Pina").with_lid(LID);
    zia.write_from_hidden_lid(&format!("Ciao! {code}"));
    tokio::time::sleep(Duration::from_secs(5)).await;
    format!("/api/v1/guests/{}", guest["id"].as_str().expect("an id"))
}

async fn get(system: &System, path: &str) -> Value {
    let (status, answer) = system.call(Method::GET, path, None).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    answer
}

#[tokio::test(start_paused = true)]
async fn she_is_written_to_and_her_receipts_count() {
    let system = System::start(TestDatabase::sqlite().await, Setup::default()).await;
    let path = came_in(&system).await;
    let zia = get(&system, &path).await;
    assert_eq!(zia["phone"], Value::Null, "{zia}");
    let to = |text: &str| json!({ "session": "groom", "contact": zia["contact"], "text": text });
    let id = system.enqueue_with(to("Grazie!")).await;
    system.until(&id, "sent", Duration::from_mins(5)).await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    let message = system.message(&id).await;
    assert!(message["delivered_at"].is_string(), "{message:#}");
    let phone = system.waha("groom").phone(ZIA);
    assert_eq!(phone.len(), 1, "{phone:?}");
    system.waha("groom").guest(ZIA).reads(&phone[0].raw_id);
    tokio::time::sleep(Duration::from_secs(5)).await;
    let message = system.message(&id).await;
    assert!(message["read_at"].is_string(), "{message:#}");
    let contact = zia["contact"].as_str().expect("a contact");
    assert_eq!(system.conversation(contact).await.len(), 2);

    let why = json!({ "reason": "She asked for it." });
    let (status, answer) = system
        .call(Method::POST, &format!("{path}/erase"), Some(why))
        .await;
    assert_eq!(status, StatusCode::NO_CONTENT, "{answer}");
    let dump = system.database.dump().await.join("\n");
    for private in [LID, "Pina", "Grazie!"] {
        assert!(!dump.contains(private), "{private} is left");
    }
}

/// The answer to the send is lost: her chat tells that it arrived, and it is not sent twice.
#[tokio::test(start_paused = true)]
async fn a_send_to_her_in_doubt_is_settled_in_her_chat() {
    for profile in [Profile::Waha2026_10Gows, Profile::Waha2026_10NoWeb] {
        let setup = Setup {
            profile,
            ..Setup::default()
        };
        let system = System::start(TestDatabase::sqlite().await, setup).await;
        let path = came_in(&system).await;
        let zia = get(&system, &path).await;
        let waha = system.waha("groom");
        waha.misbehave(Misbehaviour::DropAfterAccepting.times(1));
        let body = json!({ "session": "groom", "contact": zia["contact"], "text": "Grazie!" });
        let id = system.enqueue_with(body).await;
        system.until(&id, "sent", Duration::from_mins(20)).await;
        tokio::time::sleep(Duration::from_mins(30)).await;
        let shown = system.waha("groom").phone(ZIA);
        assert_eq!(shown.len(), 1, "{profile:?}: {shown:?}");
    }
}
